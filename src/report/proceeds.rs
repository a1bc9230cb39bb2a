//! What leads from the proceeds of an event to what is distributed, and what the money is, as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, key, minor, money, percent, row, summed, text, used},
};
use crate::domain::{
    currency::Currency,
    event::{ComponentDetail, ComponentTerm, Deducted, DeductionTerm, Event},
    explanation::AllocationComponent,
    ratio::cut_per_token,
    signed::Signed,
};

/// A deduction with its place and its currency.
#[derive(Clone, Debug)]
pub(super) struct DeductionRow {
    position: u64,
    deducted: Deducted,
    currency: Currency,
}

/// A component of an event with its currency.
#[derive(Clone, Debug)]
pub(super) struct ComponentRow {
    component: ComponentDetail,
    /// Whether the event has a declared rate, so that what was given is for each token.
    of_rate: OfRate,
    currency: Currency,
}

/// What an amount that was given of a component is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OfRate {
    Event,
    Token,
}

/// The fields of a deduction.
pub(super) const DEDUCTIONS: &[Field<DeductionRow>] = &[
    count("position", "no.", |of, _| Cell::count(of.position)),
    key(text("name", "deduction", |of, _| {
        Cell::text(&of.deducted.deduction.name)
    })),
    text("kind", "kind", |of, _| {
        Cell::text(of.deducted.deduction.kind)
    }),
    text("given", "given", |of, _| Cell::text(given(of))),
    key(money("amount", "amount", |of, _| {
        Cell::money(of.deducted.amount, of.currency)
    })),
    money("rest", "left", |of, _| {
        Cell::money(of.deducted.rest, of.currency)
    }),
];

/// The fields of a component.
pub(super) const COMPONENTS: &[Field<ComponentRow>] = &[
    key(text("name", "component", |of, _| {
        Cell::text(&of.component.component.given.component)
    })),
    summed(money("amount", "amount", |of, _| {
        let amount = of.component.component.amount;
        Cell::signed(amount.map(Into::into), of.currency)
    })),
    used(percent("rate", "tax rate", |of, _| {
        let rate = of.component.rate;
        rate.map_or(Cell::Empty, |rate| Cell::Percent(rate.percent()))
    })),
    used(summed(money("tax", "tax", |of, _| {
        let tax = of.component.component.tax;
        Cell::signed(tax.map(Into::into), of.currency)
    }))),
    minor(text("given", "given", |of, _| {
        match of.component.component.given.given {
            ComponentTerm::Amount(amount) => Cell::text(amount.plain(2)),
            ComponentTerm::Rest => Cell::words("rest"),
        }
    })),
    data(money("rate_per_unit", "rate per token", |of, _| {
        match (of.of_rate, of.component.component.given.given) {
            (OfRate::Token, ComponentTerm::Amount(amount)) => Cell::money(amount, of.currency),
            (OfRate::Token, ComponentTerm::Rest) | (OfRate::Event, _) => Cell::Empty,
        }
    })),
];

/// The fields of the part of an allocation that is a component.
pub const ALLOCATION_COMPONENTS: &[Field<AllocationComponent>] = &[
    text("event", "event", |of, _| {
        Cell::words(of.event.event.code.as_str())
    }),
    text("holder", "holder", |of, _| {
        Cell::words(of.holder.code.as_str())
    }),
    key(text("component", "component", |of, _| {
        Cell::maybe(of.component.as_ref())
    })),
    summed(money("amount", "amount", |of, _| {
        Cell::money(of.amount, of.event.currency)
    })),
    percent("tax_rate", "tax rate", |of, _| {
        Cell::Percent(of.tax.rate.rate.percent())
    }),
    text("tax_reason", "reason of the rate", |of, _| {
        Cell::text(of.tax.rate.reason)
    }),
    summed(money("tax_amount", "tax", |of, _| {
        Cell::money(of.tax.tax, of.event.currency)
    })),
];

/// Makes the row of the part of an allocation that is a component.
pub fn allocation_component(of: &AllocationComponent) -> Vec<Cell> {
    row(ALLOCATION_COMPONENTS, of, Pii::Masked)
}

/// Puts the deductions of an event in rows.
pub(super) fn deduction_rows(event: &Event, list: &[Deducted]) -> Vec<DeductionRow> {
    let placed = (1..).zip(list);
    placed
        .map(|(position, deducted)| DeductionRow {
            position,
            deducted: deducted.clone(),
            currency: event.currency,
        })
        .collect()
}

/// Puts the components of an event in rows.
pub(super) fn component_rows(event: &Event, list: &[ComponentDetail]) -> Vec<ComponentRow> {
    let of_rate = match event.total.basis().rate() {
        Some(_) => OfRate::Token,
        None => OfRate::Event,
    };
    let components = list.iter().cloned();
    components
        .map(|component| ComponentRow {
            component,
            of_rate,
            currency: event.currency,
        })
        .collect()
}

/// Writes what a deduction takes, as it was given.
fn given(of: &DeductionRow) -> String {
    match of.deducted.deduction.given {
        DeductionTerm::Amount(amount) => amount.plain(of.currency.decimals()),
        DeductionTerm::Percent(percent, base) => format!("{}% of {base}", percent.plain(0)),
    }
}

/// Returns the proceeds less what is distributed: negative if more is released than deducted.
pub(super) fn deductions_total(event: &Event) -> Option<Signed> {
    let (gross, total) = (event.total.basis().gross()?, event.total.amount()?);
    Signed::from(gross).checked_sub(Signed::from(total))
}

/// Returns the amount for one token: the declared rate, or else the total over the tokens that
/// count, cut to seven decimals.
pub(super) fn per_token(event: &Event) -> Option<Signed> {
    let basis = event.total.basis();
    if let Some(rate) = basis.rate() {
        return Some(rate.per_token.into());
    }
    let total = event.total.amount()?;
    let tokens = event.state.calculation()?.counted_tokens;
    cut_per_token(total, tokens)
}
