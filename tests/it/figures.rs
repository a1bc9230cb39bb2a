//! What the suites measured: printed, and kept for the README's section "How it is tested".

use std::{collections::BTreeSet, fs, path::PathBuf};

/// Tells whether the long versions run: every call, every cell, many more steps. The README says how.
pub(crate) fn long() -> bool {
    std::env::var_os("PRORATA_TEST_LONG").is_some()
}

/// Chooses the size of a suite.
pub(crate) fn sized<T>(short: T, in_the_long_run: T) -> T {
    if long() { in_the_long_run } else { short }
}

/// Keeps what a suite counted, under the suite's name: `target/tmp/figures/normal/kill.txt`, or `long` in place of `normal`.
/// `tests/figures.sh` brings it into the README.
pub(crate) fn figure(suite: &str, counted: &str) {
    println!("figure {suite}: {counted}");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("figures").join(sized("normal", "long"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{suite}.txt")), format!("{counted}\n")).unwrap();
}

#[test]
fn every_suite_that_counts_has_its_row_in_the_readme_and_each_row_its_suite() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let calls = regex::Regex::new(r#"figure\(\s*"([a-z-]+)""#).unwrap();
    let mut counting = BTreeSet::new();
    let mut folders = vec![root.join("tests")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                counting.extend(calls.captures_iter(&text).map(|call| call[1].to_owned()));
            }
        }
    }
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let rows = regex::Regex::new(r"(?m)^\| .* \| `([a-z-]+)` \| .* \| .* \|$").unwrap();
    let table = readme.split("<!-- figures -->").nth(1).unwrap().split("<!-- end of figures -->").next().unwrap();
    let told: BTreeSet<String> = rows.captures_iter(table).map(|row| row[1].to_owned()).collect();
    assert_eq!(counting, told);
}
