//! The summary of a run: what it changed, and what is left to settle.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    code::{Code, LineNumber, WithdrawalNumber},
    currency::Currency,
    matching::{Class, Classification, Expected, ExpectedRemittance, Line, Outcome},
    signed::Signed,
    time::Date,
};

/// What a run over an account changed, and what is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The account.
    pub account: Code,
    /// Its currency.
    pub currency: Currency,
    /// The last day that the run looked at; every day if there is none.
    pub through: Option<Date>,
    /// How many matches are new.
    pub matched: u64,
    /// How many proposals are new.
    pub proposed: u64,
    /// How many payments were recorded from bank lines.
    pub recorded: u64,
    /// How many payments were found to be sent back by the bank.
    pub returned: u64,
    /// Every class that has a line, a payment or a remittance.
    pub classes: Vec<ClassTotal>,
    /// By how much the bank's balances and lines do not add up.
    pub balance_break: Option<Signed>,
    /// How many lines, payments, remittances and balances are still to be settled.
    pub left: u64,
}

/// The first line and the first withdrawal that a run leaves to settle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstLeft {
    /// The line.
    pub line: Option<LineNumber>,
    /// The withdrawal.
    pub withdrawal: Option<WithdrawalNumber>,
}

impl FirstLeft {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let mut lines = outcome.lines.iter();
        let mut expected = outcome.expected.iter();
        Self {
            line: lines
                .find(|(_, found)| found.class.is_left())
                .map(|(number, _)| *number),
            withdrawal: expected
                .find(|(_, found)| found.class.is_left())
                .map(|(number, _)| *number),
        }
    }
}

/// The lines, payments and remittances of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassTotal {
    /// The class.
    pub class: Class,
    /// The currency.
    pub currency: Currency,
    /// How many bank lines.
    pub lines: u64,
    /// Their sum.
    pub lines_total: Signed,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub payments_total: Signed,
    /// How many remittances of tax.
    pub remittances: u64,
    /// Their sum.
    pub remittances_total: Signed,
    /// How many lines, payments and remittances of them are still to be settled.
    pub left: u64,
}

/// What the ledger has on its side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ledger<'a> {
    /// Withdrawals and payments.
    pub(super) expected: &'a [Expected],
    /// Remittances of tax.
    pub(super) remittances: &'a [ExpectedRemittance],
}

impl RunSummary {
    /// Begins a summary in which nothing has changed.
    pub(super) const fn new(account: Code, currency: Currency, through: Option<Date>) -> Self {
        Self {
            account,
            currency,
            through,
            matched: 0,
            proposed: 0,
            recorded: 0,
            returned: 0,
            classes: Vec::new(),
            balance_break: None,
            left: 0,
        }
    }

    /// Adds the totals of the classes and by how much the bank's balances differ from the lines
    /// between them, and counts what is left.
    pub(super) fn close(&mut self, classes: Vec<ClassTotal>, difference: Option<Signed>) {
        self.balance_break = difference.filter(|difference| !difference.is_zero());
        let left: u64 = classes.iter().map(|total| total.left).sum();
        self.left = left + u64::from(self.balance_break.is_some());
        self.classes = classes;
    }
}

impl ClassTotal {
    const fn empty(class: Class, currency: Currency) -> Self {
        Self {
            class,
            currency,
            lines: 0,
            lines_total: Signed::ZERO,
            payments: 0,
            payments_total: Signed::ZERO,
            remittances: 0,
            remittances_total: Signed::ZERO,
            left: 0,
        }
    }
}

/// Adds up the lines, payments and remittances of every class, or returns `None` if a sum has too many digits.
pub(super) fn totals(
    currency: Currency,
    today: Date,
    (lines, ledger): (&[Line], Ledger<'_>),
    outcome: &Outcome,
) -> Option<Vec<ClassTotal>> {
    let mut totals: BTreeMap<Class, ClassTotal> = BTreeMap::new();
    for (line, placed) in placed(lines, &outcome.lines, |line| line.number) {
        let class = placed.class;
        let total = totals
            .entry(class)
            .or_insert_with(|| ClassTotal::empty(class, currency));
        total.lines += 1;
        total.left += u64::from(class.is_left());
        total.lines_total = total.lines_total.checked_add(line.amount)?;
    }
    for (expected, placed) in placed(ledger.expected, &outcome.expected, |each| each.withdrawal) {
        let class = placed.class;
        // What is approved, not recorded and not matched is not a payment yet; the line that may pay
        // it counts.
        let counts = class.is_decided_match() || class == Class::SentNotOnBank;
        if expected.payment.is_none() && !counts {
            continue;
        }
        let total = totals
            .entry(class)
            .or_insert_with(|| ClassTotal::empty(class, currency));
        total.payments += 1;
        let age = (today - expected.date).num_days();
        total.left += u64::from(class.is_left_after(age));
        total.payments_total = total.payments_total.checked_add(expected.amount.into())?;
    }
    for remittance in ledger.remittances {
        let Some(class) = outcome.remittances.get(&remittance.number).copied() else {
            continue;
        };
        let total = totals
            .entry(class)
            .or_insert_with(|| ClassTotal::empty(class, currency));
        total.remittances += 1;
        total.left += u64::from(class.is_left());
        total.remittances_total = total
            .remittances_total
            .checked_add(remittance.amount.into())?;
    }
    Some(totals.into_values().collect())
}

/// Pairs items with their classes; both are in the order of their numbers, so nothing is searched.
fn placed<'a, T, K: Ord>(
    all: &'a [T],
    classes: &'a BTreeMap<K, Classification>,
    number: impl Fn(&T) -> K,
) -> impl Iterator<Item = (&'a T, &'a Classification)> {
    let mut classes = classes.iter().peekable();
    all.iter().filter_map(move |item| {
        let number = number(item);
        while classes.next_if(|(other, _)| **other < number).is_some() {}
        let found = classes.next_if(|(other, _)| **other == number);
        found.map(|(_, classification)| (item, classification))
    })
}
