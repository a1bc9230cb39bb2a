//! Why a rule of withholding tax refuses, with its stable code.

use std::collections::BTreeMap;

use thiserror::Error;

use super::status::{CertificateStatus, CertificateWord, RemittanceStatus};
use crate::domain::{
    code::{CertificateNumber, Code, LineNumber, PaymentNumber, RemittanceNumber},
    currency::Currency,
    quantity::Amount,
    text,
    time::Date,
};

/// Why a rule of withholding tax refuses. Nothing was changed; the attempt is in the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(
    missing_docs,
    reason = "the message of each variant says what it is and what its fields hold"
)]
pub enum TaxRefused {
    #[error(
        "tax profile `{profile}` has no rule for {component} of {}",
        text::listed(holders)
    )]
    NoRule {
        profile: String,
        component: String,
        holders: Vec<Code>,
    },
    #[error(
        "tax profile `{profile}` has no authority for the tax of {}",
        without_authority(missing)
    )]
    NoAuthority {
        profile: String,
        /// The holders by the fields that are missing.
        missing: BTreeMap<Vec<&'static str>, Vec<Code>>,
    },
    #[error(
        "the distribution date {date} is outside the dates of tax profile `{profile}`: {}",
        from_until(*from, *until)
    )]
    ProfileDate {
        profile: String,
        date: Date,
        from: Date,
        until: Option<Date>,
    },
    #[error(
        "tax profile `{profile}` needs the tax number of everybody who is taxed; it is missing for {}",
        text::listed(holders)
    )]
    NumberMissing { profile: String, holders: Vec<Code> },
    #[error("tax profile {name} is not valid: {detail}")]
    ProfileInvalid { name: String, detail: String },
    #[error("tax profile {name} is ambiguous: {detail}")]
    ProfileAmbiguous { name: String, detail: String },
    #[error(
        "{}", match kind {
            CertificateWord::Exemption => "an exemption takes nothing: its rate is 0",
            CertificateWord::Treaty | CertificateWord::Reduced =>
                "a treaty or a reduced rate needs its rate, a percentage from 0 to 100",
        }
    )]
    RateRange { kind: CertificateWord },
    #[error("the last day {until} of the certificate is before its first day {from}")]
    CertificateDates { from: Date, until: Date },
    #[error(
        "certificate {certificate} cannot end on {on}: today is {today}, and its last day is {until}"
    )]
    CertificateEnd {
        certificate: CertificateNumber,
        on: Date,
        today: Date,
        until: Date,
    },
    #[error(
        "certificate {certificate} of holder `{holder}` is {status} and counts from {from} until {until} for the same component"
    )]
    CertificateOverlap {
        holder: Code,
        certificate: CertificateNumber,
        status: CertificateStatus,
        from: Date,
        until: Date,
    },
    #[error("certificate {certificate} is {status} and cannot be {verb}")]
    CertificateState {
        certificate: CertificateNumber,
        status: CertificateStatus,
        verb: &'static str,
    },
    #[error(
        "`{actor}` recorded certificate {certificate} and may not approve it (four eyes){}",
        nobody(may)
    )]
    CertificateSameActor {
        certificate: CertificateNumber,
        actor: Code,
        may: Vec<Code>,
    },
    #[error("no tax of `{authority}` for {period} is open")]
    NothingDue { authority: String, period: String },
    #[error(
        "the open tax of `{authority}` for {period} is in {first} and {second}; it is remitted currency by currency"
    )]
    SeveralCurrencies {
        authority: String,
        period: String,
        first: Currency,
        second: Currency,
    },
    #[error(
        "{currency} {} was given, and `{authority}` is owed {currency} {} for {period}",
        given.grouped(currency.decimals()), owed.grouped(currency.decimals())
    )]
    AmountDiffers {
        authority: String,
        period: String,
        given: Amount,
        owed: Amount,
        currency: Currency,
    },
    #[error("reference `{reference}` was already used for remittance {remittance}")]
    ReferenceUsed {
        reference: String,
        remittance: RemittanceNumber,
    },
    #[error("reference `{reference}` was already used for payment {payment}")]
    ReferencePaid {
        reference: String,
        payment: PaymentNumber,
    },
    #[error(
        "remittance {remittance} is {status}{} and cannot be {verb}",
        line.map_or_else(String::new, |line| format!(" with line {line}"))
    )]
    RemittanceState {
        remittance: RemittanceNumber,
        status: RemittanceStatus,
        line: Option<LineNumber>,
        verb: &'static str,
    },
    #[error(
        "`{actor}` recorded remittance {remittance} and may not {verb} (four eyes){}",
        nobody(may)
    )]
    SameActor {
        remittance: RemittanceNumber,
        actor: Code,
        verb: &'static str,
        may: Vec<Code>,
    },
    #[error(
        "remittance {remittance} cannot be matched with line {line}: {}", match why {
            NotItsLine::Credit => "money came in with it, and a remittance is money that went out",
            NotItsLine::Group => "a remittance is matched alone with one line, never with anything else",
        }
    )]
    RemittanceLine {
        remittance: RemittanceNumber,
        line: LineNumber,
        why: NotItsLine,
    },
    #[error(
        "tax of event `{event}` was remitted with {}; it cannot be cancelled before that is reversed",
        text::listed(remittances)
    )]
    EventRemitted {
        event: Code,
        remittances: Vec<RemittanceNumber>,
    },
    #[error(
        "event `{event}` is an exit of a project with a tax profile and does not name its components; a return of capital is not income"
    )]
    ComponentRequired { event: String },
    #[error("the taxes add up to more digits than an amount has")]
    TooLarge,
}

