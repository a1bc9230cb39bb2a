//! Events as rows, and what a calculation gives.

use super::{
    cell::{Cell, Pii},
    exclusion::EXCLUDED,
    field::{
        Field, count, data, date, detail, flag, instant, key, minor, money, row, summed, text,
        tokens, uncounting, used,
    },
    proceeds::{
        COMPONENTS, DEDUCTIONS, component_rows, deduction_rows, deductions_total, per_token,
    },
    record::{Record, Table},
};
use crate::domain::{
    allocation::Balance,
    currency::Currency,
    event::{Basis, Calculation, CalculationFigures, Event, EventDetail, EventState, EventStatus},
    id::UserRef,
    quantity::{Amount, Tokens},
    time::Instant,
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
        Cell::signed(event.total.amount().map(Into::into), event.currency)
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
    uncounting(
        key(text("status", "status", |event, _| {
            Cell::text(event.status())
        })),
        &["cancelled"],
    ),
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
    detail(money("gross_proceeds", "gross proceeds", |event, _| {
        let gross = event.total.basis().gross();
        Cell::signed(gross.map(Into::into), event.currency)
    })),
    detail(money("deductions_total", "deductions", |event, _| {
        Cell::signed(deductions_total(event), event.currency)
    })),
    used(summed(money("total_retained", "retained", |event, _| {
        Cell::money(event.retained, event.currency)
    }))),
    used(summed(money("total_tax", "tax", |event, _| {
        Cell::money(event.balance.tax(), event.currency)
    }))),
    detail(money("total_net", "net", |event, _| {
        Cell::money(event.balance.net(), event.currency)
    })),
    used(summed(money(
        "total_brought_forward",
        "brought forward",
        |event, _| Cell::money(event.balance.brought_forward(), event.currency),
    ))),
    used(summed(money(
        "total_carried_forward",
        "carried forward",
        |event, _| Cell::money(event.balance.carried_forward(), event.currency),
    ))),
    detail(money("rate_per_unit", "rate per token", |event, _| {
        let rate = event.total.basis().rate();
        Cell::signed(rate.map(|rate| rate.per_token.into()), event.currency)
    })),
    detail(text("rounding", "rounding", |event, _| {
        Cell::maybe(event.total.basis().rate().map(|rate| rate.rounding))
    })),
    detail(money("minimum_payout", "minimum payout", |event, _| {
        Cell::money(event.minimum, event.currency)
    })),
    detail(text("tax_profile", "tax profile", |event, _| {
        Cell::maybe(event.state.tax_profile().map(|profile| &profile.name))
    })),
    detail(text("tax_exempt_reason", "exempt from tax", |event, _| {
        Cell::maybe(event.tax_exempt.as_ref())
    })),
    detail(money("amount_per_token", "gross per token", |event, _| {
        Cell::signed(per_token(event), event.currency)
    })),
    detail(count("holders", "holders", |event, _| {
        let calculation = event.state.calculation();
        calculation.map_or(Cell::Empty, |known| Cell::count(known.holders))
    })),
    detail(count(
        "holders_without_money",
        "holders without money",
        |event, _| {
            let calculation = event.state.calculation();
            calculation.map_or(Cell::Empty, |known| {
                Cell::count(known.holders_without_money)
            })
        },
    )),
    detail(tokens(
        "counted_lp_tokens",
        "tokens that count",
        |event, _| {
            let calculation = event.state.calculation();
            calculation.map_or(Cell::Empty, |known| Cell::tokens(known.counted_tokens))
        },
    )),
    data(flag("imported", "imported", |event, _| {
        Cell::flag(Some(event.is_imported()))
    })),
    detail(text("import_proposal", "imported with", |event, _| {
        Cell::maybe(event.history)
    })),
];

/// What a calculation or an approval gives, with its event.
pub(super) struct Figures {
    currency: Currency,
    figures: CalculationFigures,
}

