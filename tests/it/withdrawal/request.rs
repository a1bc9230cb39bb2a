//! `prorata withdrawal request`

use serde_json::json;

use super::{WITHDRAWAL, balance};
use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

#[test]
fn a_request_is_recorded_once_and_holds_its_money() {
    let desk = Desk::with_event();
    let line = "withdrawal request --event e1 --holder H1 --amount 10.50 --notes first --as bola";
    let requested = Once::done(&desk, line);
    let list = requested.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    fields(&list[0], WITHDRAWAL);
    let expected = json!({
        "code": "W-000001", "event": "E1", "project": "LAGOS", "holder": "h1", "requested_amount": "10.50",
        "currency": "NGN", "status": "pending", "bank_name": "GTBank", "account_number": "******6101",
        "account_name": "Name-h1", "request_notes": "first", "requested_by": "bola", "reviewed_by": null,
        "reviewed_at": null, "approved_by": null, "approved_at": null, "rejected_by": null, "rejected_at": null,
        "rejection_reason": null, "payment_reference": null, "payment_date": null, "payment_amount": null,
        "paid_by": null, "paid_at": null, "payment_notes": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(list[0][field], *value, "{field}");
    }
    assert_eq!(balance(&desk, "h1"), ["0.00", "10.50", "22.84"]);
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --as bola");
    desk.ok("holder set h1 --account-number 9999999990 --as bola");
    requested.repeats(&desk);
    requested.conflicts(&desk, &line.replace("10.50", "10.51"));
    requested.conflicts(&desk, &line.replace("bola", "ada"));
    desk.sound();
}

#[test]
fn what_cannot_be_paid_is_not_requested() {
    let desk = Desk::with_event();
    desk.ok("holder add h9 --name Late --as bola");
    desk.ok("event create E2 --project LAGOS --type exit --title T --amount 10 --date 2026-03-31 --as bola");
    for (line, code) in [
        (
            "--event E1 --holder h1 --amount 33.35",
            "withdrawal.not_available",
        ),
        (
            "--event E1 --holder h1 --amount 0",
            "withdrawal.amount_zero",
        ),
        (
            "--event E1 --holder h1 --amount 0.001",
            "withdrawal.not_a_multiple",
        ),
        (
            "--event E1 --holder h9 --amount 1",
            "withdrawal.no_allocation",
        ),
        ("--event E1 --holder nobody --amount 1", "holder.unknown"),
        ("--event E9 --holder h1 --amount 1", "event.unknown"),
        ("--event E2 --holder h1 --amount 1", "event.not_active"),
        ("--event E2 --all-holders", "event.not_active"),
        (
            "--event E1 --holder h1 --amount 1 --bank-name Zenith",
            "withdrawal.bank_details_incomplete",
        ),
        ("--event E1 --holder h1", "usage.invalid"),
        ("--event E1", "usage.invalid"),
        ("--event E1 --holder h1 --all-holders", "usage.invalid"),
        ("--event E1 --holder h1 --all --amount 1", "usage.invalid"),
        ("--event E1 --all-holders --amount 1", "usage.invalid"),
        (
            "--event E1 --all-holders --bank-name Zenith",
            "usage.invalid",
        ),
        ("--event E1 --holder h1 --all --strict", "usage.invalid"),
        ("--event E1 --holder h1 --amount 1,000", "usage.invalid"),
        ("--event E1 --holder h1 --amount -5", "usage.invalid"),
    ] {
        let exit = if code.starts_with("usage.") { 2 } else { 1 };
        unchanged(&desk, || {
            desk.refused(&format!("withdrawal request {line} --as bola"), exit, code)
        });
    }
    unchanged(&desk, || {
        desk.refused(
            "withdrawal request --event E1 --holder h1 --all --as chi",
            1,
            "user.forbidden",
        )
    });
    let said = desk.refused(
        "withdrawal request --event E1 --holder h1 --amount 33.35 --as bola",
        1,
        "withdrawal.not_available",
    );
    assert!(said.contains("33.35") && said.contains("33.34"), "{said}");
}

#[test]
fn all_takes_what_is_left() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    let rest = desk.json("withdrawal request --event E1 --holder h1 --all --as bola");
    assert_eq!(rest[0]["requested_amount"], "23.34");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal request --event E1 --holder h1 --all --as bola",
            1,
            "withdrawal.nothing_available",
        )
    });
}

