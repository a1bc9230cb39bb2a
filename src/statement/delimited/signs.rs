//! The meaning of the signs and the order of the lines: of the possible readings, the one in which the
//! balances of the file hold.

use std::borrow::Cow;

use super::{
    super::{content::FileContent, profile::SignRule},
    cells::AmountForm,
    table::TableRow,
    walk::{BalanceTrace, MinusMeaning, SignFacts, SignReading, UnmarkedMeaning, Viewpoint, walk},
};
use crate::domain::signed::Signed;

/// The order of the rows in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOrder {
    OldestFirst,
    NewestFirst,
    /// The days are in one order, and the rows of a day in the other.
    OldestDayFirstRowsTurned,
    NewestDayFirstRowsTurned,
    /// The rows are in no order of time, and the balances hold by date.
    ByDate,
}

/// What the signs mean, and what that rests on.
#[derive(Debug)]
enum SignMeaning {
    /// The file or the profile proves it.
    Proven(String),
    /// Nothing proves it.
    Assumed(String),
}

/// The meaning of the signs and the order of the lines.
#[derive(Debug)]
pub(super) struct SignDecision {
    pub(super) order: RowOrder,
    pub(super) trace: BalanceTrace,
    /// The amounts of the lines, in the order of the file.
    pub(super) amounts: Vec<Signed>,
    /// The positions of the lines, the oldest first.
    pub(super) sequence: Vec<usize>,
    meaning: SignMeaning,
    /// The line whose amount no balance covers, if no line has a mark.
    uncovered: Option<u64>,
    reading: SignReading,
}

/// How many lines have which marks.
#[derive(Clone, Copy, Debug, Default)]
struct MarkCounts {
    /// The first line with an amount without a mark.
    unmarked: Option<u64>,
    minus: usize,
    plus: usize,
    marked_in: usize,
    marked_out: usize,
    /// With a mark and a minus.
    marked_minus: usize,
    debit_minus: usize,
    debit_bare: usize,
    credit_minus: usize,
}

impl MarkCounts {
    fn of(facts: &SignFacts<'_>) -> Self {
        let mut marks = Self::default();
        for (line, form) in facts
            .lines
            .iter()
            .zip(facts.forms)
            .filter(|(line, _)| !line.amount.is_zero())
        {
            let negative = line.amount.is_negative();
            let counter = match form {
                AmountForm::Unmarked => {
                    marks.unmarked = marks.unmarked.or(Some(line.place));
                    continue;
                }
                AmountForm::Signed if negative => &mut marks.minus,
                AmountForm::Signed => &mut marks.plus,
                AmountForm::In => &mut marks.marked_in,
                AmountForm::Out => &mut marks.marked_out,
                AmountForm::Debit if negative => &mut marks.debit_minus,
                AmountForm::Debit => &mut marks.debit_bare,
                AmountForm::Credit if negative => &mut marks.credit_minus,
                AmountForm::Credit => continue,
            };
            *counter += 1;
            marks.marked_minus +=
                usize::from(negative && matches!(form, AmountForm::In | AmountForm::Out));
        }
        marks
    }

    /// Returns what an amount without a mark means, by the marks of the others. `None` if they do not
    /// show it.
    const fn unmarked_meaning(self) -> Option<UnmarkedMeaning> {
        match (
            self.minus + self.marked_out > 0,
            self.plus + self.marked_in > 0,
        ) {
            (true, false) => Some(UnmarkedMeaning::In),
            (false, true) => Some(UnmarkedMeaning::Out),
            // If there are plus and minus, an amount without one is positive. If there are marks for
            // both directions, it is open.
            (true, true) if self.minus > 0 && self.marked_out == 0 => Some(UnmarkedMeaning::In),
            (_, _) => None,
        }
    }

    /// Returns what a minus next to another mark usually means.
    const fn minus_meaning(self) -> MinusMeaning {
        let reverses = self.debit_minus > 0 && self.debit_bare > 0 || self.credit_minus > 0;
        if reverses {
            MinusMeaning::Reverses
        } else {
            MinusMeaning::Repeats
        }
    }

    /// Returns whether an amount has a minus and another mark.
    const fn has_minus(self) -> bool {
        self.debit_minus + self.credit_minus + self.marked_minus > 0
    }
}

