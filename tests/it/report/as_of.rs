//! A past day, shown again: each report of a day is, byte for byte, what the same report printed on
//! that day.

use std::{cell::RefCell, collections::BTreeSet, process::Command};

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

use crate::support::{Desk, Ran, naira};

/// The reports that are compared. What they print on standard error under a table is compared too.
const REPORTS: [&str; 22] = [
    "report history -f json",
    "report history",
    "report portfolio --holder h1 -f json",
    "report portfolio --holder h2 --project LAGOS -f csv",
    "report balances -f csv",
    "report balances --project KUWAIT",
    "report allocations E1 -f csv",
    "report allocations E2",
    "report statement --holder h1 -f json",
    "report statement --holder h3 --from 2026-03-30",
    "report activity -f csv",
    "report analytics -f json",
    "report controls -f json",
    "report reconciliation -f json",
    "export hledger",
    "export beancount",
    "export hledger --with-deductions",
    "event allocations E5 --all -f json",
    "report portfolio --holder h3 --project ABUJA -f json",
    "tax due -f csv",
    "forward list -f json",
    "reserve list --movements -f csv",
];

const DAYS: [&str; 7] = [
    "2026-03-28",
    "2026-03-30",
    "2026-03-31",
    "2026-04-01",
    "2026-04-02",
    "2026-04-09",
    "2026-05-01",
];

