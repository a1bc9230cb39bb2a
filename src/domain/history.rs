//! Past events that are imported as they were: amounts are taken as given and checked to add up.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    allocation::{Balance, BalanceParts},
    bad_line::BadLine,
    code::Code,
    currency::Currency,
    event::EventType,
    id::{HolderRef, ProjectId},
    quantity::{Amount, Tokens, Total},
    time::Date,
};

mod event;

pub use event::{EventFrame, ImportedAllocation, allocations, imported_event};

/// What every row of an event repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedHead {
    /// The code of the event.
    pub code: Code,
    /// Its title.
    pub title: String,
    /// Where the proceeds came from.
    pub event_type: EventType,
    /// The day of the distribution.
    pub distribution_date: Date,
    /// The day whose holdings counted.
    pub record_date: Date,
}

/// What was paid of a holder's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedPayment {
    /// How much.
    pub amount: Amount,
    /// The reference; other payments may have it too.
    pub reference: String,
    /// The bank's day.
    pub value_date: Date,
}

/// What a holder had in a past event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedShare {
    /// The tokens held on the record date.
    pub tokens: Tokens,
    /// The gross share.
    pub gross: Amount,
    /// The tax that was withheld from it.
    pub tax: Amount,
    /// The payment, if any of it was paid.
    pub payment: Option<ImportedPayment>,
}

/// A row of a file of past events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedRow<H> {
    /// The number of the line.
    pub line: u64,
    /// The event.
    pub head: ImportedHead,
    /// The holder.
    pub holder: H,
    /// What the holder had.
    pub share: ImportedShare,
}

/// A past event with what its holders had, in order of their codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedEvent {
    /// The event.
    pub head: ImportedHead,
    /// The rows.
    pub rows: Vec<ImportedRow<HolderRef>>,
    /// What they add up to.
    pub balance: Balance,
}

/// What a proposal to import past events makes; its rows are in the ledger next to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryImport {
    /// The project.
    pub project: ProjectId,
    /// The SHA-256 of the file.
    pub file_hash: String,
    /// How many events.
    pub events: u64,
    /// How many rows.
    pub rows: u64,
}

/// Against what a row is checked.
#[derive(Clone, Copy, Debug)]
pub struct ImportTerms {
    /// The project's currency.
    pub currency: Currency,
    /// The last day that is not in the future.
    pub today: Date,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCell {
    /// The column.
    pub column: &'static str,
    /// What is wrong.
    pub reason: String,
}

impl ImportedShare {
    /// Returns what was paid.
    pub fn paid(&self) -> Amount {
        self.payment
            .as_ref()
            .map_or(Amount::ZERO, |payment| payment.amount)
    }

