//! Proceeds with deductions, reserves and their releases, and declared rates.

use serde_json::{Value, json};

use super::once::{Once, unchanged};
use crate::support::Desk;

/// Holders with these tokens.
pub(super) fn desk(holdings: &str) -> Desk {
    let desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos --as bola");
    desk.write("cap.csv", &format!("holder,tokens\n{holdings}"));
    desk.ok(
        "token import cap.csv --project LAGOS --date 2026-01-01 --add --create-holders --as bola",
    );
    desk
}

pub(super) const THIRDS: &str = "a,1\nb,1\nc,1\n";

pub(super) fn create(desk: &Desk, event: &str, flags: &str) {
    desk.ok(&format!(
        "event create {event} --project LAGOS --type revenue --title {event} --date 2026-03-31 {flags} --yes --as bola"
    ));
}

pub(super) fn deduct(desk: &Desk, event: &str, flags: &str) -> Value {
    desk.json(&format!("event deduct {event} {flags} --as bola"))
}

pub(super) fn approved(desk: &Desk, event: &str) -> Value {
    desk.ok(&format!("event calculate {event} --as bola"));
    desk.json(&format!("event approve {event} --as chi"))
}

/// A field of each row of a list.
pub(super) fn column(list: &Value, field: &str) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row[field].as_str().unwrap().to_owned())
        .collect()
}

fn allocated(desk: &Desk, event: &str) -> Vec<String> {
    let list = desk.json(&format!("event allocations {event}"));
    column(&list, "allocated_amount")
}

#[test]
fn what_the_deductions_leave_is_distributed_and_a_reserve_waits_for_its_release() {
    let desk = desk("a,1\n");
    create(&desk, "Q1", "--gross 12500000");
    deduct(&desk, "Q1", "--kind expense --name Audit --amount 350000");
    deduct(
        &desk,
        "Q1",
        "--kind reserve --name Roof --percent 5 --of rest",
    );
    let line =
        "event deduct Q1 --kind fee --name Fee --percent 2 --of gross --position 2 --as bola";
    let deducted = Once::done(&desk, line);
    deducted.conflicts(&desk, &line.replace("Fee", "Other"));
    let deducted = deducted.json();
    assert_eq!(deducted["gross_proceeds"], json!("12500000.00"));
    assert_eq!(deducted["deductions_total"], json!("1195000.00"));
    assert_eq!(deducted["total_amount"], json!("11305000.00"));
    let list = &deducted["deductions"];
    assert_eq!(column(list, "name"), ["Audit", "Fee", "Roof"]);
    assert_eq!(column(list, "kind"), ["expense", "fee", "reserve"]);
    assert_eq!(
        column(list, "given"),
        ["350000.00", "2% of gross", "5% of rest"]
    );
    assert_eq!(
        column(list, "rest"),
        ["12150000.00", "11900000.00", "11305000.00"]
    );
    let reserves = || desk.json("reserve list");
    approved_after(&desk, "Q1", || assert_eq!(reserves(), json!([])));
    assert_eq!(column(&reserves(), "balance"), ["595000.00"]);
    assert_eq!(reserves()[0]["oldest_date"], json!("2026-06-30"));
    create(&desk, "Q2", "--gross 8000000");
    deduct(&desk, "Q2", "--kind release --name Roof --amount 595000");
    deduct(&desk, "Q2", "--kind other --name Charges --amount 1250.50");
    let second = approved(&desk, "Q2");
    assert_eq!(second["total_amount"], json!("8593749.50"));
    assert_eq!(second["deductions_total"], json!("-593749.50"));
    assert_eq!(column(&reserves(), "balance"), ["0.00"]);
    assert_eq!(reserves()[0]["oldest_date"], json!(null));
    let movements = desk.json("reserve list --project LAGOS --movements");
    assert_eq!(column(&movements, "kind"), ["reserved", "released"]);
    assert_eq!(column(&movements, "event"), ["Q1", "Q2"]);
    desk.sound();
}

/// Calculates an event, looks, and approves it.
fn approved_after(desk: &Desk, event: &str, look: impl FnOnce()) {
    desk.ok(&format!("event calculate {event} --as bola"));
    look();
    desk.ok(&format!("event approve {event} --as chi"));
}

