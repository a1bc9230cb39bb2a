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
mod status;
mod token;
mod user;
mod withdrawal;

use std::{panic, process::ExitCode};

use crate::{context::Context, environment::Environment, exit::Exit};

fn main() -> ExitCode {
    // Only the tests have the feature, and only a debug build heeds it: nothing comes between a
    // release build and the disk.
    #[cfg(all(feature = "faults", debug_assertions))]
    prorata_faults::install();
    environment::protect_new_files();
    environment::survive_full_files();
    panic::set_hook(Box::new(message::panicked));
    let ran = panic::catch_unwind(|| {
        let environment = Environment::read();
        match arguments::parse(&environment) {
            Ok(parsed) => run(
                Context::new(parsed.global, parsed.claimed_by, environment),
                parsed.command,
            ),
            Err(stop) => stop,
        }
    });
    ran.unwrap_or(Exit::Bug).into()
}

/// Runs a command and says what went wrong, where something did.
fn run(mut context: Context, command: cli::Command) -> Exit {
    match command.run(&mut context) {
        Ok(exit) => exit,
        Err(error) => message::fail(&context, &error),
    }
}
