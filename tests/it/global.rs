//! What holds for every command: global flags, exit codes, outputs, messages.

pub(crate) mod habits;
