//! The verification of the audit trail, and of every row against it.

use std::collections::BTreeSet;

use crate::domain::{
    activity::{AuditFinding, Head},
    check::Verification,
};
use crate::store::{
    Error, Tx,
    db::Db,
    file::{
        twin::{Job, Threads, run},
        versions::{self, Definition},
    },
    trail::{
        DELETED, RowHasher,
        chain::Chain,
        finding::{JobResult, finding},
        row_hashes::RowHashes,
    },
};

/// How many rows are verified in one go.
const PART: usize = 200_000;
/// The tables that the trail itself is made of.
const TRAIL: [&str; 2] = ["distribution_activity_log", "distribution_activity_rows"];

/// The tables whose rows the trail commits to: all but the trail's own two.
const TABLES: [&str; 61] = [
    "ledger",
    "users",
    "users_history",
    "projects",
    "projects_history",
    "tax_profiles",
    "project_navs",
    "lp_token_holders",
    "lp_token_holders_history",
    "holder_accounts",
    "holder_accounts_history",
    "holder_account_hands",
    "holders_without_account",
    "token_imports",
    "token_entries",
    "token_supplies",
    "distribution_events",
    "distribution_events_history",
    "project_exclusions",
    "project_exclusions_history",
    "event_choices",
    "event_exclusions",
    "event_deductions",
    "event_components",
    "allocation_components",
    "reserve_movements",
    "event_tax_terms",
    "allocation_movements",
    "distribution_allocations",
    "superseded_allocations",
    "event_counts",
    "withdrawal_requests",
    "withdrawal_requests_history",
    "withdrawal_imports",
    "payment_transfers",
    "payment_transfers_history",
    "distribution_payments",
    "distribution_payments_history",
    "payment_settlements",
    "idempotency_keys",
    "bank_accounts",
    "bank_accounts_history",
    "bank_statements",
    "bank_lines",
    "proposals",
    "bank_rules",
    "tax_certificates",
    "history_rows",
    "tax_items",
    "tax_remittances",
    "tax_remittance_items",
    "bank_matches",
    "bank_match_lines",
    "bank_match_withdrawals",
    "bank_match_remittances",
    "bank_classes",
    "bank_reconciliations",
    "payment_files",
    "payment_files_history",
    "payment_file_items",
    "file_counts",
];

impl Tx<'_> {
    /// Verifies the trail and every row of the ledger against it. `noted` is a head that was noted
    /// outside the file, or its first characters. Two threads do it if the machine has as many.
    ///
    /// The rows are read from the tables. Indexes are not read: [`Tx::check`] checks them.
    ///
    /// Memory: 32 bytes per row of the ledger.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read; what does not fit is a finding.
    pub fn verify(&mut self, noted: Option<&str>) -> Result<Verification, Error> {
        verify(self.db, noted, Threads::Two)
    }
}

/// Verifies the trail and every row.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::store) fn verify(
    db: Db<'_>,
    noted: Option<&str>,
    threads: Threads,
) -> Result<Verification, Error> {
    let mut findings = Vec::new();
    let edited = compare_schema(db, &mut findings)?;
    let no_head = || Head {
        seq: 0,
        hash: String::new(),
    };
    if TRAIL
        .into_iter()
        .chain(["ledger"])
        .any(|name| edited.contains(name))
    {
        return Ok(Verification {
            entries: 0,
            head: no_head(),
            findings,
        });
    }
    let hashes = RowHashes::read(db)?;
    let chain = Chain {
        genesis: genesis(db)?,
        noted,
        digests: hashes.digests,
    };
    let tables = tables_to_verify(db, &edited)?;
    let parts = tables.iter().flat_map(|table| {
        let latest = hashes.latest.get(*table).map(Vec::as_slice);
        parts_of(table, latest.unwrap_or_default())
    });
    let mut jobs: Vec<Job<'_, Result<JobResult, Error>>> = vec![Box::new(|db| chain.verify(db))];
    for part in parts {
        jobs.push(Box::new(move |db| part.verify(db)));
    }
    let mut results = run(db, threads, jobs)?.into_iter();
    let of_chain = results.next().transpose()?.unwrap_or_default();
    findings.extend(of_chain.findings);
    findings.extend(hashes.findings);
    for result in results {
        findings.extend(result?.findings);
    }
    let head = of_chain.head.unwrap_or_else(no_head);
    Ok(Verification {
        entries: head.seq,
        head,
        findings,
    })
}

