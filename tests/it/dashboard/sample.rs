//! Ledgers for dashboards: a usual one, a hostile one, and those at the ends.

use prorata::{
    domain::{
        activity::Head,
        allocation::Balance,
        analytics::{self, Analytics, AnalyticsInput, OpenAllocations, ProjectNav},
        code::Code,
        currency::Currency,
        event::{
            Approval, Basis, Calculation, Event, EventState, EventTotal, EventType, HistoryRow,
        },
        id::Named,
        quantity::{Amount, Tokens, Total},
        time::{Date, Instant, parse_date},
        user::FourEyes,
    },
    render,
    report::{self, About, dashboard::Page},
};
use serde_json::Value;
use uuid::Uuid;

/// The figures and the events of a dashboard.
pub(super) struct Sample {
    pub(super) analytics: Analytics,
    pub(super) events: Vec<Event>,
}

/// An event in few words.
pub(super) struct Brief<'a> {
    pub(super) project: &'a str,
    pub(super) kind: EventType,
    pub(super) title: &'a str,
    pub(super) currency: &'a str,
    /// The total in ten-millionths.
    pub(super) units: i128,
    pub(super) date: Date,
    /// How many percent of it are paid and pending, or `None` for a draft.
    pub(super) paid: Option<(i128, i128)>,
}

const AS_OF: &str = "2026-06-30";
const ONE: i128 = 10_000_000;

impl Sample {
    /// Computes the figures of events and holders with their names and allocations in
    /// ten-millionths.
    pub(super) fn of(events: Vec<Event>, holders: &[(String, Currency, i128)]) -> Self {
        let mut events = events;
        events.sort_by(|a, b| {
            (a.distribution_date, &a.event.code).cmp(&(b.distribution_date, &b.event.code))
        });
        let counted: Vec<Event> = events
            .iter()
            .filter(|event| analytics::counts(event))
            .cloned()
            .collect();
        let mut rest = AnalyticsInput::default();
        for (number, (name, currency, units)) in holders.iter().enumerate() {
            let code = Code::parse(&format!("H-{number:04}")).unwrap();
            rest.shares
                .add(*currency, &code, name, Total::from_units(*units).unwrap())
                .unwrap();
        }
        for event in &counted {
            let paid = event.distribution_date.succ_opt().unwrap();
            let later = chrono::Days::new(u64::try_from(event.number % 9 + 2).unwrap());
            rest.delays
                .add(event.currency, paid, paid.checked_add_days(later).unwrap())
                .unwrap();
            let count = if event.balance.is_settled() { 0 } else { 7 };
            let held = Amount::ZERO;
            rest.open.push(OpenAllocations { count, held });
        }
        let mut navs: Vec<_> = counted
            .iter()
            .map(|event| (event.project.clone(), nav(event)))
            .collect();
        navs.sort_by(|a, b| a.0.code.cmp(&b.0.code));
        navs.dedup_by(|a, b| a.0.code == b.0.code);
        rest.navs = navs;
        let analytics = analytics::analyse(
            &counted,
            rest,
            parse_date(AS_OF).unwrap(),
            parse_date(AS_OF).unwrap(),
        )
        .unwrap();
        Self { analytics, events }
    }

