//! The ways in which money left through a payment file, and no longer does: each is tried as it was
//! done.

use serde_json::json;

use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

const CREATE: &str = "payment file create --account OPS --event E1 --profile generic --as bola";
const EXPORT: &str = "payment file export F-1 -o out.csv --as bola";

fn read(desk: &Desk, name: &str) -> Vec<u8> {
    std::fs::read(desk.path().join(name)).unwrap()
}

fn marks(desk: &Desk, withdrawal: &str) -> serde_json::Value {
    desk.json(&format!("withdrawal show {withdrawal}"))["marks"].clone()
}

#[test]
fn a_blocked_holder_and_a_withdrawal_paid_by_hand_no_longer_leave_in_a_payment_file() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("holder block h1 --reason court-order --as ada");
    desk.ok("withdrawal pay W-2 --reference HAND --date 2026-06-30 --yes --as bola");
    let said = unchanged(&desk, || desk.refused(EXPORT, 1, "payment_file.changed"));
    for named in [
        "W-000001 of `h1`: the holder is blocked (court-order)",
        "W-000002 of `h2`: P-000001 is recorded for it",
    ] {
        assert!(said.contains(named), "{said}");
    }
    assert!(!said.contains("W-000003"), "{said}");
    assert!(!desk.path().join("out.csv").exists());
    let ran = desk.run(EXPORT);
    assert!(
        ran.stderr
            .contains("payment file drop F-000001 W-000001 W-000002 --reason TEXT"),
        "{}",
        ran.stderr
    );
    let dropped = Once::done(
        &desk,
        "payment file drop F-1 W-1 W-2 --reason not-now --as bola",
    );
    let file = dropped.json();
    assert_eq!(
        (&file["payments"], &file["total"]),
        (&json!(1), &json!("10.00"))
    );
    desk.ok(EXPORT);
    let text = String::from_utf8(read(&desk, "out.csv")).unwrap();
    assert!(
        text.contains("W-000003") && !text.contains("W-000001") && !text.contains("W-000002"),
        "{text}"
    );
    assert_eq!(marks(&desk, "W-1"), "dropped from F-000001");
    dropped.repeats(&desk);
    desk.sound();
}

#[test]
fn bank_details_that_changed_after_the_request_no_longer_leave_unseen() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    // The spelling of the bank's name is not compared.
    desk.ok("holder set h2 --bank-name Guaranty --as bola");
    desk.ok("payment file export F-1 -o first.csv --as bola");
    desk.ok("holder set h1 --account-number 0123456194 --as bola");
    let said = unchanged(&desk, || desk.refused(EXPORT, 1, "payment_file.changed"));
    assert!(
        said.contains("W-000001 of `h1`: the bank details of the holder changed since the request"),
        "{said}"
    );
    assert!(!said.contains("W-000002"), "{said}");
    desk.ok("holder set h1 --account-number 0123456101 --as bola");
    desk.ok(EXPORT);
    assert!(read(&desk, "first.csv") == read(&desk, "out.csv"));
}

#[test]
fn a_replayed_export_looks_again_too() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok(&format!("{EXPORT} --key k1"));
    desk.ok("holder block h1 --reason court-order --as ada");
    let again = "payment file export F-1 -o again.csv --as bola --key k1";
    unchanged(&desk, || desk.refused(again, 1, "payment_file.changed"));
    assert!(!desk.path().join("again.csv").exists());
}

#[test]
fn who_exported_a_file_no_longer_cancels_it_and_pays_it_again() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("payment file export F-1 -o out.csv --as ada");
    desk.ok("payment file export F-1 -o again.csv --as bola");
    let cancel = "payment file cancel F-1 --reason lost --as";
    for (who, code) in [
        ("ada", "payment_file.same_actor"),
        ("bola", "user.forbidden"),
        ("dayo", "user.forbidden"),
    ] {
        let line = format!("{cancel} {who}");
        unchanged(&desk, || desk.refused(&line, 1, code));
        let line = line.replace("cancel F-1", "drop F-1 W-1");
        unchanged(&desk, || desk.refused(&line, 1, code));
    }
    let ran = desk.run(&format!("{cancel} ada"));
    assert!(ran.stderr.contains("approvers: chi"), "{}", ran.stderr);
    let cancelled = Once::done(&desk, &format!("{cancel} chi"));
    assert_eq!(cancelled.json()["cancelled_by"], "chi");
    let mark = "was in cancelled F-000001";
    let list = desk.json("withdrawal list");
    for withdrawal in list.as_array().unwrap() {
        assert_eq!(withdrawal["marks"], mark);
    }
    assert!(desk.ok("withdrawal list").stdout.contains(mark));
    desk.ok(CREATE);
    for item in desk.json("payment file show F-2")["items"]
        .as_array()
        .unwrap()
    {
        assert_eq!(item["marks"], mark, "the next file says it too");
    }
    cancelled.repeats(&desk);
    desk.sound();
}

