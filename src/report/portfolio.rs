//! Balances of holders, and one holder's portfolio.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, count, data, date, key, minor, money, percent, ratio, row, summed, text, tokens,
        used,
    },
    record::{Record, Table},
};
use crate::domain::{
    payment::Payment,
    portfolio::{HolderBalance, Portfolio, PortfolioEvent, PortfolioHolding, PortfolioTotal},
};

/// The fields of the balance of a holder in a currency.
pub const BALANCES: &[Field<HolderBalance>] = &[
    key(text("holder", "holder", |of, _| {
        Cell::text(&of.holder.code)
    })),
    minor(text("holder_name", "name", |of, _| Cell::text(&of.name))),
    key(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    summed(money("allocated_amount", "allocated", |of, _| {
        Cell::total(of.sums.allocated(), of.currency)
    })),
    summed(money("withdrawn_amount", "paid", |of, _| {
        Cell::total(of.sums.withdrawn(), of.currency)
    })),
    summed(money("pending_amount", "pending", |of, _| {
        Cell::total(of.sums.pending(), of.currency)
    })),
    key(summed(money("available_amount", "available", |of, _| {
        Cell::total(of.sums.available(), of.currency)
    }))),
    used(summed(money("tax_amount", "tax", |of, _| {
        Cell::total(of.sums.tax(), of.currency)
    }))),
    data(summed(money("net_amount", "net", |of, _| {
        Cell::total(of.sums.net(), of.currency)
    }))),
    used(summed(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| Cell::total(of.sums.carried_forward(), of.currency),
    ))),
    used(summed(money("held_amount", "held", |of, _| {
        Cell::total(of.held, of.currency)
    }))),
    used(summed(money(
        "written_off_amount",
        "written off",
        |of, _| Cell::total(of.sums.written_off(), of.currency),
    ))),
];

/// The fields of a portfolio.
pub(super) const PORTFOLIO: &[Field<Portfolio>] = &[
    text("holder", "holder", |portfolio, _| {
        Cell::text(&portfolio.holder.code)
    }),
    text("holder_name", "name", |portfolio, _| {
        Cell::text(&portfolio.name)
    }),
];

/// The fields of what a holder has in a project.
pub(super) const HOLDINGS: &[Field<PortfolioHolding>] = &[
    key(text("project", "project", |held, _| {
        Cell::text(&held.project.code)
    })),
    key(tokens("lp_tokens_held", "tokens", |held, _| {
        Cell::tokens(held.tokens)
    })),
    tokens("lp_tokens_outstanding", "outstanding", |held, _| {
        Cell::Tokens(held.outstanding)
    }),
    ratio("ownership_percentage", "ownership %", |held, _| {
        Cell::ratio(held.ownership)
    }),
    minor(text("currency", "currency", |held, _| {
        Cell::text(held.currency)
    })),
    ratio(
        "distributed_per_token",
        "gross per token so far",
        |held, _| Cell::Ratio(held.per_token),
    ),
];

/// The fields of the totals of a currency.
pub(super) const TOTALS: &[Field<PortfolioTotal>] = &[
    key(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    count("events", "events", |of, _| Cell::count(of.events)),
    summed(money("allocated_amount", "allocated", |of, _| {
        Cell::total(of.sums.allocated(), of.currency)
    })),
    summed(money("withdrawn_amount", "paid", |of, _| {
        Cell::total(of.sums.withdrawn(), of.currency)
    })),
    summed(money("pending_amount", "pending", |of, _| {
        Cell::total(of.sums.pending(), of.currency)
    })),
    summed(money("available_amount", "available", |of, _| {
        Cell::total(of.sums.available(), of.currency)
    })),
    used(summed(money("tax_amount", "tax", |of, _| {
        Cell::total(of.sums.tax(), of.currency)
    }))),
    data(summed(money("net_amount", "net", |of, _| {
        Cell::total(of.sums.net(), of.currency)
    }))),
    used(summed(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| Cell::total(of.sums.carried_forward(), of.currency),
    ))),
    used(summed(money("held_amount", "held", |of, _| {
        Cell::total(of.held, of.currency)
    }))),
    used(summed(money(
        "written_off_amount",
        "written off",
        |of, _| Cell::total(of.sums.written_off(), of.currency),
    ))),
];

