//! `prorata holder …`: who receives the money.

mod account;
mod import;

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

const ADD: &str = "holder add ada --name Ada --email ada@example.org --country NG --bank-name GTBank --bank-code 058 \
    --account-number 0123456785 --account-name Ada-Obi --as bola";

#[test]
fn a_holder_is_added_with_bank_details_and_shown_with_the_account_masked() {
    let desk = Desk::new();
    insta::assert_snapshot!("holder_add", desk.ok(ADD).snapshot());
    insta::assert_snapshot!("holder_show", desk.ok("holder show ADA").snapshot());
    desk.sound();
}

#[test]
fn the_list_of_holders_is_in_order_of_their_codes() {
    let desk = Desk::with_register();
    desk.ok(ADD);
    insta::assert_snapshot!("holder_list", desk.ok("holder list").snapshot());
    let codes: Vec<String> = desk
        .json("holder list")
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].to_string())
        .collect();
    assert_eq!(codes, ["\"ada\"", "\"h1\"", "\"h2\"", "\"h3\""]);
}

#[test]
fn the_json_of_a_holder_has_every_field() {
    let desk = Desk::new();
    desk.ok(ADD);
    let ada = desk.json("holder show ada");
    for (field, value) in [
        ("code", "ada"),
        ("name", "Ada"),
        ("email", "ada@example.org"),
        ("country", "NG"),
        ("status", "active"),
        ("bank_name", "GTBank"),
        ("bank_code", "058"),
        ("account_number", "******6785"),
        ("account_name", "Ada-Obi"),
    ] {
        assert_eq!(ada[field], value, "{field}");
    }
    assert_eq!(ada["id"].as_str().unwrap().len(), 36);
    assert_eq!(desk.json("holder list")[0], ada, "the list says the same");
    desk.ok("holder add bare --name Bare --as bola");
    let bare = desk.json("holder show bare");
    for field in [
        "email",
        "country",
        "bank_name",
        "bank_code",
        "account_number",
        "account_name",
    ] {
        assert!(
            bare.as_object().unwrap().contains_key(field) && bare[field].is_null(),
            "{field} is null"
        );
    }
}

#[test]
fn who_does_not_record_changes_no_holder() {
    let desk = Desk::with_register();
    desk.write("holders.csv", "code,name\nnew,New\n");
    for actor in ["chi", "dayo"] {
        for line in [
            "holder add x --name X",
            "holder set h1 --name X",
            "holder block h1 --reason R",
            "holder unblock h1 --reason R",
            "holder import holders.csv",
        ] {
            let message = desk.refused(&format!("{line} --as {actor}"), 1, "user.forbidden");
            assert!(
                message.ends_with("may not record anything; nothing was written"),
                "{message}"
            );
        }
    }
    assert_eq!(desk.json("holder list").as_array().unwrap().len(), 3);
}

#[test]
fn a_holder_code_is_given_once_whatever_its_case() {
    let desk = Desk::with_register();
    insta::assert_snapshot!(
        "holder_add_again",
        desk.run("holder add H1 --name Other --as bola").snapshot()
    );
    desk.refused("holder add h1 --name Other --as bola", 1, "holder.exists");
    assert_eq!(desk.json("holder show h1")["name"], "Name-h1");
}

#[test]
fn each_writing_command_of_holders_happens_once_with_one_key() {
    let desk = Desk::with_register();
    keyed(
        &desk,
        "k1",
        "holder add x --name X --as bola",
        "holder add x --name Y --as bola",
    );
    keyed(
        &desk,
        "k2",
        "holder set x --name X2 --as bola",
        "holder set x --name X3 --as bola",
    );
    keyed(
        &desk,
        "k3",
        "holder block x --reason court --as bola",
        "holder block x --reason other --as bola",
    );
    keyed(
        &desk,
        "k4",
        "holder unblock x --reason settled --as bola",
        "holder unblock x --reason other --as bola",
    );
    let message = desk.refused(
        "holder block x --reason court --key k1 --as bola",
        1,
        "key.conflict",
    );
    assert!(
        message.contains("was used before for `holder add`"),
        "{message}"
    );
    desk.sound();
}

