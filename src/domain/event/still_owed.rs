//! Whether the tax of a calculation is still owed to the same authorities, by the same rates.

use super::{
    Event,
    calculation::{CalculationResult, stale},
    withheld::TaxTerms,
};
use crate::domain::Refused;

/// The tax of the allocations of the ledger: their rates, and the class of each in the order of
/// holders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredTax {
    /// The rates, if the event withholds tax.
    pub terms: Option<TaxTerms>,
    /// The class of each allocation.
    pub classes: Vec<Option<u32>>,
}

/// Refuses if a fresh calculation withholds by other rates, or owes the tax of a holder to somebody
/// else: the hash of a calculation does not name authorities.
///
/// # Errors
/// [`Refused::StaleCalculation`].
pub fn still_owes(
    event: &Event,
    stored: &StoredTax,
    fresh: &CalculationResult,
) -> Result<(), Refused> {
    let terms = fresh.tax.as_ref().map(|tax| &tax.terms);
    let same = match (&stored.terms, terms) {
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
        (Some(stored_terms), Some(terms)) => {
            let shares = fresh.shares.iter().zip(&stored.classes);
            stored.classes.len() == fresh.shares.len()
                && shares.into_iter().all(|(share, class)| {
                    let class = stored_terms.class(*class);
                    class.is_some() && class == terms.class(share.tax_class)
                })
        }
    };
    if same { Ok(()) } else { Err(stale(event)) }
}
