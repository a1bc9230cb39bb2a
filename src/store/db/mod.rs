//! The narrow waist, through which the nouns run SQL without naming the database engine.
//!
//! [`Db::query`] reads rows, [`Db::each`] streams them, [`insert!`] and [`update!`] write them through a [`Writer`].
//! Parameters implement [`ToSql`]; a column of a [`Row`] is read as whatever implements
//! `FromSql`, and whole values as [`FromRow`], which [`columns!`] derives from one list of names.
//! Every statement is prepared once and kept.
//!
//! SQLite is the only engine today. Another one would become a second variant inside [`Db`],
//! [`Statement`] and [`Row`]; no caller would change.

mod change;
mod connection;
mod domain;
mod engine;
mod error;
mod params;
mod row;
mod schema;
mod statement;
mod value;
mod write;
mod writer;

pub(in crate::store) use change::Change;
pub(in crate::store) use connection::{Db, first_column};
pub use engine::{Access, Interruption, Work, engine_version, interruption};
pub(in crate::store) use engine::{Cache, Connection};
pub(in crate::store) use params::{Conditions, Params};
pub(in crate::store) use row::{Codes, FromRow, Row, columns};
pub(in crate::store) use statement::{Rows, Statement};
pub(in crate::store) use value::{FromSql, ToSql, Value};
pub(in crate::store) use write::{insert, parameter, update};
pub(in crate::store) use writer::{Watch, Writer};
