//! The explanation of an allocation: how it follows from its event, and what became of it.

use super::{
    cell::{Cell, Pii},
    event::{total_tokens, without_unused},
    exclusion::EXCLUDED,
    field::{
        Field, data, date, flag, instant, key, minor, money, percent, summed, text, tokens,
        uncounting, used,
    },
    proceeds::{DEDUCTIONS, deduction_rows, deductions_total},
    record::{Record, Table},
};
use crate::domain::{
    event::{Event, exact_product},
    explanation::{AllocationComponent, AllocationExplanation, AllocationTax},
    payment::Payment,
    quantity::{Amount, Tokens},
    tax::withholding::exact_tax,
    withdrawal::Withdrawal,
};

/// The fields of an explanation: how an allocation follows from the snapshot.
pub(super) const EXPLANATION: &[Field<AllocationExplanation>] = &[
    text("event", "event", |of, _| Cell::text(&of.event.event.code)),
    text("holder", "holder", |of, _| {
        Cell::text(&of.allocation.holder.code)
    }),
    text("holder_name", "name", |of, _| {
        Cell::text(&of.allocation.holder_name)
    }),
    text("currency", "currency", |of, _| {
        Cell::text(of.event.currency)
    }),
    date("record_date", "record date", |of, _| {
        Cell::Date(of.event.record_date)
    }),
    tokens("lp_tokens_held", "tokens held", |of, _| {
        Cell::tokens(of.allocation.tokens)
    }),
    tokens("snapshot_total_lp_tokens", "tokens outstanding", |of, _| {
        total_tokens(&of.event).map_or(Cell::Empty, Cell::tokens)
    }),
    tokens("counted_lp_tokens", "tokens that count", |of, _| {
        counted_tokens(&of.event).map_or(Cell::Empty, Cell::tokens)
    }),
    percent("ownership_percentage", "ownership %", |of, _| {
        Cell::Percent(of.allocation.percentage)
    }),
    money("gross_proceeds", "gross proceeds", |of, _| {
        let gross = of.event.total.basis().gross();
        Cell::signed(gross.map(Into::into), of.event.currency)
    }),
    money("deductions_total", "deductions", |of, _| {
        Cell::signed(deductions_total(&of.event), of.event.currency)
    }),
    money("total_amount", "event total", |of, _| {
        Cell::signed(of.event.total.amount().map(Into::into), of.event.currency)
    }),
    money("unit", "allocation unit", |of, _| {
        Cell::money(of.event.unit, of.event.currency)
    }),
    text("exact_share", "exact share", |of, _| {
        Cell::maybe(exact_share(of))
    }),
    money("floor_amount", "whole units", |of, _| {
        Cell::signed(floor_amount(of).map(Into::into), of.event.currency)
    }),
    text("remainder", "remainder", |of, _| Cell::maybe(remainder(of))),
    flag("spare_unit", "spare unit given", |of, _| {
        Cell::flag(of.part.map(|part| part.spare))
    }),
    money("rate_per_unit", "rate per token", |of, _| {
        let rate = of.event.total.basis().rate();
        Cell::signed(rate.map(|rate| rate.per_token.into()), of.event.currency)
    }),
    text("exact_product", "rate × tokens", |of, _| {
        let rate = of.event.total.basis().rate();
        Cell::maybe(rate.map(|rate| exact_product(rate.per_token, of.allocation.tokens)))
    }),
    text("rounding", "rounding", |of, _| {
        Cell::maybe(of.event.total.basis().rate().map(|rate| rate.rounding))
    }),
    money("own_amount", "own part", |of, _| {
        Cell::signed(of.own_amount().map(Into::into), of.event.currency)
    }),
    money("assigned_amount", "assigned", |of, _| {
        Cell::money(of.allocation.assigned, of.event.currency)
    }),
    money("allocated_amount", "allocated", |of, _| {
        Cell::money(of.allocation.balance.allocated(), of.event.currency)
    }),
    percent("tax_rate", "tax rate", |of, _| {
        let rate = of.allocation.tax_rate;
        rate.map_or(Cell::Empty, |rate| Cell::Percent(rate.rate.percent()))
    }),
    text("tax_reason", "reason of the rate", |of, _| {
        Cell::maybe(of.allocation.tax_rate.map(|rate| rate.reason))
    }),
    text("exact_tax", "exact tax", |of, _| {
        Cell::maybe(exact_tax_of_all(of))
    }),
    money("tax_amount", "tax", |of, _| {
        Cell::money(of.allocation.balance.tax(), of.event.currency)
    }),
    money("net_amount", "net", |of, _| {
        Cell::money(of.allocation.balance.net(), of.event.currency)
    }),
    used(money(
        "brought_forward_amount",
        "brought forward",
        |of, _| Cell::money(of.allocation.balance.brought_forward(), of.event.currency),
    )),
    money("entitlement_amount", "net and brought forward", |of, _| {
        Cell::signed(of.entitlement().map(Into::into), of.event.currency)
    }),
    used(money("minimum_payout", "minimum payout", |of, _| {
        Cell::money(of.event.minimum, of.event.currency)
    })),
    money("payable_amount", "payable", |of, _| {
        Cell::signed(of.payable().map(Into::into), of.event.currency)
    }),
    used(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| Cell::money(of.allocation.balance.carried_forward(), of.event.currency),
    )),
    money("withdrawn_amount", "paid", |of, _| {
        Cell::money(of.allocation.balance.withdrawn(), of.event.currency)
    }),
    money("pending_amount", "pending", |of, _| {
        Cell::money(of.allocation.balance.pending(), of.event.currency)
    }),
    money("available_amount", "available", |of, _| {
        Cell::money(of.allocation.balance.available(), of.event.currency)
    }),
    text("available_as", "available as", |of, _| {
        Cell::maybe(of.available_as)
    }),
    flag("imported", "imported", |of, _| {
        Cell::flag(Some(of.event.is_imported()))
    }),
];

