//! Delimited text: finds the header by its words, proves how cells are to be read, and reads the
//! lines.

mod cells;
mod dates;
mod header;
mod money;
mod preamble;
#[cfg(test)]
mod property;
mod rows;
mod signs;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashSet;

use super::{Options, Parsed, Profile, Unreadable};
use crate::domain::{
    bad_line::of_a_statement,
    signed::Signed,
    statement::{Balance, FindingKind, Statement, StatementFinding, StatementLine},
};
use dates::{Found as OrderFound, Order};
use header::Layout;
use money::Words;
use preamble::Notes;
use signs::{Decision, Facts, RowOrder};
use survey::Survey;
use table::{BalanceRow, How, Step, Table, Which};

pub(super) use dates::{Shape, full_year, is_time, month_name};

/// Reads a statement that is delimited text.
///
/// # Errors
/// [`Unreadable`], with every line that cannot be read.
pub(super) fn read(text: &str, options: &Options<'_>) -> Result<Parsed, Unreadable> {
    let profile = options.profile;
    let words = Words {
        credit: profile.map_or(&[], |profile| &profile.credit_words),
        debit: profile.map_or(&[], |profile| &profile.debit_words),
    };
    let header::Found {
        mut layout,
        above,
        body,
    } = header::find(text, profile)?;
    let mut parsed = Parsed::default();
    parsed
        .proofs
        .push(place_of_header(&layout, body.delimiter()));
    let mut notes = Notes::default();
    notes.read(&above);
    let mut survey = Survey::of(body, &layout, profile, words);
    for balance in notes.balances() {
        survey.note_above(balance, words);
    }
    survey.complete(&mut layout);
    let order = order(&survey, &layout, profile, &mut parsed)?;
    let (mark, proof) = survey.mark(&layout, profile)?;
    parsed.proofs.push(proof);
    let format = profile.and_then(|profile| profile.date_format.as_ref());
    let how = How {
        mark,
        dates: dates::Reader {
            order,
            format,
            today: options.today,
        },
        words,
        skip_words: profile.map_or(&[], |profile| &profile.skip_words),
        continuation: profile
            .map(|profile| profile.continuation)
            .unwrap_or_default(),
    };
    let mut table = table::read(body, &layout, how, survey.dated, of_a_statement(text));
    if !table.bad.is_empty() {
        return Err(Unreadable::BadLines {
            lines: std::mem::take(&mut table.bad),
        });
    }
    notes.read(&table.below);
    if let Some(line) = survey.currencies_differ {
        return Err(Unreadable::Undecided {
            line: Some(line),
            detail: "the amounts name two currencies; split the file".to_owned(),
        });
    }
    let around = Around {
        notes,
        layout: &layout,
        survey: &survey,
        profile,
        how,
    };
    let statement = assemble(table, &around, &mut parsed)?;
    parsed.statements.push(statement);
    Ok(parsed)
}

/// What is known beside the table.
struct Around<'a> {
    notes: Notes,
    layout: &'a Layout,
    survey: &'a Survey,
    profile: Option<&'a Profile>,
    how: How<'a>,
}

fn place_of_header(layout: &Layout, delimiter: u8) -> String {
    let delimiter = if delimiter == b'\t' {
        "a tab".to_owned()
    } else {
        format!("`{}`", char::from(delimiter))
    };
    match layout.line {
        Some(line) => {
            format!("the header stands in line {line}, and {delimiter} divides its cells")
        }
        None => format!("there is no header, and {delimiter} divides the cells"),
    }
}

/// Decides the order of day and month, and says it where the file does not prove it.
fn order(
    survey: &Survey,
    layout: &Layout,
    profile: Option<&Profile>,
    parsed: &mut Parsed,
) -> Result<Order, Unreadable> {
    if let Some(format) = profile.and_then(|profile| profile.date_format.as_ref()) {
        parsed.proofs.push(format!(
            "dates are written {}: the profile says it",
            format.as_str()
        ));
        return Ok(Order::Day);
    }
    match survey.dates.decide(|column| layout.name(column))? {
        OrderFound::Proven(order, line) => {
            let first = match order {
                Order::Day => "day",
                Order::Month => "month",
                Order::Year => "year",
            };
            parsed.proofs.push(format!(
                "dates have the {first} first: line {line} proves it"
            ));
            Ok(order)
        }
        OrderFound::Needless => Ok(Order::Day),
        OrderFound::Unproven => {
            let (order, said) = match profile.and_then(|profile| profile.day_first) {
                Some(true) => (
                    Order::Day,
                    "dates are read with the day first: the profile says it, the file does not prove it",
                ),
                Some(false) => (
                    Order::Month,
                    "dates are read with the month first: the profile says it, the file does not prove it",
                ),
                None => (
                    Order::Day,
                    "dates are read with the day first: no date of the file proves its order",
                ),
            };
            parsed.decisions.push(said.to_owned());
            Ok(order)
        }
    }
}

