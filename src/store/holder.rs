//! LP token holders in the ledger.

use std::collections::{BTreeMap, HashSet};

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert, update},
    holder_account,
};
use crate::domain::{
    account::BankDetails,
    code::{Code, WithdrawalNumber},
    holder::{Holder, HolderStatus},
    holder_account::Unblocking,
    id::{HolderId, HolderRef, ProjectId},
    tax::TaxDetails,
};

columns! {
    pub(super) const COLUMNS, fn read: Holder {
        number: "h.number",
        holder: (HolderRef { id: "h.id", code: "h.code" }),
        name: "h.name",
        email: "h.email",
        country: "h.country",
        tax: (TaxDetails {
            kind: "h.tax_kind",
            residence: "h.tax_residence",
            number: "h.tax_number",
            state: "h.tax_state",
        }),
        status: "h.status, h.status_reason",
        bank: "c.bank_name, c.bank_code, c.account_number, c.account_name, c.currency",
        bank_changed: "c.bank_changed_by, c.bank_changed_at",
        account: "c.number",
        unblocked: "h.unblocked_by, h.unblocked_at, h.unblock_reason",
        created_by: "h.created_by",
        created_at: "h.created_at",
        updated_at: "h.updated_at",
    }
}

/// The columns of the table itself.
pub(super) const TABLE_COLUMNS: &str = "number, id, code, name, email, country, tax_kind, tax_residence, \
    tax_number, tax_state, status, status_reason, unblocked_by, unblocked_at, unblock_reason, created_by, created_at, updated_at";

/// Joins a holder `h` with the first account that is not removed.
pub(super) const WITH_ACCOUNT: &str =
    "LEFT JOIN holder_accounts c ON c.lp_token_holder_id = h.id AND c.removed_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM holder_accounts o WHERE o.lp_token_holder_id = h.id
                       AND o.removed_at IS NULL AND o.number < c.number)";

/// Names holders and the first account of each for a `FROM` clause.
fn source(as_of: AsOf) -> String {
    let holders = as_of.source("lp_token_holders", TABLE_COLUMNS);
    let accounts = holder_account::source(as_of);
    format!(
        "{holders} h LEFT JOIN {accounts} c ON c.lp_token_holder_id = h.id AND c.removed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM {accounts} o WHERE o.lp_token_holder_id = h.id
                           AND o.removed_at IS NULL AND o.number < c.number)"
    )
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
    /// What is known for tax.
    pub tax: TaxDetails,
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
    /// What is known for tax.
    pub tax: TaxDetails,
    /// Whether the holder may be paid.
    pub status: HolderStatus,
    /// Who last unblocked the holder.
    pub unblocked: Option<Unblocking>,
}

impl Tx<'_> {
    /// Reads a holder by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder(&mut self, number: i64, as_of: AsOf) -> Result<Holder, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE h.number = ?1",
            source(as_of)
        );
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads a holder by id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn holder_by_id(&mut self, id: HolderId) -> Result<Holder, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE h.id = ?1",
            source(AsOf::Now)
        );
        self.db.query_one(&sql, [id], |row| read(row, &codes))
    }

    /// Reads which holders are blocked; there are few.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn blocked_holders(&mut self, as_of: AsOf) -> Result<HashSet<HolderId>, Error> {
        let source = as_of.source("lp_token_holders", "id, status");
        let sql = format!("SELECT id FROM {source} WHERE status = 'blocked'");
        Ok(self.db.values(&sql, ())?.into_iter().collect())
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

    /// Hands holders to `each`, in order of their codes: all, or those to whom the register of a
    /// project has an entry, from behind a code.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_holder<E: From<Error>>(
        &mut self,
        project: Option<ProjectId>,
        after: Option<&Code>,
        as_of: AsOf,
        mut each: impl FnMut(Holder) -> Result<(), E>,
    ) -> Result<(), E> {
        const OF_PROJECT: &str = "EXISTS (SELECT 1 FROM token_entries t WHERE t.to_holder_id = h.id AND t.project_id = ?1
            AND (?2 IS NULL OR t.created_at <= ?2))";
        let codes = self.codes()?;
        let which = if project.is_some() {
            OF_PROJECT
        } else {
            "?1 IS ?2"
        };
        let behind = if after.is_some() {
            "h.code > ?3"
        } else {
            "?3 IS NULL"
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE {which} AND {behind} ORDER BY h.code",
            source(as_of)
        );
        let at = project.and(as_of.instant());
        self.db
            .each(&sql, (project, at, after), |row| each(read(row, &codes)?))
    }

    /// Returns whether an event, an exclusion or a tax certificate is about a holder.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn is_holder_in_use(&mut self, id: HolderId) -> Result<bool, Error> {
        const USES: [&str; 7] = [
            "SELECT 1 FROM distribution_allocations WHERE lp_token_holder_id = ?1",
            "SELECT 1 FROM superseded_allocations WHERE lp_token_holder_id = ?1",
            "SELECT 1 FROM allocation_movements WHERE lp_token_holder_id = ?1",
            "SELECT 1 FROM project_exclusions WHERE lp_token_holder_id = ?1 OR assign_to_id = ?1",
            "SELECT 1 FROM event_choices WHERE lp_token_holder_id = ?1 OR assign_to_id = ?1",
            "SELECT 1 FROM event_exclusions WHERE lp_token_holder_id = ?1 OR assign_to_id = ?1",
            "SELECT 1 FROM tax_certificates WHERE lp_token_holder_id = ?1",
        ];
        for sql in USES {
            if self.db.exists(sql, [id])? {
                return Ok(true);
            }
        }
        Ok(false)
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
        let number = insert!(self.db, "lp_token_holders" {
            "id": id,
            "code": new.code,
            "name": new.name,
            "email": new.email,
            "country": new.country,
            "tax_kind": new.tax.kind,
            "tax_residence": new.tax.residence,
            "tax_number": new.tax.number,
            "tax_state": new.tax.state,
            "status": HolderStatus::Active.as_str(),
            "created_by": by,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        let code = new.code.clone();
        if !new.bank.is_empty() {
            self.insert_first_account(id, &new.bank)?;
        }
        if new.bank.account().is_none() || new.bank.paid_in().is_some() {
            self.insert_lacking(number)?;
        }
        Ok((number, HolderRef { id, code }))
    }

    /// Gives a holder another code.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn rename_holder(&mut self, number: i64, code: &Code) -> Result<(), Error> {
        self.keep_history("lp_token_holders", TABLE_COLUMNS, number)?;
        update!(self.db, "lp_token_holders" set {
            "code": code,
            "updated_at": self.now,
        } where { "number": number })
    }

    /// Changes a holder.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_holder(&mut self, change: &HolderChange) -> Result<(), Error> {
        self.keep_history("lp_token_holders", TABLE_COLUMNS, change.number)?;
        let unblocked = change.unblocked.as_ref();
        let reason = match &change.status {
            HolderStatus::Active => None,
            HolderStatus::Blocked { reason } => Some(reason),
        };
        update!(self.db, "lp_token_holders" set {
            "name": change.name,
            "email": change.email,
            "country": change.country,
            "tax_kind": change.tax.kind,
            "tax_residence": change.tax.residence,
            "tax_number": change.tax.number,
            "tax_state": change.tax.state,
            "status": change.status.as_str(),
            "status_reason": reason,
            "unblocked_by": unblocked.map(|done| done.by.id),
            "unblocked_at": unblocked.map(|done| done.at),
            "unblock_reason": unblocked.map(|done| &done.reason),
            "updated_at": self.now,
        } where { "number": change.number })
    }
}
