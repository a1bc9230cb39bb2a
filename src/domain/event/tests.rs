//! Events: every pair of state and command, and what each rule looks at.

use uuid::Uuid;

use super::*;
use crate::domain::{
    allocation::Movement,
    code::Code,
    id::{Named, UserId},
    reviewers::{Hand, Reviewer, Reviewers},
    time::parse_date,
    token::Holding,
    user::{FourEyes, Role, UserStatus},
};

/// Makes an id and code; the id follows from the code.
pub(crate) fn named<I: From<Uuid>>(code: &str) -> Named<I> {
    let id = code
        .bytes()
        .fold(0_u128, |id, byte| (id << 8) | u128::from(byte));
    Named {
        id: Uuid::from_u128(id).into(),
        code: Code::parse(code).unwrap(),
    }
}

pub(crate) fn actor(code: &str, role: Role) -> Actor {
    Actor {
        user: named(code),
        role,
    }
}

/// The total of an event with an amount.
pub(crate) fn total_of(amount: Amount) -> EventTotal {
    EventTotal::before_calculation(Basis::Amount(amount), &[])
}

pub(crate) fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(crate) fn now() -> Instant {
    Instant::parse("2026-06-30T09:00:00.000000Z").unwrap()
}

fn calculation() -> Calculation {
    Calculation {
        snapshot_date: day("2026-03-31"),
        total_tokens: Tokens::parse("3").unwrap(),
        counted_tokens: Tokens::parse("3").unwrap(),
        nav: None,
        holders: 3,
        holders_without_money: 0,
        tax_profile: None,
        hash: "abcdef12".repeat(8),
        by: named("tayo"),
        at: now(),
    }
}

/// The users, with a lifetime that needs no owner.
pub(crate) fn desk(four_eyes: FourEyes) -> &'static Reviewers {
    Box::leak(Box::new(reviewers(four_eyes)))
}

/// The users who review: ada, chi and tayo.
pub(crate) fn reviewers(four_eyes: FourEyes) -> Reviewers {
    Reviewers {
        four_eyes,
        users: ["ada", "chi", "tayo"]
            .map(|user| Reviewer {
                user: named(user),
                unacknowledged_of: None,
                role: Role::Admin,
                status: UserStatus::Active,
            })
            .into(),
    }
}

fn approval() -> Approval {
    Approval {
        by: named("chi"),
        at: now(),
    }
}

/// Makes an event of 100.00 that bola created and tayo calculated; what is completed is paid.
pub(crate) fn event(status: EventStatus) -> Event {
    let (all, paid) = (
        amount("100"),
        Movement::Settle {
            requested: amount("100"),
            paid: amount("100"),
        },
    );
    let allocated = Balance::of(all);
    let (state, balance) = match status {
        EventStatus::Draft => (EventState::Draft, Balance::NONE),
        EventStatus::Calculated => (EventState::Calculated(calculation()), allocated),
        EventStatus::Active => (EventState::Active(calculation(), approval()), allocated),
        EventStatus::Completed => {
            let balance = allocated
                .after(Movement::Hold(all))
                .and_then(|held| held.after(paid))
                .unwrap();
            (
                EventState::Completed(calculation(), approval(), now()),
                balance,
            )
        }
        EventStatus::Cancelled => {
            let (calculation, approval) = (Some(calculation()), Some(approval()));
            let (by, reason) = (named("ada"), "typo".to_owned());
            (
                EventState::Cancelled {
                    calculation,
                    approval,
                    by,
                    at: now(),
                    reason,
                },
                allocated,
            )
        }
    };
    Event {
        number: 1,
        event: named("E1"),
        project: named("LAGOS"),
        event_type: EventType::Revenue,
        title: "Q1".to_owned(),
        description: None,
        currency: Currency::parse("NGN").unwrap(),
        total: total_of(all),
        unit: amount("0.01"),
        distribution_date: day("2026-03-31"),
        record_date: day("2026-03-31"),
        minimum: Amount::ZERO,
        tax_exempt: None,
        history: None,
        state,
        retained: Amount::ZERO,
        balance,
        created_by: named("bola"),
        created_at: now(),
        updated_at: now(),
    }
}

