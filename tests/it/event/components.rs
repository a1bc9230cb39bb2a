//! Components: what the money of an event, and of each allocation, is.

use serde_json::json;

use super::{
    once::{Once, unchanged},
    proceeds::{THIRDS, approved, column, create, deduct, desk},
};

#[test]
fn components_split_what_each_holder_gets() {
    let desk = desk(THIRDS);
    create(
        &desk,
        "X1",
        "--amount 100 --component income=50 --component capital_gain=50",
    );
    approved(&desk, "X1");
    let parts = desk.json("event allocations X1 --components");
    assert_eq!(
        column(&parts, "component")[..2],
        ["income".to_owned(), "capital_gain".to_owned()]
    );
    assert_eq!(
        column(&parts, "amount"),
        ["16.67", "16.67", "16.67", "16.66", "16.66", "16.67"]
    );
    let explained = desk.json("event explain X1 b");
    assert_eq!(
        column(&explained["components"], "amount"),
        ["16.67", "16.66"]
    );
    // One component is all of it, and without any it is income.
    create(
        &desk,
        "X2",
        "--amount 100 --component return_of_capital=rest",
    );
    create(&desk, "X3", "--amount 100");
    for (event, component) in [("X2", "return_of_capital"), ("X3", "income")] {
        desk.ok(&format!("event calculate {event} --as bola"));
        let parts = desk.json(&format!("event allocations {event} --components"));
        assert_eq!(column(&parts, "component"), [component; 3]);
        assert_eq!(column(&parts, "amount"), ["33.34", "33.33", "33.33"]);
    }
    create(
        &desk,
        "X4",
        "--amount 0.0000002 --unit 0.0000001 --component income=0.0000001 --component interest=0 --component capital_gain=rest",
    );
    desk.ok("event calculate X4 --as bola");
    let parts = desk.json("event allocations X4 --components");
    assert_eq!(parts.as_array().unwrap().len(), 9);
    desk.sound();
}

#[test]
fn a_retained_part_has_its_share_of_each_component() {
    let desk = desk("a,1\nb,1\nt,1\n");
    create(
        &desk,
        "X1",
        "--amount 100 --component income=50 --component capital_gain=rest",
    );
    desk.ok("event exclude X1 t --policy retain --reason treasury --as bola");
    approved(&desk, "X1");
    let parts = desk.json("event allocations X1 --components");
    assert_eq!(
        column(&parts, "amount"),
        ["16.67", "16.67", "16.67", "16.66"]
    );
    desk.sound();
}

#[test]
fn components_add_up_and_are_known() {
    let desk = desk(THIRDS);
    let create = |flags: &str| {
        format!(
            "event create X9 --project LAGOS --type exit --title X --date 2026-03-31 {flags} --as bola"
        )
    };
    for (flags, code) in [
        (
            "--amount 100 --component income=99.99",
            "event.components_sum",
        ),
        (
            "--amount 100 --component income=rest --component interest=rest",
            "event.components_sum",
        ),
        (
            "--amount 100 --component incme=100",
            "event.component_unknown",
        ),
        (
            "--amount 100 --component income=50 --component Income=50",
            "event.component_twice",
        ),
        (
            "--amount 1 --component income=0.005 --component interest=rest",
            "event.not_a_multiple",
        ),
        (
            "--rate 0.04 --component income=0.03",
            "event.components_sum",
        ),
        ("--amount 1 --rate 1", "event.amount_and_rate"),
        ("--amount 1 --rounding up", "event.no_rate"),
        ("--gross 0", "event.amount_zero"),
        ("--rate 0", "event.amount_zero"),
    ] {
        unchanged(&desk, || desk.refused(&create(flags), 1, code));
    }
    desk.refused(&create(""), 2, "usage.invalid");
    desk.refused(&create("--amount 1 --component income"), 2, "usage.invalid");
    // Of proceeds the components are compared with what is left of them.
    desk.ok(&create("--gross 100 --component income=90"));
    desk.refused("event calculate X9 --as bola", 1, "event.components_sum");
    deduct(&desk, "X9", "--kind fee --name Fee --amount 10");
    desk.ok("event calculate X9 --as bola");
    let set = Once::done(&desk, "event set X9 --no-components --as bola").json();
    assert_eq!(set["components"], json!([]));
    desk.sound();
}
