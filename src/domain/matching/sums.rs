//! Tier 5: small exact sums. Amounts alone are weak evidence, so only a sum that nothing else could
//! be is proposed.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    accounts::AFTER,
    board::Board,
    first::MEMBERS,
    link::{Certainty, LinkKind, Tier},
    node::{ExpectedNode, LineNode, day},
};

/// The most candidates that are searched for sums.
const POOL: usize = 40;
/// The most that a window has before those of fitting amounts are counted.
const NEAR: usize = 120;
/// The most sums of one amount that are compared.
const SOLUTIONS: usize = 16;
/// How many parts of sums a run looks at in all; beyond it only the smaller pools are searched.
const WORK: usize = 4_000_000;

/// Up to three members of a pool, and what they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PartialSum {
    size: usize,
    sum: i128,
    last: usize,
    first: usize,
    members: [Option<usize>; 3],
}

/// Finds the sets of two to six members that add up exactly to `target`, at most `limit` of them,
/// each once.
///
/// The values lie between 0 and 10^20, so no sum of six leaves 128 bits.
pub(super) fn exact_sums(values: &[i128], target: i128, limit: usize) -> Vec<Vec<usize>> {
    let mut parts = parts(values, target);
    parts.sort_unstable();
    let mut solutions = Vec::new();
    // Each set is split once: its lower members, as many as its upper ones or one more, and its
    // upper ones.
    for upper in &parts {
        let rest = target - upper.sum;
        for size in [upper.size, upper.size + 1] {
            let start = parts.partition_point(|part| (part.size, part.sum) < (size, rest));
            let lower = parts
                .iter()
                .skip(start)
                .take_while(|part| (part.size, part.sum) == (size, rest));
            for lower in lower.take_while(|part| part.last < upper.first) {
                if solutions.len() >= limit {
                    return solutions;
                }
                solutions.push(
                    lower
                        .members
                        .into_iter()
                        .chain(upper.members)
                        .flatten()
                        .collect(),
                );
            }
        }
    }
    solutions
}

fn parts(values: &[i128], target: i128) -> Vec<PartialSum> {
    let mut parts = Vec::new();
    let mut push = |size, sum, first, last, members| {
        if sum < target {
            parts.push(PartialSum {
                size,
                sum,
                last,
                first,
                members,
            });
        }
    };
    for (third, high) in values.iter().enumerate() {
        push(1, *high, third, third, [Some(third), None, None]);
        for (second, middle) in values.iter().enumerate().take(third) {
            push(
                2,
                *high + *middle,
                second,
                third,
                [Some(second), Some(third), None],
            );
            for (first, low) in values.iter().enumerate().take(second) {
                push(
                    3,
                    *high + *middle + *low,
                    first,
                    third,
                    [Some(first), Some(second), Some(third)],
                );
            }
        }
    }
    parts
}

/// One side of the search: what is open, by its days.
struct Side {
    units: Vec<(usize, i128)>,
    points: Vec<(i64, usize)>,
    /// The days of each amount.
    amounts: HashMap<i128, Vec<(i64, usize)>>,
}

/// The members that may add up to one amount.
enum Pool {
    /// Nothing can.
    Empty,
    /// Their places on their side.
    Search(Vec<(usize, i128)>),
    /// Too many; these are too near to be sure of.
    TooMany(Range<usize>),
}

impl Side {
    fn new(all: impl Iterator<Item = (usize, i128, Vec<i64>)>) -> Self {
        let (mut units, mut points) = (Vec::new(), Vec::new());
        let mut amounts: HashMap<i128, Vec<(i64, usize)>> = HashMap::new();
        for (id, amount, days) in all {
            units.push((id, amount));
            amounts
                .entry(amount)
                .or_default()
                .extend(days.iter().map(|day| (*day, id)));
            points.extend(days.into_iter().map(|day| (day, id)));
        }
        points.sort_unstable();
        for days in amounts.values_mut() {
            days.sort_unstable();
        }
        Self {
            units,
            points,
            amounts,
        }
    }

    fn units_of(&self, id: usize) -> Option<i128> {
        let at = self.units.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.units.get(at).map(|(_, units)| *units)
    }

