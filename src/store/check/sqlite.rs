//! SQLite's own checks: the file with its constraints and indexes, and the references.

use super::counted::counted;
use crate::domain::check::Check;
use crate::store::{Error, db::Db};

/// How the findings of `integrity_check` begin that are about a value: every row can still be read.
const ABOUT_A_VALUE: [&str; 5] = [
    "CHECK constraint failed",
    "NULL value in",
    "TEXT value in",
    "NUMERIC value in",
    "non-unique entry",
];

/// Checks the structure of the file, every constraint, and every index against its table.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn integrity(db: Db<'_>) -> Result<Check, Error> {
    let lines = db.values::<String>("PRAGMA integrity_check(100)", ())?;
    let pages: i64 = db.value("PRAGMA page_count", ())?;
    Ok(Check {
        name: "file_integrity",
        findings: lines.into_iter().filter(|line| line != "ok").collect(),
        looked_at: counted(pages, "page"),
    })
}

/// Returns whether every row can be read, whatever `integrity` says about its values.
pub(super) fn is_readable(integrity: &Check) -> bool {
    integrity
        .findings
        .iter()
        .all(|finding| ABOUT_A_VALUE.iter().any(|start| finding.starts_with(start)))
}

/// Checks that every reference names a row that exists.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn references(db: Db<'_>) -> Result<Check, Error> {
    let findings = db.query("PRAGMA foreign_key_check", (), |row| {
        let (table, number) = (row.next::<String>()?, row.next::<Option<i64>>()?);
        let parent: String = row.next()?;
        Ok(format!(
            "row {} of `{table}` names a row of `{parent}` that does not exist",
            number.unwrap_or_default()
        ))
    })?;
    Ok(Check {
        name: "foreign_keys",
        findings,
        looked_at: "every reference".to_owned(),
    })
}
