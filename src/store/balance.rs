//! What holders have in approved events: added up over all of them, and as it was on a past day.

use std::collections::{HashMap, HashSet};

use super::{
    AsOf, Error, Tx,
    allocation::parts,
    as_of::earlier,
    db::{Codes, ToSql, columns},
    holder,
    used_units::UsedUnits,
};
use crate::domain::{
    allocation::Balance,
    analytics::OpenAllocations,
    code::Code,
    currency::Currency,
    event::Event,
    id::{AllocationId, EventId, HolderId, HolderRef},
    portfolio::{HolderBalance, SumUnits, Sums},
    quantity::{Amount, Total},
    time::{Date, Instant},
    withdrawal::{AllocationUse, WithdrawalTimeline},
};

/// What is added up of one holder: by the place of the currency among all currencies.
type HolderSums = HashMap<HolderId, Vec<Option<SumUnits>>>;

/// What is added up over events, and what is known of their holders.
struct Adding {
    currencies: Vec<Currency>,
    blocked: HashSet<HolderId>,
    /// What was given up of forward balances, by allocation.
    written_off: HashMap<i64, i128>,
    sums: HolderSums,
}

impl Adding {
    /// Returns the sums of a holder in a currency.
    fn sum_of(&mut self, holder: HolderId, currency: Currency) -> Result<&mut SumUnits, Error> {
        let unknown = || Error::bug("the currency of an event is not among those of all");
        let mut places = self.currencies.iter();
        let place = places.position(|known| *known == currency);
        let count = self.currencies.len();
        let of_holder = self.sums.entry(holder);
        let of_holder = of_holder.or_insert_with(|| vec![None; count]);
        let slot = of_holder.get_mut(place.ok_or_else(unknown)?);
        Ok(slot.ok_or_else(unknown)?.get_or_insert_default())
    }
}

columns! {
    const TIMELINE_COLUMNS, fn read_timeline: WithdrawalTimeline {
        requested: "requested_amount",
        paid: "payment_amount",
        created_at: "created_at",
        rejected_at: "rejected_at",
        cancelled_at: "cancelled_at",
        paid_at: "paid_at",
        returned_at: "returned_at",
    }
}

