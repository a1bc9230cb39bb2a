//! `prorata payment file …`

use std::{os::unix::fs::PermissionsExt as _, process::Command};

use serde_json::{Value, json};

use crate::{
    event::once::{Once, fields, unchanged},
    payfile::schema,
    support::{Desk, has_program},
};

const CREATE: &str = "payment file create --account OPS --event E1 --profile generic --as bola";
const FILE: &str = "code account profile status execution_date payments currency total paid on_bank content_hash message_id debtor created_by created_at exported_by exported_at cancelled_by cancelled_at cancellation_reason id";

fn read(desk: &Desk, name: &str) -> Vec<u8> {
    std::fs::read(desk.path().join(name)).unwrap()
}

#[test]
fn a_file_takes_the_approved_withdrawals_of_an_event() {
    let desk = Desk::with_bank();
    let created = Once::done(&desk, CREATE);
    let file = created.json();
    fields(&file, FILE);
    let expected = json!({
        "code": "F-000001", "account": "OPS", "profile": "generic", "status": "open", "execution_date": "2026-06-30",
        "payments": 3, "currency": "NGN", "total": "60.00", "paid": 0, "created_by": "bola", "cancelled_by": null,
        "debtor": "Lagos-Tower",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(file[field], *value, "{field}");
    }
    created.conflicts(&desk, &CREATE.replace("generic", "pain.001.001.03"));
    assert_eq!(desk.json("payment file list"), json!([file]));
    let shown = desk.json("payment file show f-1");
    let items = shown["items"].as_array().unwrap();
    let told: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item["withdrawal"].as_str().unwrap(),
                item["amount"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("W-000001", "30.00"),
            ("W-000002", "20.00"),
            ("W-000003", "10.00")
        ]
    );
    assert_eq!(
        (&items[0]["holder_name"], &items[0]["account_number"]),
        (&json!("Adaeze Okoro"), &json!("******6101"))
    );
    let mut references: Vec<&str> = items
        .iter()
        .map(|item| item["end_to_end_reference"].as_str().unwrap())
        .collect();
    for reference in &references {
        let fits = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit();
        assert!(
            reference.len() == 10 && reference.chars().all(fits),
            "{reference}"
        );
    }
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), 3);
    let unmasked = desk
        .ok("payment file show F-000001 --show-pii --as bola")
        .stdout;
    assert!(unmasked.contains("0123456101"), "{unmasked}");
    desk.refused("payment file show F-000002", 1, "payment_file.unknown");
    desk.sound();
}

#[test]
fn a_file_takes_the_withdrawals_that_are_named() {
    let desk = Desk::with_bank();
    let file =
        desk.json("payment file create W-3 w-1 W-000001 --account ops --profile generic --as bola");
    assert_eq!(
        (&file["payments"], &file["total"]),
        (&json!(2), &json!("40.00"))
    );
    // The rest of the event is what no file holds.
    assert_eq!(desk.json(CREATE)["total"], "20.00");
    let said = unchanged(&desk, || {
        desk.refused(CREATE, 1, "payment_file.nothing_to_pay")
    });
    assert!(said.contains("`E1`"), "{said}");
    for line in [
        "payment file create --account OPS --profile generic --as bola",
        "payment file create W-1 --event E1 --account OPS --profile generic --as bola",
        "payment file create W-1 --account OPS --profile pain.001.001.12 --as bola",
    ] {
        desk.refused(line, 2, "usage.invalid");
    }
}

#[test]
fn an_item_of_a_file_is_locked_to_it() {
    let desk = Desk::with_bank();
    desk.ok("payment file create W-1 --account OPS --profile generic --as bola");
    for line in [
        "payment file create W-1 --account OPS --profile generic --as bola",
        "withdrawal cancel W-1 --as bola",
        "withdrawal cancel --event E1 --all --yes --as bola",
        "event cancel E1 --reason typo --yes --as bola",
    ] {
        let said = unchanged(&desk, || {
            desk.refused(line, 1, "withdrawal.in_payment_file")
        });
        assert!(
            said.contains("F-000001") || said.contains("are refused"),
            "`{line}`: {said}"
        );
    }
    // Of several, each refusal is listed.
    let ran =
        desk.run("payment file create W-1 W-2 --account OPS --profile generic --as bola -f json");
    let error: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(error["error"]["lines"][0]["name"], "W-000001", "{error}");
    assert_eq!(desk.json("payment file list").as_array().unwrap().len(), 1);
    desk.ok("withdrawal cancel W-2 --as bola");
}

