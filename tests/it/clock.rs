//! Clock faults do no harm: whatever the clock says, entries are in the order of their numbers, never
//! go back in time, and a step back is noted.

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng},
};
use prorata::domain::time::Instant;

use crate::{
    figures::{figure, sized},
    support::Desk,
};

/// Returns an instant some seconds after the start of 2026.
fn at(seconds: u32) -> String {
    let (day, second) = (seconds / 86_400 % 28 + 1, seconds % 86_400);
    let (month, hour, minute) = (
        seconds / 86_400 / 28 % 12 + 1,
        second / 3_600,
        second / 60 % 60,
    );
    format!(
        "2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}.000000Z",
        second % 60
    )
}

#[test]
fn a_clock_that_jumps_changes_no_order_and_each_step_back_is_noted() {
    let mut desk = Desk::with_event();
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let steps = sized(120, 4_000);
    let mut latest = Instant::parse(crate::support::NOW).unwrap();
    let (mut back, mut noted) = (0, 0);
    for step in 0..steps {
        let now = at(random.next_u32() % (86_400 * 28 * 12));
        desk.at(&now);
        // Whatever the clock says, a reader sees the ledger as it is.
        desk.ok(&format!("user set dayo --name N{step} --as ada"));
        assert_eq!(desk.json("user show dayo")["name"], format!("N{step}"));
        let now = Instant::parse(&now).unwrap();
        back += usize::from(now < latest);
        latest = latest.max(now);
    }
    let entries = desk.json("audit log --type user_changed");
    let entries = entries.as_array().unwrap();
    assert_eq!(entries.len(), steps);
    for pair in entries.windows(2) {
        assert!(pair[0]["seq"].as_i64() < pair[1]["seq"].as_i64());
        assert!(
            pair[0]["created_at"].as_str() <= pair[1]["created_at"].as_str(),
            "{pair:?}"
        );
    }
    noted += entries
        .iter()
        .filter(|entry| !entry["metadata"]["clock_stepped_back_to"].is_null())
        .count();
    assert_eq!(noted, back, "each step back is noted, and nothing else");
    assert!(back > steps / 2 && back < steps);
    // A check under a clock that is behind the last entry would name that.
    desk.at("2027-01-31T00:00:00.000000Z");
    desk.sound();
    figure(
        "clock",
        &format!(
            "{steps} commands under a clock that jumps, {back} of them back; all in order, each noted"
        ),
    );
}

#[test]
fn one_command_with_the_clock_ahead_is_asked_about_and_dates_nothing_in_silence() {
    let mut desk = Desk::with_event();
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.at("2031-01-01T09:00:00.000000Z");
    let lines = [
        "user set dayo --name N --as ada",
        "withdrawal request --event E1 --holder h1 --all --as bola",
        "event create E2 --project LAGOS --type exit --title T --amount 1 --date 2026-06-30 --as bola",
        "backup copy.db --as ada",
    ];
    for line in lines {
        let message = desk.refused(line, 2, "clock.ahead");
        assert!(
            message.contains("1645 days after the last entry"),
            "{message}"
        );
        desk.refused_text(line, 2, "run the command with `--yes`");
    }
    let ran = desk.run("holder list --show-pii --as dayo");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stdout.contains("******6101"), "{}", ran.stdout);
    assert!(
        before == std::fs::read(desk.ledger()).unwrap() && !desk.path().join("copy.db").exists(),
        "not even the refusal is recorded under such a date"
    );
    desk.ok("holder list");
    let ran = desk.ok("user set dayo --name N --yes --key k --as ada");
    assert!(
        ran.stderr.contains("warning: the clock says 2031-01-01"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        desk.json("audit log --type user_changed")[0]["metadata"]["days_after_last_entry"],
        1645
    );
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("user set dayo --name N --key k --as ada");
    let checked = desk.run("check");
    assert_eq!(checked.code, 3, "{}", checked.stdout);
    assert!(
        checked.stdout.contains("in the future of the clock"),
        "{}",
        checked.stdout
    );
    let words = "the last entry of the audit trail, of 2031-01-01T09:00:00.000000Z, is in the future of the clock";
    for line in [
        "status",
        "holder list",
        "report history",
        "user set dayo --name M --as ada",
    ] {
        let ran = desk.ok(line);
        assert!(ran.stderr.contains(words), "`{line}`: {}", ran.stderr);
    }
    let status = desk.json("status");
    assert!(
        status["clock"]
            .as_str()
            .unwrap()
            .starts_with("2 entries of the audit trail are in the future"),
        "{status}"
    );
}

#[test]
fn a_long_pause_is_remarked_on_and_a_usual_one_is_not() {
    let mut desk = Desk::with_register();
    for (now, warned) in [
        ("2026-08-14T09:00:00.000000Z", false),
        ("2026-10-01T10:00:00.000000Z", true),
    ] {
        desk.at(now);
        let ran = desk.ok("user set dayo --name N --as ada");
        let ran = if warned {
            ran
        } else {
            desk.ok("user set dayo --name M --as ada")
        };
        assert_eq!(
            ran.stderr
                .contains("warning: nothing was recorded for 48 days"),
            warned,
            "{}",
            ran.stderr
        );
    }
    assert!(desk.json("status")["clock"].is_null());
}

#[test]
fn a_clock_that_was_never_set_is_an_error() {
    let mut desk = Desk::with_register();
    desk.at("1969-12-31T23:59:59.000000Z");
    for line in [
        "status",
        "holder list",
        "user set dayo --name N --as ada",
        "init --user ada -L new.db",
    ] {
        let message = desk.refused(line, 4, "clock.unset");
        assert!(message.contains("before 1970"), "{message}");
    }
    assert!(!desk.path().join("new.db").exists());
    desk.ok("completions bash");
}

#[test]
fn a_migration_with_the_clock_ahead_is_asked_about_too() {
    let mut desk = Desk::with_register();
    desk.next_version(true);
    desk.at("2031-01-01T09:00:00.000000Z");
    desk.refused("migrate --as ada", 2, "clock.ahead");
    assert!(!desk.path().join("prorata.db.before-migration").exists());
    desk.ok("migrate --as ada --yes");
}
