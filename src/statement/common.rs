//! What the readers of OFX, CAMT.053 and MT940 share: bad lines, places, amounts, dates, texts and
//! ids.

mod prove;
#[cfg(test)]
pub(super) mod samples;

use std::collections::HashSet;

use chrono::{Datelike as _, Days, NaiveDate};

pub(super) use self::prove::{Tally, oldest_first, prove};
use super::{BadLine, Unreadable};
use crate::domain::{
    bad_line::{note, of_a_statement},
    currency::Currency,
    quantity::{Amount, NumberError},
    statement::Statement,
    time::Date,
};

/// The bad lines that were found so far; one of them and nothing of the file is taken.
#[derive(Debug)]
pub(super) struct Bad {
    lines: Vec<BadLine>,
    /// How many are told.
    most: usize,
    /// More statements were met than a file may hold.
    crowded: bool,
}

impl Bad {
    /// Begins with none of a text.
    pub(super) fn of(text: &str) -> Self {
        Self {
            lines: Vec::new(),
            most: of_a_statement(text),
            crowded: false,
        }
    }

    /// Notes what is wrong in a column of a line.
    pub(super) fn push(&mut self, line: u64, column: &str, reason: impl Into<String>) {
        note(
            &mut self.lines,
            BadLine {
                line,
                column: Some(column.to_owned()),
                reason: reason.into(),
            },
            self.most,
        );
    }

    /// Takes the value of a result, or notes why there is none.
    pub(super) fn take<T>(
        &mut self,
        line: u64,
        column: &str,
        read: Result<T, String>,
    ) -> Option<T> {
        read.map_err(|reason| self.push(line, column, reason)).ok()
    }

    /// Refuses the file where any line was bad.
    pub(super) fn refuse(mut self) -> Result<(), Unreadable> {
        if self.lines.is_empty() {
            return Ok(());
        }
        self.lines.sort_by_key(|bad| bad.line);
        Err(Unreadable::BadLines { lines: self.lines })
    }
}

/// Counts lines up to offsets of a text that never go back; a line ends with LF, CR, CRLF or CR CR
/// LF.
#[derive(Debug)]
pub(super) struct Places<'a> {
    rest: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Places<'a> {
    /// Starts at the first line.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// Tells the line, counted from 1, on which an offset lies.
    pub(super) fn line_at(&mut self, offset: usize) -> u64 {
        while self.at < offset {
            let Some((byte, rest)) = self.rest.split_first() else {
                break;
            };
            let ends = match byte {
                b'\n' => true,
                b'\r' => !rest.starts_with(b"\n") && !rest.starts_with(b"\r\n"),
                _ => false,
            };
            self.line += u64::from(ends);
            self.rest = rest;
            self.at += 1;
        }
        self.line
    }
}

/// The decimal mark that a format prescribes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A point.
    Point,
    /// A comma.
    Comma,
}

impl Mark {
    const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn other(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// Reads an amount without a sign, exactly.
///
/// The format's own mark is a decimal mark. The other one is taken for it only where it cannot
/// group thousands, since some banks write `1,234` for a thousand and others for one and a bit.
pub(super) fn amount(text: &str, mark: Mark) -> Result<Amount, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("no amount".to_owned());
    }
    let not_one = || format!("`{}` is not an amount", shown(text));
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.')
    {
        return Err(not_one());
    }
    let (whole, fraction) = match text.rfind(['.', ',']) {
        None => (text, ""),
        Some(at) => {
            let (whole, marked) = text.split_at(at);
            let fraction = marked.get(1..).unwrap_or_default();
            let last = if marked.starts_with('.') {
                Mark::Point
            } else {
                Mark::Comma
            };
            if whole.contains(last.sign()) {
                // The mark comes twice, so it groups thousands and nothing follows them.
                (text, "")
            } else if last != mark && fraction.len() == 3 && !whole.contains(last.other()) {
                let reason = format!(
                    "`{}` could have a decimal mark or group thousands",
                    shown(text)
                );
                return Err(reason);
            } else {
                (whole, fraction)
            }
        }
    };
    let whole = ungrouped(whole).ok_or_else(not_one)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(not_one());
    }
    let part = |digits: &str| {
        if digits.is_empty() {
            "0".to_owned()
        } else {
            digits.to_owned()
        }
    };
    Amount::parse(&format!("{}.{}", part(&whole), part(fraction))).map_err(|error| match error {
        NumberError::TooLarge { .. } => {
            "the amount has more than 13 digits before the decimal mark".to_owned()
        }
        NumberError::TooManyDecimals(_) => {
            "the amount has more than 7 decimals, and nothing is rounded".to_owned()
        }
        NumberError::Empty
        | NumberError::Comma(_)
        | NumberError::Exponent(_)
        | NumberError::Sign(_)
        | NumberError::BarePoint(_)
        | NumberError::Space(_)
        | NumberError::NotANumber(_) => not_one(),
    })
}

