//! Why a payment file was not written.

use std::io;

use thiserror::Error;

use crate::domain::{
    code::{FileNumber, WithdrawalNumber},
    quantity::Total,
};

/// Why a payment file was not written. What went into the output until then is not a payment file
/// and must be thrown away.
#[derive(Debug, Error)]
pub enum WriteError<E> {
    /// The payments could not be read.
    #[error("{0}")]
    Items(E),
    /// The output could not be written.
    #[error("the payment file cannot be written")]
    Output(#[source] io::Error),
    /// What applies to all payments cannot be written for a bank.
    #[error("payment file {file} cannot be written: {why}")]
    Header {
        /// The file.
        file: FileNumber,
        /// Why.
        why: BadHeader,
    },
    /// A payment cannot be written for a bank.
    #[error("withdrawal {withdrawal} cannot be in a payment file: {why}")]
    Item {
        /// The withdrawal.
        withdrawal: WithdrawalNumber,
        /// Why.
        why: BadItem,
    },
    /// The payments are not as many as the header says.
    #[error("payment file {file} says {told} payments and has {found}")]
    Count {
        /// The file.
        file: FileNumber,
        /// How many the header says.
        told: u64,
        /// How many came.
        found: u64,
    },
    /// The payments do not add up to what the header says.
    #[error("payment file {file} says a total of {} and has {}", told.plain(0), found.plain(0))]
    Total {
        /// The file.
        file: FileNumber,
        /// What the header says.
        told: Total,
        /// What the payments add up to.
        found: Total,
    },
}

/// Why a header cannot be written for a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadHeader {
    /// The message id is not one.
    #[error("its message id is not 1 to 35 of the letters, digits and signs that ISO 20022 allows")]
    MessageId,
    /// Nothing is to be paid.
    #[error("it has no payments")]
    NoPayments,
    /// The total has more than the 18 digits that ISO 20022 allows.
    #[error("its total has more than 18 digits")]
    TotalTooLong,
    /// Nobody pays.
    #[error("it does not name who pays")]
    NoDebtor,
    /// The code of the paying account's bank is too long.
    #[error("the bank's code of the account that pays is longer than 35 characters")]
    BankCode,
}

/// Why a payment cannot be written for a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadItem {
    /// The end-to-end reference is none of ours.
    #[error("its end-to-end reference fails its check")]
    Reference,
    /// Another payment of the file has the reference.
    #[error("another payment of the file has the same end-to-end reference")]
    ReferenceTwice,
    /// Nothing is to be paid.
    #[error("its amount is zero")]
    AmountZero,
    /// The amount is finer than the currency's minor unit.
    #[error("its amount is finer than the smallest that a bank pays")]
    AmountTooFine,
    /// All amounts together are beyond every total.
    #[error("the amounts up to it add up to too much")]
    TotalTooLarge,
    /// Nobody is paid.
    #[error("it does not name who is paid")]
    NoCreditor,
    /// The bank's code is too long.
    #[error("the bank's code is longer than 35 characters")]
    BankCode,
}

/// Why a part of a file was not written.
pub(super) enum Fault<B> {
    /// It must not be.
    Bad(B),
    /// The output failed.
    Output(io::Error),
}

impl<B> From<io::Error> for Fault<B> {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
