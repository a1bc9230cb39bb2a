//! A row of a result, and whole values read from its columns.

use std::{collections::HashMap, rc::Rc};

use super::value::{FromSql, Mismatch, Value, text};
use crate::domain::{
    account::{BankAccount, BankDetails},
    event::Approval,
    holder::HolderStatus,
    holder_account::Unblocking,
    id::{
        AccountRef, BankAccountId, EventId, EventRef, HolderId, HolderRef, ProjectId, ProjectRef,
        UserId, UserRef,
    },
    time::DayRange,
};
use crate::store::Error;

/// A row of a result. Its columns are read one after the other, or by their place.
pub(in crate::store) struct Row<'r> {
    row: &'r rusqlite::Row<'r>,
    next: usize,
}

impl<'r> Row<'r> {
    pub(super) fn new(row: &'r rusqlite::Row<'r>) -> Self {
        Self { row, next: 0 }
    }

    /// Reads the next column.
    pub(in crate::store) fn next<T: FromSql>(&mut self) -> Result<T, Error> {
        let at = self.next;
        self.next += 1;
        self.get(at)
    }

    /// Reads the column at a place, counted from 0.
    pub(in crate::store) fn get<T: FromSql>(&self, at: usize) -> Result<T, Error> {
        T::from_sql(self.value(at)?).map_err(|mismatch| self.unreadable(at, &mismatch))
    }

    /// Reads the next columns as a whole value.
    pub(in crate::store) fn read<T: FromRow>(&mut self, codes: &Codes) -> Result<T, Error> {
        T::from_row(self, codes)
    }

    /// Passes over the next column.
    pub(in crate::store) fn skip(&mut self) {
        self.next += 1;
    }

    /// Goes on with the column at a place.
    pub(in crate::store) fn go_to(&mut self, at: usize) -> &mut Self {
        self.next = at;
        self
    }

    /// Returns the text of the column at a place, which must not be NULL.
    pub(in crate::store) fn text(&self, at: usize) -> Result<&'r str, Error> {
        text(self.value(at)?).map_err(|mismatch| self.unreadable(at, &mismatch))
    }

    /// Returns the text of the column at a place, if it is not NULL.
    pub(in crate::store) fn optional_text(&self, at: usize) -> Result<Option<&'r str>, Error> {
        (self.value(at)?.text()).map_err(|mismatch| self.unreadable(at, &mismatch))
    }

    /// Returns the value of the column at a place.
    pub(in crate::store) fn value(&self, at: usize) -> Result<Value<'r>, Error> {
        Ok(self.row.get_ref(at)?.into())
    }

    /// Returns how many columns there are.
    pub(in crate::store) fn columns(&self) -> usize {
        self.row.as_ref().column_count()
    }

    fn unreadable(&self, at: usize, mismatch: &Mismatch) -> Error {
        let name = self.row.as_ref().column_name(at).unwrap_or("?");
        Error::Damaged {
            detail: format!("the column `{name}` cannot be read: {mismatch}"),
        }
    }
}

/// The codes that ids in rows stand for.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Codes {
    /// Of all users; there are few.
    pub(in crate::store) users: Rc<HashMap<UserId, UserRef>>,
    /// Of all projects, for what is read with them.
    pub(in crate::store) projects: HashMap<ProjectId, ProjectRef>,
}

/// What is read from one or more columns of a row, in their order.
pub(in crate::store) trait FromRow: Sized {
    /// Reads the next columns of a row.
    fn from_row(row: &mut Row<'_>, codes: &Codes) -> Result<Self, Error>;
}

impl<T: FromSql> FromRow for T {
    fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
        row.next()
    }
}

/// Things that are read from two columns: their ids and their codes.
macro_rules! ids_and_codes {
    ($($type:ident: $id:ident),+ $(,)?) => {$(
        impl FromRow for $type {
            fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
                Ok(Self { id: row.next()?, code: row.next()? })
            }
        }
        impl FromRow for Option<$type> {
            fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
                let (id, code) = (row.next::<Option<$id>>()?, row.next()?);
                Ok(id.zip(code).map(|(id, code)| $type { id, code }))
            }
        }
    )+};
}

ids_and_codes! {
    ProjectRef: ProjectId,
    EventRef: EventId,
    HolderRef: HolderId,
    AccountRef: BankAccountId,
}

/// A user is read from an id alone.
impl FromRow for UserRef {
    fn from_row(row: &mut Row<'_>, codes: &Codes) -> Result<Self, Error> {
        user(row.next()?, codes)
    }
}

impl FromRow for Option<UserRef> {
    fn from_row(row: &mut Row<'_>, codes: &Codes) -> Result<Self, Error> {
        row.next::<Option<UserId>>()?
            .map(|id| user(id, codes))
            .transpose()
    }
}

fn user(id: UserId, codes: &Codes) -> Result<UserRef, Error> {
    codes.users.get(&id).cloned().ok_or_else(|| Error::Damaged {
        detail: format!("no user has the id {id}"),
    })
}

