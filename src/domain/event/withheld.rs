//! The tax of a calculation: rates and authorities, frozen with it.

use std::collections::BTreeMap;

use super::{ComponentColumn, Event, Share, ShareFigures};
use crate::domain::{
    Refused,
    code::Code,
    component::Component,
    event_type::EventType,
    quantity::Amount,
    tax::{
        TaxRate, TaxReason, TaxRefused,
        profile::{TaxProfile, TaxProfileRef, TaxRounding},
        rate::FrozenRate,
        withholding::{
            AuthorityDay, OwedTotal, TaxClass, TaxRegister, TaxWarning, Withholding,
            WithholdingResult, WithholdingTerms, tax_on,
        },
    },
};

/// What the tax of an event is calculated from: the profile of its project, and what is known of the
/// holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxInputs {
    /// The profile.
    pub profile: TaxProfile,
    /// What is known of the holders.
    pub register: TaxRegister,
}

/// The rates of a calculation. Allocations name their class by its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxTerms {
    /// The profile.
    pub profile: TaxProfileRef,
    /// How a tax is rounded.
    pub rounding: TaxRounding,
    /// The components, in the order of the rates of each class.
    pub components: Vec<Component>,
    /// What several holders have in common.
    pub classes: Vec<TaxClass>,
}

/// The tax of a calculated event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTax {
    /// The rates.
    pub terms: TaxTerms,
    /// What is owed to each authority.
    pub owed: BTreeMap<AuthorityDay, OwedTotal>,
    /// What is to be said.
    pub warnings: Vec<TaxWarning>,
}

/// The tax on one component of an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartTax {
    /// The rate, and why it counts.
    pub rate: FrozenRate,
    /// The tax.
    pub tax: Amount,
}

impl PartTax {
    /// No tax, since there is no profile.
    pub const NONE: Self = Self {
        rate: FrozenRate {
            rate: TaxRate::ZERO,
            reason: TaxReason::None,
        },
        tax: Amount::ZERO,
    };
}

impl TaxTerms {
    /// Returns the class of an allocation.
    pub fn class(&self, class: Option<u32>) -> Option<&TaxClass> {
        self.classes.get(usize::try_from(class?).ok()?)
    }

    /// Returns the rate of all components of an allocation; `None` if they differ.
    pub fn one_rate(&self, class: Option<u32>) -> Option<FrozenRate> {
        let rates = &self.class(class)?.rates;
        let first = *rates.first()?;
        rates.iter().all(|rate| *rate == first).then_some(first)
    }

    /// Returns the rate of a component; `None` if not all holders have the same.
    pub fn rate_of(&self, component: usize) -> Option<TaxRate> {
        let mut rates = self.classes.iter().map(|class| class.rates.get(component));
        let first = rates.next()??.rate;
        rates
            .all(|rate| rate.is_some_and(|rate| rate.rate == first))
            .then_some(first)
    }

    /// Returns the tax on a component of an allocation; `None` if there is no such class or component.
    pub fn on_part(
        &self,
        class: Option<u32>,
        (at, base): (usize, Amount),
        minor_unit: Amount,
    ) -> Option<PartTax> {
        let rate = *self.class(class)?.rates.get(at)?;
        Some(PartTax {
            rate,
            tax: tax_on(base, rate.rate, self.rounding, minor_unit)?,
        })
    }
}

/// What decides whether an event of a project with a tax profile must name its components.
#[derive(Clone, Copy, Debug)]
pub struct Taxable<'a> {
    /// The event.
    pub event: &'a Code,
    /// Its type.
    pub event_type: EventType,
    /// How many components are named.
    pub components: usize,
    /// Why nothing is withheld from the whole event.
    pub exempt: Option<&'a str>,
}

/// Refuses an exit that does not say what its money is: a return of capital is not income.
///
/// # Errors
/// [`TaxRefused::ComponentRequired`].
pub fn must_name_components(event: Taxable<'_>) -> Result<(), Refused> {
    match event.event_type {
        EventType::Exit if event.components == 0 && event.exempt.is_none() => {
            let event = event.event.to_string();
            Err(TaxRefused::ComponentRequired { event }.into())
        }
        EventType::Exit | EventType::Revenue | EventType::Dividend | EventType::Other => Ok(()),
    }
}

