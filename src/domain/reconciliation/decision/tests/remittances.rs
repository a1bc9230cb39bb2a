//! A line and a remittance of tax: exactly its amount, alone, and by a second person.

use super::*;
use crate::domain::{
    decision::Approval,
    event::tests::{actor, named as other, now, reviewers},
    reconciliation::decision::remittance::may_match_remittance,
    role::Role,
    tax::liability::Remittance,
    user::FourEyes,
};

fn remittance(paid: &str) -> Remittance {
    Remittance {
        number: RemittanceNumber::new(1),
        authority: "NRS".to_owned(),
        period: "2026-06".to_owned(),
        currency: ngn(),
        amount: amount(paid),
        items: 1,
        reference: "RRR-1".to_owned(),
        payment_date: date(),
        recorded: Approval {
            by: other("ada"),
            at: now(),
        },
        line: None,
        reversed: None,
    }
}

fn candidate(paid: &str) -> RemittanceCandidate {
    RemittanceCandidate {
        remittance: remittance(paid),
        projects: vec![other("LAGOS")],
        held_by: None,
    }
}

/// A match or a proposal of the line with T-000001.
fn held(certainty: Certainty) -> MatchDetails {
    let of = super::held(certainty, None, "40");
    let link = Link {
        kind: LinkKind::Remittance,
        withdrawals: Vec::new(),
        remittance: Some(RemittanceNumber::new(1)),
        ..of.recorded.link
    };
    MatchDetails {
        recorded: RecordedMatch {
            link,
            ..of.recorded
        },
        withdrawals: Vec::new(),
        remittance: Some(Remittance {
            line: (certainty == Certainty::Matched).then(|| LineNumber::new(1)),
            ..remittance("40")
        }),
        ..of
    }
}

fn refused(account: &FundAccount, line: &BankLine, candidate: &RemittanceCandidate) -> String {
    let decided = match_remittance(account, line, None, candidate, &moment());
    decided.map_or_else(|error| code(error).to_owned(), |_| "matched".to_owned())
}

#[test]
fn a_line_is_matched_with_a_remittance_of_exactly_its_amount() {
    let open = line(1, Class::OnBankNotInLedger);
    let decision = match_remittance(&account(), &open, None, &candidate("40"), &moment()).unwrap();
    let made = decision.made.unwrap();
    assert_eq!(
        (made.tier, made.certainty),
        (Tier::Manual, Certainty::Matched)
    );
    assert_eq!(made.link.remittance, Some(RemittanceNumber::new(1)));
    assert!(made.link.withdrawals.is_empty());
    assert_eq!(decision.settlement, Settlement::default());
    for paid in ["39.99", "40.01"] {
        let code = refused(&account(), &open, &candidate(paid));
        assert_eq!(code, "bank.amount_differs", "{paid}");
    }
    let mut credit = open.clone();
    credit.line.amount = Signed::credit(amount("40"));
    assert_eq!(
        refused(&account(), &credit, &candidate("40")),
        "tax.remittance_line"
    );
    for gone in [
        Remittance {
            line: Some(LineNumber::new(9)),
            ..remittance("40")
        },
        Remittance {
            reversed: Some((remittance("40").recorded, "x".to_owned())),
            ..remittance("40")
        },
    ] {
        let candidate = RemittanceCandidate {
            remittance: gone,
            ..candidate("40")
        };
        let code = refused(&account(), &open, &candidate);
        assert_eq!(code, "tax.remittance_state");
    }
    let matched = held(Certainty::Matched);
    let taken = match_remittance(
        &account(),
        &open,
        Some(&matched),
        &candidate("40"),
        &moment(),
    );
    assert_eq!(code(taken.unwrap_err()), "bank.line_state");
}

