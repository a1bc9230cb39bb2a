//! The tests of payments.

use super::*;
use crate::domain::{
    code::FileNumber,
    event::{
        EventStatus,
        tests::{actor, amount, day, desk, named, now},
    },
    holder::HolderStatus,
    user::{FourEyes, Role},
    withdrawal::{
        WithdrawalStatus,
        tests::{blocked, facts, payment, withdrawal},
    },
};

pub(super) fn state(status: PaymentStatus) -> PaymentState {
    match status {
        PaymentStatus::Recorded => PaymentState::Recorded,
        PaymentStatus::Reconciled => PaymentState::Reconciled,
        PaymentStatus::Returned => {
            let recorded = Approval {
                by: named("bola"),
                at: now(),
            };
            PaymentState::Returned {
                date: day("2026-04-05"),
                reason: "closed".to_owned(),
                recorded,
            }
        }
    }
}

fn returned(status: PaymentStatus, on: &str, reason: &str) -> Result<ReturnDecision, Refused> {
    let payment = Payment {
        state: state(status),
        ..payment()
    };
    returned_by(&payment, &actor("chi", Role::Approver), NOTHING, on, reason)
}

/// No credit, and no exported payment file.
const NOTHING: ReturnProof = ReturnProof::Nothing { exported: None };

fn returned_by(
    payment: &Payment,
    actor: &Actor,
    proof: ReturnProof,
    on: &str,
    reason: &str,
) -> Result<ReturnDecision, Refused> {
    let (paid, date) = (withdrawal(WithdrawalStatus::Paid), day(on));
    let recording = on_june_30(actor, FourEyes::On);
    give_back(
        payment,
        &paid,
        proof,
        BankReturn { date, reason },
        recording,
    )
}

#[rustfmt::skip]
const EVERY_PAIR: [(PaymentStatus, &str, &str); 3] = [
    (PaymentStatus::Recorded,   "return", "returned"),
    (PaymentStatus::Reconciled, "return", "returned"),
    (PaymentStatus::Returned,   "return", "payment.wrong_state"),
];

#[test]
fn every_pair_of_state_and_command_has_its_result() {
    assert_eq!(
        EVERY_PAIR.map(|(status, _, _)| status),
        PaymentStatus::ALL,
        "the table names every pair once"
    );
    for (status, command, expected) in EVERY_PAIR {
        let found = returned(status, "2026-04-05", "closed");
        let found = found.map_or_else(
            |refused| refused.code(),
            |decision| decision.payment.status().as_str(),
        );
        assert_eq!(found, expected, "{command} what is {status}");
    }
}

#[test]
fn a_return_lies_between_the_payment_and_today_and_gives_back_what_was_paid() {
    #[rustfmt::skip]
    let cases = [
        ("2026-04-02", "closed", "returned"),
        ("2026-06-30", "closed", "returned"),
        ("2026-04-01", "closed", "payment.return_date"),
        ("2026-07-01", "closed", "payment.return_date"),
        ("2026-04-05", "  ",     "reason.missing"),
    ];
    for (on, reason, expected) in cases {
        let found = returned(PaymentStatus::Recorded, on, reason);
        let found = found.map_or_else(
            |refused| refused.code(),
            |decision| decision.withdrawal.status().as_str(),
        );
        assert_eq!(found, expected, "{on} {reason}");
    }
    let decision = returned(PaymentStatus::Recorded, "2026-04-05", "closed").unwrap();
    assert_eq!(decision.movement, Movement::GiveBack(amount("40")));
    assert_eq!(
        decision.withdrawal.payment(),
        Some(&facts()),
        "what was paid stays known"
    );
}

#[test]
fn a_return_without_a_credit_is_for_a_second_person_to_say() {
    let typed = payment();
    let from_line = Payment {
        basis: PaymentBasis::Line(LineNumber::new(7)),
        ..payment()
    };
    let on_bank = Payment {
        bank_line: Some(LineNumber::new(7)),
        ..payment()
    };
    let in_file = ReturnProof::Nothing {
        exported: Some(FileNumber::new(1)),
    };
    let credit = ReturnProof::Credit;
    // bola recorded the payment.
    #[rustfmt::skip]
    let cases = [
        (&typed,     "bola", Role::Operator, NOTHING, "user.forbidden"),
        (&typed,     "bola", Role::Admin,    NOTHING, "payment.same_actor"),
        (&typed,     "ada",  Role::Admin,    NOTHING, "returned"),
        (&typed,     "chi",  Role::Approver, NOTHING, "returned"),
        (&typed,     "dayo", Role::Auditor,  NOTHING, "user.forbidden"),
        (&from_line, "bola", Role::Admin,    NOTHING, "returned"),
        (&from_line, "bola", Role::Operator, NOTHING, "user.forbidden"),
        (&typed,     "chi",  Role::Approver, in_file, "payment.maybe_in_flight"),
        (&on_bank,   "chi",  Role::Approver, in_file, "returned"),
        (&typed,     "bola", Role::Operator, credit,  "returned"),
        (&typed,     "chi",  Role::Approver, credit,  "user.forbidden"),
    ];
    for (payment, who, role, proof, expected) in cases {
        let found = returned_by(payment, &actor(who, role), proof, "2026-04-05", "closed");
        let found = found.map_or_else(
            |refused| refused.code(),
            |decision| decision.payment.status().as_str(),
        );
        assert_eq!(found, expected, "{who} {role} {proof:?}");
    }
}

