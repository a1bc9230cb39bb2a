//! How a transaction changes what the ledger keeps counted.

use std::collections::BTreeMap;

use super::Error;
use crate::domain::{
    code::FileNumber,
    id::EventId,
    quantity::{Amount, Total},
    work::Tally,
};

/// What a transaction changed so far.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) events: BTreeMap<EventId, EventChange>,
    pub(super) files: BTreeMap<FileNumber, TallyChange>,
}

/// How the counts of an event changed.
#[derive(Clone, Copy, Default)]
pub(super) struct EventChange {
    pub(super) available: i64,
    pub(super) pending: TallyChange,
    pub(super) approved: TallyChange,
    pub(super) filed: TallyChange,
}

/// How a count and its sum changed.
#[derive(Clone, Copy, Default)]
pub(super) struct TallyChange {
    count: i64,
    units: i128,
}

/// Whether something came or went.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Came,
    Went,
}

impl TallyChange {
    pub(super) fn add(&mut self, step: Step, amount: Amount) {
        // At most 2^40 amounts below 10^20 are added: far below 2^127.
        let (count, units) = match step {
            Step::Came => (1, amount.units()),
            Step::Went => (-1, -amount.units()),
        };
        self.count += count;
        self.units += units;
    }

    pub(super) fn after(self, before: Tally) -> Result<Tally, Error> {
        let count = before.count.checked_add(self.count);
        let units = before.amount.units().checked_add(self.units);
        let amount = units
            .filter(|units| *units >= 0)
            .and_then(Total::from_units);
        match count.filter(|count| *count >= 0).zip(amount) {
            Some((count, amount)) => Ok(Tally { count, amount }),
            None => Err(Error::bug("a count of what waits is below zero")),
        }
    }
}
