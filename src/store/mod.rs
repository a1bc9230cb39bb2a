//! The ledger file: one SQLite database. The only folder that names rusqlite.
//!
//! [`Ledger`] opens the file and runs transactions; [`Tx`] reads; [`WriteTx`] writes, and appends to the audit trail what it wrote.

mod allocation;
mod audit;
mod backup;
mod balance;
mod bank;
mod check;
mod check_bank;
mod closing;
mod error;
mod event;
mod holder;
mod journal;
mod keys;
mod ledger;
mod line;
mod link;
mod migrate;
mod names;
mod nav;
mod open;
mod payment;
mod payment_file;
mod project;
mod rollback;
mod sql;
mod statement;
mod status;
mod token;
mod trail;
mod tx;
mod user;
mod verify;
mod withdrawal;

pub use allocation::NewAllocation;
pub use audit::EntryFilter;
pub use backup::IfThere;
pub use bank::NewBankAccount;
pub use check::Check;
pub use error::{Error, Noun};
pub use event::{EventFilter, NewEventRow};
pub use holder::{HolderChange, NewHolder};
pub use ledger::{Done, How, Ledger, Refusal, Request, Warnings};
pub use line::{LineFilter, NewLine};
pub use link::{Member, NewLink, StandingLink};
pub use migrate::Migrated;
pub use open::Access;
pub use payment::{NewPaymentRow, PaymentFilter};
pub use payment_file::NewPaymentFile;
pub use sql::AsOf;
pub use status::{Standing, Waiting};
pub use token::{ImportRow, NewEntry};
pub use tx::{Suggests, Tx, WriteTx};
pub use verify::Verification;
pub use withdrawal::{NewWithdrawal, WithdrawalFilter};