#[test]
fn for_all_holders_those_who_cannot_be_paid_are_skipped_and_named() {
    let desk = Desk::with_register();
    desk.ok("holder add h4 --name NoBank --as bola");
    desk.ok("token issue h4 1 --project LAGOS --date 2026-01-01 --as bola");
    desk.event("E1", "100");
    desk.ok("holder block h3 --reason court-order --as bola");
    let strict = "withdrawal request --event E1 --all-holders --strict --as bola";
    let said = unchanged(&desk, || desk.refused(strict, 1, "withdrawal.left_out"));
    assert!(said.starts_with("2 holders cannot be paid"), "{said}");
    let ran = desk.run("withdrawal request --event E1 --all-holders --dry-run --as bola");
    for words in [
        "left out: holder `h3` is blocked: court-order",
        "left out: holder `h4` has no bank name and account number",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let requested = Once::done(
        &desk,
        "withdrawal request --event E1 --all-holders --as bola",
    );
    let list = requested.json();
    let told: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["holder"].as_str().unwrap(),
                row["requested_amount"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("h1", "25.00"), ("h2", "25.00")]);
    desk.ok("holder unblock h3 --reason settled --as bola");
    desk.ok("withdrawal reject W-000001 --reason no --as chi");
    requested.repeats(&desk);
    requested.conflicts(&desk, strict);
    // Once more asks for what is available now, and the third time there is nothing to do.
    let again = desk.json("withdrawal request --event E1 --all-holders --as bola");
    assert_eq!(again.as_array().unwrap().len(), 2);
    let third = unchanged(&desk, || {
        desk.ok("withdrawal request --event E1 --all-holders --as bola -f json")
    });
    assert_eq!(third.stdout.trim(), "[]");
    assert!(third.stderr.contains("nothing to do"), "{}", third.stderr);
    desk.sound();
}

#[test]
fn a_strict_request_for_all_succeeds_where_all_can_be_paid() {
    let desk = Desk::with_event();
    let list =
        desk.json("withdrawal request --event E1 --all-holders --strict --notes quarter --as bola");
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert_eq!(list[2]["request_notes"], "quarter");
}

#[test]
fn bank_details_are_copied_and_not_mixed() {
    let desk = Desk::with_event();
    let given = "--bank-name Zenith --account-number 7777777777";
    let shown = |withdrawal: &str| {
        let shown = desk.json(&format!("withdrawal show {withdrawal} --show-pii --as ada"));
        ["bank_name", "bank_code", "account_number", "account_name"]
            .map(|field| shown[field].as_str().map(str::to_owned))
    };
    let some = |words: [&str; 4]| words.map(|word| (!word.is_empty()).then(|| word.to_owned()));
    desk.ok("withdrawal request --event E1 --holder h1 --amount 1 --as bola");
    desk.ok(&format!(
        "withdrawal request --event E1 --holder h1 --amount 1 {given} --as bola"
    ));
    desk.ok("holder set h1 --account-number 8888888889 --bank-name UBA --as bola");
    assert_eq!(
        shown("W-000001"),
        some(["GTBank", "058", "0123456101", "Name-h1"]),
        "what is on record changes later"
    );
    assert_eq!(
        shown("W-000002"),
        some(["Zenith", "", "7777777777", ""]),
        "no code and no name of the account on record"
    );
    let on_record = desk.json("holder show h1 --show-pii --as ada");
    assert_eq!(
        on_record["account_number"], "8888888889",
        "what is given with a request stays with it"
    );
    desk.sound();
}

#[test]
fn a_file_of_requests_is_imported_completely_or_not_at_all() {
    let desk = Desk::with_event();
    desk.write(
        "asks.csv",
        "holder,amount,bank_name,bank_code,account_number,account_name,notes\nh1,10,,,,,\nh2,5.25,Zenith,057,7777777771,Bola,second\n",
    );
    let requested = Once::done(
        &desk,
        "withdrawal request --event E1 --from asks.csv --as bola",
    );
    let list = requested.json();
    assert_eq!(list.as_array().unwrap().len(), 2);
    let (first, second) = (&list[0], &list[1]);
    assert_eq!(
        (&first["bank_name"], &first["requested_amount"]),
        (&json!("GTBank"), &json!("10.00"))
    );
    assert_eq!(
        (&second["bank_name"], &second["account_number"]),
        (&json!("Zenith"), &json!("******7771"))
    );
    assert_eq!(
        (&second["request_notes"], &second["account_name"]),
        (&json!("second"), &json!("Bola"))
    );
    desk.ok("withdrawal cancel W-000001 --as bola");
    requested.repeats(&desk);
    desk.write("asks.csv", "holder,amount\nh1,10\n");
    requested.conflicts(
        &desk,
        "withdrawal request --event E1 --from asks.csv --as bola",
    );
    let piped = desk.piped(
        "withdrawal request --event E1 --from - --as bola -f json",
        "holder,amount\nh3,1\n",
    );
    assert_eq!(piped.code, 0, "{}", piped.stderr);
    desk.sound();
}

