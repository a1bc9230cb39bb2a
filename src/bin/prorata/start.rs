//! The process from its first line to its exit code.

use std::{panic, process::ExitCode};

use crate::{
    arguments, cli,
    context::Context,
    environment::{self, Environment},
    exit::Exit,
    message,
};

/// Runs the command that the arguments ask for. A panic ends in a message and an exit code too.
pub(crate) fn start() -> ExitCode {
    environment::protect_new_files();
    environment::survive_full_files();
    #[cfg(debug_assertions)]
    environment::add_test_migration();
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

/// Runs a command and prints the error if it fails.
fn run(mut context: Context, command: cli::Command) -> Exit {
    match command.run(&mut context) {
        Ok(exit) => exit,
        Err(error) => message::fail(&context, &error),
    }
}
