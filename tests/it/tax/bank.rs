//! Remittances on the bank: proposed by a run, confirmed by a second person, matched by hand, taken
//! back, and never forgotten while no line shows them.

use serde_json::{Value, json};

use crate::{
    event::once::{Once, unchanged},
    support::{ADD_ACCOUNT, Desk},
    tax::taxed,
};

const RRR: &str = "RRR-3100084572";
/// The debit of T-1.
const DEBIT: (&str, &str, i64, &str) = (
    "2026-06-30",
    "B1",
    -666,
    "WHT REMITTANCE NRS 2026-06/RRR-3100084572",
);

/// LAGOS owes NRS 6.66 and SIRS-LA 3.33 for June.
fn owed(desk: &Desk) {
    taxed(desk);
    desk.ok("event create E1 --project LAGOS --type dividend --title Q2 --amount 100 --date 2026-06-30 --as bola");
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
}

fn remit(authority: &str, reference: &str, user: &str) -> String {
    format!(
        "tax remit --authority {authority} --period 2026-06 --reference {reference} --date 2026-06-30 --as {user}"
    )
}

/// T-1, which bola recorded, and the account OPS of LAGOS.
fn remitted() -> Desk {
    let desk = Desk::with_register();
    desk.ok("user add eve --role operator --as ada");
    owed(&desk);
    desk.ok(&remit("NRS", RRR, "bola"));
    desk.ok(ADD_ACCOUNT);
    desk
}

/// A run over OPS that leaves so much to settle.
#[track_caller]
fn reconciled(desk: &Desk, left: u64) -> Value {
    let ran = desk.run("bank reconcile OPS --as eve -f json");
    assert_eq!(ran.code, if left == 0 { 0 } else { 3 }, "{}", ran.stderr);
    let run: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(run["left"], left, "{run}");
    run
}

/// The class of T-1 and of each line that is named, as the report has them: what is left, and the
/// count of a class.
fn items(desk: &Desk, more: &str) -> Vec<(String, String)> {
    let report = desk.json(&format!("report reconciliation {more}"));
    let items = report["items"].as_array().unwrap().iter();
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items
        .map(|item| (text(item, "code"), text(item, "class")))
        .collect()
}

fn left(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(code, class)| ((*code).to_owned(), (*class).to_owned()))
        .collect()
}

fn shown(desk: &Desk, remittance: &str) -> [Value; 2] {
    let shown = desk.json(&format!("tax remittance show {remittance}"));
    [shown["status"].clone(), shown["bank_line"].clone()]
}

#[test]
fn a_remittance_that_no_line_shows_is_left_to_settle() {
    let desk = remitted();
    let run = reconciled(&desk, 1);
    assert_eq!(
        run["classes"],
        json!([{
            "class": "paid_not_on_bank", "currency": "NGN", "lines": 0, "lines_total": "0.00", "payments": 0,
            "payments_total": "0.00", "remittances": 1, "remittances_total": "6.66"
        }])
    );
    assert_eq!(items(&desk, ""), left(&[("T-000001", "paid_not_on_bank")]));
    let report = desk.json("report reconciliation");
    assert_eq!(report["paid_not_on_bank"][0]["remittances_total"], "6.66");
    assert_eq!(report["items"][0]["amount"], "-6.66");
    assert_eq!(report["items"][0]["description"], "NRS 2026-06");
}

