//! `prorata tax certificate …`: it lowers tax, so a second person agrees.

use serde_json::json;

use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

const ADD: &str = "tax certificate add h2 --kind treaty --rate 7.5 --country gb --reference FIRS/1 \
     --from 2026-01-01 --until 2026-12-31 --component income --as bola";

#[test]
fn a_certificate_counts_once_a_second_person_approved_it() {
    let mut desk = Desk::with_register();
    let add = ADD.split_whitespace().collect::<Vec<_>>().join(" ");
    let once = Once::done(&desk, &add);
    let certificate = once.json();
    let fields: Vec<&str> = certificate
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let documented = "code holder kind component country rate reference from_date until_date status proposed_by approved_by ended_on";
    assert_eq!(fields[..13], documented.split(' ').collect::<Vec<_>>()[..]);
    assert_eq!(
        [
            &certificate["code"],
            &certificate["status"],
            &certificate["rate"],
            &certificate["country"]
        ],
        [
            &json!("X-000001"),
            &json!("proposed"),
            &json!("7.5"),
            &json!("GB")
        ]
    );
    let proposal = desk.json("proposal show Q-000001");
    assert_eq!(
        (&proposal["kind"], &proposal["subject"], &proposal["amount"]),
        (&json!("tax_certificate"), &json!("X-000001"), &json!(null))
    );
    let past = desk
        .ok("tax certificate list --as-of 2026-06-30 -f csv")
        .stdout;
    desk.at("2026-07-01T09:00:00.000000Z");
    let approved = Once::done(&desk, "tax certificate approve X-1 --as chi");
    assert_eq!(approved.json()[0]["approved_by"], "chi");
    assert_eq!(desk.json("proposal show Q-1")["status"], "approved");
    assert_eq!(
        desk.ok("tax certificate list --as-of 2026-06-30 -f csv")
            .stdout,
        past
    );
    desk.at("2026-07-02T09:00:00.000000Z");
    let ended = Once::done(
        &desk,
        "tax certificate end X-1 --on 2026-07-31 --reason moved --as bola",
    );
    assert_eq!(
        (&ended.json()["status"], &ended.json()["ended_on"]),
        (&json!("ended"), &json!("2026-07-31"))
    );
    assert_eq!(
        desk.json("tax certificate list --as-of 2026-07-01")[0]["status"],
        "approved"
    );
    assert_eq!(
        desk.json("tax certificate show X-1")["until_date"],
        "2026-12-31"
    );
    assert_eq!(
        desk.json("tax certificate list --status approved --holder h2"),
        json!([])
    );
    once.repeats(&desk);
    let log = desk.ok("audit log -f csv").stdout;
    for entry in [
        "proposal_recorded",
        "proposal_approved",
        "tax_certificate_approved",
        "tax_certificate_ended",
    ] {
        assert!(log.contains(entry), "{log}");
    }
    desk.sound();
}

#[test]
fn who_may_not_decide_and_what_overlaps_is_refused() {
    let desk = Desk::with_register();
    let add =
        |more: &str, by: &str| format!("tax certificate add h1 --reference R {more} --as {by}");
    let year = "--from 2026-01-01 --until 2026-12-31";
    desk.ok(&add(&format!("--kind exemption {year}"), "ada"));
    for (line, code) in [
        (
            "tax certificate approve X-1 --as ada".to_owned(),
            "tax.certificate_same_actor",
        ),
        (
            "proposal approve Q-1 --as ada".to_owned(),
            "tax.certificate_same_actor",
        ),
        (
            "tax certificate approve X-1 --as bola".to_owned(),
            "user.forbidden",
        ),
        (
            "tax certificate approve X-9 --as chi".to_owned(),
            "tax_certificate.unknown",
        ),
        (
            "tax certificate end X-1 --as bola".to_owned(),
            "tax.certificate_state",
        ),
        (
            add(&format!("--kind exemption {year}"), "dayo"),
            "user.forbidden",
        ),
        (
            add(
                "--kind exemption --from 2026-12-31 --until 2027-12-31 --component income",
                "bola",
            ),
            "tax.certificate_overlap",
        ),
        (
            add(
                "--kind exemption --from 2027-12-31 --until 2027-01-01",
                "bola",
            ),
            "tax.certificate_dates",
        ),
        (
            add(&format!("--kind treaty {year}"), "bola"),
            "tax.rate_range",
        ),
        (
            add(&format!("--kind exemption --rate 5 {year}"), "bola"),
            "tax.rate_range",
        ),
    ] {
        unchanged(&desk, || desk.refused(&line, 1, code));
    }
    let rate = desk.run(&add(&format!("--kind treaty --rate 100.1 {year}"), "bola"));
    assert_eq!(rate.code, 2);
    assert!(
        rate.stderr.contains("a percentage from 0 to 100"),
        "{}",
        rate.stderr
    );
    // The one who recorded it may take it back so, and its days are free again.
    desk.ok("tax certificate reject X-1 --reason typo --as ada");
    desk.refused(
        "tax certificate approve X-1 --as chi",
        1,
        "tax.certificate_state",
    );
    desk.ok(&add(&format!("--kind exemption {year}"), "bola"));
    desk.ok("proposal approve Q-2 --as chi");
    desk.refused(
        "tax certificate end X-2 --on 2026-06-29 --as bola",
        1,
        "tax.certificate_dates",
    );
    desk.ok("tax certificate end X-2 --as bola");
    desk.ok(&add(
        "--kind reduced --rate 5 --from 2026-07-01 --until 2026-12-31",
        "bola",
    ));
    desk.sound();
}

#[test]
fn what_another_program_changed_in_a_certificate_is_found() {
    for sql in [
        "UPDATE tax_certificates SET rate = '0.0000000'",
        "UPDATE tax_certificates SET until_date = '2099-12-31'",
        "UPDATE tax_certificates SET kind = 'reduced'",
        "UPDATE tax_certificates SET component = NULL",
    ] {
        let desk = Desk::with_register();
        desk.ok(&ADD.split_whitespace().collect::<Vec<_>>().join(" "));
        desk.ok("tax certificate approve X-1 --as chi");
        desk.ok("check");
        desk.tamper(sql);
        let check = desk.run("check -f json");
        assert_eq!(check.code, 3, "{sql}");
        let found: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
        let checks = found["checks"].as_array().unwrap();
        let proposals = checks
            .iter()
            .find(|check| check["name"] == "proposals")
            .unwrap();
        assert_eq!(proposals["ok"], json!(false), "{sql}: {proposals}");
    }
}
