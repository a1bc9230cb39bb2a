//! Tiers 1 and 1x: references. The strongest evidence, and therefore the place where contradictions
//! are found.

use std::{
    cell::LazyCell,
    collections::{BTreeMap, HashMap, HashSet},
};

use super::{
    board::Board,
    class::Class,
    creditor::other_creditor,
    expected::PaidFrom,
    fees::NearbyFees,
    graph::Graph,
    line::LineKind,
    link::{Certainty, LinkKind, Tier},
    node::{ExpectedNode, LineNode, day, place_group, window},
    reference::{Hit, References},
};

/// The most members that one sum has.
pub(super) const MEMBERS: usize = 6;

/// A line that carries a reference of an expectation.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that do not depend on each other"
)]
struct Edge<'b, 'a> {
    line: &'b LineNode<'a>,
    expected: &'b ExpectedNode<'a>,
    keys: Vec<usize>,
    own_field: bool,
    same_amount: bool,
    in_window: bool,
    /// Whether only references speak whose items left their payment files.
    ended: bool,
}

/// What the references of all lines say.
#[derive(Default)]
struct ReferenceEvidence<'b, 'a> {
    edges: Vec<Edge<'b, 'a>>,
    /// Those by references alone whose items left their payment files, with the whole amount.
    ended: Vec<Edge<'b, 'a>>,
    /// Expectations whose recorded reference is with their amount on a line that carries ours
    /// of others only.
    doubted: HashSet<usize>,
}

/// Lines and expectations that hang together by references.
#[derive(Default)]
struct Group<'e, 'b, 'a> {
    lines: Vec<&'b LineNode<'a>>,
    expected: Vec<&'b ExpectedNode<'a>>,
    edges: Vec<&'e Edge<'b, 'a>>,
}

impl Edge<'_, '_> {
    fn is_exact(&self) -> bool {
        self.same_amount && self.in_window
    }

    fn is_open(&self) -> bool {
        self.line.is_open() && self.expected.is_open()
    }
}

/// Decides what references decide.
pub(super) fn match_references(board: &Board<'_>, references: &References) {
    let ReferenceEvidence {
        edges,
        ended,
        doubted,
    } = evidence(board, references);
    match_exact(board, &edges, &doubted);
    place_repeated(board, &edges);
    place_ended(board, &ended);
    place_late(board, &edges);
    place_other_amounts(board, &edges);
    place_contradicted(&edges);
}

fn evidence<'b, 'a>(board: &'b Board<'a>, references: &References) -> ReferenceEvidence<'b, 'a> {
    let mut evidence = ReferenceEvidence::default();
    let batches = LazyCell::new(|| batches(board, references));
    for line in board.lines.iter().filter(|line| line.is_open_debit()) {
        let hits = hits(board, line, references);
        let (ended, mut edges): (Vec<_>, Vec<_>) = edges_of(board, line, &hits)
            .into_iter()
            .partition(|edge| edge.ended && edge.same_amount);
        evidence.ended.extend(ended);
        let ours: HashSet<usize> = hits
            .iter()
            .filter(|hit| hit.ours)
            .map(|hit| hit.expected)
            .collect();
        if !ours.is_empty() {
            // Ours is on one transfer alone. A recorded reference next to it makes no match of
            // its own, but it says against ours what it says, unless it is one that the bank prints
            // on a whole batch.
            let is_ours = |edge: &Edge<'_, '_>| ours.contains(&edge.expected.id);
            let speaks = |edge: &Edge<'_, '_>| {
                !is_ours(edge)
                    && edge.is_exact()
                    && edge.keys.iter().any(|key| !batches.contains(key))
            };
            if edges.iter().any(|edge| is_ours(edge) && edge.is_exact()) {
                edges.retain(|edge| is_ours(edge) || speaks(edge));
            } else {
                evidence.doubted.extend(
                    edges
                        .iter()
                        .filter(|edge| speaks(edge))
                        .map(|edge| edge.expected.id),
                );
                edges.retain(is_ours);
            }
        }
        evidence.edges.extend(edges);
    }
    evidence
}

