//! The walk along the chain of the audit trail's entries.

use uuid::Uuid;

use crate::domain::activity::{AuditFinding, Head, hash_fields};
use crate::store::{
    Error,
    db::{Db, Row, Value},
    trail::finding::{JobResult, finding},
    trail::row_hashes::Digests,
};

const LOG: &str = "distribution_activity_log";
/// All columns in the order of the table: that in which they are hashed, and the hash.
const ENTRIES: &str = "SELECT seq, id, distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome,
    performed_by, claimed_by, previous_status, new_status, changes_summary, metadata, ip_address, user_agent, created_at,
    rows_hash, hash FROM distribution_activity_log ORDER BY seq";
/// The columns that always have a value.
const PRESENT: [usize; 9] = [5, 6, 7, 8, 11, 12, 14, 15, 17];
const ID: usize = 1;
const CREATED_AT: usize = 15;
const ROWS_HASH: usize = 16;
const HASH: usize = 17;

/// The chain of entries, and where it begins and ends.
pub(in crate::store) struct Chain<'n> {
    /// The head that the chain begins with, unless the ledger's own row is missing.
    pub(in crate::store) genesis: Option<Head>,
    /// A head that was noted outside the file, or its first characters.
    pub(in crate::store) noted: Option<&'n str>,
    pub(in crate::store) digests: Digests,
}

/// An entry as it is stored, borrowed from its row.
struct StoredEntry<'row> {
    seq: i64,
    /// All columns but the first; the last is the hash.
    fields: [Option<&'row str>; 17],
}

impl<'row> StoredEntry<'row> {
    /// Reads an entry. The inner result says why it is none that this program writes: a value is
    /// not text, or its id has another form.
    fn read(row: &Row<'row>) -> Result<Result<Self, String>, Error> {
        let mut fields = [None; 17];
        for (column, field) in (1..).zip(&mut fields) {
            let value = row.value(column)?;
            if value == Value::Null && !PRESENT.contains(&column) {
                continue;
            }
            match row.text(column) {
                Ok(text) => *field = Some(text),
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
        let entry = Self {
            seq: row.get(0)?,
            fields,
        };
        let id = entry.field(ID).unwrap_or_default();
        let mut written = Uuid::encode_buffer();
        let is_written_so = |read: Uuid| read.hyphenated().encode_lower(&mut written) == id;
        if Uuid::try_parse(id).is_ok_and(is_written_so) {
            return Ok(Ok(entry));
        }
        Ok(Err(format!(
            "`{id}` is not an id as this program writes it"
        )))
    }

    fn field(&self, column: usize) -> Option<&str> {
        self.fields.get(column - 1).copied().flatten()
    }

    fn hash_after(&self, previous: &str, written: &mut Vec<u8>) -> String {
        let mut digits = itoa::Buffer::new();
        let mut fields = [None; 18];
        // The hash before it, its number, and its other columns but its own hash.
        let values = [Some(previous), Some(digits.format(self.seq))]
            .into_iter()
            .chain(self.fields);
        for (field, value) in fields.iter_mut().zip(values) {
            *field = value;
        }
        hash_fields(fields, written)
    }
}

impl Chain<'_> {
    /// Walks along the chain; after a break it goes on from the stored hash, so that each break is
    /// found at its own entry.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(in crate::store) fn verify(self, db: Db<'_>) -> Result<JobResult, Error> {
        let Some(genesis) = self.genesis else {
            let detail = "the ledger's own row is missing";
            return Ok(JobResult {
                head: None,
                findings: vec![finding(None, "ledger", "1", detail)],
            });
        };
        let mut walk = Walk {
            noted: self.noted.map(str::to_ascii_lowercase),
            noted_found: false,
            head: genesis,
            last_at: String::new(),
            digests: self.digests,
            findings: Vec::new(),
            written: Vec::new(),
        };
        walk.noted_found = walk.is_noted(&walk.head.hash);
        db.each(ENTRIES, (), |row| match StoredEntry::read(row)? {
            Ok(entry) => {
                walk.entry(&entry);
                Ok(())
            }
            Err(problem) => walk.unreadable(row, &problem),
        })?;
        Ok(walk.end())
    }
}

/// The walk along the chain, up to some entry.
struct Walk {
    noted: Option<String>,
    noted_found: bool,
    /// The last entry.
    head: Head,
    /// When it was made.
    last_at: String,
    digests: Digests,
    findings: Vec<AuditFinding>,
    /// Where entries are written to be hashed.
    written: Vec<u8>,
}

impl Walk {
    /// A footer shows the first characters only, and these are what people note.
    fn is_noted(&self, hash: &str) -> bool {
        self.noted
            .as_ref()
            .is_none_or(|noted| !noted.is_empty() && hash.starts_with(noted))
    }

    fn find(&mut self, table: &str, seq: i64, detail: &str) {
        self.findings.push(finding(Some(seq), table, seq, detail));
    }

    /// Compares the next entry with what comes before it.
    fn entry(&mut self, entry: &StoredEntry<'_>) {
        let (seq, stored) = (entry.seq, entry.field(HASH).unwrap_or_default());
        let created_at = entry.field(CREATED_AT).unwrap_or_default();
        if self.head.seq.checked_add(1) != Some(seq) {
            let detail = format!(
                "entry {seq} follows entry {}: the entries between them are missing",
                self.head.seq
            );
            self.find(LOG, seq, &detail);
        }
        if entry.hash_after(&self.head.hash, &mut self.written) != stored {
            let detail = "the entry, or one before it, was changed: its hash does not follow";
            self.find(LOG, seq, detail);
        }
        if created_at < self.last_at.as_str() {
            self.find(LOG, seq, "the entry is older than the one before it");
        }
        if self.digests.take(seq).as_deref() != entry.field(ROWS_HASH) {
            let detail =
                "the hashes of the rows that this entry wrote are not the ones it committed to";
            self.find("distribution_activity_rows", seq, detail);
        }
        self.noted_found |= self.is_noted(stored);
        self.last_at.clear();
        self.last_at.push_str(created_at);
        self.head.seq = seq;
        self.head.hash.clear();
        self.head.hash.push_str(stored);
    }

    fn unreadable(&mut self, row: &Row<'_>, problem: &str) -> Result<(), Error> {
        let seq: i64 = row.get(0)?;
        self.find(LOG, seq, &format!("the entry cannot be read: {problem}"));
        self.digests.take(seq);
        let hash = row.value(HASH)?.text_or_empty().to_owned();
        self.head = Head { seq, hash };
        Ok(())
    }

    fn end(mut self) -> JobResult {
        self.digests
            .without_entry(self.head.seq, &mut self.findings);
        if !self.noted_found {
            let detail = "the noted head is not in this trail: history was rewritten, or its end was cut off";
            self.findings.push(AuditFinding {
                seq: None,
                table: Some(LOG.to_owned()),
                row: None,
                detail: detail.to_owned(),
            });
        }
        JobResult {
            head: Some(self.head),
            findings: self.findings,
        }
    }
}
