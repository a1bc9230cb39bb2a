//! The proof of the audit trail and of every row against it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, types::ValueRef};

use crate::domain::{
    activity::{AuditFinding, Head},
    check::Verification,
};
use crate::store::{
    Error, Tx,
    check::inspection::{Inspection, Seen, TableLook},
    file::twin::{Job, side_by_side},
    file::versions,
    trail::chain,
    trail::row_hashes::{Digests, OrEmpty as _, RowHashes},
    trail::{DELETED, RowHasher, Values, read_values},
};

/// The table whose rows are many, and are looked at by event.
pub(in crate::store) const ALLOCATIONS: &str = "distribution_allocations";
/// The table whose rows use what is allocated.
pub(in crate::store) const WITHDRAWALS: &str = "withdrawal_requests";
/// The table of the lines of bank statements.
pub(in crate::store) const LINES: &str = "bank_lines";
/// How many rows are verified in one go.
const PART: i64 = 200_000;

/// The tables whose rows the trail commits to: all but the trail's own two.
const TABLES: [&str; 28] = [
    "ledger",
    "users",
    "users_history",
    "projects",
    "projects_history",
    "project_navs",
    "lp_token_holders",
    "lp_token_holders_history",
    "token_imports",
    "token_entries",
    "token_supplies",
    "distribution_events",
    "distribution_events_history",
    ALLOCATIONS,
    "superseded_allocations",
    WITHDRAWALS,
    "distribution_payments",
    "idempotency_keys",
    "bank_accounts",
    "bank_statements",
    LINES,
    "bank_matches",
    "bank_match_lines",
    "bank_match_withdrawals",
    "bank_classes",
    "bank_reconciliations",
    "payment_files",
    "payment_file_items",
];

impl Tx<'_> {
    /// Verifies the trail and every row of the ledger against it. `noted` is a head that was noted
    /// outside the file, or its first characters. Two threads do it, where the machine has as many.
    ///
    /// Memory: 32 bytes per row of the ledger.
    ///
    /// # Errors
    /// What the file refuses; what does not add up is a finding.
    pub fn verify(&mut self, noted: Option<&str>) -> Result<Verification, Error> {
        let Some(mut proof) = Proof::begin(self.conn, None)? else {
            let mut findings = Vec::new();
            verify_schema(self.conn, &mut findings)?;
            return Ok(Verification {
                entries: 0,
                head: Head {
                    seq: 0,
                    hash: String::new(),
                },
                findings,
            });
        };
        let chain = proof.chain(noted);
        let parts = proof.parts(&[]);
        let mut jobs: Vec<Job<'_, Result<Found, Error>>> =
            vec![Box::new(|conn| chain.verify(conn, None))];
        for part in &parts {
            jobs.push(Box::new(|conn| part.verify(conn, None, |_| {})));
        }
        let done = side_by_side(self.conn, jobs)?;
        proof.conclude(done, &mut Seen::default())
    }
}

/// What is known of the trail before its entries and the rows are read.
pub(in crate::store) struct Proof {
    findings: Vec<AuditFinding>,
    genesis: Option<Head>,
    tables: Vec<&'static str>,
    hashes: RowHashes,
}

/// What a part of the proof found.
#[derive(Default)]
pub(in crate::store) struct Found {
    /// The head, which the part knows that walks the chain.
    pub(in crate::store) head: Option<Head>,
    pub(in crate::store) findings: Vec<AuditFinding>,
    /// What was seen of the rows in passing.
    pub(in crate::store) seen: Seen,
}

impl Proof {
    /// Reads the hashes of rows, or answers `None` where the trail's own tables are not what this
    /// program made. With an inspection all rows are looked at in passing.
    pub(in crate::store) fn begin(
        conn: &Connection,
        look: Option<&Inspection>,
    ) -> Result<Option<Self>, Error> {
        let mut findings = Vec::new();
        let edited = verify_schema(conn, &mut findings)?;
        if [
            "ledger",
            "distribution_activity_log",
            "distribution_activity_rows",
        ]
        .iter()
        .any(|name| edited.contains(*name))
        {
            return Ok(None);
        }
        let ledger_id = conn.query_row("SELECT id FROM ledger WHERE number = 1", [], |row| {
            Ok(row.get_ref(0)?.text_or_empty().to_owned())
        });
        let genesis = ledger_id.optional()?.map(|id| Head::genesis(&id));
        // A ledger of an older version has fewer tables; its copy is verified before it is
        // migrated.
        let there = table_names(conn)?;
        let tables = TABLES
            .into_iter()
            .filter(|table| !edited.contains(*table) && there.contains(*table))
            .collect();
        let hashes = RowHashes::read(conn, look)?;
        Ok(Some(Self {
            findings,
            genesis,
            tables,
            hashes,
        }))
    }

