//! What is withheld from the allocations of an event.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::{
    TaxRate, TaxReason, TaxRefused, TaxStatus,
    certificate::Certificate,
    profile::{MissingNumber, TaxProfile, TaxRounding},
    rate::{FrozenRate, Owed, Taxed},
};
use crate::domain::{
    Refused,
    code::{CertificateNumber, Code},
    component::Component,
    event_type::EventType,
    id::{HolderId, HolderRef},
    quantity::{Amount, Total},
    rounding::{Rounding, percent_of},
    time::Date,
};

/// Computes what a rate takes of a part of an allocation, in whole minor units: never more than the
/// part itself. `None` if the minor unit is zero.
pub fn tax_on(
    base: Amount,
    rate: TaxRate,
    rounding: TaxRounding,
    minor_unit: Amount,
) -> Option<Amount> {
    if rate.is_zero() {
        return Some(Amount::ZERO);
    }
    let tax = percent_of(base, rate.percent(), rounding.rounding(), minor_unit)?;
    if tax <= base {
        return Some(tax);
    }
    percent_of(base, rate.percent(), Rounding::Down, minor_unit)
}

/// Writes what a rate takes before it is rounded: `33.34 x 10 % = 3.334`.
pub fn exact_tax(base: Amount, rate: TaxRate) -> String {
    const DIGITS: usize = 16;
    // A base below 10^20 and a rate of at most 10^9: the product fits 128 bits.
    let product = base.units() * rate.percent().units();
    let digits = format!("{product:0width$}", width = DIGITS + 1);
    let (whole, fraction) = digits.split_at(digits.len() - DIGITS);
    let fraction = fraction.trim_end_matches('0');
    format!(
        "{} x {} % = {whole}.{fraction:0<2}",
        base.plain(2),
        rate.percent().plain(0)
    )
}

/// Why an event is exempt as a whole, or how its profile is applied.
#[derive(Clone, Copy, Debug)]
pub struct WithholdingTerms<'a> {
    /// The profile.
    pub profile: &'a TaxProfile,
    /// Why nothing is withheld from the whole event, if that was said.
    pub exempt: Option<&'a str>,
    /// The type of the event.
    pub event_type: EventType,
    /// The distribution date.
    pub distribution_date: Date,
    /// The currency's minor unit.
    pub minor_unit: Amount,
    /// What the money is, in the order of the parts of each allocation.
    pub components: &'a [Component],
}

/// What is known of the holders for tax.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxRegister {
    /// What holders have in common, each once.
    pub statuses: Vec<TaxStatus>,
    /// Which of them a holder has; one that is not listed has the default, of which nothing is known.
    pub holders: HashMap<HolderId, u32>,
    /// The approved certificates of each holder that has any.
    pub certificates: HashMap<HolderId, Vec<Certificate>>,
}

/// What several holders of an event have in common: their rates, and to whom their tax is owed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaxClass {
    /// The rates, one for each component.
    pub rates: Vec<FrozenRate>,
    /// The authority, if any holder of the class is taxed.
    pub authority: Option<AuthorityDay>,
}

/// An authority and the day of the following month by which it is paid.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AuthorityDay {
    /// The authority's code.
    pub authority: String,
    /// The day of the following month.
    pub remit_day: u32,
}

/// What is withheld from one allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The position of its class.
    pub class: u32,
    /// The tax.
    pub tax: Amount,
}

/// What an event owes to an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwedTotal {
    /// The taxed parts of allocations.
    pub gross: Total,
    /// The tax on them.
    pub tax: Total,
}

/// Something to be said about a calculation that is not refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxWarning {
    /// A certificate that would have counted ended in the twelve months before.
    CertificateExpired {
        /// The holder.
        holder: Code,
        /// The certificate.
        certificate: CertificateNumber,
        /// Its last day.
        on: Date,
    },
    /// The tax number of a taxed holder is missing.
    NumberMissing {
        /// The holder.
        holder: Code,
    },
}

impl TaxWarning {
    /// Returns the stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CertificateExpired { .. } => "tax.certificate_expired",
            Self::NumberMissing { .. } => "tax.number_missing",
        }
    }
}

impl fmt::Display for TaxWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CertificateExpired {
                holder,
                certificate,
                on,
            } => write!(
                f,
                "certificate {certificate} of holder `{holder}` ended on {on}; tax is withheld without it"
            ),
            Self::NumberMissing { holder } => {
                write!(f, "the tax number of holder `{holder}` is missing")
            }
        }
    }
}

