//! What speaks for a remittance, and what speaks against it.

use super::node::{ExpectedNode, LineNode};

/// A debit that carries the reference and the amount of a remittance, on a day within the window;
/// both by their places.
#[derive(Clone, Copy)]
pub(super) struct Claim {
    /// The line.
    pub(super) line: usize,
    /// The remittance.
    pub(super) remittance: usize,
}

/// A payment that fits such a debit as well; both by their places.
#[derive(Clone, Copy)]
pub(super) struct Rival {
    /// The line.
    pub(super) line: usize,
    /// The payment.
    pub(super) payment: usize,
}

impl Rival {
    /// Pairs a line with a payment.
    pub(super) const fn of(line: &LineNode<'_>, payment: &ExpectedNode<'_>) -> Self {
        Self {
            line: line.id,
            payment: payment.id,
        }
    }
}