/// Finds the references of a line. What a user rejected is not evidence any more, for neither of the
/// two.
fn hits(board: &Board<'_>, line: &LineNode<'_>, references: &References) -> Vec<Hit> {
    let rejected = |node: &ExpectedNode<'_>| {
        board
            .rejected
            .has(LinkKind::Payment, &[line.line.number], &[node.number()])
    };
    let mut hits = references.find(line.line);
    hits.retain(|hit| {
        board
            .expected
            .get(hit.expected)
            .is_some_and(|node| !rejected(node))
    });
    hits
}

fn edges_of<'b, 'a>(
    board: &'b Board<'a>,
    line: &'b LineNode<'a>,
    hits: &[Hit],
) -> Vec<Edge<'b, 'a>> {
    let edge = |hits: &[Hit]| {
        let expected = hits
            .first()
            .and_then(|hit| board.expected.get(hit.expected))?;
        Some(Edge {
            line,
            expected,
            keys: hits.iter().map(|hit| hit.key).collect(),
            own_field: hits.iter().any(|hit| hit.own_field),
            same_amount: line.units() == expected.units(),
            in_window: line.is_within(&window(
                expected.expected.date,
                expected.expected.reference_days(),
            )),
            ended: hits.iter().all(|hit| hit.ended),
        })
    };
    hits.chunk_by(|one, other| one.expected == other.expected)
        .filter_map(edge)
        .collect()
}

/// Returns the recorded references that the bank prints on a whole batch: they are next to ours on
/// the transfers of several payments, so they identify none of them.
///
/// What the lines say decides it, and not what is linked, so that a later run sees it as this one.
fn batches(board: &Board<'_>, references: &References) -> HashSet<usize> {
    let mut pays: HashMap<usize, usize> = HashMap::new();
    let mut batches = HashSet::new();
    let charge =
        |line: &LineNode<'_>| matches!(line.kind, LineKind::Fee | LineKind::Tax | LineKind::Levy);
    for line in board
        .lines
        .iter()
        .filter(|line| line.line.amount.is_negative() && !charge(line))
    {
        let hits = hits(board, line, references);
        let whole = |id: usize| {
            board
                .expected
                .get(id)
                .is_some_and(|node| node.units() == line.units())
        };
        let mut paid = hits
            .iter()
            .filter(|hit| hit.ours && whole(hit.expected))
            .map(|hit| hit.expected);
        let Some(one) = paid.next().filter(|one| paid.all(|other| other == *one)) else {
            continue;
        };
        for hit in hits.iter().filter(|hit| !hit.ours) {
            if *pays.entry(hit.key).or_insert(one) != one {
                batches.insert(hit.key);
            }
        }
    }
    batches
}

/// Gathers open lines and open expectations that hang together by the edges that `fits` takes.
fn groups<'e, 'b, 'a>(
    board: &Board<'a>,
    edges: &'e [Edge<'b, 'a>],
    fits: impl Fn(&Edge<'b, 'a>) -> bool,
) -> Vec<Group<'e, 'b, 'a>> {
    let mut graph = Graph::new(board.lines.len() + board.expected.len());
    let edges: Vec<&Edge<'b, 'a>> = edges
        .iter()
        .filter(|edge| edge.is_open() && fits(edge))
        .collect();
    for edge in &edges {
        graph.join(edge.line.id, board.node(edge.expected));
    }
    let mut groups: BTreeMap<usize, Group<'e, 'b, 'a>> = BTreeMap::new();
    for edge in edges {
        let group = groups.entry(graph.root(edge.line.id)).or_default();
        group.edges.push(edge);
        group.lines.push(edge.line);
        group.expected.push(edge.expected);
    }
    for group in groups.values_mut() {
        group.lines.sort_unstable_by_key(|line| line.id);
        group.lines.dedup_by_key(|line| line.id);
        group.expected.sort_unstable_by_key(|expected| expected.id);
        group.expected.dedup_by_key(|expected| expected.id);
    }
    groups.into_values().collect()
}

