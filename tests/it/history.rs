//! `prorata history import`: the past as it was, approved by a second person.

use serde_json::{Value, json};

use crate::{
    event::once::{Once, unchanged},
    export::books::STRICT,
    support::{Desk, has_program},
};

/// Two events of the past: OLD was paid in part, OPEN is an opening balance.
pub(crate) const FILE: &str =
    "event,title,type,date,record_date,holder,tokens,gross,tax,paid,reference,value_date
OLD,Before us,dividend,2025-12-31,2025-12-30,h1,10,100.00,10,90,TRX-1,2026-01-05
OLD,Before us,dividend,2025-12-31,2025-12-30,h2,5,50.00,5,20,TRX-1,2026-01-06
OPEN,Opening balances,other,2026-01-31,2026-01-31,h3,5,40.00,,,,
";

const IMPORT: &str = "history import history.csv --project LAGOS --as bola";
const APPROVE: &str = "proposal approve Q-000001 --as chi";

fn desk() -> Desk {
    let desk = Desk::with_register();
    desk.write("history.csv", FILE);
    desk
}

fn imported() -> Desk {
    let mut desk = desk();
    desk.ok(IMPORT);
    desk.at("2026-06-30T10:00:00.000000Z");
    desk.ok(APPROVE);
    desk
}

/// Runs a command whose file has bad lines; returns what is said of them.
#[track_caller]
fn bad_lines(desk: &Desk, line: &str) -> String {
    desk.refused(line, 1, "file.bad_lines");
    desk.run(line).stderr
}

fn find<'v>(rows: &'v Value, field: &str, value: &str) -> &'v Value {
    let mut rows = rows.as_array().unwrap().iter();
    rows.find(|row| row[field] == value).unwrap()
}

#[test]
fn nothing_counts_until_a_second_person_approves() {
    let mut desk = desk();
    let once = Once::done(&desk, IMPORT);
    let proposal = once.json();
    assert_eq!(
        (&proposal["kind"], &proposal["subject"], &proposal["amount"]),
        (&json!("history_import"), &json!("LAGOS"), &json!("190.00"))
    );
    let old = find(&proposal["events"], "event", "OLD");
    assert_eq!(
        (
            &old["gross_amount"],
            &old["tax_amount"],
            &old["paid_amount"],
            &old["available_amount"],
            &old["holders"]
        ),
        (
            &json!("150.00"),
            &json!("15.00"),
            &json!("110.00"),
            &json!("25.00"),
            &json!(2)
        )
    );
    let h3 = find(&proposal["holders"], "holder", "h3");
    assert_eq!(h3["available_amount"], "40.00");
    assert_eq!(desk.json("event list"), json!([]));
    assert_eq!(desk.json("report balances"), json!([]));
    assert_eq!(desk.json("payment list"), json!([]));
    assert_eq!(desk.json("proposal show Q-1")["events"], proposal["events"]);
    unchanged(&desk, || {
        desk.refused("proposal approve Q-1 --as bola", 1, "user.forbidden");
    });
    desk.sound();
    desk.at("2026-06-30T10:00:00.000000Z");
    let approved = Once::done(&desk, APPROVE);
    let row = &approved.json()[0];
    assert_eq!(row["status"], "approved");
    let said = row["detail"].as_str().unwrap();
    for words in [
        "OLD (gross 150.00, tax 15.00, paid 110.00, available 25.00)",
        "h3 (gross 40.00, tax 0.00, paid 0.00, available 40.00)",
    ] {
        assert!(said.contains(words), "{said}");
    }
    once.repeats(&desk);
    let old = desk.json("event show OLD");
    assert_eq!(
        (&old["imported"], &old["status"], &old["import_proposal"]),
        (&json!(true), &json!("active"), &json!("Q-000001"))
    );
    assert_eq!(
        (&old["distribution_date"], &old["total_available"]),
        (&json!("2025-12-31"), &json!("25.00"))
    );
    assert_eq!(
        find(&desk.json("event list"), "code", "OPEN")["imported"],
        true
    );
    let log = desk.ok("audit log --event OLD -f csv").stdout;
    assert!(log.contains("history_imported"), "{log}");
    desk.sound();
}

