mod dialects;

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{
    super::common::samples::{self, bad_lines, money, options, sample, signed},
    *,
};
use crate::domain::{
    quantity::Amount,
    signed::Signed,
    statement::LineSums,
    time::{Date, parse_date},
};

fn parse(text: &str) -> FileContent {
    read(text, &options()).unwrap()
}

fn only(text: &str) -> Statement {
    samples::only(parse(text))
}

fn bad(text: &str) -> Vec<String> {
    bad_lines(read(text, &options()))
}

fn block(lines: &str, opening: &str, closing: &str) -> String {
    format!(
        ":20:X\r\n:25:1234567890\r\n:28C:1/1\r\n:60F:{opening}\r\n{lines}:62F:{closing}\r\n-\r\n"
    )
}

#[test]
fn the_samples_are_read_as_others_computed() {
    for name in [
        "m01-de-sepa-26-blocks-rc-reversals.sta",
        "m03-citi-usd-blank-entry-date.sta",
        "m08-de-february-30.sta",
        "m10-mbank-pl-ctrl-chars.sta",
    ] {
        let Some((text, expected)) = sample(name) else {
            continue;
        };
        let parsed = parse(&text);
        let blocks = expected["blocks_detail"].as_array().unwrap();
        assert_eq!(parsed.statements.len(), blocks.len(), "{name}");
        for (statement, block) in parsed.statements.iter().zip(blocks) {
            assert_eq!(
                statement.account.as_deref(),
                block["acct"].as_str(),
                "{name}"
            );
            assert_eq!(
                Some(statement.lines.len()),
                block["parsed"].as_u64().and_then(|n| n.try_into().ok()),
                "{name}"
            );
            assert_eq!(
                statement.sums(),
                Some(LineSums {
                    debits: money(&block["deb"]),
                    credits: money(&block["cre"]),
                }),
                "{name}"
            );
            for (balance, stated) in [
                (statement.opening, &block["open"]),
                (statement.closing, &block["close"]),
            ] {
                assert_eq!(balance.unwrap().amount, money(&stated[1]), "{name}");
                assert_eq!(statement.currency.unwrap().code(), stated[2], "{name}");
                let day = field61::short_day(stated[3].as_str().unwrap())
                    .unwrap()
                    .date;
                assert_eq!(balance.unwrap().date, Some(day), "{name}");
            }
            assert_eq!(statement.balance_ok, block["ok"].as_bool(), "{name}");
            let days = || statement.lines.iter().filter_map(|line| line.value_date);
            for (found, stated) in [
                (days().min(), &block["dates"][0]),
                (days().max(), &block["dates"][1]),
            ] {
                assert_eq!(
                    found,
                    Some(field61::short_day(stated.as_str().unwrap()).unwrap().date),
                    "{name}"
                );
            }
            let reversals = statement.lines.iter().filter(|line| line.reversal).count();
            assert_eq!(
                reversals,
                block["marks"].as_array().unwrap().len(),
                "{name}"
            );
        }
    }
}

#[test]
fn february_30_is_the_months_last_day_and_said() {
    let Some((text, _)) = sample("m08-de-february-30.sta") else {
        return;
    };
    let statement = only(&text);
    let line = &statement.lines[0];
    assert_eq!(line.value_date, Some(parse_date("2016-02-29").unwrap()));
    assert_eq!(line.booking_date, parse_date("2016-03-01").unwrap());
    assert_eq!(line.description, "ENTGELTABSCHLUSS Pauschalen 2233445566");
    let finding = &statement.findings[0];
    assert_eq!(
        (finding.kind, finding.line),
        (FindingKind::ValueDate, Some(6))
    );
    for (value, month) in [
        ("230230", "2023-02-28"),
        ("230229", "2023-02-28"),
        ("240230", "2024-02-29"),
    ] {
        let statement = only(&block(
            &format!(":61:{value}0301D1,00NTRFX\r\n"),
            "C230101EUR1,00",
            "C230301EUR0,00",
        ));
        assert_eq!(
            statement.lines[0].value_date,
            Some(parse_date(month).unwrap())
        );
    }
}