#[test]
fn odd_percentages_are_rounded_half_up_in_their_place() {
    let desk = desk(THIRDS);
    create(&desk, "E1", "--gross 1000.01");
    deduct(
        &desk,
        "E1",
        "--kind fee --name Fee --percent 2.5 --of gross",
    );
    let event = deduct(
        &desk,
        "E1",
        "--kind reserve --name R --percent 33.3333333 --of rest",
    );
    assert_eq!(column(&event["deductions"], "amount"), ["25.00", "325.00"]);
    assert_eq!(event["total_amount"], json!("650.01"));
    // Another order, another rest; and without it, all of it.
    deduct(&desk, "E1", "--remove fee");
    let event = deduct(&desk, "E1", "--remove R");
    assert_eq!(event["total_amount"], json!("1000.01"));
    assert_eq!(event["deductions"], json!([]));
    desk.sound();
}

#[test]
fn a_deduction_takes_something_and_leaves_something() {
    let desk = desk(THIRDS);
    create(&desk, "E1", "--gross 1000");
    create(&desk, "E2", "--amount 1000");
    let refused = |flags: &str, code: &str| {
        unchanged(&desk, || {
            desk.refused(&format!("event deduct {flags} --as bola"), 1, code)
        })
    };
    refused("E1 --kind fee --name F --amount 0", "event.deduction_zero");
    refused(
        "E1 --kind fee --name F --percent 0.0004 --of gross",
        "event.deduction_zero",
    );
    assert_eq!(
        refused("E1 --kind fee --name F --amount 1000", "event.nothing_left"),
        "deduction `F` of 1,000.00 leaves nothing of 1,000.00 to distribute; nothing was written"
    );
    refused("E1 --remove F", "event.deduction_name");
    refused("E2 --kind fee --name F --amount 1", "event.no_proceeds");
    deduct(&desk, "E1", "--kind fee --name F --amount 1");
    refused(
        "E1 --kind other --name f --amount 1",
        "event.deduction_name",
    );
    refused(
        "E1 --kind other --name undistributed --amount 1",
        "event.deduction_name",
    );
    refused(
        "E1 --kind other --name G --amount 1 --position 3",
        "event.deduction_position",
    );
    // The amount of an event with deductions is what they leave.
    desk.refused(
        "event set E1 --amount 5 --as bola",
        1,
        "event.has_deductions",
    );
    desk.refused("event set E1 --gross 1 --as bola", 1, "event.nothing_left");
    let set = desk.json("event set E1 --gross 500 --as bola");
    assert_eq!(set["total_amount"], json!("499.00"));
    desk.sound();
}

#[test]
fn a_calculated_event_is_a_draft_again_and_an_approved_one_is_not_changed() {
    let desk = desk(THIRDS);
    create(&desk, "E1", "--gross 100 --component income=rest");
    desk.ok("event calculate E1 --as bola");
    let line = "event deduct E1 --kind fee --name Fee --amount 10 --as ada";
    let event = Once::done(&desk, line).json();
    assert_eq!(
        (&event["status"], &event["total_amount"]),
        (&json!("draft"), &json!("90.00"))
    );
    assert_eq!(event["components"][0]["amount"], json!(null));
    assert_eq!(desk.json("event allocations E1"), json!([]));
    desk.ok("event calculate E1 --as bola");
    let refused = desk.refused("event approve E1 --as ada", 1, "event.same_actor");
    assert!(refused.contains("changed the deductions of"), "{refused}");
    desk.ok("event approve E1 --as chi");
    desk.refused(line, 1, "event.wrong_state");
    desk.sound();
}

