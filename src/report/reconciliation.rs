//! The reconciliation of bank lines, payments and remittances as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, date, key, minor, money, names, summed, text, used},
    record::{Record, Table},
};
use crate::domain::{
    account::masked_within,
    reconciliation::{
        AgeTotal, BankProof, ClassRow, ClassTotal, LedgerProof, MeansTotal, OpenItem,
        Reconciliation, RunSummary,
    },
};

/// The fields of a class.
pub(super) const CLASSES: &[Field<ClassRow>] = &[
    text("class", "class", |row, _| Cell::text(row.class)),
    text("currency", "currency", |row, _| Cell::text(row.currency)),
    summed(count("lines", "lines", |row, _| Cell::count(row.lines))),
    summed(money("lines_total", "on the bank", |row, _| {
        Cell::Money(row.lines_total, row.currency)
    })),
    summed(count("payments", "payments", |row, _| {
        Cell::count(row.payments)
    })),
    summed(money("payments_total", "in the ledger", |row, _| {
        Cell::Money(row.payments_total, row.currency)
    })),
    used(summed(count("remittances", "tax remitted", |row, _| {
        Cell::count(row.remittances)
    }))),
    used(summed(money(
        "remittances_total",
        "tax in the ledger",
        |row, _| Cell::Money(row.remittances_total, row.currency),
    ))),
    count("oldest_days", "oldest (days)", |row, _| {
        Cell::Count(row.oldest_days)
    }),
];

/// The fields of payments and remittances that the bank does not show, by age.
pub(super) const AGES: &[Field<AgeTotal>] = &[
    text("age_days", "days", |row, _| Cell::text(row.age.as_str())),
    text("currency", "currency", |row, _| Cell::text(row.currency)),
    summed(count("payments", "payments", |row, _| {
        Cell::count(row.payments)
    })),
    summed(money("total", "total", |row, _| {
        Cell::Money(row.total, row.currency)
    })),
    used(summed(count("remittances", "tax remitted", |row, _| {
        Cell::count(row.remittances)
    }))),
    used(summed(money(
        "remittances_total",
        "total of tax",
        |row, _| Cell::Money(row.remittances_total, row.currency),
    ))),
];

/// The fields of what no bank line shows.
pub(super) const OFF_BANK: &[Field<MeansTotal>] = &[
    text("means", "means", |row, _| Cell::text(row.means)),
    text("currency", "currency", |row, _| Cell::text(row.currency)),
    summed(count("payments", "payments", |row, _| {
        Cell::count(row.payments)
    })),
    summed(money("total", "total", |row, _| {
        Cell::Money(row.total, row.currency)
    })),
];

/// The fields of what is left to settle.
pub(super) const ITEMS: &[Field<OpenItem>] = &[
    text("class", "class", |item, _| Cell::text(item.class)),
    key(text("code", "item", |item, _| Cell::text(&item.name))),
    data(text("account", "account", |item, _| {
        Cell::maybe(item.account.as_ref())
    })),
    minor(date("date", "date", |item, _| Cell::Date(item.date))),
    count("age_days", "days", |item, _| Cell::Count(item.age_days)),
    key(money("amount", "amount", |item, _| {
        Cell::Money(item.amount, item.currency)
    })),
    text("currency", "currency", |item, _| Cell::text(item.currency)),
    minor(text("description", "description", |item, _| {
        Cell::text(masked_within(&item.description))
    })),
    names("with", "with", |item, _| Cell::names(&item.with)),
    data(text("detail", "why it is not settled", |item, _| {
        Cell::maybe(item.detail.as_ref())
    })),
];

/// The fields of the proof of an account.
pub(super) const BANK: &[Field<BankProof>] = &[
    text("account", "account", |proof, _| Cell::text(&proof.account)),
    text("currency", "currency", |proof, _| {
        Cell::text(proof.currency)
    }),
    minor(date("date_from", "from", |proof, _| {
        Cell::on(proof.span.map(|span| span.days.first))
    })),
    minor(date("date_to", "to", |proof, _| {
        Cell::on(proof.span.map(|span| span.days.last))
    })),
    money("opening_balance", "opening", |proof, _| {
        Cell::signed(proof.span.map(|span| span.opening), proof.currency)
    }),
    money("lines_total", "lines", |proof, _| {
        Cell::signed(proof.span.map(|_| proof.lines), proof.currency)
    }),
    money("closing_balance", "closing", |proof, _| {
        Cell::signed(proof.span.map(|span| span.closing), proof.currency)
    }),
    key(money("difference", "difference", |proof, _| {
        Cell::signed(proof.difference, proof.currency)
    })),
];

