//! `prorata status`: the list of all open work.

use serde_json::{Value, json};

use crate::support::Desk;

/// What waits, as `what of count amount users`, in the order shown; upkeep and users left out.
fn waiting(desk: &Desk, flags: &str) -> Vec<String> {
    let status = desk.json(&format!("status {flags}"));
    let rows = status["waiting"].as_array().unwrap();
    let upkeep = ["check to run", "backup to make", "user to acknowledge"];
    let rows = rows
        .iter()
        .filter(|row| !upkeep.iter().any(|word| row["what"] == *word));
    rows.map(|row| {
        let text = |field: &str| row[field].as_str().unwrap_or("-").to_owned();
        let users: Vec<&str> = row["users"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        format!(
            "{} | {} | {} | {} | {}",
            text("what"),
            text("about"),
            row["count"],
            text("amount"),
            users.join(",")
        )
    })
    .collect()
}

#[test]
fn each_step_of_a_quarter_waits_for_the_next_person() {
    let mut desk = Desk::with_register();
    let step = |desk: &Desk, rows: &[&str]| {
        assert_eq!(waiting(desk, ""), rows);
        desk.sound();
    };
    step(&desk, &[]);
    desk.ok("event create E1 --project LAGOS --type exit --title X --amount 100 --date 2026-06-30 --as bola");
    step(&desk, &["event to calculate | E1 | 1 | 100.00 | ada,bola"]);
    desk.ok("event calculate E1 --as bola");
    step(&desk, &["event to approve | E1 | 1 | 100.00 | ada,chi"]);
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("token issue h1 1 --project LAGOS --date 2026-01-01 --as bola");
    step(
        &desk,
        &["event to calculate again | E1 | 1 | 100.00 | ada,bola"],
    );
    desk.ok("event calculate E1 --as bola");
    step(&desk, &["event to approve | E1 | 1 | 100.00 | ada,chi"]);
}

#[test]
fn a_payment_waits_until_it_is_filed_exported_recorded_and_on_the_bank() {
    let desk = Desk::with_bank();
    let only = |what: &str| -> Vec<String> {
        let all = waiting(&desk, "");
        all.into_iter().filter(|row| row.contains(what)).collect()
    };
    assert_eq!(
        waiting(&desk, ""),
        [
            "holders with money to request | E1 | 3 | 40.00 | ada,bola",
            "withdrawals to pay | E1 | 3 | 60.00 | ada,bola",
            "bank statement to import | OPS | 1 | - | ada,bola"
        ]
    );
    desk.ok("payment file create W-1 W-2 --account OPS --profile generic --as bola");
    assert_eq!(
        only("to pay"),
        ["withdrawals to pay | E1 | 1 | 10.00 | ada,bola"]
    );
    assert_eq!(
        only("export"),
        ["payment file to export | F-000001 | 2 | 50.00 | ada,bola"]
    );
    desk.sound();
    desk.ok("payment file export F-1 -o f.csv --as bola");
    assert_eq!(
        only("export"),
        ["exported payments, not recorded | F-000001 | 2 | 50.00 | ada,bola"]
    );
    desk.ok("withdrawal pay W-1 --reference TRX-1 --date 2026-06-23 --yes --as bola");
    assert_eq!(
        only("export"),
        ["exported payments, not recorded | F-000001 | 1 | 20.00 | ada,bola"]
    );
    desk.ok("payment file drop F-1 W-2 --reason wrong --as chi");
    assert_eq!(only("export"), <[String; 0]>::default());
    assert_eq!(
        only("to pay"),
        ["withdrawals to pay | E1 | 2 | 30.00 | ada,bola"]
    );
    desk.imported("june.csv", &[("2026-06-24", "S2", -12345, "GOODS")]);
    assert_eq!(
        only("bank"),
        ["bank lines to reconcile | OPS | 1 | - | ada,bola"]
    );
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(
        [only("settle"), only("reconcile")].concat(),
        [
            "bank lines to settle | OPS | 1 | 123.45 | ada,bola",
            "payments to settle | OPS | 1 | 30.00 | ada,bola"
        ]
    );
    desk.ok("payment settle P-1 --reason cash --as chi");
    desk.ok("bank resolve L-1 --kind other --reason goods --as bola");
    assert_eq!(only("settle"), <[String; 0]>::default());
    desk.ok("payment settle P-1 --undo --as chi");
    assert_eq!(
        only("settle"),
        ["payments to settle | OPS | 1 | 30.00 | ada,bola"]
    );
    desk.ok("withdrawal pay W-3 --reference TRX-3 --date 2026-06-23 --as bola");
    desk.ok("payment return P-2 --date 2026-06-24 --reason closed --as chi");
    assert_eq!(
        only("again"),
        ["returned payments to request again | E1 | 1 | 33.33 | ada,bola"]
    );
    desk.sound();
}

#[test]
fn money_of_holders_who_cannot_be_paid_is_not_there_to_request() {
    let desk = Desk::with_event();
    let payable = "holders with money to request | E1 | 3 | 100.00 | ada,bola";
    assert_eq!(waiting(&desk, ""), [payable]);
    desk.ok("holder block h1 --reason court --as bola");
    desk.ok("holder account remove h2 --as bola");
    assert_eq!(
        waiting(&desk, ""),
        [
            "holders with money to request | E1 | 1 | 33.33 | ada,bola",
            "holders with money and no account | - | 1 | 33.33 | ada,bola",
            "blocked holders with money | - | 1 | 33.34 | ada,bola"
        ]
    );
    desk.sound();
    desk.ok("holder unblock h1 --reason over --as ada");
    desk.ok(
        "holder account set h2 --currency USD --bank-name B --account-number 5550000011 --as bola",
    );
    assert_eq!(
        waiting(&desk, "").len(),
        2,
        "an account in dollars takes no naira"
    );
    desk.sound();
}

#[test]
fn the_work_of_the_acting_user_comes_first_and_for_shows_it_alone() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("event create E2 --project LAGOS --type exit --title X --amount 7 --date 2026-06-30 --as bola");
    let (approve, calculate) = (
        "withdrawals to approve | E1 | 3 | 100.00 | ada,chi",
        "event to calculate | E2 | 1 | 7.00 | ada,bola",
    );
    assert_eq!(waiting(&desk, "--as bola"), [calculate, approve]);
    assert_eq!(waiting(&desk, "--as chi"), [approve, calculate]);
    assert_eq!(waiting(&desk, "--for chi"), [approve]);
    assert_eq!(waiting(&desk, "--for dayo"), <[String; 0]>::default());
    desk.refused("status --for nobody", 1, "user.unknown");
    desk.ok("project add OTHER --name Other --as bola");
    assert_eq!(waiting(&desk, "--project OTHER"), <[String; 0]>::default());
    assert_eq!(
        waiting(&desk, "--project LAGOS --as chi"),
        [approve, calculate]
    );
    let row = desk.json("status --for bola")["waiting"][0].clone();
    assert_eq!(row["command"], "prorata event calculate E2", "{row}");
}

#[test]
fn a_check_by_a_user_is_noted_and_one_that_finds_something_is_not() {
    let mut desk = Desk::with_event();
    assert_eq!(desk.json("status")["last_check"], Value::Null);
    desk.ok("check");
    assert_eq!(desk.json("status")["last_check"], Value::Null);
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("check --as dayo");
    let noted = desk.json("status")["last_check"].clone();
    assert_eq!(noted, json!("2026-07-01T09:00:00.000000Z"));
    assert_eq!(
        desk.json("audit log --type ledger_checked")[0]["activity_type"],
        "ledger_checked"
    );
    let what = |desk: &Desk| {
        let status = desk.json("status");
        let rows = status["waiting"].as_array().unwrap().clone();
        rows.iter().any(|row| row["what"] == "check to run")
    };
    assert!(!what(&desk));
    desk.at("2026-09-01T09:00:00.000000Z");
    desk.ok("backup b.db --as ada");
    assert!(what(&desk), "it changed, and the check is two months old");
    desk.tamper("UPDATE event_counts SET available = 2");
    let ran = desk.run("check --as dayo");
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("what waits in the event `E1`"),
        "{}",
        ran.stdout
    );
    assert_eq!(desk.json("status")["last_check"], noted);
}
