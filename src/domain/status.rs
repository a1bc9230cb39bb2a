//! The statuses of events, withdrawals and payments: the names of their states without the facts.

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

words!(EventStatus, WithdrawalStatus, PaymentStatus);
