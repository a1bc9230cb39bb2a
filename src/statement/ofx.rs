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
    transaction::{Direction, Leaves, Transaction},
};
use super::{
    Options, Parsed, Unreadable,
    common::{self, Bad, Calendar, Tally},
};
use crate::domain::{
    statement::{Balance, FindingKind, Statement, StatementFinding, StatementLine},
    time::Date,
};

/// The aggregates that matter; every other one is read as if its tags were not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregate {
    Ofx,
    Statement,
    Account,
    OtherAccount,
    Transactions,
    Transaction,
    Pending,
    LedgerBalance,
    OtherBalance,
    Payee,
    Currency,
    OriginalCurrency,
    /// An investment or loan statement, whose transactions are no bank lines.
    OtherStatement,
}

/// How many aggregates may be open; more are only left open by mistake, and the deepest are then
/// read as if they were not there.
const DEEPEST: usize = 64;

/// Names an aggregate.
fn aggregate(name: &str) -> Option<Aggregate> {
    Some(match name {
        "OFX" => Aggregate::Ofx,
        "STMTRS" | "CCSTMTRS" => Aggregate::Statement,
        "BANKACCTFROM" | "CCACCTFROM" => Aggregate::Account,
        "BANKACCTTO" | "CCACCTTO" => Aggregate::OtherAccount,
        "BANKTRANLIST" | "BANKTRANLISTP" => Aggregate::Transactions,
        "STMTTRN" => Aggregate::Transaction,
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
/// [`Unreadable`]: bad lines, or no statement.
pub(super) fn read(text: &str, options: &Options<'_>) -> Result<Parsed, Unreadable> {
    let mut reader = Reader {
        calendar: Calendar::new(options.today),
        bad: Bad::of(text),
        tally: Tally::default(),
        open: Vec::new(),
        statement: None,
        leaves: None,
        statements: Vec::new(),
        by_type: false,
        unclosed: false,
        other: false,
    };
    let mut scanner = Scanner::new(text);
    let mut leaf: Option<(u64, String, String)> = None;
    while let Some(token) = scanner.next_token() {
        match token {
            Token::Text(words) => {
                if let Some((_, _, value)) = &mut leaf {
                    value.push_str(&words);
                }
            }
            Token::Open(line, name) => {
                reader.leaf(leaf.take());
                match aggregate(&name) {
                    Some(aggregate) => reader.begin(aggregate, line),
                    None => leaf = Some((line, name, String::new())),
                }
            }
            Token::Close(line, name) => {
                reader.leaf(leaf.take());
                if let Some(aggregate) = aggregate(&name) {
                    reader.end(aggregate, line);
                }
            }
        }
    }
    reader.leaf(leaf);
    reader.finish(scanner.line())
}

/// A statement and what is only known at its end.
#[derive(Default)]
struct Draft {
    statement: Statement,
    start: Option<Date>,
    end: Option<Date>,
    balance: Leaves,
    /// What the type of each line says of its direction.
    says: Vec<Option<Direction>>,
}

/// How the signs of a statement are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signs {
    /// By the amounts, and no type says another thing.
    AsWritten,
    /// By the amounts, against the type of so many lines.
    AgainstType(usize),
    /// By the types: no amount has a sign.
    ByType,
}

impl Draft {
    /// Tells the signs. A bank that leaves them away tells money out by the type alone: then the
    /// types are followed, and a type that says nothing is a bad line, since its direction would be
    /// a guess.
    fn signs(&mut self, bad: &mut Bad) -> Signs {
        let lines = &mut self.statement.lines;
        let against = |(line, says): (&StatementLine, &Option<Direction>)| {
            says.is_some_and(|says| says.is_against(line.amount))
        };
        let count = lines
            .iter()
            .zip(&self.says)
            .filter(|pair| against(*pair))
            .count();
        if count == 0 {
            return Signs::AsWritten;
        }
        if lines.iter().any(|line| line.amount.is_negative()) {
            return Signs::AgainstType(count);
        }
        for (line, says) in lines.iter_mut().zip(&self.says) {
            match says {
                Some(Direction::Out) => line.amount = line.amount.negated(),
                Some(Direction::In) => {}
                None if line.amount.is_zero() => {}
                None => {
                    let reason = "no amount of the statement has a sign, and this type does not tell whether money went out";
                    bad.push(line.place, "TRNTYPE", reason);
                }
            }
        }
        Signs::ByType
    }
}

/// The state of reading a file.
struct Reader {
    calendar: Calendar,
    bad: Bad,
    tally: Tally,
    open: Vec<Aggregate>,
    statement: Option<Draft>,
    /// The transaction that is open.
    leaves: Option<(Aggregate, Leaves)>,
    statements: Vec<Statement>,
    /// Whether the types told the signs of a statement.
    by_type: bool,
    unclosed: bool,
    other: bool,
}

impl Reader {
    fn begin(&mut self, aggregate: Aggregate, line: u64) {
        match aggregate {
            Aggregate::Statement => {
                self.close_statement();
                self.open.retain(|open| *open == Aggregate::Ofx);
                self.statement = Some(Draft::default());
            }
            Aggregate::Transaction | Aggregate::Pending => {
                self.close_transaction();
                self.open.retain(|open| {
                    matches!(
                        open,
                        Aggregate::Ofx | Aggregate::Statement | Aggregate::Transactions
                    )
                });
                if self.statement.is_some() {
                    self.leaves = Some((aggregate, Leaves::new(line)));
                }
            }
            Aggregate::LedgerBalance => {
                if let Some(draft) = &mut self.statement {
                    draft.balance = Leaves::new(line);
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

    /// Closes an aggregate and what was left open in it; a closing tag without an opening one is
    /// nobody's.
    fn end(&mut self, aggregate: Aggregate, line: u64) {
        let Some(at) = self.open.iter().rposition(|open| *open == aggregate) else {
            return;
        };
        let closed = self.open.split_off(at);
        if closed
            .iter()
            .any(|closed| matches!(closed, Aggregate::Transaction | Aggregate::Pending))
        {
            if !matches!(aggregate, Aggregate::Transaction | Aggregate::Pending) {
                self.bad
                    .push(line, "STMTTRN", "the list ends inside a transaction");
            }
            self.close_transaction();
        }
        if closed.contains(&Aggregate::Statement) {
            self.close_statement();
        }
    }

    /// Takes a value, by the aggregate that it stands in.
    fn leaf(&mut self, leaf: Option<(u64, String, String)>) {
        let Some((line, name, value)) = leaf else {
            return;
        };
        if self.open.contains(&Aggregate::OtherStatement)
            && !self.open.contains(&Aggregate::Statement)
        {
            return;
        }
        let Some(draft) = &mut self.statement else {
            return;
        };
        let inner = self.open.last().copied();
        if let Some((_, leaves)) = &mut self.leaves {
            let key = match inner {
                Some(Aggregate::Payee) => format!("PAYEE/{name}"),
                Some(Aggregate::OtherAccount) => format!("TO/{name}"),
                Some(Aggregate::Currency) => format!("CURRENCY/{name}"),
                // What an amount was before the bank exchanged it is no part of the line.
                Some(Aggregate::OriginalCurrency) => return,
                _ => name,
            };
            leaves.set(line, key, value);
            return;
        }
        let empty = value.trim().is_empty();
        match (inner, name.as_str()) {
            (Some(Aggregate::Account), "ACCTID") => {
                draft.statement.account = common::filled(&value)
            }
            (Some(Aggregate::LedgerBalance), _) => draft.balance.set(line, name, value),
            (Some(Aggregate::Statement), "CURDEF") if !empty => {
                draft.statement.currency = self.bad.take(line, "CURDEF", common::currency(&value));
            }
            (Some(Aggregate::Transactions), "DTSTART") => {
                draft.start = self
                    .bad
                    .take(line, "DTSTART", transaction::day(&value))
                    .flatten();
            }
            (Some(Aggregate::Transactions), "DTEND") => {
                draft.end = self
                    .bad
                    .take(line, "DTEND", transaction::day(&value))
                    .flatten();
            }
            _ => {}
        }
    }

    /// Makes a line of the transaction that is open.
    fn close_transaction(&mut self) {
        let (Some((kind, leaves)), Some(draft)) = (self.leaves.take(), &mut self.statement) else {
            return;
        };
        if kind == Aggregate::Pending {
            draft.statement.skipped.push(leaves.skipped());
            return;
        }
        let read = leaves.read(draft.statement.currency, self.calendar, &mut self.bad);
        let Some(Transaction {
            line,
            says,
            corrects,
        }) = read
        else {
            return;
        };
        draft.says.push(says);
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

    /// Makes a statement of what is open.
    fn close_statement(&mut self) {
        self.close_transaction();
        let Some(mut draft) = self.statement.take() else {
            return;
        };
        let signs = draft.signs(&mut self.bad);
        self.by_type |= signs == Signs::ByType;
        let statement = &mut draft.statement;
        statement.period = draft.start.zip(draft.end);
        // OFX has no opening balance, and none is made up: a closing balance alone proves nothing.
        statement.closing = closing(&draft.balance, self.calendar, &mut self.bad);
        if let Signs::AgainstType(count) = signs {
            let detail = format!(
                "the sign of the amount is not that of the type in {count} lines; the sign is followed"
            );
            statement
                .findings
                .push(StatementFinding::new(FindingKind::Note, detail));
        }
        common::oldest_first(statement, &mut self.tally);
        common::prove(statement, &mut self.tally);
        common::keep(draft.statement, &mut self.statements, &mut self.bad);
    }

    fn finish(mut self, last_line: u64) -> Result<Parsed, Unreadable> {
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
            return Err(Unreadable::Empty {
                detail: detail.to_owned(),
            });
        }
        common::keep_unique_ids(&mut self.statements);
        let mut parsed = Parsed {
            statements: self.statements,
            ..Parsed::default()
        };
        let typed: usize = parsed
            .statements
            .iter()
            .map(|statement| statement.lines.len())
            .sum();
        if self.by_type {
            let decision =
                "no amount has a sign, so the types of the transactions tell what went out";
            parsed.decisions.push(decision.to_owned());
        } else if typed > 0 {
            parsed.decisions.push(
                "signs are as the file writes them; OFX has no opening balance to prove them"
                    .to_owned(),
            );
        }
        if self.unclosed {
            parsed.decisions.push(
                "the file ends without `</OFX>`; every statement in it is complete".to_owned(),
            );
        }
        self.tally.tell(&mut parsed);
        Ok(parsed)
    }
}

/// Reads `LEDGERBAL`.
fn closing(leaves: &Leaves, calendar: Calendar, bad: &mut Bad) -> Option<Balance> {
    let (line, amount) = leaves.get("BALAMT")?;
    let amount = bad.take(line, "BALAMT", transaction::signed(amount))?;
    let date = match leaves.get("DTASOF") {
        Some((line, date)) => {
            let read = transaction::day(date)
                .and_then(|date| date.map(|date| calendar.value(date)).transpose());
            bad.take(line, "DTASOF", read)?
        }
        None => None,
    };
    Some(Balance { amount, date })
}
