//! The journal: every entry sums to zero, and what is owed is what the accounts say.

use proptest::prelude::*;

use super::*;
use crate::domain::{
    bank::{LineClassification, class_before_run},
    event::tests::{amount, day, named, now},
    matching::{LineKind, Tier},
    statement::StatementLine,
    trial::TrialBalance,
};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn entry(step: Step) -> JournalEntry {
    JournalEntry {
        at: now(),
        project: code("LAGOS"),
        event: code("E1"),
        own_date: None,
        title: "Rent".into(),
        holder: named("h1"),
        currency: Currency::parse("NGN").unwrap(),
        withdrawal: None,
        step,
    }
}

fn paid(requested: &str, paid: &str, account: Option<&str>) -> Step {
    Step::Paid {
        requested: amount(requested),
        paid: amount(paid),
        payment: PaymentNumber::new(1),
        reference: "R-1".to_owned(),
        value_date: day("2026-06-29"),
        account: account.map(code),
    }
}

fn returned(paid: &str, account: Option<&str>) -> Step {
    Step::Returned {
        paid: amount(paid),
        payment: PaymentNumber::new(1),
        reference: "R-1".to_owned(),
        value_date: day("2026-06-30"),
        reason: "closed".to_owned(),
        account: account.map(code),
    }
}

fn forward(kind: ForwardKind, amount: &str) -> Step {
    Step::Forward {
        kind,
        amount: self::amount(amount),
        reason: None,
    }
}

/// Shows postings as `account amount`.
fn shown(postings: &[Posting]) -> Vec<String> {
    let name = |account: &Account| match account {
        Account::Bank(code) => format!("bank {code}"),
        Account::Suspense(code) => format!("suspense {code}"),
        Account::Available { holder, .. } => {
            format!("available {}", holder.as_ref().map_or("all", Code::as_str))
        }
        Account::Pending { holder, .. } => {
            format!("pending {}", holder.as_ref().map_or("all", Code::as_str))
        }
        Account::Forward { holder, .. } => {
            format!("forward {}", holder.as_ref().map_or("all", Code::as_str))
        }
        Account::Tax(authority) => format!("tax {authority}"),
        Account::Distributions(project) => format!("distributions {project}"),
        Account::WrittenOff(project) => format!("written off {project}"),
        Account::SetAside(project) => format!("set aside {project}"),
        Account::Reserves(project) => format!("reserves {project}"),
        Account::Proceeds(project) => format!("proceeds {project}"),
        Account::Deductions { project, kind } => format!("deductions {project} {kind}"),
        other @ (Account::Unassigned
        | Account::Funding
        | Account::Opening
        | Account::Other
        | Account::Interest
        | Account::Charges) => format!("{other:?}").to_lowercase(),
    };
    postings
        .iter()
        .map(|(account, amount)| format!("{} {}", name(account), amount.plain(0)))
        .collect()
}

#[test]
fn each_step_moves_money_between_its_accounts() {
    let release = Step::Released(amount("4"), Release::Cancelled);
    #[rustfmt::skip]
    let cases: [(Step, &[&str]); 18] = [
        (Step::Allocated(Allotted::plain(amount("10"))), &["distributions LAGOS 10", "available h1 -10"]),
        (
            Step::Allocated(Allotted { gross: amount("10"), tax: amount("1"), authority: Some(code("NRS")), imported: false }),
            &["distributions LAGOS 10", "available h1 -9", "tax NRS -1"],
        ),
        (
            Step::Voided(Allotted { gross: amount("10"), tax: amount("10"), authority: Some(code("NRS")), imported: false }),
            &["tax NRS 10", "distributions LAGOS -10"],
        ),
        (Step::Voided(Allotted::plain(amount("10"))),    &["available h1 10", "distributions LAGOS -10"]),
        (
            Step::Allocated(Allotted { gross: amount("10"), tax: amount("1"), authority: None, imported: true }),
            &["distributions LAGOS 10", "available h1 -9", "opening -1"],
        ),
        (
            Step::PaidBefore { paid: amount("4"), payment: PaymentNumber::new(1), reference: "R-1".to_owned(), value_date: day("2024-06-29") },
            &["available h1 4", "opening -4"],
        ),
        (Step::Requested(amount("4")),  &["available h1 4", "pending h1 -4"]),
        (release,                       &["pending h1 4", "available h1 -4"]),
        (paid("4", "4", Some("OPS")),   &["pending h1 4", "bank OPS -4"]),
        (paid("4", "3.99", None),       &["pending h1 4", "unassigned -3.99", "available h1 -0.01"]),
        (returned("4", Some("OPS")),    &["bank OPS 4", "available h1 -4"]),
        (returned("4", None),           &["unassigned 4", "available h1 -4"]),
        (forward(ForwardKind::BroughtForward, "4"),       &["forward h1 4", "available h1 -4"]),
        (forward(ForwardKind::Released, "4"),             &["forward h1 4", "available h1 -4"]),
        (forward(ForwardKind::WrittenOff, "4"),           &["forward h1 4", "written off LAGOS -4"]),
        (forward(ForwardKind::CarriedForward, "4"),       &["available h1 4", "forward h1 -4"]),
        (forward(ForwardKind::BroughtForwardUndone, "4"), &["available h1 4", "forward h1 -4"]),
        (forward(ForwardKind::CarriedForwardUndone, "4"), &["forward h1 4", "available h1 -4"]),
    ];
    for (step, expected) in cases {
        assert_eq!(
            shown(&entry(step.clone()).postings().unwrap()),
            expected,
            "{step:?}"
        );
    }
    assert_eq!(
        entry(paid("4", "4.01", None)).postings(),
        None,
        "more than was requested is never paid"
    );
}

