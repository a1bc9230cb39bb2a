//! `allocation explain`: from the holding to the payment.

use std::rc::Rc;

use super::allocation_row;
use crate::{
    domain::{
        Refused,
        allocation::{Allocation, ExactShare, largest_remainder},
        component::Component,
        event::{ComponentTerm, Event, EventComponent, EventType, PartTax, TaxTerms},
        explanation::{AllocationComponent, AllocationExplanation, AllocationTax},
        payment::Payment,
        quantity::Amount,
        withdrawal::Withdrawal,
    },
    ops::{Error, Sink},
    store::{self, AsOf, Ledger, Noun, PaymentFilter, Tx, WithdrawalFilter},
};

/// Explains a holder's allocation: from the proceeds to what is payable, and every request, payment
/// and remittance that followed.
///
/// # Errors
/// [`Refused::NoAllocation`], or what the file refuses.
pub fn explain(
    ledger: &mut Ledger,
    event: &str,
    holder: &str,
) -> Result<AllocationExplanation, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Event, event)?;
        let event = Rc::new(tx.event(number, AsOf::Now)?);
        let number = tx.resolve(Noun::Holder, holder)?;
        let holder = tx.holder(number, AsOf::Now)?;
        let row = allocation_row(tx, Rc::clone(&event), &holder, AsOf::Now)?;
        let row = row.ok_or_else(|| Refused::NoAllocation {
            holder: holder.holder.code.clone(),
            event: event.event.code.clone(),
        })?;
        let allocation = row.allocation;
        let terms = tx.tax_terms(&event)?;
        let part = match event.total.basis().rate() {
            Some(_) => None,
            // What was imported was given, and follows from nothing here.
            None if event.is_imported() => None,
            None => Some(part_of(&event, &allocation).ok_or_else(|| {
                store::Error::bug("an allocation does not follow from its event's snapshot")
            })?),
        };
        let listed = tx.components(event.event.id, AsOf::Now)?;
        let components = match listed.as_slice() {
            [] => Vec::new(),
            listed => {
                let of_event = (&event, listed, terms.as_ref());
                components_of_allocation(tx, of_event, &allocation)?
            }
        };
        Ok(AllocationExplanation {
            available_as: row.available_as,
            part,
            deductions: tx.deductions(event.event.id, AsOf::Now)?,
            components,
            withdrawals: withdrawals_of(tx, &allocation)?,
            payments: payments_of(tx, &allocation)?,
            taxes: taxes_of(tx, (&event, terms.as_ref()), &allocation)?,
            excluded: tx.excluded(&event)?,
            allocation,
            event: Rc::unwrap_or_clone(event),
        })
    })
}

/// Reads the requests for an allocation, in order of their numbers.
fn withdrawals_of(tx: &mut Tx<'_>, allocation: &Allocation) -> Result<Vec<Withdrawal>, Error> {
    let mut withdrawals = Vec::new();
    let filter = WithdrawalFilter {
        event: Some(allocation.event.id),
        holder: Some(allocation.holder.id),
        ..WithdrawalFilter::default()
    };
    tx.each_withdrawal(&filter, AsOf::Now, |withdrawal| {
        withdrawals.push(withdrawal);
        Ok::<_, Error>(())
    })?;
    Ok(withdrawals)
}

/// Reads the payments of an allocation, in order of their numbers.
fn payments_of(tx: &mut Tx<'_>, allocation: &Allocation) -> Result<Vec<Payment>, Error> {
    let mut payments = Vec::new();
    let filter = PaymentFilter {
        event: Some(allocation.event.id),
        holder: Some(allocation.holder.id),
        ..PaymentFilter::default()
    };
    tx.each_payment(&filter, AsOf::Now, |payment| {
        payments.push(payment);
        Ok::<_, Error>(())
    })?;
    Ok(payments)
}

/// Reads what became of the tax that was withheld from an allocation.
fn taxes_of(
    tx: &mut Tx<'_>,
    (event, terms): (&Event, Option<&TaxTerms>),
    allocation: &Allocation,
) -> Result<Vec<AllocationTax>, Error> {
    let class = terms.and_then(|terms| terms.class(allocation.tax_class));
    let Some(owed) = class.and_then(|class| class.authority.as_ref()) else {
        return Ok(Vec::new());
    };
    let mut taxes = Vec::new();
    if allocation.balance.tax().is_zero() {
        return Ok(taxes);
    }
    for item in tx.tax_items_of_event(event.event.id)? {
        if item.authority != owed.authority || item.cancelled_at.is_some() {
            continue;
        }
        let remittance = match item.remittance {
            Some(number) => tx.remittance(number.number(), AsOf::Now)?,
            None => None,
        };
        taxes.push(AllocationTax {
            authority: item.authority,
            period: item.period,
            due_date: item.due_date,
            tax: allocation.balance.tax(),
            currency: event.currency,
            remittance,
        });
    }
    Ok(taxes)
}

