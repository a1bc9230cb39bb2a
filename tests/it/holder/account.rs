//! `prorata holder account …`, and who may approve what is paid to an account.

use serde_json::json;

use crate::{
    event::once::unchanged,
    global::habits::{dry, keyed},
    support::Desk,
};

/// As [`Desk::with_event`], with a second admin and a second approver.
fn desk() -> Desk {
    let desk = Desk::with_event();
    desk.ok("user add efe --role admin --as ada");
    desk.ok("user add femi --role approver --as ada");
    for (user, by) in [("chi", "efe"), ("efe", "chi"), ("femi", "chi")] {
        desk.ok(&format!("user acknowledge {user} --as {by}"));
    }
    desk
}

#[test]
fn nobody_who_had_a_hand_in_an_account_approves_a_payment_to_it() {
    let desk = desk();
    // One sets the number, another corrects the bank's name, a third one requests.
    desk.ok("holder set h1 --bank-code 058 --account-number 0123456132 --as ada");
    desk.ok("holder set h1 --bank-name Guaranty --as efe");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    let approve = "withdrawal approve W-1 --as ada";
    let message = desk.refused(approve, 1, "withdrawal.same_bank_changer");
    assert_eq!(
        message,
        "`ada` set or changed the bank details of W-000001 and may not approve it (four eyes); nothing was written"
    );
    let ran = desk.run(approve);
    assert!(
        ran.stderr.contains("hint: approvers: chi, femi\n"),
        "{}",
        ran.stderr
    );
    desk.refused(
        "withdrawal approve W-1 --as efe",
        1,
        "withdrawal.same_bank_changer",
    );
    // However often it was paid.
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-06-30 --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 1 --as bola");
    desk.refused(
        "withdrawal approve W-2 --as ada",
        1,
        "withdrawal.same_bank_changer",
    );
    let account = &desk.json("holder account list h1")[0];
    assert_eq!(
        (&account["hands"], &account["bank_changed_by"]),
        (&json!(["bola", "ada", "efe"]), &json!("efe"))
    );
    assert_eq!(desk.json("holder show h1")["bank_changed_by"], "efe");
    desk.sound();
}

