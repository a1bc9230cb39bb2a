//! The first pass over the table: what its cells prove about decimal mark, order of dates and marks
//! of direction.

use std::collections::BTreeMap;

use super::{
    super::{Mark, Profile, Unreadable},
    dates::{self, Evidence},
    header::Layout,
    money::{Proof, Words, is_none, proof, written},
    rows::{Record, Rows},
};
use crate::domain::{bad_line::BadLine, currency::Currency};

/// What the cells of a file prove.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) dates: Evidence,
    /// How many rows begin with a date.
    pub(super) dated: usize,
    dot: Option<Place>,
    comma: Option<Place>,
    open: Option<Place>,
    /// The currency that signs beside the amounts name, as long as it is one.
    pub(super) currency: Option<Currency>,
    /// The line of a sign that names another currency.
    pub(super) currencies_differ: Option<u64>,
    /// Columns without a heading, and the column of types: whether each cell in them marks a
    /// direction.
    marks: BTreeMap<usize, Marks>,
    /// The value date's column holds currencies: `Valuta` means either.
    pub(super) valuta_is_currency: bool,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    line: u64,
    column: usize,
}

/// What stands in a column without a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marks {
    /// Marks of direction, and nothing else.
    Only,
    /// Something else too.
    Others,
}

impl Survey {
    /// Looks at every record of the table.
    pub(super) fn of(
        mut rows: Rows<'_>,
        layout: &Layout,
        profile: Option<&Profile>,
        words: Words<'_>,
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
                    Place {
                        line: record.line,
                        column,
                    },
                    words,
                );
            }
            let dated = record.maybe(layout.date);
            if !(format.is_some() || dates::shape(dated).is_some()) {
                continue;
            }
            survey.dated += 1;
            for column in [layout.date, layout.value_date].into_iter().flatten() {
                if format.is_none()
                    && let Some(shape) = dates::shape(record.cell(column))
                {
                    survey.dates.note(shape, record.line, column);
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

    /// Looks at a cell that may be an amount.
    fn note_money(&mut self, cell: &str, place: Place, words: Words<'_>) {
        if is_none(cell) {
            return;
        }
        let Some(found) = written(cell, words) else {
            return;
        };
        match proof(found.figure) {
            Proof::Mark(Mark::Dot) => self.dot = self.dot.or(Some(place)),
            Proof::Mark(Mark::Comma) => self.comma = self.comma.or(Some(place)),
            Proof::Open => self.open = self.open.or(Some(place)),
            Proof::Whole | Proof::Malformed => {}
        }
        match (self.currency, found.currency) {
            (None, Some(_)) => self.currency = found.currency,
            (Some(known), Some(other)) if known != other => {
                self.currencies_differ = self.currencies_differ.or(Some(place.line));
            }
            (_, _) => {}
        }
    }

    /// Lets a balance above the table prove the decimal mark, where the table leaves it open.
    pub(super) fn note_above(&mut self, cell: &str, words: Words<'_>) {
        if self.dot.is_none() && self.comma.is_none() {
            self.note_money(cell, Place { line: 0, column: 0 }, words);
        }
    }

    fn note_marks(&mut self, record: &Record<'_>, layout: &Layout, words: Words<'_>) {
        let unnamed = |at: &usize| {
            layout.line.is_some() && layout.names.get(*at).is_none_or(String::is_empty)
        };
        for column in (0..record.len()).filter(unnamed).chain(layout.kind) {
            let cell = record.cell(column);
            if cell.is_empty() {
                continue;
            }
            let marks = self.marks.entry(column).or_insert(Marks::Only);
            if words.direction(cell).is_none() {
                *marks = Marks::Others;
            }
        }
    }

    /// Gives the columns that hold nothing but marks of direction to the amount or the balance on
    /// their left.
    pub(super) fn complete(&self, layout: &mut Layout) {
        if self.valuta_is_currency && layout.currency_column.is_none() {
            layout.currency_column = layout.value_date.take();
        }
        for (column, _) in self
            .marks
            .iter()
            .filter(|(_, marks)| **marks == Marks::Only)
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

    /// Decides the decimal mark, with what proves it.
    ///
    /// # Errors
    /// Both lines, where two amounts contradict each other; [`Unreadable::Undecided`] where no
    /// amount proves it and one needs it.
    pub(super) fn mark(
        &self,
        layout: &Layout,
        profile: Option<&Profile>,
    ) -> Result<(Mark, String), Unreadable> {
        if let Some(mark) = profile.and_then(|profile| profile.decimal_mark) {
            return Ok((
                mark,
                format!(
                    "the decimal mark is `{}`: the profile says it",
                    mark.character()
                ),
            ));
        }
        let proven = |mark: Mark, place: Place| {
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
                let bad = |place: Place, own: char, other: Place, its: char| BadLine {
                    line: place.line,
                    column: (place.line > 0).then(|| layout.name(place.column)),
                    reason: format!(
                        "the decimal mark of this amount is `{own}`, and in line {} it is `{its}`",
                        other.line
                    ),
                };
                Err(Unreadable::BadLines {
                    lines: vec![bad(dot, '.', comma, ','), bad(comma, ',', dot, '.')],
                })
            }
            (Some(place), None, _) => proven(Mark::Dot, place),
            (None, Some(place), _) => proven(Mark::Comma, place),
            (None, None, Some(place)) => Err(Unreadable::Undecided {
                line: Some(place.line),
                detail: format!(
                    "{}: no amount of the file shows whether its mark divides decimals or thousands; give a profile with decimal_mark",
                    layout.name(place.column)
                ),
            }),
            (None, None, None) => Ok((Mark::Dot, "no amount has a decimal mark".to_owned())),
        }
    }
}