#[test]
fn a_rejected_import_leaves_nothing_and_can_be_proposed_again() {
    let mut desk = desk();
    desk.ok(IMPORT);
    let again = bad_lines(&desk, IMPORT);
    assert!(again.contains("Q-000001"), "{again}");
    let rejected = desk.ok("proposal reject Q-1 --reason typo --as chi -f json");
    assert!(
        rejected.stdout.contains("OLD (gross 150.00"),
        "{}",
        rejected.stdout
    );
    assert_eq!(desk.json("event list"), json!([]));
    desk.sound();
    desk.at("2026-06-30T10:00:00.000000Z");
    desk.ok(IMPORT);
    desk.ok("proposal approve Q-2 --as chi");
    let twice = bad_lines(&desk, IMPORT);
    assert!(twice.contains("event `OLD` already exists"), "{twice}");
    desk.sound();
}

#[test]
fn an_admin_does_not_approve_the_own_import_but_with_four_eyes_off() {
    let desk = desk();
    desk.ok("history import history.csv --project LAGOS --as ada");
    unchanged(&desk, || {
        desk.refused("proposal approve Q-1 --as ada", 1, "proposal.same_actor");
    });
    let alone = Desk::empty();
    alone.ok("init --user ada --name Ada --four-eyes off");
    alone.ok("project add LAGOS --name Lagos --as ada");
    for holder in ["h1", "h2", "h3"] {
        alone.ok(&format!("holder add {holder} --name {holder} --as ada"));
    }
    alone.write("history.csv", FILE);
    alone.ok("history import history.csv --project LAGOS --as ada");
    assert_eq!(alone.json("event list"), json!([]));
    alone.ok("proposal approve Q-1 --as ada");
    assert_eq!(alone.json("event show OLD")["imported"], true);
    alone.sound();
}

#[test]
fn every_wrong_line_is_named_and_nothing_is_written() {
    let desk = desk();
    let head = FILE.lines().next().unwrap();
    let rows = [
        (
            "E1,T,rent,2025-12-31,2025-12-30,h1,1,10,0,0,,",
            "type: `rent`",
        ),
        ("E1,T,exit,2025-12-31,2025-12-30,h9,1,10,0,0,,", "holder"),
        ("E1,T,exit,2025-12-31,2025-12-30,h1,0,10,0,0,,", "tokens"),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10.001,0,0,,",
            "gross: 10.001",
        ),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10,11,0,,",
            "tax: 11.00 is above",
        ),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10,1,9.01,R,2026-01-01",
            "paid: 9.01 is above",
        ),
        (
            "E1,T,exit,2025-12-31,2026-01-01,h1,1,10,0,0,,",
            "record_date: 2026-01-01 is after",
        ),
        (
            "E1,T,exit,2026-07-01,2025-12-30,h1,1,10,0,0,,",
            "date: 2026-07-01 is in the future",
        ),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10,0,9,R,2025-12-30",
            "value_date: 2025-12-30 is before",
        ),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10,0,9,R,2026-07-01",
            "value_date: 2026-07-01 is in the future",
        ),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10,0,9,,2026-01-01",
            "reference: a payment needs",
        ),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,10,0,0,R,",
            "reference: nothing was paid",
        ),
        ("E1,T,exit,2025-12-31,2025-12-30,h1,1,-10,0,0,,", "gross"),
        (
            "E1,T,exit,2025-12-31,2025-12-30,h1,1,0,0,0,,",
            "gross: the event `E1` has no money",
        ),
        ("W-1,T,exit,2025-12-31,2025-12-30,h1,1,10,0,0,,", "event"),
        (
            "E1,T,exit,2025-12-31,2025-12-30,,1,10,0,0,,",
            "names no holder",
        ),
    ];
    for (row, words) in rows {
        desk.write("bad.csv", &format!("{head}\n{row}\n"));
        let said = unchanged(&desk, || {
            bad_lines(&desk, "history import bad.csv --project LAGOS --as bola")
        });
        assert!(
            said.contains(words) && said.contains("bad.csv:2"),
            "{row}: {said}"
        );
    }
    desk.write(
        "bad.csv",
        &format!(
            "{head}\nE1,T,exit,2025-12-31,2025-12-30,h1,1,10,0,0,,\nE1,U,exit,2025-12-31,2025-12-30,h1,1,10,0,0,,\nE1,T,exit,2025-12-31,2025-12-30,h8,1,10,0,0,,\n"
        ),
    );
    let said = bad_lines(&desk, "history import bad.csv --project LAGOS --as bola");
    for words in [
        "title: `U`, but line 2 of this event says `T`",
        "holder: `h1` is already on line 2 of the event `E1`",
        "bad.csv:4",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    desk.refused(
        "history import history.csv --project LAGOS --as chi",
        1,
        "user.forbidden",
    );
    desk.refused(
        "history import history.csv --project NO --as bola",
        1,
        "project.unknown",
    );
    assert_eq!(desk.json("proposal list"), json!([]));
    desk.sound();
}

