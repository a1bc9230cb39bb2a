//! OFX 1 (SGML) and 2 (XML): a statement for each `STMTRS` or `CCSTMTRS`, a line for each
//! `STMTTRN`.
//!
//! Both are read by one scanner: banks write OFX 2 with bare ampersands and OFX 1 with closing
//! tags, so neither an XML nor an SGML parser reads what they export.
//!
//! # Source
//! Open Financial Exchange 1.6 and 2.2, chapters 3 and 11.

mod scan;
#[cfg(test)]
mod tests;
mod transaction;

use self::{
    scan::{Scanner, Token},
    transaction::{OfxTransaction, OfxValue, OfxValues},
};
use super::{
    common::{self, BadLines, DateLimits, ProofCounts},
    content::FileContent,
    direction::Direction,
    error::StatementError,
    options::ReadOptions,
};
use crate::domain::{
    statement::{Balance, FindingKind, Statement, StatementFinding, StatementLine},
    time::{Date, DayRange},
};

/// The aggregates that matter. Any other one is read as if it had no tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregate {
    Ofx,
    Statement,
    Account,
    OtherAccount,
    Transactions,
    OfxTransaction,
    Pending,
    LedgerBalance,
    OtherBalance,
    Payee,
    Currency,
    OriginalCurrency,
    /// An investment or loan statement, whose transactions are not bank lines.
    OtherStatement,
}

/// How many aggregates may be open. More are left open by mistake, and the deepest are then read as
/// if they had no tags.
const DEEPEST: usize = 64;

/// Names an aggregate.
fn aggregate(name: &str) -> Option<Aggregate> {
    Some(match name {
        "OFX" => Aggregate::Ofx,
        "STMTRS" | "CCSTMTRS" => Aggregate::Statement,
        "BANKACCTFROM" | "CCACCTFROM" => Aggregate::Account,
        "BANKACCTTO" | "CCACCTTO" => Aggregate::OtherAccount,
        "BANKTRANLIST" | "BANKTRANLISTP" => Aggregate::Transactions,
        "STMTTRN" => Aggregate::OfxTransaction,
        "STMTTRNP" => Aggregate::Pending,
        "LEDGERBAL" => Aggregate::LedgerBalance,
        "AVAILBAL" | "BAL" => Aggregate::OtherBalance,
        "PAYEE" => Aggregate::Payee,
        "CURRENCY" => Aggregate::Currency,
        "ORIGCURRENCY" => Aggregate::OriginalCurrency,
        "INVSTMTRS" | "LOANSTMTRS" | "CCCLOSING" | "CLOSING" => Aggregate::OtherStatement,
        _ => return None,
    })
}

/// Reads every statement of a file.
///
/// # Errors
/// [`StatementError`] if a line is bad or the file has no statement.
pub(super) fn read(text: &str, options: &ReadOptions<'_>) -> Result<FileContent, StatementError> {
    let mut reader = OfxReader {
        limits: DateLimits::new(options.today),
        bad: BadLines::of(text),
        counts: ProofCounts::default(),
        open: Vec::new(),
        statement: None,
        transaction: None,
        statements: Vec::new(),
        by_type: false,
        unclosed: false,
        other: false,
    };
    let mut scanner = Scanner::new(text);
    let mut open: Option<OfxValue> = None;
    while let Some(token) = scanner.next_token() {
        match token {
            Token::Text(words) => {
                if let Some(value) = &mut open {
                    value.text.push_str(&words);
                }
            }
            Token::Open(line, name) => {
                reader.value(open.take());
                match aggregate(&name) {
                    Some(aggregate) => reader.begin(aggregate, line),
                    None => open = Some(OfxValue::new(line, name)),
                }
            }
            Token::Close(line, name) => {
                reader.value(open.take());
                if let Some(aggregate) = aggregate(&name) {
                    reader.end(aggregate, line);
                }
            }
        }
    }
    reader.value(open);
    reader.finish(scanner.line())
}

/// A statement while it is read.
#[derive(Default)]
struct OfxStatement {
    statement: Statement,
    start: Option<Date>,
    end: Option<Date>,
    balance: OfxValues,
    /// The direction that the type of each line implies.
    directions: Vec<Option<Direction>>,
}

/// What the signs of a statement rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignSource {
    /// The amounts; no type contradicts them.
    AsWritten,
    /// The amounts, which contradict the type of so many lines.
    AgainstType(usize),
    /// The types: no amount has a sign.
    ByType,
}

