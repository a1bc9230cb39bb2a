//! What each decision changes, and what it refuses. The line L-000001 takes 40 out of OPS.

mod remittances;

use uuid::Uuid;

use super::*;
use crate::domain::{
    account::{AccountNumber, BankAccount},
    bank::{FundAccount, LineClassification},
    code::{FileNumber, LineNumber, PaymentNumber, StatementNumber},
    currency::Currency,
    id::Named,
    matching::{LineKind, RecordedMatch},
    payment::{Payment, PaymentBasis, PaymentState},
    quantity::Amount,
    reconciliation::LinkedWithdrawal,
    statement::StatementLine,
    time::{Instant, parse_date},
    transfer::{PaidTransfer, TransferNumber},
    withdrawal::{PaymentFacts, WithdrawalStatus, tests::withdrawal},
};

fn named<I: From<Uuid>>(code: &str) -> Named<I> {
    Named {
        id: Uuid::from_u128(1).into(),
        code: Code::parse(code).unwrap(),
    }
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn ngn() -> Currency {
    Currency::parse("NGN").unwrap()
}

fn date() -> Date {
    parse_date("2026-06-30").unwrap()
}

fn line(number: i64, class: Class) -> BankLine {
    BankLine {
        known_accounts: Vec::new(),
        reference_place: crate::domain::masking::Place::Reference,
        number: LineNumber::new(number),
        id: Uuid::from_u128(2).into(),
        account: named("OPS"),
        currency: ngn(),
        statement: StatementNumber::new(1),
        line: StatementLine {
            place: 1,
            booking_date: date(),
            value_date: None,
            amount: Signed::debit(amount("40")),
            balance: None,
            reference: Some("TRX-1".to_owned()),
            bank_id: None,
            end_to_end: None,
            description: "TRF".to_owned(),
            counterparty_name: None,
            counterparty_account: None,
            reversal: false,
        },
        kind: LineKind::Principal,
        classification: LineClassification {
            class,
            tier: None,
            link_kind: None,
            payments: Vec::new(),
            lines: Vec::new(),
            remittances: Vec::new(),
            detail: None,
            since: None,
            rule: None,
        },
    }
}

/// A match or a proposal of the line with W-000001.
fn held(certainty: Certainty, paid: Option<Date>, paid_amount: &str) -> MatchDetails {
    MatchDetails {
        recorded: RecordedMatch {
            number: 5,
            link: Link {
                kind: LinkKind::Payment,
                lines: vec![LineNumber::new(1)],
                withdrawals: vec![WithdrawalNumber::new(1)],
                remittance: None,
            },
            tier: Tier::Name,
            certainty,
        },
        account: Uuid::from_u128(1).into(),
        lines: vec![line(1, Class::Proposed)],
        withdrawals: vec![LinkedWithdrawal {
            number: WithdrawalNumber::new(1),
            amount: amount(paid_amount),
            paid_on: paid,
            returned: false,
            end_to_end: None,
        }],
        remittance: None,
    }
}

fn moment() -> Moment {
    Moment {
        user: Code::parse("bola").unwrap(),
        today: date(),
        used_references: BTreeSet::new(),
    }
}

fn account() -> FundAccount {
    FundAccount {
        number: 1,
        account: named("OPS"),
        bank: BankAccount {
            bank_name: "GTBank".to_owned(),
            bank_code: None,
            account_number: AccountNumber::parse("0123456785").unwrap(),
            account_name: None,
        },
        currency: ngn(),
        project: None,
        created_by: named("ADA"),
        created_at: Instant::parse("2026-06-01T00:00:00.000000Z").unwrap(),
    }
}

fn candidate(paid: &str) -> MatchCandidate {
    paid_in(paid, ngn())
}

fn paid_in(paid: &str, currency: Currency) -> MatchCandidate {
    MatchCandidate {
        with: MatchWith::Payment(Box::new(Payment {
            number: PaymentNumber::new(1),
            id: Uuid::from_u128(3).into(),
            withdrawal: WithdrawalNumber::new(1),
            event: named("E1"),
            holder: named("H1"),
            currency,
            facts: PaymentFacts {
                reference: "TRX-9".to_owned(),
                date: date(),
                amount: amount(paid),
                by: named("BOLA"),
                at: Instant::parse("2026-06-30T00:00:00.000000Z").unwrap(),
                notes: None,
            },
            transfer: Some(PaidTransfer {
                number: TransferNumber::new(1),
                payments: 1,
                total: amount(paid),
            }),
            means: crate::domain::status::Means::Transfer,
            bank: Some(account().bank),
            state: PaymentState::Recorded,
            replaces: None,
            bank_line: None,
            basis: PaymentBasis::Typed,
            settled: None,
        })),
        end_to_end: None,
        project: named("LEKKI"),
        file: None,
        held_by: None,
        references: Vec::new(),
    }
}

fn code(error: DecisionError) -> &'static str {
    match error {
        DecisionError::Refused(refused) => refused.code(),
        DecisionError::SumTooLarge => "sum",
    }
}

