//! Deriving each event's allocations again, and what their withdrawals use of them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{
    counted::counted,
    frozen::{FrozenFacts, frozen_facts},
};
use crate::domain::{
    allocation::{Balance, percentages},
    check::Check,
    code::Code,
    event::{CalculationHasher, Event, EventStatus, Share, ShareFigures, calculate, own_parts},
    forward::ForwardKind,
    id::{AllocationId, EventId, HolderId, HolderRef},
    quantity::{Amount, Percent, Tokens, Total},
};
use crate::store::{
    AsOf, Error, EventFilter, Tx,
    allocation::{class, parts, rebuilt},
    db::{Db, Row},
};

/// Checks that the allocations of each event are what the rule gives. On the way, it checks that
/// their balances are the sums of their withdrawals and movements, and that the event's own sums are
/// those of its allocations: what does not fit there goes to `balances`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>, balances: &Mutex<Vec<String>>) -> Result<Check, Error> {
    let events = tx.events(&EventFilter::default(), AsOf::Now)?;
    let (facts, plain) = (frozen_facts(tx, &events)?, FrozenFacts::default());
    let facts_of = |event: &Event| facts.get(&event.event.id).unwrap_or(&plain);
    let (mut allocations, mut findings) = (0_usize, Findings::default());
    let mut waiting: Vec<&Event> = events.iter().collect();
    let mut event_sums: Option<EventSums<'_>> = None;
    let holders = holders(tx.db)?;
    let sources = Sources {
        withdrawals: Withdrawals::read(tx.db)?,
        movements: movements(tx.db)?,
    };
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
            let event = waiting.remove(at);
            let next = EventSums::begin(event, facts_of(event));
            if let Some(sums) = event_sums.replace(next) {
                sums.end(&mut findings);
            }
        }
        allocations += 1;
        event_sums
            .as_mut()
            .map_or(Ok(()), |sums| sums.add(allocation, &sources, &mut findings))
    })?;
    let without_allocations = waiting
        .into_iter()
        .map(|event| EventSums::begin(event, facts_of(event)));
    for sums in event_sums.into_iter().chain(without_allocations) {
        sums.end(&mut findings);
    }
    let looked_at = format!(
        "{}, {}",
        counted(events.len(), "event"),
        counted(allocations, "allocation")
    );
    *balances.lock().unwrap_or_else(PoisonError::into_inner) = findings.balances;
    Ok(Check {
        name: "sums",
        findings: findings.sums,
        looked_at,
    })
}

/// What does not fit: what is calculated, and what became of it.
#[derive(Default)]
struct Findings {
    sums: Vec<String>,
    balances: Vec<String>,
}

/// What balances follow from.
struct Sources {
    withdrawals: Withdrawals,
    /// What movements brought in and took out, by allocation.
    movements: HashMap<i64, Moved>,
}

/// What movements brought into an allocation and took out of it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Moved {
    brought: i128,
    carried: i128,
}

/// Adds up the movements of each allocation.
fn movements(db: Db<'_>) -> Result<HashMap<i64, Moved>, Error> {
    const MOVEMENTS: &str =
        "SELECT allocation_number, kind, amount FROM allocation_movements ORDER BY number";
    let mut movements: HashMap<i64, Moved> = HashMap::new();
    db.each(MOVEMENTS, (), |row| {
        let moved = movements.entry(row.next()?).or_default();
        let (kind, amount): (ForwardKind, Amount) = (row.next()?, row.next()?);
        match kind {
            ForwardKind::BroughtForward | ForwardKind::Released => moved.brought += amount.units(),
            ForwardKind::CarriedForward => moved.carried += amount.units(),
            ForwardKind::BroughtForwardUndone => moved.brought -= amount.units(),
            ForwardKind::CarriedForwardUndone => moved.carried -= amount.units(),
            ForwardKind::WrittenOff => {}
        }
        Ok::<_, Error>(())
    })?;
    Ok(movements)
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
    holder_id: HolderId,
    holder: &'h Code,
    tokens: Tokens,
    percentage: Percent,
    assigned: Amount,
    tax_class: Option<u32>,
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
        ownership_percentage, assigned_amount, tax_class, allocated_amount, withdrawn_amount, pending_amount, tax_amount,
        moved_in_amount, moved_out_amount
        FROM distribution_allocations ORDER BY number";
    db.each(ALLOCATIONS, (), |row| {
        each(StoredAllocation::read(row, holders)?)
    })
}

