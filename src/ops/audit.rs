//! The audit trail: read, verify, note.

use serde_json::json;

use super::pages::in_pages;
use super::{Error, Sink};
use crate::{
    domain::{
        activity::{Activity, AuditEntryView, Fact, Footing, Head},
        check::Verification,
        session::Session,
        time::Instant,
    },
    store::{AsOf, EntryFilter, Ledger, Noun, Tx},
};

/// Which entries are listed, as the command line names them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// About this event.
    pub event: Option<String>,
    /// About this withdrawal.
    pub withdrawal: Option<String>,
    /// Performed by this user.
    pub user: Option<String>,
    /// Of this type.
    pub activity: Option<Activity>,
    /// At or after this instant.
    pub from: Option<Instant>,
    /// At or before this instant.
    pub to: Option<Instant>,
}

/// Lists entries as of `as_of`, in order of their sequence numbers.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn log(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, AuditEntryView>,
) -> Result<(), Error> {
    in_pages(ledger, as_of, each, |tx, start, row| {
        let filter = EntryFilter {
            after: start.after,
            ..entry_filter(tx, filter, start.as_of)?
        };
        tx.each_audit_entry(&filter, |entry| row(entry.seq, entry))
    })
}

pub(super) fn log_in(
    tx: &mut Tx<'_>,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, AuditEntryView>,
) -> Result<(), Error> {
    let filter = entry_filter(tx, filter, as_of)?;
    tx.each_audit_entry(&filter, |entry| each(entry).map_err(Error::Output))
}

/// Finds what the names of a filter mean.
fn entry_filter(tx: &mut Tx<'_>, filter: &Filter, as_of: AsOf) -> Result<EntryFilter, Error> {
    let mut find = |noun, given: &Option<String>| {
        given
            .as_deref()
            .map(|given| tx.resolve_at(noun, given, as_of))
            .transpose()
    };
    let event = find(Noun::Event, &filter.event)?;
    let withdrawal = find(Noun::Withdrawal, &filter.withdrawal)?;
    let user = find(Noun::User, &filter.user)?;
    Ok(EntryFilter {
        event: event
            .map(|number| tx.event(number, AsOf::Now))
            .transpose()?
            .map(|event| event.event.id),
        withdrawal: withdrawal
            .map(|number| tx.withdrawal(number))
            .transpose()?
            .map(|known| known.id),
        user: user
            .map(|number| tx.user(number, AsOf::Now))
            .transpose()?
            .map(|user| user.user.id),
        activity: filter.activity,
        from: filter.from,
        to: filter.to.into_iter().chain(as_of.instant()).min(),
        after: None,
    })
}

/// Returns the head of the trail, as it was at `as_of`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn head(ledger: &mut Ledger, as_of: AsOf) -> Result<Head, Error> {
    ledger.read(|tx| head_in(tx, as_of))
}

pub(super) fn head_in(tx: &mut Tx<'_>, as_of: AsOf) -> Result<Head, Error> {
    match as_of {
        AsOf::Now => Ok(tx.head()?),
        AsOf::At(at) => Ok(tx.head_at(at)?),
    }
}

/// Returns what every list shows at its foot: the head of the trail as it was at `as_of`, and
/// whether four eyes are on.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn footing(ledger: &mut Ledger, as_of: AsOf) -> Result<Footing, Error> {
    // What was just read has the head that the same transaction saw.
    if let (AsOf::Now, Some(seen)) = (as_of, ledger.seen()) {
        return Ok(seen);
    }
    let head = head(ledger, as_of)?;
    ledger.read(|tx| {
        Ok(Footing {
            head,
            four_eyes: tx.four_eyes()?,
        })
    })
}

/// Verifies the trail and every row against it; `noted` is a head that was noted outside the file.
///
/// # Errors
/// [`Error`] if the ledger cannot be read; what does not add up is a finding.
pub fn verify(ledger: &mut Ledger, noted: Option<&str>) -> Result<Verification, Error> {
    ledger.read(|tx| Ok(tx.verify(noted)?))
}

/// Notes that account numbers were shown whole.
///
/// # Errors
/// [`Error`] if the ledger cannot be written. The command goes on all the same.
pub fn note_pii(ledger: &mut Ledger, session: Session, command: &str) -> Result<(), Error> {
    Ok(ledger.note(
        session,
        Fact::new(Activity::PiiShown, json!({ "command": command })),
    )?)
}
