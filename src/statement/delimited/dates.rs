//! The dates of a file, and what they prove about the order of day and month.

use chrono::{Datelike as _, Days, NaiveDate};

use super::super::{
    date_numbers::{DateNumbers, full_year, numbers},
    error::StatementError,
    profile::{DateFormat, StatementProfile},
};
use crate::domain::{bad_line::BadLine, time::Date};

/// The order of the numbers of a date: which comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::statement) enum DateOrder {
    /// 31/12/2026.
    Day,
    /// 12/31/2026.
    Month,
    /// 26/12/31.
    Year,
}

/// Makes a date of its numbers. Returns `None` if the calendar does not have it.
pub(super) fn date(numbers: DateNumbers, order: DateOrder) -> Option<Date> {
    let (year, month, day) = match (numbers, order) {
        (DateNumbers::Certain { year, month, day }, _) => (year, month, day),
        (
            DateNumbers::Open {
                first,
                second,
                year,
            },
            DateOrder::Day | DateOrder::Year,
        ) => (year, second, first),
        (
            DateNumbers::Open {
                first,
                second,
                year,
            },
            DateOrder::Month,
        ) => (year, first, second),
        (
            DateNumbers::Short {
                first,
                second,
                third,
            },
            DateOrder::Day,
        ) => (full_year(third), second, first),
        (
            DateNumbers::Short {
                first,
                second,
                third,
            },
            DateOrder::Month,
        ) => (full_year(third), first, second),
        (
            DateNumbers::Short {
                first,
                second,
                third,
            },
            DateOrder::Year,
        ) => (full_year(first), second, third),
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A line and a column.
#[derive(Clone, Copy, Debug)]
struct DatePlace {
    line: u64,
    column: usize,
}

/// What the dates of a file prove about the order of their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct DateEvidence {
    /// The first date that proves that the day comes first.
    day_first: Option<DatePlace>,
    month_first: Option<DatePlace>,
    year_first: Option<DatePlace>,
    /// Whether the file has a date whose order must be known.
    open: bool,
}

/// The order of the numbers of a date, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OrderProof {
    /// The file proves it, by this line.
    Proven(DateOrder, u64),
    /// No date needs it.
    Needless,
    /// Nothing proves it.
    Unproven,
}

impl OrderProof {
    /// Returns the order in which dates are read.
    pub(super) fn order(&self, profile: Option<&StatementProfile>) -> DateOrder {
        match self {
            Self::Proven(order, _) => *order,
            Self::Needless => DateOrder::Day,
            Self::Unproven => match profile.and_then(|profile| profile.day_first) {
                Some(false) => DateOrder::Month,
                Some(true) | None => DateOrder::Day,
            },
        }
    }
}

impl DateEvidence {
    /// Notes what a date proves.
    pub(super) fn note(&mut self, numbers: DateNumbers, line: u64, column: usize) {
        let (first, second, short) = match numbers {
            DateNumbers::Certain { .. } => return,
            DateNumbers::Open { first, second, .. } => (first, second, false),
            DateNumbers::Short { first, second, .. } => (first, second, true),
        };
        self.open = true;
        let place = Some(DatePlace { line, column });
        if short && first > 31 {
            self.year_first = self.year_first.or(place);
        } else if first > 12 && second <= 12 {
            self.day_first = self.day_first.or(place);
        } else if second > 12 && first <= 12 {
            self.month_first = self.month_first.or(place);
        }
    }

    /// Decides the order.
    ///
    /// # Errors
    /// [`StatementError::BadLines`] with both lines if two dates contradict each other.
    pub(super) fn decide(
        &self,
        name: impl Fn(usize) -> String,
    ) -> Result<OrderProof, StatementError> {
        let contradiction = |one: (DatePlace, &str), other: (DatePlace, &str)| {
            let bad = |(place, own): (DatePlace, &str), (other, its): (DatePlace, &str)| BadLine {
                code: None,
                line: place.line,
                column: Some(name(place.column)),
                reason: format!(
                    "this date begins with the {own}, and the one in line {} with the {its}",
                    other.line
                ),
            };
            Err(StatementError::BadLines {
                lines: vec![bad(one, other), bad(other, one)],
            })
        };
        match (self.day_first, self.month_first, self.year_first) {
            (Some(day), Some(month), _) => contradiction((day, "day"), (month, "month")),
            // A first number above 12 may be the last digits of a year as well as a day.
            (_, None, Some(place)) => Ok(OrderProof::Proven(DateOrder::Year, place.line)),
            (None, Some(month), Some(year)) => contradiction((month, "month"), (year, "year")),
            (Some(place), None, None) => Ok(OrderProof::Proven(DateOrder::Day, place.line)),
            (None, Some(place), None) => Ok(OrderProof::Proven(DateOrder::Month, place.line)),
            (None, None, None) if self.open => Ok(OrderProof::Unproven),
            (None, None, None) => Ok(OrderProof::Needless),
        }
    }
}

/// Reads the dates of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateReader<'p> {
    pub(super) order: DateOrder,
    pub(super) format: Option<&'p DateFormat>,
    /// The last day that is not in the future.
    pub(super) today: Date,
}

