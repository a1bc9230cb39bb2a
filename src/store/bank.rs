//! The fund's bank accounts in the ledger.

use std::collections::HashMap;

use rusqlite::{OptionalExtension as _, Row};

use super::{AsOf, Error, Tx, WriteTx, sql::Fields};
use crate::domain::{
    account::{AccountNumber, BankAccount},
    bank::FundAccount,
    code::Code,
    currency::Currency,
    id::{AccountRef, BankAccountId, ProjectId, ProjectRef, UserId, UserRef},
};

const SELECT: &str = "SELECT b.number, b.id, b.code, b.bank_name, b.bank_code, b.account_number, b.currency, b.project_id,
    p.code, b.created_by, b.created_at FROM bank_accounts b LEFT JOIN projects p ON p.id = b.project_id";

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

fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> rusqlite::Result<FundAccount> {
    let mut fields = Fields::of(row);
    let (number, account) = (
        fields.next()?,
        AccountRef {
            id: fields.next()?,
            code: fields.next()?,
        },
    );
    let bank = BankAccount {
        bank_name: fields.next()?,
        bank_code: fields.next()?,
        account_number: fields.next()?,
        account_name: None,
    };
    let currency = fields.next()?;
    let project = fields
        .next::<Option<ProjectId>>()?
        .zip(fields.next::<Option<Code>>()?);
    let project = project.map(|(id, code)| ProjectRef { id, code });
    let (created_by, created_at) = (fields.user(users)?, fields.next()?);
    Ok(FundAccount {
        number,
        account,
        bank,
        currency,
        project,
        created_by,
        created_at,
    })
}

impl Tx<'_> {
    /// Reads a bank account by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn bank_account(&mut self, number: i64) -> Result<FundAccount, Error> {
        let users = self.user_names()?;
        let mut statement = self
            .conn
            .prepare_cached(&format!("{SELECT} WHERE b.number = ?1"))?;
        Ok(statement.query_row([number], |row| read(row, &users))?)
    }

    /// Reads a bank account by id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn bank_account_by_id(&mut self, id: BankAccountId) -> Result<FundAccount, Error> {
        let users = self.user_names()?;
        let mut statement = self
            .conn
            .prepare_cached(&format!("{SELECT} WHERE b.id = ?1"))?;
        Ok(statement.query_row([id], |row| read(row, &users))?)
    }

    /// Reads all bank accounts, in order of their codes; there are few.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn bank_accounts(&mut self, as_of: AsOf) -> Result<Vec<FundAccount>, Error> {
        let users = self.user_names()?;
        let mut statement = self.conn.prepare(&format!("{SELECT} ORDER BY b.code"))?;
        let rows = statement.query_map([], |row| read(row, &users))?;
        let mut accounts = rows.collect::<Result<Vec<_>, _>>()?;
        if let AsOf::At(at) = as_of {
            accounts.retain(|account| account.created_at <= at);
        }
        Ok(accounts)
    }

    /// Finds the account with this number at this bank in this currency.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn same_bank_account(
        &mut self,
        bank: &BankAccount,
        currency: Currency,
    ) -> Result<Option<Code>, Error> {
        const FIND: &str =
            "SELECT code FROM bank_accounts WHERE account_number = ?1 AND currency = ?2
            AND (bank_name = ?3 COLLATE NOCASE OR bank_code = ?4) ORDER BY number LIMIT 1";
        let number: &AccountNumber = &bank.account_number;
        let found = self.conn.query_row(
            FIND,
            (number, currency, &bank.bank_name, &bank.bank_code),
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }
}

impl WriteTx<'_> {
    /// Adds a bank account; answers the row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_bank_account(&mut self, new: &NewBankAccount) -> Result<i64, Error> {
        const INSERT: &str =
            "INSERT INTO bank_accounts (id, code, bank_name, bank_code, account_number, currency, project_id,
            created_by, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let id: BankAccountId = self.ids.make();
        let NewBankAccount {
            code,
            bank,
            currency,
            project,
        } = new;
        self.conn.execute(
            INSERT,
            rusqlite::params![
                id,
                code,
                bank.bank_name,
                bank.bank_code,
                bank.account_number,
                currency,
                project,
                self.actor.user.id,
                self.now,
            ],
        )?;
        Ok(self.conn.last_insert_rowid())
    }
}
