//! Field 61: day, mark, amount and references of one entry.

use chrono::{Datelike as _, NaiveDate};

use super::{
    super::common::{self, Bad, Calendar, Mark},
    Field,
};
use crate::domain::{
    signed::Signed,
    statement::{FindingKind, StatementFinding},
    time::Date,
};

/// What field 61 says.
pub(super) struct Entry {
    pub(super) place: u64,
    pub(super) booking_date: Date,
    pub(super) value_date: Date,
    pub(super) amount: Signed,
    pub(super) reversal: bool,
    /// Whether the mark says that it is expected and not booked.
    pub(super) expected: bool,
    pub(super) customer_reference: Option<String>,
    pub(super) bank_reference: Option<String>,
    /// The other side's account, where the supplementary line is one, as Rabobank's is.
    pub(super) account: Option<String>,
    pub(super) supplement: Option<String>,
}

/// A day as it was read.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub(super) date: Date,
    /// The day of February that only the banks' year has.
    bankers: Option<u32>,
}

/// Reads field 61, or notes everything that is wrong with it.
pub(super) fn read(
    field: &Field,
    calendar: Calendar,
    bad: &mut Bad,
    findings: &mut Vec<StatementFinding>,
) -> Option<Entry> {
    let text = field.first().trim();
    let (value, rest) = split(text, 6);
    let rest = rest.trim_start();
    let (entry, rest) = match split(rest, 4) {
        (Some(entry), rest) => (Some(entry), rest),
        (None, _) => (None, rest),
    };
    let day = bad.take(
        field.line,
        ":61: value date",
        value
            .ok_or_else(|| "no day YYMMDD".to_owned())
            .and_then(short_day),
    );
    let rest = rest.trim_start();
    let mark = ["RC", "RD", "EC", "ED", "C", "D"]
        .into_iter()
        .find(|mark| rest.starts_with(mark));
    let Some((mark, rest)) = mark.and_then(|mark| Some((mark, rest.strip_prefix(mark)?))) else {
        bad.push(
            field.line,
            ":61: mark",
            "none of C, D, RC, RD, EC, ED stands after the days",
        );
        return None;
    };
    // The third letter of the currency may stand between mark and amount.
    let rest = rest
        .strip_prefix(|c: char| c.is_ascii_uppercase())
        .unwrap_or(rest)
        .trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
        .unwrap_or(rest.len());
    let (number, references) = rest.split_at_checked(end)?;
    let amount = bad.take(
        field.line,
        ":61: amount",
        common::amount(number, Mark::Comma),
    );
    let booked = day.and_then(|day| booking_day(field.line, day, entry, calendar, bad));
    let (day, booked, amount) = (day?, booked?, amount?);
    for (what, day) in [("value", day), ("entry", booked)] {
        findings.extend(day.finding(field.line, what));
    }
    let amount = match mark {
        "C" | "RD" | "EC" => Signed::credit(amount),
        _ => Signed::debit(amount),
    };
    let (customer, bank) = references_of(references);
    let supplement: Vec<&str> = field.lines().skip(1).collect();
    let supplement = common::filled(&supplement.join(" "));
    let account = supplement.clone().filter(|text| is_iban(text));
    Some(Entry {
        place: field.line,
        booking_date: booked.date,
        value_date: day.date,
        amount,
        reversal: mark.starts_with('R'),
        expected: mark.starts_with('E'),
        customer_reference: customer,
        bank_reference: bank,
        supplement: supplement.filter(|_| account.is_none()),
        account,
    })
}

/// Splits off a run of digits.
fn split(text: &str, digits: usize) -> (Option<&str>, &str) {
    match text.split_at_checked(digits) {
        Some((first, rest)) if first.bytes().all(|byte| byte.is_ascii_digit()) => {
            (Some(first), rest)
        }
        Some(_) | None => (None, text),
    }
}

