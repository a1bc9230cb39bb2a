//! The hashes of rows that the entries of the audit trail committed to.

use std::collections::BTreeMap;

use rusqlite::{Connection, types::ValueRef};
use sha2::{Digest as _, Sha256};

use crate::domain::{activity::AuditFinding, hash::hex};
use crate::store::{
    Error,
    check::inspection::{Inspection, Seen, TableLook},
    trail::verify::finding,
    trail::{DELETED, PAIR, Values, add_run, read_values},
};

const ROWS: &str = "distribution_activity_rows";

/// What the kept hashes of rows say, read once.
#[derive(Default)]
pub(in crate::store) struct RowHashes {
    /// What each entry should have committed to.
    pub(in crate::store) digests: Digests,
    /// The latest hash of each row of each table, by row number.
    pub(in crate::store) latest: BTreeMap<String, Vec<[u8; 32]>>,
    /// What does not add up among them.
    pub(in crate::store) findings: Vec<AuditFinding>,
    /// What was seen of them in passing.
    pub(in crate::store) seen: Seen,
}

/// The digests of the kept row hashes, one entry after the other.
#[derive(Default)]
pub(in crate::store) struct Digests(BTreeMap<i64, Sha256>);

impl Digests {
    /// Takes the digest of an entry's rows, where it has any.
    pub(in crate::store) fn of(&mut self, seq: i64) -> Option<String> {
        self.0.remove(&seq).map(|digest| hex(&digest.finalize()))
    }

    /// Finds the hashes that belong to no entry.
    pub(in crate::store) fn rest(self, last: i64, findings: &mut Vec<AuditFinding>) {
        for seq in self.0.into_keys() {
            let detail = format!(
                "row hashes belong to entry {seq}, which is not there; the trail ends at {last}"
            );
            findings.push(finding(Some(seq), ROWS, seq, detail));
        }
    }
}

impl RowHashes {
    /// Reads them all, and looks at them in passing where an inspection is given.
    pub(in crate::store) fn read(
        conn: &Connection,
        look: Option<&Inspection>,
    ) -> Result<Self, Error> {
        let mut read = Self {
            seen: look.map(Inspection::begin).unwrap_or_default(),
            ..Self::default()
        };
        let look = look.map(|look| look.at(ROWS));
        let also = look.map(TableLook::read_also).unwrap_or_default();
        let mut statement = conn.prepare(&format!(
            "SELECT number, seq, table_name, first_number, hashes{also} FROM {ROWS} ORDER BY number"
        ))?;
        let mut rows = statement.query([])?;
        let (mut last_number, mut last_seq) = (0_i64, 0_i64);
        while let Some(row) = rows.next()? {
            if let Some(look) = look {
                let mut stands = Values::new();
                read_values(row, &mut stands)?;
                look.row(&stands, &mut read.seen);
            }
            // Another type among them is no number that this program wrote: none of an entry, and
            // none of a row.
            let (number, seq): (i64, i64) =
                (row.get(0)?, row.get_ref(1)?.as_i64().unwrap_or_default());
            let first = row.get_ref(3)?.as_i64().unwrap_or(-1);
            let (table, hashes) = (
                row.get_ref(2)?.text_or_empty(),
                row.get_ref(4)?.blob_or_empty(),
            );
            // Which hash of a row is the latest follows from this order, which the digests of the
            // entries do not cover.
            if last_number.checked_add(1) != Some(number) || seq < last_seq {
                let detail =
                    "the hashes of rows do not stand in the order in which they were written";
                read.findings.push(finding(Some(seq), ROWS, number, detail));
            }
            (last_number, last_seq) = (number, seq);
            add_run(read.digests.0.entry(seq).or_default(), table, first, hashes);
            read.follow((number, seq), table, first, hashes);
        }
        Ok(read)
    }

    /// Takes the hashes of a run of rows as their latest, and compares what they follow with what
    /// was the latest before.
    fn follow(&mut self, (number, seq): (i64, i64), table: &str, first: i64, hashes: &[u8]) {
        if !self.latest.contains_key(table) {
            self.latest.insert(table.to_owned(), Vec::new());
        }
        let Some(known) = self.latest.get_mut(table) else {
            return;
        };
        // Rows are numbered from 1 without gaps, so a first number far beyond the end is no run
        // that this program wrote.
        let Some(first) = usize::try_from(first)
            .ok()
            .filter(|first| *first <= known.len().saturating_add(1))
        else {
            self.findings.push(finding(
                Some(seq),
                ROWS,
                number,
                "its row numbers do not follow",
            ));
            return;
        };
        let end = first.saturating_add(hashes.len() / PAIR);
        if known.len() < end {
            known.resize(end, DELETED);
        }
        for (at, (pair, slot)) in hashes
            .chunks_exact(PAIR)
            .zip(known.iter_mut().skip(first))
            .enumerate()
        {
            let (before, hash) = pair.split_at(DELETED.len());
            if *slot != *before {
                let index = first + at;
                let detail = format!(
                    "row {index} was changed by something other than this program before entry {seq} wrote it"
                );
                self.findings.push(finding(Some(seq), table, index, detail));
            }
            slot.copy_from_slice(hash);
        }
    }
}

/// Reads text and blobs without an error for another type, which the digest then shows.
pub(in crate::store) trait OrEmpty<'a> {
    fn text_or_empty(self) -> &'a str;
    fn blob_or_empty(self) -> &'a [u8];
}

impl<'a> OrEmpty<'a> for ValueRef<'a> {
    fn text_or_empty(self) -> &'a str {
        self.as_str().unwrap_or_default()
    }

    fn blob_or_empty(self) -> &'a [u8] {
        self.as_blob().unwrap_or_default()
    }
}
