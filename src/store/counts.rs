//! What waits in events and payment files, counted as the rows are written.
//!
//! A count over a million rows takes as long as reading them. So each change of an allocation, a
//! request or an item of a payment file is added up here, and the sums are written once, when the
//! transaction is sealed.

use super::{
    Error, Tx, WriteTx,
    count_changes::{Changes, EventChange, Step},
    db::{Row, insert, update},
};
use crate::domain::{
    code::{FileNumber, WithdrawalNumber},
    id::EventId,
    quantity::Amount,
    withdrawal::{Withdrawal, WithdrawalStatus},
    work::{EventCounts, Tally},
};

fn read_tally(row: &mut Row<'_>) -> Result<Tally, Error> {
    Ok(Tally {
        count: row.next()?,
        amount: row.next()?,
    })
}

impl Tx<'_> {
    /// Reads what waits in an event.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn event_counts(&mut self, event: EventId) -> Result<EventCounts, Error> {
        let found = self.counts_row(event)?;
        Ok(found.map(|(_, counts)| counts).unwrap_or_default())
    }

    /// Reads what of a payment file waits to be paid.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn file_counts(&mut self, file: FileNumber) -> Result<Tally, Error> {
        let found = self.file_row(file)?;
        Ok(found.map(|(_, tally)| tally).unwrap_or_default())
    }

    fn counts_row(&self, event: EventId) -> Result<Option<(i64, EventCounts)>, Error> {
        const COUNTS: &str = "SELECT number, available, pending, pending_amount, approved, approved_amount, filed, filed_amount
            FROM event_counts WHERE distribution_event_id = ?1";
        self.db.query_optional(COUNTS, [event], |row| {
            let (number, available) = (row.next()?, row.next()?);
            let counts = EventCounts {
                available,
                pending: read_tally(row)?,
                approved: read_tally(row)?,
                filed: read_tally(row)?,
            };
            Ok((number, counts))
        })
    }

    fn file_row(&self, file: FileNumber) -> Result<Option<(i64, Tally)>, Error> {
        const COUNTS: &str =
            "SELECT number, waiting, waiting_amount FROM file_counts WHERE file_number = ?1";
        self.db
            .query_optional(COUNTS, [file], |row| Ok((row.next()?, read_tally(row)?)))
    }
}