/// What may happen on a day; numbers choose among what is there. What a rule refuses is part of the
/// history too.
#[derive(Clone, Debug)]
enum Step {
    Issue(u8, u8),
    Transfer(u8, u8),
    Nav(u16),
    Rename(u8),
    Block(u8),
    Create(u8, u16),
    Calculate(u8),
    ApproveEvent(u8),
    CancelEvent(u8),
    Request(u8, u8, u8),
    RequestAll(u8),
    Approve(u8),
    Reject(u8),
    Cancel(u8),
    Pay(u8, u8),
    Return(u8),
    File(u8),
    Bank(u8),
    Reconcile,
    Deduct(u8),
    Release(u8),
    Remit(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<u8>;
    prop_oneof![
        1 => (any(), any()).prop_map(|(holder, tokens)| Step::Issue(holder, tokens)),
        1 => (any(), any()).prop_map(|(from, tokens)| Step::Transfer(from, tokens)),
        1 => prop::num::u16::ANY.prop_map(Step::Nav),
        1 => any().prop_map(Step::Rename),
        1 => any().prop_map(Step::Block),
        3 => (any(), prop::num::u16::ANY).prop_map(|(event, amount)| Step::Create(event, amount)),
        3 => any().prop_map(Step::Calculate),
        4 => any().prop_map(Step::ApproveEvent),
        1 => any().prop_map(Step::CancelEvent),
        4 => (any(), any(), any()).prop_map(|(event, holder, amount)| Step::Request(event, holder, amount)),
        2 => any().prop_map(Step::RequestAll),
        5 => any().prop_map(Step::Approve),
        2 => any().prop_map(Step::Reject),
        3 => any().prop_map(Step::Cancel),
        5 => (any(), any()).prop_map(|(withdrawal, part)| Step::Pay(withdrawal, part)),
        4 => any().prop_map(Step::Return),
        1 => any().prop_map(Step::File),
        2 => any().prop_map(Step::Bank),
        2 => Just(Step::Reconcile),
        2 => any().prop_map(Step::Deduct),
        1 => any().prop_map(Step::Release),
        1 => any().prop_map(Step::Remit),
    ]
}

/// A profile that takes ten percent of everybody.
const TEN: &str = "name = \"ten\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n\
    [[rule]]\nrate = \"10\"\n[[authority]]\ncode = \"NRS\"\nremit_day = 21\n";

/// A ledger with projects of different currencies, one of them with tax, a minimum and a holder whose
/// part is retained, and the first event approved: most of what follows has something to do.
fn begun() -> Desk {
    let mut desk = Desk::with_register_at("2026-03-27T09:00:00.000000Z");
    desk.ok("project add KUWAIT --name Kuwait-City --currency KWD --as bola");
    for (holder, tokens) in [("h1", "2.5"), ("h3", "0.0000001")] {
        desk.ok(&format!(
            "token issue {holder} {tokens} --project KUWAIT --date 2026-01-01 --as bola"
        ));
    }
    for (holder, account) in [("h1", "5550000011"), ("h3", "5550000013")] {
        desk.ok(&format!(
            "holder account set {holder} --currency KWD --bank-name NBK --account-number {account} --as bola"
        ));
    }
    desk.write("ten.toml", TEN);
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("project set ABUJA --minimum-payout 60 --tax-profile ten.toml --as bola");
    for (holder, tokens) in [("h1", "10"), ("h2", "3"), ("h3", "1")] {
        desk.ok(&format!(
            "token issue {holder} {tokens} --project ABUJA --date 2026-01-01 --as bola"
        ));
    }
    desk.ok("project exclude h2 --project ABUJA --policy retain --reason unsold --from 2026-01-01 --as bola");
    desk.ok(crate::support::ADD_ACCOUNT);
    desk.ok("nav set LAGOS 5000 --date 2026-01-31 --as bola");
    desk.ok("event create E1 --project LAGOS --type revenue --title Q1 --amount 100 --date 2026-03-27 --as bola");
    desk.ok("event create E5 --project ABUJA --type dividend --title Q1 --gross 150 --date 2026-03-27 --as bola");
    desk.ok("event deduct E5 --kind reserve --name Roof --amount 10 --as bola");
    for event in ["E1", "E5"] {
        desk.ok(&format!("event calculate {event} --as bola"));
        desk.ok(&format!("event approve {event} --as chi"));
    }
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.at("2026-03-27T10:00:00.000000Z");
    desk
}

fn holder(number: u8) -> String {
    format!("h{}", number % 3 + 1)
}

fn request(number: u8) -> u8 {
    number % 7 + 1
}

fn event(number: u8) -> String {
    format!("E{}", number % 6 + 1)
}

/// Takes a step and returns its verb if it was done.
fn take(desk: &Desk, day: &str, step: &Step, count: usize) -> Option<String> {
    if let Step::ApproveEvent(which) = step {
        take(desk, day, &Step::Create(*which, 250), count);
        take(desk, day, &Step::Calculate(*which), count);
    }
    if let Step::Deduct(_) = step {
        take(desk, day, &Step::Create(5, 300), count);
    }
    if let Step::Bank(which) = step {
        statement(desk, day, *which, count);
    }
    let line = command(day, step, count);
    let ran = desk.run(&line);
    assert!(
        [0, 1, 3].contains(&ran.code),
        "`{line}`: exit {}: {}",
        ran.code,
        ran.stderr
    );
    (ran.code != 1).then(|| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

/// Returns the command of a step.
fn command(day: &str, step: &Step, count: usize) -> String {
    match step {
        Step::Issue(to, tokens) => issue(*to, *tokens, day),
        Step::Transfer(from, tokens) => {
            let (from, to) = (holder(*from), holder(from.wrapping_add(1)));
            format!(
                "token transfer {from} {to} 0.{} --project LAGOS --date 2026-02-15 --as bola",
                tokens % 9 + 1
            )
        }
        Step::Nav(amount) => {
            let of = if amount % 2 == 0 { day } else { "2026-02-15" };
            format!("nav set LAGOS {amount} --date {of} --as bola")
        }
        Step::Rename(whom) => format!(
            "holder set {} --name Renamed-{count} --as bola",
            holder(*whom)
        ),
        Step::Block(whom) => {
            let verb = if whom % 2 == 0 { "block" } else { "unblock" };
            format!("holder {verb} {} --reason said --as bola", holder(*whom))
        }
        Step::Create(which, amount) => create(*which, *amount, day),
        Step::Calculate(which) => format!("event calculate {} --as bola", event(*which)),
        Step::ApproveEvent(which) => format!("event approve {} --as chi", event(*which)),
        Step::CancelEvent(which) => format!(
            "event cancel {} --reason off --yes --as bola",
            event(which % 3 + 1)
        ),
        Step::Request(which, whom, amount) => {
            format!(
                "withdrawal request --event {} --holder {} --amount {amount} --as bola",
                event(*which),
                holder(*whom)
            )
        }
        Step::RequestAll(which) => format!(
            "withdrawal request --event {} --all-holders --as bola",
            event(*which)
        ),
        Step::Approve(which) => format!("withdrawal approve W-{} --as chi", request(*which)),
        Step::Reject(which) => format!(
            "withdrawal reject W-{} --reason no --as chi",
            request(*which)
        ),
        Step::Cancel(which) => format!("withdrawal cancel W-{} --as bola", request(*which)),
        Step::Pay(which, part) => pay(*which, *part, count),
        Step::Return(which) => format!(
            "payment return P-{} --date {day} --reason closed --as chi",
            which % 3 + 1
        ),
        Step::File(which) => {
            format!(
                "payment file create --account OPS --event {} --profile generic --as bola",
                event(*which)
            )
        }
        Step::Bank(_) => format!("bank import OPS {count}.csv --as bola"),
        Step::Reconcile => "bank reconcile OPS --as bola".to_owned(),
        Step::Deduct(amount) => format!(
            "event deduct E6 --kind {} --name Roof --amount {amount}.5 --as bola",
            if amount % 4 == 0 {
                "release"
            } else {
                "reserve"
            }
        ),
        Step::Release(whom) => format!(
            "forward release {} --project ABUJA --event E5 --reason said --as bola",
            holder(*whom)
        ),
        Step::Remit(month) => format!(
            "tax remit --authority NRS --period 2026-0{} --reference T{count} --date 2026-03-28 --as bola",
            month % 2 + 3
        ),
    }
}

fn issue(to: u8, tokens: u8, day: &str) -> String {
    // Every other one counts from a day long before the one on which it is recorded, and is
    // not known until then.
    let since = if tokens.is_multiple_of(2) {
        day
    } else {
        "2026-01-15"
    };
    format!(
        "token issue {} {}.5 --project LAGOS --date {since} --as bola",
        holder(to),
        tokens % 9
    )
}

fn create(which: u8, amount: u16, day: &str) -> String {
    let (project, unit, amount_flag) = match which % 6 {
        3 => ("KUWAIT", " --unit 0.0000001", "--amount"),
        4 | 5 => ("ABUJA", "", "--gross"),
        _ => ("LAGOS", "", "--amount"),
    };
    let code = event(which);
    format!(
        "event create {code} --project {project} --type dividend --title T {amount_flag} {amount} --date {day}{unit} --as bola"
    )
}

fn pay(which: u8, part: u8, count: usize) -> String {
    let amount = if part.is_multiple_of(3) {
        " --amount 1".to_owned()
    } else {
        String::new()
    };
    format!(
        "withdrawal pay W-{} --reference R{count} --date 2026-03-27{amount} --yes --as bola",
        request(which)
    )
}

/// Writes what a bank would: some of the payments, a fee, and a transfer that nobody knows.
fn statement(desk: &Desk, day: &str, which: u8, count: usize) {
    let payments = desk.json("payment list");
    let mut lines: Vec<(String, i64)> = payments
        .as_array()
        .unwrap()
        .iter()
        .filter(|payment| payment["currency"] == "NGN")
        .take(usize::from(which % 3))
        .map(|payment| {
            let kobo: i64 = payment["amount"]
                .as_str()
                .unwrap()
                .replace('.', "")
                .parse()
                .unwrap();
            (payment["reference"].as_str().unwrap().to_owned(), -kobo)
        })
        .collect();
    lines.push((format!("COMMISSION {count}"), -50));
    lines.push((format!("UNKNOWN {count}"), i64::from(which) * 100 + 1));
    let mut balance = 1_000_000_i64 + i64::try_from(count).unwrap();
    let mut text = format!(
        "Account Number,0000014579\nOpening Balance,{}\n",
        naira(balance)
    );
    text.push_str("Trans Date,Value Date,Reference,Debit,Credit,Balance,Narration\n");
    for (words, amount) in lines {
        balance += amount;
        let shown = naira(amount.abs());
        let (debit, credit) = if amount < 0 {
            (shown.as_str(), "")
        } else {
            ("", shown.as_str())
        };
        let row = format!(
            "{day},{day},,{debit},{credit},{},TRF {words}\n",
            naira(balance)
        );
        text.push_str(&row);
    }
    desk.write(&format!("{count}.csv"), &text);
}

/// Runs a report from another part of the world.
fn abroad(command: &mut Command, place: usize) -> Ran {
    let zones = [
        "Pacific/Kiritimati",
        "America/Adak",
        "Africa/Lagos",
        "Asia/Tokyo",
    ];
    let tongues = ["de_DE.UTF-8", "C", "ar_EG.UTF-8", "tr_TR.UTF-8"];
    command
        .env("TZ", zones[place % 4])
        .env("LANG", tongues[place % 4])
        .env("LC_ALL", tongues[place % 4]);
    Ran::of(command.output().unwrap())
}

#[test]
fn each_report_of_a_past_day_is_what_it_was_on_that_day() {
    let config = ProptestConfig {
        cases: 6,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let history = prop::collection::vec(prop::collection::vec(step(), 4..10), DAYS.len());
    let done = RefCell::new(BTreeSet::new());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&history, |history| retold(&history, &mut done.borrow_mut()))
        .unwrap_or_else(|error| panic!("{error}"));
    let done = done.into_inner();
    for verb in [
        "event cancel",
        "withdrawal reject",
        "withdrawal cancel",
        "withdrawal pay",
        "payment return",
        "token transfer",
        "holder set",
        "bank import",
        "event approve",
        "event deduct",
        "forward release",
        "tax remit",
    ] {
        assert!(
            done.contains(verb),
            "no history had a `{verb}` that was done: {done:?}"
        );
    }
}

/// Lets a history happen, prints each report on each day, and again much later for that day.
fn retold(history: &[Vec<Step>], done: &mut BTreeSet<String>) -> Result<(), TestCaseError> {
    let mut desk = begun();
    let mut printed = Vec::new();
    let mut count = 0;
    for (day, steps) in DAYS.iter().zip(history) {
        desk.at(&format!("{day}T12:00:00.000000Z"));
        for step in steps {
            count += 1;
            done.extend(take(&desk, day, step, count));
        }
        desk.at(&format!("{day}T23:59:59.999999Z"));
        printed.push(REPORTS.map(|report| desk.run(report)));
    }
    desk.sound();
    desk.at("2026-11-25T00:00:00.000000Z");
    for (day, then) in DAYS.iter().zip(&printed) {
        for (place, (report, then)) in REPORTS.iter().zip(then).enumerate() {
            let line = format!("{report} --as-of {day}");
            let now = abroad(&mut desk.command(line.split_whitespace()), place);
            prop_assert_eq!(
                (&line, now.code, &now.stdout),
                (&line, then.code, &then.stdout)
            );
            if then.code == 0 {
                prop_assert_eq!((&line, &now.stderr), (&line, &then.stderr));
            }
        }
    }
    Ok(())
}