/// The tax of a calculation as it is hashed.
#[derive(Debug)]
pub(super) struct HashedTax<'a> {
    terms: &'a TaxTerms,
    minor_unit: Amount,
    /// The rate and the reason of each component of each class.
    rates: Vec<Vec<String>>,
}

impl<'a> HashedTax<'a> {
    /// Writes the rates once.
    pub(super) fn of(terms: &'a TaxTerms, minor_unit: Amount) -> Self {
        let written = |rate: &FrozenRate| format!("{}\t{}", rate.rate, rate.reason);
        let of_class = |class: &TaxClass| class.rates.iter().map(written).collect();
        Self {
            terms,
            minor_unit,
            rates: terms.classes.iter().map(of_class).collect(),
        }
    }

    /// Adds `TAB amount TAB rate TAB reason TAB tax` for each part of an allocation; all of it is one
    /// if the event has no components. Without a class, what follows from it is left empty.
    pub(super) fn write(&self, lines: &mut String, share: &ShareFigures, parts: &[Amount]) {
        let class = share
            .tax_class
            .and_then(|class| usize::try_from(class).ok());
        let rates = class.and_then(|class| self.rates.get(class));
        let whole = [share.amount];
        let parts = if parts.is_empty() { &whole } else { parts };
        for (at, part) in parts.iter().enumerate() {
            lines.push('\t');
            part.write_canonical(lines);
            lines.push('\t');
            let rate = rates.and_then(|rates| rates.get(at));
            lines.push_str(rate.map_or("", String::as_str));
            lines.push('\t');
            // The tax of the only part is the tax of the allocation.
            let tax = match parts {
                [_] => Some(share.tax),
                _ => {
                    let of_part = self
                        .terms
                        .on_part(share.tax_class, (at, *part), self.minor_unit);
                    of_part.map(|of_part| of_part.tax)
                }
            };
            if let Some(tax) = tax {
                tax.write_canonical(lines);
            }
        }
    }
}

/// Withholds tax from the allocations of an event: from each part that is a component, and from the
/// whole gross if nothing is named.
///
/// # Errors
/// [`TaxRefused::ComponentRequired`], and those of [`Withholding`].
pub(super) fn withhold(
    event: &Event,
    inputs: &TaxInputs,
    named: &[ComponentColumn],
    shares: &mut [Share],
) -> Result<EventTax, Refused> {
    let exempt = event.tax_exempt.as_deref();
    must_name_components(Taxable {
        event: &event.event.code,
        event_type: event.event_type,
        components: named.len(),
        exempt,
    })?;
    let components = match named {
        [] => vec![Component::Income],
        named => {
            let of_columns = named.iter();
            of_columns
                .map(|column| column.given.component.clone())
                .collect()
        }
    };
    let terms = WithholdingTerms {
        profile: &inputs.profile,
        exempt,
        event_type: event.event_type,
        distribution_date: event.distribution_date,
        minor_unit: event.currency.minor_unit(),
        components: &components,
    };
    let mut withholding = Withholding::begin(terms, &inputs.register)?;
    let mut bases = Vec::with_capacity(components.len());
    for (at, share) in shares.iter_mut().enumerate() {
        bases.clear();
        if named.is_empty() {
            bases.push(share.amount);
        } else {
            bases.extend(named.iter().filter_map(|column| column.parts.get(at)));
        }
        let withheld = withholding.add(&share.holder, &bases);
        let withheld = withheld.ok_or(TaxRefused::TooLarge)?;
        share.tax = withheld.tax;
        share.tax_class = Some(withheld.class);
    }
    let WithholdingResult {
        classes,
        owed,
        warnings,
    } = withholding.finish()?;
    Ok(EventTax {
        terms: TaxTerms {
            profile: inputs.profile.reference(),
            rounding: inputs.profile.rounding,
            components,
            classes,
        },
        owed,
        warnings,
    })
}
