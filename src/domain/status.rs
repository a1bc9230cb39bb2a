//! The statuses of events, withdrawals, payments and proposals: the names of their states without the facts.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::words::words;

/// The status of an event.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventStatus {
    /// Created.
    Draft,
    /// Allocated, not approved.
    Calculated,
    /// Approved: holders may withdraw.
    Active,
    /// Paid out.
    Completed,
    /// Given up before anything was paid.
    Cancelled,
}

/// The status of a withdrawal request.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WithdrawalStatus {
    /// Waits for review.
    Pending,
    /// Waits for payment.
    Approved,
    /// Refused by a reviewer.
    Rejected,
    /// Withdrawn by the administrators.
    Cancelled,
    /// Paid.
    Paid,
    /// Paid, and sent back by the bank.
    Returned,
}

/// The status of a payment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PaymentStatus {
    /// Recorded by a user.
    Recorded,
    /// Found on the bank's statement.
    Reconciled,
    /// Sent back by the bank.
    Returned,
}

/// By what means a withdrawal is paid.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Means {
    /// A transfer of the bank; only it needs bank details, and only it goes into payment files.
    #[default]
    Transfer,
    /// A cheque, which the bank shows once it is presented.
    Cheque,
    /// Cash.
    Cash,
    /// It is set off against what the holder owes.
    SetOff,
    /// It buys more for the holder.
    Reinvestment,
    /// It was paid before this ledger and came with an imported event; nobody asks for it.
    Imported,
}

impl Means {
    /// Checks whether no bank line ever shows it.
    pub const fn is_off_bank(self) -> bool {
        match self {
            Self::Transfer | Self::Cheque => false,
            Self::Cash | Self::SetOff | Self::Reinvestment | Self::Imported => true,
        }
    }
}

/// The status of a proposal.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProposalStatus {
    /// Waits for a second person, and has no effect.
    Proposed,
    /// A second person agreed, and it has its effect.
    Approved,
    /// A reviewer said no.
    Rejected,
}

words!(
    EventStatus,
    WithdrawalStatus,
    PaymentStatus,
    ProposalStatus,
    Means
);