#[test]
fn other_headings_delimiters_and_number_forms_are_read() {
    let desk = desk();
    desk.write(
        "other.csv",
        "Opening balances of the fund\nEvent;Title;Type;Date;Record date;Investor;Units;Gross;WHT;Paid;Reference;Value date\nOPEN;Opening;other;2026-01-31;2026-01-31;h3;5;1.040,50;0;;;\n",
    );
    desk.done(&[
        "history", "import", "other.csv", "--project", "LAGOS", "--columns",
        "event=Event,title=Title,type=Type,date=Date,record_date=Record date,holder=Investor,tokens=Units,gross=Gross,tax=WHT,paid=Paid,reference=Reference,value_date=Value date",
        "--decimal-mark", ",", "--thousands", ".", "--as", "bola",
    ]);
    assert_eq!(desk.json("proposal show Q-1")["amount"], "1040.50");
}

#[test]
fn what_was_not_paid_is_requested_and_paid_like_any_other_money() {
    let mut desk = imported();
    let allocations = desk.json("event allocations OLD");
    let h1 = find(&allocations, "holder", "h1");
    assert_eq!(
        (&h1["status"], &h1["withdrawn_amount"], &h1["tax_amount"]),
        (&json!("fully_withdrawn"), &json!("90.00"), &json!("10.00"))
    );
    desk.refused(
        "withdrawal request --event OLD --holder h1 --all --as bola",
        1,
        "withdrawal.nothing_available",
    );
    desk.ok("withdrawal request --event OLD --all-holders --as bola");
    desk.ok("withdrawal request --event OPEN --holder h3 --all --as bola");
    desk.ok("withdrawal approve W-3 W-4 --yes --as chi");
    desk.at("2026-07-01T10:00:00.000000Z");
    // The reference of an imported payment does not keep a new one from having it.
    desk.ok("withdrawal pay W-3 --reference TRX-1 --date 2026-07-01 --yes --as bola");
    desk.refused(
        "withdrawal pay W-4 --reference TRX-1 --date 2026-07-01 --yes --as bola",
        1,
        "payment.reference_used",
    );
    assert_eq!(desk.json("event show OLD")["status"], "completed");
    assert_eq!(desk.json("event show OPEN")["status"], "active");
    desk.refused(
        "event cancel OLD --reason wrong --yes --as bola",
        1,
        "event.wrong_state",
    );
    desk.sound();
}

#[test]
fn imported_payments_take_no_part_on_the_bank() {
    let mut desk = imported();
    desk.ok(crate::support::ADD_ACCOUNT);
    let payments = desk.json("payment list");
    assert_eq!(payments.as_array().unwrap().len(), 2);
    assert_eq!(
        (
            &payments[0]["imported"],
            &payments[0]["means"],
            &payments[0]["payment_date"]
        ),
        (&json!(true), &json!("imported"), &json!("2026-01-05"))
    );
    for line in [
        "payment return P-1 --date 2026-06-01 --reason closed --as chi",
        "payment correct P-1 --reference TRX-9 --reason typo --as chi",
        "payment settle P-1 --reason lost --as chi",
    ] {
        unchanged(&desk, || desk.refused(line, 1, "payment.imported"));
    }
    desk.refused(
        "payment file create W-1 --account OPS --profile generic --as bola",
        1,
        "withdrawal.wrong_state",
    );
    desk.statement(
        "june.csv",
        100_000,
        &[("2026-01-05", "TRX-1", -9000, "TRF TRX-1")],
    );
    desk.ok("bank import OPS june.csv --profile zenith --as bola");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    let line = desk.line("L-000001");
    assert_eq!(line["class"], "on_bank_not_in_ledger", "{line}");
    desk.refused("bank match L-1 P-1 --as bola", 1, "payment.imported");
    let report = desk.json("report reconciliation --account OPS");
    assert!(!report.to_string().contains("P-00000"), "{report}");
    desk.at("2026-07-01T10:00:00.000000Z");
    desk.sound();
}

