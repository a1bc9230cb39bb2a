//! What an approved event owes to authorities, and what its cancellation undoes.

use crate::{
    domain::{
        Refused,
        event::{Event, EventTax},
        quantity::{Amount, Total},
        tax::{
            TaxRefused,
            calendar::{due_day, month_of, tax_point},
        },
    },
    ops::Error,
    store::{self, NewTaxItem, WriteTx},
};

/// Records what an event owes to each authority, as part of its approval.
pub(in crate::ops) fn record(
    write: &mut WriteTx<'_>,
    event: &Event,
    tax: &EventTax,
) -> Result<(), Error> {
    // The day of the approval is the ledger's, also if the clock is behind.
    let tax_date = tax_point(event.distribution_date, write.now.date());
    for (to, owed) in &tax.owed {
        let day = month_of(tax_date).zip(due_day(tax_date, to.remit_day));
        let (period, due_date) =
            day.ok_or_else(|| store::Error::bug("the tax date is outside the calendar"))?;
        let new = NewTaxItem {
            authority: to.authority.clone(),
            period,
            tax_date,
            due_date,
            gross: amount(owed.gross)?,
            tax: amount(owed.tax)?,
        };
        write.insert_tax_item(event, &new)?;
    }
    Ok(())
}

fn amount(total: Total) -> Result<Amount, Refused> {
    Amount::from_units(total.units()).ok_or_else(|| TaxRefused::TooLarge.into())
}

/// Takes away what an event owes to authorities, as part of its cancellation.
///
/// # Errors
/// [`TaxRefused::EventRemitted`] if any of it was remitted.
pub(in crate::ops) fn cancel(write: &mut WriteTx<'_>, event: &Event) -> Result<(), Error> {
    let items = write.tax_items_of_event(event.event.id)?;
    let remittances: Vec<_> = items.iter().filter_map(|item| item.remittance).collect();
    if !remittances.is_empty() {
        let refused = TaxRefused::EventRemitted {
            event: event.event.code.clone(),
            remittances,
        };
        return Err(Refused::from(refused).into());
    }
    items
        .iter()
        .filter(|item| item.is_open())
        .try_for_each(|item| Ok(write.cancel_tax_item(item)?))
}
