//! The days that the statements of an account cover, and the balances between which they lie.

use crate::domain::{
    bank::ImportedStatement,
    code::StatementNumber,
    signed::Signed,
    time::{Date, DayRange},
};

/// The days between an opening balance and a closing balance of an account, as its statements give
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The balance before the first line.
    pub opening: Signed,
    /// The balance after the last line, as the bank gives it.
    pub closing: Signed,
    /// The days.
    pub days: DayRange,
    /// The statement that gives the opening balance.
    pub opened_by: StatementNumber,
    /// The statement that gives the closing balance.
    pub closed_by: StatementNumber,
}

impl Span {
    /// Returns by how much the bank's closing balance differs from the opening one and the lines
    /// between, or `None` if the sums have too many digits.
    pub fn difference(&self, lines: Signed) -> Option<Signed> {
        self.closing.checked_sub(self.opening.checked_add(lines)?)
    }
}

/// Finds the longest span that an account's statements give: the first opening balance and the last
/// closing one that lies on or before `through`.
pub fn span(statements: &[ImportedStatement], through: Option<Date>) -> Option<Span> {
    let within = |last: Date| through.is_none_or(|through| last <= through);
    let dated = || {
        statements
            .iter()
            .filter_map(|statement| Some((statement, statement.dates?)))
    };
    let seen = || dated().filter(|(_, days)| within(days.last));
    let opens = seen()
        .filter_map(|(statement, days)| Some((days.first, statement.number, statement.opening?)))
        .min();
    let closes = seen()
        .filter_map(|(statement, days)| Some((days.last, statement.number, statement.closing?)))
        .max();
    let ((first, opened_by, opening), (last, closed_by, closing)) = opens.zip(closes)?;
    Some(Span {
        opening,
        closing,
        days: DayRange::new(first, last)?,
        opened_by,
        closed_by,
    })
}

/// Returns the last day to which an account's statements cover without a gap, from the first one
/// on. A statement covers its period; where days lie between two, the later one opens with the
/// closing balance of the one before it.
pub fn covered_to(statements: &[ImportedStatement], through: Option<Date>) -> Option<Date> {
    let mut dated: Vec<(DayRange, &ImportedStatement)> = statements
        .iter()
        .filter(|statement| statement.voided.is_none())
        .filter_map(|statement| Some((statement.dates?, statement)))
        .collect();
    dated.sort_by_key(|(days, statement)| (days.first, days.last, statement.number));
    let mut covered: Option<(Date, Option<Signed>)> = None;
    for (days, statement) in dated {
        if let Some((last, closing)) = covered {
            let balances = closing.zip(statement.opening);
            let meets = match balances {
                _ if days.first <= last => true,
                Some((closing, opening)) => closing == opening,
                None => days.first.signed_duration_since(last).num_days() <= 1,
            };
            if !meets {
                break;
            }
        }
        if covered.is_none_or(|(last, _)| last <= days.last) {
            covered = Some((days.last, statement.closing));
        }
    }
    let last = covered.map(|(last, _)| last)?;
    Some(through.map_or(last, |through| last.min(through)))
}
