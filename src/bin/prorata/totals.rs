//! Counts of withdrawals and payments, with their totals.

use prorata::{
    domain::{currency::Currency, quantity::Total},
    ops::withdrawal::Batch,
};

use crate::noun::{Noun, WITHDRAWAL};

/// Says how many withdrawals were changed, and their totals.
pub(crate) fn of_batch(batch: &Batch) -> String {
    with_totals(WITHDRAWAL, batch.count, &batch.totals)
}

/// Says how many there are, and their total in each currency.
pub(crate) fn with_totals(noun: Noun, count: u64, totals: &[(Currency, Total)]) -> String {
    let totals = totals
        .iter()
        .map(|(currency, total)| format!(", {currency} {}", total.grouped(currency.decimals())));
    format!("{}{}", noun.count(count), totals.collect::<String>())
}
