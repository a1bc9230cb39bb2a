//! Which lines and which expectations hang together, without a list of all their pairs: equal
//! amounts would make it quadratic.

use std::{collections::BTreeMap, ops::RangeInclusive};

/// A forest of joined nodes. Lines and expectations share one numbering.
pub(super) struct Graph {
    parents: Vec<usize>,
    touched: Vec<usize>,
}

impl Graph {
    /// Makes a graph of nodes that nothing joins.
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            parents: (0..nodes).collect(),
            touched: Vec::new(),
        }
    }

    /// Joins two nodes.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        self.touched.extend([one, other]);
        let (one, other) = (self.root(one), self.root(other));
        // The smaller number becomes the root; the paths are halved at each look, so they stay
        // short.
        if let Some(parent) = self.parents.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }

    /// Returns the root of a node.
    pub(super) fn root(&mut self, node: usize) -> usize {
        let mut node = node;
        while let Some(parent) = self.parents.get(node).copied() {
            if parent == node {
                break;
            }
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(node) {
                *slot = above;
            }
            node = above;
        }
        node
    }

    /// Returns the nodes that hang together, each group in ascending order.
    pub(super) fn groups(mut self) -> Vec<Vec<usize>> {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for node in touched {
            groups.entry(self.root(node)).or_default().push(node);
        }
        groups.into_values().collect()
    }
}

/// Lines that share all that a tier asks for but the day, in the order of their days.
///
/// What fits a window of days is a range of them, so that each expectation costs one search,
/// however many lines fit.
#[derive(Default)]
pub(super) struct Bucket {
    points: Vec<(i64, usize)>,
    ranges: Vec<(usize, usize)>,
}

impl Bucket {
    /// Adds a line on a day; a line may have two.
    pub(super) fn add(&mut self, day: i64, line: usize) {
        self.points.push((day, line));
    }

    /// Sorts the lines; to be done before the first [`Bucket::attach`].
    pub(super) fn sort(&mut self) {
        self.points.sort_unstable();
        self.points.dedup();
    }

    /// Joins a node with the lines of a window of days, but those in `without`.
    pub(super) fn attach(
        &mut self,
        graph: &mut Graph,
        node: usize,
        days: &RangeInclusive<i64>,
        without: &[(i64, usize)],
    ) {
        let mut start = self.points.partition_point(|(day, _)| day < days.start());
        let end = self.points.partition_point(|(day, _)| day <= days.end());
        let mut cuts: Vec<usize> = without
            .iter()
            .filter_map(|point| self.points.binary_search(point).ok())
            .collect();
        cuts.sort_unstable();
        cuts.push(end);
        for cut in cuts {
            let stop = cut.clamp(start, end.max(start));
            if let Some((_, line)) = self.points.get(start).filter(|_| start < stop) {
                graph.join(node, *line);
                self.ranges.push((start, stop));
            }
            start = start.max(cut + 1);
        }
    }

    /// Joins the lines that are in a range together.
    pub(super) fn seal(&mut self, graph: &mut Graph) {
        self.ranges.sort_unstable();
        let mut ranges = self.ranges.iter().copied().peekable();
        let mut reach = 0;
        for (at, pair) in self.points.windows(2).enumerate() {
            while let Some((_, stop)) = ranges.next_if(|(start, _)| *start <= at) {
                reach = reach.max(stop);
            }
            if let [(_, one), (_, other)] = pair
                && at + 1 < reach
            {
                graph.join(*one, *other);
            }
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
        fn ranges_join_what_a_list_of_all_pairs_joins(
            lines in prop::collection::vec((0_i64..12, prop::option::of(0_i64..12)), 0..8),
            windows in prop::collection::vec((0_i64..12, 0_i64..4, prop::collection::vec(0_usize..8, 0..3)), 0..6),
        ) {
            let (mut graph, mut plain) = (Graph::new(20), Graph::new(20));
            let mut bucket = Bucket::default();
            let days: Vec<Vec<i64>> = lines.iter().map(|(day, value)| std::iter::once(*day).chain(*value).collect()).collect();
            for (line, days) in days.iter().enumerate() {
                for day in days {
                    bucket.add(*day, line);
                }
            }
            bucket.sort();
            for (at, (start, long, without)) in windows.iter().enumerate() {
                let window = *start..=*start + *long;
                let points: Vec<(i64, usize)> =
                    without.iter().flat_map(|line| days.get(*line).into_iter().flatten().map(|day| (*day, *line))).collect();
                bucket.attach(&mut graph, 10 + at, &window, &points);
                for (line, days) in days.iter().enumerate() {
                    if !without.contains(&line) && days.iter().any(|day| window.contains(day)) {
                        plain.join(10 + at, line);
                    }
                }
            }
            bucket.seal(&mut graph);
            prop_assert_eq!(graph.groups(), plain.groups());
        }
    }
}
