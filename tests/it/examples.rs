//! The examples: each runs unchanged, with the built program, and prints what its snapshot shows.
//! Then small promises of the manual that an example does not show.

use std::process::{Command, Stdio};

use crate::support::{Desk, NOW, Ran, program};

/// Runs a script of `examples/` with an environment that holds nothing but the program, the clock
/// and the search path.
pub(crate) fn example(name: &str) -> Ran {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .arg(format!("{root}/examples/{name}"))
        .current_dir(folder.path())
        .env_clear()
        .env(
            "PATH",
            std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
        )
        .env("TMPDIR", folder.path())
        .env("TZ", "UTC")
        .env("PRORATA", program())
        .env("PRORATA_TEST_NOW", NOW)
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.is_empty(), "the example leaves {left:?} behind");
    ran
}

/// The account numbers that the files of an example hold, which no output may show whole.
fn account_numbers(example: &str) -> Vec<String> {
    let folder = format!("{}/examples/{example}", env!("CARGO_MANIFEST_DIR"));
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut lines = text.lines().map(|line| line.split(','));
        let Some(column) = lines
            .next()
            .unwrap()
            .position(|heading| heading == "account_number")
        else {
            continue;
        };
        numbers.extend(
            lines
                .filter_map(|mut line| line.nth(column))
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned),
        );
    }
    numbers
}

#[test]
fn the_quarter_end_prints_the_same_on_every_run() {
    let ran = example("quarter-end.sh");
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let numbers = account_numbers("quarter-end");
    assert_eq!(
        numbers.len(),
        9,
        "seven of eight holders have an account, one is added, one changed"
    );
    for number in numbers {
        assert!(
            !ran.stdout.contains(&number),
            "an account number is shown whole"
        );
    }
    let shown = masked(&ran);
    insta::assert_snapshot!(shown);
}

#[test]
fn the_dividend_prints_the_same_on_every_run() {
    let ran = example("dividend.sh");
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let numbers = account_numbers("dividend");
    assert_eq!(numbers.len(), 5, "all but the treasury have an account");
    for number in numbers {
        assert!(
            !ran.stdout.contains(&number),
            "an account number is shown whole"
        );
    }
    let shown = masked(&ran);
    insta::assert_snapshot!(shown);
}

/// Takes out what differs between two runs of the example, or between two machines.
pub(crate) fn masked(ran: &Ran) -> String {
    let shown = ran.snapshot();
    // How many pages the file has depends on the names of the machine and its user, which are in the
    // trail.
    let shown = regex::Regex::new(r"\b\d+ pages\b")
        .unwrap()
        .replace_all(&shown, "[n] pages")
        .into_owned();
    regex::Regex::new(r"--hash [0-9a-f]{16}\b")
        .unwrap()
        .replace_all(&shown, "--hash [hash]")
        .into_owned()
}

#[test]
fn the_quarter_end_stops_at_the_first_failure() {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .arg(format!("{root}/examples/quarter-end.sh"))
        .env_clear()
        .env(
            "PATH",
            std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
        )
        .env("TMPDIR", folder.path())
        .env("PRORATA", "false")
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("$ prorata init"));
    assert!(!ran.stdout.contains("$ prorata user add"));
}

#[test]
fn a_head_copied_from_a_footer_can_be_verified() {
    let desk = Desk::with_event();
    let footer = desk.ok("event list").stderr;
    let noted = footer.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(noted.len(), 12, "{footer}");
    desk.ok(&format!("audit verify --head {noted}"));
    desk.ok(&format!("audit verify --head {}", noted.to_uppercase()));
    assert_eq!(desk.run("audit verify --head 000000000000").code, 3);
    desk.refused("audit verify --head 0000", 2, "usage.invalid");
}

#[test]
fn a_list_by_effective_date_names_the_head_of_now() {
    let desk = Desk::with_register();
    let now = desk.ok("token register LAGOS").stderr;
    let then = desk.ok("token register LAGOS --as-of 2026-01-01").stderr;
    let head = |footer: &str| footer.trim_end().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(head(&now), head(&then));
}

