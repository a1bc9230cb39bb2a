//! Dates and instants as the ledger writes them.

use std::fmt;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text::excerpt;

/// A calendar day, written `YYYY-MM-DD`.
pub type Date = NaiveDate;

/// The last day that can be written down: no entry is effective after it.
pub const LAST_DATE: Date = match NaiveDate::from_ymd_opt(2999, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

/// A calendar month, written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
    last: Date,
}

/// Why a text is not a month.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a month; write YYYY-MM, like 2026-03")]
pub struct NotAMonth(String);

impl Month {
    /// Reads a month of exactly the form `YYYY-MM`, years 1900 to 2999.
    ///
    /// # Errors
    /// [`NotAMonth`] for other forms.
    pub fn parse(text: &str) -> Result<Self, NotAMonth> {
        let first = parse_date(&format!("{text}-01")).ok();
        let last = first.and_then(|first| first.checked_add_months(Months::new(1))?.pred_opt());
        first
            .zip(last)
            .map(|(first, last)| Self { first, last })
            .ok_or_else(|| NotAMonth(excerpt(text, 30)))
    }

    /// Returns its first day.
    pub const fn first(self) -> Date {
        self.first
    }

    /// Returns its last day.
    pub const fn last(self) -> Date {
        self.last
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// All days from a first to a last one, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    /// The first day.
    pub first: Date,
    /// The last day, which is not before the first.
    pub last: Date,
}

impl DayRange {
    /// Joins two days, unless the last one is before the first.
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Returns the range from the earliest to the latest of some days, if there is one.
    pub fn of(days: impl Iterator<Item = Date> + Clone) -> Option<Self> {
        Self::new(days.clone().min()?, days.max()?)
    }

    /// Returns whether a day is one of them.
    pub fn contains(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// A moment in UTC with microseconds, written `2026-01-31T16:05:09.000001Z`; text and time sort
/// alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotADate {
    /// It has another form.
    #[error("`{0}` is not a date; write YYYY-MM-DD, like 2026-03-31")]
    Form(String),
    /// It has another form, and can mean only one day.
    #[error("`{0}` is not a date; did you mean {1}?")]
    Meant(String, Date),
    /// It has another form, and may mean one of two days.
    #[error("`{0}` may be {1} or {2}; write it as YYYY-MM-DD")]
    OneOfTwo(String, Date, Date),
    /// The month has fewer days.
    #[error("`{text}` is not a date: {month} has {days} days")]
    NoSuchDay {
        /// What was written.
        text: String,
        /// The month and year.
        month: String,
        /// How many days it has.
        days: u8,
    },
}

/// Reads a date of exactly the form `YYYY-MM-DD`, years 1900 to 2999.
///
/// # Errors
/// [`NotADate`] for other forms and for days that no calendar has.
pub fn parse_date(text: &str) -> Result<Date, NotADate> {
    let parts = numbers(text, '-', [4, 2, 2]);
    let date = parts.and_then(|[year, month, day]| day_of(year, month, day));
    date.ok_or_else(|| not_a_date(text, parts))
}

/// Reads three numbers of these lengths with a separator between them.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next()?;
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        *number = (part.len() == length && is_number).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

fn day_of(year: u32, month: u32, day: u32) -> Option<Date> {
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    (1900..3000).contains(&date.year()).then_some(date)
}

/// Says what is wrong with a text, and what it most likely means.
fn not_a_date(text: &str, parts: Option<[u32; 3]>) -> NotADate {
    let shown = excerpt(text, 30);
    if let Some([year, month, _]) = parts {
        return match day_of(year, month, 1) {
            None => NotADate::Form(shown),
            Some(first) => NotADate::NoSuchDay {
                text: shown,
                month: first.format("%B %Y").to_string(),
                days: first.num_days_in_month(),
            },
        };
    }
    // The year first, parted in another way.
    let year_first = ['/', '.'].into_iter().find_map(|separator| {
        let shapes = [(1, 1), (1, 2), (2, 1), (2, 2)];
        let mut shapes = shapes.into_iter();
        shapes.find_map(|(one, two)| numbers(text, separator, [4, one, two]))
    });
    let year_first = year_first.and_then(|[year, month, day]| day_of(year, month, day));
    if let Some(day) = year_first {
        return NotADate::Meant(shown, day);
    }
    // As people write days: the day or the month first, both with one or two digits.
    let separators = ['/', '.', '-'];
    let given = separators.into_iter().find_map(|separator| {
        let shapes = [(1, 1), (1, 2), (2, 1), (2, 2)];
        let mut shapes = shapes.into_iter();
        shapes.find_map(|(one, two)| numbers(text, separator, [one, two, 4]))
    });
    let Some([one, two, year]) = given else {
        return NotADate::Form(shown);
    };
    match (day_of(year, two, one), day_of(year, one, two)) {
        (Some(day_first), Some(month_first)) if day_first != month_first => {
            NotADate::OneOfTwo(shown, day_first, month_first)
        }
        (Some(day), _) | (None, Some(day)) => NotADate::Meant(shown, day),
        (None, None) => NotADate::Form(shown),
    }
}

impl Instant {
    /// Takes a clock's reading, cut to microseconds.
    pub fn new(time: DateTime<Utc>) -> Self {
        let micros = time.timestamp_micros();
        Self(DateTime::from_timestamp_micros(micros).unwrap_or(time))
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let part = |text: &str, range: std::ops::Range<usize>| -> Option<u32> {
            let digits = text
                .get(range)
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse().ok()
        };
        let punctuated = |at: usize| time.as_bytes().get(at).copied();
        if time.len() != 15
            || [punctuated(2), punctuated(5), punctuated(8)] != [Some(b':'), Some(b':'), Some(b'.')]
        {
            return None;
        }
        let (hour, minute, second, micro) = (
            part(time, 0..2)?,
            part(time, 3..5)?,
            part(time, 6..8)?,
            part(time, 9..15)?,
        );
        Some(Self(
            parse_date(date)
                .ok()?
                .and_hms_micro_opt(hour, minute, second, micro)?
                .and_utc(),
        ))
    }

