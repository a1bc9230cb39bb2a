//! The forms of the ledger's values in SQL: text for decimals, dates, instants, ids and the words of
//! states.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef},
};
use uuid::Uuid;

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
            FromSqlError::Other(format!("`{text}` is not a canonical {}", K::NAME).into())
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
