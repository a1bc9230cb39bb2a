//! The walk along the chain of the audit trail's entries.

use rusqlite::{Connection, Row, types::ValueRef};
use uuid::Uuid;

use crate::domain::activity::{AuditFinding, Head, hash_fields};
use crate::store::{
    Error,
    check::inspection::Inspection,
    trail::row_hashes::Digests,
    trail::verify::{Found, finding},
    trail::{Values, read_values},
};

const LOG: &str = "distribution_activity_log";
/// All columns in the order of the table: that in which they are hashed, and the hash.
const ENTRIES: &str = "SELECT seq, id, distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome,
    performed_by, claimed_by, previous_status, new_status, changes_summary, metadata, ip_address, user_agent, created_at,
    rows_hash, hash FROM distribution_activity_log ORDER BY seq";
/// Which of the columns are never absent.
const PRESENT: [usize; 9] = [5, 6, 7, 8, 11, 12, 14, 15, 17];
const ROWS_HASH: usize = 16;
const HASH: usize = 17;

/// An entry as it stands, borrowed from its row.
struct Stands<'row> {
    seq: i64,
    /// All columns but the first; the last is the hash.
    fields: [Option<&'row str>; 17],
}

impl Stands<'_> {
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

/// Walks the chain; after a break it goes on from the stored hash, so that each break is found
/// where it is.
pub(in crate::store) fn verify(
    conn: &Connection,
    genesis: Head,
    noted: Option<&str>,
    mut digests: Digests,
    look: Option<&Inspection>,
    found: &mut Found,
) -> Result<(), Error> {
    let look = look.map(|look| look.at(LOG));
    let findings = &mut found.findings;
    let noted = noted.map(str::to_ascii_lowercase);
    // A footer shows the first characters only, and they are what people note.
    let is_noted = |hash: &str| {
        noted
            .as_ref()
            .is_none_or(|noted| !noted.is_empty() && hash.starts_with(noted))
    };
    let mut noted_found = is_noted(&genesis.hash);
    let mut statement = conn.prepare(ENTRIES)?;
    let mut rows = statement.query([])?;
    let (mut head, mut last_at, mut written) = (genesis, String::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let mut stands = Values::new();
        read_values(row, &mut stands)?;
        if let Some(look) = look {
            look.row(&stands, &mut found.seen);
        }
        let entry = match read(&stands, row) {
            Ok(entry) => entry,
            Err(error) => {
                let seq: i64 = row.get(0)?;
                findings.push(finding(
                    Some(seq),
                    LOG,
                    seq,
                    format!("the entry cannot be read: {error}"),
                ));
                digests.of(seq);
                let hash = row.get::<_, String>(HASH).unwrap_or_default();
                head = Head { seq, hash };
                continue;
            }
        };
        let (seq, stored) = (entry.seq, entry.field(HASH).unwrap_or_default());
        let created_at = entry.field(15).unwrap_or_default();
        if head.seq.checked_add(1) != Some(seq) {
            let detail = format!(
                "entry {seq} follows entry {}: what stood between them is missing",
                head.seq
            );
            findings.push(finding(Some(seq), LOG, seq, detail));
        }
        if entry.hash_after(&head.hash, &mut written) != stored {
            let detail = "the entry, or one before it, was changed: its hash does not follow";
            findings.push(finding(Some(seq), LOG, seq, detail));
        }
        if created_at < last_at.as_str() {
            findings.push(finding(
                Some(seq),
                LOG,
                seq,
                "the entry is older than the one before it",
            ));
        }
        if digests.of(seq).as_deref() != entry.field(ROWS_HASH) {
            let detail =
                "the hashes of the rows that this entry wrote are not the ones it committed to";
            findings.push(finding(
                Some(seq),
                "distribution_activity_rows",
                seq,
                detail,
            ));
        }
        noted_found |= is_noted(stored);
        last_at.clear();
        last_at.push_str(created_at);
        head.seq = seq;
        head.hash.clear();
        head.hash.push_str(stored);
    }
    digests.rest(head.seq, findings);
    if !noted_found {
        let detail = "the noted head does not stand in this trail: history was rewritten, or its end was cut off";
        findings.push(AuditFinding {
            seq: None,
            table: Some(LOG.to_owned()),
            row: None,
            detail: detail.to_owned(),
        });
    }
    found.head = Some(head);
    Ok(())
}

/// Reads an entry, and refuses what this program does not write: values of another type, no text,
/// an id in another form. The values are those of the row.
fn read<'row>(
    values: &[ValueRef<'row>],
    row: &'row Row<'_>,
) -> Result<Stands<'row>, rusqlite::Error> {
    let mut fields = [None; 17];
    for ((column, field), value) in (1..).zip(&mut fields).zip(values.iter().skip(1)) {
        if *value == ValueRef::Null && !PRESENT.contains(&column) {
            continue;
        }
        match value.as_str() {
            Ok(text) => *field = Some(text),
            // Read as text it says what is wrong.
            Err(_) => {
                return Err(row
                    .get::<_, String>(column)
                    .err()
                    .unwrap_or(rusqlite::Error::InvalidQuery));
            }
        }
    }
    let entry = Stands {
        seq: row.get(0)?,
        fields,
    };
    let id = entry.field(1).unwrap_or_default();
    let mut written = Uuid::encode_buffer();
    if Uuid::try_parse(id).is_ok_and(|read| read.hyphenated().encode_lower(&mut written) == id) {
        return Ok(entry);
    }
    let problem = format!("`{id}` is no id as this program writes it").into();
    Err(rusqlite::Error::FromSqlConversionFailure(
        1,
        rusqlite::types::Type::Text,
        problem,
    ))
}
