//! How the values of the domain are kept: decimals, dates, instants, ids and words as text, the
//! numbers of numbered things as integers.

use uuid::Uuid;

use super::value::{FromSql, Mismatch, Slot, ToSql, Value, text};
use crate::domain::{
    account::AccountNumber,
    activity::{Activity, AuditOutcome},
    allocation::AllocationStatus,
    bank::Ending,
    code::{Code, Numbered, Series},
    component::Component,
    currency::Currency,
    event::{DeductionBase, DeductionKind, DeductionName, EventStatus, EventType, PolicyKind},
    file_item::ItemEnd,
    forward::ForwardKind,
    id::{
        AllocationId, BankAccountId, BankRuleId, CertificateId, EventId, HolderAccountId, HolderId,
        ImportId, LineId, MatchId, PaymentFileId, PaymentId, ProjectId, ProposalId, RemittanceId,
        RequestFileId, StatementId, TokenEntryId, UserId, WithdrawalId,
    },
    identity::Identity,
    matching::{ChargeKind, Class, LineKind, LinkKind, Tier},
    payment::{PaymentChange, PaymentStatus},
    payment_file::Layout,
    proposal::{ProposalKind, ProposalStatus},
    quantity::{Quantity, QuantityKind},
    reserve::ReserveKind,
    rounding::Rounding,
    signed::Signed,
    statement::StatementFormat,
    tax::{
        CountryCode, HolderKind, TaxNumber, TaxRate, TaxReason, TaxState,
        certificate::CertificateWord,
    },
    time::{Date, Instant, parse_date},
    token::EntryKind,
    transfer::TransferNumber,
    user::{FourEyes, Role, UserStatus},
    withdrawal::{Means, WithdrawalStatus},
};
use crate::store::Error;

macro_rules! ids {
    ($($type:ident),+ $(,)?) => {$(
        impl FromSql for $type {
            fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
                Uuid::from_sql(value).map($type)
            }
        }
        impl ToSql for $type {
            fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
                self.0.to_sql(slot)
            }
        }
    )+};
}

ids!(
    UserId,
    ProjectId,
    HolderId,
    TokenEntryId,
    ImportId,
    EventId,
    AllocationId,
    WithdrawalId,
    HolderAccountId,
    RequestFileId,
    PaymentId,
    PaymentFileId,
    BankAccountId,
    StatementId,
    LineId,
    MatchId,
    ProposalId,
    BankRuleId,
    CertificateId,
    RemittanceId,
);

/// Types of which every value has a word.
macro_rules! words {
    ($($type:ident: $all:expr),+ $(,)?) => {$(
        impl FromSql for $type {
            fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
                let word = text(value)?;
                let found = $all.iter().copied().find(|value| value.as_str() == word);
                found.ok_or_else(|| Mismatch::new(format!("`{word}` is not a known word")))
            }
        }
        written_words!($type);
    )+};
}

/// Types whose words are only written.
macro_rules! written_words {
    ($($type:ident),+) => {$(
        impl ToSql for $type {
            fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
                slot.text(self.as_str())
            }
        }
    )+};
}

words! {
    Role: Role::ALL,
    UserStatus: [Self::Active, Self::Inactive],
    FourEyes: [Self::On, Self::Off],
    EventType: EventType::ALL,
    EventStatus: EventStatus::ALL,
    PolicyKind: PolicyKind::ALL,
    ForwardKind: ForwardKind::ALL,
    DeductionKind: DeductionKind::ALL,
    DeductionBase: DeductionBase::ALL,
    Rounding: Rounding::ALL,
    ReserveKind: ReserveKind::ALL,
    WithdrawalStatus: WithdrawalStatus::ALL,
    Means: Means::ALL,
    PaymentChange: PaymentChange::ALL,
    PaymentStatus: PaymentStatus::ALL,
    Layout: Layout::ALL,
    ItemEnd: ItemEnd::ALL,
    StatementFormat: StatementFormat::ALL,
    LineKind: LineKind::ALL,
    ChargeKind: ChargeKind::ALL,
    ProposalKind: ProposalKind::ALL,
    ProposalStatus: ProposalStatus::ALL,
    LinkKind: LinkKind::ALL,
    Tier: Tier::ALL,
    HolderKind: HolderKind::ALL,
    CertificateWord: CertificateWord::ALL,
    Class: Class::ALL,
}
written_words!(Activity, AuditOutcome, AllocationStatus, Ending, EntryKind);

/// Types that are read and written as their text.
macro_rules! texts {
    ($($type:ty, $what:literal: $read:expr, $write:expr);+ $(;)?) => {$(
        impl FromSql for $type {
            fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
                let text = text(value)?;
                let read: fn(&str) -> Option<Self> = $read;
                read(text).ok_or_else(|| Mismatch::not_a(text, $what))
            }
        }
        impl ToSql for $type {
            fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
                let write: fn(&Self) -> String = $write;
                slot.text(&write(self))
            }
        }
    )+};
}

texts! {
    Component, "component": Self::from_canonical, Self::to_string;
    CountryCode, "country": |text| Self::parse(text).ok(), Self::to_string;
    TaxState, "State": |text| Self::parse(text).ok(), Self::to_string;
    TaxReason, "reason of a tax rate": Self::from_stored, Self::to_string;
    Currency, "currency": |text| Self::parse(text).ok(), Self::to_string;
    DeductionName, "name of a deduction": Self::from_canonical, Self::to_string;
    Date, "date": |text| parse_date(text).ok(), Self::to_string;
    Instant, "instant": Self::parse, Self::to_string;
    Signed, "decimal": Self::from_canonical, Self::to_string;
    Identity, "line's identity": Self::parse, Self::to_string;
}

impl FromSql for Code {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        Self::parse(text(value)?).map_err(|error| Mismatch::new(error.to_string()))
    }
}

impl ToSql for Code {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(self.as_str())
    }
}

impl<K: QuantityKind> FromSql for Quantity<K> {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        let text = text(value)?;
        Self::from_canonical(text)
            .ok_or_else(|| Mismatch::new(format!("`{text}` is not a canonical {}", K::NAME)))
    }
}

impl<K: QuantityKind> ToSql for Quantity<K> {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(&self.canonical())
    }
}

impl<S: Series> FromSql for Numbered<S> {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        i64::from_sql(value).map(Self::new)
    }
}

impl<S: Series> ToSql for Numbered<S> {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        self.number().to_sql(slot)
    }
}

impl FromSql for TransferNumber {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        i64::from_sql(value).map(Self::new)
    }
}

impl ToSql for TransferNumber {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        self.number().to_sql(slot)
    }
}

impl FromSql for TaxRate {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        let percent = Quantity::from_sql(value)?;
        Self::new(percent).map_err(|error| Mismatch::new(error.to_string()))
    }
}

impl ToSql for TaxRate {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        self.percent().to_sql(slot)
    }
}

impl FromSql for TaxNumber {
    /// What is wrong with a tax number is said without showing it.
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        Self::parse(text(value)?).map_err(|error| Mismatch::new(error.to_string()))
    }
}

impl ToSql for TaxNumber {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(self.reveal())
    }
}

impl FromSql for AccountNumber {
    /// What is wrong with an account number is said without showing it.
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        Self::parse(text(value)?).map_err(|error| Mismatch::new(error.to_string()))
    }
}

impl ToSql for AccountNumber {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(self.reveal())
    }
}
