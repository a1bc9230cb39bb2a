//! What commands print: pure descriptions of typed cells, the same for every output format.
//!
//! A list is a [`Columns`] description and a stream of rows; a single thing is a [`Record`].
//! Nothing here knows a format.

pub mod activity;
pub mod analytics;
pub mod audit;
pub mod bank;
pub mod dashboard;
pub mod event;
pub mod holder;
pub mod holder_statement;
pub mod journal;
pub mod ledger;
pub mod nav;
pub mod payment;
pub mod payment_file;
pub mod portfolio;
pub mod project;
pub mod reconciliation;
pub mod token;
pub mod user;
pub mod withdrawal;

use crate::domain::{
    account::AccountNumber,
    activity::Head,
    currency::Currency,
    quantity::{Percent, Tokens, Total},
    signed::Signed,
    time::{Date, Instant},
    user::FourEyes,
};

/// One value of a report, typed so that each format can write it its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing: an empty field, `null`.
    Empty,
    /// Words.
    Text(String),
    /// Money, negative where it goes out; the currency stands in a column of its own and tells how
    /// many decimals are shown at least.
    Money(Signed, Currency),
    /// LP tokens.
    Tokens(Total),
    /// A percentage.
    Percent(Percent),
    /// A quotient, rounded as its column says: an index, an average, a part of a whole. It is no
    /// money and never added up.
    Ratio(Signed),
    /// Money over time, the oldest first: an array in JSON, separated by spaces elsewhere, a
    /// drawing on a terminal.
    Series(Vec<Signed>, Currency),
    /// A whole number.
    Count(i64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(Date),
    /// A moment in UTC.
    Instant(Instant),
    /// An account number; masked unless it was asked for.
    Account(AccountNumber, Pii),
    /// Names of things: an array in JSON, separated by spaces elsewhere.
    Names(Vec<String>),
    /// A JSON value that is passed on as it is.
    Json(serde_json::Value),
}

/// Whether personal data is shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pii {
    /// Account numbers show their last four digits.
    Masked,
    /// Account numbers are shown whole; the audit trail says who asked.
    Shown,
}

/// Where a column appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In tables, CSV and JSON.
    Everywhere,
    /// In CSV and JSON only: too much for a table.
    Data,
    /// In CSV and JSON as figures; in a table only where it can be drawn.
    Drawn,
}

/// Whether a table draws a bar beside a column's numbers, where it can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// No.
    No,
    /// Yes, as long as the number is large beside the largest one of its currency.
    Bar,
}

/// Whether a table that is too wide for its terminal may leave a column out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Before all others.
    Last,
    /// After those, and before what is added up.
    Usual,
    /// Never.
    Always,
}

/// Whether a table adds a column up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// No.
    No,
    /// Yes, in a totals row per currency (money) or for all rows (tokens, percentages, counts).
    Yes,
}

/// One column: its field name in CSV and JSON and its heading in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The field name, `snake_case`.
    pub field: &'static str,
    /// The heading.
    pub heading: &'static str,
    /// Where it appears.
    pub place: Place,
    /// Whether tables add it up.
    pub sum: Sum,
    /// Whether tables draw it.
    pub draw: Draw,
    /// Whether a narrow table may leave it out.
    pub keep: Keep,
}

impl Column {
    /// Lets tables draw bars beside it.
    #[must_use]
    pub const fn with_bar(self) -> Self {
        Self {
            draw: Draw::Bar,
            ..self
        }
    }

    /// Lets a narrow table leave it out first.
    #[must_use]
    pub const fn minor(self) -> Self {
        Self {
            keep: Keep::Last,
            ..self
        }
    }

    /// Keeps it in every table.
    #[must_use]
    pub const fn key(self) -> Self {
        Self {
            keep: Keep::Always,
            ..self
        }
    }
}

/// The columns of a list.
pub type Columns = &'static [Column];

/// Describes a column that appears everywhere.
pub const fn column(field: &'static str, heading: &'static str) -> Column {
    Column {
        field,
        heading,
        place: Place::Everywhere,
        sum: Sum::No,
        draw: Draw::No,
        keep: Keep::Usual,
    }
}

/// Describes a column that appears everywhere and is added up in tables.
pub const fn summed(field: &'static str, heading: &'static str) -> Column {
    Column {
        sum: Sum::Yes,
        ..column(field, heading)
    }
}

/// Describes a column of CSV and JSON only.
pub const fn data(field: &'static str) -> Column {
    Column {
        place: Place::Data,
        ..column(field, field)
    }
}

