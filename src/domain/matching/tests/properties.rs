//! What holds for every ledger and every statement. Few amounts, names and days force collisions.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    cases::{Case, cases, crowded_cases, lines},
    *,
};
fn line_classes(outcome: &Outcome) -> BTreeMap<LineNumber, Class> {
    outcome
        .lines
        .iter()
        .map(|(number, placed)| (*number, placed.class))
        .collect()
}

fn expected_classes(outcome: &Outcome) -> BTreeMap<WithdrawalNumber, Class> {
    outcome
        .expected
        .iter()
        .map(|(number, placed)| (*number, placed.class))
        .collect()
}

/// Whether a line carries our reference of an expectation, worked out the plain way.
fn plain_ours(line: &Line, expected: &Expected) -> bool {
    let fields = [&line.reference, &line.bank_id, &line.end_to_end]
        .into_iter()
        .flatten();
    let closed = |text: &String| text.to_ascii_uppercase().replace([' ', '-'], "");
    let holds = |ours: &String| {
        fields
            .clone()
            .chain([&line.description])
            .any(|text| closed(text).contains(ours.as_str()))
    };
    expected.end_to_end.iter().any(holds)
}

/// Whether a line carries the recorded reference of an expectation. Those of these cases are found
/// as whole fields, or as `BK-7712`, which no text holds.
fn plain_recorded(line: &Line, expected: &Expected) -> bool {
    let letters = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_uppercase()
    };
    let mut fields = [&line.reference, &line.bank_id, &line.end_to_end]
        .into_iter()
        .flatten();
    expected
        .reference
        .as_ref()
        .is_some_and(|recorded| fields.any(|field| letters(field) == letters(recorded)))
}

/// Whether a line has tier 1's evidence for an expectation, worked out the plain way.
fn plain_tier_one(line: &Line, expected: &Expected) -> bool {
    let days = [Some(line.date), line.value_date];
    let last = match expected.means {
        Means::Transfer => 10,
        Means::Cheque => 180,
        Means::Cash | Means::SetOff | Means::Reinvestment | Means::Imported => return false,
    };
    let near = days
        .into_iter()
        .flatten()
        .any(|day| (-1..=last).contains(&(day - expected.date).num_days()));
    let told = plain_ours(line, expected) || plain_recorded(line, expected);
    told && near && line.amount == Signed::debit(expected.amount)
}

impl Case {
    fn rejects(&self, line: &Line, expected: &Expected) -> bool {
        self.rejected.iter().any(|link| {
            let (lines, withdrawals): (BTreeSet<_>, BTreeSet<_>) = (
                link.lines.iter().collect(),
                link.withdrawals.iter().collect(),
            );
            link.kind == LinkKind::Payment
                && lines == BTreeSet::from([&line.number])
                && withdrawals == BTreeSet::from([&expected.withdrawal])
        })
    }

    /// The expectations whose references of ours a line carries.
    fn ours_on<'a>(&'a self, line: &'a Line) -> impl Iterator<Item = &'a Expected> {
        self.expected
            .iter()
            .filter(move |each| plain_ours(line, each) && !self.rejects(line, each))
    }

    /// Whether the recorded reference of an expectation is a batch's: it is next to ours on
    /// transfers of the whole amount of two other or more payments, each of which carries the
    /// reference of one alone.
    fn is_batch(&self, expected: &Expected) -> bool {
        let charge = |line: &&Line| {
            matches!(
                kind_of(line),
                LineKind::Fee | LineKind::Tax | LineKind::Levy
            )
        };
        let transfers = self
            .lines
            .iter()
            .filter(|line| !charge(line) && plain_recorded(line, expected));
        let pays = transfers.filter_map(|line| {
            let whole = self
                .ours_on(line)
                .filter(|each| line.amount == Signed::debit(each.amount));
            let paid: Vec<_> = whole.map(|each| each.withdrawal).collect();
            <[WithdrawalNumber; 1]>::try_from(paid).ok()
        });
        pays.collect::<BTreeSet<_>>().len() > 1
    }

    /// Whether a line and an expectation fit by tier 1. The recorded reference of a batch is not
    /// evidence for a line with our reference of another of its payments.
    fn fits(&self, line: &Line, expected: &Expected) -> bool {
        let by_batch = !plain_ours(line, expected)
            && self.ours_on(line).next().is_some()
            && self.is_batch(expected);
        plain_tier_one(line, expected) && !self.rejects(line, expected) && !by_batch
    }

