//! `prorata tax …`: profiles, certificates, what is withheld, due and remitted.

mod bank;
mod certificate;
mod event;

use serde_json::json;

use crate::{event::once::unchanged, support::Desk};

/// What decides the tax of the three holders: an individual in Lagos, a company, a foreign fund.
pub(crate) const HOLDERS: [&str; 3] = [
    "holder set h1 --kind individual --tax-residence ng --tax-state la --tax-number 12345678-0001 --as bola",
    "holder set h2 --kind company --tax-residence NG --tax-number 87654321-0001 --as bola",
    "holder set h3 --kind fund --tax-residence GB --tax-number GB/123456/A --as bola",
];

/// Gives LAGOS the Nigerian profile and its holders what it needs.
pub(crate) fn taxed(desk: &Desk) {
    for line in HOLDERS {
        desk.ok(line);
    }
    desk.ok("project set LAGOS --tax-profile ng-2026 --as bola");
}

#[test]
fn what_a_holder_is_for_tax_is_shown_and_the_number_is_masked() {
    let desk = Desk::with_register();
    taxed(&desk);
    let holder = desk.json("holder show h1");
    assert_eq!(
        [
            &holder["kind"],
            &holder["tax_residence"],
            &holder["tax_number"],
            &holder["tax_state"]
        ],
        [
            &json!("individual"),
            &json!("NG"),
            &json!("*********0001"),
            &json!("LA")
        ]
    );
    let shown = desk.json("holder list --show-pii --as dayo");
    assert_eq!(shown[0]["tax_number"], "12345678-0001");
    assert_eq!(desk.json("holder show h2")["tax_state"], json!(null));
    let log = desk.ok("audit log -f csv").stdout;
    assert!(
        log.contains("tax_residence") && !log.contains("12345678"),
        "{log}"
    );
    // What is not given stays.
    desk.ok("holder set h1 --tax-state KD --as bola");
    assert_eq!(desk.json("holder show h1")["kind"], "individual");
    for line in [
        "holder set h1 --kind person --as bola",
        "holder set h1 --tax-residence NGA --as bola",
        "holder set h1 --tax-state {tax_state} --as bola",
        "holder set h1 --tax-number 12 --as bola",
    ] {
        assert_eq!(desk.run(line).code, 2, "{line}");
    }
    desk.sound();
}