#[test]
fn a_file_with_bad_lines_lists_them_all_and_writes_nothing() {
    let desk = Desk::with_event();
    desk.write(
        "asks.csv",
        "holder,amount,account_number\nh1,1e3,\nh2,5,12;34567890123\n,1,\nh3,1,\n",
    );
    let ran = unchanged(&desk, || {
        desk.run("withdrawal request --event E1 --from asks.csv --as bola")
    });
    assert_eq!(ran.code, 1);
    for place in [
        "asks.csv:2: amount: ",
        "asks.csv:3: account_number: ",
        "asks.csv:4: holder: ",
    ] {
        assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
    }
    assert!(
        !ran.stderr.contains("34567890123"),
        "no account number is repeated: {}",
        ran.stderr
    );
    // What only the ledger knows to be wrong is listed in the same way. Lines are taken one after
    // the other.
    desk.write(
        "asks.csv",
        "holder,amount\nh1,30\nh1,30\nnobody,1\nh2,0\nh3,1\n",
    );
    let ran = unchanged(&desk, || {
        desk.run("withdrawal request --event E1 --from asks.csv --as bola -f json")
    });
    let error: serde_json::Value = serde_json::from_str(ran.stderr.trim()).unwrap();
    assert_eq!(
        (ran.code, &error["error"]["code"]),
        (1, &json!("file.bad_lines"))
    );
    let lines: Vec<_> = error["error"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["line"].as_i64().unwrap())
        .collect();
    assert_eq!(lines, [3, 4, 5]);
    let refused = desk.json("audit log --type withdrawal_requested");
    let last = refused.as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["outcome"], &last["changes_summary"]["code"]),
        (&json!("refused"), &json!("withdrawal.not_available"))
    );
    for (file, why) in [
        ("", "empty"),
        ("holder,amount\n", "no rows"),
        ("holder\nh1\n", "missing"),
        ("holder,amount,colour\nh1,1,red\n", "not a column"),
    ] {
        desk.write("asks.csv", file);
        let ran = unchanged(&desk, || {
            desk.run("withdrawal request --event E1 --from asks.csv --as bola")
        });
        assert!(
            ran.code == 1 && ran.stderr.contains(why),
            "{why}: {}",
            ran.stderr
        );
    }
    desk.refused(
        "withdrawal request --event E1 --from missing.csv --as bola",
        4,
        "file.unreadable",
    );
}

#[test]
fn each_currency_is_asked_for_in_what_its_banks_pay() {
    for (currency, total, unit, shares, refused) in [
        (
            "KWD",
            "100",
            "0.001",
            ["33.334", "33.333", "33.333"],
            "0.0005",
        ),
        ("JPY", "100", "1", ["34", "33", "33"], "0.5"),
        ("NGN", "100", "0.01", ["33.34", "33.33", "33.33"], "0.005"),
    ] {
        let desk = Desk::with_register();
        desk.ok(&format!(
            "project add P --name P --currency {currency} --as bola"
        ));
        for holder in ["h1", "h2", "h3"] {
            desk.ok(&format!(
                "token issue {holder} 1 --project P --date 2026-01-01 --as bola"
            ));
            if currency != "NGN" {
                desk.ok(&format!(
                    "holder account set {holder} --currency {currency} --bank-name B --account-number 777000{holder} --as bola"
                ));
            }
        }
        let created = desk.json(&format!(
            "event create E1 --project P --type exit --title T --amount {total} --date 2026-03-31 --as bola"
        ));
        assert_eq!(
            (&created["currency"], &created["unit"]),
            (&json!(currency), &json!(unit))
        );
        desk.ok("event calculate E1 --as bola");
        desk.ok("event approve E1 --as chi");
        let line =
            format!("withdrawal request --event E1 --holder h1 --amount {refused} --as bola");
        unchanged(&desk, || {
            desk.refused(&line, 1, "withdrawal.not_a_multiple")
        });
        let list = desk.json("withdrawal request --event E1 --all-holders --as bola");
        let asked: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["requested_amount"].as_str().unwrap())
            .collect();
        assert_eq!(asked, shares, "{currency}");
        desk.sound();
    }
}