    /// Returns the members within some windows of days that have just this amount.
    fn equal<'s>(
        &'s self,
        windows: &'s [(i64, i64)],
        units: i128,
    ) -> impl Iterator<Item = usize> + 's {
        let same = self
            .amounts
            .get(&units)
            .map(Vec::as_slice)
            .unwrap_or_default();
        windows.iter().flat_map(move |(from, to)| {
            let start = same.partition_point(|(day, _)| day < from);
            same.iter()
                .skip(start)
                .take_while(move |(day, _)| day <= to)
                .map(|(_, id)| *id)
        })
    }

    /// Returns the members within some windows of days that are smaller than the whole.
    fn pool(&self, windows: &[(i64, i64)], target: i128) -> Pool {
        let start = windows
            .iter()
            .map(|(from, _)| *from)
            .min()
            .unwrap_or_default();
        let end = windows.iter().map(|(_, to)| *to).max().unwrap_or_default();
        let range = self.points.partition_point(|(day, _)| *day < start)
            ..self.points.partition_point(|(day, _)| *day <= end);
        if range.len() > NEAR {
            return Pool::TooMany(range);
        }
        let near = self.points.get(range.clone()).unwrap_or_default().iter();
        let mut ids: Vec<usize> = near
            .filter(|(day, _)| windows.iter().any(|(from, to)| from <= day && day <= to))
            .map(|(_, id)| *id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut pool: Vec<(usize, i128)> = ids
            .into_iter()
            .filter_map(|id| Some((id, self.units_of(id)?)))
            .collect();
        pool.retain(|(_, units)| *units < target);
        let mut amounts: Vec<i128> = pool.iter().map(|(_, units)| *units).collect();
        amounts.sort_unstable();
        let least: i128 = amounts.iter().take(2).sum();
        let most: i128 = amounts.iter().rev().take(MEMBERS).sum();
        if pool.len() < 2 || least > target || most < target {
            Pool::Empty
        } else if pool.len() > POOL {
            Pool::TooMany(range)
        } else {
            Pool::Search(pool)
        }
    }
}

/// Something that others may add up to.
struct Target {
    node: usize,
    units: i128,
    windows: Vec<(i64, i64)>,
}

/// What the search found: how many sums each node takes part in, and what was not searched.
struct Search<'b, 'a> {
    board: &'b Board<'a>,
    taking_part: HashMap<usize, usize>,
    unsure: HashSet<usize>,
    single: Vec<Vec<usize>>,
}

/// Proposes the sums that nothing else could be.
pub(super) fn match_sums(board: &Board<'_>) {
    let lines: Vec<&LineNode<'_>> = board
        .lines
        .iter()
        .filter(|line| line.is_open_debit())
        .collect();
    let expected: Vec<&ExpectedNode<'_>> = board
        .expected
        .iter()
        .filter(|node| node.is_looked_for())
        .collect();
    let bank = Side::new(
        lines
            .iter()
            .map(|line| (line.id, line.units(), line.days().collect())),
    );
    let ledger = Side::new(expected.iter().map(|node| {
        (
            board.node(node),
            node.units(),
            vec![day(node.expected.date)],
        )
    }));
    let payments = expected.iter().map(|node| {
        let date = day(node.expected.date);
        Target {
            node: board.node(node),
            units: node.units(),
            windows: vec![(date - 1, date + AFTER)],
        }
    });
    let debits = lines.iter().map(|line| {
        let windows = line.days().map(|day| (day - AFTER, day + 1)).collect();
        Target {
            node: line.id,
            units: line.units(),
            windows,
        }
    });
    let mut search = Search {
        board,
        taking_part: HashMap::new(),
        unsure: HashSet::new(),
        single: Vec::new(),
    };
    let sides = [
        (payments.collect::<Vec<_>>(), &bank),
        (debits.collect(), &ledger),
    ];
    let largest = largest_pool(&sides);
    for (targets, side) in &sides {
        search.side(targets, side, largest);
    }
    search.propose();
}

/// Returns the largest pool that is searched, so that all searches together stay within the work of
/// a run.
fn largest_pool(sides: &[(Vec<Target>, &Side); 2]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for (targets, side) in sides {
        for target in targets {
            if let Pool::Search(pool) = side.pool(&target.windows, target.units) {
                *counts.entry(pool.len()).or_default() += 1;
            }
        }
    }
    let mut work: usize = 0;
    let mut largest = 0;
    for size in 2..=POOL {
        let parts = size + size * (size - 1) / 2 + size * (size - 1) * (size - 2) / 6;
        // A pool has at most 40 members and so at most 10,700 parts; what a run holds in memory
        // keeps this far below 2^64.
        work += counts.get(&size).copied().unwrap_or_default() * parts;
        if work <= WORK {
            largest = size;
        }
    }
    largest
}

