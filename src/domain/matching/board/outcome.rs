//! The end of a run: what is left is placed, and everything is handed out.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    super::{
        class::{Class, Classification},
        line::LineKind,
        link::{Link, Match},
        node::LineNode,
        sides::Outcome,
    },
    Board,
};
use crate::domain::code::{LineNumber, WithdrawalNumber};

/// Orders matches by their strength, then by what they join.
fn strongest_first(one: &Match, other: &Match) -> Ordering {
    let key = |found: &Match| (found.tier, found.link.kind);
    let members = |one: &Link, other: &Link| {
        one.lines
            .cmp(&other.lines)
            .then_with(|| one.withdrawals.cmp(&other.withdrawals))
            .then_with(|| one.remittance.cmp(&other.remittance))
    };
    key(one)
        .cmp(&key(other))
        .then_with(|| members(&one.link, &other.link))
}

impl Board<'_> {
    /// Places what is left and hands everything out.
    pub(in crate::domain::matching) fn outcome(self) -> Outcome {
        self.place_rest();
        self.turn_returned();
        let remittances = self.classes_of_remittances(&self.matches.borrow());
        // What was only needed to decide goes before room is taken for what is handed out.
        drop((self.payments, self.returns, self.rejected));
        let lines: BTreeMap<LineNumber, Classification> = self
            .lines
            .into_iter()
            .filter_map(|node| Some((node.line.number, node.classification.into_inner()?)))
            .collect();
        let expected: BTreeMap<WithdrawalNumber, Classification> = self
            .expected
            .into_iter()
            .filter(|node| node.expected.is_here())
            .filter_map(|node| Some((node.expected.withdrawal, node.classification.into_inner()?)))
            .collect();
        let mut outcome = Outcome {
            matches: self.matches.into_inner(),
            lines,
            expected,
            remittances,
        };
        let member_returns = self.member_returns.into_inner();
        self.transfers.spread(&mut outcome, member_returns);
        outcome.matches.sort_by(strongest_first);
        outcome
    }

    fn place_rest(&self) {
        for line in self.lines.iter().filter(|line| line.is_open()) {
            let class = match (line.kind, line.line.amount.is_negative()) {
                (LineKind::Reversal, _) => Class::UnlinkedReversal,
                (_, true) => Class::OnBankNotInLedger,
                (_, false) => Class::UnexpectedCredit,
            };
            line.place(class, Vec::new(), Vec::new(), line.note.take());
        }
        for node in self.expected.iter().filter(|node| node.is_open()) {
            let overdue = (node.expected.file)
                .and_then(|file| Some((file, self.setting.overdue(file)?)))
                .filter(|_| node.unmatched() == Class::Awaited);
            if let Some((file, sent)) = overdue {
                let why = format!(
                    "the bank was to pay {file} on {}, and no line shows it",
                    sent.execution_date
                );
                node.place(Class::SentNotOnBank, Vec::new(), Vec::new(), Some(why));
            } else {
                node.place(node.unmatched(), Vec::new(), Vec::new(), node.note.take());
            }
        }
    }

    /// After a return that a credit proves, the debit, the credit and the expectation are all
    /// returned; a group's debit once all of it is. Without a credit the debit stays matched, and the
    /// expectation is left to settle.
    fn turn_returned(&self) {
        for payment in self.payments.borrow().iter() {
            let expected: Vec<_> = payment
                .expected
                .iter()
                .filter_map(|id| self.expected.get(*id))
                .collect();
            for node in &expected {
                if node.sent_back.get() {
                    node.turn(Class::Returned);
                } else if node.expected.returned && node.expected.settled {
                    node.turn(Class::Settled);
                } else if node.expected.returned {
                    node.turn(Class::ReturnedUnproven);
                }
            }
            if !payment.partly_unseen
                && !expected.is_empty()
                && expected.iter().all(|node| node.sent_back.get())
            {
                payment
                    .lines
                    .iter()
                    .filter_map(|id| self.lines.get(*id))
                    .for_each(LineNode::turn_returned);
            }
        }
        for (credits, expected) in self.returns.borrow().iter() {
            let credits: Vec<_> = credits
                .iter()
                .filter_map(|id| self.lines.get(*id))
                .collect();
            for node in expected.iter().filter_map(|id| self.expected.get(*id)) {
                node.turn(Class::Returned);
                let debits = self.debits_of(node);
                for credit in &credits {
                    credit.add_lines(debits.iter().map(|debit| debit.line.number));
                    node.add_lines(std::iter::once(credit.line.number));
                    for debit in &debits {
                        debit.add_lines(std::iter::once(credit.line.number));
                    }
                }
            }
        }
    }
}