/// Decides the meaning of the signs and the order of the lines.
///
/// # Errors
/// The line of an amount, if neither marks nor balances show whether it is money in or out.
pub(super) fn decide(facts: &SignFacts<'_>) -> Result<SignDecision, u64> {
    let marks = MarkCounts::of(facts);
    let readings = readings(facts.rule, marks);
    let usual = readings.first().copied().unwrap_or(SignReading {
        unmarked: UnmarkedMeaning::In,
        minus: MinusMeaning::Repeats,
        viewpoint: Viewpoint::Own,
    });
    let orders = orders(facts);
    let mut traces = Vec::new();
    for reading in &readings {
        for order in &orders {
            let rows = sequence(facts, *order);
            let trace = walk(facts, &rows, *reading, |_, _| {});
            // If no line has a mark, the oldest amount may differ from those that the balances
            // prove. All amounts may be money in, since a column of signed amounts can look so; that
            // all are money out is not likely.
            let covered = trace.uncovered.is_none()
                || marks.unmarked_meaning().is_some()
                || reading.unmarked == UnmarkedMeaning::In && reading.viewpoint == Viewpoint::Own;
            if trace.breaks == 0 && trace.links > 0 && trace.unsure.is_none() && covered {
                return Ok(decision(facts, *order, &rows, *reading, marks));
            }
            traces.push((*reading, *order, trace));
        }
    }
    if let (Some(line), None, None) = (marks.unmarked, marks.unmarked_meaning(), facts.rule) {
        return Err(line);
    }
    // The balances do not decide, so the usual reading counts, in the first order with the fewest
    // breaks.
    let usual_traces = traces.iter().filter(|(reading, ..)| *reading == usual);
    let order = usual_traces
        .min_by_key(|(_, _, trace)| trace.breaks)
        .map_or(RowOrder::OldestFirst, |(_, order, _)| *order);
    Ok(decision(
        facts,
        order,
        &sequence(facts, order),
        usual,
        marks,
    ))
}

/// Returns the readings that make a difference, the usual one first.
fn readings(rule: Option<SignRule>, marks: MarkCounts) -> Vec<SignReading> {
    let fixed = |unmarked, viewpoint| {
        vec![SignReading {
            unmarked,
            minus: marks.minus_meaning(),
            viewpoint,
        }]
    };
    match rule {
        Some(SignRule::AsIs | SignRule::UnsignedIsCredit) => {
            return fixed(UnmarkedMeaning::In, Viewpoint::Own);
        }
        Some(SignRule::Reversed) => return fixed(UnmarkedMeaning::In, Viewpoint::Reversed),
        Some(SignRule::UnsignedIsDebit) => return fixed(UnmarkedMeaning::Out, Viewpoint::Own),
        None => {}
    }
    let usual = marks.unmarked_meaning().unwrap_or(UnmarkedMeaning::In);
    let other = if usual == UnmarkedMeaning::In {
        UnmarkedMeaning::Out
    } else {
        UnmarkedMeaning::In
    };
    let meanings = match (marks.unmarked, marks.unmarked_meaning()) {
        (None, _) => vec![usual],
        (Some(_), Some(_)) => vec![usual, other],
        // The balances may show the direction of each line only if no line has a mark; otherwise
        // they would hide a wrong mark.
        (Some(_), None) => vec![usual, other, UnmarkedMeaning::ByBalance],
    };
    let other_minus = if marks.minus_meaning() == MinusMeaning::Reverses {
        MinusMeaning::Repeats
    } else {
        MinusMeaning::Reverses
    };
    let minuses = if marks.has_minus() {
        vec![marks.minus_meaning(), other_minus]
    } else {
        vec![marks.minus_meaning()]
    };
    let mut readings = Vec::new();
    for viewpoint in [Viewpoint::Own, Viewpoint::Reversed] {
        for unmarked in meanings.iter().filter(|unmarked| {
            viewpoint == Viewpoint::Own || **unmarked != UnmarkedMeaning::ByBalance
        }) {
            readings.extend(minuses.iter().map(|minus| SignReading {
                unmarked: *unmarked,
                minus: *minus,
                viewpoint,
            }));
        }
    }
    readings
}

/// Returns the orders that the dates allow, the most likely first.
fn orders(facts: &SignFacts<'_>) -> Vec<RowOrder> {
    let pairs = || facts.lines.iter().zip(facts.lines.iter().skip(1));
    let rising = pairs().any(|(first, second)| first.booking_date < second.booking_date);
    let falling = pairs().any(|(first, second)| first.booking_date > second.booking_date);
    let is_balance = |row: Option<&TableRow>| matches!(row, Some(TableRow::Balance(_)));
    let has_end_rows = is_balance(facts.rows.first()) || is_balance(facts.rows.last());
    match (rising, falling) {
        (true, false) if has_end_rows => vec![RowOrder::OldestFirst],
        (false, true) if has_end_rows => vec![RowOrder::NewestFirst],
        (true, false) => vec![RowOrder::OldestFirst, RowOrder::OldestDayFirstRowsTurned],
        (false, true) => vec![RowOrder::NewestFirst, RowOrder::NewestDayFirstRowsTurned],
        (false, false) => vec![RowOrder::OldestFirst, RowOrder::NewestFirst],
        (true, true) => vec![
            RowOrder::OldestFirst,
            RowOrder::NewestFirst,
            RowOrder::ByDate,
        ],
    }
}

