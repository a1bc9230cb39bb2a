//! What an event distributes as a whole, and what of it each holder's tokens give.

use super::{
    Basis, ComponentAmount, DeclaredRate, Deducted, Deduction, Event, NewComponent,
    amounts_of_rate, basis::must_be_payable, component_amounts, deduct, left_of, total_of_rate,
};
use crate::domain::{
    Refused,
    allocation::allocate,
    quantity::{Amount, Tokens},
    refused::ProceedsRefusal,
};

/// The total of an event, and what of it each holder's tokens give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    /// What is distributed.
    pub(super) total: Amount,
    /// The deductions that led to it.
    pub(super) deductions: Vec<Deducted>,
    /// What the tokens of each holder give, in the order of the tokens.
    pub(super) parts: Vec<Amount>,
    /// The components of each of these parts, one column for each component, if the event has a
    /// declared rate: then the components make the parts.
    pub(super) columns: Vec<Vec<Amount>>,
}

/// Computes the total of an event and divides it over tokens.
///
/// # Errors
/// [`Refused::EventAmountNotPayable`], [`ProceedsRefusal::RateAboveProceeds`], and those of
/// [`deduct`], [`component_amounts`], [`amounts_of_rate`] and [`total_of_rate`].
pub(super) fn whole_of(
    event: &Event,
    tokens: &[Tokens],
    deductions: &[Deduction],
    components: &[NewComponent],
) -> Result<Whole, Refused> {
    let minor_unit = event.currency.minor_unit();
    let deducted = match event.total.basis().gross() {
        Some(gross) => deduct(gross, deductions, minor_unit)?,
        None => Vec::new(),
    };
    let (rate, gross) = match event.total.basis() {
        Basis::Amount(total) => return divided(total, event.unit, tokens, deducted),
        Basis::Proceeds(gross) => {
            return divided(left_of(gross, &deducted), event.unit, tokens, deducted);
        }
        Basis::Rate(rate, gross) => (rate, gross),
    };
    let RateParts { parts, columns } = parts_of_rate(rate, event.unit, tokens, components)?;
    let mut whole = Whole {
        total: total_of_rate(parts.iter().copied())?,
        deductions: deducted,
        parts,
        columns,
    };
    if let Some(gross) = gross {
        let distributable = left_of(gross, &whole.deductions);
        let total = whole.total;
        if total > distributable {
            return Err(ProceedsRefusal::RateAboveProceeds {
                total,
                distributable,
            }
            .into());
        }
        let undistributed = Deducted::undistributed(distributable, total);
        whole.deductions.extend(undistributed);
    }
    Ok(whole)
}

fn divided(
    total: Amount,
    unit: Amount,
    tokens: &[Tokens],
    deductions: Vec<Deducted>,
) -> Result<Whole, Refused> {
    must_be_payable(total, unit)?;
    let parts = allocate(total, unit, tokens);
    Ok(Whole {
        total,
        deductions,
        parts: parts.ok_or(ProceedsRefusal::TooLarge)?,
        columns: Vec::new(),
    })
}

/// What a declared rate gives for tokens.
struct RateParts {
    parts: Vec<Amount>,
    columns: Vec<Vec<Amount>>,
}

fn parts_of_rate(
    rate: DeclaredRate,
    unit: Amount,
    tokens: &[Tokens],
    components: &[NewComponent],
) -> Result<RateParts, Refused> {
    if components.is_empty() {
        return Ok(RateParts {
            parts: amounts_of_rate(rate, unit, tokens)?,
            columns: Vec::new(),
        });
    }
    let mut parts = vec![Amount::ZERO; tokens.len()];
    let mut columns = Vec::with_capacity(components.len());
    for ComponentAmount { amount, .. } in component_amounts(rate.per_token, components)? {
        let of_component = DeclaredRate {
            per_token: amount,
            rounding: rate.rounding,
        };
        let column = amounts_of_rate(of_component, unit, tokens)?;
        for (sum, part) in parts.iter_mut().zip(&column) {
            *sum = sum.checked_add(*part).ok_or(ProceedsRefusal::TooLarge)?;
        }
        columns.push(column);
    }
    Ok(RateParts { parts, columns })
}

/// Returns what the tokens of each holder give of a calculated event, whoever gets it in the end;
/// `None` if the event does not give anything for them.
pub fn own_parts(
    event: &Event,
    components: &[NewComponent],
    tokens: &[Tokens],
) -> Option<Vec<Amount>> {
    match event.total.basis() {
        Basis::Amount(_) | Basis::Proceeds(_) => {
            allocate(event.total.amount()?, event.unit, tokens)
        }
        Basis::Rate(rate, _) => {
            let given = parts_of_rate(rate, event.unit, tokens, components);
            given.ok().map(|given| given.parts)
        }
    }
}
