//! Re-deriving what each event's allocations are, and what their withdrawals use of them.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, types::ValueRef};

use crate::domain::{
    allocation::{Balance, Movement, allocate, percentages},
    code::Code,
    event::{CalculationHasher, Event, EventStatus},
    id::{AllocationId, EventId, HolderId},
    quantity::{Amount, Percent, Tokens, Total},
};
use crate::store::{
    AsOf, Error, EventFilter, Tx,
    allocation::rebuilt,
    cells::{Cells, cell, columns},
    check::{Check, counted},
    trail::verify::{ALLOCATIONS, WITHDRAWALS},
};

/// What an allocation's withdrawals use of it.
pub(in crate::store) struct Used {
    withdrawn: i128,
    pending: i128,
}

/// What is known of the events before their allocations are read.
pub(in crate::store) struct Known {
    /// What is used of each allocation that has withdrawals, in the order of their ids.
    used: Vec<(AllocationId, Used)>,
    /// The holders in the order of their codes.
    holders: Vec<(HolderId, Code)>,
    /// The places of all holders among them.
    places: HashMap<HolderId, usize>,
    /// The events, and the row number of the last allocation of those that have any, in the order
    /// of these.
    events: Vec<(Event, Option<i64>)>,
}

/// What the sums of an event's allocations showed.
#[derive(Default)]
pub(in crate::store) struct Summed {
    allocations: usize,
    /// How many of them have withdrawals.
    used: usize,
    findings: Vec<String>,
}

impl Known {
    pub(in crate::store) fn read(tx: &mut Tx<'_>) -> Result<Self, Error> {
        let mut holders = tx.holder_codes()?;
        holders.sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
        let places = holders
            .iter()
            .enumerate()
            .map(|(at, (holder, _))| (*holder, at))
            .collect();
        Ok(Self {
            used: Vec::new(),
            holders,
            places,
            events: tx.events_by_allocations()?,
        })
    }

    /// Takes what the withdrawals use of allocations.
    pub(in crate::store) fn using(
        mut self,
        parts: impl Iterator<Item = Result<Uses, Error>>,
    ) -> Result<Self, Error> {
        for uses in parts {
            self.used.append(&mut uses?.used);
        }
        self.used.sort_by_key(|(id, _)| *id);
        self.used.dedup_by(|(id, more), (of, sum)| {
            let same = of == id;
            if same {
                sum.pending += more.pending;
                sum.withdrawn += more.withdrawn;
            }
            same
        });
        Ok(self)
    }

    /// Finds the place of a holder. Mostly it is the expected one: allocations stand in the order
    /// of the codes too.
    fn place(&self, holder: HolderId, expected: usize) -> Option<usize> {
        let is_expected = self
            .holders
            .get(expected)
            .is_some_and(|(there, _)| *there == holder);
        if is_expected {
            Some(expected)
        } else {
            self.places.get(&holder).copied()
        }
    }

    /// Finds the place of what is used of an allocation, or the place where it would stand. Mostly
    /// that is the expected one: allocations have ids in ascending order.
    fn place_of_used(&self, id: AllocationId, expected: usize) -> usize {
        let follows = expected
            .checked_sub(1)
            .and_then(|before| self.used.get(before))
            .is_none_or(|(before, _)| *before < id);
        let precedes = self
            .used
            .get(expected)
            .is_none_or(|(after, _)| *after >= id);
        if follows && precedes {
            expected
        } else {
            self.used.partition_point(|(before, _)| *before < id)
        }
    }

    /// Tells after which rows the allocations of another event begin.
    pub(in crate::store) fn last_allocations(&self) -> Vec<i64> {
        self.events
            .iter()
            .filter_map(|(_, last)| *last)
            .filter(|last| *last < i64::MAX)
            .collect()
    }

    /// Finds the event whose allocations end with a row.
    pub(in crate::store) fn event_until(&self, last: i64) -> Option<&Event> {
        self.events
            .iter()
            .find(|(_, of)| *of == Some(last))
            .map(|(event, _)| event)
    }

    /// Puts together what was found of all events. Answers too whether every withdrawal names an
    /// allocation that is there.
    pub(in crate::store) fn summed_up(
        &self,
        found: Vec<Result<Summed, Error>>,
    ) -> Result<(Check, bool), Error> {
        let (mut allocations, mut used, mut findings) = (0_usize, 0_usize, Vec::new());
        for found in found {
            let found = found?;
            allocations += found.allocations;
            used += found.used;
            findings.extend(found.findings);
        }
        let without = self.events.iter().filter(|(_, last)| last.is_none());
        findings.extend(without.flat_map(|(event, _)| Sums::of(Some(event), self).end().findings));
        let looked_at = format!(
            "{}, {}",
            counted(self.events.len(), "event"),
            counted(allocations, "allocation")
        );
        Ok((
            Check {
                name: "sums",
                findings,
                looked_at,
            },
            used == self.used.len(),
        ))
    }
}

