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
    desk.sound();
    figure(
        "clock",
        &format!(
            "{steps} commands under a clock that jumps, {back} of them back; all in order, each noted"
        ),
    );
}