#[test]
fn without_four_eyes_who_records_also_says_that_it_came_back() {
    let operator = actor("bola", Role::Operator);
    let (date, reason) = (day("2026-04-05"), "closed");
    let decided = give_back(
        &payment(),
        &withdrawal(WithdrawalStatus::Paid),
        NOTHING,
        BankReturn { date, reason },
        on_june_30(&operator, FourEyes::Off),
    );
    assert!(decided.is_ok());
}

#[test]
fn a_return_is_taken_back_while_its_money_is_there() {
    let came_back = Payment {
        state: state(PaymentStatus::Returned),
        ..payment()
    };
    let money = |available: &str, replacement| ReturnUse {
        available: amount(available),
        replacement,
        event: EventStatus::Active,
    };
    let cancelled = ReturnUse {
        event: EventStatus::Cancelled,
        ..money("40", None)
    };
    let (paid, asked) = (
        Some(Replacement::Paid(WithdrawalNumber::new(9))),
        Some(Replacement::Requested(WithdrawalNumber::new(9))),
    );
    #[rustfmt::skip]
    let cases = [
        (WithdrawalStatus::Returned, money("40", None),  "recorded"),
        (WithdrawalStatus::Returned, money("40", asked), "recorded"),
        (WithdrawalStatus::Returned, money("39", asked), "payment.requested_again"),
        (WithdrawalStatus::Returned, money("40", paid),  "payment.requested_again"),
        (WithdrawalStatus::Returned, cancelled,          "payment.event_cancelled"),
        (WithdrawalStatus::Paid,     money("40", None),  "withdrawal.wrong_state"),
    ];
    for (status, money, expected) in cases {
        let found = take_return_back(&came_back, &withdrawal(status), &money);
        let found = found.map_or_else(
            |refused| refused.code(),
            |decision| decision.payment.status().as_str(),
        );
        assert_eq!(found, expected, "{status} {money:?}");
    }
    let matched = Payment {
        bank_line: Some(LineNumber::new(7)),
        ..came_back
    };
    let returned = withdrawal(WithdrawalStatus::Returned);
    let decision = take_return_back(&matched, &returned, &money("40", None)).unwrap();
    assert_eq!(decision.payment, PaymentState::Reconciled);
    assert_eq!(decision.withdrawal.status(), WithdrawalStatus::Paid);
    assert_eq!(decision.movement, Movement::TakeBack(amount("40")));
}

fn recorded(
    withdrawal: &Withdrawal,
    holder_status: &HolderStatus,
    actor: &Actor,
    input: &PaymentInput,
) -> Result<PaymentDecision, Refused> {
    let recording = on_june_30(actor, FourEyes::On);
    pay(
        withdrawal,
        holder_status,
        PaymentBasis::Typed,
        input,
        recording,
    )
}

fn on_june_30(actor: &Actor, four_eyes: FourEyes) -> Recording<'_> {
    Recording {
        actor,
        reviewers: desk(four_eyes),
        today: day("2026-06-30"),
        now: now(),
    }
}

#[test]
fn who_approved_does_not_record_the_payment_unless_the_bank_shows_it() {
    let approved = withdrawal(WithdrawalStatus::Approved);
    let approver = approved.state.approval().unwrap().by.code.to_string();
    let input = PaymentInput {
        reference: "R".to_owned(),
        date: day("2026-06-30"),
        amount: None,
        notes: None,
        means: None,
    };
    let line = PaymentBasis::Line(LineNumber::new(7));
    #[rustfmt::skip]
    let cases = [
        (approver.as_str(), FourEyes::On,  PaymentBasis::Typed, "withdrawal.same_approver"),
        (approver.as_str(), FourEyes::Off, PaymentBasis::Typed, "recorded"),
        (approver.as_str(), FourEyes::On,  line,                "recorded"),
        ("bola",            FourEyes::On,  PaymentBasis::Typed, "recorded"),
        ("bola",            FourEyes::On,  line,                "recorded"),
    ];
    for (who, four_eyes, basis, expected) in cases {
        let actor = actor(who, Role::Admin);
        let recording = on_june_30(&actor, four_eyes);
        let decided = pay(&approved, &HolderStatus::Active, basis, &input, recording);
        let found = decided.map_or_else(|refused| refused.code(), |_| "recorded");
        assert_eq!(found, expected, "{who} {four_eyes} {basis:?}");
    }
}

