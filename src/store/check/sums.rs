//! Deriving each event's allocations again, and what their withdrawals use of them.

use std::collections::HashMap;

use super::counted::counted;
use crate::domain::{
    allocation::{Balance, Movement, allocate, percentages},
    check::Check,
    code::Code,
    event::{CalculationHasher, Event, EventStatus},
    id::{AllocationId, EventId, HolderId},
    quantity::{Amount, Percent, Tokens, Total},
};
use crate::store::{
    AsOf, Error, EventFilter, Tx,
    allocation::rebuilt,
    db::{Db, Row},
};

/// Checks that the allocations of each event are what the rule gives, that they are the sums of
/// their withdrawals, and that the event's own sums are those of its allocations.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    let events = tx.events(&EventFilter::default(), AsOf::Now)?;
    let (mut allocations, mut findings) = (0_usize, Vec::new());
    let mut waiting: Vec<&Event> = events.iter().collect();
    let mut event_sums: Option<EventSums<'_>> = None;
    let (holders, withdrawals) = (holders(tx.db)?, Withdrawals::read(tx.db)?);
    each_allocation(tx.db, &holders, |allocation| {
        // A calculation writes the allocations of an event one after the other.
        let is_next = |sums: &EventSums<'_>| sums.event.event.id == allocation.event;
        if !event_sums.as_ref().is_some_and(is_next) {
            let at = waiting
                .iter()
                .position(|event| event.event.id == allocation.event)
                .ok_or_else(|| {
                    allocation.bad("it is not next to the other allocations of its event")
                })?;
            let next = EventSums::begin(waiting.remove(at));
            if let Some(sums) = event_sums.replace(next) {
                sums.end(&mut findings);
            }
        }
        allocations += 1;
        event_sums.as_mut().map_or(Ok(()), |sums| {
            sums.add(allocation, &withdrawals, &mut findings)
        })
    })?;
    let without_allocations = waiting.into_iter().map(EventSums::begin);
    for sums in event_sums.into_iter().chain(without_allocations) {
        sums.end(&mut findings);
    }
    let looked_at = format!(
        "{}, {}",
        counted(events.len(), "event"),
        counted(allocations, "allocation")
    );
    Ok(Check {
        name: "sums",
        findings,
        looked_at,
    })
}

fn holders(db: Db<'_>) -> Result<HashMap<HolderId, Code>, Error> {
    let mut holders = HashMap::new();
    db.each("SELECT id, code FROM lp_token_holders", (), |row| {
        holders.insert(row.next()?, row.next()?);
        Ok::<_, Error>(())
    })?;
    Ok(holders)
}

/// An allocation as it is stored.
struct StoredAllocation<'h> {
    number: i64,
    id: AllocationId,
    event: EventId,
    holder: &'h Code,
    tokens: Tokens,
    percentage: Percent,
    balance: Balance,
}

/// Reads all allocations in the order in which they were written.
fn each_allocation<'h>(
    db: Db<'_>,
    holders: &'h HashMap<HolderId, Code>,
    mut each: impl FnMut(StoredAllocation<'h>) -> Result<(), Error>,
) -> Result<(), Error> {
    const ALLOCATIONS: &str =
        "SELECT number, id, distribution_event_id, lp_token_holder_id, lp_tokens_held,
        ownership_percentage, allocated_amount, withdrawn_amount, pending_amount
        FROM distribution_allocations ORDER BY number";
    db.each(ALLOCATIONS, (), |row| {
        each(StoredAllocation::read(row, holders)?)
    })
}

impl<'h> StoredAllocation<'h> {
    fn read(row: &mut Row<'_>, holders: &'h HashMap<HolderId, Code>) -> Result<Self, Error> {
        let number = row.next()?;
        let (id, event) = (row.next()?, row.next()?);
        let holder = holders
            .get(&row.next()?)
            .ok_or_else(|| bad(number, "its holder does not exist"))?;
        Ok(Self {
            number,
            id,
            event,
            holder,
            tokens: row.next()?,
            percentage: row.next()?,
            balance: rebuilt(row.next()?, row.next()?, row.next()?, holder)?,
        })
    }

    fn bad(&self, detail: &str) -> Error {
        bad(self.number, detail)
    }
}

fn bad(allocation: i64, detail: &str) -> Error {
    Error::BadRow {
        table: "distribution_allocations",
        row: allocation.to_string(),
        detail: detail.to_owned(),
    }
}

/// What withdrawals use of allocations, in the order of the allocations' ids.
struct Withdrawals(Vec<Withdrawal>);

/// What the withdrawals of an allocation use of it.
struct Withdrawal {
    allocation: AllocationId,
    withdrawn: i128,
    pending: i128,
}