    /// Takes out the walk along the chain.
    pub(in crate::store) fn chain<'p>(&mut self, noted: Option<&'p str>) -> Chain<'p> {
        Chain {
            genesis: self.genesis.take(),
            noted,
            digests: std::mem::take(&mut self.hashes.digests),
        }
    }

    /// Cuts the rows of all tables into parts. The allocations are cut after the row numbers that
    /// are named, if any are.
    pub(in crate::store) fn parts(&self, of_allocations: &[i64]) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        for table in &self.tables {
            let latest = self
                .hashes
                .latest
                .get(*table)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let rows = i64::try_from(latest.len()).unwrap_or(i64::MAX);
            let cuts: Vec<i64> = match *table {
                ALLOCATIONS if !of_allocations.is_empty() => of_allocations.to_vec(),
                _ => (1..=(rows - 1) / PART).map(|part| part * PART).collect(),
            };
            let mut first = i64::MIN;
            // All row numbers that there can be are in one of the parts.
            for last in cuts.into_iter().chain([i64::MAX]) {
                parts.push(Part {
                    table,
                    first,
                    last,
                    latest,
                });
                first = last.saturating_add(1);
            }
        }
        parts
    }

    /// Puts together what the parts found, in their order; adds what was seen in passing to `seen`.
    pub(in crate::store) fn conclude(
        self,
        parts: impl IntoIterator<Item = Result<Found, Error>>,
        seen: &mut Seen,
    ) -> Result<Verification, Error> {
        let (mut findings, mut of_hashes, mut head) =
            (self.findings, Some(self.hashes.findings), None);
        seen.add(&self.hashes.seen);
        for part in parts {
            let part = part?;
            seen.add(&part.seen);
            head = head.or(part.head);
            findings.extend(part.findings);
            // They were found before the rows were compared, and after the chain.
            findings.extend(of_hashes.take().into_iter().flatten());
        }
        let head = head.unwrap_or(Head {
            seq: 0,
            hash: String::new(),
        });
        Ok(Verification {
            entries: head.seq,
            head,
            findings,
        })
    }
}

impl Found {
    fn begin(look: Option<&Inspection>) -> Self {
        Self {
            seen: look.map(Inspection::begin).unwrap_or_default(),
            ..Self::default()
        }
    }
}

/// The walk along the chain of entries.
pub(in crate::store) struct Chain<'p> {
    genesis: Option<Head>,
    noted: Option<&'p str>,
    digests: Digests,
}

impl Chain<'_> {
    pub(in crate::store) fn verify(
        self,
        conn: &Connection,
        look: Option<&Inspection>,
    ) -> Result<Found, Error> {
        let mut found = Found::begin(look);
        match self.genesis {
            Some(genesis) => {
                chain::verify(conn, genesis, self.noted, self.digests, look, &mut found)?
            }
            None => found.findings.push(finding(
                None,
                "ledger",
                "1",
                "the ledger's own row is missing",
            )),
        }
        Ok(found)
    }
}

/// Rows of a table that are verified in one go.
pub(in crate::store) struct Part<'p> {
    pub(in crate::store) table: &'static str,
    first: i64,
    /// The last row number that belongs to the part.
    pub(in crate::store) last: i64,
    /// The latest hashes of the table's rows, by row number.
    latest: &'p [[u8; 32]],
}

impl Part<'_> {
    /// Compares the rows with the latest hashes of them, and hands the values of each to `each`.
    pub(in crate::store) fn verify(
        &self,
        conn: &Connection,
        look: Option<&Inspection>,
        mut each: impl FnMut(&[ValueRef<'_>]),
    ) -> Result<Found, Error> {
        let Self {
            table,
            first,
            last,
            latest,
        } = *self;
        let mut found = Found::begin(look);
        let findings = &mut found.findings;
        let from = usize::try_from(first).unwrap_or_default();
        let known = (from..)
            .zip(latest.iter().skip(from))
            .map(|(at, hash)| (i64::try_from(at).unwrap_or(i64::MAX), *hash));
        let mut expected = known
            .skip_while(|(at, _)| *at < 1)
            .take_while(|(at, _)| *at <= last)
            .peekable();
        let look = look.map(|look| look.at(table));
        let also = look.map(TableLook::read_also).unwrap_or_default();
        let mut statement = conn.prepare(&format!(
            "SELECT *{also} FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"
        ))?;
        let columns = statement.column_count() - usize::from(!also.is_empty());
        let id_column = statement.column_index("id").ok();
        let mut hasher = RowHasher::of(table);
        let mut rows = statement.query((first, last))?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let mut values = Values::new();
            read_values(row, &mut values)?;
            if let Some(look) = look {
                look.row(&values, &mut found.seen);
            }
            values.truncate(columns);
            each(&values);
            let mut known = None;
            while let Some((at, hash)) = expected.next_if(|(at, _)| *at <= number) {
                if at == number {
                    known = Some(hash);
                } else {
                    missing(conn, table, at, hash, findings)?;
                }
            }
            if known == Some(hasher.hash(&values)) {
                continue;
            }
            let name = id_column
                .and_then(|at| row.get::<_, String>(at).ok())
                .unwrap_or_else(|| number.to_string());
            match known {
                Some(hash) if hash != DELETED => {
                    let detail =
                        format!("row {number} was changed by something other than this program");
                    findings.push(finding(
                        last_writer(conn, table, number)?,
                        table,
                        name,
                        detail,
                    ));
                }
                Some(_) | None => {
                    let detail =
                        format!("row {number} was added by something other than this program");
                    findings.push(finding(None, table, name, detail));
                }
            }
        }
        for (at, hash) in expected {
            missing(conn, table, at, hash, findings)?;
        }
        Ok(found)
    }
}

