//! The hashes of rows that the entries of the audit trail committed to.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::domain::{activity::AuditFinding, hash::hex};
use crate::store::{
    Error,
    db::{Db, Row, Value},
    trail::{DELETED, PAIR, add_run, finding::finding},
};

const ROWS: &str = "distribution_activity_rows";

/// The hashes of rows in the trail.
#[derive(Default)]
pub(in crate::store) struct RowHashes {
    /// What each entry should have committed to.
    pub(in crate::store) digests: Digests,
    /// The latest hash of each row of each table, by row number.
    pub(in crate::store) latest: BTreeMap<String, Vec<[u8; 32]>>,
    /// What does not fit among them.
    pub(in crate::store) findings: Vec<AuditFinding>,
}

/// The digests of the row hashes, by entry.
#[derive(Default)]
pub(in crate::store) struct Digests(BTreeMap<i64, Sha256>);

impl Digests {
    /// Takes the digest of an entry's rows, if it wrote any.
    pub(in crate::store) fn take(&mut self, seq: i64) -> Option<String> {
        self.0.remove(&seq).map(|digest| hex(&digest.finalize()))
    }

    /// Reports the hashes that were not taken: they belong to no entry.
    pub(in crate::store) fn without_entry(self, last: i64, findings: &mut Vec<AuditFinding>) {
        for seq in self.0.into_keys() {
            let detail = format!(
                "row hashes belong to entry {seq}, which is missing; the trail ends at {last}"
            );
            findings.push(finding(Some(seq), ROWS, seq, detail));
        }
    }
}

/// A run of hashes of rows with consecutive numbers, as it is stored.
struct StoredRun<'row> {
    number: i64,
    seq: i64,
    table: &'row str,
    first: i64,
    hashes: &'row [u8],
}

impl<'row> StoredRun<'row> {
    /// Reads a run. Values of another type become ones that this program never writes, which shows
    /// later.
    fn read(row: &Row<'row>) -> Result<Self, Error> {
        let number = |at, other| match row.value(at)? {
            Value::Integer(number) => Ok::<_, Error>(number),
            Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => Ok(other),
        };
        Ok(Self {
            number: row.get(0)?,
            seq: number(1, 0)?,
            table: row.value(2)?.text_or_empty(),
            first: number(3, -1)?,
            hashes: match row.value(4)? {
                Value::Blob(bytes) => bytes,
                Value::Null | Value::Integer(_) | Value::Real(_) | Value::Text(_) => &[],
            },
        })
    }
}

impl RowHashes {
    /// Reads them all.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(in crate::store) fn read(db: Db<'_>) -> Result<Self, Error> {
        const RUNS: &str = "SELECT number, seq, table_name, first_number, hashes
            FROM distribution_activity_rows ORDER BY number";
        let mut read = Self::default();
        let (mut last_number, mut last_seq) = (0_i64, 0_i64);
        db.each(RUNS, (), |row| {
            let run = StoredRun::read(row)?;
            // Which hash of a row is the latest follows from this order, which the digests of the
            // entries do not cover.
            if last_number.checked_add(1) != Some(run.number) || run.seq < last_seq {
                let detail = "the hashes of rows are not in the order in which they were written";
                read.findings
                    .push(finding(Some(run.seq), ROWS, run.number, detail));
            }
            (last_number, last_seq) = (run.number, run.seq);
            let digest = read.digests.0.entry(run.seq).or_default();
            add_run(digest, run.table, run.first, run.hashes);
            read.follow(&run);
            Ok::<_, Error>(())
        })?;
        Ok(read)
    }

    /// Takes the hashes of a run as the latest of its rows. Those from before the transaction must
    /// be the latest so far.
    fn follow(&mut self, run: &StoredRun<'_>) {
        let StoredRun { seq, table, .. } = *run;
        if !self.latest.contains_key(table) {
            self.latest.insert(table.to_owned(), Vec::new());
        }
        let Some(latest) = self.latest.get_mut(table) else {
            return;
        };
        // Rows are numbered from 1 without gaps, so this program wrote no run far beyond the end.
        let Some(first) = usize::try_from(run.first)
            .ok()
            .filter(|first| *first <= latest.len().saturating_add(1))
        else {
            let detail = "its row numbers do not follow";
            self.findings
                .push(finding(Some(seq), ROWS, run.number, detail));
            return;
        };
        let end = first.saturating_add(run.hashes.len() / PAIR);
        if latest.len() < end {
            latest.resize(end, DELETED);
        }
        let pairs = run.hashes.chunks_exact(PAIR);
        for (number, (pair, slot)) in (first..).zip(pairs.zip(latest.iter_mut().skip(first))) {
            let (before, after) = pair.split_at(DELETED.len());
            if *slot != *before {
                let detail = format!(
                    "row {number} was changed by something other than this program before entry {seq} wrote it"
                );
                self.findings
                    .push(finding(Some(seq), table, number, detail));
            }
            slot.copy_from_slice(after);
        }
    }
}