/// Splits the event's units over this holding and all others together: floor and remainder are the
/// same as in the whole.
fn part_of(event: &Event, allocation: &Allocation) -> Option<ExactShare> {
    let total = event.state.calculation()?.counted_tokens;
    let own_amount = allocation
        .balance
        .allocated()
        .checked_sub(allocation.assigned)?;
    let others = total.checked_sub(allocation.tokens)?;
    let units = event
        .total
        .amount()?
        .units()
        .checked_div(event.unit.units())?;
    let own = largest_remainder(units, &[allocation.tokens.units(), others.units()])?
        .into_iter()
        .next()?;
    let floor = own.floor.checked_mul(event.unit.units())?;
    Some(ExactShare {
        spare: own_amount.units() > floor,
        ..own
    })
}

/// Returns the components of an allocation. Without any, all of it is one: income, but for an exit,
/// of which that is not known.
pub(super) fn components_of_allocation(
    tx: &Tx<'_>,
    (event, listed, terms): (&Rc<Event>, &[EventComponent], Option<&TaxTerms>),
    allocation: &Allocation,
) -> Result<Vec<AllocationComponent>, Error> {
    let gross = allocation.balance.allocated();
    // What the money of an imported event was, and at which rates it was taxed, is not known here.
    if event.is_imported() {
        return Ok(Vec::new());
    }
    let part = |component: Option<Component>, rate, (at, amount)| {
        Ok(AllocationComponent {
            event: Rc::clone(event),
            holder: allocation.holder.clone(),
            component,
            rate,
            amount,
            tax: tax_of_part((event, terms), allocation, (at, amount))?,
        })
    };
    let of_listed = |one: &EventComponent, (at, amount)| {
        let rate = match (event.total.basis().rate(), one.given.given) {
            (Some(_), ComponentTerm::Amount(rate)) => Some(rate),
            (Some(_) | None, ComponentTerm::Rest) | (None, ComponentTerm::Amount(_)) => None,
        };
        part(Some(one.given.component.clone()), rate, (at, amount))
    };
    match listed {
        [] => Ok(vec![part(
            only_component(event.event_type),
            None,
            (0, gross),
        )?]),
        [only] => Ok(vec![of_listed(only, (0, gross))?]),
        several => {
            let parts = tx.parts_of_allocation(allocation.id)?;
            if parts.len() != several.len() {
                return Err(store::Error::bug(format!(
                    "the allocation {} does not have a part of each component",
                    allocation.id
                ))
                .into());
            }
            let parts = several.iter().zip(parts.into_iter().enumerate());
            parts.map(|(one, placed)| of_listed(one, placed)).collect()
        }
    }
}

/// Returns the tax on a part of an allocation.
fn tax_of_part(
    (event, terms): (&Event, Option<&TaxTerms>),
    allocation: &Allocation,
    placed: (usize, Amount),
) -> Result<PartTax, Error> {
    let Some(terms) = terms else {
        return Ok(PartTax::NONE);
    };
    let unit = event.currency.minor_unit();
    let tax = terms.on_part(allocation.tax_class, placed, unit);
    tax.ok_or_else(|| {
        let id = allocation.id;
        store::Error::bug(format!("the allocation {id} does not have a tax rate")).into()
    })
}

/// Returns what the money of an event without components is.
const fn only_component(event_type: EventType) -> Option<Component> {
    match event_type {
        EventType::Revenue | EventType::Dividend | EventType::Other => Some(Component::Income),
        EventType::Exit => None,
    }
}

/// Lists the components of an event's allocations as of `as_of`, in order of holder code.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn allocation_components(
    ledger: &mut Ledger,
    given: &str,
    as_of: AsOf,
    each: Sink<'_, AllocationComponent>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Event, given, as_of)?;
        let event = Rc::new(tx.event(number, as_of)?);
        let listed = tx.components(event.event.id, as_of)?;
        let terms = tx.tax_terms(&event)?;
        let mut allocations = Vec::new();
        tx.each_allocation(&event.event, as_of, |allocation| {
            allocations.push(allocation);
            Ok::<_, Error>(())
        })?;
        for allocation in &allocations {
            let of_event = (&event, listed.as_slice(), terms.as_ref());
            for part in components_of_allocation(tx, of_event, allocation)? {
                each(part).map_err(Error::Output)?;
            }
        }
        Ok(())
    })
}
