//! Tier 4: the name, the amount and the day.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    accounts::AFTER,
    board::Board,
    class::Class,
    graph::{Bucket, Graph},
    link::{Certainty, LinkKind, Tier},
    names::{Name, is_initial},
    node::{ExpectedNode, LineNode, place_group, window},
};

/// The most names of one amount that a name is compared with. Beyond it little is unique, and the
/// work would be quadratic.
const CROWD: usize = 256;

/// All that have one amount and one name, so that equal names cost one comparison.
struct NameGroup<T> {
    units: i128,
    name: Name,
    members: Vec<T>,
}

/// Names by amount and by their tokens.
#[derive(Default)]
struct Index<'n> {
    full: HashMap<&'n str, HashMap<i128, Vec<usize>>>,
    initial: HashMap<(i128, char), Vec<usize>>,
    beginning: HashMap<(i128, char), Vec<usize>>,
}

/// Which names fit which parts of texts, and which of both had too many to be compared with.
#[derive(Default)]
struct Pairs {
    fit: BTreeSet<(usize, usize)>,
    crowded_names: HashSet<usize>,
    crowded_parts: HashSet<usize>,
}

impl<'n> Index<'n> {
    fn new<T>(all: &'n [NameGroup<T>]) -> Self {
        let mut index = Self::default();
        for (at, group) in all.iter().enumerate() {
            let mut letters = BTreeSet::new();
            for token in &group.name.tokens {
                index
                    .full
                    .entry(token)
                    .or_default()
                    .entry(group.units)
                    .or_default()
                    .push(at);
                let Some(letter) = token.chars().next() else {
                    continue;
                };
                if is_initial(token) {
                    index
                        .initial
                        .entry((group.units, letter))
                        .or_default()
                        .push(at);
                }
                if letters.insert(letter) {
                    index
                        .beginning
                        .entry((group.units, letter))
                        .or_default()
                        .push(at);
                }
            }
        }
        index
    }

    /// Returns what may hold a token: in full or as an initial.
    fn holding(&self, units: i128, token: &str) -> [&[usize]; 2] {
        let Some(letter) = token.chars().next() else {
            return [&[], &[]];
        };
        if is_initial(token) {
            [
                self.beginning
                    .get(&(units, letter))
                    .map_or(&[], Vec::as_slice),
                &[],
            ]
        } else {
            let full = self
                .full
                .get(token)
                .and_then(|amounts| amounts.get(&units))
                .map_or(&[][..], Vec::as_slice);
            [
                full,
                self.initial
                    .get(&(units, letter))
                    .map_or(&[], Vec::as_slice),
            ]
        }
    }

    /// Returns the token of a name that the fewest hold, so that few are compared.
    fn rarest<'t>(&self, units: i128, name: &'t Name) -> Option<&'t str> {
        // The last token of two or more may be cut, and then no index knows it.
        let whole = name
            .tokens
            .iter()
            .filter(|token| name.tokens.len() < 2 || name.last.as_ref() != Some(token));
        whole.map(String::as_str).min_by_key(|token| {
            self.holding(units, token)
                .map(<[usize]>::len)
                .iter()
                .sum::<usize>()
        })
    }
}

/// Gathers those that have one amount and one name.
fn group<T>(all: impl Iterator<Item = (i128, Name, T)>) -> Vec<NameGroup<T>> {
    let mut places: HashMap<(i128, Name), usize> = HashMap::new();
    let mut gathered: Vec<NameGroup<T>> = Vec::new();
    for (units, name, member) in all {
        let at = *places
            .entry((units, name.clone()))
            .or_insert(gathered.len());
        match gathered.get_mut(at) {
            Some(group) => group.members.push(member),
            None => gathered.push(NameGroup {
                units,
                name,
                members: vec![member],
            }),
        }
    }
    gathered
}

/// Compares each of `these` with those of `others` that may fit; returns which had too many, and all
/// of those too many.
fn compare<T, U>(
    (these, others): (&[NameGroup<T>], &[NameGroup<U>]),
    mut fits: impl FnMut((usize, &Name), (usize, &Name)),
) -> (HashSet<usize>, HashSet<usize>) {
    let index = Index::new(others);
    let (mut crowded, mut crowds) = (HashSet::new(), HashSet::new());
    for (at, group) in these.iter().enumerate() {
        let Some(token) = index.rarest(group.units, &group.name) else {
            continue;
        };
        let holding = index.holding(group.units, token);
        if holding.map(<[usize]>::len).iter().sum::<usize>() > CROWD {
            crowded.insert(at);
            crowds.insert((group.units, token));
            continue;
        }
        for other in holding.into_iter().flatten() {
            if let Some(candidate) = others.get(*other) {
                fits((at, &group.name), (*other, &candidate.name));
            }
        }
    }
    let all = crowds
        .into_iter()
        .flat_map(|(units, token)| index.holding(units, token))
        .flatten()
        .copied()
        .collect();
    (crowded, all)
}

