//! The reconciliation: classes, ages, what is left, and the proof.

use super::{Cell, Columns, Record, Table, column, data, summed};
use crate::domain::{
    account::masked_within,
    currency::Currency,
    reconciliation::{BankProof, ClassRow, LedgerProof, OpenItem, Reconciliation},
    signed::Signed,
};

/// The columns of the classes.
const CLASSES: Columns = &[
    column("class", "class"),
    column("currency", "currency"),
    summed("lines", "lines"),
    summed("lines_total", "on the bank"),
    summed("payments", "payments"),
    summed("payments_total", "in the ledger"),
    column("oldest_days", "oldest (days)"),
];

/// The columns of the ages of payments that the bank does not show.
const AGES: Columns = &[
    column("age_days", "days"),
    column("currency", "currency"),
    summed("payments", "payments"),
    summed("total", "total"),
];

/// The columns of what is left.
const ITEMS: Columns = &[
    column("class", "class"),
    column("code", "line or payment").key(),
    data("account"),
    column("date", "date").minor(),
    column("age_days", "days"),
    column("amount", "amount").key(),
    column("currency", "currency"),
    column("description", "description").minor(),
    column("with", "with"),
    data("detail"),
];

/// The columns of the proof of the accounts.
const BANK: Columns = &[
    column("account", "account"),
    column("currency", "currency"),
    column("date_from", "from").minor(),
    column("date_to", "to").minor(),
    column("opening_balance", "opening"),
    column("lines_total", "lines"),
    column("closing_balance", "closing"),
    column("difference", "difference").key(),
];

/// The columns of the proof of the payments.
const LEDGER: Columns = &[
    column("currency", "currency"),
    column("payments_total", "payments"),
    column("matched", "matched"),
    column("returned", "returned"),
    column("outstanding", "outstanding"),
    column("on_bank", "linked on the bank").minor(),
    column("difference", "difference").key(),
];

/// What one run of the reconciliation tells.
#[derive(Clone, Debug)]
pub struct Run {
    /// The account.
    pub account: String,
    /// Its currency.
    pub currency: Currency,
    /// The last day that was looked at.
    pub through: Option<crate::domain::time::Date>,
    /// Links made, proposed, payments recorded, payments sent back, things left.
    pub counts: [u64; 5],
    /// Class, lines and their sum, payments and their sum.
    pub classes: Vec<(&'static str, u64, Signed, u64, Signed)>,
    /// By how much the bank's balances do not add up.
    pub balance_break: Option<Signed>,
}

/// The columns of the classes of one run.
const RUN: Columns = &[
    column("class", "class"),
    column("currency", "currency"),
    summed("lines", "lines"),
    summed("lines_total", "on the bank"),
    summed("payments", "payments"),
    summed("payments_total", "in the ledger"),
];

/// Describes a run.
pub fn run(run: &Run) -> Record {
    let [matched, proposed, recorded, returned, left] = run.counts;
    let rows = run
        .classes
        .iter()
        .map(|(class, lines, lines_total, payments, payments_total)| {
            vec![
                Cell::text(class),
                Cell::text(run.currency),
                Cell::count(*lines),
                Cell::Money(*lines_total, run.currency),
                Cell::count(*payments),
                Cell::Money(*payments_total, run.currency),
            ]
        });
    Record {
        fields: vec![
            (column("account", "account"), Cell::text(&run.account)),
            (column("through", "through"), Cell::on(run.through)),
            (column("matched", "matched now"), Cell::count(matched)),
            (column("proposed", "proposed now"), Cell::count(proposed)),
            (
                column("payments_recorded", "payments recorded"),
                Cell::count(recorded),
            ),
            (
                column("payments_returned", "payments sent back"),
                Cell::count(returned),
            ),
            (
                column("balance_break", "balance break"),
                Cell::signed(run.balance_break, run.currency),
            ),
            (column("left", "left to settle"), Cell::count(left)),
        ],
        tables: vec![Table {
            name: "classes",
            columns: RUN,
            rows: rows.collect(),
        }],
    }
}

/// Describes the reconciliation.
pub fn record(report: &Reconciliation) -> Record {
    let ages = report.ages.iter().map(|(currency, age, count, sum)| {
        vec![
            Cell::text(age.as_str()),
            Cell::text(currency),
            Cell::count(*count),
            Cell::Money(*sum, *currency),
        ]
    });
    Record {
        fields: Vec::new(),
        tables: vec![
            Table {
                name: "classes",
                columns: CLASSES,
                rows: report.classes.iter().map(class).collect(),
            },
            Table {
                name: "paid_not_on_bank",
                columns: AGES,
                rows: ages.collect(),
            },
            Table {
                name: "items",
                columns: ITEMS,
                rows: report.items.iter().map(item).collect(),
            },
            Table {
                name: "bank_proof",
                columns: BANK,
                rows: report.bank.iter().map(bank).collect(),
            },
            Table {
                name: "ledger_proof",
                columns: LEDGER,
                rows: report.ledger.iter().map(ledger).collect(),
            },
        ],
    }
}

fn class(row: &ClassRow) -> Vec<Cell> {
    vec![
        Cell::text(row.class),
        Cell::text(row.currency),
        Cell::count(row.lines),
        Cell::Money(row.lines_total, row.currency),
        Cell::count(row.payments),
        Cell::Money(row.payments_total, row.currency),
        Cell::Count(row.oldest_days),
    ]
}

fn item(item: &OpenItem) -> Vec<Cell> {
    vec![
        Cell::text(item.class),
        Cell::text(&item.name),
        Cell::maybe(item.account.as_ref()),
        Cell::Date(item.date),
        Cell::Count(item.age_days),
        Cell::Money(item.amount, item.currency),
        Cell::text(item.currency),
        Cell::text(masked_within(&item.description)),
        Cell::names(&item.with),
        Cell::maybe(item.detail.as_ref()),
    ]
}

fn bank(proof: &BankProof) -> Vec<Cell> {
    let span = proof.span;
    vec![
        Cell::text(&proof.account),
        Cell::text(proof.currency),
        Cell::on(span.map(|span| span.days.0)),
        Cell::on(span.map(|span| span.days.1)),
        Cell::signed(span.map(|span| span.opening), proof.currency),
        Cell::signed(span.map(|_| proof.lines), proof.currency),
        Cell::signed(span.map(|span| span.closing), proof.currency),
        Cell::signed(proof.difference, proof.currency),
    ]
}

fn ledger(proof: &LedgerProof) -> Vec<Cell> {
    let money = |amount| Cell::Money(amount, proof.currency);
    vec![
        Cell::text(proof.currency),
        money(proof.payments),
        money(proof.matched),
        money(proof.returned),
        money(proof.outstanding),
        money(proof.on_bank),
        money(proof.difference),
    ]
}
