//! The words of the ledger's enums, as values of flags.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use prorata::domain::{
    event::{DeductionBase, DeductionKind, EventStatus, EventType},
    holder::HolderField,
    holder_statement::DayBasis,
    matching::{ChargeKind, Class, LinkKind, Tier},
    payment::PaymentStatus,
    payment_file::Layout,
    proposal::{ProposalKind, ProposalStatus},
    rounding::Rounding,
    tax::{
        HolderKind,
        certificate::{CertificateStatus, CertificateWord},
        liability::RemittanceStatus,
    },
    user::{FourEyes, Role, UserStatus},
    withdrawal::{Means, WithdrawalStatus},
};

/// Makes a parser of the words of some values; each has its help.
fn one_of<T: Copy + Send + Sync>(
    word: fn(T) -> &'static str,
    values: &'static [(T, &'static str)],
) -> impl TypedValueParser<Value = T> {
    let possible = values
        .iter()
        .map(move |(value, help)| PossibleValue::new(word(*value)).help(*help));
    PossibleValuesParser::new(possible).try_map(move |given| {
        let value = values.iter().find(|(value, _)| word(*value) == given);
        value
            .map(|(value, _)| *value)
            .ok_or("write one of the possible values")
    })
}

pub(crate) fn holder_kind() -> impl TypedValueParser<Value = HolderKind> {
    one_of(
        HolderKind::as_str,
        &[
            (HolderKind::Individual, "A natural person"),
            (HolderKind::Company, "A company"),
            (HolderKind::Fund, "A fund, for example a pension fund"),
            (HolderKind::Government, "A government or one of its bodies"),
            (HolderKind::Other, "Anything else"),
        ],
    )
}

pub(crate) fn holder_field() -> impl TypedValueParser<Value = HolderField> {
    one_of(
        HolderField::as_str,
        &[
            (HolderField::Email, "The e-mail address"),
            (HolderField::Country, "The country"),
            (HolderField::Kind, "What the holder is, for tax"),
            (
                HolderField::TaxResidence,
                "The country of the tax residence",
            ),
            (HolderField::TaxNumber, "The tax number"),
            (HolderField::TaxState, "The State of the tax authority"),
            (HolderField::BankCode, "The code of the bank"),
            (HolderField::AccountName, "The name of the account"),
        ],
    )
}

pub(crate) fn certificate_word() -> impl TypedValueParser<Value = CertificateWord> {
    one_of(
        CertificateWord::as_str,
        &[
            (CertificateWord::Exemption, "Nothing is withheld"),
            (CertificateWord::Treaty, "The rate of a treaty is withheld"),
            (CertificateWord::Reduced, "Another reduced rate is withheld"),
        ],
    )
}

pub(crate) fn certificate_status() -> impl TypedValueParser<Value = CertificateStatus> {
    one_of(
        CertificateStatus::as_str,
        &[
            (CertificateStatus::Proposed, "Waits for a second person"),
            (CertificateStatus::Approved, "Counts on its days"),
            (CertificateStatus::Rejected, "Never counts"),
            (CertificateStatus::Ended, "Ended before its last day"),
        ],
    )
}

pub(crate) fn remittance_status() -> impl TypedValueParser<Value = RemittanceStatus> {
    one_of(
        RemittanceStatus::as_str,
        &[
            (RemittanceStatus::Recorded, "No bank line shows it yet"),
            (RemittanceStatus::Reconciled, "A bank line shows it"),
            (RemittanceStatus::Reversed, "Taken back"),
        ],
    )
}

pub(crate) fn event_type() -> impl TypedValueParser<Value = EventType> {
    one_of(
        EventType::as_str,
        &[
            (EventType::Revenue, "Running revenue"),
            (EventType::Exit, "A sale of the project"),
            (EventType::Dividend, "A dividend"),
            (EventType::Other, "Anything else"),
        ],
    )
}

pub(crate) fn deduction_kind() -> impl TypedValueParser<Value = DeductionKind> {
    one_of(
        DeductionKind::as_str,
        &[
            (DeductionKind::Expense, "Somebody outside is paid"),
            (DeductionKind::Fee, "The manager is paid"),
            (DeductionKind::Reserve, "The fund keeps it under its name"),
            (DeductionKind::Other, "Anything else"),
            (DeductionKind::Release, "The reserve of its name is added"),
        ],
    )
}