/// Makes the statement of what the table and the rows around it say.
fn assemble(
    mut table: Table,
    around: &Around<'_>,
    parsed: &mut Parsed,
) -> Result<Statement, Unreadable> {
    let (opening, closing) = (
        named(&mut table, Which::Opening),
        named(&mut table, Which::Closing),
    );
    let (mark, words) = (around.how.mark, around.how.words);
    let noted = |text: Option<&str>| preamble::amount(text, mark, words);
    let before = opening
        .map(|row| row.amount)
        .or_else(|| noted(around.notes.opening.as_deref()));
    let has_balances = table.lines.iter().any(|line| line.balance.is_some());
    let stated_after = closing
        .map(|row| row.amount)
        .or_else(|| noted(around.notes.closing.as_deref()));
    // The balance of the day of the export is that after the last line only where no better one is
    // named.
    let current = if has_balances {
        None
    } else {
        noted(around.notes.current())
    };
    let after = stated_after.or(current);
    if table.lines.is_empty() && before.is_none() && after.is_none() && table.balances.is_empty() {
        let place = around.layout.line.map_or(String::new(), |line| {
            format!(" below the header in line {line}")
        });
        return Err(Unreadable::Empty {
            detail: format!("no row{place} has a date and an amount"),
        });
    }
    let facts = Facts {
        lines: &table.lines,
        sources: &table.sources,
        steps: &table.steps,
        balances: &table.balances,
        before,
        after,
        rule: around.profile.and_then(|profile| profile.sign),
    };
    let decision = signs::decide(&facts).map_err(|line| Unreadable::Undecided {
        line: Some(line),
        detail: "neither signs nor balances show whether an amount came in or went out; give a profile with sign".to_owned(),
    })?;
    let said = if decision.assumed {
        &mut parsed.decisions
    } else {
        &mut parsed.proofs
    };
    said.push(decision.said.clone());
    if let Some(line) = decision.uncovered {
        let said = format!(
            "the amount in line {line} is money in, as those after it: no balance stands before it"
        );
        parsed.decisions.push(said);
    }
    let with_date = |row: Option<BalanceRow>, amount: Signed| Balance {
        amount,
        date: row.and_then(|row| row.date),
    };
    let outcome = decision.outcome;
    let last = decision
        .sequence
        .last()
        .and_then(|at| table.lines.get(*at))
        .map(|line| line.booking_date);
    let derived_opening = outcome
        .opening
        .filter(|_| before.is_none())
        .and_then(Signed::from_units);
    let derived_closing = outcome
        .closing
        .filter(|_| stated_after.is_none())
        .and_then(Signed::from_units);
    let mut statement = Statement {
        account: table
            .account
            .take()
            .or_else(|| around.notes.account.clone()),
        currency: currency(&table, around),
        opening: before
            .or(derived_opening)
            .map(|amount| with_date(opening, amount)),
        closing: match (stated_after, derived_closing) {
            (Some(amount), _) => Some(with_date(closing, amount)),
            (None, Some(amount)) => Some(Balance { amount, date: last }),
            (None, None) => current.map(|amount| Balance { amount, date: None }),
        },
        period: around.notes.period(&around.how.dates),
        running_balance_proven: outcome.links > 0
            && outcome.breaks == 0
            && table.lines.iter().all(|line| line.balance.is_some()),
        ..Statement::default()
    };
    finish(table, &decision, &mut statement);
    judge(&decision, around, &mut statement);
    Ok(statement)
}

/// Takes the one row that names the balance before the first line, or after the last, out of the
/// table, where it stands at either end: that holds whatever the order of the lines. Those of pages
/// stay what they are, balances between lines.
fn named(table: &mut Table, which: Which) -> Option<BalanceRow> {
    let mut found = table
        .balances
        .iter()
        .enumerate()
        .filter(|(_, row)| row.which == which);
    let (at, row) = found.next().map(|(at, row)| (at, *row))?;
    if found.next().is_some() {
        return None;
    }
    let step = Step::Balance(at);
    if table.steps.first() != Some(&step) && table.steps.last() != Some(&step) {
        return None;
    }
    table.steps.retain(|known| *known != step);
    Some(row)
}

