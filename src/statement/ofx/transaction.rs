//! A `STMTTRN`: day, amount, references and words of one line.

use super::super::common::{self, Bad, Calendar, Mark};
use crate::domain::{
    currency::Currency,
    signed::Signed,
    statement::{SkippedRow, StatementLine},
    time::Date,
};

/// How many values of an aggregate are kept; OFX defines about thirty.
const MOST_VALUES: usize = 100;

/// The values of an aggregate, with their lines.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    line: u64,
    values: Vec<(u64, String, String)>,
}

/// Where the money of a line goes, by the type of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Out of the account.
    Out,
    /// Into the account.
    In,
}

/// A line and what the statement needs to know of it.
pub(super) struct Transaction {
    pub(super) line: StatementLine,
    /// What its type says of its direction, where it says anything.
    pub(super) says: Option<Direction>,
    /// What the line does to an earlier one, where the bank says it.
    pub(super) corrects: Option<String>,
}

impl Leaves {
    /// Begins on a line.
    pub(super) fn new(line: u64) -> Self {
        Self {
            line,
            values: Vec::new(),
        }
    }

    /// Keeps a value; the first of a name counts.
    pub(super) fn set(&mut self, line: u64, name: String, value: String) {
        if self.values.len() < MOST_VALUES
            && !self.values.iter().any(|(_, known, _)| *known == name)
        {
            self.values.push((line, name, value));
        }
    }

    /// Finds a value that is not empty, with its line.
    pub(super) fn get(&self, name: &str) -> Option<(u64, &str)> {
        let found = self.values.iter().find(|(_, known, _)| known == name);
        found
            .map(|(line, _, value)| (*line, value.trim()))
            .filter(|(_, value)| !value.is_empty())
    }

    fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", |(_, value)| value)
    }

    /// Puts name and memo together, the name of the payee where there is no other.
    fn description(&self) -> String {
        let name = if self.get("NAME").is_some() {
            "NAME"
        } else {
            "PAYEE/NAME"
        };
        common::joined([self.text(name), self.text("EXTDNAME"), self.text("MEMO")])
    }

    /// Makes a row of a pending transaction.
    pub(super) fn skipped(&self) -> SkippedRow {
        SkippedRow {
            place: self.line,
            reason: "pending".to_owned(),
            amount: signed(self.text("TRNAMT")).ok(),
            description: self.description(),
        }
    }

    /// Makes a line, or notes everything that is wrong with it.
    pub(super) fn read(
        &self,
        currency: Option<Currency>,
        calendar: Calendar,
        bad: &mut Bad,
    ) -> Option<Transaction> {
        let (place, posted) = self.get("DTPOSTED").unwrap_or((self.line, ""));
        let posted = day(posted).and_then(|day| day.ok_or_else(|| "no date".to_owned()));
        let posted = bad.take(
            place,
            "DTPOSTED",
            posted.and_then(|date| calendar.booked(date)),
        );
        let (place, amount) = self.get("TRNAMT").unwrap_or((self.line, ""));
        let amount = bad.take(place, "TRNAMT", signed(amount));
        let mut value_date = None;
        for name in ["DTAVAIL", "DTUSER"] {
            let Some((place, value)) = self.get(name).filter(|_| value_date.is_none()) else {
                continue;
            };
            let read =
                day(value).and_then(|date| date.map(|date| calendar.value(date)).transpose());
            value_date = bad.take(place, name, read)?;
        }
        let foreign =
            |symbol: &str| currency.is_some_and(|own| !symbol.eq_ignore_ascii_case(own.code()));
        if let Some((place, symbol)) = self
            .get("CURRENCY/CURSYM")
            .filter(|(_, symbol)| foreign(symbol))
        {
            // The amount is then in that currency and not in the statement's; only the bank knows
            // the sum it booked.
            let reason = format!(
                "the amount is in {}, not in the currency of the statement",
                common::shown(symbol)
            );
            bad.push(place, "CURRENCY", reason);
            return None;
        }
        let amount = amount?;
        let says = Direction::of(self.text("TRNTYPE"));
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
        Some(Transaction {
            line,
            says,
            corrects: corrects.map(|action| common::shown(&action)),
        })
    }
}

impl Direction {
    /// Reads a transaction type. Transfers, `OTHER` and the like say nothing.
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "DEBIT" | "FEE" | "SRVCHG" | "DIRECTDEBIT" | "PAYMENT" | "REPEATPMT" | "CHECK"
            | "ATM" | "POS" => Some(Self::Out),
            "CREDIT" | "DEP" | "DIRECTDEP" => Some(Self::In),
            _ => None,
        }
    }

    /// Tells whether an amount has the other sign.
    pub(super) const fn is_against(self, amount: Signed) -> bool {
        match self {
            Self::Out => !amount.is_negative() && !amount.is_zero(),
            Self::In => amount.is_negative(),
        }
    }
}

/// Reads an amount with an optional sign and either decimal mark.
pub(super) fn signed(text: &str) -> Result<Signed, String> {
    let text = text.trim();
    if let Some(out) = text.strip_prefix(['-', '\u{2212}']) {
        return common::amount(out, Mark::Point).map(Signed::debit);
    }
    common::amount(text.strip_prefix('+').unwrap_or(text), Mark::Point).map(Signed::credit)
}

/// Reads `20110331`, `20110331120000.000[-5:EST]` or `2011-03-31` as the day that is written, which
/// is the bank's own. Zeros and nothing are no day.
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
    common::day(year, month, day).map(Some)
}
