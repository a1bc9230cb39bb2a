//! What a run plans, on the smallest input that shows it. Dates are days of June 2026.

use std::collections::{BTreeMap, BTreeSet};

use super::{Input, Plan, RunSummary, plan};
use crate::domain::{
    account::AccountNumber,
    code::{Code, FileNumber, LineNumber, PaymentNumber, RemittanceNumber, WithdrawalNumber},
    currency::Currency,
    matching::{
        Certainty, Class, Expected, ExpectedRemittance, Line, Link, LinkKind, PaidFrom,
        RecordedMatch, Setting, Tier,
    },
    quantity::Amount,
    signed::Signed,
    time::{Date, parse_date},
};

const OURS: &str = "PR7K3F9Q2M";

fn date(day: u32) -> Date {
    parse_date(&format!("2026-06-{day:02}")).unwrap()
}

/// A debit of 40, booked on a day.
fn debit(number: i64, day: u32, description: &str) -> Line {
    Line {
        number: LineNumber::new(number),
        date: date(day),
        value_date: None,
        amount: Signed::debit(Amount::parse("40").unwrap()),
        description: description.to_owned(),
        reference: None,
        bank_id: None,
        end_to_end: None,
        counterparty_name: None,
        counterparty_account: None,
        reversal: false,
    }
}

/// An approved withdrawal of 40 in a payment file.
fn withdrawal(number: i64, end_to_end: &str) -> Expected {
    Expected {
        withdrawal: WithdrawalNumber::new(number),
        paid_from: PaidFrom::Here,
        payment: None,
        amount: Amount::parse("40").unwrap(),
        date: date(22),
        reference: None,
        end_to_end: vec![end_to_end.to_owned()],
        ended_references: Vec::new(),
        account_number: AccountNumber::parse("0123456785").ok(),
        means: crate::domain::status::Means::Transfer,
        names: vec!["Ada Obi".to_owned()],
        file: Some(FileNumber::new(1)),
        transfer: None,
        returned: false,
        return_linked: false,
        maybe_sent: false,
        settled: false,
    }
}

fn input(lines: Vec<Line>, expected: Vec<Expected>) -> Input {
    Input {
        account: Code::parse("OPS").unwrap(),
        currency: Currency::parse("NGN").unwrap(),
        setting: Setting::new(AccountNumber::parse("0000014579").unwrap()),
        through: None,
        today: date(30),
        lines,
        expected,
        remittances: Vec::new(),
        matches: Vec::new(),
        rejected: Vec::new(),
        elsewhere: Vec::new(),
        blocked: BTreeMap::new(),
        used_references: BTreeSet::new(),
        line_classes: BTreeMap::new(),
        payment_classes: BTreeMap::new(),
        span: None,
        has_new_lines: false,
    }
}

fn proposal(number: i64, line: i64, withdrawal: i64) -> RecordedMatch {
    RecordedMatch {
        number,
        link: Link {
            kind: LinkKind::Payment,
            lines: vec![LineNumber::new(line)],
            withdrawals: vec![WithdrawalNumber::new(withdrawal)],
            remittance: None,
        },
        tier: Tier::Name,
        certainty: Certainty::Proposed,
    }
}

/// The counts of a run: matched, proposed, recorded, returned, left.
fn counts(summary: &RunSummary) -> [u64; 5] {
    [
        summary.matched,
        summary.proposed,
        summary.recorded,
        summary.returned,
        summary.left,
    ]
}

/// The class of each line that the plan places apart from matches.
fn placed(plan: &Plan) -> Vec<(i64, Class)> {
    plan.line_classes
        .iter()
        .map(|(line, placed)| (line.number(), placed.class))
        .collect()
}

#[test]
fn a_certain_match_records_the_payment() {
    let plan = plan(input(vec![debit(1, 23, OURS)], vec![withdrawal(1, OURS)])).unwrap();
    assert_eq!(counts(&plan.summary), [1, 0, 1, 0, 0]);
    let [matched] = plan.matches.as_slice() else {
        panic!("{plan:?}")
    };
    assert_eq!(matched.proposal, None);
    let [payment] = matched.settlement.payments.as_slice() else {
        panic!("{plan:?}")
    };
    assert_eq!(payment.input.reference, OURS);
    assert_eq!(payment.input.date, date(23));
    assert!(plan.is_recorded && plan.ended.is_empty() && plan.line_classes.is_empty());
}

#[test]
fn nothing_new_is_not_recorded_unless_lines_are_new() {
    let lines = || vec![debit(1, 23, "POS PURCHASE")];
    let first = plan(input(lines(), Vec::new())).unwrap();
    assert_eq!(
        placed(&first),
        [],
        "the class is that of a line before any run"
    );
    assert!(!first.is_recorded);
    let new = Input {
        has_new_lines: true,
        ..input(lines(), Vec::new())
    };
    assert!(plan(new).unwrap().is_recorded);
    let through = Input {
        has_new_lines: true,
        through: Some(date(30)),
        ..input(lines(), Vec::new())
    };
    assert!(!plan(through).unwrap().is_recorded);
}

