//! A `STMTTRN`: date, amount, references and words of one line.

use super::super::{
    common::{self, BadLines, DateLimits, DateText},
    direction::Direction,
};
use crate::domain::{
    currency::Currency,
    signed::Signed,
    statement::{SkippedRow, StatementLine},
    time::Date,
};
use crate::tabular::DecimalMark;

/// How many values of an aggregate are kept; OFX defines about thirty.
const MOST_VALUES: usize = 100;

/// A value, such as `<NAME>Okoro`.
#[derive(Debug)]
pub(super) struct OfxValue {
    pub(super) line: u64,
    pub(super) name: String,
    pub(super) text: String,
}

impl OfxValue {
    /// Creates a value without its text.
    pub(super) fn new(line: u64, name: String) -> Self {
        Self {
            line,
            name,
            text: String::new(),
        }
    }
}

/// The values of an aggregate.
#[derive(Debug, Default)]
pub(super) struct OfxValues {
    line: u64,
    values: Vec<OfxValue>,
}

/// A `STMTTRN`.
pub(super) struct OfxTransaction {
    pub(super) line: StatementLine,
    /// The direction that its type implies, if it implies one.
    pub(super) direction: Option<Direction>,
    /// What the line does to an earlier one, if the bank says so.
    pub(super) corrects: Option<String>,
}

impl OfxValues {
    /// Creates the empty values of an aggregate that begins on this line.
    pub(super) fn new(line: u64) -> Self {
        Self {
            line,
            values: Vec::new(),
        }
    }

    /// Adds a value. The first of a name counts.
    pub(super) fn set(&mut self, value: OfxValue) {
        if self.values.len() < MOST_VALUES
            && !self.values.iter().any(|other| other.name == value.name)
        {
            self.values.push(value);
        }
    }

    /// Finds a value that is not empty, with its line.
    pub(super) fn get(&self, name: &str) -> Option<(u64, &str)> {
        let value = self.values.iter().find(|value| value.name == name);
        value
            .map(|value| (value.line, value.text.trim()))
            .filter(|(_, text)| !text.is_empty())
    }

    fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", |(_, value)| value)
    }

    /// Joins name and memo; the name of the payee if there is no other.
    fn description(&self) -> String {
        let name = if self.get("NAME").is_some() {
            "NAME"
        } else {
            "PAYEE/NAME"
        };
        common::joined([self.text(name), self.text("EXTDNAME"), self.text("MEMO")])
    }

    /// Makes a skipped row of a pending transaction.
    pub(super) fn skipped(&self) -> SkippedRow {
        SkippedRow {
            place: self.line,
            reason: "pending".to_owned(),
            amount: signed(self.text("TRNAMT")).ok(),
            description: self.description(),
        }
    }

    /// Reads the value date. The outer `None` is a bad date.
    fn value_date(&self, limits: DateLimits, bad: &mut BadLines) -> Option<Option<Date>> {
        for name in ["DTAVAIL", "DTUSER"] {
            let Some((place, value)) = self.get(name) else {
                continue;
            };
            let date = day(value).and_then(|date| date.map(|date| limits.value(date)).transpose());
            if let Some(date) = bad.take(place, name, date)? {
                return Some(Some(date));
            }
        }
        Some(None)
    }

    /// Makes a line, or notes everything that is wrong with it.
    pub(super) fn read(
        &self,
        currency: Option<Currency>,
        limits: DateLimits,
        bad: &mut BadLines,
    ) -> Option<OfxTransaction> {
        let (place, posted) = self.get("DTPOSTED").unwrap_or((self.line, ""));
        let posted =
            day(posted).and_then(|day| day.ok_or_else(|| "the date is missing".to_owned()));
        let posted = bad.take(
            place,
            "DTPOSTED",
            posted.and_then(|date| limits.booked(date)),
        );
        let (place, amount) = self.get("TRNAMT").unwrap_or((self.line, ""));
        let amount = bad.take(place, "TRNAMT", signed(amount));
        let value_date = self.value_date(limits, bad)?;
        let foreign =
            |symbol: &str| currency.is_some_and(|own| !symbol.eq_ignore_ascii_case(own.code()));
        if let Some((place, symbol)) = self
            .get("CURRENCY/CURSYM")
            .filter(|(_, symbol)| foreign(symbol))
        {
            // The amount is then in that currency, and only the bank knows the amount that it
            // booked in the currency of the statement.
            let reason = format!(
                "the amount is in {}, not in the currency of the statement",
                common::shown(symbol)
            );
            bad.push(place, "CURRENCY", reason);
            return None;
        }
        let amount = amount?;
        let direction = direction(self.text("TRNTYPE"));
        let references = ["CHECKNUM", "REFNUM", "SRVRTID"];
        let line = StatementLine {
            place: self.line,
            booking_date: posted?,
            value_date,
            amount,
            balance: None,
            description: self.description(),
            reference: references
                .into_iter()
                .find_map(|name| common::reference(self.text(name))),
            bank_id: common::bank_id(self.text("FITID")),
            end_to_end: None,
            counterparty_name: common::filled(self.text("PAYEE/NAME")),
            counterparty_account: common::reference(self.text("TO/ACCTID")),
            reversal: false,
        };
        let corrects = self
            .get("CORRECTFITID")
            .map(|_| self.text("CORRECTACTION").to_ascii_lowercase());
        Some(OfxTransaction {
            line,
            direction,
            corrects: corrects.map(|action| common::shown(&action)),
        })
    }
}

