//! What must hold of every file and word that someone brings. The fuzz targets of `fuzz/` and their
//! twins in `tests/fuzz` call the same functions, so that what is fuzzed for hours is also what
//! each `cargo test` tries.

mod amount;
mod date;
mod imports;
mod profile;
mod said;
mod statement;
mod workbook;

/// One reader of hostile input.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Reads an input as the program does, and nothing else: what is measured.
    pub(crate) reads: fn(&[u8]),
    /// Reads it and asserts what must hold of the answer.
    pub(crate) holds: fn(&[u8]),
}

pub(crate) const TARGETS: [Target; 10] = [
    Target {
        name: "amount",
        reads: amount::reads,
        holds: amount::holds,
    },
    Target {
        name: "date",
        reads: date::reads,
        holds: date::holds,
    },
    Target {
        name: "delimited",
        reads: statement::reads_delimited,
        holds: statement::holds_delimited,
    },
    Target {
        name: "ofx",
        reads: statement::reads_ofx,
        holds: statement::holds_ofx,
    },
    Target {
        name: "camt",
        reads: statement::reads_camt,
        holds: statement::holds_camt,
    },
    Target {
        name: "mt940",
        reads: statement::reads_mt940,
        holds: statement::holds_mt940,
    },
    Target {
        name: "statement",
        reads: statement::reads,
        holds: statement::holds,
    },
    Target {
        name: "csv_imports",
        reads: imports::reads,
        holds: imports::holds,
    },
    Target {
        name: "profile",
        reads: profile::reads,
        holds: profile::holds,
    },
    Target {
        name: "workbook",
        reads: workbook::reads,
        holds: workbook::holds,
    },
];

/// Asserts what must hold of an input to the target of a name.
pub(crate) fn holds(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    let Some(target) = target else {
        panic!("there is no target `{name}`")
    };
    (target.reads)(data);
    (target.holds)(data);
}