fn line(
    kind: LineKind,
    units: &str,
    link: Option<(LinkKind, Class)>,
    payments: &[Option<i64>],
) -> BankLine {
    let signed = Signed::from_canonical(units).unwrap();
    let payments = payments
        .iter()
        .map(|number| (WithdrawalNumber::new(1), number.map(PaymentNumber::new)));
    BankLine {
        known_accounts: Vec::new(),
        reference_place: crate::domain::masking::Place::Reference,
        number: LineNumber::new(1),
        id: uuid::Uuid::from_u128(1).into(),
        account: named("OPS"),
        currency: Currency::parse("NGN").unwrap(),
        statement: StatementNumber::new(1),
        line: StatementLine {
            place: 1,
            booking_date: day("2026-06-29"),
            value_date: None,
            amount: signed,
            balance: None,
            reference: None,
            bank_id: None,
            end_to_end: None,
            description: "TRF".to_owned(),
            counterparty_name: None,
            counterparty_account: None,
            reversal: false,
        },
        kind,
        classification: LineClassification {
            class: link.map_or_else(|| class_before_run(signed, kind), |(_, class)| class),
            tier: link.map(|_| Tier::Manual),
            link_kind: link.map(|(kind, _)| kind),
            payments: payments.collect(),
            lines: Vec::new(),
            remittances: Vec::new(),
            detail: None,
            since: None,
            rule: None,
        },
    }
}

#[test]
fn a_line_is_booked_against_what_explains_it_and_a_payments_own_line_against_nothing() {
    use LineKind::{Fee, Interest, Levy, Principal, Reversal, Tax};
    use LinkKind::{Charge, Funding, Other, Payment, Return};
    let (matched, proposed) = (
        |kind| Some((kind, Class::Matched)),
        |kind| Some((kind, Class::Proposed)),
    );
    let resolved = |kind| Some((kind, Class::Resolved));
    let (out, nothing) = ("-4.0000000", "0.0000000");
    #[rustfmt::skip]
    let cases = [
        (line(Principal, out, matched(Payment), &[Some(1)]),           None),
        (line(Principal, out, matched(Payment), &[Some(1), None]),     Some(Contra::Suspense)),
        (line(Principal, "4.0000000", matched(Return), &[Some(1)]),    None),
        (line(Principal, out, proposed(Payment), &[Some(1)]),          Some(Contra::Suspense)),
        (line(Fee, out, proposed(Payment), &[Some(1)]),                Some(Contra::Suspense)),
        (line(Fee, "-99999999.0000000", None, &[]),                    Some(Contra::Suspense)),
        (line(Principal, out, resolved(Charge), &[]),                  Some(Contra::Charges)),
        (line(Fee, out, resolved(Other), &[]),                         Some(Contra::Other)),
        (line(Principal, out, resolved(LinkKind::Interest), &[]),      Some(Contra::Interest)),
        (line(Principal, out, resolved(Funding), &[]),                 Some(Contra::Funding)),
        (line(Fee, out, None, &[]),                                    Some(Contra::Charges)),
        (line(Tax, out, None, &[]),                                    Some(Contra::Charges)),
        (line(Levy, out, None, &[]),                                   Some(Contra::Charges)),
        (line(Interest, "4.0000000", None, &[]),                       Some(Contra::Suspense)),
        (line(Reversal, "4.0000000", None, &[]),                       Some(Contra::Suspense)),
        (line(Principal, out, None, &[Some(1)]),                       Some(Contra::Suspense)),
        (line(Principal, nothing, None, &[]),                          None),
    ];
    for (line, expected) in cases {
        assert_eq!(Contra::of(&line), expected, "{line:?}");
    }
}

#[test]
fn a_bank_line_moves_its_account_by_its_amount() {
    let entry = |source| BankEntry {
        at: now(),
        account: code("OPS"),
        currency: Currency::parse("NGN").unwrap(),
        amount: Signed::from_canonical("-4.0000000").unwrap(),
        source,
    };
    let opening = Source::Opening {
        statement: StatementNumber::new(1),
        date: day("2026-06-01"),
    };
    assert_eq!(
        shown(&entry(opening).postings()),
        ["bank OPS -4", "opening 4"]
    );
    for (against, other) in [
        (Contra::Charges, "charges 4"),
        (Contra::Interest, "interest 4"),
        (Contra::Funding, "funding 4"),
        (Contra::Other, "other 4"),
        (Contra::Suspense, "suspense OPS 4"),
    ] {
        let source = Source::Line {
            number: LineNumber::new(1),
            value_date: day("2026-06-29"),
            description: "TRF".to_owned(),
            reference: None,
            against,
        };
        assert_eq!(shown(&entry(source).postings()), ["bank OPS -4", other]);
    }
}

