//! Withdrawal requests: request, approve, reject, cancel, pay, read.

mod pay;
mod preview;
mod request;
mod review;

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

pub use pay::{PaymentSource, pay};
pub use preview::{Preview, preview, preview_payments};
pub use request::{HolderRefusal, RequestSource, Strictness, request};
pub(in crate::ops) use review::cancel_for_event;
pub use review::{approve, cancel, reject};

use super::{Error, OutputError, Sink, holder::ACCOUNT_NUMBER};
use crate::{
    domain::{
        Refused,
        code::WithdrawalNumber,
        currency::Currency,
        holder::HolderStatus,
        quantity::{Amount, Total},
        time::Instant,
        withdrawal::{Withdrawal, WithdrawalStatus},
    },
    intake::{BadLine, Sheet},
    store::{self, AsOf, Ledger, Noun, Suggests, Tx, WithdrawalFilter, WriteTx},
};

/// How many rows are read at a time in bulk work.
const PAGE: i64 = 5_000;

/// Which withdrawals a command is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Selection {
    /// These.
    These(Vec<String>),
    /// All of an event that the command can be done to.
    AllOf(String),
}

/// The withdrawals that a command was done to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Their row numbers, as runs in ascending order.
    runs: Vec<(i64, i64)>,
    /// How many.
    pub count: u64,
    /// How many of them stood already and were not written again.
    pub repeated: u64,
    /// Their amounts, per currency: what was paid where the command pays, else what was requested.
    pub totals: Vec<(Currency, Total)>,
    /// What was recorded as paid now, per currency. Only told the first time.
    #[serde(skip)]
    pub paid: Vec<(Currency, Total)>,
    /// Who was left out, and why. Only told the first time.
    #[serde(skip)]
    pub left_out: Vec<HolderRefusal>,
    /// What was paid less than asked for, and is available again: withdrawal and amount. Only told
    /// the first time.
    #[serde(skip)]
    pub less: Vec<(WithdrawalNumber, Currency, Amount)>,
}

/// What a user was shown and agreed to: how many, and the totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTotals {
    /// How many.
    pub count: u64,
    /// Their amounts, per currency.
    pub totals: Vec<(Currency, Total)>,
}

/// Which withdrawals are listed, as the command line names them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this event.
    pub event: Option<String>,
    /// Of this project.
    pub project: Option<String>,
    /// Of this holder.
    pub holder: Option<String>,
    /// In this state.
    pub status: Option<WithdrawalStatus>,
}

impl Batch {
    fn add(&mut self, withdrawal: &Withdrawal, amount: Amount) -> Result<(), Error> {
        let number = withdrawal.number.number();
        match self.runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            Some(_) | None => self.runs.push((number, number)),
        }
        self.count += 1;
        add_total(&mut self.totals, withdrawal.currency, amount.widen())
    }

    pub(in crate::ops) fn must_be(&self, confirmed: Option<&BatchTotals>) -> Result<(), Refused> {
        let found = BatchTotals {
            count: self.count,
            totals: self.totals.clone(),
        };
        match confirmed {
            Some(shown) if *shown != found => Err(Refused::ChangedMeanwhile {
                shown: shown.words(),
                found: found.words(),
            }),
            Some(_) | None => Ok(()),
        }
    }
}

impl BatchTotals {
    fn words(&self) -> String {
        let totals = self
            .totals
            .iter()
            .map(|(currency, total)| format!("{currency} {}", total.grouped(currency.decimals())));
        format!(
            "{} withdrawals, {}",
            self.count,
            totals.collect::<Vec<_>>().join(", ")
        )
    }
}

/// Adds an amount to the totals per currency, which stay in order of currency.
fn add_total(
    totals: &mut Vec<(Currency, Total)>,
    currency: Currency,
    amount: Total,
) -> Result<(), Error> {
    let too_much = || store::Error::bug("the amounts of these withdrawals add up to too much");
    match totals.iter_mut().find(|(known, _)| *known == currency) {
        Some((_, total)) => *total = total.checked_add(amount).ok_or_else(too_much)?,
        None => {
            totals.push((currency, amount));
            totals.sort_by_key(|(currency, _)| currency.code());
        }
    }
    Ok(())
}

