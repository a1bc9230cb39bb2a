//! ISO 20022 CAMT.053: a statement for each `Stmt`, a line for each booked `Ntry`.
//!
//! Elements are told by their local names, so that prefixes and versions do not matter; nothing but
//! one child of a `Stmt` is held in memory as a tree at a time.
//!
//! # Source
//! ISO 20022, BankToCustomerStatement, camt.053.001.02 to camt.053.001.08.

mod balance;
mod entry;
#[cfg(test)]
mod tests;
mod xml;

use self::{
    balance::Balances,
    entry::Entry,
    xml::{Element, Events, Step, Tree},
};
use super::{
    Options, Parsed, Unreadable,
    common::{self, Bad, Calendar, Tally},
};
use crate::domain::{
    currency::Currency,
    signed::Signed,
    statement::{FindingKind, SkippedRow, Statement, StatementFinding},
    time::Date,
};

/// The messages that are no statements, by the element below `Document`.
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
/// [`Unreadable`]: bad lines, broken XML, another message, or no statement.
pub(super) fn read(text: &str, options: &Options<'_>) -> Result<Parsed, Unreadable> {
    let mut events = Events::new(text);
    let mut reader = Reader {
        calendar: Calendar::new(options.today),
        bad: Bad::of(text),
        tally: Tally::default(),
        statements: Vec::new(),
    };
    let (mut document, mut message, mut other) = (false, false, None);
    let mut statement: Option<(usize, Draft)> = None;
    loop {
        match events.next()? {
            Step::Start(start) => match (start.name.as_str(), &mut statement) {
                (_, Some((depth, draft))) if events.depth() == *depth + 1 => {
                    let tree = events.tree(&start)?;
                    reader.child(draft, tree);
                }
                (_, Some(_)) => {}
                ("Stmt", None) if message => statement = Some((events.depth(), Draft::default())),
                ("BkToCstmrStmt", None) => message = true,
                ("Document", None) => document = true,
                (name, None) => {
                    other = other.or_else(|| OTHERS.iter().find(|(known, _)| *known == name))
                }
            },
            Step::Text => {}
            Step::End => {
                if let Some((_, draft)) = statement.take_if(|(depth, _)| events.depth() < *depth) {
                    reader.close(draft);
                }
            }
            Step::Eof => break,
        }
    }
    if !message {
        let what = if document {
            "an ISO 20022 message that is no CAMT.053"
        } else {
            "an XML file of another kind"
        };
        return Err(Unreadable::NotAStatement {
            what: other.map_or(what, |(_, what)| what),
        });
    }
    reader.finish()
}

/// What was read of a `Stmt` so far.
#[derive(Default)]
struct Draft {
    statement: Statement,
    balances: Balances,
    /// The currency of the account, where the file tells it.
    account_currency: Option<Currency>,
    /// The currency of the first entry.
    entry_currency: Option<Currency>,
    counted: Counted,
    summary: Option<Tree>,
}

/// The entries of a statement, counted as `TxsSummry` counts them.
#[derive(Default)]
struct Counted {
    credits: (u64, Signed),
    debits: (u64, Signed),
}

/// The state of reading a message.
struct Reader {
    calendar: Calendar,
    bad: Bad,
    tally: Tally,
    statements: Vec<Statement>,
}

