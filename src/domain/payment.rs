//! Payments: what was paid for a withdrawal, and what the bank sent back.

use serde::Serialize;

use super::{
    Refused,
    account::BankAccount,
    allocation::Movement,
    code::{LineNumber, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    event::Approval,
    holder::HolderStatus,
    id::{EventRef, HolderRef, PaymentId},
    quantity::Amount,
    time::{Date, Instant},
    user::{Act, Actor},
    withdrawal::{PaymentFacts, Withdrawal, WithdrawalState},
};

pub use super::status::PaymentStatus;

/// What is told of a payment when it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentInput {
    /// The bank's reference.
    pub reference: String,
    /// The value date.
    pub date: Date,
    /// What was paid; the whole request where it is not told.
    pub amount: Option<Amount>,
    /// What is noted.
    pub notes: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The number, shown as `P-000001`.
    pub number: PaymentNumber,
    /// The id.
    pub id: PaymentId,
    /// The withdrawal that it pays.
    pub withdrawal: WithdrawalNumber,
    /// The event.
    pub event: EventRef,
    /// The holder.
    pub holder: HolderRef,
    /// The currency.
    pub currency: Currency,
    /// What was paid, when, by whom.
    pub facts: PaymentFacts,
    /// The account it went to.
    pub bank: BankAccount,
    /// Where it stands.
    pub state: PaymentState,
    /// The returned payment that it replaces.
    pub replaces: Option<PaymentNumber>,
    /// The bank line that it was matched with; of several the first.
    pub bank_line: Option<LineNumber>,
}

/// Where a payment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Recorded by a user.
    Recorded,
    /// Found on the bank's statement.
    Reconciled,
    /// Sent back by the bank.
    Returned {
        /// The bank's date of the return.
        date: Date,
        /// Why.
        reason: String,
        /// Who recorded the return, and when.
        recorded: Approval,
    },
}

/// What follows from recording a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentDecision {
    /// It is new.
    New(Box<NewPayment>),
    /// The very same payment stands already; nothing is to be written.
    AlreadyRecorded,
}

/// A payment that was decided and is not yet recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// The approval that it carries out.
    pub approval: Approval,
    /// What is paid.
    pub facts: PaymentFacts,
    /// The movement of the allocation.
    pub movement: Movement,
}

impl PaymentState {
    /// Tells the bank's date of the return and why, where it was returned.
    pub fn returned(&self) -> Option<(Date, &str)> {
        match self {
            Self::Returned { date, reason, .. } => Some((*date, reason)),
            Self::Recorded | Self::Reconciled => None,
        }
    }

    /// Tells where a payment stands that was not sent back: it is reconciled where a bank line is
    /// matched with it.
    pub const fn unreturned(bank_line: Option<LineNumber>) -> Self {
        match bank_line {
            Some(_) => Self::Reconciled,
            None => Self::Recorded,
        }
    }

    /// Names the state.
    pub const fn status(&self) -> PaymentStatus {
        match self {
            Self::Recorded => PaymentStatus::Recorded,
            Self::Reconciled => PaymentStatus::Reconciled,
            Self::Returned { .. } => PaymentStatus::Returned,
        }
    }
}

impl Payment {
    /// Tells the payment as it stood at `instant`, or `None` where it was not recorded yet. Its
    /// bank line is that of the instant already: the links of a past day are read, not wound back.
    pub fn at(mut self, instant: Instant) -> Option<Self> {
        if self.facts.at > instant {
            return None;
        }
        if let PaymentState::Returned { recorded, .. } = &self.state
            && recorded.at > instant
        {
            self.state = PaymentState::unreturned(self.bank_line);
        }
        Some(self)
    }
}