/// The fields that a calculation and an approval add.
pub(super) const CALCULATED: &[Field<Figures>] = &[
    used(money(
        "brought_forward_amount",
        "brought forward",
        |of, _| Cell::money(of.figures.carrying.brought, of.currency),
    )),
    used(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| Cell::money(of.figures.carrying.carried, of.currency),
    )),
    money("payable_amount", "payable", |of, _| {
        Cell::money(of.figures.carrying.payable, of.currency)
    }),
    text("last_event", "last approved event", |of, _| {
        Cell::maybe(of.figures.last_event.as_ref())
    }),
    tokens(
        "last_total_lp_tokens",
        "tokens outstanding then",
        |of, _| of.figures.last_tokens.map_or(Cell::Empty, Cell::tokens),
    ),
    text("lp_tokens_change", "change of tokens since", |of, _| {
        Cell::maybe(of.figures.tokens_change.map(|change| change.plain(0)))
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

pub(super) fn total_tokens(event: &Event) -> Option<Tokens> {
    event
        .state
        .calculation()
        .map(|calculation: &Calculation| calculation.total_tokens)
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
    "payable_amount",
    "minimum_payout",
];

/// The fields that an event with an amount of its own does not use.
const UNUSED_OF_AMOUNT: &[&str] = &[
    "gross_proceeds",
    "deductions_total",
    "rate_per_unit",
    "rounding",
    "exact_product",
];

/// Hides what is not used: no tax, no minimum, nothing brought or carried forward, and no proceeds
/// or rate.
pub(super) fn without_unused(record: Record, event: &Event, balance: Balance) -> Record {
    let record = match event.total.basis() {
        Basis::Amount(_) => record.hide(UNUSED_OF_AMOUNT),
        Basis::Proceeds(_) => record.hide(&["rate_per_unit", "rounding", "exact_product"]),
        Basis::Rate(_, Some(_)) => record,
        Basis::Rate(_, None) => record.hide(&["gross_proceeds", "deductions_total"]),
    };
    let minimum = event.minimum;
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

/// The order in which people see an event: from the proceeds to what is paid.
const ORDER: &[&str] = &[
    "code",
    "project",
    "event_type",
    "title",
    "description",
    "status",
    "currency",
    "gross_proceeds",
    "deductions_total",
    "total_amount",
    "rate_per_unit",
    "rounding",
    "unit",
    "distribution_date",
    "record_date",
    "snapshot_total_lp_tokens",
    "counted_lp_tokens",
    "amount_per_token",
    "holders",
    "holders_without_money",
    "total_retained",
    "total_allocated",
    "tax_profile",
    "tax_exempt_reason",
    "total_tax",
    "total_net",
    "total_brought_forward",
    "brought_forward_amount",
    "minimum_payout",
    "total_carried_forward",
    "carried_forward_amount",
    "payable_amount",
    "total_withdrawn",
    "total_pending",
    "total_available",
    "last_event",
    "last_total_lp_tokens",
    "lp_tokens_change",
    "snapshot_nav",
    "calculation_hash",
];

/// Names what people need not see of an event: nothing is allocated of a draft, and nothing is owed of
/// what is not approved or was cancelled.
const fn unseen(status: EventStatus) -> &'static [&'static str] {
    match status {
        EventStatus::Draft => &[
            "total_allocated",
            "total_net",
            "total_withdrawn",
            "total_pending",
            "total_available",
        ],
        EventStatus::Calculated | EventStatus::Cancelled => {
            &["total_withdrawn", "total_pending", "total_available"]
        }
        EventStatus::Active | EventStatus::Completed => &[],
    }
}

/// Describes a single event.
pub fn record(event: &Event) -> Record {
    let calculation = event.state.calculation();
    let mut unused = unseen(event.status()).to_vec();
    if calculation.is_none_or(|known| known.counted_tokens == known.total_tokens) {
        unused.push("counted_lp_tokens");
    }
    if event.state.tax_profile().is_none() {
        unused.push("tax_profile");
    }
    if event.tax_exempt.is_none() {
        unused.push("tax_exempt_reason");
    }
    if calculation.is_none() {
        unused.extend(["holders", "holders_without_money"]);
    }
    let record = Record::of(FIELDS, event, Pii::Masked).hide(&unused);
    without_unused(record, event, event.balance).in_order(ORDER)
}

/// Describes a calculated event, with what its calculation gives.
pub fn calculated(of: &EventDetail, figures: &CalculationFigures) -> Record {
    let event = &of.event;
    let figures = Figures {
        currency: event.currency,
        figures: figures.clone(),
    };
    let carrying = figures.figures.carrying;
    let plain = [carrying.brought, carrying.carried, event.balance.tax()];
    let unused: &[&str] = if plain.iter().all(|amount| amount.is_zero()) {
        &["payable_amount"]
    } else {
        &["total_brought_forward", "total_carried_forward"]
    };
    let record = record(event).and(CALCULATED, &figures, Pii::Masked);
    with_lists(record.hide(unused), of)
}

/// Describes a single event with what its calculation froze.
pub fn shown(of: &EventDetail) -> Record {
    with_lists(record(&of.event), of)
}

/// Adds the deductions, the components and the excluded holders.
fn with_lists(record: Record, of: &EventDetail) -> Record {
    let deductions = deduction_rows(&of.event, &of.deductions);
    let components = component_rows(&of.event, &of.components);
    let currency = of.event.currency;
    let excluded = of.excluded.iter().map(|one| (one.clone(), currency));
    let excluded: Vec<_> = excluded.collect();
    record
        .with_list(Table::of(
            "deductions",
            DEDUCTIONS,
            &deductions,
            Pii::Masked,
        ))
        .with_list(Table::of(
            "components",
            COMPONENTS,
            &components,
            Pii::Masked,
        ))
        .with_list(Table::of("exclusions", EXCLUDED, &excluded, Pii::Masked))
}