#[test]
fn a_backup_by_nobody_leaves_no_file() {
    let desk = Desk::new();
    desk.refused("backup copy.db --as nobody", 1, "user.unknown");
    desk.ok("user set dayo --status inactive --as ada");
    desk.refused("backup copy.db --as dayo", 1, "user.inactive");
    desk.ok("backup copy.db --as ada --dry-run");
    assert!(!desk.path().join("copy.db").exists());
    desk.ok("backup copy.db --as ada");
    assert_eq!(
        desk.run("backup copy.db --as ada --dry-run").code,
        1,
        "a dry run ends as the run would"
    );
}

#[test]
fn the_message_of_a_payment_has_the_amount_that_was_paid() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk.write(
        "paid.csv",
        "withdrawal,reference,date,amount\nW-1,R1,2026-04-01,\nW-2,R2,2026-04-01,3.33\n",
    );
    let asked = desk.run("withdrawal pay --from paid.csv --as bola");
    assert!(
        asked.stderr.contains("2 withdrawals, NGN 36.67"),
        "{}",
        asked.stderr
    );
    let paid = desk.ok("withdrawal pay --from paid.csv --yes --as bola");
    assert!(
        paid.stderr.ends_with("recorded 2 payments, NGN 36.67\n"),
        "{}",
        paid.stderr
    );
}

#[test]
fn a_result_never_takes_the_place_of_the_ledger() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.refused("user list -o ./prorata.db --force", 1, "output.is_ledger");
    desk.refused(
        "project add P --name P --as bola -o prorata.db --force",
        1,
        "output.is_ledger",
    );
    desk.refused(
        "completions bash -o prorata.db --force",
        1,
        "output.is_ledger",
    );
    assert_eq!(std::fs::read(desk.ledger()).unwrap(), before);
}

/// An account that owns a ledger, and another one: two users of this machine.
const OWNER: u32 = 65_534;
const OTHER: u32 = 1;

/// Makes a command that runs as a user of this machine in the name of a caller of `sudo`. Returns
/// `None` if the test is not run by root, who alone may do that.
fn as_user(uid: u32, caller: &str, words: &[&str]) -> Option<Command> {
    let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"]
        .into_iter()
        .find(|path| std::path::Path::new(path).exists());
    let (true, Some(setpriv)) = (nix::unistd::Uid::effective().is_root(), setpriv) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "root and setpriv are missing"
        );
        println!("skipped: needs root and setpriv");
        return None;
    };
    let mut command = Command::new(setpriv);
    command
        .args([
            &format!("--reuid={uid}"),
            &format!("--regid={uid}"),
            "--clear-groups",
        ])
        .args(words)
        .env_clear()
        .env("SUDO_USER", caller)
        .stdin(Stdio::null());
    Some(command)
}

