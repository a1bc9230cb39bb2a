//! `prorata`: distributes a project's proceeds to the holders of its LP tokens, exactly, and proves
//! every step.
//!
//! The command line is the path: `prorata withdrawal approve` is `withdrawal/approve.rs`. A command
//! opens the ledger, makes the session, calls one operation of the library, and renders its report.

mod arguments;
mod audit;
mod backup;
mod bank;
mod bundle;
mod check;
mod cli;
mod completions;
mod context;
mod environment;
mod event;
mod exit;
mod export;
mod hint;
mod holder;
mod init;
mod man;
mod message;
mod migrate;
mod nav;
mod output;
mod payment;
mod progress;
mod project;
mod prompt;
mod report;
mod start;
mod status;
mod token;
mod user;
mod withdrawal;

use std::process::ExitCode;

fn main() -> ExitCode {
    start::start()
}