#[test]
fn a_confirmed_proposal_becomes_a_match_and_records_the_payment() {
    let line = line(1, Class::Proposed);
    let proposal = held(Certainty::Proposed, None, "40");
    let decision = confirm(&line, Some(&proposal), moment()).unwrap();
    assert_eq!(decision.confirmed, Some(5));
    assert_eq!(decision.settlement.payments[0].input.reference, "TRX-1");
    assert!(decision.ended.is_empty() && decision.made.is_none());
    let paid = held(Certainty::Proposed, Some(date()), "40");
    let decision = confirm(&line, Some(&paid), moment()).unwrap();
    assert_eq!(decision.settlement, Settlement::default());
}

#[test]
fn only_a_proposal_that_still_adds_up_is_confirmed() {
    let line = line(1, Class::Proposed);
    let less = held(Certainty::Proposed, Some(date()), "39.99");
    let refused = confirm(&line, Some(&less), moment()).unwrap_err();
    assert_eq!(code(refused), "bank.amount_differs");
    let matched = held(Certainty::Matched, Some(date()), "40");
    for held_by in [None, Some(&matched)] {
        let refused = confirm(&line, held_by, moment()).unwrap_err();
        assert_eq!(code(refused), "bank.nothing_proposed");
        assert_eq!(
            reject(&line, held_by).unwrap_err().code(),
            "bank.nothing_proposed"
        );
    }
}

#[test]
fn a_rejected_proposal_frees_its_line_and_its_withdrawal() {
    let proposal = held(Certainty::Proposed, None, "40");
    let decision = reject(&line(1, Class::Proposed), Some(&proposal)).unwrap();
    let [ended] = decision.ended.as_slice() else {
        panic!("{decision:?}")
    };
    assert_eq!((ended.number, ended.ending), (5, Ending::Rejected));
    assert_eq!(ended.lines[0].1.class, Class::OnBankNotInLedger);
    assert_eq!(ended.payments[0].1.class, Class::Awaited);
}

#[test]
fn an_ended_match_leaves_the_payment_recorded() {
    let line = line(1, Class::Matched);
    let matched = held(Certainty::Matched, Some(date()), "40");
    let decision = unmatch(&line, Some(&matched), " wrong file ").unwrap();
    assert_eq!(decision.reason.as_deref(), Some("wrong file"));
    assert_eq!(decision.ended[0].ending, Ending::Unmatched);
    assert_eq!(decision.ended[0].payments[0].1.class, Class::PaidNotOnBank);
    let refused = unmatch(&line, Some(&matched), " ").unwrap_err();
    assert_eq!(refused.code(), "reason.missing");
    let proposal = held(Certainty::Proposed, None, "40");
    let refused = unmatch(&line, Some(&proposal), "no").unwrap_err();
    assert_eq!(refused.code(), "bank.line_state");
}