/// Decides a payment. Paying again with the same reference, date and amount is no second payment.
///
/// # Errors
/// [`Refused::AlreadyPaid`], [`Refused::WithdrawalState`], [`Refused::HolderBlocked`],
/// [`Refused::ReferenceEmpty`], [`Refused::PaymentDateInFuture`], [`Refused::AmountZero`],
/// [`Refused::AmountNotPayable`], [`Refused::PaidTooMuch`].
pub fn pay(
    withdrawal: &Withdrawal,
    holder_status: &HolderStatus,
    actor: &Actor,
    input: &PaymentInput,
    today: Date,
    now: Instant,
) -> Result<PaymentDecision, Refused> {
    actor.must(Act::Record)?;
    let approval = match &withdrawal.state {
        WithdrawalState::Approved(approval) => approval,
        WithdrawalState::Paid(_, facts) => return same_payment(withdrawal, facts, input),
        WithdrawalState::Pending
        | WithdrawalState::Rejected(..)
        | WithdrawalState::Cancelled(..)
        | WithdrawalState::Returned(..) => {
            let (withdrawal, status) = (withdrawal.number, withdrawal.status());
            return Err(Refused::WithdrawalState {
                withdrawal,
                status,
                verb: "paid",
            });
        }
    };
    holder_status.must_be_open(&withdrawal.holder.code)?;
    if input.reference.trim().is_empty() {
        return Err(Refused::ReferenceEmpty);
    }
    if input.date > today {
        return Err(Refused::PaymentDateInFuture {
            date: input.date,
            today,
        });
    }
    let amount = input.amount.unwrap_or(withdrawal.amount);
    let unit = withdrawal.currency.minor_unit();
    if amount.is_zero() {
        return Err(Refused::AmountZero);
    }
    if !amount.is_multiple_of(unit) {
        return Err(Refused::AmountNotPayable {
            amount,
            unit,
            currency: withdrawal.currency,
        });
    }
    if amount > withdrawal.amount {
        return Err(Refused::PaidTooMuch {
            withdrawal: withdrawal.number,
            amount,
            requested: withdrawal.amount,
            currency: withdrawal.currency,
        });
    }
    let facts = PaymentFacts {
        reference: input.reference.trim().to_owned(),
        date: input.date,
        amount,
        by: actor.user.clone(),
        at: now,
        notes: input.notes.clone(),
    };
    let movement = Movement::Settle {
        requested: withdrawal.amount,
        paid: amount,
    };
    Ok(PaymentDecision::New(Box::new(NewPayment {
        approval: approval.clone(),
        facts,
        movement,
    })))
}

fn same_payment(
    withdrawal: &Withdrawal,
    facts: &PaymentFacts,
    input: &PaymentInput,
) -> Result<PaymentDecision, Refused> {
    let same = facts.reference == input.reference.trim()
        && facts.date == input.date
        && facts.amount == input.amount.unwrap_or(withdrawal.amount);
    if same {
        return Ok(PaymentDecision::AlreadyRecorded);
    }
    Err(Refused::AlreadyPaid {
        withdrawal: withdrawal.number,
        reference: facts.reference.clone(),
        date: facts.date,
        amount: facts.amount,
        currency: withdrawal.currency,
    })
}