/// The wrapper of the examples, for a ledger in a folder of its owner.
fn wrapper(desk: &Desk) -> String {
    let text = include_str!("../../examples/prorata-desk");
    let ledger = desk.ledger().display().to_string();
    let text = text
        .replace("/usr/local/bin/prorata\n", &format!("{}\n", program()))
        .replace("/srv/prorata/ledger.db", &ledger)
        .replace("TZ=UTC", &format!("TZ=UTC PRORATA_TEST_NOW={NOW}"));
    let path = desk.path().join("prorata-desk");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// Who calls the desk with which line, and the exit code and words that come of it.
const DESK: &[(&str, &str, i32, &str)] = &[
    (
        "bola",
        "withdrawal request --event E1 --holder h1 --all",
        0,
        "W-000001",
    ),
    ("bola", "withdrawal approve W-1", 1, "bola"),
    ("chi", "withdrawal approve W-1", 0, "approved"),
    ("zoe", "withdrawal list --show-pii", 1, "zoe"),
    ("root", "status", 2, "not as root"),
    ("", "status", 2, "call it as yourself"),
    ("ada", "init", 2, "not allowed here"),
    ("ada", "migrate", 2, "not allowed here"),
    ("ada", "man man", 2, "not allowed here"),
    ("ada", "backup copy.db", 2, "not allowed here"),
    ("ada", "completions bash", 2, "not allowed here"),
    ("ada", "report month-end 2026-05", 2, "not allowed here"),
    ("ada", "--as bola status", 2, "not allowed here"),
    ("ada", "-q status", 2, "not allowed here"),
    ("ada", "status --as bola", 2, "--as is not allowed here"),
    (
        "ada",
        "status --as=bola",
        2,
        "--as=bola is not allowed here",
    ),
    (
        "ada",
        "status --ledger x.db",
        2,
        "--ledger is not allowed here",
    ),
    (
        "ada",
        "withdrawal request --event E1 --from=/etc/passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "project set LAGOS --tax-profile /etc/passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "project set LAGOS --tax-profile=/etc/passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "bank confirm --from /etc/passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "bank resolve --from=passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "bank confirm L-9 --reason FIRS/2026/7781",
        1,
        "no bank line",
    ),
    ("ada", "status -Lx.db", 2, "-Lx.db is not allowed here"),
    ("ada", "status -qL x.db", 2, "-qL is not allowed here"),
    ("ada", "holder list -o x.csv", 2, "standard output"),
    ("ada", "holder list -ox.csv", 2, "not allowed here"),
    ("ada", "holder list -qo x.csv", 2, "standard output"),
    ("ada", "holder list --output=x.csv", 2, "standard output"),
    (
        "ada",
        "holder list --force",
        2,
        "--force is not allowed here",
    ),
    (
        "ada",
        "bank import OPS /etc/passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "bank import OPS etc/passwd",
        2,
        "a file of this machine",
    ),
    (
        "ada",
        "bank import OPS - --profile x.toml",
        2,
        "--profile is not allowed here",
    ),
    ("ada", "holder list -f csv -o -", 0, "code,name"),
];

#[test]
fn the_desk_runs_what_it_names_in_the_name_of_its_caller_and_nothing_else() {
    let desk = Desk::with_event();
    let wrapper = wrapper(&desk);
    for path in [desk.path().to_path_buf(), desk.ledger()] {
        std::os::unix::fs::chown(path, Some(OWNER), Some(OWNER)).unwrap_or_default();
    }
    let run = |caller: &str, line: &str| {
        let words: Vec<&str> = ["/bin/sh", &wrapper]
            .into_iter()
            .chain(line.split(' '))
            .collect();
        as_user(OWNER, caller, &words).map(|mut command| Ran::of(command.output().unwrap()))
    };
    let Some(status) = run("ada", "status") else {
        return;
    };
    assert_eq!(status.code, 0, "{}", status.stderr);
    for &(caller, line, code, words) in DESK {
        let ran = run(caller, line).unwrap();
        assert!(
            ran.code == code && format!("{}{}", ran.stdout, ran.stderr).contains(words),
            "{caller}: `{line}`: {} {} {}",
            ran.code,
            ran.stdout,
            ran.stderr
        );
    }
    // Nobody else works on the ledger, root not either.
    let program = program();
    let ledger = desk.ledger().display().to_string();
    for uid in [OTHER, 0] {
        let words = [program, "--ledger", &ledger, "status"];
        let ran = Ran::of(as_user(uid, "ada", &words).unwrap().output().unwrap());
        assert_eq!(ran.code, 4, "{uid}: {}", ran.stderr);
        assert!(
            uid != 0 || ran.stderr.contains("sudo -u nobody prorata"),
            "{}",
            ran.stderr
        );
    }
    let log = run("ada", "audit log --type withdrawal_approved -f csv").unwrap();
    assert!(log.stdout.contains(",chi,"), "{}", log.stdout);
}
