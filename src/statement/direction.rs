//! Money in or out.

/// Whether money came in or went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// A credit.
    In,
    /// A debit.
    Out,
}
