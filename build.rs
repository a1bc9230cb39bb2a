//! Notes the commit that the program is built from, for `prorata --version --verbose`. Without git,
//! or outside of a clone, there is none.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads what Cargo sets and answers on standard output"
)]

use std::{path::Path, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Some(commit) = commit() else { return };
    println!("cargo::rustc-env=PRORATA_COMMIT={commit}");
    // A debug build is not made again for each commit.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        for name in ["HEAD", "logs/HEAD"] {
            if let Some(path) = git(&["rev-parse", "--git-path", name])
                && Path::new(&path).exists()
            {
                println!("cargo::rerun-if-changed={path}");
            }
        }
    }
}

/// Returns the commit of this package's own clone, not of one around it.
fn commit() -> Option<String> {
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let package = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    let same = Path::new(&top).canonicalize().ok()? == Path::new(&package).canonicalize().ok()?;
    same.then(|| git(&["rev-parse", "--short=12", "HEAD"]))?
}

fn git(words: &[&str]) -> Option<String> {
    let ran = Command::new("git").args(words).output().ok()?;
    let answer = String::from_utf8(ran.stdout).ok()?.trim().to_owned();
    (ran.status.success() && !answer.is_empty()).then_some(answer)
}