/// Tells the day of booking: the entry date in the year that brings it nearest to the value date,
/// else the value date.
fn booking_day(
    line: u64,
    value: Day,
    entry: Option<&str>,
    calendar: Calendar,
    bad: &mut Bad,
) -> Option<Day> {
    let Some(entry) = entry.filter(|entry| *entry != "0000") else {
        let booked = calendar.booked(value.date);
        return bad.take(line, ":61: value date", booked).map(|date| Day {
            date,
            bankers: None,
        });
    };
    bad.take(line, ":61: value date", calendar.value(value.date))?;
    let (month, day) = entry.split_at_checked(2)?;
    let years = value.date.year().checked_sub(1)?..=value.date.year().checked_add(1)?;
    let near = years
        .filter_map(|year| calendar_day(year, month, day))
        .min_by_key(|day| day.date.signed_duration_since(value.date).num_days().abs());
    let found = near.ok_or_else(|| format!("`{month}-{day}` is not a day of any month"));
    let found = found.and_then(|day| calendar.booked(day.date).map(|_| day));
    bad.take(line, ":61: entry date", found)
}

/// Reads six digits as a day: years 80 to 99 are of the last century.
pub(super) fn short_day(text: &str) -> Result<Day, String> {
    let read = || {
        let (year, rest) = text.split_at_checked(2)?;
        let (month, day) = rest.split_at_checked(2)?;
        let year: i32 = if text.bytes().all(|byte| byte.is_ascii_digit()) {
            year.parse().ok()?
        } else {
            return None;
        };
        calendar_day(
            if year < 80 { 2000 + year } else { 1900 + year },
            month,
            day,
        )
    };
    read().ok_or_else(|| format!("`{}` is not a date YYMMDD", common::shown(text)))
}

/// Finds a day, with the 29th and 30th that February has in the banks' year of 360 days.
fn calendar_day(year: i32, month: &str, day: &str) -> Option<Day> {
    let (month, day): (u32, u32) = (month.parse().ok()?, day.parse().ok()?);
    if let Some(date) = NaiveDate::from_ymd_opt(year, month, day) {
        return Some(Day {
            date,
            bankers: None,
        });
    }
    let last = NaiveDate::from_ymd_opt(year, 3, 1)?.pred_opt()?;
    (month == 2 && matches!(day, 29 | 30)).then_some(Day {
        date: last,
        bankers: Some(day),
    })
}

impl Day {
    fn finding(self, line: u64, what: &str) -> Option<StatementFinding> {
        let detail = format!(
            "{what} date {} February was read as {}",
            self.bankers?, self.date
        );
        Some(StatementFinding {
            line: Some(line),
            ..StatementFinding::new(FindingKind::ValueDate, detail)
        })
    }
}

/// Reads what follows the amount: a type of four letters, the customer's reference, and the bank's
/// after `//`.
fn references_of(text: &str) -> (Option<String>, Option<String>) {
    let typed = text.starts_with(['N', 'F', 'S']);
    let references = match text.split_at_checked(4) {
        Some((kind, rest)) if typed && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            rest
        }
        Some(_) | None => text,
    };
    let (customer, bank) = references.split_once("//").unwrap_or((references, ""));
    // These words only point to field 86.
    let points = matches!(
        customer.trim().trim_end_matches('+'),
        "EREF" | "KREF" | "PREF" | "MARF" | "MREF"
    );
    (
        common::reference(customer).filter(|_| !points),
        common::reference(bank),
    )
}

/// Tells whether a text is an IBAN, by its check digits.
fn is_iban(text: &str) -> bool {
    let shaped = (15..=34).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let Some((head, tail)) = text.split_at_checked(4).filter(|_| shaped) else {
        return false;
    };
    let country = head.chars().take(2).all(|c| c.is_ascii_uppercase())
        && head.chars().skip(2).all(|c| c.is_ascii_digit());
    let digits = tail
        .chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36));
    // The remainder stays below 97, so no step passes 97 * 100 + 35.
    let remainder = digits.fold(0_u32, |rest, digit| {
        (rest * if digit < 10 { 10 } else { 100 } + digit) % 97
    });
    country && remainder == 1
}
