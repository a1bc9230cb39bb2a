//! What the suites measured: printed, and kept for the table of `docs/testing.md`.

use std::{fs, path::PathBuf};

/// Returns whether the long versions run: every call, every cell, many more steps. They run if
/// `PRORATA_TEST_LONG` is set.
pub(crate) fn long() -> bool {
    std::env::var_os("PRORATA_TEST_LONG").is_some()
}

/// Chooses the size of a suite.
pub(crate) fn sized<T>(short: T, in_the_long_run: T) -> T {
    if long() { in_the_long_run } else { short }
}

/// Keeps what a suite counted, under the suite's name: `target/tmp/figures/normal/kill.txt`, or
/// `long` in place of `normal`. `tests/figures.sh` copies it into the table.
pub(crate) fn figure(suite: &str, counted: &str) {
    println!("figure {suite}: {counted}");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("figures")
        .join(sized("normal", "long"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{suite}.txt")), format!("{counted}\n")).unwrap();
}