#[test]
fn dust_below_what_a_bank_pays_is_carried_forward_and_cannot_be_asked_for() {
    let desk = Desk::with_register();
    desk.ok("event create E1 --project LAGOS --type exit --title T --amount 0.0299999 --unit 0.0000001 --date 2026-03-31 --as bola");
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    // 0.0299999 over three is 0.01 less a little each: nothing that a bank pays.
    assert_eq!(balance(&desk, "h1"), ["0.00", "0.00", "0.01"]);
    assert_eq!(balance(&desk, "h3"), ["0.00", "0.00", "0.00"]);
    let list = desk.json("withdrawal request --event E1 --all-holders --strict --as bola");
    let asked: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["holder"].as_str().unwrap(),
                row["requested_amount"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(asked, [("h1", "0.01"), ("h2", "0.01")]);
    unchanged(&desk, || {
        desk.refused(
            "withdrawal request --event E1 --holder h3 --all --as bola",
            1,
            "withdrawal.nothing_available",
        )
    });
    for number in 1..=2 {
        desk.ok(&format!("withdrawal approve W-00000{number} --as chi"));
        desk.ok(&format!(
            "withdrawal pay W-00000{number} --reference R{number} --date 2026-04-01 --yes --as bola"
        ));
    }
    let event = desk.json("event show E1");
    assert_eq!(
        (&event["status"], &event["total_available"]),
        (&json!("completed"), &json!("0.00"))
    );
    desk.sound();
}

#[test]
fn bank_details_that_are_given_must_fit_each_other() {
    let desk = Desk::with_event();
    let given = "withdrawal request --event E1 --holder h1 --amount 1 --bank-name UBA --bank-code 033 --as bola --account-number";
    let message = desk.refused(&format!("{given} 0123456785"), 1, "account.nuban");
    assert!(
        message.contains("NUBAN check of bank `033`") && !message.contains("0123456785"),
        "{message}"
    );
    desk.ok(&format!("{given} 2093318842"));
    desk.write(
        "asks.csv",
        "holder,amount,bank_name,bank_code,account_number\nh1,1,UBA,033,0123456785\nh2,1,UBA,,0123456785\nh3,1,Bank,,DE44500105175407324932\n",
    );
    let ran = unchanged(&desk, || {
        desk.run("withdrawal request --event E1 --from asks.csv --as bola")
    });
    assert_eq!(ran.code, 1);
    for place in [
        "asks.csv:2: account_number: ",
        "asks.csv:4: account_number: ",
    ] {
        assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
    }
    assert!(
        !ran.stderr.contains("asks.csv:3") && !ran.stderr.contains("0123456785"),
        "{}",
        ran.stderr
    );
    // The holder's country decides whether a bank's code is read as Nigerian.
    desk.ok("holder set h1 --country GH --as bola");
    desk.ok(&format!("{given} 0123456785"));
    desk.sound();
}

#[test]
fn a_file_of_requests_given_twice_asks_for_the_money_once() {
    let desk = Desk::new();
    desk.ok("project add LEKKI --name Lekki --as bola");
    for (holder, account) in [("a", "0123456101"), ("b", "0123456132")] {
        desk.ok(&format!(
            "holder add {holder} --name {holder} --bank-name GTBank --bank-code 058 --account-number {account} --as bola"
        ));
        desk.ok(&format!(
            "token issue {holder} 1 --project LEKKI --date 2026-01-01 --as bola"
        ));
    }
    desk.event_on("E1", "LEKKI", "1000", "2026-03-31");
    desk.write("half.csv", "holder,amount\na,250\nb,250\n");
    let request = "withdrawal request --event E1 --from half.csv --as bola";
    desk.ok(request);
    let again = desk.ok(request);
    assert!(
        again
            .stderr
            .contains("already requested: W-000001, W-000002\n"),
        "{}",
        again.stderr
    );
    unchanged(&desk, || desk.ok(request));
    let made = desk.json(request);
    assert_eq!(
        (made.as_array().unwrap().len(), &made[0]["code"]),
        (2, &json!("W-000001"))
    );
    assert_eq!(desk.json("event show E1")["total_pending"], "500.00");
    // While one of them counts, the file does not; the bytes decide, not the name.
    desk.ok("withdrawal reject W-1 --reason wrong --as chi");
    desk.ok("withdrawal approve W-2 --as chi");
    desk.write("copy.csv", "holder,amount\na,250\nb,250\n");
    let left = desk.json(&request.replace("half", "copy"));
    assert_eq!(
        (left.as_array().unwrap().len(), &left[0]["code"]),
        (1, &json!("W-000002"))
    );
    desk.ok("withdrawal cancel W-2 --as bola");
    let made = desk.json(request);
    assert_eq!(
        (&made[0]["code"], &made[1]["code"]),
        (&json!("W-000003"), &json!("W-000004"))
    );
    assert_eq!(desk.json(request)[1]["code"], "W-000004");
    assert_eq!(desk.json("event show E1")["total_pending"], "500.00");
    // Another event is another matter.
    desk.event_on("E2", "LEKKI", "1000", "2026-03-31");
    desk.ok(&request.replace("E1", "E2"));
    desk.sound();
}
