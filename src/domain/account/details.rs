//! Bank details, and whether their account number fits the bank.

use serde::Serialize;
use thiserror::Error;

use super::AccountNumber;
use crate::domain::{currency::Currency, nuban};

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
    #[error(
        "the account number does not have the 10 digits of an account at bank `{bank_code}`{}",
        if *nine { " (it has 9: a spreadsheet may have dropped a leading zero)" } else { "" }
    )]
    NotTenDigits {
        /// The bank's code.
        bank_code: String,
        /// Whether it has nine digits.
        nine: bool,
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

    /// Returns whether a payment in a currency may go to it, as far as it is known.
    pub fn takes(&self, currency: Currency) -> bool {
        self.paid_in().is_none_or(|own| own == currency)
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
        let only_digits = number.0.bytes().all(|byte| byte.is_ascii_digit());
        if number.0.len() != 10 || !only_digits {
            let nine = only_digits && number.0.len() == 9;
            return Err(BadAccount::NotTenDigits { bank_code, nine });
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

#[cfg(test)]
mod tests {
    use super::*;

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
                nine: number == "012345678",
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
}
