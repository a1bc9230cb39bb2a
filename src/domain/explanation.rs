//! How an allocation follows from its event, and what became of it.

use super::{
    allocation::{Allocation, ExactShare},
    event::Event,
    payment::Payment,
    withdrawal::Withdrawal,
};

/// An allocation and everything that explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationExplanation {
    /// The event.
    pub event: Event,
    /// The allocation.
    pub allocation: Allocation,
    /// The exact share in allocation units.
    pub part: ExactShare,
    /// The requests, in order of their numbers.
    pub withdrawals: Vec<Withdrawal>,
    /// The payments, in order of their numbers.
    pub payments: Vec<Payment>,
}
