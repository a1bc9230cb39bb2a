use super::*;
use crate::domain::{
    activity::Head,
    analytics::{AgeBand, AgeRow, PerToken, TopHolder},
    code::Code,
    id::{EventId, Named},
    quantity::{Amount, Tokens, Total},
    signed::Signed,
    time::{Date, parse_date},
    user::FourEyes,
};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

fn total(text: &str) -> Total {
    Total::parse(text).unwrap()
}

fn signed(text: &str) -> Signed {
    total(text).into()
}

fn about() -> About {
    let head = Head {
        seq: 1,
        hash: "ab".repeat(32),
    };
    About {
        title: "Distributions".to_owned(),
        as_of: day("2026-06-30"),
        head,
        four_eyes: FourEyes::On,
    }
}

fn group(label: &str, code: &str, amount: &str) -> Group {
    let (amount, zero) = (total(amount), Total::ZERO);
    let (currency, label) = (currency(code), label.to_owned());
    Group {
        label,
        currency,
        events: 1,
        total: amount,
        paid: amount,
        pending: zero,
        available: zero,
        tax: zero,
        net: amount,
        carried_forward: Signed::ZERO,
        held: zero,
        retained: zero,
        share: None,
        trend: Vec::new(),
    }
}

/// Figures of one currency with these groups.
fn figures_of(groups: &[(&str, &str)]) -> Analytics {
    let made: Vec<Group> = groups
        .iter()
        .map(|(label, amount)| group(label, "NGN", amount))
        .collect();
    Analytics {
        day: day("2026-06-30"),
        totals: vec![group("", "NGN", "100")],
        by_type: Vec::new(),
        by_project: made.clone(),
        by_quarter: made,
        by_year: Vec::new(),
        payment_days: Vec::new(),
        concentration: Vec::new(),
        top_holders: Vec::new(),
        per_token: Vec::new(),
        yields: Vec::new(),
        ageing: Vec::new(),
    }
}

fn stack(chart: &Chart) -> &Stack {
    match &chart.plot {
        Plot::Columns(stack) | Plot::Bars(stack) | Plot::Split(stack) => stack,
        Plot::Steps(_) => panic!("{chart:?}"),
    }
}

fn names(chart: &Chart) -> Vec<&str> {
    stack(chart)
        .categories
        .iter()
        .map(|category| category.name.as_str())
        .collect()
}

fn per_token(project: &str, date: &str, cumulative: &str) -> PerToken {
    PerToken {
        project: Code::parse(project).unwrap(),
        event: Named {
            id: EventId(uuid::Uuid::nil()),
            code: Code::parse("E").unwrap(),
        },
        distribution_date: day(date),
        currency: currency("NGN"),
        total: Amount::SMALLEST,
        tokens: Tokens::SMALLEST,
        per_token: Signed::ZERO,
        cumulative: signed(cumulative),
        nav: None,
        yield_percentage: None,
    }
}

#[test]
fn without_an_approved_event_there_is_a_word_and_no_figure() {
    let nothing = Analytics {
        totals: Vec::new(),
        ..figures_of(&[])
    };
    let page = page(about(), "all projects", &nothing, &[]);
    assert!(page.summaries.is_empty() && page.sections.is_empty());
    assert!(
        page.empty
            .is_some_and(|words| words.starts_with("There is no distribution event yet."))
    );
}

#[test]
fn each_table_of_the_analytics_is_on_the_page_once() {
    let all = figures_of(&[("2026-Q1", "1"), ("2026-Q2", "2")]);
    let all = Analytics {
        by_type: all.totals.clone(),
        by_year: all.totals.clone(),
        per_token: vec![per_token("a", "2026-01-01", "1")],
        top_holders: vec![holder(1)],
        ageing: vec![age(AgeBand::Older, "1")],
        ..all
    };
    let page = page(about(), "all projects", &all, &[]);
    let mut shown: Vec<&str> = page
        .sections
        .iter()
        .flat_map(|section| &section.tables)
        .map(|(_, table)| table.name)
        .collect();
    shown.push("totals");
    shown.sort_unstable();
    let record = crate::report::analytics::record(&all);
    let mut wanted: Vec<&str> = record
        .tables
        .iter()
        .filter(|table| !table.rows.is_empty())
        .map(|table| table.name)
        .collect();
    wanted.sort_unstable();
    assert_eq!(shown, wanted);
}

