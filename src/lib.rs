//! The ledger behind `prorata`: a register of LP tokens, exact pro rata distributions over it,
//! withdrawals under four eyes, payments, and an audit trail that proves every step.
//!
//! Data flows one way. A command calls one function of [`ops`]; that reads and writes through
//! [`store`] and decides through [`domain`], which knows no clock, no file and no SQL. What a
//! command prints is described by [`report`] and turned into bytes by [`render`]. [`intake`] reads
//! the CSV files that administrators bring, [`statement`] what banks export, and [`payfile`] writes
//! what banks take.

pub mod domain;
pub mod intake;
pub mod ops;
pub mod payfile;
pub mod render;
pub mod report;
pub mod statement;
pub mod store;
