//! `allocation explain`: from the holding to the payment.

use crate::{
    domain::{
        Refused,
        allocation::{Allocation, ExactShare, largest_remainder},
        event::Event,
        explanation::AllocationExplanation,
    },
    ops::Error,
    store::{self, AsOf, Ledger, Noun, PaymentFilter, WithdrawalFilter},
};

/// Explains a holder's allocation: holding, exact share, spare unit, and every request and payment.
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
        let event = tx.event(number, AsOf::Now)?;
        let number = tx.resolve(Noun::Holder, holder)?;
        let holder = tx.holder(number, AsOf::Now)?.holder;
        let allocation = tx.allocation(&event.event, holder.id, AsOf::Now)?;
        let nothing = || Refused::NoAllocation {
            holder: holder.code.clone(),
            event: event.event.code.clone(),
        };
        let allocation = allocation.ok_or_else(nothing)?;
        let part = part_of(&event, &allocation).ok_or_else(|| {
            store::Error::bug("an allocation does not follow from its event's snapshot")
        })?;
        let (mut withdrawals, mut payments) = (Vec::new(), Vec::new());
        let (of_event, of_holder) = (Some(event.event.id), Some(holder.id));
        let filter = WithdrawalFilter {
            event: of_event,
            holder: of_holder,
            ..WithdrawalFilter::default()
        };
        tx.each_withdrawal(&filter, AsOf::Now, |withdrawal| {
            withdrawals.push(withdrawal);
            Ok::<_, Error>(())
        })?;
        let filter = PaymentFilter {
            event: of_event,
            holder: of_holder,
            status: None,
        };
        tx.each_payment(&filter, AsOf::Now, |payment| {
            payments.push(payment);
            Ok::<_, Error>(())
        })?;
        Ok(AllocationExplanation {
            event,
            allocation,
            part,
            withdrawals,
            payments,
        })
    })
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
    let units = event.total_amount.units().checked_div(event.unit.units())?;
    let own = largest_remainder(units, &[allocation.tokens.units(), others.units()])?
        .into_iter()
        .next()?;
    let floor = own.floor.checked_mul(event.unit.units())?;
    Some(ExactShare {
        spare: own_amount.units() > floor,
        ..own
    })
}