#[test]
fn a_run_proposes_a_remittance_and_a_second_person_confirms_it() {
    let desk = remitted();
    desk.imported("june.csv", &[DEBIT]);
    let run = reconciled(&desk, 2);
    assert_eq!([&run["matched"], &run["proposed"]], [&json!(0), &json!(1)]);
    let line = desk.line("L-000001");
    assert_eq!(
        [
            &line["class"],
            &line["remittances"],
            &line["payments"],
            &line["match_tier"]
        ],
        [
            &json!("proposed"),
            &json!(["T-000001"]),
            &json!([]),
            &json!("1")
        ]
    );
    assert_eq!(shown(&desk, "T-1"), [json!("recorded"), json!(null)]);
    let proposed = [("L-000001", "proposed"), ("T-000001", "proposed")];
    assert_eq!(items(&desk, ""), left(&proposed));
    assert_eq!(items(&desk, "--event E1"), left(&proposed));
    let explained = desk.ok("bank explain L-1").stdout;
    assert!(
        explained.contains("T-000001") && explained.contains("did not record it confirms"),
        "{explained}"
    );
    // Running again changes nothing.
    unchanged(&desk, || reconciled(&desk, 2));
    for (user, code) in [
        ("bola", "tax.same_actor"),
        ("eve", "user.forbidden"),
        ("dayo", "user.forbidden"),
    ] {
        let said = unchanged(&desk, || {
            desk.refused(&format!("bank confirm L-1 --as {user}"), 1, code)
        });
        assert!(user != "bola" || said.contains("T-000001"), "{said}");
    }
    desk.refused_text("bank confirm L-1 --as bola", 1, "hint: approvers: ada, chi");
    let once = Once::done(&desk, "bank confirm L-1 --reason Receipt-7781 --as chi");
    let line = once.json();
    assert_eq!(
        [&line["class"], &line["remittances"]],
        [&json!("tax_remittance"), &json!(["T-000001"])]
    );
    assert_eq!(
        shown(&desk, "T-1"),
        [json!("reconciled"), json!("L-000001")]
    );
    let listed = desk.json("tax remittance list --status reconciled");
    assert_eq!(listed[0]["bank_line"], "L-000001");
    let run = reconciled(&desk, 0);
    assert_eq!(
        run["classes"],
        json!([{
            "class": "tax_remittance", "currency": "NGN", "lines": 1, "lines_total": "-6.66", "payments": 0,
            "payments_total": "0.00", "remittances": 1, "remittances_total": "6.66"
        }])
    );
    unchanged(&desk, || reconciled(&desk, 0));
    assert_eq!(items(&desk, ""), []);
    let proof = desk.json("report reconciliation")["ledger_proof"][0].clone();
    let fields = [
        "payments_total",
        "remittances_total",
        "remittances_matched",
        "remittances_outstanding",
        "on_bank",
        "difference",
    ];
    assert_eq!(
        fields.map(|field| proof[field].clone()),
        ["0.00", "6.66", "6.66", "0.00", "6.66", "0.00"].map(Value::from)
    );
    let lines = desk.json("bank lines OPS --status tax_remittance");
    assert_eq!(lines.as_array().unwrap().len(), 1);
    let log = desk.json("audit log --type line_matched");
    let summary = &log.as_array().unwrap().last().unwrap()["changes_summary"];
    assert_eq!(
        [&summary["remittance"], &summary["reason"], &summary["as"]],
        [
            &json!("T-000001"),
            &json!("Receipt-7781"),
            &json!("remittance")
        ]
    );
    desk.refused("bank confirm L-1 --as chi", 1, "bank.nothing_proposed");
    desk.sound();
}

#[test]
fn a_reconciled_remittance_is_reversed_only_after_it_is_unmatched() {
    let desk = remitted();
    desk.imported("june.csv", &[DEBIT]);
    reconciled(&desk, 2);
    desk.ok("bank confirm L-1 --as chi");
    let reverse = "tax remittance reverse T-1 --reason bounced --as chi";
    unchanged(&desk, || desk.refused(reverse, 1, "tax.remittance_state"));
    desk.refused_text(reverse, 1, "prorata bank unmatch L-000001 --reason TEXT");
    desk.refused(
        "event cancel E1 --reason x --yes --as bola",
        1,
        "event.tax_remitted",
    );
    desk.refused(
        "bank statement void S-1 --reason wrong --as chi",
        1,
        "statement.decided",
    );
    desk.ok("bank unmatch L-1 --reason wrong --as bola");
    assert_eq!(shown(&desk, "T-1"), [json!("recorded"), json!(null)]);
    assert_eq!(desk.line("L-000001")["class"], "on_bank_not_in_ledger");
    // What was taken back is not proposed again; by hand it is matched.
    reconciled(&desk, 2);
    assert_eq!(
        items(&desk, "--account OPS"),
        left(&[
            ("T-000001", "paid_not_on_bank"),
            ("L-000001", "on_bank_not_in_ledger")
        ])
    );
    desk.ok("bank match L-1 T-1 --as chi");
    desk.ok("bank unmatch L-1 --reason again --as bola");
    desk.ok(reverse);
    assert_eq!(shown(&desk, "T-1")[0], json!("reversed"));
    reconciled(&desk, 1);
    assert_eq!(
        items(&desk, ""),
        left(&[("L-000001", "on_bank_not_in_ledger")])
    );
    desk.sound();
}

