//! What holders have in approved events: added up over all of them, and how it stood on a past day.

use std::collections::HashMap;

use super::{
    AsOf, Error, Tx, holder,
    sql::{Day, Fields},
};
use crate::domain::{
    allocation::Balance,
    event::Event,
    id::{AllocationId, EventId, HolderId, HolderRef},
    portfolio::{HolderBalance, Sums},
    quantity::Amount,
    time::{Date, Instant},
    withdrawal::{AllocationUse, WithdrawalTimeline},
};

/// What an allocation's withdrawals use of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) withdrawn: i128,
    pub(super) pending: i128,
}

/// What is added up of one holder: by the place of the currency among all currencies.
type HolderSums = HashMap<HolderId, Vec<Option<[i128; 3]>>>;

const STEPS: &str =
    "SELECT distribution_allocation_id, requested_amount, payment_amount, created_at, rejected_at, cancelled_at,
    paid_at, returned_at FROM withdrawal_requests";

impl Used {
    /// Sets an allocation's balance to this use of it, or `None` where more was used than is
    /// allocated.
    pub(super) fn of(self, allocated: Amount) -> Option<Balance> {
        Balance::rebuild(
            allocated,
            Amount::from_units(self.withdrawn)?,
            Amount::from_units(self.pending)?,
        )
    }
}

