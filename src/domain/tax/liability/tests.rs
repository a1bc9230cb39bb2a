use super::*;
use crate::domain::{
    event::tests::{actor, amount, day, named, now, reviewers},
    user::{FourEyes, Role},
};

fn item(number: i64, authority: &str, period: &str, tax: &str) -> TaxItem {
    TaxItem {
        number,
        event: named("E-1"),
        project: named::<ProjectId>("P").id,
        authority: authority.to_owned(),
        currency: Currency::parse("NGN").unwrap(),
        period: period.to_owned(),
        tax_date: day("2026-06-30"),
        due_date: day("2026-07-21"),
        gross: amount("100"),
        tax: amount(tax),
        remittance: None,
        created_at: now(),
        cancelled_at: None,
    }
}

fn remittance() -> Remittance {
    Remittance {
        number: RemittanceNumber::new(1),
        authority: "NRS".to_owned(),
        period: "2026-06".to_owned(),
        currency: Currency::parse("NGN").unwrap(),
        amount: amount("10"),
        items: 1,
        reference: "R-1".to_owned(),
        payment_date: day("2026-07-20"),
        recorded: Approval {
            by: named("ada"),
            at: now(),
        },
        line: None,
        reversed: None,
    }
}

#[test]
fn what_is_due_is_added_up_by_authority_and_month() {
    let remitted = TaxItem {
        remittance: Some(RemittanceNumber::new(1)),
        due_date: day("2026-07-10"),
        ..item(3, "NRS", "2026-06", "5.00")
    };
    let cancelled = TaxItem {
        cancelled_at: Some(now()),
        ..item(4, "NRS", "2026-06", "7.00")
    };
    let items = [
        item(1, "SIRS-LA", "2026-06", "1.00"),
        item(2, "NRS", "2026-06", "10.00"),
        remitted,
        cancelled,
        item(5, "NRS", "2026-07", "2.00"),
    ];
    let dues = TaxDue::of(&items, day("2026-07-25")).unwrap();
    let shown: Vec<String> = dues
        .iter()
        .map(|due| {
            format!(
                "{} {} {} items, {} of {} payable by {}, {} days late",
                due.authority,
                due.period,
                due.items,
                due.payable.plain(2),
                due.tax.plain(2),
                due.due_date,
                due.overdue_days
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "NRS 2026-06 2 items, 10.00 of 15.00 payable by 2026-07-21, 4 days late",
            "NRS 2026-07 1 items, 2.00 of 2.00 payable by 2026-07-21, 4 days late",
            "SIRS-LA 2026-06 1 items, 1.00 of 1.00 payable by 2026-07-21, 4 days late",
        ]
    );
    let due = |today: &str| TaxDue::of(&items[..1], day(today)).unwrap().remove(0);
    assert!(!due("2026-07-10").is_due_within(ANNOUNCED, day("2026-07-10")));
    assert!(due("2026-07-11").is_due_within(ANNOUNCED, day("2026-07-11")));
    assert_eq!(due("2026-07-21").overdue_days, 0);
}

#[test]
fn what_is_remitted_is_what_is_owed() {
    let items = [
        item(1, "NRS", "2026-06", "6.66"),
        item(2, "NRS", "2026-06", "3.33"),
    ];
    let attempt = |items: &[TaxItem], given: Option<&str>, reference: &str, date: &str| {
        let new = NewRemittance {
            authority: "NRS",
            period: "2026-06",
            reference,
            date: day(date),
            amount: given.map(amount),
        };
        let bola = actor("bola", Role::Operator);
        let remitted = remit(&new, items, &bola, day("2026-07-20"));
        remitted
            .map(|(sum, _)| sum.plain(2))
            .map_err(|refused| refused.code())
    };
    assert_eq!(
        attempt(&items, None, "R", "2026-07-20"),
        Ok("9.99".to_owned())
    );
    assert_eq!(
        attempt(&items, Some("9.99"), "R", "2026-07-20"),
        Ok("9.99".to_owned())
    );
    assert_eq!(
        attempt(&items, Some("10.00"), "R", "2026-07-20"),
        Err("tax.amount_differs")
    );
    assert_eq!(
        attempt(&[], None, "R", "2026-07-20"),
        Err("tax.nothing_due")
    );
    assert_eq!(
        attempt(&items, None, " ", "2026-07-20"),
        Err("payment.reference_missing")
    );
    assert_eq!(
        attempt(&items, None, "R", "2026-07-21"),
        Err("payment.date_in_future")
    );
    let dollars = TaxItem {
        currency: Currency::parse("USD").unwrap(),
        ..item(3, "NRS", "2026-06", "1.00")
    };
    assert_eq!(
        attempt(&[items[0].clone(), dollars], None, "R", "2026-07-20"),
        Err("tax.several_currencies")
    );
}

#[test]
fn a_reviewer_who_did_not_record_it_reverses_a_remittance() {
    let on = reviewers(FourEyes::On);
    let reverse = |remittance: &Remittance, user: &str, role, reason: &str| {
        let reversed = remittance.reverse(&actor(user, role), &on, reason);
        reversed.map(|_| ()).map_err(|refused| refused.code())
    };
    let recorded = remittance();
    assert_eq!(reverse(&recorded, "chi", Role::Approver, "bounced"), Ok(()));
    assert_eq!(
        reverse(&recorded, "ada", Role::Admin, "bounced"),
        Err("tax.same_actor")
    );
    assert_eq!(
        reverse(&recorded, "bola", Role::Operator, "bounced"),
        Err("user.forbidden")
    );
    assert_eq!(
        reverse(&recorded, "chi", Role::Approver, " "),
        Err("reason.missing")
    );
    let reconciled = Remittance {
        line: Some(LineNumber::new(3)),
        ..remittance()
    };
    assert_eq!(
        reverse(&reconciled, "chi", Role::Approver, "x"),
        Err("tax.remittance_state")
    );
    let taken_back = (remittance().recorded, "x".to_owned());
    let reversed = Remittance {
        reversed: Some(taken_back),
        ..remittance()
    };
    assert_eq!(
        reverse(&reversed, "chi", Role::Approver, "x"),
        Err("tax.remittance_state")
    );
    let off = reviewers(FourEyes::Off);
    assert!(
        recorded
            .reverse(&actor("ada", Role::Admin), &off, "x")
            .is_ok()
    );
}
