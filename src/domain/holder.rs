//! LP token holders: people who receive, and never act.

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    account::BankDetails,
    code::Code,
    holder_account::Unblocking,
    id::{HolderRef, UserRef},
    tax::TaxDetails,
    time::Instant,
    words::words,
};

/// A holder of LP tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The row number.
    pub number: i64,
    /// The id and code.
    pub holder: HolderRef,
    /// The name.
    pub name: String,
    /// The e-mail address, if known.
    pub email: Option<String>,
    /// The country, if known.
    pub country: Option<String>,
    /// What is known of the holder for tax.
    pub tax: TaxDetails,
    /// Whether requests, approvals and payments are open to the holder.
    pub status: HolderStatus,
    /// The bank details on record.
    pub bank: BankDetails,
    /// Who last changed the bank details, and when.
    pub bank_changed: Option<(UserRef, Instant)>,
    /// The row number of the account with these bank details.
    pub account: Option<i64>,
    /// Who last unblocked the holder.
    pub unblocked: Option<Unblocking>,
    /// Who added the holder.
    pub created_by: UserRef,
    /// When the holder was added.
    pub created_at: Instant,
    /// When the holder last changed.
    pub updated_at: Instant,
}

/// What a holder need not have, and what can be cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "kebab-case")]
pub enum HolderField {
    /// The e-mail address.
    Email,
    /// The country.
    Country,
    /// What the holder is, for tax.
    Kind,
    /// The country of the tax residence.
    TaxResidence,
    /// The tax number.
    TaxNumber,
    /// The State whose authority the tax is owed to.
    TaxState,
    /// The code of the bank.
    BankCode,
    /// The name of the account.
    AccountName,
}

words!(HolderField);

impl HolderField {
    /// Clears the field of what is known for tax, if it is one of these.
    pub fn clear_tax(self, tax: &mut TaxDetails) {
        match self {
            Self::Kind => tax.kind = None,
            Self::TaxResidence => tax.residence = None,
            Self::TaxNumber => tax.number = None,
            Self::TaxState => tax.state = None,
            Self::Email | Self::Country | Self::BankCode | Self::AccountName => {}
        }
    }

    /// Clears the field of bank details, if it is one of these.
    pub fn clear_bank(self, bank: &mut BankDetails) {
        match self {
            Self::BankCode => bank.bank_code = None,
            Self::AccountName => bank.account_name = None,
            Self::Email
            | Self::Country
            | Self::Kind
            | Self::TaxResidence
            | Self::TaxNumber
            | Self::TaxState => {}
        }
    }
}

/// Whether a holder may be paid. A blocked holder still receives allocations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderStatus {
    /// Open.
    Active,
    /// No request, approval or payment.
    Blocked {
        /// Why.
        reason: String,
    },
}

impl HolderStatus {
    /// Shows the stored word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked { .. } => "blocked",
        }
    }

    /// Refuses if this is the status of a blocked holder; `holder` is named in the refusal.
    ///
    /// # Errors
    /// [`Refused::HolderBlocked`] with the reason of the block.
    pub fn must_be_open(&self, holder: &Code) -> Result<(), Refused> {
        match self {
            Self::Active => Ok(()),
            Self::Blocked { reason } => Err(Refused::HolderBlocked {
                holder: holder.clone(),
                reason: reason.clone(),
            }),
        }
    }
}

impl Holder {
    /// Refuses if the holder is blocked.
    ///
    /// # Errors
    /// [`Refused::HolderBlocked`] with the reason of the block.
    pub fn must_be_open(&self) -> Result<(), Refused> {
        self.status.must_be_open(&self.holder.code)
    }
}
