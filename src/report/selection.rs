//! Which rows and fields of a list are shown, and in which order: one place for the list of every
//! noun, on its typed cells.

mod natural;

use std::cmp::Ordering;

use thiserror::Error;

use self::natural::in_natural_order;
use super::{
    cell::{Cell, CellKind, Pii},
    column::{Column, Place},
};
use crate::domain::{
    matching::fold,
    quantity::ONE,
    time::{Date, Instant, parse_date},
};

/// What is asked of a list, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowRequest {
    /// The fields by which it is sorted, with `-` before those of which the largest comes first.
    pub sort: Vec<String>,
    /// How many rows are shown at most.
    pub limit: Option<u64>,
    /// The fields that are shown, in this order; all if there are none.
    pub fields: Vec<String>,
    /// The values that fields must have. Of several values of one field, one is enough.
    pub conditions: Vec<Condition>,
    /// A text that a name or a code must have.
    pub search: Option<String>,
}

/// A field and the value that it must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// The value; empty if the field must be.
    pub value: String,
}

/// Why a list cannot be shown like this.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SelectionError {
    /// The list has no such field.
    #[error("this list has no field `{field}`; its fields: {}", known.join(", "))]
    UnknownField {
        /// The field.
        field: String,
        /// The fields of the list.
        known: Vec<&'static str>,
        /// The field whose heading was given.
        headed: Option<&'static str>,
    },
    /// No cell of the field can have the value.
    #[error("`{field}` is {kind}, and `{value}` is not")]
    Value {
        /// The field.
        field: &'static str,
        /// What its values are.
        kind: &'static str,
        /// The value.
        value: String,
    },
    /// The fields hold no words to search.
    #[error("this list has no names and codes to search")]
    NothingToSearch,
}

/// Whether a row is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is shown now.
    Show,
    /// It is not shown now: it does not fit, or its place is known only at the end.
    Wait,
    /// It would be the first one beyond the limit: no more rows are needed.
    Enough,
}

/// A row on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedRow {
    /// Its cells, one for each selected column.
    pub cells: Vec<Cell>,
    /// The status for which totals leave it out.
    pub uncounted: Option<String>,
}

/// Which rows and fields of a list are shown, and in which order.
#[derive(Debug)]
pub struct Selection {
    columns: Vec<Column>,
    /// The places of the shown columns; `None` for all.
    shown: Option<Vec<usize>>,
    order: Vec<Order>,
    tests: Vec<Test>,
    search: Option<Search>,
    limit: Option<u64>,
    /// How many rows were shown, or fit so far.
    rows: u64,
    sorted: Vec<Sorted>,
    /// The place of the column that says whether a row counts.
    counting: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    at: usize,
    direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// The values of a column, of which a row must have one.
#[derive(Debug)]
struct Test {
    at: usize,
    wanted: Vec<Wanted>,
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Empty,
    Words(String),
    Number(i128),
    Flag(bool),
    Date(Date),
    Instant(Instant),
}

#[derive(Debug)]
struct Search {
    places: Vec<usize>,
    folded: String,
}

#[derive(Debug)]
struct Sorted {
    keys: Vec<Option<SortKey>>,
    row: SelectedRow,
}

/// By what a row is sorted; what is empty comes last in both directions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(i128),
    Words(String, String),
    Flag(bool),
    Date(Date),
    Instant(Instant),
}

/// Columns of words that are neither names nor codes.
const NOT_SEARCHED: [&str; 12] = [
    "id", "status", "currency", "means", "type", "role", "kind", "class", "format", "reason",
    "hash", "action",
];