impl Group<'_, '_, '_> {
    /// Returns who else a line of the group names than the payees of the group.
    fn other_creditor(&self, board: &Board<'_>) -> Option<String> {
        let payees: Vec<_> = self.expected.iter().map(|node| node.expected).collect();
        self.lines
            .iter()
            .find_map(|line| other_creditor(line.line, &payees, board.setting))
    }

    /// Checks whether one line shows the payments of one transfer, some of which are in another
    /// state than the others.
    fn is_one_transfer(&self, board: &Board<'_>) -> bool {
        let expected: Vec<_> = self.expected.iter().map(|node| node.expected).collect();
        self.lines.len() == 1 && self.share_one_key() && board.transfers.are_one(&expected)
    }

    /// Checks whether all lines carry one and the same reference.
    fn share_one_key(&self) -> bool {
        let Some((first, rest)) = self.edges.split_first() else {
            return false;
        };
        first
            .keys
            .iter()
            .any(|key| rest.iter().all(|edge| edge.keys.contains(key)))
    }
}

/// Tier 1: the reference, the amount and the day.
fn match_exact(board: &Board<'_>, edges: &[Edge<'_, '_>], doubted: &HashSet<usize>) {
    // A line that fits a payment that is on the bank already as well as an open one may be
    // either's.
    let also_paid: HashSet<usize> = edges
        .iter()
        .filter(|edge| edge.expected.is_paid() && edge.is_exact())
        .map(|edge| edge.line.id)
        .collect();
    for group in groups(board, edges, Edge::is_exact) {
        let unsure = group.lines.iter().any(|line| also_paid.contains(&line.id));
        let doubted = group
            .expected
            .iter()
            .any(|expected| doubted.contains(&expected.id));
        if let Some(other) = group.other_creditor(board) {
            let why = format!(
                "carries the reference and the amount and names {other}: it is matched by hand only"
            );
            place_group(Class::Ambiguous, (&group.lines, &group.expected), &why);
            continue;
        }
        match (group.lines.as_slice(), group.expected.as_slice()) {
            ([_], [_]) if !unsure && !doubted => match_pair(board, &group),
            ([_, _, ..], [_]) if !unsure && !doubted && group.share_one_key() => {
                match_repeated(board, &group);
            }
            _ => {
                let why = if doubted {
                    "the recorded reference is with the amount on a line with our reference of another payment too"
                } else {
                    "the reference, the amount and the day fit more than one way"
                };
                place_group(Class::Ambiguous, (&group.lines, &group.expected), why);
            }
        }
    }
}

fn match_pair(board: &Board<'_>, group: &Group<'_, '_, '_>) {
    let how = if group.edges.iter().any(|edge| edge.own_field) {
        "the recorded reference"
    } else {
        "the reference"
    };
    let same_day = group.edges.iter().all(|edge| {
        edge.line
            .days()
            .any(|on| on == day(edge.expected.expected.date))
    });
    let when = if same_day {
        "the same day"
    } else {
        "a day within the window"
    };
    let evidence = format!("{how} and the amount are the same, {when}");
    board.link(
        LinkKind::Payment,
        (Tier::Reference, Certainty::Matched),
        (&group.lines, &group.expected),
        evidence,
    );
}

/// Several lines are the same payment: one may be recognized by the bank's own reference, the
/// others are paid twice.
fn match_repeated(board: &Board<'_>, group: &Group<'_, '_, '_>) {
    let recorded: Vec<_> = group.edges.iter().filter(|edge| edge.own_field).collect();
    if let [one] = recorded.as_slice() {
        let evidence =
            "the recorded reference is in the bank's own field of this line only".to_owned();
        board.link(
            LinkKind::Payment,
            (Tier::Reference, Certainty::Matched),
            (&[one.line], &[one.expected]),
            evidence,
        );
    } else {
        let why = format!(
            "{} lines carry the same reference and the whole amount",
            group.lines.len()
        );
        place_group(
            Class::DuplicatePayment,
            (&group.lines, &group.expected),
            &why,
        );
    }
}

