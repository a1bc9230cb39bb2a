//! What holders have: balances, portfolios, statements, the allocations of an event.

use serde_json::{Value, json};

use crate::{
    event::once::{fields, unchanged},
    support::{Desk, NOW},
};

/// Two projects; of E1 h1 is paid in part and h2 waits; E2 is only calculated, E3 was approved and
/// cancelled; K1 is in dinars.
fn desk() -> Desk {
    let mut desk = Desk::with_register_at("2026-03-01T09:00:00.000000Z");
    desk.event_on("E1", "LAGOS", "100", "2026-03-01");
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 3 --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.at("2026-04-02T09:00:00.000000Z");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-04-01 --yes --amount 30 --as bola");
    desk.ok("event create E2 --project LAGOS --type exit --title Two --amount 9 --date 2026-04-02 --as bola");
    desk.ok("event calculate E2 --as bola");
    desk.event_on("E3", "LAGOS", "60", "2026-04-02");
    desk.ok("withdrawal request --event E3 --holder h1 --all --as bola");
    desk.at("2026-05-04T09:00:00.000000Z");
    desk.ok("event cancel E3 --reason wrong --as bola");
    desk.ok("payment return P-1 --date 2026-05-03 --reason closed --as chi");
    desk.ok("project add KUWAIT --name K --currency KWD --as bola");
    desk.ok("token issue h1 0.5 --project KUWAIT --date 2026-05-01 --as bola");
    desk.ok("token issue h3 1.5 --project KUWAIT --date 2026-12-31 --as bola");
    desk.ok("token transfer h1 h2 0.1 --project KUWAIT --date 2026-12-31 --as bola");
    desk.event_on("K1", "KUWAIT", "8.125", "2026-05-04");
    desk.at(NOW);
    desk
}

fn row<'a>(rows: &'a Value, holder: &str, currency: &str) -> &'a Value {
    let found = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["holder"] == holder && row["currency"] == currency);
    found.unwrap_or_else(|| panic!("no {holder} in {currency}: {rows}"))
}

fn amounts(row: &Value) -> [&str; 4] {
    [
        "allocated_amount",
        "withdrawn_amount",
        "pending_amount",
        "available_amount",
    ]
    .map(|field| row[field].as_str().unwrap())
}

#[test]
fn balances_are_the_sums_of_approved_allocations_by_holder_and_currency() {
    let desk = desk();
    let rows = unchanged(&desk, || desk.json("report balances"));
    fields(
        &rows[0],
        "holder holder_name currency allocated_amount withdrawn_amount pending_amount available_amount
         tax_amount net_amount carried_forward_amount held_amount",
    );
    let keys: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["holder"].as_str().unwrap(),
                row["currency"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        keys,
        [("h1", "KWD"), ("h1", "NGN"), ("h2", "NGN"), ("h3", "NGN")]
    );
    assert_eq!(
        amounts(row(&rows, "h1", "NGN")),
        ["33.34", "0.00", "0.00", "33.34"],
        "paid, then returned"
    );
    assert_eq!(
        amounts(row(&rows, "h2", "NGN")),
        ["33.33", "0.00", "3.00", "30.33"]
    );
    assert_eq!(
        amounts(row(&rows, "h1", "KWD")),
        ["8.125", "0.000", "0.000", "8.125"],
        "h3 has tokens only later"
    );
    let lagos = desk.json("report balances --project lagos");
    assert_eq!(lagos.as_array().unwrap().len(), 3);
    desk.refused("report balances --project NONE", 1, "project.unknown");
}

#[test]
fn balances_of_a_past_day_count_what_was_approved_and_paid_then() {
    let desk = desk();
    let rows = desk.json("report balances --as-of 2026-04-02");
    assert_eq!(
        amounts(row(&rows, "h1", "NGN")),
        ["53.34", "30.00", "20.00", "3.34"],
        "E3 was not cancelled yet: {rows}"
    );
    assert_eq!(desk.json("report balances --as-of 2026-02-28"), json!([]));
    desk.refused(
        "report balances --project KUWAIT --as-of 2026-04-02",
        1,
        "project.unknown",
    );
    desk.refused(
        "report balances --as-of 2999-01-01",
        2,
        "usage.as_of_in_future",
    );
}