impl Selection {
    /// Finds what is asked for among the columns of a list.
    ///
    /// # Errors
    /// [`SelectionError`] for a field that the list does not have, and a value that a field cannot
    /// have.
    pub fn new(columns: &[Column], request: &RowRequest) -> Result<Self, SelectionError> {
        let mut order = Vec::new();
        for field in &request.sort {
            let (name, direction) = match field.strip_prefix('-') {
                Some(name) => (name, Direction::Down),
                None => (field.as_str(), Direction::Up),
            };
            let at = place_of(columns, name)?;
            order.push(Order { at, direction });
        }
        let shown: Vec<usize> = request
            .fields
            .iter()
            .map(|name| place_of(columns, name))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            order,
            tests: tests(columns, &request.conditions)?,
            search: search(columns, request.search.as_deref())?,
            shown: (!shown.is_empty()).then_some(shown),
            limit: request.limit,
            rows: 0,
            sorted: Vec::new(),
            counting: columns
                .iter()
                .position(|column| !column.uncounted.is_empty()),
            columns: columns.to_vec(),
        })
    }

    /// Returns the columns that are shown. Those that were asked for are in tables too.
    pub fn columns(&self) -> Vec<Column> {
        match &self.shown {
            None => self.columns.clone(),
            Some(shown) => shown
                .iter()
                .filter_map(|at| self.columns.get(*at))
                .map(|column| Column {
                    place: Place::Everywhere,
                    ..*column
                })
                .collect(),
        }
    }

    /// Decides on a row. One whose place is known only at the end is kept for [`Self::rest`].
    pub fn take(&mut self, cells: &[Cell]) -> Verdict {
        let fits = self.tests.iter().all(|test| test.fits(cells))
            && self.search.as_ref().is_none_or(|search| search.fits(cells));
        if !fits {
            return Verdict::Wait;
        }
        if self.order.is_empty() {
            if self.limit == Some(self.rows) {
                return Verdict::Enough;
            }
            self.rows += 1;
            return Verdict::Show;
        }
        self.rows += 1;
        let keys = |order: &Order| cells.get(order.at).and_then(SortKey::of);
        self.sorted.push(Sorted {
            keys: self.order.iter().map(keys).collect(),
            row: self.selected(cells),
        });
        if let Some(most) = self.limit.and_then(|limit| usize::try_from(limit).ok())
            && self.sorted.len() / 2 > most.max(500)
        {
            self.sort();
            self.sorted.truncate(most);
        }
        Verdict::Wait
    }

    /// Makes the row that is shown of some cells.
    pub fn selected(&self, cells: &[Cell]) -> SelectedRow {
        let shown = match &self.shown {
            None => cells.to_vec(),
            Some(shown) => shown
                .iter()
                .map(|at| cells.get(*at).cloned().unwrap_or(Cell::Empty))
                .collect(),
        };
        SelectedRow {
            cells: shown,
            uncounted: self.uncounted(cells).map(str::to_owned),
        }
    }

    /// Returns the status for which totals leave a row out.
    pub fn uncounted<'c>(&self, cells: &'c [Cell]) -> Option<&'c str> {
        let at = self.counting?;
        uncounted(self.columns.get(at)?, cells.get(at)?)
    }

    /// Returns whether rows are shown as they come, with all of their cells.
    pub fn shows_all_fields(&self) -> bool {
        self.shown.is_none()
    }

    /// Returns whether rows are shown only when all of them are known.
    pub fn is_sorted(&self) -> bool {
        !self.order.is_empty()
    }

    /// Returns the sorted rows, up to the limit, and whether there are more.
    pub fn rest(&mut self) -> (Vec<SelectedRow>, More) {
        self.sort();
        let rows: Vec<SelectedRow> = std::mem::take(&mut self.sorted)
            .into_iter()
            .map(|sorted| sorted.row)
            .take(
                self.limit
                    .and_then(|limit| usize::try_from(limit).ok())
                    .unwrap_or(usize::MAX),
            )
            .collect();
        let more = match self.limit {
            Some(limit) if self.is_sorted() && self.rows > limit => More::LeftOut,
            Some(_) | None => More::No,
        };
        (rows, more)
    }

    fn sort(&mut self) {
        let order = &self.order;
        // Stable: rows of equal keys stay in the order of the list.
        self.sorted.sort_by(|one, other| {
            let pairs = one.keys.iter().zip(&other.keys).zip(order);
            pairs
                .map(|((one, other), order)| {
                    compared(one.as_ref(), other.as_ref(), order.direction)
                })
                .find(|ordering| *ordering != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        });
    }
}

