//! `prorata payment …`

mod controls;
mod correct;
mod file;
mod file_control;
mod means;
mod settle;
mod transfer;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

const PAYMENT: &str = "id code withdrawal event holder amount currency reference status returned_at return_reason replaces bank_line paid_by paid_at";

/// The event E1, of which h1 was paid 30.00 on 2026-04-01 with TRX-1.
fn with_payment() -> Desk {
    let desk = Desk::with_event();
    pay(&desk, "h1", 1, "--amount 30");
    desk
}

/// Requests, approves and pays with the next numbers.
fn pay(desk: &Desk, holder: &str, number: u32, amount: &str) {
    desk.ok(&format!(
        "withdrawal request --event E1 --holder {holder} {amount} --as bola"
    ));
    desk.ok(&format!("withdrawal approve W-{number} --as chi"));
    desk.ok(&format!(
        "withdrawal pay W-{number} --reference TRX-{number} --date 2026-04-01 --yes --as bola"
    ));
}

fn codes(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect()
}

#[test]
fn a_payment_has_the_fields_that_scripts_read() {
    let desk = with_payment();
    let payment = desk.json("payment show p-1");
    fields(&payment, PAYMENT);
    let expected = json!({
        "code": "P-000001", "withdrawal": "W-000001", "event": "E1", "holder": "h1", "amount": "30.00", "currency": "NGN",
        "reference": "TRX-1", "payment_date": "2026-04-01", "status": "recorded", "returned_at": null,
        "return_reason": null, "replaces": null, "bank_line": null, "paid_by": "bola", "notes": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(payment[field], *value, "{field}");
    }
    assert_eq!(desk.json("payment list"), json!([payment]));
    let id = payment["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.json(&format!("payment show {id}")), payment);
    desk.refused("payment show P-000002", 1, "payment.unknown");
    desk.refused("payment show W-000001", 1, "payment.unknown");
    let withdrawal = desk.json("withdrawal show W-000001");
    assert_eq!(payment["paid_at"], withdrawal["paid_at"]);
}

#[test]
fn a_list_is_filtered() {
    let desk = with_payment();
    pay(&desk, "h2", 2, "--all");
    desk.event("E2", "30");
    desk.ok("withdrawal request --event E2 --holder h1 --amount 1 --as bola");
    desk.ok("withdrawal approve W-3 --as chi");
    desk.ok("withdrawal pay W-3 --reference TRX-3 --date 2026-04-01 --yes --as bola");
    desk.ok("payment return P-2 --date 2026-04-02 --reason closed --as chi");
    for (flags, expected) in [
        ("", vec!["P-000001", "P-000002", "P-000003"]),
        ("--event e1", vec!["P-000001", "P-000002"]),
        ("--holder h1", vec!["P-000001", "P-000003"]),
        ("--holder h1 --event E2", vec!["P-000003"]),
        ("--status returned", vec!["P-000002"]),
        ("--status recorded --event E1", vec!["P-000001"]),
        ("--status reconciled", vec![]),
    ] {
        assert_eq!(
            codes(&desk.json(&format!("payment list {flags}"))),
            expected,
            "{flags}"
        );
    }
    desk.refused("payment list --holder h7", 1, "holder.unknown");
}

#[test]
fn a_return_happens_once_and_gives_the_money_back() {
    let desk = with_payment();
    unchanged(&desk, || {
        desk.refused(
            "payment return P-000001 --date 2026-04-05 --reason closed --as bola",
            1,
            "user.forbidden",
        )
    });
    assert_eq!(
        desk.run("payment return P-000001 --date 2026-04-05 --as chi")
            .code,
        2,
        "a reason is needed"
    );
    let line = "payment return P-000001 --date 2026-04-05 --reason account-closed --as ada";
    let returned = Once::done(&desk, line);
    let payment = returned.json();
    fields(&payment, PAYMENT);
    for (field, value) in [
        ("status", "returned"),
        ("return_date", "2026-04-05"),
        ("return_reason", "account-closed"),
        ("amount", "30.00"),
    ] {
        assert_eq!(payment[field], value, "{field}");
    }
    let withdrawal = desk.json("withdrawal show W-000001");
    assert_eq!(
        (&withdrawal["status"], &withdrawal["payment_reference"]),
        (&json!("returned"), &json!("TRX-1"))
    );
    assert_eq!(payment["returned_at"], withdrawal["updated_at"]);
    let allocation = &desk.json("event allocations E1")[0];
    assert_eq!(
        (&allocation["available_amount"], &allocation["status"]),
        (&json!("33.34"), &json!("allocated"))
    );
    returned.conflicts(&desk, &line.replace("closed", "other"));
    unchanged(&desk, || desk.refused(line, 1, "payment.wrong_state"));
    pay(&desk, "h1", 2, "--all");
    returned.repeats(&desk);
    desk.sound();
}

#[test]
fn a_return_has_a_date_between_the_payment_and_today() {
    let desk = with_payment();
    for date in ["2026-03-31", "2026-07-01"] {
        let line = format!("payment return P-000001 --date {date} --reason closed --as chi");
        let said = unchanged(&desk, || desk.refused(&line, 1, "payment.return_date"));
        assert!(
            said.contains(date) && said.contains("2026-04-01") && said.contains("2026-06-30"),
            "{said}"
        );
    }
    desk.ok("payment return P-000001 --date 2026-04-01 --reason closed --as chi");
    pay(&desk, "h1", 2, "--all");
    desk.ok("payment return P-000002 --date 2026-06-30 --reason closed --as chi");
    desk.sound();
}

#[test]
fn the_next_payment_of_the_holder_replaces_the_returned_one() {
    let desk = with_payment();
    desk.ok("payment return P-000001 --date 2026-04-02 --reason closed --as chi");
    // Another holder's payment replaces nothing.
    pay(&desk, "h2", 2, "--all");
    assert_eq!(desk.json("payment show P-000002")["replaces"], Value::Null);
    pay(&desk, "h1", 3, "--amount 10");
    assert_eq!(desk.json("payment show P-000003")["replaces"], "P-000001");
    // It is replaced once: what follows stands for itself.
    pay(&desk, "h1", 4, "--amount 5");
    assert_eq!(desk.json("payment show P-000004")["replaces"], Value::Null);
    // A replacement that is returned too is replaced in its turn.
    desk.ok("payment return P-000003 --date 2026-04-03 --reason closed --as chi");
    pay(&desk, "h1", 5, "--amount 10");
    assert_eq!(desk.json("payment show P-000005")["replaces"], "P-000003");
    desk.sound();
}

#[test]
fn a_reference_is_used_once_even_where_its_payment_was_returned() {
    let desk = with_payment();
    desk.ok("payment return P-000001 --date 2026-04-02 --reason closed --as chi");
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve W-000002 --as chi");
    let line = "withdrawal pay W-000002 --reference TRX-1 --date 2026-04-03 --yes --as bola";
    let said = unchanged(&desk, || desk.refused(line, 1, "payment.reference_used"));
    assert!(
        said.contains("`TRX-1`") && said.contains("P-000001") && said.contains("W-000001"),
        "{said}"
    );
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000001 --as chi",
            1,
            "withdrawal.wrong_state",
        )
    });
    desk.ok(&line.replace("TRX-1", "TRX-2"));
}

