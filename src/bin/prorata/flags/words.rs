//! The words of the ledger's enums, as values of flags.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use prorata::domain::{
    event::{EventStatus, EventType},
    matching::{Class, LinkKind},
    payment::PaymentStatus,
    payment_file::Layout,
    user::{FourEyes, Role, UserStatus},
    withdrawal::WithdrawalStatus,
};

/// A value, its word, and what it means.
struct Word<T: 'static>(T, &'static str, &'static str);

fn one_of<T: Copy + Send + Sync>(words: &'static [Word<T>]) -> impl TypedValueParser<Value = T> {
    let possible = words
        .iter()
        .map(|Word(_, word, help)| PossibleValue::new(*word).help(*help));
    PossibleValuesParser::new(possible).try_map(|given| {
        let known = words.iter().find(|Word(_, word, _)| *word == given);
        known
            .map(|Word(value, ..)| *value)
            .ok_or("write one of the possible values")
    })
}

pub(crate) fn event_type() -> impl TypedValueParser<Value = EventType> {
    one_of(&[
        Word(EventType::Revenue, "revenue", "Running revenue"),
        Word(EventType::Exit, "exit", "A sale of the project"),
        Word(EventType::Dividend, "dividend", "A dividend"),
        Word(EventType::Other, "other", "Anything else"),
    ])
}

pub(crate) fn event_status() -> impl TypedValueParser<Value = EventStatus> {
    one_of(&[
        Word(EventStatus::Draft, "draft", "Created"),
        Word(
            EventStatus::Calculated,
            "calculated",
            "Allocated, not approved",
        ),
        Word(EventStatus::Active, "active", "Approved"),
        Word(EventStatus::Completed, "completed", "Paid out"),
        Word(EventStatus::Cancelled, "cancelled", "Cancelled"),
    ])
}

pub(crate) fn withdrawal_status() -> impl TypedValueParser<Value = WithdrawalStatus> {
    one_of(&[
        Word(WithdrawalStatus::Pending, "pending", "Waits for review"),
        Word(WithdrawalStatus::Approved, "approved", "Waits for payment"),
        Word(
            WithdrawalStatus::Rejected,
            "rejected",
            "Rejected by a reviewer",
        ),
        Word(WithdrawalStatus::Cancelled, "cancelled", "Cancelled"),
        Word(WithdrawalStatus::Paid, "paid", "Paid"),
        Word(
            WithdrawalStatus::Returned,
            "returned",
            "Paid, and returned by the bank",
        ),
    ])
}

pub(crate) fn payment_status() -> impl TypedValueParser<Value = PaymentStatus> {
    one_of(&[
        Word(PaymentStatus::Recorded, "recorded", "Recorded by a user"),
        Word(
            PaymentStatus::Reconciled,
            "reconciled",
            "Matched with a bank line",
        ),
        Word(PaymentStatus::Returned, "returned", "Returned by the bank"),
    ])
}

pub(crate) fn payment_layout() -> impl TypedValueParser<Value = Layout> {
    one_of(&[
        Word(Layout::Generic, "generic", "CSV with documented columns"),
        Word(
            Layout::Pain00103,
            "pain.001.001.03",
            "ISO 20022 customer credit transfer, version 3",
        ),
        Word(
            Layout::Pain00109,
            "pain.001.001.09",
            "ISO 20022 customer credit transfer, version 9",
        ),
    ])
}

pub(crate) fn role() -> impl TypedValueParser<Value = Role> {
    one_of(&[
        Word(
            Role::Admin,
            "admin",
            "Does everything, but never approves own work",
        ),
        Word(
            Role::Operator,
            "operator",
            "Records: register, events, requests, payments",
        ),
        Word(Role::Approver, "approver", "Approves and rejects"),
        Word(Role::Auditor, "auditor", "Reads and verifies"),
    ])
}

pub(crate) fn user_status() -> impl TypedValueParser<Value = UserStatus> {
    one_of(&[
        Word(UserStatus::Active, "active", "Acts in the role"),
        Word(
            UserStatus::Inactive,
            "inactive",
            "Has left; the trail keeps the name",
        ),
    ])
}

pub(crate) fn four_eyes() -> impl TypedValueParser<Value = FourEyes> {
    one_of(&[
        Word(FourEyes::On, "on", "A second person approves"),
        Word(FourEyes::Off, "off", "One person may do everything"),
    ])
}

const RESOLVED: &[Word<LinkKind>] = &[
    Word(
        LinkKind::Charge,
        "fee",
        "A fee of the bank, with its tax and levy",
    ),
    Word(LinkKind::Interest, "interest", "Interest"),
    Word(
        LinkKind::Funding,
        "funding",
        "Money brought to the account or taken from it",
    ),
    Word(LinkKind::Other, "other", "Anything else"),
];

pub(crate) fn resolved_kind() -> impl TypedValueParser<Value = LinkKind> {
    one_of(RESOLVED)
}

/// Returns the word of the command line for what a line was explained as.
pub(crate) fn resolved_word(kind: LinkKind) -> &'static str {
    let word = RESOLVED.iter().find(|Word(value, ..)| *value == kind);
    word.map_or(kind.as_str(), |Word(_, word, _)| word)
}

/// The classes of bank lines; the other classes are of payments.
pub(crate) fn line_class() -> impl TypedValueParser<Value = Class> {
    one_of(&[
        Word(Class::Matched, "matched", "Matched with a payment"),
        Word(
            Class::MatchedGroup,
            "matched_group",
            "Matched with several payments",
        ),
        Word(Class::Proposed, "proposed", "A match is proposed"),
        Word(Class::Ambiguous, "ambiguous", "More than one payment fits"),
        Word(
            Class::AmountDiffers,
            "amount_differs",
            "A payment fits but for its amount",
        ),
        Word(
            Class::DateOutOfWindow,
            "date_out_of_window",
            "A payment fits but for its date",
        ),
        Word(
            Class::OnBankNotInLedger,
            "on_bank_not_in_ledger",
            "Money out that the ledger does not know",
        ),
        Word(
            Class::UnexpectedCredit,
            "unexpected_credit",
            "Money in that the ledger does not know",
        ),
        Word(
            Class::DuplicatePayment,
            "duplicate_payment",
            "A second line for one payment",
        ),
        Word(Class::Returned, "returned", "A payment that came back"),
        Word(
            Class::UnlinkedReversal,
            "unlinked_reversal",
            "A reversal without its payment",
        ),
        Word(
            Class::FeeTaxLevy,
            "fee_tax_levy",
            "A fee, tax or levy of the bank",
        ),
        Word(Class::Resolved, "resolved", "Explained by a user"),
    ])
}
