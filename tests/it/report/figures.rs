//! What events add up to: history, analytics, and the activity behind them.

use serde_json::{Value, json};

use crate::{
    event::once::{fields, unchanged},
    support::{Desk, NOW},
    xlsx::same_as_csv,
};

/// Three approved events in two years and two currencies, one calculated, one cancelled; E1 is paid
/// to h1 after three days.
pub(crate) fn desk() -> Desk {
    let mut desk = Desk::with_register_at("2025-12-29T09:00:00.000000Z");
    desk.ok("nav set LAGOS 1000 --date 2025-12-31 --as bola");
    for (holder, tokens) in [("h1", 2), ("h2", 1), ("h3", 1)] {
        desk.ok(&format!(
            "token issue {holder} {tokens} --project LAGOS --date 2025-06-30 --as bola"
        ));
    }
    desk.event_on("E1", "LAGOS", "100", "2025-12-29");
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2025-12-29 --yes --as bola");
    desk.at("2026-02-02T09:00:00.000000Z");
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.event_on("E2", "LAGOS", "60", "2026-02-02");
    desk.ok("event create E4 --project LAGOS --type exit --title Four --amount 9 --date 2026-02-02 --as bola");
    desk.ok("event calculate E4 --as bola");
    desk.ok("event create E5 --project LAGOS --type other --title Five --amount 9 --date 2026-02-02 --as bola");
    desk.ok("event cancel E5 --reason typo --as bola");
    desk.ok("project add TOKYO --name T --currency JPY --as bola");
    desk.ok("token issue h2 7 --project TOKYO --date 2026-02-02 --as bola");
    desk.event_on("E3", "TOKYO", "1000", "2026-02-02");
    desk.at(NOW);
    desk
}

fn column<'a>(rows: &'a Value, field: &str) -> Vec<&'a str> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row[field].as_str().unwrap())
        .collect()
}

#[test]
fn the_history_lists_every_event_by_project_and_time() {
    let desk = desk();
    let rows = unchanged(&desk, || desk.json("report history"));
    assert_eq!(
        column(&rows, "code"),
        ["E1", "E2", "E4", "E5", "E3"],
        "LAGOS before TOKYO, then by date and code"
    );
    assert_eq!(
        column(&rows, "status"),
        ["active", "active", "calculated", "cancelled", "active"]
    );
    let mut shown = desk.json("event show E1");
    for list in ["deductions", "components", "exclusions"] {
        shown.as_object_mut().unwrap().remove(list);
    }
    for (field, value) in shown.as_object().unwrap() {
        assert_eq!(rows[0][field], *value, "a row has the event's fields");
    }
    let appended = "tax_amount net_amount carried_forward_amount held_amount";
    fields(&rows[0], appended);
    let owes = rows.as_array().unwrap().iter();
    let owes: Vec<bool> = owes.map(|row| !row["total_available"].is_null()).collect();
    assert_eq!(
        owes,
        [true, true, false, false, true],
        "nothing is available of what is not approved, or was cancelled"
    );
    assert_eq!(
        column(&desk.json("report history --type exit"), "code"),
        ["E4"]
    );
    assert_eq!(
        column(
            &desk.json("report history --from 2026-01-01 --project lagos"),
            "code"
        ),
        ["E2", "E4", "E5"]
    );
    assert_eq!(
        column(&desk.json("report history --to 2025-12-31"), "code"),
        ["E1"]
    );
    assert_eq!(
        column(
            &desk.json("report history --as-of 2025-12-29"),
            "total_withdrawn"
        ),
        ["50.00"]
    );
    desk.refused("report history --project NONE", 1, "project.unknown");
}

