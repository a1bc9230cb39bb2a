//! Who takes part: what each policy does with the part of an excluded holder.

use proptest::prelude::*;

use super::*;
use crate::domain::{
    event::{
        EventStatus, Inputs, calculate,
        tests::{amount, day, event, named, total_of},
    },
    token::Holding,
};

fn holding(code: &str, tokens: &str) -> Holding {
    Holding {
        holder: named(code),
        name: None,
        tokens: Tokens::parse(tokens).unwrap(),
    }
}

fn exclusion(code: &str, policy: &str) -> Exclusion {
    let policy: Policy<String> = policy.parse().unwrap();
    let policy = policy.try_map(|to| Ok::<_, String>(named(&to)));
    Exclusion {
        holder: named(code),
        policy: policy.unwrap(),
        reason: "treasury".to_owned(),
    }
}

/// What the holders get, what is retained, and the code of a refusal.
fn divided(
    total: &str,
    holdings: &[(&str, &str)],
    exclusions: &[(&str, &str)],
) -> Result<(Vec<String>, String), &'static str> {
    let draft = Event {
        total: total_of(amount(total)),
        ..event(EventStatus::Draft)
    };
    let inputs = Inputs {
        holdings: holdings
            .iter()
            .map(|(code, tokens)| holding(code, tokens))
            .collect(),
        participation: Participation {
            exclusions: exclusions
                .iter()
                .map(|(code, policy)| exclusion(code, policy))
                .collect(),
            unused: Vec::new(),
        },
        ..Inputs::default()
    };
    let result = calculate(&draft, inputs).map_err(|refused| refused.code())?;
    let shares = result.shares.iter();
    let shown = shares.map(|share| format!("{} {}", share.holder.code, share.amount.plain(2)));
    Ok((shown.collect(), result.retained.plain(2)))
}

/// Codes and policies.
type Exclusions<'a> = &'a [(&'a str, &'a str)];

const FOUR: [(&str, &str); 4] = [("a", "50"), ("b", "30"), ("c", "15"), ("t", "5")];

#[test]
fn each_policy_gives_the_published_amounts() {
    #[rustfmt::skip]
    let cases: [(Exclusions<'_>, &[&str], &str); 4] = [
        (&[],                      &["a 500.00", "b 300.00", "c 150.00", "t 50.00"], "0.00"),
        (&[("t", "redistribute")], &["a 526.32", "b 315.79", "c 157.89"],            "0.00"),
        (&[("t", "retain")],       &["a 500.00", "b 300.00", "c 150.00"],            "50.00"),
        (&[("t", "assign:a")],     &["a 550.00", "b 300.00", "c 150.00"],            "0.00"),
    ];
    for (exclusions, shares, retained) in cases {
        let found = divided("1000", &FOUR, exclusions).unwrap();
        let shares: Vec<String> = shares.iter().map(|share| (*share).to_owned()).collect();
        assert_eq!(found, (shares, retained.to_owned()), "{exclusions:?}");
    }
}

#[test]
fn a_retained_part_changes_nobody_elses() {
    let three = [("a", "1"), ("b", "1"), ("t", "1")];
    let found = divided("100", &three, &[("t", "retain")]).unwrap();
    assert_eq!(
        found,
        (
            vec!["a 33.34".to_owned(), "b 33.33".to_owned()],
            "33.33".to_owned()
        )
    );
}

#[test]
fn a_holder_without_tokens_gets_what_is_assigned() {
    let found = divided("1000", &FOUR, &[("t", "assign:bb"), ("b", "assign:bb")]).unwrap();
    assert_eq!(found.0, ["a 500.00", "bb 350.00", "c 150.00"]);
    // A part of nothing makes no allocation.
    let tiny = [("a", "100000"), ("t", "1")];
    assert_eq!(
        divided("0.01", &tiny, &[("t", "assign:z")]).unwrap().0,
        ["a 0.01"]
    );
}

#[test]
fn somebody_must_be_left() {
    let all = |policy: &'static str| FOUR.map(|(code, _)| (code, policy));
    assert_eq!(
        divided("1000", &FOUR, &all("redistribute")),
        Err("event.no_participants")
    );
    assert_eq!(
        divided("1000", &FOUR, &all("retain")),
        Err("event.nothing_allocated")
    );
    let to_excluded = [("t", "assign:a"), ("a", "retain")];
    assert_eq!(
        divided("1000", &FOUR, &to_excluded),
        Err("event.assign_excluded")
    );
    // All but one of them.
    let (shares, _) = divided("1000", &FOUR, &all("redistribute")[1..]).unwrap();
    assert_eq!(shares, ["a 1000.00"]);
}

#[test]
fn a_reason_is_one_of_the_known_ones_or_words_and_never_a_sanction() {
    let code = |text: &str| exclusion_reason(text).map_err(|refused| refused.code());
    assert_eq!(code("treasury"), Ok("treasury".to_owned()));
    assert_eq!(code(" other:  waived "), Ok("other: waived".to_owned()));
    assert_eq!(code("waived"), Ok("other: waived".to_owned()));
    for sanctioned in ["sanctioned", "other: Sanctions list", "SANCTION"] {
        assert_eq!(
            code(sanctioned),
            Err("event.sanctioned_excluded"),
            "{sanctioned}"
        );
    }
    assert_eq!(code("other: "), Err("reason.missing"));
}

fn standing(code: &str, from: &str, until: Option<&str>) -> StandingExclusion {
    StandingExclusion {
        number: 1,
        project: named("LAGOS"),
        exclusion: exclusion(code, "retain"),
        from: day(from),
        until: until.map(day),
        created_by: named("bola"),
        created_at: crate::domain::event::tests::now(),
    }
}

#[test]
fn a_standing_exclusion_counts_to_its_last_day_and_an_event_says_otherwise() {
    let held = [holding("a", "1"), holding("t", "1"), holding("u", "0")];
    let until = standing("t", "2026-01-01", Some("2026-03-31"));
    let codes = |choices: &Choices, date: &str| -> (Vec<String>, Vec<String>) {
        let all = [until.clone(), standing("u", "2026-01-01", None)];
        let found = settle_participation(&all, choices, &held, day(date));
        let excluded = found.exclusions.iter();
        (
            excluded.map(|one| one.holder.code.to_string()).collect(),
            found.unused.iter().map(ToString::to_string).collect(),
        )
    };
    let none = Choices::default();
    let text = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| (*code).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&none, "2026-03-31"), (text(&["t"]), text(&["u"])));
    assert_eq!(codes(&none, "2026-04-01"), (text(&[]), text(&["u"])));
    assert_eq!(codes(&none, "2025-12-31"), (text(&[]), text(&[])));
    let mut choices = Choices::default();
    let holder: HolderRef = named("t");
    choices.holders.insert(holder.id, (holder, Choice::Include));
    assert_eq!(codes(&choices, "2026-03-31").0, text(&[]));
    choices.others = Some((Policy::Retain, "unsold".to_owned()));
    assert_eq!(codes(&choices, "2026-03-31").0, text(&["a"]));
}

