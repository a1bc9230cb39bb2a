//! The commands as real processes: one binary, one module per noun.

mod support;

mod architecture;
mod audit;
mod concurrency;
mod event;
mod examples;
mod global;
mod holder;
mod ledger;
mod nav;
mod payment;
mod project;
mod real;
mod refusals;
mod token;
mod user;
mod withdrawal;
