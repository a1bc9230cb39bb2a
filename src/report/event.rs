//! Events and allocations as rows, and the explanation of one allocation.

use std::rc::Rc;

use super::{
    cell::{Cell, Pii},
    column::Column,
    exclusion::EXCLUDED,
    field::{
        Field, columns, count, data, date, detail, flag, instant, key, minor, money, percent, row,
        summed, text, tokens,
    },
    record::{Record, Table},
};
use crate::domain::{
    allocation::{Allocation, Balance},
    event::{
        Calculation, CalculationFigures, Event, EventDetail, EventState, Everybody, ExcludedRow,
    },
    explanation::AllocationExplanation,
    id::UserRef,
    payment::Payment,
    quantity::{Amount, Tokens},
    time::Instant,
    withdrawal::Withdrawal,
};

/// The fields of an event.
pub const FIELDS: &[Field<Event>] = &[
    data(text("id", "UUID", |event, _| Cell::text(event.event.id))),
    text("code", "event", |event, _| Cell::text(&event.event.code)),
    minor(text("project", "project", |event, _| {
        Cell::text(&event.project.code)
    })),
    minor(text("event_type", "type", |event, _| {
        Cell::text(event.event_type)
    })),
    detail(text("title", "title", |event, _| Cell::text(&event.title))),
    detail(text("description", "description", |event, _| {
        Cell::maybe(event.description.as_ref())
    })),
    text("currency", "currency", |event, _| {
        Cell::text(event.currency)
    }),
    key(summed(money("total_amount", "total", |event, _| {
        Cell::money(event.total_amount, event.currency)
    }))),
    detail(money("unit", "allocation unit", |event, _| {
        Cell::money(event.unit, event.currency)
    })),
    date("distribution_date", "date", |event, _| {
        Cell::Date(event.distribution_date)
    }),
    detail(date("record_date", "record date", |event, _| {
        Cell::Date(event.record_date)
    })),
    key(text("status", "status", |event, _| {
        Cell::text(event.status())
    })),
    data(date("snapshot_date", "date of the snapshot", |event, _| {
        Cell::on(
            event
                .state
                .calculation()
                .map(|calculation| calculation.snapshot_date),
        )
    })),
    detail(tokens(
        "snapshot_total_lp_tokens",
        "tokens outstanding",
        |event, _| total_tokens(event).map_or(Cell::Empty, Cell::tokens),
    )),
    detail(money("snapshot_nav", "NAV", |event, _| {
        let nav = event
            .state
            .calculation()
            .and_then(|calculation| calculation.nav);
        Cell::signed(nav.map(Into::into), event.currency)
    })),
    detail(text("calculation_hash", "calculation hash", |event, _| {
        Cell::maybe(
            event
                .state
                .calculation()
                .map(|calculation| &calculation.hash),
        )
    })),
    detail(money("total_allocated", "allocated", |event, _| {
        Cell::money(event.balance.allocated(), event.currency)
    })),
    summed(money("total_withdrawn", "paid", |event, _| {
        Cell::money(event.balance.withdrawn(), event.currency)
    })),
    summed(money("total_pending", "pending", |event, _| {
        Cell::money(event.balance.pending(), event.currency)
    })),
    summed(money("total_available", "available", |event, _| {
        Cell::money(event.balance.available(), event.currency)
    })),
    detail(text("created_by", "created by", |event, _| {
        Cell::text(&event.created_by.code)
    })),
    detail(text("approved_by", "approved by", |event, _| {
        Cell::maybe(event.state.approval().map(|approval| &approval.by.code))
    })),
    detail(instant("approved_at", "approved at", |event, _| {
        Cell::at(event.state.approval().map(|approval| approval.at))
    })),
    detail(instant("completed_at", "completed at", |event, _| {
        Cell::at(completed_at(&event.state))
    })),
    detail(text("cancelled_by", "cancelled by", |event, _| {
        Cell::maybe(cancellation(&event.state).map(|cancelled| &cancelled.by.code))
    })),
    detail(instant("cancelled_at", "cancelled at", |event, _| {
        Cell::at(cancellation(&event.state).map(|cancelled| cancelled.at))
    })),
    detail(text("cancellation_reason", "reason", |event, _| {
        Cell::maybe(cancellation(&event.state).map(|cancelled| cancelled.reason))
    })),
    data(instant("created_at", "created at", |event, _| {
        Cell::Instant(event.created_at)
    })),
    data(instant("updated_at", "changed at", |event, _| {
        Cell::Instant(event.updated_at)
    })),
    detail(money("total_tax", "tax", |event, _| {
        Cell::money(event.balance.tax(), event.currency)
    })),
    detail(money("total_net", "net", |event, _| {
        Cell::money(event.balance.net(), event.currency)
    })),
    detail(money(
        "total_brought_forward",
        "brought forward",
        |event, _| Cell::money(event.balance.brought_forward(), event.currency),
    )),
    detail(money(
        "total_carried_forward",
        "carried forward",
        |event, _| Cell::money(event.balance.carried_forward(), event.currency),
    )),
    detail(money("minimum_payout", "minimum payout", |event, _| {
        Cell::money(event.minimum, event.currency)
    })),
    detail(money("total_retained", "retained", |event, _| {
        Cell::money(event.retained, event.currency)
    })),
    detail(tokens(
        "counted_lp_tokens",
        "tokens that count",
        |event, _| {
            let calculation = event.state.calculation();
            calculation.map_or(Cell::Empty, |known| Cell::tokens(known.counted_tokens))
        },
    )),
];