    /// Whether a run after one whose certain links are recorded says the same.
    fn check_second_run(&self) -> Result<(), TestCaseError> {
        let first = self.run();
        let certain = first
            .matches
            .iter()
            .filter(|found| found.certainty == Certainty::Matched);
        let mut again = self.clone();
        again
            .decided
            .extend(certain.map(|found| found.link.clone()));
        let second = again.run();
        prop_assert!(
            second
                .matches
                .iter()
                .all(|found| found.certainty == Certainty::Proposed),
            "{:?}",
            second.matches
        );
        prop_assert_eq!(line_classes(&first), line_classes(&second));
        prop_assert_eq!(expected_classes(&first), expected_classes(&second));
        let proposed = |outcome: &Outcome| {
            let proposals = outcome
                .matches
                .iter()
                .filter(|found| found.certainty == Certainty::Proposed);
            proposals
                .map(|found| found.link.clone())
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(proposed(&first), proposed(&second));
        Ok(())
    }

    /// Whether each certain payment by its reference is the only candidate of its line, and its
    /// line the only one of it.
    fn check_certain_payments(&self) -> Result<(), TestCaseError> {
        for found in
            self.run().matches.iter().filter(|found| {
                found.tier == Tier::Reference && found.certainty == Certainty::Matched
            })
        {
            let (line, withdrawal) = (found.link.lines[0], found.link.withdrawals[0]);
            let line = self.lines.iter().find(|each| each.number == line).unwrap();
            let expected = self
                .expected
                .iter()
                .find(|each| each.withdrawal == withdrawal)
                .unwrap();
            prop_assert!(self.fits(line, expected));
            for other in self
                .expected
                .iter()
                .filter(|other| other.withdrawal != withdrawal)
            {
                prop_assert!(
                    !self.fits(line, other),
                    "{} fits {} too",
                    line.number,
                    other.withdrawal
                );
            }
            let is_decided =
                |number: &LineNumber| self.decided.iter().any(|link| link.lines.contains(number));
            let candidates = |each: &&Line| {
                kind_of(each) == LineKind::Principal
                    && !is_decided(&each.number)
                    && each.number != line.number
            };
            let others: Vec<&Line> = self
                .lines
                .iter()
                .filter(candidates)
                .filter(|each| self.fits(each, expected))
                .collect();
            // Of several, only the one whose own field holds the recorded reference is recognized.
            //
            let own = |line: &Line| {
                [&line.reference, &line.bank_id]
                    .into_iter()
                    .flatten()
                    .any(|field| {
                        expected.reference.as_ref().is_some_and(|recorded| {
                            field.replace('-', "") == recorded.replace('-', "")
                        })
                    })
            };
            let is_recognized = own(line) && !others.iter().any(|other| own(other));
            prop_assert!(
                others.is_empty() || is_recognized,
                "{others:?} fit {withdrawal} too"
            );
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn everything_has_one_class_and_no_line_or_withdrawal_is_in_two_links(case in cases()) {
        let outcome = case.run();
        prop_assert_eq!(outcome.lines.len(), case.lines.len());
        prop_assert_eq!(outcome.expected.len(), case.expected.len());
        let (mut lines, mut pairs) = (BTreeSet::new(), BTreeSet::new());
        let made = outcome.matches.iter().map(|found| &found.link);
        for link in case.decided.iter().chain(made) {
            for line in &link.lines {
                prop_assert!(lines.insert(*line), "{line} is in two links");
            }
            for withdrawal in &link.withdrawals {
                prop_assert!(pairs.insert((link.kind, *withdrawal)), "{withdrawal} is in two links");
            }
        }
    }

    #[test]
    fn a_link_never_makes_or_loses_money(case in cases()) {
        for found in case.run().matches {
            let bank: i128 = case.lines.iter().filter(|line| found.link.lines.contains(&line.number)).map(|line| line.amount.units()).sum();
            let ledger: i128 = case.expected.iter().filter(|expected| found.link.withdrawals.contains(&expected.withdrawal)).map(|expected| expected.amount.units()).sum();
            prop_assert_eq!(bank, if found.link.kind == LinkKind::Payment { -ledger } else { ledger });
        }
    }

    #[test]
    fn the_order_of_the_input_means_nothing(case in cases(), seed in prop::collection::vec(any::<u32>(), 20)) {
        let mut shuffled = case.clone();
        let key = |at: i64, salt: usize| seed[(usize::try_from(at).unwrap() + salt) % seed.len()];
        shuffled.lines.sort_by_key(|line| key(line.number.number(), 0));
        shuffled.expected.sort_by_key(|expected| key(expected.withdrawal.number(), 7));
        shuffled.decided.reverse();
        shuffled.rejected.reverse();
        shuffled.rejected.iter_mut().for_each(|link| link.lines.reverse());
        let (plain, other) = (case.run(), shuffled.run());
        prop_assert_eq!(plain.matches, other.matches);
        prop_assert_eq!(line_classes_of(&plain.lines), line_classes_of(&other.lines));
        prop_assert_eq!(plain.expected.values().map(|placed| placed.class).collect::<Vec<_>>(), other.expected.values().map(|placed| placed.class).collect::<Vec<_>>());
    }

    #[test]
    fn the_numbers_mean_nothing(case in cases()) {
        let mut other = case.clone();
        let line = |number: LineNumber| LineNumber::new(500 - 7 * number.number());
        let withdrawal = |number: WithdrawalNumber| WithdrawalNumber::new(900 - 11 * number.number());
        other.lines.iter_mut().for_each(|each| each.number = line(each.number));
        other.expected.iter_mut().for_each(|each| each.withdrawal = withdrawal(each.withdrawal));
        for link in other.decided.iter_mut().chain(&mut other.rejected) {
            link.lines.iter_mut().for_each(|number| *number = line(*number));
            link.withdrawals.iter_mut().for_each(|number| *number = withdrawal(*number));
        }
        let (plain, other) = (case.run(), other.run());
        let renamed: BTreeMap<_, _> = line_classes(&plain).into_iter().map(|(number, class)| (line(number), class)).collect();
        prop_assert_eq!(renamed, line_classes(&other));
        let renamed: BTreeMap<_, _> = expected_classes(&plain).into_iter().map(|(number, class)| (withdrawal(number), class)).collect();
        prop_assert_eq!(renamed, expected_classes(&other));
    }

    #[test]
    fn a_second_run_finds_nothing_certain_and_changes_nothing(case in cases()) {
        case.check_second_run()?;
    }

    #[test]
    fn a_second_run_finds_nothing_certain_and_changes_nothing_if_references_contradict(case in crowded_cases()) {
        case.check_second_run()?;
    }

    #[test]
    fn what_touches_nothing_changes_nothing(case in cases(), far in lines()) {
        let before = case.run();
        let mut more = case.clone();
        for mut line in far {
            line.number = LineNumber::new(line.number.number() + 100);
            line.date = date(400);
            line.value_date = None;
            line.amount = Signed::debit(amount("777.77"));
            line.description = "POS PURCHASE ELSEWHERE".to_owned();
            (line.reference, line.bank_id) = (None, None);
            more.lines.push(line);
        }
        let after = more.run();
        prop_assert_eq!(&before.matches, &after.matches);
        for (number, class) in line_classes(&before) {
            prop_assert_eq!(class, after.lines[&number].class);
        }
        prop_assert_eq!(expected_classes(&before), expected_classes(&after));
    }

    #[test]
    fn what_was_rejected_is_not_found_again(case in cases()) {
        let mut case = case;
        for _ in 0..4 {
            let outcome = case.run();
            for found in &outcome.matches {
                let members = |link: &Link| (link.kind, link.lines.iter().copied().collect::<BTreeSet<_>>(), link.withdrawals.iter().copied().collect::<BTreeSet<_>>());
                prop_assert!(case.rejected.iter().all(|link| members(link) != members(&found.link)), "{:?}", found);
            }
            case.rejected.extend(outcome.matches.into_iter().map(|found| found.link));
        }
    }

    #[test]
    fn a_certain_payment_is_the_only_candidate_both_ways(case in cases()) {
        case.check_certain_payments()?;
    }

    #[test]
    fn a_certain_payment_is_the_only_candidate_both_ways_where_references_contradict(case in crowded_cases()) {
        case.check_certain_payments()?;
    }

    #[test]
    fn an_explanation_has_a_total_order_and_tells_no_account(case in cases()) {
        for line in &case.lines {
            let told = explain(case.input(), line.number);
            prop_assert!(told.len() <= 10);
            let mut shuffled = case.clone();
            shuffled.expected.reverse();
            shuffled.lines.reverse();
            prop_assert_eq!(&told, &explain(shuffled.input(), line.number));
            prop_assert!(!format!("{told:?}").contains("900000000"), "{told:?}");
        }
    }
}

fn line_classes_of(lines: &BTreeMap<LineNumber, Classification>) -> Vec<(LineNumber, Class)> {
    lines
        .iter()
        .map(|(number, placed)| (*number, placed.class))
        .collect()
}

#[test]
fn the_random_cases_reach_every_tier_and_every_class() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut tiers, mut classes) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..20_000 {
        let outcome = cases().new_tree(&mut runner).unwrap().current().run();
        tiers.extend(outcome.matches.iter().map(|found| found.tier));
        classes.extend(
            outcome
                .lines
                .values()
                .chain(outcome.expected.values())
                .map(|placed| placed.class),
        );
    }
    let by_users = |tier: &Tier| *tier == Tier::Manual;
    assert_eq!(
        tiers,
        Tier::ALL
            .into_iter()
            .filter(|tier| !by_users(tier))
            .collect()
    );
    // A line that a user explained or that was taken back takes part in nothing, and what went to the
    // bank in a file has its own test, too.
    let elsewhere = [
        Class::Resolved,
        Class::TaxRemittance,
        Class::Void,
        Class::SentNotOnBank,
    ];
    assert_eq!(
        classes,
        Class::ALL
            .into_iter()
            .filter(|class| !elsewhere.contains(class))
            .collect()
    );
}
