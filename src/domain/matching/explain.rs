//! Why a line is or is not an expectation's: each compared field, and the alternatives.

mod scene;
mod verdict;

use scene::{Candidate, Scene};

use super::{comparison::Alternative, sides::Sides};
use crate::domain::code::LineNumber;

/// The most alternatives that are shown.
const SHOWN: usize = 10;

/// Explains a line: every expectation that comes near it, field by field, the nearest first.
pub fn explain(input: Sides<'_>, number: LineNumber) -> Vec<Alternative> {
    let Some(line) = input.lines.iter().find(|line| line.number == number) else {
        return Vec::new();
    };
    let scene = Scene::new(input);
    let facts = scene.read(line);
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
    let tell = |(candidate, verdict): (&Candidate<'_>, String)| Alternative {
        withdrawal: candidate.expected.withdrawal,
        payment: candidate.expected.payment,
        tier: candidate.tier,
        compared: scene.compare(&facts, candidate),
        verdict,
    };
    near.iter().zip(verdicts).map(tell).collect()
}
