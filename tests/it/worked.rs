//! The worked example of named balances: gross proceeds of 1,000.00, a reserve of 100.00, 10 % tax, a
//! minimum of 200.00, tokens a 50, b 30 (blocked), c 15, treasury 5 (retained). What is distributed is
//! 900.00 = 45.00 retained + 450.00 + 270.00 + 135.00, and:
//!
//! | | gross | tax | net | |
//! |---|---|---|---|---|
//! | a | 450.00 | 45.00 | 405.00 | paid 200.00, pending 100.00, available 105.00 |
//! | b | 270.00 | 27.00 | 243.00 | available 243.00, held |
//! | c | 135.00 | 13.50 | 121.50 | below the minimum: carried forward |

use serde_json::{Value, json};

use crate::{
    export::books::{BEAN, STRICT, balances, holds},
    support::{Desk, has_program},
};

const PROFILE: &str = "name = \"ten\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n\
    [[rule]]\nrate = \"10\"\n[[authority]]\ncode = \"NRS\"\nremit_day = 21\n";

/// The holders, their tokens, the profile, the exclusion and the block.
fn register() -> Desk {
    let desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos-Tower --as bola");
    for (holder, tokens, account) in [
        ("a", 50, "0123456101"),
        ("b", 30, "0123456132"),
        ("c", 15, "0123456163"),
        ("treasury", 5, "0123456194"),
    ] {
        desk.ok(&format!(
            "holder add {holder} --name Name-{holder} --bank-name GTBank --account-number {account} --as bola"
        ));
        desk.ok(&format!(
            "token issue {holder} {tokens} --project LAGOS --date 2026-01-01 --as bola"
        ));
    }
    desk.write("ten.toml", PROFILE);
    desk.ok("project set LAGOS --tax-profile ten.toml --as bola");
    desk.ok("project exclude treasury --project LAGOS --policy retain --reason treasury --from 2026-01-01 --as bola");
    desk.ok("holder block b --reason court --as bola");
    desk
}

/// The event of the example, calculated.
fn calculated(desk: &Desk, event: &str, date: &str) -> Value {
    desk.ok(&format!(
        "event create {event} --project LAGOS --type revenue --title Rent --gross 1000 --minimum 200 --date {date} --as bola"
    ));
    desk.ok(&format!(
        "event deduct {event} --kind reserve --name Roof --amount 100 --as bola"
    ));
    desk.json(&format!("event calculate {event} --as bola"))
}

/// The example up to what is requested and paid.
fn example() -> Desk {
    let desk = register();
    calculated(&desk, "E1", "2026-06-30");
    desk.ok("event approve E1 --as chi");
    desk.ok("withdrawal request --event E1 --holder a --amount 200 --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-06-30 --yes --as bola");
    desk.ok("withdrawal request --event E1 --holder a --amount 100 --as bola");
    desk
}

/// Reads fields of an object as text; null is `-`.
fn texts(of: &Value, fields: &str) -> Vec<String> {
    let text = |field: &str| match &of[field] {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            other.to_string()
        }
    };
    fields.split_whitespace().map(text).collect()
}

/// Reads fields of each row.
fn table(rows: &Value, fields: &str) -> Vec<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| texts(row, fields).join(" ")).collect()
}

/// Adds amounts with two decimals, in hundredths.
fn kobo(of: &Value, fields: &[&str]) -> i64 {
    let amount = |field: &&str| of[*field].as_str().unwrap().replace('.', "");
    let amounts = fields.iter().map(amount);
    amounts.map(|text| text.parse::<i64>().unwrap()).sum()
}

#[test]
fn every_report_shows_the_worked_example() {
    let desk = example();
    event_and_allocations(&desk);
    holders(&desk);
    analytics(&desk);
    pack(&desk);
    desk.sound();
}

