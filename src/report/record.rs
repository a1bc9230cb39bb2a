//! Single things and small tables, which are held in memory.

use std::borrow::Borrow;

use super::{
    cell::{Cell, Pii},
    column::{Column, Place},
    field::{self, Field},
};

/// A small table that is held in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its key in JSON and its caption in tables.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
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
    /// Lists that belong to the thing. CSV leaves them out, since its row is the thing, and people
    /// see those that are not empty.
    pub lists: Vec<Table>,
}

impl Table {
    /// Makes a table with a row for each thing.
    pub fn of<T>(
        name: &'static str,
        fields: &[Field<T>],
        things: impl IntoIterator<Item: Borrow<T>>,
        pii: Pii,
    ) -> Self {
        let rows = things.into_iter();
        Self {
            name,
            columns: field::columns(fields),
            rows: rows
                .map(|thing| field::row(fields, thing.borrow(), pii))
                .collect(),
        }
    }
}

impl Table {
    /// Hides columns of money from tables if all of their values are zero: what a ledger does not
    /// use takes no room.
    #[must_use]
    pub fn hide_zero(mut self, fields: &[&str]) -> Self {
        for (at, column) in self.columns.iter_mut().enumerate() {
            let zero = |row: &Vec<Cell>| matches!(row.get(at), Some(Cell::Money(amount, _)) if amount.is_zero());
            if fields.contains(&column.field) && self.rows.iter().all(zero) {
                column.place = Place::Data;
            }
        }
        self
    }
}

impl Record {
    /// Makes a record of a thing, its details included.
    pub fn of<T>(fields: &[Field<T>], thing: &T, pii: Pii) -> Self {
        let named = |field: &Field<T>| (field.column().of_single(), field.cell(thing, pii));
        Self {
            fields: fields.iter().map(named).collect(),
            tables: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// Makes a record of tables alone.
    pub fn of_tables(tables: Vec<Table>) -> Self {
        Self {
            fields: Vec::new(),
            tables,
            lists: Vec::new(),
        }
    }

    /// Adds the fields of another thing.
    #[must_use]
    pub fn and<T>(mut self, fields: &[Field<T>], thing: &T, pii: Pii) -> Self {
        self.fields.extend(Self::of(fields, thing, pii).fields);
        self
    }

    /// Hides fields from tables.
    #[must_use]
    pub fn hide(mut self, fields: &[&str]) -> Self {
        for (column, _) in &mut self.fields {
            if fields.contains(&column.field) {
                column.place = Place::Data;
            }
        }
        self
    }

    /// Adds a table.
    #[must_use]
    pub fn with(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// Adds a list that belongs to the thing.
    #[must_use]
    pub fn with_list(mut self, list: Table) -> Self {
        self.lists.push(list);
        self
    }

    /// Returns the tables and lists that people see.
    pub fn seen(&self) -> impl Iterator<Item = &Table> {
        let lists = self.lists.iter().filter(|list| !list.rows.is_empty());
        self.tables.iter().chain(lists)
    }

    /// Returns what it is in words: `event E-1` if its first visible value is a name, otherwise
    /// what its first table lists.
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
