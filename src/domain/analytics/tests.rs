//! The figures: each against a hand-made example, the indices against their definitions, all sums
//! against their parts.

use ethnum::I256;
use proptest::prelude::*;

use super::{
    super::{
        allocation::{Balance, BalanceParts, Movement},
        code::Code,
        currency::Currency,
        event::{
            Calculation, EventState,
            tests::{amount, day, event, named, total_of},
        },
        quantity::{Amount, Tokens, Total},
        ratio,
        signed::Signed,
        time::Instant,
    },
    *,
};

fn naira() -> Currency {
    Currency::parse("NGN").unwrap()
}

/// Makes an active event of a project, distributed and approved on a day, of which some is paid and
/// some pending.
fn of(project: &str, code: &str, date: &str, total: &str, used: (&str, &str)) -> Event {
    let mut made = event(EventStatus::Active);
    made.event = named(code);
    made.project = named(project);
    made.distribution_date = day(date);
    made.total = total_of(amount(total));
    made.balance = Balance::of(amount(total));
    let paid = Movement::Settle {
        requested: amount(used.0),
        paid: amount(used.0),
    };
    for movement in [
        Movement::Hold(amount(used.0)),
        paid,
        Movement::Hold(amount(used.1)),
    ] {
        made.balance = made.balance.after(movement).unwrap();
    }
    let EventState::Active(calculation, mut approval) = made.state else {
        unreachable!()
    };
    approval.at = Instant::parse(&format!("{date}T09:00:00.000000Z")).unwrap();
    made.state = EventState::Active(calculation, approval);
    made
}

fn with_snapshot(mut event: Event, tokens: &str, nav: Option<&str>) -> Event {
    let EventState::Active(calculation, approval) = event.state else {
        unreachable!()
    };
    let total_tokens = Tokens::parse(tokens).unwrap();
    event.state = EventState::Active(
        Calculation {
            total_tokens,
            counted_tokens: total_tokens,
            nav: nav.map(amount),
            tax_profile: None,
            ..calculation
        },
        approval,
    );
    event
}

fn plain(value: Signed) -> String {
    value.plain(0)
}

fn one_open() -> OpenAllocations {
    OpenAllocations {
        count: 1,
        held: Amount::ZERO,
    }
}

fn analysed(events: &[Event], until: &str) -> Analytics {
    let counted = AnalyticsInput {
        open: vec![one_open(); events.len()],
        ..AnalyticsInput::default()
    };
    analyse(events, counted, day(until), day(until)).unwrap()
}

#[test]
fn only_approved_events_that_were_not_cancelled_count() {
    let counted: Vec<EventStatus> = EventStatus::ALL
        .iter()
        .copied()
        .filter(|status| counts(&event(*status)))
        .collect();
    assert_eq!(counted, [EventStatus::Active, EventStatus::Completed]);
}