/// Returns the rows in the order of time.
fn sequence<'a>(facts: &SignFacts<'a>, order: RowOrder) -> Cow<'a, [TableRow]> {
    if order == RowOrder::OldestFirst {
        return Cow::Borrowed(facts.rows);
    }
    let mut rows = facts.rows.to_vec();
    let day = |row: &TableRow| match row {
        TableRow::Line(at) => facts.lines.get(*at).map(|line| line.booking_date),
        TableRow::Balance(at) => facts.balances.get(*at).and_then(|row| row.date),
    };
    match order {
        RowOrder::OldestFirst => {}
        RowOrder::NewestFirst => rows.reverse(),
        RowOrder::OldestDayFirstRowsTurned => rows
            .chunk_by_mut(|a, b| day(a) == day(b))
            .for_each(<[TableRow]>::reverse),
        RowOrder::NewestDayFirstRowsTurned => {
            rows.chunk_by_mut(|a, b| day(a) == day(b))
                .for_each(<[TableRow]>::reverse);
            rows.reverse();
        }
        // A balance without a date stays at the end.
        RowOrder::ByDate => rows.sort_by_key(|row| (day(row).is_none(), day(row))),
    }
    Cow::Owned(rows)
}

/// Makes the decision for an order and a reading.
fn decision(
    facts: &SignFacts<'_>,
    order: RowOrder,
    rows: &[TableRow],
    reading: SignReading,
    marks: MarkCounts,
) -> SignDecision {
    let mut amounts = vec![Signed::ZERO; facts.lines.len()];
    let trace = walk(facts, rows, reading, |at, amount| {
        if let (Some(slot), Some(amount)) = (amounts.get_mut(at), Signed::from_units(amount)) {
            *slot = amount;
        }
    });
    let sequence = rows.iter().filter_map(|row| match row {
        TableRow::Line(at) => Some(*at),
        TableRow::Balance(_) => None,
    });
    let proven = trace.links > 0 && trace.breaks == 0;
    // If some amounts have a minus, an amount without one is clear.
    let is_unclear = marks.unmarked.is_some() && marks.minus == 0;
    let meaning = match (reading.viewpoint, reading.unmarked, is_unclear) {
        (Viewpoint::Reversed, ..) => {
            "signs are reversed: what the file shows as money in is money out"
        }
        (Viewpoint::Own, UnmarkedMeaning::Out, true) => "an amount without a mark is money out",
        (Viewpoint::Own, UnmarkedMeaning::In, true) => "an amount without a mark is money in",
        (Viewpoint::Own, UnmarkedMeaning::ByBalance, true) => {
            "amounts have no marks, and each balance shows whether money came in or went out"
        }
        (Viewpoint::Own, _, false) => "signs, columns and marks have their usual meaning",
    };
    let has_rule = facts.rule.is_some();
    let text = match (proven, has_rule) {
        (true, _) => format!("{meaning}: {} balances prove it", trace.links),
        (false, true) => format!("{meaning}: the profile says so"),
        (false, false) => format!("{meaning}: no balance proves it"),
    };
    let is_assumed = !proven && !has_rule && (is_unclear || marks.has_minus());
    let uncovered = trace
        .uncovered
        .filter(|_| proven && !has_rule && marks.unmarked_meaning().is_none());
    SignDecision {
        order,
        trace,
        sequence: sequence.collect(),
        amounts,
        meaning: if is_assumed {
            SignMeaning::Assumed(text)
        } else {
            SignMeaning::Proven(text)
        },
        uncovered,
        reading,
    }
}

impl SignDecision {
    /// Adds what the signs mean and what that rests on to the content of the file.
    pub(super) fn report(&self, content: &mut FileContent) {
        match &self.meaning {
            SignMeaning::Proven(text) => content.proofs.push(text.clone()),
            SignMeaning::Assumed(text) => content.decisions.push(text.clone()),
        }
        if let Some(line) = self.uncovered {
            content.decisions.push(format!(
                "the amount in line {line} is money in, like the amounts after it: there is no balance before it"
            ));
        }
    }

    /// Reads the amount of a row that is not a line, such as a pending one, as those of the lines.
    pub(super) fn read(&self, stated: Signed, form: AmountForm) -> Option<Signed> {
        Signed::from_units(self.reading.amount(stated.units(), form))
    }
}
