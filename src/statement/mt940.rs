//! SWIFT MT940: blocks of tagged fields, one statement each.
//!
//! # Source
//! SWIFT Standards, Category 9, MT 940; the German, Dutch and Polish banks' descriptions of field
//! 86.

mod balance;
mod field;
mod field61;
mod field86;
mod lines;
#[cfg(test)]
mod tests;

use self::{
    field::Field,
    field61::Field61,
    field86::Field86,
    lines::{FileLines, LineWidth},
};
use super::{
    common::{self, BadLines, DateLimits, ProofCounts},
    content::FileContent,
    error::StatementError,
    options::ReadOptions,
};
use crate::domain::statement::{
    FindingKind, SkippedRow, Statement, StatementFinding, StatementLine,
};

/// Reads every block of a file.
///
/// # Errors
/// [`StatementError`] if a line is bad, or the file is another SWIFT message or has no block.
pub(super) fn read(text: &str, options: &ReadOptions<'_>) -> Result<FileContent, StatementError> {
    let mut reader = Mt940Reader {
        limits: DateLimits::new(options.today),
        width: LineWidth::of(text),
        bad: BadLines::of(text),
        counts: ProofCounts::default(),
        statements: Vec::new(),
        block: Block::default(),
        interim: false,
    };
    let mut field: Option<Field> = None;
    for (number, line) in FileLines::new(text) {
        let line = lines::without_controls(line);
        if lines::is_wrapper(&line) {
            reader.end(field.take());
            reader.interim |= line.contains("{2:O942") || line.contains("{2:I942");
            let inside = line
                .find("{4:")
                .and_then(|at| line.get(at + 3..))
                .unwrap_or_default();
            field = lines::tag(inside).map(|(tag, rest)| Field::new(tag, number, rest));
        } else if let Some((tag, rest)) = lines::tag(&line) {
            reader.end(field.take());
            field = Some(Field::new(tag, number, rest));
        } else if lines::ends_block(&line)
            && !field
                .as_ref()
                .is_some_and(|field| reader.is_open_text(field))
        {
            reader.end(field.take());
        } else if let Some(field) = &mut field {
            field.push(&line);
        }
    }
    reader.end(field);
    reader.finish()
}

/// How many fields 86 of one entry are read; banks write one, seldom two.
const MOST_TEXTS: usize = 20;

/// A block while it is read.
#[derive(Default)]
struct Block {
    statement: Statement,
    message: Option<String>,
    /// Whether it has a field that only statements have.
    is_statement: bool,
    balances: BlockBalances,
    entry: Option<(Field61, Vec<Field86>)>,
}

/// The balances that a block has, good or bad.
#[derive(Default)]
struct BlockBalances {
    opening: bool,
    closing: bool,
}

/// Reads a file.
struct Mt940Reader {
    limits: DateLimits,
    width: LineWidth,
    bad: BadLines,
    counts: ProofCounts,
    statements: Vec<Statement>,
    block: Block,
    /// Whether a message or field of an interim report was found.
    interim: bool,
}

impl Mt940Reader {
    /// Returns whether a single `-` is a line of text: a block does not end before its closing
    /// balance.
    fn is_open_text(&self, field: &Field) -> bool {
        field.tag == "86" && self.block.balances.opening && !self.block.balances.closing
    }

    /// Takes a field that is complete.
    fn end(&mut self, field: Option<Field>) {
        let Some(field) = field else { return };
        match field.tag.as_str() {
            "20" => {
                self.close_block();
                self.block.message = common::filled(field.first());
            }
            "25" | "25P" => {
                if self.block.statement.account.is_some() {
                    self.close_block();
                }
                self.block.statement.account = common::filled(field.first());
                self.block.is_statement = true;
            }
            "28" | "28C" => self.block.statement.reference = common::filled(field.first()),
            "34F" => self.interim = true,
            "60" | "60F" | "60M" => self.opening(&field),
            "61" => self.entry(&field),
            "62" | "62F" | "62M" => self.closing(&field),
            "86" => {
                if let Some((_, texts)) = self
                    .block
                    .entry
                    .as_mut()
                    .filter(|(_, texts)| texts.len() < MOST_TEXTS)
                {
                    texts.push(Field86::read(&field, self.width));
                }
            }
            // The fields after these are about the statement, so a field 86 here explains no line.
            "64" | "65" => self.close_entry(),
            _ => {}
        }
    }

    fn opening(&mut self, field: &Field) {
        if self.block.balances.opening {
            self.close_block();
        }
        self.block.balances.opening = true;
        self.block.is_statement = true;
        let Some((balance, currency)) = balance::read(field, self.limits, None, &mut self.bad)
        else {
            return;
        };
        self.block.statement.opening = Some(balance);
        self.block.statement.currency = Some(currency);
    }

