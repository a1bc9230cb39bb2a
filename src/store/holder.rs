//! LP token holders in the ledger.

use std::collections::BTreeMap;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert, update},
};
use crate::domain::{
    account::BankDetails,
    code::{Code, WithdrawalNumber},
    holder::{Holder, HolderStatus},
    id::{HolderId, HolderRef, UserId},
    time::Instant,
};

columns! {
    pub(super) const COLUMNS, fn read: Holder {
        number: "number",
        holder: (HolderRef { id: "id", code: "code" }),
        name: "name",
        email: "email",
        country: "country",
        status: "status, status_reason",
        bank: "bank_name, bank_code, account_number, account_name",
        bank_changed: "bank_changed_by, bank_changed_at",
        created_by: "created_by",
        created_at: "created_at",
        updated_at: "updated_at",
    }
}

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

/// A holder's row as it is to be.
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

impl Tx<'_> {
    /// Reads a holder by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder(&mut self, number: i64, as_of: AsOf) -> Result<Holder, Error> {
        let codes = self.codes()?;
        let source = as_of.source("lp_token_holders", COLUMNS);
        let sql = format!("SELECT {COLUMNS} FROM {source} WHERE number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads a holder by id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder_by_id(&mut self, id: HolderId) -> Result<Holder, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} FROM lp_token_holders WHERE id = ?1");
        self.db.query_one(&sql, [id], |row| read(row, &codes))
    }

    /// Reads the codes of blocked holders by their approved withdrawals.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn blocked_withdrawals(&mut self) -> Result<BTreeMap<WithdrawalNumber, Code>, Error> {
        const BLOCKED: &str = "SELECT w.number, h.code FROM lp_token_holders h
            JOIN withdrawal_requests w ON w.lp_token_holder_id = h.id
            WHERE h.status = 'blocked' AND w.status = 'approved'";
        let blocked = self
            .db
            .query(BLOCKED, (), |row| Ok((row.next()?, row.next()?)))?;
        Ok(blocked.into_iter().collect())
    }

    /// Hands all holders to `each`, in order of their codes.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_holder<E: From<Error>>(
        &mut self,
        as_of: AsOf,
        mut each: impl FnMut(Holder) -> Result<(), E>,
    ) -> Result<(), E> {
        let codes = self.codes()?;
        let source = as_of.source("lp_token_holders", COLUMNS);
        let sql = format!("SELECT {COLUMNS} FROM {source} ORDER BY code");
        self.db.each(&sql, (), |row| each(read(row, &codes)?))
    }

    /// Finds a holder's row number by exact code, without regard to case.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder_number(&mut self, code: &Code) -> Result<Option<i64>, Error> {
        const FIND: &str = "SELECT number FROM lp_token_holders WHERE code = ?1";
        self.db.optional_value(FIND, [code])
    }

    /// Finds a holder by exact code, without regard to case.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder_by_code(&mut self, code: &Code) -> Result<Option<HolderRef>, Error> {
        const FIND: &str = "SELECT id, code FROM lp_token_holders WHERE code = ?1";
        self.db.query_optional(FIND, [code], |row| {
            Ok(HolderRef {
                id: row.next()?,
                code: row.next()?,
            })
        })
    }
}

impl WriteTx<'_> {
    /// Adds a holder; returns the row number and the id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_holder(&mut self, new: &NewHolder) -> Result<(i64, HolderRef), Error> {
        let id: HolderId = self.ids.make();
        let by = self.actor.user.id;
        let bank_changed = (!new.bank.is_empty()).then_some((by, self.now));
        let number = insert!(self.db, "lp_token_holders" {
            "id": id,
            "code": new.code,
            "name": new.name,
            "email": new.email,
            "country": new.country,
            "status": HolderStatus::Active.as_str(),
            "bank_name": new.bank.bank_name,
            "bank_code": new.bank.bank_code,
            "account_number": new.bank.account_number,
            "account_name": new.bank.account_name,
            "bank_changed_by": bank_changed.map(|(by, _)| by),
            "bank_changed_at": bank_changed.map(|(_, at)| at),
            "created_by": by,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        let code = new.code.clone();
        Ok((number, HolderRef { id, code }))
    }

    /// Changes a holder.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_holder(&mut self, change: &HolderChange) -> Result<(), Error> {
        self.keep_history("lp_token_holders", COLUMNS, change.number)?;
        let reason = match &change.status {
            HolderStatus::Active => None,
            HolderStatus::Blocked { reason } => Some(reason),
        };
        update!(self.db, "lp_token_holders" set {
            "name": change.name,
            "email": change.email,
            "country": change.country,
            "status": change.status.as_str(),
            "status_reason": reason,
            "bank_name": change.bank.bank_name,
            "bank_code": change.bank.bank_code,
            "account_number": change.bank.account_number,
            "account_name": change.bank.account_name,
            "bank_changed_by": change.bank_changed.map(|(by, _)| by),
            "bank_changed_at": change.bank_changed.map(|(_, at)| at),
            "updated_at": self.now,
        } where { "number": change.number })
    }
}
