//! The form of a date, as a profile tells it.

use serde::{Deserialize, Deserializer, de};

use crate::statement::delimited::{Shape, full_year, is_time, month_name};

/// The form of a date, such as `DD/MM/YYYY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    parts: Vec<DatePart>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePart {
    /// With its number of digits, or 0 where there may be one or two.
    Year(usize),
    Month(usize),
    Day(usize),
    MonthName,
    Literal(char),
}

impl DateFormat {
    /// Reads a form made of `YYYY` or `YY`, `MM`, `M` or `Mon`, `DD` or `D`, and what stands
    /// between them.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = [
            ("YYYY", DatePart::Year(4)),
            ("YY", DatePart::Year(2)),
            ("Month", DatePart::MonthName),
            ("Mon", DatePart::MonthName),
            ("MMM", DatePart::MonthName),
            ("MM", DatePart::Month(2)),
            ("M", DatePart::Month(0)),
            ("DD", DatePart::Day(2)),
            ("D", DatePart::Day(0)),
        ];
        let (mut rest, mut parts) = (text, Vec::new());
        while let Some(next) = rest.chars().next() {
            if let Some((word, part)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
                parts.push(*part);
                rest = rest.get(word.len()..).unwrap_or_default();
            } else if next.is_alphanumeric() {
                return Err(format!(
                    "`{next}` means nothing in a date format; write one such as DD/MM/YYYY or DD-Mon-YYYY"
                ));
            } else {
                parts.push(DatePart::Literal(next));
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
        let count =
            |wanted: fn(&DatePart) -> bool| parts.iter().filter(|part| wanted(part)).count();
        let years = count(|part| matches!(part, DatePart::Year(_)));
        let months = count(|part| matches!(part, DatePart::Month(_) | DatePart::MonthName));
        let days = count(|part| matches!(part, DatePart::Day(_)));
        if (years, months, days) != (1, 1, 1) {
            return Err(
                "a date format has one year, one month and one day, such as DD/MM/YYYY".to_owned(),
            );
        }
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// Shows it as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Takes a date of this form apart; a time of day may stand after it.
    pub(in crate::statement) fn shape(&self, text: &str) -> Option<Shape> {
        let (mut rest, mut year, mut month, mut day) = (text.trim(), 0, 0, 0);
        for part in &self.parts {
            match part {
                DatePart::Literal(c) => rest = rest.strip_prefix(*c)?,
                DatePart::Year(digits) => {
                    (year, rest) = number(rest, *digits)?;
                    year = if *digits == 2 { full_year(year) } else { year };
                }
                DatePart::Month(digits) => (month, rest) = number(rest, *digits)?,
                DatePart::Day(digits) => (day, rest) = number(rest, *digits)?,
                DatePart::MonthName => (month, rest) = month_name(rest)?,
            }
        }
        is_time(rest).then_some(Shape::Certain(year, month, day))
    }
}

/// Reads so many digits, or one or two where the number is 0.
fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let found = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = if digits == 0 { found.min(2) } else { digits };
    if length == 0 || found < length {
        return None;
    }
    let (number, rest) = text.split_at_checked(length)?;
    Some((number.parse().ok()?, rest))
}

impl<'de> Deserialize<'de> for DateFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_format_reads_only_its_own_form() {
        let format = DateFormat::parse("DD-Mon-YYYY").unwrap();
        assert_eq!(
            format.shape("05-Oct-2026 12:00"),
            Some(Shape::Certain(2026, 10, 5))
        );
        assert_eq!(format.shape("05/10/2026"), None);
        assert_eq!(
            DateFormat::parse("DDMMYYYY").unwrap().shape("05102026"),
            Some(Shape::Certain(2026, 10, 5))
        );
        assert_eq!(
            DateFormat::parse("M/D/YY").unwrap().shape("10/5/26"),
            Some(Shape::Certain(2026, 10, 5))
        );
        assert!(DateFormat::parse("DD/MM").is_err() && DateFormat::parse("DD/MM/YYYY hh").is_err());
    }
}
