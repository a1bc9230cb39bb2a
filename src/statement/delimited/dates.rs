//! Dates as banks write them, and what they prove about the order of day and month.

use chrono::{Datelike as _, Days, NaiveDate};

use super::super::{Unreadable, profile::DateFormat};
use crate::domain::{bad_line::BadLine, time::Date};

/// The order in which a date's numbers stand: what is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::statement) enum Order {
    /// 31/12/2026.
    Day,
    /// 12/31/2026.
    Month,
    /// 26/12/31.
    Year,
}

/// A date taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::statement) enum Shape {
    /// Year, month, day: the year has four digits and stands first.
    Certain(u32, u32, u32),
    /// Day, month by its name, year.
    Named(u32, u32, u32),
    /// Three numbers whose order the file must prove; the last has four digits.
    Open(u32, u32, u32),
    /// Three numbers of at most two digits.
    Short(u32, u32, u32),
}

/// The first three letters of the months, in English, and where they differ in Dutch, German and
/// French.
const MONTHS: [(&str, u32); 25] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("mrt", 3),
    ("maa", 3),
    ("mei", 5),
    ("okt", 10),
    ("mär", 3),
    ("mai", 5),
    ("dez", 12),
    ("fév", 2),
    ("fev", 2),
    ("avr", 4),
    ("aoû", 8),
    ("aou", 8),
    ("déc", 12),
];

/// Takes a date apart; a time of day may stand after it. `None` where the text has no date's form.
pub(super) fn shape(text: &str) -> Option<Shape> {
    let text = without_weekday(text.trim());
    if let Some(shape) = compact(text) {
        return Some(shape);
    }
    let (first, rest) = part(text)?;
    let (second, rest) = part(separator(rest)?)?;
    let (third, rest) = part(separator(rest)?)?;
    if !is_time(rest) {
        return None;
    }
    match (first, second, third) {
        (Part::Number(year, 4), Part::Number(month, 1..=2), Part::Number(day, 1..=2)) => {
            Some(Shape::Certain(year, month, day))
        }
        (Part::Number(year, 4), Part::Month(month), Part::Number(day, 1..=2)) => {
            Some(Shape::Certain(year, month, day))
        }
        (Part::Number(day, 1..=2), Part::Month(month), Part::Number(year, digits @ (2 | 4)))
        | (Part::Month(month), Part::Number(day, 1..=2), Part::Number(year, digits @ (2 | 4))) => {
            Some(Shape::Named(
                day,
                month,
                if digits == 4 { year } else { full_year(year) },
            ))
        }
        (Part::Number(first, 1..=2), Part::Number(second, 1..=2), Part::Number(third, 4)) => {
            Some(Shape::Open(first, second, third))
        }
        (Part::Number(first, 1..=2), Part::Number(second, 1..=2), Part::Number(third, 2)) => {
            Some(Shape::Short(first, second, third))
        }
        _ => None,
    }
}

/// Eight digits are year, month and day, where that is a date of our time.
fn compact(text: &str) -> Option<Shape> {
    let (digits, rest) = text.split_at_checked(8)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !is_time(rest) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    (1900..2100)
        .contains(&year)
        .then_some(Shape::Certain(year, month, day))
}

#[derive(Clone, Copy)]
enum Part {
    Number(u32, usize),
    Month(u32),
}

fn part(text: &str) -> Option<(Part, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, rest) = text.split_at_checked(digits.min(5))?;
        return Some((Part::Number(number.parse().ok()?, digits), rest));
    }
    month_name(text).map(|(month, rest)| (Part::Month(month), rest))
}

/// Reads a month's name, short or long, and tells what follows it.
pub(in crate::statement) fn month_name(text: &str) -> Option<(u32, &str)> {
    let length = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(length)?;
    let begins = |start: &str| {
        name.get(..start.len()).is_some_and(|begin| {
            begin.eq_ignore_ascii_case(start) || !start.is_ascii() && begin.to_lowercase() == start
        })
    };
    let (_, month) = MONTHS.iter().find(|(start, _)| begins(start))?;
    Some((*month, rest.strip_prefix('.').unwrap_or(rest)))
}

/// Takes what divides two parts; nothing divides digits from letters in `05Oct2026`.
fn separator(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches([' ', '-', '/', '.', ',', '\u{2010}', '\u{2011}', '\u{a0}']);
    (text.len() - rest.len() <= 4).then_some(rest)
}

