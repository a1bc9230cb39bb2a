//! Corrections of typing errors: the reference, the value date or the notes of a payment.

use serde::Serialize;

use crate::domain::{
    Refused,
    code::LineNumber,
    id::UserRef,
    reviewers::SecondPerson,
    time::{Date, Instant},
    user::Act,
    withdrawal::PaymentFacts,
};

use super::{Payment, Recording};

/// What is corrected; what is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The bank's reference.
    pub reference: Option<String>,
    /// The value date.
    pub date: Option<Date>,
    /// What is noted.
    pub notes: Option<String>,
}

/// A payment and what it said before it was corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectedPayment {
    /// The payment.
    pub payment: Payment,
    /// What it said before each correction, the first one first.
    pub past: Vec<PastPayment>,
}

/// What a payment said before a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastPayment {
    /// When it was corrected.
    pub corrected_at: Instant,
    /// By whom.
    pub corrected_by: UserRef,
    /// Why.
    pub reason: String,
    /// Its reference before.
    pub reference: String,
    /// Its value date before.
    pub date: Date,
    /// Its notes before.
    pub notes: Option<String>,
}

/// What a payment says from its correction on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectedFacts {
    /// What was paid, when, and what is noted.
    pub facts: PaymentFacts,
    /// Who corrects it.
    pub second: SecondPerson,
}

/// Decides a correction, by somebody who did not record the payment. Returns what the payment says
/// from now on, or `None` if it says so already. `matched` is a bank line of its debit or credit.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::PaymentImported`], [`Refused::PaymentSameActor`], [`Refused::PaymentMatched`],
/// [`Refused::ReasonMissing`], [`Refused::ReferenceEmpty`], [`Refused::PaymentDateInFuture`],
/// [`Refused::ReturnDate`] if it would be paid after it came back.
pub fn correct(
    payment: &Payment,
    correction: &Correction,
    reason: &str,
    matched: Option<LineNumber>,
    recording: Recording<'_>,
) -> Result<Option<CorrectedFacts>, Refused> {
    let Recording { actor, today, .. } = recording;
    if !actor.role.may(Act::Review) {
        actor.must(Act::Record)?;
    }
    payment.must_not_be_imported("corrected")?;
    let second = payment.second_person(
        &payment.recorder(),
        recording,
        &[Act::Record, Act::Review],
        "correct it",
    )?;
    if let Some(line) = matched {
        return Err(Refused::PaymentMatched {
            payment: payment.number,
            line,
        });
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "correct" });
    }
    let before = &payment.facts;
    let reference = correction.reference.as_deref().map(str::trim);
    if reference == Some("") {
        return Err(Refused::ReferenceEmpty);
    }
    let date = correction.date.unwrap_or(before.date);
    if date > today {
        return Err(Refused::PaymentDateInFuture { date, today });
    }
    if let Some((returned_on, _)) = payment.state.returned()
        && date > returned_on
    {
        return Err(Refused::ReturnDate {
            payment: payment.number,
            date: returned_on,
            paid_on: date,
            today,
        });
    }
    let facts = PaymentFacts {
        reference: reference.map_or_else(|| before.reference.clone(), str::to_owned),
        date,
        notes: correction.notes.clone().or_else(|| before.notes.clone()),
        ..before.clone()
    };
    Ok((facts != *before).then_some(CorrectedFacts { facts, second }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{actor, day, desk, now},
        payment::{PaymentBasis, PaymentStatus, tests::state},
        user::{FourEyes, Role},
        withdrawal::tests::payment,
    };

    fn corrected(
        payment: &Payment,
        (who, role): (&str, Role),
        correction: &Correction,
        matched: Option<LineNumber>,
    ) -> Result<Option<PaymentFacts>, Refused> {
        let actor = actor(who, role);
        let recording = Recording {
            actor: &actor,
            reviewers: desk(FourEyes::On),
            today: day("2026-06-30"),
            now: now(),
        };
        let corrected = correct(payment, correction, "typo", matched, recording)?;
        Ok(corrected.map(|corrected| corrected.facts))
    }

    fn of(reference: Option<&str>, date: Option<&str>) -> Correction {
        Correction {
            reference: reference.map(str::to_owned),
            date: date.map(day),
            notes: None,
        }
    }

    #[test]
    fn somebody_else_corrects_what_is_not_matched() {
        // bola recorded the payment TRX-1 of 2026-04-02.
        let typed = payment();
        let from_line = Payment {
            basis: PaymentBasis::Line(LineNumber::new(7)),
            ..payment()
        };
        let came_back = Payment {
            state: state(PaymentStatus::Returned),
            ..payment()
        };
        let (ada, bola) = (("ada", Role::Admin), ("bola", Role::Operator));
        let (chi, dayo) = (("chi", Role::Approver), ("dayo", Role::Auditor));
        let line = Some(LineNumber::new(7));
        let other = of(Some("TRX-2"), None);
        #[rustfmt::skip]
        let cases = [
            (&typed,     ada,  other.clone(),                   None, "TRX-2 2026-04-02"),
            (&typed,     chi,  other.clone(),                   None, "TRX-2 2026-04-02"),
            (&from_line, bola, other.clone(),                   None, "TRX-2 2026-04-02"),
            (&typed,     ("femi", Role::Operator), other.clone(), None, "TRX-2 2026-04-02"),
            (&typed,     bola, other.clone(),                   None, "payment.same_actor"),
            (&typed,     dayo, other.clone(),                   None, "user.forbidden"),
            (&typed,     ada,  other,                           line, "bank.payment_matched"),
            (&typed,     ada,  of(Some(" "), None),             None, "payment.reference_missing"),
            (&typed,     ada,  of(None, Some("2026-06-30")),    None, "TRX-1 2026-06-30"),
            (&typed,     ada,  of(None, Some("2026-07-01")),    None, "payment.date_in_future"),
            (&typed,     ada,  of(Some("TRX-1"), Some("2026-04-02")), None, "nothing to do"),
            (&came_back, ada,  of(None, Some("2026-04-05")),    None, "TRX-1 2026-04-05"),
            (&came_back, ada,  of(None, Some("2026-04-06")),    None, "payment.return_date"),
        ];
        for (payment, who, correction, matched, expected) in cases {
            let found = match corrected(payment, who, &correction, matched) {
                Ok(Some(facts)) => format!("{} {}", facts.reference, facts.date),
                Ok(None) => "nothing to do".to_owned(),
                Err(refused) => refused.code().to_owned(),
            };
            assert_eq!(found, expected, "{who:?} {correction:?}");
        }
    }
}
