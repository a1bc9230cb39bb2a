//! Our end-to-end reference: what a payment carries to the bank and back, and what reconciliation
//! looks for.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// How long a reference is.
const LENGTH: usize = 10;
/// What every reference begins with.
const PREFIX: &str = "PR";
/// How many references a ledger has: 36^7.
const REFERENCES: u128 = 78_364_164_096;
/// Spreads neighbouring numbers over all references. Neither 2 nor 3 divides it, so that it has no
/// factor in common with 36 and each number keeps a reference of its own; it is near the golden
/// section of 36^7.
const STEP: u128 = 48_431_716_913;

/// A reference such as `PR3K9X0A7C`: `PR`, seven letters or digits, and a check character over
/// these nine.
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
#[error("an end-to-end reference has `PR`, seven letters or digits and their check character")]
pub struct NotAnEndToEnd;

/// All references of one ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct References {
    offset: u128,
}

impl References {
    /// Names the references of the ledger with this salt.
    pub fn of(salt: &str) -> Self {
        let digest = Sha256::digest(salt.as_bytes());
        Self {
            offset: digest.iter().fold(0, |rest: u128, byte| {
                (rest * 256 + u128::from(*byte)) % REFERENCES
            }),
        }
    }

    /// Makes the reference of a row, as [`EndToEnd::make`] does.
    pub fn get(&self, number: i64) -> Option<EndToEnd> {
        EndToEnd::at(number, self.offset)
    }
}

impl EndToEnd {
    /// Makes the reference of a row. Distinct numbers of one ledger, which is its salt, have
    /// distinct references, and two ledgers rarely share one. `None` below zero, and once all 36^7
    /// references are used up.
    pub fn make(number: i64, salt: &str) -> Option<Self> {
        References::of(salt).get(number)
    }

    fn at(number: i64, offset: u128) -> Option<Self> {
        let number = u128::try_from(number)
            .ok()
            .filter(|number| *number < REFERENCES)?;
        // number and step are below 2^37 and the offset too, so the sum stays below 2^75.
        let mut rest = (number * STEP + offset) % REFERENCES;
        let mut seven = Vec::with_capacity(7);
        for _ in 0..7 {
            seven.push(character(u32::try_from(rest % 36).ok()?)?);
            rest /= 36;
        }
        let mut text: String = PREFIX.chars().chain(seven.into_iter().rev()).collect();
        text.push(check_character(&text)?);
        Some(Self(text))
    }