#[test]
fn two_drafts_release_one_reserve_and_the_second_is_not_approved() {
    let desk = desk(THIRDS);
    create(&desk, "Q1", "--gross 1000");
    deduct(&desk, "Q1", "--kind reserve --name Roof --amount 100");
    approved(&desk, "Q1");
    for event in ["Q2", "Q3"] {
        create(&desk, event, "--gross 500");
        deduct(&desk, event, "--kind release --name Roof --amount 60");
        desk.ok(&format!("event calculate {event} --as bola"));
    }
    desk.refused(
        "event deduct Q2 --kind release --name roof --amount 1 --as bola",
        1,
        "event.deduction_name",
    );
    create(&desk, "Q4", "--gross 500");
    desk.refused(
        "event deduct Q4 --kind release --name Roof --amount 100.01 --as bola",
        1,
        "event.reserve_short",
    );
    desk.ok("event approve Q2 --as chi");
    let refused = unchanged(&desk, || {
        desk.refused("event approve Q3 --as chi", 1, "event.reserve_short")
    });
    assert_eq!(
        refused,
        "reserve `Roof` of project `LAGOS` has NGN 40.00, less than the 60.00 that event `Q3` releases; nothing was written"
    );
    // What Q2 took is given back before what Q1 gave is taken.
    let refused = desk.refused(
        "event cancel Q1 --reason typo --yes --as bola",
        1,
        "event.reserve_released",
    );
    assert!(refused.contains("released by `Q2`"), "{refused}");
    desk.ok("event cancel Q2 --reason typo --yes --as bola");
    desk.ok("event approve Q3 --as chi");
    desk.ok("event cancel Q3 --reason typo --yes --as bola");
    desk.ok("event cancel Q1 --reason typo --yes --as bola");
    assert_eq!(column(&desk.json("reserve list"), "balance"), ["0.00"]);
    let kinds = column(&desk.json("reserve list --movements"), "kind");
    assert_eq!(
        kinds,
        [
            "reserved",
            "released",
            "released_undone",
            "released",
            "released_undone",
            "reserved_undone"
        ]
    );
    desk.sound();
}

#[test]
fn a_declared_rate_gives_equal_holdings_equal_amounts() {
    let desk = desk("a,1000\nb,1000\nc,1000\n");
    create(&desk, "D1", "--rate 0.3333333");
    let draft = desk.json("event show D1");
    assert_eq!(
        (&draft["total_amount"], &draft["rate_per_unit"]),
        (&json!(null), &json!("0.3333333"))
    );
    let done = approved(&desk, "D1");
    assert_eq!(allocated(&desk, "D1"), ["333.33", "333.33", "333.33"]);
    assert_eq!(
        [
            &done["total_amount"],
            &done["rounding"],
            &done["amount_per_token"]
        ],
        [&json!("999.99"), &json!("half-up"), &json!("0.3333333")]
    );
    create(&desk, "D2", "--rate 0.3333333 --rounding up");
    approved(&desk, "D2");
    assert_eq!(allocated(&desk, "D2"), ["333.34", "333.34", "333.34"]);
    let explained = desk.json("event explain D2 b");
    assert_eq!(
        [
            &explained["exact_product"],
            &explained["rounding"],
            &explained["exact_share"],
            &explained["allocated_amount"]
        ],
        [
            &json!("333.3333"),
            &json!("up"),
            &json!(null),
            &json!("333.34")
        ]
    );
    desk.sound();
}

#[test]
fn published_rates_come_to_their_totals() {
    let desk = desk("a,2524826000\nb,359\n");
    create(&desk, "CWG", "--rate 0.04");
    assert_eq!(
        approved(&desk, "CWG")["total_amount"],
        json!("100993054.36")
    );
    // What is announced for a share is not what one share pays.
    create(&desk, "NPN", "--rate 3.8549");
    desk.ok("event set NPN --rounding down --as bola");
    desk.ok("event calculate NPN --as bola");
    assert_eq!(allocated(&desk, "NPN"), ["9732951747.40", "1383.90"]);
    desk.sound();
}

#[test]
fn what_a_rate_leaves_of_the_proceeds_is_shown_and_a_rate_above_them_is_refused() {
    let desk = desk("a,1000\nb,1000\nc,1000\n");
    create(&desk, "D1", "--rate 0.3 --gross 1000");
    deduct(&desk, "D1", "--kind fee --name Fee --percent 10 --of gross");
    let event = desk.json("event calculate D1 --as bola");
    assert_eq!(event["total_amount"], json!("900.00"));
    assert_eq!(column(&event["deductions"], "name"), ["Fee"]);
    desk.ok("event set D1 --rate 0.29 --as bola");
    let event = desk.json("event calculate D1 --as bola");
    assert_eq!(
        column(&event["deductions"], "name"),
        ["Fee", "undistributed"]
    );
    assert_eq!(event["deductions"][1]["amount"], json!("30.00"));
    assert_eq!(event["deductions_total"], json!("130.00"));
    desk.ok("event set D1 --rate 0.3000001 --as bola");
    desk.ok("event calculate D1 --as bola");
    desk.ok("event set D1 --rate 0.31 --as bola");
    let event = desk.json("event show D1");
    assert_eq!(column(&event["deductions"], "name"), ["Fee"]);
    unchanged(&desk, || {
        desk.refused(
            "event calculate D1 --as bola",
            1,
            "event.rate_above_proceeds",
        )
    });
    desk.ok("event set D1 --rate 0.0000001 --as bola");
    desk.refused("event calculate D1 --as bola", 1, "event.amount_zero");
    desk.refused(
        "event set D1 --rate 1 --amount 5 --as bola",
        1,
        "event.amount_and_rate",
    );
    desk.ok("event set D1 --rate 9999999999999 --as bola");
    desk.refused("event calculate D1 --as bola", 1, "event.too_large");
    desk.sound();
}

