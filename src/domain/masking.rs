//! Account numbers in the words of banks: which runs of a text could be one, and how they are hidden.

use std::{borrow::Cow, ops::Range};

use iban::Iban;

use super::account::AccountNumber;

/// The shortest known account number that is looked for in a text, and the longest that there is.
const LENGTHS: Range<usize> = 6..35;

/// How many neighbouring runs may be one account number, as in `GB82 WEST 1234 5698 7654 32`.
const MOST_RUNS: usize = 8;

/// Where a text is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The bank's words: every run of 10 to 19 digits is hidden.
    Text,
    /// A reference or an id that scripts join on: only a run of exactly ten digits is.
    Reference,
    /// A reference that a recorded payment has: only known account numbers are hidden.
    Recorded,
}

impl Place {
    const fn hides(self, digits: usize) -> bool {
        match self {
            Self::Text => digits >= 10 && digits <= 19,
            Self::Reference => digits == 10,
            Self::Recorded => false,
        }
    }
}

/// A run of a text: its place, and what it says in upper case.
struct Run {
    place: Range<usize>,
    letters: String,
}

/// Lists what in a text could be a known account number: runs of digits and of letters with digits,
/// also several with blanks or hyphens between them.
pub fn candidates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for runs in [digit_runs(text), words(text)] {
        each_joined(text, &runs, |_, letters| found.push(letters.to_owned()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Checks whether a reference has the form of an account number.
pub fn is_like_a_number(reference: &str) -> bool {
    digit_runs(reference)
        .iter()
        .any(|run| Place::Reference.hides(run.letters.len()))
}

/// Hides account numbers in a text: what has the form of one, and every known one.
pub fn masked<'t>(text: &'t str, known: &[String], place: Place) -> Cow<'t, str> {
    let mut hidden: Vec<(Range<usize>, String)> = Vec::new();
    let digits = digit_runs(text);
    for run in &digits {
        if place.hides(run.letters.len()) && !is_amount(text, &run.place) {
            hidden.push((run.place.clone(), run.letters.clone()));
        }
    }
    for runs in [digits, words(text)] {
        each_joined(text, &runs, |place, letters| {
            if known.iter().any(|number| number == letters) {
                hidden.push((place, letters.to_owned()));
            }
        });
    }
    let ibans = words(text)
        .into_iter()
        .filter(|run| run.letters.len() >= 15 && run.letters.parse::<Iban>().is_ok());
    hidden.extend(ibans.map(|run| (run.place, run.letters)));
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    // The longest of those that begin at one place.
    hidden.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for (place, letters) in hidden {
        if place.start < at {
            continue;
        }
        shown.push_str(text.get(at..place.start).unwrap_or_default());
        shown.push_str(&stars(&letters));
        at = place.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(shown)
}

fn stars(letters: &str) -> String {
    AccountNumber::parse(letters).map_or_else(|_| "******".to_owned(), |number| number.masked())
}

/// Checks whether a run of digits is an amount: it has a decimal point and two digits behind it.
fn is_amount(text: &str, place: &Range<usize>) -> bool {
    let mut after = text.get(place.end..).unwrap_or_default().chars();
    let point = after.next().is_some_and(|c| c == '.' || c == ',');
    let decimals = after.by_ref().take(2).filter(char::is_ascii_digit).count() == 2;
    point && decimals && !after.next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Returns the runs of digits, whatever letters are around them.
fn digit_runs(text: &str) -> Vec<Run> {
    runs(text, |c| c.is_ascii_digit())
}

/// Returns the runs of letters and digits.
fn words(text: &str) -> Vec<Run> {
    runs(text, |c| c.is_ascii_alphanumeric())
}

fn runs(text: &str, belongs: impl Fn(char) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        if !belongs(c) {
            open = false;
            continue;
        }
        match runs.last_mut().filter(|_| open) {
            Some(run) => {
                run.place.end = at + 1;
                run.letters.push(c.to_ascii_uppercase());
            }
            None => runs.push(Run {
                place: at..at + 1,
                letters: c.to_ascii_uppercase().to_string(),
            }),
        }
        open = true;
    }
    runs
}

/// Hands on every run, and every few neighbouring ones with nothing but blanks and hyphens between
/// them, that could be an account number: it begins and ends with a run that has a digit.
fn each_joined(text: &str, runs: &[Run], mut each: impl FnMut(Range<usize>, &str)) {
    let has_digit = |run: &Run| run.letters.bytes().any(|byte| byte.is_ascii_digit());
    for (first, begin) in runs.iter().enumerate() {
        if !has_digit(begin) {
            continue;
        }
        let (mut letters, mut end) = (String::new(), begin.place.start);
        for run in runs.iter().skip(first).take(MOST_RUNS) {
            let between = text.get(end..run.place.start).unwrap_or_default();
            letters.push_str(&run.letters);
            end = run.place.end;
            if !between.chars().all(parts_an_account) || letters.len() >= LENGTHS.end {
                break;
            }
            if letters.len() >= LENGTHS.start && has_digit(run) {
                each(begin.place.start..end, &letters);
            }
        }
    }
}

/// Returns whether a sign may be inside an account number as people and banks write it.
fn parts_an_account(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_to_nineteen_digits_are_hidden_in_a_text_and_exactly_ten_in_a_reference() {
        for (text, in_text, in_reference) in [
            (
                "TRF 0123456785/GTB",
                "TRF ******6785/GTB",
                "TRF ******6785/GTB",
            ),
            ("X0123456785Y", "X******6785Y", "X******6785Y"),
            ("123456789", "123456789", "123456789"),
            ("12345678901", "*******8901", "12345678901"),
            (
                "1234567890123456789",
                "***************6789",
                "1234567890123456789",
            ),
            (
                "12345678901234567890",
                "12345678901234567890",
                "12345678901234567890",
            ),
            (
                "000013261007123456789012345678",
                "000013261007123456789012345678",
                "000013261007123456789012345678",
            ),
            (
                "NGN 1234567890.50 paid",
                "NGN 1234567890.50 paid",
                "NGN 1234567890.50 paid",
            ),
            ("PR7K3F9Q2M S2207", "PR7K3F9Q2M S2207", "PR7K3F9Q2M S2207"),
            (
                "DE89370400440532013000",
                "******************3000",
                "******************3000",
            ),
            ("é0123456785é", "é******6785é", "é******6785é"),
        ] {
            assert_eq!(masked(text, &[], Place::Text), in_text);
            assert_eq!(masked(text, &[], Place::Reference), in_reference);
        }
    }

    #[test]
    fn a_known_number_is_hidden_with_blanks_or_hyphens_inside_or_letters_around() {
        let known = [
            "0123456785",
            "87654321",
            "GB82WEST12345698765432",
            "AC12345",
        ]
        .map(str::to_owned);
        for (text, shown) in [
            ("TO 0123 456 785 ADA", "TO ******6785 ADA"),
            ("TO 01-23-45-67-85", "TO ******6785"),
            ("TO 0123\u{a0}456785", "TO ******6785"),
            ("ACC87654321NGN", "ACC******4321NGN"),
            ("8765 4321", "******4321"),
            ("gb82 west 1234 5698 7654 32 x", "******************5432 x"),
            ("ac123-45", "*******"),
            ("2026-06-24 8765432", "2026-06-24 8765432"),
        ] {
            for place in [Place::Text, Place::Reference] {
                let found = candidates(text);
                let of_text: Vec<String> = known
                    .iter()
                    .filter(|number| found.contains(number))
                    .cloned()
                    .collect();
                assert_eq!(masked(text, &of_text, place), shown, "{text}");
            }
        }
        assert_eq!(candidates("NIP TRF TO ADA OBI"), [""; 0]);
        assert_eq!(candidates("ON 2026-06-24"), ["202606", "20260624"]);
    }
}
