//! Projects: what earns the money, in which currency.

use super::{
    currency::Currency,
    id::{ProjectRef, UserRef},
    quantity::{Amount, Tokens},
    tax::profile::TaxProfileRef,
    time::Instant,
};

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The row number.
    pub number: i64,
    /// The id and code.
    pub project: ProjectRef,
    /// The name.
    pub name: String,
    /// The currency of its events. It never changes.
    pub currency: Currency,
    /// What a holder must be owed before it is paid, for events without a minimum of their own.
    pub minimum_payout: Amount,
    /// After how many days an amount carried forward is pointed out.
    pub stale_after: i64,
    /// The rates of its withholding tax; without one nothing is withheld.
    pub tax_profile: Option<TaxProfileRef>,
    /// Who last chose or removed the profile, and when.
    pub tax_profile_set: Option<(UserRef, Instant)>,
    /// Who added it.
    pub created_by: UserRef,
    /// When it was added.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// After how many days an amount carried forward is pointed out, unless the project says otherwise.
pub const STALE_AFTER: i64 = 365;

/// The tokens that a project's register ever issued and redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// The sum of all issues.
    pub issued: super::quantity::Total,
    /// The sum of all redemptions.
    pub redeemed: super::quantity::Total,
}

/// A project and its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectDetail {
    /// The project.
    pub project: Project,
    /// The tokens of its register, counting entries of all dates.
    pub supply: Supply,
}

impl Supply {
    /// Nothing issued, nothing redeemed.
    pub const NONE: Self = Self {
        issued: super::quantity::Total::ZERO,
        redeemed: super::quantity::Total::ZERO,
    };

    /// Returns whether more can have been outstanding on some day than decimal(20,7) holds: no day
    /// has more than was ever issued.
    pub fn may_be_too_large(self) -> bool {
        self.issued.units() > Tokens::MAX.units()
    }
}
