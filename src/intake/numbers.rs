//! Numbers as spreadsheets write them: read only if the user says how.

use serde::Serialize;

use crate::tabular::DecimalMark;

/// How the numbers of a file are written. Without it they are digits with a point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NumberForm {
    /// The mark before the decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal_mark: Option<DecimalMark>,
    /// The mark between thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// How many decimals the whole numbers of the file have, counted in their smallest unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
}

/// The largest scale that is read, and the largest exponent.
pub const MOST_SCALE: u32 = 28;

impl NumberForm {
    /// Returns why the marks do not go together, if they do not.
    pub fn contradiction(&self) -> Option<String> {
        let mark = self.decimal_mark?.character();
        (self.thousands == Some(mark)).then(|| {
            format!("`{mark}` cannot be both the decimal mark and the mark between thousands")
        })
    }

    /// Returns whether numbers are written as a spreadsheet does.
    const fn is_of_spreadsheet(&self) -> bool {
        self.decimal_mark.is_some() || self.thousands.is_some()
    }

    /// Returns the decimal mark: the other one than that between thousands if nothing is said.
    fn mark(&self) -> char {
        match (self.decimal_mark, self.thousands) {
            (Some(mark), _) => mark.character(),
            (None, Some('.')) => ',',
            (None, _) => '.',
        }
    }

    /// Makes digits with a point of a number of the file.
    ///
    /// # Errors
    /// The reason, if the text is not a number of this form.
    pub(crate) fn plain(&self, text: &str) -> Result<String, String> {
        let number = if self.is_of_spreadsheet() {
            self.digits(text).ok_or_else(|| {
                format!(
                    "`{}` is not a number with `{}` before its decimals",
                    crate::domain::text::excerpt(text, 40),
                    self.mark()
                )
            })?
        } else {
            text.to_owned()
        };
        match self.scale {
            Some(scale) => scaled(&number, scale),
            None => Ok(number),
        }
    }

    /// Returns the digits of a number, with a point before the decimals.
    fn digits(&self, text: &str) -> Option<String> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once(self.mark()) {
            Some((whole, fraction)) => (whole, fraction),
            None => (mantissa, ""),
        };
        let whole = self.without_groups(whole)?;
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        shifted(&whole, fraction, exponent)
    }

    /// Removes the marks between groups: of three digits each, or as in India of two before the last
    /// three.
    fn without_groups(&self, whole: &str) -> Option<String> {
        let other = if self.mark() == '.' { ',' } else { '.' };
        let is_mark = |c: char| {
            matches!(
                c,
                ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}'
            ) || c == self.thousands.unwrap_or(other)
        };
        let marks: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
        let first = marks.first().copied();
        if !marks.iter().all(|c| Some(*c) == first && is_mark(*c)) {
            return None;
        }
        let groups: Vec<&str> = whole.split(is_mark).collect();
        let (last, others) = groups.split_last()?;
        let Some((head, middle)) = others.split_first() else {
            return (!last.is_empty()).then(|| (*last).to_owned());
        };
        let even = |size: usize| {
            (1..=size).contains(&head.len()) && middle.iter().all(|group| group.len() == size)
        };
        (last.len() == 3 && (even(3) || even(2))).then(|| groups.concat())
    }
}

/// Reads the exponent of a number such as `1.25E+06`.
fn exponent_of(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let number: i64 = digits.parse().ok()?;
    (!digits.starts_with('+') && number.unsigned_abs() <= u64::from(MOST_SCALE)).then_some(number)
}

/// Moves the point of a number.
fn shifted(whole: &str, fraction: &str, by: i64) -> Option<String> {
    let digits = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).ok()? + by;
    let (whole, fraction) = if point <= 0 {
        let zeros = usize::try_from(-point).ok()?;
        (String::new(), format!("{}{digits}", "0".repeat(zeros)))
    } else {
        let point = usize::try_from(point).ok()?;
        let missing = point.saturating_sub(digits.len());
        let digits = format!("{digits}{}", "0".repeat(missing));
        let (whole, fraction) = digits.split_at_checked(point)?;
        (whole.to_owned(), fraction.to_owned())
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    })
}