/// The fields of what a holder has in an event.
pub(super) const EVENTS: &[Field<PortfolioEvent>] = &[
    key(text("event", "event", |held, _| {
        Cell::text(&held.event.event.code)
    })),
    data(text("project", "project", |held, _| {
        Cell::text(&held.event.project.code)
    })),
    data(text("event_type", "type", |held, _| {
        Cell::text(held.event.event_type)
    })),
    data(text("title", "title", |held, _| {
        Cell::text(&held.event.title)
    })),
    date("distribution_date", "date", |held, _| {
        Cell::Date(held.event.distribution_date)
    }),
    data(text("event_status", "status of the event", |held, _| {
        Cell::text(held.event.status())
    })),
    tokens("lp_tokens_held", "tokens", |held, _| {
        Cell::tokens(held.allocation.tokens)
    }),
    percent("ownership_percentage", "ownership %", |held, _| {
        Cell::Percent(held.allocation.percentage)
    }),
    key(text("currency", "currency", |held, _| {
        Cell::text(held.event.currency)
    })),
    minor(ratio("amount_per_token", "gross per token", |held, _| {
        Cell::Ratio(held.per_token)
    })),
    summed(money("allocated_amount", "allocated", |held, _| {
        Cell::money(held.allocation.balance.allocated(), held.event.currency)
    })),
    summed(money("withdrawn_amount", "paid", |held, _| {
        Cell::money(held.allocation.balance.withdrawn(), held.event.currency)
    })),
    summed(money("pending_amount", "pending", |held, _| {
        Cell::money(held.allocation.balance.pending(), held.event.currency)
    })),
    summed(money("available_amount", "available", |held, _| {
        Cell::money(held.allocation.balance.available(), held.event.currency)
    })),
    data(text("status", "status of the allocation", |held, _| {
        Cell::text(held.allocation.balance.status())
    })),
    used(summed(money("tax_amount", "tax", |held, _| {
        Cell::money(held.allocation.balance.tax(), held.event.currency)
    }))),
    data(summed(money("net_amount", "net", |held, _| {
        Cell::money(held.allocation.balance.net(), held.event.currency)
    }))),
    used(summed(money(
        "brought_forward_amount",
        "brought forward",
        |held, _| {
            Cell::money(
                held.allocation.balance.brought_forward(),
                held.event.currency,
            )
        },
    ))),
    used(summed(money(
        "carried_forward_amount",
        "carried forward",
        |held, _| {
            Cell::money(
                held.allocation.balance.carried_forward(),
                held.event.currency,
            )
        },
    ))),
    used(summed(money("held_amount", "held", |held, _| {
        Cell::money(held.held(), held.event.currency)
    }))),
    minor(text("available_as", "available as", |held, _| {
        Cell::maybe(held.available_as)
    })),
];

/// The fields of a payment to the holder.
pub(super) const PAYMENTS: &[Field<Payment>] = &[
    key(text("code", "payment", |payment, _| {
        Cell::text(payment.number)
    })),
    minor(text("event", "event", |payment, _| {
        Cell::text(&payment.event.code)
    })),
    minor(text("withdrawal", "withdrawal", |payment, _| {
        Cell::text(payment.withdrawal)
    })),
    date("payment_date", "value date", |payment, _| {
        Cell::Date(payment.facts.date)
    }),
    key(text("currency", "currency", |payment, _| {
        Cell::text(payment.currency)
    })),
    key(money("amount", "amount", |payment, _| {
        Cell::money(payment.facts.amount, payment.currency)
    })),
    text("reference", "reference", |payment, _| {
        Cell::text(&payment.facts.reference)
    }),
    text("status", "status", |payment, _| {
        Cell::text(payment.state.status())
    }),
    data(date("return_date", "returned on", |payment, _| {
        Cell::on(payment.state.returned().map(|(date, _)| date))
    })),
    data(text(
        "return_reason",
        "reason of the return",
        |payment, _| Cell::maybe(payment.state.returned().map(|(_, reason)| reason)),
    )),
    minor(text("replaces", "replaces", |payment, _| {
        Cell::maybe(payment.replaces)
    })),
    minor(text("bank_line", "bank line", |payment, _| {
        Cell::maybe(payment.bank_line)
    })),
];

/// Makes the row of a balance.
pub fn balance(balance: &HolderBalance) -> Vec<Cell> {
    row(BALANCES, balance, Pii::Masked)
}

/// Describes a portfolio.
pub fn record(portfolio: &Portfolio) -> Record {
    Record::of(PORTFOLIO, portfolio, Pii::Masked)
        .with(Table::of(
            "holdings",
            HOLDINGS,
            &portfolio.holdings,
            Pii::Masked,
        ))
        .with(Table::of("totals", TOTALS, &portfolio.totals, Pii::Masked))
        .with(Table::of("events", EVENTS, &portfolio.events, Pii::Masked))
        .with(Table::of(
            "payments",
            PAYMENTS,
            &portfolio.payments,
            Pii::Masked,
        ))
}