#[test]
fn the_analytics_add_up_to_the_history() {
    let desk = desk();
    let found = unchanged(&desk, || desk.json("report analytics"));
    fields(
        &found,
        "totals by_type by_project by_quarter by_year payment_days concentration top_holders per_token yields ageing formulas",
    );
    let totals = |row: &Value| {
        [
            "currency",
            "total_amount",
            "total_withdrawn",
            "total_pending",
            "total_available",
        ]
        .map(|field| row[field].as_str().unwrap().to_owned())
    };
    let whole: Vec<_> = found["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(totals)
        .collect();
    assert_eq!(
        whole,
        [
            ["JPY", "1000", "0", "0", "1000"],
            ["NGN", "160.00", "50.00", "50.00", "60.00"]
        ]
    );
    assert_eq!(
        column(&found["by_quarter"], "quarter"),
        ["2025-Q4", "2026-Q1", "2026-Q1"]
    );
    assert_eq!(
        column(&found["by_year"], "total_amount"),
        ["100.00", "1000", "60.00"]
    );
    assert_eq!(
        column(&found["by_project"], "share_percentage"),
        ["100", "100"]
    );
    assert_eq!(found["by_project"][0]["trend"].as_array().unwrap().len(), 8);
    let days = &found["payment_days"][0];
    assert_eq!(
        (
            &days["payments"],
            &days["average_days"],
            &days["median_days"]
        ),
        (&json!(1), &json!("0"), &json!("0"))
    );
    let spread = &found["concentration"][1];
    assert_eq!(
        (&spread["holders"], &spread["gini"], &spread["hhi"]),
        (&json!(3), &json!("0.1399"), &json!("3626.9834"))
    );
    assert_eq!(
        column(&found["top_holders"], "holder"),
        ["h2", "h1", "h2", "h3"]
    );
    assert_eq!(
        column(&found["per_token"], "amount_per_token"),
        ["25", "8.5714286", "142.8571429"]
    );
    assert_eq!(
        column(&found["per_token"], "cumulative_per_token"),
        ["25", "33.5714286", "142.8571429"]
    );
    assert_eq!(found["per_token"][1]["yield_percentage"], "6");
    assert_eq!(found["yields"][0]["distributed_12_months"], "160.00");
    assert_eq!(found["yields"][0]["yield_percentage"], "16");
    let unpaid = found["ageing"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["unpaid_amount"] != "0.00" && row["currency"] == "NGN");
    let unpaid: Vec<_> = unpaid
        .map(|row| {
            (
                row["age_days"].as_str().unwrap(),
                &row["allocations"],
                row["unpaid_amount"].as_str().unwrap(),
            )
        })
        .collect();
    let (of_all, of_others) = (json!(3), json!(2));
    assert_eq!(
        unpaid,
        [
            ("91-180", &of_all, "60.00"),
            ("181-365", &of_others, "50.00")
        ],
        "h1 is paid what E1 brought"
    );
}

#[test]
fn the_analytics_are_narrowed_to_a_project_and_to_days() {
    let desk = desk();
    let tokyo = desk.json("report analytics --project TOKYO");
    assert_eq!(column(&tokyo["totals"], "currency"), ["JPY"]);
    assert_eq!(tokyo["yields"], json!([]), "no NAV is known of it");
    let year = desk.json("report analytics --from 2025-01-01 --to 2025-12-31");
    assert_eq!(column(&year["totals"], "total_amount"), ["100.00"]);
    assert_eq!(
        year["yields"][0]["until"], "2025-12-31",
        "a period that is over is shown as of its last day"
    );
    let waits = |row: &&Value| row["unpaid_amount"] != "0.00";
    let ages: Vec<_> = year["ageing"]
        .as_array()
        .unwrap()
        .iter()
        .filter(waits)
        .map(|row| &row["age_days"])
        .collect();
    assert_eq!(
        ages,
        ["181-365"],
        "what is not paid today has waited until today"
    );
    let none = desk.json("report analytics --to 2024-12-31");
    assert_eq!((&none["totals"], &none["ageing"]), (&json!([]), &json!([])));
    desk.refused("report analytics --project NONE", 1, "project.unknown");
}

#[test]
fn a_payment_that_came_back_took_no_days() {
    let mut desk = desk();
    desk.ok("payment return P-1 --date 2026-06-30 --reason closed --as chi");
    assert_eq!(desk.json("report analytics")["payment_days"], json!([]));
    desk.at("2026-07-02T09:00:00.000000Z");
    let before = desk.json("report analytics --as-of 2026-06-29");
    assert_eq!(
        before["payment_days"][0]["payments"], 1,
        "it counted until it came back"
    );
    assert_eq!(
        desk.json("report analytics --as-of 2026-06-30")["payment_days"],
        json!([])
    );
}

#[test]
fn the_activity_shows_what_changed_and_nothing_else() {
    let mut desk = Desk::with_register();
    desk.at("2026-06-30T12:00:00.000000Z");
    let told = |desk: &Desk| {
        let rows = desk.json("report activity --from 2026-06-30");
        rows.as_array().unwrap().last().unwrap()["details"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    desk.ok("holder set h1 --name Renamed --as bola");
    assert_eq!(
        told(&desk),
        "name Name-h1 → Renamed",
        "an unchanged value is not shown, least of all as bank details"
    );
    desk.ok("holder set h1 --bank-name Other --account-name Else --as bola");
    assert_eq!(
        told(&desk),
        "bank details bank_name account_name",
        "a list of two is not a change from one to the other"
    );
    desk.ok("user set dayo --role approver --as ada");
    assert_eq!(told(&desk), "role auditor → approver");
}

#[test]
fn days_that_end_before_they_begin_are_refused() {
    let desk = desk();
    for report in [
        "history",
        "analytics",
        "activity",
        "reconciliation",
        "statement --holder h1",
    ] {
        let line = format!("report {report} --from 2026-02-02 --to 2026-02-01");
        let message = desk.refused(&line, 2, "usage.invalid");
        assert!(
            message.contains("the period ends on 2026-02-01, before it begins on 2026-02-02"),
            "{message}"
        );
    }
}

#[test]
fn the_activity_tells_each_entry_in_words() {
    let desk = desk();
    let rows = unchanged(&desk, || desk.json("report activity"));
    let log = desk.json("audit log");
    assert_eq!(
        rows.as_array().unwrap().len(),
        log.as_array().unwrap().len()
    );
    let find = |what: &str| {
        let found = rows
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["what"] == what);
        found
            .unwrap_or_else(|| panic!("no `{what}`: {rows}"))
            .clone()
    };
    let paid = find("payment recorded");
    assert_eq!(
        (&paid["subject"], &paid["performed_by"]),
        (&json!("W-000001"), &json!("bola"))
    );
    assert_eq!(
        paid["details"],
        "payment P-000001, holder h1, NGN 50.00, reference R1, payment date 2025-12-29, requested amount 50.00"
    );
    desk.refused("event approve E4 --as bola", 1, "user.forbidden");
    let refused = desk.json("report activity --user bola --from 2026-06-30");
    assert_eq!(refused[0]["what"], "refused: event approved");
    assert!(
        refused[0]["details"].as_str().unwrap().contains("bola"),
        "{refused}"
    );
    assert_eq!(
        desk.json("report activity --withdrawal W-1")
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(
        desk.json("report activity --event E5")
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let early = desk.json("report activity --to 2025-12-31");
    assert_eq!(early, desk.json("report activity --as-of 2025-12-31"));
    desk.refused(
        "report activity --event E2 --as-of 2025-12-31",
        1,
        "event.unknown",
    );
}

#[test]
fn no_account_number_is_in_the_activity() {
    let desk = desk();
    for format in ["table", "csv", "json"] {
        let text = desk.ok(&format!("report activity -f {format}")).stdout;
        for number in ["0123456101", "0123456132", "0123456163"] {
            assert!(!text.contains(number), "{text}");
        }
    }
}

#[test]
fn the_formulas_are_in_the_data_and_not_on_the_terminal() {
    let desk = desk();
    assert!(
        desk.json("report analytics")["formulas"]
            .to_string()
            .contains("Herfindahl-Hirschman")
    );
    assert!(!desk.ok("report analytics").stdout.contains("formulas"));
}

#[test]
fn workbooks_of_figures_hold_what_csv_holds() {
    let desk = desk();
    for report in ["report history", "report activity", "report analytics"] {
        assert!(same_as_csv(&desk, report) > 0);
    }
}
