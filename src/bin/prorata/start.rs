//! The process from its first line to its exit code.

use std::{panic, process::ExitCode};

use crate::{
    arguments, cli, complete,
    environment::{self, Environment},
    exit::Exit,
    message,
    open::Context,
};

/// Runs the command that the arguments ask for. A panic ends in a message and an exit code too.
pub(crate) fn start() -> ExitCode {
    environment::protect_new_files();
    environment::survive_full_files();
    environment::catch_interruption();
    #[cfg(debug_assertions)]
    environment::add_test_migration();
    panic::set_hook(Box::new(message::panicked));
    let exit = panic::catch_unwind(|| {
        if complete::answer() {
            return Exit::Done;
        }
        let environment = Environment::read();
        match arguments::parse(&environment) {
            Ok(line) => run(
                &Context::new(line.global, line.call, environment),
                line.command,
            ),
            Err(exit) => exit,
        }
    });
    exit.unwrap_or(Exit::Bug).into()
}

/// Runs a command and presents its outcome, or says why it failed.
fn run(cx: &Context, command: cli::Command) -> Exit {
    match command.run(cx) {
        Ok(outcome) => cx.present(outcome).unwrap_or_else(|error| cx.fail(&error)),
        Err(error) => cx.end_early(&error),
    }
}
