//! Who decided something.

use super::{id::UserRef, time::Instant};

/// Who approved, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: UserRef,
    /// When.
    pub at: Instant,
}
