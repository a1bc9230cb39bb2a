//! Bank details and their checks, and account numbers that show only their last four digits.

use std::{borrow::Cow, fmt};

use iban::Iban;
use serde::Serialize;
use thiserror::Error;

mod details;

pub use details::{BadAccount, BankAccount, BankDetails, Scheme};

/// A bank account number: letters and digits, zeros kept. It is masked wherever it is shown, but by
/// [`AccountNumber::reveal`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountNumber(String);

/// Why a text is not an account number. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotAnAccountNumber {
    /// Another sign, or the length, is not allowed.
    #[error("an account number has 4 to 34 letters and digits")]
    Form,
    /// It is what a spreadsheet makes of a long number.
    #[error(
        "the account number was shortened by a spreadsheet, like 2.00E+08; format the column as text and paste it again"
    )]
    Shortened,
}

/// Returns whether a number is written with an exponent, as spreadsheets show long ones.
pub(crate) fn is_shortened(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let upper = text.trim().to_ascii_uppercase();
    let parts = upper.split_once("E+");
    parts.is_some_and(|(number, exponent)| {
        digits(&number.replacen(['.', ','], "", 1)) && digits(exponent)
    })
}

impl AccountNumber {
    /// Checks and keeps an account number; spaces and hyphens between the digits are dropped.
    ///
    /// # Errors
    /// [`NotAnAccountNumber`] if another sign or the length is not allowed.
    pub fn parse(text: &str) -> Result<Self, NotAnAccountNumber> {
        let mut kept = text.replace([' ', '-'], "");
        let fits =
            (4..=34).contains(&kept.len()) && kept.bytes().all(|byte| byte.is_ascii_alphanumeric());
        kept.make_ascii_uppercase();
        if fits {
            Ok(Self(kept))
        } else {
            Err(if is_shortened(text) {
                NotAnAccountNumber::Shortened
            } else {
                NotAnAccountNumber::Form
            })
        }
    }

    /// Shows all of it. Only for the ledger itself, payment files and `--show-pii`.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns whether it begins as every IBAN does: two letters, then two digits.
    fn begins_like_an_iban(&self) -> bool {
        let mut bytes = self.0.bytes();
        bytes
            .by_ref()
            .take(2)
            .all(|byte| byte.is_ascii_alphabetic())
            && bytes.take(2).all(|byte| byte.is_ascii_digit())
    }

    fn is_iban(&self) -> bool {
        self.0.parse::<Iban>().is_ok()
    }

    /// Shows stars and the last four digits, `******6785`.
    pub fn masked(&self) -> String {
        // Of a short number four digits would be most of it.
        let shown = if self.0.len() < 8 { 0 } else { 4 };
        let (head, tail) = self
            .0
            .split_at_checked(self.0.len() - shown)
            .unwrap_or((&self.0, ""));
        let mut text = "*".repeat(head.len().max(6));
        text.push_str(tail);
        text
    }
}

impl std::str::FromStr for AccountNumber {
    type Err = NotAnAccountNumber;

    fn from_str(text: &str) -> Result<Self, NotAnAccountNumber> {
        Self::parse(text)
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({})", self.masked())
    }
}

/// Masks what looks like an account number in a bank's words: ten digits in a row, as
/// every Nigerian account has, and a valid IBAN. Other numbers, such as references and session ids,
/// stay.
pub fn masked_within(text: &str) -> Cow<'_, str> {
    let looks_like_one = |word: &str| {
        let digits = word.len() == 10 && word.bytes().all(|byte| byte.is_ascii_digit());
        digits || (word.len() >= 15 && word.parse::<iban::Iban>().is_ok())
    };
    let words = || text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let bare = |part: &'_ str| {
        part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric())
            .len()
    };
    if !words().any(|part| part.get(..bare(part)).is_some_and(looks_like_one)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for part in words() {
        let (word, rest) = part.split_at_checked(bare(part)).unwrap_or((part, ""));
        match AccountNumber::parse(word)
            .ok()
            .filter(|_| looks_like_one(word))
        {
            Some(number) => shown.push_str(&number.masked()),
            None => shown.push_str(word),
        }
        shown.push_str(rest);
    }
    Cow::Owned(shown)
}

