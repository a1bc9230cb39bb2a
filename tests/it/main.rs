//! The commands as real processes: one binary, one module per noun.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "a test tampers with a ledger over a connection of its own"
)]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod figures;
mod support;

mod architecture;
mod audit;
mod backups;
mod bank;
mod browser;
mod clock;
mod completion;
mod concurrency;
mod config;
mod corrections;
mod dashboard;
mod event;
mod examples;
mod export;
mod faults;
mod global;
mod help;
mod history;
mod holder;
mod imports;
mod intake;
mod ledger;
mod lists;
mod manual;
mod messages;
mod model;
mod month;
mod nav;
mod payfile;
mod payment;
mod project;
mod proposal;
mod real;
mod refusals;
mod report;
mod roles;
mod tax;
mod token;
mod user;
mod withdrawal;
mod words;
mod worked;
mod xlsx;