/// Finds the currency: a column's, a heading's, a label's, a sign's, the profile's.
fn currency(table: &Table, around: &Around<'_>) -> Option<crate::domain::currency::Currency> {
    let named = table
        .currency
        .or(around.layout.currency)
        .or(around.notes.currency)
        .or(around.survey.currency);
    named.or_else(|| around.profile.and_then(|profile| profile.currency))
}

/// Gives the lines their amounts and their order.
fn finish(table: Table, decision: &Decision, statement: &mut Statement) {
    let Table {
        mut lines,
        skipped,
        skipped_sources,
        ..
    } = table;
    for (line, amount) in lines.iter_mut().zip(&decision.amounts) {
        line.amount = *amount;
    }
    unique_ids(&mut lines);
    match decision.order {
        RowOrder::OldestFirst => {}
        RowOrder::NewestFirst => lines.reverse(),
        RowOrder::OldestDayFirstRowsTurned | RowOrder::NewestDayFirstRowsTurned => {
            let mut taken: Vec<Option<StatementLine>> = lines.into_iter().map(Some).collect();
            lines = decision
                .sequence
                .iter()
                .filter_map(|at| taken.get_mut(*at)?.take())
                .collect();
        }
    }
    if !statement.running_balance_proven {
        lines.sort_by_key(|line| line.booking_date);
    }
    statement.lines = lines;
    statement.skipped = skipped;
    for (row, source) in statement.skipped.iter_mut().zip(skipped_sources) {
        row.amount = row.amount.and_then(|amount| decision.read(amount, source));
    }
}

/// Keeps the bank's ids that are unique. A reference is never taken for an id, however unique it is
/// in one file: a batch may share it, and its other lines may stand in the next file.
fn unique_ids(lines: &mut [StatementLine]) {
    let mut seen = HashSet::new();
    let mut twice = HashSet::new();
    for id in lines.iter().filter_map(|line| line.bank_id.as_deref()) {
        if !seen.insert(id) {
            twice.insert(id.to_owned());
        }
    }
    for line in lines
        .iter_mut()
        .filter(|line| line.bank_id.as_ref().is_some_and(|id| twice.contains(id)))
    {
        line.bank_id = None;
    }
}

/// Says where balances and sums do not add up.
fn judge(decision: &Decision, around: &Around<'_>, statement: &mut Statement) {
    let outcome = decision.outcome;
    let sums = statement.sums();
    if let (Some(opening), Some(closing), Some((debits, credits))) =
        (statement.opening, statement.closing, sums)
    {
        let expected = opening
            .amount
            .checked_add(credits)
            .and_then(|sum| sum.checked_sub(debits));
        statement.balance_ok = expected.map(|expected| expected == closing.amount);
    }
    if let Some((place, first)) = outcome.first_break {
        let total = Signed::from_units(outcome.difference).filter(|total| !total.is_zero());
        let first = Signed::from_units(first).unwrap_or_default();
        let place = (place > 0).then_some(place);
        let count = if outcome.breaks == 1 {
            "one balance does".to_owned()
        } else {
            format!("{} balances do", outcome.breaks)
        };
        let at = place.map_or_else(
            || "at the closing balance".to_owned(),
            |place| format!("first in line {place}"),
        );
        statement.findings.push(StatementFinding {
            kind: FindingKind::BalanceBreak,
            difference: Some(total.unwrap_or(first)),
            line: place,
            detail: format!(
                "{count} not follow from the lines, {at} by {}; all in all by {}",
                first.plain(2),
                total.unwrap_or_default().plain(2)
            ),
        });
    }
    let Some((debits, credits)) = sums else {
        return;
    };
    let stated = [
        ("debits", &around.notes.total_debit, debits),
        ("credits", &around.notes.total_credit, credits),
    ];
    for (name, text, sum) in stated {
        let Some(total) = preamble::amount(text.as_deref(), around.how.mark, around.how.words)
        else {
            continue;
        };
        let difference = total.magnitude().units() - sum.units();
        if difference != 0 {
            let mut finding = StatementFinding::new(
                FindingKind::Summary,
                format!("the file states another sum of {name} than its lines have"),
            );
            finding.difference = Signed::from_units(difference);
            statement.findings.push(finding);
        }
    }
}
