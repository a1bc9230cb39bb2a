//! `prorata audit …`

mod history;
mod laundered;
pub(crate) mod populated;
mod rewritten;
mod tamper;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    event::once::{fields, unchanged},
    support::Desk,
};

const ENTRY: &str = "seq created_at activity_type performed_by outcome project event withdrawal previous_status new_status
    changes_summary metadata ip_address user_agent hash";

fn log(desk: &Desk, flags: &str) -> Vec<Value> {
    desk.json(&format!("audit log {flags}"))
        .as_array()
        .unwrap()
        .clone()
}

fn activities(desk: &Desk, flags: &str) -> Vec<String> {
    log(desk, flags)
        .iter()
        .map(|entry| entry["activity_type"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_entry_says_who_did_what_when_and_from_where() {
    let desk = Desk::with_event();
    let mut command = desk.command([
        "withdrawal",
        "request",
        "--event",
        "E1",
        "--holder",
        "h1",
        "--amount",
        "10",
    ]);
    command
        .env("PRORATA_AS", "bola")
        .env("SSH_CONNECTION", "203.0.113.7 50000 192.0.2.1 22");
    assert!(command.output().unwrap().status.success());
    let entry = log(&desk, "").pop().unwrap();
    fields(&entry, ENTRY);
    let expected = json!({
        "activity_type": "withdrawal_requested", "performed_by": "bola", "outcome": "done", "project": "LAGOS", "event": "E1",
        "withdrawal": "W-000001", "previous_status": null, "new_status": "pending", "ip_address": "203.0.113.7",
        "user_agent": concat!("prorata/", env!("CARGO_PKG_VERSION")),
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(entry[field], *value, "{field}");
    }
    assert_eq!(entry["changes_summary"]["amount"], "10.0000000");
    assert!(
        entry["created_at"]
            .as_str()
            .unwrap()
            .starts_with("2026-06-30T09:00:00.")
    );
    assert_eq!(entry["hash"].as_str().unwrap().len(), 64);
    assert!(entry["metadata"].as_object().unwrap().contains_key("host"));
    let seqs: Vec<_> = log(&desk, "")
        .iter()
        .map(|entry| entry["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(
        seqs,
        (1..).take(seqs.len()).collect::<Vec<u64>>(),
        "they count from 1 without a gap"
    );
}

#[test]
fn the_log_is_filtered() {
    let mut desk = Desk::with_event();
    desk.event("E2", "30");
    desk.at("2026-07-01T00:00:00.000000Z");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.at("2026-07-01T23:59:59.999999Z");
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.at("2026-07-02T00:00:00.000000Z");
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-07-01 --yes --as bola");
    let of_e1 = [
        "event_created",
        "allocations_calculated",
        "event_approved",
        "withdrawal_requested",
        "withdrawal_approved",
        "payment_recorded",
    ];
    assert_eq!(activities(&desk, "--event E1"), of_e1);
    assert_eq!(activities(&desk, "--event E2"), of_e1[..3]);
    assert_eq!(activities(&desk, "--withdrawal W-000001"), of_e1[3..]);
    assert_eq!(
        activities(&desk, "--user chi"),
        ["event_approved", "event_approved", "withdrawal_approved"]
    );
    assert_eq!(
        activities(&desk, "--type payment_recorded"),
        ["payment_recorded"]
    );
    assert_eq!(activities(&desk, "--from 2026-07-01"), of_e1[3..]);
    assert_eq!(
        activities(&desk, "--from 2026-07-01 --to 2026-07-01"),
        of_e1[3..5],
        "the whole day, and no more"
    );
    assert_eq!(activities(&desk, "--from 2026-07-02"), of_e1[5..]);
    assert_eq!(
        activities(&desk, "--as-of 2026-07-01 --from 2026-07-01"),
        of_e1[3..5]
    );
    assert_eq!(
        activities(&desk, "--event E1 --user bola --to 2026-06-30"),
        of_e1[..2]
    );
    desk.refused("audit log --type nonsense", 2, "usage.invalid");
    desk.refused("audit log --user nobody", 1, "user.unknown");
    desk.refused("audit log --event E9", 1, "event.unknown");
    desk.refused("audit log --withdrawal W-9", 1, "withdrawal.unknown");
}

#[test]
fn the_head_is_the_last_entry_and_is_below_every_list() {
    let mut desk = Desk::with_event();
    let last = log(&desk, "").pop().unwrap();
    let head = desk.json("audit head");
    assert_eq!((&head["seq"], &head["hash"]), (&last["seq"], &last["hash"]));
    let foot = format!(
        "audit head {} {}",
        head["seq"],
        &head["hash"].as_str().unwrap()[..12]
    );
    assert!(desk.ok("event list").stderr.contains(&foot));
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("nav set LAGOS 1 --date 2026-07-01 --as bola");
    assert_ne!(desk.json("audit head"), head);
    assert_eq!(desk.json("audit head --as-of 2026-06-30"), head);
    assert!(
        desk.ok("event list --as-of 2026-06-30")
            .stderr
            .contains(&foot)
    );
    let genesis = desk.json("audit head --as-of 2026-06-29");
    assert_eq!(genesis["seq"], 0);
    let genesis = genesis["hash"].as_str().unwrap().to_owned();
    desk.ok(&format!("audit verify --head {genesis}"));
}

#[test]
fn a_refused_attempt_is_recorded_with_its_code_and_nothing_else_changes() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("user set bola --status inactive --as ada");
    for (line, activity, user, code, event, withdrawal) in [
        (
            "withdrawal approve W-000001 --as dayo",
            "withdrawal_approved",
            "dayo",
            "user.forbidden",
            Some("E1"),
            Some("W-000001"),
        ),
        (
            "event approve E1 --as chi",
            "event_approved",
            "chi",
            "event.wrong_state",
            Some("E1"),
            None,
        ),
        (
            "event cancel E1 --reason x --as chi",
            "event_cancelled",
            "chi",
            "user.forbidden",
            Some("E1"),
            None,
        ),
        (
            "withdrawal cancel W-000001 --as bola",
            "withdrawal_cancelled",
            "bola",
            "user.inactive",
            None,
            None,
        ),
        (
            "holder add h1 --name Again --as ada",
            "holder_added",
            "ada",
            "holder.exists",
            None,
            None,
        ),
    ] {
        let before = log(&desk, "").len();
        unchanged(&desk, || desk.refused(line, 1, code));
        let entries = log(&desk, "");
        assert_eq!(entries.len(), before + 1, "`{line}`");
        let entry = entries.last().unwrap();
        let told = (
            entry["activity_type"].as_str(),
            entry["performed_by"].as_str(),
            entry["outcome"].as_str(),
        );
        assert_eq!(
            told,
            (Some(activity), Some(user), Some("refused")),
            "`{line}`"
        );
        assert_eq!(
            (entry["event"].as_str(), entry["withdrawal"].as_str()),
            (event, withdrawal),
            "`{line}`"
        );
        assert_eq!(entry["changes_summary"]["code"], code, "`{line}`");
    }
    // A dry run and a command line that cannot be read are not attempts.
    let before = desk.json("audit head");
    desk.run("event approve E1 --as chi --dry-run");
    desk.run("event approve");
    desk.run("event show E1");
    assert_eq!(desk.json("audit head"), before);
    desk.sound();
}

#[test]
fn no_account_number_is_in_any_entry() {
    let desk = populated::desk();
    desk.write(
        "holders.csv",
        "code,name,bank_name,account_number\nh7,Seven,UBA,5000000007\n",
    );
    desk.ok("holder import holders.csv --as bola --key import");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 1 --bank-name UBA --account-number 6000000006 --as bola --key given");
    desk.run("withdrawal request --event E1 --holder h2 --amount 999 --bank-name UBA --account-number 6000000006 --as bola");
    let conn = populated::open(&desk);
    let numbers = "SELECT account_number FROM holder_accounts WHERE account_number IS NOT NULL
        UNION SELECT account_number FROM withdrawal_requests WHERE account_number IS NOT NULL UNION SELECT account_number FROM holder_accounts_history
        WHERE account_number IS NOT NULL";
    let mut statement = conn.prepare(numbers).unwrap();
    let numbers: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(numbers.len() >= 6, "{numbers:?}");
    let mut texts = vec![desk.ok("audit log -f json --as ada").stdout];
    for (table, columns) in [
        ("distribution_activity_log", "changes_summary || metadata"),
        ("idempotency_keys", "input_hash || result || command"),
    ] {
        let mut statement = conn
            .prepare(&format!("SELECT {columns} FROM {table}"))
            .unwrap();
        texts.extend(
            statement
                .query_map([], |row| row.get::<_, String>(0))
                .unwrap()
                .map(Result::unwrap),
        );
    }
    for number in numbers {
        assert!(
            texts.iter().all(|text| !text.contains(&number)),
            "{number} is in the trail"
        );
    }
}

#[test]
fn a_verification_says_what_it_is_worth() {
    let desk = Desk::with_event();
    let verified = desk.ok("audit verify");
    assert!(
        verified
            .stderr
            .contains("internally consistent; not checked against anything outside this file")
    );
    let head = desk.json("audit head");
    let hash = head["hash"].as_str().unwrap().to_owned();
    let noted = desk.ok(&format!("audit verify --head {}", hash.to_uppercase()));
    assert!(
        noted.stderr.contains("the noted head is in the trail"),
        "{}",
        noted.stderr
    );
    assert!(!noted.stderr.contains("not checked"), "{}", noted.stderr);
    let json = desk.json("audit verify");
    assert_eq!(
        json,
        json!({ "ok": true, "entries": head["seq"], "head": hash, "findings": [] })
    );
    let other = "0".repeat(64);
    let ran = desk.run(&format!("audit verify --head {other} -f json"));
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &found["ok"]), (3, &json!(false)));
    fields(&found["findings"][0], "seq table row detail");
}

#[test]
fn the_head_that_a_footer_shows_can_be_verified() {
    let desk = Desk::with_event();
    let footer = desk.ok("event list").stderr;
    let shown = footer.trim().rsplit(' ').next().unwrap();
    assert_eq!(shown.len(), 12, "{footer}");
    desk.ok("nav set LAGOS 1 --date 2026-06-01 --as bola");
    desk.ok(&format!("audit verify --head {shown}"));
    let other = if shown.starts_with('0') { "1" } else { "0" }.repeat(12);
    assert_eq!(desk.run(&format!("audit verify --head {other}")).code, 3);
    for none in ["", "123", "not-a-hash-at-all", &"0".repeat(65)] {
        assert_eq!(
            desk.words(&["audit", "verify", "--head", none]).code,
            2,
            "{none}"
        );
    }
}

#[test]
fn a_clock_that_steps_back_keeps_the_order_and_is_noted() {
    let mut desk = Desk::with_register();
    desk.at("2026-06-29T09:00:00.000000Z");
    desk.ok("nav set LAGOS 1 --date 2026-06-01 --as bola");
    let entries = log(&desk, "");
    let [.., before, last] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert!(before["created_at"].as_str() < last["created_at"].as_str());
    assert_eq!(
        last["metadata"]["clock_stepped_back_to"],
        "2026-06-29T09:00:00.000000Z"
    );
    assert_eq!(before["metadata"]["clock_stepped_back_to"], Value::Null);
    // Until the clock is right again, entries are in its future, which `check` finds.
    desk.at("2026-06-30T10:00:00.000000Z");
    desk.sound();
}

#[test]
fn the_screens_of_the_trail() {
    let desk = Desk::with_event();
    desk.run("event approve E1 --as bola");
    assert_snapshot!("log", desk.ok("audit log --event E1").snapshot());
    assert_snapshot!("head", desk.ok("audit head").snapshot());
    assert_snapshot!("verify", desk.ok("audit verify").snapshot());
    desk.tamper(
        "UPDATE distribution_allocations SET lp_tokens_held = '2.0000000' WHERE number = 1",
    );
    assert_snapshot!("verify_finds", desk.run("audit verify").snapshot());
}