/// Withholds tax from the allocations of an event, one after the other.
#[derive(Debug)]
pub struct Withholding<'a> {
    terms: WithholdingTerms<'a>,
    register: &'a TaxRegister,
    unknown: TaxStatus,
    classes: Vec<CountedClass>,
    positions: HashMap<(TaxClass, Vec<&'static str>), u32>,
    /// The class of the holders with a status and no certificate, once it is found.
    of_status: HashMap<Option<u32>, u32>,
    no_rule: BTreeMap<Component, Vec<Code>>,
    no_authority: BTreeMap<Vec<&'static str>, Vec<Code>>,
    no_number: Vec<Code>,
    warnings: Vec<TaxWarning>,
}

/// A class, and what its holders owe so far.
#[derive(Debug)]
struct CountedClass {
    class: TaxClass,
    /// The fields of the holders that are missing to find an authority.
    missing: Vec<&'static str>,
    owed: OwedTotal,
}

/// What a whole event withholds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithholdingResult {
    /// The classes that allocations name by their positions.
    pub classes: Vec<TaxClass>,
    /// What is owed to each authority.
    pub owed: BTreeMap<AuthorityDay, OwedTotal>,
    /// What is to be said, in order of holders.
    pub warnings: Vec<TaxWarning>,
}

impl OwedTotal {
    /// Nothing.
    pub const NONE: Self = Self {
        gross: Total::ZERO,
        tax: Total::ZERO,
    };

    /// Adds a taxed part and its tax, or `None` if a sum is out of range.
    pub fn plus(self, gross: Amount, tax: Amount) -> Option<Self> {
        self.and(Self {
            gross: gross.widen(),
            tax: tax.widen(),
        })
    }

    /// Adds another total, or `None` if a sum is out of range.
    pub fn and(self, other: Self) -> Option<Self> {
        Some(Self {
            gross: self.gross.checked_add(other.gross)?,
            tax: self.tax.checked_add(other.tax)?,
        })
    }
}

