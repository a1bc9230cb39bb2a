//! Delimited text: finds the header by its words, proves how to read the cells, and reads the lines.

mod accounts;
mod assemble;
mod cell_reader;
mod cells;
mod column_roles;
mod dates;
mod header;
mod labels;
mod money;
mod preamble;
#[cfg(test)]
mod property;
mod signs;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use self::{
    assemble::{TableContext, assemble},
    cell_reader::CellRules,
    dates::{DateOrder, DateReader, OrderProof},
    header::{Header, TableLayout},
    money::DirectionWords,
    preamble::TableNotes,
    survey::Survey,
    table::Counts,
};
use super::{
    common,
    content::FileContent,
    error::StatementError,
    options::{ReadOptions, TableKind},
    profile::StatementProfile,
};
use crate::domain::bad_line::of_a_statement;

/// Reads a statement that is delimited text.
///
/// # Errors
/// [`StatementError`] with every line that cannot be read, or if the file does not prove how to read
/// it.
pub(super) fn read(
    text: &str,
    options: &ReadOptions<'_>,
    kind: TableKind,
) -> Result<FileContent, StatementError> {
    let profile = options.profile;
    let words = DirectionWords {
        credit: profile.map_or(&[], |profile| &profile.credit_words),
        debit: profile.map_or(&[], |profile| &profile.debit_words),
    };
    let Header {
        mut layout,
        above,
        body,
    } = header::find(text, profile, kind)?;
    if let Some(parts) = accounts::split(text, body, layout.account) {
        return of_accounts(&parts, options, kind);
    }
    let mut content = FileContent::default();
    let place = place_of_header(&layout, body.delimiter(), kind);
    content.proofs.push(place);
    let mut notes = TableNotes::default();
    notes.read(&above);
    let mut survey = Survey::of(body, &layout, profile, words);
    for balance in notes.balances() {
        survey.note_above(balance, words);
    }
    survey.complete(&mut layout);
    let rules = rules(&survey, &layout, options, words, &mut content)?;
    let counts = Counts {
        lines: survey.dated,
        bad_lines: of_a_statement(text),
    };
    let table = table::read(body, &layout, rules, counts);
    if !table.bad.is_empty() {
        return Err(StatementError::BadLines { lines: table.bad });
    }
    notes.read(&table.below);
    if let Some(line) = survey.currencies_differ {
        return Err(StatementError::Undecided {
            line: Some(line),
            detail: "the amounts name two currencies; split the file".to_owned(),
        });
    }
    let context = TableContext {
        notes,
        layout: &layout,
        survey: &survey,
        profile,
        rules,
    };
    let statement = assemble(table, &context, &mut content)?;
    content.statements.push(statement);
    common::keep_unique_ids(&mut content.statements);
    Ok(content)
}

/// Reads a statement of each account of a table.
fn of_accounts(
    parts: &[String],
    options: &ReadOptions<'_>,
    kind: TableKind,
) -> Result<FileContent, StatementError> {
    let mut content = FileContent::default();
    for part in parts {
        let one = read(part, options, kind)?;
        content.statements.extend(one.statements);
        for (all, more) in [
            (&mut content.decisions, one.decisions),
            (&mut content.proofs, one.proofs),
        ] {
            for words in more {
                if !all.contains(&words) {
                    all.push(words);
                }
            }
        }
    }
    common::keep_unique_ids(&mut content.statements);
    Ok(content)
}

/// Decides how cells are read.
fn rules<'a>(
    survey: &Survey,
    layout: &TableLayout,
    options: &ReadOptions<'a>,
    words: DirectionWords<'a>,
    content: &mut FileContent,
) -> Result<CellRules<'a>, StatementError> {
    let profile = options.profile;
    let order = order(survey, layout, profile, content)?;
    let (mark, proof) = survey.mark(layout, profile)?;
    content.proofs.push(proof);
    Ok(CellRules {
        mark,
        dates: DateReader {
            order,
            format: profile.and_then(|profile| profile.date_format.as_ref()),
            today: options.today,
        },
        words,
        skip_words: profile.map_or(&[], |profile| &profile.skip_words),
        continuation: profile
            .map(|profile| profile.continuation)
            .unwrap_or_default(),
    })
}

fn place_of_header(layout: &TableLayout, delimiter: u8, kind: TableKind) -> String {
    if kind == TableKind::Sheet {
        return match layout.line {
            Some(line) => format!("the header is in row {line}"),
            None => "there is no header".to_owned(),
        };
    }
    let delimiter = if delimiter == b'\t' {
        "a tab".to_owned()
    } else {
        format!("`{}`", char::from(delimiter))
    };
    match layout.line {
        Some(line) => {
            format!("the header is in line {line}, and {delimiter} separates its cells")
        }
        None => format!("there is no header, and {delimiter} separates the cells"),
    }
}

/// Decides the order of day and month, and adds what it rests on to the content.
fn order(
    survey: &Survey,
    layout: &TableLayout,
    profile: Option<&StatementProfile>,
    content: &mut FileContent,
) -> Result<DateOrder, StatementError> {
    if let Some(format) = profile.and_then(|profile| profile.date_format.as_ref()) {
        content.proofs.push(format!(
            "dates are written {}, as the profile says",
            format.as_str()
        ));
        return Ok(DateOrder::Day);
    }
    match survey.dates.decide(|column| layout.name(column))? {
        OrderProof::Proven(order, line) => {
            let first = match order {
                DateOrder::Day => "day",
                DateOrder::Month => "month",
                DateOrder::Year => "year",
            };
            content.proofs.push(format!(
                "dates have the {first} first: line {line} proves it"
            ));
            Ok(order)
        }
        OrderProof::Needless => Ok(DateOrder::Day),
        OrderProof::Unproven => {
            let (order, decision) = match profile.and_then(|profile| profile.day_first) {
                Some(true) => (
                    DateOrder::Day,
                    "dates are read with the day first, as the profile says; the file does not prove it",
                ),
                Some(false) => (
                    DateOrder::Month,
                    "dates are read with the month first, as the profile says; the file does not prove it",
                ),
                None => (
                    DateOrder::Day,
                    "dates are read with the day first; no date of the file proves the order",
                ),
            };
            content.decisions.push(decision.to_owned());
            Ok(order)
        }
    }
}