/// Hands the withdrawals of an earlier batch on, as they stood at its instant.
fn recall(
    each: &RefCell<Sink<'_, Withdrawal>>,
    tx: &mut Tx<'_>,
    batch: Batch,
    at: Instant,
) -> Result<Batch, Error> {
    tx.each_numbered(&batch.runs, at, |withdrawal| hand_on(each, withdrawal))?;
    Ok(batch)
}

fn hand_on(each: &RefCell<Sink<'_, Withdrawal>>, withdrawal: Withdrawal) -> Result<(), Error> {
    let taken: Result<(), OutputError> = (each.borrow_mut())(withdrawal);
    taken.map_err(Error::Output)
}

/// The withdrawals of a selection: each named one once, or page by page all of an event in one of
/// the given states. A step changes none but its own, so that what a page holds stands until its
/// turn comes.
struct WithdrawalCursor {
    numbers: std::vec::IntoIter<i64>,
    event: Option<(crate::domain::id::EventId, Vec<WithdrawalStatus>, i64)>,
    page: std::vec::IntoIter<(Withdrawal, HolderStatus)>,
    /// How many there are.
    total: u64,
}

impl WithdrawalCursor {
    fn of(
        tx: &mut Tx<'_>,
        selection: &Selection,
        states: &[WithdrawalStatus],
    ) -> Result<Self, Error> {
        let page = Vec::new().into_iter();
        match selection {
            Selection::These(names) => {
                let mut numbers = Vec::with_capacity(names.len());
                for name in names {
                    let number = tx.resolve(Noun::Withdrawal, name)?;
                    if !numbers.contains(&number) {
                        numbers.push(number);
                    }
                }
                let total = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
                Ok(Self {
                    numbers: numbers.into_iter(),
                    event: None,
                    page,
                    total,
                })
            }
            Selection::AllOf(event) => {
                let number = tx.resolve(Noun::Event, event)?;
                let event = tx.event(number, AsOf::Now)?.event.id;
                let mut total = 0;
                for status in states {
                    total +=
                        u64::try_from(tx.count_withdrawals(event, *status)?).unwrap_or_default();
                }
                let states = states.iter().rev().copied().collect();
                Ok(Self {
                    numbers: Vec::new().into_iter(),
                    event: Some((event, states, 0)),
                    page,
                    total,
                })
            }
        }
    }

    /// Reads the next one, and whether its holder may be paid.
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<(Withdrawal, HolderStatus)>, Error> {
        if let Some(number) = self.numbers.next() {
            return Ok(Some(tx.withdrawal_and_holder_status(number)?));
        }
        loop {
            if let Some(next) = self.page.next() {
                return Ok(Some(next));
            }
            let Some((event, left, after)) = &mut self.event else {
                return Ok(None);
            };
            let Some(status) = left.last().copied() else {
                return Ok(None);
            };
            let page = tx.withdrawals_and_holder_statuses((*event, status), *after, PAGE)?;
            match page.last() {
                Some((last, _)) => *after = last.number.number(),
                None => {
                    left.pop();
                    *after = 0;
                }
            }
            self.page = page.into_iter();
        }
    }
}

