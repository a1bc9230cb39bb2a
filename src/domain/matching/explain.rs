//! Why a line is or is not an expectation's: each compared field, and the alternatives.

mod remitted;
mod scene;
mod verdict;

use remitted::Remitted;
use scene::{Candidate, Scene};

use super::{
    comparison::Alternative, expected::Expected, line::LineKind, link::Tier,
    remittance::ExpectedRemittance, sides::Sides, transfers::Transfers,
};
use crate::domain::code::LineNumber;

/// The most alternatives that are shown.
const SHOWN: usize = 10;

/// Explains a line: every remittance and every expectation that comes near it, field by field, the
/// nearest first.
pub fn explain(input: Sides<'_>, number: LineNumber) -> Vec<Alternative> {
    let transfers = Transfers::of(&input);
    if transfers.is_empty() {
        return alternatives(input, number);
    }
    let expected = transfers.looked_for(input.expected);
    let mut expected: Vec<Expected> = expected.into_iter().cloned().collect();
    expected.sort_by_key(|each| each.withdrawal);
    let (decided, rejected) = (
        transfers.links(input.decided),
        transfers.links(input.rejected),
    );
    let input = Sides {
        expected: &expected,
        decided: &decided,
        rejected: &rejected,
        ..input
    };
    let mut alternatives = alternatives(input, number);
    for alternative in &mut alternatives {
        let others = alternative
            .withdrawal
            .map(|number| transfers.others(number));
        let others: Vec<String> = others.iter().flatten().map(ToString::to_string).collect();
        if !others.is_empty() {
            let verdict = &alternative.verdict;
            alternative.verdict = format!("{verdict}; one transfer with {}", others.join(", "));
        }
    }
    alternatives
}

/// Compares a line with what is expected, where a transfer is one expectation.
fn alternatives(input: Sides<'_>, number: LineNumber) -> Vec<Alternative> {
    let Some(line) = input.lines.iter().find(|line| line.number == number) else {
        return Vec::new();
    };
    let scene = Scene::new(input);
    let remitted = Remitted::new(input);
    let taxes = remitted.fitting(line);
    let mut facts = scene.read(line);
    if !taxes.is_empty() {
        facts.kind = LineKind::Principal;
    }
    let mut near: Vec<Candidate<'_>> = input
        .expected
        .iter()
        .enumerate()
        .filter_map(|(at, expected)| scene.compare_with(&facts, at, expected))
        .collect();
    if !near
        .iter()
        .any(|candidate| candidate.tier.is_some() && scene.is_open(candidate.expected))
    {
        scene.add_sum(&facts, &mut near);
    }
    near.sort_by_cached_key(|candidate| scene.rank(&facts, candidate));
    near.truncate(SHOWN);
    let verdicts = verdict::verdicts(&scene, &facts, &near);
    let rival = near.iter().find(|candidate| is_rival(&scene, candidate));
    let rival = rival.map(|candidate| candidate.expected.withdrawal.to_string());
    let mut alternatives = remitted.alternatives(line, rival);
    let tell = |(candidate, verdict): (&Candidate<'_>, String)| Alternative {
        withdrawal: Some(candidate.expected.withdrawal),
        payment: candidate.expected.payment,
        remittance: None,
        tier: candidate.tier,
        compared: scene.compare(&facts, candidate),
        verdict: next_to_taxes(&scene, &taxes, candidate).unwrap_or(verdict),
    };
    alternatives.extend(near.iter().zip(verdicts).map(tell));
    alternatives.truncate(SHOWN);
    alternatives
}

/// Checks whether a payment fits a line so well that no remittance is proposed for it.
fn is_rival(scene: &Scene<'_>, candidate: &Candidate<'_>) -> bool {
    match candidate.tier {
        Some(Tier::Reference) => true,
        Some(Tier::Account | Tier::Name) => scene.is_open(candidate.expected),
        Some(Tier::FileTotal | Tier::Sum | Tier::Reversal | Tier::Manual) | None => false,
    }
}

/// Returns what a remittance that fits the line changes for a payment that fits it too.
fn next_to_taxes(
    scene: &Scene<'_>,
    taxes: &[&ExpectedRemittance],
    candidate: &Candidate<'_>,
) -> Option<String> {
    let first = taxes.first().filter(|_| candidate.tier.is_some())?;
    Some(if is_rival(scene, candidate) {
        format!("fits as well as {}: ambiguous", first.number)
    } else {
        format!("{} has stronger evidence: tier 1", first.number)
    })
}