#[test]
fn a_payment_is_at_most_what_was_asked_for_and_not_of_tomorrow() {
    let approved = withdrawal(WithdrawalStatus::Approved);
    let told = |reference: &str, date: &str, paid: Option<&str>| PaymentInput {
        reference: reference.to_owned(),
        date: day(date),
        amount: paid.map(amount),
        notes: None,
        means: None,
    };
    #[rustfmt::skip]
    let cases = [
        (told("R", "2026-06-30", None),           HolderStatus::Active, Role::Operator, "40"),
        (told("R", "2026-06-30", Some("40")),     HolderStatus::Active, Role::Admin,    "40"),
        (told("R", "2026-06-30", Some("0.01")),   HolderStatus::Active, Role::Operator, "0.01"),
        (told("R", "2026-06-30", Some("40.01")),  HolderStatus::Active, Role::Operator, "payment.too_much"),
        (told("R", "2026-06-30", Some("0")),      HolderStatus::Active, Role::Operator, "withdrawal.amount_zero"),
        (told("R", "2026-06-30", Some("39.995")), HolderStatus::Active, Role::Operator, "withdrawal.not_a_multiple"),
        (told("R", "2026-07-01", None),           HolderStatus::Active, Role::Operator, "payment.date_in_future"),
        (told(" ", "2026-06-30", None),           HolderStatus::Active, Role::Operator, "payment.reference_missing"),
        (told("R", "2026-06-30", None),           blocked(),        Role::Operator, "holder.blocked"),
        (told("R", "2026-06-30", None),           HolderStatus::Active, Role::Approver, "user.forbidden"),
        (told("R", "2026-06-30", None),           HolderStatus::Active, Role::Auditor,  "user.forbidden"),
    ];
    for (input, holder_status, role, expected) in cases {
        let decided = recorded(&approved, &holder_status, &actor("bola", role), &input);
        let found = decided.map_or_else(
            |refused| refused.code().to_owned(),
            |paid| match paid {
                PaymentDecision::New(new) => new.facts.amount.plain(0),
                PaymentDecision::AlreadyRecorded => "already recorded".to_owned(),
            },
        );
        assert_eq!(found, expected, "{input:?} {role}");
    }
}

#[test]
fn only_the_very_same_payment_is_a_repetition() {
    let paid = withdrawal(WithdrawalStatus::Paid);
    let again = |reference: &str, date: &str, paid_amount: Option<&str>, holder_status| {
        let (reference, amount) = (reference.to_owned(), paid_amount.map(amount));
        let input = PaymentInput {
            reference,
            date: day(date),
            amount,
            notes: Some("again".to_owned()),
            means: None,
        };
        let decided = recorded(
            &paid,
            &holder_status,
            &actor("bola", Role::Operator),
            &input,
        );
        decided.map_or_else(|refused| refused.code(), |_| "already recorded")
    };
    assert_eq!(
        again("TRX-1", "2026-04-02", None, HolderStatus::Active),
        "already recorded"
    );
    assert_eq!(
        again(" TRX-1 ", "2026-04-02", Some("40.00"), blocked()),
        "already recorded"
    );
    assert_eq!(
        again("TRX-2", "2026-04-02", None, HolderStatus::Active),
        "payment.already_paid"
    );
    assert_eq!(
        again("TRX-1", "2026-04-03", None, HolderStatus::Active),
        "payment.already_paid"
    );
    assert_eq!(
        again("TRX-1", "2026-04-02", Some("39"), HolderStatus::Active),
        "payment.already_paid"
    );
}

#[test]
fn a_payment_is_wound_back() {
    let at = |minute: u8| Instant::parse(&format!("2026-06-30T09:{minute:02}:00.000000Z")).unwrap();
    let recorded = Approval {
        by: named("bola"),
        at: at(3),
    };
    let state = PaymentState::Returned {
        date: day("2026-04-05"),
        reason: "closed".to_owned(),
        recorded,
    };
    let returned = Payment {
        state,
        facts: PaymentFacts {
            at: at(2),
            ..facts()
        },
        ..payment()
    };
    let told = |minute| {
        returned
            .clone()
            .at(at(minute))
            .map(|payment| payment.state.status().as_str())
    };
    assert_eq!(
        [1, 2, 3].map(told),
        [None, Some("recorded"), Some("returned")]
    );
}

#[test]
fn a_payment_by_other_means_than_the_approved_ones_is_refused() {
    let cheque = Withdrawal {
        means: Means::Cheque,
        bank: None,
        bank_changed_by: None,
        ..withdrawal(WithdrawalStatus::Approved)
    };
    let by = |means| PaymentInput {
        reference: "000123".to_owned(),
        date: day("2026-06-30"),
        amount: None,
        notes: None,
        means,
    };
    for (means, expected) in [
        (None, "recorded"),
        (Some(Means::Cheque), "recorded"),
        (Some(Means::Transfer), "withdrawal.means_differ"),
        (Some(Means::Cash), "withdrawal.means_differ"),
    ] {
        let bola = actor("bola", Role::Operator);
        let decided = recorded(&cheque, &HolderStatus::Active, &bola, &by(means));
        let found = decided.map_or_else(|refused| refused.code(), |_| "recorded");
        assert_eq!(found, expected, "{means:?}");
    }
}