fn table_names(conn: &Connection) -> Result<BTreeSet<String>, Error> {
    let schema = versions::schema(conn)?.into_iter();
    Ok(schema
        .filter(|item| item.kind == "table")
        .map(|item| item.name)
        .collect())
}

pub(in crate::store) fn finding(
    seq: Option<i64>,
    table: &str,
    row: impl std::fmt::Display,
    detail: impl Into<String>,
) -> AuditFinding {
    AuditFinding {
        seq,
        table: Some(table.to_owned()),
        row: Some(row.to_string()),
        detail: detail.into(),
    }
}

/// Compares the definitions with those that this program makes; answers the names of those that
/// differ, whose rows cannot be read as they should.
fn verify_schema(
    conn: &Connection,
    findings: &mut Vec<AuditFinding>,
) -> Result<BTreeSet<String>, Error> {
    let (expected, found) = (versions::expected_schema(conn)?, versions::schema(conn)?);
    let missing = expected
        .iter()
        .filter(|item| !found.contains(item))
        .map(|item| (item, "is missing or was changed"));
    let added = found
        .iter()
        .filter(|item| !expected.contains(item))
        .map(|item| (item, "is not this program's"));
    let mut edited = BTreeSet::new();
    for (versions::Definition { kind, name, .. }, what) in missing.chain(added) {
        let detail = format!("the definition of {kind} `{name}` {what}");
        findings.push(finding(None, "sqlite_schema", name, detail));
        edited.insert(name.clone());
    }
    Ok(edited)
}

fn missing(
    conn: &Connection,
    table: &str,
    number: i64,
    hash: [u8; 32],
    findings: &mut Vec<AuditFinding>,
) -> Result<(), Error> {
    if hash != DELETED {
        let detail = format!("row {number} was deleted by something other than this program");
        findings.push(finding(
            last_writer(conn, table, number)?,
            table,
            number,
            detail,
        ));
    }
    Ok(())
}

/// Finds the last entry that wrote a row.
fn last_writer(conn: &Connection, table: &str, number: i64) -> Result<Option<i64>, Error> {
    const WRITER: &str = "SELECT max(seq) FROM distribution_activity_rows
        WHERE table_name = ?1 AND first_number <= ?2 AND ?2 < first_number + length(hashes) / 64";
    Ok(conn.query_row(WRITER, (table, number), |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_of_every_table_is_its_row_number() {
        let mut conn = Connection::open_in_memory().unwrap();
        versions::make_tables(&mut conn).unwrap();
        for table in TABLES
            .into_iter()
            .chain(["distribution_activity_log", "distribution_activity_rows"])
        {
            let column = "SELECT type || ' ' || pk FROM pragma_table_info(?1) WHERE cid = 0";
            let first: String = conn.query_row(column, [table], |row| row.get(0)).unwrap();
            assert_eq!(first, "INTEGER 1", "{table}");
        }
    }

    #[test]
    fn every_table_but_the_trails_own_is_verified() {
        let mut conn = Connection::open_in_memory().unwrap();
        versions::make_tables(&mut conn).unwrap();
        let schema = versions::expected_schema(&conn).unwrap();
        let tables: BTreeSet<&str> = schema
            .iter()
            .filter(|item| item.kind == "table")
            .map(|item| item.name.as_str())
            .collect();
        let verified: BTreeSet<&str> = TABLES
            .into_iter()
            .chain(["distribution_activity_log", "distribution_activity_rows"])
            .collect();
        assert_eq!(tables, verified);
    }
}