#[test]
fn a_file_of_holders_has_columns_for_tax() {
    let desk = Desk::with_register();
    desk.write(
        "holders.csv",
        "code,name,kind,tax_residence,tax_number,tax_state\n\
         h1,Name-h1,Individual,ng,12345678-0001,la\nnew,New,fund,GB,,\n",
    );
    desk.ok("holder import holders.csv --update --as bola");
    let holder = desk.json("holder show h1");
    assert_eq!(
        (&holder["kind"], &holder["tax_state"]),
        (&json!("individual"), &json!("LA"))
    );
    assert_eq!(desk.json("holder show new")["tax_residence"], "GB");
    desk.write("bad.csv", "code,name,kind,tax_residence\nh9,N,person,NGA\n");
    let ran = desk.run("holder import bad.csv --as bola");
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("kind: write individual, company"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("tax_residence: a country is two letters"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_project_has_a_profile_only_if_it_is_given_one() {
    let mut desk = Desk::with_register();
    assert_eq!(desk.json("project show LAGOS")["tax_profile"], json!(null));
    let past = desk.ok("project list --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-01T09:00:00.000000Z");
    let set = desk.json("project set LAGOS --tax-profile NG-2026 --as bola");
    assert_eq!(set["tax_profile"], "ng-2026");
    assert_eq!(
        desk.ok("project list --as-of 2026-06-30 -f csv").stdout,
        past
    );
    assert!(desk.ok("audit log -f csv").stdout.contains("ng-2026"));
    desk.write(
        "own.toml",
        "name = \"own\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n[[rule]]\nrate = \"5\"\n[[authority]]\ncode = \"A\"\nremit_day = 10\n",
    );
    assert_eq!(
        desk.json("project set LAGOS --tax-profile own.toml --as bola")["tax_profile"],
        "own"
    );
    assert_eq!(
        desk.json("project set LAGOS --tax-profile none --as bola")["tax_profile"],
        json!(null)
    );
    unchanged(&desk, || {
        assert_eq!(
            desk.run("project set LAGOS --tax-profile nowhere --as bola")
                .code,
            2
        );
    });
    desk.sound();
}

#[test]
fn what_is_wrong_with_a_profile_is_named_and_nothing_is_written() {
    let desk = Desk::with_register();
    let head = "name = \"own\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n";
    desk.write("bad.toml", &format!("{head}[[rule]]\nrate = \"101\"\n"));
    let rules = "[[rule]]\nkind = \"fund\"\nrate = \"1\"\n[[rule]]\nresidence = \"resident\"\nrate = \"2\"\n";
    desk.write("twice.toml", &format!("{head}{rules}"));
    for (file, code) in [
        ("bad.toml", "tax.profile_invalid"),
        ("twice.toml", "tax.profile_ambiguous"),
    ] {
        desk.refused(&format!("tax profile test {file}"), 1, code);
        unchanged(&desk, || {
            desk.refused(
                &format!("project set LAGOS --tax-profile {file} --as bola"),
                1,
                code,
            );
        });
    }
    let ran = desk.run("tax profile test bad.toml");
    assert!(
        ran.stderr
            .contains("line 5: `rate`: a tax rate is a percentage from 0 to 100"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_profile_is_shown_as_data_without_a_ledger() {
    let desk = Desk::empty();
    let list = desk.json("tax profile list");
    assert_eq!(
        (&list[0]["name"], &list[0]["country"]),
        (&json!("ng-2026"), &json!("NG"))
    );
    let text = desk.ok("tax profile show ng-2026").stdout;
    assert!(
        text.contains("rate = \"10\"") && text.contains("remit_day = 21"),
        "{text}"
    );
    desk.write("copy.toml", &text);
    let read = desk.json("tax profile test copy.toml");
    assert_eq!(read["sha256"], list[0]["sha256"]);
    assert_eq!(read["rules"][0]["component"], "income");
    assert_eq!(read["authorities"][2]["code"], "SIRS-{tax_state}");
    assert_eq!(desk.run("tax profile show nowhere").code, 2);
}

#[test]
fn nothing_is_due_and_nothing_remitted_before_an_event_withholds_tax() {
    let desk = Desk::with_event();
    assert_eq!(desk.json("tax due"), json!([]));
    assert_eq!(
        desk.json("tax remittance list --status recorded"),
        json!([])
    );
    for (line, code) in [
        (
            "tax remit --authority NRS --period 2026-06 --reference R --date 2026-06-30 --as bola",
            "tax.nothing_due",
        ),
        (
            "tax remit --authority NRS --period 2026-06 --reference R --date 2026-07-01 --as bola",
            "payment.date_in_future",
        ),
        ("tax remittance show T-1", "tax_remittance.unknown"),
        (
            "tax remittance reverse T-1 --reason x --as chi",
            "tax_remittance.unknown",
        ),
    ] {
        unchanged(&desk, || desk.refused(line, 1, code));
    }
    assert_eq!(desk.run("tax due --period 2026-13").code, 2);
}

#[test]
fn tax_arises_on_the_day_of_the_approval_as_the_ledger_has_it() {
    let mut desk = Desk::with_register_at("2026-07-01T00:10:00.000000Z");
    taxed(&desk);
    desk.ok("event create E1 --project LAGOS --type revenue --title Rent --amount 100 --date 2026-03-31 --as bola");
    desk.ok("event calculate E1 --as bola");
    // The clock is behind the last entry, so that the approval is dated after it.
    desk.at("2026-06-30T23:50:00.000000Z");
    desk.ok("event approve E1 --as chi");
    desk.at("2026-07-01T09:00:00.000000Z");
    let approved_at = desk.json("event show E1")["approved_at"].clone();
    assert!(
        approved_at.as_str().unwrap().starts_with("2026-07-01"),
        "{approved_at}"
    );
    assert_eq!(desk.json("tax due")[0]["period"], "2026-07");
}