#[test]
fn a_rejected_proposal_does_not_come_again_and_a_reversal_ends_one() {
    let desk = remitted();
    desk.imported("june.csv", &[DEBIT]);
    reconciled(&desk, 2);
    Once::done(&desk, "bank reject L-1 --as bola");
    let run = reconciled(&desk, 2);
    assert_eq!(run["proposed"], 0);
    let detail = desk.line("L-000001")["detail"].clone();
    assert_eq!(detail, "rejected before: T-000001");
    // Another remittance of the same tax is proposed for the same line, until it is reversed.
    desk.ok("tax remittance reverse T-1 --reason typo --as chi");
    desk.ok(&remit("NRS", "RRR3100084572", "bola"));
    reconciled(&desk, 2);
    assert_eq!(desk.line("L-000001")["remittances"], json!(["T-000002"]));
    desk.ok("tax remittance reverse T-2 --reason again --as chi");
    assert_eq!(desk.line("L-000001")["class"], "on_bank_not_in_ledger");
    desk.refused("bank confirm L-1 --as chi", 1, "user.forbidden");
    desk.refused("bank confirm L-1 --as ada", 1, "bank.nothing_proposed");
    reconciled(&desk, 1);
    desk.sound();
}

#[test]
fn a_remittance_is_matched_by_hand_under_the_same_rules() {
    let desk = remitted();
    desk.ok(&remit("SIRS-LA", "RRR-2", "ada"));
    desk.ok("bank add USD --bank-name Bank --account-number 55500055 --currency USD --as bola");
    desk.ok("project add OTHER --name Other --as bola");
    desk.ok("bank add OTH --bank-name GTBank --bank-code 058 --account-number 0123456101 --project OTHER --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-30", "B1", -666, "TAX"),
            ("2026-06-30", "B2", -665, "TAX"),
            ("2026-06-30", "B3", 666, "TAX BACK"),
            ("2026-06-30", "B4", -333, "OTHER TAX"),
        ],
    );
    let csv = "Date,Reference,Debit,Credit,Balance,Narration\n2026-06-30,X1,6.66,,100.00,TAX\n";
    desk.write("usd.csv", csv);
    desk.ok("bank import USD usd.csv --as bola");
    desk.ok("bank import OTH usd.csv --as bola");
    for (line, code) in [
        ("bank match L-2 T-1 --as chi", "bank.amount_differs"),
        ("bank match L-3 T-1 --as chi", "tax.remittance_line"),
        ("bank match L-1 T-1 T-2 --as chi", "tax.remittance_line"),
        ("bank match L-5 T-1 --as chi", "bank.currency"),
        ("bank match L-6 T-1 --as chi", "bank.other_project"),
        ("bank match L-1 T-1 --as bola", "tax.same_actor"),
        ("bank match L-1 T-1 --as eve", "user.forbidden"),
        ("bank match L-4 T-2 --as ada", "tax.same_actor"),
        ("bank match L-1 T-9 --as ada", "tax_remittance.unknown"),
        ("bank match L-1 1 --as ada", "payment.unknown"),
    ] {
        unchanged(&desk, || desk.refused(line, 1, code));
    }
    desk.refused_text(
        "bank match L-2 T-1 --as chi",
        1,
        "line L-000002 is NGN 6.65 and remittance T-000001 is 6.66: they differ by -0.01",
    );
    let matched = Once::done(&desk, "bank match L-1 T-1 --as chi");
    assert_eq!(
        [&matched.json()["class"], &matched.json()["match_tier"]],
        [&json!("tax_remittance"), &json!("manual")]
    );
    desk.refused("bank match L-2 T-1 --as chi", 1, "tax.remittance_state");
    desk.refused("bank match L-1 T-2 --as chi", 1, "bank.line_state");
    let id = desk.json("tax remittance show T-2");
    assert_eq!(id["status"], "recorded");
    desk.ok("bank match L-4 T-2 --as chi");
    let exceptions = desk.json("report controls");
    let by_hand: Vec<&Value> = (exceptions["exceptions"].as_array().unwrap().iter())
        .filter(|one| one["kind"] == "remittance_by_hand")
        .collect();
    assert_eq!(
        by_hand
            .iter()
            .map(|one| [
                &one["subject"],
                &one["amount"],
                &one["by"],
                &one["other_user"]
            ])
            .collect::<Vec<_>>(),
        [
            [
                &json!("T-000001"),
                &json!("6.66"),
                &json!("chi"),
                &json!("bola")
            ],
            [
                &json!("T-000002"),
                &json!("3.33"),
                &json!("chi"),
                &json!("ada")
            ],
        ]
    );
    desk.sound();
}

