//! The second pass over the table: rows to lines, balances and rows that are neither.

use super::{
    super::{Continuation, Mark},
    cells::{Money, Row, balance_row, is_no_date, is_placeholder, one_line, push_words},
    dates::{Limits, Reader},
    header::Layout,
    money::{Direction, Words, is_none, value, written},
    preamble,
    rows::{Record, Rows},
    words::plain,
};
use crate::domain::{
    bad_line::{BadLine, note},
    currency::Currency,
    signed::Signed,
    statement::{SkippedRow, StatementLine},
    time::Date,
};

/// Where a line's amount stands and how it is marked: what its sign may mean depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// An amount without any mark.
    Plain,
    /// An amount with a plus or a minus.
    Signed,
    /// An amount marked as money in.
    In,
    /// An amount marked as money out.
    Out,
    /// The debit column.
    Debit,
    /// The credit column.
    Credit,
}

/// A row of the table that says something about the account, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A line, by its position.
    Line(usize),
    /// A balance, by its position.
    Balance(usize),
}

/// Which balance a row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Opening,
    Closing,
    Unnamed,
}

/// A row with a balance and no movement.
#[derive(Clone, Copy, Debug)]
pub(super) struct BalanceRow {
    pub(super) which: Which,
    pub(super) amount: Signed,
    pub(super) date: Option<Date>,
    pub(super) place: u64,
}

/// How the cells are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct How<'p> {
    pub(super) mark: Mark,
    pub(super) dates: Reader<'p>,
    pub(super) words: Words<'p>,
    pub(super) skip_words: &'p [String],
    pub(super) continuation: Continuation,
}

/// What stands in the table. The amounts of the lines are as stated; their meaning is decided
/// later.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) lines: Vec<StatementLine>,
    /// One for each line.
    pub(super) sources: Vec<Source>,
    pub(super) steps: Vec<Step>,
    pub(super) balances: Vec<BalanceRow>,
    pub(super) skipped: Vec<SkippedRow>,
    /// One for each skipped row.
    pub(super) skipped_sources: Vec<Source>,
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

struct Pass<'a> {
    layout: &'a Layout,
    how: How<'a>,
    table: Table,
    /// How many bad lines are told.
    most: usize,
    /// Whether the row before this one is a line, to which text may belong.
    after_line: bool,
    delimiter: u8,
}

/// Reads every row below the header. About `expected` of them are lines: a million of them are not
/// moved as they grow. Of bad lines `most` are told.
pub(super) fn read(
    mut rows: Rows<'_>,
    layout: &Layout,
    how: How<'_>,
    expected: usize,
    most: usize,
) -> Table {
    let delimiter = rows.delimiter();
    let mut pass = Pass {
        layout,
        how,
        table: Table::default(),
        most,
        after_line: false,
        delimiter,
    };
    pass.table.lines.reserve_exact(expected);
    pass.table.sources.reserve_exact(expected);
    pass.table.steps.reserve(expected);
    let mut record = Record::default();
    while rows.next(&mut record) {
        pass.row(&record);
    }
    pass.table
}

