//! Statements by value date: every movement on its own day, and nothing is negative.

use super::*;
use crate::domain::{
    event::tests::{amount, day, named},
    journal::Release,
    time::Instant,
};

/// An entry about an event, recorded on a day at an hour.
fn entry(day: &str, hour: u8, withdrawal: Option<i64>, step: Step) -> JournalEntry {
    JournalEntry {
        at: Instant::parse(&format!("{day}T{hour:02}:00:00.000000Z")).unwrap(),
        project: Code::parse("LAGOS").unwrap(),
        event: Code::parse("E1").unwrap(),
        title: "Rent".into(),
        own_date: None,
        holder: named("h1"),
        currency: Currency::parse("NGN").unwrap(),
        withdrawal: withdrawal.map(WithdrawalNumber::new),
        step,
    }
}

fn allocated(gross: &str) -> Step {
    Step::Allocated(Allotted::plain(amount(gross)))
}

fn paid(number: i64, paid: &str, value_date: &str) -> Step {
    Step::Paid {
        requested: amount(paid),
        paid: amount(paid),
        payment: PaymentNumber::new(number),
        reference: format!("R-{number}"),
        value_date: day(value_date),
        account: None,
    }
}

fn returned(number: i64, paid: &str, on: &str) -> Step {
    Step::Returned {
        paid: amount(paid),
        payment: PaymentNumber::new(number),
        reference: format!("R-{number}"),
        value_date: day(on),
        reason: "closed".to_owned(),
        account: None,
    }
}

fn holder() -> Holder {
    crate::domain::withdrawal::tests::holder(HolderStatus::Active)
}

fn by_value(entries: &[JournalEntry], from: Option<&str>, to: &str) -> HolderStatement {
    let (from, to) = (from.map(day), day(to));
    let mut builder = HolderStatementBuilder::of(from, to, Bound::LastDay, DayBasis::Value);
    for entry in entries {
        builder.add(entry).unwrap();
    }
    builder.finish(&holder(), None).unwrap()
}

fn shown(statement: &HolderStatement) -> Vec<String> {
    let movement = |one: &HolderMovement| {
        format!(
            "{} {} {} = {}",
            one.date,
            one.kind.as_str(),
            one.amount.plain(0),
            one.balance.plain(0)
        )
    };
    statement.movements.iter().map(movement).collect()
}

#[test]
fn a_payment_counts_on_its_value_date_although_it_was_recorded_later() {
    let entries = [
        entry("2026-03-01", 9, None, allocated("10")),
        entry("2026-03-02", 9, Some(1), Step::Requested(amount("10"))),
        entry("2026-04-03", 9, Some(1), paid(1, "10", "2026-03-30")),
    ];
    let march = by_value(&entries, None, "2026-03-31");
    assert_eq!(
        shown(&march),
        ["2026-03-01 allocated 10 = 10", "2026-03-30 paid -10 = 0"]
    );
    let april = by_value(&entries, Some("2026-04-01"), "2026-04-30");
    assert!(april.movements.is_empty());
    assert!(april.balances[0].opening.is_zero());
    let earlier = by_value(&entries, None, "2026-03-29");
    assert_eq!(earlier.balances[0].pending.plain(0), "10");
}

#[test]
fn a_payment_does_not_count_before_its_event_was_approved() {
    let entries = [
        entry("2026-03-10", 9, None, allocated("10")),
        entry("2026-03-12", 9, Some(1), Step::Requested(amount("4"))),
        entry("2026-03-12", 10, Some(1), paid(1, "4", "2026-03-08")),
    ];
    let statement = by_value(&entries, None, "2026-03-31");
    assert_eq!(
        shown(&statement),
        ["2026-03-10 allocated 10 = 10", "2026-03-10 paid -4 = 6"]
    );
    assert_eq!(statement.movements[1].recorded_on, day("2026-03-12"));
    let first = by_value(&entries, None, "2026-03-10");
    assert_eq!(first.balances[0].available.plain(0), "6");
    assert!(first.balances[0].pending.is_zero());
}