/// The fields that a calculation and an approval add.
pub(super) const CALCULATED: &[Field<CalculationFigures>] = &[
    count("holders", "holders", |of, _| Cell::count(of.holders)),
    count("holders_without_money", "holders without money", |of, _| {
        Cell::count(of.holders_without_money)
    }),
    text("amount_per_token", "amount per token", |of, _| {
        Cell::text(&of.amount_per_token)
    }),
    text("last_event", "last approved event", |of, _| {
        Cell::maybe(of.last_event.as_ref())
    }),
    tokens(
        "last_total_lp_tokens",
        "tokens outstanding then",
        |of, _| of.last_tokens.map_or(Cell::Empty, Cell::tokens),
    ),
    text("lp_tokens_change", "change of tokens since", |of, _| {
        Cell::maybe(of.tokens_change.map(|change| change.plain(0)))
    }),
];

/// The fields of an allocation of an event.
pub const ALLOCATIONS: &[Field<(Allocation, Rc<Event>)>] = &[
    data(text("id", "UUID", |(of, _), _| Cell::text(of.id))),
    data(text("event", "event", |(of, _), _| {
        Cell::words(of.event.code.as_str())
    })),
    text("holder", "holder", |(of, _), _| {
        Cell::words(of.holder.code.as_str())
    }),
    text("holder_name", "name", |(of, _), _| {
        Cell::words(&of.holder_name)
    }),
    minor(summed(tokens("lp_tokens_held", "tokens", |(of, _), _| {
        Cell::tokens(of.tokens)
    }))),
    minor(summed(percent(
        "ownership_percentage",
        "ownership %",
        |(of, _), _| Cell::Percent(of.percentage),
    ))),
    summed(money("allocated_amount", "allocated", |(of, event), _| {
        Cell::money(of.balance.allocated(), event.currency)
    })),
    summed(money("withdrawn_amount", "paid", |(of, event), _| {
        Cell::money(of.balance.withdrawn(), event.currency)
    })),
    key(summed(money(
        "pending_amount",
        "pending",
        |(of, event), _| Cell::money(of.balance.pending(), event.currency),
    ))),
    key(summed(money(
        "available_amount",
        "available",
        |(of, event), _| Cell::money(of.balance.available(), event.currency),
    ))),
    key(text("status", "status", |(of, _), _| {
        Cell::words(of.balance.status().as_str())
    })),
    data(summed(money("tax_amount", "tax", |(of, event), _| {
        Cell::money(of.balance.tax(), event.currency)
    }))),
    data(summed(money("net_amount", "net", |(of, event), _| {
        Cell::money(of.balance.net(), event.currency)
    }))),
    data(summed(money(
        "brought_forward_amount",
        "brought forward",
        |(of, event), _| Cell::money(of.balance.brought_forward(), event.currency),
    ))),
    data(summed(money(
        "carried_forward_amount",
        "carried forward",
        |(of, event), _| Cell::money(of.balance.carried_forward(), event.currency),
    ))),
    data(summed(money(
        "assigned_amount",
        "assigned",
        |(of, event), _| Cell::money(of.assigned, event.currency),
    ))),
];

