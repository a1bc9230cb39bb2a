//! What can go wrong with a ledger file.

use std::path::PathBuf;

use thiserror::Error;

use super::file::reserved::Reserved;
use crate::domain::{
    code::{PaymentNumber, WithdrawalNumber},
    session::Claim,
};

/// The kinds of things that arguments name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// A user.
    User,
    /// A project.
    Project,
    /// An LP token holder.
    Holder,
    /// A distribution event.
    Event,
    /// A withdrawal request.
    Withdrawal,
    /// A payment.
    Payment,
    /// A bank account of the fund.
    BankAccount,
    /// A bank line.
    Line,
    /// A payment file.
    PaymentFile,
    /// A bank statement.
    Statement,
    /// An import of register entries.
    Import,
    /// A proposal.
    Proposal,
    /// A tax certificate.
    Certificate,
    /// A tax remittance.
    Remittance,
}

/// What an unknown name may be meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// Something of the same noun has a name like it.
    Like(String),
    /// Something of another noun has this name.
    Other {
        /// The noun.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// It is a withdrawal that this payment paid, if it was paid.
    Paid {
        /// The withdrawal.
        withdrawal: WithdrawalNumber,
        /// Its last payment.
        by: Option<PaymentNumber>,
    },
    /// Nothing of this noun is in the ledger.
    NoneYet,
    /// It is like nothing that is known.
    Nothing,
}

impl Noun {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::User,
        Self::Project,
        Self::Holder,
        Self::Event,
        Self::Withdrawal,
        Self::Payment,
        Self::BankAccount,
        Self::Line,
        Self::PaymentFile,
        Self::Statement,
        Self::Import,
        Self::Proposal,
        Self::Certificate,
        Self::Remittance,
    ];

    /// Shows the word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Holder => "holder",
            Self::Event => "event",
            Self::Withdrawal => "withdrawal",
            Self::Payment => "payment",
            Self::BankAccount => "bank account",
            Self::Line => "bank line",
            Self::PaymentFile => "payment file",
            Self::Statement => "bank statement",
            Self::Import => "register import",
            Self::Proposal => "proposal",
            Self::Certificate => "tax certificate",
            Self::Remittance => "tax remittance",
        }
    }

    /// Shows the first part of its error codes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BankAccount => "bank",
            Self::Line => "bank_line",
            Self::PaymentFile => "payment_file",
            Self::Statement => "statement",
            Self::Import => "import",
            Self::Certificate => "tax_certificate",
            Self::Remittance => "tax_remittance",
            Self::User
            | Self::Project
            | Self::Holder
            | Self::Event
            | Self::Withdrawal
            | Self::Payment
            | Self::Proposal => self.as_str(),
        }
    }
}

/// Why the ledger could not be read or written. Nothing was written, but for
/// [`Error::CommitUnknown`].
#[derive(Debug, Error)]
#[expect(
    missing_docs,
    reason = "the message of each variant says what it is and what its fields hold"
)]
pub enum Error {
    #[error("there is no ledger at `{}`", .path.display())]
    Missing { path: PathBuf },
    #[error("`{}` already exists", .path.display())]
    AlreadyThere { path: PathBuf },
    #[error("`{}` is {}", .path.display(), .reserved.as_str())]
    Reserved { path: PathBuf, reserved: Reserved },
    #[error("`{}` is not a prorata ledger: {reason}", .path.display())]
    NotALedger { path: PathBuf, reason: &'static str },
    #[error("`{}` was written by a newer version of prorata (ledger version {found}, this program knows {known})", .path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("`{}` was written by an older version of prorata (ledger version {found}, this program needs {known})", .path.display())]
    Older {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("`{}` was written by a development version of prorata before the first release (ledger version {found} of that time), whose tables were different", .path.display())]
    Unreleased { path: PathBuf, found: i64 },
    #[error("`{}` cannot be trusted: {reason}", .path.display())]
    Unsafe { path: PathBuf, reason: &'static str },
    #[error("`{}` belongs to {owner}, and only its owner works on a ledger", .path.display())]
    OfAnother { path: PathBuf, owner: String },
    #[error("`{}` cannot be used: {source}", .path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the ledger is damaged: {detail}")]
    Damaged { detail: String },
    #[error("the disk is full")]
    DiskFull,
    #[error("the ledger file cannot be read or written: {detail}")]
    Unusable { detail: String },
    #[error("another command holds the ledger; it was not free within the waiting time")]
    Busy,
    #[error(
        "the disk failed while the change was committed, and whether it was kept is not known: {detail}"
    )]
    CommitUnknown { detail: String },
    #[error("`{}` is not a user of this ledger", .claim.code)]
    UnknownActor { claim: Claim, users: Vec<String> },
    #[error("there is no {} `{given}`", .noun.as_str())]
    Unknown {
        noun: Noun,
        given: String,
        suggestion: Suggestion,
    },
    #[error("`{given}` fits more than one {}", .noun.as_str())]
    Ambiguous {
        noun: Noun,
        given: String,
        candidates: Vec<String>,
    },
    #[error("the row {row} of `{table}` is not as this program writes it: {detail}")]
    BadRow {
        table: &'static str,
        row: String,
        detail: String,
    },
    #[error("a bug: {0}")]
    Bug(String),
}

impl Error {
    /// Makes a bug report of a broken promise.
    pub fn bug(detail: impl Into<String>) -> Self {
        Self::Bug(detail.into())
    }
}
