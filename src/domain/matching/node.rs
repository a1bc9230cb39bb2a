//! A line and an expectation on the board, and the class of each.

use std::{
    cell::{Cell, RefCell},
    ops::RangeInclusive,
};

use chrono::Datelike as _;

use super::{
    bank_rule::BankRule,
    class::{Class, Classification, LedgerFacts},
    expected::Expected,
    line::{Line, LineKind},
};
use crate::domain::{
    code::{LineNumber, RemittanceNumber, WithdrawalNumber},
    status::Means,
    time::Date,
};

/// How many others a class names at most, so that a group of n does not take n times n names.
pub(super) const NAMED: usize = 20;

/// A line with what a run knows of it.
pub(super) struct LineNode<'a> {
    /// Its place among all lines; a name within the run.
    pub(super) id: usize,
    /// The line.
    pub(super) line: &'a Line,
    /// What it is about.
    pub(super) kind: LineKind,
    /// Its class, once that is decided.
    pub(super) classification: RefCell<Option<Classification>>,
    /// What to report if nothing else is reported.
    pub(super) note: RefCell<Option<String>>,
    /// Whether it carries the reference and the amount of a remittance, so that it is decided apart
    /// from the debits of payments.
    pub(super) is_of_tax: Cell<bool>,
}

/// An expectation with what a run knows of it.
pub(super) struct ExpectedNode<'a> {
    /// Its place among all expectations; a name within the run.
    pub(super) id: usize,
    /// The expectation.
    pub(super) expected: &'a Expected,
    /// Its class, once that is decided.
    pub(super) classification: RefCell<Option<Classification>>,
    /// What to report if nothing else is reported.
    pub(super) note: RefCell<Option<String>>,
    /// The certain link to its debit lines.
    pub(super) payment: Cell<Option<usize>>,
    /// Whether a certain link says that the bank sent it back.
    pub(super) sent_back: Cell<bool>,
}

/// Returns a day as a number, so that days can be counted.
pub(super) fn day(date: Date) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// Returns the window of days for a date: one day before to `after` days after it.
pub(super) fn window(date: Date, after: i64) -> RangeInclusive<i64> {
    day(date) - 1..=day(date) + after
}

impl LineNode<'_> {
    /// Checks whether its class is still open.
    pub(super) fn is_open(&self) -> bool {
        self.classification.borrow().is_none()
    }

    /// Returns its class.
    pub(super) fn class(&self) -> Option<Class> {
        let placed = self.classification.borrow();
        placed.as_ref().map(|placed| placed.class)
    }

    /// Returns the remittances that it concerns.
    pub(super) fn remittances(&self) -> Vec<RemittanceNumber> {
        let placed = self.classification.borrow();
        let placed = placed.as_ref();
        placed.map_or_else(Vec::new, |placed| placed.remittances.clone())
    }

    /// Checks whether it may still be the debit of a payment.
    pub(super) fn is_open_debit(&self) -> bool {
        self.line.amount.is_negative()
            && self.kind == LineKind::Principal
            && !self.is_of_tax.get()
            && self.is_open()
    }

    /// Checks whether it may still be the credit of a return.
    pub(super) fn is_open_credit(&self) -> bool {
        let returns = matches!(self.kind, LineKind::Principal | LineKind::Reversal);
        returns && !self.line.amount.is_negative() && self.is_open()
    }

    /// Returns its amount without a sign, in ten-millionths.
    pub(super) fn units(&self) -> i128 {
        self.line.amount.units().abs()
    }

    /// Returns its days: booked, and of value.
    pub(super) fn days(&self) -> impl Iterator<Item = i64> {
        let value = self
            .line
            .value_date
            .filter(|value| *value != self.line.date);
        std::iter::once(self.line.date).chain(value).map(day)
    }

    /// Checks whether one of its days lies in a window.
    pub(super) fn is_within(&self, window: &RangeInclusive<i64>) -> bool {
        self.days().any(|day| window.contains(&day))
    }
}

