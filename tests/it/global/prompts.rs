//! Questions that are asked in order, checked at once and asked again; Ctrl-C.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
};

use super::terminal::{on_terminal, pending, states};
use crate::support::{Desk, NOW, Ran, has_program, program};

#[test]
fn a_wrong_answer_is_asked_again_and_the_others_stay() {
    let desk = Desk::with_register();
    let Some(ran) = on_terminal(
        &desk,
        "event create E1 --as bola",
        "LAGOS\nrent\nrevenue\nTitle\n18,500,000\n500\n31/12/2025\n2025-12-31\n",
        &[],
    ) else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let at = |words: &str| {
        let found = ran.stdout.find(words);
        found.unwrap_or_else(|| panic!("{words}: {}", ran.stdout))
    };
    assert!(at("project [for example MARINA]") < at("type [revenue, exit, dividend, other]"));
    assert!(at("[revenue, exit, dividend, other]") < at("title"));
    assert!(at("title") < at("amount [or run it with --gross, --rate]"));
    assert!(at("did you mean 18500000?") < at("did you mean 2025-12-31?"));
    let event = desk.json("event show E1");
    assert_eq!(event["event_type"], "revenue");
    assert_eq!(event["distribution_date"], "2025-12-31");
}

#[test]
fn init_asks_who_is_the_first_user_and_whether_four_eyes_are_on() {
    let desk = Desk::empty();
    let Some(ran) = on_terminal(&desk, "init", "a b\nada\nAda Obi\nmaybe\noff\n", &[]) else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("write on or off"), "{}", ran.stdout);
    assert!(ran.stdout.contains("four eyes off"), "{}", ran.stdout);
    let user = desk.json("user show ada");
    assert_eq!(
        (&user["role"], &user["name"]),
        (&"admin".into(), &"Ada Obi".into())
    );
    // What exists is refused without a question.
    let again = on_terminal(&desk, "init", "", &[]).unwrap();
    assert_eq!(again.code, 1, "{}", again.stdout);
    assert!(again.stdout.contains("already exists"), "{}", again.stdout);
    let quick = Desk::empty();
    let ran = on_terminal(&quick, "init --user ada --name Ada", "\n", &[]).unwrap();
    assert!(ran.stdout.contains("four eyes on"), "{}", ran.stdout);
}

#[test]
fn all_of_an_event_is_asked_about_and_needs_all_without_a_terminal() {
    let desk = pending();
    let line = "withdrawal approve --event E1 --as chi";
    desk.refused_text(line, 2, "`--event E1` needs `--all`");
    let Some(ran) = on_terminal(&desk, line, "y\n", &[]) else {
        return;
    };
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let question = "approve all 3 of E1, NGN 100.00, to h1, h2, h3?";
    assert!(ran.stdout.contains(question), "{}", ran.stdout);
    assert_eq!(states(&desk), ["approved"; 3]);
}

#[test]
fn what_a_rule_refuses_is_refused_before_a_question_and_recorded() {
    let desk = pending();
    let attempts = || {
        desk.json("audit log --type withdrawal_approved")
            .as_array()
            .unwrap()
            .len()
    };
    let before = attempts();
    let Some(ran) = on_terminal(
        &desk,
        "withdrawal approve --event E1 --all --as bola",
        "y\n",
        &[],
    ) else {
        return;
    };
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(!ran.stdout.contains("approve all"), "{}", ran.stdout);
    assert!(ran.stdout.contains("may not approve"), "{}", ran.stdout);
    assert_eq!(attempts(), before + 1, "the attempt is in the trail");
    assert_eq!(states(&desk), ["pending"; 3]);
}

/// Runs a command line on a terminal and presses Ctrl-C when it asks.
fn interrupted_at(desk: &Desk, line: &str, question: &str) -> Option<Ran> {
    if !has_program("script") {
        return None;
    }
    let mut child = Command::new("script")
        .args(["-qec", &format!("{} {line}", program()), "/dev/null"])
        .current_dir(desk.path())
        .env_clear()
        .envs([
            ("PRORATA_TEST_NOW", NOW),
            ("TERM", "xterm"),
            ("PATH", "/usr/bin:/bin"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&shown).contains(question) {
        assert_eq!(
            stdout.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&shown)
        );
        shown.push(byte[0]);
    }
    child.stdin.take().unwrap().write_all(b"\x03").unwrap();
    stdout.read_to_end(&mut shown).unwrap();
    let mut output = child.wait_with_output().unwrap();
    output.stdout = shown;
    Some(Ran::of(output))
}

#[test]
fn ctrl_c_at_a_question_writes_nothing_and_says_so() {
    let desk = pending();
    let before = fs::read(desk.ledger()).unwrap();
    for (line, question) in [
        ("holder block h1 --as bola", "reason"),
        ("withdrawal approve --event E1 --as chi", "approve all 3"),
    ] {
        let Some(ran) = interrupted_at(&desk, line, question) else {
            return;
        };
        assert_eq!(ran.code, 130, "{line}: {}", ran.stdout);
        let last = ran.stdout.trim_end().lines().last();
        assert_eq!(last, Some("interrupted; nothing was written"), "{line}");
    }
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn ctrl_c_in_the_middle_of_a_change_rolls_it_back_and_leaves_no_journal() {
    let desk = Desk::with_register();
    let rows = (0..40_000).map(|number| format!("x{number},Name {number}\n"));
    let file: Vec<String> = std::iter::once("code,name\n".to_owned())
        .chain(rows)
        .collect();
    fs::write(desk.path().join("many.csv"), file.concat()).unwrap();
    let before = fs::read(desk.ledger()).unwrap();
    let journal = desk.path().join("prorata.db-journal");
    let mut child = desk
        .command("holder import many.csv --as bola".split(' '))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !journal.exists() {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
        std::thread::yield_now();
    }
    let kill = format!("kill -INT {}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    assert_eq!(ran.stderr, "interrupted; nothing was written\n");
    assert!(!journal.exists());
    assert!(before == fs::read(desk.ledger()).unwrap());
    desk.sound();
}
