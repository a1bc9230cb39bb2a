//! The days by which a statement by value date counts: an imported event on its own day, a payment
//! on its value date, a return on the day of the return, everything else on the day on which it was
//! recorded.
//!
//! A payment is often recorded late, and its event may have been approved after the bank paid. So that
//! nothing is negative on any day, a payment counts on the first day, from its value date on, from
//! which what it paid was available until it was requested; its request counts on that day, too.

use std::collections::HashMap;

use crate::domain::{
    code::{Code, PaymentNumber, WithdrawalNumber},
    journal::{JournalEntry, Step},
    quantity::Amount,
    time::Date,
};

/// An entry and the day on which it counts.
#[derive(Clone, Debug)]
pub(super) struct DatedEntry {
    pub(super) day: Date,
    pub(super) entry: JournalEntry,
}

/// Entries of one holder, which come in the order in which they were recorded.
#[derive(Debug, Default)]
pub(super) struct ValueDays {
    entries: Vec<DatedEntry>,
    requests: HashMap<WithdrawalNumber, usize>,
    payments: HashMap<PaymentNumber, Date>,
}

impl ValueDays {
    /// Adds the next entry; `None` if it does not follow from those before it.
    pub(super) fn add(&mut self, entry: JournalEntry) -> Option<()> {
        let recorded = entry.at.date();
        let day = match &entry.step {
            Step::Allocated(_) => entry.own_date.unwrap_or(recorded),
            Step::Paid {
                requested,
                value_date,
                payment,
                ..
            } => {
                let day = self.day_of_payment(&entry, *requested, *value_date)?;
                self.payments.insert(*payment, day);
                day
            }
            Step::PaidBefore { value_date, .. } => *value_date,
            Step::Returned {
                payment,
                value_date,
                ..
            } => {
                let paid = self.payments.get(payment).copied()?;
                (*value_date).max(paid).min(recorded)
            }
            Step::Requested(_) => {
                self.requests.insert(entry.withdrawal?, self.entries.len());
                recorded
            }
            Step::Voided(_)
            | Step::Released(..)
            | Step::ReturnTakenBack { .. }
            | Step::Forward { .. } => recorded,
        };
        self.entries.push(DatedEntry { day, entry });
        Some(())
    }

    /// Returns the entries in the order of their days; those of one day as they were recorded.
    pub(super) fn ordered(self) -> Vec<DatedEntry> {
        let mut entries = self.entries;
        entries.sort_by_key(|dated| dated.day);
        entries
    }

    /// Returns the day on which a payment counts, and moves its request to that day if it was made
    /// later.
    fn day_of_payment(
        &mut self,
        payment: &JournalEntry,
        requested: Amount,
        value_date: Date,
    ) -> Option<Date> {
        let place = *self.requests.get(&payment.withdrawal?)?;
        let asked_on = self.entries.get(place)?.day;
        if value_date >= asked_on {
            return Some(value_date.min(payment.at.date()));
        }
        let mut days = self.days_of(&payment.event, value_date, asked_on);
        let fits = |day: &Date| self.is_available(&payment.event, requested, (*day, asked_on));
        let day = days.find(fits).unwrap_or(asked_on);
        self.entries.get_mut(place)?.day = day;
        Some(day)
    }

    /// Returns a day, and the days after it and before another one on which an event moved, in order.
    fn days_of(&self, event: &Code, from: Date, until: Date) -> std::vec::IntoIter<Date> {
        let moved = self
            .entries
            .iter()
            .filter(|dated| dated.entry.event == *event && dated.day > from && dated.day < until);
        let mut days: Vec<Date> = moved.map(|dated| dated.day).chain([from]).collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter()
    }

    /// Checks whether an amount of an event was available at the end of every day from one on, until
    /// another one.
    fn is_available(&self, event: &Code, amount: Amount, (from, until): (Date, Date)) -> bool {
        let mut days = self.days_of(event, from, until);
        days.all(|day| {
            let up_to = self
                .entries
                .iter()
                .filter(|dated| dated.entry.event == *event && dated.day <= day);
            let sum: Option<i128> = up_to
                .map(|dated| dated.entry.step.effect())
                .try_fold(0_i128, |sum, effect| sum.checked_add(effect?.available));
            sum.is_some_and(|sum| sum >= amount.units())
        })
    }
}
