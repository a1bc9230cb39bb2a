//! What a request used of its allocation at any time.

use crate::domain::{quantity::Amount, time::Instant};

/// What a request uses of its allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationUse {
    /// Nothing: not made yet, rejected, cancelled or returned.
    Nothing,
    /// It holds this much.
    Pending(Amount),
    /// This much is paid.
    Withdrawn(Amount),
}

/// The amounts of a request and the instants of its steps: all that is needed to tell what it used
/// at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawalTimeline {
    /// What was requested.
    pub requested: Amount,
    /// What was paid.
    pub paid: Option<Amount>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was rejected.
    pub rejected_at: Option<Instant>,
    /// When it was cancelled.
    pub cancelled_at: Option<Instant>,
    /// When its payment was recorded.
    pub paid_at: Option<Instant>,
    /// When its payment was returned.
    pub returned_at: Option<Instant>,
}

impl WithdrawalTimeline {
    /// Returns what the request used of its allocation at an instant.
    pub fn used_at(&self, at: Instant) -> AllocationUse {
        let done = |step: Option<Instant>| step.is_some_and(|step| step <= at);
        if self.created_at > at
            || done(self.returned_at)
            || done(self.rejected_at)
            || done(self.cancelled_at)
        {
            return AllocationUse::Nothing;
        }
        match self.paid.filter(|_| done(self.paid_at)) {
            Some(paid) => AllocationUse::Withdrawn(paid),
            None => AllocationUse::Pending(self.requested),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::{Approval, tests::named},
        withdrawal::{
            PaymentFacts, Withdrawal, WithdrawalState, WithdrawalStatus,
            tests::{facts, withdrawal},
        },
    };

    #[test]
    fn what_a_request_used_is_what_its_state_of_that_instant_says() {
        let instants: Vec<Instant> = (1..=6)
            .map(|hour| Instant::parse(&format!("2026-06-30T0{hour}:00:00.000000Z")).unwrap())
            .collect();
        let at = |hour: usize| instants[hour - 1];
        let by = |hour| Approval {
            by: named("chi"),
            at: at(hour),
        };
        let paid = || PaymentFacts {
            at: at(4),
            ..facts()
        };
        for status in WithdrawalStatus::ALL.iter().copied() {
            let state = match status {
                WithdrawalStatus::Pending => WithdrawalState::Pending,
                WithdrawalStatus::Approved => WithdrawalState::Approved(by(3)),
                WithdrawalStatus::Rejected => WithdrawalState::Rejected(by(3), "no".to_owned()),
                WithdrawalStatus::Cancelled => WithdrawalState::Cancelled(Some(by(3)), by(4)),
                WithdrawalStatus::Paid => WithdrawalState::Paid(by(3), paid()),
                WithdrawalStatus::Returned => WithdrawalState::Returned(by(3), paid(), at(5)),
            };
            let request = Withdrawal {
                created_at: at(2),
                state,
                ..withdrawal(status)
            };
            let steps = WithdrawalTimeline {
                requested: request.amount,
                paid: request.state.payment().map(|paid| paid.amount),
                created_at: request.created_at,
                rejected_at: request.state.rejection().map(|(step, _)| step.at),
                cancelled_at: request.state.cancellation().map(|step| step.at),
                paid_at: request.state.payment().map(|paid| paid.at),
                returned_at: (status == WithdrawalStatus::Returned).then(|| at(5)),
            };
            for instant in &instants {
                let then = request.clone().at(*instant);
                let wanted = match then.as_ref().map(|then| &then.state) {
                    Some(WithdrawalState::Pending | WithdrawalState::Approved(_)) => {
                        AllocationUse::Pending(request.amount)
                    }
                    Some(WithdrawalState::Paid(_, paid)) => AllocationUse::Withdrawn(paid.amount),
                    Some(
                        WithdrawalState::Rejected(..)
                        | WithdrawalState::Cancelled(..)
                        | WithdrawalState::Returned(..),
                    )
                    | None => AllocationUse::Nothing,
                };
                assert_eq!(steps.used_at(*instant), wanted, "{status} at {instant}");
            }
        }
    }
}
