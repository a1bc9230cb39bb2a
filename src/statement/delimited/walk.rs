//! Follows the balances through the rows, in one reading of the signs.

use super::{
    super::profile::SignRule,
    cells::AmountForm,
    table::{BalanceRow, TableRow},
};
use crate::domain::{signed::Signed, statement::StatementLine};

/// What decides the meaning of the signs.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignFacts<'a> {
    pub(super) lines: &'a [StatementLine],
    pub(super) forms: &'a [AmountForm],
    pub(super) rows: &'a [TableRow],
    pub(super) balances: &'a [BalanceRow],
    /// The balance before the first line, if one is named.
    pub(super) before: Option<Signed>,
    /// The balance after the last line, if one is named.
    pub(super) after: Option<Signed>,
    pub(super) rule: Option<SignRule>,
}

/// What an amount without any mark means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnmarkedMeaning {
    In,
    Out,
    /// Money in or out, as the balance after it shows.
    ByBalance,
}

/// What a minus means if the amount has another mark too, such as a debit column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MinusMeaning {
    /// It repeats the mark.
    Repeats,
    /// It reverses the mark: a debit that was taken back.
    Reverses,
}

/// From whose side the signs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Viewpoint {
    /// From the side of the account's owner: positive is money in.
    Own,
    /// From the other side, as on the statement of a card: positive is money out.
    Reversed,
}

/// One way to read the signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SignReading {
    pub(super) unmarked: UnmarkedMeaning,
    pub(super) minus: MinusMeaning,
    pub(super) viewpoint: Viewpoint,
}

impl SignReading {
    /// Reads one amount, without regard to balances.
    pub(super) fn amount(self, stated: i128, form: AmountForm) -> i128 {
        let marked = |value: i128| {
            if self.minus == MinusMeaning::Repeats {
                value.abs()
            } else {
                value
            }
        };
        let own = match form {
            AmountForm::Unmarked if self.unmarked == UnmarkedMeaning::Out => -stated,
            AmountForm::Unmarked | AmountForm::Signed => stated,
            AmountForm::In | AmountForm::Credit => marked(stated),
            AmountForm::Out | AmountForm::Debit => -marked(stated),
        };
        if self.viewpoint == Viewpoint::Reversed {
            -own
        } else {
            own
        }
    }
}

/// How far the balances hold in a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BalanceTrace {
    /// How many balances follow from the balance and the movements before them.
    pub(super) links: usize,
    /// How many balances do not follow.
    pub(super) breaks: usize,
    /// The line of the first one that does not, and its difference.
    pub(super) first_break: Option<(u64, i128)>,
    /// The sum of the differences.
    pub(super) difference: i128,
    /// The balance before the first line, as the first balance in the table shows it.
    pub(super) opening: Option<i128>,
    /// The balance after the last line, if a row of the table has it.
    pub(super) closing: Option<i128>,
    /// The line of an amount that could be in or out.
    pub(super) unsure: Option<u64>,
    /// The first line without a mark and without a balance before it.
    pub(super) uncovered: Option<u64>,
}

/// Follows the balances through the rows. Sums stay far below 2^127: each amount is below 2^67.
pub(super) fn walk(
    facts: &SignFacts<'_>,
    rows: &[TableRow],
    reading: SignReading,
    mut visit: impl FnMut(usize, i128),
) -> BalanceTrace {
    let mut walk = Walk {
        trace: BalanceTrace::default(),
        balance: facts.before.map(Signed::units),
        sum: 0,
        moved: false,
    };
    let mut last_has_balance = false;
    for row in rows {
        let (balance, place) = match row {
            TableRow::Line(at) => {
                let (Some(line), Some(form)) = (facts.lines.get(*at), facts.forms.get(*at)) else {
                    continue;
                };
                let amount = walk.amount(line, *form, reading);
                visit(*at, amount);
                walk.sum += amount;
                walk.moved |= amount != 0;
                (line.balance, line.place)
            }
            TableRow::Balance(at) => match facts.balances.get(*at) {
                Some(row) => (Some(row.amount), row.place),
                None => continue,
            },
        };
        last_has_balance = balance.is_some();
        if let Some(balance) = balance {
            walk.take_balance(balance.units(), place);
        }
    }
    if last_has_balance {
        walk.trace.closing = walk.balance;
    }
    if let Some(after) = facts.after {
        walk.compare(after.units(), 0);
    }
    walk.trace
}

/// The state of following the balances.
struct Walk {
    trace: BalanceTrace,
    /// The last balance.
    balance: Option<i128>,
    /// The sum of the amounts since then.
    sum: i128,
    /// Whether one of them is not zero.
    moved: bool,
}

impl Walk {
    /// Reads the amount of a line, by its balance if the reading says so.
    fn amount(&mut self, line: &StatementLine, form: AmountForm, reading: SignReading) -> i128 {
        let stated = line.amount.units();
        let amount = reading.amount(stated, form);
        if form != AmountForm::Unmarked || stated == 0 {
            return amount;
        }
        if self.balance.is_none() {
            self.trace.uncovered = self.trace.uncovered.or(Some(line.place));
        }
        if reading.unmarked != UnmarkedMeaning::ByBalance {
            return amount;
        }
        match (self.balance, line.balance.map(Signed::units)) {
            (Some(before), Some(after)) if before + self.sum - stated == after => -stated,
            (Some(_), Some(_)) => stated,
            (_, _) => {
                self.trace.unsure = self.trace.unsure.or(Some(line.place));
                amount
            }
        }
    }

    fn take_balance(&mut self, balance: i128, place: u64) {
        if self.balance.is_none() {
            self.trace.opening = Some(balance - self.sum);
        }
        self.compare(balance, place);
        (self.balance, self.sum, self.moved) = (Some(balance), 0, false);
    }

    /// Compares a balance with the last one and the amounts since then.
    fn compare(&mut self, balance: i128, place: u64) {
        let Some(before) = self.balance else {
            return;
        };
        let difference = balance - (before + self.sum);
        self.trace.links += usize::from(self.moved);
        if difference != 0 {
            self.trace.breaks += 1;
            self.trace.first_break = self.trace.first_break.or(Some((place, difference)));
            self.trace.difference += difference;
        }
    }
}