#[test]
fn what_fits_more_than_one_way_is_left_and_named() {
    let desk = remitted();
    desk.ok("withdrawal request --event E1 --holder h2 --amount 6.66 --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference TRX-900001 --date 2026-06-30 --yes --as bola");
    desk.refused(
        &remit("SIRS-LA", "trx-900001", "bola"),
        1,
        "tax.reference_used",
    );
    let both = format!("TRF TRX-900001 {RRR}");
    desk.imported("june.csv", &[("2026-06-30", "B1", -666, &both)]);
    let run = reconciled(&desk, 3);
    assert_eq!([&run["matched"], &run["proposed"]], [&json!(0), &json!(0)]);
    let line = desk.line("L-000001");
    assert_eq!(
        [&line["class"], &line["payments"], &line["remittances"]],
        [
            &json!("ambiguous"),
            &json!(["P-000001"]),
            &json!(["T-000001"])
        ]
    );
    assert_eq!(
        items(&desk, ""),
        left(&[
            ("L-000001", "ambiguous"),
            ("P-000001", "ambiguous"),
            ("T-000001", "paid_not_on_bank")
        ])
    );
    let report = desk.json("report reconciliation");
    assert_eq!(report["items"][2]["with"], json!(["L-000001"]));
    unchanged(&desk, || reconciled(&desk, 3));
    desk.refused("bank confirm L-1 --as ada", 1, "bank.nothing_proposed");
    // A person decides, and the payment is looked for again.
    desk.ok("bank match L-1 T-1 --as chi");
    reconciled(&desk, 1);
    assert_eq!(items(&desk, ""), left(&[("P-000001", "paid_not_on_bank")]));
    desk.sound();
}

#[test]
fn one_remittance_with_two_lines_is_left_too_and_the_second_debit_stays_named() {
    let desk = remitted();
    let twice = (
        "2026-06-30",
        "B2",
        -666,
        "WHT REMITTANCE NRS AGAIN/RRR-3100084572",
    );
    desk.imported("june.csv", &[DEBIT, twice]);
    reconciled(&desk, 3);
    assert_eq!(
        items(&desk, ""),
        left(&[
            ("L-000001", "ambiguous"),
            ("L-000002", "ambiguous"),
            ("T-000001", "paid_not_on_bank")
        ])
    );
    desk.ok("bank match L-1 T-1 --as chi");
    reconciled(&desk, 1);
    let line = desk.line("L-000002");
    assert_eq!(
        [&line["class"], &line["remittances"], &line["lines"]],
        [
            &json!("duplicate_payment"),
            &json!(["T-000001"]),
            &json!(["L-000001"])
        ]
    );
    desk.sound();
}

