//! What is known of a holder for tax on the command line.

use prorata::domain::tax::{CountryCode, HolderKind, TaxDetails, TaxNumber, TaxState};

use super::words::holder_kind;

/// What decides a holder's withholding tax.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TaxFlags {
    /// What the holder is, for tax
    #[arg(long, value_name = "KIND", value_parser = holder_kind())]
    kind: Option<HolderKind>,
    /// Country in which the holder is at home for tax, for example NG
    #[arg(long, value_name = "COUNTRY")]
    tax_residence: Option<CountryCode>,
    /// Tax number, which is personal data and shown masked
    #[arg(long, value_name = "NUMBER")]
    tax_number: Option<TaxNumber>,
    /// State whose authority the holder's tax is owed to, for example LA
    #[arg(long, value_name = "STATE")]
    tax_state: Option<TaxState>,
}

impl From<TaxFlags> for TaxDetails {
    fn from(flags: TaxFlags) -> Self {
        let TaxFlags {
            kind,
            tax_residence,
            tax_number,
            tax_state,
        } = flags;
        Self {
            kind,
            residence: tax_residence,
            number: tax_number,
            state: tax_state,
        }
    }
}
