//! Delimited text: finds the header by its words, proves how to read the cells, and reads the lines.

mod accounts;
mod assemble;
mod cell_reader;
mod cells;
mod column_roles;
mod dates;
mod header;
mod labels;
mod left_out;
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
    money::{DirectionWords, value, written},
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
use crate::{
    domain::{
        bad_line::{BadLine, of_a_statement},
        statement::Statement,
    },
    tabular::{DecimalMark, Record, Rows},
};

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
    let Header { body, .. } = header::find(text, options.profile, kind)?;
    let Some(left) = left_out::left_out(text, body, options.profile) else {
        return read_table(text, options, kind);
    };
    let mut content = read_table(&left.text, options, kind)?;
    content.decisions.insert(0, left.decision);
    Ok(content)
}

/// Reads a statement of which every row counts.
fn read_table(
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
    let proof = order_proof(&survey, &layout, profile)?;
    let (mark, mark_proof) = survey.mark(&layout, profile)?;
    if let Some(line) = survey.currencies_differ {
        return Err(StatementError::Undecided {
            line: Some(line),
            detail: "the amounts name two currencies; split the file".to_owned(),
        });
    }
    let surveyed = Surveyed {
        layout,
        survey,
        body,
        notes,
        mark,
        words,
        bad_lines: of_a_statement(text),
    };
    let statement = match proof {
        OrderProof::Unproven if profile.is_none_or(|profile| profile.day_first.is_none()) => {
            surveyed.by_balances(options, mark_proof, &mut content)?
        }
        OrderProof::Proven(..) | OrderProof::Needless | OrderProof::Unproven => {
            say_order(&proof, profile, &mut content);
            content.proofs.push(mark_proof);
            surveyed.statement(proof.order(profile), options, &mut content)?
        }
    };
    content.statements.push(statement);
    common::keep_unique_ids(&mut content.statements);
    Ok(content)
}

/// What is known of a table before its dates are read.
struct Surveyed<'t, 'o> {
    layout: TableLayout,
    survey: Survey,
    body: Rows<'t>,
    notes: TableNotes,
    mark: DecimalMark,
    words: DirectionWords<'o>,
    bad_lines: usize,
}

impl Surveyed<'_, '_> {
    /// Reads the statement with an order of day and month.
    fn statement(
        &self,
        order: DateOrder,
        options: &ReadOptions<'_>,
        content: &mut FileContent,
    ) -> Result<Statement, StatementError> {
        let profile = options.profile;
        let rules = CellRules {
            mark: self.mark,
            dates: DateReader {
                order,
                format: profile.and_then(|profile| profile.date_format.as_ref()),
                today: options.today,
            },
            words: self.words,
            skip_words: profile.map_or(&[], |profile| &profile.skip_words),
            continuation: profile
                .map(|profile| profile.continuation)
                .unwrap_or_default(),
        };
        let counts = Counts {
            lines: self.survey.dated,
            bad_lines: self.bad_lines,
        };
        let mut table = table::read(self.body, &self.layout, rules, counts);
        let bad = std::mem::take(&mut table.bad);
        let last = table.lines.last().map_or(0, |line| line.place);
        if bad.iter().any(|bad| bad.line <= last) || last == 0 && !bad.is_empty() {
            return Err(StatementError::BadLines { lines: bad });
        }
        let mut notes = self.notes.clone();
        notes.read(&table.below);
        let context = TableContext {
            notes,
            layout: &self.layout,
            survey: &self.survey,
            profile,
            rules,
        };
        let statement = assemble(table, &context, content);
        let Some(first) = bad.first() else {
            return statement;
        };
        match statement {
            Ok(statement) if self.ends_at(&statement, &bad) => {
                content.decisions.push(format!(
                    "the rows from line {} on are a summary: the balances prove that the lines above it are complete",
                    first.line
                ));
                Ok(statement)
            }
            Ok(_) | Err(_) => Err(StatementError::BadLines { lines: bad }),
        }
    }

