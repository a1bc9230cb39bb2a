//! The program that the tests run.

use std::{env, path::Path, process::Command, sync::LazyLock};

/// Returns the path of the program under test: `prorata` with the file layer of `faults`.
pub(crate) fn program() -> &'static str {
    &PROGRAM
}

/// `cargo test --test it` builds no examples, so a test run brings the program up to date itself.
static PROGRAM: LazyLock<String> = LazyLock::new(|| {
    let test = env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    if let Some(cargo) = env::var_os("CARGO") {
        build(Path::new(&cargo), profile);
    }
    let program = profile.join("examples/prorata");
    assert!(program.is_file(), "{} is missing", program.display());
    program.into_os_string().into_string().unwrap()
});

/// Builds the program in the profile whose folder this is.
fn build(cargo: &Path, profile: &Path) {
    let name = match profile.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    };
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--offline", "--locked"])
        .args(["--example", "prorata", "--profile", name])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let built = command.output().unwrap();
    assert!(
        built.status.success(),
        "the program under test does not build:\n{}",
        String::from_utf8_lossy(&built.stderr)
    );
}
