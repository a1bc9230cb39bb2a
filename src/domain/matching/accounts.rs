//! The beneficiary's account number in a line: tier 3, and a check of tier 2.

use std::collections::HashMap;

use super::{
    board::Board,
    class::Class,
    expected::Expected,
    graph::{Bucket, Graph},
    line::Line,
    link::{Certainty, LinkKind, Tier},
    node::{ExpectedNode, LineNode, place_group, window},
    text::{self, Tokens},
};

/// The days after an expectation in which a line without its reference is looked for.
pub(super) const AFTER: i64 = 5;
/// The shortest account number that is distinct from other numbers.
const SHORTEST: usize = 8;

/// Open expectations by amount and account number.
pub(super) struct Accounts<'b, 'a>(HashMap<(i128, &'a str), Vec<&'b ExpectedNode<'a>>>);

/// Returns the numbers of a line that may be account numbers: whole tokens, and runs of digits that
/// letters touch.
pub(super) fn numbers(line: &Line) -> Vec<String> {
    let tokens = Tokens::new(&line.description);
    let mut numbers: Vec<String> = tokens.each().map(str::to_owned).collect();
    numbers.extend(text::digit_runs(&line.description).map(str::to_owned));
    numbers.extend(line.counterparty_account.as_deref().map(text::reference));
    numbers.retain(|number| {
        number.len() >= SHORTEST && number.bytes().any(|byte| byte.is_ascii_digit())
    });
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Checks whether a line names the account of an expectation.
pub(super) fn names_account(numbers: &[String], expected: &Expected) -> bool {
    expected.account_number.as_ref().is_some_and(|account| {
        let account = account.reveal();
        account.len() >= SHORTEST && numbers.iter().any(|number| number == account)
    })
}

impl<'b, 'a> Accounts<'b, 'a> {
    /// Collects the open expectations.
    pub(super) fn new(board: &'b Board<'a>) -> Self {
        let mut all: HashMap<(i128, &'a str), Vec<&'b ExpectedNode<'a>>> = HashMap::new();
        for node in board.expected.iter().filter(|node| node.is_looked_for()) {
            let account = node.expected.account_number.as_ref();
            let account = account.map_or("", |account| account.reveal());
            if account.len() >= SHORTEST {
                all.entry((node.units(), account)).or_default().push(node);
            }
        }
        Self(all)
    }

    /// Checks whether a line names the account of an open expectation of its very amount.
    pub(super) fn has_rival(&self, line: &LineNode<'_>) -> bool {
        let numbers = numbers(line.line);
        let mut found = numbers
            .iter()
            .filter_map(|number| self.0.get(&(line.units(), number.as_str())));
        found.any(|nodes| {
            nodes
                .iter()
                .any(|node| line.is_within(&window(node.expected.date, AFTER)))
        })
    }
}

/// Tier 3: the account number, the amount and the day.
pub(super) fn match_accounts(board: &Board<'_>) {
    let accounts = Accounts::new(board);
    let mut buckets: HashMap<(i128, &str), Bucket> = HashMap::new();
    for line in board.lines.iter().filter(|line| line.is_open_debit()) {
        for number in numbers(line.line) {
            let named = accounts
                .0
                .get(&(line.units(), number.as_str()))
                .and_then(|nodes| nodes.first());
            if let Some(node) = named
                && let Some(account) = &node.expected.account_number
            {
                let bucket = buckets.entry((node.units(), account.reveal())).or_default();
                line.days().for_each(|day| bucket.add(day, line.id));
            }
        }
    }
    let mut graph = Graph::new(board.lines.len() + board.expected.len());
    for (key, mut bucket) in buckets {
        bucket.sort();
        for node in accounts.0.get(&key).into_iter().flatten() {
            let without = board.rejected_points(LinkKind::Payment, &[node.number()]);
            bucket.attach(
                &mut graph,
                board.node(node),
                &window(node.expected.date, AFTER),
                &without,
            );
        }
        bucket.seal(&mut graph);
    }
    for group in graph.groups() {
        let (lines, expected) = board.split(&group);
        let members = (lines.as_slice(), expected.as_slice());
        if let ([_], [_]) = members {
            let evidence = "the beneficiary's account number and the amount are the same, the day within the window";
            board.link(
                LinkKind::Payment,
                (Tier::Account, Certainty::Proposed),
                members,
                evidence.to_owned(),
            );
        } else {
            let why = "the account number, the amount and the day fit more than one way";
            place_group(Class::Ambiguous, members, why);
        }
    }
}
