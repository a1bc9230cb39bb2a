//! What a decision about a line of the bank needs to know: a match with all that it joins, and the
//! moment.

use std::collections::BTreeSet;

use crate::{
    domain::{
        code::WithdrawalNumber,
        matching::RecordedMatch,
        reconciliation::{
            LinkedWithdrawal,
            decision::{MatchDetails, Moment},
        },
        text,
        withdrawal::WithdrawalState,
    },
    ops::Error,
    store::{self, AsOf, WriteTx},
};

/// Reads all that a match joins.
pub(in crate::ops) fn details(
    write: &mut WriteTx<'_>,
    recorded: RecordedMatch,
) -> Result<MatchDetails, Error> {
    let mut lines = Vec::with_capacity(recorded.link.lines.len());
    for number in &recorded.link.lines {
        lines.push(write.bank_line(number.number())?);
    }
    let missing = || store::Error::bug("a match has no lines");
    let account = lines
        .first()
        .map(|line| line.account.id)
        .ok_or_else(missing)?;
    let mut withdrawals = Vec::with_capacity(recorded.link.withdrawals.len());
    for number in &recorded.link.withdrawals {
        withdrawals.push(linked_withdrawal(write, *number)?);
    }
    let remittance = match recorded.link.remittance {
        Some(number) => write.remittance(number.number(), AsOf::Now)?,
        None => None,
    };
    Ok(MatchDetails {
        recorded,
        account,
        lines,
        withdrawals,
        remittance,
    })
}

fn linked_withdrawal(
    write: &mut WriteTx<'_>,
    number: WithdrawalNumber,
) -> Result<LinkedWithdrawal, Error> {
    let withdrawal = write.withdrawal(number.number())?;
    let payment = withdrawal.state.payment();
    Ok(LinkedWithdrawal {
        number,
        amount: payment.map_or(withdrawal.amount, |payment| payment.amount),
        paid_on: payment.map(|payment| payment.date),
        returned: matches!(withdrawal.state, WithdrawalState::Returned(..)),
        end_to_end: write.end_to_end_of(number)?,
    })
}

/// Reads the day, the user, and which of some references a payment already has.
pub(super) fn moment<'r>(
    write: &mut WriteTx<'_>,
    references: impl Iterator<Item = &'r str>,
) -> Result<Moment, Error> {
    let mut used_references = BTreeSet::new();
    for reference in references {
        if write.has_payment_reference(reference)? {
            used_references.insert(text::folded(reference));
        }
    }
    Ok(Moment {
        user: write.actor.user.code.clone(),
        today: write.today,
        used_references,
    })
}