/// The fields of a request in an explanation.
pub(super) const REQUESTS: &[Field<Withdrawal>] = &[
    text("code", "withdrawal", |w, _| Cell::text(w.number)),
    summed(money("requested_amount", "requested", |w, _| {
        Cell::money(w.amount, w.currency)
    })),
    uncounting(
        key(text("status", "status", |w, _| Cell::text(w.status()))),
        &["rejected", "cancelled", "returned"],
    ),
    text("requested_by", "requested by", |w, _| {
        Cell::text(&w.requested_by.code)
    }),
    text("approved_by", "approved by", |w, _| {
        Cell::maybe(w.state.approval().map(|approval| &approval.by.code))
    }),
    instant("updated_at", "since", |w, _| Cell::Instant(w.updated_at())),
];

/// The fields of a payment in an explanation.
pub(super) const PAYMENTS: &[Field<Payment>] = &[
    text("code", "payment", |payment, _| Cell::text(payment.number)),
    minor(text("withdrawal", "withdrawal", |payment, _| {
        Cell::text(payment.withdrawal)
    })),
    summed(money("amount", "paid", |payment, _| {
        Cell::money(payment.facts.amount, payment.currency)
    })),
    text("reference", "reference", |payment, _| {
        Cell::text(&payment.facts.reference)
    }),
    date("payment_date", "value date", |payment, _| {
        Cell::Date(payment.facts.date)
    }),
    uncounting(
        key(text("status", "status", |payment, _| {
            Cell::text(payment.state.status())
        })),
        &["returned"],
    ),
    text("bank_line", "bank line", |payment, _| {
        Cell::maybe(payment.bank_line)
    }),
];

/// The fields of a component in an explanation.
pub(super) const PARTS: &[Field<AllocationComponent>] = &[
    key(text("component", "component", |of, _| {
        Cell::maybe(of.component.as_ref())
    })),
    text("rate_per_unit", "rate per token", |of, _| {
        Cell::maybe(of.rate.map(|rate| rate.plain(2)))
    }),
    summed(money("amount", "amount", |of, _| {
        Cell::money(of.amount, of.event.currency)
    })),
    data(percent("tax_rate", "tax rate", |of, _| {
        Cell::Percent(of.tax.rate.rate.percent())
    })),
    data(text("tax_reason", "reason of the rate", |of, _| {
        Cell::text(of.tax.rate.reason)
    })),
    text("exact_tax", "exact tax", |of, _| {
        Cell::text(exact_tax(of.amount, of.tax.rate.rate))
    }),
    summed(money("tax_amount", "tax", |of, _| {
        Cell::money(of.tax.tax, of.event.currency)
    })),
];