pub(crate) fn deduction_base() -> impl TypedValueParser<Value = DeductionBase> {
    one_of(
        DeductionBase::as_str,
        &[
            (DeductionBase::Gross, "The proceeds"),
            (DeductionBase::Rest, "What is left at its place"),
        ],
    )
}

pub(crate) fn rounding() -> impl TypedValueParser<Value = Rounding> {
    one_of(
        Rounding::as_str,
        &[
            (Rounding::HalfUp, "To the nearer unit, up from exactly half"),
            (Rounding::Down, "To the unit below"),
            (Rounding::Up, "To the unit above"),
        ],
    )
}

pub(crate) fn event_status() -> impl TypedValueParser<Value = EventStatus> {
    one_of(
        EventStatus::as_str,
        &[
            (EventStatus::Draft, "Created"),
            (EventStatus::Calculated, "Allocated, not approved"),
            (EventStatus::Active, "Approved"),
            (EventStatus::Completed, "Paid out"),
            (EventStatus::Cancelled, "Cancelled"),
        ],
    )
}

pub(crate) fn withdrawal_status() -> impl TypedValueParser<Value = WithdrawalStatus> {
    one_of(
        WithdrawalStatus::as_str,
        &[
            (WithdrawalStatus::Pending, "Waits for review"),
            (WithdrawalStatus::Approved, "Waits for payment"),
            (WithdrawalStatus::Rejected, "Rejected by a reviewer"),
            (WithdrawalStatus::Cancelled, "Cancelled"),
            (WithdrawalStatus::Paid, "Paid"),
            (WithdrawalStatus::Returned, "Paid, and returned by the bank"),
        ],
    )
}

/// The states of what is blocked or not, as a list shows them.
pub(crate) fn holder_status() -> clap::builder::PossibleValuesParser {
    words([("active", "May be paid"), ("blocked", "Is not paid")])
}

pub(crate) fn file_status() -> clap::builder::PossibleValuesParser {
    words([
        ("open", "Waits for the bank"),
        ("done", "All of it is on the bank"),
        ("cancelled", "Cancelled"),
    ])
}

fn words<const N: usize>(
    values: [(&'static str, &'static str); N],
) -> clap::builder::PossibleValuesParser {
    let values = values.map(|(word, help)| clap::builder::PossibleValue::new(word).help(help));
    clap::builder::PossibleValuesParser::new(values)
}

pub(crate) fn payment_status() -> impl TypedValueParser<Value = PaymentStatus> {
    one_of(
        PaymentStatus::as_str,
        &[
            (PaymentStatus::Recorded, "Recorded by a user"),
            (PaymentStatus::Reconciled, "Matched with a bank line"),
            (PaymentStatus::Returned, "Returned by the bank"),
        ],
    )
}

pub(crate) fn proposal_status() -> impl TypedValueParser<Value = ProposalStatus> {
    one_of(
        ProposalStatus::as_str,
        &[
            (ProposalStatus::Proposed, "Waits for a second person"),
            (ProposalStatus::Approved, "Approved, and has its effect"),
            (ProposalStatus::Rejected, "Rejected by a reviewer"),
        ],
    )
}

pub(crate) fn proposal_kind() -> impl TypedValueParser<Value = ProposalKind> {
    one_of(
        ProposalKind::as_str,
        &[
            (
                ProposalKind::BankRule,
                "A rule by which bank lines are charges",
            ),
            (
                ProposalKind::TaxCertificate,
                "A certificate that lowers a holder's tax",
            ),
            (
                ProposalKind::ForwardWriteOff,
                "Forward balances that no bank can pay are given up",
            ),
            (ProposalKind::HistoryImport, "Past events are imported"),
        ],
    )
}

pub(crate) fn charge_kind() -> impl TypedValueParser<Value = ChargeKind> {
    one_of(
        ChargeKind::as_str,
        &[
            (ChargeKind::Fee, "A fee of the bank"),
            (ChargeKind::Tax, "A tax on it"),
            (ChargeKind::Levy, "A levy or stamp duty"),
        ],
    )
}