impl WriteTx<'_> {
    /// Counts an allocation whose available amount changed.
    pub(super) fn count_available(&mut self, event: EventId, before: Amount, after: Amount) {
        let change = i64::from(!after.is_zero()) - i64::from(!before.is_zero());
        if change != 0 {
            self.change_of(event).available += change;
        }
    }

    /// Counts the allocations of an event that were replaced.
    pub(super) fn count_replaced(&mut self, event: EventId, with_money: i64) -> Result<(), Error> {
        let before = self.event_counts(event)?.available;
        self.change_of(event).available = with_money - before;
        Ok(())
    }

    /// Counts a new request.
    pub(super) fn count_request(&mut self, event: EventId, amount: Amount) {
        self.change_of(event).pending.add(Step::Came, amount);
    }

    /// Counts a request that takes a step.
    pub(super) fn count_step(
        &mut self,
        before: &Withdrawal,
        after: WithdrawalStatus,
    ) -> Result<(), Error> {
        let (event, amount) = (before.event.id, before.amount);
        match before.status() {
            WithdrawalStatus::Pending => self.change_of(event).pending.add(Step::Went, amount),
            WithdrawalStatus::Approved => {
                self.change_of(event).approved.add(Step::Went, amount);
                if let Some(file) = self.file_of(before.number)? {
                    self.count_filed(file, event, (Step::Went, amount));
                }
            }
            WithdrawalStatus::Rejected
            | WithdrawalStatus::Cancelled
            | WithdrawalStatus::Paid
            | WithdrawalStatus::Returned => {}
        }
        match after {
            WithdrawalStatus::Pending => self.change_of(event).pending.add(Step::Came, amount),
            WithdrawalStatus::Approved => self.change_of(event).approved.add(Step::Came, amount),
            WithdrawalStatus::Rejected
            | WithdrawalStatus::Cancelled
            | WithdrawalStatus::Paid
            | WithdrawalStatus::Returned => {}
        }
        Ok(())
    }

    /// Counts a new item of a payment file.
    pub(super) fn count_item(
        &mut self,
        file: FileNumber,
        withdrawal: WithdrawalNumber,
    ) -> Result<(), Error> {
        const OF: &str = "SELECT distribution_event_id, requested_amount FROM withdrawal_requests
            WHERE number = ?1 AND status = 'approved'";
        self.count_item_of(OF, withdrawal.number(), (file, Step::Came))
    }

    /// Counts an item that leaves its payment file.
    pub(super) fn count_item_end(&mut self, item: i64) -> Result<(), Error> {
        const FILE: &str = "SELECT file_number FROM payment_file_items WHERE number = ?1";
        const OF: &str =
            "SELECT w.distribution_event_id, w.requested_amount FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number
            WHERE i.number = ?1 AND w.status = 'approved'";
        let file = self.db.value(FILE, [item])?;
        self.count_item_of(OF, item, (file, Step::Went))
    }

    fn count_item_of(
        &mut self,
        sql: &str,
        number: i64,
        (file, step): (FileNumber, Step),
    ) -> Result<(), Error> {
        let found = self
            .db
            .query_optional(sql, [number], |row| Ok((row.next()?, row.next()?)))?;
        if let Some((event, amount)) = found {
            self.count_filed(file, event, (step, amount));
        }
        Ok(())
    }

    fn count_filed(&mut self, file: FileNumber, event: EventId, (step, amount): (Step, Amount)) {
        self.change_of(event).filed.add(step, amount);
        let files = &mut self.counts.files;
        files.entry(file).or_default().add(step, amount);
    }

    fn change_of(&mut self, event: EventId) -> &mut EventChange {
        self.counts.events.entry(event).or_default()
    }

    /// Writes what the transaction changed.
    pub(super) fn write_counts(&mut self) -> Result<(), Error> {
        let Changes { events, files } = std::mem::take(&mut self.counts);
        for (event, change) in events {
            self.write_event_counts(event, change)?;
        }
        for (file, change) in files {
            let known = self.file_row(file)?;
            let tally = change.after(known.map(|(_, tally)| tally).unwrap_or_default())?;
            match known {
                None => insert!(self.db, "file_counts" {
                    "file_number": file,
                    "waiting": tally.count,
                    "waiting_amount": tally.amount,
                })
                .map(|_| ())?,
                Some((_, before)) if before == tally => {}
                Some((number, _)) => update!(self.db, "file_counts" set {
                    "waiting": tally.count,
                    "waiting_amount": tally.amount,
                } where { "number": number })?,
            }
        }
        Ok(())
    }

    fn write_event_counts(&mut self, event: EventId, change: EventChange) -> Result<(), Error> {
        let known = self.counts_row(event)?;
        let before = known.map(|(_, counts)| counts).unwrap_or_default();
        let counts = EventCounts {
            available: before.available + change.available,
            pending: change.pending.after(before.pending)?,
            approved: change.approved.after(before.approved)?,
            filed: change.filed.after(before.filed)?,
        };
        match known {
            None => insert!(self.db, "event_counts" {
                "distribution_event_id": event,
                "available": counts.available,
                "pending": counts.pending.count,
                "pending_amount": counts.pending.amount,
                "approved": counts.approved.count,
                "approved_amount": counts.approved.amount,
                "filed": counts.filed.count,
                "filed_amount": counts.filed.amount,
            })
            .map(|_| ()),
            Some(_) if before == counts => Ok(()),
            Some((number, _)) => update!(self.db, "event_counts" set {
                "available": counts.available,
                "pending": counts.pending.count,
                "pending_amount": counts.pending.amount,
                "approved": counts.approved.count,
                "approved_amount": counts.approved.amount,
                "filed": counts.filed.count,
                "filed_amount": counts.filed.amount,
            } where { "number": number }),
        }
    }
}
