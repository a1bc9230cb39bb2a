//! `prorata event …`

mod allocation;
mod approval;
mod components;
mod controls;
mod forward;
pub(crate) mod once;
mod participation;
mod past;
mod proceeds;

use insta::assert_snapshot;
use once::{Once, fields, unchanged};
use serde_json::json;

use crate::support::Desk;

const CREATE: &str = "event create --project LAGOS --type revenue --title Q1 --amount 100 --date 2026-03-31 --as bola";
const EVENT: &str =
    "id code project event_type title description currency total_amount unit distribution_date record_date status
    snapshot_date snapshot_total_lp_tokens snapshot_nav calculation_hash total_allocated total_withdrawn total_pending
    total_available created_by approved_by approved_at completed_at cancelled_by cancelled_at cancellation_reason created_at
    updated_at";

#[test]
fn codes_that_are_not_given_carry_the_quarter_of_the_distribution_date() {
    let desk = Desk::with_register();
    desk.ok("project add ABUJA --name Abuja --as bola");
    let code = |line: &str| {
        let created = desk.json(&format!("{line} --yes"));
        created["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code(CREATE), "LAGOS-2026-Q1");
    assert_eq!(
        code(&CREATE.replace("create", "create LAGOS-2026-Q1-2")),
        "LAGOS-2026-Q1-2"
    );
    assert_eq!(code(CREATE), "LAGOS-2026-Q1-3");
    assert_eq!(
        code(&CREATE.replace("2026-03-31", "2025-12-31")),
        "LAGOS-2025-Q4"
    );
    assert_eq!(code(&CREATE.replace("LAGOS", "ABUJA")), "ABUJA-2026-Q1");
    let refused = desk.refused(
        &CREATE.replace("create", "create lagos-2026-q1-3"),
        1,
        "event.exists",
    );
    assert_eq!(
        refused,
        "event `lagos-2026-q1-3` already exists; nothing was written"
    );
}

#[test]
fn a_project_code_that_leaves_no_room_asks_for_a_code_of_its_own() {
    let desk = Desk::new();
    let long = "x".repeat(60);
    desk.ok(&format!("project add {long} --name Long --as bola"));
    unchanged(&desk, || {
        desk.refused(&CREATE.replace("LAGOS", &long), 1, "event.code")
    });
}

#[test]
fn an_event_is_created_once() {
    let desk = Desk::with_register();
    let line = "event create E1 --project lagos --type dividend --title Q1 --amount 100 --date 2026-03-31 --record-date 2026-03-30 --description More --unit 0.5 --as bola";
    let created = Once::done(&desk, line);
    let event = created.json();
    fields(&event, EVENT);
    let expected = json!({
        "code": "E1", "project": "LAGOS", "event_type": "dividend", "title": "Q1", "description": "More", "currency": "NGN",
        "total_amount": "100.00", "unit": "0.50", "distribution_date": "2026-03-31", "record_date": "2026-03-30",
        "status": "draft", "snapshot_date": null, "snapshot_total_lp_tokens": null, "snapshot_nav": null,
        "calculation_hash": null, "total_allocated": "0.00", "total_withdrawn": "0.00", "total_pending": "0.00",
        "total_available": "0.00", "created_by": "bola", "approved_by": null, "approved_at": null, "completed_at": null,
        "cancelled_by": null, "cancelled_at": null, "cancellation_reason": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(event[field], *value, "{field}");
    }
    assert_eq!(event["created_at"], event["updated_at"]);
    desk.ok("event calculate E1 --as bola");
    desk.ok("event cancel E1 --reason typo --as bola");
    created.repeats(&desk);
    created.conflicts(&desk, &line.replace("100", "101"));
    created.conflicts(&desk, &line.replace("bola", "ada"));
    created.conflicts(&desk, "event calculate E1 --as bola");
    desk.sound();
}

#[test]
fn only_who_records_creates_calculates_and_cancels() {
    let desk = Desk::with_event();
    for user in ["chi", "dayo"] {
        for line in [
            CREATE.replace("bola", user),
            format!("event calculate E1 --as {user}"),
            format!("event cancel E1 --reason x --as {user}"),
        ] {
            unchanged(&desk, || desk.refused(&line, 1, "user.forbidden"));
        }
    }
    desk.ok("event cancel E1 --reason x --as ada");
}

#[test]
fn an_event_is_calculated_once() {
    let desk = Desk::with_register();
    desk.ok("nav set LAGOS 750000 --date 2026-03-01 --as bola");
    desk.ok(&CREATE.replace("create", "create E1"));
    let calculated = Once::done(&desk, "event calculate E1 --as bola");
    let event = calculated.json();
    fields(&event, EVENT);
    assert_eq!(event["holders"], 3);
    for (field, value) in [
        ("status", "calculated"),
        ("snapshot_date", "2026-03-31"),
        ("snapshot_total_lp_tokens", "3"),
        ("snapshot_nav", "750000.00"),
        ("total_allocated", "100.00"),
        ("total_available", "100.00"),
        ("total_pending", "0.00"),
        ("total_withdrawn", "0.00"),
    ] {
        assert_eq!(event[field], value, "{field}");
    }
    assert_eq!(event["calculation_hash"].as_str().unwrap().len(), 64);
    desk.ok("event approve E1 --as chi");
    calculated.repeats(&desk);
    calculated.conflicts(&desk, "event calculate LAGOS --as bola");
    unchanged(&desk, || {
        desk.refused("event calculate E1 --as bola", 1, "event.wrong_state")
    });
    desk.sound();
}

#[test]
fn a_calculation_is_made_again_and_replaces_the_first() {
    let desk = Desk::with_register();
    desk.ok(&CREATE.replace("create", "create E1"));
    let first = desk.json("event calculate E1 --as bola");
    let again = desk.json("event calculate E1 --as bola");
    assert_eq!(
        first["calculation_hash"], again["calculation_hash"],
        "the same register gives the same calculation"
    );
    desk.ok("token issue h1 1 --project LAGOS --date 2026-03-31 --as bola");
    let third = desk.json("event calculate E1 --as ada");
    assert_ne!(first["calculation_hash"], third["calculation_hash"]);
    assert_eq!(third["snapshot_total_lp_tokens"], "4");
    let allocations = desk.json("event allocations E1");
    let amounts: Vec<_> = allocations
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["allocated_amount"].clone())
        .collect();
    assert_eq!(amounts, ["50.00", "25.00", "25.00"]);
    desk.sound();
}

#[test]
fn no_tokens_on_the_record_date_leave_a_draft() {
    let desk = Desk::with_register();
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok(&CREATE
        .replace("create", "create A1")
        .replace("LAGOS", "ABUJA"));
    desk.ok(&CREATE
        .replace("create", "create E1")
        .replace("2026-03-31", "2025-12-31"));
    for event in ["A1", "E1"] {
        unchanged(&desk, || {
            desk.refused(
                &format!("event calculate {event} --as bola"),
                1,
                "event.no_tokens",
            )
        });
        assert_eq!(desk.json(&format!("event show {event}"))["status"], "draft");
        assert_eq!(desk.json(&format!("event allocations {event}")), json!([]));
    }
    // Redeemed to nothing is nothing too.
    for holder in ["h1", "h2", "h3"] {
        desk.ok(&format!(
            "token redeem {holder} 1 --project LAGOS --date 2026-03-31 --as bola"
        ));
    }
    desk.ok(&CREATE.replace("create", "create E2"));
    unchanged(&desk, || {
        desk.refused("event calculate E2 --as bola", 1, "event.no_tokens")
    });
}

#[test]
fn a_record_date_in_the_future_waits_for_its_day() {
    let mut desk = Desk::with_register();
    let line = CREATE
        .replace("create", "create E1")
        .replace("2026-03-31", "2026-07-02");
    desk.ok(&format!("{line} --record-date 2026-07-01"));
    let said = unchanged(&desk, || {
        desk.refused(
            "event calculate E1 --as bola",
            1,
            "event.record_date_in_future",
        )
    });
    assert!(said.contains("2026-07-01"), "{said}");
    desk.at("2026-07-01T00:00:00.000000Z");
    assert_eq!(
        desk.json("event calculate E1 --as bola")["snapshot_date"],
        "2026-07-01"
    );
}

#[test]
fn a_cancelled_event_takes_its_open_withdrawals_along_each_with_its_entry() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve W-000002 --as chi");
    desk.ok("withdrawal reject W-000003 --reason no --as chi");
    assert_eq!(
        desk.run("event cancel E1 --as bola").code,
        2,
        "a reason is needed"
    );
    let cancelled = Once::done(&desk, "event cancel E1 --reason typo --yes --as bola");
    let event = cancelled.json();
    fields(&event, EVENT);
    for (field, value) in [
        ("status", "cancelled"),
        ("cancelled_by", "bola"),
        ("cancellation_reason", "typo"),
        ("total_allocated", "100.00"),
        ("total_pending", "0.00"),
        ("total_withdrawn", "0.00"),
    ] {
        assert_eq!(event[field], value, "{field}");
    }
    assert_eq!(event["cancelled_at"], event["updated_at"]);
    let status =
        |withdrawal: &str| desk.json(&format!("withdrawal show {withdrawal}"))["status"].clone();
    assert_eq!(
        ["W-000001", "W-000002", "W-000003"].map(status),
        ["cancelled", "cancelled", "rejected"]
    );
    let log = desk.json("audit log --event E1 --from 2026-06-30");
    let steps: Vec<_> = log.as_array().unwrap().iter().rev().take(3).collect();
    let told: Vec<_> = steps
        .iter()
        .map(|entry| {
            (
                entry["activity_type"].as_str().unwrap(),
                entry["withdrawal"].as_str(),
                entry["previous_status"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("event_cancelled", None, Some("active")),
            ("withdrawal_cancelled", Some("W-000002"), Some("approved")),
            ("withdrawal_cancelled", Some("W-000001"), Some("pending")),
        ]
    );
    cancelled.conflicts(&desk, "event cancel E1 --reason other --as bola");
    unchanged(&desk, || {
        desk.refused(
            "event cancel E1 --reason again --as bola",
            1,
            "event.wrong_state",
        )
    });
    unchanged(&desk, || {
        desk.refused(
            "withdrawal request --event E1 --holder h1 --all --as bola",
            1,
            "event.not_active",
        )
    });
    desk.sound();
}

#[test]
fn what_is_paid_is_not_cancelled_until_the_bank_returns_it() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --as bola");
    let said = unchanged(&desk, || {
        desk.refused("event cancel E1 --reason typo --as bola", 1, "event.paid")
    });
    assert!(said.contains("NGN 10.00"), "{said}");
    desk.ok("payment return P-000001 --date 2026-04-02 --reason closed --as chi");
    desk.ok("event cancel E1 --reason typo --as bola");
    desk.sound();
}

#[test]
fn the_last_payment_completes_an_event_and_a_return_opens_it_again() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    for (number, status) in [(1, "active"), (2, "active"), (3, "completed")] {
        desk.ok(&format!(
            "withdrawal pay W-00000{number} --reference R{number} --date 2026-04-01 --yes --as bola"
        ));
        assert_eq!(desk.json("event show E1")["status"], status);
    }
    let event = desk.json("event show E1");
    assert_eq!(
        (&event["total_withdrawn"], &event["total_available"]),
        (&json!("100.00"), &json!("0.00"))
    );
    assert_eq!(event["completed_at"], event["updated_at"]);
    unchanged(&desk, || {
        desk.refused(
            "event cancel E1 --reason typo --as bola",
            1,
            "event.wrong_state",
        )
    });
    desk.ok("payment return P-000002 --date 2026-04-02 --reason closed --as chi");
    let event = desk.json("event show E1");
    assert_eq!(
        (&event["status"], &event["completed_at"]),
        (&json!("active"), &json!(null))
    );
    assert_eq!(
        (&event["total_withdrawn"], &event["total_available"]),
        (&json!("66.67"), &json!("33.33"))
    );
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    desk.ok("withdrawal approve W-000004 --as chi");
    desk.ok("withdrawal pay W-000004 --reference R4 --date 2026-04-03 --yes --as bola");
    assert_eq!(desk.json("event show E1")["status"], "completed");
    let moved = |activity: &str| {
        let log = desk.json(&format!("audit log --type {activity}"));
        let steps = log.as_array().unwrap().iter().map(|entry| {
            format!(
                "{} to {}",
                entry["previous_status"].as_str().unwrap(),
                entry["new_status"].as_str().unwrap()
            )
        });
        steps.collect::<Vec<_>>()
    };
    assert_eq!(
        moved("event_completed"),
        ["active to completed", "active to completed"]
    );
    assert_eq!(moved("event_reopened"), ["completed to active"]);
    desk.sound();
}

#[test]
fn a_list_is_filtered_and_ordered_by_date_and_code() {
    let desk = Desk::with_register();
    desk.ok("project add ABUJA --name Abuja --as bola");
    for (code, project, kind, date) in [
        ("z", "LAGOS", "exit", "2026-01-31"),
        ("b", "LAGOS", "revenue", "2026-02-28"),
        ("a", "ABUJA", "revenue", "2026-02-28"),
        ("c", "LAGOS", "dividend", "2026-03-31"),
    ] {
        desk.ok(&format!(
            "event create {code} --project {project} --type {kind} --title T --amount 1 --date {date} --as bola"
        ));
    }
    desk.ok("event calculate c --as bola");
    desk.ok("event cancel z --reason typo --as bola");
    let listed = |flags: &str| {
        let list = desk.json(&format!("event list {flags}"));
        list.as_array()
            .unwrap()
            .iter()
            .map(|event| event["code"].as_str().unwrap())
            .collect::<Vec<_>>()
            .join("")
    };
    for (flags, expected) in [
        ("", "zabc"),
        ("--project lagos", "zbc"),
        ("--status draft", "ab"),
        ("--status calculated", "c"),
        ("--status cancelled", "z"),
        ("--status active", ""),
        ("--type revenue", "ab"),
        ("--from 2026-02-28", "abc"),
        ("--to 2026-02-28", "zab"),
        ("--from 2026-02-01 --to 2026-03-30 --project ABUJA", "a"),
    ] {
        assert_eq!(listed(flags), expected, "{flags}");
    }
    desk.refused("event list --project NOWHERE", 1, "project.unknown");
}

#[test]
fn the_screens_of_an_event() {
    let desk = Desk::with_register();
    assert_snapshot!(
        "create",
        desk.ok(&CREATE.replace("create", "create E1")).snapshot()
    );
    assert_snapshot!(
        "calculate",
        desk.ok("event calculate E1 --as bola").snapshot()
    );
    assert_snapshot!(
        "approve_refused",
        desk.run("event approve E1 --as bola").snapshot()
    );
    assert_snapshot!("approve", desk.ok("event approve E1 --as chi").snapshot());
    desk.ok("withdrawal request --event E1 --holder h1 --amount 30 --as bola");
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.ok("withdrawal pay W-000001 --reference TRX-1 --date 2026-04-01 --yes --as bola");
    assert_snapshot!("list", desk.ok("event list").snapshot());
    assert_snapshot!("allocations", desk.ok("event allocations E1").snapshot());
    assert_snapshot!("explain", desk.ok("event explain E1 h1").snapshot());
    assert_snapshot!(
        "cancel_refused",
        desk.run("event cancel E1 --reason typo --as bola")
            .snapshot()
    );
    assert_snapshot!("unknown", desk.run("event show E2").snapshot());
}

#[test]
fn the_register_and_an_event_give_the_odd_unit_to_the_same_holder() {
    let desk = Desk::new();
    desk.ok("project add P --name P --as bola");
    for holder in ["a", "b", "Z"] {
        desk.ok(&format!("holder add {holder} --name N --as bola"));
        desk.ok(&format!(
            "token issue {holder} 1 --project P --date 2026-01-01 --as bola"
        ));
    }
    desk.ok("event create E --project P --type other --title T --amount 100 --date 2026-03-31 --as bola");
    desk.ok("event calculate E --as bola");
    let parts = |line: &str| -> Vec<(String, String)> {
        let rows = desk.json(line);
        let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap().to_owned();
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| (text(row, "holder"), text(row, "ownership_percentage")))
            .collect()
    };
    // Ties go in byte order, in which upper case comes first.
    assert_eq!(
        parts("token register P")[0],
        ("Z".to_owned(), "33.3333334".to_owned())
    );
    assert_eq!(parts("token register P"), parts("event allocations E"));
}

#[test]
fn a_key_stands_for_its_first_result_also_where_that_was_nothing_to_do() {
    let desk = Desk::with_event();
    let first = desk.ok("withdrawal approve --event E1 --all --key k1 --hash REVIEWED --as chi");
    assert!(first.stderr.contains("nothing to do"), "{}", first.stderr);
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve --event E1 --all --key k1 --hash REVIEWED --as chi");
    assert_eq!(desk.json("withdrawal show W-000001")["status"], "pending");
    desk.sound();
}
