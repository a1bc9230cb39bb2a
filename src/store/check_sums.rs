//! Re-deriving what each event's allocations are, and what their withdrawals use of them.

use std::collections::HashMap;

use super::{
    AsOf, Error, Tx, WithdrawalFilter,
    check::{Check, counted},
};
use crate::domain::{
    allocation::{Balance, Movement, allocate, percentages},
    code::Code,
    event::{Event, EventStatus, Share, calculation_hash},
    id::{AllocationId, HolderId},
    quantity::{Amount, Percent, Tokens, Total},
    withdrawal::{State, Withdrawal},
};

/// What an allocation's withdrawals use of it.
#[derive(Default)]
pub(super) struct Used {
    withdrawn: i128,
    pending: i128,
}

/// What is used of each allocation that has withdrawals.
pub(super) type UsedByAllocation = HashMap<AllocationId, Used>;

/// The code of each holder.
pub(super) type Codes = HashMap<HolderId, Code>;

impl Tx<'_> {
    pub(super) fn holder_codes(&mut self) -> Result<Codes, Error> {
        let mut statement = self.conn.prepare("SELECT id, code FROM lp_token_holders")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn used_by_allocation(&mut self) -> Result<UsedByAllocation, Error> {
        let mut used = UsedByAllocation::new();
        self.each_withdrawal(&WithdrawalFilter::default(), AsOf::Now, |withdrawal: Withdrawal| {
            match &withdrawal.state {
                State::Pending | State::Approved(_) => {
                    used.entry(withdrawal.allocation_id).or_default().pending += withdrawal.amount.units();
                }
                State::Paid(_, paid) => used.entry(withdrawal.allocation_id).or_default().withdrawn += paid.amount.units(),
                State::Rejected(..) | State::Cancelled(..) | State::Returned(..) => {}
            }
            Ok::<_, Error>(())
        })?;
        Ok(used)
    }

    /// Each allocation follows from the rule and its withdrawals, and the event is the sum of its allocations. Answers their
    /// number and what does not add up.
    pub(super) fn check_event(
        &mut self,
        event: &Event,
        used: &UsedByAllocation,
        codes: &Codes,
    ) -> Result<(usize, Vec<String>), Error> {
        let mut findings = Vec::new();
        let code = &event.event.code;
        let mut shares: Vec<Share> = Vec::new();
        let (mut withdrawn, mut pending) = (0_i128, 0_i128);
        self.each_allocation_among(&event.event, codes, |id, share, balance| {
            let sums = used.get(&id).map_or((0, 0), |sums| (sums.withdrawn, sums.pending));
            if (balance.withdrawn().units(), balance.pending().units()) != sums {
                let holder = &share.holder.code;
                findings.push(format!("the allocation of `{holder}` in `{code}` is not the sum of its withdrawals"));
            }
            withdrawn += balance.withdrawn().units();
            pending += balance.pending().units();
            shares.push(share);
        })?;
        if (event.balance.withdrawn().units(), event.balance.pending().units()) != (withdrawn, pending) {
            findings.push(format!("paid and pending of `{code}` are not the sums of its allocations"));
        }
        check_shares(event, &mut shares, &mut findings);
        Ok((shares.len(), findings))
    }
}

/// Puts together what was found of each event.
pub(super) fn summed_up(events: usize, found: Vec<Result<(usize, Vec<String>), Error>>) -> Result<Check, Error> {
    let (mut allocations, mut findings) = (0_usize, Vec::new());
    for found in found {
        let (more, of_event) = found?;
        allocations += more;
        findings.extend(of_event);
    }
    let looked_at = format!("{}, {}", counted(events, "event"), counted(allocations, "allocation"));
    Ok(Check { name: "sums", findings, looked_at })
}

/// Checks that the allocations are what the rule gives for the tokens held, and that their hash is the approved one.
fn check_shares(event: &Event, shares: &mut [Share], findings: &mut Vec<String>) {
    let code = &event.event.code;
    let Some(calculation) = event.state.calculation() else {
        if !shares.is_empty() {
            findings.push(format!("`{code}` has allocations and was never calculated"));
        }
        return;
    };
    shares.sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    let tokens: Vec<Tokens> = shares.iter().map(|share| share.tokens).collect();
    let amounts: Vec<Amount> = shares.iter().map(|share| share.amount).collect();
    let parts: Vec<Percent> = shares.iter().map(|share| share.percentage).collect();
    if allocate(event.total_amount, event.unit, &tokens).as_ref() != Some(&amounts) {
        findings.push(format!("the allocations of `{code}` are not what the rule gives"));
    }
    if percentages(&tokens).as_ref() != Some(&parts) {
        findings.push(format!("the percentages of `{code}` are not what the rule gives"));
    }
    let sum: Option<Total> = amounts.iter().copied().sum();
    if sum != Some(event.total_amount.widen()) || event.balance.allocated() != event.total_amount {
        findings.push(format!("the allocations of `{code}` do not sum to its total"));
    }
    if calculation_hash(event, calculation.total_tokens, calculation.nav, shares.iter()) != calculation.hash {
        findings.push(format!("the calculation hash of `{code}` does not fit its inputs and allocations"));
    }
    let settled = event.balance.after(Movement::Hold(Amount::ZERO)).is_some_and(Balance::is_paid_out);
    let completed = event.status() == EventStatus::Completed;
    if settled != completed {
        findings.push(format!(
            "`{code}` is {} although {}",
            event.status(),
            if settled { "all of it is paid" } else { "not all of it is paid" }
        ));
    }
}
