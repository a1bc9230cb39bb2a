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
    /// see those that are not empty, before its tables.
    pub lists: Vec<Table>,
    /// The order in which people see the values that it names, the others after them: programs read
    /// what is new at the end, and people where it belongs.
    pub order: &'static [&'static str],
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
    /// Shows columns to people that are otherwise for programs.
    #[must_use]
    pub fn show(mut self, fields: &[&str]) -> Self {
        for column in &mut self.columns {
            if fields.contains(&column.field) {
                column.place = Place::Everywhere;
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
            order: &[],
        }
    }

    /// Makes a record of tables alone.
    pub fn of_tables(tables: Vec<Table>) -> Self {
        Self {
            fields: Vec::new(),
            tables,
            lists: Vec::new(),
            order: &[],
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

    /// Sets the order in which people see the values.
    #[must_use]
    pub fn in_order(self, order: &'static [&'static str]) -> Self {
        Self { order, ..self }
    }

    /// Returns the values in the order in which people see them.
    pub fn ordered(&self) -> Vec<&(Column, Cell)> {
        let mut fields: Vec<_> = self.fields.iter().collect();
        let place = |field| self.order.iter().position(|name| *name == field);
        fields.sort_by_key(|(column, _)| place(column.field).unwrap_or(usize::MAX));
        fields
    }

    /// Returns the tables and lists that people see: what a thing follows from comes before what
    /// followed.
    pub fn seen(&self) -> impl Iterator<Item = &Table> {
        let lists = self.lists.iter().filter(|list| !list.rows.is_empty());
        lists.chain(&self.tables)
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
