//! Bank details on the command line.

use prorata::domain::{
    account::{AccountNumber, BankDetails},
    currency::Currency,
    text::{name, reference},
};

/// Where a holder is paid.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct BankFlags {
    /// Name of the bank, for example GTBank
    #[arg(long, value_name = "NAME", value_parser = name)]
    bank_name: Option<String>,
    /// Code of the bank, for example 058
    #[arg(long, value_name = "CODE", value_parser = reference)]
    bank_code: Option<String>,
    /// Account number with its zeros; a NUBAN or an IBAN is checked
    #[arg(long, value_name = "NUMBER")]
    account_number: Option<AccountNumber>,
    /// Name of the account
    #[arg(long, value_name = "NAME", value_parser = name)]
    account_name: Option<String>,
    /// Currency of the account, for example USD [default: NGN for a NUBAN, else any]
    #[arg(long = "account-currency", alias = "currency", value_name = "CURRENCY", value_parser = currency)]
    account_currency: Option<Currency>,
}

/// Reads a currency.
pub(crate) fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).map_err(|error| error.to_string())
}

impl From<BankFlags> for BankDetails {
    fn from(flags: BankFlags) -> Self {
        let BankFlags {
            bank_name,
            bank_code,
            account_number,
            account_name,
            account_currency,
        } = flags;
        Self {
            bank_name,
            bank_code,
            account_number,
            account_name,
            currency: account_currency,
        }
    }
}