/// Returns the direction that a transaction type implies. Transfers, `OTHER` and the like imply none.
fn direction(transaction_type: &str) -> Option<Direction> {
    match transaction_type {
        "DEBIT" | "FEE" | "SRVCHG" | "DIRECTDEBIT" | "PAYMENT" | "REPEATPMT" | "CHECK" | "ATM"
        | "POS" => Some(Direction::Out),
        "CREDIT" | "DEP" | "DIRECTDEP" => Some(Direction::In),
        _ => None,
    }
}

/// Returns whether the sign of an amount contradicts a direction.
pub(super) const fn contradicts(direction: Direction, amount: Signed) -> bool {
    match direction {
        Direction::Out => !amount.is_negative() && !amount.is_zero(),
        Direction::In => amount.is_negative(),
    }
}

/// Reads an amount with an optional sign and either decimal mark.
///
/// # Errors
/// The reason, if the text is not an amount.
pub(super) fn signed(text: &str) -> Result<Signed, String> {
    let text = text.trim();
    if let Some(out) = text.strip_prefix(['-', '\u{2212}']) {
        return common::amount(out, DecimalMark::Point).map(Signed::debit);
    }
    common::amount(text.strip_prefix('+').unwrap_or(text), DecimalMark::Point).map(Signed::credit)
}

/// Reads `20110331`, `20110331120000.000[-5:EST]` or `2011-03-31` as the date in the bank's own time
/// zone. An empty text or zeros mean that there is no date.
///
/// # Errors
/// The reason, if the text is not a date.
pub(super) fn day(text: &str) -> Result<Option<Date>, String> {
    let text = text.trim();
    if text.bytes().all(|byte| byte == b'0') {
        return Ok(None);
    }
    let not_one = || format!("`{}` is not a date", common::shown(text));
    let (written, _zone) = text.split_once('[').unwrap_or((text, ""));
    let (date, fraction) = written
        .trim_end()
        .split_once(['.', ',', ' ', 'T'])
        .unwrap_or((written.trim_end(), ""));
    if !fraction
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.')
    {
        return Err(not_one());
    }
    let digits = if date.len() == 10 && date.matches('-').count() == 2 {
        date.replace('-', "")
    } else {
        date.to_owned()
    };
    let shaped =
        (8..=14).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(year), Some(month), Some(day), true) =
        (digits.get(..4), digits.get(4..6), digits.get(6..8), shaped)
    else {
        return Err(not_one());
    };
    common::day(DateText { year, month, day }).map(Some)
}