#[test]
fn a_replay_answers_the_first_result_though_the_holder_changed_since() {
    let desk = Desk::with_register();
    let first = desk.json("holder set h1 --name First --key k1 --as bola");
    desk.ok("holder set h1 --name Second --as bola");
    assert_eq!(
        desk.json("holder set h1 --name First --key k1 --as bola"),
        first
    );
    assert_eq!(desk.json("holder show h1")["name"], "Second");
}

#[test]
fn the_key_of_one_user_is_not_a_key_for_another() {
    let desk = Desk::with_register();
    desk.ok("holder set h1 --name First --key k1 --as bola");
    desk.refused(
        "holder set h1 --name First --key k1 --as ada",
        1,
        "key.conflict",
    );
}

#[test]
fn a_dry_run_changes_no_holder() {
    let desk = Desk::with_register();
    dry(&desk, "holder add x --name X --as bola");
    dry(
        &desk,
        "holder set h1 --name X --account-number 9999999990 --as bola",
    );
    dry(&desk, "holder block h1 --reason court --as bola");
    desk.ok("holder block h2 --reason court --as bola");
    dry(&desk, "holder unblock h2 --reason settled --as bola");
    let holders = desk.json("holder list");
    assert_eq!(holders.as_array().unwrap().len(), 3);
    assert_eq!(
        (&holders[0]["name"], &holders[0]["status"]),
        (&"Name-h1".into(), &"active".into())
    );
    assert_eq!(holders[1]["status"], "blocked");
}

#[test]
fn a_dry_run_with_show_pii_keeps_the_file_and_the_mask() {
    let desk = Desk::with_register();
    let ran = dry(&desk, "holder set h1 --name X --show-pii --as bola");
    assert!(
        ran.stdout.contains("******6101") && !ran.stdout.contains("0123456101"),
        "{}",
        ran.stdout
    );
}

#[test]
fn setting_changes_what_is_given_and_leaves_the_rest() {
    let desk = Desk::with_register();
    insta::assert_snapshot!(
        "holder_set",
        desk.ok("holder set h1 --country GH --account-number 5555544442 --as bola")
            .snapshot()
    );
    let h1 = desk.json("holder show h1");
    assert_eq!(
        (&h1["name"], &h1["bank_name"]),
        (&"Name-h1".into(), &"GTBank".into())
    );
    assert_eq!(
        (&h1["country"], &h1["account_number"]),
        (&"GH".into(), &"******4442".into())
    );
    let entry = desk.json("audit log --type holder_changed");
    assert_eq!(
        entry[0]["changes_summary"]["bank_details"],
        serde_json::json!(["account_number"])
    );
    assert!(
        !entry.to_string().contains("5555544442"),
        "no account number is in the trail"
    );
    let again = desk.ok("holder set h1 --country GH --as bola");
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    desk.sound();
}

#[test]
fn a_blocked_holder_is_shown_with_the_reason_and_takes_no_request() {
    let desk = Desk::with_event();
    let blocked = desk.words(&[
        "holder",
        "block",
        "h1",
        "--reason",
        "court order 17",
        "--as",
        "bola",
    ]);
    insta::assert_snapshot!("holder_block", blocked.snapshot());
    assert_eq!(desk.json("holder show h1")["status"], "blocked");
    let message = desk.refused(
        "withdrawal request --event E1 --holder h1 --all --as bola",
        1,
        "holder.blocked",
    );
    assert!(message.contains("court order 17"), "{message}");
    let again = desk.ok("holder block h1 --reason other --as bola");
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    insta::assert_snapshot!(
        "holder_unblock",
        desk.ok("holder unblock h1 --reason settled --as bola")
            .snapshot()
    );
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    let entries = desk.json("audit log --type holder_blocked");
    assert_eq!(
        (&entries[0]["previous_status"], &entries[0]["new_status"]),
        (&"active".into(), &"blocked".into())
    );
    desk.sound();
}

#[test]
fn blocking_needs_a_reason_and_a_holder_that_is_there() {
    let desk = Desk::with_register();
    wrong_usage(&desk, "holder block h1 --as bola", "--reason <TEXT>");
    wrong_usage(&desk, "holder unblock h1 --as bola", "--reason <TEXT>");
    assert_eq!(
        desk.words(&["holder", "block", "h1", "--reason", "  ", "--as", "bola"])
            .code,
        2,
        "spaces are not a reason"
    );
    desk.refused("holder block h9 --reason R --as bola", 1, "holder.unknown");
    desk.refused(
        "holder unblock h9 --reason R --as bola",
        1,
        "holder.unknown",
    );
    desk.refused("holder set h9 --name N --as bola", 1, "holder.unknown");
    assert_eq!(desk.json("holder show h1")["status"], "active");
}

