//! What the signs mean, and in which order the lines stand: of the possible readings the one under
//! which the file's own balances hold.

use std::borrow::Cow;

use super::{
    super::SignRule,
    table::{BalanceRow, Source, Step},
};
use crate::domain::{signed::Signed, statement::StatementLine};

/// What is known before the signs are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    pub(super) lines: &'a [StatementLine],
    pub(super) sources: &'a [Source],
    pub(super) steps: &'a [Step],
    pub(super) balances: &'a [BalanceRow],
    /// The balance before the first line, where one is named.
    pub(super) before: Option<Signed>,
    /// The balance after the last line, where one is named.
    pub(super) after: Option<Signed>,
    pub(super) rule: Option<SignRule>,
}

/// What an amount without any mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plain {
    In,
    Out,
    /// In or out, as the balance after it shows.
    ByBalance,
}

/// What a minus means that stands beside another mark, such as in a debit column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Minus {
    /// It only repeats the mark.
    Repeats,
    /// It turns it: a debit taken back.
    Turns,
}

/// Whether positive is money in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// As the account's holder sees it.
    Own,
    /// The other way round, as on a card's statement.
    Turned,
}

/// One way to read the signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    plain: Plain,
    minus: Minus,
    side: Side,
}

/// The order of the rows in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOrder {
    OldestFirst,
    NewestFirst,
    /// The days one way and the rows within a day the other way: the first tells about the days.
    OldestDayFirstRowsTurned,
    NewestDayFirstRowsTurned,
}

/// How far the balances hold under a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// How many balances follow from the one before them by a movement.
    pub(super) links: usize,
    /// How many balances do not follow.
    pub(super) breaks: usize,
    /// The line of the first that does not, and its difference.
    pub(super) first_break: Option<(u64, i128)>,
    /// The sum of the differences.
    pub(super) difference: i128,
    /// The balance before the first line, as the first balance in the table shows it.
    pub(super) opening: Option<i128>,
    /// The balance after the last line, where a row of the table has it.
    pub(super) closing: Option<i128>,
    /// The line of an amount that could be in or out.
    pub(super) unsure: Option<u64>,
    /// The first line without a mark before which no balance is known.
    uncovered: Option<u64>,
}

/// What was decided.
#[derive(Debug)]
pub(super) struct Decision {
    pub(super) order: RowOrder,
    pub(super) outcome: Outcome,
    /// The amounts of the lines, in the order of the file.
    pub(super) amounts: Vec<Signed>,
    /// The positions of the lines, the oldest first.
    pub(super) sequence: Vec<usize>,
    /// What is said of it: the signs' meaning, and whether the balances prove it.
    pub(super) said: String,
    /// Whether nothing in the file proves the meaning of an amount without a mark.
    pub(super) assumed: bool,
    /// The line whose amount no balance covers, where no line has a mark.
    pub(super) uncovered: Option<u64>,
    reading: Reading,
}

/// How many lines have which marks.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The first line with an amount without a mark.
    plain: Option<u64>,
    minus: usize,
    plus: usize,
    marked_in: usize,
    marked_out: usize,
    /// Marked, and with a minus besides.
    marked_minus: usize,
    debit_minus: usize,
    debit_bare: usize,
    credit_minus: usize,
}

impl Seen {
    fn of(facts: &Facts<'_>) -> Self {
        let mut seen = Self::default();
        for (line, source) in facts
            .lines
            .iter()
            .zip(facts.sources)
            .filter(|(line, _)| !line.amount.is_zero())
        {
            let negative = line.amount.is_negative();
            let counter = match source {
                Source::Plain => {
                    seen.plain = seen.plain.or(Some(line.place));
                    continue;
                }
                Source::Signed if negative => &mut seen.minus,
                Source::Signed => &mut seen.plus,
                Source::In => &mut seen.marked_in,
                Source::Out => &mut seen.marked_out,
                Source::Debit if negative => &mut seen.debit_minus,
                Source::Debit => &mut seen.debit_bare,
                Source::Credit if negative => &mut seen.credit_minus,
                Source::Credit => continue,
            };
            *counter += 1;
            seen.marked_minus +=
                usize::from(negative && matches!(source, Source::In | Source::Out));
        }
        seen
    }

