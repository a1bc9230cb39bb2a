//! The ledger behind `prorata`: a register of LP tokens, exact distributions over it, withdrawals
//! under four eyes, payments, and an audit trail that proves every step.
//!
//! # The way through a command
//!
//! A command line is a path. `prorata withdrawal approve W-1` runs
//! `src/bin/prorata/withdrawal/approve.rs`, which calls `ops::withdrawal::approve`, which asks
//! `domain::withdrawal::approve`; the entry of the audit trail is `withdrawal_approved`, and the
//! tests are in `tests/it/withdrawal.rs`.
//!
//! ```text
//!                    src/bin/prorata/withdrawal/approve.rs
//!  shell ── args ──> the command ─────────────────────────────────────────> exit code
//!                      │ 1 opens the ledger, makes the session                  ▲
//!                      │   {user, now, ids, key}                                │
//!                      │ 2 calls ONE function of `ops`     4 prints the report ─┘
//! ═════════════════════╪══════════ the library begins here ═════╪══════════════════
//!                      ▼                                        │
//!                    ops::withdrawal::approve                   │
//!                    one function, one transaction, one entry   │
//!             ┌────────┼────────────┐                           │
//!             │ a read │ b decide   │ c write                   │
//!             ▼        ▼            ▼                           │
//!           store    domain       store                         │
//!           the SQL  the rule     the SQL, the trail            │
//!                      │                                        │
//!                      │ 3 domain values                        │
//!                      ▼                                        │
//!                    report::withdrawal ── cells ──> render ────┘
//!                    values to cells                 cells to bytes
//! ```
//!
//! Data flows one way. A rule never prints, a renderer never queries, and a function of [`ops`] has
//! no SQL and no rule. The ledger is closed before anything is printed, so a slow reader of a pipe
//! never keeps its lock.
//!
//! # Read these three first
//!
//! 1. [`domain::withdrawal`]: the states of a withdrawal, and one function for each verb. It is what
//!    a rule looks like here: pure, without a clock, a file or SQL.
//! 2. [`store::Ledger::write`]: the only way to change a ledger. It runs a closure in one
//!    transaction, appends the entry to the trail, and answers a repeated key.
//! 3. [`ops::withdrawal::approve`]: how the two come together.
//!
//! # Distributing an amount
//!
//! The rules need no ledger. An amount over three holders with one token each, in steps of the
//! smallest unit of the currency:
//!
//! ```
//! use prorata::domain::{
//!     allocation::allocate,
//!     quantity::{Amount, Tokens},
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let total: Amount = "100.00".parse()?;
//! let kobo: Amount = "0.01".parse()?;
//! let one: Tokens = "1".parse()?;
//!
//! let parts = allocate(total, kobo, &[one, one, one]).ok_or("not a multiple of the unit")?;
//!
//! // The remainders are equal, so the first holder gets the kobo that is left over.
//! assert_eq!(parts, ["33.34".parse()?, "33.33".parse()?, "33.33".parse()?]);
//! # Ok(())
//! # }
//! ```
//!
//! # The folders
//!
//! [`domain`] has the rules, [`store`] the file, [`ops`] what commands do. [`intake`] reads the CSV
//! files of administrators, [`statement`] the statements of banks, and [`payfile`] writes payment
//! files. [`report`] turns values into cells, [`render`] cells into bytes. `CONTRIBUTING.md` says
//! what each may use; a test checks it.

pub mod domain;
pub mod intake;
pub mod ops;
pub mod payfile;
pub mod render;
pub mod report;
pub mod statement;
pub mod store;
mod tabular;