#[test]
fn two_exclusions_of_a_holder_never_share_a_day() {
    let known = [
        standing("t", "2026-01-01", Some("2026-03-31")),
        // Ended before it began: it has no days.
        standing("t", "2026-06-01", Some("2026-05-01")),
    ];
    let tried = |from: &str, until: Option<&str>| {
        let tried = exclude_standing(&exclusion("t", "retain"), day(from), until.map(day), &known);
        tried.map_or_else(|refused| refused.code(), |()| "recorded")
    };
    assert_eq!(tried("2026-04-01", None), "recorded");
    assert_eq!(tried("2025-01-01", Some("2025-12-31")), "recorded");
    assert_eq!(tried("2026-03-31", None), "exclusion.overlap");
    assert_eq!(tried("2025-01-01", None), "exclusion.overlap");
    assert_eq!(tried("2026-04-02", Some("2026-04-01")), "exclusion.dates");
    let itself = exclusion("t", "assign:t");
    let refused = exclude_standing(&itself, day("2026-04-01"), None, &[]).unwrap_err();
    assert_eq!(refused.code(), "event.assign_excluded");
    let ends = |until: &str| {
        let holder = Code::parse("t").unwrap();
        let found = include_standing(&holder, day(until), &known[..1]);
        found.map_or_else(|refused| refused.code(), |_| "ended")
    };
    assert_eq!(ends("2026-02-01"), "ended");
    assert_eq!(ends("2025-06-01"), "ended");
    assert_eq!(ends("2026-03-31"), "exclusion.none");
}

proptest! {
    #[test]
    fn every_part_goes_somewhere_and_retaining_moves_nobody(
        tokens in proptest::collection::vec(1..1_000_i128, 2..12),
        policies in proptest::collection::vec(0..4_usize, 12),
        total in 1..1_000_000_i128,
    ) {
        let codes: Vec<String> = (0..tokens.len()).map(|at| format!("h{at:02}")).collect();
        let holdings: Vec<(String, String)> = codes.iter().cloned()
            .zip(tokens.iter().map(ToString::to_string)).collect();
        let holdings: Vec<(&str, &str)> = holdings.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        // The first holder takes part, so that somebody is left, and gets what is assigned.
        let exclusions: Vec<(&str, &str)> = codes.iter().skip(1).zip(&policies).filter_map(|(code, policy)| {
            let policy = ["redistribute", "retain", "assign:h00"].get(*policy)?;
            Some((code.as_str(), *policy))
        }).collect();
        let total = Amount::from_units(total * 100_000).unwrap().plain(2);
        let units = |shares: &[String]| -> i128 {
            shares.iter().map(|share| amount(share.split(' ').nth(1).unwrap()).units()).sum()
        };
        let (shares, retained) = divided(&total, &holdings, &exclusions).unwrap();
        prop_assert_eq!(units(&shares) + amount(&retained).units(), amount(&total).units());
        // Without those who are left out of the division, the same holders get the same.
        let left_out: Vec<&str> = exclusions.iter().filter(|(_, policy)| *policy == "redistribute")
            .map(|(code, _)| *code).collect();
        let counted: Vec<(&str, &str)> = holdings.iter().copied()
            .filter(|(code, _)| !left_out.contains(code)).collect();
        let (plain, _) = divided(&total, &counted, &[]).unwrap();
        for share in shares.iter().filter(|share| !share.starts_with("h00 ")) {
            prop_assert!(plain.contains(share), "{} is not in {:?}", share, plain);
        }
    }
}
