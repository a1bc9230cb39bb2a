//! Correct: a typing error in what was recorded of a payment.

use serde::Serialize;
use serde_json::{Value, json};

use super::{find, recall, recording};
use crate::{
    domain::{
        Refused,
        account::masked_within,
        activity::{Activity, Fact},
        code::LineNumber,
        consent::{Consent, Questions},
        matching::{Certainty, LinkKind},
        payment::{self, CorrectedFacts, Correction, Payment, PaymentChange, PaymentCheck},
        session::Session,
        withdrawal::{PaymentFacts, Withdrawal},
    },
    ops::Error,
    store::{Done, Ledger, Request, WriteTx},
};

/// A correction as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentCorrection {
    /// The payment.
    pub payment: String,
    /// What is corrected.
    pub correction: Correction,
    /// Why.
    pub reason: String,
}

/// Corrects a typing error in a payment; what it said before is kept.
///
/// # Errors
/// Those of [`payment::correct`]; [`Refused::ReferenceUsed`]; [`Refused::OddPayment`] unless it was
/// agreed to.
pub fn correct(
    ledger: &mut Ledger,
    session: Session,
    input: &PaymentCorrection,
    consent: &Consent,
) -> Result<Done<Payment>, Error> {
    let request = Request {
        command: "payment correct",
        activity: Activity::PaymentCorrected,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let (payment, withdrawal) = find(write, &input.payment)?;
        let before = Recorded {
            payment,
            withdrawal,
        };
        let matched = matched_line(write, &before.payment)?;
        let (correction, reason) = (&input.correction, input.reason.trim());
        let recording = recording(write);
        let decided = payment::correct(&before.payment, correction, reason, matched, recording)?;
        if let Some(after) = decided {
            let mut questions = Questions::new(consent);
            ask_about_date(write, &before, &after.facts, &mut questions)?;
            apply(write, &before, &after, (reason, &questions))?;
        }
        let number = before.payment.number.number();
        Ok((number, write.payment(number)?))
    })
}

/// A payment and its withdrawal before the correction.
struct Recorded {
    payment: Payment,
    withdrawal: Withdrawal,
}

/// Finds a bank line that a decided match joins with the debit or the credit of a payment.
fn matched_line(write: &mut WriteTx<'_>, payment: &Payment) -> Result<Option<LineNumber>, Error> {
    if payment.bank_line.is_some() {
        return Ok(payment.bank_line);
    }
    let credit = write.match_of_withdrawal(payment.withdrawal, LinkKind::Return)?;
    let decided = credit.filter(|credit| credit.certainty == Certainty::Matched);
    Ok(decided.and_then(|credit| credit.link.lines.first().copied()))
}

/// Asks about a new date that is odd.
fn ask_about_date(
    write: &mut WriteTx<'_>,
    before: &Recorded,
    after: &PaymentFacts,
    questions: &mut Questions<'_>,
) -> Result<(), Error> {
    let withdrawal = &before.withdrawal;
    let Some(approval) = withdrawal.state.approval() else {
        return Ok(());
    };
    if after.date == before.payment.facts.date {
        return Ok(());
    }
    let event = write.event_by_id(withdrawal.event.id)?;
    let check = PaymentCheck {
        approval,
        event: &event,
        date: after.date,
        today: write.today,
        exported: None,
    };
    let oddities = check.oddities();
    if oddities.is_empty() {
        return Ok(());
    }
    let odd: Vec<String> = oddities.iter().map(ToString::to_string).collect();
    Ok(questions.ask(Refused::OddPayment {
        withdrawal: withdrawal.number,
        odd: odd.join("; "),
    })?)
}

fn apply(
    write: &mut WriteTx<'_>,
    before: &Recorded,
    corrected: &CorrectedFacts,
    (reason, questions): (&str, &Questions<'_>),
) -> Result<(), Error> {
    let Recorded {
        payment,
        withdrawal,
    } = before;
    let (facts, after) = (&payment.facts, &corrected.facts);
    // References are compared without case, so the payment itself may have this one.
    if after.reference != facts.reference
        && let Some(known) = write.payment_by_reference(&after.reference)?
        && known.number != payment.number
    {
        let reference = after.reference.clone();
        let (payment, withdrawal) = (known.number, known.withdrawal);
        return Err(Refused::ReferenceUsed {
            reference,
            payment,
            withdrawal,
        }
        .into());
    }
    write.keep_payment(payment, PaymentChange::Corrected, reason)?;
    write.keep_withdrawal(withdrawal)?;
    write.correct_payment(payment, after)?;
    write.correct_withdrawal(withdrawal, after)?;
    let mut changes = json!({
        "payment": payment.number.to_string(),
        "withdrawal": withdrawal.number.to_string(),
        "amount": facts.amount,
        "currency": payment.currency,
        "reference": changed(&masked_within(&facts.reference), &masked_within(&after.reference)),
        "payment_date": changed(&facts.date, &after.date),
        "notes": changed(&facts.notes, &after.notes),
        "reason": reason,
    });
    questions.mark(&mut changes);
    corrected.second.mark(&mut changes);
    let fact = Fact::new(Activity::PaymentCorrected, changes).about(write.concern);
    let status = withdrawal.status().as_str();
    Ok(write.record(fact.moved(Some(status), status))?)
}

/// Returns a value before and after, or nothing if it stayed.
fn changed<T: Serialize + PartialEq>(before: &T, after: &T) -> Value {
    if before == after {
        Value::Null
    } else {
        json!([before, after])
    }
}