#[test]
fn a_statement_that_is_taken_back_frees_what_was_proposed() {
    let desk = remitted();
    desk.imported("june.csv", &[DEBIT]);
    reconciled(&desk, 2);
    desk.ok("bank statement void S-1 --reason wrong --as chi");
    assert_eq!(desk.line("L-000001")["class"], "void");
    assert_eq!(items(&desk, ""), left(&[("T-000001", "paid_not_on_bank")]));
    desk.refused("bank match L-1 T-1 --as chi", 1, "bank.line_state");
    desk.ok("bank import OPS june.csv --as bola");
    reconciled(&desk, 2);
    assert_eq!(desk.line("L-000002")["class"], "proposed");
    desk.ok("bank confirm L-2 --as ada");
    reconciled(&desk, 0);
    desk.sound();
}

#[test]
fn a_past_day_shows_the_remittance_as_it_was_then() {
    let mut desk = remitted();
    let mut days = Vec::new();
    let steps: [(&str, &str, i32); 6] = [
        ("2026-06-30", "bank import OPS june.csv --as bola", 0),
        ("2026-07-01", "bank reconcile OPS --as bola", 3),
        ("2026-07-02", "bank confirm L-1 --as chi", 0),
        ("2026-07-03", "bank unmatch L-1 --reason wrong --as bola", 0),
        ("2026-07-04", "bank match L-1 T-1 --as ada", 0),
        ("2026-07-05", "bank reconcile OPS --as bola", 0),
    ];
    desk.statement("june.csv", 100_000, &[DEBIT]);
    for (day, line, code) in steps {
        desk.at(&format!("{day}T10:00:00.000000Z"));
        assert_eq!(desk.run(line).code, code, "{line}");
        days.push((day, past(&desk, day)));
    }
    for (day, then) in &days {
        assert_eq!(&past(&desk, day), then, "{day}");
    }
    let status = |day: &str| {
        let shown = desk.json(&format!("tax remittance list --as-of {day}"));
        let line = desk.json(&format!("bank lines OPS --as-of {day}"));
        [
            shown[0]["status"].clone(),
            shown[0]["bank_line"].clone(),
            line[0]["class"].clone(),
        ]
    };
    assert_eq!(
        [
            "2026-06-30",
            "2026-07-01",
            "2026-07-02",
            "2026-07-03",
            "2026-07-04"
        ]
        .map(status),
        [
            [json!("recorded"), json!(null), json!("fee_tax_levy")],
            [json!("recorded"), json!(null), json!("proposed")],
            [
                json!("reconciled"),
                json!("L-000001"),
                json!("tax_remittance")
            ],
            [
                json!("recorded"),
                json!(null),
                json!("on_bank_not_in_ledger")
            ],
            [
                json!("reconciled"),
                json!("L-000001"),
                json!("tax_remittance")
            ],
        ]
    );
    desk.sound();
}

/// What a past day is made of.
fn past(desk: &Desk, day: &str) -> [String; 4] {
    [
        "tax remittance list -f csv",
        "bank lines OPS -f csv",
        "report reconciliation -f json",
        "export hledger",
    ]
    .map(|line| desk.ok(&format!("{line} --as-of {day}")).stdout)
}