#[test]
fn the_account_must_be_in_the_currency_and_have_a_part_in_the_tax() {
    let open = line(1, Class::OnBankNotInLedger);
    let of = |project: Option<&str>, currency: &str| FundAccount {
        project: project.map(other),
        currency: Currency::parse(currency).unwrap(),
        ..account()
    };
    let two = RemittanceCandidate {
        projects: vec![other("KANO"), other("LAGOS")],
        ..candidate("40")
    };
    for (account, one, both) in [
        (of(None, "NGN"), "matched", "matched"),
        (of(Some("LAGOS"), "NGN"), "matched", "matched"),
        (of(Some("KANO"), "NGN"), "bank.other_project", "matched"),
        (
            of(Some("ABUJA"), "NGN"),
            "bank.other_project",
            "bank.other_project",
        ),
        (of(None, "USD"), "bank.currency", "bank.currency"),
    ] {
        assert_eq!(refused(&account, &open, &candidate("40")), one);
        assert_eq!(refused(&account, &open, &two), both);
    }
}

#[test]
fn a_match_by_hand_ends_what_was_proposed_for_the_line_and_for_the_remittance() {
    let open = line(1, Class::Proposed);
    let proposed = super::held(Certainty::Proposed, None, "40");
    let mut elsewhere = held(Certainty::Proposed);
    elsewhere.recorded.number = 6;
    let candidate = RemittanceCandidate {
        held_by: Some(elsewhere),
        ..candidate("40")
    };
    let decision =
        match_remittance(&account(), &open, Some(&proposed), &candidate, &moment()).unwrap();
    let ended: Vec<_> = decision.ended.iter().map(|ended| ended.number).collect();
    assert_eq!(ended, [6, 5]);
}

#[test]
fn a_confirmed_proposal_is_looked_at_again() {
    let proposed = line(1, Class::Proposed);
    let decision = confirm(&proposed, Some(&held(Certainty::Proposed)), moment()).unwrap();
    assert_eq!(decision.confirmed, Some(5));
    assert_eq!(decision.settlement, Settlement::default());
    let mut other = held(Certainty::Proposed);
    other.remittance = Some(remittance("39.99"));
    let error = confirm(&proposed, Some(&other), moment()).unwrap_err();
    assert_eq!(code(error), "bank.amount_differs");
    other.remittance = Some(Remittance {
        reversed: Some((remittance("40").recorded, "x".to_owned())),
        ..remittance("40")
    });
    let error = confirm(&proposed, Some(&other), moment()).unwrap_err();
    assert_eq!(code(error), "tax.remittance_state");
    let matched = held(Certainty::Matched);
    let error = confirm(&proposed, Some(&matched), moment()).unwrap_err();
    assert_eq!(code(error), "bank.nothing_proposed");
}

#[test]
fn what_ends_leaves_its_line_to_settle_and_no_payment() {
    let matched = held(Certainty::Matched);
    let mut shown = line(1, Class::TaxRemittance);
    shown.kind = LineKind::Tax;
    let decision = unmatch(&shown, Some(&matched), "wrong").unwrap();
    assert!(decision.taken_back.is_empty());
    let proposed = held(Certainty::Proposed);
    let rejected = reject(&shown, Some(&proposed)).unwrap();
    for ended in [&decision.ended[0], &rejected.ended[0], &reversed(&proposed)] {
        assert_eq!(ended.lines[0].1.class, Class::OnBankNotInLedger);
        assert!(ended.payments.is_empty());
    }
}

#[test]
fn a_reviewer_who_did_not_record_it_says_that_a_line_shows_it() {
    let try_as = |user: &str, role, four_eyes| {
        let (actor, reviewers) = (actor(user, role), reviewers(four_eyes));
        let hand = RemittanceHand::Confirm;
        let may = may_match_remittance(&remittance("40"), hand, &actor, &reviewers);
        may.map_or_else(|refused| refused.code(), |_| "may")
    };
    use FourEyes::{Off, On};
    #[rustfmt::skip]
    let cases = [
        ("chi", Role::Approver, On,  "may"),
        ("chi", Role::Admin,    On,  "may"),
        ("ada", Role::Admin,    On,  "tax.same_actor"),
        ("ada", Role::Operator, On,  "tax.same_actor"),
        ("eve", Role::Operator, On,  "user.forbidden"),
        ("dan", Role::Auditor,  On,  "user.forbidden"),
        ("ada", Role::Operator, Off, "may"),
        ("chi", Role::Approver, Off, "may"),
        ("dan", Role::Auditor,  Off, "user.forbidden"),
    ];
    for (user, role, four_eyes, expected) in cases {
        assert_eq!(try_as(user, role, four_eyes), expected, "{user} {role}");
    }
}
