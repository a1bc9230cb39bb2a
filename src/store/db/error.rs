//! What the engine's errors mean for a ledger.

use rusqlite::ErrorCode;

use crate::store::Error;

/// Returns whether a message is one that SQLite gives for a damaged header or schema. It has no
/// code of its own for these: a table or column of this program's migrations is missing, a `CHECK`
/// calls an unknown function, or the header names a format that no SQLite wrote.
fn is_other_schema(detail: &str) -> bool {
    const MESSAGES: [&str; 5] = [
        "no such table",
        "no such column",
        "has no column named",
        "unknown function",
        "unsupported file format",
    ];
    MESSAGES.iter().any(|message| detail.contains(message))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        // An error at a place of a statement has a variant of its own.
        let at_a_place = if let rusqlite::Error::SqlInputError { error, .. } = &error {
            Some(error.code)
        } else {
            None
        };
        match at_a_place.or_else(|| error.sqlite_error_code()) {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            // Nothing that is written comes near the engine's limit of size: a length was changed.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TooBig) => {
                Self::Damaged { detail }
            }
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
