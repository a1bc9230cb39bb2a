//! The promises of the layout: what each folder may name, a file and a test for every command, and
//! what must not be anywhere.

mod circles;
pub(crate) mod commands;
mod source;

use std::collections::BTreeSet;

use source::{Source, broken, sources};

/// What a folder of `src` must not name. Words are matched whole, in code and not in comments or
/// texts.
struct Rule {
    folder: &'static str,
    /// Folders of the library.
    modules: &'static [&'static str],
    /// Crates and parts of the standard library.
    others: &'static [&'static str],
}

/// What opens files, asks the clock or reads the environment.
const IO: [&str; 9] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "File::",
    "Utc::now",
    "Local::now",
    "SystemTime",
];
const TERMINAL: [&str; 4] = ["clap", "anyhow", "dialoguer", "indicatif"];

const RULES: [Rule; 10] = [
    Rule {
        folder: "src/domain/",
        modules: &[
            "tabular",
            "intake",
            "statement",
            "payfile",
            "store",
            "ops",
            "report",
            "render",
        ],
        others: &[
            "rusqlite",
            "comfy_table",
            "csv",
            "rust_xlsxwriter",
            "plotters",
            "tempfile",
            "nix",
        ],
    },
    Rule {
        folder: "src/tabular/",
        modules: &[
            "intake",
            "statement",
            "payfile",
            "store",
            "ops",
            "report",
            "render",
        ],
        others: &[
            "rusqlite",
            "comfy_table",
            "csv",
            "rust_xlsxwriter",
            "tempfile",
            "Path",
            "PathBuf",
        ],
    },
    Rule {
        folder: "src/intake/",
        modules: &["statement", "payfile", "store", "ops", "report", "render"],
        others: &[
            "rusqlite",
            "comfy_table",
            "rust_xlsxwriter",
            "tempfile",
            "Path",
            "PathBuf",
        ],
    },
    Rule {
        folder: "src/statement/",
        modules: &["intake", "payfile", "store", "ops", "report", "render"],
        others: &[
            "rusqlite",
            "comfy_table",
            "rust_xlsxwriter",
            "tempfile",
            "Path",
            "PathBuf",
        ],
    },
    Rule {
        folder: "src/payfile/",
        modules: &[
            "tabular",
            "intake",
            "statement",
            "store",
            "ops",
            "report",
            "render",
        ],
        others: &[
            "rusqlite",
            "comfy_table",
            "rust_xlsxwriter",
            "tempfile",
            "Path",
            "PathBuf",
        ],
    },
    Rule {
        folder: "src/store/",
        modules: &[
            "tabular",
            "intake",
            "statement",
            "payfile",
            "ops",
            "report",
            "render",
        ],
        others: &["comfy_table", "csv", "rust_xlsxwriter", "plotters"],
    },
    Rule {
        folder: "src/ops/",
        modules: &["tabular", "report", "render"],
        others: &[
            "rusqlite",
            "comfy_table",
            "csv",
            "rust_xlsxwriter",
            "plotters",
            "tempfile",
        ],
    },
    Rule {
        folder: "src/report/",
        modules: &[
            "tabular",
            "intake",
            "statement",
            "payfile",
            "store",
            "ops",
            "render",
        ],
        others: &[
            "rusqlite",
            "comfy_table",
            "csv",
            "rust_xlsxwriter",
            "plotters",
            "tempfile",
        ],
    },
    Rule {
        folder: "src/render/",
        modules: &["tabular", "intake", "statement", "payfile", "store", "ops"],
        others: &["rusqlite"],
    },
    Rule {
        folder: "src/bin/",
        modules: &[],
        others: &["rusqlite", "rusqlite_migration"],
    },
];

