//! The fund's bank accounts in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert},
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

const FROM: &str = "FROM bank_accounts b LEFT JOIN projects p ON p.id = b.project_id";

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

impl Tx<'_> {
    /// Reads a bank account by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_account(&mut self, number: i64) -> Result<FundAccount, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE b.number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads a bank account by id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_account_by_id(&mut self, id: BankAccountId) -> Result<FundAccount, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE b.id = ?1");
        self.db.query_one(&sql, [id], |row| read(row, &codes))
    }

    /// Reads all bank accounts, in order of their codes; there are few.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_accounts(&mut self, as_of: AsOf) -> Result<Vec<FundAccount>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} ORDER BY b.code");
        let mut accounts = self.db.query(&sql, (), |row| read(row, &codes))?;
        if let AsOf::At(at) = as_of {
            accounts.retain(|account| account.created_at <= at);
        }
        Ok(accounts)
    }

    /// Finds the account with this number at this bank in this currency.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn same_bank_account(
        &mut self,
        bank: &BankAccount,
        currency: Currency,
    ) -> Result<Option<Code>, Error> {
        const FIND: &str =
            "SELECT code FROM bank_accounts WHERE account_number = ?1 AND currency = ?2
            AND (bank_name = ?3 COLLATE NOCASE OR bank_code = ?4) ORDER BY number LIMIT 1";
        let values = (
            &bank.account_number,
            currency,
            &bank.bank_name,
            &bank.bank_code,
        );
        self.db.optional_value(FIND, values)
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
        })
    }
}
