//! An event with what its calculation froze, and the list of everybody with tokens.

use std::rc::Rc;

use super::{Deducted, Event, EventComponent, Excluded};
use crate::domain::{
    allocation::Allocation, available_as::AvailableAs, quantity::Amount, tax::TaxRate,
};

/// An event with what its calculation froze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDetail {
    /// The event.
    pub event: Event,
    /// What led from its proceeds to its total.
    pub deductions: Vec<Deducted>,
    /// What its money is.
    pub components: Vec<ComponentDetail>,
    /// Who was excluded when it was calculated.
    pub excluded: Vec<Excluded>,
}

/// An allocation as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocationRow {
    /// The allocation.
    pub allocation: Allocation,
    /// The event.
    pub event: Rc<Event>,
    /// What its available part is; none if nothing is available.
    pub available_as: Option<AvailableAs>,
}

/// A component of an event, with its tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentDetail {
    /// The component.
    pub component: EventComponent,
    /// The tax rate; none if the event is not calculated, or not all holders have the same.
    pub rate: Option<TaxRate>,
}

/// An event as a report of the past lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The event.
    pub event: Event,
    /// The available money of blocked holders.
    pub held: Amount,
}

/// A row of the list of everybody with tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Everybody {
    /// One who takes part.
    Allocated(AllocationRow),
    /// One who does not.
    Excluded(ExcludedRow),
}

/// An excluded holder with what the part was or would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcludedRow {
    /// The event.
    pub event: Rc<Event>,
    /// The holder.
    pub excluded: Excluded,
    /// The holder's name.
    pub name: String,
    /// What is retained or assigned, or what the holder would have got with all others.
    pub part: Amount,
}
