//! The withdrawals of a selection, one after the other, and what is done to each.

use serde::Serialize;

use super::batch::PAGE;
use crate::{
    domain::{
        holder::HolderStatus,
        id::EventId,
        withdrawal::{Withdrawal, WithdrawalStatus},
    },
    ops::{Error, about_withdrawal},
    store::{AsOf, Noun, Page, Tx, WriteTx},
};

/// Which withdrawals a command is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// These.
    These(Vec<String>),
    /// All of an event that the command can be done to.
    AllOf(String),
}

/// The withdrawals of a selection: each named one once, or page by page all of an event in one of
/// the given states. A command changes only the withdrawal whose turn it is, so that a page stays
/// true until its last row.
pub(super) struct WithdrawalCursor {
    numbers: std::vec::IntoIter<i64>,
    event: Option<(EventId, Vec<WithdrawalStatus>, i64)>,
    page: std::vec::IntoIter<(Withdrawal, HolderStatus)>,
    /// How many there are.
    pub(super) total: u64,
}

impl WithdrawalCursor {
    pub(super) fn of(
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
    pub(super) fn next(
        &mut self,
        tx: &mut Tx<'_>,
    ) -> Result<Option<(Withdrawal, HolderStatus)>, Error> {
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
            let page = tx.withdrawals_and_holder_statuses(
                *event,
                status,
                Page {
                    after: *after,
                    limit: PAGE,
                },
            )?;
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

/// Does something to each of many withdrawals. If rules refuse some, all refusals are returned and
/// nothing is done.
pub(super) fn each_selected(
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
        write.concern = about_withdrawal(&withdrawal);
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