#[test]
fn money_that_another_request_held_was_not_available_for_a_payment() {
    let release = Step::Released(amount("10"), Release::Cancelled);
    let entries = [
        entry("2026-03-01", 9, None, allocated("10")),
        entry("2026-03-02", 9, Some(1), Step::Requested(amount("10"))),
        entry("2026-03-05", 9, Some(1), release),
        entry("2026-03-06", 9, Some(2), Step::Requested(amount("10"))),
        entry("2026-03-07", 9, Some(2), paid(1, "10", "2026-03-03")),
    ];
    let statement = by_value(&entries, None, "2026-03-31");
    assert_eq!(
        shown(&statement),
        ["2026-03-01 allocated 10 = 10", "2026-03-05 paid -10 = 0"]
    );
}

#[test]
fn a_return_counts_on_its_day_and_never_before_its_payment() {
    let entries = [
        entry("2026-03-01", 9, None, allocated("10")),
        entry("2026-03-04", 9, Some(1), Step::Requested(amount("10"))),
        entry("2026-03-05", 9, Some(1), paid(1, "10", "2026-03-05")),
        entry("2026-04-02", 9, Some(1), returned(1, "10", "2026-03-20")),
        entry("2026-04-02", 10, Some(2), Step::Requested(amount("10"))),
        entry("2026-04-03", 9, Some(2), paid(2, "10", "2026-03-15")),
    ];
    assert_eq!(
        shown(&by_value(&entries, None, "2026-04-30")),
        [
            "2026-03-01 allocated 10 = 10",
            "2026-03-05 paid -10 = 0",
            "2026-03-20 returned 10 = 10",
            "2026-03-20 paid -10 = 0",
        ]
    );
}

#[test]
fn an_imported_event_counts_on_its_own_day_and_by_recording_on_the_day_of_its_import() {
    let mut event = entry("2026-06-30", 9, None, allocated("10"));
    event.own_date = Some(day("2024-04-05"));
    let mut payment = entry(
        "2026-06-30",
        9,
        Some(1),
        Step::PaidBefore {
            paid: amount("4"),
            payment: PaymentNumber::new(1),
            reference: "OLD".to_owned(),
            value_date: day("2024-04-08"),
        },
    );
    payment.own_date = event.own_date;
    let entries = [event, payment];
    let statement = by_value(&entries, Some("2024-04-01"), "2024-04-30");
    assert_eq!(
        shown(&statement),
        ["2024-04-05 allocated 10 = 10", "2024-04-08 paid -4 = 6"]
    );
    let mut builder =
        HolderStatementBuilder::of(None, day("2026-06-30"), Bound::LastDay, DayBasis::Recorded);
    for entry in &entries {
        builder.add(entry).unwrap();
    }
    let recorded = builder.finish(&holder(), None).unwrap();
    assert_eq!(
        shown(&recorded),
        ["2026-06-30 allocated 10 = 10", "2026-06-30 paid -4 = 6"]
    );
    assert_eq!(recorded.movements[0].value_date, Some(day("2024-04-05")));
}

#[test]
fn every_period_opens_where_the_one_before_it_closed() {
    let entries = [
        entry("2026-03-01", 9, None, allocated("10")),
        entry("2026-03-04", 9, Some(1), Step::Requested(amount("10"))),
        entry("2026-04-05", 9, Some(1), paid(1, "10", "2026-03-31")),
        entry("2026-05-02", 9, Some(1), returned(1, "10", "2026-04-20")),
    ];
    for (end, next) in [
        ("2026-03-01", "2026-03-02"),
        ("2026-03-31", "2026-04-01"),
        ("2026-04-30", "2026-05-01"),
    ] {
        let closed = by_value(&entries, None, end).balances[0].closing;
        let opened = by_value(&entries, Some(next), "2026-05-31").balances[0].opening;
        assert_eq!(closed, opened, "{end}");
    }
}