    /// Tells what an amount without a mark is by what the others are; `None` where they say nothing
    /// or both.
    const fn plain(self) -> Option<Plain> {
        match (
            self.minus + self.marked_out > 0,
            self.plus + self.marked_in > 0,
        ) {
            (true, false) => Some(Plain::In),
            (false, true) => Some(Plain::Out),
            // With plus and minus at hand, an amount without one is positive; marks on both sides
            // leave it open.
            (true, true) if self.minus > 0 && self.marked_out == 0 => Some(Plain::In),
            (_, _) => None,
        }
    }

    /// Tells what a minus beside another mark usually means.
    const fn minus(self) -> Minus {
        let turns = self.debit_minus > 0 && self.debit_bare > 0 || self.credit_minus > 0;
        if turns { Minus::Turns } else { Minus::Repeats }
    }

    /// Tells whether a minus stands where another mark already tells the direction.
    const fn has_minus(self) -> bool {
        self.debit_minus + self.credit_minus + self.marked_minus > 0
    }
}

/// Decides.
///
/// # Errors
/// The line of an amount that may be money in or out, where neither marks nor balances tell.
pub(super) fn decide(facts: &Facts<'_>) -> Result<Decision, u64> {
    let seen = Seen::of(facts);
    let readings = readings(facts.rule, seen);
    let usual = readings.first().copied().unwrap_or(Reading {
        plain: Plain::In,
        minus: Minus::Repeats,
        side: Side::Own,
    });
    let orders = orders(facts);
    let mut tried = Vec::new();
    for reading in &readings {
        for order in &orders {
            let steps = sequence(facts, *order);
            let outcome = walk(facts, &steps, *reading, |_, _| {});
            // Where no line has a mark, the oldest amount may differ from those that the balances
            // prove. That they are all money in is what a column of signed amounts looks like; that
            // they are all money out is not.
            let covered = outcome.uncovered.is_none()
                || seen.plain().is_some()
                || reading.plain == Plain::In && reading.side == Side::Own;
            if outcome.breaks == 0 && outcome.links > 0 && outcome.unsure.is_none() && covered {
                return Ok(decision(facts, *order, &steps, *reading, seen));
            }
            tried.push((*reading, *order, outcome));
        }
    }
    if let (Some(line), None, None) = (seen.plain, seen.plain(), facts.rule) {
        return Err(line);
    }
    // No balance decides, so the usual reading counts, in the order with the fewest breaks; of
    // equal ones the first.
    let usual_tried = tried.iter().filter(|(reading, ..)| *reading == usual);
    let order = usual_tried
        .min_by_key(|(_, _, outcome)| outcome.breaks)
        .map_or(RowOrder::OldestFirst, |(_, order, _)| *order);
    Ok(decision(facts, order, &sequence(facts, order), usual, seen))
}

/// Lists the readings that make a difference, the usual one first.
fn readings(rule: Option<SignRule>, seen: Seen) -> Vec<Reading> {
    let fixed = |plain, side| {
        vec![Reading {
            plain,
            minus: seen.minus(),
            side,
        }]
    };
    match rule {
        Some(SignRule::AsIs | SignRule::UnsignedIsCredit) => return fixed(Plain::In, Side::Own),
        Some(SignRule::Reversed) => return fixed(Plain::In, Side::Turned),
        Some(SignRule::UnsignedIsDebit) => return fixed(Plain::Out, Side::Own),
        None => {}
    }
    let usual = seen.plain().unwrap_or(Plain::In);
    let other = if usual == Plain::In {
        Plain::Out
    } else {
        Plain::In
    };
    let plains = match (seen.plain, seen.plain()) {
        (None, _) => vec![usual],
        (Some(_), Some(_)) => vec![usual, other],
        // Only where no line has a mark may the balances tell each line's direction: else they
        // would hide a wrong mark.
        (Some(_), None) => vec![usual, other, Plain::ByBalance],
    };
    let turned = if seen.minus() == Minus::Turns {
        Minus::Repeats
    } else {
        Minus::Turns
    };
    let minuses = if seen.has_minus() {
        vec![seen.minus(), turned]
    } else {
        vec![seen.minus()]
    };
    let mut readings = Vec::new();
    for side in [Side::Own, Side::Turned] {
        for plain in plains
            .iter()
            .filter(|plain| side == Side::Own || **plain != Plain::ByBalance)
        {
            readings.extend(minuses.iter().map(|minus| Reading {
                plain: *plain,
                minus: *minus,
                side,
            }));
        }
    }
    readings
}

