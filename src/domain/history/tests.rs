//! What may be imported, and what it adds up to.

use super::*;
use crate::domain::{id::HolderId, time::parse_date};

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

fn terms() -> ImportTerms {
    ImportTerms {
        currency: Currency::parse("NGN").unwrap(),
        today: day("2026-06-30"),
    }
}

fn holder(code: &str, number: u128) -> HolderRef {
    HolderRef {
        id: HolderId(uuid::Uuid::from_u128(number)),
        code: Code::parse(code).unwrap(),
    }
}

/// A row of 100.00 less 10.00 tax, of which 50.00 were paid.
fn row(line: u64, event: &str, holder: HolderRef) -> ImportedRow<HolderRef> {
    ImportedRow {
        line,
        head: ImportedHead {
            code: Code::parse(event).unwrap(),
            title: "First quarter".to_owned(),
            event_type: EventType::Revenue,
            distribution_date: day("2024-04-05"),
            record_date: day("2024-03-31"),
        },
        holder,
        share: ImportedShare {
            tokens: Tokens::parse("10").unwrap(),
            gross: amount("100"),
            tax: amount("10"),
            payment: Some(ImportedPayment {
                amount: amount("50"),
                reference: "OLD-1".to_owned(),
                value_date: day("2024-04-08"),
            }),
        },
    }
}

fn columns(row: &ImportedRow<HolderRef>) -> Vec<&'static str> {
    let bad = row.check(terms()).into_iter();
    bad.map(|cell| cell.column).collect()
}

#[test]
fn a_row_adds_up_and_its_days_are_in_order() {
    let good = row(2, "E1", holder("ada", 1));
    assert!(columns(&good).is_empty());
    type Change = fn(&mut ImportedRow<HolderRef>);
    let changes: [(Change, &[&str]); 8] = [
        (|row| row.share.tokens = Tokens::ZERO, &["tokens"]),
        (|row| row.share.tax = amount("100.01"), &["tax"]),
        (|row| row.share.tax = amount("50.01"), &["paid"]),
        (|row| row.share.gross = amount("100.005"), &["gross"]),
        (
            |row| row.head.record_date = day("2024-04-06"),
            &["record_date"],
        ),
        (
            |row| row.head.distribution_date = day("2026-07-01"),
            &["date", "value_date"],
        ),
        (
            |row| row.share.payment.as_mut().unwrap().value_date = day("2026-07-01"),
            &["value_date"],
        ),
        (
            |row| row.share.payment.as_mut().unwrap().value_date = day("2024-04-04"),
            &["value_date"],
        ),
    ];
    for (change, expected) in changes {
        let mut bad = good.clone();
        change(&mut bad);
        assert_eq!(columns(&bad), expected);
    }
}

#[test]
fn all_of_the_net_amount_may_be_paid_and_nothing() {
    let mut all = row(2, "E1", holder("ada", 1));
    all.share.payment.as_mut().unwrap().amount = amount("90");
    assert!(columns(&all).is_empty());
    assert!(all.share.balance().unwrap().available().is_zero());
    all.share.payment = None;
    assert!(columns(&all).is_empty());
    assert_eq!(all.share.balance().unwrap().available(), amount("90"));
}

#[test]
fn the_rows_of_an_event_say_the_same_and_name_a_holder_once() {
    let named = |line, event, code| {
        let ImportedRow { head, share, .. } = row(line, event, holder(code, 1));
        ImportedRow {
            line,
            head,
            holder: Code::parse(code).unwrap(),
            share,
        }
    };
    let mut comparison = RowComparison::default();
    assert!(comparison.add(&named(2, "E1", "ada")).is_empty());
    assert!(comparison.add(&named(3, "E2", "ada")).is_empty());
    let mut other = named(4, "e1", "ben");
    other.head.title = "Second quarter".to_owned();
    other.head.record_date = day("2024-03-30");
    let bad = comparison.add(&other);
    let columns: Vec<&str> = bad.iter().map(|cell| cell.column).collect();
    assert_eq!(columns, ["title", "record_date"]);
    assert!(bad[0].reason.contains("line 2"), "{}", bad[0].reason);
    let twice = comparison.add(&named(5, "E1", "ADA"));
    assert!(twice[0].reason.contains("already on line 2"), "{twice:?}");
}

#[test]
fn events_are_in_order_of_dates_and_holders_in_order_of_codes() {
    let mut later = row(2, "E0", holder("ben", 2));
    later.head.distribution_date = day("2024-07-05");
    let rows = vec![
        later,
        row(3, "E1", holder("ben", 2)),
        row(4, "E1", holder("ada", 1)),
    ];
    let events = events_of(rows).unwrap();
    let named: Vec<String> = events
        .iter()
        .map(|event| event.head.code.to_string())
        .collect();
    assert_eq!(named, ["E1", "E0"]);
    assert_eq!(events[0].rows[0].holder.code.as_str(), "ada");
    assert_eq!(events[0].balance.available(), amount("80"));
    let summary = ImportSummary::of(terms().currency, &events).unwrap();
    assert_eq!(summary.gross(), Some(amount("300")));
    assert_eq!(summary.holders[1].1.rows, 2);
    assert_eq!(
        summary.detail(),
        "imports 2 events of the past in NGN: gross 300.00, tax 30.00, paid 150.00, available 120.00; \
         events: E1 (gross 200.00, tax 20.00, paid 100.00, available 80.00), E0 (gross 100.00, tax 10.00, paid 50.00, available 40.00); \
         holders: ada (gross 100.00, tax 10.00, paid 50.00, available 40.00), ben (gross 200.00, tax 20.00, paid 100.00, available 80.00)"
    );
}

#[test]
fn an_event_without_money_is_refused_with_its_line() {
    let mut empty = row(7, "E1", holder("ada", 1));
    empty.share.gross = Amount::ZERO;
    empty.share.tax = Amount::ZERO;
    empty.share.payment = None;
    let bad = events_of(vec![empty]).unwrap_err();
    assert_eq!(bad[0].to_string(), "7: gross: the event `E1` has no money");
}

#[test]
fn percentages_are_those_of_the_tokens_and_tax_has_one_class() {
    let mut exempt = row(3, "E1", holder("ben", 2));
    exempt.share.tax = Amount::ZERO;
    exempt.share.tokens = Tokens::parse("30").unwrap();
    let events = events_of(vec![row(2, "E1", holder("ada", 1)), exempt]).unwrap();
    let made = allocations(&events[0]).unwrap();
    let shown: Vec<_> = made
        .iter()
        .map(|one| (one.share.percentage.plain(0), one.share.tax_class))
        .collect();
    assert_eq!(shown, [("25".to_owned(), Some(0)), ("75".to_owned(), None)]);
}
