//! The values of columns and parameters, and how Rust's own types are read and bound.

use std::ops::Range;

use uuid::Uuid;

use crate::store::Error;

/// A value of a row, borrowed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Value<'v> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// The bits of a binary floating-point number, which this program never writes.
    Real(u64),
    /// Text, which a damaged file may hold in no valid encoding.
    Text(&'v [u8]),
    /// Bytes.
    Blob(&'v [u8]),
}

impl<'v> Value<'v> {
    /// Returns the text of the value, or `None` for NULL.
    pub(in crate::store) fn text(self) -> Result<Option<&'v str>, Mismatch> {
        match self {
            Self::Null => Ok(None),
            Self::Text(bytes) => std::str::from_utf8(bytes)
                .map(Some)
                .map_err(|error| Mismatch::new(error.to_string())),
            Self::Integer(_) | Self::Real(_) | Self::Blob(_) => Err(self.is_not("text")),
        }
    }

    /// Returns the text of the value; any other value is an empty one.
    pub(in crate::store) fn text_or_empty(self) -> &'v str {
        match self.text() {
            Ok(Some(text)) => text,
            Ok(None) | Err(_) => "",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Integer(_) => "an integer",
            Self::Real(_) => "a real number",
            Self::Text(_) => "text",
            Self::Blob(_) => "bytes",
        }
    }

    fn is_not(self, wanted: &str) -> Mismatch {
        Mismatch::new(format!("it is {}, not {wanted}", self.kind()))
    }
}

/// Why a value cannot be read as what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Mismatch(String);

impl Mismatch {
    /// Says what is wrong with the value.
    pub(in crate::store) fn new(detail: impl Into<String>) -> Self {
        Self(detail.into())
    }

    /// Says that a text is not what it should be.
    pub(in crate::store) fn not_a(text: &str, wanted: &str) -> Self {
        Self(format!("`{text}` is not a {wanted}"))
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Values that were bound to a statement, or read from a row, kept one after the other.
#[derive(Default)]
pub(super) struct KeptValues {
    values: Vec<KeptValue>,
    /// The bytes of texts and blobs, one after the other.
    bytes: Vec<u8>,
}

enum KeptValue {
    Null,
    Integer(i64),
    Real(u64),
    Text(Range<usize>),
    Blob(Range<usize>),
}

impl KeptValues {
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.bytes.clear();
    }

    pub(super) fn add(&mut self, value: Value<'_>) {
        let value = match value {
            Value::Null => KeptValue::Null,
            Value::Integer(number) => KeptValue::Integer(number),
            Value::Real(bits) => KeptValue::Real(bits),
            Value::Text(text) => KeptValue::Text(self.keep(text)),
            Value::Blob(bytes) => KeptValue::Blob(self.keep(bytes)),
        };
        self.values.push(value);
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }

    /// Returns the value at a place, counted from 0.
    pub(super) fn get(&self, at: usize) -> Option<Value<'_>> {
        Some(match self.values.get(at)? {
            KeptValue::Null => Value::Null,
            KeptValue::Integer(number) => Value::Integer(*number),
            KeptValue::Real(bits) => Value::Real(*bits),
            KeptValue::Text(range) => Value::Text(self.bytes.get(range.clone())?),
            KeptValue::Blob(range) => Value::Blob(self.bytes.get(range.clone())?),
        })
    }
}

/// What can be read from a column.
pub(in crate::store) trait FromSql: Sized {
    /// Reads the value of a column.
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch>;
}

/// What can be bound to a parameter.
pub(in crate::store) trait ToSql {
    /// Binds the value.
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error>;
}

/// A parameter of a statement, to which one value is bound.
pub(in crate::store) struct Slot<'s, 'c> {
    statement: &'s mut rusqlite::Statement<'c>,
    /// Counted from 1.
    place: usize,
    /// Where the value is kept as well.
    kept: Option<&'s mut KeptValues>,
}

impl<'s, 'c> Slot<'s, 'c> {
    pub(super) fn new(statement: &'s mut rusqlite::Statement<'c>, place: usize) -> Self {
        Self {
            statement,
            place,
            kept: None,
        }
    }