impl Pass<'_> {
    fn bad(&mut self, record: &Record<'_>, column: Option<usize>, reason: impl Into<String>) {
        let column = column.map(|at| self.layout.name(at));
        note(
            &mut self.table.bad,
            BadLine {
                line: record.line,
                column,
                reason: reason.into(),
            },
            self.most,
        );
    }

    fn row(&mut self, record: &Record<'_>) {
        if record.unclosed {
            self.bad(
                record,
                None,
                "a quote opens and is never closed; the file may be cut off",
            );
            return;
        }
        if record.is_too_wide() {
            self.bad(
                record,
                None,
                format!(
                    "the line has {} cells; no statement has so many",
                    record.len()
                ),
            );
            return;
        }
        if record.swallowed_rows(self.layout.width(), self.delimiter) {
            self.bad(
                record,
                None,
                "a quote opens and runs over the rows below; one quote is missing",
            );
            return;
        }
        let after_line = std::mem::replace(&mut self.after_line, false);
        if record.is_blank() || self.repeats_header(record) {
            return;
        }
        let date = record.maybe(self.layout.date);
        if let Some(reason) = self.not_booked(record) {
            self.skip(record, reason);
        } else if self.how.dates.has_form(date) {
            self.dated(record);
        } else {
            self.undated(record, date, after_line);
        }
    }

    /// Tells whether a page begins anew with the header.
    fn repeats_header(&self, record: &Record<'_>) -> bool {
        let (names, layout) = (&self.layout.names, self.layout);
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

    /// Finds the word that says that a row is not booked.
    fn not_booked(&self, record: &Record<'_>) -> Option<String> {
        [self.layout.status, self.layout.date]
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
                    self.how
                        .skip_words
                        .iter()
                        .find(own)
                        .map(|word| word.to_lowercase())
                });
                word.filter(|_| short)
            })
    }

    fn skip(&mut self, record: &Record<'_>, reason: String) {
        let before = self.table.bad.len();
        let stated = self.stated(record).ok().flatten();
        // An amount that cannot be read is no reason to refuse a file over a row that is left out.
        self.table.bad.truncate(before);
        let (amount, source) = stated.map_or((None, Source::Plain), |(amount, source)| {
            (Some(amount), source)
        });
        let description = self.description(record);
        self.table.skipped.push(SkippedRow {
            place: record.line,
            reason,
            amount,
            description,
        });
        self.table.skipped_sources.push(source);
    }

    fn dated(&mut self, record: &Record<'_>) {
        let layout = self.layout;
        let bad_before = self.table.bad.len();
        if !self.check_width(record) {
            return;
        }
        let date = layout
            .date
            .and_then(|column| self.date(record, column, Limits::Booking));
        let value_date = layout
            .value_date
            .filter(|column| !is_no_date(record.cell(*column)));
        let value_date = value_date.and_then(|column| self.date(record, column, Limits::Value));
        let movement = self.stated(record);
        let balance = self.balance(record);
        self.check_constants(record);
        let reference = self.reference(record, layout.reference);
        let bank_id = self.reference(record, layout.bank_id);
        let (Ok(movement), Ok(balance), Some(booking_date)) = (movement, balance, date) else {
            return;
        };
        if self.table.bad.len() > bad_before {
            return;
        }
        let description = self.description(record);
        let (amount, source) = match balance_row(movement, balance, &description) {
            Row::Line(amount, source) => (amount, source),
            Row::Balance(which, amount) => {
                self.balance_row(BalanceRow {
                    which,
                    amount,
                    date,
                    place: record.line,
                });
                return;
            }
            Row::Nothing => return,
            Row::NoAmount => {
                self.bad(
                    record,
                    None,
                    "the line has a date and neither an amount nor a balance",
                );
                return;
            }
        };
        self.table.steps.push(Step::Line(self.table.lines.len()));
        self.table.sources.push(source);
        let text = |column: Option<usize>| {
            column
                .map(|column| one_line(record.cell(column)))
                .filter(|text| !text.is_empty())
        };
        self.table.lines.push(StatementLine {
            place: record.line,
            booking_date,
            value_date,
            amount,
            balance,
            description,
            reference,
            bank_id,
            end_to_end: text(layout.end_to_end).filter(|id| !is_placeholder(id)),
            counterparty_name: text(layout.counterparty_name),
            counterparty_account: text(layout.counterparty_account),
            reversal: false,
        });
        self.after_line = true;
    }

    fn undated(&mut self, record: &Record<'_>, date: &str, after_line: bool) {
        let described = |at: usize| self.layout.description.contains(&at);
        let filled = || (0..record.len()).filter(|at| !record.cell(*at).is_empty());
        if after_line && record.len() > 1 && filled().all(described) {
            if self.how.continuation == Continuation::Append {
                let text = self.description(record);
                if let Some(line) = self.table.lines.last_mut() {
                    line.description.push(' ');
                    line.description.push_str(&text);
                }
            }
            self.after_line = true;
            return;
        }
        let has_rows = !self.table.lines.is_empty() || !self.table.balances.is_empty();
        let money = [self.layout.amount, self.layout.debit, self.layout.credit]
            .into_iter()
            .flatten();
        let moves = money
            .filter(|at| written(record.cell(*at), self.how.words).is_some())
            .count();
        let label = record.cells().find_map(preamble::balance_label);
        let has_label = label.is_some() || record.cells().any(preamble::is_total);
        if let Some(which) = label
            && moves == 0
            && let Ok(Some(amount)) = self.balance(record)
        {
            self.balance_row(BalanceRow {
                which,
                amount,
                date: None,
                place: record.line,
            });
        } else if !has_label
            && record.filled() >= 3
            && (has_rows || self.layout.line.is_some())
            && self.looks_damaged(record, date, moves)
        {
            let reason = if date.is_empty() {
                "the line has an amount and no date"
            } else {
                "this is not a date"
            };
            let reason = if date.contains('\u{fffd}') {
                LOST
            } else {
                reason
            };
            self.bad(record, self.layout.date, reason);
        } else {
            self.table
                .below
                .push(record.cells().map(str::to_owned).collect());
        }
    }

    /// Tells a line with a damaged date from text in the table. A row with a debit and a credit is
    /// a sum.
    fn looks_damaged(&self, record: &Record<'_>, date: &str, moves: usize) -> bool {
        let both = self.layout.debit.is_some() && self.layout.credit.is_some() && moves >= 2;
        let begins_like_one =
            date.starts_with(|c: char| c.is_ascii_digit()) || date.contains('\u{fffd}');
        begins_like_one || moves > 0 && !both && !(date.is_empty() && record.filled() == moves)
    }

    fn balance_row(&mut self, row: BalanceRow) {
        self.table
            .steps
            .push(Step::Balance(self.table.balances.len()));
        self.table.balances.push(row);
    }

    /// Refuses cells beyond the header in which something stands: a delimiter in a text moves all
    /// that follows.
    fn check_width(&mut self, record: &Record<'_>) -> bool {
        let width = self.layout.width();
        let known = [self.layout.direction, self.layout.balance_direction];
        let extra = (width..record.len())
            .find(|at| !record.cell(*at).is_empty() && !known.contains(&Some(*at)));
        let fits = self.layout.line.is_none() || extra.is_none();
        if !fits {
            let reason = format!(
                "the line has {} cells and the header {width}; a text may hold the delimiter",
                record.len()
            );
            self.bad(record, None, reason);
        }
        fits
    }

    /// Refuses a second account or currency, since a statement is one account's.
    fn check_constants(&mut self, record: &Record<'_>) {
        let account = record.maybe(self.layout.account);
        if !account.is_empty() {
            match &self.table.account {
                None => self.table.account = Some(one_line(account)),
                Some(known) if known != account && *known != one_line(account) => {
                    self.bad(
                        record,
                        self.layout.account,
                        "the line is another account's; split the file by accounts",
                    );
                }
                Some(_) => {}
            }
        }
        let currency = record.maybe(self.layout.currency_column);
        if currency.is_empty() {
            return;
        }
        match (Currency::parse(currency), self.table.currency) {
            (Ok(currency), None) => self.table.currency = Some(currency),
            (Ok(currency), Some(known)) if known != currency => {
                self.bad(
                    record,
                    self.layout.currency_column,
                    format!("the line is in {currency}, those above in {known}; split the file"),
                );
            }
            (Ok(_), Some(_)) => {}
            (Err(_), _) => self.bad(
                record,
                self.layout.currency_column,
                "this is not a currency",
            ),
        }
    }

    fn date(&mut self, record: &Record<'_>, column: usize, limits: Limits) -> Option<Date> {
        match self.how.dates.read(record.cell(column), limits) {
            Ok(date) => Some(date),
            Err(reason) => {
                self.bad(
                    record,
                    Some(column),
                    if record.cell(column).contains('\u{fffd}') {
                        LOST.to_owned()
                    } else {
                        reason
                    },
                );
                None
            }
        }
    }

    /// Reads an amount with its sign and mark; `Err` where it cannot be read, which is noted.
    fn money(&mut self, record: &Record<'_>, column: Option<usize>) -> Result<Option<Money>, ()> {
        let Some(column) = column else {
            return Ok(None);
        };
        let cell = record.cell(column);
        if is_none(cell) {
            return Ok(None);
        }
        let Some(found) = written(cell, self.how.words) else {
            let lost = cell.contains('\u{fffd}');
            self.bad(
                record,
                Some(column),
                if lost {
                    LOST
                } else {
                    super::money::BadAmount::Shape.reason()
                },
            );
            return Err(());
        };
        let value = value(found.figure, self.how.mark)
            .map_err(|bad| self.bad(record, Some(column), bad.reason()))?;
        let value = if found.negative {
            value.negated()
        } else {
            value
        };
        Ok(Some(Money {
            value,
            signed: found.negative || found.plus,
            direction: found.direction,
        }))
    }

    /// Reads the movement of a row as it is stated; `None` where no cell has one.
    fn stated(&mut self, record: &Record<'_>) -> Result<Option<(Signed, Source)>, ()> {
        let (debit, credit) = (
            self.money(record, self.layout.debit),
            self.money(record, self.layout.credit),
        );
        let amount = self.money(record, self.layout.amount);
        let (debit, credit, amount) = (debit?, credit?, amount?);
        let moved = |money: Option<Money>| money.filter(|money| !money.value.is_zero());
        let column = match (moved(debit), moved(credit)) {
            (Some(_), Some(_)) => {
                self.bad(record, None, "the line has a debit and a credit");
                return Err(());
            }
            (Some(debit), None) => Some((debit.within(Direction::Out), Source::Debit)),
            (None, Some(credit)) => Some((credit.within(Direction::In), Source::Credit)),
            (None, None) => None,
        };
        match (column, amount) {
            (Some((value, _)), Some(amount)) if value.magnitude() != amount.value.magnitude() => {
                self.bad(
                    record,
                    self.layout.amount,
                    "the amount is not that of the debit or credit column; a profile can say which counts",
                );
                Err(())
            }
            (Some(column), _) => Ok(Some(column)),
            (None, Some(amount)) => self.directed(record, amount).map(Some),
            (None, None) => {
                Ok((debit.is_some() || credit.is_some()).then_some((Signed::ZERO, Source::Signed)))
            }
        }
    }

    /// Reads the mark beside an amount.
    fn directed(&mut self, record: &Record<'_>, amount: Money) -> Result<(Signed, Source), ()> {
        let cell = record.maybe(self.layout.direction);
        let beside = self.how.words.direction(cell);
        if beside.is_none() && !cell.is_empty() && !amount.value.is_zero() {
            self.bad(
                record,
                self.layout.direction,
                "this is neither debit nor credit",
            );
            return Err(());
        }
        if let (Some(beside), Some(own)) = (beside, amount.direction)
            && beside != own
        {
            self.bad(
                record,
                self.layout.direction,
                "the mark beside the amount contradicts the one at it",
            );
            return Err(());
        }
        Ok((
            amount.value,
            match beside.or(amount.direction) {
                Some(Direction::In) => Source::In,
                Some(Direction::Out) => Source::Out,
                None if amount.signed || amount.value.is_zero() => Source::Signed,
                None => Source::Plain,
            },
        ))
    }

    fn balance(&mut self, record: &Record<'_>) -> Result<Option<Signed>, ()> {
        let Some(money) = self.money(record, self.layout.balance)? else {
            return Ok(None);
        };
        let beside = self
            .how
            .words
            .direction(record.maybe(self.layout.balance_direction))
            .or(money.direction);
        // An overdrawn balance is marked `DR`, with or without a minus besides.
        let overdrawn = beside == Some(Direction::Out) && !money.value.is_negative();
        Ok(Some(if overdrawn {
            money.value.negated()
        } else {
            money.value
        }))
    }

    fn reference(&mut self, record: &Record<'_>, column: Option<usize>) -> Option<String> {
        let column = column?;
        let cell = record.cell(column);
        if cell.contains('\u{fffd}') {
            self.bad(record, Some(column), LOST);
        }
        (!is_placeholder(cell)).then(|| one_line(cell))
    }

    /// Joins what the columns of description hold, without repeating a text.
    fn description(&self, record: &Record<'_>) -> String {
        let length = self
            .layout
            .description
            .iter()
            .map(|at| record.cell(*at).len() + 1)
            .sum();
        let mut text = String::with_capacity(length);
        for at in &self.layout.description {
            let cell = record.cell(*at);
            if !cell.is_empty() && cell != text {
                push_words(&mut text, cell);
            }
        }
        text.shrink_to_fit();
        text
    }
}

/// What is said of a cell in which a character was replaced before the file came here.
const LOST: &str = "a character is lost (U+FFFD); export the file again, or name its encoding";
