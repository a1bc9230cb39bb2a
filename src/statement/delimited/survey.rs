//! The first pass over the table: what the cells prove about the decimal mark, the order of dates and
//! the marks of direction.

use crate::tabular::{DecimalMark, Record, Rows};
use std::collections::BTreeMap;

use super::{
    super::{date_numbers, error::StatementError, profile::StatementProfile},
    dates::DateEvidence,
    header::TableLayout,
    money::{DirectionWords, MarkProof, is_none, proof, written},
};
use crate::domain::{bad_line::BadLine, currency::Currency};

/// What the cells of a file prove.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) dates: DateEvidence,
    /// How many rows begin with a date.
    pub(super) dated: usize,
    dot: Option<CellPlace>,
    comma: Option<CellPlace>,
    open: Option<CellPlace>,
    /// The currency that signs next to the amounts name, as long as it is one.
    pub(super) currency: Option<Currency>,
    /// The line of a sign that names another currency.
    pub(super) currencies_differ: Option<u64>,
    /// The columns without a heading and the column of types: whether every cell marks a direction.
    marks: BTreeMap<usize, ColumnMarks>,
    /// Whether the column of the value date has currencies: `Valuta` means either.
    pub(super) valuta_is_currency: bool,
}

#[derive(Clone, Copy, Debug)]
struct CellPlace {
    line: u64,
    column: usize,
}

/// What is in a column without a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnMarks {
    /// Marks of direction, and nothing else.
    Only,
    /// Other texts too.
    Others,
}

impl Survey {
    /// Reads every record of the table.
    pub(super) fn of(
        mut rows: Rows<'_>,
        layout: &TableLayout,
        profile: Option<&StatementProfile>,
        words: DirectionWords<'_>,
    ) -> Self {
        let mut survey = Self::default();
        let mut record = Record::default();
        let money = [layout.amount, layout.debit, layout.credit, layout.balance];
        let format = profile.and_then(|profile| profile.date_format.as_ref());
        let mut first_value_date = true;
        while rows.next(&mut record) {
            for column in money.into_iter().flatten() {
                survey.note_money(
                    record.cell(column),
                    CellPlace {
                        line: record.line,
                        column,
                    },
                    words,
                );
            }
            let dated = record.maybe(layout.date);
            if !(format.is_some() || date_numbers::numbers(dated).is_some()) {
                continue;
            }
            survey.dated += 1;
            for column in [layout.date, layout.value_date].into_iter().flatten() {
                if format.is_none()
                    && let Some(numbers) = date_numbers::numbers(record.cell(column))
                {
                    survey.dates.note(numbers, record.line, column);
                }
            }
            let value_date = record.maybe(layout.value_date);
            if first_value_date && !value_date.is_empty() {
                first_value_date = false;
                survey.valuta_is_currency =
                    value_date.len() == 3 && Currency::parse(value_date).is_ok();
            }
            survey.note_marks(&record, layout, words);
        }
        survey
    }

    /// Notes what a cell proves that may be an amount.
    fn note_money(&mut self, cell: &str, place: CellPlace, words: DirectionWords<'_>) {
        if is_none(cell) {
            return;
        }
        let Some(written) = written(cell, words) else {
            return;
        };
        match proof(written.figure) {
            MarkProof::Mark(DecimalMark::Point) => self.dot = self.dot.or(Some(place)),
            MarkProof::Mark(DecimalMark::Comma) => self.comma = self.comma.or(Some(place)),
            MarkProof::Open => self.open = self.open.or(Some(place)),
            MarkProof::Whole | MarkProof::Malformed => {}
        }
        match (self.currency, written.currency) {
            (None, Some(_)) => self.currency = written.currency,
            (Some(known), Some(other)) if known != other => {
                self.currencies_differ = self.currencies_differ.or(Some(place.line));
            }
            (_, _) => {}
        }
    }

