//! Where results go: standard output, a closed pipe, a full device, or a file that is complete or
//! not there.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _},
    process::Stdio,
};

use super::habits::wrong_usage;
use crate::support::{Desk, Ran};

fn files(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn table_csv_and_json_say_the_same() {
    let desk = Desk::with_register();
    desk.ok("nav set LAGOS 1250000.5 --date 2026-01-01 --as bola");
    insta::assert_snapshot!("nav_list_csv", desk.ok("nav list LAGOS -f csv").snapshot());
    insta::assert_snapshot!(
        "nav_list_json",
        desk.ok("nav list LAGOS -f json").snapshot()
    );
    assert!(
        desk.ok("nav list LAGOS").stdout.contains("1,250,000.50"),
        "people read groups"
    );
    let csv = desk.ok("token register LAGOS -f csv").stdout;
    assert_eq!(
        csv.lines().next(),
        Some("holder,holder_name,lp_tokens_held,ownership_percentage")
    );
    assert_eq!(csv.lines().count(), 4, "no totals row");
    assert_eq!(
        desk.ok("holder list -f csv").stderr,
        "",
        "the footer is for people"
    );
}

#[test]
fn a_text_that_a_spreadsheet_would_calculate_is_disarmed_in_csv_and_a_number_never() {
    let desk = Desk::new();
    for (code, name) in [
        ("a", "=SUM(A1:A9)"),
        ("b", "+1"),
        ("c", "-1"),
        ("d", "@now"),
        ("e", "1-1"),
        ("f", "O'Hara, \"Bo\""),
    ] {
        desk.words(&[
            "holder",
            "add",
            code,
            &format!("--name={name}"),
            "--as",
            "bola",
        ]);
    }
    let csv = desk.ok("holder list -f csv").stdout;
    let names: Vec<&str> = csv
        .lines()
        .skip(1)
        .map(|line| &line[2..line.find(",,,active").unwrap()])
        .collect();
    assert_eq!(
        names,
        [
            "'=SUM(A1:A9)",
            "'+1",
            "'-1",
            "'@now",
            "1-1",
            "\"O'Hara, \"\"Bo\"\"\""
        ]
    );
    let json = desk.json("holder list");
    assert_eq!(
        json[0]["name"], "=SUM(A1:A9)",
        "JSON has the value of the ledger"
    );
    desk.words(&[
        "holder",
        "set",
        "a",
        "--name",
        "A",
        "--account-number",
        "0001234567",
        "--as",
        "bola",
    ]);
    let shown = desk.ok("holder list -f csv --show-pii --as bola").stdout;
    assert!(
        shown.contains(",0001234567,"),
        "an account number keeps its zeros: {shown}"
    );
}

#[test]
fn the_extension_sets_the_format_unless_one_is_given() {
    let desk = Desk::with_register();
    for (file, begins) in [
        ("out.csv", "code,name,"),
        ("out.json", "[\n{\"code\":\"h1\""),
        ("out.md", "# Holders\n\n|"),
        ("out.html", "<!"),
        ("out.xlsx", "PK"),
        ("OUT2.CSV", "code,name,"),
    ] {
        let ran = desk.ok(&format!("holder list -o {file}"));
        assert_eq!(ran.stdout, "", "the file has it instead");
        let bytes = fs::read(desk.path().join(file)).unwrap();
        let shown = String::from_utf8_lossy(&bytes);
        assert!(
            shown.starts_with(begins),
            "{file}: {}",
            shown.chars().take(40).collect::<String>()
        );
    }
    assert_eq!(
        fs::read_to_string(desk.path().join("out.csv")).unwrap(),
        desk.ok("holder list -f csv").stdout
    );
    assert_eq!(
        fs::read_to_string(desk.path().join("out.json")).unwrap(),
        desk.ok("holder list -f json").stdout
    );
    desk.ok("holder list -f json -o out.txt");
    desk.ok("holder list -f csv -o other.json");
    assert!(
        fs::read_to_string(desk.path().join("other.json"))
            .unwrap()
            .starts_with("code,name,"),
        "-f goes first"
    );
}

#[test]
fn a_document_says_what_it_is_about_and_which_state_of_the_ledger_it_shows() {
    let desk = Desk::with_event();
    let head = desk.json("audit head");
    let state = format!(
        "as of 2026-06-30 · four eyes on · audit head {} {}",
        head["seq"],
        head["hash"].as_str().unwrap()
    );
    for (line, title) in [
        ("event list", "Events"),
        ("event show E1", "Event E1"),
        ("report reconciliation", "Reconciliation"),
    ] {
        desk.ok(&format!("{line} --force -o out.html"));
        let page = fs::read_to_string(desk.path().join("out.html")).unwrap();
        assert!(
            page.contains(&format!("<title>{title}</title>")),
            "`{line}`: {page}"
        );
        assert!(
            page.contains(&format!("<footer>{state}</footer>")),
            "`{line}`: {page}"
        );
        desk.ok(&format!("{line} --force -o out.md"));
        let text = fs::read_to_string(desk.path().join("out.md")).unwrap();
        assert!(
            text.starts_with(&format!("# {title}\n\n")),
            "`{line}`: {text}"
        );
        assert!(
            text.ends_with(&format!("\n\n{state}\n")),
            "`{line}`: {text}"
        );
    }
    desk.ok("event create E2 --project LAGOS --type exit --title Q2 --amount 1 --date 2026-06-30 --as bola -o out2.md");
    let written = fs::read_to_string(desk.path().join("out2.md")).unwrap();
    assert!(
        written.starts_with("| Field | Value |\n"),
        "what was written shows no state that was read: {written}"
    );
}

#[test]
fn a_workbook_of_a_past_day_has_the_same_bytes_whenever_and_wherever_it_is_written() {
    let mut desk = Desk::with_event();
    let mut written = |now: &str, zone: &str, name: &str| {
        desk.at(now);
        let words = ["event", "list", "--as-of", "2026-06-30", "-o", name];
        assert!(
            desk.command(words)
                .env("TZ", zone)
                .status()
                .unwrap()
                .success()
        );
        fs::read(desk.path().join(name)).unwrap()
    };
    let first = written("2026-06-30T09:00:00.000000Z", "UTC", "a.xlsx");
    assert!(first == written("2026-07-09T23:59:58.000000Z", "Africa/Lagos", "b.xlsx"));
}

#[test]
fn an_output_without_a_known_extension_is_wrong_usage_before_anything_is_done() {
    let desk = Desk::with_register();
    let before = fs::read(desk.ledger()).unwrap();
    let ran = wrong_usage(
        &desk,
        "holder set h1 --name N --as bola -o out.pdf",
        "`out.pdf` has no known extension",
    );
    assert!(
        ran.stderr.contains(".csv .json .xlsx .html or .md"),
        "{}",
        ran.stderr
    );
    wrong_usage(&desk, "holder list -o out", "`out` has no known extension");
    let ran = desk.run("holder list -o out -f json");
    assert_eq!(ran.code, 0, "a format makes up for it: {}", ran.stderr);
    fs::remove_file(desk.path().join("out")).unwrap();
    assert!(before == fs::read(desk.ledger()).unwrap());
    assert_eq!(files(&desk), ["prorata.db"]);
}

#[test]
fn a_file_is_not_overwritten_without_force() {
    let desk = Desk::with_register();
    desk.write("out.csv", "mine");
    insta::assert_snapshot!(
        "output_exists",
        desk.run("holder list -o out.csv").snapshot()
    );
    let before = fs::read(desk.ledger()).unwrap();
    let message = desk.refused(
        "holder set h1 --name N --as bola -o out.csv",
        1,
        "output.exists",
    );
    assert!(message.ends_with("nothing was written"), "{message}");
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "the command is refused before it is done"
    );
    assert_eq!(
        fs::read_to_string(desk.path().join("out.csv")).unwrap(),
        "mine"
    );
    desk.ok("holder list -o out.csv --force");
    assert!(
        fs::read_to_string(desk.path().join("out.csv"))
            .unwrap()
            .starts_with("code,name,")
    );
    assert_eq!(
        fs::metadata(desk.path().join("out.csv"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    assert_eq!(
        files(&desk),
        ["out.csv", "prorata.db"],
        "no temporary name is left"
    );
}

#[test]
fn a_refused_command_leaves_no_output_file() {
    let desk = Desk::with_register();
    assert_eq!(desk.run("token register ABUJA -o out.csv").code, 1);
    assert_eq!(
        desk.run("holder list --as-of 2027-01-01 -o out.csv").code,
        2
    );
    assert_eq!(
        desk.run("holder add h1 --name N --as bola -o out.json")
            .code,
        1
    );
    assert_eq!(files(&desk), ["prorata.db"]);
}

#[test]
fn force_replaces_files_and_nothing_else() {
    let desk = Desk::with_register();
    nix::unistd::mkfifo(&desk.path().join("pipe.csv"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    fs::create_dir(desk.path().join("folder.csv")).unwrap();
    let before = fs::read(desk.ledger()).unwrap();
    for file in ["pipe.csv", "folder.csv"] {
        desk.refused(&format!("holder list -o {file}"), 1, "output.exists");
        let message = desk.refused(
            &format!("holder set h1 --name N --as bola -o {file} --force"),
            4,
            "output.failed",
        );
        assert!(message.contains("it is not a regular file"), "{message}");
    }
    assert!(
        fs::symlink_metadata(desk.path().join("pipe.csv"))
            .unwrap()
            .file_type()
            .is_fifo()
    );
    let message = desk.refused(
        "holder set h1 --name N --as bola -o no/where.csv",
        4,
        "output.failed",
    );
    assert!(message.contains("there is no such folder"), "{message}");
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "nothing was done before"
    );
}

#[test]
fn a_closed_pipe_is_not_a_failure() {
    let desk = Desk::with_register();
    for line in [
        "holder list",
        "token register LAGOS -f csv",
        "--help",
        "completions bash",
        "holder set h1 --name N --as bola",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = desk.command(line.split(' '));
        let ran = Ran::of(
            command
                .stdout(writer)
                .stderr(Stdio::piped())
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 0, "`{line}`: {}", ran.stderr);
        assert!(
            !ran.stderr.contains("error") && !ran.stderr.contains("panicked"),
            "`{line}`: {}",
            ran.stderr
        );
    }
    assert_eq!(
        desk.json("holder show h1")["name"],
        "N",
        "the change is written all the same"
    );
}

#[test]
fn a_full_device_fails_a_command_that_reads() {
    let desk = Desk::with_register();
    for line in [
        "holder list",
        "holder show h1 -f json",
        "status",
        "check",
        "completions bash",
        "--help",
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::of(
            desk.command(line.split(' '))
                .stdout(full)
                .stderr(Stdio::piped())
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 4, "`{line}`: {}", ran.stderr);
        assert!(
            line == "--help"
                || ran
                    .stderr
                    .contains("cannot write to standard output: No space left"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr.matches("No space left").count() <= 1,
            "the cause is shown once: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_command_that_wrote_is_done_and_says_that_its_result_could_not_be_printed() {
    let desk = Desk::with_register();
    for line in [
        "holder set h1 --name N1 --as bola",
        "holder set h1 --name N2 --as bola -f json",
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::of(
            desk.command(line.split(' '))
                .stdout(full)
                .stderr(Stdio::piped())
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 0, "`{line}`: {}", ran.stderr);
        assert!(
            ran.stderr
                .contains("the change is written, but its result could not be printed"),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(desk.json("holder show h1")["name"], "N2");
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = desk.command("init --user ada -L other.db".split(' '));
    assert_eq!(
        Ran::of(
            command
                .stdout(full)
                .stderr(Stdio::piped())
                .output()
                .unwrap()
        )
        .code,
        0
    );
    assert_eq!(
        desk.json("user list -L other.db").as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_command_given_again_with_its_key_takes_the_file_of_its_first_result_and_no_other() {
    let desk = Desk::with_register();
    let line = "holder set h1 --name N --as bola -o h1.csv --key k1";
    desk.ok(line);
    let first = std::fs::read(desk.path().join("h1.csv")).unwrap();
    let again = desk.ok(line);
    assert!(
        again
            .stderr
            .contains("this is the first result; nothing was written"),
        "{}",
        again.stderr
    );
    assert!(first == std::fs::read(desk.path().join("h1.csv")).unwrap());
    // Another key is another command: nothing is done, and nothing overwritten.
    desk.refused(
        "holder set h1 --name M --as bola -o h1.csv --key k2",
        1,
        "output.exists",
    );
    assert_eq!(desk.json("holder show h1")["name"], "N");
    desk.write("h1.csv", "mine");
    desk.refused(line, 1, "output.exists");
    assert_eq!(
        std::fs::read_to_string(desk.path().join("h1.csv")).unwrap(),
        "mine"
    );
}