    /// Six projects in two currencies over four years, as an administrator has them.
    pub(super) fn usual() -> Self {
        let projects = [
            "LAGOS-TOWER",
            "ABUJA-MALL",
            "KANO-SOLAR",
            "ENUGU-HOMES",
            "IBADAN-PARK",
            "PORT-USD",
        ];
        let events = (0..46).map(|number: i64| {
            let project = usize::try_from(number * 7 % 6).unwrap();
            let month = number * 47 / 46;
            let date = Date::from_ymd_opt(
                2022 + i32::try_from((month + 7) / 12).unwrap(),
                u32::try_from((month + 7) % 12).unwrap() + 1,
                28,
            );
            let wave = i128::from(number * number * 37 % 97 + 9);
            let paid = match number {
                45 => None,
                42.. => Some((10, 25)),
                36.. => Some((62, 18)),
                _ if number % 5 == 0 => Some((96, 0)),
                _ => Some((100, 0)),
            };
            event(
                number,
                &Brief {
                    project: projects[project],
                    kind: EventType::ALL[usize::try_from(number * 3 % 7 % 4).unwrap()],
                    title: "Net rental income",
                    currency: if project == 5 { "USD" } else { "NGN" },
                    units: if project == 5 {
                        wave * 1_250 * ONE
                    } else {
                        (wave * 1_250_000 + 417) * ONE + 2_500_000
                    },
                    date: date.unwrap(),
                    paid,
                },
            )
        });
        let names = [
            "Adaeze Okoro",
            "Musa Bello",
            "Chidi Eze",
            "Ọláwálé Adébáyọ̀",
            "Lagos State Pension Fund Administrators Limited",
            "Ngozi Umeh",
        ];
        let holders = (0..180_i128).map(|number| {
            let name = names
                .get(usize::try_from(number).unwrap())
                .map_or_else(|| format!("Holder {number}"), |name| (*name).to_owned());
            (
                name,
                currency("NGN"),
                cut(400_000_000 * ONE / (number * 2 + 9)),
            )
        });
        Self::of(events.collect(), &holders.collect::<Vec<_>>())
    }

    /// Names with markup, the longest codes and titles, and amounts of every size that the ledger
    /// holds.
    pub(super) fn hostile() -> Self {
        let long = "X".repeat(64);
        let titles = [
            "</script><script>window.hit=1</script>",
            "\"><img src=x onerror=\"window.hit=1\">",
            "<svg onload=window.hit=1>",
            "\u{202e}evil\u{1b}[2J",
            "&lt;b&gt; & 'quoted' \"twice\"",
        ];
        let units = [
            Amount::MAX.units(),
            Amount::MAX.units() - 1,
            1,
            99_999_999_999_999_999_990,
            99_999_999_999_999_999_909,
            10,
            9,
        ];
        let events = (0..14).map(|number: i64| {
            let at = usize::try_from(number).unwrap();
            let project = if at.is_multiple_of(2) {
                long.as_str()
            } else {
                "a"
            };
            event(
                number,
                &Brief {
                    project,
                    kind: EventType::Other,
                    title: titles[at % titles.len()],
                    currency: if at.is_multiple_of(2) { "NGN" } else { "KWD" },
                    units: units[at % units.len()],
                    date: parse_date("1999-12-31")
                        .unwrap()
                        .checked_add_days(chrono::Days::new(u64::try_from(number).unwrap() * 700))
                        .unwrap(),
                    paid: Some((33, 33)),
                },
            )
        });
        let holders = (0..12_i128).map(|number| {
            let name = format!(
                "{}{number}",
                titles[usize::try_from(number).unwrap() % titles.len()]
            );
            (name, currency("NGN"), Amount::MAX.units() - number * 7)
        });
        Self::of(events.collect(), &holders.collect::<Vec<_>>())
    }

    /// So many events of so many projects.
    pub(super) fn many(events: i64, projects: i64) -> Self {
        let events = (0..events).map(|number| {
            let date = parse_date("2019-01-15")
                .unwrap()
                .checked_add_days(chrono::Days::new(u64::try_from(number * 13).unwrap()));
            event(
                number,
                &Brief {
                    project: &format!("PR-{:02}", number % projects),
                    kind: EventType::ALL[usize::try_from(number % 3).unwrap()],
                    title: "Quarterly distribution",
                    currency: "NGN",
                    units: i128::from(number % 17 + 1) * 3_333_333_330_000,
                    date: date.unwrap(),
                    paid: Some((i128::from(number % 4) * 30 + 10, 0)),
                },
            )
        });
        let holders = [("Only Holder".to_owned(), currency("NGN"), 5 * ONE)];
        Self::of(events.collect(), &holders)
    }

