//! What is counted while a payment file is written.

use std::collections::HashSet;

use super::{
    error::BadItem,
    form::{clean, creditor},
};
use crate::domain::{
    currency::Currency, end_to_end::EndToEnd, payment_file::PaymentItem, quantity::Total,
};

/// The payments so far: how many, what they add up to, and their references.
pub(super) struct Tally {
    currency: Currency,
    count: u64,
    total: Total,
    /// Packed: eight bytes for a reference, so that a million of them take less than forty
    /// megabytes.
    references: HashSet<u64>,
}

impl Tally {
    /// Begins with nothing.
    pub(super) fn new(currency: Currency) -> Self {
        Self {
            currency,
            count: 0,
            total: Total::ZERO,
            references: HashSet::new(),
        }
    }

    /// Adds a payment, or returns why it must not be in a file.
    pub(super) fn add(&mut self, item: &PaymentItem) -> Result<(), BadItem> {
        let reference = EndToEnd::parse(&item.end_to_end)
            .filter(|reference| reference.as_str() == item.end_to_end);
        let reference = reference
            .and_then(|reference| reference.packed())
            .ok_or(BadItem::Reference)?;
        if item.amount.is_zero() {
            return Err(BadItem::AmountZero);
        }
        if !item.amount.is_multiple_of(self.currency.minor_unit()) {
            return Err(BadItem::AmountTooFine);
        }
        if clean(creditor(item), usize::MAX).is_empty() {
            return Err(BadItem::NoCreditor);
        }
        if !self.references.insert(reference) {
            return Err(BadItem::ReferenceTwice);
        }
        self.total = self
            .total
            .checked_add(item.amount.widen())
            .ok_or(BadItem::TotalTooLarge)?;
        self.count += 1;
        Ok(())
    }

    /// Returns how many payments there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Returns what they add up to.
    pub(super) fn total(&self) -> Total {
        self.total
    }
}