fn event_and_allocations(desk: &Desk) {
    let event = desk.json("event show E1");
    let fields = "gross_proceeds deductions_total total_amount total_retained total_allocated total_tax total_net \
        total_brought_forward total_carried_forward total_withdrawn total_pending total_available rate_per_unit rounding \
        minimum_payout tax_profile tax_exempt_reason amount_per_token holders holders_without_money";
    assert_eq!(
        texts(&event, fields).join(" "),
        "1000.00 100.00 900.00 45.00 855.00 85.50 769.50 0.00 121.50 200.00 100.00 348.00 - - 200.00 ten - 9.00 3 0"
    );
    assert_eq!(
        table(&event["deductions"], "position name kind given amount rest"),
        ["1 Roof reserve 100.00 100.00 900.00"]
    );
    assert_eq!(
        table(&event["exclusions"], "holder tokens policy part"),
        ["treasury 5 retain 45.00"]
    );
    let csv = desk.ok("event allocations E1 -f csv").stdout;
    assert_eq!(
        csv.lines().next().unwrap(),
        "id,event,holder,holder_name,lp_tokens_held,ownership_percentage,allocated_amount,withdrawn_amount,pending_amount,\
         available_amount,status,assigned_amount,tax_rate,tax_reason,tax_amount,net_amount,brought_forward_amount,\
         carried_forward_amount,available_as"
    );
    let rows = "holder allocated_amount tax_amount net_amount withdrawn_amount pending_amount available_amount \
        brought_forward_amount carried_forward_amount available_as status";
    let expected = [
        "a 450.00 45.00 405.00 200.00 100.00 105.00 0.00 0.00 payable partially_withdrawn",
        "b 270.00 27.00 243.00 0.00 0.00 243.00 0.00 0.00 held allocated",
        "c 135.00 13.50 121.50 0.00 0.00 0.00 0.00 121.50 - settled",
    ];
    for list in ["event allocations E1", "report allocations E1"] {
        assert_eq!(table(&desk.json(list), rows), expected, "{list}");
    }
    let all = desk.json("event allocations E1 --all");
    assert_eq!(table(&all, rows)[..3], expected);
    assert_eq!(
        texts(&all[3], "holder allocated_amount status available_as part"),
        ["treasury", "0.00", "excluded", "-", "45.00"]
    );
    let explained = |holder: &str| {
        let explained = desk.json(&format!("event explain E1 {holder}"));
        let fields = "exact_share floor_amount spare_unit own_amount allocated_amount exact_tax tax_amount net_amount \
            entitlement_amount minimum_payout payable_amount carried_forward_amount available_amount available_as";
        texts(&explained, fields)
    };
    assert_eq!(
        explained("a")[..12],
        [
            "900.00 × 50 ÷ 100",
            "450.00",
            "false",
            "450.00",
            "450.00",
            "450.00 x 10 % = 45.00",
            "45.00",
            "405.00",
            "405.00",
            "200.00",
            "405.00",
            "0.00"
        ]
    );
    assert_eq!(
        explained("c")[7..],
        ["121.50", "121.50", "200.00", "0.00", "121.50", "0.00", "-"]
    );
    assert_eq!(explained("b")[12..], ["243.00", "held"]);
    let of_a = desk.json("event explain E1 a");
    assert_eq!(
        table(
            &of_a["taxes"],
            "authority period due_date tax_amount remittance"
        ),
        ["NRS 2026-06 2026-07-21 45.00 -"]
    );
    assert_eq!(of_a["exclusions"][0]["holder"], "treasury");
}

