//! The numbers in a date as banks write it, before their order is known.

/// The numbers of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateNumbers {
    /// The year comes first and has four digits, or the month has a name.
    Certain { year: u32, month: u32, day: u32 },
    /// Two numbers whose order the file must prove, and a year of four digits.
    Open { first: u32, second: u32, year: u32 },
    /// Three numbers of at most two digits, whose order the file must prove.
    Short { first: u32, second: u32, third: u32 },
}

/// The first three letters of the months in English, and those of Dutch, German and French that are
/// different.
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

/// Reads the numbers of a date, with or without a time of day after it. Returns `None` if the text
/// does not have the form of a date.
pub(super) fn numbers(text: &str) -> Option<DateNumbers> {
    let text = without_weekday(text.trim());
    if let Some(numbers) = compact(text) {
        return Some(numbers);
    }
    let (first, rest) = token(text)?;
    let (second, rest) = token(separator(rest)?)?;
    let (third, rest) = token(separator(rest)?)?;
    if !is_time(rest) {
        return None;
    }
    use DateToken::{Month, Number};
    match (first, second, third) {
        (Number(year, 4), Number(month, 1..=2) | Month(month), Number(day, 1..=2)) => {
            Some(DateNumbers::Certain { year, month, day })
        }
        (Number(day, 1..=2), Month(month), Number(year, digits @ (2 | 4)))
        | (Month(month), Number(day, 1..=2), Number(year, digits @ (2 | 4))) => {
            let year = if digits == 4 { year } else { full_year(year) };
            Some(DateNumbers::Certain { year, month, day })
        }
        (Number(first, 1..=2), Number(second, 1..=2), Number(year, 4)) => Some(DateNumbers::Open {
            first,
            second,
            year,
        }),
        (Number(first, 1..=2), Number(second, 1..=2), Number(third, 2)) => {
            Some(DateNumbers::Short {
                first,
                second,
                third,
            })
        }
        _ => None,
    }
}

/// Reads eight digits as year, month and day, if the year is one of our time.
fn compact(text: &str) -> Option<DateNumbers> {
    let (digits, rest) = text.split_at_checked(8)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !is_time(rest) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    (1900..2100)
        .contains(&year)
        .then_some(DateNumbers::Certain { year, month, day })
}

/// A number with how many digits it has, or the month of a name.
#[derive(Clone, Copy)]
enum DateToken {
    Number(u32, usize),
    Month(u32),
}

fn token(text: &str) -> Option<(DateToken, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, rest) = text.split_at_checked(digits.min(5))?;
        return Some((DateToken::Number(number.parse().ok()?, digits), rest));
    }
    month_name(text).map(|(month, rest)| (DateToken::Month(month), rest))
}

/// Splits off the name of a month, short or long.
pub(super) fn month_name(text: &str) -> Option<(u32, &str)> {
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

/// Skips what separates two tokens; nothing separates digits and letters in `05Oct2026`.
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

/// Returns whether what follows a date is nothing or a time of day.
pub(super) fn is_time(rest: &str) -> bool {
    let time = rest.trim_start_matches([' ', 'T', 't', ',', '-', '\u{a0}', '\n', '\r']);
    // Hungarian dates end with a dot.
    matches!(rest, "" | ".")
        || time.len() < rest.len()
            && time.starts_with(|c: char| c.is_ascii_digit())
            && time.contains([':', '.'])
            && time.len() < 40
            && time.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '+' | '-' | ' ' | '\u{202f}')
            })
}

/// Reads a year of two digits as one from 1970 to 2069.
pub(super) const fn full_year(year: u32) -> u32 {
    if year < 70 { 2000 + year } else { 1900 + year }
}