    /// Returns what became of the gross share, or `None` if more was withheld and paid than it is.
    pub fn balance(&self) -> Option<Balance> {
        Balance::rebuild(BalanceParts {
            allocated: self.gross,
            tax: self.tax,
            withdrawn: self.paid(),
            ..Balance::NONE.parts()
        })
    }
}

impl<H> ImportedRow<H> {
    /// Returns everything that is wrong with the row by itself.
    pub fn check(&self, terms: ImportTerms) -> Vec<BadCell> {
        let (head, share) = (&self.head, &self.share);
        let mut bad = Vec::new();
        let mut refuse = |column, reason| bad.push(BadCell { column, reason });
        if share.tokens.is_zero() {
            let reason = "write the tokens that the holder had on the record date; nobody without tokens has a part";
            refuse("tokens", reason.to_owned());
        }
        let unit = terms.currency.minor_unit();
        let (gross, tax, paid) = (share.gross, share.tax, share.paid());
        let decimals = terms.currency.decimals();
        let shown = |amount: Amount| amount.plain(decimals);
        for (column, amount) in [("gross", gross), ("tax", tax), ("paid", paid)] {
            if !amount.is_multiple_of(unit) {
                let reason = format!(
                    "{} has more decimals than {} has; the smallest amount is {}",
                    shown(amount),
                    terms.currency,
                    shown(unit)
                );
                refuse(column, reason);
            }
        }
        match gross.checked_sub(tax) {
            None => refuse(
                "tax",
                format!("{} is above the gross amount {}", shown(tax), shown(gross)),
            ),
            Some(net) if paid > net => {
                let reason = format!(
                    "{} is above the net amount {} ({} less {} tax)",
                    shown(paid),
                    shown(net),
                    shown(gross),
                    shown(tax)
                );
                refuse("paid", reason);
            }
            Some(_) => {}
        }
        if head.distribution_date > terms.today {
            let reason = format!("{} is in the future", head.distribution_date);
            refuse("date", reason);
        }
        if head.record_date > head.distribution_date {
            let reason = format!(
                "{} is after the date of the event, {}",
                head.record_date, head.distribution_date
            );
            refuse("record_date", reason);
        }
        if let Some(ImportedPayment { value_date, .. }) = &share.payment {
            if *value_date > terms.today {
                refuse("value_date", format!("{value_date} is in the future"));
            }
            if *value_date < head.distribution_date {
                let reason = format!(
                    "{value_date} is before the date of the event, {}",
                    head.distribution_date
                );
                refuse("value_date", reason);
            }
        }
        bad
    }
}

/// Compares the rows of a file with each other as they are read: all rows of an event say the same of
/// it, and no holder is in an event twice.
#[derive(Debug, Default)]
pub struct RowComparison {
    heads: HashMap<String, (u64, ImportedHead)>,
    holders: HashMap<(String, String), u64>,
}

impl RowComparison {
    /// Compares a row with those before it.
    pub fn add(&mut self, row: &ImportedRow<Code>) -> Vec<BadCell> {
        let (line, head) = (row.line, &row.head);
        let event = head.code.as_str().to_ascii_lowercase();
        let mut bad = Vec::new();
        let (first, known) = self
            .heads
            .entry(event.clone())
            .or_insert_with(|| (line, head.clone()));
        let sides = [
            ("title", head.title.clone(), known.title.clone()),
            (
                "type",
                head.event_type.to_string(),
                known.event_type.to_string(),
            ),
            (
                "date",
                head.distribution_date.to_string(),
                known.distribution_date.to_string(),
            ),
            (
                "record_date",
                head.record_date.to_string(),
                known.record_date.to_string(),
            ),
        ];
        for (column, here, there) in sides {
            if here != there {
                let reason = format!("`{here}`, but line {first} of this event says `{there}`");
                bad.push(BadCell { column, reason });
            }
        }
        let holder = row.holder.to_string().to_ascii_lowercase();
        if let Some(first) = self.holders.insert((event, holder), line) {
            let reason = format!(
                "`{}` is already on line {first} of the event `{}`; write one row for a holder",
                row.holder, head.code
            );
            bad.push(BadCell {
                column: "holder",
                reason,
            });
        }
        bad
    }
}

/// Puts the rows of each event together, in order of dates and codes.
///
/// # Errors
/// The first lines of events that have no money, or too much.
pub fn events_of(rows: Vec<ImportedRow<HolderRef>>) -> Result<Vec<ImportedEvent>, Vec<BadLine>> {
    let mut by_code: BTreeMap<(Date, String), Vec<ImportedRow<HolderRef>>> = BTreeMap::new();
    for row in rows {
        let code = row.head.code.as_str().to_ascii_lowercase();
        by_code
            .entry((row.head.distribution_date, code))
            .or_default()
            .push(row);
    }
    let (mut events, mut bad) = (Vec::new(), Vec::new());
    for mut rows in by_code.into_values() {
        let Some(first) = rows.first() else { continue };
        let (line, head) = (first.line, first.head.clone());
        rows.sort_by(|a, b| a.holder.code.cmp(&b.holder.code));
        let mut refuse = |reason: &str| {
            bad.push(BadLine {
                line,
                column: Some("gross".to_owned()),
                code: None,
                reason: format!("the event `{}` {reason}", head.code),
            });
        };
        match balance_of(&rows) {
            None => refuse("adds up to too much"),
            Some(balance) if balance.allocated().is_zero() => refuse("has no money"),
            Some(balance) => events.push(ImportedEvent {
                head,
                rows,
                balance,
            }),
        }
    }
    if bad.is_empty() { Ok(events) } else { Err(bad) }
}

fn balance_of(rows: &[ImportedRow<HolderRef>]) -> Option<Balance> {
    let sum = |of: fn(&ImportedShare) -> Amount| {
        let sum: Option<Total> = rows.iter().map(|row| of(&row.share)).sum();
        Amount::from_units(sum?.units())
    };
    Balance::rebuild(BalanceParts {
        allocated: sum(|share| share.gross)?,
        tax: sum(|share| share.tax)?,
        withdrawn: sum(ImportedShare::paid)?,
        ..Balance::NONE.parts()
    })
}

/// Sums of past events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportSums {
    /// How many rows.
    pub rows: u64,
    /// The gross amounts.
    pub gross: Total,
    /// The taxes.
    pub tax: Total,
    /// What was paid.
    pub paid: Total,
    /// What is left, which becomes available.
    pub available: Total,
}

