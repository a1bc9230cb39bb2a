//! The rules of the ledger: pure values and functions, without a clock, a file or SQL.

pub mod account;
pub mod activity;
pub mod allocation;
pub mod analytics;
pub mod bad_line;
pub mod bank;
pub mod code;
pub mod currency;
pub mod end_to_end;
pub mod event;
pub mod holder;
pub mod id;
pub mod identity;
pub mod journal;
pub mod key;
pub mod matching;
pub mod nav;
pub mod nuban;
pub mod payment;
pub mod payment_file;
pub mod portfolio;
pub mod project;
pub mod quantity;
pub mod ratio;
pub mod reconciliation;
pub mod refused;
pub mod session;
pub mod signed;
pub mod statement;
pub mod text;
pub mod time;
pub mod token;
pub mod user;
pub mod withdrawal;

pub use refused::Refused;