impl OfxStatement {
    /// Decides what the signs rest on. If a bank writes no signs, the types show what went out; a
    /// type that does not is then a bad line, since its direction would be a guess.
    fn signs(&mut self, bad: &mut BadLines) -> SignSource {
        let lines = &mut self.statement.lines;
        let contradicts = |(line, direction): (&StatementLine, &Option<Direction>)| {
            direction.is_some_and(|direction| transaction::contradicts(direction, line.amount))
        };
        let count = lines
            .iter()
            .zip(&self.directions)
            .filter(|pair| contradicts(*pair))
            .count();
        if count == 0 {
            return SignSource::AsWritten;
        }
        if lines.iter().any(|line| line.amount.is_negative()) {
            return SignSource::AgainstType(count);
        }
        for (line, direction) in lines.iter_mut().zip(&self.directions) {
            match direction {
                Some(Direction::Out) => line.amount = line.amount.negated(),
                Some(Direction::In) => {}
                None if line.amount.is_zero() => {}
                None => {
                    let reason = "no amount of the statement has a sign, and this type does not show whether money went out";
                    bad.push(line.place, "TRNTYPE", reason);
                }
            }
        }
        SignSource::ByType
    }
}

/// Reads a file.
struct OfxReader {
    limits: DateLimits,
    bad: BadLines,
    counts: ProofCounts,
    open: Vec<Aggregate>,
    statement: Option<OfxStatement>,
    /// The open transaction.
    transaction: Option<(Aggregate, OfxValues)>,
    statements: Vec<Statement>,
    /// Whether the signs of a statement rest on the types.
    by_type: bool,
    unclosed: bool,
    /// Whether the file has statements of another kind.
    other: bool,
}

impl OfxReader {
    fn begin(&mut self, aggregate: Aggregate, line: u64) {
        match aggregate {
            Aggregate::Statement => {
                self.close_statement();
                self.open.retain(|open| *open == Aggregate::Ofx);
                self.statement = Some(OfxStatement::default());
            }
            Aggregate::OfxTransaction | Aggregate::Pending => {
                self.close_transaction();
                self.open.retain(|open| {
                    matches!(
                        open,
                        Aggregate::Ofx | Aggregate::Statement | Aggregate::Transactions
                    )
                });
                if self.statement.is_some() {
                    self.transaction = Some((aggregate, OfxValues::new(line)));
                }
            }
            Aggregate::LedgerBalance => {
                if let Some(draft) = &mut self.statement {
                    draft.balance = OfxValues::new(line);
                }
            }
            Aggregate::OtherStatement => self.other = true,
            Aggregate::Ofx
            | Aggregate::Account
            | Aggregate::OtherAccount
            | Aggregate::Transactions
            | Aggregate::OtherBalance
            | Aggregate::Payee
            | Aggregate::Currency
            | Aggregate::OriginalCurrency => {}
        }
        if self.open.len() < DEEPEST {
            self.open.push(aggregate);
        }
    }

    /// Closes an aggregate and all that is open in it. A closing tag without an opening one is
    /// ignored.
    fn end(&mut self, aggregate: Aggregate, line: u64) {
        let Some(at) = self.open.iter().rposition(|open| *open == aggregate) else {
            return;
        };
        let closed = self.open.split_off(at);
        if closed
            .iter()
            .any(|closed| matches!(closed, Aggregate::OfxTransaction | Aggregate::Pending))
        {
            if !matches!(aggregate, Aggregate::OfxTransaction | Aggregate::Pending) {
                self.bad
                    .push(line, "STMTTRN", "the list ends inside a transaction");
            }
            self.close_transaction();
        }
        if closed.contains(&Aggregate::Statement) {
            self.close_statement();
        }
    }

    /// Takes a value, by the aggregate that it is in.
    fn value(&mut self, value: Option<OfxValue>) {
        let Some(mut value) = value else {
            return;
        };
        if self.open.contains(&Aggregate::OtherStatement)
            && !self.open.contains(&Aggregate::Statement)
        {
            return;
        }
        let inner = self.open.last().copied();
        if let (Some((_, values)), Some(_)) = (&mut self.transaction, &self.statement) {
            let prefix = match inner {
                Some(Aggregate::Payee) => "PAYEE/",
                Some(Aggregate::OtherAccount) => "TO/",
                Some(Aggregate::Currency) => "CURRENCY/",
                // The amount before the bank exchanged it does not belong to the line.
                Some(Aggregate::OriginalCurrency) => return,
                _ => "",
            };
            value.name.insert_str(0, prefix);
            values.set(value);
            return;
        }
        let Some(draft) = &mut self.statement else {
            return;
        };
        let (line, text) = (value.line, value.text.as_str());
        match (inner, value.name.as_str()) {
            (Some(Aggregate::Account), "ACCTID") => draft.statement.account = common::filled(text),
            (Some(Aggregate::LedgerBalance), _) => draft.balance.set(value),
            (Some(Aggregate::Statement), "CURDEF") if !text.trim().is_empty() => {
                draft.statement.currency = self.bad.take(line, "CURDEF", common::currency(text));
            }
            (Some(Aggregate::Transactions), "DTSTART") => {
                draft.start = self
                    .bad
                    .take(line, "DTSTART", transaction::day(text))
                    .flatten();
            }
            (Some(Aggregate::Transactions), "DTEND") => {
                draft.end = self
                    .bad
                    .take(line, "DTEND", transaction::day(text))
                    .flatten();
            }
            _ => {}
        }
    }