#[test]
fn what_is_returned_needs_a_new_request_and_a_new_approval() {
    let desk = with_payment();
    desk.ok("payment return P-000001 --date 2026-04-02 --reason closed --as chi");
    for line in [
        "withdrawal pay W-000001 --reference TRX-9 --date 2026-04-03 --yes --as bola",
        "withdrawal cancel W-000001 --as bola",
        "withdrawal reject W-000001 --reason no --as chi",
    ] {
        unchanged(&desk, || desk.refused(line, 1, "withdrawal.wrong_state"));
    }
    desk.ok("withdrawal request --event E1 --holder h1 --amount 30 --as bola");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal pay W-000002 --reference TRX-9 --date 2026-04-03 --yes --as bola",
            1,
            "withdrawal.wrong_state",
        )
    });
}

#[test]
fn the_screens_of_a_payment() {
    let desk = with_payment();
    assert_snapshot!("list", desk.ok("payment list").snapshot());
    let line = "payment return P-000001 --date 2026-04-02 --reason closed --as chi";
    assert_snapshot!("return", desk.ok(line).snapshot());
    assert_snapshot!("return_refused", desk.run(line).snapshot());
    pay(&desk, "h1", 2, "--all");
    assert_snapshot!("show", desk.ok("payment show P-000002").snapshot());
}