    fn closing(&mut self, field: &Field) {
        self.close_entry();
        self.block.balances.closing = true;
        self.block.is_statement = true;
        let opening = self.block.statement.currency;
        let Some((balance, currency)) = balance::read(field, self.limits, opening, &mut self.bad)
        else {
            return;
        };
        let statement = &mut self.block.statement;
        if statement.currency.is_none_or(|opening| opening == currency) {
            statement.currency = Some(currency);
            statement.closing = Some(balance);
        } else {
            statement.closing = None;
            let detail = format!(
                "the closing balance is in {}, but the opening balance is not",
                currency.code()
            );
            statement.findings.push(StatementFinding {
                line: Some(field.line),
                ..StatementFinding::new(FindingKind::BalanceCurrency, detail)
            });
        }
    }

    fn entry(&mut self, field: &Field) {
        self.close_entry();
        self.block.is_statement = true;
        let findings = &mut self.block.statement.findings;
        self.block.entry = field61::read(field, self.limits, &mut self.bad, findings)
            .map(|entry| (entry, Vec::new()));
    }

    /// Makes a line of the open entry.
    fn close_entry(&mut self) {
        let Some((entry, texts)) = self.block.entry.take() else {
            return;
        };
        let statement = &mut self.block.statement;
        let line = line(&entry, texts);
        if entry.expected {
            statement.skipped.push(SkippedRow {
                place: line.place,
                reason: "expected".to_owned(),
                amount: Some(line.amount),
                description: line.description,
            });
        } else {
            statement.lines.push(line);
        }
    }

    /// Makes a statement of the open block.
    fn close_block(&mut self) {
        self.close_entry();
        let mut block = std::mem::take(&mut self.block);
        if !block.is_statement {
            return;
        }
        block.statement.reference = block.statement.reference.or(block.message);
        if block.balances.opening && !block.balances.closing {
            let detail = "the block has no closing balance; the file may have been cut off";
            block
                .statement
                .findings
                .push(StatementFinding::new(FindingKind::Note, detail));
        }
        let other_currency =
            |finding: &StatementFinding| finding.kind == FindingKind::BalanceCurrency;
        common::oldest_first(&mut block.statement, &mut self.counts);
        common::prove(&mut block.statement, &mut self.counts);
        if block.statement.findings.iter().any(other_currency) {
            block.statement.balance_ok = Some(false);
        }
        common::keep(block.statement, &mut self.statements, &mut self.bad);
    }

    fn finish(mut self) -> Result<FileContent, StatementError> {
        self.close_block();
        let balances = self
            .statements
            .iter()
            .any(|statement| statement.opening.is_some() || statement.closing.is_some());
        if self.interim && !balances {
            return Err(StatementError::NotAStatement {
                what: "a SWIFT MT942 report of the running day".to_owned(),
            });
        }
        self.bad.refuse()?;
        if self.statements.is_empty() {
            let detail = "it has no block with a field :25:, :60F:, :61: or :62F:".to_owned();
            return Err(StatementError::Empty { detail });
        }
        common::keep_unique_ids(&mut self.statements);
        let mut content = FileContent {
            statements: self.statements,
            ..FileContent::default()
        };
        self.counts.report(&mut content);
        Ok(content)
    }
}

/// Makes a line of the fields 61 and 86 of an entry.
fn line(entry: &Field61, texts: Vec<Field86>) -> StatementLine {
    let mut line = StatementLine {
        place: entry.place,
        booking_date: entry.booking_date,
        value_date: Some(entry.value_date),
        amount: entry.amount,
        balance: None,
        description: String::new(),
        reference: entry.customer_reference.clone(),
        bank_id: entry.bank_reference.as_deref().and_then(common::bank_id),
        end_to_end: None,
        counterparty_name: None,
        counterparty_account: None,
        reversal: entry.reversal,
    };
    let mut descriptions = Vec::new();
    for text in texts {
        line.reference = line.reference.or(text.customer_reference);
        line.end_to_end = line.end_to_end.or(text.end_to_end);
        line.counterparty_name = line.counterparty_name.or(text.name);
        line.counterparty_account = line.counterparty_account.or(text.account);
        descriptions.push(text.description);
    }
    line.reference = line.reference.or_else(|| entry.bank_reference.clone());
    line.counterparty_account = line.counterparty_account.or_else(|| entry.account.clone());
    descriptions.extend(entry.supplement.clone());
    line.description = common::joined(descriptions.iter().map(String::as_str));
    line
}