impl Reader {
    /// Takes a child of a `Stmt`.
    fn child(&mut self, draft: &mut Draft, tree: Tree) {
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
            "Bal" => draft.balances.add(element, self.calendar, &mut self.bad),
            "TxsSummry" => draft.summary = Some(tree),
            "Ntry" => {
                if let Some(entry) = entry::read(element, self.calendar, &mut self.bad) {
                    self.entry(draft, entry);
                }
            }
            _ => {}
        }
    }

    fn period(&mut self, element: Element<'_>) -> Option<(Date, Date)> {
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
        Some((end(["FrDtTm", "FrDt"])?, end(["ToDtTm", "ToDt"])?))
    }

    /// Takes an entry: a booked one is a line, any other is skipped and listed.
    fn entry(&mut self, draft: &mut Draft, entry: Entry) {
        let line = entry.line;
        let expected = *draft.entry_currency.get_or_insert(entry.currency);
        let expected = draft.account_currency.unwrap_or(expected);
        if entry.currency != expected {
            let reason = format!(
                "the entry is in {}, the account in {}",
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
        draft.counted.add(entry.credit, line.amount);
        draft.statement.lines.push(line);
    }

    /// Makes a statement of a `Stmt` that is complete.
    fn close(&mut self, mut draft: Draft) {
        let statement = &mut draft.statement;
        let balance_currency = draft.balances.currency();
        let currency = draft
            .account_currency
            .or(draft.entry_currency)
            .or(balance_currency);
        statement.currency = currency;
        let foreign = draft.balances.choose(statement, currency);
        if let Some(summary) = &draft.summary {
            statement
                .findings
                .extend(draft.counted.compare(summary.root()));
        }
        common::oldest_first(statement, &mut self.tally);
        common::prove(statement, &mut self.tally);
        if foreign {
            statement.balance_ok = Some(false);
        }
        common::keep(draft.statement, &mut self.statements, &mut self.bad);
    }

    fn finish(mut self) -> Result<Parsed, Unreadable> {
        self.bad.refuse()?;
        if self.statements.is_empty() {
            return Err(Unreadable::Empty {
                detail: "the CAMT.053 message has no `Stmt`".to_owned(),
            });
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

/// The side of an account that an entry stands on, as `CdtDbtInd` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Credit,
    Debit,
}

impl Counted {
    fn add(&mut self, side: Side, amount: Signed) {
        let (count, sum) = match side {
            Side::Credit => &mut self.credits,
            Side::Debit => &mut self.debits,
        };
        *count += 1;
        let magnitude = if amount.is_negative() {
            amount.negated()
        } else {
            amount
        };
        // Lines have 13 digits before the point and a sum 21, so a file would need a hundred
        // million lines to pass it.
        *sum = sum.checked_add(magnitude).unwrap_or(*sum);
    }

    /// Compares what the file states with what was counted.
    fn compare(&self, summary: Element<'_>) -> Option<StatementFinding> {
        let total = (
            self.credits.0 + self.debits.0,
            self.credits.1.checked_add(self.debits.1),
        );
        let sides = [
            ("TtlNtries", "all entries", total.0, total.1),
            (
                "TtlCdtNtries",
                "credits",
                self.credits.0,
                Some(self.credits.1),
            ),
            ("TtlDbtNtries", "debits", self.debits.0, Some(self.debits.1)),
        ];
        let mut wrong = Vec::new();
        for (name, words, count, sum) in sides {
            if let Some(stated) = summary
                .text_at(&[name, "NbOfNtries"])
                .filter(|stated| stated.trim().parse() != Ok(count))
            {
                wrong.push(format!(
                    "{words}: {} stated, {count} found",
                    common::shown(stated)
                ));
            }
            let stated = summary.text_at(&[name, "Sum"]);
            let same = |stated: &&str| {
                entry::plain_amount(stated).is_ok_and(|stated| Some(Signed::from(stated)) == sum)
            };
            if let Some(stated) = stated.filter(|stated| !same(stated)) {
                let found = sum.map(|sum| sum.plain(2)).unwrap_or_default();
                wrong.push(format!(
                    "sum of {words}: {} stated, {found} found",
                    common::shown(stated)
                ));
            }
        }
        let net = self
            .credits
            .1
            .checked_sub(self.debits.1)
            .map(|net| Signed::from(net.magnitude()));
        // Version 2 writes the net amount beside its side, later ones in an element of its own.
        let stated = [
            &["TtlNtries", "TtlNetNtry", "Amt"][..],
            &["TtlNtries", "TtlNetNtryAmt"],
        ];
        let same = |stated: &&str| {
            entry::plain_amount(stated).is_ok_and(|stated| Some(Signed::from(stated)) == net)
        };
        if let Some(stated) = stated
            .into_iter()
            .find_map(|path| summary.text_at(path))
            .filter(|stated| !same(stated))
        {
            let found = net.map(|net| net.plain(2)).unwrap_or_default();
            wrong.push(format!(
                "net: {} stated, {found} found",
                common::shown(stated)
            ));
        }
        let detail = wrong.join("; ");
        let finding = StatementFinding::new(FindingKind::Summary, detail);
        (!wrong.is_empty()).then_some(StatementFinding {
            line: Some(summary.line()),
            ..finding
        })
    }
}