fn holders(desk: &Desk) {
    let fields = "allocated_amount withdrawn_amount pending_amount available_amount tax_amount net_amount \
        carried_forward_amount held_amount";
    let expected = [
        ("a", "450.00 200.00 100.00 105.00 45.00 405.00 0.00 0.00"),
        ("b", "270.00 0.00 0.00 243.00 27.00 243.00 0.00 243.00"),
        ("c", "135.00 0.00 0.00 0.00 13.50 121.50 121.50 0.00"),
    ];
    let rows = desk.json("report balances");
    assert_eq!(
        table(&rows, fields),
        expected.map(|(_, amounts)| amounts),
        "the balances"
    );
    for (holder, amounts) in expected {
        let portfolio = desk.json(&format!("report portfolio --holder {holder}"));
        for list in ["totals", "events"] {
            assert_eq!(
                table(&portfolio[list], fields),
                [amounts],
                "{list} of {holder}"
            );
        }
        assert_eq!(
            portfolio["events"][0]["amount_per_token"], "9",
            "before tax"
        );
        let statement = desk.json(&format!("report statement --holder {holder}"));
        let balance = &statement["balances"][0];
        assert_eq!(
            kobo(balance, &["closing_balance"]),
            kobo(
                balance,
                &[
                    "pending_amount",
                    "available_amount",
                    "carried_forward_amount"
                ]
            )
        );
        assert_eq!(
            kobo(
                balance,
                &["opening_balance", "allocated_amount", "returned_amount"]
            ),
            kobo(
                balance,
                &[
                    "closing_balance",
                    "tax_amount",
                    "cancelled_amount",
                    "paid_amount"
                ]
            )
        );
    }
    let statement = desk.json("report statement --holder a");
    let of_currency = "opening_balance allocated_amount tax_amount net_amount paid_amount closing_balance pending_amount \
        available_amount carried_forward_amount held_amount";
    assert_eq!(
        texts(&statement["balances"][0], of_currency).join(" "),
        "0.00 450.00 45.00 405.00 200.00 205.00 100.00 105.00 0.00 0.00"
    );
    let movement = "movement amount balance allocated_amount tax_amount net_amount forward_amount";
    assert_eq!(
        table(&statement["movements"], movement),
        [
            "allocated 405.00 405.00 450.00 45.00 405.00 0.00",
            "paid -200.00 205.00 - - - 0.00"
        ]
    );
    let of_c = desk.json("report statement --holder c");
    assert_eq!(
        table(&of_c["movements"], movement),
        [
            "allocated 121.50 121.50 135.00 13.50 121.50 0.00",
            "carried_forward 0.00 121.50 - - - 121.50"
        ]
    );
    let of_b = desk.json("report statement --holder b");
    assert_eq!(of_b["balances"][0]["held_amount"], "243.00");
    let text = desk.ok("report statement --holder a").stdout;
    assert!(
        text.contains("tax withheld") && !text.contains("tax paid"),
        "{text}"
    );
}

