//! The second pass over the table: rows to lines, balances and other rows.

use super::{
    super::profile::Continuation,
    cell_reader::{CellReader, CellRules, LOST},
    cells::{AmountForm, DatedRow, dated_row, is_empty_date, is_placeholder, one_line},
    dates::DateKind,
    header::TableLayout,
    labels::{self, BalanceKind},
    money::written,
    words::plain,
};
use crate::domain::{
    bad_line::BadLine,
    currency::Currency,
    signed::Signed,
    statement::{SkippedRow, StatementLine},
    time::Date,
};
use crate::tabular::{Record, Rows};

/// A row of the table about the account, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableRow {
    /// A line, by its position.
    Line(usize),
    /// A balance, by its position.
    Balance(usize),
}

/// A row with a balance and no movement.
#[derive(Clone, Copy, Debug)]
pub(super) struct BalanceRow {
    pub(super) kind: BalanceKind,
    pub(super) amount: Signed,
    pub(super) date: Option<Date>,
    pub(super) place: u64,
}

/// The rows of the table. The amounts of the lines are as stated; their meaning is decided later.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) lines: Vec<StatementLine>,
    /// One for each line.
    pub(super) forms: Vec<AmountForm>,
    pub(super) rows: Vec<TableRow>,
    pub(super) balances: Vec<BalanceRow>,
    pub(super) skipped: Vec<SkippedRow>,
    /// One for each skipped row.
    pub(super) skipped_forms: Vec<AmountForm>,
    /// Rows of text inside and below the table.
    pub(super) below: Vec<Vec<String>>,
    pub(super) account: Option<String>,
    pub(super) currency: Option<Currency>,
    pub(super) bad: Vec<BadLine>,
}

/// Words in the date or status column of rows that are not booked.
const NOT_BOOKED: [&str; 19] = [
    "pending",
    "failed",
    "reversed",
    "declined",
    "cancelled",
    "canceled",
    "rejected",
    "processing",
    "in progress",
    "unsuccessful",
    "not booked",
    "hold",
    "on hold",
    "blocked",
    "scheduled",
    "expired",
    "unposted",
    "vorgemerkt",
    "umsatz vorgemerkt",
];

struct TableReader<'a> {
    cells: CellReader<'a>,
    table: Table,
    /// Whether the row before this one is a line, to which text may belong.
    after_line: bool,
    delimiter: u8,
}

/// The end-to-end reference and the other party of a line.
struct Parties {
    end_to_end: Option<String>,
    name: Option<String>,
    account: Option<String>,
}

/// How many rows are expected, and how many bad lines are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    /// How many rows are lines, so that a million of them are not moved as they grow.
    pub(super) lines: usize,
    pub(super) bad_lines: usize,
}

/// Reads every row below the header.
pub(super) fn read(
    mut rows: Rows<'_>,
    layout: &TableLayout,
    rules: CellRules<'_>,
    counts: Counts,
) -> Table {
    let delimiter = rows.delimiter();
    let mut reader = TableReader {
        cells: CellReader {
            layout,
            rules,
            bad_lines: Vec::new(),
            most: counts.bad_lines,
        },
        table: Table::default(),
        after_line: false,
        delimiter,
    };
    reader.table.lines.reserve_exact(counts.lines);
    reader.table.forms.reserve_exact(counts.lines);
    reader.table.rows.reserve(counts.lines);
    let mut record = Record::default();
    while rows.next(&mut record) {
        reader.row(&record);
    }
    reader.table.bad = reader.cells.bad_lines;
    reader.table
}

