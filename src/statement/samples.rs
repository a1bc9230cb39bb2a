//! Files that banks and others made, against figures that were computed apart from this program.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::Value;

use super::*;
use crate::domain::{
    quantity::Amount,
    signed::Signed,
    statement::{Balance, FindingKind, LineSums, Statement},
    time::parse_date,
};

/// Finds the folder of the samples, which is not in the repository.
fn folder() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test may need the path of the samples"
    )]
    let named = std::env::var("PRORATA_SAMPLES").map(PathBuf::from);
    let folder = named
        .unwrap_or_else(|_| {
            PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples"))
        })
        .join("bank");
    folder.join("expected.json").exists().then_some(folder)
}

/// Reads the figures of the files of some families.
fn expected(folder: &std::path::Path, families: &[&str]) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(folder.join("expected.json")).unwrap();
    let mut all: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    all.retain(|name, _| families.iter().any(|family| name.starts_with(family)));
    assert!(!all.is_empty(), "no figures for {families:?}");
    all
}

fn signed(value: &Value) -> Option<Signed> {
    let text = value.as_str()?;
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |digits| (true, digits));
    let amount = Signed::credit(Amount::parse(digits).unwrap());
    Some(if negative { amount.negated() } else { amount })
}

fn options(profile: Option<&StatementProfile>) -> ReadOptions<'_> {
    ReadOptions {
        encoding: None,
        sheet: None,
        today: parse_date("2026-11-23").unwrap(),
        profile,
    }
}

/// Compares one file with its figures and returns every difference.
fn differences(name: &str, statement: &Statement, figures: &Value) -> Vec<String> {
    let LineSums { debits, credits } = statement.sums().unwrap();
    let dates = statement.dates();
    let amount = |balance: Option<Balance>| format!("{:?}", balance.map(|balance| balance.amount));
    let text = |name: &str| figures[name].as_str().unwrap().to_owned();
    let sum = |name: &str| signed(&figures[name]).unwrap().plain(2);
    let mut pairs = vec![
        (
            "lines",
            statement.lines.len().to_string(),
            figures["lines"].to_string(),
        ),
        ("debits", debits.plain(2), sum("sum_debits")),
        ("credits", credits.plain(2), sum("sum_credits")),
        (
            "opening",
            amount(statement.opening),
            format!("{:?}", signed(&figures["opening"])),
        ),
        (
            "closing",
            amount(statement.closing),
            format!("{:?}", signed(&figures["closing"])),
        ),
        (
            "date_from",
            dates.unwrap().first.to_string(),
            text("date_from"),
        ),
        ("date_to", dates.unwrap().last.to_string(), text("date_to")),
    ];
    // The figures name the currency of the account also if the file does not; only `ng1` does not.
    if !name.starts_with("ng1") {
        let code = statement.currency.unwrap().code();
        pairs.push(("currency", code.to_owned(), text("ccy")));
    }
    let holds = figures["balance_ok"]
        .as_bool()
        .or_else(|| figures["balance_equation_holds"].as_bool());
    if holds.is_some() {
        let balance_ok = format!("{:?}", statement.balance_ok);
        pairs.push(("balance_ok", balance_ok, format!("{holds:?}")));
    }
    pairs
        .into_iter()
        .filter(|(_, is, should)| is != should)
        .map(|(what, is, should)| format!("{name}: {what} is {is} and should be {should}"))
        .collect()
}