    /// Makes a line of the open transaction.
    fn close_transaction(&mut self) {
        let (Some((aggregate, values)), Some(draft)) =
            (self.transaction.take(), &mut self.statement)
        else {
            return;
        };
        if aggregate == Aggregate::Pending {
            draft.statement.skipped.push(values.skipped());
            return;
        }
        let read = values.read(draft.statement.currency, self.limits, &mut self.bad);
        let Some(OfxTransaction {
            line,
            direction,
            corrects,
        }) = read
        else {
            return;
        };
        draft.directions.push(direction);
        if let Some(action) = corrects {
            let detail = format!("the bank says that this line corrects an earlier one ({action})");
            let finding = StatementFinding::new(FindingKind::Note, detail);
            draft.statement.findings.push(StatementFinding {
                line: Some(line.place),
                ..finding
            });
        }
        draft.statement.lines.push(line);
    }

    /// Makes a statement of the open one.
    fn close_statement(&mut self) {
        self.close_transaction();
        let Some(mut draft) = self.statement.take() else {
            return;
        };
        let signs = draft.signs(&mut self.bad);
        self.by_type |= signs == SignSource::ByType;
        let statement = &mut draft.statement;
        statement.period = draft
            .start
            .zip(draft.end)
            .and_then(|(start, end)| DayRange::new(start, end));
        // OFX has no opening balance, and a closing balance alone proves nothing.
        statement.closing = closing(&draft.balance, self.limits, &mut self.bad);
        if let SignSource::AgainstType(count) = signs {
            let detail = format!(
                "the sign of the amount contradicts the type in {count} lines; the sign counts"
            );
            statement
                .findings
                .push(StatementFinding::new(FindingKind::Note, detail));
        }
        common::oldest_first(statement, &mut self.counts);
        common::prove(statement, &mut self.counts);
        common::keep(draft.statement, &mut self.statements, &mut self.bad);
    }

    fn finish(mut self, last_line: u64) -> Result<FileContent, StatementError> {
        if self.open.contains(&Aggregate::Statement) {
            self.bad.push(
                last_line,
                "STMTRS",
                "the file ends inside a statement; it may have been cut off",
            );
        }
        self.unclosed = self.open.contains(&Aggregate::Ofx);
        self.close_statement();
        self.bad.refuse()?;
        if self.statements.is_empty() {
            let detail = if self.other {
                "the OFX file has other statements, but none of a bank account or a card"
            } else {
                "the OFX file has neither `STMTRS` nor `CCSTMTRS`"
            };
            return Err(StatementError::Empty {
                detail: detail.to_owned(),
            });
        }
        common::keep_unique_ids(&mut self.statements);
        let mut content = FileContent {
            statements: self.statements,
            ..FileContent::default()
        };
        let lines: usize = content
            .statements
            .iter()
            .map(|statement| statement.lines.len())
            .sum();
        if self.by_type {
            let decision =
                "no amount has a sign, so the types of the transactions show what went out";
            content.decisions.push(decision.to_owned());
        } else if lines > 0 {
            content.decisions.push(
                "signs are as in the file; OFX has no opening balance that proves them".to_owned(),
            );
        }
        if self.unclosed {
            content.decisions.push(
                "the file ends without `</OFX>`; every statement in it is complete".to_owned(),
            );
        }
        self.counts.report(&mut content);
        Ok(content)
    }
}

/// Reads `LEDGERBAL`.
fn closing(values: &OfxValues, limits: DateLimits, bad: &mut BadLines) -> Option<Balance> {
    let (line, amount) = values.get("BALAMT")?;
    let amount = bad.take(line, "BALAMT", transaction::signed(amount))?;
    let date = match values.get("DTASOF") {
        Some((line, date)) => {
            let read = transaction::day(date)
                .and_then(|date| date.map(|date| limits.value(date)).transpose());
            bad.take(line, "DTASOF", read)?
        }
        None => None,
    };
    Some(Balance { amount, date })
}
