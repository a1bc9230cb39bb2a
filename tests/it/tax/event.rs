//! Tax of an event: calculated, frozen, owed, remitted, and taken back.

use serde_json::json;

use crate::{
    event::once::{Once, unchanged},
    support::Desk,
    tax::taxed,
};

const CREATE: &str = "event create E1 --project LAGOS --type dividend --title Q2 --amount 100 --date 2026-06-30 --as bola";

/// LAGOS with the Nigerian profile, and a calculated dividend of 100 over three equal holders.
fn calculated() -> Desk {
    let desk = Desk::with_register();
    taxed(&desk);
    desk.ok(CREATE);
    desk.ok("event calculate E1 --as bola");
    desk
}

/// As [`calculated`], approved.
fn approved() -> Desk {
    let desk = calculated();
    desk.ok("event approve E1 --as chi");
    desk
}

fn of(desk: &Desk, fields: [&str; 6]) -> Vec<serde_json::Value> {
    let list = desk.json("event allocations E1");
    let list = list.as_array().unwrap();
    list.iter()
        .map(|row| json!(fields.map(|field| row[field].clone())))
        .collect()
}

#[test]
fn an_event_that_tax_takes_whole_is_settled_by_its_approval() {
    let desk = Desk::with_register();
    taxed(&desk);
    let text = include_str!("../../../src/domain/tax/profiles/ng-2026.toml");
    let text = text
        .replace("ng-2026", "all")
        .replace(r#"rate = "10""#, r#"rate = "100""#);
    desk.write("all.toml", &text);
    desk.ok("project set LAGOS --tax-profile all.toml --as bola");
    desk.ok(CREATE);
    desk.ok("event calculate E1 --as bola");
    let fields = [
        "holder",
        "tax_amount",
        "net_amount",
        "available_amount",
        "status",
        "tax_rate",
    ];
    let shown = of(&desk, fields);
    assert_eq!(
        shown[0],
        json!(["h1", "33.34", "0.00", "0.00", "settled", "100"])
    );
    assert_eq!(
        desk.json("event approve E1 --as chi")["status"],
        "completed"
    );
    desk.sound();
}

#[test]
fn tax_is_withheld_from_each_holder_and_the_rest_is_available() {
    let desk = approved();
    let fields = [
        "holder",
        "allocated_amount",
        "tax_rate",
        "tax_reason",
        "tax_amount",
        "available_amount",
    ];
    assert_eq!(
        of(&desk, fields),
        [
            json!(["h1", "33.34", "10", "rule", "3.33", "30.01"]),
            json!(["h2", "33.33", "10", "rule", "3.33", "30.00"]),
            json!(["h3", "33.33", "10", "rule", "3.33", "30.00"]),
        ]
    );
    let event = desk.json("event show E1");
    assert_eq!(
        [
            &event["total_tax"],
            &event["total_net"],
            &event["tax_profile"],
            &event["tax_exempt_reason"]
        ],
        [
            &json!("9.99"),
            &json!("90.01"),
            &json!("ng-2026"),
            &json!(null)
        ]
    );
    assert_eq!(
        desk.json("tax due"),
        json!([
            {
                "authority": "NRS", "period": "2026-06", "currency": "NGN", "items": 1, "gross_amount": "66.66",
                "tax_amount": "6.66", "payable": "6.66", "due_date": "2026-07-21", "overdue_days": 0
            },
            {
                "authority": "SIRS-LA", "period": "2026-06", "currency": "NGN", "items": 1, "gross_amount": "33.34",
                "tax_amount": "3.33", "payable": "3.33", "due_date": "2026-07-30", "overdue_days": 0
            },
        ])
    );
    // What is paid is net.
    desk.refused(
        "withdrawal request --event E1 --holder h1 --amount 30.02 --as bola",
        1,
        "withdrawal.not_available",
    );
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    assert_eq!(desk.json("event show E1")["total_pending"], "90.01");
    desk.sound();
}

#[test]
fn a_project_without_a_profile_withholds_nothing_and_says_so() {
    let desk = Desk::with_event();
    let row = &desk.json("event allocations E1")[0];
    assert_eq!(
        [
            &row["tax_rate"],
            &row["tax_reason"],
            &row["tax_amount"],
            &row["net_amount"]
        ],
        [&json!("0"), &json!("none"), &json!("0.00"), &json!("33.34")]
    );
    assert_eq!(desk.json("event show E1")["tax_profile"], json!(null));
}

#[test]
fn what_changes_the_tax_before_the_approval_makes_the_calculation_stale() {
    for change in [
        vec![
            "tax certificate add h2 --kind exemption --reference R --from 2026-01-01 --until 2026-06-30 --as bola",
            "tax certificate approve X-1 --as ada",
        ],
        // The amounts stay the same, and are owed to somebody else.
        vec!["holder set h1 --tax-state KD --as bola"],
        vec!["project set LAGOS --tax-profile none --as bola"],
    ] {
        let desk = calculated();
        for line in change {
            desk.ok(line);
        }
        desk.refused("event approve E1 --as chi", 1, "event.stale");
        desk.ok("event calculate E1 --as bola");
        desk.ok("event approve E1 --as chi");
        desk.sound();
    }
    // The day after its last day a certificate changes nothing, but is warned of.
    let desk = Desk::with_register();
    taxed(&desk);
    desk.ok("tax certificate add h2 --kind exemption --reference R --from 2026-01-01 --until 2026-06-29 --as bola");
    desk.ok("tax certificate approve X-1 --as chi");
    desk.ok(CREATE);
    let ran = desk.ok("event calculate E1 --as bola");
    assert!(
        ran.stderr.contains("tax.certificate_expired") || ran.stderr.contains("X-000001"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.json("event show E1")["total_tax"], "9.99");
}

#[test]
fn what_has_no_authority_or_is_out_of_the_profile_is_refused() {
    let desk = Desk::with_register();
    desk.ok("project set LAGOS --tax-profile ng-2026 --as bola");
    desk.ok(CREATE);
    unchanged(&desk, || {
        desk.refused("event calculate E1 --as bola", 1, "tax.no_authority")
    });
    let ran = desk.run("event calculate E1 --as bola");
    assert!(
        ran.stderr.contains("h1, h2, h3 (kind, tax_residence)"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("hint: fill the column: `prorata holder set h1 --kind"),
        "{}",
        ran.stderr
    );
    desk.write(
        "old.toml",
        "name = \"old\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\nvalid_until = \"2026-06-29\"\n\
         [[rule]]\nrate = \"5\"\n",
    );
    desk.ok("project set LAGOS --tax-profile old.toml --as bola");
    desk.refused("event calculate E1 --as bola", 1, "tax.profile_date");
    desk.ok("event create E3 --project LAGOS --type dividend --title Q5 --amount 90 --date 2026-06-30 --tax-exempt s.163 --as bola");
    desk.ok("event calculate E3 --as bola");
    desk.ok("event approve E3 --as chi");
    let event = desk.json("event show E3");
    assert_eq!(
        [&event["total_tax"], &event["tax_exempt_reason"]],
        [&json!("0.00"), &json!("s.163")]
    );
    assert_eq!(
        desk.json("event allocations E3")[0]["tax_reason"],
        "event_exempt"
    );
    desk.write(
        "own.toml",
        "name = \"own\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\nmissing_number = \"refuse\"\n\
         [[rule]]\ncomponent = \"income\"\nresidence = \"resident\"\nrate = \"5\"\n[[authority]]\ncode = \"A\"\nremit_day = 10\n",
    );
    desk.ok("project set LAGOS --tax-profile own.toml --as bola");
    desk.refused("event calculate E1 --as bola", 1, "tax.no_rule");
    for holder in ["h1", "h2", "h3"] {
        desk.ok(&format!("holder set {holder} --tax-residence NG --as bola"));
    }
    desk.refused("event calculate E1 --as bola", 1, "tax.number_missing");
    desk.ok("event create X1 --project LAGOS --type exit --title Sale --amount 100 --date 2026-06-30 --tax-exempt s.163 --as bola");
    desk.ok("event calculate X1 --as bola");
    desk.sound();
}

#[test]
fn remitted_tax_keeps_its_event_from_being_cancelled_until_it_is_reversed() {
    let mut desk = approved();
    desk.at("2026-07-22T09:00:00.000000Z");
    assert_eq!(desk.json("tax due --overdue")[0]["overdue_days"], 1);
    let said = desk.ok("tax due -f json").stderr;
    assert!(said.contains(r#""code":"tax.overdue""#), "{said}");
    let remit = |reference: &str, more: &str| {
        format!(
            "tax remit --authority NRS --period 2026-06 --reference {reference} --date 2026-07-22 {more} --as bola"
        )
    };
    for (line, code) in [
        (remit("R1", "--amount 6.67"), "tax.amount_differs"),
        (
            remit("R1", "").replace("2026-06 ", "2026-05 "),
            "tax.nothing_due",
        ),
        (
            remit("R1", "").replace("--as bola", "--as chi"),
            "user.forbidden",
        ),
    ] {
        unchanged(&desk, || desk.refused(&line, 1, code));
    }
    let past = desk.ok("tax due --as-of 2026-07-22 -f csv").stdout;
    desk.at("2026-07-23T09:00:00.000000Z");
    let once = Once::done(&desk, &remit("R1", "--amount 6.66 --event E1"));
    let remittance = once.json();
    assert_eq!(
        [
            &remittance["code"],
            &remittance["amount"],
            &remittance["items"],
            &remittance["status"]
        ],
        [
            &json!("T-000001"),
            &json!("6.66"),
            &json!(1),
            &json!("recorded")
        ]
    );
    assert_eq!(remittance["taxes"][0]["event"], "E1");
    assert_eq!(desk.json("tax due --authority NRS")[0]["payable"], "0.00");
    assert_eq!(desk.ok("tax due --as-of 2026-07-22 -f csv").stdout, past);
    desk.refused(&remit("R1", ""), 1, "tax.nothing_due");
    desk.refused(
        "tax remit --authority SIRS-LA --period 2026-06 --reference r1 --date 2026-07-22 --as bola",
        1,
        "tax.reference_used",
    );
    unchanged(&desk, || {
        desk.refused(
            "event cancel E1 --reason x --yes --as bola",
            1,
            "event.tax_remitted",
        )
    });
    desk.refused(
        "tax remittance reverse T-1 --reason x --as bola",
        1,
        "user.forbidden",
    );
    let ada = remit("R2", "")
        .replace("NRS", "SIRS-LA")
        .replace("--as bola", "--as ada");
    desk.ok(&ada);
    desk.refused(
        "tax remittance reverse T-2 --reason x --as ada",
        1,
        "tax.same_actor",
    );
    desk.ok("tax remittance reverse T-2 --reason x --as chi");
    let reversed = Once::done(
        &desk,
        "tax remittance reverse T-1 --reason bounced --as chi",
    );
    assert_eq!(
        [
            &reversed.json()["status"],
            &reversed.json()["reversed_by"],
            &reversed.json()["reason"]
        ],
        [&json!("reversed"), &json!("chi"), &json!("bounced")]
    );
    desk.refused(
        "tax remittance reverse T-1 --reason x --as chi",
        1,
        "tax.remittance_state",
    );
    assert_eq!(desk.json("tax due --authority NRS")[0]["payable"], "6.66");
    // The reference is free again.
    desk.ok(&remit("R1", ""));
    desk.ok("tax remittance reverse T-3 --reason again --as chi");
    desk.ok("event cancel E1 --reason typo --yes --as bola");
    assert_eq!(desk.json("tax due"), json!([]));
    assert_eq!(desk.json("tax remittance show T-1")["status"], "reversed");
    desk.sound();
}

#[test]
fn the_schedules_of_a_year_are_the_taxes_of_its_events() {
    let desk = Desk::with_register();
    taxed(&desk);
    desk.ok("tax certificate add h2 --kind treaty --rate 7.5 --reference R --from 2026-01-01 --until 2026-12-31 --as bola");
    desk.ok("tax certificate approve X-1 --as chi");
    desk.ok(CREATE);
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    let schedule = desk
        .ok("report tax-schedule --authority NRS --period 2026-06 -f csv")
        .stdout;
    let mut lines = schedule.lines();
    assert_eq!(
        lines.next(),
        Some(
            "authority,period,event,holder,holder_name,tax_number,tax_residence,kind,tax_date,component,gross_amount,rate,tax_amount,reason,remittance,due_date"
        )
    );
    assert_eq!(
        lines.next(),
        Some(
            "NRS,2026-06,E1,h2,Name-h2,*********0001,NG,company,2026-06-30,income,33.33,7.5,2.50,certificate X-000001,,2026-07-21"
        )
    );
    assert_eq!(lines.count(), 1);
    let ran = desk.ok("report tax-schedule --authority NRS --period 2026-06 --layout ng-wht -f csv --show-pii --as dayo");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "Beneficiary_name,Beneficiary_tin,Transaction_date,Transaction_desc,Transaction_amount,Rate,Tax_type,Tax_amount,Schedule_reference",
            "Name-h2,87654321-0001,2026-06-30,Q2,33.33,7.5,Dividend,2.50,E1/h2",
            "Name-h3,GB/123456/A,2026-06-30,Q2,33.33,10,Dividend,3.33,E1/h3",
        ]
    );
    assert!(ran.stderr.contains(".xls"), "{}", ran.stderr);
    let year = desk.json("report tax-year 2026");
    let year = year.as_array().unwrap();
    assert_eq!(
        [
            &year[1]["holder"],
            &year[1]["gross_amount"],
            &year[1]["tax_rate"],
            &year[1]["tax_amount"],
            &year[1]["net_amount"]
        ],
        [
            &json!("h2"),
            &json!("33.33"),
            &json!("7.5"),
            &json!("2.50"),
            &json!("30.83")
        ]
    );
    let sum = |rows: &[serde_json::Value]| -> i64 {
        let kobo = |row: &serde_json::Value| {
            row["tax_amount"]
                .as_str()
                .unwrap()
                .replace('.', "")
                .parse::<i64>()
                .unwrap()
        };
        rows.iter().map(kobo).sum()
    };
    let mut of_schedules = 0;
    for authority in ["NRS", "SIRS-LA"] {
        let rows = desk.json(&format!(
            "report tax-schedule --authority {authority} --period 2026-06"
        ));
        of_schedules += sum(rows.as_array().unwrap());
    }
    assert_eq!(sum(year), of_schedules);
    assert_eq!(of_schedules, 916);
    assert_eq!(desk.json("report tax-year 2025"), json!([]));
    assert_eq!(
        desk.json("report tax-year 2026 --holder h3")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.sound();
}

#[test]
fn each_component_is_taxed_by_itself() {
    let desk = Desk::with_register();
    taxed(&desk);
    let create = |components: &str| {
        format!(
            "event create E1 --project LAGOS --type exit --title Sale --amount 100 {components} --date 2026-06-30 --as bola"
        )
    };
    unchanged(&desk, || {
        desk.refused(&create(""), 1, "event.component_required")
    });
    desk.ok(&create(
        "--component income=50 --component capital_gain=rest",
    ));
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    let parts = desk.json("event allocations E1 --components");
    let parts: Vec<_> = parts
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let fields = ["holder", "component", "amount", "tax_rate", "tax_amount"];
            json!(fields.map(|field| row[field].clone()))
        })
        .collect();
    assert_eq!(
        parts,
        [
            json!(["h1", "income", "16.67", "10", "1.67"]),
            json!(["h1", "capital_gain", "16.67", "0", "0.00"]),
            json!(["h2", "income", "16.67", "10", "1.67"]),
            json!(["h2", "capital_gain", "16.66", "0", "0.00"]),
            json!(["h3", "income", "16.66", "10", "1.67"]),
            json!(["h3", "capital_gain", "16.67", "0", "0.00"]),
        ]
    );
    let fields = [
        "holder",
        "allocated_amount",
        "tax_rate",
        "tax_amount",
        "net_amount",
        "available_amount",
    ];
    assert_eq!(
        of(&desk, fields)[0],
        json!(["h1", "33.34", null, "1.67", "31.67", "31.67"])
    );
    let due = desk.json("tax due");
    assert_eq!(
        [
            &due[0]["gross_amount"],
            &due[0]["tax_amount"],
            &due[1]["tax_amount"]
        ],
        [&json!("33.33"), &json!("3.34"), &json!("1.67")]
    );
    let schedule = desk.json("report tax-schedule --authority NRS --period 2026-06");
    assert_eq!(
        [
            &schedule[1]["component"],
            &schedule[1]["gross_amount"],
            &schedule[1]["tax_amount"],
            &schedule[2]
        ],
        [
            &json!("income"),
            &json!("16.66"),
            &json!("1.67"),
            &json!(null)
        ]
    );
    let year = desk.json("report tax-year 2026 --holder h1");
    assert_eq!(
        [
            &year[0]["gross_amount"],
            &year[0]["tax_rate"],
            &year[0]["tax_amount"]
        ],
        [&json!("33.34"), &json!(null), &json!("1.67")]
    );
    let explained = desk.json("event explain E1 h1");
    assert_eq!(
        [
            &explained["components"][0]["exact_tax"],
            &explained["components"][0]["tax_reason"],
            &explained["exact_tax"],
            &explained["tax_amount"]
        ],
        [
            &json!("16.67 x 10 % = 1.667"),
            &json!("rule"),
            &json!(null),
            &json!("1.67")
        ]
    );
    desk.sound();
    desk.ok("event cancel E1 --reason typo --yes --as bola");
    assert_eq!(desk.json("tax due"), json!([]));
    desk.sound();
}

#[test]
fn an_exit_that_becomes_taxed_later_names_its_components_before_it_is_calculated() {
    let desk = Desk::with_register();
    desk.ok("event create E1 --project LAGOS --type exit --title Sale --amount 100 --date 2026-06-30 --as bola");
    taxed(&desk);
    for line in [
        "event calculate E1 --as bola",
        "event set E1 --amount 90 --as bola",
    ] {
        unchanged(&desk, || desk.refused(line, 1, "event.component_required"));
    }
    desk.ok("event set E1 --component return_of_capital=rest --as bola");
    // What the fund retains of an excluded holder is not withheld from.
    desk.ok("event exclude E1 h3 --policy retain --reason treasury --as bola");
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    assert_eq!(desk.json("event show E1")["total_tax"], "0.00");
    assert_eq!(desk.json("event allocations E1")[0]["tax_rate"], "0");
    desk.ok("event create E2 --project LAGOS --type exit --title Sale --rate 10 --component income=6 --component capital_gain=4 --date 2026-06-30 --as bola");
    desk.ok("event exclude E2 h3 --policy assign:h2 --reason treasury --as bola");
    desk.ok("event calculate E2 --as bola");
    desk.ok("event approve E2 --as chi");
    assert_eq!(desk.json("event show E2")["total_tax"], "1.80");
    let fields = [
        "holder",
        "allocated_amount",
        "tax_rate",
        "tax_reason",
        "tax_amount",
        "net_amount",
    ];
    let list = desk.json("event allocations E2");
    assert_eq!(
        json!(fields.map(|field| list[1][field].clone())),
        json!(["h2", "20.00", null, null, "1.20", "18.80"])
    );
    desk.sound();
}