pub(crate) fn payment_layout() -> impl TypedValueParser<Value = Layout> {
    one_of(
        Layout::as_str,
        &[
            (Layout::Generic, "CSV with documented columns"),
            (
                Layout::Pain00103,
                "ISO 20022 customer credit transfer, version 3",
            ),
            (
                Layout::Pain00109,
                "ISO 20022 customer credit transfer, version 9",
            ),
        ],
    )
}

pub(crate) fn role() -> impl TypedValueParser<Value = Role> {
    one_of(
        Role::as_str,
        &[
            (Role::Admin, "Does everything, but never approves own work"),
            (
                Role::Operator,
                "Records: register, events, requests, payments",
            ),
            (Role::Approver, "Approves and rejects"),
            (Role::Auditor, "Reads and verifies"),
        ],
    )
}

pub(crate) fn day_basis() -> impl TypedValueParser<Value = DayBasis> {
    one_of(
        DayBasis::as_str,
        &[
            (DayBasis::Recorded, "The day on which it was recorded"),
            (DayBasis::Value, "The value date"),
        ],
    )
}

pub(crate) fn means() -> impl TypedValueParser<Value = Means> {
    one_of(
        Means::as_str,
        &[
            (Means::Transfer, "A transfer of the bank"),
            (Means::Cheque, "A cheque; its reference is its number"),
            (Means::Cash, "Cash"),
            (Means::SetOff, "Set off against what the holder owes"),
            (Means::Reinvestment, "Buys more for the holder"),
        ],
    )
}

pub(crate) fn user_status() -> impl TypedValueParser<Value = UserStatus> {
    one_of(
        UserStatus::as_str,
        &[
            (UserStatus::Active, "Acts in the role"),
            (UserStatus::Inactive, "Has left; the trail keeps the name"),
        ],
    )
}

pub(crate) fn four_eyes() -> impl TypedValueParser<Value = FourEyes> {
    one_of(
        FourEyes::as_str,
        &[
            (FourEyes::On, "A second person approves"),
            (FourEyes::Off, "One person may do everything"),
        ],
    )
}

pub(crate) fn resolved_kind() -> impl TypedValueParser<Value = LinkKind> {
    one_of(
        LinkKind::resolved_word,
        &[
            (LinkKind::Charge, "A fee of the bank, with its tax and levy"),
            (LinkKind::Interest, "Interest"),
            (
                LinkKind::Funding,
                "Money brought to the account or taken from it",
            ),
            (LinkKind::Other, "Anything else"),
        ],
    )
}

pub(crate) fn tier() -> impl TypedValueParser<Value = Tier> {
    one_of(
        Tier::as_str,
        &[
            (Tier::Reference, "A reference or the bank's own id"),
            (Tier::FileTotal, "The total of a payment file"),
            (Tier::Account, "The account number and the amount"),
            (Tier::Name, "The name, the amount and the date"),
            (Tier::Sum, "A small sum with one solution"),
            (Tier::Reversal, "A credit that reverses a debit"),
        ],
    )
}

/// The classes of bank lines; the other classes are of payments.
pub(crate) fn line_class() -> impl TypedValueParser<Value = Class> {
    one_of(
        Class::as_str,
        &[
            (Class::Matched, "Matched with a payment"),
            (Class::MatchedGroup, "Matched with several payments"),
            (Class::Proposed, "A match is proposed"),
            (Class::Ambiguous, "More than one payment fits"),
            (Class::AmountDiffers, "A payment fits but for its amount"),
            (Class::DateOutOfWindow, "A payment fits but for its date"),
            (
                Class::OnBankNotInLedger,
                "Money out that the ledger does not know",
            ),
            (
                Class::UnexpectedCredit,
                "Money in that the ledger does not know",
            ),
            (Class::DuplicatePayment, "A second line for one payment"),
            (Class::Returned, "A payment that came back"),
            (Class::UnlinkedReversal, "A reversal without its payment"),
            (Class::FeeTaxLevy, "A fee, tax or levy of the bank"),
            (Class::Resolved, "Explained by a user"),
            (
                Class::TaxRemittance,
                "Tax that was remitted to an authority",
            ),
            (Class::Void, "Of a statement that was taken back"),
        ],
    )
}