#[test]
fn reversals_follow_the_balances() {
    let lines =
        ":61:2401020102C100,00NTRFA1\n:61:2401020102RC30,00NTRFA2\n:61:2401020102RDR10,00NTRFA3\n";
    let standard = parse(&block(lines, "C240101EUR0,00", "C240102EUR80,00"));
    let amounts = |parsed: &FileContent| {
        parsed.statements[0]
            .lines
            .iter()
            .map(|line| line.amount)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        amounts(&standard),
        [signed("100"), signed("-30"), signed("10")]
    );
    assert!(standard.decisions.is_empty() && standard.statements[0].lines[1].reversal);
    let turned = parse(&block(lines, "C240101EUR0,00", "C240102EUR120,00"));
    assert_eq!(
        amounts(&turned),
        [signed("100"), signed("30"), signed("-10")]
    );
    assert_eq!(turned.statements[0].balance_ok, Some(true));
    assert_eq!(turned.decisions.len(), 1);
    let broken = parse(&block(lines, "C240101EUR0,00", "C240102EUR81,00"));
    assert_eq!(broken.statements[0].balance_ok, Some(false));
    assert_eq!(
        broken.statements[0].findings[0].kind,
        FindingKind::BalanceBreak
    );
    assert_eq!(
        broken.statements[0].findings[0].difference,
        Some(signed("1"))
    );
}

#[test]
fn the_entry_date_lies_in_the_year_nearest_to_the_value_date() {
    let date =
        |lines: &str| only(&block(lines, "C231229EUR0,00", "C240102EUR1,00")).lines[0].booking_date;
    assert_eq!(
        date(":61:2312310102C1,00NTRFA\n"),
        parse_date("2024-01-02").unwrap()
    );
    assert_eq!(
        date(":61:2401011229C1,00NTRFA\n"),
        parse_date("2023-12-29").unwrap()
    );
    assert_eq!(
        date(":61:240102    C1,00NTRFA\n"),
        parse_date("2024-01-02").unwrap()
    );
    assert_eq!(
        date(":61:240102C1,00NTRFA\n"),
        parse_date("2024-01-02").unwrap()
    );
    assert_eq!(
        date(":61:2403010229C1,00NTRFA\n"),
        parse_date("2024-02-29").unwrap()
    );
}

#[test]
fn every_bad_line_is_named_with_its_column() {
    let lines = ":61:2413010102C1,00NTRFA\n:61:2401320102C$1NTRFA\n:61:240102X1,00N\n:61:2401021340C1,00NTRFA\n\
                 :61:8912310101C1,00NTRFA\n:61:2612010102C1,00NTRFA\n:61:261125C1,00NTRFA\n:61:240102C1.234NTRFA\n:61:\n";
    let found = bad(&block(lines, "C240101XXX1,00", "E240101EUR1,00"));
    let columns: Vec<&str> = found
        .iter()
        .map(|line| line.rsplit_once(": ").unwrap().0)
        .collect();
    assert_eq!(
        columns,
        [
            "4: :60F: currency",
            "5: :61: value date",
            "6: :61: value date",
            "6: :61: amount",
            "7: :61: mark",
            "8: :61: entry date",
            "9: :61: value date",
            "10: :61: entry date",
            "11: :61: value date",
            "12: :61: amount",
            "13: :61: value date",
            "13: :61: mark",
            "14: :62F: mark"
        ],
        "{found:?}"
    );
    assert!(!found.iter().any(|line| line.contains("1234567890")));
}

#[test]
fn expected_entries_are_skipped_and_interim_reports_refused() {
    let lines = ":61:2401020102C1,00NTRFA\n:61:2401020102EC5,00NTRFB\n:86:LATER\n";
    let statement = only(&block(lines, "C240101EUR0,00", "C240102EUR1,00"));
    assert_eq!(
        (statement.lines.len(), statement.skipped[0].amount),
        (1, Some(signed("5")))
    );
    assert_eq!(
        (
            statement.skipped[0].reason.as_str(),
            statement.skipped[0].description.as_str()
        ),
        ("expected", "LATER")
    );
    let interim = ":20:A\n:25:1\n:28C:1\n:34F:EUR0,\n:13D:2401021200+0100\n:61:240102C1,00NTRFA\n";
    assert!(matches!(
        read(interim, &options()),
        Err(StatementError::NotAStatement { .. })
    ));
    assert!(matches!(
        read("hello\n", &options()),
        Err(StatementError::Empty { .. })
    ));
}