#[test]
fn a_portfolio_tells_tokens_events_totals_and_payments() {
    let desk = desk();
    let found = unchanged(&desk, || desk.json("report portfolio --holder h1"));
    fields(&found, "holder holder_name holdings totals events payments");
    assert_eq!(
        (&found["holder"], &found["holder_name"]),
        (&json!("h1"), &json!("Name-h1"))
    );
    let holdings = found["holdings"].as_array().unwrap();
    let held: Vec<_> = holdings
        .iter()
        .map(|row| {
            [
                "project",
                "lp_tokens_held",
                "lp_tokens_outstanding",
                "ownership_percentage",
                "distributed_per_token",
            ]
            .map(|field| row[field].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        held,
        [
            ["KUWAIT", "0.5", "0.5", "100", "16.25"],
            ["LAGOS", "1", "3", "33.3333333", "33.3333333"]
        ]
    );
    let totals: Vec<_> = found["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["currency"].clone(), amounts(row)))
        .collect();
    assert_eq!(
        totals[1],
        (json!("NGN"), ["33.34", "0.00", "0.00", "33.34"])
    );
    let events: Vec<_> = found["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        events,
        ["E1", "K1"],
        "calculated and cancelled events owe nobody anything"
    );
    assert_eq!(
        found["events"][0]["ownership_percentage"], "33.3333334",
        "as the event's allocation has it"
    );
    let payment = &found["payments"][0];
    assert_eq!(
        (&payment["reference"], &payment["status"]),
        (&json!("R1"), &json!("returned"))
    );
    assert_eq!(
        desk.json("report portfolio --holder h1 --project LAGOS")["events"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.refused("report portfolio --holder nobody", 1, "holder.unknown");
}

#[test]
fn the_portfolio_and_the_balances_agree_for_every_holder_and_day() {
    let desk = desk();
    for day in ["2026-03-01", "2026-04-02", "2026-05-04", "2026-06-30"] {
        let balances = desk.json(&format!("report balances --as-of {day}"));
        for holder in ["h1", "h2", "h3"] {
            let portfolio = desk.json(&format!("report portfolio --holder {holder} --as-of {day}"));
            for total in portfolio["totals"].as_array().unwrap() {
                let balance = row(&balances, holder, total["currency"].as_str().unwrap());
                assert_eq!(amounts(total), amounts(balance), "{holder} on {day}");
            }
        }
    }
}

#[test]
fn the_portfolio_of_a_project_has_the_payments_of_that_project() {
    let desk = desk();
    desk.ok(
        "holder account set h1 --currency KWD --bank-name NBK --account-number 55500001 --as bola",
    );
    desk.ok("withdrawal request --event K1 --holder h1 --all --as bola");
    let code = desk.json("withdrawal list --event K1")[0]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.ok(&format!("withdrawal approve {code} --as chi"));
    desk.ok(&format!(
        "withdrawal pay {code} --reference K --date 2026-06-30 --yes --as bola"
    ));
    for (project, events) in [
        (" --project LAGOS", &["E1"][..]),
        (" --project KUWAIT", &["K1"]),
        ("", &["E1", "K1"]),
    ] {
        let found = desk.json(&format!("report portfolio --holder h1{project}"));
        let paid: Vec<_> = found["payments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["event"].as_str().unwrap())
            .collect();
        assert_eq!(paid, events, "{project}");
    }
}

#[test]
fn allocations_that_another_program_put_out_of_order_are_refused() {
    let desk = desk();
    desk.tamper(
        "UPDATE distribution_allocations SET number = -1 WHERE number = 1;
         UPDATE distribution_allocations SET number = 1 WHERE number = 2;
         UPDATE distribution_allocations SET number = 2 WHERE number = -1;",
    );
    let ran = desk.run("report allocations E1");
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("it is not in the order of holder codes"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_statement_leads_from_the_opening_to_the_closing_balance() {
    let desk = desk();
    let found = unchanged(&desk, || {
        desk.json("report statement --holder h1 --from 2026-04-02 --to 2026-05-04")
    });
    fields(
        &found,
        "holder holder_name date_from date_to balances movements",
    );
    let balance = found["balances"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["currency"] == "NGN")
        .unwrap();
    let told = [
        "opening_balance",
        "allocated_amount",
        "cancelled_amount",
        "paid_amount",
        "returned_amount",
        "closing_balance",
        "pending_amount",
        "available_amount",
    ]
    .map(|field| balance[field].as_str().unwrap());
    assert_eq!(
        told,
        [
            "33.34", "20.00", "20.00", "30.00", "30.00", "33.34", "0.00", "33.34"
        ]
    );
    let movements: Vec<_> = found["movements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            ["date", "movement", "event", "amount", "balance"]
                .map(|field| row[field].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        movements,
        [
            ["2026-04-02", "paid", "E1", "-30.00", "3.34"],
            ["2026-04-02", "allocated", "E3", "20.00", "23.34"],
            ["2026-05-04", "cancelled", "E3", "-20.00", "3.34"],
            ["2026-05-04", "returned", "E1", "30.00", "33.34"],
            ["2026-05-04", "allocated", "K1", "8.125", "8.125"],
        ]
    );
    assert_eq!(
        found["movements"][0]["value_date"], "2026-04-01",
        "the bank's date is next to the day of recording"
    );
    assert_eq!(found["movements"][3]["description"], "closed");
}

#[test]
fn statements_of_neighbouring_periods_join_and_close_on_the_balances_of_their_days() {
    let desk = desk();
    let periods = [
        ("2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-04-30"),
        ("2026-05-01", "2026-06-30"),
    ];
    let mut before = "0.00".to_owned();
    for (from, to) in periods {
        let found = desk.json(&format!(
            "report statement --holder h1 --from {from} --to {to}"
        ));
        let naira = found["balances"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["currency"] == "NGN")
            .unwrap()
            .clone();
        assert_eq!(naira["opening_balance"], before);
        before = naira["closing_balance"].as_str().unwrap().to_owned();
        let balances = desk.json(&format!("report balances --as-of {to}"));
        let then = row(&balances, "h1", "NGN");
        assert_eq!(
            (&naira["pending_amount"], &naira["available_amount"]),
            (&then["pending_amount"], &then["available_amount"])
        );
    }
}

#[test]
fn the_statement_of_a_period_that_is_over_is_as_of_its_last_day() {
    let mut desk = desk();
    let line = "report statement --holder h1 --from 2026-03-01 --to 2026-04-30";
    let then = desk.ok(line);
    let head = desk.json("audit head --as-of 2026-04-30");
    let footer = format!(
        "as of 2026-04-30 · four eyes on · audit head {}",
        head["seq"]
    );
    assert!(then.stderr.contains(&footer), "{}", then.stderr);
    desk.ok(&format!("{line} -o april.html"));
    desk.ok("holder set h1 --name Renamed --as bola");
    desk.at("2027-01-02T09:00:00.000000Z");
    let later = desk.ok(line);
    assert_eq!((later.stdout, later.stderr), (then.stdout, then.stderr));
    desk.ok(&format!("{line} -o again.html"));
    let read = |name: &str| std::fs::read_to_string(desk.path().join(name)).unwrap();
    assert_eq!(read("april.html"), read("again.html"));
    assert!(
        read("april.html").contains("<h1>Statement of Name-h1 (h1), 2026-03-01 to 2026-04-30</h1>")
    );
    let known_now = desk.ok(&format!("{line} --as-of 2027-01-01"));
    assert!(known_now.stdout.contains("Renamed"), "{}", known_now.stdout);
}

#[test]
fn a_clock_that_ran_back_leaves_nothing_out_of_a_statement() {
    let mut desk = Desk::with_register_at("2026-03-10T09:00:00.000000Z");
    desk.event_on("E1", "LAGOS", "100", "2026-03-10");
    // The clock is two days back: what the trail dated later is there all the same, in every report
    // of now.
    desk.at("2026-03-08T09:00:00.000000Z");
    let statement = desk.json("report statement --holder h1");
    let balances = desk.json("report balances");
    assert_eq!(
        statement["balances"][0]["closing_balance"],
        row(&balances, "h1", "NGN")["available_amount"]
    );
    assert_eq!(statement["movements"][0]["date"], "2026-03-10");
    assert_eq!(
        desk.json("report statement --holder h1 --to 2026-03-07")["movements"],
        json!([])
    );
}

#[test]
fn a_statement_of_days_that_have_not_come_is_refused() {
    let desk = desk();
    let message = desk.refused(
        "report statement --holder h1 --to 2026-07-01",
        2,
        "usage.invalid",
    );
    assert!(message.contains("2026-07-01"), "{message}");
    desk.refused(
        "report statement --holder h1 --to 2026-06-30 --as-of 2026-05-31",
        2,
        "usage.invalid",
    );
    desk.refused(
        "report statement --holder h1 --from 2026-06-02 --to 2026-06-01",
        2,
        "usage.invalid",
    );
    desk.refused("report statement --holder nobody", 1, "holder.unknown");
    let empty = desk.json("report statement --holder h2 --to 2026-01-31");
    assert_eq!(
        (&empty["balances"], &empty["movements"]),
        (&json!([]), &json!([]))
    );
}

#[test]
fn the_allocations_of_a_report_are_those_of_the_event() {
    let desk = desk();
    let rows = unchanged(&desk, || desk.json("report allocations E1"));
    assert_eq!(rows, desk.json("event allocations E1"));
    desk.refused("report allocations NONE", 1, "event.unknown");
    desk.refused(
        "report allocations K1 --as-of 2026-04-02",
        1,
        "event.unknown",
    );
    let then = desk.json("report allocations E1 --as-of 2026-04-02");
    assert_eq!(amounts(&then[0]), ["33.34", "30.00", "0.00", "3.34"]);
}

#[test]
fn workbooks_of_holders_hold_what_csv_holds() {
    let desk = desk();
    for report in [
        "report balances",
        "report allocations E1",
        "report portfolio --holder h1",
        "report statement --holder h1",
    ] {
        crate::xlsx::same_as_csv(&desk, report);
    }
}

#[test]
fn the_order_in_which_facts_were_entered_makes_no_difference() {
    let told = |holders: [&str; 3]| {
        let desk = Desk::new();
        desk.ok("project add LAGOS --name L --as bola");
        for holder in holders {
            desk.ok(&format!("holder add {holder} --name N-{holder} --as bola"));
            desk.ok(&format!(
                "token issue {holder} 1 --project LAGOS --date 2026-01-01 --as bola"
            ));
        }
        desk.event("E1", "100");
        desk.event("E2", "0.02");
        [
            "report balances -f csv",
            "report analytics -f csv",
            "report portfolio --holder b -f json",
        ]
        .map(|report| desk.ok(report).stdout)
    };
    assert_eq!(told(["a", "Zed", "b"]), told(["b", "Zed", "a"]));
}
