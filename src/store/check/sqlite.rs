//! SQLite's own checks: the file with its constraints and indexes, and the references.

use rusqlite::Connection;

use super::counted::counted;
use crate::domain::check::Check;
use crate::store::Error;

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
pub(super) fn integrity(conn: &Connection) -> Result<Check, Error> {
    let mut statement = conn.prepare("PRAGMA integrity_check(100)")?;
    let lines = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
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
pub(super) fn references(conn: &Connection) -> Result<Check, Error> {
    let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
    let findings = statement.query_map([], |row| {
        let (table, number, parent): (String, Option<i64>, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!(
            "row {} of `{table}` names a row of `{parent}` that does not exist",
            number.unwrap_or_default()
        ))
    })?;
    Ok(Check {
        name: "foreign_keys",
        findings: findings.collect::<Result<Vec<_>, _>>()?,
        looked_at: "every reference".to_owned(),
    })
}