/// A line with the reference and the amount of what is on the bank already is a second payment,
/// whatever its day.
fn place_repeated(board: &Board<'_>, edges: &[Edge<'_, '_>]) {
    for edges in edges.chunk_by(|one, other| one.line.id == other.line.id) {
        let same: Vec<_> = edges
            .iter()
            .filter(|edge| edge.line.is_open() && edge.same_amount)
            .collect();
        let Some(line) = same.first().map(|edge| edge.line) else {
            continue;
        };
        let place = |class: Class, fits: &dyn Fn(&ExpectedNode<'_>) -> bool, why: &str| {
            let expected: Vec<_> = same
                .iter()
                .map(|edge| edge.expected)
                .filter(|expected| fits(expected))
                .collect();
            if !expected.is_empty() {
                let mut lines: Vec<_> = expected
                    .iter()
                    .flat_map(|node| board.debits_of(node))
                    .map(|line| line.line.number)
                    .collect();
                lines.sort_unstable();
                lines.dedup();
                let withdrawals = expected.iter().map(|expected| expected.number()).collect();
                line.place(class, lines, withdrawals, Some(why.to_owned()));
            }
        };
        let is_paid = |node: &ExpectedNode<'_>| {
            node.is_paid() || node.class() == Some(Class::DuplicatePayment)
        };
        place(
            Class::DuplicatePayment,
            &is_paid,
            "the same reference and amount are on the bank already",
        );
        let is_unsure = |node: &ExpectedNode<'_>| node.class() == Some(Class::Ambiguous);
        place(
            Class::Ambiguous,
            &is_unsure,
            "the reference and the amount fit more than one way",
        );
    }
}

/// The reference of an item that left its payment file, and the whole amount: the bank paid what it
/// was not to pay. Nothing is matched by itself; what was paid meanwhile is paid twice.
fn place_ended(board: &Board<'_>, edges: &[Edge<'_, '_>]) {
    for edge in edges.iter().filter(|edge| edge.line.is_open()) {
        let node = edge.expected;
        let paid = node.is_paid() || node.expected.payment.is_some();
        let (class, then) = match node.expected.paid_from {
            PaidFrom::Here | PaidFrom::Elsewhere if !paid => continue,
            PaidFrom::Here | PaidFrom::Elsewhere => {
                (Class::DuplicatePayment, "paid in another way")
            }
            PaidFrom::Nowhere => (Class::OnBankNotInLedger, "cancelled"),
        };
        let lines = board.debits_of(node);
        let lines = lines.iter().map(|line| line.line.number).collect();
        let why = format!(
            "carries the reference of an item that left its payment file, and the withdrawal was {then}"
        );
        edge.line
            .place(class, lines, vec![node.number()], Some(why));
    }
    for group in groups(board, edges, |_| true) {
        let members = (group.lines.as_slice(), group.expected.as_slice());
        if let ([_], [_]) = members {
            let evidence =
                "the reference of an item that left its payment file, and the amount".to_owned();
            board.link(
                LinkKind::Payment,
                (Tier::Reference, Certainty::Proposed),
                members,
                evidence,
            );
        } else {
            let why = "references of items that left their payment files fit more than one way";
            place_group(Class::Ambiguous, members, why);
        }
    }
}

