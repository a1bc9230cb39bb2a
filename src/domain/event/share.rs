//! One holder's allocation as calculated.

use crate::domain::{
    id::HolderRef,
    quantity::{Amount, Percent, Tokens},
};

/// One holder's allocation as calculated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The holder.
    pub holder: HolderRef,
    /// The tokens held.
    pub tokens: Tokens,
    /// Their part of all tokens.
    pub percentage: Percent,
    /// The money, gross: what was assigned is in it.
    pub amount: Amount,
    /// What of it was assigned from excluded holders.
    pub assigned: Amount,
    /// The tax withheld from it.
    pub tax: Amount,
    /// The class of its tax rates, if the event withholds tax.
    pub tax_class: Option<u32>,
}

/// The figures of an allocation as calculated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareFigures {
    /// The tokens held.
    pub tokens: Tokens,
    /// Their part of the tokens that the amount is divided over.
    pub percentage: Percent,
    /// The money, gross: what was assigned is in it.
    pub amount: Amount,
    /// What of it was assigned from excluded holders.
    pub assigned: Amount,
    /// The tax withheld from it.
    pub tax: Amount,
    /// The class of its tax rates, if the event withholds tax.
    pub tax_class: Option<u32>,
}

impl Share {
    /// Puts a holder's allocation together.
    pub const fn of(holder: HolderRef, figures: ShareFigures) -> Self {
        let ShareFigures {
            tokens,
            percentage,
            amount,
            assigned,
            tax,
            tax_class,
        } = figures;
        Self {
            holder,
            tokens,
            percentage,
            amount,
            assigned,
            tax,
            tax_class,
        }
    }

    /// Returns the figures without the holder.
    pub const fn figures(&self) -> ShareFigures {
        ShareFigures {
            tokens: self.tokens,
            percentage: self.percentage,
            amount: self.amount,
            assigned: self.assigned,
            tax: self.tax,
            tax_class: self.tax_class,
        }
    }
}
