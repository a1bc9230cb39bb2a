//! What can go wrong with a ledger file.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::domain::session::Claim;

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
}

impl Noun {
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
        }
    }

    /// Shows the first part of its error codes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BankAccount => "bank",
            Self::Line => "bank_line",
            Self::PaymentFile => "payment_file",
            Self::User
            | Self::Project
            | Self::Holder
            | Self::Event
            | Self::Withdrawal
            | Self::Payment => self.as_str(),
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
    #[error("`{}` exists already", .path.display())]
    AlreadyThere { path: PathBuf },
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
        nearest: Option<String>,
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

/// Tells what a damaged header or schema makes SQLite say. It has no code of its own for it: a
/// table or column is missing that this program's migrations made, a `CHECK` calls no known
/// function, or the header names a format that no SQLite wrote.
fn is_other_schema(detail: &str) -> bool {
    const SAID: [&str; 5] = [
        "no such table",
        "no such column",
        "has no column named",
        "unknown function",
        "unsupported file format",
    ];
    SAID.iter().any(|said| detail.contains(said))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        // What is wrong with a statement at a place of it has a variant of its own.
        let at_a_place = if let rusqlite::Error::SqlInputError { error, .. } = &error {
            Some(error.code)
        } else {
            None
        };
        match at_a_place.or_else(|| error.sqlite_error_code()) {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { detail },
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(
                ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::OutOfMemory
                | ErrorCode::SchemaChanged,
            ) => Self::Unusable { detail },
            Some(ErrorCode::Unknown) if is_other_schema(&detail) => Self::Damaged { detail },
            None if matches!(error, rusqlite::Error::QueryReturnedNoRows) => Self::Damaged {
                detail: "a row that must be there is missing".to_owned(),
            },
            None if matches!(
                error,
                rusqlite::Error::FromSqlConversionFailure(..)
                    | rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::Utf8Error(..)
            ) =>
            {
                Self::Damaged { detail }
            }
            Some(_) | None => Self::Bug(detail),
        }
    }
}
