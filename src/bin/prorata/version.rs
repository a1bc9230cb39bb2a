//! What `prorata --version --verbose` prints.

use prorata::store;

/// Says which program this is, what it is built from, and which ledgers it writes.
pub(crate) fn verbose() -> String {
    format!(
        "prorata {}\ncommit: {}\nledger version: {}\nSQLite version: {}\n",
        env!("CARGO_PKG_VERSION"),
        commit(),
        store::ledger_version(),
        store::engine_version(),
    )
}

/// Names the commit. A debug build is not made again for each one.
fn commit() -> String {
    match option_env!("PRORATA_COMMIT") {
        Some(commit) if cfg!(debug_assertions) => format!("{commit} or later (debug build)"),
        Some(commit) => commit.to_owned(),
        None => "unknown (not built in a clone)".to_owned(),
    }
}