fn without_weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let named = text
        .get(..3)
        .is_some_and(|begin| DAYS.iter().any(|day| day.eq_ignore_ascii_case(begin)));
    if named {
        text.trim_start_matches(|c: char| c.is_alphabetic())
            .trim_start_matches([',', '.', ' '])
    } else {
        text
    }
}

/// Tells whether what follows a date is nothing or a time of day.
pub(in crate::statement) fn is_time(rest: &str) -> bool {
    let time = rest.trim_start_matches([' ', 'T', 't', ',', '-', '\u{a0}', '\n', '\r']);
    rest.is_empty()
        || time.len() < rest.len()
            && time.starts_with(|c: char| c.is_ascii_digit())
            && time.contains([':', '.'])
            && time.len() < 40
            && time.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '+' | '-' | ' ' | '\u{202f}')
            })
}

/// Reads a year of two digits as one from 1970 to 2069.
pub(in crate::statement) const fn full_year(year: u32) -> u32 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// Makes a date of a shape, or `None` where no calendar has it.
pub(super) fn date(shape: Shape, order: Order) -> Option<Date> {
    let (year, month, day) = match (shape, order) {
        (Shape::Certain(year, month, day) | Shape::Named(day, month, year), _) => {
            (year, month, day)
        }
        (Shape::Open(first, second, year), Order::Day | Order::Year) => (year, second, first),
        (Shape::Open(first, second, year), Order::Month) => (year, first, second),
        (Shape::Short(first, second, third), Order::Day) => (full_year(third), second, first),
        (Shape::Short(first, second, third), Order::Month) => (full_year(third), first, second),
        (Shape::Short(first, second, third), Order::Year) => (full_year(first), second, third),
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// What the dates of a file prove.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// The first line that proves day first, with its column.
    day_first: Option<(u64, usize)>,
    month_first: Option<(u64, usize)>,
    year_first: Option<(u64, usize)>,
    /// Whether a date stands in the file whose order must be known.
    open: bool,
}

/// The order that was found, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The file proves it, by this line.
    Proven(Order, u64),
    /// Nothing needs it.
    Needless,
    /// Nothing proves it.
    Unproven,
}

impl Evidence {
    /// Notes what a date proves.
    pub(super) fn note(&mut self, shape: Shape, line: u64, column: usize) {
        let (first, second, short) = match shape {
            Shape::Certain(..) | Shape::Named(..) => return,
            Shape::Open(first, second, _) => (first, second, false),
            Shape::Short(first, second, _) => (first, second, true),
        };
        self.open = true;
        let place = Some((line, column));
        if short && first > 31 {
            self.year_first = self.year_first.or(place);
        } else if first > 12 && second <= 12 {
            self.day_first = self.day_first.or(place);
        } else if second > 12 && first <= 12 {
            self.month_first = self.month_first.or(place);
        }
    }

    /// Decides.
    ///
    /// # Errors
    /// Both lines, where two dates contradict each other.
    pub(super) fn decide(&self, name: impl Fn(usize) -> String) -> Result<Found, Unreadable> {
        let bad = |(line, column): (u64, usize), reason: String| BadLine {
            line,
            column: Some(name(column)),
            reason,
        };
        match (self.day_first, self.month_first, self.year_first) {
            (Some(day), Some(month), _) => Err(Unreadable::BadLines {
                lines: vec![
                    bad(
                        day,
                        format!(
                            "this date has the day first, and the one in line {} the month",
                            month.0
                        ),
                    ),
                    bad(
                        month,
                        format!(
                            "this date has the month first, and the one in line {} the day",
                            day.0
                        ),
                    ),
                ],
            }),
            // A number above 12 in front may be a year's last digits as well as a day.
            (_, None, Some((line, _))) => Ok(Found::Proven(Order::Year, line)),
            (None, Some(month), Some(year)) => Err(Unreadable::BadLines {
                lines: vec![
                    bad(
                        month,
                        format!(
                            "this date has the month first, and the one in line {} the year",
                            year.0
                        ),
                    ),
                    bad(
                        year,
                        format!(
                            "this date has the year first, and the one in line {} the month",
                            month.0
                        ),
                    ),
                ],
            }),
            (Some((line, _)), None, None) => Ok(Found::Proven(Order::Day, line)),
            (None, Some((line, _)), None) => Ok(Found::Proven(Order::Month, line)),
            (None, None, None) if self.open => Ok(Found::Unproven),
            (None, None, None) => Ok(Found::Needless),
        }
    }
}