    /// Returns the moment one microsecond later.
    pub fn next(self) -> Option<Self> {
        self.0
            .checked_add_signed(TimeDelta::microseconds(1))
            .map(Self)
    }

    /// Returns the last moment of a day in UTC.
    pub fn end_of(day: Date) -> Option<Self> {
        let next_day = day
            .checked_add_days(Days::new(1))?
            .and_hms_opt(0, 0, 0)?
            .and_utc();
        next_day
            .checked_sub_signed(TimeDelta::microseconds(1))
            .map(Self)
    }

    /// Returns the first moment of a day in UTC.
    pub fn start_of(day: Date) -> Option<Self> {
        day.and_hms_opt(0, 0, 0)
            .map(|midnight| Self(midnight.and_utc()))
    }

    /// Returns the UTC day.
    pub fn date(self) -> Date {
        self.0.date_naive()
    }

    /// Returns whole seconds and nanoseconds since 1970, or `None` before it.
    pub fn since_epoch(self) -> Option<(u64, u32)> {
        Some((
            u64::try_from(self.0.timestamp()).ok()?,
            self.0.timestamp_subsec_nanos(),
        ))
    }

    /// Returns how many whole seconds it is before `later`; negative if it is after it.
    pub fn seconds_behind(self, later: Self) -> i64 {
        later.0.signed_duration_since(self.0).num_seconds()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By hand and digit by digit, since lists and bulk work write millions of these.
        let (date, time) = (self.0.date_naive(), self.0.time());
        let Ok(year @ 0..=9999) = u32::try_from(date.year()) else {
            return write!(f, "{date}T{time}Z");
        };
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        put(&mut text[0..4], year);
        put(&mut text[5..7], date.month());
        put(&mut text[8..10], date.day());
        put(&mut text[11..13], time.hour());
        put(&mut text[14..16], time.minute());
        put(&mut text[17..19], time.second());
        put(&mut text[20..26], self.0.timestamp_subsec_micros());
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// Writes a number's last digits into a place.
fn put(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        // A remainder of ten always fits.
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an instant"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_one_form() {
        assert_eq!(parse_date("2024-02-29").unwrap().to_string(), "2024-02-29");
        for bad in [
            "2023-02-29",
            "2026-1-01",
            "01-01-2026",
            "2026-01-01 ",
            "20260101",
            "+026-01-01",
            "0001-01-01",
        ] {
            assert!(parse_date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_a_date_is_answered_with_the_day_that_is_meant() {
        for (text, answer) in [
            (
                "2026-02-30",
                "`2026-02-30` is not a date: February 2026 has 28 days",
            ),
            (
                "2024-02-30",
                "`2024-02-30` is not a date: February 2024 has 29 days",
            ),
            (
                "2026-04-31",
                "`2026-04-31` is not a date: April 2026 has 30 days",
            ),
            (
                "31/12/2025",
                "`31/12/2025` is not a date; did you mean 2025-12-31?",
            ),
            (
                "12/31/2025",
                "`12/31/2025` is not a date; did you mean 2025-12-31?",
            ),
            (
                "5.5.2025",
                "`5.5.2025` is not a date; did you mean 2025-05-05?",
            ),
            (
                "3/4/2025",
                "`3/4/2025` may be 2025-04-03 or 2025-03-04; write it as YYYY-MM-DD",
            ),
            (
                "31/02/2025",
                "`31/02/2025` is not a date; write YYYY-MM-DD, like 2026-03-31",
            ),
            (
                "2026-13-01",
                "`2026-13-01` is not a date; write YYYY-MM-DD, like 2026-03-31",
            ),
            (
                "soon",
                "`soon` is not a date; write YYYY-MM-DD, like 2026-03-31",
            ),
        ] {
            assert_eq!(parse_date(text).unwrap_err().to_string(), answer);
        }
    }

    #[test]
    fn a_month_has_one_form_and_knows_its_days() {
        for (text, last) in [
            ("2024-02", "2024-02-29"),
            ("2026-12", "2026-12-31"),
            ("2999-12", "2999-12-31"),
        ] {
            let month = Month::parse(text).unwrap();
            assert_eq!(
                (month.to_string(), month.last().to_string()),
                (text.to_owned(), last.to_owned())
            );
            assert_eq!(month.first().to_string(), format!("{text}-01"));
        }
        for bad in [
            "2026-13",
            "2026-1",
            "2026-00",
            "26-01",
            "2026-01-01",
            "2026",
            "",
            "2026-01 ",
        ] {
            assert!(Month::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_instant_survives_its_text_and_sorts_like_it() {
        let early = Instant::parse("2026-01-31T16:05:09.000001Z").unwrap();
        assert_eq!(early.to_string(), "2026-01-31T16:05:09.000001Z");
        let later = early.next().unwrap();
        assert!(early < later && early.to_string() < later.to_string());
        for bad in [
            "2026-01-31T16:05:09Z",
            "2026-01-31T16:05:09.0000011Z",
            "2026-01-31T24:00:00.000000Z",
            "2026-02-30T16:05:09.000001Z",
            "2026-01-31 16:05:09.000001Z",
            "2026-01-31T1a:05:09.000001Z",
        ] {
            assert_eq!(Instant::parse(bad), None, "{bad}");
        }
        let end = Instant::end_of(parse_date("2026-01-31").unwrap()).unwrap();
        assert_eq!(end.to_string(), "2026-01-31T23:59:59.999999Z");
    }
}