    /// Returns whether bad rows at the end are a summary: the balances of all lines above hold, one of
    /// the rows states the last of them, and none has another in the column of balances.
    fn ends_at(&self, statement: &Statement, bad: &[BadLine]) -> bool {
        let Some(closing) = statement
            .closing
            .filter(|_| statement.running_balance_proven)
        else {
            return false;
        };
        let amount = |cell: &str| {
            let written = written(cell, self.words).filter(|written| !written.negative)?;
            value(written.figure, self.mark).ok()
        };
        let (mut rows, mut record, mut is_stated) = (self.body, Record::default(), false);
        while rows.next(&mut record) {
            if !bad.iter().any(|bad| bad.line == record.line) {
                continue;
            }
            let balance = amount(record.maybe(self.layout.balance));
            if balance.is_some_and(|balance| balance != closing.amount) {
                return false;
            }
            is_stated |= record
                .cells()
                .any(|cell| amount(cell) == Some(closing.amount));
        }
        is_stated
    }

    /// Reads a statement whose dates do not prove their order: the balances may.
    fn by_balances(
        &self,
        options: &ReadOptions<'_>,
        mark_proof: String,
        content: &mut FileContent,
    ) -> Result<Statement, StatementError> {
        let read = |order| {
            let mut content = FileContent::default();
            let statement = self.statement(order, options, &mut content);
            (statement, content)
        };
        let (by_day, of_day) = read(DateOrder::Day);
        let (by_month, of_month) = read(DateOrder::Month);
        let holds = |statement: &Result<Statement, StatementError>| {
            statement
                .as_ref()
                .is_ok_and(|statement| statement.running_balance_proven)
        };
        let (statement, read, first) = match (holds(&by_day), holds(&by_month)) {
            (true, false) => (by_day, of_day, Some("day")),
            (false, true) => (by_month, of_month, Some("month")),
            (_, _) => (by_day, of_day, None),
        };
        match first {
            Some(first) => content.proofs.push(format!(
                "dates have the {first} first: the balances hold only in this order"
            )),
            None => say_order(&OrderProof::Unproven, None, content),
        }
        content.proofs.push(mark_proof);
        content.proofs.extend(read.proofs);
        content.decisions.extend(read.decisions);
        statement
    }
}

/// Reads a statement of each account of a table.
fn of_accounts(
    parts: &[String],
    options: &ReadOptions<'_>,
    kind: TableKind,
) -> Result<FileContent, StatementError> {
    let mut content = FileContent::default();
    for part in parts {
        let one = read_table(part, options, kind)?;
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

/// Returns what proves the order of day and month.
fn order_proof(
    survey: &Survey,
    layout: &TableLayout,
    profile: Option<&StatementProfile>,
) -> Result<OrderProof, StatementError> {
    if profile.is_some_and(|profile| profile.date_format.is_some()) {
        return Ok(OrderProof::Needless);
    }
    survey.dates.decide(|column| layout.name(column))
}

/// Says which of day and month comes first, and what that rests on.
fn say_order(proof: &OrderProof, profile: Option<&StatementProfile>, content: &mut FileContent) {
    if let Some(format) = profile.and_then(|profile| profile.date_format.as_ref()) {
        content.proofs.push(format!(
            "dates are written {}, as the profile says",
            format.as_str()
        ));
        return;
    }
    match proof {
        OrderProof::Proven(order, line) => {
            let first = match order {
                DateOrder::Day => "day",
                DateOrder::Month => "month",
                DateOrder::Year => "year",
            };
            content.proofs.push(format!(
                "dates have the {first} first: line {line} proves it"
            ));
        }
        OrderProof::Needless => {}
        OrderProof::Unproven => {
            let decision = match profile.and_then(|profile| profile.day_first) {
                Some(true) => {
                    "dates are read with the day first, as the profile says; the file does not prove it"
                }
                Some(false) => {
                    "dates are read with the month first, as the profile says; the file does not prove it"
                }
                None => "dates are read with the day first; no date of the file proves the order",
            };
            content.decisions.push(decision.to_owned());
        }
    }
}