/// How the dates of a file are read, once it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'p> {
    pub(super) order: Order,
    pub(super) format: Option<&'p DateFormat>,
    /// The last day that is not in the future.
    pub(super) today: Date,
}

/// Which limits a date has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limits {
    /// A booking lies in the past.
    Booking,
    /// A value date may lie some days ahead, as that of a cheque does.
    Value,
}

impl Reader<'_> {
    /// Tells whether a text has the form of a date, be it possible or not.
    pub(super) fn has_form(&self, text: &str) -> bool {
        !text.is_empty()
            && self.format.map_or_else(
                || shape(text).is_some(),
                |format| format.shape(text).is_some(),
            )
    }

    /// Reads a date.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn read(&self, text: &str, limits: Limits) -> Result<Date, String> {
        let found = match self.format {
            Some(format) => format
                .shape(text)
                .ok_or_else(|| format!("this is not a date of the form {}", format.as_str()))?,
            None => shape(text).ok_or("this is not a date")?,
        };
        let date = date(found, self.order).ok_or("no calendar has this date")?;
        let ahead = match limits {
            Limits::Booking => 1,
            Limits::Value => 31,
        };
        if date.year() < 1990 {
            return Err("the date lies before 1990".to_owned());
        }
        if self
            .today
            .checked_add_days(Days::new(ahead))
            .is_some_and(|last| date > last)
        {
            return Err(format!("the date {date} lies in the future"));
        }
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, order: Order) -> String {
        shape(text)
            .and_then(|shape| date(shape, order))
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
            assert_eq!(read(text, Order::Day), "2026-10-05", "{text}");
        }
        assert_eq!(read("10/05/2026", Order::Month), "2026-10-05");
        assert_eq!(read("26/10/05", Order::Year), "2026-10-05");
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
            assert_eq!(read(text, Order::Day), "none", "{text}");
        }
    }

    #[test]
    fn the_order_is_proven_by_one_row_and_contradicted_by_two() {
        let evidence = |dates: &[&str]| {
            let mut evidence = Evidence::default();
            for (at, text) in dates.iter().enumerate() {
                evidence.note(shape(text).unwrap(), u64::try_from(at).unwrap() + 1, 0);
            }
            evidence.decide(|_| "Date".to_owned())
        };
        assert_eq!(
            evidence(&["01/02/2026", "13/02/2026"]),
            Ok(Found::Proven(Order::Day, 2))
        );
        assert_eq!(
            evidence(&["01/02/2026", "02/13/2026"]),
            Ok(Found::Proven(Order::Month, 2))
        );
        assert_eq!(evidence(&["01/02/2026"]), Ok(Found::Unproven));
        assert_eq!(evidence(&["2026-02-01", "5 Oct 2026"]), Ok(Found::Needless));
        assert_eq!(evidence(&["32/02/01"]), Ok(Found::Proven(Order::Year, 1)));
        let Err(Unreadable::BadLines { lines }) =
            evidence(&["13/02/2026", "01/02/2026", "02/13/2026"])
        else {
            panic!("no refusal")
        };
        assert_eq!(lines.iter().map(|bad| bad.line).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn dates_of_another_time_are_refused() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let reader = Reader {
            order: Order::Day,
            format: None,
            today,
        };
        assert!(reader.read("24/11/2026", Limits::Booking).is_ok());
        assert!(
            reader
                .read("25/11/2026", Limits::Booking)
                .unwrap_err()
                .contains("future")
        );
        assert!(reader.read("25/11/2026", Limits::Value).is_ok());
        assert!(
            reader
                .read("31/12/1989", Limits::Booking)
                .unwrap_err()
                .contains("1990")
        );
        assert!(
            reader
                .read("30/02/2026", Limits::Booking)
                .unwrap_err()
                .contains("calendar")
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,24}|[0-9/. :TZa-z-]{0,16}") {
            if let Some(shape) = shape(&text) {
                let _ = (date(shape, Order::Day), date(shape, Order::Month), date(shape, Order::Year));
            }
        }
    }
}
