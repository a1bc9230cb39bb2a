//! The fund's bank accounts.

use serde_json::{Value, json};

use super::{filed, roles::READING};
use crate::{
    event::once::{Once, fields, unchanged},
    support::{ADD_ACCOUNT, Desk},
};

#[test]
fn an_account_is_added_once_and_shown_masked() {
    let desk = Desk::with_register();
    let added = Once::done(&desk, ADD_ACCOUNT);
    let account = added.json();
    fields(
        &account,
        "code bank_name bank_code account_number currency project created_by created_at id",
    );
    let expected = json!({
        "code": "OPS", "bank_name": "FirstBank", "bank_code": "011", "account_number": "******4579", "currency": "NGN",
        "project": "LAGOS", "created_by": "bola",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(account[field], *value, "{field}");
    }
    assert_eq!(desk.json("bank show ops"), account);
    assert_eq!(desk.json("bank list"), json!([account]));
    assert_eq!(
        desk.json(&format!("bank show {}", account["id"].as_str().unwrap())),
        account
    );
    added.conflicts(&desk, &ADD_ACCOUNT.replace("OPS", "OPS2"));
    unchanged(&desk, || desk.refused(ADD_ACCOUNT, 1, "bank.exists"));
    desk.sound();
}

#[test]
fn the_same_account_has_one_code() {
    let desk = Desk::with_register();
    desk.ok(ADD_ACCOUNT);
    let said = unchanged(&desk, || {
        desk.refused(
            &ADD_ACCOUNT.replace("OPS", "OTHER"),
            1,
            "bank.account_known",
        )
    });
    assert!(said.contains("`OPS`"), "{said}");
    // The same digits at another bank are another account, if the check digit holds there.
    desk.ok("bank add USD --bank-name FirstBank --bank-code 011 --account-number 0000014579 --currency USD --as bola");
    assert_eq!(desk.json("bank list").as_array().unwrap().len(), 2);
}

#[test]
fn a_number_whose_check_digit_fails_is_refused_and_not_repeated() {
    let desk = Desk::with_register();
    let line = ADD_ACCOUNT.replace("0000014579", "0000014578");
    let said = unchanged(&desk, || desk.refused(&line, 1, "account.nuban"));
    assert!(!said.contains("0000014578"), "{said}");
    let iban = "bank add EUR --bank-name B --account-number DE44500105175407324932 --currency EUR --as bola";
    let said = unchanged(&desk, || desk.refused(iban, 1, "account.iban"));
    assert!(!said.contains("DE445001"), "{said}");
}

#[test]
fn an_account_in_another_currency_than_its_project_is_refused() {
    let desk = Desk::with_register();
    let said = unchanged(&desk, || {
        desk.refused(
            &format!("{ADD_ACCOUNT} --currency USD"),
            1,
            "bank.project_currency",
        )
    });
    assert!(said.contains("`LAGOS` is in NGN, not in USD"), "{said}");
}

#[test]
fn an_account_number_is_whole_only_on_request_and_the_trail_says_who_asked() {
    let desk = Desk::with_bank();
    for line in ["bank list", "bank show OPS"] {
        for format in ["table", "csv", "json"] {
            let ran = desk.ok(&format!("{line} -f {format}"));
            assert!(
                !ran.stdout.contains("0000014579") && ran.stdout.contains("******4579"),
                "{}",
                ran.stdout
            );
            let asked = desk.ok(&format!("{line} -f {format} --show-pii --as dayo"));
            assert!(
                asked.stdout.contains("0000014579"),
                "`{line}` -f {format}: {}",
                asked.stdout
            );
        }
    }
    let log = desk.json("audit log --type pii_shown");
    assert_eq!(log.as_array().unwrap().len(), 6);
}

#[test]
fn no_command_of_the_bank_side_shows_an_account_number_unasked() {
    let desk = filed();
    desk.imported(
        "june.csv",
        &[(
            "2026-06-30",
            "S1",
            -3000,
            "TRF 0000014579 TO OKORO ADAEZE/0123456101/GTB",
        )],
    );
    let reconciled = desk.run("bank reconcile OPS --as bola");
    assert_eq!(reconciled.code, 3);
    let numbers = ["0000014579", "0123456101", "0123456132", "0123456163"];
    for line in READING
        .iter()
        .chain(&["bank profile test june.csv", "audit log", "status"])
    {
        for format in ["table", "csv", "json"] {
            let ran = desk.ok(&format!("{line} -f {format}"));
            let shown = numbers
                .iter()
                .find(|number| ran.stdout.contains(*number) || ran.stderr.contains(*number));
            assert_eq!(shown, None, "`{line}` -f {format}: {}", ran.stdout);
        }
    }
    for line in [
        "bank confirm L-1 --as bola",
        "bank unmatch L-1 --reason x --as bola",
        "payment file cancel F-1 --reason x --as bola",
    ] {
        let ran = desk.run(&format!("{line} -f json"));
        assert!(
            numbers
                .iter()
                .all(|number| !ran.stdout.contains(number) && !ran.stderr.contains(number)),
            "`{line}`"
        );
    }
}

#[test]
fn a_past_day_lists_the_accounts_of_then() {
    let desk = Desk::with_bank();
    assert_eq!(desk.json("bank list --as-of 2026-06-21"), json!([]));
    assert_eq!(desk.json("bank list --as-of 2026-06-22")[0]["code"], "OPS");
    assert_eq!(desk.json("bank statements OPS"), Value::Array(Vec::new()));
}
