//! Our end-to-end reference: what a payment carries to the bank and back, and what reconciliation
//! looks for.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How long a reference is.
const LENGTH: usize = 10;
/// What every reference begins with.
const PREFIX: &str = "P";
/// How many characters are drawn.
const DRAWN: usize = 8;
/// How many of them are letters at least, so that no reference looks like an account number.
const LETTERS: usize = 2;
/// How many references there are, those with too few letters included: 36^8.
pub const REFERENCES: u64 = 2_821_109_907_456;

/// A reference such as `PK3K9X0A7C`: `P`, eight letters or digits drawn at random, at least two of
/// them letters, and a check character over these nine.
///
/// # Source
/// The check character is that of ISO 7064, MOD 37,36. It finds every single wrong character, and
/// all but one in 630 of the possible swaps of two neighbours; those need two characters that
/// follow each other in the alphabet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EndToEnd(String);

/// Why a text is not a reference of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "an end-to-end reference has `P`, eight letters or digits with at least two letters, and their check character"
)]
pub struct NotAnEndToEnd;

impl EndToEnd {
    /// Makes the reference whose eight characters are this number in base 36. `None` from 36^8 on,
    /// and if fewer than two of them are letters.
    pub fn of_number(number: u64) -> Option<Self> {
        let mut rest = Some(number).filter(|number| *number < REFERENCES)?;
        let mut drawn = Vec::with_capacity(DRAWN);
        for _ in 0..DRAWN {
            drawn.push(character(u32::try_from(rest % 36).ok()?)?);
            rest /= 36;
        }
        let mut text: String = PREFIX.chars().chain(drawn.into_iter().rev()).collect();
        text.push(check_character(&text)?);
        Self::parse(&text)
    }

    /// Reads a reference in either case, or `None` if it is none of ours: length, prefix, letters and
    /// check character must fit.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let (nine, check) = text.split_at_checked(LENGTH - 1)?;
        let drawn = nine.strip_prefix(PREFIX)?;
        let letters = drawn.bytes().filter(u8::is_ascii_uppercase).count();
        let fits =
            letters >= LETTERS && check.len() == 1 && check.chars().next() == check_character(nine);
        fits.then_some(Self(text))
    }

    /// Shows the ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Finds every reference in a text, in the order of their places, each once: in either case,
    /// even if they touch other letters or a bank broke them by spaces, ends of lines or hyphens.
    ///
    /// One in 36 words that begin like a reference passes the check by chance. So what is found is
    /// a reference only if the ledger made it.
    pub fn find_in(text: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let mut run = String::new();
        // The full stop at the end is not part of a reference and ends the last run.
        for c in text.chars().chain(['.']) {
            if c.is_ascii_alphanumeric() {
                run.push(c.to_ascii_uppercase());
            } else if !may_break(c) {
                for (at, _) in run.match_indices(PREFIX) {
                    let reference = run.get(at..at + LENGTH).and_then(Self::parse);
                    found.extend(reference.filter(|reference| !found.contains(reference)));
                }
                run.clear();
            }
        }
        found
    }

    /// Packs what differs between references into a number: a set of numbers is far smaller than
    /// one of texts.
    pub fn packed(&self) -> Option<u64> {
        u64::from_str_radix(self.0.get(PREFIX.len()..LENGTH - 1)?, 36).ok()
    }
}

/// Returns what a bank puts into a reference where it breaks a line: spaces of any kind and hyphens
/// of any kind.
fn may_break(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{ad}' | '\u{200b}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{feff}'
        )
}

/// Returns the letter or digit of a value below 36.
fn character(value: u32) -> Option<char> {
    char::from_digit(value, 36).map(|c| c.to_ascii_uppercase())
}

/// Computes the check character after ISO 7064, MOD 37,36; `None` if something but capital letters
/// and digits is in it.
fn check_character(text: &str) -> Option<char> {
    let mut product = 36;
    for c in text.chars() {
        let value = c.to_digit(36).filter(|_| !c.is_ascii_lowercase())?;
        let sum = match (product + value) % 36 {
            0 => 36,
            sum => sum,
        };
        product = sum * 2 % 37;
    }
    character((37 - product) % 36)
}

impl fmt::Display for EndToEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for EndToEnd {
    type Error = NotAnEndToEnd;

    fn try_from(text: String) -> Result<Self, NotAnEndToEnd> {
        Self::parse(&text).ok_or(NotAnEndToEnd)
    }
}

