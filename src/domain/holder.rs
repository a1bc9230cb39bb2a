//! LP token holders: people who receive, and never act.

use super::{
    Refused,
    account::BankDetails,
    code::Code,
    holder_account::Unblocking,
    id::{HolderRef, UserRef},
    tax::TaxDetails,
    time::Instant,
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
