//! What was withheld from whom: the schedule for an authority, and the year of a holder.

use super::{TaxDetails, TaxRate, TaxReason};
use crate::domain::{
    code::{Code, RemittanceNumber},
    component::Component,
    currency::Currency,
    id::EventRef,
    quantity::Amount,
    time::Date,
};

/// A taxed component of an allocation: a row of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRow {
    /// The authority's code.
    pub authority: String,
    /// The month, `YYYY-MM`.
    pub period: String,
    /// The event.
    pub event: EventRef,
    /// Its title.
    pub title: String,
    /// The holder.
    pub holder: Code,
    /// The holder's name.
    pub holder_name: String,
    /// What is known of the holder for tax.
    pub details: TaxDetails,
    /// The day on which the tax arose.
    pub tax_date: Date,
    /// The component.
    pub component: Component,
    /// How many components of the event are taxed.
    pub taxed_components: usize,
    /// The currency.
    pub currency: Currency,
    /// The part of the allocation.
    pub gross: Amount,
    /// The rate.
    pub rate: TaxRate,
    /// The tax.
    pub tax: Amount,
    /// Why the rate counts.
    pub reason: TaxReason,
    /// The live remittance that paid it.
    pub remittance: Option<RemittanceNumber>,
    /// The day by which it is remitted.
    pub due_date: Date,
}

impl ScheduleRow {
    /// Returns the reference under which an authority finds the row: each is used once.
    pub fn reference(&self) -> String {
        let reference = format!("{}/{}", self.event.code, self.holder);
        if self.taxed_components > 1 {
            format!("{reference}/{}", self.component)
        } else {
            reference
        }
    }
}

/// What was withheld from a holder's allocation: a row of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxYearRow {
    /// The year of the tax date.
    pub year: i32,
    /// The holder.
    pub holder: Code,
    /// The holder's name.
    pub holder_name: String,
    /// What is known of the holder for tax.
    pub details: TaxDetails,
    /// The event.
    pub event: EventRef,
    /// The day on which the tax arose.
    pub tax_date: Date,
    /// The currency.
    pub currency: Currency,
    /// The gross share.
    pub gross: Amount,
    /// The rate; none if components differ.
    pub rate: Option<TaxRate>,
    /// The tax.
    pub tax: Amount,
    /// What is left.
    pub net: Amount,
    /// The live remittance that paid the tax.
    pub remittance: Option<RemittanceNumber>,
    /// Whether the event was imported: its tax was dealt with before this ledger.
    pub imported: bool,
}