/// Returns the head that the chain begins with, or `None` if the ledger's own row is missing.
fn genesis(db: Db<'_>) -> Result<Option<Head>, Error> {
    // A value of another type is one that this program never writes, which shows later.
    let id = db.query_optional("SELECT id FROM ledger WHERE number = 1", (), |row| {
        Ok(row.value(0)?.text_or_empty().to_owned())
    })?;
    Ok(id.map(|id| Head::genesis(&id)))
}

/// Returns the tables that are as this program made them. A ledger of an older version may have
/// fewer: its copy is verified before it is migrated.
fn tables_to_verify(db: Db<'_>, edited: &BTreeSet<String>) -> Result<Vec<&'static str>, Error> {
    let existing: BTreeSet<String> = versions::schema(db)?
        .into_iter()
        .filter(|definition| definition.kind == "table")
        .map(|definition| definition.name)
        .collect();
    Ok(TABLES
        .into_iter()
        .filter(|table| existing.contains(*table) && !edited.contains(*table))
        .collect())
}

/// Rows of a table that are verified in one go.
struct RowRange<'p> {
    table: &'static str,
    first: i64,
    last: i64,
    /// The latest hashes of all rows of the table, by row number.
    latest: &'p [[u8; 32]],
}

/// Cuts the rows of a table into parts, which together have every row number that is possible.
fn parts_of<'p>(table: &'static str, latest: &'p [[u8; 32]]) -> Vec<RowRange<'p>> {
    let cuts = (PART..latest.len())
        .step_by(PART)
        .map(|cut| i64::try_from(cut).unwrap_or(i64::MAX));
    let mut first = i64::MIN;
    let mut parts = Vec::new();
    for last in cuts.chain([i64::MAX]) {
        parts.push(RowRange {
            table,
            first,
            last,
            latest,
        });
        first = last.saturating_add(1);
    }
    parts
}

impl RowRange<'_> {
    /// Compares the rows with their latest hashes.
    fn verify(&self, db: Db<'_>) -> Result<JobResult, Error> {
        let table = self.table;
        let mut findings = Vec::new();
        let mut expected = self.expected().peekable();
        let mut statement = db.statement(&format!(
            "SELECT * FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"
        ))?;
        let id_column = statement.place_of("id");
        let mut hasher = RowHasher::of(table);
        statement.each((self.first, self.last), |row| {
            let number: i64 = row.get(0)?;
            let mut latest = None;
            while let Some((at, hash)) = expected.next_if(|(at, _)| *at <= number) {
                if at == number {
                    latest = Some(hash);
                } else {
                    findings.extend(self.deleted(db, at, hash)?);
                }
            }
            if latest == Some(hasher.hash(row)?) {
                return Ok(());
            }
            let name = id_column
                .and_then(|at| row.get::<String>(at).ok())
                .unwrap_or_else(|| number.to_string());
            let (writer, what) = match latest {
                Some(hash) if hash != DELETED => (last_writer(db, table, number)?, "changed"),
                Some(_) | None => (None, "added"),
            };
            let detail = format!("row {number} was {what} by something other than this program");
            findings.push(finding(writer, table, name, detail));
            Ok::<_, Error>(())
        })?;
        for (at, hash) in expected {
            findings.extend(self.deleted(db, at, hash)?);
        }
        Ok(JobResult {
            head: None,
            findings,
        })
    }

    /// Returns the row numbers of the part that the trail has hashes for, and their latest hashes.
    fn expected(&self) -> impl Iterator<Item = (i64, [u8; 32])> {
        let (last, from) = (self.last, usize::try_from(self.first).unwrap_or_default());
        (from..)
            .zip(self.latest.iter().skip(from))
            .map(|(at, hash)| (i64::try_from(at).unwrap_or(i64::MAX), *hash))
            .skip_while(|(at, _)| *at < 1)
            .take_while(move |(at, _)| *at <= last)
    }

    /// Returns a finding for a row that is not there, unless this program deleted it.
    fn deleted(
        &self,
        db: Db<'_>,
        number: i64,
        hash: [u8; 32],
    ) -> Result<Option<AuditFinding>, Error> {
        if hash == DELETED {
            return Ok(None);
        }
        let detail = format!("row {number} was deleted by something other than this program");
        let writer = last_writer(db, self.table, number)?;
        Ok(Some(finding(writer, self.table, number, detail)))
    }
}