#[test]
fn the_database_itself_holds_a_withdrawal_in_one_live_file() {
    if !has_program("sqlite3") {
        return;
    }
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    let sql = "INSERT INTO payment_file_items (file_number, withdrawal_number, end_to_end, amount, holder_code, holder_name, event_code,
                 bank_name, account_number, live)
               SELECT file_number + 1, withdrawal_number, 'ABCDEFGHI' || number, amount, holder_code, holder_name, event_code,
                 bank_name, account_number, 1 FROM payment_file_items LIMIT 1";
    let ran = Command::new("sqlite3")
        .arg(desk.ledger())
        .arg(format!("PRAGMA foreign_keys = OFF; {sql}"))
        .output()
        .unwrap();
    assert!(!ran.status.success());
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(
        said.contains("UNIQUE constraint failed: payment_file_items.withdrawal_number"),
        "{said}"
    );
    desk.sound();
}

#[test]
fn a_payment_can_be_recorded_by_hand_while_its_file_is_out() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("withdrawal pay W-1 --reference TRX-1 --date 2026-06-30 --yes --as bola");
    let file = desk.json("payment file show F-1");
    assert_eq!(
        (&file["status"], &file["paid"], &file["items"][0]["status"]),
        (&json!("open"), &json!(1), &json!("paid"))
    );
    for number in [2, 3] {
        desk.ok(&format!(
            "withdrawal pay W-{number} --reference TRX-{number} --date 2026-06-30 --yes --as bola"
        ));
    }
    // Recorded is not seen: the file is done once the bank shows all of it.
    assert_eq!(desk.json("payment file show F-1")["status"], "open");
    let said = unchanged(&desk, || {
        desk.refused(
            "payment file cancel F-1 --reason no --as bola",
            1,
            "payment_file.settled",
        )
    });
    assert!(said.contains("payments are recorded for them"), "{said}");
    desk.sound();
}

#[test]
fn an_export_is_the_same_bytes_every_time_for_its_owner_alone_and_noted() {
    let mut desk = Desk::with_bank();
    desk.ok(&CREATE.replace("generic", "pain.001.001.09"));
    let ran = desk.ok("payment file export F-1 -o out.xml --as bola");
    assert!(
        ran.stderr
            .contains("exported payment file F-000001: 3 payments, NGN 60.00"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stdout, "");
    let mode = std::fs::metadata(desk.path().join("out.xml"))
        .unwrap()
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o600);
    // What happens to the holder, the project and the clock afterwards is not in the bytes.
    desk.at("2026-07-02T12:00:00.000000Z");
    desk.ok("holder set h1 --name Somebody --bank-name UBA --as ada");
    desk.ok("project set LAGOS --name Elsewhere --as ada");
    let again = desk.ok("payment file export F-1 -o again.txt --as ada");
    assert!(
        again
            .stderr
            .contains("it was exported before, first on 2026-06-30 by bola"),
        "{}",
        again.stderr
    );
    assert!(
        read(&desk, "out.xml") == read(&desk, "again.txt"),
        "the same bytes"
    );
    let hash = desk.json("payment file show F-1")["content_hash"].clone();
    let log = desk.json("audit log --type payment_file_exported");
    let who: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["performed_by"].as_str().unwrap())
        .collect();
    assert_eq!(who.len(), 2, "{log}");
    assert!(who.contains(&"bola") && who.contains(&"ada"), "{who:?}");
    assert!(
        log.to_string().contains(hash.as_str().unwrap()),
        "the entry names the hash of the bytes: {log}"
    );
    let text = String::from_utf8(read(&desk, "out.xml")).unwrap();
    assert!(
        text.contains("Adaeze Okoro") && text.contains("0123456101"),
        "the bank needs the whole number"
    );
    desk.sound();
}

#[test]
fn an_export_overwrites_nothing_and_a_dry_run_leaves_no_byte() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.write("there.csv", "mine");
    unchanged(&desk, || {
        desk.refused(
            "payment file export F-1 -o there.csv --as bola",
            1,
            "output.exists",
        )
    });
    assert_eq!(read(&desk, "there.csv"), b"mine");
    assert_eq!(
        desk.json("audit log --type payment_file_exported"),
        json!([]),
        "what did not leave is not noted"
    );
    desk.refused("payment file export F-1 --as bola", 2, "usage.invalid");
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.ok("payment file export F-1 -o new.csv --dry-run --as bola");
    assert!(
        before == std::fs::read(desk.ledger()).unwrap() && !desk.path().join("new.csv").exists()
    );
    desk.ok("payment file export F-1 -o there.csv --force --as bola --key k1");
    desk.ok("payment file export F-1 -o twice.csv --as bola --key k1");
    assert!(read(&desk, "there.csv") == read(&desk, "twice.csv"));
    assert_eq!(
        desk.json("audit log --type payment_file_exported")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.refused(
        "payment file export F-1 -o prorata.db --force --as bola",
        1,
        "output.is_ledger",
    );
}

