//! SWIFT MT940: blocks of tagged fields, one statement each.
//!
//! # Source
//! SWIFT Standards, Category 9, MT 940; the German, Dutch and Polish banks' descriptions of field
//! 86.

mod balance;
mod details;
mod entry;
mod lines;
#[cfg(test)]
mod tests;

use self::{
    details::Details,
    entry::Entry,
    lines::{Lines, Width},
};
use super::{
    Options, Parsed, Unreadable,
    common::{self, Bad, Calendar, Tally},
};
use crate::domain::statement::{
    FindingKind, SkippedRow, Statement, StatementFinding, StatementLine,
};

/// Reads every block of a file.
///
/// # Errors
/// [`Unreadable`]: bad lines, another SWIFT message, or no block at all.
pub(super) fn read(text: &str, options: &Options<'_>) -> Result<Parsed, Unreadable> {
    let mut reader = Reader {
        calendar: Calendar::new(options.today),
        width: Width::of(text),
        bad: Bad::of(text),
        tally: Tally::default(),
        statements: Vec::new(),
        block: Block::default(),
        interim: false,
    };
    let mut field: Option<Field> = None;
    for (number, line) in Lines::new(text) {
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

/// How many fields 86 of one entry are read; banks write one, and few write two.
const MOST_TEXTS: usize = 20;

/// A field: its tag and its lines, the first one without the tag.
struct Field {
    tag: String,
    line: u64,
    /// Its lines with a line feed between each two of them.
    text: String,
}

impl Field {
    fn new(tag: &str, line: u64, first: &str) -> Self {
        Self {
            tag: tag.to_owned(),
            line,
            text: first.to_owned(),
        }
    }

    fn push(&mut self, line: &str) {
        self.text.push('\n');
        self.text.push_str(line);
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.split('\n')
    }

    fn first(&self) -> &str {
        self.lines().next().unwrap_or_default()
    }
}

/// What was read of a block so far.
#[derive(Default)]
struct Block {
    statement: Statement,
    message: Option<String>,
    /// Whether a field stood in it that only statements have.
    is_statement: bool,
    /// Whether a balance was read, even one that turned out bad.
    seen: Seen,
    entry: Option<(Entry, Vec<Details>)>,
}

/// The balances that a block had, good or bad.
#[derive(Default)]
struct Seen {
    opening: bool,
    closing: bool,
}

/// The state of reading a file.
struct Reader {
    calendar: Calendar,
    width: Width,
    bad: Bad,
    tally: Tally,
    statements: Vec<Statement>,
    block: Block,
    interim: bool,
}

impl Reader {
    /// Tells whether a lone `-` is a line of text: nothing ends a block before its closing balance.
    fn is_open_text(&self, field: &Field) -> bool {
        field.tag == "86" && self.block.seen.opening && !self.block.seen.closing
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
                    texts.push(Details::read(&field, self.width));
                }
            }
            // What follows is about the statement, so a field 86 after it is no line's.
            "64" | "65" => self.close_entry(),
            _ => {}
        }
    }

    fn opening(&mut self, field: &Field) {
        if self.block.seen.opening {
            self.close_block();
        }
        self.block.seen.opening = true;
        self.block.is_statement = true;
        let Some((balance, currency)) = balance::read(field, self.calendar, &mut self.bad) else {
            return;
        };
        self.block.statement.opening = Some(balance);
        self.block.statement.currency = Some(currency);
    }

    fn closing(&mut self, field: &Field) {
        self.close_entry();
        self.block.seen.closing = true;
        self.block.is_statement = true;
        let Some((balance, currency)) = balance::read(field, self.calendar, &mut self.bad) else {
            return;
        };
        let statement = &mut self.block.statement;
        if statement.currency.is_none_or(|opening| opening == currency) {
            statement.currency = Some(currency);
            statement.closing = Some(balance);
        } else {
            statement.closing = None;
            let detail = format!(
                "the closing balance is in {}, the opening balance is not",
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
        self.block.entry = entry::read(field, self.calendar, &mut self.bad, findings)
            .map(|entry| (entry, Vec::new()));
    }

    /// Makes a line of the entry that is open.
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

    /// Makes a statement of the block that is open.
    fn close_block(&mut self) {
        self.close_entry();
        let mut block = std::mem::take(&mut self.block);
        if !block.is_statement {
            return;
        }
        block.statement.reference = block.statement.reference.or(block.message);
        if block.seen.opening && !block.seen.closing {
            let detail = "the block has no closing balance; the file may have been cut off";
            block
                .statement
                .findings
                .push(StatementFinding::new(FindingKind::Note, detail));
        }
        let other_currency =
            |finding: &StatementFinding| finding.kind == FindingKind::BalanceCurrency;
        common::oldest_first(&mut block.statement, &mut self.tally);
        common::prove(&mut block.statement, &mut self.tally);
        if block.statement.findings.iter().any(other_currency) {
            block.statement.balance_ok = Some(false);
        }
        common::keep(block.statement, &mut self.statements, &mut self.bad);
    }

    fn finish(mut self) -> Result<Parsed, Unreadable> {
        self.close_block();
        let balances = self
            .statements
            .iter()
            .any(|statement| statement.opening.is_some() || statement.closing.is_some());
        if self.interim && !balances {
            return Err(Unreadable::NotAStatement {
                what: "a SWIFT MT942 report of the running day",
            });
        }
        self.bad.refuse()?;
        if self.statements.is_empty() {
            let detail = "no block with a field :25:, :60F:, :61: or :62F: was found".to_owned();
            return Err(Unreadable::Empty { detail });
        }
        common::keep_unique_ids(&mut self.statements);
        let mut parsed = Parsed {
            statements: self.statements,
            ..Parsed::default()
        };
        self.tally.tell(&mut parsed);
        Ok(parsed)
    }
}

/// Puts the fields 61 and 86 of an entry together.
fn line(entry: &Entry, texts: Vec<Details>) -> StatementLine {
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