impl Tx<'_> {
    /// Tells what the withdrawals of an event used of each of its allocations at an instant.
    ///
    /// Memory: linear in the event's withdrawals.
    pub(super) fn used_in_event(
        &self,
        event: EventId,
        at: Instant,
    ) -> Result<HashMap<AllocationId, Used>, Error> {
        self.used_where(
            &format!("{STEPS} WHERE distribution_event_id = ?1 AND created_at <= ?2"),
            event,
            at,
        )
    }

    /// Tells what the withdrawals of an allocation used of it at an instant.
    pub(super) fn used_of(&self, allocation: AllocationId, at: Instant) -> Result<Used, Error> {
        let sql = format!("{STEPS} WHERE distribution_allocation_id = ?1 AND created_at <= ?2");
        Ok(self
            .used_where(&sql, allocation, at)?
            .remove(&allocation)
            .unwrap_or_default())
    }

    fn used_where(
        &self,
        sql: &str,
        whose: impl rusqlite::ToSql,
        at: Instant,
    ) -> Result<HashMap<AllocationId, Used>, Error> {
        let mut used: HashMap<AllocationId, Used> = HashMap::new();
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((whose, at))?;
        while let Some(row) = rows.next()? {
            let mut fields = Fields::of(row);
            let allocation: AllocationId = fields.next()?;
            let steps = WithdrawalTimeline {
                requested: fields.next()?,
                paid: fields.next()?,
                created_at: fields.next()?,
                rejected_at: fields.next()?,
                cancelled_at: fields.next()?,
                paid_at: fields.next()?,
                returned_at: fields.next()?,
            };
            let sums = used.entry(allocation).or_default();
            match steps.used_at(at) {
                AllocationUse::Nothing => {}
                AllocationUse::Pending(amount) => sums.pending += amount.units(),
                AllocationUse::Withdrawn(amount) => sums.withdrawn += amount.units(),
            }
        }
        Ok(used)
    }

    /// Adds up what each holder has in the events, and hands it to `each` in byte order of holder
    /// code, then of currency. Answers for each event how many of its allocations have unpaid
    /// money.
    ///
    /// The events are approved ones as they stood at `as_of`, so that their allocations are frozen.
    /// Memory: linear in the holders; for a past day also in the withdrawals of the largest event.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_holder_balance<E: From<Error>>(
        &mut self,
        events: &[Event],
        as_of: AsOf,
        mut each: impl FnMut(HolderBalance) -> Result<(), E>,
    ) -> Result<Vec<u64>, E> {
        let mut currencies: Vec<_> = events.iter().map(|event| event.currency).collect();
        currencies.sort_unstable_by_key(|currency| currency.code());
        currencies.dedup();
        let mut sums = HolderSums::new();
        let mut unpaid = Vec::with_capacity(events.len());
        for event in events {
            let place = currencies
                .iter()
                .position(|currency| *currency == event.currency);
            let place = place
                .ok_or_else(|| Error::bug("the currency of an event is not among those of all"))?;
            unpaid.push(self.add_event(event, as_of, (place, currencies.len()), &mut sums)?);
        }
        let sql = match as_of {
            AsOf::Now => "SELECT id, code, name FROM lp_token_holders ORDER BY code COLLATE BINARY"
                .to_owned(),
            AsOf::At(_) => {
                let source = as_of.source("lp_token_holders", holder::COLUMNS);
                format!("SELECT id, code, name FROM {source} ORDER BY code COLLATE BINARY")
            }
        };
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement.query([]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let id: HolderId = row.get(0).map_err(Error::from)?;
            let Some(found) = sums.remove(&id) else {
                continue;
            };
            let holder = HolderRef {
                id,
                code: row.get(1).map_err(Error::from)?,
            };
            let name: String = row.get(2).map_err(Error::from)?;
            for (currency, units) in currencies.iter().zip(found) {
                let Some(units) = units else { continue };
                let sums = Sums::rebuild(units).ok_or_else(|| broken(&holder))?;
                each(HolderBalance {
                    holder: holder.clone(),
                    name: name.clone(),
                    currency: *currency,
                    sums,
                })?;
            }
        }
        if sums.is_empty() {
            Ok(unpaid)
        } else {
            Err(Error::Damaged {
                detail: "an allocation names a holder that does not exist".to_owned(),
            }
            .into())
        }
    }

    /// Adds the allocations of an event up, in the order in which they were written: they lie side
    /// by side.
    fn add_event(
        &mut self,
        event: &Event,
        as_of: AsOf,
        (place, currencies): (usize, usize),
        sums: &mut HolderSums,
    ) -> Result<u64, Error> {
        // The `+` keeps SQLite on the row numbers: the event's index would jump to and fro.
        const ALLOCATIONS: &str =
            "SELECT lp_token_holder_id, allocated_amount, withdrawn_amount, pending_amount, id FROM distribution_allocations
            WHERE number > ?2 AND number <= ?3 AND +distribution_event_id = ?1";
        let used = as_of
            .instant()
            .map(|at| self.used_in_event(event.event.id, at))
            .transpose()?;
        let (after, last) = self.allocation_range(event.event.id)?;
        let mut unpaid = 0_u64;
        let mut statement = self.conn.prepare_cached(ALLOCATIONS)?;
        let mut rows = statement.query((event.event.id, after, last))?;
        while let Some(row) = rows.next()? {
            let holder: HolderId = row.get(0)?;
            let allocated: Amount = row.get(1)?;
            let (withdrawn, pending) = match &used {
                None => (
                    row.get::<_, Amount>(2)?.units(),
                    row.get::<_, Amount>(3)?.units(),
                ),
                Some(used) => used
                    .get(&row.get(4)?)
                    .map_or((0, 0), |used| (used.withdrawn, used.pending)),
            };
            unpaid += u64::from(allocated.units() > withdrawn);
            let of_holder = sums.entry(holder).or_insert_with(|| vec![None; currencies]);
            let Some(slot) = of_holder.get_mut(place) else {
                return Err(Error::bug("an event's currency is not known"));
            };
            let [a, w, p] = slot.get_or_insert_default();
            // Fewer than 2^40 amounts below 10^20 stay far below 2^127.
            (*a, *w, *p) = (*a + allocated.units(), *w + withdrawn, *p + pending);
        }
        Ok(unpaid)
    }

    /// Hands the approval's day and the value date of each payment that stood at `as_of` to `each`,
    /// event by event; `each` gets the event's place in the list too.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_payment_delay<E: From<Error>>(
        &mut self,
        events: &[Event],
        as_of: AsOf,
        mut each: impl FnMut(&Event, Date, Date) -> Result<(), E>,
    ) -> Result<(), E> {
        const PAID: &str =
            "SELECT distribution_event_id, approved_at, payment_date FROM withdrawal_requests
            WHERE payment_date IS NOT NULL AND (?1 IS NULL OR paid_at <= ?1)
              AND (returned_at IS NULL OR returned_at > ?1)";
        let known: HashMap<EventId, &Event> =
            events.iter().map(|event| (event.event.id, event)).collect();
        let mut statement = self.conn.prepare_cached(PAID).map_err(Error::from)?;
        let mut rows = statement.query([as_of.instant()]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let id: EventId = row.get(0).map_err(Error::from)?;
            let Some(event) = known.get(&id) else {
                continue;
            };
            let approved: Instant = row.get(1).map_err(Error::from)?;
            let paid: Day = row.get(2).map_err(Error::from)?;
            each(event, approved.date(), paid.0)?;
        }
        Ok(())
    }
}

fn broken(holder: &HolderRef) -> Error {
    Error::BadRow {
        table: "distribution_allocations",
        row: holder.code.to_string(),
        detail:
            "the holder's allocations add up to too much, or less than is withdrawn and pending"
                .to_owned(),
    }
}
