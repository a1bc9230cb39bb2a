//! Amounts and currencies of the formats that prescribe how they are written.

use super::texts::shown;
use crate::domain::{
    currency::Currency,
    quantity::{Amount, NumberError},
};
use crate::tabular::DecimalMark;

/// Reads an amount without a sign, exactly.
///
/// The format's own mark is the decimal mark. The other mark counts as one only if it cannot group
/// thousands, since some banks write `1,234` for a thousand and others for one and a bit.
///
/// # Errors
/// The reason, if the text is not an amount, could be two amounts, or has too many digits.
pub(in crate::statement) fn amount(text: &str, mark: DecimalMark) -> Result<Amount, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the amount is missing".to_owned());
    }
    let not_one = || format!("`{}` is not an amount", shown(text));
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.')
    {
        return Err(not_one());
    }
    let Digits { whole, fraction } = split(text, mark)?;
    let whole = ungrouped(whole).ok_or_else(not_one)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(not_one());
    }
    let or_zero = |digits: &str| {
        if digits.is_empty() {
            "0".to_owned()
        } else {
            digits.to_owned()
        }
    };
    Amount::parse(&format!("{}.{}", or_zero(&whole), or_zero(fraction))).map_err(
        |error| match error {
            NumberError::TooLarge { .. } => {
                "the amount has more than 13 digits before the decimal mark".to_owned()
            }
            NumberError::TooManyDecimals(_) => {
                "the amount has more than 7 decimals, and nothing is rounded".to_owned()
            }
            NumberError::Empty
            | NumberError::Comma(..)
            | NumberError::Exponent(_)
            | NumberError::Sign(_)
            | NumberError::BarePoint(_)
            | NumberError::Space(..)
            | NumberError::NotANumber(..) => not_one(),
        },
    )
}

/// The digits before and after the decimal mark.
struct Digits<'t> {
    whole: &'t str,
    fraction: &'t str,
}

/// Splits a text at its decimal mark.
///
/// # Errors
/// The reason, if its only mark may divide decimals or group thousands.
fn split(text: &str, mark: DecimalMark) -> Result<Digits<'_>, String> {
    let whole_only = Digits {
        whole: text,
        fraction: "",
    };
    let Some((whole, marked)) = text
        .rfind(['.', ','])
        .and_then(|at| text.split_at_checked(at))
    else {
        return Ok(whole_only);
    };
    let fraction = marked.get(1..).unwrap_or_default();
    let last = if marked.starts_with('.') {
        DecimalMark::Point
    } else {
        DecimalMark::Comma
    };
    if whole.contains(last.character()) {
        // The mark comes twice, so it groups thousands and there are no decimals.
        Ok(whole_only)
    } else if last != mark && fraction.len() == 3 && !whole.contains(last.other().character()) {
        Err(format!(
            "the mark in `{}` may divide decimals or group thousands",
            shown(text)
        ))
    } else {
        Ok(Digits { whole, fraction })
    }
}

/// Removes the marks between groups of three digits, or returns `None` if they are elsewhere.
fn ungrouped(text: &str) -> Option<String> {
    let Some(at) = text.find(['.', ',']) else {
        return Some(text.to_owned());
    };
    let mark = if text.get(at..)?.starts_with('.') {
        '.'
    } else {
        ','
    };
    let mut groups = text.split(mark);
    let first = groups
        .next()
        .filter(|first| (1..=3).contains(&first.len()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || group.contains(['.', ',']) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

/// Reads a currency of three letters.
///
/// # Errors
/// The reason, if the text is not a currency.
pub(in crate::statement) fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text.trim()).map_err(|_| format!("`{}` is not a currency", shown(text.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all() {
        let read = |text: &str, mark| amount(text, mark).map(|amount| amount.plain(0));
        for (text, mark, expected) in [
            ("300,", DecimalMark::Comma, "300"),
            ("212,39", DecimalMark::Comma, "212.39"),
            ("212.39", DecimalMark::Comma, "212.39"),
            ("1,234", DecimalMark::Comma, "1.234"),
            ("1.234", DecimalMark::Point, "1.234"),
            ("12,5", DecimalMark::Point, "12.5"),
            ("1,234.56", DecimalMark::Point, "1234.56"),
            ("1.234,56", DecimalMark::Point, "1234.56"),
            ("1,234.567", DecimalMark::Comma, "1234.567"),
            ("1,234,567", DecimalMark::Point, "1234567"),
            (".50", DecimalMark::Point, "0.5"),
            ("000000000050,00", DecimalMark::Comma, "50"),
            (
                "9999999999999,9999999",
                DecimalMark::Comma,
                "9999999999999.9999999",
            ),
        ] {
            assert_eq!(read(text, mark), Ok(expected.to_owned()), "{text}");
        }
        for (text, mark) in [
            ("1.234", DecimalMark::Comma),
            ("1,234", DecimalMark::Point),
            ("1,2345,6", DecimalMark::Point),
            ("12,34.56", DecimalMark::Point),
            ("$120", DecimalMark::Point),
            (".", DecimalMark::Point),
            ("", DecimalMark::Point),
            ("-5", DecimalMark::Point),
            ("1 000", DecimalMark::Point),
            ("10000000000000", DecimalMark::Point),
            ("0.00000001", DecimalMark::Point),
        ] {
            assert!(read(text, mark).is_err(), "{text}");
        }
    }
}