#[test]
fn reports_show_the_past_with_its_own_dates() {
    let mut desk = imported();
    let portfolio = desk.json("report portfolio --holder h1");
    assert_eq!(portfolio["events"][0]["event"], "OLD");
    assert_eq!(portfolio["payments"][0]["payment_date"], "2026-01-05");
    let history = desk.json("report history --from 2025-12-01 --to 2025-12-31");
    assert_eq!(history[0]["code"], "OLD");
    assert_eq!(history.as_array().unwrap().len(), 1);
    let year = desk.json("report tax-year 2025");
    assert_eq!(year.as_array().unwrap().len(), 2);
    assert_eq!(
        (
            &year[0]["tax_amount"],
            &year[0]["tax_date"],
            &year[0]["imported"],
            &year[0]["remittance"]
        ),
        (
            &json!("10.00"),
            &json!("2025-12-31"),
            &json!(true),
            &json!(null)
        )
    );
    assert_eq!(
        desk.json("report tax-year 2026").as_array().unwrap().len(),
        1
    );
    assert_eq!(desk.json("tax due"), json!([]), "the past owes no tax here");
    let analytics = desk.json("report analytics");
    assert!(analytics.to_string().contains("2025-Q4"), "{analytics}");
    let explained = desk.json("event explain OLD h2");
    assert_eq!(
        (
            &explained["imported"],
            &explained["exact_share"],
            &explained["tax_amount"]
        ),
        (&json!(true), &json!(null), &json!("5.00"))
    );
    // What was known the day before stays as it was.
    desk.at("2026-07-01T10:00:00.000000Z");
    assert_eq!(desk.json("report balances --as-of 2026-06-29"), json!([]));
    assert_eq!(desk.json("event list --as-of 2026-06-29"), json!([]));
    desk.refused("event calculate OLD --as bola", 1, "event.wrong_state");
    desk.ok("report dashboard -o page.html");
    desk.sound();
}

#[test]
fn an_import_of_the_register_can_be_undone_and_hands_count_as_before() {
    let mut desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos --as bola");
    desk.write("cap.csv", "holder,tokens\nh1,10\nh2,5\nh3,5\n");
    desk.ok("token import cap.csv --project LAGOS --date 2025-01-01 --create-holders --as ada");
    desk.write("history.csv", FILE);
    desk.ok(IMPORT);
    desk.at("2026-06-30T10:00:00.000000Z");
    desk.ok(APPROVE);
    desk.ok("event create E1 --project LAGOS --type exit --title T --amount 10 --date 2026-03-31 --as bola");
    desk.ok("event calculate E1 --as bola");
    // Nobody approved the history against the register.
    desk.refused("event approve E1 --as ada", 1, "event.same_register_actor");
    desk.ok("event cancel E1 --reason typo --yes --as bola");
    desk.ok("token undo I-1 --as bola");
    assert_eq!(desk.json("event show OLD")["status"], "active");
    desk.sound();
}

#[test]
fn the_books_are_even_and_nothing_of_the_past_is_on_a_bank() {
    let desk = imported();
    let journal = desk.ok("export hledger").stdout;
    for words in [
        "equity:opening balances",
        "paid to h1 before this ledger",
        "2026-06-30=2025-12-31",
    ] {
        assert!(journal.contains(words), "{words}: {journal}");
    }
    assert!(!journal.contains("  assets:"), "{journal}");
    if has_program("hledger") {
        crate::export::books::holds(&desk, &STRICT, &journal);
    }
    desk.ok("export beancount");
}