fn pairs(names: &[NameGroup<&ExpectedNode<'_>>], parts: &[NameGroup<&LineNode<'_>>]) -> Pairs {
    let mut fit = BTreeSet::new();
    let (mut crowded_names, mut crowded_parts) =
        compare((names, parts), |(name, whole), (part, text)| {
            if whole.fits(text) {
                fit.insert((name, part));
            }
        });
    // The other way round, for parts that hold less than the name does.
    let (more_parts, more_names) = compare((parts, names), |(part, text), (name, whole)| {
        if whole.fits(text) {
            fit.insert((name, part));
        }
    });
    crowded_names.extend(more_names);
    crowded_parts.extend(more_parts);
    Pairs {
        fit,
        crowded_names,
        crowded_parts,
    }
}

/// Proposes what the name, the amount and the day show.
pub(super) fn match_names(board: &Board<'_>) {
    let open_lines = || board.lines.iter().filter(|line| line.is_open_debit());
    let open_expected = || board.expected.iter().filter(|node| node.is_looked_for());
    let asked: HashSet<i128> = open_expected().map(ExpectedNode::units).collect();
    let seen: HashSet<i128> = open_lines().map(LineNode::units).collect();
    let lines = open_lines().filter(|line| asked.contains(&line.units()));
    let parts = group(lines.flat_map(|line| {
        Name::all_of(line.line)
            .into_iter()
            .map(move |part| (line.units(), part, line))
    }));
    let expected = open_expected().filter(|node| seen.contains(&node.units()));
    let all_names = |node: &ExpectedNode<'_>| Name::all_of_expected(node.expected).into_iter();
    let names = group(
        expected.flat_map(|node| all_names(node).map(move |name| (node.units(), name, node))),
    );
    let pairs = pairs(&names, &parts);
    let crowded = crowded(board, &names, &parts, &pairs);
    let mut graph = Graph::new(board.lines.len() + board.expected.len());
    join(board, &mut graph, (&names, &parts), &pairs);
    for group in graph.groups() {
        let (lines, expected) = board.split(&group);
        let members = (lines.as_slice(), expected.as_slice());
        if group.iter().any(|node| crowded.contains(node)) {
            continue;
        }
        if let ([_], [_]) = members {
            let evidence =
                "the name and the amount are the same, the day within the window".to_owned();
            board.link(
                LinkKind::Payment,
                (Tier::Name, Certainty::Proposed),
                members,
                evidence,
            );
        } else {
            place_group(
                Class::Ambiguous,
                members,
                "the name, the amount and the day fit more than one way",
            );
        }
    }
}

/// Returns the nodes of which too many are alike for a comparison, and notes it with them.
fn crowded(
    board: &Board<'_>,
    names: &[NameGroup<&ExpectedNode<'_>>],
    parts: &[NameGroup<&LineNode<'_>>],
    pairs: &Pairs,
) -> HashSet<usize> {
    let note =
        || "too many of this amount share a part of the name: names were not compared".to_owned();
    let mut crowded = HashSet::new();
    for node in pairs
        .crowded_names
        .iter()
        .filter_map(|at| names.get(*at))
        .flat_map(|group| &group.members)
    {
        node.add_note(note);
        crowded.insert(board.node(node));
    }
    for line in pairs
        .crowded_parts
        .iter()
        .filter_map(|at| parts.get(*at))
        .flat_map(|group| &group.members)
    {
        line.add_note(note);
        crowded.insert(line.id);
    }
    crowded
}

/// Joins the members of what fits, if their days do.
fn join(
    board: &Board<'_>,
    graph: &mut Graph,
    (names, parts): (&[NameGroup<&ExpectedNode<'_>>], &[NameGroup<&LineNode<'_>>]),
    pairs: &Pairs,
) {
    let mut buckets: Vec<Bucket> = Vec::new();
    for part in parts {
        let mut bucket = Bucket::default();
        part.members
            .iter()
            .for_each(|line| line.days().for_each(|day| bucket.add(day, line.id)));
        bucket.sort();
        buckets.push(bucket);
    }
    for (name, part) in &pairs.fit {
        let (Some(group), Some(bucket)) = (names.get(*name), buckets.get_mut(*part)) else {
            continue;
        };
        for node in &group.members {
            let without = board.rejected_points(LinkKind::Payment, &[node.number()]);
            bucket.attach(
                graph,
                board.node(node),
                &window(node.expected.date, AFTER),
                &without,
            );
        }
    }
    for bucket in &mut buckets {
        bucket.seal(graph);
    }
}
