//! Allocations: the rule at its edges, and how one is explained.

use serde_json::{Value, json};

use super::once::fields;
use crate::support::Desk;

/// Allocates an amount over holders with these tokens; answers what each got.
fn allocated(
    tokens: &[(&str, &str)],
    amount: &str,
    flags: &str,
) -> (Desk, Vec<(String, String, String)>) {
    let desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos --as bola");
    let rows: Vec<String> = tokens
        .iter()
        .map(|(holder, tokens)| format!("{holder},{tokens}"))
        .collect();
    desk.write("cap.csv", &format!("holder,tokens\n{}\n", rows.join("\n")));
    desk.ok(
        "token import cap.csv --project LAGOS --date 2026-01-01 --add --create-holders --as bola",
    );
    desk.ok(&format!(
        "event create E1 --project LAGOS --type exit --title T --amount {amount} --date 2026-03-31 {flags} --as bola"
    ));
    desk.ok("event calculate E1 --as bola");
    let list = desk.json("event allocations E1");
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    let rows = list.as_array().unwrap().iter();
    let rows = rows.map(|row| {
        (
            text(row, "holder"),
            text(row, "allocated_amount"),
            text(row, "ownership_percentage"),
        )
    });
    let rows = rows.collect();
    desk.sound();
    (desk, rows)
}

fn amounts(tokens: &[(&str, &str)], amount: &str, flags: &str) -> Vec<String> {
    allocated(tokens, amount, flags)
        .1
        .into_iter()
        .map(|(_, amount, _)| amount)
        .collect()
}

#[test]
fn equal_holders_get_the_odd_units_in_the_order_of_their_codes() {
    let (_, rows) = allocated(&[("c", "1"), ("B", "1"), ("a", "1")], "100.01", "");
    // Bytes decide: capital letters come before small ones.
    let expected = [
        ("B", "33.34", "33.3333334"),
        ("a", "33.34", "33.3333333"),
        ("c", "33.33", "33.3333333"),
    ];
    let found: Vec<_> = rows
        .iter()
        .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
        .collect();
    assert_eq!(sorted(found), expected);
}

fn sorted<'a>(mut rows: Vec<(&'a str, &'a str, &'a str)>) -> Vec<(&'a str, &'a str, &'a str)> {
    rows.sort_unstable();
    rows
}

#[test]
fn fewer_units_than_holders_leave_some_with_nothing() {
    let tokens = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "2")];
    assert_eq!(
        amounts(&tokens, "0.02", ""),
        ["0.01", "0.00", "0.00", "0.01"]
    );
    let (desk, _) = allocated(&tokens, "0.02", "");
    desk.ok("event approve E1 --as chi");
    let flags = "--bank-name GTBank --account-number 0123456789 --as bola";
    desk.refused(
        &format!("withdrawal request --event E1 --holder b --all {flags}"),
        1,
        "withdrawal.nothing_available",
    );
}

#[test]
fn one_holder_gets_all_of_it() {
    let (_, rows) = allocated(&[("a", "0.0000001")], "9999999999999.99", "");
    assert_eq!(
        rows,
        [(
            "a".to_owned(),
            "9999999999999.99".to_owned(),
            "100".to_owned()
        )]
    );
}

#[test]
fn the_smallest_holding_next_to_the_largest_gets_its_exact_share() {
    let tokens = [("big", "9999999999999.9999998"), ("dust", "0.0000001")];
    assert_eq!(amounts(&tokens, "1000000", ""), ["1000000.00", "0.00"]);
    // The whole range against the whole range, to the last digit.
    let all = amounts(&tokens, "9999999999999.9999999", "--unit 0.0000001");
    assert_eq!(all, ["9999999999999.9999998", "0.0000001"]);
}

