//! Net asset values of a project, dated.

use super::{
    currency::Currency,
    id::{ProjectRef, UserRef},
    quantity::Amount,
    time::{Date, Instant},
};

/// A net asset value. The value at a date is the last one on or before it; a later row for one date
/// supersedes the earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nav {
    /// The row number.
    pub number: i64,
    /// The project.
    pub project: ProjectRef,
    /// The date of the value.
    pub nav_date: Date,
    /// The value, in the project's currency.
    pub amount: Amount,
    /// Who recorded it.
    pub created_by: UserRef,
    /// When it was recorded.
    pub created_at: Instant,
}

/// A net asset value with the currency of its project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavInCurrency {
    /// The value.
    pub nav: Nav,
    /// The currency of its project.
    pub currency: Currency,
}