#[test]
fn each_folder_names_only_what_it_may() {
    let sources = sources();
    let mut found = Vec::new();
    for rule in &RULES {
        let mut seen = 0;
        let has_own = |module: &str| {
            source::package()
                .join(rule.folder)
                .join(format!("{module}.rs"))
                .exists()
                || source::package().join(rule.folder).join(module).exists()
        };
        let uses = |code: &str, module: &str| {
            if has_own(module) {
                source::names_from_root(code, module)
            } else {
                source::uses_module(code, module)
            }
        };
        for source in sources
            .iter()
            .filter(|source| source.path.starts_with(rule.folder))
        {
            seen += 1;
            found.extend(source.find("must not name", |code| {
                let other = rule
                    .others
                    .iter()
                    .find(|word| source::names(code, word))
                    .copied();
                other.or_else(|| {
                    rule.modules
                        .iter()
                        .find(|module| uses(code, module))
                        .copied()
                })
            }));
        }
        assert!(
            seen > 0,
            "{} has no source: the rule looks at nothing",
            rule.folder
        );
    }
    assert!(found.is_empty(), "{}", broken(&found));
}

#[test]
fn only_the_waist_of_the_store_names_the_database_engine() {
    let (mut found, mut named) = (Vec::new(), 0);
    for source in sources() {
        let engine = |code: &str| {
            ["rusqlite", "rusqlite_migration"]
                .into_iter()
                .find(|word| source::names(code, word))
        };
        if source.path.starts_with("src/store/db/") {
            named += source.find("", engine).len();
        } else {
            found.extend(source.find("is for src/store/db/", engine));
        }
    }
    assert!(found.is_empty(), "{}", broken(&found));
    assert!(named > 10, "{named} places of the waist name the engine");
}

#[test]
fn only_the_binary_knows_the_command_line_and_only_some_folders_know_files() {
    let mut found = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| !source.path.starts_with("src/bin/"))
    {
        found.extend(source.find("is for src/bin/", |code| {
            TERMINAL.into_iter().find(|word| source::names(code, word))
        }));
        let pure = ["src/domain/", "src/intake/", "src/report/", "src/ops/"];
        if pure.iter().any(|folder| source.path.starts_with(folder)) {
            found.extend(source.find("is input or output", |code| {
                IO.into_iter().find(|word| code.contains(word))
            }));
        }
    }
    assert!(found.is_empty(), "{}", broken(&found));
}

#[test]
fn every_top_folder_has_a_rule() {
    let ruled: BTreeSet<&str> = RULES.iter().map(|rule| rule.folder).collect();
    let folders: BTreeSet<String> = sources()
        .iter()
        .filter_map(|source| {
            source
                .path
                .strip_prefix("src/")?
                .split_once('/')
                .map(|(folder, _)| format!("src/{folder}/"))
        })
        .collect();
    assert_eq!(
        folders,
        ruled.into_iter().map(str::to_owned).collect(),
        "a new folder needs its rule here"
    );
}

#[test]
fn a_broken_rule_is_found_with_file_and_line() {
    let text = "//! rusqlite in a comment
use crate::{domain::Code, store::Ledger};
use std::{
    fs,
    ops::{Deref, DerefMut},
};
let text = \"crate::ops::run\"; // crate::ops
use prorata::{
    domain::Refused,
    ops::{self, Error},
};
fn run(tx: &mut super::store::Tx) -> crate::restore::X { Nav { store } }
mod tests {
use crate::store;
";
    let source = Source {
        path: "src/report/x.rs".to_owned(),
        text: text.to_owned(),
    };
    let lines: Vec<usize> = source
        .find("", |code| {
            ["store", "ops"]
                .into_iter()
                .find(|module| source::uses_module(code, module))
        })
        .into_iter()
        .map(|found| found.line)
        .collect();
    assert_eq!(lines, [2, 10, 10, 12]);
    assert_eq!(
        source.find("", |code| code.contains("std::fs").then_some("std::fs"))[0].line,
        4
    );
    assert!(
        source
            .find("", |code| source::names(code, "rusqlite")
                .then_some("rusqlite"))
            .is_empty()
    );
}

#[test]
fn what_is_written_is_never_deleted_but_for_allocations_that_nobody_approved() {
    let mut deletes = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            let sql = line.to_ascii_uppercase();
            if sql.contains("DELETE FROM")
                || sql.contains("DROP TABLE")
                || sql.contains("REPLACE INTO")
            {
                deletes.push((source.path.clone(), number + 1, line.trim().to_owned()));
            }
        }
    }
    let places: Vec<&str> = deletes.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(places, ["src/store/allocation.rs"], "{deletes:?}");
    assert!(
        deletes[0]
            .2
            .contains("DELETE FROM distribution_allocations WHERE distribution_event_id = ?1"),
        "{deletes:?}"
    );
}