/// The reference and the amount, on a day outside the window.
fn place_late(board: &Board<'_>, edges: &[Edge<'_, '_>]) {
    for group in groups(board, edges, |edge| edge.same_amount) {
        let members = (group.lines.as_slice(), group.expected.as_slice());
        match members {
            ([line], [expected]) => {
                let date = day(expected.expected.date);
                let distance = line
                    .days()
                    .map(|on| on - date)
                    .min_by_key(|days| days.abs())
                    .unwrap_or_default();
                let side = if distance < 0 { "before" } else { "after" };
                let why = format!(
                    "the same reference and amount, {} days {side} the expected day",
                    distance.abs()
                );
                place_group(Class::DateOutOfWindow, members, &why);
            }
            ([_, _, ..], [_]) if group.share_one_key() => {
                let why = "several lines carry the same reference and the whole amount, on days outside the window";
                place_group(Class::DuplicatePayment, members, why);
            }
            _ => {
                let why = "the reference and the amount fit more than one way, on days outside the window";
                place_group(Class::Ambiguous, members, why);
            }
        }
    }
}

/// The reference with another amount; if the parts that carry it add up exactly, the sum is
/// proposed.
fn place_other_amounts(board: &Board<'_>, edges: &[Edge<'_, '_>]) {
    let open = groups(board, edges, |edge| !edge.same_amount);
    if open.is_empty() {
        return;
    }
    let nearby = NearbyFees::new(board);
    for group in open {
        let members = (group.lines.as_slice(), group.expected.as_slice());
        let is_sum = is_sum(board, &group) && group.other_creditor(board).is_none();
        if is_sum && group.is_one_transfer(board) {
            let evidence = "the reference and the amount of the whole transfer are the same";
            board.link(
                LinkKind::Payment,
                (Tier::Reference, Certainty::Matched),
                members,
                evidence.to_owned(),
            );
        } else if is_sum {
            let evidence =
                "the parts carry the same reference and add up to exactly the amount".to_owned();
            board.link(
                LinkKind::Payment,
                (Tier::Sum, Certainty::Proposed),
                members,
                evidence,
            );
        } else if let ([line], [expected]) = members {
            let why = nearby.difference(board, line, expected);
            place_group(Class::AmountDiffers, members, &why);
        } else {
            let why = "the same reference is next to several other amounts that do not add up";
            place_group(Class::Ambiguous, members, why);
        }
    }
}

/// Checks whether several lines are exactly one payment or one line is exactly several payments.
fn is_sum(board: &Board<'_>, group: &Group<'_, '_, '_>) -> bool {
    let parts = group.lines.len().max(group.expected.len());
    let star = group.lines.len().min(group.expected.len()) == 1 && (2..=MEMBERS).contains(&parts);
    // Amounts are below 10^20 ten-millionths and there are at most six.
    let sums = || {
        let bank: i128 = group.lines.iter().map(|line| line.units()).sum();
        let ledger: i128 = group.expected.iter().map(|expected| expected.units()).sum();
        bank == ledger
    };
    let numbers: Vec<_> = group.lines.iter().map(|line| line.line.number).collect();
    let withdrawals: Vec<_> = group
        .expected
        .iter()
        .map(|expected| expected.number())
        .collect();
    let may_be_paid = |node: &&ExpectedNode<'_>| node.expected.paid_from != PaidFrom::Nowhere;
    star && sums()
        && group.expected.iter().all(may_be_paid)
        && group.edges.iter().all(|edge| edge.in_window)
        && !board
            .rejected
            .has(LinkKind::Payment, &numbers, &withdrawals)
}

/// A line whose reference belongs to what is placed elsewhere: it is no other payment's, and not
/// this one's either.
fn place_contradicted(edges: &[Edge<'_, '_>]) {
    for edges in edges.chunk_by(|one, other| one.line.id == other.line.id) {
        let Some(line) = edges
            .first()
            .map(|edge| edge.line)
            .filter(|line| line.is_open())
        else {
            continue;
        };
        let withdrawals: Vec<_> = edges.iter().map(|edge| edge.expected.number()).collect();
        let names: Vec<String> = withdrawals.iter().map(ToString::to_string).collect();
        let why = format!(
            "carries the reference of {} with another amount than its payment",
            names.join(", ")
        );
        line.place(Class::OnBankNotInLedger, Vec::new(), withdrawals, Some(why));
    }
}
