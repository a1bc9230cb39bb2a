//! The form of a date in a profile.

use serde::{Deserialize, Deserializer, de};

use super::super::date_numbers::{DateNumbers, full_year, is_time, month_name};

/// The form of a date, such as `DD/MM/YYYY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    elements: Vec<DateElement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DateElement {
    /// With its number of digits, or 0 if there may be one or two.
    Year(usize),
    Month(usize),
    Day(usize),
    MonthName,
    Literal(char),
}

impl DateFormat {
    /// Reads a form made of `YYYY` or `YY`, `MM`, `M` or `Mon`, `DD` or `D`, and what is between
    /// them.
    ///
    /// # Errors
    /// The reason, if the text is not a form.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = [
            ("YYYY", DateElement::Year(4)),
            ("YY", DateElement::Year(2)),
            ("Month", DateElement::MonthName),
            ("Mon", DateElement::MonthName),
            ("MMM", DateElement::MonthName),
            ("MM", DateElement::Month(2)),
            ("M", DateElement::Month(0)),
            ("DD", DateElement::Day(2)),
            ("D", DateElement::Day(0)),
        ];
        let (mut rest, mut elements) = (text, Vec::new());
        while let Some(next) = rest.chars().next() {
            if let Some((word, element)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
                elements.push(*element);
                rest = rest.get(word.len()..).unwrap_or_default();
            } else if next.is_alphanumeric() {
                return Err(format!(
                    "`{next}` means nothing in a date format; write one such as DD/MM/YYYY or DD-Mon-YYYY"
                ));
            } else {
                elements.push(DateElement::Literal(next));
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
        let count = |wanted: fn(&DateElement) -> bool| {
            elements.iter().filter(|element| wanted(element)).count()
        };
        let years = count(|element| matches!(element, DateElement::Year(_)));
        let months =
            count(|element| matches!(element, DateElement::Month(_) | DateElement::MonthName));
        let days = count(|element| matches!(element, DateElement::Day(_)));
        if (years, months, days) != (1, 1, 1) {
            return Err(
                "a date format has one year, one month and one day, such as DD/MM/YYYY".to_owned(),
            );
        }
        Ok(Self {
            text: text.to_owned(),
            elements,
        })
    }

    /// Returns the text of the form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads the numbers of a date of this form, with or without a time of day after it.
    pub(in crate::statement) fn numbers(&self, text: &str) -> Option<DateNumbers> {
        let (mut rest, mut year, mut month, mut day) = (text.trim(), 0, 0, 0);
        for element in &self.elements {
            match element {
                DateElement::Literal(c) => rest = rest.strip_prefix(*c)?,
                DateElement::Year(digits) => {
                    (year, rest) = number(rest, *digits)?;
                    year = if *digits == 2 { full_year(year) } else { year };
                }
                DateElement::Month(digits) => (month, rest) = number(rest, *digits)?,
                DateElement::Day(digits) => (day, rest) = number(rest, *digits)?,
                DateElement::MonthName => (month, rest) = month_name(rest)?,
            }
        }
        is_time(rest).then_some(DateNumbers::Certain { year, month, day })
    }
}

/// Splits off a number of so many digits, or of one or two if the number is 0.
fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let available = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = if digits == 0 {
        available.min(2)
    } else {
        digits
    };
    if length == 0 || available < length {
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

    fn fifth_of_october() -> DateNumbers {
        DateNumbers::Certain {
            year: 2026,
            month: 10,
            day: 5,
        }
    }

    #[test]
    fn a_date_format_reads_only_its_own_form() {
        let format = DateFormat::parse("DD-Mon-YYYY").unwrap();
        assert_eq!(
            format.numbers("05-Oct-2026 12:00"),
            Some(fifth_of_october())
        );
        assert_eq!(format.numbers("05/10/2026"), None);
        assert_eq!(
            DateFormat::parse("DDMMYYYY").unwrap().numbers("05102026"),
            Some(fifth_of_october())
        );
        assert_eq!(
            DateFormat::parse("M/D/YY").unwrap().numbers("10/5/26"),
            Some(fifth_of_october())
        );
        assert!(DateFormat::parse("DD/MM").is_err() && DateFormat::parse("DD/MM/YYYY hh").is_err());
    }
}