#[test]
fn a_generic_file_has_its_columns_and_whole_account_numbers() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let text = String::from_utf8(read(&desk, "out.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().unwrap().clone();
    assert_eq!(&header[1], "end_to_end_reference");
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0][1], desk.end_to_end("F-1", "W-000001"));
    let told: Vec<&str> = rows[0].iter().skip(2).take(9).collect();
    assert_eq!(
        told,
        [
            "W-000001",
            "h1",
            "Adaeze Okoro",
            "GTBank",
            "058",
            "0123456101",
            "30.00",
            "NGN",
            "2026-06-30"
        ]
    );
}

#[test]
fn exported_messages_are_valid_against_the_schemas() {
    if !has_program("xmllint") {
        return;
    }
    for version in ["pain.001.001.03", "pain.001.001.09"] {
        let Some(schema) = schema(version) else {
            return;
        };
        let desk = Desk::with_bank();
        desk.ok(&format!(
            "{} --execution-date 2026-07-03",
            CREATE.replace("generic", version)
        ));
        desk.ok("payment file export F-1 -o out.xml --as bola");
        let ran = Command::new("xmllint")
            .args(["--noout", "--schema"])
            .arg(schema)
            .arg(desk.path().join("out.xml"))
            .output()
            .unwrap();
        assert!(
            ran.status.success(),
            "{version}: {}",
            String::from_utf8_lossy(&ran.stderr)
        );
        let text = String::from_utf8(read(&desk, "out.xml")).unwrap();
        assert_eq!(text.matches("<NbOfTxs>3</NbOfTxs>").count(), 2, "{text}");
        assert_eq!(
            text.matches("<CtrlSum>60.00</CtrlSum>").count()
                + text.matches("<CtrlSum>60</CtrlSum>").count(),
            2,
            "{text}"
        );
        assert!(
            text.contains("2026-07-03") && text.contains("<Othr>"),
            "{text}"
        );
        for withdrawal in ["W-000001", "W-000002", "W-000003"] {
            let reference = desk.end_to_end("F-1", withdrawal);
            assert_eq!(
                text.matches(&format!("<EndToEndId>{reference}</EndToEndId>"))
                    .count(),
                1
            );
        }
    }
}

#[test]
fn a_cancellation_has_a_reason_and_frees_the_withdrawals() {
    let desk = Desk::with_bank();
    desk.ok(CREATE);
    assert_eq!(
        desk.run("payment file cancel F-1 --as bola").code,
        2,
        "a reason is needed"
    );
    let before = desk.end_to_end("F-1", "W-000001");
    let cancelled = Once::done(
        &desk,
        "payment file cancel F-1 --reason wrong-day --as bola",
    );
    let file = cancelled.json();
    for (field, value) in [
        ("status", "cancelled"),
        ("cancelled_by", "bola"),
        ("cancellation_reason", "wrong-day"),
    ] {
        assert_eq!(file[field], value, "{field}");
    }
    for line in [
        "payment file export F-1 -o out.csv --as bola",
        "payment file cancel F-1 --reason again --as bola",
    ] {
        unchanged(&desk, || desk.refused(line, 1, "payment_file.wrong_state"));
    }
    assert!(!desk.path().join("out.csv").exists());
    desk.ok("withdrawal cancel W-3 --as bola");
    assert_eq!(desk.json(CREATE)["total"], "50.00");
    assert_ne!(
        desk.end_to_end("F-2", "W-000001"),
        before,
        "a reference is given once"
    );
    assert_eq!(
        desk.json("payment file show F-1")["items"]
            .as_array()
            .unwrap()
            .len(),
        3,
        "its items are still shown"
    );
    cancelled.repeats(&desk);
    desk.sound();
}