impl Reading {
    /// Reads one amount, without regard to balances.
    fn amount(self, stated: i128, source: Source) -> i128 {
        let beside = |value: i128| {
            if self.minus == Minus::Repeats {
                value.abs()
            } else {
                value
            }
        };
        let own = match source {
            Source::Plain if self.plain == Plain::Out => -stated,
            Source::Plain | Source::Signed => stated,
            Source::In | Source::Credit => beside(stated),
            Source::Out | Source::Debit => -beside(stated),
        };
        if self.side == Side::Turned { -own } else { own }
    }
}

/// Lists the orders that the dates allow, the likeliest first.
fn orders(facts: &Facts<'_>) -> Vec<RowOrder> {
    let pairs = || facts.lines.iter().zip(facts.lines.iter().skip(1));
    let rising = pairs().any(|(first, second)| first.booking_date < second.booking_date);
    let falling = pairs().any(|(first, second)| first.booking_date > second.booking_date);
    let at_end = |step: Option<&Step>| matches!(step, Some(Step::Balance(_)));
    let has_rows = at_end(facts.steps.first()) || at_end(facts.steps.last());
    match (rising, falling) {
        (true, false) if has_rows => vec![RowOrder::OldestFirst],
        (false, true) if has_rows => vec![RowOrder::NewestFirst],
        (true, false) => vec![RowOrder::OldestFirst, RowOrder::OldestDayFirstRowsTurned],
        (false, true) => vec![RowOrder::NewestFirst, RowOrder::NewestDayFirstRowsTurned],
        (false, false) | (true, true) => vec![RowOrder::OldestFirst, RowOrder::NewestFirst],
    }
}

/// Puts the steps into the order of time.
fn sequence<'a>(facts: &Facts<'a>, order: RowOrder) -> Cow<'a, [Step]> {
    if order == RowOrder::OldestFirst {
        return Cow::Borrowed(facts.steps);
    }
    let mut steps = facts.steps.to_vec();
    let day = |step: &Step| match step {
        Step::Line(at) => facts.lines.get(*at).map(|line| line.booking_date),
        Step::Balance(at) => facts.balances.get(*at).and_then(|row| row.date),
    };
    match order {
        RowOrder::OldestFirst => {}
        RowOrder::NewestFirst => steps.reverse(),
        RowOrder::OldestDayFirstRowsTurned => steps
            .chunk_by_mut(|a, b| day(a) == day(b))
            .for_each(<[Step]>::reverse),
        RowOrder::NewestDayFirstRowsTurned => {
            steps
                .chunk_by_mut(|a, b| day(a) == day(b))
                .for_each(<[Step]>::reverse);
            steps.reverse();
        }
    }
    Cow::Owned(steps)
}

