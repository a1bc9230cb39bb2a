//! Codes: the names that people choose, and the numbered names that the ledger gives.

use std::{
    fmt::{self, Write as _},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text::excerpt;

/// A code that a user chose: 1 to 64 letters, digits and `-._`. Kept as written, matched without
/// regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(Arc<str>);

/// Why a text is not a code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotACode {
    /// A character or the length is not allowed.
    #[error("`{0}` is not a code: write 1 to 64 letters, digits and `-._`, not beginning with `-`")]
    Letters(String),
    /// It could be taken for the UUID of something else.
    #[error("`{0}` is not a code: it has the form of a UUID, and every UUID names something else")]
    Uuid(String),
    /// It could be taken for a number that the ledger gives.
    #[error("`{0}` is not a code: the ledger gives such numbers itself; choose another code")]
    Number(String),
}

/// The letters of the numbers that the ledger gives, today or later.
const LETTERS: &str = "WPSLFXTQID";

impl Code {
    /// Checks and keeps a code.
    ///
    /// # Errors
    /// [`NotACode`] if a character or the length is not allowed.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if text.is_empty() || text.len() > 64 || text.starts_with('-') || !text.bytes().all(allowed)
        {
            return Err(NotACode::Letters(excerpt(text, 70)));
        }
        if is_uuid(text) {
            return Err(NotACode::Uuid(text.to_owned()));
        }
        if is_number_of_ours(text) {
            return Err(NotACode::Number(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// Returns the code of a holder whose name has no letter that a code may have.
    pub(super) fn plain_holder() -> Self {
        Self("holder".into())
    }

    /// Shows it as the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks for the form of a UUID: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let parts = text.split('-').map(|part| {
        part.bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then_some(part.len())
    });
    parts.eq([8, 4, 4, 4, 12].map(Some))
}

/// Checks for the form of a number that the ledger gives, such as `W-1`, in either case.
fn is_number_of_ours(text: &str) -> bool {
    let number = text.split_once('-').filter(|(letter, digits)| {
        letter.len() == 1
            && LETTERS.contains(&letter.to_ascii_uppercase())
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    number.is_some()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Code {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        Self::parse(&text)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0.as_ref().to_owned()
    }
}

/// A kind of thing that the ledger numbers itself.
pub trait Series: Copy + fmt::Debug + Ord {
    /// The letter before the number.
    const LETTER: char;
}

/// A numbered name such as `W-000001`; the number is the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Numbered<S> {
    number: i64,
    #[serde(skip)]
    series: std::marker::PhantomData<S>,
}

macro_rules! series {
    ($($marker:ident, $alias:ident, $letter:literal, $what:literal);+ $(;)?) => {$(
        #[doc = concat!("Marks the numbers of ", $what, "s.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $marker;
        impl Series for $marker {
            const LETTER: char = $letter;
        }
        #[doc = concat!("The number of a ", $what, ", shown with the letter ", stringify!($letter), ".")]
        pub type $alias = Numbered<$marker>;
    )+};
}

series! {
    WithdrawalSeries, WithdrawalNumber, 'W', "withdrawal";
    PaymentSeries, PaymentNumber, 'P', "payment";
    StatementSeries, StatementNumber, 'S', "bank statement";
    LineSeries, LineNumber, 'L', "bank line";
    FileSeries, FileNumber, 'F', "payment file";
    ImportSeries, ImportNumber, 'I', "register import";
    ProposalSeries, ProposalNumber, 'Q', "proposal";
    CertificateSeries, CertificateNumber, 'X', "tax certificate";
    RemittanceSeries, RemittanceNumber, 'T', "tax remittance";
}

impl<S: Series> Numbered<S> {
    /// Wraps a row number.
    pub const fn new(number: i64) -> Self {
        Self {
            number,
            series: std::marker::PhantomData,
        }
    }

    /// Returns the row number.
    pub const fn number(self) -> i64 {
        self.number
    }

    /// Reads `W-000001`, in either case and with any number of leading zeros, or `None` if it is
    /// something else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text
            .strip_prefix([S::LETTER, S::LETTER.to_ascii_lowercase()])?
            .strip_prefix('-')?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().map(Self::new)
    }
}

impl<S: Series> fmt::Display for Numbered<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Lists write millions of these. A one before six digits keeps their leading zeros.
        if let 0..1_000_000 = self.number {
            let mut digits = itoa::Buffer::new();
            f.write_char(S::LETTER)?;
            f.write_char('-')?;
            return f.write_str(
                digits
                    .format(self.number + 1_000_000)
                    .strip_prefix('1')
                    .unwrap_or_default(),
            );
        }
        write!(f, "{}-{}", S::LETTER, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_letters_digits_and_three_signs() {
        for good in [
            "a",
            "LAGOS-TOWER",
            "0xED99C6929BBA505a2f1A65B9cA156A068faB6427",
            "a.b_c-1",
            &"x".repeat(64),
        ] {
            assert_eq!(Code::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a b", "é", "a/b", &"x".repeat(65)] {
            assert!(Code::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_code_can_be_taken_for_a_uuid_or_a_number_of_the_ledger() {
        for uuid in [
            "019f17c1-0000-7000-8000-00000000abcd",
            "019F17C1-0000-7000-8000-00000000ABCD",
        ] {
            assert_eq!(Code::parse(uuid), Err(NotACode::Uuid(uuid.to_owned())));
        }
        for letter in LETTERS.chars() {
            for number in [
                format!("{letter}-000001"),
                format!("{letter}-1").to_lowercase(),
            ] {
                assert_eq!(Code::parse(&number), Err(NotACode::Number(number.clone())));
            }
        }
        for good in [
            "10002345",
            "deadbeef",
            "W-",
            "W-1a",
            "W-1-2",
            "A-1",
            "LEKKI-2026-Q3",
            "W1",
            "019f17c1-0000-7000-8000-00000000abc",
            "019f17c1-0000-7000-8000-00000000abcg",
        ] {
            assert!(Code::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_numbered_name_is_read_as_it_is_shown() {
        assert_eq!(WithdrawalNumber::new(1).to_string(), "W-000001");
        assert_eq!(PaymentNumber::new(1_234_567).to_string(), "P-1234567");
        assert_eq!(
            WithdrawalNumber::parse("w-1"),
            Some(WithdrawalNumber::new(1))
        );
        for other in [
            "P-000001",
            "W000001",
            "W-",
            "W-+1",
            "W-1x",
            "W-99999999999999999999",
        ] {
            assert_eq!(WithdrawalNumber::parse(other), None, "{other}");
        }
    }
}
