//! What a user rejected: it is never found again.

use std::collections::HashMap;

use super::link::{Link, LinkKind};
use crate::domain::code::{LineNumber, WithdrawalNumber};

/// What a user rejected, by the withdrawals that it names.
#[derive(Default)]
pub(super) struct Rejected(HashMap<(LinkKind, Vec<WithdrawalNumber>), Vec<Vec<LineNumber>>>);

impl Rejected {
    /// Gathers what was rejected.
    pub(super) fn new(links: &[Link]) -> Self {
        let mut all: HashMap<(LinkKind, Vec<WithdrawalNumber>), Vec<Vec<LineNumber>>> =
            HashMap::new();
        for link in links {
            all.entry((link.kind, sorted(&link.withdrawals)))
                .or_default()
                .push(sorted(&link.lines));
        }
        Self(all)
    }

    /// Checks whether this very link was rejected.
    pub(super) fn has(
        &self,
        kind: LinkKind,
        lines: &[LineNumber],
        withdrawals: &[WithdrawalNumber],
    ) -> bool {
        // Most ledgers reject nothing, and then no key is built.
        !self.0.is_empty() && self.lines_of(kind, withdrawals).contains(&sorted(lines))
    }

    /// Returns the lines with which links to these withdrawals were rejected.
    pub(super) fn lines_of(
        &self,
        kind: LinkKind,
        withdrawals: &[WithdrawalNumber],
    ) -> &[Vec<LineNumber>] {
        if self.0.is_empty() {
            return &[];
        }
        self.0
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