/// The fields of what became of the tax in an explanation.
pub(super) const TAXES: &[Field<AllocationTax>] = &[
    key(text("authority", "authority", |of, _| {
        Cell::words(&of.authority)
    })),
    text("period", "month", |of, _| Cell::words(&of.period)),
    date("due_date", "due", |of, _| Cell::Date(of.due_date)),
    key(money("tax_amount", "tax withheld", |of, _| {
        Cell::money(of.tax, of.currency)
    })),
    text("status", "status", |of, _| match &of.remittance {
        Some(remittance) => Cell::text(remittance.status()),
        None => Cell::words("not remitted"),
    }),
    used(text("remittance", "remittance", |of, _| {
        Cell::maybe(of.remittance.as_ref().map(|remittance| remittance.number))
    })),
    used(text("reference", "reference", |of, _| {
        Cell::maybe(
            of.remittance
                .as_ref()
                .map(|remittance| &remittance.reference),
        )
    })),
    used(date("payment_date", "remitted on", |of, _| {
        Cell::on(
            of.remittance
                .as_ref()
                .map(|remittance| remittance.payment_date),
        )
    })),
    used(text("bank_line", "bank line", |of, _| {
        Cell::maybe(
            of.remittance
                .as_ref()
                .and_then(|remittance| remittance.line),
        )
    })),
];

/// Writes the exact tax of an allocation; one with several components has it for each of them.
fn exact_tax_of_all(of: &AllocationExplanation) -> Option<String> {
    let rate = of.allocation.tax_rate?;
    let gross = of.allocation.balance.allocated();
    (of.components.len() <= 1).then(|| exact_tax(gross, rate.rate))
}

/// Returns the tokens over which the amount is divided.
fn counted_tokens(event: &Event) -> Option<Tokens> {
    Some(event.state.calculation()?.counted_tokens)
}

/// Writes the exact share as a fraction.
fn exact_share(of: &AllocationExplanation) -> Option<String> {
    of.part?;
    let total = counted_tokens(&of.event)?;
    Some(format!(
        "{} × {} ÷ {}",
        of.event
            .total
            .amount()?
            .grouped(of.event.currency.decimals()),
        of.allocation.tokens.grouped(0),
        total.grouped(0)
    ))
}

/// Returns the whole units of the exact share as money.
fn floor_amount(of: &AllocationExplanation) -> Option<Amount> {
    // The floor is at most the event's total, which is in range.
    of.part?
        .floor
        .checked_mul(of.event.unit.units())
        .and_then(Amount::from_units)
}

/// Writes the fraction of a unit that is left, over all tokens that count, both in ten-millionths of a
/// token.
fn remainder(of: &AllocationExplanation) -> Option<String> {
    let total = counted_tokens(&of.event)?;
    Some(format!(
        "{}/{} of a unit",
        of.part?.remainder,
        total.units()
    ))
}

/// Explains an allocation: how it follows from its event, and what became of it.
pub fn explanation(of: &AllocationExplanation) -> Record {
    let record = Record::of(EXPLANATION, of, Pii::Masked);
    let mut unused = unused_steps(of).to_vec();
    if of.event.state.tax_profile().is_none() {
        unused.extend(["tax_rate", "tax_reason", "exact_tax"]);
    }
    if !of.event.is_imported() {
        unused.push("imported");
    }
    if of.allocation.assigned.is_zero() {
        unused.extend(["own_amount", "assigned_amount"]);
    }
    if counted_tokens(&of.event) == total_tokens(&of.event) {
        unused.push("counted_lp_tokens");
    }
    if of.allocation.balance.brought_forward().is_zero() {
        unused.push("entitlement_amount");
    }
    let deductions = deduction_rows(&of.event, &of.deductions);
    let excluded = of
        .excluded
        .iter()
        .map(|one| (one.clone(), of.event.currency));
    let excluded: Vec<_> = excluded.collect();
    let lists = [
        Table::of("deductions", DEDUCTIONS, &deductions, Pii::Masked),
        Table::of("exclusions", EXCLUDED, &excluded, Pii::Masked),
        Table::of("components", PARTS, &of.components, Pii::Masked),
        Table::of("taxes", TAXES, &of.taxes, Pii::Masked),
    ];
    let record = without_unused(record, &of.event, of.allocation.balance).hide(&unused);
    let record = lists.into_iter().fold(record, Record::with_list);
    record
        .with(Table::of(
            "withdrawals",
            REQUESTS,
            &of.withdrawals,
            Pii::Masked,
        ))
        .with(Table::of("payments", PAYMENTS, &of.payments, Pii::Masked))
}

/// Returns the steps that a declared rate and an imported event do not have.
const fn unused_steps(of: &AllocationExplanation) -> &'static [&'static str] {
    match of.part {
        Some(_) => &[],
        None => &["exact_share", "floor_amount", "remainder", "spare_unit"],
    }
}