impl ImportSums {
    const NONE: Self = Self {
        rows: 0,
        gross: Total::ZERO,
        tax: Total::ZERO,
        paid: Total::ZERO,
        available: Total::ZERO,
    };

    fn plus(self, balance: Balance) -> Option<Self> {
        let sum = |sum: Total, amount: Amount| sum.checked_add(amount.widen());
        Some(Self {
            rows: self.rows.checked_add(1)?,
            gross: sum(self.gross, balance.allocated())?,
            tax: sum(self.tax, balance.tax())?,
            paid: sum(self.paid, balance.withdrawn())?,
            available: sum(self.available, balance.available())?,
        })
    }
}

/// What an import is about, as a second person looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSummary {
    /// The currency.
    pub currency: Currency,
    /// The events with their sums, in order of dates and codes; their rows are their holders.
    pub events: Vec<(ImportedHead, ImportSums)>,
    /// The holders with their sums, in order of codes; their rows are their events.
    pub holders: Vec<(HolderRef, ImportSums)>,
    /// All of it.
    pub total: ImportSums,
}

/// How many events and holders a sentence names.
const NAMED: usize = 5;

impl ImportSummary {
    /// Adds events up, or returns `None` if they are too much.
    pub fn of(currency: Currency, events: &[ImportedEvent]) -> Option<Self> {
        let mut summary = Self {
            currency,
            events: Vec::with_capacity(events.len()),
            holders: Vec::new(),
            total: ImportSums::NONE,
        };
        let mut holders: BTreeMap<&Code, (&HolderRef, ImportSums)> = BTreeMap::new();
        for event in events {
            let mut sums = ImportSums::NONE;
            for row in &event.rows {
                let balance = row.share.balance()?;
                sums = sums.plus(balance)?;
                summary.total = summary.total.plus(balance)?;
                let of_holder = holders
                    .entry(&row.holder.code)
                    .or_insert((&row.holder, ImportSums::NONE));
                of_holder.1 = of_holder.1.plus(balance)?;
            }
            summary.events.push((event.head.clone(), sums));
        }
        let holders = holders.into_values();
        summary.holders = holders
            .map(|(holder, sums)| (holder.clone(), sums))
            .collect();
        Some(summary)
    }

    /// Returns all that was allocated, or `None` if it is too much for one amount.
    pub fn gross(&self) -> Option<Amount> {
        Amount::from_units(self.total.gross.units())
    }

    /// Says what an approval does: the totals, and the first events and holders with theirs.
    pub fn detail(&self) -> String {
        let decimals = self.currency.decimals();
        let sums = |of: &ImportSums| {
            format!(
                "gross {}, tax {}, paid {}, available {}",
                of.gross.plain(decimals),
                of.tax.plain(decimals),
                of.paid.plain(decimals),
                of.available.plain(decimals)
            )
        };
        let events = self
            .events
            .iter()
            .map(|(head, of)| format!("{} ({})", head.code, sums(of)));
        let holders = self
            .holders
            .iter()
            .map(|(holder, of)| format!("{} ({})", holder.code, sums(of)));
        format!(
            "imports {} of the past in {}: {}; events: {}; holders: {}",
            count(self.events.len(), "event"),
            self.currency,
            sums(&self.total),
            first_of(events),
            first_of(holders)
        )
    }
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn first_of(mut names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut named: Vec<String> = names.by_ref().take(NAMED).collect();
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    named.join(", ")
}

#[cfg(test)]
mod tests;
