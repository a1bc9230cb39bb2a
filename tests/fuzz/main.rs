//! Hostile input: the bodies of the fuzz targets on the stable toolchain, with bounds on time and
//! memory.
//!
//! A binary of its own, since it counts what is allocated.

#![cfg(test)]
#![expect(clippy::print_stdout, reason = "what was measured is printed")]

mod bounds;
mod dictionary;
#[path = "../it/figures.rs"]
mod figures;
mod mutated;
mod shapes;
mod targets;
mod twins;
