//! What a run up to a day leaves alone: proposals that reach beyond the day.

use std::collections::BTreeSet;

use crate::domain::{
    matching::{
        Class, Classification, Expected, ExpectedRemittance, Line, Link, Outcome, RecordedMatch,
    },
    time::Date,
};

/// The lines, withdrawals and remittances of proposals that a run does not look at.
pub(super) struct Reservation {
    lines: Vec<Line>,
    expected: Vec<Expected>,
    remittances: Vec<ExpectedRemittance>,
}

impl Reservation {
    /// Takes the members of proposals out of what the run sees, so that they take part in nothing
    /// else.
    pub(super) fn take(
        proposals: &[RecordedMatch],
        lines: &mut Vec<Line>,
        (expected, remittances): (&mut Vec<Expected>, &mut Vec<ExpectedRemittance>),
    ) -> Self {
        let links = || proposals.iter().map(|proposal| &proposal.link);
        let numbers: BTreeSet<_> = links().flat_map(|link| &link.lines).copied().collect();
        let withdrawals: BTreeSet<_> = links().flat_map(|link| &link.withdrawals).collect();
        let taxes: BTreeSet<_> = links().filter_map(|link| link.remittance).collect();
        Self {
            lines: lines
                .extract_if(.., |line| numbers.contains(&line.number))
                .collect(),
            expected: expected
                .extract_if(.., |each| withdrawals.contains(&each.withdrawal))
                .collect(),
            remittances: remittances
                .extract_if(.., |each| taxes.contains(&each.number))
                .collect(),
        }
    }

    /// Puts the members back as what they are: proposed.
    pub(super) fn put_back(
        self,
        outcome: &mut Outcome,
        lines: &mut Vec<Line>,
        (expected, remittances): (&mut Vec<Expected>, &mut Vec<ExpectedRemittance>),
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
        let numbers = self.remittances.iter().map(|each| each.number);
        outcome
            .remittances
            .extend(numbers.map(|number| (number, Class::Proposed)));
        lines.extend(self.lines);
        expected.extend(self.expected);
        remittances.extend(self.remittances);
        lines.sort_by_key(|line| line.number);
        expected.sort_by_key(|each| each.withdrawal);
        remittances.sort_by_key(|each| each.number);
    }
}

/// Checks whether a proposal reaches beyond the last day of a run: the run does not see all of its
/// members, though all are still expected. `lines` are those of the run, `all` and `taxes` are what
/// is expected on any day; all are in the order of their numbers.
pub(super) fn reaches_beyond(
    link: &Link,
    lines: &[Line],
    (all, taxes): (&[Expected], &[ExpectedRemittance]),
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
    let tax = taxes
        .iter()
        .find(|each| Some(each.number) == link.remittance && each.is_open());
    let all_expected =
        expected.len() == link.withdrawals.len() && tax.is_some() == link.remittance.is_some();
    let mut dates = expected
        .iter()
        .map(|each| each.date)
        .chain(tax.map(|each| each.date));
    let sees_all = link.lines.iter().all(sees) && dates.all(|date| is_within(date, through));
    all_expected && !sees_all
}

/// Checks whether a run up to a day looks at what is expected on a date.
pub(super) fn is_within(date: Date, through: Option<Date>) -> bool {
    through.is_none_or(|through| date <= through)
}