    /// Reads a reference in either case, or `None` if it is none of ours: length, prefix and check
    /// character must fit.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let (nine, check) = text.split_at_checked(LENGTH - 1)?;
        let fits = nine.starts_with(PREFIX)
            && check.len() == 1
            && check.chars().next() == check_character(nine);
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
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn made(number: i64) -> EndToEnd {
        EndToEnd::make(number, "a ledger").unwrap()
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
    fn a_reference_is_ten_capital_letters_and_digits_and_stays_what_it_is() {
        // These are in payment files that were sent: a change here would lose them in the bank's
        // statements.
        assert_eq!(
            [1, 2, 3].map(|number| made(number).to_string()),
            ["PRB6H1XMAE", "PRXFG1PK3O", "PRJOF1HHWG"]
        );
        let reference = made(1);
        assert_eq!(EndToEnd::parse("prb6h1xmae"), Some(reference.clone()));
        assert_eq!(serde_json::to_string(&reference).unwrap(), "\"PRB6H1XMAE\"");
        assert_eq!(
            serde_json::from_str::<EndToEnd>("\"PRB6H1XMAE\"").unwrap(),
            reference
        );
        for bad in [
            "",
            "PR",
            "PRB6H1XMA",
            "PRB6H1XMAEO",
            "PRB6H1XMAF",
            "XRB6H1XMAE",
            "PRB6H1XMA\u{e9}",
            "PR B6H1XMA",
            "\u{ff30}",
        ] {
            assert_eq!(EndToEnd::parse(bad), None, "{bad}");
            assert!(
                serde_json::from_str::<EndToEnd>(&serde_json::to_string(bad).unwrap()).is_err()
            );
        }
    }

    #[test]
    fn numbers_of_one_ledger_never_share_a_reference_and_two_ledgers_rarely_do() {
        let ours: BTreeSet<EndToEnd> = (0..100_000).map(made).collect();
        assert_eq!(ours.len(), 100_000);
        let theirs: BTreeSet<EndToEnd> = (0..100_000)
            .map(|number| EndToEnd::make(number, "another").unwrap())
            .collect();
        assert!(ours.is_disjoint(&theirs));
        let packed: BTreeSet<u64> = ours
            .iter()
            .map(|reference| reference.packed().unwrap())
            .collect();
        assert_eq!(packed.len(), ours.len());
    }

    #[test]
    fn when_all_references_are_used_up_there_is_none() {
        let last = i64::try_from(REFERENCES).unwrap() - 1;
        assert_ne!(EndToEnd::make(last, "x"), EndToEnd::make(0, "x"));
        for number in [-1, last + 1, i64::MAX, i64::MIN] {
            assert_eq!(EndToEnd::make(number, "x"), None, "{number}");
        }
        let no_factor_of_36 = |factor| !STEP.is_multiple_of(factor);
        assert!(
            [2, 3].into_iter().all(no_factor_of_36),
            "or two numbers would share a reference"
        );
        assert_eq!(36_u128.pow(7), REFERENCES);
    }

    #[test]
    fn references_are_found_however_a_bank_prints_them() {
        let (one, two) = (made(1), made(2));
        for text in [
            "PRB6H1XMAE",
            "NIP TRF/PRB6H1XMAE/ADA OBI",
            "nip trf prb6h1xmae",
            "TRFPRB6H1XMAEADAOBI",
            "REF:PRB6H 1XMAE",
            "REF PRB6H1X\r\nMAE",
            "P R B 6 H 1 X M A E",
            "PRB6-H1XM-AE",
            "PRB6H1XM\u{a0}AE",
            "PPRB6H1XMAE",
            "PRPRB6H1XMAE",
            "PRB6H1XMAE PRB6H1XMAE",
        ] {
            assert_eq!(
                EndToEnd::find_in(text),
                std::slice::from_ref(&one),
                "{text}"
            );
        }
        assert_eq!(
            EndToEnd::find_in("PRXFG1PK3O, PRB6H1XMAE"),
            [two.clone(), one.clone()]
        );
        assert_eq!(EndToEnd::find_in("PRXFG1PK3OPRB6H1XMAE"), [two, one]);
        for text in [
            "",
            "PR",
            "PRB6H1XMAF",
            "PRB6H/1XMAE",
            "PRB6H\u{e9}1XMAE",
            "\u{20a6}PRB6H1XMA",
            "PAYMENT OF MARCH",
        ] {
            assert_eq!(EndToEnd::find_in(text), [], "{text}");
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
        fn every_made_reference_is_read_back_and_found(number in 0..i64::try_from(REFERENCES).unwrap(), salt in ".{0,40}") {
            let reference = EndToEnd::make(number, &salt).unwrap();
            prop_assert_eq!(EndToEnd::parse(reference.as_str()), Some(reference.clone()));
            let touched = format!("x{reference}y");
            prop_assert!(EndToEnd::find_in(&touched).contains(&reference));
        }

        #[test]
        fn a_wrong_character_is_seen(number in 0..i64::MAX, at in 0_usize..10, wrong in 0_u32..36) {
            let reference = made(number % i64::try_from(REFERENCES).unwrap());
            let mut text: Vec<char> = reference.as_str().chars().collect();
            let wrong = character(wrong).unwrap();
            prop_assume!(text[at] != wrong);
            text[at] = wrong;
            prop_assert_eq!(EndToEnd::parse(&text.iter().collect::<String>()), None);
        }

        #[test]
        fn a_swap_of_neighbours_is_seen(number in 0..i64::MAX, at in 0_usize..9) {
            let reference = made(number % i64::try_from(REFERENCES).unwrap());
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