#[test]
fn what_is_not_paid_to_holders_makes_the_parts_of_a_group_whole() {
    // 100 = 5 retained + 95 gross; 9.5 tax; 20 carried forward in the first, brought in the second.
    let with = |code, date, brought: &str, carried: &str| {
        let mut made = of("LAGOS", code, date, "100", ("0", "0"));
        made.retained = amount("5");
        made.balance = Balance::rebuild(BalanceParts {
            allocated: amount("95"),
            tax: amount("9.5"),
            brought_forward: amount(brought),
            carried_forward: amount(carried),
            ..Balance::NONE.parts()
        })
        .unwrap();
        made
    };
    let events = [
        with("E1", "2025-12-31", "0", "20"),
        with("E2", "2026-03-31", "20", "0"),
    ];
    let held = |text| OpenAllocations {
        count: 1,
        held: amount(text),
    };
    let counted = AnalyticsInput {
        open: vec![held("3"), held("4")],
        ..AnalyticsInput::default()
    };
    let found = analyse(&events, counted, day("2026-06-30"), day("2026-06-30")).unwrap();
    let rows = |groups: &[Group]| {
        let row = |group: &Group| {
            let parts = [
                group.paid,
                group.pending,
                group.available,
                group.tax,
                group.retained,
            ];
            let sum: Option<Total> = parts
                .into_iter()
                .map(Some)
                .try_fold(Total::ZERO, |sum, part| sum.checked_add(part?));
            let sum = Signed::from(sum.unwrap()).checked_add(group.carried_forward);
            assert_eq!(sum, Some(group.total.into()), "{group:?}");
            format!(
                "{} {} {} {}",
                group.tax.plain(0),
                group.net.plain(0),
                group.carried_forward.plain(0),
                group.held.plain(0)
            )
        };
        groups.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(rows(&found.totals), ["19 171 0 7"]);
    assert_eq!(rows(&found.by_quarter), ["9.5 85.5 20 3", "9.5 85.5 -20 4"]);
    let held: Vec<String> = found.ageing.iter().map(|row| row.held.plain(0)).collect();
    assert_eq!(held, ["0", "0", "4", "3", "0"]);
}

#[test]
fn events_add_up_by_what_they_have_in_common() {
    let mut dollars = of("LAGOS", "E3", "2026-04-01", "7", ("0", "0"));
    dollars.currency = Currency::parse("USD").unwrap();
    dollars.event_type = crate::domain::event::EventType::Exit;
    let events = [
        of("LAGOS", "E1", "2025-12-31", "100", ("40", "10")),
        of("ABUJA", "E2", "2026-03-31", "300", ("0", "5")),
        dollars,
    ];
    let found = analysed(&events, "2026-06-30");
    let row = |group: &Group| {
        let money = |total: Total| total.plain(0);
        let share = group.share.map(plain).unwrap_or_default();
        format!(
            "{} {} {} {} {} {} {} {share}",
            group.label,
            group.currency,
            group.events,
            money(group.total),
            money(group.paid),
            money(group.pending),
            money(group.available)
        )
    };
    let rows = |groups: &[Group]| groups.iter().map(row).collect::<Vec<_>>();
    assert_eq!(
        rows(&found.totals),
        [" NGN 2 400 40 15 345 100", " USD 1 7 0 0 7 100"]
    );
    assert_eq!(
        rows(&found.by_type),
        ["exit USD 1 7 0 0 7 100", "revenue NGN 2 400 40 15 345 100"]
    );
    assert_eq!(
        rows(&found.by_project),
        [
            "ABUJA NGN 1 300 0 5 295 75",
            "LAGOS NGN 1 100 40 10 50 25",
            "LAGOS USD 1 7 0 0 7 100"
        ]
    );
    assert_eq!(
        rows(&found.by_quarter),
        [
            "2025-Q4 NGN 1 100 40 10 50 25",
            "2026-Q1 NGN 1 300 0 5 295 75",
            "2026-Q2 USD 1 7 0 0 7 100"
        ]
    );
    assert_eq!(
        rows(&found.by_year),
        [
            "2025 NGN 1 100 40 10 50 25",
            "2026 NGN 1 300 0 5 295 75",
            "2026 USD 1 7 0 0 7 100"
        ]
    );
    let trend: Vec<String> = found.by_project[1]
        .trend
        .iter()
        .copied()
        .map(plain)
        .collect();
    assert_eq!(
        trend,
        ["0", "0", "0", "0", "0", "100", "0", "0"],
        "the fourth quarter of 2025 is two quarters back"
    );
}

#[test]
fn a_trend_holds_eight_quarters_and_none_that_has_not_come() {
    let events = [
        of("P", "E1", "2024-06-30", "1", ("0", "0")),
        of("P", "E2", "2024-07-01", "2", ("0", "0")),
        of("P", "E3", "2026-06-30", "4", ("0", "0")),
        of("P", "E4", "2026-07-01", "8", ("0", "0")),
    ];
    let trend: Vec<String> = analysed(&events, "2026-04-01").by_project[0]
        .trend
        .iter()
        .copied()
        .map(plain)
        .collect();
    assert_eq!(trend, ["2", "0", "0", "0", "0", "0", "0", "4"]);
}

#[test]
fn the_median_of_an_even_number_of_payments_is_the_mean_of_the_middle_two() {
    let mut delays = Delays::default();
    for paid in ["2026-01-03", "2026-01-01", "2026-01-11", "2026-01-04"] {
        delays.add(naira(), day("2026-01-01"), day(paid)).unwrap();
    }
    let found = delays.finish().unwrap();
    let days = &found[0];
    assert_eq!((days.payments, days.shortest, days.longest), (4, 0, 10));
    assert_eq!(
        (plain(days.average), plain(days.median)),
        ("3.75".to_owned(), "2.5".to_owned())
    );

    let mut delays = Delays::default();
    for paid in ["2025-12-31", "2026-01-02", "2026-01-03"] {
        delays.add(naira(), day("2026-01-01"), day(paid)).unwrap();
    }
    let days = delays.finish().unwrap().remove(0);
    assert_eq!(
        (plain(days.average), plain(days.median), days.shortest),
        ("0.6667".to_owned(), "1".to_owned(), -1)
    );
}

#[test]
fn per_token_amounts_are_counted_up_for_each_project() {
    let events = [
        with_snapshot(
            of("B", "E1", "2025-03-31", "100", ("0", "0")),
            "3",
            Some("1000"),
        ),
        with_snapshot(of("A", "E2", "2025-06-30", "5", ("0", "0")), "10", None),
        with_snapshot(
            of("B", "E3", "2026-03-31", "50", ("0", "0")),
            "4",
            Some("800"),
        ),
        with_snapshot(of("B", "E4", "2026-04-01", "7", ("0", "0")), "7", None),
    ];
    let navs = vec![
        (
            named("B"),
            ProjectNav {
                date: day("2026-03-31"),
                amount: amount("800"),
                currency: naira(),
            },
        ),
        (
            named("C"),
            ProjectNav {
                date: day("2026-01-31"),
                amount: amount("0"),
                currency: naira(),
            },
        ),
    ];
    let counted = AnalyticsInput {
        navs,
        open: vec![OpenAllocations::NONE; 4],
        ..AnalyticsInput::default()
    };
    let found = analyse(&events, counted, day("2026-03-31"), day("2026-03-31")).unwrap();
    let rows: Vec<String> = found
        .per_token
        .iter()
        .map(|row| {
            let yields = row.yield_percentage.map_or("-".to_owned(), plain);
            format!(
                "{} {} {} {yields}",
                row.event.code,
                plain(row.per_token),
                plain(row.cumulative)
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "E2 0.5 0.5 -",
            "E1 33.3333333 33.3333333 10",
            "E3 12.5 45.8333333 6.25",
            "E4 1 46.8333333 -"
        ]
    );
    // The events of 2025-03-31 and 2026-04-01 lie a day outside of the twelve months that end with
    // 2026-03-31.
    let yields: Vec<_> = found
        .yields
        .iter()
        .map(|row| {
            (
                row.project.as_str(),
                row.distributed.plain(0),
                row.yield_percentage.map(plain),
            )
        })
        .collect();
    assert_eq!(
        yields,
        [
            ("B", "50".to_owned(), Some("6.25".to_owned())),
            ("C", "0".to_owned(), None)
        ]
    );
}

#[test]
fn unpaid_money_has_the_age_of_its_approval() {
    let events = [
        of("P", "E1", "2025-06-29", "10", ("0", "0")),
        of("P", "E2", "2025-06-30", "20", ("5", "5")),
        of("P", "E3", "2026-05-30", "40", ("40", "0")),
        of("P", "E4", "2026-05-31", "80", ("0", "80")),
    ];
    let found = analysed(&events, "2026-06-30");
    let rows: Vec<_> = found
        .ageing
        .iter()
        .map(|row| {
            (
                row.age.as_str(),
                row.allocations,
                row.unpaid.plain(0),
                row.pending.plain(0),
            )
        })
        .collect();
    let row = |age, allocations, unpaid: &str, pending: &str| {
        (age, allocations, unpaid.to_owned(), pending.to_owned())
    };
    assert_eq!(
        rows,
        [
            row("0-30", 1, "80", "80"),
            row("31-90", 1, "0", "0"),
            row("91-180", 0, "0", "0"),
            row("181-365", 1, "15", "5"),
            row("365+", 1, "10", "0")
        ]
    );
}

fn spread(amounts: &[i128]) -> (Vec<Concentration>, Vec<TopHolder>) {
    let mut shares = Shares::default();
    for (at, units) in amounts.iter().enumerate() {
        let code = Code::parse(&format!("h{at:04}")).unwrap();
        shares
            .add(naira(), &code, "Name", Total::from_units(*units).unwrap())
            .unwrap();
    }
    shares.finish().unwrap()
}

#[test]
fn equal_holders_are_not_concentrated_and_a_single_one_is_as_far_as_can_be() {
    let (equal, top) = spread(&[5; 20]);
    assert_eq!(
        (
            plain(equal[0].gini),
            plain(equal[0].hhi),
            plain(equal[0].top_ten)
        ),
        ("0".into(), "500".into(), "50".into())
    );
    let ranked: Vec<_> = top
        .iter()
        .map(|row| (row.rank, row.holder.as_str().to_owned()))
        .collect();
    assert_eq!(ranked.len(), 10);
    assert_eq!(
        (ranked[0].clone(), ranked[9].clone()),
        ((1, "h0000".to_owned()), (10, "h0009".to_owned()))
    );
    let (single, _) = spread(&[7]);
    assert_eq!(
        (
            plain(single[0].gini),
            plain(single[0].hhi),
            single[0].holders
        ),
        ("0".into(), "10000".into(), 1)
    );
    // Of 1, 2, 3, 4 the coefficient is 1/4 and the index 30/100.
    let (four, top) = spread(&[4, 1, 3, 2]);
    assert_eq!(
        (plain(four[0].gini), plain(four[0].hhi)),
        ("0.25".into(), "3000".into())
    );
    assert_eq!(
        top.iter()
            .map(|row| plain(row.cumulative))
            .collect::<Vec<_>>(),
        ["40", "70", "90", "100"]
    );
}

#[test]
fn a_holder_without_an_allocation_is_not_counted() {
    assert_eq!(spread(&[0, 0]), (Vec::new(), Vec::new()));
    assert_eq!(spread(&[0, 9]).0[0].holders, 1);
}

#[test]
fn the_largest_amounts_of_the_range_do_not_overflow() {
    let huge = Total::MAX.units() / 4;
    let (rows, _) = spread(&[huge, huge, huge, huge]);
    assert_eq!(
        (plain(rows[0].gini), plain(rows[0].hhi)),
        ("0".into(), "2500".into())
    );
    let (rows, _) = spread(&[1, Total::MAX.units() - 1]);
    assert_eq!(
        (plain(rows[0].gini), plain(rows[0].hhi)),
        ("0.5".into(), "10000".into())
    );
}

#[test]
fn every_figure_has_its_formula() {
    let fields: Vec<&str> = FORMULAS.iter().map(|formula| formula.figure).collect();
    for figure in [
        "gini",
        "hhi",
        "average_days",
        "median_days",
        "yield_percentage",
        "amount_per_token",
    ] {
        assert!(fields.contains(&figure), "{figure}");
    }
}

proptest! {
    #[test]
    fn the_indices_are_what_their_definitions_say(amounts in prop::collection::vec(0_i128..1 << 66, 1..40)) {
        let (rows, top) = spread(&amounts);
        let held: Vec<i128> = amounts.iter().copied().filter(|amount| *amount > 0).collect();
        prop_assume!(!held.is_empty());
        // The mean absolute difference of all pairs over twice the mean, without any order.
        let differences: I256 = held.iter().flat_map(|a| held.iter().map(move |b| I256::from((a - b).abs()))).sum();
        let count = I256::from(i128::try_from(held.len()).unwrap());
        let sum: i128 = held.iter().sum();
        let gini = ratio::ratio(differences, I256::from(2_i128) * count * I256::from(sum), ratio::PLACES);
        prop_assert_eq!(Some(rows[0].gini), gini);
        let largest = *held.iter().max().unwrap();
        prop_assert_eq!(top[0].allocated.units(), largest);
        prop_assert!(top.windows(2).all(|pair| (pair[1].allocated, &pair[0].holder) <= (pair[0].allocated, &pair[1].holder)
            || pair[1].allocated < pair[0].allocated));
        prop_assert!(rows[0].hhi.units() <= 100_000_000_000 && rows[0].gini.units() <= 10_000_000);
    }

    #[test]
    fn all_groupings_add_up_to_the_same(
        parts in prop::collection::vec((0..3_usize, 2020_i32..2027, 1_u32..13, 1_i128..1 << 60), 1..20),
    ) {
        let events: Vec<Event> = parts.iter().enumerate().map(|(at, (project, year, month, units))| {
            let mut made = of(["A", "B", "C"][*project], &format!("E{at}"), &format!("{year}-{month:02}-15"), "1", ("0", "0"));
            let total = crate::domain::quantity::Amount::from_units(*units).unwrap();
            (made.total, made.balance) = (total_of(total), Balance::of(total));
            made
        }).collect();
        let found = analysed(&events, "2027-01-31");
        let sum = |groups: &[Group]| groups.iter().map(|group| group.total).sum::<Option<Total>>();
        let whole = sum(&found.totals);
        for groups in [&found.by_type, &found.by_project, &found.by_quarter, &found.by_year] {
            prop_assert_eq!(sum(groups), whole);
            prop_assert_eq!(groups.iter().map(|group| group.events).sum::<u64>(), u64::try_from(events.len()).unwrap());
        }
        let unpaid: Option<Total> = found.ageing.iter().map(|row| row.unpaid).sum();
        prop_assert_eq!(unpaid, whole);
    }
}
