//! Events and allocations as rows, and the explanation of one allocation.

use std::rc::Rc;

use super::{Cell, Column, Columns, Record, Table, column, data, summed};
use crate::domain::{
    allocation::{Allocation, ExactShare},
    event::{Event, EventState},
    payment::Payment,
    withdrawal::Withdrawal,
};

/// The columns of events.
pub const COLUMNS: Columns = &[
    data("id"),
    column("code", "event"),
    column("project", "project").minor(),
    column("event_type", "type").minor(),
    data("title"),
    data("description"),
    column("currency", "currency"),
    summed("total_amount", "total").key(),
    data("unit"),
    column("distribution_date", "date"),
    data("record_date"),
    column("status", "status").key(),
    data("snapshot_date"),
    data("snapshot_total_lp_tokens"),
    data("snapshot_nav"),
    data("calculation_hash"),
    data("total_allocated"),
    summed("total_withdrawn", "paid"),
    summed("total_pending", "pending"),
    summed("total_available", "available"),
    data("created_by"),
    data("approved_by"),
    data("approved_at"),
    data("completed_at"),
    data("cancelled_by"),
    data("cancelled_at"),
    data("cancellation_reason"),
    data("created_at"),
    data("updated_at"),
];

/// The columns of allocations.
pub const ALLOCATIONS: Columns = &[
    data("id"),
    data("event"),
    column("holder", "holder"),
    column("holder_name", "name"),
    summed("lp_tokens_held", "tokens").minor(),
    summed("ownership_percentage", "ownership %").minor(),
    summed("allocated_amount", "allocated"),
    summed("withdrawn_amount", "paid"),
    summed("pending_amount", "pending").key(),
    summed("available_amount", "available").key(),
    column("status", "status").key(),
];

const HEADINGS: &[(&str, &str)] = &[
    ("title", "title"),
    ("description", "description"),
    ("unit", "allocation unit"),
    ("record_date", "record date"),
    ("snapshot_total_lp_tokens", "tokens outstanding"),
    ("snapshot_nav", "NAV"),
    ("calculation_hash", "calculation hash"),
    ("total_allocated", "allocated"),
    ("created_by", "created by"),
    ("approved_by", "approved by"),
    ("approved_at", "approved at"),
    ("completed_at", "completed at"),
    ("cancelled_by", "cancelled by"),
    ("cancelled_at", "cancelled at"),
    ("cancellation_reason", "reason"),
];

/// Describes an event.
pub fn cells(event: &Event) -> Vec<Cell> {
    let money = |amount| Cell::money(amount, event.currency);
    let calculation = event.state.calculation();
    let approval = event.state.approval();
    let completed_at = match &event.state {
        EventState::Completed(_, _, at) => Some(*at),
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Active(..)
        | EventState::Cancelled { .. } => None,
    };
    let cancelled = match &event.state {
        EventState::Cancelled { by, at, reason, .. } => Some((by, *at, reason)),
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Active(..)
        | EventState::Completed(..) => None,
    };
    vec![
        Cell::text(event.event.id),
        Cell::text(&event.event.code),
        Cell::text(&event.project.code),
        Cell::text(event.event_type),
        Cell::text(&event.title),
        Cell::maybe(event.description.as_ref()),
        Cell::text(event.currency),
        money(event.total_amount),
        money(event.unit),
        Cell::Date(event.distribution_date),
        Cell::Date(event.record_date),
        Cell::text(event.status()),
        Cell::on(calculation.map(|known| known.snapshot_date)),
        calculation.map_or(Cell::Empty, |known| Cell::tokens(known.total_tokens)),
        calculation
            .and_then(|known| known.nav)
            .map_or(Cell::Empty, money),
        Cell::maybe(calculation.map(|known| &known.hash)),
        money(event.balance.allocated()),
        money(event.balance.withdrawn()),
        money(event.balance.pending()),
        money(event.balance.available()),
        Cell::text(&event.created_by.code),
        Cell::maybe(approval.map(|step| &step.by.code)),
        Cell::at(approval.map(|step| step.at)),
        Cell::at(completed_at),
        Cell::maybe(cancelled.map(|(by, _, _)| &by.code)),
        Cell::at(cancelled.map(|(_, at, _)| at)),
        Cell::maybe(cancelled.map(|(_, _, reason)| reason)),
        Cell::Instant(event.created_at),
        Cell::Instant(event.updated_at),
    ]
}

/// Describes an event as a single thing: all that is known.
pub fn record(event: &Event) -> Record {
    let mut record = Record::of(COLUMNS, cells(event));
    super::show(&mut record, HEADINGS);
    record
}

/// Describes a calculated event, with the number of holders.
pub fn calculated(event: &Event, holders: u64) -> Record {
    let mut record = record(event);
    record
        .fields
        .push((column("holders", "holders"), Cell::count(holders)));
    record
}