/// Decides a return: the bank sent the money back and it is available again.
///
/// # Errors
/// [`Refused::PaymentState`], [`Refused::ReasonMissing`], [`Refused::ReturnDate`].
pub fn give_back(
    payment: &Payment,
    withdrawal: &Withdrawal,
    actor: &Actor,
    (date, reason): (Date, &str),
    today: Date,
    now: Instant,
) -> Result<(PaymentState, WithdrawalState, Movement), Refused> {
    actor.must(Act::Record)?;
    match payment.state {
        PaymentState::Recorded | PaymentState::Reconciled => {}
        PaymentState::Returned { .. } => {
            return Err(Refused::PaymentState {
                payment: payment.number,
                status: payment.state.status(),
            });
        }
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "return" });
    }
    if date > today || date < payment.facts.date {
        return Err(Refused::ReturnDate {
            payment: payment.number,
            date,
            paid_on: payment.facts.date,
            today,
        });
    }
    let WithdrawalState::Paid(approval, facts) = &withdrawal.state else {
        let (withdrawal, status) = (withdrawal.number, withdrawal.status());
        return Err(Refused::WithdrawalState {
            withdrawal,
            status,
            verb: "returned",
        });
    };
    let recorded = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok((
        PaymentState::Returned {
            date,
            reason: reason.trim().to_owned(),
            recorded,
        },
        WithdrawalState::Returned(approval.clone(), facts.clone(), now),
        Movement::GiveBack(facts.amount),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{actor, amount, day, named, now},
        holder::HolderStatus,
        user::Role,
        withdrawal::{
            WithdrawalStatus,
            tests::{blocked, facts, payment, withdrawal},
        },
    };

    fn state(status: PaymentStatus) -> PaymentState {
        match status {
            PaymentStatus::Recorded => PaymentState::Recorded,
            PaymentStatus::Reconciled => PaymentState::Reconciled,
            PaymentStatus::Returned => {
                let recorded = Approval {
                    by: named("bola"),
                    at: now(),
                };
                PaymentState::Returned {
                    date: day("2026-04-05"),
                    reason: "closed".to_owned(),
                    recorded,
                }
            }
        }
    }

    fn returned(
        status: PaymentStatus,
        on: &str,
        reason: &str,
    ) -> Result<(PaymentState, WithdrawalState, Movement), Refused> {
        let payment = Payment {
            state: state(status),
            ..payment()
        };
        let (paid, operator) = (
            withdrawal(WithdrawalStatus::Paid),
            actor("bola", Role::Operator),
        );
        give_back(
            &payment,
            &paid,
            &operator,
            (day(on), reason),
            day("2026-06-30"),
            now(),
        )
    }

    #[rustfmt::skip]
    const EVERY_PAIR: [(PaymentStatus, &str, &str); 3] = [
        (PaymentStatus::Recorded,   "return", "returned"),
        (PaymentStatus::Reconciled, "return", "returned"),
        (PaymentStatus::Returned,   "return", "payment.wrong_state"),
    ];

    #[test]
    fn every_pair_of_state_and_command_has_its_result() {
        assert_eq!(
            EVERY_PAIR.map(|(status, _, _)| status),
            PaymentStatus::ALL,
            "the table names every pair once"
        );
        for (status, command, expected) in EVERY_PAIR {
            let found = returned(status, "2026-04-05", "closed");
            let found = found.map_or_else(
                |refused| refused.code(),
                |(state, _, _)| state.status().as_str(),
            );
            assert_eq!(found, expected, "{command} what is {status}");
        }
    }

    #[test]
    fn a_return_lies_between_the_payment_and_today_and_gives_back_what_was_paid() {
        #[rustfmt::skip]
        let cases = [
            ("2026-04-02", "closed", "returned"),
            ("2026-06-30", "closed", "returned"),
            ("2026-04-01", "closed", "payment.return_date"),
            ("2026-07-01", "closed", "payment.return_date"),
            ("2026-04-05", "  ",     "reason.missing"),
        ];
        for (on, reason, expected) in cases {
            let found = returned(PaymentStatus::Recorded, on, reason);
            let found = found.map_or_else(
                |refused| refused.code(),
                |(_, state, _)| state.status().as_str(),
            );
            assert_eq!(found, expected, "{on} {reason}");
        }
        let (_, state, movement) =
            returned(PaymentStatus::Recorded, "2026-04-05", "closed").unwrap();
        assert_eq!(movement, Movement::GiveBack(amount("40")));
        assert_eq!(state.payment(), Some(&facts()), "what was paid stays known");
        let (payment, paid) = (payment(), withdrawal(WithdrawalStatus::Paid));
        let told = (day("2026-04-05"), "closed");
        let refused = give_back(
            &payment,
            &paid,
            &actor("chi", Role::Approver),
            told,
            day("2026-06-30"),
            now(),
        );
        assert_eq!(refused.unwrap_err().code(), "user.forbidden");
    }

    #[test]
    fn a_payment_is_at_most_what_was_asked_for_and_not_of_tomorrow() {
        let approved = withdrawal(WithdrawalStatus::Approved);
        let told = |reference: &str, date: &str, paid: Option<&str>| PaymentInput {
            reference: reference.to_owned(),
            date: day(date),
            amount: paid.map(amount),
            notes: None,
        };
        #[rustfmt::skip]
        let cases = [
            (told("R", "2026-06-30", None),           HolderStatus::Active, Role::Operator, "40"),
            (told("R", "2026-06-30", Some("40")),     HolderStatus::Active, Role::Admin,    "40"),
            (told("R", "2026-06-30", Some("0.01")),   HolderStatus::Active, Role::Operator, "0.01"),
            (told("R", "2026-06-30", Some("40.01")),  HolderStatus::Active, Role::Operator, "payment.too_much"),
            (told("R", "2026-06-30", Some("0")),      HolderStatus::Active, Role::Operator, "withdrawal.amount_zero"),
            (told("R", "2026-06-30", Some("39.995")), HolderStatus::Active, Role::Operator, "withdrawal.not_a_multiple"),
            (told("R", "2026-07-01", None),           HolderStatus::Active, Role::Operator, "payment.date_in_future"),
            (told(" ", "2026-06-30", None),           HolderStatus::Active, Role::Operator, "payment.reference_missing"),
            (told("R", "2026-06-30", None),           blocked(),        Role::Operator, "holder.blocked"),
            (told("R", "2026-06-30", None),           HolderStatus::Active, Role::Approver, "user.forbidden"),
            (told("R", "2026-06-30", None),           HolderStatus::Active, Role::Auditor,  "user.forbidden"),
        ];
        for (input, holder_status, role, expected) in cases {
            let decided = pay(
                &approved,
                &holder_status,
                &actor("bola", role),
                &input,
                day("2026-06-30"),
                now(),
            );
            let found = decided.map_or_else(
                |refused| refused.code().to_owned(),
                |paid| match paid {
                    PaymentDecision::New(new) => new.facts.amount.plain(0),
                    PaymentDecision::AlreadyRecorded => "already recorded".to_owned(),
                },
            );
            assert_eq!(found, expected, "{input:?} {role}");
        }
    }

    #[test]
    fn only_the_very_same_payment_is_a_repetition() {
        let paid = withdrawal(WithdrawalStatus::Paid);
        let again = |reference: &str, date: &str, paid_amount: Option<&str>, holder_status| {
            let (reference, amount) = (reference.to_owned(), paid_amount.map(amount));
            let input = PaymentInput {
                reference,
                date: day(date),
                amount,
                notes: Some("again".to_owned()),
            };
            let decided = pay(
                &paid,
                &holder_status,
                &actor("bola", Role::Operator),
                &input,
                day("2026-06-30"),
                now(),
            );
            decided.map_or_else(|refused| refused.code(), |_| "already recorded")
        };
        assert_eq!(
            again("TRX-1", "2026-04-02", None, HolderStatus::Active),
            "already recorded"
        );
        assert_eq!(
            again(" TRX-1 ", "2026-04-02", Some("40.00"), blocked()),
            "already recorded"
        );
        assert_eq!(
            again("TRX-2", "2026-04-02", None, HolderStatus::Active),
            "payment.already_paid"
        );
        assert_eq!(
            again("TRX-1", "2026-04-03", None, HolderStatus::Active),
            "payment.already_paid"
        );
        assert_eq!(
            again("TRX-1", "2026-04-02", Some("39"), HolderStatus::Active),
            "payment.already_paid"
        );
    }

    #[test]
    fn a_payment_is_wound_back() {
        let at =
            |minute: u8| Instant::parse(&format!("2026-06-30T09:{minute:02}:00.000000Z")).unwrap();
        let recorded = Approval {
            by: named("bola"),
            at: at(3),
        };
        let state = PaymentState::Returned {
            date: day("2026-04-05"),
            reason: "closed".to_owned(),
            recorded,
        };
        let returned = Payment {
            state,
            facts: PaymentFacts {
                at: at(2),
                ..facts()
            },
            ..payment()
        };
        let told = |minute| {
            returned
                .clone()
                .at(at(minute))
                .map(|payment| payment.state.status().as_str())
        };
        assert_eq!(
            [1, 2, 3].map(told),
            [None, Some("recorded"), Some("returned")]
        );
    }
}
