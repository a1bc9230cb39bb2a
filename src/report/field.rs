//! The fields of a noun. One list says for each field how it is called, how it is shown and how its
//! cell is made.

use super::{
    cell::{Cell, CellKind, Pii},
    column::{Column, Draw, Keep, Place, Sum},
};

/// One field of a noun.
#[derive(Debug)]
pub struct Field<T> {
    column: Column,
    cell: fn(&T, Pii) -> Cell,
}

impl<T> Field<T> {
    const fn new(
        kind: CellKind,
        field: &'static str,
        heading: &'static str,
        cell: fn(&T, Pii) -> Cell,
    ) -> Self {
        Self {
            column: Column::new(kind, field, heading),
            cell,
        }
    }

    /// Returns its column.
    pub const fn column(&self) -> Column {
        self.column
    }

    /// Makes its cell for one thing.
    pub fn cell(&self, thing: &T, pii: Pii) -> Cell {
        let cell = (self.cell)(thing, pii);
        debug_assert!(
            cell.kind().is_none_or(|kind| kind == self.column.kind),
            "`{}` is not a {:?}",
            self.column.field,
            self.column.kind
        );
        cell
    }
}

macro_rules! constructors {
    ($($name:ident: $kind:ident, $what:literal;)*) => {$(
        #[doc = concat!("Describes a field of ", $what, " that appears everywhere.")]
        pub(super) const fn $name<T>(
            field: &'static str,
            heading: &'static str,
            cell: fn(&T, Pii) -> Cell,
        ) -> Field<T> {
            Field::new(CellKind::$kind, field, heading, cell)
        }
    )*};
}

constructors! {
    text: Text, "words";
    money: Money, "money";
    tokens: Tokens, "LP tokens";
    percent: Percent, "a percentage";
    ratio: Ratio, "a quotient";
    series: Series, "money over time";
    count: Count, "a whole number";
    flag: Flag, "yes or no";
    date: Date, "a date";
    instant: Instant, "a moment";
    account: Account, "an account number";
    names: Names, "names of things";
    json: Json, "a JSON value";
}

/// Shows a field in tables only where a value of it is there and not zero.
pub(super) const fn used<T>(mut field: Field<T>) -> Field<T> {
    field.column.place = Place::Used;
    field
}

/// Shows a field in tables only for a single thing.
pub(super) const fn detail<T>(mut field: Field<T>) -> Field<T> {
    field.column.place = Place::Detail;
    field
}

/// Hides a field from tables.
pub(super) const fn data<T>(mut field: Field<T>) -> Field<T> {
    field.column.place = Place::Data;
    field
}

/// Shows a field in tables only if they can draw it.
pub(super) const fn drawn<T>(mut field: Field<T>) -> Field<T> {
    field.column.place = Place::Drawn;
    field
}

/// Lets tables add a field up.
pub(super) const fn summed<T>(mut field: Field<T>) -> Field<T> {
    field.column.sum = Sum::Yes;
    field
}

/// Leaves the rows with one of these values out of the totals.
pub(super) const fn uncounting<T>(
    mut field: Field<T>,
    values: &'static [&'static str],
) -> Field<T> {
    field.column.uncounted = values;
    field
}

/// Lets tables draw bars next to a field.
pub(super) const fn with_bar<T>(mut field: Field<T>) -> Field<T> {
    field.column.draw = Draw::Bar;
    field
}

/// Lets a narrow table leave a field out first.
pub(super) const fn minor<T>(mut field: Field<T>) -> Field<T> {
    field.column.keep = Keep::Last;
    field
}

/// Keeps a field in every table.
pub(super) const fn key<T>(mut field: Field<T>) -> Field<T> {
    field.column.keep = Keep::Always;
    field
}

/// Returns the columns of a list of things.
pub fn columns<T>(fields: &[Field<T>]) -> Vec<Column> {
    fields.iter().map(Field::column).collect()
}

/// Makes the cells of one thing, in the order of its columns.
pub fn row<T>(fields: &[Field<T>], thing: &T, pii: Pii) -> Vec<Cell> {
    fields.iter().map(|field| field.cell(thing, pii)).collect()
}