impl Withdrawals {
    fn read(db: Db<'_>) -> Result<Self, Error> {
        const USES: &str =
            "SELECT distribution_allocation_id, status, requested_amount, payment_amount
            FROM withdrawal_requests ORDER BY number";
        let mut all = db.query(USES, (), |row| {
            let units = |amount: Option<Amount>| amount.map_or(0, Amount::units);
            let (withdrawn, pending) = match row.text(1)? {
                "pending" | "approved" => (0, units(row.get(2)?)),
                "paid" => (units(row.get(3)?), 0),
                _ => (0, 0),
            };
            Ok(Withdrawal {
                allocation: row.get(0)?,
                withdrawn,
                pending,
            })
        })?;
        all.sort_by_key(|withdrawal| withdrawal.allocation);
        all.dedup_by(|more, sum| {
            let same = more.allocation == sum.allocation;
            if same {
                sum.withdrawn += more.withdrawn;
                sum.pending += more.pending;
            }
            same
        });
        Ok(Self(all))
    }

    fn of(&self, allocation: AllocationId) -> Option<&Withdrawal> {
        let at = self
            .0
            .binary_search_by_key(&allocation, |withdrawal| withdrawal.allocation);
        at.ok().and_then(|at| self.0.get(at))
    }
}

/// The sums of an event's allocations, up to one of them.
struct EventSums<'e> {
    event: &'e Event,
    hasher: Option<CalculationHasher>,
    last_holder: Option<&'e Code>,
    tokens: Vec<Tokens>,
    amounts: Vec<Amount>,
    percentages: Vec<Percent>,
    withdrawn: i128,
    pending: i128,
}

impl<'e> EventSums<'e> {
    fn begin(event: &'e Event) -> Self {
        let hasher = event.state.calculation().map(|calculation| {
            CalculationHasher::begin(event, calculation.total_tokens, calculation.nav)
        });
        Self {
            event,
            hasher,
            last_holder: None,
            tokens: Vec::new(),
            amounts: Vec::new(),
            percentages: Vec::new(),
            withdrawn: 0,
            pending: 0,
        }
    }

    /// Adds the next allocation. A calculation writes them in the order of the holders' codes.
    fn add(
        &mut self,
        allocation: StoredAllocation<'e>,
        withdrawals: &Withdrawals,
        findings: &mut Vec<String>,
    ) -> Result<(), Error> {
        let holder = allocation.holder;
        if self.last_holder.is_some_and(|last| last >= holder) {
            return Err(allocation.bad("it is not in the order of holder codes"));
        }
        self.last_holder = Some(holder);
        let sums = withdrawals.of(allocation.id);
        let sums = sums.map_or((0, 0), |sums| (sums.withdrawn, sums.pending));
        let balance = allocation.balance;
        if (balance.withdrawn().units(), balance.pending().units()) != sums {
            findings.push(format!(
                "the allocation of `{holder}` in `{}` is not the sum of its withdrawals",
                self.event.event.code
            ));
        }
        let (tokens, percentage) = (allocation.tokens, allocation.percentage);
        if let Some(hasher) = &mut self.hasher {
            hasher.add(holder, tokens, percentage, balance.allocated());
        }
        self.withdrawn += balance.withdrawn().units();
        self.pending += balance.pending().units();
        self.tokens.push(tokens);
        self.percentages.push(percentage);
        self.amounts.push(balance.allocated());
        Ok(())
    }

    /// Reports what does not add up.
    fn end(self, findings: &mut Vec<String>) {
        let balance = &self.event.balance;
        if (balance.withdrawn().units(), balance.pending().units())
            != (self.withdrawn, self.pending)
        {
            findings.push(format!(
                "paid and pending of `{}` are not the sums of its allocations",
                self.event.event.code
            ));
        }
        self.check_shares(findings);
    }

    /// Checks that the allocations are what the rule gives for the tokens held, and that their hash
    /// is the approved one.
    fn check_shares(mut self, findings: &mut Vec<String>) {
        let (event, code) = (self.event, &self.event.event.code);
        let Some((calculation, hasher)) = event.state.calculation().zip(self.hasher.take()) else {
            if !self.amounts.is_empty() {
                findings.push(format!("`{code}` has allocations and was never calculated"));
            }
            return;
        };
        if allocate(event.total_amount, event.unit, &self.tokens).as_ref() != Some(&self.amounts) {
            findings.push(format!(
                "the allocations of `{code}` are not what the rule gives"
            ));
        }
        if percentages(&self.tokens).as_ref() != Some(&self.percentages) {
            findings.push(format!(
                "the percentages of `{code}` are not what the rule gives"
            ));
        }
        let sum: Option<Total> = self.amounts.iter().copied().sum();
        if sum != Some(event.total_amount.widen())
            || event.balance.allocated() != event.total_amount
        {
            findings.push(format!(
                "the allocations of `{code}` do not sum to its total"
            ));
        }
        if hasher.finish() != calculation.hash {
            findings.push(format!(
                "the calculation hash of `{code}` does not fit its inputs and allocations"
            ));
        }
        let settled = event
            .balance
            .after(Movement::Hold(Amount::ZERO))
            .is_some_and(Balance::is_paid_out);
        let completed = event.status() == EventStatus::Completed;
        if settled != completed {
            findings.push(format!(
                "`{code}` is {} although {}",
                event.status(),
                if settled {
                    "all of it is paid"
                } else {
                    "not all of it is paid"
                }
            ));
        }
    }
}
