//! What a user rejected: it is never found again.

use std::collections::{HashMap, HashSet};

use super::link::{Link, LinkKind};
use crate::domain::code::{LineNumber, RemittanceNumber, WithdrawalNumber};

/// What a user rejected, by what it names.
#[derive(Default)]
pub(super) struct Rejected {
    withdrawals: HashMap<(LinkKind, Vec<WithdrawalNumber>), Vec<Vec<LineNumber>>>,
    remittances: HashSet<(LineNumber, RemittanceNumber)>,
}

impl Rejected {
    /// Gathers what was rejected.
    pub(super) fn new(links: &[Link]) -> Self {
        let mut all = Self::default();
        for link in links {
            if let Some(remittance) = link.remittance {
                let lines = link.lines.iter();
                all.remittances
                    .extend(lines.map(|line| (*line, remittance)));
            } else {
                all.withdrawals
                    .entry((link.kind, sorted(&link.withdrawals)))
                    .or_default()
                    .push(sorted(&link.lines));
            }
        }
        all
    }

    /// Checks whether a remittance was rejected for a line.
    pub(super) fn has_remittance(&self, line: LineNumber, remittance: RemittanceNumber) -> bool {
        self.remittances.contains(&(line, remittance))
    }

    /// Checks whether this very link was rejected.
    pub(super) fn has(
        &self,
        kind: LinkKind,
        lines: &[LineNumber],
        withdrawals: &[WithdrawalNumber],
    ) -> bool {
        // Most ledgers reject nothing, and then no key is built.
        !self.withdrawals.is_empty() && self.lines_of(kind, withdrawals).contains(&sorted(lines))
    }

    /// Returns the lines with which links to these withdrawals were rejected.
    pub(super) fn lines_of(
        &self,
        kind: LinkKind,
        withdrawals: &[WithdrawalNumber],
    ) -> &[Vec<LineNumber>] {
        if self.withdrawals.is_empty() {
            return &[];
        }
        self.withdrawals
            .get(&(kind, sorted(withdrawals)))
            .map_or(&[], Vec::as_slice)
    }
}

/// Returns items in ascending order, each once.
pub(super) fn sorted<T: Ord + Clone>(all: &[T]) -> Vec<T> {
    let mut all = all.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}
