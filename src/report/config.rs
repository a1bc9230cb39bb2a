//! Settings as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, key, row, text},
};

/// A setting and where its value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Option<String>,
    /// Where it comes from: a flag, a variable of the environment, a file, or the default.
    pub source: String,
}

/// The fields of a setting.
pub const FIELDS: &[Field<Setting>] = &[
    key(text("setting", "setting", |of, _| Cell::words(&of.name))),
    key(text("value", "value", |of, _| {
        Cell::maybe(of.value.as_ref())
    })),
    key(text("source", "comes from", |of, _| {
        Cell::words(&of.source)
    })),
];

/// Makes the row of a setting.
pub fn cells(setting: &Setting) -> Vec<Cell> {
    row(FIELDS, setting, Pii::Masked)
}
