//! Cells and lists that the tests of all formats share.

use std::io::Cursor;

use super::{
    error::Error,
    format::Format,
    list::ListWriter,
    single,
    style::{Hidden, Style},
};
use crate::{
    domain::{
        account::AccountNumber,
        activity::Head,
        currency::Currency,
        quantity::{Amount, Percent, Tokens},
        time::{Instant, parse_date},
        user::FourEyes,
    },
    report::{About, Cell, CellKind, Column, Draw, Keep, Pii, Place, Record, Sum, Table},
};

pub(super) type Columns = &'static [Column];

pub(super) const fn column(field: &'static str, heading: &'static str) -> Column {
    Column::new(CellKind::Text, field, heading)
}

pub(super) const fn summed(field: &'static str, heading: &'static str) -> Column {
    Column {
        sum: Sum::Yes,
        ..column(field, heading)
    }
}

pub(super) const fn data(field: &'static str) -> Column {
    Column {
        place: Place::Data,
        ..column(field, field)
    }
}

/// A column that appears only if it says something.
pub(super) const fn used(column: Column) -> Column {
    Column {
        place: Place::Used,
        ..column
    }
}

pub(super) const fn drawn(field: &'static str, heading: &'static str) -> Column {
    Column {
        place: Place::Drawn,
        ..column(field, heading)
    }
}

/// A column that a narrow table leaves out first.
pub(super) const fn minor(column: Column) -> Column {
    Column {
        keep: Keep::Last,
        ..column
    }
}

/// A column that every table keeps.
pub(super) const fn key(column: Column) -> Column {
    Column {
        keep: Keep::Always,
        ..column
    }
}

/// A column with bars.
pub(super) const fn with_bar(column: Column) -> Column {
    Column {
        draw: Draw::Bar,
        ..column
    }
}

pub(super) const HUGE: &str = "9999999999999.9999999";
/// A name that clears the screen, turns the line, opens a tag and a table cell, and is a formula
/// besides.
pub(super) const HOSTILE: &str = "=cmd|'/c'!A1\u{1b}[2J\u{9b}2J\u{202e}<script>|\"x\"\n,";

pub(super) const PAYMENTS: Columns = &[
    column("holder", "Holder"),
    summed("tokens", "Tokens"),
    summed("amount", "Amount"),
    column("currency", "Currency"),
    column("paid_at", "Paid"),
    data("account"),
];

pub(super) const KINDS: Columns = &[
    column("text", "Text"),
    column("money", "Money"),
    column("tokens", "Tokens"),
    column("percent", "Percent"),
    column("count", "Count"),
    column("flag", "Flag"),
    column("date", "Date"),
    column("instant", "Instant"),
    column("masked", "Masked"),
    column("shown", "Shown"),
    column("json", "JSON"),
    column("empty", "Empty"),
];

pub(super) fn money(text: &str, currency: &str) -> Cell {
    Cell::money(
        Amount::parse(text).unwrap(),
        Currency::parse(currency).unwrap(),
    )
}

pub(super) fn tokens(text: &str) -> Cell {
    Cell::tokens(Tokens::parse(text).unwrap())
}

fn instant() -> Instant {
    Instant::parse("2026-01-31T16:05:09.000001Z").unwrap()
}

/// One cell of each kind.
pub(super) fn kinds() -> Vec<Cell> {
    let number = AccountNumber::parse("0123456785").unwrap();
    vec![
        Cell::text("Ada, \"Ltd\""),
        money("1250000", "NGN"),
        tokens("1500.50"),
        Cell::Percent(Percent::parse("33.3333333").unwrap()),
        Cell::Count(-12),
        Cell::Flag(true),
        Cell::Date(parse_date("2026-03-31").unwrap()),
        Cell::Instant(instant()),
        Cell::Account(number.clone(), Pii::Masked),
        Cell::Account(number, Pii::Shown),
        Cell::Json(serde_json::json!({"b": [1, null], "a": "x"})),
        Cell::Empty,
    ]
}

pub(super) fn payment(holder: &str, lp_tokens: &str, amount: &str, currency: &str) -> Vec<Cell> {
    let account = Cell::Account(AccountNumber::parse("0123456785").unwrap(), Pii::Masked);
    let currency_code = Cell::text(currency);
    vec![
        Cell::text(holder),
        tokens(lp_tokens),
        money(amount, currency),
        currency_code,
        Cell::Instant(instant()),
        account,
    ]
}

/// A record with a hidden, an empty and a visible field, a table of two rows and an empty one.
pub(super) fn event() -> Record {
    let secret: Column = data("id");
    let table = |name, rows| Table {
        name,
        columns: PAYMENTS.to_vec(),
        rows,
    };
    Record {
        fields: vec![
            (secret, Cell::text("0198")),
            (column("code", "Code"), Cell::text("E-1")),
            (column("note", "Note"), Cell::Empty),
            (column("proceeds", "Net proceeds"), money("1000", "NGN")),
        ],
        lists: Vec::new(),
        order: &[],
        tables: vec![
            table(
                "per_holder",
                vec![
                    payment("H1", "1", "400.5", "NGN"),
                    payment("H2", "2", "599.5", "NGN"),
                ],
            ),
            table("left_over", Vec::new()),
        ],
    }
}

pub(super) fn bytes(
    format: Format,
    columns: Columns,
    rows: &[Vec<Cell>],
) -> Result<Vec<u8>, Error> {
    let mut list = ListWriter::new(format, columns, Style::PLAIN, Cursor::new(Vec::new()))?;
    rows.iter().try_for_each(|row| list.row(row))?;
    assert_eq!(list.rows_written(), u64::try_from(rows.len()).unwrap());
    Ok(list.finish(None)?.0.into_inner())
}

pub(super) fn listed(format: Format, columns: Columns, rows: &[Vec<Cell>]) -> String {
    String::from_utf8(bytes(format, columns, rows).unwrap()).unwrap()
}

pub(super) fn recorded(format: Format, record: &Record) -> String {
    let mut out = Vec::new();
    single::record(record, format, Style::PLAIN, None, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What [`about`] says of the state that it shows.
pub(super) const STATE: &str = "as of 2026-06-30 · four eyes on · audit head 123 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Makes a description of a report with this title.
pub(super) fn about(title: &str) -> About {
    About {
        title: title.to_owned(),
        as_of: parse_date("2026-06-30").unwrap(),
        head: Head {
            seq: 123,
            hash: "0123456789abcdef".repeat(4),
        },
        four_eyes: FourEyes::On,
    }
}

pub(super) fn bytes_about(format: Format, about: &About) -> Vec<u8> {
    let mut list = ListWriter::new(format, PAYMENTS, Style::PLAIN, Vec::new()).unwrap();
    list.row(&payment("a", "1", "1", "NGN")).unwrap();
    list.finish(Some(about)).unwrap().0
}

pub(super) fn listed_about(format: Format, about: &About) -> String {
    String::from_utf8(bytes_about(format, about)).unwrap()
}

pub(super) fn recorded_about(format: Format, record: &Record, about: &About) -> String {
    let mut out = Vec::new();
    single::record(record, format, Style::PLAIN, Some(about), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Writes a list as a table in a style, and returns what it hides.
pub(super) fn styled(style: Style, columns: Columns, rows: &[Vec<Cell>]) -> (String, Hidden) {
    let mut list = ListWriter::new(Format::Table, columns, style, Vec::new()).unwrap();
    rows.iter().try_for_each(|row| list.row(row)).unwrap();
    let (bytes, hidden) = list.finish(None).unwrap();
    (String::from_utf8(bytes).unwrap(), hidden)
}