/// Takes marks between groups of three digits away, or `None` where they stand elsewhere.
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
pub(super) fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text.trim()).map_err(|_| format!("`{}` is not a currency", shown(text.trim())))
}

/// The days on which a line may have been booked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    tomorrow: Date,
    latest_value: Date,
}

impl Calendar {
    /// Takes the last day that is not in the future.
    pub(super) fn new(today: Date) -> Self {
        let after = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
        // A value date may lie ahead, as for cheques, but a year ahead is a mistyped one.
        Self {
            tomorrow: after(1),
            latest_value: after(366),
        }
    }

    /// Checks a day on which something was booked.
    pub(super) fn booked(self, date: Date) -> Result<Date, String> {
        if date > self.tomorrow {
            return Err(format!("{date} lies after tomorrow"));
        }
        Self::not_ancient(date)
    }

    /// Checks a value date.
    pub(super) fn value(self, date: Date) -> Result<Date, String> {
        if date > self.latest_value {
            return Err(format!("{date} lies more than a year ahead"));
        }
        Self::not_ancient(date)
    }

    fn not_ancient(date: Date) -> Result<Date, String> {
        if date.year() < 1990 {
            Err(format!("{date} lies before 1990"))
        } else {
            Ok(date)
        }
    }
}

/// Reads a day of four, two and two digits, or says that no calendar has it.
pub(super) fn day(year: &str, month: &str, day: &str) -> Result<Date, String> {
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u16>().ok())
            .flatten()
    };
    let read = || {
        let year = number(year).filter(|_| year.len() == 4)?;
        let month = number(month).filter(|_| month.len() == 2)?;
        let day = number(day).filter(|_| day.len() == 2)?;
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
    };
    read().ok_or_else(|| {
        format!(
            "`{}` is not a date",
            shown(&format!("{year}-{month}-{day}"))
        )
    })
}

/// Shows a little of what was written, without long runs of digits, which could be an account
/// number.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut digits = String::new();
    for c in one_line(text).chars().take(24).chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if digits.len() > 8 {
            shown.push_str(digits.get(..2).unwrap_or_default());
            shown.push('…');
        } else {
            shown.push_str(&digits);
        }
        digits.clear();
        if c != '\0' {
            shown.push(c);
        }
    }
    shown
}

/// Makes one line of a text: runs of white space and control characters become one space, and none
/// stand at its ends.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || is_control(c) {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Tells what a terminal could obey: control characters and the marks that turn the direction of
/// what follows.
pub(super) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Reads a text, or `None` where nothing is written.
pub(super) fn filled(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|text| !text.is_empty())
}

/// Reads a reference, or `None` where it is a placeholder such as `NONREF`.
pub(super) fn reference(text: &str) -> Option<String> {
    let reference = filled(text)?;
    let letters: String = reference
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let placeholder = matches!(
        letters.as_str(),
        "NONREF"
            | "NOREF"
            | "NOTPROVIDED"
            | "NOTAVAILABLE"
            | "NONE"
            | "NA"
            | "NULL"
            | "UNKNOWN"
            | "NOREFERENCE"
            | "KEINEREF"
    );
    // What has neither a letter of any script nor a digit but 0 names nothing.
    let names = reference.chars().any(|c| c.is_alphanumeric() && c != '0');
    (names && !placeholder).then_some(reference)
}

/// Reads the bank's own id of a line.
///
/// A number of up to four digits is a counter that the next file begins again, so it would make two
/// lines one.
pub(super) fn bank_id(text: &str) -> Option<String> {
    reference(text).filter(|id| id.len() > 4 || !id.bytes().all(|byte| byte.is_ascii_digit()))
}

/// How many statements a file may hold: those of 27 accounts, each day of a year.
const MOST_STATEMENTS: usize = 10_000;

/// Adds a statement to those of the file, or refuses a file of more than it may hold.
pub(super) fn keep(statement: Statement, statements: &mut Vec<Statement>, bad: &mut Bad) {
    if statements.len() < MOST_STATEMENTS {
        // Thousands of short ones take no twice the room that they need.
        if statements.len() == statements.capacity() {
            statements.reserve_exact(4 + statements.len() / 4);
        }
        statements.push(statement);
    } else if !bad.crowded {
        bad.crowded = true;
        let reason = format!("the file holds more than {MOST_STATEMENTS} statements; split it");
        bad.lines.push(BadLine {
            line: 0,
            column: None,
            reason,
        });
    }
}

