//! `prorata`: distributes a project's proceeds to the holders of its LP tokens, exactly, and proves
//! every step.
//!
//! The command line is the path: `prorata withdrawal approve` is `withdrawal/approve.rs`. A command
//! opens its ledger and makes its session in `open`, calls one operation of the library, and returns
//! an outcome, which `present` hands out.

mod arguments;
mod audit;
mod backup;
mod bank;
mod bundle;
mod call;
mod causes;
mod check;
mod cli;
mod complete;
mod completions;
mod config;
mod environment;
mod event;
mod exit;
mod export;
mod failure;
mod flags;
mod forward;
mod global;
mod help;
mod hint;
mod history;
mod holder;
mod init;
mod journal;
mod man;
mod message;
mod migrate;
mod nav;
mod next_step;
mod noun;
mod open;
mod output;
mod pager;
mod payment;
mod people;
mod present;
mod progress;
mod project;
mod prompt;
mod proposal;
mod question;
mod report;
mod reserve;
mod settings;
mod short_help;
mod start;
mod status;
mod stream;
mod suggestion;
mod synonym;
mod tax;
mod tax_hint;
mod token;
mod topic;
mod totals;
mod usage;
mod user;
mod verbs;
mod version;
mod who_may;
mod whoami;
mod withdrawal;

use std::process::ExitCode;

fn main() -> ExitCode {
    start::start()
}
