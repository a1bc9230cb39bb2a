//! Why available money can or cannot be paid: by rule as of a day, and not stored.

use strum::{IntoStaticStr, VariantArray};

use super::{
    account::BankDetails, currency::Currency, holder::HolderStatus, quantity::Amount, words::words,
};

/// What the available part of an allocation is: the first that applies. Of the parts of all
/// allocations it gives those of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AvailableAs {
    /// The holder is blocked.
    Held,
    /// No bank details of the holder take the currency.
    Unpayable,
    /// It can be requested.
    Payable,
}

words!(AvailableAs);

/// What decides whether a holder can be paid in a currency.
#[derive(Clone, Copy, Debug)]
pub struct Payability<'a> {
    /// Whether the holder is blocked.
    pub status: &'a HolderStatus,
    /// The bank details that a request in the currency takes, if there are any.
    pub bank: Option<&'a BankDetails>,
}

impl AvailableAs {
    /// Returns what an available amount is; none if nothing is available.
    pub fn of(available: Amount, currency: Currency, holder: Payability<'_>) -> Option<Self> {
        let takes = |bank: &BankDetails| bank.account().is_some() && bank.takes(currency);
        if available.is_zero() {
            None
        } else if *holder.status != HolderStatus::Active {
            Some(Self::Held)
        } else if holder.bank.is_some_and(takes) {
            Some(Self::Payable)
        } else {
            Some(Self::Unpayable)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::AccountNumber;

    fn details(code: &str, number: &str, currency: &str) -> BankDetails {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        BankDetails {
            bank_name: Some("Bank".to_owned()),
            bank_code: some(code),
            account_number: AccountNumber::parse(number).ok(),
            account_name: None,
            currency: Currency::parse(currency).ok(),
        }
    }

    #[test]
    fn the_first_reason_that_applies_counts() {
        let blocked = HolderStatus::Blocked {
            reason: "court order".to_owned(),
        };
        let (nuban, dollars) = (
            details("058", "0123456785", ""),
            details("", "0123456785", "USD"),
        );
        let (half, any) = (details("", "", ""), details("", "12345", ""));
        #[rustfmt::skip]
        let cases = [
            ("0",    "NGN", &HolderStatus::Active, Some(&nuban),   None),
            ("0",    "NGN", &blocked,              None,           None),
            ("0.01", "NGN", &blocked,              Some(&nuban),   Some("held")),
            ("0.01", "NGN", &blocked,              None,           Some("held")),
            ("0.01", "NGN", &HolderStatus::Active, None,           Some("unpayable")),
            ("0.01", "NGN", &HolderStatus::Active, Some(&half),    Some("unpayable")),
            ("0.01", "NGN", &HolderStatus::Active, Some(&nuban),   Some("payable")),
            ("0.01", "USD", &HolderStatus::Active, Some(&nuban),   Some("unpayable")),
            ("0.01", "USD", &HolderStatus::Active, Some(&dollars), Some("payable")),
            ("0.01", "NGN", &HolderStatus::Active, Some(&dollars), Some("unpayable")),
            ("0.01", "KWD", &HolderStatus::Active, Some(&any),     Some("payable")),
        ];
        for (available, currency, status, bank, expected) in cases {
            let found = AvailableAs::of(
                Amount::parse(available).unwrap(),
                Currency::parse(currency).unwrap(),
                Payability { status, bank },
            );
            assert_eq!(
                found.map(AvailableAs::as_str),
                expected,
                "{available} {currency} {status:?} {bank:?}"
            );
        }
    }
}
