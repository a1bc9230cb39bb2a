//! How an allocation follows from its event, and what became of it.

use std::rc::Rc;

use super::{
    allocation::{Allocation, ExactShare},
    available_as::AvailableAs,
    component::Component,
    currency::Currency,
    event::{Deducted, Event, Excluded, PartTax},
    id::HolderRef,
    payment::Payment,
    quantity::Amount,
    tax::liability::Remittance,
    time::Date,
    withdrawal::Withdrawal,
};

/// The part of an allocation that is a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationComponent {
    /// The event.
    pub event: Rc<Event>,
    /// The holder.
    pub holder: HolderRef,
    /// The component; of an exit without components it is not known.
    pub component: Option<Component>,
    /// How much of it there is for each token, if the event has a declared rate.
    pub rate: Option<Amount>,
    /// The money.
    pub amount: Amount,
    /// The tax withheld from it.
    pub tax: PartTax,
}

/// What became of the tax that was withheld from an allocation of an approved event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationTax {
    /// The authority that is owed it.
    pub authority: String,
    /// The month of the tax date, `YYYY-MM`.
    pub period: String,
    /// The day by which it is remitted.
    pub due_date: Date,
    /// The tax of this allocation.
    pub tax: Amount,
    /// The event's currency.
    pub currency: Currency,
    /// The remittance that paid it.
    pub remittance: Option<Remittance>,
}

/// An allocation and everything that explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationExplanation {
    /// The event.
    pub event: Event,
    /// The allocation.
    pub allocation: Allocation,
    /// What its available part is; none if nothing is available.
    pub available_as: Option<AvailableAs>,
    /// The exact share in allocation units; a declared rate has none.
    pub part: Option<ExactShare>,
    /// The deductions that led from the proceeds to the event's total.
    pub deductions: Vec<Deducted>,
    /// The components of the allocation.
    pub components: Vec<AllocationComponent>,
    /// The requests, in order of their numbers.
    pub withdrawals: Vec<Withdrawal>,
    /// The payments, in order of their numbers.
    pub payments: Vec<Payment>,
    /// What became of the tax, if any was withheld and the event is approved.
    pub taxes: Vec<AllocationTax>,
    /// Who is excluded from the event.
    pub excluded: Vec<Excluded>,
}

impl AllocationExplanation {
    /// Returns the part of the gross share that follows from the holder's own tokens.
    pub fn own_amount(&self) -> Option<Amount> {
        let gross = self.allocation.balance.allocated();
        gross.checked_sub(self.allocation.assigned)
    }

    /// Returns what is left after tax with what was brought forward, of which the payable part is
    /// paid.
    pub fn entitlement(&self) -> Option<Amount> {
        let balance = self.allocation.balance;
        balance.net().checked_add(balance.brought_forward())
    }

    /// Returns what of that is payable, once the event is approved.
    pub fn payable(&self) -> Option<Amount> {
        self.event.state.approval()?;
        let carried = self.allocation.balance.carried_forward();
        self.entitlement()?.checked_sub(carried)
    }
}