/// Describes a column that tables show only where they can draw it.
pub const fn drawn(field: &'static str, heading: &'static str) -> Column {
    Column {
        place: Place::Drawn,
        ..column(field, heading)
    }
}

/// What a report is about and which state of the ledger it shows. It stands in pages, sheets and
/// documents, and under tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The title.
    pub title: String,
    /// The day that it shows, in UTC.
    pub as_of: Date,
    /// The head of the audit trail at the end of that day.
    pub head: Head,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
}

impl About {
    /// Tells the state that it shows, with the whole hash, so that a document proves as much as the
    /// ledger can.
    pub fn state(&self) -> String {
        self.state_with(&self.head.hash)
    }

    /// Tells the state that it shows, with the beginning of the hash, which a line under a table
    /// has room for.
    pub fn brief_state(&self) -> String {
        self.state_with(self.head.hash.get(..12).unwrap_or(&self.head.hash))
    }

    fn state_with(&self, hash: &str) -> String {
        let Self {
            as_of,
            head,
            four_eyes,
            ..
        } = self;
        format!(
            "as of {as_of} · four eyes {} · audit head {} {hash}",
            four_eyes.as_str(),
            head.seq
        )
    }
}

/// A small table that is held whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its key in JSON and its caption in tables.
    pub name: &'static str,
    /// Its columns.
    pub columns: Columns,
    /// Its rows, one cell per column.
    pub rows: Vec<Vec<Cell>>,
}

/// A single thing: named values, and tables that belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The values, in order.
    pub fields: Vec<(Column, Cell)>,
    /// The tables, in order.
    pub tables: Vec<Table>,
}

impl Cell {
    /// Makes a cell of words.
    pub fn text(words: impl std::fmt::Display) -> Self {
        Self::Text(words.to_string())
    }

    /// Makes a cell of words that are text already: a copy, without what `Display` costs in lists
    /// of millions.
    pub fn words(words: &str) -> Self {
        Self::Text(words.to_owned())
    }

    /// Makes a cell of words, or an empty one.
    pub fn maybe(words: Option<impl std::fmt::Display>) -> Self {
        words.map_or(Self::Empty, Self::text)
    }

    /// Makes a cell of money.
    pub fn money(amount: crate::domain::quantity::Amount, currency: Currency) -> Self {
        Self::Money(amount.into(), currency)
    }

    /// Makes a cell of a whole number.
    pub fn count(number: u64) -> Self {
        // More than 2^63 rows fit no ledger.
        Self::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Makes a cell of tokens.
    pub fn tokens(tokens: Tokens) -> Self {
        Self::Tokens(tokens.widen())
    }

    /// Makes a cell of signed money, or an empty one.
    pub fn signed(amount: Option<Signed>, currency: Currency) -> Self {
        amount.map_or(Self::Empty, |amount| Self::Money(amount, currency))
    }

    /// Makes a cell of names.
    pub fn names(names: impl IntoIterator<Item = impl std::fmt::Display>) -> Self {
        Self::Names(names.into_iter().map(|name| name.to_string()).collect())
    }

    /// Makes a cell of a moment, or an empty one.
    pub fn at(instant: Option<Instant>) -> Self {
        instant.map_or(Self::Empty, Self::Instant)
    }

    /// Makes a cell of a day, or an empty one.
    pub fn on(date: Option<Date>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }
}

impl Record {
    /// Names the cells of a row by their columns.
    pub fn of(columns: Columns, cells: Vec<Cell>) -> Self {
        Self {
            fields: columns.iter().copied().zip(cells).collect(),
            tables: Vec::new(),
        }
    }

    /// Tells what it is in words: `event E-1` where its first visible value is a name, or else what
    /// its first table lists.
    pub fn title(&self) -> Option<String> {
        let visible = self
            .fields
            .iter()
            .find(|(column, _)| column.place == Place::Everywhere);
        if let Some((column, Cell::Text(name))) = visible {
            return Some(format!("{} {name}", column.heading));
        }
        self.tables
            .first()
            .map(|table| table.name.replace('_', " "))
    }
}

/// Lets columns of a record that are for data only appear for people too, under a heading.
fn show(record: &mut Record, headings: &[(&str, &'static str)]) {
    for (column, _) in &mut record.fields {
        if let Some((_, heading)) = headings.iter().find(|(field, _)| *field == column.field) {
            column.heading = heading;
            column.place = Place::Everywhere;
        }
    }
}