#[test]
fn a_past_day_shows_the_holders_as_they_were() {
    let mut desk = Desk::with_register();
    desk.at("2026-07-05T10:00:00.000000Z");
    desk.ok("holder set h1 --account-number 5555544442 --as bola");
    desk.ok("holder block h2 --reason court --as bola");
    desk.ok("holder add h4 --name Four --as bola");
    let past = desk.json("holder list --as-of 2026-06-30");
    assert_eq!(past.as_array().unwrap().len(), 3);
    assert_eq!(
        (&past[0]["account_number"], &past[1]["status"]),
        (&"******6101".into(), &"active".into())
    );
    assert_eq!(
        desk.json("holder list --as-of 2026-07-05"),
        desk.json("holder list")
    );
}

#[test]
fn a_wrong_account_number_is_refused_and_not_repeated() {
    let desk = Desk::with_register();
    for (line, mistyped) in [
        (
            "holder add x --name X --as bola --account-number 98765;43210",
            "98765",
        ),
        (
            "holder set h1 --as bola --account-number=98765/43210",
            "98765",
        ),
        (
            "holder set h1 --as bola --account-number 987 -f json",
            "987",
        ),
    ] {
        let ran = wrong_json_or_words(&desk, line);
        assert!(
            ran.contains("an account number has 4 to 34 letters and digits"),
            "{ran}"
        );
        assert!(ran.contains("--account-number"), "{ran}");
        assert!(!ran.contains(mistyped), "{ran}");
    }
}

fn wrong_json_or_words(desk: &Desk, line: &str) -> String {
    let ran = desk.run(line);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "`{line}`");
    ran.stderr
}

#[test]
fn an_account_number_must_fit_the_bank_and_the_whole_is_checked_whatever_part_changes() {
    let desk = Desk::with_register();
    let refused = |line: &str, code: &str| {
        let message = desk.refused(line, 1, code);
        assert!(
            !message.contains("0123456785") && !message.contains("DE44"),
            "{message}"
        );
        message
    };
    let message = refused(
        "holder add x --name X --bank-code 033 --account-number 0123456785 --as bola",
        "account.nuban",
    );
    let says = "the account number fails the NUBAN check of bank `033`: a digit is wrong, or it belongs to another bank";
    assert!(message.starts_with(says), "{message}");
    refused(
        "holder add x --name X --bank-code 058 --account-number 012345678 --as bola",
        "account.nuban",
    );
    refused(
        "holder add x --name X --country NG --account-number DE44500105175407324932 --as bola",
        "account.iban",
    );
    // Each part alone: the number, the bank's code, the country.
    refused(
        "holder set h1 --account-number 0123456102 --as bola",
        "account.nuban",
    );
    refused("holder set h1 --bank-code 033 --as bola", "account.nuban");
    desk.ok("holder set h1 --bank-code 033 --country GH --as bola");
    refused("holder set h1 --country Nigeria --as bola", "account.nuban");
    desk.ok("holder set h1 --country Nigeria --bank-code 058 --as bola");
    // No code, no check.
    desk.ok("holder add y --name Y --bank-name UBA --account-number 0123456102 --as bola");
    refused("holder set y --bank-code 033 --as bola", "account.nuban");
    desk.ok(
        "holder add z --name Z --bank-name Bank --account-number DE44500105175407324931 --as bola",
    );
    assert_eq!(
        desk.json("holder list").as_array().unwrap().len(),
        5,
        "what was refused was not added"
    );
    desk.sound();
}

#[test]
fn what_was_recorded_before_there_were_checks_can_still_be_read_and_used() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 1 --as bola");
    desk.tamper("UPDATE holder_accounts SET account_number = '0123456102' WHERE number = (SELECT number FROM lp_token_holders WHERE code = 'h1')");
    desk.tamper("UPDATE withdrawal_requests SET account_number = '0123456102'");
    desk.ok("holder set h1 --name Renamed --bank-name GTB --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 1 --as bola");
    assert_eq!(desk.json("withdrawal list").as_array().unwrap().len(), 2);
    desk.refused(
        "holder set h1 --account-number 0123456103 --as bola",
        1,
        "account.nuban",
    );
}
