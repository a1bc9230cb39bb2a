//! The statements of a file.

use std::collections::HashSet;

use super::bad_lines::BadLines;
use crate::domain::statement::Statement;

/// How many statements a file may hold: those of 27 accounts, each day of a year.
const MOST_STATEMENTS: usize = 10_000;

/// Adds a statement to those of the file; notes a bad line if the file holds too many.
pub(in crate::statement) fn keep(
    statement: Statement,
    statements: &mut Vec<Statement>,
    bad: &mut BadLines,
) {
    if statements.len() < MOST_STATEMENTS {
        // A vector that doubles would take twice the memory that thousands of short statements need.
        if statements.len() == statements.capacity() {
            statements.reserve_exact(4 + statements.len() / 4);
        }
        statements.push(statement);
    } else {
        bad.push_crowded(MOST_STATEMENTS);
    }
}

/// Removes every id of the bank that more than one line of the file has. A reference is never used
/// as an id, however unique it is in one file: a batch may share it, and its other lines may be in
/// the next file.
pub(in crate::statement) fn keep_unique_ids(statements: &mut [Statement]) {
    let lines = || statements.iter().flat_map(|statement| &statement.lines);
    let mut seen = HashSet::new();
    let ids = lines().filter_map(|line| line.bank_id.as_deref());
    let twice: HashSet<String> = ids
        .filter(|id| !seen.insert(*id))
        .map(str::to_owned)
        .collect();
    drop(seen);
    if twice.is_empty() {
        return;
    }
    for line in statements
        .iter_mut()
        .flat_map(|statement| &mut statement.lines)
    {
        if line.bank_id.as_ref().is_some_and(|id| twice.contains(id)) {
            line.bank_id = None;
        }
    }
}
