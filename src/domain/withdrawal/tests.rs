//! Withdrawals: every pair of state and command, and what each rule looks at.

use super::*;
use crate::domain::{
    account::{AccountNumber, BankDetails},
    event::tests::{actor, amount, day, desk, named, now, reviewers},
    holder::{Holder, HolderStatus},
    holder_account::{Payee, Unblocking},
    id::{Named, PaymentId, UserId},
    payment::{self, Payment, PaymentBasis, PaymentDecision, PaymentInput, PaymentState},
    transfer::{PaidTransfer, TransferNumber},
    user::{FourEyes, Role},
};

fn step(by: &str) -> Approval {
    Approval {
        by: named(by),
        at: now(),
    }
}

pub(crate) fn facts() -> PaymentFacts {
    let (reference, by) = ("TRX-1".to_owned(), named("bola"));
    PaymentFacts {
        reference,
        date: day("2026-04-02"),
        amount: amount("40"),
        by,
        at: now(),
        notes: None,
    }
}

fn state(status: WithdrawalStatus) -> WithdrawalState {
    match status {
        WithdrawalStatus::Pending => WithdrawalState::Pending,
        WithdrawalStatus::Approved => WithdrawalState::Approved(step("chi")),
        WithdrawalStatus::Rejected => {
            WithdrawalState::Rejected(step("chi"), "wrong bank".to_owned())
        }
        WithdrawalStatus::Cancelled => WithdrawalState::Cancelled(Some(step("chi")), step("bola")),
        WithdrawalStatus::Paid => WithdrawalState::Paid(step("chi"), facts()),
        WithdrawalStatus::Returned => WithdrawalState::Returned(step("chi"), facts(), now()),
    }
}

pub(crate) fn bank() -> BankDetails {
    BankDetails {
        bank_name: Some("GTBank".to_owned()),
        bank_code: Some("058".to_owned()),
        account_number: AccountNumber::parse("0123456785").ok(),
        account_name: None,
        currency: None,
    }
}

/// Makes a request of h1 for 40.00 that bola recorded, to an account that tayo put on record.
pub(crate) fn withdrawal(status: WithdrawalStatus) -> Withdrawal {
    let allocation: Named<AllocationId> = named("A1");
    let withdrawal: Named<WithdrawalId> = named("W1");
    Withdrawal {
        number: WithdrawalNumber::new(1),
        id: withdrawal.id,
        allocation_id: allocation.id,
        event: named("E1"),
        project: named("LAGOS"),
        holder: named("h1"),
        amount: amount("40"),
        currency: Currency::parse("NGN").unwrap(),
        means: Means::Transfer,
        bank: bank().account(),
        bank_changed_by: Some(named("tayo")),
        account: Some(1),
        payee_marks: Vec::new(),
        notes: None,
        requested_by: named("bola"),
        created_at: now(),
        state: state(status),
        marks: Vec::new(),
    }
}