#[test]
fn excluded_holders_keep_a_rate_for_the_others() {
    let desk = desk("a,50\nb,30\nc,15\nt,5\n");
    for (event, policy, wanted) in [
        ("R1", "redistribute", ["100.00", "60.00", "30.00"]),
        ("R2", "retain", ["100.00", "60.00", "30.00"]),
        ("R3", "assign:a", ["110.00", "60.00", "30.00"]),
    ] {
        create(
            &desk,
            event,
            "--rate 2 --component income=0.5 --component other:claim=rest",
        );
        desk.ok(&format!(
            "event exclude {event} t --policy {policy} --reason treasury --as bola"
        ));
        approved(&desk, event);
        assert_eq!(allocated(&desk, event), wanted, "{policy}");
    }
    let parts = desk.json("event allocations R3 --components");
    assert_eq!(
        column(&parts, "amount"),
        ["27.50", "82.50", "15.00", "45.00", "7.50", "22.50"]
    );
    let event = desk.json("event show R2");
    assert_eq!(column(&event["components"], "amount"), ["50.00", "150.00"]);
    assert_eq!(event["total_retained"], json!("10.00"));
    desk.sound();
}

#[test]
fn an_amount_that_is_left_is_paid_in_whole_units() {
    let desk = desk(THIRDS);
    create(&desk, "E1", "--gross 1005 --unit 10");
    desk.refused("event calculate E1 --as bola", 1, "event.not_a_multiple");
    deduct(&desk, "E1", "--kind other --name Rest --amount 5");
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1"), ["340.00", "330.00", "330.00"]);
    desk.sound();
}

#[test]
fn a_past_day_shows_the_components_and_reserves_of_that_day() {
    let mut desk = desk(THIRDS);
    create(
        &desk,
        "E1",
        "--gross 100 --component income=rest --component interest=10",
    );
    deduct(&desk, "E1", "--kind reserve --name Roof --amount 10");
    desk.ok("event calculate E1 --as bola");
    let lists = [
        "reserve list",
        "reserve list --movements",
        "event allocations E1 --components",
    ];
    let shown = |desk: &Desk| {
        lists.map(|list| {
            desk.ok(&format!("{list} --as-of 2026-06-30 -f json"))
                .stdout
        })
    };
    let before = shown(&desk);
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("event set E1 --component capital_gain=rest --component interest=1 --as bola");
    deduct(&desk, "E1", "--remove Roof");
    deduct(&desk, "E1", "--kind reserve --name Roof --amount 20");
    approved(&desk, "E1");
    assert_eq!(shown(&desk), before);
    assert!(before[2].contains("income"), "{}", before[2]);
    desk.ok("event cancel E1 --reason typo --yes --as bola");
    assert_eq!(shown(&desk), before);
    desk.sound();
}

#[test]
fn a_reserve_that_was_edited_is_found() {
    let desk = desk(THIRDS);
    create(&desk, "E1", "--gross 100");
    deduct(&desk, "E1", "--kind reserve --name Roof --amount 10");
    approved(&desk, "E1");
    let finding = |sql: &str| {
        desk.tamper(sql);
        let checked = desk.run("check -f json");
        assert_eq!(checked.code, 3, "{sql}");
        checked.stdout
    };
    let found = finding("UPDATE reserve_movements SET amount = '11.0000000'");
    assert!(
        found.contains("leads from 0.00 by 11.00 to 10.00"),
        "{found}"
    );
    assert!(
        found.contains("`E1` moved 11.00 of the reserve `Roof`, but its deductions say 10.00"),
        "{found}"
    );
    let found =
        finding("UPDATE event_deductions SET amount = '9.0000000', given_amount = '9.0000000'");
    assert!(
        found.contains("the allocations of `E1` are not what the rule gives")
            && found.contains("the calculation hash of `E1` does not fit"),
        "{found}"
    );
}