/// Follows the balances through the lines. Sums stay far below 2^127: each amount is below 2^67.
fn walk(
    facts: &Facts<'_>,
    steps: &[Step],
    reading: Reading,
    mut visit: impl FnMut(usize, i128),
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut known = facts.before.map(Signed::units);
    let (mut since, mut moved, mut last_has_balance) = (0_i128, false, false);
    let judge = |outcome: &mut Outcome,
                 known: i128,
                 since: i128,
                 moved: bool,
                 balance: i128,
                 place: u64| {
        let difference = balance - (known + since);
        outcome.links += usize::from(moved);
        if difference != 0 {
            outcome.breaks += 1;
            outcome.first_break = outcome.first_break.or(Some((place, difference)));
            outcome.difference += difference;
        }
    };
    for step in steps {
        let (balance, place) = match step {
            Step::Line(at) => {
                let (Some(line), Some(source)) = (facts.lines.get(*at), facts.sources.get(*at))
                else {
                    continue;
                };
                let stated = line.amount.units();
                let mut amount = reading.amount(stated, *source);
                if *source == Source::Plain && reading.plain == Plain::ByBalance && stated != 0 {
                    match (known, line.balance.map(Signed::units)) {
                        (Some(known), Some(balance)) => {
                            amount = if known + since - stated == balance {
                                -stated
                            } else {
                                stated
                            }
                        }
                        (_, _) => outcome.unsure = outcome.unsure.or(Some(line.place)),
                    }
                }
                if *source == Source::Plain && stated != 0 && known.is_none() {
                    outcome.uncovered = outcome.uncovered.or(Some(line.place));
                }
                visit(*at, amount);
                (since, moved) = (since + amount, moved || amount != 0);
                (line.balance, line.place)
            }
            Step::Balance(at) => match facts.balances.get(*at) {
                Some(row) => (Some(row.amount), row.place),
                None => continue,
            },
        };
        last_has_balance = balance.is_some();
        let Some(balance) = balance.map(Signed::units) else {
            continue;
        };
        match known {
            Some(known) => judge(&mut outcome, known, since, moved, balance, place),
            None => outcome.opening = Some(balance - since),
        }
        (known, since, moved) = (Some(balance), 0, false);
    }
    if last_has_balance {
        outcome.closing = known;
    }
    if let (Some(known), Some(after)) = (known, facts.after) {
        judge(&mut outcome, known, since, moved, after.units(), 0);
    }
    outcome
}

/// Writes down what was decided.
fn decision(
    facts: &Facts<'_>,
    order: RowOrder,
    steps: &[Step],
    reading: Reading,
    seen: Seen,
) -> Decision {
    let mut amounts = vec![Signed::ZERO; facts.lines.len()];
    let outcome = walk(facts, steps, reading, |at, amount| {
        if let (Some(slot), Some(amount)) = (amounts.get_mut(at), Signed::from_units(amount)) {
            *slot = amount;
        }
    });
    let sequence = steps.iter().filter_map(|step| match step {
        Step::Line(at) => Some(*at),
        Step::Balance(_) => None,
    });
    let proven = outcome.links > 0 && outcome.breaks == 0;
    // Where some amounts have a minus, one without it is no question.
    let meaning = match (
        reading.side,
        reading.plain,
        seen.plain.is_some() && seen.minus == 0,
    ) {
        (Side::Turned, ..) => "signs are turned: what the file shows as money in is money out",
        (Side::Own, Plain::Out, true) => "an amount without a mark is money out",
        (Side::Own, Plain::In, true) => "an amount without a mark is money in",
        (Side::Own, Plain::ByBalance, true) => {
            "amounts have no marks, and each balance tells whether money came in or went out"
        }
        (Side::Own, _, false) => "signs, columns and marks mean what they say",
    };
    let said = match (proven, facts.rule.is_some()) {
        (true, _) => format!("{meaning}: {} balances prove it", outcome.links),
        (false, true) => format!("{meaning}: the profile says it"),
        (false, false) => format!("{meaning}: no balance proves it"),
    };
    let assumed = !proven
        && facts.rule.is_none()
        && (seen.plain.is_some() && seen.minus == 0 || seen.has_minus());
    let uncovered = outcome
        .uncovered
        .filter(|_| proven && facts.rule.is_none() && seen.plain().is_none());
    Decision {
        order,
        outcome,
        sequence: sequence.collect(),
        amounts,
        said,
        assumed,
        uncovered,
        reading,
    }
}

impl Decision {
    /// Reads the amount of a row that is no line, such as a pending one, as the lines are read.
    pub(super) fn read(&self, stated: Signed, source: Source) -> Option<Signed> {
        Signed::from_units(self.reading.amount(stated.units(), source))
    }
}
