//! Questions on a terminal, and that nothing is asked without one.

use std::{io::Write as _, process::Command, process::Stdio};

use super::habits::wrong_usage;
use crate::support::{Desk, NOW, Ran, has_program, program};

/// Runs a command line on a terminal of its own, on which `typed` is typed; `None` if no
/// terminal can be made.
pub(super) fn on_terminal(
    desk: &Desk,
    line: &str,
    typed: &str,
    variables: &[(&str, &str)],
) -> Option<Ran> {
    typed_on_terminal(desk, &format!("{} {line}", program()), typed, variables)
}

/// Runs a command line on a terminal with this many columns, without colours unless they are asked
/// for.
pub(super) fn on_columns(desk: &Desk, columns: u16, line: &str) -> Option<Ran> {
    typed_on_terminal(
        desk,
        &format!("stty cols {columns} rows 24; {} {line}", program()),
        "",
        &[("NO_COLOR", "1")],
    )
}

fn typed_on_terminal(
    desk: &Desk,
    shell: &str,
    typed: &str,
    variables: &[(&str, &str)],
) -> Option<Ran> {
    if !has_program("script") {
        return None;
    }
    let mut child = Command::new("script")
        .args(["-qec", shell, "/dev/null"])
        .current_dir(desk.path())
        .env_clear()
        .envs([
            ("PRORATA_TEST_NOW", NOW),
            ("TZ", "UTC"),
            ("TERM", "xterm"),
            ("PAGER", "cat"),
            ("PATH", "/usr/bin:/bin"),
        ])
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    Some(Ran::of(child.wait_with_output().unwrap()))
}

/// A ledger with three pending withdrawals of E1.
pub(super) fn pending() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk
}

pub(super) fn states(desk: &Desk) -> Vec<String> {
    let rows = desk.json("withdrawal list");
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["status"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_missing_is_asked_for_on_a_terminal() {
    let desk = Desk::with_register();
    let Some(ran) = on_terminal(&desk, "holder block h1 --as bola", "court order\n", &[]) else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("reason"),
        "the question names what is missing: {}",
        ran.stdout
    );
    assert_eq!(desk.json("holder show h1")["status_reason"], "court order");
    let asked = on_terminal(&desk, "holder add h4 --as bola", "Four\n", &[]).unwrap();
    assert_eq!(asked.code, 0, "{}", asked.stdout);
    assert_eq!(desk.json("holder show h4")["name"], "Four");
}

#[test]
fn an_answer_that_is_none_of_its_kind_is_asked_for_again() {
    let desk = Desk::with_register();
    let Some(ran) = on_terminal(
        &desk,
        "nav set LAGOS 5 --as bola",
        "tomorrow\n2026-06-01\n",
        &[],
    ) else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("write YYYY-MM-DD"), "{}", ran.stdout);
    assert_eq!(desk.json("nav list LAGOS")[0]["nav_date"], "2026-06-01");
}

#[test]
fn a_bulk_command_asks_with_count_total_and_names_and_the_default_is_no() {
    let desk = pending();
    let Some(ran) = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --as chi",
        "\n",
        &[],
    ) else {
        return;
    };
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    for shown in [
        "approve all 3 of E1",
        "NGN 100.00",
        "h1",
        "h2",
        "h3",
        "not confirmed; nothing was written",
    ] {
        assert!(ran.stdout.contains(shown), "{shown}: {}", ran.stdout);
    }
    assert_eq!(states(&desk), ["pending"; 3]);
    let no = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --as chi",
        "n\n",
        &[],
    )
    .unwrap();
    assert_eq!((no.code, states(&desk)), (2, vec!["pending".to_owned(); 3]));
    let json = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --as chi -f json",
        "n\n",
        &[],
    )
    .unwrap();
    assert!(
        json.stdout.contains("\"usage.not_confirmed\""),
        "{}",
        json.stdout
    );
    let yes = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --as chi",
        "y\n",
        &[],
    )
    .unwrap();
    assert_eq!(yes.code, 0, "{}", yes.stdout);
    assert_eq!(states(&desk), ["approved"; 3]);
    let no = on_terminal(
        &desk,
        "withdrawal cancel --event E1 --all --as bola",
        "\n",
        &[],
    )
    .unwrap();
    assert!(
        no.code == 2 && no.stdout.contains("cancel all 3 of E1"),
        "{}",
        no.stdout
    );
    desk.write(
        "paid.csv",
        "withdrawal,reference,date\nW-1,R-1,2026-06-30\nW-2,R-2,2026-06-30\n",
    );
    let no = on_terminal(&desk, "withdrawal pay --from paid.csv --as bola", "\n", &[]).unwrap();
    assert!(
        no.code == 2 && no.stdout.contains("pay 2 withdrawals"),
        "{}",
        no.stdout
    );
    assert_eq!(states(&desk), ["approved"; 3]);
}

#[test]
fn a_single_withdrawal_a_yes_and_a_dry_run_are_not_asked_about() {
    let desk = pending();
    let Some(ran) = on_terminal(&desk, "withdrawal approve W-000001 --as chi", "", &[]) else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let dry = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --dry-run --as chi",
        "",
        &[],
    )
    .unwrap();
    assert!(
        dry.code == 0 && dry.stdout.contains("dry run"),
        "{}",
        dry.stdout
    );
    let yes = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --yes --as chi",
        "",
        &[],
    )
    .unwrap();
    assert_eq!(
        (yes.code, states(&desk)),
        (0, vec!["approved".to_owned(); 3]),
        "{}",
        yes.stdout
    );
}