#[test]
fn an_account_that_everybody_touched_is_removed_and_set_again_by_one() {
    let desk = desk();
    for user in ["chi", "femi"] {
        desk.ok(&format!("user set {user} --status inactive --as ada"));
    }
    desk.ok("holder set h1 --account-name A --as ada");
    desk.ok("holder set h1 --account-name B --as efe");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    let ran = desk.run("withdrawal approve W-1 --as ada");
    for part in [
        "nobody may: every user who reviews had a hand in it",
        "`prorata holder account remove h1`",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let warned = desk.ok("holder account remove h1 --as bola").stderr;
    assert!(
        warned.contains("open withdrawals keep the account that they were requested to: W-000001"),
        "{warned}"
    );
    assert_eq!(desk.json("holder account list h1"), json!([]));
    desk.refused(
        "withdrawal request --event E1 --holder h1 --amount 1 --as bola",
        1,
        "holder.no_bank_details",
    );
    let set = "holder account set h1 --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola";
    desk.ok(set);
    unchanged(&desk, || desk.ok(set));
    assert_eq!(
        desk.json("holder account list h1")[0]["hands"],
        json!(["bola"])
    );
    desk.ok("withdrawal cancel W-1 --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("withdrawal approve W-2 --as ada");
    desk.sound();
}

#[test]
fn an_approver_sees_a_new_account_an_unblocked_holder_and_a_shared_account() {
    let mut desk = desk();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    let marks = |desk: &Desk, code: &str| {
        desk.json(&format!("withdrawal show {code}"))["payee_marks"].clone()
    };
    assert_eq!(
        marks(&desk, "W-1"),
        "first payment to this account, set 2026-06-30 by bola"
    );
    desk.ok("holder block h1 --reason court-order --as bola");
    desk.ok("holder unblock h1 --reason lifted --as ada");
    let warned = desk
        .ok("holder account set h2 --account-number 0123456101 --as bola")
        .stderr;
    assert!(
        warned.contains("the account of h2 is also that of h1"),
        "{warned}"
    );
    assert_eq!(
        marks(&desk, "W-1"),
        "first payment to this account, set 2026-06-30 by bola; unblocked 2026-06-30 by ada: lifted; same account as h2"
    );
    desk.refused(
        "withdrawal approve W-1 --as ada",
        1,
        "withdrawal.same_unblocker",
    );
    let shown = desk.json("withdrawal approve W-1 --dry-run --as chi");
    assert!(
        shown[0]["payee_marks"]
            .as_str()
            .unwrap()
            .contains("unblocked 2026-06-30 by ada")
    );
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-06-30 --as bola");
    assert_eq!(marks(&desk, "W-1"), json!(null), "it is paid");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 5 --as bola");
    desk.ok("holder account set h2 --account-number 0123456132 --as bola");
    desk.at("2026-09-28T09:00:00.000000Z");
    assert_eq!(
        desk.json("withdrawal list --status pending")[0]["payee_marks"],
        json!(null),
        "paid before, unblocked 90 days ago, and its own"
    );
    desk.ok("withdrawal request --event E1 --holder h3 --amount 5 --bank-name UBA --account-number 3000000001 --as bola");
    assert_eq!(
        marks(&desk, "W-3"),
        "first payment to this account, given with the request"
    );
    let warned = desk
        .ok("holder set h1 --account-number 0123456163 --as bola")
        .stderr;
    assert!(warned.contains("requested to: W-000002;"), "{warned}");
    assert_eq!(
        marks(&desk, "W-2"),
        "the holder has another account since 2026-09-28, set by bola"
    );
    desk.ok("withdrawal approve W-2 --as ada");
    desk.sound();
}

#[test]
fn an_import_names_the_withdrawals_that_keep_the_old_account() {
    let desk = desk();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.write(
        "holders.csv",
        "code,name,bank_name,bank_code,account_number\nh1,Name-h1,GTBank,058,0123456132\nh9,Nine,GTBank,058,0123456163\n",
    );
    let warned = desk
        .ok("holder import holders.csv --update --as bola")
        .stderr;
    assert!(warned.contains("requested to: W-000001;"), "{warned}");
    assert!(
        warned.contains("2 holders of the file have the account number of another holder: h1, h9"),
        "{warned}"
    );
    desk.sound();
}

#[test]
fn accounts_are_set_and_removed_once_by_who_records() {
    let desk = desk();
    let set = "holder account set h1 --bank-name Zenith --as bola";
    dry(&desk, set);
    keyed(
        &desk,
        "k1",
        set,
        "holder account set h1 --bank-name UBA --as bola",
    );
    dry(&desk, "holder account remove h1 --as bola");
    keyed(
        &desk,
        "k2",
        "holder account remove h1 --as bola",
        "holder account remove h2 --as bola",
    );
    desk.refused(
        "holder account remove h1 --as bola",
        1,
        "holder.no_bank_details",
    );
    desk.refused(
        "holder account set h2 --bank-name X --as chi",
        1,
        "user.forbidden",
    );
    desk.refused("holder account remove h2 --as chi", 1, "user.forbidden");
    desk.refused(
        "holder account set h2 --account-number 0123456102 --as bola",
        1,
        "account.nuban",
    );
    desk.sound();
}

#[test]
fn dollars_are_not_paid_to_a_naira_account() {
    let desk = desk();
    desk.ok("project add DOLLAR --name Dollar --currency USD --as bola");
    for holder in ["h1", "h2"] {
        desk.ok(&format!(
            "token issue {holder} 1 --project DOLLAR --date 2026-01-01 --as bola"
        ));
    }
    desk.event_on("D1", "DOLLAR", "100", "2026-03-31");
    let request = "withdrawal request --event D1 --holder h1 --amount 10 --as bola";
    let message = desk.refused(request, 1, "holder.no_account_in_currency");
    assert_eq!(
        message,
        "holder `h1` has no account in USD; nothing was written"
    );
    desk.refused(
        &format!("{request} --bank-name GTBank --bank-code 058 --account-number 0123456132"),
        1,
        "holder.no_account_in_currency",
    );
    desk.ok(
        "holder account set h1 --currency USD --bank-name Citi --account-number 55500056 --as bola",
    );
    let accounts = desk.json("holder account list h1");
    let currencies: Vec<&serde_json::Value> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|account| &account["currency"])
        .collect();
    assert_eq!(currencies, ["NGN", "USD"]);
    assert_eq!(desk.json("holder show h1")["account_currency"], "NGN");
    let all = desk.run("withdrawal request --event D1 --all-holders --as bola");
    assert!(
        all.stderr
            .contains("left out: holder `h2` has no account in USD"),
        "{}",
        all.stderr
    );
    let made = desk.json("withdrawal list --event D1");
    assert_eq!(
        (made.as_array().unwrap().len(), &made[0]["bank_name"]),
        (1, &json!("Citi"))
    );
    // Naira still goes to the naira account.
    let made = desk.json("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    assert_eq!(made[0]["bank_name"], "GTBank");
    desk.refused(
        "holder account remove h1 --as bola",
        1,
        "holder.several_accounts",
    );
    desk.refused(
        "holder account remove h1 --currency EUR --as bola",
        1,
        "holder.no_account_in_currency",
    );
    desk.ok("holder account remove h1 --currency USD --as bola");
    desk.ok(
        "holder set h2 --account-currency USD --bank-name Citi --account-number 55500057 --as bola",
    );
    assert_eq!(
        desk.json("holder account list h2")
            .as_array()
            .unwrap()
            .len(),
        2
    );
    desk.write(
        "holders.csv",
        "code,name,bank_name,account_number,account_currency\nh9,Nine,Citi,55500058,USD\n",
    );
    desk.ok("holder import holders.csv --as bola");
    assert_eq!(desk.json("holder show h9")["account_currency"], "USD");
    desk.sound();
}
