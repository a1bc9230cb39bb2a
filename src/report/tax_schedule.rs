//! Schedules for authorities and the years of holders, as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, date, flag, key, minor, money, percent, row, summed, text},
};
use crate::domain::tax::{
    TaxDetails,
    schedule::{ScheduleRow, TaxYearRow},
};

fn number(details: &TaxDetails, pii: Pii) -> Cell {
    Cell::maybe(details.number.as_ref().map(|number| match pii {
        Pii::Masked => number.masked(),
        Pii::Shown => number.reveal().to_owned(),
    }))
}

/// The fields of a schedule.
pub const SCHEDULE: &[Field<ScheduleRow>] = &[
    minor(text("authority", "authority", |of, _| {
        Cell::words(&of.authority)
    })),
    minor(text("period", "month", |of, _| Cell::words(&of.period))),
    key(text("event", "event", |of, _| {
        Cell::words(of.event.code.as_str())
    })),
    key(text("holder", "holder", |of, _| {
        Cell::words(of.holder.as_str())
    })),
    text("holder_name", "name", |of, _| Cell::words(&of.holder_name)),
    text("tax_number", "tax number", |of, pii| {
        number(&of.details, pii)
    }),
    minor(text("tax_residence", "tax residence", |of, _| {
        Cell::maybe(of.details.residence.as_ref())
    })),
    minor(text("kind", "kind", |of, _| Cell::maybe(of.details.kind))),
    date("tax_date", "tax date", |of, _| Cell::Date(of.tax_date)),
    minor(text("component", "component", |of, _| {
        Cell::text(&of.component)
    })),
    summed(money("gross_amount", "taxed", |of, _| {
        Cell::money(of.gross, of.currency)
    })),
    percent("rate", "rate", |of, _| Cell::Percent(of.rate.percent())),
    key(summed(money("tax_amount", "tax", |of, _| {
        Cell::money(of.tax, of.currency)
    }))),
    minor(text("reason", "reason", |of, _| Cell::text(of.reason))),
    text("remittance", "remittance", |of, _| {
        Cell::maybe(of.remittance)
    }),
    date("due_date", "due", |of, _| Cell::Date(of.due_date)),
];

/// The fields of the upload template of TaxPro-Max, with its own words.
pub const NG_WHT: &[Field<ScheduleRow>] = &[
    text("Beneficiary_name", "Beneficiary_name", |of, _| {
        Cell::words(&of.holder_name)
    }),
    text("Beneficiary_tin", "Beneficiary_tin", |of, pii| {
        number(&of.details, pii)
    }),
    date("Transaction_date", "Transaction_date", |of, _| {
        Cell::Date(of.tax_date)
    }),
    text("Transaction_desc", "Transaction_desc", |of, _| {
        Cell::words(&of.title)
    }),
    money("Transaction_amount", "Transaction_amount", |of, _| {
        Cell::money(of.gross, of.currency)
    }),
    percent("Rate", "Rate", |of, _| Cell::Percent(of.rate.percent())),
    text("Tax_type", "Tax_type", |_, _| Cell::words("Dividend")),
    money("Tax_amount", "Tax_amount", |of, _| {
        Cell::money(of.tax, of.currency)
    }),
    text("Schedule_reference", "Schedule_reference", |of, _| {
        Cell::text(of.reference())
    }),
];

/// The fields of a holder's year.
pub const YEAR: &[Field<TaxYearRow>] = &[
    data(text("year", "year", |of, _| Cell::text(of.year))),
    key(text("holder", "holder", |of, _| {
        Cell::words(of.holder.as_str())
    })),
    text("holder_name", "name", |of, _| Cell::words(&of.holder_name)),
    minor(text("tax_number", "tax number", |of, pii| {
        number(&of.details, pii)
    })),
    key(text("event", "event", |of, _| {
        Cell::words(of.event.code.as_str())
    })),
    date("tax_date", "tax date", |of, _| Cell::Date(of.tax_date)),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    summed(money("gross_amount", "gross", |of, _| {
        Cell::money(of.gross, of.currency)
    })),
    percent("tax_rate", "rate", |of, _| {
        of.rate
            .map_or(Cell::Empty, |rate| Cell::Percent(rate.percent()))
    }),
    key(summed(money("tax_amount", "tax", |of, _| {
        Cell::money(of.tax, of.currency)
    }))),
    summed(money("net_amount", "net", |of, _| {
        Cell::money(of.net, of.currency)
    })),
    text("remittance", "remittance", |of, _| {
        Cell::maybe(of.remittance)
    }),
    data(flag("imported", "imported", |of, _| {
        Cell::flag(Some(of.imported))
    })),
];

/// Makes the row of a schedule.
pub fn schedule(of: &ScheduleRow, pii: Pii) -> Vec<Cell> {
    row(SCHEDULE, of, pii)
}

/// Makes the row of an upload template.
pub fn ng_wht(of: &ScheduleRow, pii: Pii) -> Vec<Cell> {
    row(NG_WHT, of, pii)
}

/// Makes the row of a year.
pub fn year(of: &TaxYearRow, pii: Pii) -> Vec<Cell> {
    row(YEAR, of, pii)
}
