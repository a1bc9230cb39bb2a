//! Tier 2: one line that is the exact total of a payment file, or of its open part.

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

use super::{
    accounts::Accounts,
    board::Board,
    class::Class,
    expected::AFTER_REFERENCE,
    graph::{Bucket, Graph},
    link::{Certainty, LinkKind, Tier},
    node::{ExpectedNode, LineNode, day, place_group},
};

/// What is open of a payment file.
struct Rest<'b, 'a> {
    members: Vec<&'b ExpectedNode<'a>>,
    total: i128,
    days: RangeInclusive<i64>,
}

/// Decides which lines are whole files.
pub(super) fn match_files(board: &Board<'_>) {
    let rests = rests(board);
    let mut buckets: HashMap<i128, Bucket> = rests
        .iter()
        .map(|rest| (rest.total, Bucket::default()))
        .collect();
    if buckets.is_empty() {
        return;
    }
    for line in board.lines.iter().filter(|line| line.is_open_debit()) {
        if let Some(bucket) = buckets.get_mut(&line.units()) {
            line.days().for_each(|day| bucket.add(day, line.id));
        }
    }
    buckets.values_mut().for_each(Bucket::sort);
    let mut graph = Graph::new(board.lines.len() + rests.len());
    for (at, rest) in rests.iter().enumerate() {
        if let Some(bucket) = buckets.get_mut(&rest.total) {
            let withdrawals: Vec<_> = rest.members.iter().map(|node| node.number()).collect();
            let without = board.rejected_points(LinkKind::Payment, &withdrawals);
            bucket.attach(&mut graph, board.lines.len() + at, &rest.days, &without);
        }
    }
    for bucket in buckets.values_mut() {
        bucket.seal(&mut graph);
    }
    let accounts = Accounts::new(board);
    for group in graph.groups() {
        let lines: Vec<&LineNode<'_>> = group
            .iter()
            .filter_map(|node| board.lines.get(*node))
            .collect();
        let files: Vec<&Rest<'_, '_>> = group
            .iter()
            .filter_map(|node| rests.get(node.checked_sub(board.lines.len())?))
            .collect();
        decide(board, &accounts, &lines, &files);
    }
}

fn decide(
    board: &Board<'_>,
    accounts: &Accounts<'_, '_>,
    lines: &[&LineNode<'_>],
    files: &[&Rest<'_, '_>],
) {
    match (lines, files) {
        ([line], [file]) if !accounts.has_rival(line) => {
            let evidence = format!(
                "the exact total of the {} open payments of the file",
                file.members.len()
            );
            let members = (lines, file.members.as_slice());
            board.link(
                LinkKind::Payment,
                (Tier::FileTotal, Certainty::Matched),
                members,
                evidence,
            );
        }
        _ => {
            let members: Vec<&ExpectedNode<'_>> = files
                .iter()
                .flat_map(|file| &file.members)
                .copied()
                .collect();
            let why = "the total of what is open of a payment file fits more than one way";
            place_group(Class::Ambiguous, (lines, &members), why);
        }
    }
}

/// Returns the open part of each file, if it is more than one payment.
fn rests<'b, 'a>(board: &'b Board<'a>) -> Vec<Rest<'b, 'a>> {
    let mut files: BTreeMap<_, Vec<&ExpectedNode<'a>>> = BTreeMap::new();
    for node in board.expected.iter().filter(|node| node.is_open()) {
        if let Some(file) = node.expected.file {
            files.entry(file).or_default().push(node);
        }
    }
    let rest = |members: Vec<&'b ExpectedNode<'a>>| {
        let days = || members.iter().map(|node| day(node.expected.date));
        // The line must lie in the window of every member. Amounts are below 10^20, so no sum of
        // them leaves 128 bits.
        let (first, last) = (days().min()?, days().max()?);
        let total = members.iter().map(|node| node.units()).sum();
        (members.len() >= 2).then_some(Rest {
            members,
            total,
            days: last - 1..=first + AFTER_REFERENCE,
        })
    };
    files.into_values().filter_map(rest).collect()
}
