//! For prorata's tests alone: a file layer (VFS) under SQLite that ends the process, fails, or
//! records what is asked of the disk, call by call.
//!
//! [`install`] puts it between SQLite and the operating system where the environment asks for it,
//! in `PRORATA_TEST_FAULTS`:
//!
//! | words | what happens |
//! |---|---|
//! | `kill CALL` | the process gets SIGKILL in place of its call of this number, counted from 1 |
//! | `fail KIND NUMBER once` | the call of this number among those of this kind fails |
//! | `fail KIND NUMBER on` | that one and all later ones of this kind fail |
//! | `record FILE` | every call is written to FILE, see [`Call::write_to`] |
//!
//! Kinds are those of [`Kind`], and `full` for writes that find the disk full after half of their
//! bytes, `folder` for the sync of the folder after a file in it was deleted.
//!
//! It is a member of the workspace of its own, so that the program itself can forbid `unsafe`. Only
//! the program that the tests run (`tests/program`) has it.

mod call;
mod layer;
mod plan;

pub use call::{Call, Kind, read_record};

use plan::Plan;

/// The variable that asks for a fault.
pub const VARIABLE: &str = "PRORATA_TEST_FAULTS";

/// Puts the layer under every connection that is opened from now on, if the environment asks for it.
///
/// # Panics
/// If the environment asks for an unknown fault or SQLite refuses the layer: a test must not go on
/// without its fault.
pub fn install() {
    if let Some(asked) = std::env::var_os(VARIABLE) {
        let asked = asked
            .into_string()
            .expect("the fault is asked for in UTF-8");
        layer::register(Plan::parse(&asked));
    }
}