impl Search<'_, '_> {
    fn side(&mut self, targets: &[Target], side: &Side, largest: usize) {
        let mut unsearched = Vec::new();
        for target in targets {
            // One of the same amount could be it as well as any sum.
            let mut equal = side.equal(&target.windows, target.units);
            if equal.any(|id| !self.is_rejected(&[id.min(target.node), id.max(target.node)])) {
                self.unsure.insert(target.node);
            }
            match side.pool(&target.windows, target.units) {
                Pool::Empty => {}
                Pool::Search(pool) if pool.len() <= largest => self.solve(target, &pool),
                Pool::Search(pool) => {
                    self.note(target.node, "the run has too much open to search all sums");
                    self.unsure.extend(pool.iter().map(|(id, _)| *id));
                }
                Pool::TooMany(range) => {
                    self.note(
                        target.node,
                        "more than 40 lie within the window: sums were not searched",
                    );
                    unsearched.push((range.start, range.end));
                }
            }
        }
        // What is in a pool that was not searched may belong to a sum that nobody saw.
        unsearched.sort_unstable();
        let mut ranges = unsearched.into_iter().peekable();
        let mut reach = 0;
        for (at, (_, id)) in side.points.iter().enumerate() {
            while let Some((_, end)) = ranges.next_if(|(start, _)| *start <= at) {
                reach = reach.max(end);
            }
            if at < reach {
                self.unsure.insert(*id);
            }
        }
    }

    fn solve(&mut self, target: &Target, pool: &[(usize, i128)]) {
        let values: Vec<i128> = pool.iter().map(|(_, units)| *units).collect();
        let found = exact_sums(&values, target.units, SOLUTIONS);
        if found.len() == SOLUTIONS {
            self.note(target.node, "many sums fit: none is proposed");
            self.unsure.insert(target.node);
            self.unsure.extend(pool.iter().map(|(id, _)| *id));
            return;
        }
        let mut solutions: Vec<Vec<usize>> = Vec::new();
        for places in found {
            let mut nodes: Vec<usize> = places
                .iter()
                .filter_map(|at| pool.get(*at).map(|(id, _)| *id))
                .collect();
            nodes.push(target.node);
            nodes.sort_unstable();
            if !self.is_rejected(&nodes) {
                solutions.push(nodes);
            }
        }
        for node in solutions.iter().flatten() {
            *self.taking_part.entry(*node).or_default() += 1;
        }
        if solutions.len() > 1 {
            self.note(target.node, "several sums fit: none is proposed");
        } else {
            self.single.extend(solutions);
        }
    }

    fn is_rejected(&self, nodes: &[usize]) -> bool {
        let (lines, expected) = self.board.split(nodes);
        let lines: Vec<_> = lines.iter().map(|line| line.line.number).collect();
        let withdrawals: Vec<_> = expected.iter().map(|node| node.number()).collect();
        self.board
            .rejected
            .has(LinkKind::Payment, &lines, &withdrawals)
    }

    fn note(&self, place: usize, words: &str) {
        let (lines, expected) = self.board.split(&[place]);
        for line in lines {
            line.add_note(|| words.to_owned());
        }
        for node in expected {
            node.add_note(|| words.to_owned());
        }
    }

    fn propose(&self) {
        for nodes in &self.single {
            let alone = |node: &usize| {
                self.taking_part.get(node) == Some(&1) && !self.unsure.contains(node)
            };
            if !nodes.iter().all(alone) {
                for node in nodes {
                    self.note(*node, "a sum fits, but not it alone: none is proposed");
                }
                continue;
            }
            let (lines, expected) = self.board.split(nodes);
            let evidence = format!(
                "{} lines and {} withdrawals are the same sum, and no other is",
                lines.len(),
                expected.len()
            );
            let members = (lines.as_slice(), expected.as_slice());
            self.board.link(
                LinkKind::Payment,
                (Tier::Sum, Certainty::Proposed),
                members,
                evidence,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn every_set_of_two_to_six_that_adds_up_is_found_once(values in prop::collection::vec(1_i128..40, 0..10), target in 1_i128..120) {
            let mut found = exact_sums(&values, target, usize::MAX);
            found.sort();
            let mut plain: Vec<Vec<usize>> = (0_u32..1 << values.len())
                .filter(|set| (2..=6).contains(&set.count_ones()))
                .map(|set| (0..values.len()).filter(|at| set & (1 << at) != 0).collect::<Vec<_>>())
                .filter(|set| set.iter().map(|at| values[*at]).sum::<i128>() == target)
                .collect();
            plain.sort();
            prop_assert_eq!(found, plain);
        }
    }

    #[test]
    fn forty_equal_amounts_end_the_search_early() {
        assert_eq!(exact_sums(&[7; 40], 42, 16).len(), 16);
        assert!(exact_sums(&[7; 40], 41, 16).is_empty());
    }
}
