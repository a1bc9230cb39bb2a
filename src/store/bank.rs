//! The fund's bank accounts in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert, update},
};
use crate::domain::{
    account::BankAccount,
    bank::FundAccount,
    code::Code,
    currency::Currency,
    id::{AccountRef, BankAccountId, ProjectId},
};

columns! {
    const COLUMNS, fn read: FundAccount {
        number: "b.number",
        account: (AccountRef { id: "b.id", code: "b.code" }),
        bank: "b.bank_name, b.bank_code, b.account_number, NULL",
        currency: "b.currency",
        project: "b.project_id, p.code",
        created_by: "b.created_by",
        created_at: "b.created_at",
    }
}

/// The columns of the table itself.
const TABLE_COLUMNS: &str = "number, id, code, bank_name, bank_code, account_number, currency, \
    project_id, created_by, created_at, updated_at";

/// Names the accounts with their projects for a `FROM` clause.
fn source(as_of: AsOf) -> String {
    let accounts = as_of.source("bank_accounts", TABLE_COLUMNS);
    format!("FROM {accounts} b LEFT JOIN projects p ON p.id = b.project_id")
}

/// A bank account to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBankAccount {
    /// The code.
    pub code: Code,
    /// The bank and the account number.
    pub bank: BankAccount,
    /// The currency.
    pub currency: Currency,
    /// The project whose money it holds alone.
    pub project: Option<ProjectId>,
}

/// What changes of a bank account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccountChange {
    /// The row number.
    pub number: i64,
    /// The name of the bank.
    pub bank_name: String,
    /// The project whose money it holds alone.
    pub project: Option<ProjectId>,
}

impl Tx<'_> {
    /// Reads a bank account by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_account(&mut self, number: i64) -> Result<FundAccount, Error> {
        self.bank_account_at(number, AsOf::Now)
    }

    /// Reads a bank account by row number, as it was.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_account_at(&mut self, number: i64, as_of: AsOf) -> Result<FundAccount, Error> {
        let codes = self.codes()?;
        let from = source(as_of);
        let sql = format!("SELECT {COLUMNS} {from} WHERE b.number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads a bank account by id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_account_by_id(&mut self, id: BankAccountId) -> Result<FundAccount, Error> {
        let codes = self.codes()?;
        let from = source(AsOf::Now);
        let sql = format!("SELECT {COLUMNS} {from} WHERE b.id = ?1");
        self.db.query_one(&sql, [id], |row| read(row, &codes))
    }

    /// Reads all bank accounts, in order of their codes; there are few.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_accounts(&mut self, as_of: AsOf) -> Result<Vec<FundAccount>, Error> {
        let codes = self.codes()?;
        let from = source(as_of);
        let sql = format!("SELECT {COLUMNS} {from} ORDER BY b.code");
        self.db.query(&sql, (), |row| read(row, &codes))
    }

    /// Finds the account with this number at this bank in this currency, other than `but`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn same_bank_account(
        &mut self,
        bank: &BankAccount,
        currency: Currency,
        but: Option<BankAccountId>,
    ) -> Result<Option<Code>, Error> {
        const FIND: &str =
            "SELECT code FROM bank_accounts WHERE account_number = ?1 AND currency = ?2
            AND (bank_name = ?3 COLLATE NOCASE OR bank_code = ?4) AND (?5 IS NULL OR id <> ?5)
            ORDER BY number LIMIT 1";
        let values = (
            &bank.account_number,
            currency,
            &bank.bank_name,
            &bank.bank_code,
            but,
        );
        self.db.optional_value(FIND, values)
    }

    /// Finds a project other than `but` whose money an account pays: a match that has not ended or
    /// an item of a payment file says so.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn other_project_paid(
        &mut self,
        account: BankAccountId,
        but: ProjectId,
    ) -> Result<Option<Code>, Error> {
        const FIND: &str = "SELECT p.code FROM projects p WHERE p.id IN (
              SELECT w.project_id FROM bank_matches m JOIN bank_match_withdrawals x ON x.match_number = m.number
                JOIN withdrawal_requests w ON w.number = x.withdrawal_number
                WHERE m.bank_account_id = ?1 AND x.live = 1 AND w.project_id <> ?2
              UNION SELECT w.project_id FROM payment_files f JOIN payment_file_items i ON i.file_number = f.number
                JOIN withdrawal_requests w ON w.number = i.withdrawal_number
                WHERE f.bank_account_id = ?1 AND i.live = 1 AND w.project_id <> ?2)
            ORDER BY p.code COLLATE BINARY LIMIT 1";
        self.db.optional_value(FIND, (account, but))
    }
}

impl WriteTx<'_> {
    /// Adds a bank account; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_bank_account(&mut self, new: &NewBankAccount) -> Result<i64, Error> {
        insert!(self.db, "bank_accounts" {
            "id": self.ids.make::<BankAccountId>(),
            "code": new.code,
            "bank_name": new.bank.bank_name,
            "bank_code": new.bank.bank_code,
            "account_number": new.bank.account_number,
            "currency": new.currency,
            "project_id": new.project,
            "created_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })
    }

    /// Changes a bank account.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_bank_account(&mut self, change: &BankAccountChange) -> Result<(), Error> {
        self.keep_history("bank_accounts", TABLE_COLUMNS, change.number)?;
        update!(self.db, "bank_accounts" set {
            "bank_name": change.bank_name,
            "project_id": change.project,
            "updated_at": self.now,
        } where { "number": change.number })
    }
}