/// Why a line is not that of a remittance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotItsLine {
    /// Money came in.
    Credit,
    /// It was named together with something else.
    Group,
}

impl TaxRefused {
    /// Returns the stable code, `noun.reason`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoRule { .. } => "tax.no_rule",
            Self::NoAuthority { .. } => "tax.no_authority",
            Self::ProfileDate { .. } => "tax.profile_date",
            Self::NumberMissing { .. } => "tax.number_missing",
            Self::ProfileInvalid { .. } => "tax.profile_invalid",
            Self::ProfileAmbiguous { .. } => "tax.profile_ambiguous",
            Self::RateRange { .. } => "tax.rate_range",
            Self::CertificateDates { .. } | Self::CertificateEnd { .. } => "tax.certificate_dates",
            Self::CertificateOverlap { .. } => "tax.certificate_overlap",
            Self::CertificateState { .. } => "tax.certificate_state",
            Self::CertificateSameActor { .. } => "tax.certificate_same_actor",
            Self::NothingDue { .. } => "tax.nothing_due",
            Self::SeveralCurrencies { .. } => "tax.several_currencies",
            Self::AmountDiffers { .. } => "tax.amount_differs",
            Self::ReferenceUsed { .. } | Self::ReferencePaid { .. } => "tax.reference_used",
            Self::RemittanceState { .. } => "tax.remittance_state",
            Self::SameActor { .. } => "tax.same_actor",
            Self::RemittanceLine { .. } => "tax.remittance_line",
            Self::EventRemitted { .. } => "event.tax_remitted",
            Self::ComponentRequired { .. } => "event.component_required",
            Self::TooLarge => "tax.too_large",
        }
    }

    /// Returns the users who may do what four eyes keep the acting user from.
    pub fn may(&self) -> Option<&[Code]> {
        match self {
            Self::CertificateSameActor { may, .. } | Self::SameActor { may, .. } => Some(may),
            Self::NoRule { .. }
            | Self::NoAuthority { .. }
            | Self::ProfileDate { .. }
            | Self::NumberMissing { .. }
            | Self::ProfileInvalid { .. }
            | Self::ProfileAmbiguous { .. }
            | Self::RateRange { .. }
            | Self::CertificateDates { .. }
            | Self::CertificateEnd { .. }
            | Self::CertificateOverlap { .. }
            | Self::CertificateState { .. }
            | Self::NothingDue { .. }
            | Self::SeveralCurrencies { .. }
            | Self::AmountDiffers { .. }
            | Self::ReferenceUsed { .. }
            | Self::ReferencePaid { .. }
            | Self::RemittanceState { .. }
            | Self::RemittanceLine { .. }
            | Self::EventRemitted { .. }
            | Self::ComponentRequired { .. }
            | Self::TooLarge => None,
        }
    }
}

fn nobody(may: &[Code]) -> &'static str {
    if may.is_empty() {
        "; nobody else may"
    } else {
        ""
    }
}

fn from_until(from: Date, until: Option<Date>) -> String {
    match until {
        Some(until) => format!("from {from} until {until}"),
        None => format!("from {from} on"),
    }
}

/// Names every holder once with the columns to fill.
fn without_authority(missing: &BTreeMap<Vec<&'static str>, Vec<Code>>) -> String {
    let groups = missing.iter().map(|(fields, holders)| {
        let holders: Vec<&str> = holders.iter().map(Code::as_str).collect();
        let why = if fields.is_empty() {
            "the profile has none for such holders".to_owned()
        } else {
            fields.join(", ")
        };
        format!("{} ({why})", holders.join(", "))
    });
    groups.collect::<Vec<_>>().join("; ")
}
