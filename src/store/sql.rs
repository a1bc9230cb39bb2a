//! How the ledger's values stand in SQL: text for decimals, dates, instants, ids and the words of
//! states.

use std::rc::Rc;

use rusqlite::{
    Row, Statement, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef},
};
use uuid::Uuid;

use super::Error;
use crate::domain::{
    account::AccountNumber,
    code::Code,
    currency::Currency,
    id::{
        AllocationId, BankAccountId, EventId, HolderId, ImportId, LineId, MatchId, PaymentFileId,
        PaymentId, ProjectId, StatementId, TokenEntryId, UserId, WithdrawalId,
    },
    quantity::{Quantity, QuantityKind},
    signed::Signed,
    time::{Date, Instant, parse_date},
};

/// Which state of the ledger is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// As it stands.
    Now,
    /// As it stood at an instant.
    At(Instant),
}

impl AsOf {
    /// Names the rows of a table that has a history, for a `FROM` clause.
    pub(super) fn source(self, table: &str, columns: &str) -> String {
        match self {
            Self::Now => table.to_owned(),
            Self::At(at) => format!(
                "(SELECT {columns} FROM {table} WHERE updated_at <= '{at}' \
                 UNION ALL SELECT {columns} FROM {table}_history WHERE updated_at <= '{at}' AND superseded_at > '{at}')"
            ),
        }
    }

    /// Tells the instant, where one was named.
    pub fn instant(self) -> Option<Instant> {
        match self {
            Self::Now => None,
            Self::At(at) => Some(at),
        }
    }
}

/// Conditions of a `WHERE` clause with their values.
#[derive(Default)]
pub(super) struct Conditions {
    text: String,
    values: Vec<Rc<dyn ToSql>>,
}

impl Conditions {
    /// Adds a condition with one `?` for its value, where there is a value.
    pub(super) fn and<T: ToSql + 'static>(mut self, condition: &str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.text.push_str(if self.text.is_empty() {
                " WHERE "
            } else {
                " AND "
            });
            self.text.push_str(condition);
            self.values.push(Rc::new(value));
        }
        self
    }

    /// Shows the clause, empty where there is no condition.
    pub(super) fn clause(&self) -> &str {
        &self.text
    }

    /// Binds the values, in order, after the statement's own first `own` parameters.
    pub(super) fn bind(&self, statement: &mut Statement<'_>, own: usize) -> Result<(), Error> {
        for (at, value) in self.values.iter().enumerate() {
            statement.raw_bind_parameter(own + at + 1, value.as_ref())?;
        }
        Ok(())
    }
}

/// Reads the columns of a row one after the other, in the order in which the statement lists them.
pub(super) struct Fields<'row, 'statement> {
    row: &'row Row<'statement>,
    at: usize,
}

impl<'row, 'statement> Fields<'row, 'statement> {
    pub(super) fn of(row: &'row Row<'statement>) -> Self {
        Self::from(row, 0)
    }

    /// Begins at a column in the middle.
    pub(super) fn from(row: &'row Row<'statement>, at: usize) -> Self {
        Self { row, at }
    }

    /// Reads the next column.
    pub(super) fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let at = self.at;
        self.at += 1;
        self.row.get(at)
    }

    /// Reads the next column as one of a set of words.
    pub(super) fn word<T: Copy>(
        &mut self,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> rusqlite::Result<T> {
        let at = self.at;
        self.at += 1;
        let fail = |problem| {
            rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, problem)
        };
        let text = self
            .row
            .get_ref(at)?
            .as_str()
            .map_err(|error| fail(error.into()))?;
        let found = all.iter().copied().find(|value| word(*value) == text);
        found.ok_or_else(|| fail(format!("`{text}` is no known word").into()))
    }
}

macro_rules! written_as_text {
    ($type:ty) => {
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::Owned(Value::Text(self.to_string())))
            }
        }
    };
}

macro_rules! text_columns {
    ($($type:ty: $read:expr),+ $(,)?) => {$(
        written_as_text!($type);
        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let text = value.as_str()?;
                let read: fn(&str) -> Option<Self> = $read;
                read(text).ok_or_else(|| FromSqlError::Other(format!("`{text}` is no {}", stringify!($type)).into()))
            }
        }
    )+};
}

macro_rules! id_columns {
    ($($type:ident),+) => {
        $(
            written_as_text!($type);
            impl FromSql for $type {
                fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                    id_of(value, stringify!($type)).map($type)
                }
            }
        )+
    };
}

/// Reads an id from its bytes: a uuid's letters are the same in every encoding.
fn id_of(value: ValueRef<'_>, name: &str) -> FromSqlResult<Uuid> {
    match value {
        ValueRef::Text(text) => Uuid::try_parse_ascii(text).map_err(|_| {
            FromSqlError::Other(format!("`{}` is no {name}", String::from_utf8_lossy(text)).into())
        }),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(FromSqlError::InvalidType)
        }
    }
}

id_columns!(
    UserId,
    ProjectId,
    HolderId,
    TokenEntryId,
    ImportId,
    EventId,
    AllocationId,
    WithdrawalId,
    PaymentId
);
id_columns!(PaymentFileId, BankAccountId, StatementId, LineId, MatchId);
text_columns! {
    Code: |text| Code::parse(text).ok(),
    Currency: |text| Currency::parse(text).ok(),
    Instant: Instant::parse,
    Signed: Signed::from_canonical,
}

impl<K: QuantityKind> ToSql for Quantity<K> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Text(self.canonical())))
    }
}

impl<K: QuantityKind> FromSql for Quantity<K> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::from_canonical(text).ok_or_else(|| {
            FromSqlError::Other(format!("`{text}` is no canonical {}", K::NAME).into())
        })
    }
}

impl ToSql for AccountNumber {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(
            self.reveal().as_bytes(),
        )))
    }
}

impl FromSql for AccountNumber {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// A date column. The type is chrono's own, so it wears this wrapper in SQL.
pub(super) struct Day(pub(super) Date);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Text(self.0.to_string())))
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        parse_date(value.as_str()?)
            .map(Self)
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}