#[test]
fn quarters_without_events_are_in_between_and_the_last_twelve_are_shown() {
    let charts = charts::by_quarter(&figures_of(&[
        ("2021-Q2", "5"),
        ("2025-Q3", "7"),
        ("2026-Q1", "6"),
    ]));
    let [chart] = charts.as_slice() else {
        panic!("{charts:?}")
    };
    let shown = names(chart);
    assert_eq!(
        (shown.len(), shown[0], shown[9], shown[10], shown[11]),
        (12, "2023-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
    );
    assert_eq!(
        stack(chart).layers[0].values[9..],
        [signed("7"), Signed::ZERO, signed("6")]
    );
    assert_eq!(
        chart.note.as_deref(),
        Some("The last 12 quarters; the table has all.")
    );
    assert!(
        chart
            .description
            .ends_with("The largest quarter is 2025-Q3 with 7.00 NGN."),
        "{}",
        chart.description
    );
}

#[test]
fn of_many_projects_the_ten_largest_are_drawn_and_that_is_said() {
    let labels: Vec<(String, String)> = (1..=40)
        .map(|number| (format!("P-{number:02}"), number.to_string()))
        .collect();
    let groups: Vec<(&str, &str)> = labels
        .iter()
        .map(|(label, amount)| (label.as_str(), amount.as_str()))
        .collect();
    let charts = charts::by_project(&figures_of(&groups));
    assert_eq!(names(&charts[0])[..2], ["P-40", "P-39"]);
    assert_eq!(stack(&charts[0]).categories.len(), 10);
    assert_eq!(
        charts[0].note.as_deref(),
        Some("The 10 largest of 40 projects; the table has all.")
    );
}

#[test]
fn a_single_category_or_point_has_no_chart() {
    let one = Analytics {
        per_token: vec![per_token("a", "2026-01-01", "1")],
        ..figures_of(&[("2026-Q1", "1")])
    };
    assert_eq!(
        (
            charts::by_quarter(&one),
            charts::by_project(&one),
            charts::per_token(&one)
        ),
        (vec![], vec![], vec![])
    );
}

#[test]
fn of_two_events_on_a_day_the_line_keeps_what_they_come_to_and_the_highest_is_first() {
    let rows = [
        ("a", "2026-01-01", "1"),
        ("a", "2026-01-01", "2"),
        ("a", "2026-02-01", "3"),
        ("b", "2026-03-01", "9"),
    ];
    let rows = rows.map(|(project, date, cumulative)| per_token(project, date, cumulative));
    let charts = charts::per_token(&Analytics {
        per_token: rows.into(),
        ..figures_of(&[])
    });
    let Plot::Steps(steps) = &charts[0].plot else {
        panic!("{charts:?}")
    };
    assert_eq!(
        (steps.from, steps.until),
        (day("2026-01-01"), day("2026-06-30"))
    );
    assert_eq!(
        steps
            .lines
            .iter()
            .map(|line| line.name.as_str())
            .collect::<Vec<_>>(),
        ["b", "a"]
    );
    assert_eq!(
        steps.lines[1].points,
        [
            (day("2026-01-01"), signed("2")),
            (day("2026-02-01"), signed("3"))
        ]
    );
}

fn age(age: AgeBand, unpaid: &str) -> AgeRow {
    let (currency, unpaid) = (currency("NGN"), total(unpaid));
    AgeRow {
        currency,
        age,
        allocations: 1,
        pending: Total::ZERO,
        available: unpaid,
        unpaid,
        held: Total::ZERO,
    }
}

fn holder(rank: u64) -> TopHolder {
    TopHolder {
        currency: currency("NGN"),
        rank,
        holder: Code::parse("H-1").unwrap(),
        holder_name: " ".to_owned(),
        allocated: total("1"),
        share: signed("50"),
        cumulative: signed("100"),
    }
}

#[test]
fn paid_out_money_has_no_age_and_a_holder_without_a_name_goes_by_the_code() {
    let ages = |unpaid| Analytics {
        ageing: vec![age(AgeBand::UpTo30, unpaid), age(AgeBand::Older, "0")],
        ..figures_of(&[])
    };
    assert_eq!(charts::ageing(&ages("0")), []);
    assert!(
        charts::ageing(&ages("3"))[0]
            .description
            .ends_with("The oldest, 3.00 NGN, has waited 0 to 30 days.")
    );
    let holders = Analytics {
        top_holders: vec![holder(1), holder(2)],
        ..figures_of(&[])
    };
    assert_eq!(names(&charts::top_holders(&holders)[0]), ["H-1", "H-1"]);
}

#[test]
fn no_more_than_four_currencies_have_charts() {
    let codes = ["AED", "EUR", "JPY", "KES", "NGN", "USD"];
    let groups: Vec<Group> = codes
        .iter()
        .flat_map(|code| [group("a", code, "1"), group("b", code, "2")])
        .collect();
    let totals: Vec<Group> = codes.iter().map(|code| group("", code, "3")).collect();
    let charts = charts::by_project(&Analytics {
        by_project: groups,
        totals,
        ..figures_of(&[])
    });
    assert_eq!(
        charts
            .iter()
            .map(|chart| chart.currency.code())
            .collect::<Vec<_>>(),
        ["AED", "EUR", "JPY", "KES"]
    );
}

#[test]
fn a_quarter_is_read_as_it_is_named() {
    for label in ["1999-Q4", "2026-Q1"] {
        assert_eq!(
            charts::quarter(label).map(charts::quarter_name).as_deref(),
            Some(label)
        );
    }
}