impl Tx<'_> {
    fn holder_codes(&mut self) -> Result<Vec<(HolderId, Code)>, Error> {
        let mut statement = self.conn.prepare("SELECT id, code FROM lp_token_holders")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads the events in the order of their allocations; those without any come first.
    fn events_by_allocations(&mut self) -> Result<Vec<(Event, Option<i64>)>, Error> {
        let lasts = self.last_allocations()?;
        let events = self.events(&EventFilter::default(), AsOf::Now)?.into_iter();
        let mut events: Vec<_> = events
            .map(|event| (lasts.get(&event.event.id).copied(), event))
            .collect();
        events.sort_by_key(|(last, _)| *last);
        Ok(events
            .into_iter()
            .map(|(last, event)| (event, last))
            .collect())
    }

    /// Searches for the last allocation of each event, since those of an event stand side by side.
    /// Where they do not, their sums say so.
    fn last_allocations(&self) -> Result<HashMap<EventId, i64>, Error> {
        const FROM: &str = "SELECT number, distribution_event_id FROM distribution_allocations WHERE number >= ?1 ORDER BY number LIMIT 1";
        let mut statement = self.conn.prepare(FROM)?;
        let mut from = |number: i64| -> Result<Option<(i64, EventId)>, Error> {
            Ok(statement
                .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?)
        };
        let mut lasts = HashMap::new();
        let mut next = from(i64::MIN)?;
        while let Some((first, event)) = next.take() {
            // The row `last` is of the event; the first one from `beyond` on is not, if there is
            // one.
            let (mut last, mut beyond, mut step) = (first, None, 1_i64);
            while beyond.is_none_or(|beyond: i64| last < beyond - 1) {
                let probe =
                    beyond.map_or(last.saturating_add(step), |beyond| last.midpoint(beyond));
                step = step.saturating_mul(2);
                match from(probe)? {
                    Some((found, of)) if of == event && found > last => last = found,
                    other => (beyond, next) = (Some(probe), other.filter(|(_, of)| *of != event)),
                }
            }
            lasts.insert(event, last);
        }
        Ok(lasts)
    }
}

/// What withdrawals use of their allocations, taken row by row.
pub(in crate::store) struct Uses {
    /// The places of the columns that are needed.
    columns: [usize; 4],
    used: Vec<(AllocationId, Used)>,
}

impl Uses {
    pub(in crate::store) fn begin(conn: &Connection) -> Result<Self, Error> {
        const NEEDED: [&str; 4] = [
            "distribution_allocation_id",
            "status",
            "requested_amount",
            "payment_amount",
        ];
        Ok(Self {
            columns: columns(conn, WITHDRAWALS, NEEDED)?,
            used: Vec::new(),
        })
    }

    /// Adds a withdrawal.
    pub(in crate::store) fn add(&mut self, values: &[ValueRef<'_>]) -> Result<(), Error> {
        let [allocation, status, requested, paid] = self.columns;
        let units =
            |at| cell(values, at).map(|amount: Option<Amount>| amount.map_or(0, Amount::units));
        let used = match values.get(status) {
            Some(ValueRef::Text(b"pending" | b"approved")) => Used {
                withdrawn: 0,
                pending: units(requested)?,
            },
            Some(ValueRef::Text(b"paid")) => Used {
                withdrawn: units(paid)?,
                pending: 0,
            },
            _ => Used {
                withdrawn: 0,
                pending: 0,
            },
        };
        self.used.push((cell(values, allocation)?, used));
        Ok(())
    }
}

/// The sums of an event's allocations, taken row by row.
pub(in crate::store) struct Sums<'k> {
    event: Option<&'k Event>,
    known: &'k Known,
    hasher: Option<CalculationHasher>,
    tokens: Vec<Tokens>,
    amounts: Vec<Amount>,
    percentages: Vec<Percent>,
    withdrawn: i128,
    pending: i128,
    /// The place behind the last holder.
    next_holder: usize,
    /// The place behind what is used of the last allocation.
    next_used: usize,
    summed: Summed,
}

