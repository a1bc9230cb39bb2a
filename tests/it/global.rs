//! What holds for every command: global flags, exit codes, outputs, messages.

mod actor;
mod exits;
mod flags;
pub(crate) mod habits;
mod hostile;
mod messages;
mod names;
mod output;
mod permissions;
mod pii;
mod prompts;
mod slips;
mod tables;
mod terminal;
mod written;