/// Compares the definitions with those that the migrations make. Returns the names of those that
/// differ: their rows cannot be read as they should be.
fn compare_schema(db: Db<'_>, findings: &mut Vec<AuditFinding>) -> Result<BTreeSet<String>, Error> {
    let (expected, actual) = (versions::expected_schema(db)?, versions::schema(db)?);
    let not_in = |item: &&Definition, others: &[Definition]| !others.contains(item);
    let missing = expected
        .iter()
        .filter(|item| not_in(item, &actual))
        .map(|item| (item, "is missing or was changed"));
    let added = actual
        .iter()
        .filter(|item| not_in(item, &expected))
        .map(|item| (item, "was not made by this program"));
    let mut edited = BTreeSet::new();
    for (Definition { kind, name, .. }, what) in missing.chain(added) {
        let detail = format!("the definition of {kind} `{name}` {what}");
        findings.push(finding(None, "sqlite_schema", name, detail));
        edited.insert(name.clone());
    }
    Ok(edited)
}

/// Finds the last entry that wrote a row.
fn last_writer(db: Db<'_>, table: &str, number: i64) -> Result<Option<i64>, Error> {
    const WRITER: &str = "SELECT max(seq) FROM distribution_activity_rows
        WHERE table_name = ?1 AND first_number <= ?2 AND ?2 < first_number + length(hashes) / 64";
    db.value(WRITER, (table, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::db::Connection;

    fn ledger() -> Connection {
        let mut conn = Connection::in_memory().unwrap();
        versions::make_tables(&mut conn).unwrap();
        conn
    }

    #[test]
    fn the_first_column_of_every_table_is_its_row_number() {
        let conn = ledger();
        for table in TABLES.into_iter().chain(TRAIL) {
            let column = "SELECT type || ' ' || pk FROM pragma_table_info(?1) WHERE cid = 0";
            let first: String = conn.db().value(column, [table]).unwrap();
            assert_eq!(first, "INTEGER 1", "{table}");
        }
    }

    #[test]
    fn every_table_but_the_trails_own_is_verified() {
        let schema = versions::schema(ledger().db()).unwrap();
        let tables: BTreeSet<&str> = schema
            .iter()
            .filter(|definition| definition.kind == "table")
            .map(|definition| definition.name.as_str())
            .collect();
        let verified: BTreeSet<&str> = TABLES.into_iter().chain(TRAIL).collect();
        assert_eq!(tables, verified);
    }

    #[test]
    fn the_parts_of_a_table_have_every_row_number_once() {
        let latest = vec![DELETED; 2 * PART + 1];
        let parts = parts_of("users", &latest);
        assert_eq!(parts.len(), 3);
        assert_eq!(
            (parts[0].first, parts[2].last),
            (i64::MIN, i64::MAX),
            "numbers that no row should have are read too"
        );
        assert!(parts.windows(2).all(|two| two[0].last + 1 == two[1].first));
    }
}
