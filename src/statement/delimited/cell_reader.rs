//! Reads the cells of a row and notes the bad ones.

use super::{
    super::{direction::Direction, profile::Continuation},
    cells::{AmountForm, CellAmount, Movement, is_placeholder, one_line, push_words},
    dates::{DateKind, DateReader},
    header::TableLayout,
    money::{AmountError, DirectionWords, is_none, value, written},
};
use crate::domain::{
    account::is_shortened,
    bad_line::{BadLine, note},
    signed::Signed,
    time::Date,
};
use crate::tabular::{DecimalMark, Record};

/// How cells are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct CellRules<'p> {
    pub(super) mark: DecimalMark,
    pub(super) dates: DateReader<'p>,
    pub(super) words: DirectionWords<'p>,
    pub(super) skip_words: &'p [String],
    pub(super) continuation: Continuation,
}

/// Reads the cells of a row.
pub(super) struct CellReader<'a> {
    pub(super) layout: &'a TableLayout,
    pub(super) rules: CellRules<'a>,
    pub(super) bad_lines: Vec<BadLine>,
    /// How many bad lines are kept.
    pub(super) most: usize,
}

impl CellReader<'_> {
    /// Notes a bad line.
    pub(super) fn bad(
        &mut self,
        record: &Record<'_>,
        column: Option<usize>,
        reason: impl Into<String>,
    ) {
        let column = column.map(|at| self.layout.name(at));
        note(
            &mut self.bad_lines,
            BadLine {
                code: None,
                line: record.line,
                column,
                reason: reason.into(),
            },
            self.most,
        );
    }

    /// Notes a line with text in cells beyond the header: a delimiter in a text moves all cells after
    /// it. Returns whether the line fits.
    pub(super) fn check_width(&mut self, record: &Record<'_>) -> bool {
        let width = self.layout.width();
        let known = [self.layout.direction, self.layout.balance_direction];
        let extra = (width..record.len())
            .find(|at| !record.cell(*at).is_empty() && !known.contains(&Some(*at)));
        let fits = self.layout.line.is_none() || extra.is_none();
        if !fits {
            let reason = format!(
                "the line has {} cells and the header {width}; a text may contain the delimiter",
                record.len()
            );
            self.bad(record, None, reason);
        }
        fits
    }

    /// Reads a date, or notes why it is not one.
    pub(super) fn date(
        &mut self,
        record: &Record<'_>,
        column: usize,
        kind: DateKind,
    ) -> Option<Date> {
        match self.rules.dates.read(record.cell(column), kind) {
            Ok(date) => Some(date),
            Err(reason) => {
                self.bad(
                    record,
                    Some(column),
                    if record.cell(column).contains('\u{fffd}') {
                        LOST.to_owned()
                    } else {
                        reason
                    },
                );
                None
            }
        }
    }

    /// Reads an amount with its sign and mark, or notes why it is not one and returns `Err`.
    fn money(
        &mut self,
        record: &Record<'_>,
        column: Option<usize>,
    ) -> Result<Option<CellAmount>, ()> {
        let Some(column) = column else {
            return Ok(None);
        };
        let cell = record.cell(column);
        if is_none(cell) {
            return Ok(None);
        }
        let Some(written) = written(cell, self.rules.words) else {
            let lost = cell.contains('\u{fffd}');
            self.bad(
                record,
                Some(column),
                if lost {
                    LOST
                } else {
                    AmountError::Shape.reason()
                },
            );
            return Err(());
        };
        let value = value(written.figure, self.rules.mark)
            .map_err(|bad| self.bad(record, Some(column), bad.reason()))?;
        let value = if written.negative {
            value.negated()
        } else {
            value
        };
        Ok(Some(CellAmount {
            value,
            signed: written.negative || written.plus,
            direction: written.direction,
        }))
    }

    /// Reads the movement of a row as it is stated. Returns `None` if no cell has one, and `Err` if a
    /// bad line was noted.
    pub(super) fn stated(&mut self, record: &Record<'_>) -> Result<Option<Movement>, ()> {
        let (debit, credit) = (
            self.money(record, self.layout.debit),
            self.money(record, self.layout.credit),
        );
        let amount = self.money(record, self.layout.amount);
        let (debit, credit, amount) = (debit?, credit?, amount?);
        let moved = |money: Option<CellAmount>| money.filter(|money| !money.value.is_zero());
        let column = match (moved(debit), moved(credit)) {
            (Some(_), Some(_)) => {
                self.bad(record, None, "the line has a debit and a credit");
                return Err(());
            }
            (Some(debit), None) => Some(Movement {
                amount: debit.within(Direction::Out),
                form: AmountForm::Debit,
            }),
            (None, Some(credit)) => Some(Movement {
                amount: credit.within(Direction::In),
                form: AmountForm::Credit,
            }),
            (None, None) => None,
        };
        match (column, amount) {
            (Some(column), Some(amount))
                if column.amount.magnitude() != amount.value.magnitude() =>
            {
                self.bad(
                    record,
                    self.layout.amount,
                    "the amount differs from the debit or credit column; a profile can say which counts",
                );
                Err(())
            }
            (Some(column), _) => Ok(Some(column)),
            (None, Some(amount)) => self.directed(record, amount).map(Some),
            (None, None) => {
                let zero = Movement {
                    amount: Signed::ZERO,
                    form: AmountForm::Signed,
                };
                Ok((debit.is_some() || credit.is_some()).then_some(zero))
            }
        }
    }

    /// Reads the mark next to an amount, or notes a bad line and returns `Err`.
    fn directed(&mut self, record: &Record<'_>, amount: CellAmount) -> Result<Movement, ()> {
        let cell = record.maybe(self.layout.direction);
        let mark = self.rules.words.direction(cell);
        if mark.is_none() && !cell.is_empty() && !amount.value.is_zero() {
            self.bad(
                record,
                self.layout.direction,
                "this is neither debit nor credit",
            );
            return Err(());
        }
        if let (Some(mark), Some(own)) = (mark, amount.direction)
            && mark != own
        {
            self.bad(
                record,
                self.layout.direction,
                "this mark contradicts the one in the cell of the amount",
            );
            return Err(());
        }
        Ok(Movement {
            amount: amount.value,
            form: match mark.or(amount.direction) {
                Some(Direction::In) => AmountForm::In,
                Some(Direction::Out) => AmountForm::Out,
                None if amount.signed || amount.value.is_zero() => AmountForm::Signed,
                None => AmountForm::Unmarked,
            },
        })
    }

    /// Reads the balance of a row, or notes why it is not one and returns `Err`.
    pub(super) fn balance(&mut self, record: &Record<'_>) -> Result<Option<Signed>, ()> {
        let Some(money) = self.money(record, self.layout.balance)? else {
            return Ok(None);
        };
        let mark = self
            .rules
            .words
            .direction(record.maybe(self.layout.balance_direction))
            .or(money.direction);
        // An overdrawn balance is marked `DR`, with or without a minus.
        let overdrawn = mark == Some(Direction::Out) && !money.value.is_negative();
        Ok(Some(if overdrawn {
            money.value.negated()
        } else {
            money.value
        }))
    }

    /// Reads a reference, or returns `None` if the cell has none.
    pub(super) fn reference(
        &mut self,
        record: &Record<'_>,
        column: Option<usize>,
    ) -> Option<String> {
        let column = column?;
        let cell = record.cell(column);
        if cell.contains('\u{fffd}') {
            self.bad(record, Some(column), LOST);
        }
        if is_shortened(cell) {
            // Several ids become the same, so it is not one. Without a reference a line is still known
            // by what else it has.
            if Some(column) == self.layout.bank_id {
                self.bad(record, Some(column), SHORTENED);
            }
            return None;
        }
        (!is_placeholder(cell)).then(|| one_line(cell))
    }

    /// Joins the texts of the columns of description, without repeating one.
    pub(super) fn description(&self, record: &Record<'_>) -> String {
        let length = self
            .layout
            .description
            .iter()
            .map(|at| record.cell(*at).len() + 1)
            .sum();
        let mut text = String::with_capacity(length);
        for at in &self.layout.description {
            let cell = record.cell(*at);
            if !cell.is_empty() && cell != text {
                push_words(&mut text, cell);
            }
        }
        text.shrink_to_fit();
        text
    }
}

/// Why the id of a line is refused that a spreadsheet shortened.
const SHORTENED: &str = "the id was shortened by a spreadsheet, like 1.30001E+27; export the file again, with ids as text";

/// Why a cell is refused in which a character was replaced before the file came here.
pub(super) const LOST: &str =
    "a character is lost (U+FFFD); export the file again, or name its encoding";
