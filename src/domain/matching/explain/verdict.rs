//! The verdicts of an explanation, in words.

use super::{
    AFTER, AFTER_REFERENCE, Evidence, Line, LineClass, Reading, Scene, Tier, WithdrawalNumber,
    verdict::Rival::{Expectation, OtherLine, Stronger},
    window,
};
use crate::domain::code::LineNumber;

/// What keeps an alternative from being the only one.
enum Rival {
    /// Another expectation has stronger evidence.
    Stronger(WithdrawalNumber, Tier),
    /// Another expectation has evidence of the same tier.
    Expectation(WithdrawalNumber),
    /// Another line has evidence of the same tier for this expectation.
    OtherLine(LineNumber),
}

/// Tells the verdict of each alternative.
pub(super) fn verdicts(
    scene: &Scene<'_>,
    reading: &Reading<'_>,
    near: &[Evidence<'_>],
) -> Vec<String> {
    near.iter()
        .map(|evidence| verdict(scene, reading, near, evidence))
        .collect()
}

fn verdict(
    scene: &Scene<'_>,
    reading: &Reading<'_>,
    near: &[Evidence<'_>],
    evidence: &Evidence<'_>,
) -> String {
    let out = reading.line.amount.is_negative();
    if scene.is_of(reading.line, evidence.expected) {
        return "linked: this match stands".to_owned();
    }
    if scene.is_rejected(reading.line, evidence.expected) {
        return "rejected before".to_owned();
    }
    if let Some(link) = scene
        .payments
        .get(&evidence.expected.withdrawal)
        .filter(|_| out)
    {
        let lines: Vec<String> = link
            .lines
            .iter()
            .take(super::SHOWN)
            .map(ToString::to_string)
            .collect();
        let same = evidence.reference && reading.units() == evidence.expected.amount.units();
        let twice = if same {
            "; the reference and the amount are the same: a second payment"
        } else {
            ""
        };
        return format!("matched already with {}{twice}", lines.join(", "));
    }
    let Some(tier) = evidence.tier else {
        return lack(scene, reading, evidence);
    };
    match rival(scene, reading, near, evidence, tier) {
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
    reading: &Reading<'_>,
    near: &[Evidence<'_>],
    evidence: &Evidence<'_>,
    tier: Tier,
) -> Option<Rival> {
    let out = reading.line.amount.is_negative();
    let others = near
        .iter()
        .filter(|other| other.expected.withdrawal != evidence.expected.withdrawal);
    let rivals = others.filter(|other| !out || scene.is_open(other.expected));
    let told = rivals.filter_map(|other| Some((other.tier?, other)));
    let file = |other: &Evidence<'_>| {
        tier == Tier::FileTotal && other.expected.file == evidence.expected.file
    };
    for (other_tier, other) in told {
        if other_tier < tier {
            return Some(Stronger(other.expected.withdrawal, other_tier));
        }
        if other_tier == tier && tier != Tier::Sum && !file(other) {
            return Some(Expectation(other.expected.withdrawal));
        }
    }
    other_line(scene, reading, evidence, tier).map(OtherLine)
}

/// Looks for another open line of this amount that has as strong evidence for the expectation; the
/// smallest number is told.
fn other_line(
    scene: &Scene<'_>,
    reading: &Reading<'_>,
    evidence: &Evidence<'_>,
    tier: Tier,
) -> Option<LineNumber> {
    let at = scene
        .input
        .expected
        .iter()
        .position(|expected| expected.withdrawal == evidence.expected.withdrawal)?;
    let same = |line: &&Line| {
        line.number != reading.line.number
            && line.amount == reading.line.amount
            && !scene.linked.contains(&line.number)
    };
    let fits = |line: &&Line| {
        let held = scene.hold(&scene.read(line), at, evidence.expected);
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

/// Tells what an alternative lacks.
fn lack(scene: &Scene<'_>, reading: &Reading<'_>, evidence: &Evidence<'_>) -> String {
    let expected = evidence.expected;
    match reading.class {
        LineClass::Fee | LineClass::Tax | LineClass::Levy => {
            return "the line is a fee, a tax or a levy: it pays nobody".to_owned();
        }
        LineClass::Interest => return "the line is interest: it pays nobody".to_owned(),
        LineClass::Principal | LineClass::Reversal => {}
    }
    let mut lacks = Vec::new();
    let out = reading.line.amount.is_negative();
    let difference = reading.units() - expected.amount.units();
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
    let after = if evidence.reference {
        AFTER_REFERENCE
    } else {
        AFTER
    };
    let by = reading
        .days()
        .any(|on| window(expected.date, after).contains(&on));
    if out && !by {
        lacks.push(format!(
            "{} days from the expected day",
            reading.distance(expected)
        ));
    } else if !out && !scene.may_return(reading, expected) {
        lacks.push("not within 30 days after its debit".to_owned());
    }
    if out && reading.class == LineClass::Reversal {
        lacks.push("the line is a reversal".to_owned());
    } else if !evidence.reference && !evidence.account && !evidence.name {
        lacks.push("no reference, account or name that is the same".to_owned());
    }
    if lacks.is_empty() {
        "not enough that is the same".to_owned()
    } else {
        lacks.join("; ")
    }
}