/// Does a command to an event; answers the next state, or the code of the refusal.
fn result(event: &Event, command: &str) -> &'static str {
    let (operator, approver) = (actor("bola", Role::Operator), actor("chi", Role::Approver));
    let (total, paid) = (amount("100"), amount("99"));
    let not_paid_out = Balance::plain(total, paid, Amount::ZERO);
    let next = match command {
        "calculate" => {
            may_calculate(event, &operator, day("2026-06-30")).map(|()| EventStatus::Calculated)
        }
        "approve" => {
            let reviewers = reviewers(FourEyes::On);
            approve(
                event,
                &approver,
                &reviewers,
                &EventHands::default(),
                None,
                now(),
            )
            .map(|(state, _)| state.status())
        }
        "cancel" => cancel(event, &operator, "typo", now()).map(|state| state.status()),
        "all is paid" => Ok(settle(
            event.state.clone(),
            tests::event(EventStatus::Completed).balance,
            now(),
        )
        .status()),
        "some is not paid" => {
            Ok(settle(event.state.clone(), not_paid_out.unwrap(), now()).status())
        }
        other => panic!("no such command: {other}"),
    };
    next.map_or_else(|refused| refused.code(), EventStatus::as_str)
}

const COMMANDS: [&str; 5] = [
    "calculate",
    "approve",
    "cancel",
    "all is paid",
    "some is not paid",
];

#[rustfmt::skip]
const EVERY_PAIR: [(EventStatus, &str, &str); 25] = [
    (EventStatus::Draft,      "calculate",        "calculated"),
    (EventStatus::Draft,      "approve",          "event.wrong_state"),
    (EventStatus::Draft,      "cancel",           "cancelled"),
    (EventStatus::Draft,      "all is paid",      "draft"),
    (EventStatus::Draft,      "some is not paid", "draft"),
    (EventStatus::Calculated, "calculate",        "calculated"),
    (EventStatus::Calculated, "approve",          "active"),
    (EventStatus::Calculated, "cancel",           "cancelled"),
    (EventStatus::Calculated, "all is paid",      "calculated"),
    (EventStatus::Calculated, "some is not paid", "calculated"),
    (EventStatus::Active,     "calculate",        "event.wrong_state"),
    (EventStatus::Active,     "approve",          "event.wrong_state"),
    (EventStatus::Active,     "cancel",           "cancelled"),
    (EventStatus::Active,     "all is paid",      "completed"),
    (EventStatus::Active,     "some is not paid", "active"),
    (EventStatus::Completed,  "calculate",        "event.wrong_state"),
    (EventStatus::Completed,  "approve",          "event.wrong_state"),
    (EventStatus::Completed,  "cancel",           "event.wrong_state"),
    (EventStatus::Completed,  "all is paid",      "completed"),
    (EventStatus::Completed,  "some is not paid", "active"),
    (EventStatus::Cancelled,  "calculate",        "event.wrong_state"),
    (EventStatus::Cancelled,  "approve",          "event.wrong_state"),
    (EventStatus::Cancelled,  "cancel",           "event.wrong_state"),
    (EventStatus::Cancelled,  "all is paid",      "cancelled"),
    (EventStatus::Cancelled,  "some is not paid", "cancelled"),
];

#[test]
fn every_pair_of_state_and_command_has_its_result() {
    let named: Vec<_> = EVERY_PAIR
        .iter()
        .map(|(status, command, _)| (*status, *command))
        .collect();
    let all = EventStatus::ALL
        .iter()
        .flat_map(|status| COMMANDS.map(|command| (*status, command)));
    assert_eq!(
        named,
        all.collect::<Vec<_>>(),
        "the table names every pair once"
    );
    for (status, command, expected) in EVERY_PAIR {
        assert_eq!(
            result(&event(status), command),
            expected,
            "{command} what is {status}"
        );
    }
}