impl<'k> Sums<'k> {
    /// Begins with an event, or with none where no allocation should be.
    pub(in crate::store) fn of(event: Option<&'k Event>, known: &'k Known) -> Self {
        let hasher = event.and_then(|event| {
            let calculation = event.state.calculation()?;
            Some(CalculationHasher::begin(
                event,
                calculation.total_tokens,
                calculation.nav,
            ))
        });
        Self {
            event,
            known,
            hasher,
            tokens: Vec::new(),
            amounts: Vec::new(),
            percentages: Vec::new(),
            withdrawn: 0,
            pending: 0,
            next_holder: 0,
            next_used: 0,
            summed: Summed::default(),
        }
    }

    /// Adds an allocation. A calculation writes its allocations side by side, in the order of
    /// the holders' codes.
    pub(in crate::store) fn add(&mut self, values: &[ValueRef<'_>]) -> Result<(), Error> {
        let mut cells = Cells::of(values);
        let (number, id, event): (i64, AllocationId, EventId) =
            (cells.next()?, cells.next()?, cells.next()?);
        cells.skip();
        let holder: HolderId = cells.next()?;
        let bad = |detail: &str| Error::BadRow {
            table: ALLOCATIONS,
            row: number.to_string(),
            detail: detail.to_owned(),
        };
        let event = self.event.filter(|of| of.event.id == event);
        let event = event.ok_or_else(|| bad("it does not stand among the others of its event"))?;
        let place = self
            .known
            .place(holder, self.next_holder)
            .ok_or_else(|| bad("it names a holder who is not there"))?;
        let (_, code) = self
            .known
            .holders
            .get(place)
            .ok_or_else(|| Error::bug("a holder has no place"))?;
        if place < self.next_holder {
            return Err(bad("it is not in the order of holder codes"));
        }
        self.next_holder = place + 1;
        let (tokens, percentage) = (cells.next()?, cells.next()?);
        let balance = rebuilt(cells.next()?, cells.next()?, cells.next()?, code)?;
        let place = self.known.place_of_used(id, self.next_used);
        let used = self.known.used.get(place).filter(|(of, _)| *of == id);
        self.next_used = place + usize::from(used.is_some());
        self.summed.used += usize::from(used.is_some());
        let sums = used.map_or((0, 0), |(_, used)| (used.withdrawn, used.pending));
        if (balance.withdrawn().units(), balance.pending().units()) != sums {
            let event = &event.event.code;
            self.summed.findings.push(format!(
                "the allocation of `{code}` in `{event}` is not the sum of its withdrawals"
            ));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.add(code, tokens, percentage, balance.allocated());
        }
        self.summed.allocations += 1;
        self.withdrawn += balance.withdrawn().units();
        self.pending += balance.pending().units();
        self.tokens.push(tokens);
        self.percentages.push(percentage);
        self.amounts.push(balance.allocated());
        Ok(())
    }

    /// Ends with what does not add up.
    pub(in crate::store) fn end(mut self) -> Summed {
        let Some(event) = self.event else {
            return self.summed;
        };
        let code = &event.event.code;
        if (
            event.balance.withdrawn().units(),
            event.balance.pending().units(),
        ) != (self.withdrawn, self.pending)
        {
            let detail =
                format!("paid and pending of `{code}` are not the sums of its allocations");
            self.summed.findings.push(detail);
        }
        self.check_shares(event);
        self.summed
    }

    /// Checks that the allocations are what the rule gives for the tokens held, and that their hash
    /// is the approved one.
    fn check_shares(&mut self, event: &Event) {
        let (code, findings) = (&event.event.code, &mut self.summed.findings);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::store::file::versions;

    fn id(number: u128) -> String {
        Uuid::from_u128(number).to_string()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_last_allocation_of_each_event_is_found(runs in prop::collection::vec(prop::collection::vec(1_i64..40, 1..30), 0..6)) {
            const INSERT: &str = "INSERT INTO distribution_allocations VALUES (?1, ?2, ?3, ?4, ?5, '1.0000000', '1.0000000',
                '1.0000000', '0.0000000', '0.0000000', '1.0000000', 'allocated', ?6, ?6)";
            let mut conn = Connection::open_in_memory().unwrap();
            versions::make_tables(&mut conn).unwrap();
            conn.pragma_update(None, "foreign_keys", false).unwrap();
            let (mut number, mut expected) = (0_i64, HashMap::new());
            for (event, steps) in (1_u128..).zip(&runs) {
                for step in steps {
                    number += step;
                    let own = u128::try_from(number).unwrap();
                    let row = (number, id(own << 8), id(event), id(7), id(own << 9), "2026-01-31T16:05:09.000001Z");
                    conn.execute(INSERT, row).unwrap();
                    expected.insert(EventId(Uuid::from_u128(event)), number);
                }
            }
            prop_assert_eq!(Tx::over(&conn).last_allocations().unwrap(), expected);
        }
    }
}
