//! The verdicts of an explanation, in words.

use self::Rival::{Expectation, OtherLine, Stronger};
use super::{
    super::{
        accounts::AFTER,
        line::{Line, LineKind},
        link::Tier,
        node::window,
    },
    scene::{Candidate, LineFacts, Scene},
};
use crate::domain::code::{LineNumber, WithdrawalNumber};

/// The most lines of a match that a verdict names.
const SHOWN: usize = 10;

/// What keeps an alternative from being the only one.
enum Rival {
    /// Another expectation has stronger evidence.
    Stronger(WithdrawalNumber, Tier),
    /// Another expectation has evidence of the same tier.
    Expectation(WithdrawalNumber),
    /// Another line has evidence of the same tier for this expectation.
    OtherLine(LineNumber),
}

/// Returns the verdict of each alternative.
pub(super) fn verdicts(
    scene: &Scene<'_>,
    facts: &LineFacts<'_>,
    near: &[Candidate<'_>],
) -> Vec<String> {
    near.iter()
        .map(|candidate| verdict(scene, facts, near, candidate))
        .collect()
}

fn verdict(
    scene: &Scene<'_>,
    facts: &LineFacts<'_>,
    near: &[Candidate<'_>],
    candidate: &Candidate<'_>,
) -> String {
    let out = facts.line.amount.is_negative();
    if scene.is_of(facts.line, candidate.expected) {
        return "linked: this match is in the ledger".to_owned();
    }
    if scene.is_rejected(facts.line, candidate.expected) {
        return "rejected before".to_owned();
    }
    if let Some(link) = scene
        .payments
        .get(&candidate.expected.withdrawal)
        .filter(|_| out)
    {
        let lines: Vec<String> = link
            .lines
            .iter()
            .take(SHOWN)
            .map(ToString::to_string)
            .collect();
        let same = candidate.reference && facts.units() == candidate.expected.amount.units();
        let twice = if same {
            "; the reference and the amount are the same: a second payment"
        } else {
            ""
        };
        return format!("matched already with {}{twice}", lines.join(", "));
    }
    let Some(tier) = candidate.tier else {
        return lack(scene, facts, candidate);
    };
    if let Some(other) = scene.other_creditor(facts, candidate) {
        return format!(
            "names {other}: matched by hand only, by a reviewer with no hand in the payment"
        );
    }
    if scene.has_ended_reference_only(facts, candidate) {
        return "the reference of an item that left its payment file: never matched by itself"
            .to_owned();
    }
    match rival(scene, facts, near, candidate, tier) {
        Some(Stronger(withdrawal, tier)) => {
            format!("{withdrawal} has stronger evidence: tier {}", tier.as_str())
        }
        Some(Expectation(withdrawal)) => format!("fits as well as {withdrawal}: ambiguous"),
        Some(OtherLine(line)) => format!("{line} fits as well: ambiguous"),
        None => format!("{}: tier {}", words(tier), tier.as_str()),
    }
}

const fn words(tier: Tier) -> &'static str {
    match tier {
        Tier::Reference => "the same reference, amount and day",
        Tier::FileTotal => "the total of what is open of its payment file",
        Tier::Account => "the same account, amount and day",
        Tier::Name => "the same name, amount and day",
        Tier::Sum => "part of the only sum that is the amount of the line",
        Tier::Reversal => "a reversal of the same amount within 30 days",
        Tier::Manual => "said by a user",
    }
}

fn rival(
    scene: &Scene<'_>,
    facts: &LineFacts<'_>,
    near: &[Candidate<'_>],
    candidate: &Candidate<'_>,
    tier: Tier,
) -> Option<Rival> {
    let out = facts.line.amount.is_negative();
    let others = near
        .iter()
        .filter(|other| other.expected.withdrawal != candidate.expected.withdrawal);
    let rivals = others.filter(|other| !out || scene.is_open(other.expected));
    let told = rivals.filter_map(|other| Some((other.tier?, other)));
    let file = |other: &Candidate<'_>| {
        tier == Tier::FileTotal && other.expected.file == candidate.expected.file
    };
    for (other_tier, other) in told {
        if other_tier < tier {
            return Some(Stronger(other.expected.withdrawal, other_tier));
        }
        if other_tier == tier && tier != Tier::Sum && !file(other) {
            return Some(Expectation(other.expected.withdrawal));
        }
    }
    other_line(scene, facts, candidate, tier).map(OtherLine)
}

/// Looks for another open line of this amount that has as strong evidence for the expectation; the
/// smallest number is reported.
fn other_line(
    scene: &Scene<'_>,
    facts: &LineFacts<'_>,
    candidate: &Candidate<'_>,
    tier: Tier,
) -> Option<LineNumber> {
    let at = scene
        .input
        .expected
        .iter()
        .position(|expected| expected.withdrawal == candidate.expected.withdrawal)?;
    let same = |line: &&Line| {
        line.number != facts.line.number
            && line.amount == facts.line.amount
            && !scene.linked.contains(&line.number)
    };
    let fits = |line: &&Line| {
        let held = scene.compare_with(&scene.read(line), at, candidate.expected);
        held.and_then(|held| held.tier)
            .is_some_and(|other| other <= tier)
    };
    scene
        .input
        .lines
        .iter()
        .filter(same)
        .filter(fits)
        .map(|line| line.number)
        .min()
}

/// Returns what an alternative lacks.
fn lack(scene: &Scene<'_>, facts: &LineFacts<'_>, candidate: &Candidate<'_>) -> String {
    let expected = candidate.expected;
    match facts.kind {
        LineKind::Fee | LineKind::Tax | LineKind::Levy => {
            return "the line is a fee, a tax or a levy: it pays nobody".to_owned();
        }
        LineKind::Interest => return "the line is interest: it pays nobody".to_owned(),
        LineKind::Principal | LineKind::Reversal => {}
    }
    let mut lacks = Vec::new();
    let out = facts.line.amount.is_negative();
    let difference = facts.units() - expected.amount.units();
    if difference != 0 {
        let side = if difference < 0 { "less" } else { "more" };
        lacks.push(format!(
            "another amount: {} {side}",
            scene.shown(difference.abs())
        ));
    }
    if !out && scene.is_open(expected) && !expected.returned {
        lacks.push("money came in, and no debit of it is matched".to_owned());
    }
    let after = if candidate.reference {
        expected.reference_days()
    } else {
        AFTER
    };
    let by = facts
        .days()
        .any(|on| window(expected.date, after).contains(&on));
    if out && !by {
        lacks.push(format!(
            "{} days from the expected day",
            facts.distance(expected)
        ));
    } else if !out && !scene.may_return(facts, expected) {
        lacks.push("not within 30 days after its debit".to_owned());
    }
    if out && facts.kind == LineKind::Reversal {
        lacks.push("the line is a reversal".to_owned());
    } else if !candidate.reference && !candidate.account && !candidate.name {
        lacks.push("no reference, account or name that is the same".to_owned());
    }
    if lacks.is_empty() {
        "not enough that is the same".to_owned()
    } else {
        lacks.join("; ")
    }
}
