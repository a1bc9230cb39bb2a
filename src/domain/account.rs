//! Bank details, and account numbers that show only their last four digits.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

/// A bank account number: letters and digits, zeros kept. It is masked wherever it is shown, but by [`AccountNumber::reveal`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountNumber(String);

/// Why a text is not an account number. The text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an account number has 4 to 34 letters and digits")]
pub struct NotAnAccountNumber;

impl AccountNumber {
    /// Checks and keeps an account number; spaces and hyphens between the digits are dropped.
    ///
    /// # Errors
    /// [`NotAnAccountNumber`] where another sign or the length is not allowed.
    pub fn parse(text: &str) -> Result<Self, NotAnAccountNumber> {
        let kept: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let fits = (4..=34).contains(&kept.len()) && kept.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(kept.to_ascii_uppercase())) } else { Err(NotAnAccountNumber) }
    }

    /// Shows all of it. Only for the ledger itself, payment files and `--show-pii`.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Shows stars and the last four digits, `******6785`.
    pub fn masked(&self) -> String {
        // Of a short number four digits would be most of it.
        let shown = if self.0.len() < 8 { 0 } else { 4 };
        let (head, tail) = self.0.split_at_checked(self.0.len() - shown).unwrap_or((&self.0, ""));
        format!("{}{tail}", "*".repeat(head.len().max(6)))
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

/// What is known of a bank account; a holder's may be incomplete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankDetails {
    /// The bank's name.
    pub bank_name: Option<String>,
    /// The bank's code, such as `058`.
    pub bank_code: Option<String>,
    /// The account number.
    pub account_number: Option<AccountNumber>,
    /// Whose account it is.
    pub account_name: Option<String>,
}

/// A bank account that money can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// The bank's name.
    pub bank_name: String,
    /// The bank's code, such as `058`.
    pub bank_code: Option<String>,
    /// The account number.
    pub account_number: AccountNumber,
    /// Whose account it is, where it is not simply the holder's.
    pub account_name: Option<String>,
}

impl BankDetails {
    /// Tells whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Makes an account of it, or `None` where the bank's name or the number is missing.
    pub fn account(&self) -> Option<BankAccount> {
        Some(BankAccount {
            bank_name: self.bank_name.clone()?,
            bank_code: self.bank_code.clone(),
            account_number: self.account_number.clone()?,
            account_name: self.account_name.clone(),
        })
    }

    /// Takes over what `newer` gives and keeps the rest.
    #[must_use]
    pub fn updated_with(&self, newer: &Self) -> Self {
        Self {
            bank_name: newer.bank_name.clone().or_else(|| self.bank_name.clone()),
            bank_code: newer.bank_code.clone().or_else(|| self.bank_code.clone()),
            account_number: newer.account_number.clone().or_else(|| self.account_number.clone()),
            account_name: newer.account_name.clone().or_else(|| self.account_name.clone()),
        }
    }
}

/// The account number goes into fingerprints of inputs as a SHA-256 hash only.
impl Serialize for AccountNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::activity::sha256_hex(self.0.as_bytes()))
    }
}

impl Serialize for BankDetails {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.bank_name, &self.bank_code, &self.account_number, &self.account_name).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_number_shows_its_last_four_digits_only() {
        let number = AccountNumber::parse("0123456785").unwrap();
        assert_eq!(number.to_string(), "******6785");
        assert_eq!(format!("{number:?}"), "AccountNumber(******6785)");
        assert_eq!(number.reveal(), "0123456785");
        assert_eq!(AccountNumber::parse("1234").unwrap().to_string(), "******");
        assert_eq!(AccountNumber::parse("0123 4567-85").unwrap(), number);
        for bad in ["", "123", "12345;", &"1".repeat(35)] {
            assert_eq!(AccountNumber::parse(bad), Err(NotAnAccountNumber), "{bad}");
        }
    }
}