/// Reads a whole number of smallest units.
fn scaled(number: &str, scale: u32) -> Result<String, String> {
    let is_whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_whole
        .then(|| shifted(number, "", -i64::from(scale)))
        .flatten()
        .ok_or_else(|| {
            format!(
                "`{}` is not a whole number, as `--scale {scale}` says",
                crate::domain::text::excerpt(number, 40)
            )
        })
}

/// Returns what to add to a reason if a cell is a number as spreadsheets write them.
pub(crate) fn hint(form: &NumberForm, text: &str) -> Option<String> {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.matches('.').count() <= 1;
    if form.is_of_spreadsheet() || is_plain {
        return None;
    }
    let with = |decimal_mark, thousands| NumberForm {
        decimal_mark: Some(decimal_mark),
        thousands: Some(thousands),
        scale: None,
    };
    let point = with(DecimalMark::Point, ',').digits(text);
    let comma = with(DecimalMark::Comma, '.').digits(text);
    match (point, comma) {
        (Some(point), Some(comma)) if point == comma => {
            Some(format!("`--thousands ,` reads {point}"))
        }
        (Some(point), Some(comma)) => Some(format!(
            "`--thousands ,` reads {point}, and `--decimal-mark ,` {comma}"
        )),
        (Some(point), None) => Some(format!("`--thousands ,` reads {point}")),
        (None, Some(comma)) => Some(format!("`--decimal-mark ,` reads {comma}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(decimal_mark: Option<DecimalMark>, thousands: Option<char>) -> NumberForm {
        NumberForm {
            decimal_mark,
            thousands,
            scale: None,
        }
    }

    #[test]
    fn numbers_of_spreadsheets_are_read_with_the_option_only() {
        let comma_groups = form(None, Some(','));
        for (text, number) in [
            ("1,250,000.50", Some("1250000.5")),
            ("1.5E+06", Some("1500000")),
            ("1.25E-2", Some("0.0125")),
            ("2 000", Some("2000")),
            ("2\u{a0}000", Some("2000")),
            ("12,34,567", Some("1234567")),
            ("1'000", Some("1000")),
            ("0", Some("0")),
            ("1,25", None),
            ("1 000,000", None),
            ("1.5E+99", None),
            ("-5", None),
            ("", None),
            ("NGN 5", None),
        ] {
            assert_eq!(comma_groups.plain(text).ok().as_deref(), number, "{text}");
        }
        let comma = form(Some(DecimalMark::Comma), None);
        assert_eq!(comma.plain("1.250.000,50").unwrap(), "1250000.5");
        assert_eq!(comma.plain("1,5").unwrap(), "1.5");
        assert!(
            comma.plain("1.2340").is_err(),
            "a typed number keeps its point"
        );
        assert_eq!(form(None, None).plain("1,5").unwrap(), "1,5");
        let same = form(Some(DecimalMark::Comma), Some(','));
        assert!(same.contradiction().is_some());
    }

    #[test]
    fn a_scale_counts_in_the_smallest_unit() {
        let wei = NumberForm {
            scale: Some(18),
            ..NumberForm::default()
        };
        assert_eq!(wei.plain("1500000000000000000").unwrap(), "1.5");
        assert_eq!(wei.plain("2000000000000000000000").unwrap(), "2000");
        assert_eq!(wei.plain("1").unwrap(), "0.000000000000000001");
        assert!(wei.plain("1.5").is_err());
        assert!(wei.plain("").is_err());
    }

    #[test]
    fn a_hint_says_what_an_option_would_read() {
        let hint = |text| hint(&NumberForm::default(), text).unwrap_or_default();
        assert!(hint("1,250,000.50").contains("`--thousands ,` reads 1250000.5"));
        assert!(hint("1.5E+06").contains("1500000"));
        assert!(hint("2 000").contains("2000"));
        assert!(hint("1250,50").contains("`--decimal-mark ,` reads 1250.5"));
        assert!(hint("1,250").contains("1250, and `--decimal-mark ,` 1.25"));
        assert_eq!(hint("abc"), "");
    }
}