#[test]
fn delimited_samples_have_the_figures_that_were_computed_apart() {
    let Some(folder) = folder() else {
        return skipped();
    };
    let mut found = Vec::new();
    for (name, figures) in expected(&folder, &["c", "ng"]) {
        let bytes = fs::read(folder.join(&name)).unwrap();
        let profile = name
            .starts_with("c11")
            .then(|| StatementProfile::builtin("posb").unwrap());
        let answer = read(&bytes, options(profile.as_ref()));
        if figures["refused"] == Value::Bool(true) {
            assert!(
                matches!(answer, Err(StatementError::Undecided { line: Some(2), .. })),
                "{name}: {answer:?}"
            );
            continue;
        }
        let file = answer.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(
            (file.statements.len(), file.format),
            (1, StatementFormat::Csv),
            "{name}"
        );
        found.extend(differences(&name, &file.statements[0], &figures));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_content_of_every_sample_shows_its_format() {
    let Some(folder) = folder() else {
        return skipped();
    };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        let text = crate::tabular::decoded(&bytes, None)
            .unwrap()
            .text
            .into_owned();
        let wanted = match name.split_at(1).0 {
            _ if name.starts_with("xsd") => None,
            "c" | "n" => Some(StatementFormat::Csv),
            "o" => Some(StatementFormat::Ofx),
            "x" => Some(StatementFormat::Camt053),
            "m" => Some(StatementFormat::Mt940),
            _ => None,
        };
        assert_eq!(detect::format(&text).ok(), wanted, "{name}");
    }
}

#[test]
fn a_file_without_a_header_needs_a_profile_or_columns() {
    let Some(folder) = folder() else {
        return skipped();
    };
    let bytes = fs::read(folder.join("c11-posb-sg-no-header.csv")).unwrap();
    assert!(matches!(
        read(&bytes, options(None)),
        Err(StatementError::Undecided { line: None, .. })
    ));
    let columns =
        ProfileColumns::parse("date=1,reference=2,debit=3,credit=4,description=5").unwrap();
    let profile = StatementProfile::of_columns(columns).unwrap();
    let file = read(&bytes, options(Some(&profile))).unwrap();
    let line = &file.statements[0].lines[0];
    assert_eq!(
        (line.amount.plain(2), line.description.as_str()),
        ("-7.80".to_owned(), "MCDONALD'S (TAM KIOSK) SI NG 22FEB")
    );
}

#[test]
fn what_the_samples_say_besides_their_figures_is_kept() {
    let Some(folder) = folder() else {
        return skipped();
    };
    let statement = |name: &str| {
        read(&fs::read(folder.join(name)).unwrap(), options(None))
            .unwrap()
            .statements
            .remove(0)
    };
    let pending = statement("c03-uk-card-bom-pound-pending-cr.csv");
    let sum = pending.skipped.iter().fold(Signed::ZERO, |sum, row| {
        sum.checked_add(row.amount.unwrap()).unwrap()
    });
    assert_eq!(
        (pending.skipped.len(), sum.plain(2)),
        (3, "-114.19".to_owned())
    );
    let records = statement("c01-ocbc-sg-two-row-records.csv");
    assert_eq!(records.account.as_deref(), Some("666-666666-666"));
    assert_eq!(records.balance_ok, None);
    assert_eq!(records.lines[0].booking_date.to_string(), "2018-04-13");
    let last = &records.lines[7];
    assert_eq!(
        last.description,
        "DEBIT PURCHASE 15/04/18 66-6666 UBER EATS AN2GO HELP.UBERh"
    );
    let preamble = statement("ng1-preamble-fees-reversal.csv");
    assert_eq!(preamble.account.as_deref(), Some("0123456785"));
    assert_eq!(preamble.period.unwrap().first.to_string(), "2026-10-01");
    assert!(
        preamble.running_balance_proven
            && preamble
                .findings
                .iter()
                .all(|found| found.kind != FindingKind::BalanceBreak)
    );
    assert_eq!(preamble.lines[0].reference.as_deref(), Some("S2201"));
    let twins = statement("ng3-tab-drcr-twins-newest-first.csv");
    assert_eq!(
        twins
            .lines
            .iter()
            .map(|line| line.place)
            .collect::<Vec<_>>(),
        [4, 3, 2]
    );
}

/// Says that the samples are not there; a test that only they can feed has nothing to look at.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests must see that one looked at nothing"
)]
fn skipped() {
    eprintln!("the samples are not here: nothing was compared");
}
