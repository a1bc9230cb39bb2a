//! LP token holders in the ledger.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension as _, Row};

use super::{AsOf, Error, Tx, WriteTx, sql::Fields, user::one_row};
use crate::domain::{
    account::BankDetails,
    code::{Code, WithdrawalNumber},
    holder::{Holder, HolderStatus},
    id::{HolderId, HolderRef, UserId, UserRef},
    time::Instant,
};

pub(super) const COLUMNS: &str = "number, id, code, name, email, country, status, status_reason, bank_name, bank_code, \
    account_number, account_name, bank_changed_by, bank_changed_at, created_by, created_at, updated_at";

/// A holder to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHolder {
    /// The code.
    pub code: Code,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The bank details.
    pub bank: BankDetails,
}

/// A holder's row as it is to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderChange {
    /// The row number.
    pub number: i64,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// Whether the holder may be paid.
    pub status: HolderStatus,
    /// The bank details.
    pub bank: BankDetails,
    /// Who last changed the bank details, and when.
    pub bank_changed: Option<(UserId, Instant)>,
}

pub(super) fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> rusqlite::Result<Holder> {
    read_fields(&mut Fields::of(row), users)
}

/// Reads the next columns as a holder, in the order of [`COLUMNS`].
pub(super) fn read_fields(
    fields: &mut Fields<'_, '_>,
    users: &HashMap<UserId, UserRef>,
) -> rusqlite::Result<Holder> {
    Ok(Holder {
        number: fields.next()?,
        holder: HolderRef {
            id: fields.next()?,
            code: fields.next()?,
        },
        name: fields.next()?,
        email: fields.next()?,
        country: fields.next()?,
        status: fields.holder_status()?,
        bank: BankDetails {
            bank_name: fields.next()?,
            bank_code: fields.next()?,
            account_number: fields.next()?,
            account_name: fields.next()?,
        },
        bank_changed: fields.maybe_user(users)?.zip(fields.next()?),
        created_by: fields.user(users)?,
        created_at: fields.next()?,
        updated_at: fields.next()?,
    })
}

impl Fields<'_, '_> {
    /// Reads two columns as whether a holder may be paid.
    pub(super) fn holder_status(&mut self) -> rusqlite::Result<HolderStatus> {
        let blocked = self.word(
            &[true, false],
            |blocked| if blocked { "blocked" } else { "active" },
        )?;
        let reason: Option<String> = self.next()?;
        Ok(if blocked {
            HolderStatus::Blocked {
                reason: reason.unwrap_or_default(),
            }
        } else {
            HolderStatus::Active
        })
    }
}

impl Tx<'_> {
    /// Reads a holder by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn holder(&mut self, number: i64, as_of: AsOf) -> Result<Holder, Error> {
        let users = self.user_names()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE number = ?1",
            as_of.source("lp_token_holders", COLUMNS)
        );
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([number], |row| read(row, &users))?)
    }

    /// Reads a holder by id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn holder_by_id(&mut self, id: HolderId) -> Result<Holder, Error> {
        let users = self.user_names()?;
        let sql = format!("SELECT {COLUMNS} FROM lp_token_holders WHERE id = ?1");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |row| read(row, &users))?)
    }

    /// Reads the codes of blocked holders by their approved withdrawals.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn blocked_withdrawals(&mut self) -> Result<BTreeMap<WithdrawalNumber, Code>, Error> {
        const BLOCKED: &str = "SELECT w.number, h.code FROM lp_token_holders h
            JOIN withdrawal_requests w ON w.lp_token_holder_id = h.id
            WHERE h.status = 'blocked' AND w.status = 'approved'";
        let mut statement = self.conn.prepare_cached(BLOCKED)?;
        let rows = statement.query_map([], |row| {
            Ok((WithdrawalNumber::new(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands all holders to `each`, in order of their codes.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_holder<E: From<Error>>(
        &mut self,
        as_of: AsOf,
        mut each: impl FnMut(Holder) -> Result<(), E>,
    ) -> Result<(), E> {
        let users = self.user_names()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} ORDER BY code",
            as_of.source("lp_token_holders", COLUMNS)
        );
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement.query([]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            each(read(row, &users).map_err(Error::from)?)?;
        }
        Ok(())
    }

    /// Finds a holder's row number by exact code, without regard to case.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn holder_number(&mut self, code: &Code) -> Result<Option<i64>, Error> {
        const FIND: &str = "SELECT number FROM lp_token_holders WHERE code = ?1";
        Ok(self
            .conn
            .prepare_cached(FIND)?
            .query_row([code], |row| row.get(0))
            .optional()?)
    }

    /// Finds a holder by exact code, without regard to case.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn holder_by_code(&mut self, code: &Code) -> Result<Option<HolderRef>, Error> {
        const FIND: &str = "SELECT id, code FROM lp_token_holders WHERE code = ?1";
        let mut statement = self.conn.prepare_cached(FIND)?;
        Ok(statement
            .query_row([code], |row| {
                Ok(HolderRef {
                    id: row.get(0)?,
                    code: row.get(1)?,
                })
            })
            .optional()?)
    }
}

impl WriteTx<'_> {
    /// Adds a holder; answers the row number and the id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_holder(&mut self, new: &NewHolder) -> Result<(i64, HolderRef), Error> {
        const INSERT: &str = "INSERT INTO lp_token_holders (id, code, name, email, country, status, bank_name, bank_code,
            account_number, account_name, bank_changed_by, bank_changed_at, created_by, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)";
        let id: HolderId = self.ids.make();
        let by = self.actor.user.id;
        let bank_changed = (!new.bank.is_empty()).then_some((by, self.now));
        let BankDetails {
            bank_name,
            bank_code,
            account_number,
            account_name,
        } = &new.bank;
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                id,
                new.code,
                new.name,
                new.email,
                new.country,
                bank_name,
                bank_code,
                account_number,
                account_name,
                bank_changed.map(|(by, _)| by),
                bank_changed.map(|(_, at)| at),
                by,
                self.now,
            ])?;
        Ok((
            self.conn.last_insert_rowid(),
            HolderRef {
                id,
                code: new.code.clone(),
            },
        ))
    }

    /// Changes a holder.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_holder(&mut self, change: &HolderChange) -> Result<(), Error> {
        const UPDATE: &str =
            "UPDATE lp_token_holders SET name = ?2, email = ?3, country = ?4, status = ?5, status_reason = ?6,
            bank_name = ?7, bank_code = ?8, account_number = ?9, account_name = ?10, bank_changed_by = ?11,
            bank_changed_at = ?12, updated_at = ?13 WHERE number = ?1";
        self.keep_history("lp_token_holders", COLUMNS, change.number)?;
        let reason = match &change.status {
            HolderStatus::Active => None,
            HolderStatus::Blocked { reason } => Some(reason),
        };
        let BankDetails {
            bank_name,
            bank_code,
            account_number,
            account_name,
        } = &change.bank;
        let changed = self
            .conn
            .prepare_cached(UPDATE)?
            .execute(rusqlite::params![
                change.number,
                change.name,
                change.email,
                change.country,
                change.status.as_str(),
                reason,
                bank_name,
                bank_code,
                account_number,
                account_name,
                change.bank_changed.map(|(by, _)| by),
                change.bank_changed.map(|(_, at)| at),
                self.now,
            ])?;
        one_row(changed, "lp_token_holders")
    }
}