/// Masks in a message about a cell what could be an account number in a wrong column: as
/// [`masked_within`], and any ten digits and more in a row, whatever is around them.
pub fn without_accounts(message: &str) -> String {
    let mut told = String::with_capacity(message.len());
    for run in masked_within(message).split_inclusive(|sign: char| !sign.is_ascii_digit()) {
        let digits = run.bytes().take_while(u8::is_ascii_digit).count();
        match digits
            .checked_sub(4)
            .and_then(|hidden| run.split_at_checked(hidden))
        {
            Some((hidden, rest)) if digits >= 10 => {
                told.extend(std::iter::repeat_n('*', hidden.len()));
                told.push_str(rest);
            }
            Some(_) | None => told.push_str(run),
        }
    }
    told
}

/// The account number goes into fingerprints of inputs as a SHA-256 hash only.
impl Serialize for AccountNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::hash::sha256_hex(self.0.as_bytes()))
    }
}

/// Checks whether an account number as a file writes it may be this one: with signs between, as
/// part of an IBAN, or masked.
pub fn names_account(named: &str, number: &AccountNumber) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_uppercase()
    };
    let own = plain(number.reveal());
    if named.contains(['*', '\u{2022}']) || named.to_ascii_uppercase().contains("XX") {
        let tail: String = named
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        return tail.len() < 3 || own.ends_with(&tail);
    }
    let named = plain(named);
    let bare = |text: &str| text.trim_start_matches('0').to_owned();
    let holds = |longer: &str, shorter: &str| shorter.len() >= 6 && longer.ends_with(shorter);
    bare(&named) == bare(&own) || holds(&named, &bare(&own)) || holds(&own, &bare(&named))
}

/// Shows an account number as a file writes it, masked.
pub fn shown_masked(named: &str) -> String {
    let plain: String = named.chars().filter(char::is_ascii_alphanumeric).collect();
    AccountNumber::parse(&plain).map_or_else(|_| "******".to_owned(), |number| number.masked())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers_within_words_are_masked_and_references_are_not() {
        for (words, shown) in [
            ("NIP TRF TO 0123456785/GTB", "NIP TRF TO ******6785/GTB"),
            ("0123456785", "******6785"),
            (
                "TO DE89370400440532013000, ref 12",
                "TO ******************3000, ref 12",
            ),
            (
                "PR7K3F9Q2M S2207 000013261007123456789012345678",
                "PR7K3F9Q2M S2207 000013261007123456789012345678",
            ),
            ("é0123456785é", "é******6785é"),
        ] {
            assert_eq!(masked_within(words), shown, "{words}");
        }
    }

    #[test]
    fn a_message_about_a_cell_repeats_no_number_that_could_be_an_account() {
        for (message, shown) in [
            (
                "`0123456785x` is not a number of 999999999",
                "`******6785x` is not a number of 999999999",
            ),
            (
                "`DE44500105175407324931` is not a date",
                "`******************4931` is not a date",
            ),
            ("`12345678901234`", "`**********1234`"),
            ("plain", "plain"),
        ] {
            assert_eq!(without_accounts(message), shown);
        }
    }

    #[test]
    fn an_account_number_shows_its_last_four_digits_only() {
        let number = AccountNumber::parse("0123456785").unwrap();
        assert_eq!(number.to_string(), "******6785");
        assert_eq!(format!("{number:?}"), "AccountNumber(******6785)");
        assert_eq!(number.reveal(), "0123456785");
        assert_eq!(AccountNumber::parse("1234").unwrap().to_string(), "******");
        assert_eq!(AccountNumber::parse("0123 4567-85").unwrap(), number);
        for bad in ["", "123", "12345;", &"1".repeat(35)] {
            assert_eq!(
                AccountNumber::parse(bad),
                Err(NotAnAccountNumber::Form),
                "{bad}"
            );
        }
        for shortened in ["2.00E+08", "2e+9", "1,23E+09"] {
            let error = AccountNumber::parse(shortened);
            assert_eq!(error, Err(NotAnAccountNumber::Shortened), "{shortened}");
        }
    }

    #[test]
    fn an_account_is_known_in_the_forms_that_banks_write() {
        let number = AccountNumber::parse("0123456785").unwrap();
        for same in [
            "0123456785",
            "012-345-6785",
            "123456785",
            "NG58 0123456785",
            "******6785",
            "XXXXXX6785",
            "0000123456785",
        ] {
            assert!(names_account(same, &number), "{same}");
        }
        for other in ["0123456786", "6785", "******6786", "1234567850"] {
            assert!(!names_account(other, &number), "{other}");
        }
    }
}
