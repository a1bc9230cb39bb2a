//! The bodies of the fuzz targets, which `tests/fuzz` shares; compiled once for all of them.

#[path = "../../tests/fuzz/targets/mod.rs"]
mod targets;

/// Asserts what must hold of an input to the target of a name.
pub fn holds(name: &str, data: &[u8]) {
    targets::holds(name, data);
}
