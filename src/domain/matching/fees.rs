//! What a difference between two amounts may be: a fee that the bank is known to charge, or the
//! lines next to it.

use std::collections::HashMap;

use super::{
    board::Board,
    kind,
    line::LineKind,
    node::{ExpectedNode, LineNode},
    rules, text,
};
use crate::domain::time::Date;

/// The shortest text by which a fee is taken to belong to a transfer.
const SHORTEST_TEXT: usize = 8;

/// The fees, taxes and levies by their day and the text that they repeat.
pub(super) struct NearbyFees(HashMap<(Date, String), i128>);

impl NearbyFees {
    /// Collects them.
    pub(super) fn new(board: &Board<'_>) -> Self {
        let mut sums = HashMap::new();
        let fees = |line: &&LineNode<'_>| {
            matches!(line.kind, LineKind::Fee | LineKind::Tax | LineKind::Levy)
        };
        for line in board.lines.iter().filter(fees) {
            let (_, rest) = kind::read(line.line);
            *sums
                .entry((line.line.date, text::reference(&rest)))
                .or_insert(0) += line.line.amount.units();
        }
        Self(sums)
    }

    /// Returns the difference of a line to an expectation, and what it may be.
    pub(super) fn difference(
        &self,
        board: &Board<'_>,
        line: &LineNode<'_>,
        expected: &ExpectedNode<'_>,
    ) -> String {
        let difference = line.units() - expected.units();
        let side = if difference < 0 { "less" } else { "more" };
        let mut words = format!(
            "the same reference, {} {side} than expected",
            board.shown(difference.abs())
        );
        if self.sum(line).abs() == difference.abs() {
            words.push_str("; this is what the fees, taxes and levies next to it come to");
        } else if let Some(fee) = known_fee(board, difference.abs()) {
            words.push_str("; this is ");
            words.push_str(fee);
        } else {
            words.push_str("; no known fee");
        }
        words
    }

    /// Adds up the fees of the same day whose text is that of the line, or begins as it does if
    /// the bank cut it.
    fn sum(&self, line: &LineNode<'_>) -> i128 {
        let whole = text::reference(&text::fold(&line.line.description));
        let begins = (SHORTEST_TEXT..=whole.len()).filter_map(|end| whole.get(..end));
        begins
            .filter_map(|begin| self.0.get(&(line.line.date, begin.to_owned())))
            .sum()
    }
}

fn known_fee(board: &Board<'_>, units: i128) -> Option<&'static str> {
    let known = rules::KNOWN_FEES
        .iter()
        .filter(|_| board.currency.code() == rules::FEES_CURRENCY);
    known
        .into_iter()
        .find(|(fee, _)| *fee == units)
        .map(|(_, what)| *what)
}