/// Does a step to each of many withdrawals; where rules refuse some, all refusals are told and none
/// is done.
fn each_selected(
    write: &mut WriteTx<'_>,
    mut selected: WithdrawalCursor,
    what: &'static str,
    mut step: impl FnMut(&mut WriteTx<'_>, &Withdrawal, &HolderStatus) -> Result<(), Error>,
) -> Result<(), Error> {
    let single = selected.total == 1;
    let mut refusals = Vec::new();
    let mut first = write.concern;
    write.progress.begin(what, selected.total);
    while let Some((withdrawal, holder_status)) = selected.next(write)? {
        write.concern = super::about_withdrawal(&withdrawal);
        match step(write, &withdrawal, &holder_status) {
            Ok(()) => {}
            Err(Error::Refused(refused)) if !single => {
                if refusals.is_empty() {
                    first = write.concern;
                }
                refusals.push((withdrawal.number.to_string(), refused));
            }
            Err(error) => return Err(error),
        }
        write.progress.advance(1);
    }
    write.progress.end();
    if refusals.is_empty() {
        return Ok(());
    }
    // The trail notes the first refusal, and the withdrawal that it is about.
    write.concern = first;
    Err(Error::Many {
        refusals,
        of: selected.total,
    })
}

/// Does a step for each row of a file; where rows name nothing or are refused, all of them are told
/// and none is done. `place` tells a row's line, and the column that names the thing.
fn each_row<R>(
    write: &mut WriteTx<'_>,
    what: &'static str,
    sheet: &Sheet<R>,
    place: (impl Fn(&R) -> u64, &str),
    mut step: impl FnMut(&mut WriteTx<'_>, &R) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut lines, mut refused, mut concern) = (sheet.bad.clone(), None, write.concern);
    let rows = &sheet.rows;
    write.set_suggests(Suggests::No);
    write
        .progress
        .begin(what, u64::try_from(rows.len()).unwrap_or(u64::MAX));
    for row in rows {
        let (column, reason) = match step(write, row) {
            Ok(()) => {
                write.progress.advance(1);
                continue;
            }
            Err(Error::Refused(first)) => {
                let (column, reason) = (column_of(&first), first.to_string());
                if refused.is_none() {
                    (refused, concern) = (Some(first), write.concern);
                }
                (column, reason)
            }
            Err(Error::Store(
                error @ (store::Error::Unknown { .. } | store::Error::Ambiguous { .. }),
            )) => (Some(place.1.to_owned()), error.to_string()),
            Err(error) => return Err(error),
        };
        lines.push(BadLine {
            line: (place.0)(row),
            column,
            reason,
        });
    }
    write.progress.end();
    if lines.is_empty() {
        return Ok(());
    }
    lines.sort_by_key(|bad| bad.line);
    // The trail notes the first refusal, and what it is about.
    write.concern = concern;
    Err(Error::BadLines { lines, refused })
}

/// Tells the column of a file that a refusal is about, where it is one.
fn column_of(refused: &Refused) -> Option<String> {
    matches!(refused, Refused::BadAccount(_)).then(|| ACCOUNT_NUMBER.to_owned())
}

/// Lists withdrawals, in order of their numbers.
///
/// # Errors
/// What the file or the sink refuses.
pub fn list(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, Withdrawal>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let event = filter
            .event
            .as_deref()
            .map(|event| tx.resolve(Noun::Event, event))
            .transpose()?;
        let project = filter
            .project
            .as_deref()
            .map(|project| tx.resolve(Noun::Project, project))
            .transpose()?;
        let holder = filter
            .holder
            .as_deref()
            .map(|holder| tx.resolve(Noun::Holder, holder))
            .transpose()?;
        let filter = WithdrawalFilter {
            event: event
                .map(|number| tx.event(number, AsOf::Now))
                .transpose()?
                .map(|event| event.event.id),
            project: project
                .map(|number| tx.project(number, AsOf::Now))
                .transpose()?
                .map(|project| project.project.id),
            holder: holder
                .map(|number| tx.holder(number, AsOf::Now))
                .transpose()?
                .map(|holder| holder.holder.id),
            status: filter.status,
        };
        tx.each_withdrawal(&filter, as_of, |withdrawal| {
            each(withdrawal).map_err(Error::Output)
        })
    })
}

/// Reads one withdrawal.
///
/// # Errors
/// What the file refuses.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<Withdrawal, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Withdrawal, given)?;
        Ok(tx.withdrawal(number)?)
    })
}