/// Whether a limit left rows out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// It did not.
    No,
    /// It did.
    LeftOut,
}

/// Returns the status for which totals leave a row out, of the column that says it.
pub fn uncounted<'c>(column: &Column, cell: &'c Cell) -> Option<&'c str> {
    let Cell::Text(status) = cell else {
        return None;
    };
    let status = status.as_str();
    column.uncounted.contains(&status).then_some(status)
}

fn place_of(columns: &[Column], name: &str) -> Result<usize, SelectionError> {
    let name = name.trim();
    let found = columns.iter().position(|column| column.field == name);
    found.ok_or_else(|| SelectionError::UnknownField {
        field: name.to_owned(),
        known: columns.iter().map(|column| column.field).collect(),
        headed: columns
            .iter()
            .find(|column| column.heading.eq_ignore_ascii_case(name))
            .map(|column| column.field),
    })
}

fn tests(columns: &[Column], conditions: &[Condition]) -> Result<Vec<Test>, SelectionError> {
    let mut tests: Vec<Test> = Vec::new();
    for Condition { field, value } in conditions {
        let at = place_of(columns, field)?;
        let Some(column) = columns.get(at) else {
            continue;
        };
        let wanted = wanted(column, value)?;
        match tests.iter_mut().find(|test| test.at == at) {
            Some(test) => test.wanted.push(wanted),
            None => tests.push(Test {
                at,
                wanted: vec![wanted],
            }),
        }
    }
    Ok(tests)
}

fn wanted(column: &Column, value: &str) -> Result<Wanted, SelectionError> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(Wanted::Empty);
    }
    let (kind, wanted) = match column.kind {
        CellKind::Money
        | CellKind::Tokens
        | CellKind::Percent
        | CellKind::Ratio
        | CellKind::Count => ("a number such as 1250.50", units(value).map(Wanted::Number)),
        CellKind::Flag => (
            "true or false",
            match value.to_ascii_lowercase().as_str() {
                "true" | "yes" => Some(Wanted::Flag(true)),
                "false" | "no" => Some(Wanted::Flag(false)),
                _ => None,
            },
        ),
        CellKind::Date => (
            "a date as YYYY-MM-DD",
            parse_date(value).ok().map(Wanted::Date),
        ),
        CellKind::Instant => (
            "a moment: a date as YYYY-MM-DD, or all of it",
            Instant::parse(value)
                .map(Wanted::Instant)
                .or_else(|| parse_date(value).ok().map(Wanted::Date)),
        ),
        CellKind::Text
        | CellKind::Account
        | CellKind::Names
        | CellKind::Series
        | CellKind::Json => ("words", Some(Wanted::Words(fold(value)))),
    };
    wanted.ok_or_else(|| SelectionError::Value {
        field: column.field,
        kind,
        value: value.to_owned(),
    })
}

/// Reads a plain decimal in ten-millionths.
fn units(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 7 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let fraction: i128 = format!("{fraction:0<7}").parse().ok()?;
    let units = whole.checked_mul(ONE)?.checked_add(fraction)?;
    Some(if negative { -units } else { units })
}

fn search(columns: &[Column], text: Option<&str>) -> Result<Option<Search>, SelectionError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let is_searched = |column: &Column| {
        matches!(column.kind, CellKind::Text | CellKind::Names)
            && !NOT_SEARCHED.contains(&column.field)
            && !column.field.ends_with("_id")
    };
    let places: Vec<usize> = (0..)
        .zip(columns)
        .filter(|(_, column)| is_searched(column))
        .map(|(at, _)| at)
        .collect();
    if places.is_empty() {
        return Err(SelectionError::NothingToSearch);
    }
    Ok(Some(Search {
        places,
        folded: fold(text),
    }))
}

