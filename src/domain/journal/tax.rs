//! Withholding tax in the journal: owed to an authority since the approval of an event, until it is
//! remitted. The tax of an imported event was dealt with before this ledger.

use super::account::{Account, Posting};
use crate::domain::{
    code::{Code, RemittanceNumber},
    currency::Currency,
    quantity::Amount,
    signed::Signed,
    time::{Date, Instant},
};

/// A gross share and the tax withheld from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allotted {
    /// The gross share.
    pub gross: Amount,
    /// The tax withheld from it.
    pub tax: Amount,
    /// The authority that is owed the tax, if there is any.
    pub authority: Option<Code>,
    /// Whether it was imported: its tax was dealt with before this ledger, and nobody is owed it.
    pub imported: bool,
}

impl Allotted {
    /// A gross share without tax.
    pub const fn plain(gross: Amount) -> Self {
        Self {
            gross,
            tax: Amount::ZERO,
            authority: None,
            imported: false,
        }
    }

    /// Returns what the holder is owed, or `None` if the tax is above the gross share.
    pub fn net(&self) -> Option<Amount> {
        self.gross.checked_sub(self.tax)
    }

    /// Returns the postings with the gross share as a debit, or `None` if the tax is above it or is
    /// owed to nobody.
    pub(super) fn postings(&self, declared: Account, available: Account) -> Option<Vec<Posting>> {
        let mut postings = vec![(declared, Signed::from(self.gross))];
        let net = self.net()?;
        if !net.is_zero() {
            postings.push((available, Signed::from(net).negated()));
        }
        if !self.tax.is_zero() {
            let owed_to = if self.imported {
                Account::Opening
            } else {
                Account::Tax(self.authority.clone()?)
            };
            postings.push((owed_to, Signed::from(self.tax).negated()));
        }
        Some(postings)
    }

    /// Returns the postings that undo [`Self::postings`], the gross share last.
    pub(super) fn postings_undone(
        &self,
        declared: Account,
        available: Account,
    ) -> Option<Vec<Posting>> {
        let mut postings = self.postings(declared, available)?;
        for (_, amount) in &mut postings {
            *amount = amount.negated();
        }
        postings.rotate_left(1);
        Some(postings)
    }
}

/// What happened to tax that an authority is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxEntry {
    /// When it was recorded.
    pub at: Instant,
    /// The remittance.
    pub remittance: RemittanceNumber,
    /// The authority.
    pub authority: Code,
    /// The month of the tax, `YYYY-MM`.
    pub period: String,
    /// The currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// The reference of the payment.
    pub reference: String,
    /// The day of the payment.
    pub payment_date: Date,
    /// The bank account that paid, if a bank line shows it.
    pub account: Option<Code>,
    /// Why it was taken back, if it was.
    pub reversed: Option<String>,
}

impl TaxEntry {
    /// Returns the postings, which sum to zero.
    pub fn postings(&self) -> Vec<Posting> {
        let tax = Account::Tax(self.authority.clone());
        let bank = Account::paying(self.account.as_ref());
        let (debit, credit) = match self.reversed {
            None => (tax, bank),
            Some(_) => (bank, tax),
        };
        let amount = Signed::from(self.amount);
        vec![(debit, amount), (credit, amount.negated())]
    }
}