/// What became of the part of an excluded holder.
const FATE: &[Field<ExcludedRow>] = &[
    key(text("policy", "part", |of, _| {
        Cell::text(of.excluded.policy.kind())
    })),
    minor(text("assign_to", "assigned to", |of, _| {
        Cell::maybe(of.excluded.policy.assign_to().map(|to| &to.code))
    })),
    minor(text("reason", "reason", |of, _| {
        Cell::words(&of.excluded.reason)
    })),
    key(money("part", "would be", |of, _| {
        Cell::money(of.part, of.event.currency)
    })),
];

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
    percent("ownership_percentage", "ownership %", |of, _| {
        Cell::Percent(of.allocation.percentage)
    }),
    money("total_amount", "event total", |of, _| {
        Cell::money(of.event.total_amount, of.event.currency)
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
        Cell::Flag(of.part.spare)
    }),
    money("allocated_amount", "allocated", |of, _| {
        Cell::money(of.allocation.balance.allocated(), of.event.currency)
    }),
    money("tax_amount", "tax", |of, _| {
        Cell::money(of.allocation.balance.tax(), of.event.currency)
    }),
    money("net_amount", "net", |of, _| {
        Cell::money(of.allocation.balance.net(), of.event.currency)
    }),
    money("brought_forward_amount", "brought forward", |of, _| {
        Cell::money(of.allocation.balance.brought_forward(), of.event.currency)
    }),
    money("minimum_payout", "minimum payout", |of, _| {
        Cell::money(of.event.minimum, of.event.currency)
    }),
    money("carried_forward_amount", "carried forward", |of, _| {
        Cell::money(of.allocation.balance.carried_forward(), of.event.currency)
    }),
    money("withdrawn_amount", "paid", |of, _| {
        Cell::money(of.allocation.balance.withdrawn(), of.event.currency)
    }),
    money("pending_amount", "pending", |of, _| {
        Cell::money(of.allocation.balance.pending(), of.event.currency)
    }),
    money("available_amount", "available", |of, _| {
        Cell::money(of.allocation.balance.available(), of.event.currency)
    }),
];

/// The fields of a request in an explanation.
pub(super) const REQUESTS: &[Field<Withdrawal>] = &[
    text("code", "withdrawal", |w, _| Cell::text(w.number)),
    summed(money("requested_amount", "requested", |w, _| {
        Cell::money(w.amount, w.currency)
    })),
    key(text("status", "status", |w, _| Cell::text(w.status()))),
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
    key(text("status", "status", |payment, _| {
        Cell::text(payment.state.status())
    })),
    text("bank_line", "bank line", |payment, _| {
        Cell::maybe(payment.bank_line)
    }),
];

/// Who cancelled an event, when and why.
struct Cancellation<'a> {
    by: &'a UserRef,
    at: Instant,
    reason: &'a str,
}

fn cancellation(state: &EventState) -> Option<Cancellation<'_>> {
    match state {
        EventState::Cancelled { by, at, reason, .. } => Some(Cancellation {
            by,
            at: *at,
            reason,
        }),
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Active(..)
        | EventState::Completed(..) => None,
    }
}

fn completed_at(state: &EventState) -> Option<Instant> {
    match state {
        EventState::Completed(_, _, at) => Some(*at),
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Active(..)
        | EventState::Cancelled { .. } => None,
    }
}

fn total_tokens(event: &Event) -> Option<Tokens> {
    event
        .state
        .calculation()
        .map(|calculation: &Calculation| calculation.total_tokens)
}

/// Writes the exact share as a fraction.
fn exact_share(of: &AllocationExplanation) -> Option<String> {
    let total = total_tokens(&of.event)?;
    Some(format!(
        "{} × {} ÷ {}",
        of.event.total_amount.grouped(of.event.currency.decimals()),
        of.allocation.tokens.grouped(0),
        total.grouped(0)
    ))
}

/// Returns the whole units of the exact share as money.
fn floor_amount(of: &AllocationExplanation) -> Option<Amount> {
    // The floor is at most the event's total, which is in range.
    of.part
        .floor
        .checked_mul(of.event.unit.units())
        .and_then(Amount::from_units)
}

/// Writes the fraction of a unit that is left, over all tokens, both in ten-millionths of a token.
fn remainder(of: &AllocationExplanation) -> Option<String> {
    let total = total_tokens(&of.event)?;
    Some(format!("{}/{} of a unit", of.part.remainder, total.units()))
}

/// Makes the row of an event.
pub fn cells(event: &Event) -> Vec<Cell> {
    row(FIELDS, event, Pii::Masked)
}