#[test]
fn a_new_request_after_a_cancelled_file_tells_its_approver() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.ok("payment file cancel F-1 --reason lost --as chi");
    desk.ok("withdrawal cancel W-1 --as bola");
    let asked = Once::done(
        &desk,
        "withdrawal request --event E1 --holder h1 --amount 30 --as bola",
    );
    let told = "W-000001 was in cancelled F-000001";
    assert_eq!(marks(&desk, "W-4"), told);
    assert_eq!(asked.json()[0]["marks"], told, "who asks sees it too");
    let ran = desk.ok("withdrawal approve W-4 --as chi");
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    asked.repeats(&desk);
}

#[test]
fn an_item_that_the_bank_shows_stays_in_an_exported_file() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let reference = desk.end_to_end("F-1", "W-000001");
    let text = format!("NIP TRF TO ADAEZE OKORO/{reference}");
    desk.imported("june.csv", &[("2026-06-30", "B1", -3000, &text)]);
    let drop = "payment file drop F-1 W-1 --reason refused --as chi";
    let said = unchanged(&desk, || desk.refused(drop, 1, "payment_file.item_settled"));
    assert!(
        said.contains("bank line L-000001 shows or may show it"),
        "{said}"
    );
    let file = desk.json("payment file cancel F-1 --reason lost --as chi");
    assert_eq!(file["status"], "cancelled");
    let items = desk.json("payment file show F-1")["items"].clone();
    let ended: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["ended_as"].clone())
        .collect();
    assert_eq!(ended, [json!(null), json!("cancelled"), json!("cancelled")]);
    desk.refused(
        "payment file create W-1 --account OPS --profile generic --as bola",
        1,
        "withdrawal.in_payment_file",
    );
    desk.sound();
}

#[test]
fn a_file_that_is_done_can_always_be_written_again() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let text = |withdrawal: &str| {
        let reference = desk.end_to_end("F-1", withdrawal);
        format!("NIP/{reference}")
    };
    let lines = [
        ("2026-06-30", "B1", -3000, text("W-000001")),
        ("2026-06-30", "B2", -2000, text("W-000002")),
        ("2026-06-30", "B3", -1000, text("W-000003")),
    ];
    let lines: Vec<_> = lines
        .iter()
        .map(|(date, reference, amount, text)| (*date, *reference, *amount, text.as_str()))
        .collect();
    desk.imported("june.csv", &lines[..2]);
    desk.ok("bank reconcile OPS --as bola");
    let file = desk.json("payment file show F-1");
    assert_eq!(
        (&file["status"], &file["on_bank"]),
        (&json!("open"), &json!(2))
    );
    desk.imported("more.csv", &lines);
    desk.ok("bank reconcile OPS --as bola");
    assert_eq!(desk.json("payment file show F-1")["status"], "done");
    desk.ok("holder block h1 --reason court-order --as ada");
    desk.ok("holder set h2 --account-number 0123456194 --as bola");
    desk.ok("payment file export F-1 -o again.csv --as ada");
    assert!(read(&desk, "out.csv") == read(&desk, "again.csv"));
    desk.refused(
        "payment file cancel F-1 --reason x --as chi",
        1,
        "payment_file.wrong_state",
    );
}

#[test]
fn a_payment_that_the_bank_never_made_from_an_exported_file_is_returned_after_its_cancellation() {
    let mut desk = Desk::with_bank();
    desk.ok("payment file create W-1 --account OPS --profile generic --as bola");
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.ok("withdrawal pay W-1 --reference TRX-4411 --date 2026-06-30 --yes --as bola");
    let back = "payment return P-1 --date 2026-06-30 --reason refused --as chi";
    unchanged(&desk, || desk.refused(back, 1, "payment.maybe_in_flight"));
    // The hint leads on: nothing is free, and a second person ends that the bank may still pay it.
    let line = "payment file cancel F-1 --reason refused --as";
    unchanged(&desk, || {
        desk.refused(&format!("{line} bola"), 1, "user.forbidden")
    });
    let once = Once::done(&desk, &format!("{line} chi"));
    assert_eq!(once.json()["status"], "cancelled");
    let item = desk.json("payment file show F-1")["items"][0].clone();
    assert_eq!(
        (&item["ended_as"], &item["status"]),
        (&json!(null), &json!("paid"))
    );
    once.repeats(&desk);
    desk.ok(back);
    desk.at("2026-07-02T09:00:00.000000Z");
    // If the bank made it all the same, its line names the payment and is left to settle.
    let text = format!("NIP/{}", desk.end_to_end("F-1", "W-000001"));
    desk.imported("july.csv", &[("2026-07-01", "B1", -3000, &text)]);
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    let line = desk.line("L-000001");
    assert_eq!(line["payments"], json!(["P-000001"]), "{line}");
    desk.sound();
}

