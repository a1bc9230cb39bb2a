//! The values that are bound to the parameters of a statement.

use super::value::{Slot, ToSql};
use crate::store::Error;

/// Values for all parameters of a statement.
pub(in crate::store) trait Params {
    /// Binds every value; returns how many there were.
    fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error>;
}

fn bind_in_order<'v>(
    statement: &mut rusqlite::Statement<'_>,
    values: impl Iterator<Item = &'v dyn ToSql>,
) -> Result<usize, Error> {
    let mut place = 0;
    for value in values {
        place += 1;
        value.to_sql(&mut Slot::new(statement, place))?;
    }
    Ok(place)
}

impl Params for () {
    fn bind(&self, _statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error> {
        Ok(0)
    }
}

impl<T: ToSql, const N: usize> Params for [T; N] {
    fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error> {
        let mut place = 0;
        for value in self {
            place += 1;
            value.to_sql(&mut Slot::new(statement, place))?;
        }
        Ok(place)
    }
}

/// Values for `?1`, `?2` and so on.
impl Params for &[&dyn ToSql] {
    fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error> {
        bind_in_order(statement, self.iter().copied())
    }
}

impl<const N: usize> Params for &[&dyn ToSql; N] {
    fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error> {
        bind_in_order(statement, self.iter().copied())
    }
}

macro_rules! tuples {
    ($(($($type:ident $field:tt),+)),+ $(,)?) => {$(
        impl<$($type: ToSql),+> Params for ($($type,)+) {
            fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error> {
                let values: &[&dyn ToSql] = &[$(&self.$field),+];
                bind_in_order(statement, values.iter().copied())
            }
        }
    )+};
}

tuples! {
    (A 0),
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
}

/// Conditions of a `WHERE` clause with their values.
#[derive(Default)]
pub(in crate::store) struct Conditions {
    clause: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Conditions {
    /// Adds a value for a parameter of the statement that comes before the conditions.
    pub(in crate::store) fn after<T: ToSql + 'static>(mut self, value: T) -> Self {
        self.values.push(Box::new(value));
        self
    }

    /// Adds a condition with one `?` for its value, if there is a value.
    pub(in crate::store) fn and<T: ToSql + 'static>(
        mut self,
        condition: &str,
        value: Option<T>,
    ) -> Self {
        if let Some(value) = value {
            self.clause.push_str(if self.clause.is_empty() {
                " WHERE "
            } else {
                " AND "
            });
            self.clause.push_str(condition);
            self.values.push(Box::new(value));
        }
        self
    }

    /// Returns the clause, which is empty without conditions.
    pub(in crate::store) fn clause(&self) -> &str {
        &self.clause
    }
}

impl Params for &Conditions {
    fn bind(&self, statement: &mut rusqlite::Statement<'_>) -> Result<usize, Error> {
        bind_in_order(statement, self.values.iter().map(AsRef::as_ref))
    }
}