impl Tx<'_> {
    /// Returns what the withdrawals of an event used of each of its allocations at an instant.
    ///
    /// Memory: linear in the event's withdrawals.
    pub(super) fn used_in_event(
        &self,
        event: EventId,
        at: Instant,
    ) -> Result<HashMap<AllocationId, UsedUnits>, Error> {
        let mut used = self.used_where("distribution_event_id = ?1", event, at)?;
        self.moved_where("a.distribution_event_id = ?1", event, at, &mut used)?;
        Ok(used)
    }

    /// Returns what the withdrawals of an allocation used of it at an instant.
    pub(super) fn used_of(
        &self,
        allocation: AllocationId,
        at: Instant,
    ) -> Result<UsedUnits, Error> {
        let mut used = self.used_where("distribution_allocation_id = ?1", allocation, at)?;
        self.moved_where("a.id = ?1", allocation, at, &mut used)?;
        Ok(used.remove(&allocation).unwrap_or_default())
    }

    /// Adds what was brought and carried forward at an instant.
    fn moved_where(
        &self,
        which: &str,
        value: impl ToSql,
        at: Instant,
        used: &mut HashMap<AllocationId, UsedUnits>,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT a.id, m.kind, m.amount FROM distribution_allocations a
             CROSS JOIN allocation_movements m ON m.allocation_number = a.number
             WHERE {which} AND m.created_at <= ?2"
        );
        if !self.has_movements()? {
            return Ok(());
        }
        self.db.each(&sql, (value, at), |row| {
            let units = used.entry(row.next()?).or_default();
            units.forward(row.next()?, row.next()?);
            Ok::<_, Error>(())
        })
    }

    fn used_where(
        &self,
        which: &str,
        value: impl ToSql,
        at: Instant,
    ) -> Result<HashMap<AllocationId, UsedUnits>, Error> {
        let codes = Codes::default();
        let sql = format!(
            "SELECT {TIMELINE_COLUMNS}, distribution_allocation_id, number FROM withdrawal_requests
            WHERE {which} AND created_at <= ?2"
        );
        let earlier = self.earlier_timelines(at)?;
        let mut used: HashMap<AllocationId, UsedUnits> = HashMap::new();
        self.db.each(&sql, (value, at), |row| {
            let timeline = read_timeline(row, &codes)?;
            let units = used.entry(row.next()?).or_default();
            let timeline = earlier.get(&row.next()?).copied().unwrap_or(timeline);
            match timeline.used_at(at) {
                AllocationUse::Nothing => {}
                AllocationUse::Pending(amount) => units.pending += amount.units(),
                AllocationUse::Withdrawn(amount) => units.withdrawn += amount.units(),
            }
            Ok::<_, Error>(())
        })?;
        Ok(used)
    }

    /// Reads the timelines of withdrawals that were corrected or changed back after an instant, as
    /// they were before.
    fn earlier_timelines(&self, at: Instant) -> Result<HashMap<i64, WithdrawalTimeline>, Error> {
        let codes = Codes::default();
        let history = earlier("withdrawal_requests");
        let sql = format!("SELECT {TIMELINE_COLUMNS}, number FROM {history}");
        let timelines = self.db.query(&sql, [at], |row| {
            let timeline = read_timeline(row, &codes)?;
            Ok((row.next()?, timeline))
        })?;
        Ok(timelines.into_iter().collect())
    }

    /// Adds up what each holder has in the events, and hands it to `each` in byte order of holder
    /// code, then of currency. Returns for each event what of its allocations is not paid.
    ///
    /// The events are approved ones as they were at `as_of`, so that their allocations are frozen.
    /// Memory: linear in the holders; for a past day also in the withdrawals of the largest event.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_holder_balance<E: From<Error>>(
        &mut self,
        events: &[Event],
        as_of: AsOf,
        mut each: impl FnMut(HolderBalance) -> Result<(), E>,
    ) -> Result<Vec<OpenAllocations>, E> {
        let mut currencies: Vec<_> = events.iter().map(|event| event.currency).collect();
        currencies.sort_unstable_by_key(|currency| currency.code());
        currencies.dedup();
        let mut adding = Adding {
            currencies,
            blocked: self.blocked_holders(as_of)?,
            written_off: self.written_off(as_of)?,
            sums: HolderSums::new(),
        };
        let mut open = Vec::with_capacity(events.len());
        for event in events {
            open.push(self.add_event(event, as_of, &mut adding)?);
        }
        let Adding {
            currencies,
            blocked,
            mut sums,
            ..
        } = adding;
        let source = as_of.source("lp_token_holders", holder::TABLE_COLUMNS);
        let sql = format!("SELECT id, code, name FROM {source} ORDER BY code COLLATE BINARY");
        self.db.each(&sql, (), |row| {
            let id: HolderId = row.next()?;
            let Some(of_holder) = sums.remove(&id) else {
                return Ok(());
            };
            let (code, name): (Code, String) = (row.next()?, row.next()?);
            let holder = HolderRef { id, code };
            for (currency, units) in currencies.iter().zip(of_holder) {
                let Some(units) = units else { continue };
                let sums = Sums::rebuild(units).ok_or_else(|| broken(&holder))?;
                let is_held = blocked.contains(&id);
                each(HolderBalance {
                    holder: holder.clone(),
                    name: name.clone(),
                    currency: *currency,
                    held: if is_held {
                        sums.available()
                    } else {
                        Total::ZERO
                    },
                    sums,
                })?;
            }
            Ok::<_, E>(())
        })?;
        if sums.is_empty() {
            Ok(open)
        } else {
            Err(Error::Damaged {
                detail: "an allocation names a holder that does not exist".to_owned(),
            }
            .into())
        }
    }

    /// Adds up the allocations of an event, in the order in which they were written: they lie side
    /// by side.
    fn add_event(
        &mut self,
        event: &Event,
        as_of: AsOf,
        adding: &mut Adding,
    ) -> Result<OpenAllocations, Error> {
        // The `+` keeps SQLite on the row numbers: the event's index would jump to and fro.
        const ALLOCATIONS: &str =
            "SELECT lp_token_holder_id, allocated_amount, withdrawn_amount, pending_amount, tax_amount, moved_in_amount,
                moved_out_amount, number, id FROM distribution_allocations
            WHERE number > ?2 AND number <= ?3 AND +distribution_event_id = ?1";
        let used = as_of
            .instant()
            .map(|at| self.used_in_event(event.event.id, at))
            .transpose()?;
        let range = self.allocation_range(event.event.id)?;
        let mut open = OpenAllocations::NONE;
        let values = (event.event.id, range.after, range.last);
        self.db.each(ALLOCATIONS, values, |row| {
            let holder: HolderId = row.next()?;
            let parts = parts(row)?;
            let stored = Balance::rebuild(parts).ok_or_else(|| broken_at(holder))?;
            let number = row.next()?;
            let balance = match &used {
                None => stored,
                Some(used) => {
                    let used = used.get(&row.next()?).copied().unwrap_or_default();
                    used.of(stored).ok_or_else(|| broken_at(holder))?
                }
            };
            let held = if adding.blocked.contains(&holder) {
                balance.available()
            } else {
                Amount::ZERO
            };
            open.add(balance, held).ok_or_else(|| broken_at(holder))?;
            let written_off = adding.written_off.get(&number).copied();
            let sum = adding.sum_of(holder, event.currency)?;
            sum.add(balance);
            sum.write_off(written_off.unwrap_or_default());
            Ok::<_, Error>(())
        })?;
        Ok(open)
    }

    /// Hands the approval's day and the value date of each payment that existed at `as_of` to
    /// `each`, event by event.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_payment_delay<E: From<Error>>(
        &mut self,
        events: &[Event],
        as_of: AsOf,
        mut each: impl FnMut(&Event, Date, Date) -> Result<(), E>,
    ) -> Result<(), E> {
        const PAID: &str = "SELECT distribution_event_id, approved_at, payment_date FROM {requests}
            WHERE payment_date IS NOT NULL AND means <> 'imported' AND (?1 IS NULL OR paid_at <= ?1)
              AND (returned_at IS NULL OR returned_at > ?1)";
        let by_id: HashMap<EventId, &Event> =
            events.iter().map(|event| (event.event.id, event)).collect();
        let requests = as_of.withdrawals();
        let paid = PAID.replace("{requests}", &requests);
        self.db.each(&paid, [as_of.instant()], |row| {
            let Some(event) = by_id.get(&row.next()?) else {
                return Ok(());
            };
            let approved: Instant = row.next()?;
            each(event, approved.date(), row.next()?)
        })
    }
}

fn broken_at(holder: HolderId) -> Error {
    Error::BadRow {
        table: "distribution_allocations",
        row: holder.to_string(),
        detail: "more left it than came in".to_owned(),
    }
}

fn broken(holder: &HolderRef) -> Error {
    Error::BadRow {
        table: "distribution_allocations",
        row: holder.code.to_string(),
        detail: "the holder's allocations add up to too much, or to less than left them".to_owned(),
    }
}
