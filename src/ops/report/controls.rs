//! The exceptions of a period.

use super::too_much;
use crate::{
    domain::{
        control::ControlReport,
        time::{Date, Instant},
    },
    ops::Error,
    store::{AsOf, Between, Ledger, Tx},
};

/// The days of a report, the first and the last one included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// Reads what the controls ask to be looked at, as it was known at `as_of`. `now` is the clock.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn controls(
    ledger: &mut Ledger,
    days: Days,
    (as_of, now): (AsOf, Instant),
) -> Result<ControlReport, Error> {
    ledger.read(|tx| controls_in(tx, days, (as_of, now)))
}

pub(super) fn controls_in(
    tx: &mut Tx<'_>,
    days: Days,
    (as_of, now): (AsOf, Instant),
) -> Result<ControlReport, Error> {
    let last = [days.to.and_then(Instant::end_of), as_of.instant()];
    let between = Between {
        from: days.from.and_then(Instant::start_of),
        to: last.into_iter().flatten().min(),
    };
    ControlReport::of(tx.exceptions(between, now)?).ok_or_else(too_much)
}