    /// The page of it.
    pub(super) fn page(&self) -> Page {
        let head = Head {
            seq: 4_217,
            hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        };
        let as_of = parse_date(AS_OF).unwrap();
        let about = About {
            title: "Distributions".to_owned(),
            as_of,
            head,
            four_eyes: FourEyes::On,
        };
        let events = self.events.iter().map(|event| HistoryRow {
            event: event.clone(),
            held: Amount::ZERO,
        });
        let events: Vec<HistoryRow> = events.collect();
        report::dashboard::page(about, "All projects", &self.analytics, &events)
    }

    /// The page's bytes.
    pub(super) fn html(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        render::dashboard(&self.page(), &mut bytes).unwrap();
        bytes
    }

    /// What `report analytics` has as JSON.
    pub(super) fn json(&self) -> Value {
        let (record, mut bytes) = (report::analytics::record(&self.analytics), Vec::new());
        render::record(
            &record,
            render::Format::Json,
            render::Style::PLAIN,
            None,
            &mut bytes,
        )
        .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}

pub(super) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// Makes an event of its brief description.
pub(super) fn event(number: i64, brief: &Brief) -> Event {
    let total_amount = Amount::from_units(brief.units).unwrap();
    let percent = |percent: i128| Amount::from_units(cut(brief.units * percent / 100)).unwrap();
    let at = Instant::parse(&format!("{}T09:00:00.000000Z", brief.date)).unwrap();
    let calculation = Calculation {
        snapshot_date: brief.date,
        counted_tokens: Tokens::parse("1250000").unwrap(),
        total_tokens: Tokens::parse("1250000").unwrap(),
        nav: Amount::from_units(cut(brief.units / 2 * 30).min(Amount::MAX.units())),
        holders: 7,
        holders_without_money: 0,
        tax_profile: None,
        hash: "ab".repeat(32),
        by: named("bola"),
        at,
    };
    let approval = Approval {
        by: named("chi"),
        at,
    };
    let (state, balance) = match brief.paid {
        None => (EventState::Draft, Balance::NONE),
        Some((100, _)) => (
            EventState::Completed(calculation, approval, at),
            Balance::plain(total_amount, total_amount, Amount::ZERO).unwrap(),
        ),
        Some((paid, pending)) => {
            let balance = Balance::plain(total_amount, percent(paid), percent(pending)).unwrap();
            (EventState::Active(calculation, approval), balance)
        }
    };
    Event {
        number,
        event: named(&format!("E-{number:03}")),
        project: named(brief.project),
        event_type: brief.kind,
        title: brief.title.to_owned(),
        description: None,
        currency: currency(brief.currency),
        total: EventTotal::before_calculation(Basis::Amount(total_amount), &[]),
        unit: Amount::SMALLEST,
        distribution_date: brief.date,
        record_date: brief.date,
        minimum: Amount::ZERO,
        tax_exempt: None,
        history: None,
        state,
        retained: Amount::ZERO,
        balance,
        created_by: named("bola"),
        created_at: at,
        updated_at: at,
    }
}

/// Cuts what is less than a hundredth, where there is more.
fn cut(units: i128) -> i128 {
    if units > ONE {
        units / 100_000 * 100_000
    } else {
        units
    }
}

fn nav(event: &Event) -> ProjectNav {
    let total = event.total.amount().unwrap();
    let amount = Amount::from_units((total.units() * 20).min(Amount::MAX.units()));
    ProjectNav {
        date: event.distribution_date,
        amount: amount.unwrap_or(Amount::MAX),
        currency: event.currency,
    }
}

fn named<I: From<Uuid>>(code: &str) -> Named<I> {
    let id = code.bytes().fold(0_u128, |id, byte| {
        id.wrapping_mul(257).wrapping_add(u128::from(byte))
    });
    Named {
        id: Uuid::from_u128(id).into(),
        code: Code::parse(code).unwrap(),
    }
}