/// The kind of a date, by which its limits differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateKind {
    /// A booking date is in the past.
    Booking,
    /// A value date may be some days ahead, as that of a cheque is.
    Value,
}

impl DateReader<'_> {
    /// Returns whether a text has the form of a date, whether the calendar has it or not.
    pub(super) fn has_form(&self, text: &str) -> bool {
        !text.is_empty()
            && self.format.map_or_else(
                || numbers(text).is_some(),
                |format| format.numbers(text).is_some(),
            )
    }

    /// Reads a date.
    ///
    /// # Errors
    /// The reason, if the text is not a date or the date is out of its limits.
    pub(super) fn read(&self, text: &str, kind: DateKind) -> Result<Date, String> {
        let numbers = match self.format {
            Some(format) => format
                .numbers(text)
                .ok_or_else(|| format!("this is not a date of the form {}", format.as_str()))?,
            None => numbers(text).ok_or("this is not a date")?,
        };
        let date = date(numbers, self.order).ok_or("the calendar does not have this date")?;
        let ahead = match kind {
            DateKind::Booking => 1,
            DateKind::Value => 31,
        };
        if date.year() < 1990 {
            return Err("the date is before 1990".to_owned());
        }
        if self
            .today
            .checked_add_days(Days::new(ahead))
            .is_some_and(|last| date > last)
        {
            return Err(format!("the date {date} is in the future"));
        }
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, order: DateOrder) -> String {
        numbers(text)
            .and_then(|numbers| date(numbers, order))
            .map_or_else(|| "none".to_owned(), |date| date.to_string())
    }

    #[test]
    fn many_spellings_are_one_day() {
        for text in [
            "05/10/2026",
            "5-10-2026",
            "05.10.2026",
            "05 10 2026",
            "2026-10-05",
            "2026/10/05",
            "20261005",
            "05-Oct-2026",
            "5 October 2026",
            "05 OCT 26",
            "05Oct2026",
            "Oct 5, 2026",
            "October 05 2026",
            "05-okt-2026",
            "Mon, 05 Oct 2026",
            "05/10/26",
            "2026-10-05T13:45:00Z",
            "05/10/2026 13:45",
            "05/10/2026 1:45:12 PM",
            "2026-10-05 13:45:00.000+01:00",
            "20261005 12:00:00",
            "2026-Oct-05",
            "05/10/2026, 13.45",
        ] {
            assert_eq!(read(text, DateOrder::Day), "2026-10-05", "{text}");
        }
        assert_eq!(read("10/05/2026", DateOrder::Month), "2026-10-05");
        assert_eq!(read("26/10/05", DateOrder::Year), "2026-10-05");
        for text in [
            "30/02/2026",
            "31-Jun-2026",
            "2026-13-01",
            "",
            "Pending",
            "5/10",
            "05/10/2026 late",
            "12345678",
            "1,234.50",
            "05/10/206",
            "00/00/0000",
        ] {
            assert_eq!(read(text, DateOrder::Day), "none", "{text}");
        }
    }

    #[test]
    fn the_order_is_proven_by_one_row_and_contradicted_by_two() {
        let evidence = |dates: &[&str]| {
            let mut evidence = DateEvidence::default();
            for (at, text) in dates.iter().enumerate() {
                evidence.note(numbers(text).unwrap(), u64::try_from(at).unwrap() + 1, 0);
            }
            evidence.decide(|_| "Date".to_owned())
        };
        assert_eq!(
            evidence(&["01/02/2026", "13/02/2026"]),
            Ok(OrderProof::Proven(DateOrder::Day, 2))
        );
        assert_eq!(
            evidence(&["01/02/2026", "02/13/2026"]),
            Ok(OrderProof::Proven(DateOrder::Month, 2))
        );
        assert_eq!(evidence(&["01/02/2026"]), Ok(OrderProof::Unproven));
        assert_eq!(
            evidence(&["2026-02-01", "5 Oct 2026"]),
            Ok(OrderProof::Needless)
        );
        assert_eq!(
            evidence(&["32/02/01"]),
            Ok(OrderProof::Proven(DateOrder::Year, 1))
        );
        let Err(StatementError::BadLines { lines }) =
            evidence(&["13/02/2026", "01/02/2026", "02/13/2026"])
        else {
            panic!("two dates contradict each other")
        };
        assert_eq!(lines.iter().map(|bad| bad.line).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn dates_of_another_time_are_refused() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let reader = DateReader {
            order: DateOrder::Day,
            format: None,
            today,
        };
        assert!(reader.read("24/11/2026", DateKind::Booking).is_ok());
        assert!(
            reader
                .read("25/11/2026", DateKind::Booking)
                .unwrap_err()
                .contains("future")
        );
        assert!(reader.read("25/11/2026", DateKind::Value).is_ok());
        assert!(
            reader
                .read("31/12/1989", DateKind::Booking)
                .unwrap_err()
                .contains("1990")
        );
        assert!(
            reader
                .read("30/02/2026", DateKind::Booking)
                .unwrap_err()
                .contains("calendar")
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,24}|[0-9/. :TZa-z-]{0,16}") {
            if let Some(numbers) = numbers(&text) {
                let orders = [DateOrder::Day, DateOrder::Month, DateOrder::Year];
                let _ = orders.map(|order| date(numbers, order));
            }
        }
    }
}