pub(crate) fn holder(status: HolderStatus) -> Holder {
    Holder {
        number: 1,
        holder: named("h1"),
        name: "Adaeze".to_owned(),
        email: None,
        country: None,
        tax: crate::domain::tax::TaxDetails::default(),
        status,
        bank: bank(),
        bank_changed: Some((named("tayo"), now())),
        account: Some(1),
        unblocked: None,
        created_by: named("ada"),
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn blocked() -> HolderStatus {
    HolderStatus::Blocked {
        reason: "court order".to_owned(),
    }
}

pub(crate) fn payment() -> Payment {
    let payment: Named<PaymentId> = named("P1");
    let paid = withdrawal(WithdrawalStatus::Paid);
    Payment {
        number: crate::domain::code::PaymentNumber::new(1),
        id: payment.id,
        withdrawal: paid.number,
        event: paid.event,
        holder: paid.holder,
        currency: paid.currency,
        facts: facts(),
        transfer: Some(PaidTransfer {
            number: TransferNumber::new(1),
            payments: 1,
            total: facts().amount,
        }),
        means: paid.means,
        bank: paid.bank,
        state: PaymentState::Recorded,
        bank_line: None,
        basis: PaymentBasis::Typed,
        settled: None,
        replaces: None,
    }
}

fn result(status: WithdrawalStatus, command: &str) -> String {
    let (request, open, today) = (
        withdrawal(status),
        holder(HolderStatus::Active),
        day("2026-06-30"),
    );
    let (operator, approver) = (actor("bola", Role::Operator), actor("chi", Role::Approver));
    let told = |reference: &str| PaymentInput {
        reference: reference.to_owned(),
        date: day("2026-04-02"),
        amount: None,
        notes: None,
        means: None,
    };
    let pay = |reference| {
        let recording = payment::Recording {
            actor: &operator,
            reviewers: desk(FourEyes::On),
            today,
            now: now(),
        };
        let (basis, input) = (PaymentBasis::Typed, told(reference));
        payment::pay(&request, &open.status, basis, &input, recording)
    };
    let shown = |paid| match paid {
        PaymentDecision::New(_) => "paid".to_owned(),
        PaymentDecision::AlreadyRecorded => "already recorded".to_owned(),
    };
    let next = match command {
        "approve" => {
            let (payee, reviewers) = (Payee::default(), reviewers(FourEyes::On));
            approve(&request, &open.status, &payee, &approver, &reviewers, now())
                .map(|(state, _)| state.status().to_string())
        }
        "reject" => {
            reject(&request, &approver, "no", now()).map(|change| change.state.status().to_string())
        }
        "cancel" => cancel(&request, &BankTrace::default(), &operator, now())
            .map(|change| change.state.status().to_string()),
        "pay" => pay("TRX-1").map(shown),
        "pay otherwise" => pay("TRX-2").map(shown),
        "return" => {
            let told = payment::BankReturn {
                date: day("2026-04-05"),
                reason: "closed",
            };
            let recording = payment::Recording {
                actor: &approver,
                reviewers: desk(FourEyes::On),
                today,
                now: now(),
            };
            let proof = payment::ReturnProof::Nothing { exported: None };
            let given_back = payment::give_back(&payment(), &request, proof, told, recording);
            given_back.map(|decision| decision.withdrawal.status().to_string())
        }
        other => panic!("no such command: {other}"),
    };
    next.unwrap_or_else(|refused| refused.code().to_owned())
}

const COMMANDS: [&str; 6] = [
    "approve",
    "reject",
    "cancel",
    "pay",
    "pay otherwise",
    "return",
];

#[rustfmt::skip]
const EVERY_PAIR: [(WithdrawalStatus, &str, &str); 36] = [
    (WithdrawalStatus::Pending,   "approve",       "approved"),
    (WithdrawalStatus::Pending,   "reject",        "rejected"),
    (WithdrawalStatus::Pending,   "cancel",        "cancelled"),
    (WithdrawalStatus::Pending,   "pay",           "withdrawal.wrong_state"),
    (WithdrawalStatus::Pending,   "pay otherwise", "withdrawal.wrong_state"),
    (WithdrawalStatus::Pending,   "return",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Approved,  "approve",       "withdrawal.wrong_state"),
    (WithdrawalStatus::Approved,  "reject",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Approved,  "cancel",        "cancelled"),
    (WithdrawalStatus::Approved,  "pay",           "paid"),
    (WithdrawalStatus::Approved,  "pay otherwise", "paid"),
    (WithdrawalStatus::Approved,  "return",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Rejected,  "approve",       "withdrawal.wrong_state"),
    (WithdrawalStatus::Rejected,  "reject",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Rejected,  "cancel",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Rejected,  "pay",           "withdrawal.wrong_state"),
    (WithdrawalStatus::Rejected,  "pay otherwise", "withdrawal.wrong_state"),
    (WithdrawalStatus::Rejected,  "return",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Cancelled, "approve",       "withdrawal.wrong_state"),
    (WithdrawalStatus::Cancelled, "reject",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Cancelled, "cancel",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Cancelled, "pay",           "withdrawal.wrong_state"),
    (WithdrawalStatus::Cancelled, "pay otherwise", "withdrawal.wrong_state"),
    (WithdrawalStatus::Cancelled, "return",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Paid,      "approve",       "withdrawal.wrong_state"),
    (WithdrawalStatus::Paid,      "reject",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Paid,      "cancel",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Paid,      "pay",           "already recorded"),
    (WithdrawalStatus::Paid,      "pay otherwise", "payment.already_paid"),
    (WithdrawalStatus::Paid,      "return",        "returned"),
    (WithdrawalStatus::Returned,  "approve",       "withdrawal.wrong_state"),
    (WithdrawalStatus::Returned,  "reject",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Returned,  "cancel",        "withdrawal.wrong_state"),
    (WithdrawalStatus::Returned,  "pay",           "withdrawal.wrong_state"),
    (WithdrawalStatus::Returned,  "pay otherwise", "withdrawal.wrong_state"),
    (WithdrawalStatus::Returned,  "return",        "withdrawal.wrong_state"),
];

#[test]
fn every_pair_of_state_and_command_has_its_result() {
    let named: Vec<_> = EVERY_PAIR
        .iter()
        .map(|(status, command, _)| (*status, *command))
        .collect();
    let all = WithdrawalStatus::ALL
        .iter()
        .flat_map(|status| COMMANDS.map(|command| (*status, command)));
    assert_eq!(
        named,
        all.collect::<Vec<_>>(),
        "the table names every pair once"
    );
    for (status, command, expected) in EVERY_PAIR {
        assert_eq!(
            result(status, command),
            expected,
            "{command} what is {status}"
        );
    }
}

#[test]
fn a_review_needs_a_second_person_and_an_open_holder() {
    let pending = withdrawal(WithdrawalStatus::Pending);
    let (on, off) = (FourEyes::On, FourEyes::Off);
    let payee = Payee {
        hands: vec![named::<UserId>("femi").id],
        unblocked: Some(Unblocking {
            by: named("gozi"),
            at: now(),
            reason: "order lifted".to_owned(),
        }),
        ..Payee::default()
    };
    #[rustfmt::skip]
    let cases = [
        ("chi",  Role::Approver, on,  HolderStatus::Active, "approved"),
        ("ada",  Role::Admin,    on,  HolderStatus::Active, "approved"),
        ("bola", Role::Admin,    on,  HolderStatus::Active, "withdrawal.same_actor"),
        ("tayo", Role::Approver, on,  HolderStatus::Active, "withdrawal.same_bank_changer"),
        ("femi", Role::Admin,    on,  HolderStatus::Active, "withdrawal.same_bank_changer"),
        ("gozi", Role::Admin,    on,  HolderStatus::Active, "withdrawal.same_unblocker"),
        ("femi", Role::Admin,    off, HolderStatus::Active, "approved"),
        ("bola", Role::Admin,    off, HolderStatus::Active, "approved"),
        ("tayo", Role::Approver, off, HolderStatus::Active, "approved"),
        ("efe",  Role::Operator, off, HolderStatus::Active, "user.forbidden"),
        ("dayo", Role::Auditor,  off, HolderStatus::Active, "user.forbidden"),
        ("chi",  Role::Approver, on,  blocked(),        "holder.blocked"),
        ("chi",  Role::Approver, off, blocked(),        "holder.blocked"),
    ];
    for (who, role, four_eyes, holder_status, expected) in cases {
        let decided = approve(
            &pending,
            &holder_status,
            &payee,
            &actor(who, role),
            &reviewers(four_eyes),
            now(),
        );
        let found = decided.map_or_else(
            |refused| refused.code(),
            |(state, _)| state.status().as_str(),
        );
        assert_eq!(found, expected, "{who} {role} {four_eyes:?}");
    }
    let approver = actor("chi", Role::Approver);
    assert_eq!(
        reject(&pending, &approver, " ", now()).unwrap_err().code(),
        "reason.missing"
    );
    assert_eq!(
        reject(&pending, &actor("efe", Role::Operator), "no", now())
            .unwrap_err()
            .code(),
        "user.forbidden"
    );
    assert_eq!(
        cancel(&pending, &BankTrace::default(), &approver, now())
            .unwrap_err()
            .code(),
        "user.forbidden"
    );
    let change = reject(&pending, &approver, "no", now()).unwrap();
    assert_eq!(change.movement, Movement::Release(amount("40")));
}

#[test]
fn a_state_is_wound_back_step_by_step() {
    let at = |minute: u8| Instant::parse(&format!("2026-06-30T09:{minute:02}:00.000000Z")).unwrap();
    let step = |by: &str, minute| Approval {
        by: named(by),
        at: at(minute),
    };
    let paid = PaymentFacts {
        at: at(2),
        ..facts()
    };
    let told = |state: WithdrawalState| {
        (0..5)
            .map(|minute| state.clone().at(at(minute)).status().as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(WithdrawalState::Returned(step("chi", 1), paid, at(3))),
        ["pending", "approved", "paid", "returned", "returned"]
    );
    assert_eq!(
        told(WithdrawalState::Cancelled(
            Some(step("chi", 1)),
            step("bola", 3)
        )),
        ["pending", "approved", "approved", "cancelled", "cancelled"]
    );
    assert_eq!(
        told(WithdrawalState::Cancelled(None, step("bola", 2))),
        ["pending", "pending", "cancelled", "cancelled", "cancelled"]
    );
    assert_eq!(
        told(WithdrawalState::Rejected(step("chi", 4), "no".to_owned())),
        ["pending", "pending", "pending", "pending", "rejected"]
    );
    let request = Withdrawal {
        created_at: at(1),
        ..withdrawal(WithdrawalStatus::Pending)
    };
    assert_eq!(request.clone().at(at(0)), None);
    assert_eq!(request.clone().at(at(1)), Some(request));
}
