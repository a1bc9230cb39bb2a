//! What the total of an event follows from: the amount itself, its proceeds, or a declared rate.

use super::{
    DeclaredRate, Deducted, NewComponent, check_component_units, check_components,
    component_amounts, left_of,
};
use crate::domain::{Refused, quantity::Amount, refused::ProceedsRefusal};

/// What the total of an event follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The amount itself.
    Amount(Amount),
    /// The proceeds, less deductions.
    Proceeds(Amount),
    /// A rate for each token, and the proceeds that it is paid from if they were given.
    Rate(DeclaredRate, Option<Amount>),
}

/// What an event distributes: what that follows from, and how much it is as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTotal {
    basis: Basis,
    amount: Option<Amount>,
}

impl EventTotal {
    /// Begins with what is known before a calculation. `list` are the deductions.
    pub fn before_calculation(basis: Basis, list: &[Deducted]) -> Self {
        let amount = match basis {
            Basis::Amount(amount) => Some(amount),
            Basis::Proceeds(gross) => Some(left_of(gross, list)),
            Basis::Rate(..) => None,
        };
        Self { basis, amount }
    }

    /// Puts a stored total together; `None` if it contradicts itself.
    pub fn from_stored(basis: Basis, amount: Option<Amount>) -> Option<Self> {
        let fits = match basis {
            Basis::Amount(given) => amount == Some(given),
            Basis::Proceeds(_) => amount.is_some(),
            Basis::Rate(..) => true,
        };
        fits.then_some(Self { basis, amount })
    }

    /// Returns what the amount follows from.
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// Returns what is distributed; a declared rate has no amount before its calculation.
    pub const fn amount(&self) -> Option<Amount> {
        self.amount
    }
}

/// What may be given of a basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasisParts {
    /// The amount.
    pub amount: Option<Amount>,
    /// The proceeds.
    pub gross: Option<Amount>,
    /// The rate.
    pub rate: Option<DeclaredRate>,
}

impl Basis {
    /// Puts a basis together; `None` if nothing is given.
    ///
    /// # Errors
    /// [`ProceedsRefusal::AmountAndRate`].
    pub fn of(parts: BasisParts) -> Result<Option<Self>, Refused> {
        Ok(match parts {
            BasisParts {
                amount: None,
                gross,
                rate: Some(rate),
            } => Some(Self::Rate(rate, gross)),
            BasisParts {
                amount: None,
                gross: Some(gross),
                rate: None,
            } => Some(Self::Proceeds(gross)),
            BasisParts {
                amount: Some(amount),
                gross: None,
                rate: None,
            } => Some(Self::Amount(amount)),
            BasisParts {
                amount: None,
                gross: None,
                rate: None,
            } => None,
            BasisParts {
                amount: Some(_), ..
            } => return Err(ProceedsRefusal::AmountAndRate.into()),
        })
    }

    /// Returns the proceeds, if they were given.
    pub const fn gross(&self) -> Option<Amount> {
        match self {
            Self::Amount(_) => None,
            Self::Proceeds(gross) => Some(*gross),
            Self::Rate(_, gross) => *gross,
        }
    }

    /// Returns the declared rate, if there is one.
    pub const fn rate(&self) -> Option<DeclaredRate> {
        match self {
            Self::Amount(_) | Self::Proceeds(_) => None,
            Self::Rate(rate, _) => Some(*rate),
        }
    }

    /// Returns the number that people compare events by: the amount, the proceeds or the rate.
    pub const fn figure(&self) -> Amount {
        match self {
            Self::Amount(amount) | Self::Proceeds(amount) => *amount,
            Self::Rate(rate, _) => rate.per_token,
        }
    }
}

/// Decides whether an event can have this basis and these components.
///
/// # Errors
/// [`Refused::EventAmountZero`], [`Refused::EventAmountNotPayable`], and those of
/// [`component_amounts`] and [`check_component_units`]. What depends on deductions or holdings is
/// looked at by the calculation.
pub(super) fn check_basis(
    basis: Basis,
    unit: Amount,
    components: &[NewComponent],
) -> Result<(), Refused> {
    if basis.figure().is_zero() || basis.gross().is_some_and(Amount::is_zero) {
        return Err(Refused::EventAmountZero);
    }
    match basis {
        Basis::Amount(amount) => {
            must_be_payable(amount, unit)?;
            check_component_units(&component_amounts(amount, components)?, unit)
        }
        Basis::Proceeds(_) => check_components(components),
        Basis::Rate(rate, _) => component_amounts(rate.per_token, components).map(|_| ()),
    }
}

/// Refuses an amount that cannot be paid in steps of `unit`.
///
/// # Errors
/// [`Refused::EventAmountNotPayable`].
pub(super) fn must_be_payable(amount: Amount, unit: Amount) -> Result<(), Refused> {
    if amount.is_multiple_of(unit) {
        return Ok(());
    }
    Err(Refused::EventAmountNotPayable { amount, unit })
}