/// Describes an allocation of an event.
pub fn allocation((allocation, event): &(Allocation, Rc<Event>)) -> Vec<Cell> {
    let money = |amount| Cell::money(amount, event.currency);
    vec![
        Cell::text(allocation.id),
        Cell::words(allocation.event.code.as_str()),
        Cell::words(allocation.holder.code.as_str()),
        Cell::words(&allocation.holder_name),
        Cell::tokens(allocation.tokens),
        Cell::Percent(allocation.percentage),
        money(allocation.balance.allocated()),
        money(allocation.balance.withdrawn()),
        money(allocation.balance.pending()),
        money(allocation.balance.available()),
        Cell::words(allocation.balance.status().as_str()),
    ]
}

const REQUESTS: Columns = &[
    column("code", "withdrawal"),
    summed("requested_amount", "requested"),
    column("status", "status").key(),
    column("requested_by", "requested by"),
    column("approved_by", "approved by"),
    column("updated_at", "since"),
];

const PAYMENTS: Columns = &[
    column("code", "payment"),
    column("withdrawal", "withdrawal").minor(),
    summed("amount", "paid"),
    column("reference", "reference"),
    column("payment_date", "value date"),
    column("status", "status").key(),
    column("bank_line", "bank line"),
];

/// Explains an allocation: how it follows from the snapshot, and what became of it.
pub fn explanation(
    event: &Event,
    allocation: &Allocation,
    part: ExactShare,
    found: (&[Withdrawal], &[Payment]),
) -> Record {
    let money = |amount| Cell::money(amount, event.currency);
    let total = event.state.calculation().map(|known| known.total_tokens);
    let unit = event.unit.units();
    // The floor is at most the event's total, which is in range.
    let floor = part
        .floor
        .checked_mul(unit)
        .and_then(crate::domain::quantity::Amount::from_units);
    let exact = total.map(|total| {
        format!(
            "{} × {} ÷ {}",
            event.total_amount.grouped(event.currency.decimals()),
            allocation.tokens.grouped(0),
            total.grouped(0)
        )
    });
    let fields = vec![
        (column("event", "event"), Cell::text(&event.event.code)),
        (
            column("holder", "holder"),
            Cell::text(&allocation.holder.code),
        ),
        (
            column("holder_name", "name"),
            Cell::text(&allocation.holder_name),
        ),
        (column("currency", "currency"), Cell::text(event.currency)),
        (
            column("record_date", "record date"),
            Cell::Date(event.record_date),
        ),
        (
            column("lp_tokens_held", "tokens held"),
            Cell::tokens(allocation.tokens),
        ),
        (
            column("snapshot_total_lp_tokens", "tokens outstanding"),
            total.map_or(Cell::Empty, Cell::tokens),
        ),
        (
            column("ownership_percentage", "ownership %"),
            Cell::Percent(allocation.percentage),
        ),
        (
            column("total_amount", "event total"),
            money(event.total_amount),
        ),
        (column("unit", "allocation unit"), money(event.unit)),
        (column("exact_share", "exact share"), Cell::maybe(exact)),
        (
            column("floor_amount", "whole units of it"),
            floor.map_or(Cell::Empty, money),
        ),
        (column("remainder", "remainder"), remainder(part, total)),
        (
            column("spare_unit", "spare unit given"),
            Cell::Flag(part.spare),
        ),
        (
            column("allocated_amount", "allocated"),
            money(allocation.balance.allocated()),
        ),
        (
            column("withdrawn_amount", "paid"),
            money(allocation.balance.withdrawn()),
        ),
        (
            column("pending_amount", "pending"),
            money(allocation.balance.pending()),
        ),
        (
            column("available_amount", "available"),
            money(allocation.balance.available()),
        ),
    ];
    let requests = found.0.iter().map(request).collect();
    let payments = found.1.iter().map(payment).collect();
    Record {
        fields,
        tables: vec![
            table("withdrawals", REQUESTS, requests),
            table("payments", PAYMENTS, payments),
        ],
    }
}

/// The fraction of a unit that is left, over all tokens, both in ten-millionths of a token.
fn remainder(part: ExactShare, total: Option<crate::domain::quantity::Tokens>) -> Cell {
    Cell::maybe(total.map(|total| format!("{}/{} of a unit", part.remainder, total.units())))
}

fn table(name: &'static str, columns: &'static [Column], rows: Vec<Vec<Cell>>) -> Table {
    Table {
        name,
        columns,
        rows,
    }
}

fn request(withdrawal: &Withdrawal) -> Vec<Cell> {
    vec![
        Cell::text(withdrawal.number),
        Cell::money(withdrawal.amount, withdrawal.currency),
        Cell::text(withdrawal.status()),
        Cell::text(&withdrawal.requested_by.code),
        Cell::maybe(withdrawal.state.approval().map(|step| &step.by.code)),
        Cell::Instant(withdrawal.updated_at()),
    ]
}

fn payment(payment: &Payment) -> Vec<Cell> {
    vec![
        Cell::text(payment.number),
        Cell::text(payment.withdrawal),
        Cell::money(payment.facts.amount, payment.currency),
        Cell::text(&payment.facts.reference),
        Cell::Date(payment.facts.date),
        Cell::text(payment.state.status()),
        Cell::maybe(payment.bank_line),
    ]
}