    /// Notes what a balance above the table proves about the decimal mark, if the table proves
    /// nothing.
    pub(super) fn note_above(&mut self, cell: &str, words: DirectionWords<'_>) {
        if self.dot.is_none() && self.comma.is_none() {
            self.note_money(cell, CellPlace { line: 0, column: 0 }, words);
        }
    }

    fn note_marks(&mut self, record: &Record<'_>, layout: &TableLayout, words: DirectionWords<'_>) {
        let unnamed = |at: &usize| {
            layout.line.is_some() && layout.names.get(*at).is_none_or(String::is_empty)
        };
        for column in (0..record.len()).filter(unnamed).chain(layout.kind) {
            let cell = record.cell(column);
            if cell.is_empty() {
                continue;
            }
            let marks = self.marks.entry(column).or_insert(ColumnMarks::Only);
            if words.direction(cell).is_none() {
                *marks = ColumnMarks::Others;
            }
        }
    }

    /// Gives every column that has only marks of direction to the amount or the balance on its left.
    pub(super) fn complete(&self, layout: &mut TableLayout) {
        if self.valuta_is_currency && layout.currency_column.is_none() {
            layout.currency_column = layout.value_date.take();
        }
        for (column, _) in self
            .marks
            .iter()
            .filter(|(_, marks)| **marks == ColumnMarks::Only)
        {
            if Some(*column) == layout.kind {
                layout.direction = layout.direction.or(layout.kind);
                continue;
            }
            let money = [layout.amount, layout.debit, layout.credit, layout.balance]
                .into_iter()
                .flatten();
            let owner = money.filter(|money| money < column).max();
            if owner.is_some() && owner == layout.balance {
                layout.balance_direction = Some(*column);
            } else if owner.is_some() && owner == layout.amount {
                layout.direction = layout.direction.or(Some(*column));
            }
        }
    }

    /// Decides the decimal mark, and says what proves it.
    ///
    /// # Errors
    /// [`StatementError::BadLines`] with both lines if two amounts contradict each other;
    /// [`StatementError::Undecided`] if no amount proves the mark and one needs it.
    pub(super) fn mark(
        &self,
        layout: &TableLayout,
        profile: Option<&StatementProfile>,
    ) -> Result<(DecimalMark, String), StatementError> {
        if let Some(mark) = profile.and_then(|profile| profile.decimal_mark) {
            return Ok((
                mark,
                format!(
                    "the decimal mark is `{}`, as the profile says",
                    mark.character()
                ),
            ));
        }
        let proven = |mark: DecimalMark, place: CellPlace| {
            let place = if place.line == 0 {
                "a balance above the table".to_owned()
            } else {
                format!("line {}", place.line)
            };
            Ok((
                mark,
                format!(
                    "the decimal mark is `{}`: {place} proves it",
                    mark.character()
                ),
            ))
        };
        match (self.dot, self.comma, self.open) {
            (Some(dot), Some(comma), _) => {
                let bad = |(place, own): (CellPlace, char), (other, its): (CellPlace, char)| {
                    BadLine {
                        code: None,
                        line: place.line,
                        column: (place.line > 0).then(|| layout.name(place.column)),
                        reason: format!(
                            "the decimal mark of this amount is `{own}`, and in line {} it is `{its}`",
                            other.line
                        ),
                    }
                };
                Err(StatementError::BadLines {
                    lines: vec![bad((dot, '.'), (comma, ',')), bad((comma, ','), (dot, '.'))],
                })
            }
            (Some(place), None, _) => proven(DecimalMark::Point, place),
            (None, Some(place), _) => proven(DecimalMark::Comma, place),
            (None, None, Some(place)) => Err(StatementError::Undecided {
                line: Some(place.line),
                detail: format!(
                    "{}: no amount of the file shows whether its mark divides decimals or thousands; use a profile with `decimal_mark`",
                    layout.name(place.column)
                ),
            }),
            (None, None, None) => Ok((
                DecimalMark::Point,
                "no amount has a decimal mark".to_owned(),
            )),
        }
    }
}