#[test]
fn what_would_become_negative_is_refused_and_not_clamped() {
    let owed = ClosingBalance::NOTHING
        .after(&Step::Allocated(Allotted::plain(amount("10"))))
        .unwrap();
    let held = owed.after(&Step::Requested(amount("4"))).unwrap();
    assert_eq!(
        (held.available, held.pending),
        (amount("6").widen(), amount("4").widen())
    );
    let partly = held.after(&paid("4", "3", None)).unwrap();
    assert_eq!(
        (partly.available, partly.pending),
        (amount("7").widen(), Total::ZERO)
    );
    assert_eq!(partly.after(&returned("3", None)), Some(owed));
    for bad in [
        Step::Voided(Allotted::plain(amount("7"))),
        Step::Requested(amount("6.01")),
        Step::Released(amount("4.01"), Release::Cancelled),
        paid("4.01", "1", None),
        paid("4", "4.01", None),
    ] {
        assert_eq!(held.after(&bad), None, "{bad:?}");
    }
}

#[test]
fn a_trial_balance_adds_the_holders_of_a_project_up_and_is_even() {
    let currency = Currency::parse("NGN").unwrap();
    let mut trial = TrialBalance::default();
    for holder in ["h1", "h2"] {
        for step in [
            Step::Allocated(Allotted::plain(amount("10"))),
            Step::Requested(amount("4")),
            paid("4", "3", Some("OPS")),
        ] {
            let entry = JournalEntry {
                holder: named(holder),
                ..entry(step)
            };
            trial.add(entry.postings().unwrap(), currency).unwrap();
        }
    }
    let rows = trial.clone().finish().unwrap();
    let reported: Vec<_> = rows
        .iter()
        .map(|row| {
            let name = shown(&[(row.account.clone(), row.balance)]).remove(0);
            format!("{name} = {} - {}", row.debit.plain(0), row.credit.plain(0))
        })
        .collect();
    assert_eq!(
        reported,
        [
            "bank OPS -6 = 0 - 6",
            "available all -14 = 8 - 22",
            "pending all 0 = 8 - 8",
            "distributions LAGOS 20 = 20 - 0",
        ]
    );
    trial
        .add(vec![(Account::Other, Signed::from(amount("1")))], currency)
        .unwrap();
    assert_eq!(
        trial.finish(),
        None,
        "a trial balance that does not balance is refused"
    );
}

fn any_step() -> impl Strategy<Value = Step> {
    let units = 1..=Amount::MAX.units();
    (
        units.clone(),
        units,
        0..8_u8,
        proptest::option::of("[A-Z]{1,3}"),
    )
        .prop_map(|(one, two, which, bank)| {
            let of = |units: i128| Amount::from_units(units).unwrap();
            let (large, small) = (of(one.max(two)).canonical(), of(one.min(two)).canonical());
            match which {
                0 => Step::Allocated(Allotted::plain(of(one))),
                1 => Step::Voided(Allotted::plain(of(one))),
                2 => Step::Requested(of(one)),
                3 => Step::Released(of(one), Release::Rejected("no".to_owned())),
                4 => paid(&large, &small, bank.as_deref()),
                5 => forward(ForwardKind::CarriedForward, &small),
                6 => forward(ForwardKind::BroughtForward, &small),
                _ => returned(&small, bank.as_deref()),
            }
        })
}

proptest! {
    #[test]
    fn postings_sum_to_zero_and_move_what_is_owed(steps in proptest::collection::vec(any_step(), 1..20)) {
        let mut owed = ClosingBalance::NOTHING;
        let (mut available, mut pending) = (Signed::ZERO, Signed::ZERO);
        let mut forward = Signed::ZERO;
        for step in steps {
            let entry = entry(step);
            let postings = entry.postings().unwrap();
            let sum = postings.iter().try_fold(Signed::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
            prop_assert_eq!(sum, Some(Signed::ZERO));
            prop_assert!(postings.iter().all(|(_, amount)| !amount.is_zero()));
            let Some(after) = owed.after(&entry.step) else { continue };
            owed = after;
            for (account, amount) in postings {
                if matches!(account, Account::Available { .. }) {
                    available = available.checked_sub(amount).unwrap();
                } else if matches!(account, Account::Pending { .. }) {
                    pending = pending.checked_sub(amount).unwrap();
                } else if matches!(account, Account::Forward { .. }) {
                    forward = forward.checked_sub(amount).unwrap();
                }
            }
            prop_assert_eq!((available, pending), (owed.available.into(), owed.pending.into()));
            prop_assert_eq!(forward, owed.forward.into());
        }
    }
}
