//! What the balances of statements prove: the signs of reversals, and that no line is missing.

use super::super::Parsed;
use crate::domain::{
    signed::Signed,
    statement::{FindingKind, Statement, StatementFinding},
};

/// What was proven over the statements of a file, told once for all of them.
#[derive(Debug, Default)]
pub(in super::super) struct Tally {
    statements: u64,
    with_balances: u64,
    holding: u64,
    turned: u64,
    unproven_reversals: u64,
    reversed_order: u64,
}

/// Proves the signs of a statement by its balances and says whether they hold.
///
/// Reversals are read as marked. Where the balances hold only when each reversal counts the other
/// way, they are turned, since some banks write the direction of the line that is reversed. What
/// holds in neither way is a finding, never adjusted.
pub(in super::super) fn prove(statement: &mut Statement, tally: &mut Tally) {
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
    let Some((total, reversals)) = sums(statement) else {
        statement.balance_ok = Some(false);
        let detail =
            "the lines add up to more digits than can be kept, so the balances prove nothing";
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
        let by = as_marked.map_or_else(String::new, |difference| {
            format!(" by {}", difference.plain(2))
        });
        let detail = format!(
            "the opening balance and the lines do not give the closing balance: they miss it{by}"
        );
        statement.findings.push(StatementFinding {
            difference: as_marked,
            ..StatementFinding::new(FindingKind::BalanceBreak, detail)
        });
    }
}

/// Adds up all lines, and those that reverse others.
fn sums(statement: &Statement) -> Option<(Signed, Signed)> {
    statement
        .lines
        .iter()
        .try_fold((Signed::ZERO, Signed::ZERO), |(total, reversals), line| {
            let reversal = if line.reversal {
                line.amount
            } else {
                Signed::ZERO
            };
            Some((
                total.checked_add(line.amount)?,
                reversals.checked_add(reversal)?,
            ))
        })
}

/// Turns the lines where their dates only ever go back, since they are kept oldest first.
pub(in super::super) fn oldest_first(statement: &mut Statement, tally: &mut Tally) {
    let dates = || statement.lines.iter().map(|line| line.booking_date);
    let falls = dates()
        .zip(dates().skip(1))
        .all(|(earlier, later)| earlier >= later);
    if falls && dates().next() != dates().next_back() {
        statement.lines.reverse();
        tally.reversed_order += 1;
    }
}

impl Tally {
    /// Says what was proven and what was decided.
    pub(in super::super) fn tell(&self, parsed: &mut Parsed) {
        let of = |count: u64| format!("{count} of {} statements", self.statements);
        if self.with_balances > 0 {
            let (holding, all) = (self.holding, self.with_balances);
            parsed
                .proofs
                .push(format!("opening + lines = closing holds in {holding} of {all} statements with both balances"));
        }
        if self.turned > 0 {
            let detail = "reversals count against their mark, since only so the balances hold";
            parsed
                .decisions
                .push(format!("in {} {detail}", of(self.turned)));
        }
        if self.unproven_reversals > 0 {
            let detail = "reversals are read as marked, and no balance proves it";
            parsed
                .decisions
                .push(format!("in {} {detail}", of(self.unproven_reversals)));
        }
        if self.reversed_order > 0 {
            let detail = "the newest line stood first, as the dates show, and the order was turned";
            parsed
                .decisions
                .push(format!("in {} {detail}", of(self.reversed_order)));
        }
    }
}