#[test]
fn a_match_by_hand_ends_the_proposals_that_it_contradicts_once() {
    let line = line(1, Class::Proposed);
    let proposal = held(Certainty::Proposed, Some(date()), "40");
    let candidates = [MatchCandidate {
        held_by: Some(proposal.clone()),
        ..candidate("40")
    }];
    let decision = match_line(&account(), &line, Some(&proposal), &candidates, moment()).unwrap();
    assert_eq!(decision.ended.len(), 1);
    let made = decision.made.unwrap();
    assert_eq!(
        (made.tier, made.evidence.as_str()),
        (Tier::Manual, "bola said so")
    );
    assert_eq!(decision.settlement, Settlement::default());
}

#[test]
fn a_match_by_hand_is_exact_in_one_currency_and_of_one_file() {
    let line = line(1, Class::OnBankNotInLedger);
    let refuse = |candidate: MatchCandidate| {
        let refused = match_line(&account(), &line, None, &[candidate], moment());
        code(refused.unwrap_err())
    };
    assert_eq!(refuse(candidate("39.99")), "bank.amount_differs");
    let dollars = paid_in("40", Currency::parse("USD").unwrap());
    assert_eq!(refuse(dollars), "bank.payment_currency");
    let in_file = MatchCandidate {
        file: Some((FileNumber::new(1), Uuid::from_u128(9).into())),
        ..candidate("40")
    };
    assert_eq!(refuse(in_file), "withdrawal.in_payment_file");
    let matched = MatchCandidate {
        held_by: Some(held(Certainty::Matched, Some(date()), "40")),
        ..candidate("40")
    };
    assert_eq!(refuse(matched), "bank.payment_matched");
}

#[test]
fn a_resolved_line_is_explained_by_its_reason() {
    let line = line(1, Class::OnBankNotInLedger);
    let decision = resolve(&line, None, LinkKind::Charge, " wire fee ").unwrap();
    let made = decision.made.unwrap();
    assert_eq!(made.evidence, "wire fee");
    assert_eq!(made.link.kind, LinkKind::Charge);
    let matched = held(Certainty::Matched, Some(date()), "40");
    let refused = resolve(&line, Some(&matched), LinkKind::Charge, "x").unwrap_err();
    assert_eq!(refused.code(), "bank.line_state");
}

/// W-000001 without a payment, as a user wants to match it.
fn unpaid(status: WithdrawalStatus) -> MatchCandidate {
    MatchCandidate {
        with: MatchWith::Withdrawal(Box::new(withdrawal(status))),
        project: withdrawal(status).project,
        ..candidate("40")
    }
}

#[test]
fn a_line_that_a_user_matches_with_an_approved_withdrawal_pays_it() {
    let line = line(1, Class::OnBankNotInLedger);
    let match_with = |candidate: MatchCandidate| {
        match_line(&account(), &line, None, &[candidate], moment()).map_err(code)
    };
    let decision = match_with(unpaid(WithdrawalStatus::Approved)).unwrap();
    let paid = &decision.settlement.payments[0];
    assert_eq!(paid.withdrawal, WithdrawalNumber::new(1));
    assert_eq!(paid.input.reference, "TRX-1");
    for status in [WithdrawalStatus::Pending, WithdrawalStatus::Rejected] {
        let refused = match_with(unpaid(status)).unwrap_err();
        assert_eq!(refused, "withdrawal.wrong_state", "{status}");
    }
    let MatchCandidate { with, .. } = unpaid(WithdrawalStatus::Approved);
    let MatchWith::Withdrawal(mut cash) = with else {
        panic!("it has no payment");
    };
    cash.means = crate::domain::status::Means::Cash;
    let cash = MatchCandidate {
        with: MatchWith::Withdrawal(cash),
        ..unpaid(WithdrawalStatus::Approved)
    };
    assert_eq!(match_with(cash).unwrap_err(), "withdrawal.means_differ");
}

#[test]
fn a_credit_returns_payments_and_no_withdrawal_without_one() {
    let mut line = line(1, Class::UnexpectedCredit);
    line.line.amount = amount("40").into();
    let candidates = [unpaid(WithdrawalStatus::Approved)];
    let refused = match_line(&account(), &line, None, &candidates, moment());
    assert_eq!(code(refused.unwrap_err()), "withdrawal.wrong_state");
}
