//! Rows, fields and order of lists, from the outside.

use crate::support::Desk;

/// The first field of each row of a list, as CSV.
fn column(desk: &Desk, line: &str) -> Vec<String> {
    let ran = desk.ok(&format!("{line} --format csv"));
    let rows = ran.stdout.lines().skip(1);
    rows.map(|row| row.split(',').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_list_is_sorted_cut_and_filtered() {
    let desk = Desk::with_bank();
    let list = "withdrawal list --fields code";
    assert_eq!(
        column(&desk, &format!("{list} --sort requested_amount")),
        ["W-000003", "W-000002", "W-000001"]
    );
    assert_eq!(
        column(&desk, &format!("{list} --sort -requested_amount --limit 1")),
        ["W-000001"]
    );
    assert_eq!(
        column(&desk, &format!("{list} --sort currency,requested_amount")),
        ["W-000003", "W-000002", "W-000001"]
    );
    assert_eq!(
        column(
            &desk,
            &format!("{list} --where holder=h2 --where holder=H3")
        ),
        ["W-000002", "W-000003"]
    );
    assert_eq!(
        column(&desk, &format!("{list} --where requested_amount=20")),
        ["W-000002"]
    );
    assert!(
        column(
            &desk,
            &format!("{list} --where holder=h2 --where status=paid")
        )
        .is_empty()
    );
    assert_eq!(column(&desk, "holder list --search BÉLLO"), ["h2"]);
    let ran = desk.ok("withdrawal list --limit 2");
    assert!(
        ran.stderr
            .starts_with("the first 2 withdrawals; there are more · as of"),
        "{}",
        ran.stderr
    );
    let ran = desk.ok("withdrawal list --limit 3");
    assert!(
        ran.stderr.starts_with("3 withdrawals · as of"),
        "{}",
        ran.stderr
    );
}

#[test]
fn fields_are_those_of_csv_and_json_in_the_order_asked_for() {
    let desk = Desk::with_bank();
    let line = "withdrawal list --where code=W-000002 --fields requested_by,code,requested_amount";
    let csv = desk.ok(&format!("{line} --format csv"));
    assert_eq!(
        csv.stdout,
        "requested_by,code,requested_amount\nbola,W-000002,20.00\n"
    );
    let json = desk.ok(&format!("{line} --format json"));
    assert_eq!(
        json.stdout.replace(['\n', ' '], ""),
        r#"[{"requested_by":"bola","code":"W-000002","requested_amount":"20.00"}]"#
    );
    // A field that is for programs otherwise is in a table that asks for it.
    let table = desk.ok(&format!("{line},id"));
    assert!(
        table
            .stdout
            .starts_with("requested by  withdrawal  requested  UUID"),
        "{}",
        table.stdout
    );
}

#[test]
fn an_unknown_field_is_answered_with_the_one_that_is_meant() {
    let desk = Desk::with_event();
    for (line, answer) in [
        (
            "withdrawal list --sort requested_amont",
            "did you mean `requested_amount`?",
        ),
        (
            "withdrawal list --fields requested",
            "did you mean `requested_amount`?",
        ),
        (
            "withdrawal list --where paid=1",
            "did you mean `payment_amount`?",
        ),
        ("holder list --sort nmae", "did you mean `name`?"),
    ] {
        let ran = desk.run(line);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert!(
            ran.stderr.contains("this list has no field"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains("; its fields: "), "{}", ran.stderr);
        assert!(ran.stderr.contains(answer), "{line}: {}", ran.stderr);
    }
    for (line, answer) in [
        (
            "withdrawal list --where requested_amount=ten",
            "`requested_amount` is a number",
        ),
        ("withdrawal list --where status", "write FIELD=VALUE"),
        ("withdrawal list --limit 0", "--limit"),
        (
            "event list --where distribution_date=31/12/2026",
            "is a date as YYYY-MM-DD",
        ),
    ] {
        let ran = desk.run(line);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert!(ran.stderr.contains(answer), "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_masked_number_is_found_only_as_it_is_shown() {
    let desk = Desk::with_event();
    let list = "holder list --fields code --where account_number=";
    assert_eq!(column(&desk, &format!("{list}0123456101")), [""; 0]);
    assert_eq!(column(&desk, &format!("{list}******6101")), ["h1"]);
    assert_eq!(
        column(&desk, &format!("{list}0123456101 --show-pii --as bola")),
        ["h1"]
    );
}

#[test]
fn lists_have_the_states_and_projects_of_their_nouns() {
    let desk = Desk::with_bank();
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("holder add h9 --name Nobody --as bola");
    desk.ok("holder block h3 --reason sanctioned --as bola");
    assert_eq!(
        column(&desk, "holder list --project LAGOS"),
        ["h1", "h2", "h3"]
    );
    assert!(column(&desk, "holder list --project ABUJA").is_empty());
    assert_eq!(column(&desk, "holder list --status blocked"), ["h3"]);
    desk.ok("user set dayo --status inactive --as ada");
    assert_eq!(column(&desk, "user list --status inactive"), ["dayo"]);
    assert_eq!(column(&desk, "bank list --project LAGOS"), ["OPS"]);
    assert!(column(&desk, "bank list --project ABUJA").is_empty());
    assert!(column(&desk, "payment list --project LAGOS").is_empty());
    assert!(column(&desk, "payment file list --status open --account OPS").is_empty());
}

#[test]
fn totals_leave_out_what_does_not_count_and_say_so() {
    let desk = Desk::with_event();
    for (holder, amount) in [("h1", 30), ("h2", 20), ("h3", 10)] {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --amount {amount} --as bola"
        ));
    }
    desk.ok("withdrawal cancel W-2 --as bola");
    desk.ok("withdrawal reject W-3 --reason wrong --as chi");
    let ran = desk.ok("withdrawal list --fields code,requested_amount");
    let end: Vec<&str> = ran.stdout.lines().rev().take(2).map(str::trim).collect();
    assert_eq!(
        end,
        [
            "not in the totals: 1 cancelled, 1 rejected",
            "total NGN       30.00"
        ]
    );
    let all = desk.ok("withdrawal list --status pending --fields code,requested_amount");
    assert!(!all.stdout.contains("not in the totals"), "{}", all.stdout);
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused_everywhere() {
    let desk = Desk::with_bank();
    for line in [
        "audit log",
        "report activity",
        "bank lines OPS",
        "event list",
        "report history",
        "report controls",
        "report reconciliation",
        "report statement h1",
    ] {
        let ran = desk.run(&format!("{line} --from 2026-05-01 --to 2026-04-30"));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{line}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr
                .contains("the period ends on 2026-04-30, before it begins on 2026-05-01"),
            "{line}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_count_next_to_a_list_does_not_depend_on_its_limit() {
    let mut desk = Desk::with_event();
    desk.ok("audit log --limit 1");
    let rows = column(&desk, "audit log --limit 2 --fields seq");
    assert_eq!(rows, ["1", "2"]);
    desk.at("2027-07-01T09:00:00.000000Z");
    desk.ok("forward list --limit 1");
    desk.ok("tax due --limit 1");
}