#[test]
fn a_past_day_shows_a_file_as_it_was_before_items_left() {
    let mut desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("payment file drop F-1 W-1 --reason refused --as bola");
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let past = desk.json("payment file list --as-of 2026-07-01")[0].clone();
    let now = desk.json("payment file list")[0].clone();
    assert_eq!(
        (&past["total"], &past["exported_by"], &now["total"]),
        (&json!("60.00"), &json!(null), &json!("30.00"))
    );
    assert_ne!(past["content_hash"], now["content_hash"]);
    assert_eq!(marks(&desk, "W-1"), "dropped from F-000001");
    let then = desk.json("withdrawal list --as-of 2026-07-01");
    assert_eq!(then[0]["marks"], json!(null));
}

#[test]
fn a_file_to_be_executed_in_the_past_or_in_two_years_is_refused() {
    let desk = Desk::with_bank();
    for date in ["2020-01-01", "2026-06-29", "2027-07-02"] {
        let line = format!("{CREATE} --execution-date {date}");
        unchanged(&desk, || {
            desk.refused(&line, 1, "payment_file.execution_date")
        });
    }
    desk.ok(&format!("{CREATE} --execution-date 2027-07-01"));
}

#[test]
fn after_a_restore_the_same_references_no_longer_go_to_other_holders() {
    let desk = Desk::with_bank();
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.ok(CREATE);
    let names = ["W-000001", "W-000002", "W-000003"];
    let first: Vec<String> = names
        .iter()
        .map(|name| desk.end_to_end("F-1", name))
        .collect();
    std::fs::write(desk.ledger(), before).unwrap();
    desk.ok("payment file create W-3 W-2 --account OPS --profile generic --as bola");
    let again: Vec<String> = names[1..]
        .iter()
        .map(|name| desk.end_to_end("F-1", name))
        .collect();
    assert!(
        again.iter().all(|reference| !first.contains(reference)),
        "{first:?} {again:?}"
    );
    for reference in first.iter().chain(&again) {
        assert!(
            reference.starts_with('P') && reference.len() == 10,
            "{reference}"
        );
        let letters = reference[1..9].chars().filter(char::is_ascii_uppercase);
        assert!(letters.count() >= 2, "{reference}");
    }
}

#[test]
fn a_dry_run_of_a_file_promises_no_bytes() {
    let desk = Desk::with_bank();
    let dry = desk.json(&format!("{CREATE} --dry-run"));
    assert_eq!(dry["content_hash"], json!(null));
    let created = Once::done(&desk, CREATE);
    assert_ne!(created.json()["content_hash"], json!(null));
    created.repeats(&desk);
}

#[test]
fn an_export_compares_the_very_account_that_a_request_took() {
    const NGN: &str =
        "holder account set h1 --currency NGN --bank-name GTBank --bank-code 058 --account-name";
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    let changed = |desk: &Desk| {
        unchanged(desk, || {
            desk.refused(&format!("{EXPORT} --force"), 1, "payment_file.changed")
        })
    };
    let export = |desk: &Desk| desk.ok(&format!("{EXPORT} --force"));
    // Another name of the holder, an account in another currency, and a change of that one.
    desk.done(&[
        "holder",
        "set",
        "h1",
        "--name",
        "Adaeze Nwosu",
        "--as",
        "bola",
    ]);
    desk.ok(
        "holder account set h1 --currency USD --bank-name Citi --account-number 55500056 --as bola",
    );
    desk.ok(
        "holder account set h1 --currency USD --bank-name Citi --account-number 55500057 --as bola",
    );
    export(&desk);
    // The account itself is changed and changed back.
    desk.ok("holder account set h1 --currency NGN --account-number 0123456194 --as bola");
    changed(&desk);
    desk.ok("holder account set h1 --currency NGN --account-number 0123456101 --as bola");
    export(&desk);
    // It is removed, set again with another number, and with its own.
    desk.ok("holder account remove h1 --currency NGN --as bola");
    changed(&desk);
    let set = |number: &str| {
        let words = format!("{NGN} NAME --account-number {number} --as bola");
        let words: Vec<&str> = words.split_whitespace().collect();
        let words: Vec<&str> = words
            .into_iter()
            .map(|word| if word == "NAME" { "Adaeze Okoro" } else { word })
            .collect();
        desk.done(&words);
    };
    set("0123456194");
    changed(&desk);
    set("0123456101");
    export(&desk);
    desk.sound();
}
