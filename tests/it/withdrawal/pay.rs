//! `prorata withdrawal pay`

use serde_json::{Value, json};

use super::{WITHDRAWAL, balance, status};
use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

/// The event E1 with an approved request of each holder for all of it.
fn with_approved() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk
}

#[test]
fn a_payment_is_recorded_once() {
    let desk = with_approved();
    let line =
        "withdrawal pay W-000001 --reference TRX-1 --date 2026-04-01 --yes --notes done --as bola";
    let paid = Once::done(&desk, line);
    let list = paid.json();
    fields(&list[0], WITHDRAWAL);
    for (field, value) in [
        ("status", "paid"),
        ("payment_reference", "TRX-1"),
        ("payment_date", "2026-04-01"),
        ("payment_amount", "33.34"),
        ("paid_by", "bola"),
        ("payment_notes", "done"),
        ("approved_by", "chi"),
    ] {
        assert_eq!(list[0][field], value, "{field}");
    }
    assert_eq!(list[0]["paid_at"], list[0]["updated_at"]);
    assert_eq!(balance(&desk, "h1"), ["33.34", "0.00", "0.00"]);
    desk.ok("payment return P-000001 --date 2026-04-02 --reason closed --as chi");
    paid.repeats(&desk);
    paid.conflicts(&desk, &line.replace("TRX-1", "TRX-2"));
    assert_eq!(status(&desk, "W-000001"), "returned");
    unchanged(&desk, || desk.refused(line, 1, "withdrawal.wrong_state"));
    desk.sound();
}

#[test]
fn the_same_payment_again_is_already_recorded_and_another_is_refused() {
    let desk = with_approved();
    let line = "withdrawal pay W-000001 --reference TRX-1 --date 2026-04-01 --yes --as bola";
    desk.ok(line);
    let bytes = std::fs::read(desk.ledger()).unwrap();
    for again in [
        line.to_owned(),
        format!("{line} --amount 33.34"),
        format!("{line} --notes again"),
        line.replace("bola", "ada"),
    ] {
        let ran = desk.ok(&again);
        assert!(ran.stderr.contains("already recorded"), "{}", ran.stderr);
        assert!(
            bytes == std::fs::read(desk.ledger()).unwrap(),
            "nothing is written: {again}"
        );
    }
    for other in [
        line.replace("TRX-1", "TRX-2"),
        line.replace("04-01", "04-02"),
        format!("{line} --amount 33.33"),
    ] {
        let said = unchanged(&desk, || desk.refused(&other, 1, "payment.already_paid"));
        for words in ["NGN 33.34", "2026-04-01", "`TRX-1`"] {
            assert!(
                said.contains(words),
                "the existing payment is named: {said}"
            );
        }
    }
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), 1);
    desk.sound();
}

#[test]
fn paying_less_gives_the_difference_back_and_says_so() {
    let desk = with_approved();
    let line =
        "withdrawal pay W-000001 --reference TRX-1 --date 2026-04-01 --yes --amount 30 --as bola";
    let ran = desk.ok(line);
    assert!(
        ran.stderr
            .contains("W-000001: NGN 3.34 less than requested was paid and is available again"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("recorded 1 payment, NGN 30.00\n"),
        "what was paid is said: {}",
        ran.stderr
    );
    assert_eq!(balance(&desk, "h1"), ["30.00", "0.00", "3.34"]);
    let shown = desk.json("withdrawal show W-000001");
    assert_eq!(
        (&shown["requested_amount"], &shown["payment_amount"]),
        (&json!("33.34"), &json!("30.00"))
    );
    assert!(desk.ok(line).stderr.contains("already recorded"));
    unchanged(&desk, || {
        desk.refused(&line.replace(" --amount 30", ""), 1, "payment.already_paid")
    });
    desk.ok("withdrawal pay W-000002 --reference TRX-2 --date 2026-04-01 --yes --as bola");
    desk.ok("withdrawal pay W-000003 --reference TRX-3 --date 2026-04-01 --yes --as bola");
    assert_eq!(
        desk.json("event show E1")["status"],
        "active",
        "3.34 are not paid yet"
    );
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve W-000004 --as chi");
    desk.ok("withdrawal pay W-000004 --reference TRX-4 --date 2026-04-01 --yes --as bola");
    assert_eq!(desk.json("event show E1")["status"], "completed");
    desk.sound();
}

#[test]
fn what_is_not_a_payment_is_refused() {
    let desk = with_approved();
    desk.ok("withdrawal pay W-000002 --reference TRX-2 --date 2026-04-01 --yes --as bola");
    desk.ok("payment return P-000001 --date 2026-04-02 --reason closed --as chi");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 1 --as bola");
    for (line, exit, code) in [
        (
            "W-000001 --reference TRX-2 --date 2026-04-01",
            1,
            "payment.reference_used",
        ),
        (
            "W-000001 --reference R --date 2026-07-01",
            1,
            "payment.date_in_future",
        ),
        (
            "W-000001 --reference R --date 2026-04-01 --amount 33.35",
            1,
            "payment.too_much",
        ),
        (
            "W-000001 --reference R --date 2026-04-01 --amount 0",
            1,
            "withdrawal.amount_zero",
        ),
        (
            "W-000001 --reference R --date 2026-04-01 --amount 0.001",
            1,
            "withdrawal.not_a_multiple",
        ),
        (
            "W-000004 --reference R --date 2026-04-01",
            1,
            "withdrawal.wrong_state",
        ),
        (
            "W-000009 --reference R --date 2026-04-01",
            1,
            "withdrawal.unknown",
        ),
        (
            "W-000001 --reference R --date 2026-02-30",
            2,
            "usage.invalid",
        ),
        ("W-000001 --reference R", 2, "usage.invalid"),
        ("W-000001 --date 2026-04-01", 2, "usage.invalid"),
        ("", 2, "usage.invalid"),
        ("W-000001 --from pay.csv", 2, "usage.invalid"),
    ] {
        unchanged(&desk, || {
            desk.refused(
                &format!("withdrawal pay {line} --yes --as bola"),
                exit,
                code,
            )
        });
    }
    unchanged(&desk, || {
        desk.refused(
            "withdrawal pay W-000001 --reference R --date 2026-04-01 --yes --as chi",
            1,
            "user.forbidden",
        )
    });
    let said = desk.refused(
        "withdrawal pay W-000001 --reference TRX-2 --date 2026-04-01 --yes --as bola",
        1,
        "payment.reference_used",
    );
    assert!(
        said.contains("P-000001") && said.contains("W-000002"),
        "{said}"
    );
    desk.ok("withdrawal pay W-000001 --reference R --date 2026-06-30 --yes --as bola");
}

#[test]
fn a_file_of_payments_is_recorded_once_and_again_is_nothing_to_do() {
    let desk = with_approved();
    desk.write(
        "pay.csv",
        "withdrawal,reference,date,amount,notes\nW-000001,R1,2026-04-01,,\nw-2,R2,2026-04-02,30,less\nW-000003,R3,2026-04-02,,\n",
    );
    let line = "withdrawal pay --from pay.csv --yes --as bola";
    let paid = Once::done(&desk, line);
    let list = paid.json();
    let told: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["payment_amount"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["33.34", "30.00", "33.33"]);
    // Without a key too, the file that was recorded is nothing to do.
    let before = std::fs::read(desk.ledger()).unwrap();
    let again = desk.ok(line);
    assert!(
        again.stderr.contains("already recorded: 3 of 3") && again.stderr.contains("nothing to do"),
        "{}",
        again.stderr
    );
    assert!(before == std::fs::read(desk.ledger()).unwrap());
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-000001,R1,2026-04-01\n",
    );
    paid.conflicts(&desk, line);
    desk.sound();
}