#[test]
fn no_binary_float_is_outside_the_spreadsheet_writer() {
    let mut found = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| source.path != "src/render/xlsx.rs")
    {
        found.extend(source.find("is a binary float", |code| {
            ["f32", "f64", "to_f64", "from_f64"]
                .into_iter()
                .find(|word| source::names(code, word))
        }));
    }
    assert!(found.is_empty(), "{}", broken(&found));
}

#[test]
fn nothing_panics_on_purpose_outside_tests() {
    let mut found = Vec::new();
    for source in sources() {
        found.extend(source.find("outside tests", |code| {
            [
                ".unwrap()",
                ".expect(",
                "panic!(",
                "todo!(",
                "unimplemented!(",
                "unreachable!(",
            ]
            .into_iter()
            .find(|word| code.contains(word))
        }));
        found.extend(source.find("needs #[expect(…, reason)]", |code| {
            code.contains("#[allow(").then_some("#[allow(")
        }));
    }
    assert!(found.is_empty(), "{}", broken(&found));
}

#[test]
fn a_release_build_has_no_fault_no_other_clock_and_no_unsafe_code() {
    let mut found = Vec::new();
    for source in sources() {
        assert!(!source.text.contains("prorata_faults"), "{}", source.path);
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.contains("PRORATA_TEST"))
        {
            let before = at
                .checked_sub(1)
                .map(|before| lines[before].trim())
                .unwrap_or_default();
            let guarded = before.starts_with("#[cfg(")
                && before.contains("debug_assertions")
                && !before.contains("not(");
            let is_comment = line.trim_start().starts_with("//");
            if !guarded && !is_comment {
                found.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    assert!(
        found.is_empty(),
        "only a debug build may have these: {found:?}"
    );
    let manifest = std::fs::read_to_string(source::package().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let Some(cargo) = std::env::var_os("CARGO") else {
        return;
    };
    let tree = [
        "tree",
        "--offline",
        "--locked",
        "--edges",
        "no-dev",
        "--prefix",
        "none",
    ];
    let tree = std::process::Command::new(cargo)
        .args(tree)
        .current_dir(source::package())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(
        tree.contains("rusqlite v") && !tree.contains("prorata-faults v"),
        "what is built is not what is tested:\n{tree}"
    );
}

/// Functions that are one list and are read as such.
const LONG: &[&str] = &["src/domain/refused/code.rs: code"];

#[test]
fn functions_keep_to_a_readable_length() {
    let mut long = Vec::new();
    for source in sources() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let indent = &line[..line.len() - line.trim_start().len()];
            let Some((before, after)) = line.split_once("fn ") else {
                continue;
            };
            let is_visibility = |word: &str| word.starts_with("pub") || word.ends_with(')');
            let mut words = before.split_whitespace();
            let signature = lines[at..]
                .iter()
                .find(|line| line.ends_with(['{', '}', ';']));
            if !words.all(|word| word == "const" || is_visibility(word))
                || !signature.is_some_and(|line| line.ends_with('{'))
            {
                continue;
            }
            // rustfmt puts the end of a function under its beginning.
            let end = format!("{indent}}}");
            let length = lines[at..].iter().position(|line| *line == end);
            let name = after.split(['(', '<']).next().unwrap();
            let place = format!("{}: {name}", source.path);
            if length.is_some_and(|length| length >= 70) && !LONG.contains(&place.as_str()) {
                long.push(place);
            }
        }
    }
    assert!(
        long.is_empty(),
        "more than 70 lines, about 60 are readable: {long:#?}"
    );
}

/// Files that are one list and are read as such.
const LONG_FILES: &[&str] = &["src/domain/refused.rs"];

#[test]
fn files_keep_to_a_readable_length() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(
            lines <= 560 || LONG_FILES.contains(&source.path.as_str()),
            "{} has {lines} lines; about 500 are readable",
            source.path
        );
    }
}
