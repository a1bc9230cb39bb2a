//! What a disk, a kernel or a power cut can do to a command, done to each command that writes.
//!
//! The program is run with a file layer under SQLite (the member `faults` of the workspace) that
//! kills it, fails or records, call by call.

pub(crate) mod commands;
mod disk;
mod full;
mod kill;
mod power;
mod scene;
