//! What a run up to a day leaves alone: proposals that reach beyond the day.

use std::collections::BTreeSet;

use crate::domain::{
    matching::{Class, Classification, Expected, Line, Link, Outcome, RecordedMatch},
    time::Date,
};

/// The lines and withdrawals of proposals that a run does not look at.
pub(super) struct Reservation {
    lines: Vec<Line>,
    expected: Vec<Expected>,
}

impl Reservation {
    /// Takes the members of proposals out of what the run sees, so that they take part in nothing
    /// else.
    pub(super) fn take(
        proposals: &[RecordedMatch],
        lines: &mut Vec<Line>,
        expected: &mut Vec<Expected>,
    ) -> Self {
        let links = || proposals.iter().map(|proposal| &proposal.link);
        let numbers: BTreeSet<_> = links().flat_map(|link| &link.lines).copied().collect();
        let withdrawals: BTreeSet<_> = links().flat_map(|link| &link.withdrawals).collect();
        Self {
            lines: lines
                .extract_if(.., |line| numbers.contains(&line.number))
                .collect(),
            expected: expected
                .extract_if(.., |each| withdrawals.contains(&each.withdrawal))
                .collect(),
        }
    }

    /// Puts the members back as what they are: proposed.
    pub(super) fn put_back(
        self,
        outcome: &mut Outcome,
        lines: &mut Vec<Line>,
        expected: &mut Vec<Expected>,
    ) {
        let proposed = || Classification::plain(Class::Proposed);
        let numbers = self.lines.iter().map(|line| line.number);
        outcome
            .lines
            .extend(numbers.map(|number| (number, proposed())));
        let withdrawals = self.expected.iter().map(|each| each.withdrawal);
        outcome
            .expected
            .extend(withdrawals.map(|number| (number, proposed())));
        lines.extend(self.lines);
        expected.extend(self.expected);
        lines.sort_by_key(|line| line.number);
        expected.sort_by_key(|each| each.withdrawal);
    }
}

/// Checks whether a proposal reaches beyond the last day of a run: the run does not see all of its
/// members, though all are still expected. `lines` are those of the run, `all` is what is expected
/// on any day; both are in the order of their numbers.
pub(super) fn reaches_beyond(
    link: &Link,
    lines: &[Line],
    all: &[Expected],
    through: Option<Date>,
) -> bool {
    let sees = |number| {
        lines
            .binary_search_by_key(number, |line| line.number)
            .is_ok()
    };
    let find = |number| {
        let at = all.binary_search_by_key(number, |expected| expected.withdrawal);
        at.ok().and_then(|at| all.get(at))
    };
    let expected: Vec<_> = link.withdrawals.iter().filter_map(find).collect();
    let all_expected = expected.len() == link.withdrawals.len();
    let sees_all =
        link.lines.iter().all(sees) && expected.iter().all(|each| is_within(each, through));
    all_expected && !sees_all
}

/// Checks whether a run up to a day looks at what is expected.
pub(super) fn is_within(expected: &Expected, through: Option<Date>) -> bool {
    through.is_none_or(|through| expected.date <= through)
}
