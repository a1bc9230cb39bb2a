//! An event with what its calculation froze, and the list of everybody with tokens.

use std::rc::Rc;

use super::{Deducted, Event, EventComponent, Excluded};
use crate::domain::{allocation::Allocation, quantity::Amount};

/// An event with what its calculation froze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDetail {
    /// The event.
    pub event: Event,
    /// What led from its proceeds to its total.
    pub deductions: Vec<Deducted>,
    /// What its money is.
    pub components: Vec<EventComponent>,
    /// Who was excluded when it was calculated.
    pub excluded: Vec<Excluded>,
}

/// A row of the list of everybody with tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Everybody {
    /// One who takes part.
    Allocated((Allocation, Rc<Event>)),
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
