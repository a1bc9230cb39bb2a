//! Tax numbers: personal data, which only schedules for the authority show in full.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

/// A holder's tax number: letters and digits with `-`, `/`, `.` and blanks between them. It is masked
/// wherever it is shown, but by [`TaxNumber::reveal`].
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct TaxNumber(String);

/// Why a text is not a tax number. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a tax number has 4 to 34 letters and digits, and `-`, `/`, `.` or blanks between them; if a spreadsheet shortened it, format the column as text and paste it again"
)]
pub struct NotATaxNumber;

impl TaxNumber {
    /// Checks and keeps a tax number as it is written, in capital letters.
    ///
    /// # Errors
    /// [`NotATaxNumber`].
    pub fn parse(text: &str) -> Result<Self, NotATaxNumber> {
        let number = text.trim().to_ascii_uppercase();
        let is_sign = |byte: u8| matches!(byte, b'-' | b'/' | b'.' | b' ');
        let written = number
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte));
        let signs = number.bytes().filter(|byte| is_sign(*byte)).count();
        let length = number.len().checked_sub(signs).ok_or(NotATaxNumber)?;
        if written && (4..=34).contains(&length) && number.len() <= 40 {
            Ok(Self(number))
        } else {
            Err(NotATaxNumber)
        }
    }

    /// Shows all of it. Only for the ledger itself, files for the authority and `--show-pii`.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Shows stars and the last four signs, `******0001`.
    pub fn masked(&self) -> String {
        // Of a short number four signs would be most of it.
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

impl std::str::FromStr for TaxNumber {
    type Err = NotATaxNumber;

    fn from_str(text: &str) -> Result<Self, NotATaxNumber> {
        Self::parse(text)
    }
}

impl TryFrom<String> for TaxNumber {
    type Error = NotATaxNumber;

    fn try_from(text: String) -> Result<Self, NotATaxNumber> {
        Self::parse(&text)
    }
}

/// Writes all of it: what is hashed for `--key` must differ if the number does.
impl Serialize for TaxNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for TaxNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for TaxNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaxNumber({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_number_is_kept_as_written_and_masked_in_text() {
        let number = TaxNumber::parse(" 12345678-0001 ").unwrap();
        assert_eq!(number.reveal(), "12345678-0001");
        assert_eq!(number.to_string(), "*********0001");
        assert_eq!(format!("{number:?}"), "TaxNumber(*********0001)");
        assert_eq!(TaxNumber::parse("ab12").unwrap().masked(), "******");
        for bad in [
            "",
            "1-2-3",
            "123",
            "12345+678",
            "1.2E+10",
            "12345\t678",
            &"1".repeat(35),
        ] {
            assert!(TaxNumber::parse(bad).is_err(), "{bad}");
        }
    }
}
