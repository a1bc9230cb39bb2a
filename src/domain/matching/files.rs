//! Tier 2: one line that is the exact total of a payment file, or of its open part.

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

use super::{
    accounts::Accounts,
    board::Board,
    claim::Rival,
    class::Class,
    creditor::other_creditor,
    expected::{AFTER_REFERENCE, Expected},
    graph::{Bucket, Graph},
    line::Line,
    link::{Certainty, LinkKind, Tier},
    node::{ExpectedNode, LineNode, day, place_group},
    rules,
    setting::{Sent, SentFile},
    text::{self, Tokens},
};
use crate::domain::code::FileNumber;

/// The longest message id that a file has, without its signs.
const LONGEST: usize = 35;
/// The shortest of what names a file, `F000001`.
const SHORTEST: usize = 7;

/// What is open of a payment file.
struct Rest<'b, 'a> {
    file: FileNumber,
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
            let total = format!(
                "the exact total of the {} open payments of the file",
                file.members.len()
            );
            let (certainty, evidence) = match lack(board, line, file) {
                None => (Certainty::Matched, total),
                Some(why) => (Certainty::Proposed, format!("{total}; {why}")),
            };
            let members = (lines, file.members.as_slice());
            board.link(
                LinkKind::Payment,
                (Tier::FileTotal, certainty),
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

/// Finds the payments of open payment files that a line names and whose total it is.
pub(super) fn named_wholes(board: &Board<'_>, lines: &[&LineNode<'_>]) -> Vec<Rival> {
    if lines.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for rest in rests(board) {
        let sent = board.setting.files.get(&rest.file);
        let is_whole = |line: &&&LineNode<'_>| {
            line.units() == rest.total
                && line.is_within(&rest.days)
                && sent.is_some_and(|sent| names_file(line.line, (rest.file, sent)))
        };
        for line in lines.iter().filter(is_whole) {
            found.extend(rest.members.iter().map(|member| Rival::of(line, member)));
        }
    }
    found
}

/// Returns what a line lacks to be a whole file for certain: a total alone proves nothing.
fn lack(board: &Board<'_>, line: &LineNode<'_>, rest: &Rest<'_, '_>) -> Option<String> {
    let payees: Vec<&Expected> = rest.members.iter().map(|node| node.expected).collect();
    let sent = board.setting.files.get(&rest.file);
    if !sent.is_some_and(|sent| sent.sent == Sent::Exported) {
        return Some("the file was never exported".to_owned());
    }
    if let Some(other) = other_creditor(line.line, &payees, board.setting) {
        return Some(format!("the line names {other}"));
    }
    let named = sent.is_some_and(|sent| names_file(line.line, (rest.file, sent)));
    (!named)
        .then(|| "the line does not name the file, and has no words of a bulk payment".to_owned())
}

/// Checks whether a line carries the code of a file, its message id, or the bank's words for a whole
/// file.
fn names_file(line: &Line, (number, file): (FileNumber, &SentFile)) -> bool {
    let names = [number.to_string(), file.message_id.clone()].map(|name| text::reference(&name));
    let texts = [&line.reference, &line.bank_id, &line.end_to_end];
    let texts = texts
        .into_iter()
        .flatten()
        .chain(std::iter::once(&line.description));
    let carries = |text: &String| {
        Tokens::new(text)
            .runs(SHORTEST, LONGEST)
            .any(|run| names.iter().any(|name| name == run))
    };
    let described = format!(
        " {} ",
        text::fold(&line.description).replace(['/', '-', ':', ','], " ")
    );
    let bulk = |word: &&str| described.contains(&format!(" {word} "));
    texts.into_iter().any(carries) || rules::BULK_WORDS.iter().any(bulk)
}

/// Returns the open part of each file, if it is more than one payment.
fn rests<'b, 'a>(board: &'b Board<'a>) -> Vec<Rest<'b, 'a>> {
    let mut files: BTreeMap<_, Vec<&ExpectedNode<'a>>> = BTreeMap::new();
    for node in board.expected.iter().filter(|node| node.is_open()) {
        if let Some(file) = node.expected.file {
            files.entry(file).or_default().push(node);
        }
    }
    let rest = |(file, members): (FileNumber, Vec<&'b ExpectedNode<'a>>)| {
        let days = || members.iter().map(|node| day(node.expected.date));
        // The line must lie in the window of every member. Amounts are below 10^20, so no sum of
        // them leaves 128 bits.
        let (first, last) = (days().min()?, days().max()?);
        let total = members.iter().map(|node| node.units()).sum();
        (members.len() >= 2).then_some(Rest {
            file,
            members,
            total,
            days: last - 1..=first + AFTER_REFERENCE,
        })
    };
    files.into_iter().filter_map(rest).collect()
}