#[test]
fn an_approval_has_two_people_and_the_right_hash() {
    let calculated = event(EventStatus::Calculated);
    let (on, off) = (FourEyes::On, FourEyes::Off);
    #[rustfmt::skip]
    let cases = [
        ("chi",  Role::Approver, on,  None,             Ok(EventStatus::Active)),
        ("ada",  Role::Admin,    on,  None,             Ok(EventStatus::Active)),
        ("dayo", Role::Auditor,  on,  None,             Err("user.forbidden")),
        ("efe",  Role::Operator, on,  None,             Err("user.forbidden")),
        ("bola", Role::Admin,    on,  None,             Err("event.same_actor")),
        ("tayo", Role::Approver, on,  None,             Err("event.same_actor")),
        ("bola", Role::Admin,    off, None,             Ok(EventStatus::Active)),
        ("tayo", Role::Approver, off, None,             Ok(EventStatus::Active)),
        ("bola", Role::Operator, off, None,             Err("user.forbidden")),
        ("chi",  Role::Approver, on,  Some("ABCDEF12"), Ok(EventStatus::Active)),
        ("chi",  Role::Approver, on,  Some("abcdef13"), Err("event.hash_mismatch")),
        ("tayo", Role::Approver, on,  Some("abcdef13"), Err("event.same_actor")),
    ];
    for (who, role, four_eyes, hash, expected) in cases {
        let (reviewers, hands) = (reviewers(four_eyes), EventHands::default());
        let decided = approve(
            &calculated,
            &actor(who, role),
            &reviewers,
            &hands,
            hash,
            now(),
        );
        let found = decided
            .map(|(state, _)| state.status())
            .map_err(|refused| refused.code());
        assert_eq!(found, expected, "{who} {role} {four_eyes:?} {hash:?}");
    }
    assert!(still_calculates(&calculated, &"abcdef12".repeat(8)).is_ok());
    assert_eq!(
        still_calculates(&calculated, &"abcdef13".repeat(8))
            .unwrap_err()
            .code(),
        "event.stale"
    );
    assert_eq!(
        still_calculates(&event(EventStatus::Draft), "")
            .unwrap_err()
            .code(),
        "event.stale"
    );
}

#[test]
fn whoever_worked_on_the_event_or_its_register_is_named_with_those_who_may() {
    let calculated = event(EventStatus::Calculated);
    let hand = |user: &str, did| Hand {
        user: named::<UserId>(user).id,
        did,
    };
    let hands = EventHands {
        event: vec![hand("ada", "calculated")],
        register: vec![hand("chi", "recorded entries that count for")],
        last: Some(Code::parse("E0").unwrap()),
    };
    let refused = |who: &str, four_eyes| {
        let actor = actor(who, Role::Admin);
        approve(
            &calculated,
            &actor,
            &reviewers(four_eyes),
            &hands,
            None,
            now(),
        )
        .unwrap_err()
    };
    let ada = refused("ada", FourEyes::On);
    assert_eq!(ada.code(), "event.same_actor");
    assert_eq!(
        ada.to_string(),
        "`ada` calculated event `E1` and may not approve it (four eyes); nobody may: every user who reviews had a hand in it"
    );
    let chi = refused("chi", FourEyes::On);
    assert_eq!(chi.code(), "event.same_register_actor");
    assert!(
        chi.to_string()
            .contains("that count for event `E1` since event `E0` was approved and may not")
    );
    assert_eq!(chi.may(), Some([].as_slice()), "tayo calculated it");
    let free = EventHands::default();
    let bola = approve(
        &calculated,
        &actor("bola", Role::Admin),
        &reviewers(FourEyes::On),
        &free,
        None,
        now(),
    );
    assert_eq!(
        bola.unwrap_err().may(),
        Some([Code::parse("ada").unwrap(), Code::parse("chi").unwrap()].as_slice())
    );
    let off = reviewers(FourEyes::Off);
    assert!(
        approve(
            &calculated,
            &actor("chi", Role::Approver),
            &off,
            &hands,
            None,
            now()
        )
        .is_ok()
    );
}