/// The fields of the proof of the payments and remittances of a currency.
pub(super) const LEDGER: &[Field<LedgerProof>] = &[
    text("currency", "currency", |proof, _| {
        Cell::text(proof.currency)
    }),
    money("payments_total", "payments", |proof, _| {
        Cell::Money(proof.payments, proof.currency)
    }),
    money("matched", "matched", |proof, _| {
        Cell::Money(proof.matched, proof.currency)
    }),
    money("returned", "returned", |proof, _| {
        Cell::Money(proof.returned, proof.currency)
    }),
    money("settled", "settled", |proof, _| {
        Cell::Money(proof.settled, proof.currency)
    }),
    money("outstanding", "outstanding", |proof, _| {
        Cell::Money(proof.outstanding, proof.currency)
    }),
    used(money("remittances_total", "tax remitted", |proof, _| {
        Cell::Money(proof.remittances, proof.currency)
    })),
    used(money("remittances_matched", "tax matched", |proof, _| {
        Cell::Money(proof.remittances_matched, proof.currency)
    })),
    used(money(
        "remittances_outstanding",
        "tax outstanding",
        |proof, _| Cell::Money(proof.remittances_outstanding, proof.currency),
    )),
    minor(money("on_bank", "linked on the bank", |proof, _| {
        Cell::Money(proof.on_bank, proof.currency)
    })),
    key(money("difference", "difference", |proof, _| {
        Cell::Money(proof.difference, proof.currency)
    })),
];

/// The fields of a run.
pub(super) const RUN: &[Field<RunSummary>] = &[
    text("account", "account", |run, _| Cell::text(&run.account)),
    date("through", "through", |run, _| Cell::on(run.through)),
    count("matched", "matched now", |run, _| Cell::count(run.matched)),
    count("proposed", "proposed now", |run, _| {
        Cell::count(run.proposed)
    }),
    count("payments_recorded", "payments recorded", |run, _| {
        Cell::count(run.recorded)
    }),
    count("payments_returned", "payments sent back", |run, _| {
        Cell::count(run.returned)
    }),
    money("balance_break", "balance break", |run, _| {
        Cell::signed(run.balance_break, run.currency)
    }),
    count("left", "left to settle", |run, _| Cell::count(run.left)),
];

/// The fields of a class after a run.
pub(super) const RUN_CLASSES: &[Field<ClassTotal>] = &[
    text("class", "class", |row, _| Cell::text(row.class)),
    text("currency", "currency", |row, _| Cell::text(row.currency)),
    summed(count("lines", "lines", |row, _| Cell::count(row.lines))),
    summed(money("lines_total", "on the bank", |row, _| {
        Cell::Money(row.lines_total, row.currency)
    })),
    summed(count("payments", "payments", |row, _| {
        Cell::count(row.payments)
    })),
    summed(money("payments_total", "in the ledger", |row, _| {
        Cell::Money(row.payments_total, row.currency)
    })),
    used(summed(count("remittances", "tax remitted", |row, _| {
        Cell::count(row.remittances)
    }))),
    used(summed(money(
        "remittances_total",
        "tax in the ledger",
        |row, _| Cell::Money(row.remittances_total, row.currency),
    ))),
];

/// Describes a run.
pub fn run(run: &RunSummary) -> Record {
    let classes = Table::of("classes", RUN_CLASSES, &run.classes, Pii::Masked);
    Record::of(RUN, run, Pii::Masked).with(classes)
}

/// Describes the reconciliation.
pub fn record(report: &Reconciliation) -> Record {
    Record::of_tables(vec![
        Table::of("classes", CLASSES, &report.classes, Pii::Masked),
        Table::of("paid_not_on_bank", AGES, &report.ages, Pii::Masked),
        Table::of("off_bank", OFF_BANK, &report.off_bank, Pii::Masked),
        Table::of("items", ITEMS, &report.items, Pii::Masked),
        Table::of("bank_proof", BANK, &report.bank, Pii::Masked),
        Table::of("ledger_proof", LEDGER, &report.ledger, Pii::Masked),
    ])
}