impl Test {
    fn fits(&self, cells: &[Cell]) -> bool {
        let cell = cells.get(self.at).unwrap_or(&Cell::Empty);
        self.wanted.iter().any(|wanted| wanted.is(cell))
    }
}

impl Wanted {
    fn is(&self, cell: &Cell) -> bool {
        match (self, cell) {
            (Self::Empty, Cell::Empty) => true,
            (Self::Empty, Cell::Names(names)) => names.is_empty(),
            (Self::Empty, Cell::Text(words)) => words.is_empty(),
            (Self::Flag(wanted), Cell::Flag(flag)) => wanted == flag,
            (Self::Date(wanted), Cell::Date(date)) => wanted == date,
            (Self::Date(wanted), Cell::Instant(at)) => *wanted == at.date(),
            (Self::Instant(wanted), Cell::Instant(at)) => wanted == at,
            (Self::Number(wanted), cell) => cell.number() == Some(*wanted),
            (Self::Words(wanted), Cell::Names(names)) => {
                names.iter().any(|name| fold(name) == *wanted)
            }
            (Self::Words(wanted), cell) => {
                words_of(cell).is_some_and(|words| fold(&words) == *wanted)
            }
            (Self::Empty | Self::Flag(_) | Self::Date(_) | Self::Instant(_), _) => false,
        }
    }
}

/// Returns the words of a cell as they are shown: nobody learns a masked number by asking for it.
fn words_of(cell: &Cell) -> Option<std::borrow::Cow<'_, str>> {
    Some(match cell {
        Cell::Text(words) => words.into(),
        Cell::Account(number, Pii::Shown) => number.reveal().into(),
        Cell::Account(number, Pii::Masked) => number.masked().into(),
        Cell::Names(names) => names.join(" ").into(),
        Cell::Json(value) => value.to_string().into(),
        Cell::Empty
        | Cell::Money(..)
        | Cell::Tokens(_)
        | Cell::Percent(_)
        | Cell::Ratio(_)
        | Cell::Series(..)
        | Cell::Count(_)
        | Cell::Flag(_)
        | Cell::Date(_)
        | Cell::Instant(_) => return None,
    })
}

impl Search {
    fn fits(&self, cells: &[Cell]) -> bool {
        let has = |words: &str| fold(words).contains(&self.folded);
        let mut found = self.places.iter().filter_map(|at| cells.get(*at));
        found.any(|cell| {
            if let Cell::Names(names) = cell {
                names.iter().any(|name| has(name))
            } else {
                matches!(cell, Cell::Text(words) if has(words))
            }
        })
    }
}

impl SortKey {
    fn of(cell: &Cell) -> Option<Self> {
        Some(match cell {
            Cell::Empty => return None,
            Cell::Flag(flag) => Self::Flag(*flag),
            Cell::Date(date) => Self::Date(*date),
            Cell::Instant(instant) => Self::Instant(*instant),
            Cell::Series(amounts, _) => Self::Number(amounts.last()?.units()),
            Cell::Money(..)
            | Cell::Tokens(_)
            | Cell::Percent(_)
            | Cell::Ratio(_)
            | Cell::Count(_) => Self::Number(cell.number()?),
            Cell::Text(_) | Cell::Account(..) | Cell::Names(_) | Cell::Json(_) => {
                let words = words_of(cell).filter(|words| !words.is_empty())?;
                Self::Words(in_natural_order(&fold(&words)), words.into_owned())
            }
        })
    }
}

/// Compares two keys; what is empty comes last in both directions.
fn compared(one: Option<&SortKey>, other: Option<&SortKey>, direction: Direction) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => match direction {
            Direction::Up => one.cmp(other),
            Direction::Down => other.cmp(one),
        },
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests;