impl TableReader<'_> {
    fn row(&mut self, record: &Record<'_>) {
        if let Some(reason) = self.damage(record) {
            self.cells.bad(record, None, reason);
            return;
        }
        let after_line = std::mem::replace(&mut self.after_line, false);
        if record.is_blank() || self.repeats_header(record) {
            return;
        }
        let date = record.maybe(self.cells.layout.date);
        if let Some(reason) = self.not_booked(record) {
            self.skip(record, reason);
        } else if self.cells.rules.dates.has_form(date) {
            self.dated(record);
        } else if after_line && self.is_continuation(record) {
            self.continuation(record);
        } else {
            self.undated(record, date);
        }
    }

    /// Returns why a row cannot be divided into cells.
    fn damage(&self, record: &Record<'_>) -> Option<String> {
        if record.unclosed {
            Some("a quote opens and is never closed; the file may be cut off".to_owned())
        } else if record.is_too_wide() {
            Some(format!(
                "the line has {} cells, more than a statement can have",
                record.len()
            ))
        } else if record.swallowed_rows(self.cells.layout.width(), self.delimiter) {
            Some("a quote opens and continues over the rows below; a quote is missing".to_owned())
        } else {
            None
        }
    }

    /// Returns whether a row repeats the header, as each page may.
    fn repeats_header(&self, record: &Record<'_>) -> bool {
        let (names, layout) = (&self.cells.layout.names, self.cells.layout);
        if record
            .maybe(layout.date)
            .starts_with(|c: char| c.is_ascii_digit())
        {
            return false;
        }
        let same = |at: usize| {
            names
                .get(at)
                .is_some_and(|name| plain(name) == plain(record.cell(at)))
        };
        layout.line.is_some()
            && layout
                .date
                .is_some_and(|date| !record.cell(date).is_empty() && same(date))
            && (0..record.len().max(names.len()))
                .filter(|at| !record.cell(*at).is_empty())
                .all(same)
    }

    /// Returns the word by which a row is not booked.
    fn not_booked(&self, record: &Record<'_>) -> Option<String> {
        [self.cells.layout.status, self.cells.layout.date]
            .into_iter()
            .flatten()
            .find_map(|column| {
                let cell = record.cell(column);
                let short = !cell.is_empty() && cell.len() <= 40;
                let own = |word: &&String| word.eq_ignore_ascii_case(cell);
                let word = NOT_BOOKED
                    .iter()
                    .copied()
                    .find(|word| word.eq_ignore_ascii_case(cell));
                let word = word.map(str::to_owned).or_else(|| {
                    self.cells
                        .rules
                        .skip_words
                        .iter()
                        .find(own)
                        .map(|word| word.to_lowercase())
                });
                word.filter(|_| short)
            })
    }

    fn skip(&mut self, record: &Record<'_>, reason: String) {
        let before = self.cells.bad_lines.len();
        let movement = self.cells.stated(record).ok().flatten();
        // The row is left out, so an amount in it that cannot be read does not refuse the file.
        self.cells.bad_lines.truncate(before);
        let description = self.cells.description(record);
        self.table.skipped.push(SkippedRow {
            place: record.line,
            reason,
            amount: movement.map(|movement| movement.amount),
            description,
        });
        let form = movement.map_or(AmountForm::Unmarked, |movement| movement.form);
        self.table.skipped_forms.push(form);
    }

    fn dated(&mut self, record: &Record<'_>) {
        let layout = self.cells.layout;
        let bad_before = self.cells.bad_lines.len();
        if !self.cells.check_width(record) {
            return;
        }
        let date = layout
            .date
            .and_then(|column| self.cells.date(record, column, DateKind::Booking));
        let value_date = layout
            .value_date
            .filter(|column| !is_empty_date(record.cell(*column)))
            .and_then(|column| self.cells.date(record, column, DateKind::Value));
        let movement = self.cells.stated(record);
        let balance = self.cells.balance(record);
        self.check_constants(record);
        let reference = self.cells.reference(record, layout.reference);
        let bank_id = self.cells.reference(record, layout.bank_id);
        let (Ok(movement), Ok(balance), Some(booking_date)) = (movement, balance, date) else {
            return;
        };
        if self.cells.bad_lines.len() > bad_before {
            return;
        }
        let description = self.cells.description(record);
        match dated_row(movement, balance, &description) {
            DatedRow::Line(movement) => {
                let parties = self.parties(record);
                let line = StatementLine {
                    place: record.line,
                    booking_date,
                    value_date,
                    amount: movement.amount,
                    balance,
                    description,
                    reference,
                    bank_id,
                    end_to_end: parties.end_to_end,
                    counterparty_name: parties.name,
                    counterparty_account: parties.account,
                    reversal: false,
                };
                self.line(line, movement.form);
            }
            DatedRow::Balance(kind, amount) => self.balance(BalanceRow {
                kind,
                amount,
                date,
                place: record.line,
            }),
            DatedRow::Nothing => {}
            DatedRow::NoAmount => {
                let reason = "the line has a date, but neither an amount nor a balance";
                self.cells.bad(record, None, reason);
            }
        }
    }

    /// Reads the end-to-end reference and the other party of a row.
    fn parties(&self, record: &Record<'_>) -> Parties {
        let layout = self.cells.layout;
        let text = |column: Option<usize>| {
            column
                .map(|column| one_line(record.cell(column)))
                .filter(|text| !text.is_empty())
        };
        Parties {
            end_to_end: text(layout.end_to_end).filter(|id| !is_placeholder(id)),
            name: text(layout.counterparty_name),
            account: text(layout.counterparty_account),
        }
    }

    fn line(&mut self, line: StatementLine, form: AmountForm) {
        self.table.rows.push(TableRow::Line(self.table.lines.len()));
        self.table.forms.push(form);
        self.table.lines.push(line);
        self.after_line = true;
    }

    /// Returns whether a row has text in columns of description and in no others.
    fn is_continuation(&self, record: &Record<'_>) -> bool {
        record.len() > 1
            && (0..record.len())
                .filter(|at| !record.cell(*at).is_empty())
                .all(|at| self.cells.layout.description.contains(&at))
    }

    fn continuation(&mut self, record: &Record<'_>) {
        if self.cells.rules.continuation == Continuation::Append {
            let text = self.cells.description(record);
            if let Some(line) = self.table.lines.last_mut() {
                line.description.push(' ');
                line.description.push_str(&text);
            }
        }
        self.after_line = true;
    }

    fn undated(&mut self, record: &Record<'_>, date: &str) {
        let has_rows = !self.table.lines.is_empty() || !self.table.balances.is_empty();
        let money = [
            self.cells.layout.amount,
            self.cells.layout.debit,
            self.cells.layout.credit,
        ]
        .into_iter()
        .flatten();
        let moves = money
            .filter(|at| written(record.cell(*at), self.cells.rules.words).is_some())
            .count();
        let label = record.cells().find_map(labels::balance_label);
        let has_label = label.is_some() || record.cells().any(labels::is_total);
        if let Some(kind) = label
            && moves == 0
            && let Ok(Some(amount)) = self.cells.balance(record)
        {
            self.balance(BalanceRow {
                kind,
                amount,
                date: None,
                place: record.line,
            });
        } else if !has_label
            && record.filled() >= 3
            && (has_rows || self.cells.layout.line.is_some())
            && self.looks_damaged(record, date, moves)
        {
            let reason = if date.is_empty() {
                "the line has an amount, but no date"
            } else {
                "this is not a date"
            };
            let reason = if date.contains('\u{fffd}') {
                LOST
            } else {
                reason
            };
            self.cells.bad(record, self.cells.layout.date, reason);
        } else {
            self.table
                .below
                .push(record.cells().map(str::to_owned).collect());
        }
    }

    /// Returns whether a row is a line with a damaged date, not text in the table. A row with a debit
    /// and a credit is a sum.
    fn looks_damaged(&self, record: &Record<'_>, date: &str, moves: usize) -> bool {
        let both =
            self.cells.layout.debit.is_some() && self.cells.layout.credit.is_some() && moves >= 2;
        let begins_like_a_date =
            date.starts_with(|c: char| c.is_ascii_digit()) || date.contains('\u{fffd}');
        begins_like_a_date || moves > 0 && !both && !(date.is_empty() && record.filled() == moves)
    }

    fn balance(&mut self, row: BalanceRow) {
        self.table
            .rows
            .push(TableRow::Balance(self.table.balances.len()));
        self.table.balances.push(row);
    }

    /// Notes a line of a second account or currency, since a statement is of one account.
    fn check_constants(&mut self, record: &Record<'_>) {
        let account = record.maybe(self.cells.layout.account);
        if !account.is_empty() {
            match &self.table.account {
                None => self.table.account = Some(one_line(account)),
                Some(known) if known != account && *known != one_line(account) => {
                    self.cells.bad(
                        record,
                        self.cells.layout.account,
                        "the line is of another account; split the file by accounts",
                    );
                }
                Some(_) => {}
            }
        }
        let currency = record.maybe(self.cells.layout.currency_column);
        if currency.is_empty() {
            return;
        }
        match (Currency::parse(currency), self.table.currency) {
            (Ok(currency), None) => self.table.currency = Some(currency),
            (Ok(currency), Some(known)) if known != currency => {
                self.cells.bad(
                    record,
                    self.cells.layout.currency_column,
                    format!("the line is in {currency} and the lines above are in {known}; split the file"),
                );
            }
            (Ok(_), Some(_)) => {}
            (Err(_), _) => self.cells.bad(
                record,
                self.cells.layout.currency_column,
                "this is not a currency",
            ),
        }
    }
}
