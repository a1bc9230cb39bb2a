//! Bank details and their checks, and account numbers that show only their last four digits.

use std::{borrow::Cow, fmt};

use iban::Iban;
use serde::Serialize;
use thiserror::Error;

use super::{currency::Currency, nuban};

/// A bank account number: letters and digits, zeros kept. It is masked wherever it is shown, but by
/// [`AccountNumber::reveal`].
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
    /// [`NotAnAccountNumber`] if another sign or the length is not allowed.
    pub fn parse(text: &str) -> Result<Self, NotAnAccountNumber> {
        let mut kept = text.replace([' ', '-'], "");
        let fits =
            (4..=34).contains(&kept.len()) && kept.bytes().all(|byte| byte.is_ascii_alphanumeric());
        kept.make_ascii_uppercase();
        if fits {
            Ok(Self(kept))
        } else {
            Err(NotAnAccountNumber)
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

/// How an account is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// An IBAN whose check digits hold.
    Iban,
    /// A NUBAN of the Nigerian bank whose code goes with it.
    Nuban,
    /// Any other way, or not known.
    Other,
}

/// Why an account number is refused on entry. The number is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadAccount {
    /// It begins like an IBAN and is none.
    #[error(
        "the account number begins like an IBAN and is none: a letter or digit is wrong, missing or too many"
    )]
    Iban,
    /// It does not have the length of a NUBAN, or has letters in it.
    #[error("the account number does not have the 10 digits of an account at bank `{bank_code}`")]
    NotTenDigits {
        /// The bank's code.
        bank_code: String,
    },
    /// The check digit does not hold.
    #[error(
        "the account number fails the NUBAN check of bank `{bank_code}`: a digit is wrong, or it belongs to another bank"
    )]
    Nuban {
        /// The bank's code.
        bank_code: String,
    },
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

/// What is known of a bank account; a holder's may be incomplete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BankDetails {
    /// The bank's name.
    pub bank_name: Option<String>,
    /// The bank's code, such as `058`.
    pub bank_code: Option<String>,
    /// The account number.
    pub account_number: Option<AccountNumber>,
    /// Whose account it is.
    pub account_name: Option<String>,
    /// The currency of the account; any if there is none.
    #[serde(rename = "account_currency", skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
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
    /// Whose account it is, if it is not simply the holder's.
    pub account_name: Option<String>,
}

impl From<BankAccount> for BankDetails {
    fn from(account: BankAccount) -> Self {
        Self {
            bank_name: Some(account.bank_name),
            bank_code: account.bank_code,
            account_number: Some(account.account_number),
            account_name: account.account_name,
            currency: None,
        }
    }
}

impl From<Option<BankAccount>> for BankDetails {
    fn from(account: Option<BankAccount>) -> Self {
        account.map(Self::from).unwrap_or_default()
    }
}

impl BankDetails {
    /// Returns whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the currency in which the account can be paid: the one that is said, naira for a
    /// NUBAN, and any if there is none.
    pub fn paid_in(&self) -> Option<Currency> {
        let (code, number) = (self.bank_code.as_deref(), self.account_number.as_ref());
        let is_nuban = code
            .zip(number)
            .is_some_and(|(code, number)| nuban::is_valid(code, number.reveal()));
        self.currency
            .or_else(|| Currency::parse("NGN").ok().filter(|_| is_nuban))
    }

    /// Makes an account of it, or `None` if the bank's name or the number is missing.
    pub fn account(&self) -> Option<BankAccount> {
        Some(BankAccount {
            bank_name: self.bank_name.clone()?,
            bank_code: self.bank_code.clone(),
            account_number: self.account_number.clone()?,
            account_name: self.account_name.clone(),
        })
    }

    /// Checks that the account number fits the bank: an IBAN anywhere, and a NUBAN if the bank's
    /// code is Nigerian and the holder's country is Nigeria or not known. Without a bank's code
    /// only an IBAN can be checked.
    ///
    /// It is for what is entered now. What the ledger has from before is not judged again.
    ///
    /// # Errors
    /// [`BadAccount`].
    pub fn check(&self, country: Option<&str>) -> Result<(), BadAccount> {
        let Some(number) = &self.account_number else {
            return Ok(());
        };
        if number.begins_like_an_iban() {
            return if number.is_iban() {
                Ok(())
            } else {
                Err(BadAccount::Iban)
            };
        }
        let nigerian = |code: &&String| nuban::is_nigerian(code) && country.is_none_or(is_nigeria);
        let Some(bank_code) = self.bank_code.as_ref().filter(nigerian).cloned() else {
            return Ok(());
        };
        if number.0.len() != 10 || !number.0.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadAccount::NotTenDigits { bank_code });
        }
        if nuban::is_valid(&bank_code, &number.0) {
            Ok(())
        } else {
            Err(BadAccount::Nuban { bank_code })
        }
    }

    /// Takes over what `newer` gives and keeps the rest.
    #[must_use]
    pub fn updated_with(&self, newer: &Self) -> Self {
        Self {
            bank_name: newer.bank_name.clone().or_else(|| self.bank_name.clone()),
            bank_code: newer.bank_code.clone().or_else(|| self.bank_code.clone()),
            account_number: newer
                .account_number
                .clone()
                .or_else(|| self.account_number.clone()),
            account_name: newer
                .account_name
                .clone()
                .or_else(|| self.account_name.clone()),
            currency: newer.currency.or(self.currency),
        }
    }
}