impl From<EndToEnd> for String {
    fn from(reference: EndToEnd) -> Self {
        reference.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Three references: `PAA000001…` and so on have letters enough.
    const FIRST: u64 = 805_409_464_320;

    fn made(number: u64) -> EndToEnd {
        EndToEnd::of_number(FIRST + number).unwrap()
    }

    fn value(c: char) -> u32 {
        c.to_digit(36).unwrap()
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // The example of the Global Release Identifier standard, which uses the same system:
        // A1-2425G-ABC1234002-M.
        assert_eq!(check_character("A12425GABC1234002"), Some('M'));
        assert_eq!(check_character("a1"), None);
        assert_eq!(check_character("A 1"), None);
    }

    #[test]
    fn a_reference_is_ten_capital_letters_and_digits() {
        let reference = made(1);
        let text = reference.to_string();
        assert_eq!((text.len(), &text[..9]), (LENGTH, "PAA000001"));
        assert_eq!(
            EndToEnd::parse(&text.to_lowercase()),
            Some(reference.clone())
        );
        let json = format!("\"{text}\"");
        assert_eq!(serde_json::to_string(&reference).unwrap(), json);
        assert_eq!(serde_json::from_str::<EndToEnd>(&json).unwrap(), reference);
        let wrong_check = format!("PAA000001{}", if text.ends_with('A') { 'B' } else { 'A' });
        let other_prefix = text.replacen('P', "X", 1);
        for bad in [
            "",
            "P",
            &text[..9],
            &format!("{text}0"),
            &wrong_check,
            &other_prefix,
            "PAA00000\u{e9}1",
            "P AA00000",
            "\u{ff30}",
        ] {
            assert_eq!(EndToEnd::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_reference_has_two_letters_so_that_it_looks_like_no_account_number() {
        assert_eq!(
            EndToEnd::of_number(12_345_678),
            EndToEnd::of_number(12_345_678)
        );
        for (number, is_one) in [
            (0, false),
            (35, false),
            (36 * 35 + 35, true),
            (REFERENCES - 1, true),
            (REFERENCES, false),
        ] {
            assert_eq!(EndToEnd::of_number(number).is_some(), is_one, "{number}");
        }
        assert_eq!(36_u64.pow(8), REFERENCES);
    }

    #[test]
    fn references_are_found_however_a_bank_prints_them() {
        let (one, two) = (made(1), made(2));
        let (first, second) = (one.to_string(), two.to_string());
        let (head, tail) = first.split_at(5);
        let spaced: Vec<String> = first.chars().map(String::from).collect();
        for text in [
            first.clone(),
            format!("NIP TRF/{first}/ADA OBI"),
            format!("nip trf {}", first.to_lowercase()),
            format!("TRF{first}ADAOBI"),
            format!("REF:{head} {tail}"),
            format!("REF {head}\r\n{tail}"),
            spaced.join(" "),
            format!("{head}-{tail}"),
            format!("{head}\u{a0}{tail}"),
            format!("P{first}"),
            format!("{first} {first}"),
        ] {
            assert_eq!(
                EndToEnd::find_in(&text),
                std::slice::from_ref(&one),
                "{text}"
            );
        }
        let both = format!("{second}, {first}");
        assert_eq!(EndToEnd::find_in(&both), [two.clone(), one.clone()]);
        let joined = format!("{second}{first}");
        assert_eq!(EndToEnd::find_in(&joined), [two, one]);
        for text in [
            String::new(),
            "PR".to_owned(),
            format!("{head}/{tail}"),
            format!("{head}\u{e9}{tail}"),
            first[..9].to_owned(),
            "PAYMENT OF MARCH".to_owned(),
        ] {
            assert_eq!(EndToEnd::find_in(&text), [], "{text}");
        }
    }

    #[test]
    fn of_all_swaps_of_two_neighbours_one_in_630_is_not_seen() {
        let step = |product: u32, value: u32| match (product + value) % 36 {
            0 => 36 * 2 % 37,
            sum => sum * 2 % 37,
        };
        let (mut swaps, mut unseen) = (0, 0);
        for product in 1..=36 {
            for (a, b) in (0..36).flat_map(|a| (0..a).map(move |b| (a, b))) {
                swaps += 1;
                if step(step(product, a), b) == step(step(product, b), a) {
                    unseen += 1;
                    assert!(a - b == 1 || a - b == 35, "they follow each other: {a} {b}");
                }
            }
        }
        assert_eq!(swaps / unseen, 630);
    }

    proptest! {
        #[test]
        fn every_made_reference_is_read_back_and_found(number in 0..REFERENCES) {
            let Some(reference) = EndToEnd::of_number(number) else {
                return Ok(());
            };
            prop_assert_eq!(EndToEnd::parse(reference.as_str()), Some(reference.clone()));
            let touched = format!("x{reference}y");
            prop_assert!(EndToEnd::find_in(&touched).contains(&reference));
        }

        #[test]
        fn a_wrong_character_is_seen(number in 0..REFERENCES - FIRST, at in 0_usize..10, wrong in 0_u32..36) {
            let Some(reference) = EndToEnd::of_number(FIRST + number) else {
                return Ok(());
            };
            let mut text: Vec<char> = reference.as_str().chars().collect();
            let wrong = character(wrong).unwrap();
            prop_assume!(text[at] != wrong);
            text[at] = wrong;
            prop_assert_eq!(EndToEnd::parse(&text.iter().collect::<String>()), None);
        }

        #[test]
        fn a_swap_of_neighbours_is_seen(number in 0..REFERENCES - FIRST, at in 0_usize..9) {
            let Some(reference) = EndToEnd::of_number(FIRST + number) else {
                return Ok(());
            };
            let mut text: Vec<char> = reference.as_str().chars().collect();
            // Those that follow each other in the alphabet are the exception that the test above
            // counts.
            prop_assume!(!matches!(value(text[at]).abs_diff(value(text[at + 1])), 0 | 1 | 35));
            text.swap(at, at + 1);
            prop_assert_eq!(EndToEnd::parse(&text.iter().collect::<String>()), None);
        }

        #[test]
        fn no_text_makes_the_finder_panic(text in "(?s).{0,80}|[PRpr0-9A-Z -]{0,80}") {
            for found in EndToEnd::find_in(&text) {
                prop_assert_eq!(EndToEnd::parse(found.as_str()), Some(found));
            }
        }
    }
}
