//! Balances of holders, and one holder's portfolio.

use super::{Cell, Columns, Record, Table, column, data, summed};
use crate::domain::{
    currency::Currency,
    payment::Payment,
    portfolio::{HolderBalance, Portfolio, PortfolioEvent, PortfolioHolding, Sums},
    quantity::Total,
};

/// The columns of balances.
pub const BALANCES: Columns = &[
    column("holder", "holder").key(),
    column("holder_name", "name").minor(),
    column("currency", "currency").key(),
    summed("allocated_amount", "allocated"),
    summed("withdrawn_amount", "paid"),
    summed("pending_amount", "pending"),
    summed("available_amount", "available").key(),
];

const HOLDINGS: Columns = &[
    column("project", "project").key(),
    column("lp_tokens_held", "tokens").key(),
    column("lp_tokens_outstanding", "outstanding"),
    column("ownership_percentage", "ownership %"),
    column("currency", "currency").minor(),
    column("distributed_per_token", "per token so far"),
];

const TOTALS: Columns = &[
    column("currency", "currency").key(),
    column("events", "events"),
    summed("allocated_amount", "allocated"),
    summed("withdrawn_amount", "paid"),
    summed("pending_amount", "pending"),
    summed("available_amount", "available"),
];

const EVENTS: Columns = &[
    column("event", "event").key(),
    data("project"),
    data("event_type"),
    data("title"),
    column("distribution_date", "date"),
    data("event_status"),
    column("lp_tokens_held", "tokens"),
    column("ownership_percentage", "ownership %"),
    column("currency", "currency").key(),
    column("amount_per_token", "per token").minor(),
    summed("allocated_amount", "allocated"),
    summed("withdrawn_amount", "paid"),
    summed("pending_amount", "pending"),
    summed("available_amount", "available"),
    data("status"),
];

const PAYMENTS: Columns = &[
    column("code", "payment").key(),
    column("event", "event").minor(),
    column("withdrawal", "withdrawal").minor(),
    column("payment_date", "value date"),
    column("currency", "currency").key(),
    column("amount", "amount").key(),
    column("reference", "reference"),
    column("status", "status"),
    data("return_date"),
    data("return_reason"),
    column("replaces", "replaces").minor(),
    column("bank_line", "bank line").minor(),
];

/// Describes a balance.
pub fn balance(balance: &HolderBalance) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(&balance.holder.code),
        Cell::text(&balance.name),
        Cell::text(balance.currency),
    ];
    cells.extend(sums(&balance.sums, balance.currency));
    cells
}

fn sums(sums: &Sums, currency: Currency) -> [Cell; 4] {
    let money = |amount: Total| Cell::Money(amount.into(), currency);
    [
        money(sums.allocated()),
        money(sums.withdrawn()),
        money(sums.pending()),
        money(sums.available()),
    ]
}

/// Describes a portfolio.
pub fn record(portfolio: &Portfolio) -> Record {
    let totals = portfolio.totals.iter().map(|(currency, events, of)| {
        let mut cells = vec![Cell::text(currency), Cell::count(*events)];
        cells.extend(sums(of, *currency));
        cells
    });
    Record {
        fields: vec![
            (
                column("holder", "holder"),
                Cell::text(&portfolio.holder.code),
            ),
            (column("holder_name", "name"), Cell::text(&portfolio.name)),
        ],
        tables: vec![
            Table {
                name: "holdings",
                columns: HOLDINGS,
                rows: portfolio.holdings.iter().map(holding).collect(),
            },
            Table {
                name: "totals",
                columns: TOTALS,
                rows: totals.collect(),
            },
            Table {
                name: "events",
                columns: EVENTS,
                rows: portfolio.events.iter().map(event).collect(),
            },
            Table {
                name: "payments",
                columns: PAYMENTS,
                rows: portfolio.payments.iter().map(payment).collect(),
            },
        ],
    }
}

fn holding(held: &PortfolioHolding) -> Vec<Cell> {
    vec![
        Cell::text(&held.project.code),
        Cell::tokens(held.tokens),
        Cell::Tokens(held.outstanding),
        held.ownership.map_or(Cell::Empty, Cell::Ratio),
        Cell::text(held.currency),
        Cell::Ratio(held.per_token),
    ]
}

fn event(held: &PortfolioEvent) -> Vec<Cell> {
    let PortfolioEvent {
        event,
        allocation,
        per_token,
    } = held;
    let money = |amount| Cell::money(amount, event.currency);
    vec![
        Cell::text(&event.event.code),
        Cell::text(&event.project.code),
        Cell::text(event.event_type),
        Cell::text(&event.title),
        Cell::Date(event.distribution_date),
        Cell::text(event.status()),
        Cell::tokens(allocation.tokens),
        Cell::Percent(allocation.percentage),
        Cell::text(event.currency),
        Cell::Ratio(*per_token),
        money(allocation.balance.allocated()),
        money(allocation.balance.withdrawn()),
        money(allocation.balance.pending()),
        money(allocation.balance.available()),
        Cell::text(allocation.balance.status()),
    ]
}

fn payment(payment: &Payment) -> Vec<Cell> {
    let returned = payment.state.returned();
    vec![
        Cell::text(payment.number),
        Cell::text(&payment.event.code),
        Cell::text(payment.withdrawal),
        Cell::Date(payment.facts.date),
        Cell::text(payment.currency),
        Cell::money(payment.facts.amount, payment.currency),
        Cell::text(&payment.facts.reference),
        Cell::text(payment.state.status()),
        Cell::on(returned.map(|(date, _)| date)),
        Cell::maybe(returned.map(|(_, reason)| reason)),
        Cell::maybe(payment.replaces),
        Cell::maybe(payment.bank_line),
    ]
}