#[test]
fn the_books_pay_the_tax_from_the_account_that_shows_it() {
    let desk = remitted();
    let entry = |desk: &Desk, code: &str| {
        let books = desk.ok("export hledger").stdout;
        let entry = books.split("\n\n").find(|entry| entry.contains(code));
        entry.unwrap_or_default().to_owned()
    };
    let paid = entry(&desk, "(T-000001)");
    assert!(paid.contains("assets:unassigned payments"), "{paid}");
    desk.imported("june.csv", &[DEBIT]);
    reconciled(&desk, 2);
    // A proposal explains nothing yet.
    let line = entry(&desk, "(L-000001)");
    assert!(line.contains("assets:suspense:OPS"), "{line}");
    desk.ok("bank confirm L-1 --as chi");
    let paid = entry(&desk, "(T-000001)");
    assert!(
        paid.contains("assets:bank:OPS") && paid.contains("liabilities:withholding tax:NRS"),
        "{paid}"
    );
    assert_eq!(entry(&desk, "(L-000001)"), "", "the line is booked once");
    desk.ok("bank unmatch L-1 --reason wrong --as bola");
    assert!(entry(&desk, "(T-000001)").contains("assets:unassigned payments"));
    assert!(entry(&desk, "(L-000001)").contains("assets:suspense:OPS"));
    desk.sound();
}

#[test]
fn the_tax_of_several_projects_is_expected_once_and_an_odd_account_is_said() {
    let desk = remitted();
    desk.ok("tax remittance reverse T-1 --reason again --as chi");
    desk.ok("project add KANO --name Kano --as bola");
    desk.ok("project set KANO --tax-profile ng-2026 --as bola");
    desk.ok("token issue h2 1 --project KANO --date 2026-01-01 --as bola");
    desk.ok("event create K1 --project KANO --type dividend --title Q2 --amount 10 --date 2026-06-30 --as bola");
    desk.ok("event calculate K1 --as bola");
    desk.ok("event approve K1 --as chi");
    desk.ok(
        "bank add ALL --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola",
    );
    desk.ok(&remit("NRS", "RRR-5550001", "bola"));
    // On the account of no project, and not on that of LAGOS.
    reconciled(&desk, 0);
    assert_eq!(items(&desk, "--account OPS"), []);
    let expected = left(&[("T-000002", "paid_not_on_bank")]);
    assert_eq!(items(&desk, "--account ALL"), expected);
    assert_eq!(items(&desk, ""), expected);
    assert_eq!(items(&desk, "--event K1"), expected);
    // The account of LAGOS shows it all the same, and the line says that.
    desk.imported("june.csv", &[("2026-06-30", "B1", -766, "NRS RRR-5550001")]);
    reconciled(&desk, 2);
    let detail = desk.line("L-000001")["detail"].clone();
    assert!(
        detail
            .as_str()
            .unwrap()
            .ends_with("the account is of `LAGOS` alone, and part of the tax is of `KANO`"),
        "{detail}"
    );
    let proposed = left(&[("L-000001", "proposed"), ("T-000002", "proposed")]);
    assert_eq!(items(&desk, "--account OPS"), proposed);
    assert_eq!(items(&desk, "--account ALL"), []);
    assert_eq!(desk.run("bank reconcile ALL --as bola").code, 0);
    desk.ok("bank confirm L-1 --as ada");
    reconciled(&desk, 0);
    assert_eq!(items(&desk, ""), []);
    desk.sound();
}

#[test]
fn with_four_eyes_off_one_person_does_both() {
    let mut desk = Desk::empty();
    desk.at(crate::support::NOW);
    desk.ok("init --user ada --name Ada --four-eyes off");
    desk.ok("user add bola --role operator --as ada");
    desk.ok("user add chi --role approver --as ada");
    desk.ok("user add eve --role operator --as ada");
    desk.ok("project add LAGOS --name Lagos-Tower --as bola");
    for holder in ["h1", "h2", "h3"] {
        desk.ok(&format!(
            "holder add {holder} --name Name-{holder} --as bola"
        ));
        desk.ok(&format!(
            "token issue {holder} 1 --project LAGOS --date 2026-01-01 --as bola"
        ));
    }
    owed(&desk);
    desk.ok(&remit("NRS", RRR, "bola"));
    desk.ok(ADD_ACCOUNT);
    desk.imported("june.csv", &[DEBIT]);
    reconciled(&desk, 2);
    desk.ok("bank confirm L-1 --as bola");
    reconciled(&desk, 0);
    desk.sound();
}