#[test]
fn a_class_is_written_only_if_it_is_news() {
    // Two withdrawals have the reference, so neither is certain.
    let ambiguous = || {
        input(
            vec![debit(1, 23, OURS)],
            vec![withdrawal(1, OURS), withdrawal(2, OURS)],
        )
    };
    let first = plan(ambiguous()).unwrap();
    assert_eq!(placed(&first), [(1, Class::Ambiguous)]);
    assert_eq!(first.payment_classes.len(), 2);
    let again = Input {
        line_classes: first.line_classes.into_iter().collect(),
        payment_classes: first.payment_classes.into_iter().collect(),
        ..ambiguous()
    };
    let again = plan(again).unwrap();
    assert!(again.line_classes.is_empty() && again.payment_classes.is_empty());
    assert!(!again.is_recorded);
}

#[test]
fn a_payment_to_a_blocked_holder_is_only_proposed() {
    let holder = Code::parse("ADA").unwrap();
    let blocked = Input {
        blocked: [(WithdrawalNumber::new(1), holder)].into(),
        ..input(vec![debit(1, 23, OURS)], vec![withdrawal(1, OURS)])
    };
    let plan = plan(blocked).unwrap();
    assert_eq!(counts(&plan.summary), [0, 1, 0, 0, 1]);
    let found = &plan.matches[0].found;
    assert_eq!(found.certainty, Certainty::Proposed);
    assert!(found.evidence.ends_with("; holder ADA is blocked"));
    assert!(plan.matches[0].settlement.payments.is_empty());
}

#[test]
fn what_is_certain_here_ends_a_proposal_of_another_account() {
    let elsewhere = |text: &str| Input {
        elsewhere: vec![proposal(9, 77, 1)],
        ..input(vec![debit(1, 23, text)], vec![withdrawal(1, OURS)])
    };
    let certain = plan(elsewhere(OURS)).unwrap();
    assert_eq!(certain.ended, [9]);
    assert_eq!(certain.summary.matched, 1);
    let unsure = plan(elsewhere("TRF TO ADA OBI")).unwrap();
    assert_eq!((unsure.ended.len(), unsure.matches.len()), (0, 0));
    assert_eq!(placed(&unsure), [(1, Class::Ambiguous)]);
}

#[test]
fn a_proposal_stays_while_it_is_found_and_ends_when_it_is_not() {
    let lines = |text: &str| vec![debit(1, 23, text)];
    let with = |text: &str| Input {
        matches: vec![proposal(5, 1, 1)],
        ..input(lines(text), vec![withdrawal(1, OURS)])
    };
    let same = plan(with("TRF TO ADA OBI")).unwrap();
    assert_eq!((same.ended.len(), same.matches.len()), (0, 0));
    let certain = plan(with(OURS)).unwrap();
    assert_eq!(certain.matches[0].proposal, Some(5));
    assert!(certain.ended.is_empty());
    let gone = plan(with("TRF TO CHIDI EZE")).unwrap();
    assert_eq!(gone.ended, [5]);
}

#[test]
fn a_proposal_that_reaches_beyond_the_last_day_is_left_alone() {
    let late = Expected {
        date: date(28),
        ..withdrawal(2, "PR9C0QX4T1")
    };
    let mut both = proposal(5, 1, 1);
    both.link.withdrawals.push(WithdrawalNumber::new(2));
    let through = Input {
        through: Some(date(25)),
        matches: vec![both],
        ..input(vec![debit(1, 23, OURS)], vec![withdrawal(1, OURS), late])
    };
    let plan = plan(through).unwrap();
    assert!(plan.ended.is_empty() && plan.matches.is_empty());
    assert_eq!(plan.summary.classes[0].class, Class::Proposed);
    assert_eq!(plan.summary.left, 1);
}

#[test]
fn a_payment_of_this_run_may_come_back_in_this_run() {
    let credit = Line {
        amount: Signed::credit(Amount::parse("40").unwrap()),
        ..debit(2, 25, &format!("RVSL {OURS}"))
    };
    let plan = plan(input(
        vec![debit(1, 23, OURS), credit],
        vec![withdrawal(1, OURS)],
    ))
    .unwrap();
    assert_eq!(counts(&plan.summary), [2, 0, 1, 1, 0]);
    let returned = &plan.matches[1].settlement.returns[0];
    assert_eq!(returned.date, date(25));
}

#[test]
fn of_two_lines_with_one_reference_only_one_payment_takes_it() {
    let with_reference = |number, text: &str| Line {
        reference: Some("TRX-1".to_owned()),
        ..debit(number, 23, text)
    };
    let plan = plan(input(
        vec![with_reference(1, OURS), with_reference(2, "PR9C0QX4T1")],
        vec![withdrawal(1, OURS), withdrawal(2, "PR9C0QX4T1")],
    ))
    .unwrap();
    let payments = plan
        .matches
        .iter()
        .flat_map(|each| &each.settlement.payments);
    let references: Vec<&str> = payments.map(|each| each.input.reference.as_str()).collect();
    assert_eq!(references, ["TRX-1", "PR9C0QX4T1"]);
}