/// Who did something, and when.
impl FromRow for Option<Approval> {
    fn from_row(row: &mut Row<'_>, codes: &Codes) -> Result<Self, Error> {
        let (by, at) = (row.read::<Option<UserRef>>(codes)?, row.next()?);
        Ok(by.zip(at).map(|(by, at)| Approval { by, at }))
    }
}

/// Who unblocked a holder, when and why.
impl FromRow for Option<Unblocking> {
    fn from_row(row: &mut Row<'_>, codes: &Codes) -> Result<Self, Error> {
        let (done, reason): (Option<Approval>, Option<String>) = (row.read(codes)?, row.next()?);
        Ok(done
            .zip(reason)
            .map(|(Approval { by, at }, reason)| Unblocking { by, at, reason }))
    }
}

/// Two columns that are both set or count as neither.
impl<A, B> FromRow for Option<(A, B)>
where
    Option<A>: FromRow,
    Option<B>: FromRow,
{
    fn from_row(row: &mut Row<'_>, codes: &Codes) -> Result<Self, Error> {
        let first: Option<A> = row.read(codes)?;
        Ok(first.zip(row.read(codes)?))
    }
}

/// Two days, or none.
impl FromRow for Option<DayRange> {
    fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
        let (first, last) = (row.next::<Option<_>>()?, row.next::<Option<_>>()?);
        Ok(first
            .zip(last)
            .and_then(|(first, last)| DayRange::new(first, last)))
    }
}

impl FromRow for BankAccount {
    fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
        Ok(Self {
            bank_name: row.next()?,
            bank_code: row.next()?,
            account_number: row.next()?,
            account_name: row.next()?,
        })
    }
}

/// The account of a transfer; other means have none.
impl FromRow for Option<BankAccount> {
    fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
        let details = BankDetails {
            bank_name: row.next()?,
            bank_code: row.next()?,
            account_number: row.next()?,
            account_name: row.next()?,
            currency: None,
        };
        Ok(details.account())
    }
}

impl FromRow for BankDetails {
    fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
        Ok(Self {
            bank_name: row.next()?,
            bank_code: row.next()?,
            account_number: row.next()?,
            account_name: row.next()?,
            currency: row.next()?,
        })
    }
}

/// Whether a holder may be paid: a word and a reason.
impl FromRow for HolderStatus {
    fn from_row(row: &mut Row<'_>, _codes: &Codes) -> Result<Self, Error> {
        let (word, reason) = (row.next::<String>()?, row.next::<Option<String>>()?);
        match word.as_str() {
            "active" => Ok(Self::Active),
            "blocked" => Ok(Self::Blocked {
                reason: reason.unwrap_or_default(),
            }),
            _ => Err(Error::Damaged {
                detail: format!("`{word}` is not a status of a holder"),
            }),
        }
    }
}

/// Makes the SELECT list of a type and its reader from one list of fields.
///
/// Each field names its columns as text, and is read from as many columns as its [`FromRow`] says.
/// `("columns" => function)` reads them with a function of the row and the codes;
/// `(Type { … })` reads a value within the value, and `(Type { … } => function)` makes the field
/// from it with a function of the value and the row. `("column" = value)` takes a value that is
/// known without the column, such as the argument that a reader may have.
macro_rules! columns {
    (
        $(#[$doc:meta])*
        $vis:vis const $list:ident, fn $read:ident $(($name:ident: $given:ty))?:
        $type:ident { $($fields:tt)* }
    ) => {
        $(#[$doc])*
        $vis const $list: &str = $crate::store::db::columns!(@list ($type { $($fields)* }));

        /// Reads the listed columns, the next ones of the row.
        $vis fn $read(
            row: &mut $crate::store::db::Row<'_>,
            codes: &$crate::store::db::Codes,
            $($name: $given)?
        ) -> Result<$type, $crate::store::Error> {
            Ok($crate::store::db::columns!(@value row codes ($type { $($fields)* })))
        }
    };
    (@list $columns:literal) => { $columns };
    (@list ($columns:literal => $read:path)) => { $columns };
    (@list ($column:literal = $value:expr)) => { $column };
    (@list ($type:ident {
        $first:ident: $value:tt $(, $field:ident: $more:tt)* $(,)?
    } $(=> $make:path)?)) => {
        concat!(
            $crate::store::db::columns!(@list $value)
            $(, ", ", $crate::store::db::columns!(@list $more))*
        )
    };
    (@value $row:ident $codes:ident $columns:literal) => {
        $crate::store::db::FromRow::from_row($row, $codes)?
    };
    (@value $row:ident $codes:ident ($columns:literal => $read:path)) => {
        $read($row, $codes)?
    };
    (@value $row:ident $codes:ident ($column:literal = $value:expr)) => {{
        $row.skip();
        $value
    }};
    (@value $row:ident $codes:ident ($type:ident { $($field:ident: $value:tt),+ $(,)? })) => {
        $type {
            $($field: $crate::store::db::columns!(@value $row $codes $value)),+
        }
    };
    (@value $row:ident $codes:ident ($type:ident { $($field:ident: $value:tt),+ $(,)? } => $make:path)) => {
        $make(
            $type {
                $($field: $crate::store::db::columns!(@value $row $codes $value)),+
            },
            $row,
        )?
    };
}
pub(in crate::store) use columns;
