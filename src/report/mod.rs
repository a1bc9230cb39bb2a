//! What commands print: pure descriptions of typed cells, the same for every output format.
//!
//! Each noun has one list of [`Field`]s. From it come the columns of a list ([`columns`]), its rows
//! ([`row`]) and the [`Record`] of a single thing. Nothing here knows a format.

mod about;
mod cell;
mod column;
mod field;
mod record;
mod selection;

pub mod activity;
pub mod allocation;
pub mod analytics;
pub mod audit;
pub mod bank;
pub mod bank_proposal;
pub mod bank_rule;
pub mod config;
pub mod controls;
pub mod dashboard;
pub mod event;
pub mod everybody;
pub mod exclusion;
pub mod explanation;
pub mod forward;
pub mod history;
pub mod holder;
pub mod holder_statement;
pub mod imported_history;
pub mod journal;
pub mod ledger;
#[cfg(test)]
mod manual;
pub mod nav;
pub mod payment;
pub mod payment_file;
pub mod portfolio;
pub mod proceeds;
pub mod project;
pub mod proposal;
pub mod reconciliation;
pub mod reserve;
pub mod statement_file;
pub mod tax;
pub mod tax_certificate;
pub mod tax_profile;
pub mod tax_schedule;
pub mod token;
pub mod user;
pub mod withdrawal;

pub use about::About;
pub use cell::{Cell, CellKind, Pii};
pub use column::{Column, Draw, Keep, Place, Sum};
pub use field::{Field, columns, row};
pub use record::{Record, Table};
pub use selection::{
    Condition, More, RowRequest, SelectedRow, Selection, SelectionError, Verdict, uncounted,
};