#[test]
fn a_file_that_was_partly_recorded_records_the_rest() {
    let desk = with_approved();
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --as bola");
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-000001,R1,2026-04-01\nW-000002,R2,2026-04-01\n",
    );
    let ran = desk.ok("withdrawal pay --from pay.csv --yes --as bola");
    assert!(
        ran.stderr.contains("already recorded: 1 of 2"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("recorded 1 payment, NGN 33.33\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), 2);
    desk.sound();
}

#[test]
fn a_file_with_bad_lines_lists_them_all_and_records_none() {
    let desk = with_approved();
    let ran_with = |file: &str| {
        desk.write("pay.csv", file);
        let ran = unchanged(&desk, || {
            desk.run("withdrawal pay --from pay.csv --yes --as bola -f json")
        });
        let error: Value = serde_json::from_str(ran.stderr.trim()).unwrap();
        assert_eq!(
            (ran.code, &error["error"]["code"]),
            (1, &json!("file.bad_lines")),
            "{}",
            ran.stderr
        );
        let lines = error["error"]["lines"].as_array().unwrap().iter();
        lines
            .map(|line| {
                (
                    line["line"].as_i64().unwrap(),
                    line["column"].as_str().unwrap_or("").to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    let named = |lines: &[(i64, &str)]| {
        lines
            .iter()
            .map(|(line, column)| (*line, (*column).to_owned()))
            .collect::<Vec<_>>()
    };
    let file = "withdrawal,reference,date,amount\nW-000001,R1,2026-04-01,\nW-000002,R1,2026-04-01,\nW-000003,R3,01/04/2026,1e3\n";
    assert_eq!(
        ran_with(file),
        named(&[(3, "reference"), (4, "date"), (4, "amount")])
    );
    let file = "withdrawal,reference,date\nW-000001,R1,2026-07-01\nW-000009,R2,2026-04-01\nW-000003,R3,2026-04-01\nW-000003,R4,2026-04-01\n";
    assert_eq!(
        ran_with(file),
        named(&[(2, ""), (3, "withdrawal"), (5, "")])
    );
    desk.write("pay.csv", file);
    let ran = desk.run("withdrawal pay --from pay.csv --yes --as bola");
    for place in ["pay.csv:2: ", "pay.csv:3: withdrawal: ", "pay.csv:5: "] {
        assert!(ran.stderr.contains(place), "{}", ran.stderr);
    }
    assert_eq!(desk.json("payment list"), json!([]));
    desk.sound();
}

#[test]
fn a_payment_keeps_the_account_that_was_approved() {
    let desk = with_approved();
    desk.ok("holder set h1 --account-number 9999999990 --as bola");
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --as bola");
    let shown = desk.json("withdrawal show W-000001 --show-pii --as ada");
    assert_eq!(shown["account_number"], "0123456101");
}
