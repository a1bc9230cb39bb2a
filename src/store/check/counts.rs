//! Counting again what the ledger keeps counted: what waits in events and payment files, and the
//! holders without an account.

use std::collections::{BTreeMap, BTreeSet};

use super::counted::counted;
use crate::domain::{
    check::Check,
    code::{Code, FileNumber},
    id::EventId,
    quantity::{Amount, Total},
    work::{EventCounts, Tally},
};
use crate::store::{AsOf, Error, EventFilter, Tx, db::Db};

/// Checks that each count is what its rows give.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const FILES: &str = "SELECT number FROM payment_files ORDER BY number";
    let mut findings = Vec::new();
    let events = tx.events(&EventFilter::default(), AsOf::Now)?;
    let (mut counts, files) = count(tx.db)?;
    for event in &events {
        let right = counts.remove(&event.event.id).unwrap_or_default();
        if tx.event_counts(event.event.id)? != right {
            findings.push(format!(
                "what waits in the event `{}` is not what its rows give",
                event.event.code
            ));
        }
    }
    for file in tx.db.values::<FileNumber>(FILES, ())? {
        let right = files.get(&file).copied().unwrap_or_default();
        if tx.file_counts(file)? != right {
            findings.push(format!(
                "what of {file} waits to be paid is not what its items give"
            ));
        }
    }
    findings.extend(lacking(tx.db)?.iter().map(|holder| {
        format!("whether `{holder}` has an account for any currency is not what the accounts give")
    }));
    Ok(Check {
        name: "counts",
        findings,
        looked_at: counted(events.len(), "event"),
    })
}

/// What waits in events, and what of payment files.
type Counts = (BTreeMap<EventId, EventCounts>, BTreeMap<FileNumber, Tally>);

fn count(db: Db<'_>) -> Result<Counts, Error> {
    const AVAILABLE: &str = "SELECT distribution_event_id, count(*) FROM distribution_allocations
        WHERE available_amount <> '0.0000000' GROUP BY distribution_event_id";
    const OPEN: &str = "SELECT w.distribution_event_id, w.status = 'approved', w.requested_amount, i.file_number
        FROM withdrawal_requests w
        LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1 AND w.status = 'approved'
        WHERE w.status = 'pending' OR w.status = 'approved'";
    let mut events: BTreeMap<EventId, EventCounts> = BTreeMap::new();
    let mut files: BTreeMap<FileNumber, Tally> = BTreeMap::new();
    db.each(AVAILABLE, (), |row| {
        let (event, available) = (row.next()?, row.next()?);
        events.entry(event).or_default().available = available;
        Ok::<_, Error>(())
    })?;
    db.each(OPEN, (), |row| {
        let counts = events.entry(row.next()?).or_default();
        let (approved, amount): (bool, Amount) = (row.next()?, row.next()?);
        let file: Option<FileNumber> = row.next()?;
        let one = if approved {
            &mut counts.approved
        } else {
            &mut counts.pending
        };
        add(one, amount)?;
        if let Some(file) = file {
            add(&mut counts.filed, amount)?;
            add(files.entry(file).or_default(), amount)?;
        }
        Ok::<_, Error>(())
    })?;
    Ok((events, files))
}

fn add(tally: &mut Tally, amount: Amount) -> Result<(), Error> {
    let units = tally.amount.units() + amount.units();
    tally.count += 1;
    tally.amount = Total::from_units(units).ok_or_else(|| Error::Damaged {
        detail: "the open withdrawals have too many digits".to_owned(),
    })?;
    Ok(())
}

/// Finds the holders whose mark is wrong.
fn lacking(db: Db<'_>) -> Result<BTreeSet<Code>, Error> {
    const WRONG: &str = "SELECT h.code FROM lp_token_holders h
        WHERE EXISTS (SELECT 1 FROM holder_accounts c WHERE c.lp_token_holder_id = h.id AND c.removed_at IS NULL
                      AND c.currency IS NULL AND c.bank_name IS NOT NULL AND c.account_number IS NOT NULL)
          = EXISTS (SELECT 1 FROM holders_without_account n WHERE n.holder_number = h.number AND n.lacking = 1)";
    Ok(db.values(WRONG, ())?.into_iter().collect())
}
