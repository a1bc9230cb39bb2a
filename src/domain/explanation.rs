//! How an allocation follows from its event, and what became of it.

use std::rc::Rc;

use super::{
    allocation::{Allocation, ExactShare},
    component::Component,
    event::{Deducted, Event, PartTax},
    id::HolderRef,
    payment::Payment,
    quantity::Amount,
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

/// An allocation and everything that explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationExplanation {
    /// The event.
    pub event: Event,
    /// The allocation.
    pub allocation: Allocation,
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
}