#[test]
fn a_recorded_payment_is_matched_and_not_recorded_again() {
    let paid = Expected {
        payment: Some(PaymentNumber::new(1)),
        ..withdrawal(1, OURS)
    };
    let plan = plan(input(vec![debit(1, 23, OURS)], vec![paid])).unwrap();
    assert_eq!(counts(&plan.summary), [1, 0, 0, 0, 0]);
    assert_eq!(plan.matches[0].settlement, super::Settlement::default());
}

/// A remittance of 40 that was paid on a day.
fn remittance(number: i64, day: u32) -> ExpectedRemittance {
    ExpectedRemittance {
        number: RemittanceNumber::new(number),
        amount: Amount::parse("40").unwrap(),
        date: date(day),
        reference: "RRR-310008".to_owned(),
        line: None,
        is_here: true,
        caution: None,
    }
}

fn tax_proposal(number: i64, line: i64, remittance: i64) -> RecordedMatch {
    let of = proposal(number, line, 1);
    RecordedMatch {
        link: Link {
            kind: LinkKind::Remittance,
            withdrawals: Vec::new(),
            remittance: Some(RemittanceNumber::new(remittance)),
            ..of.link
        },
        ..of
    }
}

/// A run over one debit with the reference of T-000001.
fn taxed() -> Input {
    Input {
        remittances: vec![remittance(1, 22)],
        ..input(vec![debit(1, 23, "NRS/RRR-310008")], Vec::new())
    }
}

/// The class of each remittance, and how many there are of it and how many are left.
fn tax_totals(plan: &Plan) -> Vec<(Class, u64, u64)> {
    let totals = plan.summary.classes.iter();
    let totals = totals.filter(|total| total.remittances > 0);
    totals
        .map(|total| (total.class, total.remittances, total.left))
        .collect()
}

#[test]
fn a_remittance_is_proposed_once_and_its_proposal_ends_when_it_is_no_longer_found() {
    let first = plan(taxed()).unwrap();
    assert_eq!(counts(&first.summary), [0, 1, 0, 0, 2]);
    assert_eq!(tax_totals(&first), [(Class::Proposed, 1, 2)]);
    assert!(first.line_classes.is_empty(), "a match gives the class");
    let again = plan(Input {
        matches: vec![tax_proposal(5, 1, 1)],
        ..taxed()
    })
    .unwrap();
    assert!(again.matches.is_empty() && again.ended.is_empty() && !again.is_recorded);
    // It was taken back, or another one is proposed for the line instead.
    let gone = plan(Input {
        matches: vec![tax_proposal(5, 1, 1)],
        remittances: Vec::new(),
        ..taxed()
    })
    .unwrap();
    assert_eq!(gone.ended, [5]);
    let other = plan(Input {
        matches: vec![tax_proposal(5, 1, 9)],
        ..taxed()
    })
    .unwrap();
    assert_eq!((other.ended, other.matches.len()), (vec![5], 1));
}

#[test]
fn a_remittance_that_is_proposed_on_another_account_is_not_proposed_here_nor_counted() {
    let elsewhere = plan(Input {
        elsewhere: vec![tax_proposal(9, 77, 1)],
        ..taxed()
    })
    .unwrap();
    assert!(elsewhere.matches.is_empty() && elsewhere.ended.is_empty());
    assert_eq!(placed(&elsewhere), [(1, Class::Ambiguous)]);
    assert_eq!(tax_totals(&elsewhere), []);
    let named = &elsewhere.line_classes[0].1.remittances;
    assert_eq!(named, &[RemittanceNumber::new(1)]);
}

#[test]
fn a_run_up_to_a_day_sees_no_later_remittance_and_leaves_its_proposal_alone() {
    let through = |matches: Vec<RecordedMatch>| {
        plan(Input {
            through: Some(date(23)),
            matches,
            remittances: vec![remittance(1, 24)],
            ..taxed()
        })
        .unwrap()
    };
    let first = through(Vec::new());
    assert_eq!(counts(&first.summary), [0, 0, 0, 0, 1]);
    assert_eq!(tax_totals(&first), []);
    let proposed = through(vec![tax_proposal(5, 1, 1)]);
    assert!(proposed.ended.is_empty() && proposed.matches.is_empty());
    assert_eq!(counts(&proposed.summary), [0, 0, 0, 0, 1]);
    assert_eq!(proposed.summary.classes[0].class, Class::Proposed);
}

#[test]
fn a_remittance_that_no_line_shows_is_left_where_it_belongs() {
    let run = |is_here| {
        plan(Input {
            remittances: vec![ExpectedRemittance {
                is_here,
                ..remittance(1, 22)
            }],
            ..input(Vec::new(), Vec::new())
        })
        .unwrap()
    };
    assert_eq!(tax_totals(&run(true)), [(Class::PaidNotOnBank, 1, 1)]);
    assert_eq!(run(false).summary.left, 0);
}