impl<'h> StoredAllocation<'h> {
    fn read(row: &mut Row<'_>, holders: &'h HashMap<HolderId, Code>) -> Result<Self, Error> {
        let number = row.next()?;
        let (id, event) = (row.next()?, row.next()?);
        let holder_id = row.next()?;
        let holder = holders
            .get(&holder_id)
            .ok_or_else(|| bad(number, "its holder does not exist"))?;
        Ok(Self {
            number,
            id,
            event,
            holder_id,
            holder,
            tokens: row.next()?,
            percentage: row.next()?,
            assigned: row.next()?,
            tax_class: class(row.next()?)?,
            balance: rebuilt(parts(row)?, holder)?,
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
    facts: &'e FrozenFacts,
    hasher: Option<CalculationHasher<'e>>,
    last_holder: Option<&'e Code>,
    tokens: Vec<Tokens>,
    amounts: Vec<Amount>,
    percentages: Vec<Percent>,
    /// The allocations with their holders, of an event that is not plain.
    shares: Vec<Share>,
    /// The components of the allocation that is added.
    parts: Vec<Amount>,
    totals: SideTotals,
    /// How many allocations there are.
    holders: u64,
    /// How many of them are zero.
    without_money: u64,
}

/// The sums of what became of allocations, in ten-millionths.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct SideTotals {
    tax: i128,
    brought: i128,
    carried: i128,
    withdrawn: i128,
    pending: i128,
}

impl SideTotals {
    const fn add(&mut self, balance: Balance) {
        // Fewer than 2^40 amounts below 10^20 stay far below 2^127.
        self.tax += balance.tax().units();
        self.brought += balance.brought_forward().units();
        self.carried += balance.carried_forward().units();
        self.withdrawn += balance.withdrawn().units();
        self.pending += balance.pending().units();
    }

    /// Returns the sums with the words for what they add up.
    const fn named(self) -> [(&'static str, i128); 5] {
        [
            ("tax", self.tax),
            ("brought forward", self.brought),
            ("carried forward", self.carried),
            ("paid", self.withdrawn),
            ("pending", self.pending),
        ]
    }
}

/// Writes ten-millionths as an amount.
fn shown(units: i128) -> String {
    Total::from_units(units).map_or_else(|| units.to_string(), |total| total.plain(2))
}

impl<'e> EventSums<'e> {
    fn begin(event: &'e Event, facts: &'e FrozenFacts) -> Self {
        let frozen = facts.of(event);
        let hasher = frozen.map(|frozen| CalculationHasher::begin(event, &frozen));
        Self {
            event,
            facts,
            hasher,
            last_holder: None,
            tokens: Vec::new(),
            amounts: Vec::new(),
            percentages: Vec::new(),
            shares: Vec::new(),
            parts: Vec::new(),
            totals: SideTotals::default(),
            holders: 0,
            without_money: 0,
        }
    }

    /// Adds the next allocation. A calculation writes them in the order of the holders' codes.
    fn add(
        &mut self,
        allocation: StoredAllocation<'e>,
        sources: &Sources,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let holder = allocation.holder;
        if self.last_holder.is_some_and(|last| last >= holder) {
            return Err(allocation.bad("it is not in the order of holder codes"));
        }
        self.last_holder = Some(holder);
        self.check_balance(&allocation, sources, findings);
        let balance = allocation.balance;
        let figures = ShareFigures {
            tokens: allocation.tokens,
            percentage: allocation.percentage,
            amount: balance.allocated(),
            assigned: allocation.assigned,
            tax: balance.tax(),
            tax_class: allocation.tax_class,
        };
        if let Some(hasher) = &mut self.hasher {
            self.parts.clear();
            let (list, at) = (&mut self.parts, self.shares.len());
            self.facts.add_parts(list, at, figures.amount);
            hasher.add(holder, figures, list);
        }
        self.totals.add(balance);
        self.holders += 1;
        self.without_money += u64::from(figures.amount.is_zero());
        if self.facts.is_plain(self.event) {
            self.tokens.push(figures.tokens);
            self.percentages.push(figures.percentage);
            self.amounts.push(figures.amount);
        } else {
            let (id, code) = (allocation.holder_id, holder.clone());
            // The tax is checked from its rates; here the shares are compared with the rule.
            let figures = ShareFigures {
                tax: Amount::ZERO,
                tax_class: None,
                ..figures
            };
            self.shares.push(Share::of(HolderRef { id, code }, figures));
        }
        Ok(())
    }

    /// Reports a balance that is not what the withdrawals and movements of its allocation give.
    fn check_balance(
        &self,
        allocation: &StoredAllocation<'e>,
        sources: &Sources,
        findings: &mut Findings,
    ) {
        let (balance, code) = (allocation.balance, &self.event.event.code);
        let used = sources.withdrawals.of(allocation.id);
        let used = used.map_or((0, 0), |used| (used.withdrawn, used.pending));
        let moved = sources.movements.get(&allocation.number).copied();
        let moved = moved.unwrap_or_default();
        let sides = [
            ("paid", balance.withdrawn(), used.0, "withdrawals"),
            ("pending", balance.pending(), used.1, "withdrawals"),
            (
                "brought forward",
                balance.brought_forward(),
                moved.brought,
                "movements",
            ),
            (
                "carried forward",
                balance.carried_forward(),
                moved.carried,
                "movements",
            ),
        ];
        for (what, amount, derived, sources) in sides {
            if amount.units() != derived {
                findings.balances.push(format!(
                    "the allocation of `{}` in `{code}` is not the sum of its {sources}: {} is {what}, and they give {}, a difference of {}",
                    allocation.holder,
                    amount.plain(2),
                    shown(derived),
                    shown((amount.units() - derived).abs()),
                ));
            }
        }
        let approved = matches!(
            self.event.status(),
            EventStatus::Active | EventStatus::Completed
        );
        let payable = balance.withdrawn().units() + balance.pending().units();
        let payable = payable + balance.available().units();
        let step = self.event.currency.minor_unit().units();
        if approved && payable.checked_rem(step) != Some(0) {
            findings.balances.push(format!(
                "the allocation of `{}` in `{code}` has {} to pay, which no bank can pay",
                allocation.holder,
                shown(payable)
            ));
        }
    }

    /// Reports what does not add up.
    fn end(self, findings: &mut Findings) {
        let mut own = SideTotals::default();
        own.add(self.event.balance);
        for ((what, total), (_, sum)) in own.named().into_iter().zip(self.totals.named()) {
            if total != sum {
                findings.balances.push(format!(
                    "the {what} total of `{}` is {}, but its allocations add up to {}, a difference of {}",
                    self.event.event.code,
                    shown(total),
                    shown(sum),
                    shown((total - sum).abs())
                ));
            }
        }
        self.check_completion(&mut findings.balances);
        self.check_shares(&mut findings.sums);
    }

    /// Reports an event that is completed although money is left, or the other way round.
    fn check_completion(&self, findings: &mut Vec<String>) {
        let (event, settled) = (self.event, self.event.balance.is_settled());
        let wrong = match event.status() {
            EventStatus::Active => settled,
            EventStatus::Completed => !settled,
            EventStatus::Draft | EventStatus::Calculated | EventStatus::Cancelled => false,
        };
        if wrong {
            findings.push(format!(
                "`{}` is {} although {} is pending and {} available",
                event.event.code,
                event.status(),
                event.balance.pending().plain(2),
                event.balance.available().plain(2)
            ));
        }
    }

    /// Checks that the allocations are what the rule gives for the tokens held, and that their hash
    /// is the approved one.
    fn check_shares(mut self, findings: &mut Vec<String>) {
        let (event, code) = (self.event, &self.event.event.code);
        let Some((calculation, hasher)) = event.state.calculation().zip(self.hasher.take()) else {
            if !self.amounts.is_empty() || !self.shares.is_empty() {
                findings.push(format!("`{code}` has allocations and was never calculated"));
            }
            return;
        };
        let counts = (calculation.holders, calculation.holders_without_money);
        if counts != (self.holders, self.without_money) {
            findings.push(format!(
                "`{code}` counts {}, {} of them without money, but it has {}, {} of them zero",
                counted(counts.0, "holder"),
                counts.1,
                counted(self.holders, "allocation"),
                self.without_money
            ));
        }
        if !self.follows_from_the_rule() {
            findings.push(format!(
                "the allocations of `{code}` are not what the rule gives"
            ));
        }
        let plain = self.facts.is_plain(event);
        if plain && percentages(&self.tokens).as_ref() != Some(&self.percentages) {
            findings.push(format!(
                "the percentages of `{code}` are not what the rule gives"
            ));
        }
        let shares = self.shares.iter().map(|share| share.amount);
        let sum: Option<Total> = self.amounts.iter().copied().chain(shares).sum();
        let with_retained = event.balance.allocated().checked_add(event.retained);
        if sum != Some(event.balance.allocated().widen()) || with_retained != event.total.amount() {
            findings.push(format!(
                "the allocations of `{code}` do not sum to its total"
            ));
        }
        if hasher.finish() != calculation.hash {
            findings.push(format!(
                "the calculation hash of `{code}` does not fit its inputs and allocations"
            ));
        }
    }

    /// Returns whether the rule gives these allocations for the tokens held and what was frozen.
    fn follows_from_the_rule(&self) -> bool {
        // What was imported is compared with its file, next to the proposals.
        if self.event.is_imported() {
            return true;
        }
        if self.facts.is_plain(self.event) {
            return own_parts(self.event, &[], &self.tokens).as_ref() == Some(&self.amounts);
        }
        calculate(self.event, self.facts.inputs(&self.shares)).is_ok_and(|again| {
            again.shares == self.shares
                && self.facts.follow_from(&again)
                && again.retained == self.event.retained
                && Some(again.total) == self.event.total.amount()
                && self.event.state.calculation().is_some_and(|known| {
                    (known.total_tokens, known.counted_tokens)
                        == (again.total_tokens, again.counted_tokens)
                })
        })
    }
}
