//! Both sides of a run, and its outcome.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    class::{Class, Classification},
    expected::Expected,
    line::Line,
    link::{Certainty, Link, LinkKind, Match},
    remittance::ExpectedRemittance,
    setting::Setting,
};
use crate::domain::{
    code::{LineNumber, RemittanceNumber, WithdrawalNumber},
    currency::Currency,
};

/// What a run sees.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The currency of the account.
    pub currency: Currency,
    /// The lines of the account.
    pub lines: &'a [Line],
    /// What the ledger expects.
    pub expected: &'a [Expected],
    /// The remittances that the account may have paid, those that a line shows already too.
    pub remittances: &'a [ExpectedRemittance],
    /// What is known of the account.
    pub setting: &'a Setting,
    /// What was linked before.
    pub decided: &'a [Link],
    /// What a user rejected: never proposed again.
    pub rejected: &'a [Link],
}

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// New links, certain ones and proposals, in a stable order.
    pub matches: Vec<Match>,
    /// The class of every line once the new links are made.
    pub lines: BTreeMap<LineNumber, Classification>,
    /// The class of every expectation once the new links are made.
    pub expected: BTreeMap<WithdrawalNumber, Classification>,
    /// The class of every remittance that is the account's once the new links are made.
    pub remittances: BTreeMap<RemittanceNumber, Class>,
}

impl Outcome {
    /// Leaves certain debits of payments to a person, if `why` says so, and the returns that are
    /// certain only with them.
    pub fn only_propose(&mut self, why: impl Fn(&Match) -> Option<String>) {
        let mut waiting = BTreeSet::new();
        for found in &mut self.matches {
            if found.certainty == Certainty::Proposed || found.link.kind != LinkKind::Payment {
                continue;
            }
            let Some(why) = why(found) else { continue };
            found.certainty = Certainty::Proposed;
            found.evidence = format!("{}; {why}", found.evidence);
            for line in &found.link.lines {
                if let Some(line) = self.lines.get_mut(line) {
                    line.class = Class::Proposed;
                }
            }
            for withdrawal in &found.link.withdrawals {
                if let Some(expected) = self.expected.get_mut(withdrawal) {
                    expected.class = Class::Proposed;
                }
                waiting.insert(*withdrawal);
            }
        }
        let Self { matches, lines, .. } = self;
        matches.retain(|found| {
            let waits = found.link.kind == LinkKind::Return
                && found
                    .link
                    .withdrawals
                    .iter()
                    .any(|number| waiting.contains(number));
            if waits {
                let why = "the payment that it may send back waits for a person";
                classify_lines(lines, &found.link, Class::UnlinkedReversal, why);
            }
            !waits
        });
    }
}

/// Places the lines of a link that is not made.
pub(in crate::domain) fn classify_lines(
    lines: &mut BTreeMap<LineNumber, Classification>,
    link: &Link,
    class: Class,
    why: &str,
) {
    for line in &link.lines {
        let classification = Classification {
            withdrawals: link.withdrawals.clone(),
            remittances: link.remittance.into_iter().collect(),
            detail: Some(why.to_owned()),
            ..Classification::plain(class)
        };
        lines.insert(*line, classification);
    }
}