/// Takes the bank's ids away that stand on more than one line of the file.
pub(super) fn keep_unique_ids(statements: &mut [Statement]) {
    let lines = || statements.iter().flat_map(|statement| &statement.lines);
    let mut seen = HashSet::new();
    let ids = lines().filter_map(|line| line.bank_id.as_deref());
    let twice: HashSet<String> = ids
        .filter(|id| !seen.insert(*id))
        .map(str::to_owned)
        .collect();
    drop(seen);
    if twice.is_empty() {
        return;
    }
    for line in statements
        .iter_mut()
        .flat_map(|statement| &mut statement.lines)
    {
        if line.bank_id.as_ref().is_some_and(|id| twice.contains(id)) {
            line.bank_id = None;
        }
    }
}

/// Joins texts to one line and leaves out those that another one contains.
pub(super) fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.into_iter().filter_map(filled) {
        let lower = text.to_lowercase();
        if kept
            .iter()
            .any(|other| other.to_lowercase().contains(&lower))
        {
            continue;
        }
        kept.retain(|other| !lower.contains(&other.to_lowercase()));
        kept.push(text);
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all() {
        let read = |text: &str, mark| amount(text, mark).map(|amount| amount.plain(0));
        for (text, mark, expected) in [
            ("300,", Mark::Comma, "300"),
            ("212,39", Mark::Comma, "212.39"),
            ("212.39", Mark::Comma, "212.39"),
            ("1,234", Mark::Comma, "1.234"),
            ("1.234", Mark::Point, "1.234"),
            ("12,5", Mark::Point, "12.5"),
            ("1,234.56", Mark::Point, "1234.56"),
            ("1.234,56", Mark::Point, "1234.56"),
            ("1,234.567", Mark::Comma, "1234.567"),
            ("1,234,567", Mark::Point, "1234567"),
            (".50", Mark::Point, "0.5"),
            ("000000000050,00", Mark::Comma, "50"),
            (
                "9999999999999,9999999",
                Mark::Comma,
                "9999999999999.9999999",
            ),
        ] {
            assert_eq!(read(text, mark), Ok(expected.to_owned()), "{text}");
        }
        for (text, mark) in [
            ("1.234", Mark::Comma),
            ("1,234", Mark::Point),
            ("1,2345,6", Mark::Point),
            ("12,34.56", Mark::Point),
            ("$120", Mark::Point),
            (".", Mark::Point),
            ("", Mark::Point),
            ("-5", Mark::Point),
            ("1 000", Mark::Point),
            ("10000000000000", Mark::Point),
            ("0.00000001", Mark::Point),
        ] {
            assert!(read(text, mark).is_err(), "{text}");
        }
    }

    #[test]
    fn an_account_number_is_not_repeated_in_an_error() {
        assert_eq!(shown("IBAN 0123456789 x"), "IBAN 01… x");
        assert_eq!(shown("$120"), "$120");
        assert!(
            !amount("1234567890123456", Mark::Point)
                .unwrap_err()
                .contains("123456")
        );
    }

    #[test]
    fn a_placeholder_is_no_reference_and_a_counter_no_id() {
        for text in [
            "NONREF",
            "nonref",
            "NOT PROVIDED",
            "0",
            "00000000000000000000",
            "-",
            "",
            "  ",
            "N/A",
        ] {
            assert_eq!(reference(text), None, "{text}");
        }
        assert_eq!(reference(" RF18  539 "), Some("RF18 539".to_owned()));
        assert_eq!(reference("報酬"), Some("報酬".to_owned()));
        assert_eq!(bank_id("17"), None);
        assert_eq!(bank_id("0000486"), Some("0000486".to_owned()));
    }

    #[test]
    fn a_line_ends_in_four_ways() {
        let text = "a\nb\rc\r\nd\r\r\ne";
        let mut places = Places::new(text);
        let lines: Vec<u64> = ["a", "b", "c", "d", "e"]
            .map(|c| places.line_at(text.find(c).unwrap()))
            .to_vec();
        assert_eq!(lines, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_text_that_another_contains_is_not_repeated() {
        assert_eq!(
            joined(["ALDI  STORE", "aldi store Geelong\u{1}"]),
            "aldi store Geelong"
        );
        assert_eq!(joined(["fee for march", "FEE", "x"]), "fee for march x");
    }

    #[test]
    fn days_lie_between_1990_and_tomorrow() {
        let calendar = Calendar::new(day("2024", "06", "30").unwrap());
        assert!(calendar.booked(day("1989", "12", "31").unwrap()).is_err());
        assert!(calendar.booked(day("2024", "07", "01").unwrap()).is_ok());
        assert!(calendar.booked(day("2024", "07", "02").unwrap()).is_err());
        assert!(calendar.value(day("2024", "09", "02").unwrap()).is_ok());
        assert!(calendar.value(day("2025", "09", "02").unwrap()).is_err());
        for (y, m, d) in [
            ("2023", "02", "29"),
            ("2023", "13", "01"),
            ("23", "01", "01"),
            ("+202", "01", "01"),
        ] {
            assert!(day(y, m, d).is_err(), "{y}{m}{d}");
        }
    }
}
