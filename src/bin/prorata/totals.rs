//! Counts of withdrawals and payments, with their totals.

use prorata::{
    domain::{
        currency::Currency,
        event::{CalculationFigures, Event},
        quantity::{Amount, Total},
    },
    ops::withdrawal::Batch,
};

use crate::noun::{HOLDER, Noun, WITHDRAWAL};

/// Says how many withdrawals were changed, and their totals.
pub(crate) fn of_batch(batch: &Batch) -> String {
    with_totals(WITHDRAWAL, batch.count, &batch.totals)
}

/// Says what a calculation gives: the holders with and without money, the amount for a token, and
/// how the tokens changed since the last event.
pub(crate) fn of_calculation(event: &Event, figures: &CalculationFigures) -> String {
    let mut said = vec![if figures.holders > 999 {
        format!("{} holders", grouped(figures.holders))
    } else {
        HOLDER.count(figures.holders)
    }];
    if figures.holders_without_money > 0 {
        let zero = Amount::ZERO.plain(event.currency.decimals());
        let without = grouped(figures.holders_without_money);
        said.push(format!("{without} of them get {zero}"));
    }
    let (tax, carrying) = (event.balance.tax(), figures.carrying);
    let before_tax = if tax.is_zero() { "" } else { " before tax" };
    said.push(format!(
        "{} {} a token{before_tax}",
        event.currency, figures.amount_per_token
    ));
    if [tax, carrying.brought, carrying.carried]
        .iter()
        .any(|amount| !amount.is_zero())
    {
        let payable = carrying.payable.grouped(event.currency.decimals());
        let when = match event.state.approval() {
            Some(_) => "",
            None => " if it is approved now",
        };
        said.push(format!("{} {payable} is payable{when}", event.currency));
    }
    if let (Some(last), Some(change)) = (&figures.last_event, figures.tokens_change) {
        let tokens = change.magnitude().grouped(0);
        said.push(match (change.is_zero(), change.is_negative()) {
            (true, _) => format!("as many tokens as for {last}"),
            (false, true) => format!("{tokens} fewer tokens than for {last}"),
            (false, false) => format!("{tokens} more tokens than for {last}"),
        });
    }
    said.join("; ")
}

/// Says that an event was changed before its approval, and what comes next.
pub(crate) fn of_draft(event: &Event) -> String {
    let code = &event.event.code;
    format!("changed {code}, which is a draft; next: `prorata event calculate {code}`")
}

/// Groups the thousands of a count.
fn grouped(count: u64) -> String {
    Total::from_units(i128::from(count) * 10_000_000)
        .map_or_else(|| count.to_string(), |count| count.grouped(0))
}

/// Says how many there are, and their total in each currency.
pub(crate) fn with_totals(noun: Noun, count: u64, totals: &[(Currency, Total)]) -> String {
    let totals = totals
        .iter()
        .map(|(currency, total)| format!(", {currency} {}", total.grouped(currency.decimals())));
    format!("{}{}", noun.count(count), totals.collect::<String>())
}