#[test]
fn no_input_asks_nothing_on_a_terminal_either() {
    let desk = pending();
    for (line, variables, named) in [
        (
            "holder block h1 --as bola --no-input",
            &[][..],
            "--reason <TEXT>",
        ),
        (
            "holder block h1 --as bola",
            &[("PRORATA_NO_INPUT", "1")][..],
            "--reason <TEXT>",
        ),
        (
            "withdrawal approve --event E1 --all --as chi --no-input",
            &[][..],
            "`--expect 3:100.00`",
        ),
        (
            "withdrawal approve --event E1 --all --as chi",
            &[("PRORATA_NO_INPUT", "1")][..],
            "`--hash ",
        ),
    ] {
        let Some(ran) = on_terminal(&desk, line, "y\n", variables) else {
            return;
        };
        assert_eq!(ran.code, 2, "`{line}`: {}", ran.stdout);
        assert!(
            ran.stdout.contains(named),
            "`{line}` names {named}: {}",
            ran.stdout
        );
    }
    assert_eq!(states(&desk), ["pending"; 3]);
    assert_eq!(desk.json("holder show h1")["status"], "active");
    let ran = on_terminal(
        &desk,
        "holder block h1 --as bola",
        "reason\n",
        &[("PRORATA_NO_INPUT", "0")],
    )
    .unwrap();
    assert_eq!(ran.code, 0, "0 is no: {}", ran.stdout);
}

#[test]
fn without_a_terminal_what_is_missing_is_named_and_standard_input_is_not_read() {
    let desk = pending();
    wrong_usage(&desk, "holder block h1 --as bola", "--reason <TEXT>");
    desk.write("answers", "y\ny\n");
    let answered = |line: &str| {
        let answers = std::fs::File::open(desk.path().join("answers")).unwrap();
        Ran::of(
            desk.command(line.split(' '))
                .stdin(answers)
                .output()
                .unwrap(),
        )
    };
    let blocked = answered("holder block h1 --as bola");
    assert!(
        blocked.code == 2 && blocked.stderr.contains("--reason <TEXT>"),
        "{}",
        blocked.stderr
    );
    desk.write(
        "paid.csv",
        "withdrawal,reference,date\nW-1,R-1,2026-06-30\nW-2,R-2,2026-06-30\n",
    );
    insta::assert_snapshot!(
        "bulk_needs_yes",
        desk.run("withdrawal approve --event E1 --all --as chi")
            .snapshot()
    );
    desk.refused("withdrawal approve W-1 W-2 --as chi", 2, "usage.needs_yes");
    desk.refused(
        "withdrawal cancel --event E1 --all --as bola",
        2,
        "usage.needs_yes",
    );
    assert_eq!(
        answered("withdrawal approve --event E1 --all --as chi").code,
        2
    );
    assert_eq!(states(&desk), ["pending"; 3]);
    desk.ok("withdrawal approve --event E1 --all --expect 3:100.00 --as chi");
    desk.refused(
        "withdrawal pay --from paid.csv --as bola",
        2,
        "usage.needs_yes",
    );
    assert_eq!(states(&desk), ["approved"; 3]);
}

#[test]
fn cancelling_an_event_with_several_withdrawals_needs_a_yes() {
    let desk = pending();
    let message = desk.refused(
        "event cancel E1 --reason Mistake --as ada",
        2,
        "usage.needs_yes",
    );
    assert!(
        message.contains("3 withdrawals") && message.contains("NGN 100.00"),
        "{message}"
    );
    assert_eq!(states(&desk), ["pending"; 3]);
    if let Some(no) = on_terminal(
        &desk,
        "event cancel E1 --reason Mistake --as ada",
        "\n",
        &[],
    ) {
        assert!(
            no.code == 2 && no.stdout.contains("h1") && no.stdout.contains("h3"),
            "{}",
            no.stdout
        );
        assert_eq!(states(&desk), ["pending"; 3]);
    }
    desk.ok("event cancel E1 --reason Mistake --as ada --yes");
    assert_eq!(states(&desk), ["cancelled"; 3]);
}

#[test]
fn what_is_longer_than_the_screen_is_shown_in_a_pager() {
    let desk = Desk::with_event();
    let shown = |rows: u16, flags: &str, pager: &str| {
        typed_on_terminal(
            &desk,
            &format!("stty cols 100 rows {rows}; {} audit log {flags}", program()),
            "",
            &[("NO_COLOR", "1"), ("PAGER", pager)],
        )
    };
    let marker = "sed s/^/paged:/";
    let Some(long) = shown(5, "", marker) else {
        return;
    };
    assert!(long.stdout.starts_with("paged:"), "{}", long.stdout);
    assert!(!shown(200, "", marker).unwrap().stdout.contains("paged:"));
    assert!(
        !shown(5, "--no-pager", marker)
            .unwrap()
            .stdout
            .contains("paged:")
    );
    assert!(!shown(5, "", "").unwrap().stdout.contains("paged:"));
    // A pager that does not exist loses nothing.
    assert!(
        shown(5, "", "no-such-pager")
            .unwrap()
            .stdout
            .contains("event_created")
    );
}