impl BankAccount {
    /// Returns how the account is numbered, as far as the number proves it.
    pub fn scheme(&self) -> Scheme {
        let number = &self.account_number;
        if number.is_iban() {
            Scheme::Iban
        } else if self
            .bank_code
            .as_deref()
            .is_some_and(|code| nuban::is_valid(code, number.reveal()))
        {
            Scheme::Nuban
        } else {
            Scheme::Other
        }
    }
}

/// Returns whether a country is Nigeria: the ledger keeps the country as it was written.
fn is_nigeria(country: &str) -> bool {
    ["NG", "NGA", "Nigeria"]
        .iter()
        .any(|name| country.trim().eq_ignore_ascii_case(name))
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
            assert_eq!(AccountNumber::parse(bad), Err(NotAnAccountNumber), "{bad}");
        }
    }

    fn details(bank_code: &str, number: &str) -> BankDetails {
        BankDetails {
            bank_name: Some("Bank".to_owned()),
            bank_code: Some(bank_code.to_owned()).filter(|code| !code.is_empty()),
            account_number: AccountNumber::parse(number).ok(),
            account_name: None,
            currency: None,
        }
    }

    #[test]
    fn a_nuban_is_checked_where_bank_and_country_are_nigerian() {
        let checked = |code, number, country| details(code, number).check(country);
        let wrong = |bank_code: &str| {
            Err(BadAccount::Nuban {
                bank_code: bank_code.to_owned(),
            })
        };
        for country in [
            None,
            Some("NG"),
            Some("ng"),
            Some("NGA"),
            Some("Nigeria"),
            Some("NIGERIA"),
        ] {
            assert_eq!(checked("058", "0123456785", country), Ok(()), "{country:?}");
            assert_eq!(
                checked("058", "0123456784", country),
                wrong("058"),
                "{country:?}"
            );
            assert_eq!(
                checked("033", "0123456785", country),
                wrong("033"),
                "{country:?}"
            );
            assert_eq!(
                checked("50547", "0000000011", country),
                Ok(()),
                "{country:?}"
            );
            assert_eq!(
                checked("950547", "0000000012", country),
                wrong("950547"),
                "{country:?}"
            );
        }
        for number in ["012345678", "01234567855", "012345678A", "A123456785"] {
            let ten = Err(BadAccount::NotTenDigits {
                bank_code: "058".to_owned(),
            });
            assert_eq!(checked("058", number, None), ten, "{number}");
        }
        assert_eq!(
            checked("058", "0123456784", Some("GH")),
            Ok(()),
            "another country's bank may have such a code"
        );
        for code in ["", "GTBINGLA", "0058", "000013", "123456"] {
            assert_eq!(
                checked(code, "0123456784", None),
                Ok(()),
                "{code}: nothing can be checked"
            );
        }
        assert_eq!(
            BankDetails {
                account_number: None,
                ..details("058", "")
            }
            .check(None),
            Ok(())
        );
    }

    #[test]
    fn a_nuban_is_paid_in_naira_and_other_accounts_in_what_is_said() {
        let (naira, dollars) = (
            Currency::parse("NGN").unwrap(),
            Currency::parse("USD").unwrap(),
        );
        let nuban = details("058", "0123456785");
        assert_eq!(nuban.paid_in(), Some(naira));
        assert_eq!(
            details("", "0123456785").paid_in(),
            None,
            "of no bank that is known"
        );
        let said = BankDetails {
            currency: Some(dollars),
            ..nuban.clone()
        };
        assert_eq!(said.paid_in(), Some(dollars), "a domiciliary account");
        assert_eq!(nuban.updated_with(&said).currency, Some(dollars));
        assert_eq!(said.updated_with(&nuban).currency, Some(dollars));
    }

    #[test]
    fn an_iban_is_checked_at_every_bank() {
        let checked = |code, number, country| details(code, number).check(country);
        for number in [
            "DE44500105175407324931",
            "de44 5001 0517 5407 3249 31",
            "GB82WEST12345698765432",
        ] {
            assert_eq!(checked("", number, None), Ok(()), "{number}");
            assert_eq!(
                checked("058", number, Some("NG")),
                Ok(()),
                "{number}: the bank's code says nothing of an IBAN"
            );
        }
        for number in [
            "DE44500105175407324932",
            "DE4450010517540732493",
            "GB82WEST1234569876543",
            "XX44500105175407324931",
            "NG12",
        ] {
            for (code, country) in [("", None), ("058", Some("NG")), ("058", Some("DE"))] {
                assert_eq!(
                    checked(code, number, country),
                    Err(BadAccount::Iban),
                    "{number}"
                );
            }
        }
    }

    #[test]
    fn no_refusal_repeats_the_number() {
        for (code, number) in [
            ("058", "0123456784"),
            ("058", "012345678"),
            ("", "DE44500105175407324932"),
        ] {
            let refused = details(code, number).check(None).unwrap_err();
            assert!(
                !refused.to_string().contains(number) && !format!("{refused:?}").contains(number),
                "{refused}"
            );
        }
    }

    #[test]
    fn the_scheme_of_an_account_is_what_its_number_proves() {
        let scheme = |code, number| details(code, number).account().unwrap().scheme();
        assert_eq!(scheme("058", "0123456785"), Scheme::Nuban);
        assert_eq!(scheme("058", "0123456784"), Scheme::Other);
        assert_eq!(scheme("", "0123456785"), Scheme::Other);
        assert_eq!(scheme("058", "DE44500105175407324931"), Scheme::Iban);
        assert_eq!(scheme("", "DE44500105175407324932"), Scheme::Other);
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