impl ExpectedNode<'_> {
    /// Returns its class.
    pub(super) fn class(&self) -> Option<Class> {
        self.classification
            .borrow()
            .as_ref()
            .map(|placed| placed.class)
    }

    /// Checks whether its class is still open.
    pub(super) fn is_open(&self) -> bool {
        self.classification.borrow().is_none()
    }

    /// Checks whether its debit is certain.
    pub(super) fn is_paid(&self) -> bool {
        self.payment.get().is_some()
    }

    /// Returns its withdrawal.
    pub(super) fn number(&self) -> WithdrawalNumber {
        self.expected.withdrawal
    }

    /// Returns its amount in ten-millionths.
    pub(super) fn units(&self) -> i128 {
        self.expected.amount.units()
    }

    /// Checks whether a debit without its reference may be its own: a cheque is known by its number
    /// alone, and what is said to be returned is not looked for any more.
    pub(super) fn is_looked_for(&self) -> bool {
        self.is_open()
            && self.expected.is_here()
            && !self.expected.returned
            && self.expected.means == Means::Transfer
    }

    /// Returns its class if no line is about its debit.
    pub(super) fn unmatched(&self) -> Class {
        Class::unmatched(LedgerFacts {
            credit: self.sent_back.get(),
            ..self.expected.facts()
        })
    }
}

/// Places a group in one class, each naming the others; what is certain already keeps its place.
pub(super) fn place_group(
    class: Class,
    (lines, expected): (&[&LineNode<'_>], &[&ExpectedNode<'_>]),
    why: &str,
) {
    let numbers: Vec<LineNumber> = lines
        .iter()
        .map(|line| line.line.number)
        .take(NAMED + 1)
        .collect();
    let withdrawals: Vec<WithdrawalNumber> = expected
        .iter()
        .map(|node| node.number())
        .take(NAMED + 1)
        .collect();
    let more = if lines.len() > NAMED + 1 || expected.len() > NAMED + 1 {
        format!(
            " ({} lines and {} withdrawals in all)",
            lines.len(),
            expected.len()
        )
    } else {
        String::new()
    };
    let why = || Some(format!("{why}{more}"));
    for line in lines.iter().filter(|line| line.is_open()) {
        let others = others(&numbers, Some(line.line.number));
        line.place(
            class,
            others,
            withdrawals.iter().copied().take(NAMED).collect(),
            why(),
        );
    }
    for node in expected.iter().filter(|node| node.is_open()) {
        let others = others(&withdrawals, Some(node.number()));
        node.place(
            class,
            numbers.iter().copied().take(NAMED).collect(),
            others,
            why(),
        );
    }
}

/// Returns some of all numbers but one's own.
pub(super) fn others<T: Copy + PartialEq>(all: &[T], own: Option<T>) -> Vec<T> {
    all.iter()
        .copied()
        .filter(|number| Some(*number) != own)
        .take(NAMED)
        .collect()
}

macro_rules! placing {
    ($($node:ident),+) => {$(
        impl $node<'_> {
            /// Decides its class; what is decided stays.
            pub(super) fn place(
                &self,
                class: Class,
                lines: Vec<LineNumber>,
                withdrawals: Vec<WithdrawalNumber>,
                detail: Option<String>,
            ) {
                let mut placed = self.classification.borrow_mut();
                if placed.is_none() {
                    *placed = Some(Classification { lines, withdrawals, detail, ..Classification::plain(class) });
                }
            }

            /// Notes what to report if nothing else is reported; the first note stays.
            pub(super) fn add_note(&self, note: impl FnOnce() -> String) {
                self.note.borrow_mut().get_or_insert_with(note);
            }

            pub(super) fn turn(&self, class: Class) {
                if let Some(placed) = self.classification.borrow_mut().as_mut() {
                    placed.class = class;
                }
            }

            pub(super) fn add_lines(&self, lines: impl Iterator<Item = LineNumber>) {
                if let Some(placed) = self.classification.borrow_mut().as_mut() {
                    placed.lines.extend(lines.take(NAMED));
                    placed.lines.sort_unstable();
                    placed.lines.dedup();
                    placed.lines.truncate(NAMED);
                }
            }
        }
    )+};
}

placing!(LineNode, ExpectedNode);

impl LineNode<'_> {
    /// Decides its class with all that it concerns; what is decided stays.
    pub(super) fn place_as(&self, classification: Classification) {
        self.classification
            .borrow_mut()
            .get_or_insert(classification);
    }

    /// Takes it for a charge of the bank, as a rule of the account says.
    pub(super) fn place_by_rule(&self, rule: &BankRule) {
        let mut placed = self.classification.borrow_mut();
        placed.get_or_insert_with(|| Classification {
            detail: Some(format!(
                "rule {} of the account: {}",
                rule.proposal, rule.kind
            )),
            rule: Some(rule.proposal),
            ..Classification::plain(Class::FeeTaxLevy)
        });
    }

    pub(super) fn turn_returned(&self) {
        self.turn(Class::Returned);
    }
}
