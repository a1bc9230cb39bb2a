//! A statement of holder: balances and movements.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, date, key, minor, money, text, used},
    record::{Record, Table},
};
use crate::domain::{
    holder_statement::{CurrencyBalance, DayBasis, HolderMovement, HolderStatement, MovementKind},
    journal::Allotted,
    quantity::Amount,
    signed::Signed,
};

/// The fields of a statement.
pub(super) const FIELDS: &[Field<HolderStatement>] = &[
    text("holder", "holder", |statement, _| {
        Cell::text(&statement.holder.code)
    }),
    text("holder_name", "name", |statement, _| {
        Cell::text(&statement.name)
    }),
    date("date_from", "from", |statement, _| Cell::on(statement.from)),
    date("date_to", "to", |statement, _| Cell::Date(statement.to)),
    text("by", "by", |statement, _| {
        Cell::words(statement.basis.as_str())
    }),
    date("known_on", "known on", |statement, _| {
        Cell::on(statement.known.map(|known| known.day))
    }),
    count("known_entry", "up to audit entry", |statement, _| {
        let known = statement.known;
        known.map_or(Cell::Empty, |known| Cell::Count(known.entry))
    }),
];

/// The fields of the balances of a currency.
pub(super) const BALANCES: &[Field<CurrencyBalance>] = &[
    key(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    key(money("opening_balance", "opening", |of, _| {
        Cell::total(of.opening, of.currency)
    })),
    money("allocated_amount", "allocated", |of, _| {
        Cell::total(of.allocated, of.currency)
    }),
    minor(money("cancelled_amount", "cancelled", |of, _| {
        Cell::total(of.cancelled, of.currency)
    })),
    money("paid_amount", "paid", |of, _| {
        Cell::total(of.paid, of.currency)
    }),
    money("returned_amount", "returned", |of, _| {
        Cell::total(of.returned, of.currency)
    }),
    key(money("closing_balance", "closing", |of, _| {
        Cell::total(of.closing, of.currency)
    })),
    money("pending_amount", "of which pending", |of, _| {
        Cell::total(of.pending, of.currency)
    }),
    money("available_amount", "available", |of, _| {
        Cell::total(of.available, of.currency)
    }),
    used(money("tax_amount", "tax withheld", |of, _| {
        Cell::total(of.tax, of.currency)
    })),
    data(money("net_amount", "net", |of, _| {
        Cell::signed(of.net().map(Into::into), of.currency)
    })),
    used(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| Cell::total(of.carried_forward, of.currency),
    )),
    used(money("held_amount", "held", |of, _| {
        Cell::total(of.held, of.currency)
    })),
    used(money("written_off_amount", "written off", |of, _| {
        Cell::total(of.written_off, of.currency)
    })),
];

/// The fields of a movement.
pub(super) const MOVEMENTS: &[Field<HolderMovement>] = &[
    key(date("date", "date", |movement, _| {
        Cell::Date(movement.date)
    })),
    key(text("movement", "what", |movement, _| {
        Cell::text(movement.kind.as_str())
    })),
    text("event", "event", |movement, _| Cell::text(&movement.event)),
    minor(text("description", "description", |movement, _| {
        Cell::text(&movement.description)
    })),
    data(text("withdrawal", "withdrawal", |movement, _| {
        Cell::maybe(movement.withdrawal)
    })),
    minor(text("payment", "payment", |movement, _| {
        Cell::maybe(movement.payment)
    })),
    text("reference", "reference", |movement, _| {
        Cell::maybe(movement.reference.as_ref())
    }),
    date("value_date", "value date", |movement, _| {
        Cell::on(movement.value_date)
    }),
    key(text("currency", "currency", |movement, _| {
        Cell::text(movement.currency)
    })),
    key(money("amount", "amount", |movement, _| {
        Cell::Money(movement.amount, movement.currency)
    })),
    key(money("balance", "balance", |movement, _| {
        Cell::total(movement.balance, movement.currency)
    })),
    data(money("allocated_amount", "gross", |movement, _| {
        of_allotted(movement, |allotted| Some(allotted.gross))
    })),
    used(money("tax_amount", "tax withheld", |movement, _| {
        of_allotted(movement, |allotted| Some(allotted.tax))
    })),
    data(money("net_amount", "net", |movement, _| {
        of_allotted(movement, Allotted::net)
    })),
    used(minor(money(
        "forward_amount",
        "to forward balance",
        |movement, _| Cell::Money(movement.forward_amount, movement.currency),
    ))),
    data(date("recorded_on", "recorded on", |movement, _| {
        Cell::Date(movement.recorded_on)
    })),
];

/// Makes the cell of an amount of what an event allocated, or took back, with the sign of the
/// movement.
fn of_allotted(of: &HolderMovement, amount: fn(&Allotted) -> Option<Amount>) -> Cell {
    let amount = of.allotted.as_ref().and_then(amount).map(Signed::from);
    let signed = |amount: Signed| {
        if of.kind == MovementKind::Cancelled {
            amount.negated()
        } else {
            amount
        }
    };
    Cell::signed(amount.map(signed), of.currency)
}

/// Describes a statement. If tax was withheld, people see gross and net next to it.
pub fn record(statement: &HolderStatement) -> Record {
    let mut balances = Table::of("balances", BALANCES, &statement.balances, Pii::Masked);
    let mut movements = Table::of("movements", MOVEMENTS, &statement.movements, Pii::Masked);
    if statement.balances.iter().any(|of| !of.tax.is_zero()) {
        balances = balances.show(&["net_amount"]);
        movements = movements.show(&["allocated_amount", "net_amount"]);
    }
    let is_late = |movement: &HolderMovement| movement.date != movement.recorded_on;
    if statement.movements.iter().any(is_late) {
        movements = movements.show(&["recorded_on"]);
    }
    let record = Record::of(FIELDS, statement, Pii::Masked);
    let record = match statement.basis {
        DayBasis::Recorded => record.hide(&["by", "known_on", "known_entry"]),
        DayBasis::Value => record,
    };
    record.with(balances).with(movements)
}