#[test]
fn a_block_cut_off_before_its_closing_balance_is_noted() {
    let statement = only(":20:A\n:25:1\n:60F:C240101EUR0,00\n:61:240102C1,00NTRFA\n");
    assert_eq!(
        (statement.balance_ok, statement.findings[0].kind),
        (None, FindingKind::Note)
    );
}

#[test]
fn a_closing_balance_in_another_currency_proves_nothing() {
    let statement = only(&block(
        ":61:240102C1,00NTRFA\n",
        "C240101EUR0,00",
        "C240102USD1,00",
    ));
    assert_eq!(
        (statement.balance_ok, statement.closing),
        (Some(false), None)
    );
    assert_eq!(statement.findings[0].kind, FindingKind::BalanceCurrency);
}

#[test]
fn lines_that_fall_in_time_are_turned() {
    let lines = ":61:240103C1,00NTRFA\n:61:240102C2,00NTRFB\n:61:240102C3,00NTRFC\n";
    let parsed = parse(&block(lines, "C240101EUR0,00", "C240103EUR6,00"));
    let references: Vec<_> = parsed.statements[0]
        .lines
        .iter()
        .filter_map(|line| line.reference.as_deref())
        .collect();
    assert_eq!(references, ["C", "B", "A"]);
    assert_eq!(parsed.decisions.len(), 1);
}

fn entries() -> impl Strategy<Value = Vec<(i128, u64, u32, bool)>> {
    prop::collection::vec(
        (
            1..=Amount::MAX.units() / 13,
            0_u64..300,
            0_u32..1_000_000,
            any::<bool>(),
        ),
        0..12,
    )
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(:(20|25|28C|60F|61|62F|86|NS):|[?/~]|[0-9]{6}|[CD]|R[CD]|[,.\r\n-]|EREF\\+|\\PC|\\{4:){0,60}") {
        let _ = read(&text, &options());
        let _ = read(&format!(":20:X\n:25:1\n:60F:C240101EUR0,00\n:61:{text}"), &options());
        let _ = read(&format!(":20:X\n:61:240102C1,NTRFX\n:86:{text}"), &options());
    }

    #[test]
    fn a_statement_is_read_back_exactly(entries in entries(), opening in -1_000_000_000_i128..1_000_000_000) {
        let base: Date = parse_date("2024-01-01").unwrap();
        let text = |units: i128| Signed::from_units(units).unwrap().magnitude().plain(2).replace('.', ",");
        let mark = |units: i128| if units < 0 { 'D' } else { 'C' };
        let mut lines = String::new();
        let mut expected = Vec::new();
        let mut total = opening;
        for (units, days, reference, out) in &entries {
            let units = if *out { -units } else { *units };
            total += units;
            let day = base + chrono::Days::new(*days);
            let _ = writeln!(lines,
                ":61:{}{}{}NTRFREF{reference}//BANK{reference}\n:86:166?00WORDS?20EREF+E{reference}?32NAME {reference}",
                day.format("%y%m%d%m%d"), mark(units), text(units)
            );
            expected.push((day, Signed::from_units(units).unwrap(), format!("REF{reference}"), format!("E{reference}")));
        }
        // The dates go up and down, so the order of the file stays.
        let falls = expected.windows(2).all(|pair| pair[0].0 >= pair[1].0) && expected.windows(2).any(|pair| pair[0].0 > pair[1].0);
        if falls { expected.reverse(); }
        let balance = |units: i128, day: &str| format!("{}{day}EUR{}", mark(units), text(units));
        let statement = only(&block(&lines, &balance(opening, "231231"), &balance(total, "241231")));
        prop_assert_eq!(statement.balance_ok, Some(true));
        let found: Vec<_> = statement.lines.iter()
            .map(|line| (line.booking_date, line.amount, line.reference.clone().unwrap(), line.end_to_end.clone().unwrap()))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
