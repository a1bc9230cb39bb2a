//! Transfers: what the bank pays at once, with one reference. Most are one payment; some pay several
//! withdrawals of one account.

use std::fmt;

use serde::Serialize;

use super::{
    account::{AccountNumber, BankAccount},
    quantity::Amount,
};

/// The number of a transfer. It is the same on every payment of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TransferNumber(i64);

/// A transfer that has payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidTransfer {
    /// Its number.
    pub number: TransferNumber,
    /// How many payments it has.
    pub payments: u64,
    /// What they add up to, which is what the bank shows.
    pub total: Amount,
}

/// Where the money of a transfer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The code of the bank, if it has one.
    pub bank_code: Option<String>,
    /// The account.
    pub account_number: AccountNumber,
}

/// In what a payment differs from the others of its transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferDifference {
    /// Another account.
    Account,
    /// Another currency.
    Currency,
    /// Another value date.
    Date,
}

impl TransferNumber {
    /// Wraps a row number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Returns the row number.
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for TransferNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TransferDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "another account",
            Self::Currency => "another currency",
            Self::Date => "another value date",
        })
    }
}

impl From<&BankAccount> for Destination {
    fn from(account: &BankAccount) -> Self {
        Self {
            bank_code: account.bank_code.clone(),
            account_number: account.account_number.clone(),
        }
    }
}