#[test]
fn a_changed_row_is_found() {
    for sql in [
        "UPDATE history_rows SET tax_amount = '4.0000000' WHERE number = 2",
        "UPDATE distribution_events SET title = 'Other' WHERE code = 'OLD'",
        "UPDATE distribution_payments SET payment_date = '2026-01-07' WHERE number = 1",
    ] {
        let desk = imported();
        desk.tamper(sql);
        assert_eq!(desk.run("check").code, 3, "{sql}");
        let verified = desk.run("audit verify");
        assert_eq!(verified.code, 3, "{sql}");
        let found = desk.run("check -f json").stdout;
        assert!(found.contains("Q-000001"), "{sql}: {found}");
    }
}

/// Reads days, kinds and balances of the movements of a statement.
fn movements(statement: &Value) -> Vec<String> {
    let rows = statement["movements"].as_array().unwrap().iter();
    rows.map(|row| {
        let field = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        let fields = ["date", "movement", "amount", "balance", "recorded_on"];
        fields.map(field).join(" ")
    })
    .collect()
}

#[test]
fn a_statement_by_value_date_has_the_own_days_and_says_what_was_known() {
    let mut desk = imported();
    desk.at("2026-07-03T10:00:00.000000Z");
    let by_value = "report statement h1 --by value --from 2025-12-01 --to 2025-12-31";
    let december = desk.json(by_value);
    assert_eq!(
        movements(&december),
        ["2025-12-31 allocated 90.00 90.00 2026-06-30"]
    );
    assert_eq!(
        (
            &december["by"],
            &december["known_on"],
            &december["balances"][0]["closing_balance"]
        ),
        (&json!("value"), &json!("2026-06-30"), &json!("90.00"))
    );
    let entry = december["known_entry"].as_i64().unwrap();
    let january = desk.json("report statement h1 --by value --from 2026-01-01 --to 2026-01-31");
    assert_eq!(january["balances"][0]["opening_balance"], "90.00");
    assert_eq!(
        movements(&january),
        ["2026-01-05 paid -90.00 0.00 2026-06-30"]
    );
    let recorded = desk.json("report statement h1 --from 2026-06-01 --to 2026-06-30");
    assert_eq!(
        movements(&recorded),
        [
            "2026-06-30 allocated 90.00 90.00 2026-06-30",
            "2026-06-30 paid -90.00 0.00 2026-06-30"
        ]
    );
    assert_eq!(recorded["movements"][0]["value_date"], "2025-12-31");
    assert_eq!(recorded["by"], "recorded");
    // What is recorded later changes a period that is over, but not what was known before.
    let printed = desk.ok(by_value).stdout;
    let head = [
        "known on           2026-06-30",
        &format!("up to audit entry  {entry}"),
    ]
    .map(str::to_owned);
    assert!(
        head.iter().all(|words| printed.contains(words)),
        "{printed}"
    );
    desk.write(
        "more.csv",
        &format!(
            "{}\nOLDER,Before,exit,2025-12-15,2025-12-15,h1,10,7,0,0,,\n",
            FILE.lines().next().unwrap()
        ),
    );
    desk.ok("history import more.csv --project LAGOS --as bola");
    desk.at("2026-07-04T10:00:00.000000Z");
    desk.ok("proposal approve Q-2 --as chi");
    assert_eq!(
        desk.ok(&format!("{by_value} --known-on {entry}")).stdout,
        printed
    );
    assert_eq!(
        movements(&desk.json(&format!("{by_value} --known-on 2026-07-03"))),
        movements(&december)
    );
    assert_eq!(
        movements(&desk.json(by_value)),
        [
            "2025-12-15 allocated 7.00 7.00 2026-07-04",
            "2025-12-31 allocated 90.00 97.00 2026-06-30"
        ]
    );
    for line in [
        "report statement h1 --known-on 2026-06-30",
        "report statement h1 --by value --as-of 2026-06-30",
        "report statement h1 --by value --known-on 99999",
        "report statement h1 --by value --to 2026-07-02 --known-on 2026-07-01",
        "report statement h1 --by value --known-on 2026-07-04",
    ] {
        assert_eq!(desk.run(line).code, 2, "{line}");
    }
}