/// The fields that a plain event does not use.
const UNUSED: &[&str] = &[
    "total_tax",
    "total_net",
    "total_brought_forward",
    "total_carried_forward",
    "tax_amount",
    "net_amount",
    "brought_forward_amount",
    "carried_forward_amount",
    "minimum_payout",
];

/// The fields that an event uses only if it excludes holders.
const OF_EXCLUSIONS: &[&str] = &["total_retained", "counted_lp_tokens"];

/// Hides what is not used: no tax, no minimum, nothing brought or carried forward.
fn used(record: Record, balance: Balance, minimum: Amount) -> Record {
    let amounts = [
        balance.tax(),
        balance.brought_forward(),
        balance.carried_forward(),
        minimum,
    ];
    if amounts.into_iter().all(Amount::is_zero) {
        record.hide(UNUSED)
    } else {
        record
    }
}

/// Describes a single event.
pub fn record(event: &Event) -> Record {
    let record = Record::of(FIELDS, event, Pii::Masked);
    let calculation = event.state.calculation();
    let all_count = calculation.is_none_or(|known| known.counted_tokens == known.total_tokens);
    let record = if all_count && event.retained.is_zero() {
        record.hide(OF_EXCLUSIONS)
    } else {
        record
    };
    used(record, event.balance, event.minimum)
}

/// Describes a calculated event, with what its calculation gives.
pub fn calculated(of: &EventDetail, figures: &CalculationFigures) -> Record {
    with_excluded(record(&of.event).and(CALCULATED, figures, Pii::Masked), of)
}

/// Describes a single event with what its calculation froze.
pub fn shown(of: &EventDetail) -> Record {
    with_excluded(record(&of.event), of)
}

/// Lists the excluded holders, if there are any.
fn with_excluded(record: Record, of: &EventDetail) -> Record {
    let currency = of.event.currency;
    let excluded = of.excluded.iter().map(|one| (one.clone(), currency));
    let excluded: Vec<_> = excluded.collect();
    record.with_list(Table::of("exclusions", EXCLUDED, &excluded, Pii::Masked))
}

/// Makes the row of an allocation.
pub fn allocation(allocation: &(Allocation, Rc<Event>)) -> Vec<Cell> {
    row(ALLOCATIONS, allocation, Pii::Masked)
}

/// Returns the columns of a list of everybody: those of allocations, and what became of the parts of
/// the excluded.
pub fn everybody_columns() -> Vec<Column> {
    let own = FATE.iter().map(Field::column);
    columns(ALLOCATIONS).into_iter().chain(own).collect()
}

/// Makes the row of an allocation or of an excluded holder.
pub fn everybody(of: &Everybody) -> Vec<Cell> {
    match of {
        Everybody::Allocated(allocation) => {
            let nothing = FATE.iter().map(|_| Cell::Empty);
            self::allocation(allocation)
                .into_iter()
                .chain(nothing)
                .collect()
        }
        Everybody::Excluded(excluded) => {
            let of_allocation = ALLOCATIONS
                .iter()
                .map(|field| excluded_cell(field.column().field, excluded));
            of_allocation
                .chain(row(FATE, excluded, Pii::Masked))
                .collect()
        }
    }
}

/// Makes the cell of an excluded holder among those of allocations.
fn excluded_cell(field: &str, of: &ExcludedRow) -> Cell {
    match field {
        "event" => Cell::words(of.event.event.code.as_str()),
        "holder" => Cell::words(of.excluded.holder.code.as_str()),
        "holder_name" => Cell::words(&of.name),
        "lp_tokens_held" => Cell::tokens(of.excluded.tokens),
        "ownership_percentage" => Cell::Percent(of.excluded.percentage),
        "allocated_amount" => Cell::money(Amount::ZERO, of.event.currency),
        "status" => Cell::words("excluded"),
        _ => Cell::Empty,
    }
}

/// Explains an allocation: how it follows from the snapshot, and what became of it.
pub fn explanation(of: &AllocationExplanation) -> Record {
    let record = Record::of(EXPLANATION, of, Pii::Masked);
    used(record, of.allocation.balance, of.event.minimum)
        .with(Table::of(
            "withdrawals",
            REQUESTS,
            &of.withdrawals,
            Pii::Masked,
        ))
        .with(Table::of("payments", PAYMENTS, &of.payments, Pii::Masked))
}
