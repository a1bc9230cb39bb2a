//! Settling by hand what no bank line will ever show.

use crate::domain::{
    Refused,
    matching::Class,
    reviewers::{Hand, SecondPerson},
    user::{Act, FourEyes},
};

use super::{Payment, PaymentState, RETURNED, Recording};

/// Decides to settle a payment of a class by hand.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::PaymentSameActor`] for who recorded the payment or its return,
/// [`Refused::NotOutstanding`], [`Refused::ReasonMissing`].
pub fn settle(
    payment: &Payment,
    class: Class,
    reason: &str,
    recording: Recording<'_>,
) -> Result<SecondPerson, Refused> {
    let second = second_person(payment, "settle it", recording)?;
    match class {
        Class::PaidNotOnBank | Class::ChequeOutstanding | Class::ReturnedUnproven => {}
        Class::Matched
        | Class::MatchedGroup
        | Class::Proposed
        | Class::Ambiguous
        | Class::AmountDiffers
        | Class::DateOutOfWindow
        | Class::SentNotOnBank
        | Class::OnBankNotInLedger
        | Class::UnexpectedCredit
        | Class::DuplicatePayment
        | Class::Returned
        | Class::NeverSent
        | Class::OffBank
        | Class::Settled
        | Class::UnlinkedReversal
        | Class::FeeTaxLevy
        | Class::Resolved
        | Class::TaxRemittance
        | Class::Awaited
        | Class::Void => {
            return Err(Refused::NotOutstanding {
                payment: payment.number,
                class,
            });
        }
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "settle" });
    }
    Ok(second)
}

/// Decides to take a settlement back.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::PaymentSameActor`], [`Refused::NotSettled`].
pub fn must_be_settled(
    payment: &Payment,
    recording: Recording<'_>,
) -> Result<SecondPerson, Refused> {
    let second = second_person(payment, "take its settlement back", recording)?;
    match payment.settled {
        Some(_) => Ok(second),
        None => Err(Refused::NotSettled {
            payment: payment.number,
        }),
    }
}

/// Refuses who may not review, and who recorded the payment or its return.
fn second_person(
    payment: &Payment,
    verb: &'static str,
    recording: Recording<'_>,
) -> Result<SecondPerson, Refused> {
    let role = recording.actor.role;
    if recording.reviewers.four_eyes == FourEyes::On || !role.may(Act::Record) {
        recording.actor.must(Act::Review)?;
    }
    payment.must_not_be_imported("settled")?;
    let mut hands = payment.recorder();
    if let PaymentState::Returned { recorded, .. } = &payment.state {
        hands.push(Hand {
            user: recorded.by.id,
            did: RETURNED,
        });
    }
    payment.second_person(&hands, recording, &[Act::Review], verb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{actor, day, desk, now},
        payment::{PaymentStatus, tests::state},
        user::Role,
        withdrawal::tests::payment,
    };

    fn settled(payment: &Payment, who: &str, role: Role, class: Class) -> &'static str {
        let actor = actor(who, role);
        let recording = Recording {
            actor: &actor,
            reviewers: desk(FourEyes::On),
            today: day("2026-06-30"),
            now: now(),
        };
        settle(payment, class, "lost", recording)
            .map_or_else(|refused| refused.code(), |_| "settled")
    }

    #[test]
    fn only_what_is_outstanding_is_settled_and_by_neither_who_recorded_nor_who_returned_it() {
        // bola recorded both, and the return of the second.
        let (paid, returned) = (
            payment(),
            Payment {
                state: state(PaymentStatus::Returned),
                ..payment()
            },
        );
        let (out, unproven) = (Class::PaidNotOnBank, Class::ReturnedUnproven);
        #[rustfmt::skip]
        let cases = [
            (&paid,     "chi",  Role::Approver, out,              "settled"),
            (&paid,     "ada",  Role::Admin,    out,              "settled"),
            (&paid,     "bola", Role::Admin,    out,              "payment.same_actor"),
            (&paid,     "femi", Role::Operator, out,              "user.forbidden"),
            (&paid,     "chi",  Role::Approver, Class::ChequeOutstanding, "settled"),
            (&paid,     "chi",  Role::Approver, Class::OffBank,   "payment.not_outstanding"),
            (&paid,     "chi",  Role::Approver, Class::Matched,   "payment.not_outstanding"),
            (&paid,     "chi",  Role::Approver, Class::Ambiguous, "payment.not_outstanding"),
            (&paid,     "chi",  Role::Approver, Class::Settled,   "payment.not_outstanding"),
            (&returned, "chi",  Role::Approver, unproven,         "settled"),
            (&returned, "chi",  Role::Approver, Class::NeverSent, "payment.not_outstanding"),
        ];
        for (payment, who, role, class, expected) in cases {
            assert_eq!(
                settled(payment, who, role, class),
                expected,
                "{who} {class}"
            );
        }
        let by_line = Payment {
            basis: super::super::PaymentBasis::Line(crate::domain::code::LineNumber::new(1)),
            ..returned
        };
        assert_eq!(
            settled(&by_line, "bola", Role::Admin, unproven),
            "payment.same_actor",
            "bola recorded its return"
        );
    }
}