    /// Keeps the value as well.
    pub(super) fn keeping(self, kept: &'s mut KeptValues) -> Self {
        let kept = Some(kept);
        Self { kept, ..self }
    }

    /// Binds a value to the parameter.
    pub(in crate::store) fn bind(&mut self, value: Value<'_>) -> Result<(), Error> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        if let Some(kept) = &mut self.kept {
            kept.add(value);
        }
        let value = match value {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(number),
            Value::Real(_) => return Err(Error::bug("no binary floating-point number is written")),
            Value::Text(text) => ValueRef::Text(text),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        };
        Ok(self
            .statement
            .raw_bind_parameter(self.place, ToSqlOutput::Borrowed(value))?)
    }

    /// Binds text to the parameter.
    pub(in crate::store) fn text(&mut self, text: &str) -> Result<(), Error> {
        self.bind(Value::Text(text.as_bytes()))
    }
}

impl<T: FromSql> FromSql for Option<T> {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            Value::Integer(_) | Value::Real(_) | Value::Text(_) | Value::Blob(_) => {
                T::from_sql(value).map(Some)
            }
        }
    }
}

impl FromSql for i64 {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Integer(number) => Ok(number),
            Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => {
                Err(value.is_not("an integer"))
            }
        }
    }
}

macro_rules! smaller_numbers {
    ($($type:ty),+) => {$(
        impl FromSql for $type {
            fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
                let number = i64::from_sql(value)?;
                number.try_into().map_err(|_| Mismatch::new(format!("{number} is out of range")))
            }
        }
        impl ToSql for $type {
            fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
                let number = i64::try_from(*self)
                    .map_err(|_| Error::bug(format!("{self} is more than the ledger can hold")))?;
                slot.bind(Value::Integer(number))
            }
        }
    )+};
}

smaller_numbers!(u64, u32, usize);

impl FromSql for bool {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        i64::from_sql(value).map(|number| number != 0)
    }
}

impl FromSql for String {
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        text(value).map(str::to_owned)
    }
}

impl FromSql for Uuid {
    /// A UUID's letters are the same in every encoding, so that its bytes are read as they are.
    fn from_sql(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Text(bytes) => Self::try_parse_ascii(bytes)
                .map_err(|_| Mismatch::not_a(&String::from_utf8_lossy(bytes), "UUID")),
            Value::Null | Value::Integer(_) | Value::Real(_) | Value::Blob(_) => {
                Err(value.is_not("text"))
            }
        }
    }
}

/// Reads a value that must be text.
pub(super) fn text(value: Value<'_>) -> Result<&str, Mismatch> {
    value.text()?.ok_or_else(|| value.is_not("text"))
}

impl<T: ToSql + ?Sized> ToSql for &T {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        (**self).to_sql(slot)
    }
}

impl<T: ToSql> ToSql for Option<T> {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        match self {
            Some(value) => value.to_sql(slot),
            None => slot.bind(Value::Null),
        }
    }
}

impl ToSql for i64 {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.bind(Value::Integer(*self))
    }
}

impl ToSql for bool {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.bind(Value::Integer(i64::from(*self)))
    }
}

impl ToSql for str {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(self)
    }
}

impl ToSql for String {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(self)
    }
}

impl ToSql for Vec<u8> {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.bind(Value::Blob(self))
    }
}

impl ToSql for Uuid {
    fn to_sql(&self, slot: &mut Slot<'_, '_>) -> Result<(), Error> {
        slot.text(self.hyphenated().encode_lower(&mut Self::encode_buffer()))
    }
}

impl<'v> From<rusqlite::types::ValueRef<'v>> for Value<'v> {
    fn from(value: rusqlite::types::ValueRef<'v>) -> Self {
        use rusqlite::types::ValueRef;
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number.to_bits()),
            ValueRef::Text(text) => Self::Text(text),
            ValueRef::Blob(bytes) => Self::Blob(bytes),
        }
    }
}
