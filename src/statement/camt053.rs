//! ISO 20022 CAMT.053: a statement for each `Stmt`, a line for each booked `Ntry`.
//!
//! Elements are recognized by their local names, so that prefixes and versions do not matter. Only
//! one child of a `Stmt` is in memory as a tree at a time.
//!
//! # Source
//! ISO 20022, BankToCustomerStatement, camt.053.001.02 to camt.053.001.08.

mod balance;
mod entry;
mod sums;
#[cfg(test)]
mod tests;
mod xml;

use self::{
    balance::{BalanceCurrencies, CamtBalances},
    entry::CamtEntry,
    sums::EntrySums,
    xml::{Element, Events, Tree, XmlEvent},
};
use super::{
    common::{self, BadLines, DateLimits, ProofCounts},
    content::FileContent,
    error::StatementError,
    options::ReadOptions,
};
use crate::domain::{
    currency::Currency,
    statement::{SkippedRow, Statement},
    time::DayRange,
};

/// The messages that are not statements, by the element below `Document`.
const OTHERS: [(&str, &str); 7] = [
    (
        "BkToCstmrAcctRpt",
        "an ISO 20022 CAMT.052 report of the running day",
    ),
    (
        "BkToCstmrDbtCdtNtfctn",
        "an ISO 20022 CAMT.054 notification",
    ),
    ("CstmrCdtTrfInitn", "an ISO 20022 PAIN.001 payment file"),
    ("CstmrPmtStsRpt", "an ISO 20022 PAIN.002 status report"),
    (
        "CstmrDrctDbtInitn",
        "an ISO 20022 PAIN.008 direct debit file",
    ),
    (
        "FIToFICstmrCdtTrf",
        "an ISO 20022 PACS.008 message between banks",
    ),
    ("AcctRptgReq", "an ISO 20022 CAMT.060 request"),
];

/// Reads every statement of a message.
///
/// # Errors
/// [`StatementError`] if a line is bad, the XML is broken, or the file has no statement.
pub(super) fn read(text: &str, options: &ReadOptions<'_>) -> Result<FileContent, StatementError> {
    let mut events = Events::new(text);
    let mut reader = CamtReader {
        limits: DateLimits::new(options.today),
        bad: BadLines::of(text),
        counts: ProofCounts::default(),
        statements: Vec::new(),
    };
    let (mut document, mut message, mut other) = (false, false, None);
    let mut statement: Option<(usize, CamtStatement)> = None;
    loop {
        match events.next()? {
            XmlEvent::Start(start) => match (start.name.as_str(), &mut statement) {
                (_, Some((depth, draft))) if events.depth() == *depth + 1 => {
                    let tree = events.tree(&start)?;
                    reader.child(draft, tree);
                }
                (_, Some(_)) => {}
                ("Stmt", None) if message => {
                    statement = Some((events.depth(), CamtStatement::default()));
                }
                ("BkToCstmrStmt", None) => message = true,
                ("Document", None) => document = true,
                (name, None) => {
                    other = other.or_else(|| OTHERS.iter().find(|(known, _)| *known == name));
                }
            },
            XmlEvent::Text => {}
            XmlEvent::End => {
                if let Some((_, draft)) = statement.take_if(|(depth, _)| events.depth() < *depth) {
                    reader.close(draft);
                }
            }
            XmlEvent::Eof => break,
        }
    }
    if !message {
        let what = if document {
            "another ISO 20022 message"
        } else {
            "an XML file of another kind"
        };
        return Err(StatementError::NotAStatement {
            what: other.map_or(what, |(_, what)| what).to_owned(),
        });
    }
    reader.finish()
}

/// A `Stmt` while it is read.
#[derive(Default)]
struct CamtStatement {
    statement: Statement,
    balances: CamtBalances,
    /// The currency of the account, if the file names it.
    account_currency: Option<Currency>,
    /// The currency of the first entry.
    entry_currency: Option<Currency>,
    sums: EntrySums,
    summary: Option<Tree>,
}

/// Reads a message.
struct CamtReader {
    limits: DateLimits,
    bad: BadLines,
    counts: ProofCounts,
    statements: Vec<Statement>,
}

impl CamtReader {
    /// Takes a child of a `Stmt`.
    fn child(&mut self, draft: &mut CamtStatement, tree: Tree) {
        let element = tree.root();
        match element.name() {
            "Id" => draft.statement.reference = common::filled(element.text()),
            "FrToDt" => draft.statement.period = self.period(element),
            "Acct" => {
                let account = element
                    .text_at(&["Id", "IBAN"])
                    .or_else(|| element.text_at(&["Id", "Othr", "Id"]));
                draft.statement.account = account.and_then(common::filled);
                let read = element.text_at(&["Ccy"]).map(common::currency);
                draft.account_currency =
                    read.and_then(|read| self.bad.take(element.line(), "Acct/Ccy", read));
            }
            "Bal" => draft.balances.add(element, self.limits, &mut self.bad),
            "TxsSummry" => draft.summary = Some(tree),
            "Ntry" => {
                if let Some(entry) = entry::read(element, self.limits, &mut self.bad) {
                    self.entry(draft, entry);
                }
            }
            _ => {}
        }
    }

    fn period(&mut self, element: Element<'_>) -> Option<DayRange> {
        let mut end = |names: [&'static str; 2]| {
            let written = names
                .into_iter()
                .find_map(|name| element.text_at(&[name]))?;
            self.bad.take(
                element.line(),
                &format!("FrToDt/{}", names.concat()),
                entry::iso_day(written),
            )
        };
        DayRange::new(end(["FrDtTm", "FrDt"])?, end(["ToDtTm", "ToDt"])?)
    }

    /// Takes an entry. A booked one is a line; any other is skipped and listed.
    fn entry(&mut self, draft: &mut CamtStatement, entry: CamtEntry) {
        let line = entry.line;
        let expected = *draft.entry_currency.get_or_insert(entry.currency);
        let expected = draft.account_currency.unwrap_or(expected);
        if entry.currency != expected {
            let reason = format!(
                "the entry is in {} and the account in {}",
                entry.currency.code(),
                expected.code()
            );
            self.bad.push(line.place, "Ntry/Amt", reason);
        }
        if let Some(reason) = entry.skipped {
            draft.statement.skipped.push(SkippedRow {
                place: line.place,
                reason: reason.to_owned(),
                amount: Some(line.amount),
                description: line.description,
            });
            return;
        }
        draft.sums.add(entry.direction, line.amount);
        draft.statement.lines.push(line);
    }

    /// Makes a statement of a complete `Stmt`.
    fn close(&mut self, mut draft: CamtStatement) {
        let statement = &mut draft.statement;
        let balance_currency = draft.balances.currency();
        let currency = draft
            .account_currency
            .or(draft.entry_currency)
            .or(balance_currency);
        statement.currency = currency;
        let balances = draft.balances.choose(statement, currency);
        if let Some(summary) = &draft.summary {
            statement.findings.extend(draft.sums.check(summary.root()));
        }
        common::oldest_first(statement, &mut self.counts);
        common::prove(statement, &mut self.counts);
        if balances == BalanceCurrencies::Differ {
            statement.balance_ok = Some(false);
        }
        common::keep(draft.statement, &mut self.statements, &mut self.bad);
    }

    fn finish(mut self) -> Result<FileContent, StatementError> {
        self.bad.refuse()?;
        if self.statements.is_empty() {
            return Err(StatementError::Empty {
                detail: "the CAMT.053 message has no `Stmt`".to_owned(),
            });
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