fn analytics(desk: &Desk) {
    let history =
        "total_amount total_available tax_amount net_amount carried_forward_amount held_amount";
    assert_eq!(
        table(&desk.json("report history"), history),
        ["900.00 348.00 85.50 769.50 121.50 243.00"]
    );
    let analytics = desk.json("report analytics");
    let group = "total_amount total_withdrawn total_pending total_available tax_amount net_amount carried_forward_amount \
        held_amount retained_amount";
    for table_name in ["totals", "by_type", "by_project", "by_quarter", "by_year"] {
        assert_eq!(
            table(&analytics[table_name], group),
            ["900.00 200.00 100.00 348.00 85.50 769.50 121.50 243.00 45.00"],
            "{table_name}"
        );
        adds_up(&analytics[table_name][0]);
    }
    assert_eq!(analytics["per_token"][0]["amount_per_token"], "9");
    let held = "age_days pending_amount available_amount held_amount";
    assert_eq!(
        table(&analytics["ageing"], held)[0],
        "0-30 100.00 348.00 243.00"
    );
    let page = page(desk);
    for (field, value) in [
        ("total_amount", "900.00"),
        ("tax_amount", "85.50"),
        ("carried_forward_amount", "121.50"),
        ("retained_amount", "45.00"),
        ("held_amount", "243.00"),
    ] {
        let figure = format!(
            "data-table=\"totals\" data-row=\"0\" data-field=\"{field}\" data-value=\"{value}\""
        );
        assert!(page.contains(&figure), "{figure}");
    }
    for words in [
        "85.50 is tax.",
        "121.50 is carried forward.",
        "45.00 is retained.",
        "Gross per token",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

/// A group's parts are what is distributed.
fn adds_up(group: &Value) {
    let parts = [
        "total_withdrawn",
        "total_pending",
        "total_available",
        "tax_amount",
        "carried_forward_amount",
        "retained_amount",
    ];
    assert_eq!(
        kobo(group, &["total_amount"]),
        kobo(group, &parts),
        "{group}"
    );
    assert_eq!(
        kobo(group, &["total_amount"]),
        kobo(group, &["net_amount", "tax_amount", "retained_amount"])
    );
}

fn page(desk: &Desk) -> String {
    desk.ok("report dashboard -o page.html --force");
    std::fs::read_to_string(desk.path().join("page.html")).unwrap()
}

fn pack(desk: &Desk) {
    desk.ok("report month-end 2026-06 -o june");
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(desk.path().join("june").join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    assert_eq!(
        table(
            &read("tax.json"),
            "authority period currency items gross_amount tax_amount payable due_date overdue_days remitted_amount overdue_amount"
        ),
        ["NRS 2026-06 NGN 1 855.00 85.50 85.50 2026-07-21 0 0.00 0.00"]
    );
    assert_eq!(
        table(&read("reserves.json"), "project name balance"),
        ["LAGOS Roof 100.00"]
    );
    assert_eq!(
        table(
            &read("carried-forward.json"),
            "project holder currency balance oldest_date events"
        ),
        ["LAGOS c NGN 121.50 2026-06-30 E1"]
    );
    assert_eq!(read("balances.json"), desk.json("report balances"));
    assert_eq!(read("history.json"), desk.json("report history"));
    let sums = std::fs::read_to_string(desk.path().join("june/SHA256SUMS")).unwrap();
    for file in ["tax.csv", "reserves.csv", "carried-forward.csv"] {
        assert!(sums.contains(file), "{sums}");
    }
}

#[test]
fn the_books_of_the_worked_example_balance_with_and_without_its_deductions() {
    if !has_program("hledger") || !has_program("bean-check") {
        return;
    }
    let mut desk = example();
    let shown = |desk: &Desk, flags: &str| -> Vec<String> {
        let hledger = desk.ok(&format!("export hledger {flags}")).stdout;
        let beancount = desk.ok(&format!("export beancount {flags}")).stdout;
        holds(desk, &STRICT, &hledger);
        holds(desk, &BEAN, &beancount);
        let found = balances(desk, &hledger, &[]).into_iter();
        found
            .map(|((account, _), sum)| format!("{account} {sum}"))
            .collect()
    };
    let owed = [
        "liabilities:holders:LAGOS:a:available -105.00",
        "liabilities:holders:LAGOS:a:pending -100.00",
        "liabilities:holders:LAGOS:b:available -243.00",
        "liabilities:holders:LAGOS:c:carried forward -121.50",
        "liabilities:withholding tax:NRS -85.50",
    ];
    let paid = "assets:unassigned payments -200.00";
    let declared = "equity:distributions:LAGOS 855.00";
    let plain = [&[paid, declared][..], &owed].concat();
    assert_eq!(shown(&desk, ""), plain, "what is retained has no entry");
    let own = [
        paid,
        declared,
        "equity:funding 1000.00",
        "equity:reserves:LAGOS -100.00",
        "equity:set aside:LAGOS 100.00",
        "income:proceeds:LAGOS -1000.00",
    ];
    let whole = [&own[..], &owed].concat();
    assert_eq!(shown(&desk, "--with-deductions"), whole);
    // A fee is an expense, what is released comes back, and a cancelled event undoes all of it.
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("event create E2 --project LAGOS --type revenue --title Rent2 --gross 500 --date 2026-07-01 --as bola");
    desk.ok("event deduct E2 --kind fee --name Fee --percent 2 --of gross --as bola");
    desk.ok("event deduct E2 --kind release --name Roof --amount 40 --as bola");
    desk.ok("event calculate E2 --as bola");
    desk.ok("event approve E2 --as chi");
    let books = shown(&desk, "--with-deductions");
    for line in [
        "expenses:deductions:LAGOS:fee 10.00",
        "income:proceeds:LAGOS -1500.00",
        "equity:reserves:LAGOS -60.00",
        "equity:set aside:LAGOS 60.00",
        "equity:funding 1490.00",
    ] {
        assert!(books.contains(&line.to_owned()), "{line}: {books:?}");
    }
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("event cancel E2 --reason typo --yes --as bola");
    desk.ok(
        "tax remit --authority NRS --period 2026-06 --reference T1 --date 2026-07-02 --as bola",
    );
    let books = shown(&desk, "--with-deductions");
    for line in [
        "income:proceeds:LAGOS -1000.00",
        "equity:reserves:LAGOS -100.00",
        "assets:unassigned payments -285.50",
    ] {
        assert!(books.contains(&line.to_owned()), "{line}: {books:?}");
    }
    let gone = ["withholding tax", "expenses:deductions"];
    assert!(
        !books
            .iter()
            .any(|line| gone.iter().any(|gone| line.contains(gone))),
        "remitted and undone: {books:?}"
    );
    assert_eq!(
        shown(&desk, "--with-deductions --as-of 2026-06-30"),
        whole,
        "the books of a past day"
    );
    let taxes = &desk.json("event explain E1 a")["taxes"];
    assert_eq!(
        table(taxes, "authority remittance reference payment_date"),
        ["NRS T-000001 T1 2026-07-02"]
    );
    desk.sound();
}

#[test]
fn what_is_brought_forward_is_shown_and_adds_up() {
    let mut desk = example();
    desk.at("2026-07-01T09:00:00.000000Z");
    // c: 135.00 − 13.50 + 121.50 = 243.00, above the minimum.
    let calculated = calculated(&desk, "E2", "2026-07-01");
    let carrying = "brought_forward_amount carried_forward_amount payable_amount";
    assert_eq!(
        texts(&calculated, carrying),
        ["121.50", "0.00", "891.00"],
        "as the approval would do it"
    );
    assert_eq!(
        texts(&calculated, "total_brought_forward total_carried_forward"),
        ["0.00", "0.00"],
        "nothing has moved yet"
    );
    let dry = desk.json("event approve E2 --dry-run --as chi");
    let approved = desk.json("event approve E2 --as chi");
    for shown in [&dry, &approved] {
        assert_eq!(texts(shown, carrying), ["121.50", "0.00", "891.00"]);
        assert_eq!(
            texts(shown, "total_brought_forward last_event lp_tokens_change"),
            ["121.50", "E1", "0"]
        );
    }
    let analytics = desk.json("report analytics");
    assert_eq!(
        table(
            &analytics["by_quarter"],
            "quarter total_amount total_available carried_forward_amount"
        ),
        [
            "2026-Q2 900.00 348.00 121.50",
            "2026-Q3 900.00 891.00 -121.50"
        ]
    );
    for name in ["totals", "by_type", "by_project", "by_quarter", "by_year"] {
        for group in analytics[name].as_array().unwrap() {
            adds_up(group);
        }
    }
    assert!(page(&desk).contains("reaches higher than what it distributed"));
    let statement = desk.json("report statement --holder c");
    assert_eq!(
        table(
            &statement["movements"],
            "movement event amount forward_amount balance"
        ),
        [
            "allocated E1 121.50 0.00 121.50",
            "carried_forward E1 0.00 121.50 121.50",
            "allocated E2 121.50 0.00 243.00",
            "brought_forward E2 0.00 -121.50 243.00",
        ]
    );
    desk.sound();
}

#[test]
fn available_money_is_what_the_day_says() {
    let mut desk = example();
    let parts = |desk: &Desk, flags: &str| {
        table(
            &desk.json(&format!("event allocations E1 {flags}")),
            "holder available_amount available_as",
        )
    };
    let then = ["a 105.00 payable", "b 243.00 held", "c 0.00 -"];
    assert_eq!(parts(&desk, ""), then);
    let reports = [
        "report balances",
        "report history",
        "report portfolio --holder b",
        "report statement --holder b",
        "report analytics",
        "event allocations E1 --all",
    ];
    let printed = reports.map(|report| desk.ok(&format!("{report} -f json")).stdout);
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("holder unblock b --reason lifted --as ada");
    desk.ok("holder account remove a --as bola");
    assert_eq!(
        parts(&desk, ""),
        ["a 105.00 unpayable", "b 243.00 payable", "c 0.00 -"]
    );
    desk.refused(
        "withdrawal request --event E1 --holder a --amount 5 --as bola",
        1,
        "holder.no_bank_details",
    );
    // An account in another currency does not help, and one in this currency does.
    desk.ok(
        "holder account set a --currency USD --bank-name B --account-number 5550000011 --as bola",
    );
    assert_eq!(parts(&desk, "")[0], "a 105.00 unpayable");
    desk.ok(
        "holder account set a --currency NGN --bank-name B --account-number 5550000012 --as bola",
    );
    assert_eq!(parts(&desk, "")[0], "a 105.00 payable");
    desk.ok("withdrawal request --event E1 --holder a --all --as bola");
    assert_eq!(parts(&desk, "")[0], "a 0.00 -", "all of it is asked for");
    assert_eq!(desk.json("report balances")[1]["held_amount"], "0.00");
    assert_eq!(parts(&desk, "--as-of 2026-06-30"), then, "the day before");
    for (report, printed) in reports.iter().zip(&printed) {
        let again = desk
            .ok(&format!("{report} --as-of 2026-06-30 -f json"))
            .stdout;
        assert_eq!(&again, printed, "{report}");
    }
    desk.sound();
}

#[test]
fn the_folder_of_a_month_is_as_of_its_end() {
    let mut desk = example();
    desk.ok("report month-end 2026-06 -o june");
    desk.at("2026-08-01T09:00:00.000000Z");
    desk.ok("holder unblock b --reason lifted --as ada");
    desk.ok(
        "tax remit --authority NRS --period 2026-06 --reference T1 --date 2026-07-31 --as bola",
    );
    desk.ok("forward release c --project LAGOS --event E1 --reason left --as bola");
    desk.ok("event create E2 --project LAGOS --type revenue --title Rent2 --gross 500 --date 2026-08-01 --as bola");
    desk.ok("event deduct E2 --kind release --name Roof --amount 40 --as bola");
    desk.ok("event calculate E2 --as bola");
    desk.ok("event approve E2 --as chi");
    desk.ok("report month-end 2026-06 -o again");
    desk.ok("report month-end 2026-07 -o july");
    let read = |folder: &str, file: &str| {
        std::fs::read_to_string(desk.path().join(folder).join(file)).unwrap()
    };
    for file in [
        "tax.csv",
        "reserves.csv",
        "carried-forward.csv",
        "balances.csv",
        "history.csv",
        "analytics.csv",
        "trial-balance.csv",
    ] {
        assert_eq!(read("again", file), read("june", file), "{file}");
    }
    // Nothing was recorded in July: the tax of June was due on the 21st, and is overdue at its end.
    assert_eq!(
        read("july", "tax.csv"),
        "authority,period,currency,items,gross_amount,tax_amount,payable,due_date,overdue_days,remitted_amount,overdue_amount\n\
         NRS,2026-06,NGN,1,855.00,85.50,85.50,2026-07-21,10,0.00,85.50\n"
    );
    assert_eq!(read("july", "reserves.csv"), read("june", "reserves.csv"));
    desk.ok("report month-end 2026-08 -o august");
    assert!(
        read("august", "tax.csv").contains(",85.50,0.00,2026-07-21,0,85.50,0.00\n"),
        "{}",
        read("august", "tax.csv")
    );
    assert_eq!(
        read("august", "carried-forward.csv").lines().count(),
        1,
        "released to c"
    );
    assert!(read("august", "reserves.csv").contains("LAGOS,Roof,NGN,60.00,"));
    desk.sound();
}

#[test]
fn components_have_their_tax_and_their_rate_if_all_holders_have_one() {
    let desk = register();
    desk.ok("event create X1 --project LAGOS --type revenue --title Sale --amount 1000 --component income=600 --component return_of_capital=rest --date 2026-06-30 --as bola");
    let draft = desk.json("event show X1");
    let fields = "name amount rate tax";
    assert_eq!(
        table(&draft["components"], fields),
        ["income - - -", "return_of_capital - - -"]
    );
    assert_eq!(texts(&draft, "holders holders_without_money"), ["-", "-"]);
    desk.ok("event calculate X1 --as bola");
    // Of 950.00: a 500.00, b 300.00, c 150.00; the treasury's 50.00 is retained and not taxed.
    assert_eq!(
        table(&desk.json("event show X1")["components"], fields),
        [
            "income 600.00 10 57.00",
            "return_of_capital 400.00 10 38.00"
        ]
    );
    desk.ok("tax certificate add a --kind exemption --reference R --from 2026-01-01 --until 2026-12-31 --component income --as bola");
    desk.ok("tax certificate approve X-1 --as ada");
    desk.ok("event calculate X1 --as bola");
    assert_eq!(
        table(&desk.json("event show X1")["components"], fields),
        ["income 600.00 - 27.00", "return_of_capital 400.00 10 38.00"]
    );
    desk.ok("event approve X1 --as chi");
    desk.sound();
    let list = desk.json("event list");
    assert_eq!(texts(&list[0], "holders holders_without_money"), ["3", "0"]);
    for sql in [
        "UPDATE event_components SET tax_amount = '26.0000000' WHERE name = 'income' AND removed_at IS NULL",
        "UPDATE distribution_events SET holders_without_money = 1",
    ] {
        desk.tamper(sql);
    }
    let found = desk.run("check -f json").stdout;
    for words in [
        "the tax of the component `income` of `X1` is 26.00, but its allocations add up to 27.00",
        "`X1` counts 3 holders, 1 of them without money, but it has 3 allocations, 0 of them zero",
    ] {
        assert!(found.contains(words), "{words}: {found}");
    }
}

#[test]
fn an_explanation_divides_by_the_tokens_that_count() {
    let desk = register();
    desk.ok("event create S1 --project LAGOS --type revenue --title S --amount 1000 --date 2026-06-30 --as bola");
    desk.ok("event exclude S1 treasury --policy redistribute --reason treasury --as bola");
    desk.ok("event exclude S1 b --policy assign:c --reason sold --as bola");
    desk.ok("event calculate S1 --as bola");
    let explained = desk.json("event explain S1 c");
    let fields = "snapshot_total_lp_tokens counted_lp_tokens exact_share floor_amount spare_unit own_amount assigned_amount \
        allocated_amount payable_amount";
    // Over 95 tokens: 157.894… and b's 315.789…, of which each is rounded up with a spare kobo.
    assert_eq!(
        texts(&explained, fields).join(" "),
        "100 95 1,000.00 × 15 ÷ 95 157.89 false 157.89 315.79 473.68 -"
    );
    assert_eq!(
        table(&explained["exclusions"], "holder policy assign_to"),
        ["b assign c", "treasury redistribute -"]
    );
    assert_eq!(explained["taxes"], json!([]), "nothing is owed yet");
}