#[test]
fn a_past_day_lists_the_files_of_then() {
    let mut desk = Desk::with_bank();
    desk.ok(CREATE);
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("payment file cancel F-1 --reason wrong-day --as bola");
    assert_eq!(desk.json("payment file list --as-of 2026-06-29"), json!([]));
    assert_eq!(
        desk.json("payment file list --as-of 2026-07-01")[0]["status"],
        "open"
    );
    assert_eq!(desk.json("payment file list")[0]["status"], "cancelled");
}

/// A ledger in which h1 and h2 have a bank and a number, and no bank code.
fn nameless() -> Desk {
    let desk = Desk::with_event();
    for (holder, number) in [("h1", "5550000001"), ("h2", "5550000002")] {
        desk.ok(&format!(
            "holder add n{holder} --name N{holder} --bank-name Bank --account-number {number} --country GB --as bola"
        ));
        desk.ok(&format!(
            "token issue n{holder} 1 --project LAGOS --date 2026-01-01 --as bola"
        ));
    }
    desk.event("E2", "50");
    desk.ok("withdrawal request --event E2 --all-holders --as bola");
    desk.ok("withdrawal approve --event E2 --all --hash REVIEWED --as chi");
    desk.ok(crate::support::ADD_ACCOUNT);
    desk
}

#[test]
fn all_holders_without_a_bank_code_are_named() {
    let desk = nameless();
    for profile in ["pain.001.001.03", "pain.001.001.09"] {
        let line =
            format!("payment file create --account OPS --event E2 --profile {profile} --as bola");
        unchanged(&desk, || {
            desk.refused(&line, 1, "payment_file.no_bank_code")
        });
        let human = desk.run(&line);
        for holder in ["nh1", "nh2"] {
            assert!(
                human
                    .stderr
                    .contains(&format!("holder `{holder}` has no bank code")),
                "{}",
                human.stderr
            );
        }
        assert!(!human.stderr.contains("`h1`"), "{}", human.stderr);
    }
    // People read the generic layout, and it has the bank's name.
    desk.ok("payment file create --account OPS --event E2 --profile generic --as bola");
}

#[test]
fn who_may_not_be_paid_is_not_filed() {
    let desk = Desk::with_bank();
    desk.ok("holder block h2 --reason court-order --as bola");
    let ran = desk.run(CREATE);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("holder `h2` is blocked"),
        "{}",
        ran.stderr
    );
    desk.refused(
        "payment file create W-2 --account OPS --profile generic --as bola",
        1,
        "holder.blocked",
    );
    desk.ok("withdrawal request --event E1 --holder h3 --amount 1 --as bola");
    desk.refused(
        "payment file create W-4 --account OPS --profile generic --as bola",
        1,
        "withdrawal.wrong_state",
    );
    assert_eq!(desk.json("payment file list"), json!([]));
}

#[test]
fn an_account_pays_for_its_project_in_its_currency() {
    let desk = Desk::with_bank();
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("bank add ABJ --bank-name GTBank --bank-code 058 --account-number 0123456101 --project ABUJA --as bola");
    desk.ok("bank add USD --bank-name Bank --account-number 55500055 --currency USD --as bola");
    let said = unchanged(&desk, || {
        desk.refused(
            "payment file create W-1 --account ABJ --profile generic --as bola",
            1,
            "bank.other_project",
        )
    });
    assert!(
        said.contains("`ABUJA`") && said.contains("`LAGOS`"),
        "{said}"
    );
    unchanged(&desk, || {
        desk.refused(&CREATE.replace("OPS", "USD"), 1, "bank.currency")
    });
    desk.refused(&CREATE.replace("OPS", "NONE"), 1, "bank.unknown");
}

#[test]
fn what_the_bank_may_have_paid_is_not_paid_by_a_file() {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[("2026-06-24", "S1", -3000, "NIP TRF TO OKORO ADAEZE/GTB")],
    );
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    let one = "payment file create W-1 --account OPS --profile generic --as bola";
    let said = unchanged(&desk, || desk.refused(one, 1, "payment_file.maybe_paid"));
    assert!(
        said.contains("W-000001") && said.contains("L-000001"),
        "{said}"
    );
    unchanged(&desk, || desk.refused(CREATE, 1, "payment_file.maybe_paid"));
    // Nor is it freed for another request while the line speaks against it.
    unchanged(&desk, || {
        desk.refused(
            "withdrawal cancel W-1 --as bola",
            1,
            "payment_file.maybe_paid",
        )
    });
    desk.ok("bank reject L-1 --as bola");
    assert_eq!(desk.json(CREATE)["payments"], 3);
    desk.sound();
}