#[test]
fn the_largest_amount_is_split_to_the_last_digit() {
    let tokens = [
        ("a", "3333333333333.3333333"),
        ("b", "3333333333333.3333333"),
        ("c", "3333333333333.3333333"),
    ];
    let all = amounts(&tokens, "9999999999999.9999999", "--unit 0.0000001");
    assert_eq!(all, ["3333333333333.3333333"; 3]);
    let uneven = [
        ("a", "1"),
        ("b", "6999999999999.9999999"),
        ("c", "2999999999998"),
    ];
    let all = amounts(&uneven, "9999999999999.9999999", "--unit 0.0000001");
    assert_eq!(all, ["1.00", "7000000000000.6999999", "2999999999998.30"]);
}

#[test]
fn the_allocation_does_not_depend_on_the_order_of_the_register() {
    let one = allocated(
        &[("a", "1"), ("b", "2.5"), ("c", "0.3333333")],
        "1000.01",
        "",
    )
    .1;
    let other = allocated(
        &[("c", "0.3333333"), ("a", "1"), ("b", "2.5")],
        "1000.01",
        "",
    )
    .1;
    assert_eq!(one, other);
}

#[test]
fn a_coarse_unit_leaves_whole_steps_only() {
    assert_eq!(
        amounts(&[("a", "1"), ("b", "1"), ("c", "1")], "1000", "--unit 50"),
        ["350.00", "350.00", "300.00"]
    );
}

#[test]
fn an_allocation_has_the_fields_that_scripts_read() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    desk.ok("withdrawal approve W-000001 W-000002 --yes --as chi");
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --as bola");
    desk.ok("withdrawal pay W-000002 --reference R2 --date 2026-04-01 --yes --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 3.34 --as bola");
    let rows = desk.json("event allocations E1");
    let row = &rows[0];
    fields(
        row,
        "id event holder holder_name lp_tokens_held ownership_percentage allocated_amount withdrawn_amount pending_amount
         available_amount status",
    );
    let expected = json!({
        "event": "E1", "holder": "h1", "holder_name": "Name-h1", "lp_tokens_held": "1",
        "ownership_percentage": "33.3333334", "allocated_amount": "33.34", "withdrawn_amount": "10.00",
        "pending_amount": "3.34", "available_amount": "20.00", "status": "partially_withdrawn",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(row[field], *value, "{field}");
    }
    assert_eq!(
        (&rows[1]["status"], &rows[2]["status"]),
        (&json!("fully_withdrawn"), &json!("allocated"))
    );
    let csv = desk.ok("event allocations E1 -f csv").stdout;
    assert_eq!(csv.lines().count(), 4, "a header and three rows, no totals");
    desk.refused("event allocations E9", 1, "event.unknown");
}

#[test]
fn an_explanation_gives_every_step_of_an_allocation() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --amount 4 --as bola");
    let explained = desk.json("event explain E1 h1");
    let expected = json!({
        "event": "E1", "holder": "h1", "lp_tokens_held": "1", "snapshot_total_lp_tokens": "3", "total_amount": "100.00",
        "unit": "0.01", "exact_share": "100.00 × 1 ÷ 3", "floor_amount": "33.33", "remainder": "10000000/30000000 of a unit",
        "spare_unit": true, "allocated_amount": "33.34", "withdrawn_amount": "4.00", "pending_amount": "0.00",
        "available_amount": "29.34", "ownership_percentage": "33.3333334",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(explained[field], *value, "{field}");
    }
    let (request, payment) = (&explained["withdrawals"][0], &explained["payments"][0]);
    assert_eq!(
        (&request["code"], &request["requested_amount"]),
        (&json!("W-000001"), &json!("10.00"))
    );
    assert_eq!(
        (&payment["code"], &payment["amount"], &payment["reference"]),
        (&json!("P-000001"), &json!("4.00"), &json!("R1"))
    );
    assert_eq!(payment["bank_line"], Value::Null);
    let other = desk.json("event explain E1 h3");
    assert_eq!(
        (&other["spare_unit"], &other["allocated_amount"]),
        (&json!(false), &json!("33.33"))
    );
    desk.ok("holder add h9 --name Late --as bola");
    desk.refused("event explain E1 h9", 1, "withdrawal.no_allocation");
}