#[test]
fn what_is_created_can_be_allocated() {
    let operator = actor("bola", Role::Operator);
    let (march, april) = ("2026-03-31", "2026-04-01");
    #[rustfmt::skip]
    let cases = [
        ("100",    "0.01",      march, march, "created"),
        ("0.01",   "0.01",      april, march, "created"),
        ("0.0000001", "0.0000001", march, march, "created"),
        ("9999999999999.9999999", "0.0000001", march, march, "created"),
        ("0",      "0.01",      march, march, "event.amount_zero"),
        ("100",    "0",         march, march, "event.unit_zero"),
        ("0.005",  "0.01",      march, march, "event.not_a_multiple"),
        ("100",    "0.03",      march, march, "event.not_a_multiple"),
        ("100",    "0.01",      march, april, "event.dates"),
    ];
    for (total, unit, distribution, record, expected) in cases {
        let (basis, unit) = (Basis::Amount(amount(total)), amount(unit));
        let new = NewEvent {
            basis,
            components: Vec::new(),
            unit,
            distribution_date: day(distribution),
            record_date: day(record),
            minimum: Amount::ZERO,
            tax_exempt: None,
        };
        let found = create(&operator, &new).map_or_else(|refused| refused.code(), |()| "created");
        assert_eq!(
            found, expected,
            "{total} in {unit}, {record} for {distribution}"
        );
    }
}

#[test]
fn an_event_is_calculated_from_its_record_date_on_and_cancelled_until_it_is_paid() {
    let (draft, operator) = (event(EventStatus::Draft), actor("bola", Role::Operator));
    assert_eq!(may_calculate(&draft, &operator, day("2026-03-31")), Ok(()));
    let early = may_calculate(&draft, &operator, day("2026-03-30")).unwrap_err();
    assert_eq!(early.code(), "event.record_date_in_future");
    let mut paid = event(EventStatus::Active);
    paid.balance = Balance::plain(amount("100"), amount("0.01"), Amount::ZERO).unwrap();
    assert_eq!(
        cancel(&paid, &operator, "typo", now()).unwrap_err().code(),
        "event.paid"
    );
    assert_eq!(
        cancel(&draft, &operator, " ", now()).unwrap_err().code(),
        "reason.missing"
    );
    let approver = actor("chi", Role::Approver);
    assert_eq!(
        cancel(&draft, &approver, "typo", now()).unwrap_err().code(),
        "user.forbidden"
    );
}

#[test]
fn the_hash_changes_with_each_input_and_each_allocation() {
    let holding = |code: &str, tokens: &str| Holding {
        holder: named(code),
        name: None,
        tokens: Tokens::parse(tokens).unwrap(),
    };
    let draft = event(EventStatus::Draft);
    let held = || vec![holding("h1", "1"), holding("h2", "2")];
    let hash = |event: &Event, holdings, nav| {
        let inputs = Inputs {
            holdings,
            nav,
            ..Inputs::default()
        };
        calculate(event, inputs).unwrap().hash
    };
    let first = hash(&draft, held(), None);
    assert_eq!(
        hash(
            &draft,
            vec![holding("h2", "2"), holding("h3", "0"), holding("h1", "1")],
            None
        ),
        first
    );
    let others = [
        hash(&draft, vec![holding("h1", "2"), holding("h2", "1")], None),
        hash(&draft, vec![holding("h1", "1"), holding("h3", "2")], None),
        hash(&draft, vec![holding("h1", "2"), holding("h2", "4")], None),
        hash(&draft, held(), Some(Amount::ZERO)),
        hash(
            &Event {
                event: named("E2"),
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                project: named("ABUJA"),
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                event_type: EventType::Exit,
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                currency: Currency::parse("USD").unwrap(),
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                total: total_of(amount("100.01")),
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                unit: amount("0.02"),
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                distribution_date: day("2026-04-01"),
                ..draft.clone()
            },
            held(),
            None,
        ),
        hash(
            &Event {
                record_date: day("2026-03-30"),
                ..draft.clone()
            },
            held(),
            None,
        ),
    ];
    for (at, other) in others.iter().enumerate() {
        assert_ne!(*other, first, "input {at}");
    }
}
