//! What the balances of statements prove: the signs of reversals, and that no line is missing.

use super::super::content::FileContent;
use crate::domain::{
    signed::Signed,
    statement::{FindingKind, Statement, StatementFinding},
};

/// How many statements of a file the balances prove.
#[derive(Debug, Default)]
pub(in super::super) struct ProofCounts {
    statements: u64,
    with_balances: u64,
    holding: u64,
    turned: u64,
    unproven_reversals: u64,
    reversed_order: u64,
}

/// Proves the signs of a statement by its balances.
///
/// Reversals are read as marked. If the balances hold only when each reversal counts the other way,
/// they are turned, since some banks write the direction of the line that is reversed. If they hold
/// in neither way, that is a finding, and nothing is adjusted.
pub(in super::super) fn prove(statement: &mut Statement, tally: &mut ProofCounts) {
    tally.statements += 1;
    let has_reversals = statement
        .lines
        .iter()
        .any(|line| line.reversal && !line.amount.is_zero());
    let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else {
        tally.unproven_reversals += u64::from(has_reversals);
        return;
    };
    tally.with_balances += 1;
    let Some(LineSums { total, reversals }) = sums(statement) else {
        statement.balance_ok = Some(false);
        let detail = "the sum of the lines has too many digits, so the balances prove nothing";
        statement
            .findings
            .push(StatementFinding::new(FindingKind::BalanceBreak, detail));
        return;
    };
    let difference = |movement: Option<Signed>| {
        closing
            .amount
            .checked_sub(opening.amount.checked_add(movement?)?)
    };
    let as_marked = difference(Some(total));
    let turned = difference(
        total
            .checked_sub(reversals)
            .and_then(|rest| rest.checked_sub(reversals)),
    );
    statement.balance_ok = Some(true);
    if as_marked.is_some_and(Signed::is_zero) {
        tally.holding += 1;
    } else if turned.is_some_and(Signed::is_zero) {
        for line in statement.lines.iter_mut().filter(|line| line.reversal) {
            line.amount = line.amount.negated();
        }
        tally.holding += 1;
        tally.turned += 1;
    } else {
        tally.unproven_reversals += u64::from(has_reversals);
        statement.balance_ok = Some(false);
        let by = as_marked.map_or_else(
            || " too large".to_owned(),
            |difference| format!(" {}", difference.plain(2)),
        );
        let detail = format!(
            "the opening balance and the lines do not add up to the closing balance: the difference is{by}"
        );
        statement.findings.push(StatementFinding {
            difference: as_marked,
            ..StatementFinding::new(FindingKind::BalanceBreak, detail)
        });
    }
}

/// The sum of all lines, and of those that reverse others.
struct LineSums {
    total: Signed,
    reversals: Signed,
}

/// Adds up the lines; `None` if a sum has too many digits.
fn sums(statement: &Statement) -> Option<LineSums> {
    let mut sums = LineSums {
        total: Signed::ZERO,
        reversals: Signed::ZERO,
    };
    for line in &statement.lines {
        sums.total = sums.total.checked_add(line.amount)?;
        if line.reversal {
            sums.reversals = sums.reversals.checked_add(line.amount)?;
        }
    }
    Some(sums)
}

/// Turns the order of the lines if their dates only go back, since lines are kept oldest first.
pub(in super::super) fn oldest_first(statement: &mut Statement, tally: &mut ProofCounts) {
    let dates = || statement.lines.iter().map(|line| line.booking_date);
    let falls = dates()
        .zip(dates().skip(1))
        .all(|(earlier, later)| earlier >= later);
    if falls && dates().next() != dates().next_back() {
        statement.lines.reverse();
        tally.reversed_order += 1;
    }
}

impl ProofCounts {
    /// Adds what was proven and what was decided to the content of the file.
    pub(in super::super) fn report(&self, content: &mut FileContent) {
        let of = |count: u64| format!("{count} of {} statements", self.statements);
        if self.with_balances > 0 {
            let (holding, all) = (self.holding, self.with_balances);
            content
                .proofs
                .push(format!("opening + lines = closing holds in {holding} of {all} statements with both balances"));
        }
        if self.turned > 0 {
            let detail = "reversals count against their mark: only then do the balances hold";
            content
                .decisions
                .push(format!("in {} {detail}", of(self.turned)));
        }
        if self.unproven_reversals > 0 {
            let detail = "reversals are read as marked, which no balance proves";
            content
                .decisions
                .push(format!("in {} {detail}", of(self.unproven_reversals)));
        }
        if self.reversed_order > 0 {
            let detail = "the dates show that the newest line was first, so the order was turned";
            content
                .decisions
                .push(format!("in {} {detail}", of(self.reversed_order)));
        }
    }
}