impl<'a> Withholding<'a> {
    /// Begins with an event.
    ///
    /// # Errors
    /// [`TaxRefused::ProfileDate`].
    pub fn begin(terms: WithholdingTerms<'a>, register: &'a TaxRegister) -> Result<Self, Refused> {
        if terms.exempt.is_none() && !terms.profile.covers(terms.distribution_date) {
            return Err(TaxRefused::ProfileDate {
                profile: terms.profile.name.clone(),
                date: terms.distribution_date,
                from: terms.profile.valid_from,
                until: terms.profile.valid_until,
            }
            .into());
        }
        Ok(Self {
            terms,
            register,
            unknown: TaxStatus::default(),
            classes: Vec::new(),
            positions: HashMap::new(),
            of_status: HashMap::new(),
            no_rule: BTreeMap::new(),
            no_authority: BTreeMap::new(),
            no_number: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Withholds tax from the parts of a holder's allocation, in the order of the components. `None`
    /// if a sum is out of range.
    ///
    /// A holder without a rate or an authority is kept for [`Self::finish`], which refuses.
    pub fn add(&mut self, holder: &HolderRef, bases: &[Amount]) -> Option<Withheld> {
        let status_at = self.register.holders.get(&holder.id).copied();
        let certificates = self.register.certificates.get(&holder.id);
        let class = match (certificates, self.of_status.get(&status_at)) {
            (None, Some(class)) => *class,
            (None, None) => {
                let class = self.class_of(holder, status_at, &[])?;
                // Every holder without a rule is named, so that such a class is not kept.
                if self.no_rule.is_empty() {
                    self.of_status.insert(status_at, class);
                }
                class
            }
            (Some(certificates), _) => self.class_of(holder, status_at, certificates)?,
        };
        let (rounding, unit) = (self.terms.profile.rounding, self.terms.minor_unit);
        let counted = self.classes.get_mut(usize::try_from(class).ok()?)?;
        let (mut tax, mut gross) = (Amount::ZERO, Amount::ZERO);
        for (base, rate) in bases.iter().zip(&counted.class.rates) {
            let of_base = tax_on(*base, rate.rate, rounding, unit)?;
            if !of_base.is_zero() {
                tax = tax.checked_add(of_base)?;
                gross = gross.checked_add(*base)?;
            }
        }
        if tax.is_zero() {
            return Some(Withheld { class, tax });
        }
        counted.owed = counted.owed.plus(gross, tax)?;
        if counted.class.authority.is_none() {
            let missing = self.no_authority.entry(counted.missing.clone());
            missing.or_default().push(holder.code.clone());
        }
        if !self.status(status_at).has_number {
            self.no_number.push(holder.code.clone());
        }
        Some(Withheld { class, tax })
    }

    /// Ends: what could not be decided for a holder refuses all of it.
    ///
    /// # Errors
    /// [`TaxRefused::NoRule`], [`TaxRefused::NoAuthority`], [`TaxRefused::NumberMissing`],
    /// [`TaxRefused::TooLarge`].
    pub fn finish(mut self) -> Result<WithholdingResult, Refused> {
        if let Some((component, holders)) = self.no_rule.pop_first() {
            return Err(TaxRefused::NoRule {
                profile: self.terms.profile.name.clone(),
                component: component.to_string(),
                holders,
            }
            .into());
        }
        if !self.no_authority.is_empty() {
            let missing = self.no_authority.into_iter();
            return Err(TaxRefused::NoAuthority {
                profile: self.terms.profile.name.clone(),
                missing: missing.collect(),
            }
            .into());
        }
        match self.terms.profile.missing_number {
            MissingNumber::Refuse if !self.no_number.is_empty() => {
                return Err(TaxRefused::NumberMissing {
                    profile: self.terms.profile.name.clone(),
                    holders: self.no_number,
                }
                .into());
            }
            MissingNumber::Refuse | MissingNumber::Warn => {}
        }
        let numbers = self.no_number.into_iter();
        let numbers = numbers.map(|holder| TaxWarning::NumberMissing { holder });
        self.warnings.extend(numbers);
        let mut owed: BTreeMap<AuthorityDay, OwedTotal> = BTreeMap::new();
        let mut classes = Vec::with_capacity(self.classes.len());
        for CountedClass {
            class, owed: own, ..
        } in self.classes
        {
            if let (Some(authority), false) = (&class.authority, own.tax.is_zero()) {
                let total = owed.entry(authority.clone()).or_insert(OwedTotal::NONE);
                *total = total.and(own).ok_or(TaxRefused::TooLarge)?;
            }
            classes.push(class);
        }
        Ok(WithholdingResult {
            classes,
            owed,
            warnings: self.warnings,
        })
    }

    fn status(&self, at: Option<u32>) -> &TaxStatus {
        let at = at.and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.register.statuses.get(at))
            .unwrap_or(&self.unknown)
    }

    /// Finds the position of a holder's class.
    fn class_of(
        &mut self,
        holder: &HolderRef,
        status_at: Option<u32>,
        certificates: &[Certificate],
    ) -> Option<u32> {
        let status = self.status(status_at).clone();
        let mut rates = Vec::with_capacity(self.terms.components.len());
        for component in self.terms.components {
            let taxed = Taxed {
                event_type: self.terms.event_type,
                component,
                distribution_date: self.terms.distribution_date,
            };
            let rate = self.rate(holder, &status, certificates, taxed);
            rates.push(rate);
        }
        let taxed = rates.iter().any(|rate| !rate.rate.is_zero());
        let owed = taxed.then(|| self.terms.profile.owed_by(&status));
        let (authority, missing) = match owed {
            None => (None, Vec::new()),
            Some(Owed::To {
                authority,
                remit_day,
            }) => {
                let day = AuthorityDay {
                    authority,
                    remit_day,
                };
                (Some(day), Vec::new())
            }
            Some(Owed::Nobody(missing)) => (None, missing),
        };
        let class = TaxClass { rates, authority };
        let next = u32::try_from(self.classes.len()).ok()?;
        let key = (class.clone(), missing.clone());
        let at = *self.positions.entry(key).or_insert(next);
        if at == next {
            self.classes.push(CountedClass {
                class,
                missing,
                owed: OwedTotal::NONE,
            });
        }
        Some(at)
    }

    fn rate(
        &mut self,
        holder: &HolderRef,
        status: &TaxStatus,
        certificates: &[Certificate],
        taxed: Taxed<'_>,
    ) -> FrozenRate {
        if self.terms.exempt.is_some() {
            return FrozenRate {
                rate: TaxRate::ZERO,
                reason: TaxReason::EventExempt,
            };
        }
        let Some(rate) = self.terms.profile.rate_for(status, certificates, taxed) else {
            let holders = self.no_rule.entry(taxed.component.clone()).or_default();
            holders.push(holder.code.clone());
            return FrozenRate {
                rate: TaxRate::ZERO,
                reason: TaxReason::None,
            };
        };
        let expired = certificates.iter().find(|certificate| {
            rate.reason.certificate().is_none()
                && certificate.expired_before(taxed.component, taxed.distribution_date)
        });
        if let Some(expired) = expired {
            self.warnings.push(TaxWarning::CertificateExpired {
                holder: holder.code.clone(),
                certificate: expired.number,
                on: expired.last_day(),
            });
        }
        rate
    }
}

#[cfg(test)]
mod tests;
