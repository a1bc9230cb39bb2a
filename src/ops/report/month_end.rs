//! The month end: all reports of one state of the ledger, read in one transaction.

use super::{
    EventScope,
    analytics::{analytics_in, history_in},
    controls::{Days, controls_in},
    holders::balances_in,
    reconciliation::{Reconciled, ReconciliationScope, reconciliation_in},
};
use crate::{
    domain::{
        activity::{AuditEntryView, Head},
        analytics::Analytics,
        control::ControlReport,
        event::HistoryRow,
        forward::ForwardRow,
        portfolio::HolderBalance,
        reserve::Reserve,
        tax::liability::TaxDue,
        time::{Date, Instant, Month},
        trial::TrialRow,
        user::FourEyes,
    },
    ops::{Error, Sink, audit, export, forward, tax::remittance::all_due},
    store::{AsOf, Ledger},
};

/// Who takes the rows of the lists.
pub struct Sinks<'a> {
    /// Takes the events, as `report history` lists them.
    pub history: Sink<'a, HistoryRow>,
    /// Takes the balances, as `report balances` lists them.
    pub balances: Sink<'a, HolderBalance>,
    /// Takes the entries of the month, as `report activity` lists them.
    pub activity: Sink<'a, AuditEntryView>,
}

/// What is held in memory of a month end.
#[derive(Clone, Debug)]
pub struct MonthEnd {
    /// The head of the audit trail at the end of the month.
    pub head: Head,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
    /// The events, in order of distribution date and code.
    pub events: Vec<HistoryRow>,
    /// The analytics of all approved events.
    pub analytics: Analytics,
    /// The reconciliation of all accounts.
    pub reconciled: Reconciled,
    /// What the controls of the month ask to be looked at.
    pub controls: ControlReport,
    /// The forward balances above zero, in order of project and holder.
    pub forward: Vec<ForwardRow>,
    /// The reserves of all projects.
    pub reserves: Vec<Reserve>,
    /// The debits and credits of the ledger as double entry.
    pub trial_balance: Vec<TrialRow>,
    /// The tax that is due, remitted and overdue.
    pub taxes: Vec<TaxDue>,
}

/// Reads all reports of a month as of the end of one of its dates: the last one, if the month is
/// over.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or a sink fails.
pub fn month_end(
    ledger: &mut Ledger,
    month: Month,
    (day, now): (Date, Instant),
    sinks: Sinks<'_>,
) -> Result<MonthEnd, Error> {
    let as_of = Instant::end_of(day).map_or(AsOf::Now, AsOf::At);
    let all = EventScope::default();
    ledger.read(|tx| {
        let mut events = Vec::new();
        let Sinks {
            history,
            balances,
            activity,
        } = sinks;
        history_in(tx, &all, as_of, &mut |event| {
            events.push(event.clone());
            history(event)
        })?;
        events.sort_by(|a, b| {
            let (a, b) = (&a.event, &b.event);
            (a.distribution_date, &a.event.code).cmp(&(b.distribution_date, &b.event.code))
        });
        balances_in(tx, None, as_of, balances)?;
        let of_month = audit::Filter {
            from: Instant::start_of(month.first()),
            ..audit::Filter::default()
        };
        audit::log_in(tx, &of_month, as_of, activity)?;
        Ok(MonthEnd {
            head: audit::head_in(tx, as_of)?,
            four_eyes: tx.four_eyes()?,
            events,
            analytics: analytics_in(tx, &all, as_of, day)?,
            reconciled: reconciliation_in(tx, &ReconciliationScope::default(), as_of, day)?,
            controls: controls_in(
                tx,
                Days {
                    from: Some(month.first()),
                    to: Some(day),
                },
                (as_of, now),
            )?,
            forward: forward::waiting(tx, (None, None), as_of)?,
            reserves: tx.reserves(None, as_of)?,
            trial_balance: export::trial_balance(tx, as_of)?,
            taxes: all_due(tx, as_of, day)?,
        })
    })
}
