//! Field 61: dates, mark, amount and references of one entry.

use crate::tabular::DecimalMark;
use chrono::{Datelike as _, NaiveDate};

use super::{
    super::common::{self, BadLines, DateLimits},
    field::Field,
};
use crate::domain::{
    signed::Signed,
    statement::{FindingKind, StatementFinding},
    time::Date,
};

/// The content of a field 61.
pub(super) struct Field61 {
    pub(super) place: u64,
    pub(super) booking_date: Date,
    pub(super) value_date: Date,
    pub(super) amount: Signed,
    pub(super) reversal: bool,
    /// Whether the mark says that it is expected and not booked.
    pub(super) expected: bool,
    pub(super) customer_reference: Option<String>,
    pub(super) bank_reference: Option<String>,
    /// The account of the other party, if the supplementary line is one, as Rabobank's is.
    pub(super) account: Option<String>,
    pub(super) supplement: Option<String>,
}

/// A date of an entry.
#[derive(Clone, Copy)]
pub(super) struct EntryDate {
    pub(super) date: Date,
    /// The day of February that only the year of banks has.
    bankers: Option<u32>,
}

/// Reads field 61, or notes everything that is wrong with it.
pub(super) fn read(
    field: &Field,
    limits: DateLimits,
    bad: &mut BadLines,
    findings: &mut Vec<StatementFinding>,
) -> Option<Field61> {
    let text = field.first().trim();
    let (value, rest) = split(text, 6);
    let (entry, rest) = split(rest.trim_start(), 4);
    let value = value
        .ok_or_else(|| "the date YYMMDD is missing".to_owned())
        .and_then(short_day);
    let day = bad.take(field.line, ":61: value date", value);
    let Some((mark, rest)) = mark(rest.trim_start()) else {
        let reason = "the dates are not followed by C, D, RC, RD, EC or ED";
        bad.push(field.line, ":61: mark", reason);
        return None;
    };
    // The third letter of the currency may be between mark and amount.
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
        common::amount(number, DecimalMark::Comma),
    );
    let booked = day.and_then(|day| booking_day(field.line, day, entry, limits, bad));
    let (day, booked, amount) = (day?, booked?, amount?);
    for (what, day) in [("value", day), ("entry", booked)] {
        findings.extend(day.finding(field.line, what));
    }
    let amount = match mark {
        "C" | "RD" | "EC" => Signed::credit(amount),
        _ => Signed::debit(amount),
    };
    let references = self::references(references);
    let supplement: Vec<&str> = field.lines().skip(1).collect();
    let supplement = common::filled(&supplement.join(" "));
    let account = supplement.clone().filter(|text| is_iban(text));
    Some(Field61 {
        place: field.line,
        booking_date: booked.date,
        value_date: day.date,
        amount,
        reversal: mark.starts_with('R'),
        expected: mark.starts_with('E'),
        customer_reference: references.customer,
        bank_reference: references.bank,
        supplement: supplement.filter(|_| account.is_none()),
        account,
    })
}

/// Splits off the mark of an entry.
fn mark(text: &str) -> Option<(&'static str, &str)> {
    ["RC", "RD", "EC", "ED", "C", "D"]
        .into_iter()
        .find_map(|mark| Some((mark, text.strip_prefix(mark)?)))
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

/// Returns the booking date: the entry date in the year that brings it nearest to the value date, or
/// the value date if there is no entry date.
fn booking_day(
    line: u64,
    value: EntryDate,
    entry: Option<&str>,
    limits: DateLimits,
    bad: &mut BadLines,
) -> Option<EntryDate> {
    let Some(entry) = entry.filter(|entry| *entry != "0000") else {
        let booked = limits.booked(value.date);
        return bad
            .take(line, ":61: value date", booked)
            .map(|date| EntryDate {
                date,
                bankers: None,
            });
    };
    bad.take(line, ":61: value date", limits.value(value.date))?;
    let (month, day) = entry.split_at_checked(2)?;
    let years = value.date.year().checked_sub(1)?..=value.date.year().checked_add(1)?;
    let near = years
        .filter_map(|year| calendar_day(year, month, day))
        .min_by_key(|day| day.date.signed_duration_since(value.date).num_days().abs());
    let found = near.ok_or_else(|| format!("`{month}-{day}` is not a date"));
    let found = found.and_then(|day| limits.booked(day.date).map(|_| day));
    bad.take(line, ":61: entry date", found)
}

/// Reads six digits as a date: years 80 to 99 are of the last century.
///
/// # Errors
/// The reason, if the text is not a date.
pub(super) fn short_day(text: &str) -> Result<EntryDate, String> {
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

/// Makes a date, with the 29th and 30th that February has in the 360 days of a bank's year.
fn calendar_day(year: i32, month: &str, day: &str) -> Option<EntryDate> {
    let (month, day): (u32, u32) = (month.parse().ok()?, day.parse().ok()?);
    if let Some(date) = NaiveDate::from_ymd_opt(year, month, day) {
        return Some(EntryDate {
            date,
            bankers: None,
        });
    }
    let last = NaiveDate::from_ymd_opt(year, 3, 1)?.pred_opt()?;
    (month == 2 && matches!(day, 29 | 30)).then_some(EntryDate {
        date: last,
        bankers: Some(day),
    })
}

impl EntryDate {
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

/// The references of an entry.
struct References {
    customer: Option<String>,
    bank: Option<String>,
}

/// Reads what follows the amount: a type of four letters, the customer's reference, and the bank's
/// after `//`.
fn references(text: &str) -> References {
    let typed = text.starts_with(['N', 'F', 'S']);
    let references = match text.split_at_checked(4) {
        Some((kind, rest)) if typed && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            rest
        }
        Some(_) | None => text,
    };
    let (customer, bank) = references.split_once("//").unwrap_or((references, ""));
    // These words only point to field 86.
    let is_pointer = matches!(
        customer.trim().trim_end_matches('+'),
        "EREF" | "KREF" | "PREF" | "MARF" | "MREF"
    );
    References {
        customer: common::reference(customer).filter(|_| !is_pointer),
        bank: common::reference(bank),
    }
}

/// Returns whether a text is an IBAN with valid check digits.
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
