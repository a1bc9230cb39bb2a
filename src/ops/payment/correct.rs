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
    ops::{Error, about_withdrawal},
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

/// Corrects a typing error in a payment; what it said before is kept. A transfer has one reference and
/// one date: these are corrected in all of its payments.
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
        let number = before.payment.number.number();
        let (correction, reason) = (&input.correction, input.reason.trim());
        let mut questions = Questions::new(consent);
        if let Some(first) = decide(write, before, (correction, reason), &mut questions)? {
            let mut all = vec![first];
            correct_others(write, &mut all, (correction, reason), &mut questions)?;
            apply(write, &all, (reason, &questions))?;
        }
        Ok((number, write.payment(number)?))
    })
}

/// A payment and its withdrawal before the correction.
struct Recorded {
    payment: Payment,
    withdrawal: Withdrawal,
}

/// A payment, and what it says from its correction on.
struct Corrected {
    before: Recorded,
    after: CorrectedFacts,
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

/// Decides the correction of one payment, unless there is nothing to correct.
fn decide(
    write: &mut WriteTx<'_>,
    before: Recorded,
    (correction, reason): (&Correction, &str),
    questions: &mut Questions<'_>,
) -> Result<Option<Corrected>, Error> {
    write.concern = about_withdrawal(&before.withdrawal);
    let matched = matched_line(write, &before.payment)?;
    let recording = recording(write);
    let decided = payment::correct(&before.payment, correction, reason, matched, recording)?;
    if let Some(after) = &decided {
        ask_about_date(write, &before, &after.facts, questions)?;
    }
    Ok(decided.map(|after| Corrected { before, after }))
}

/// Decides the same correction of the other payments of the transfer, if it changes what they have in
/// common. Their notes stay.
fn correct_others(
    write: &mut WriteTx<'_>,
    all: &mut Vec<Corrected>,
    (correction, reason): (&Correction, &str),
    questions: &mut Questions<'_>,
) -> Result<(), Error> {
    let Some(Corrected { before, after }) = all.first() else {
        return Ok(());
    };
    let payment = &before.payment;
    let Some(transfer) = payment.transfer.filter(|transfer| transfer.payments > 1) else {
        return Ok(());
    };
    if !changes_transfer(&payment.facts, &after.facts) {
        return Ok(());
    }
    let number = payment.number;
    let shared = Correction {
        notes: None,
        ..correction.clone()
    };
    for other in write.payments_of_transfer(transfer.number)? {
        if other.payment == number {
            continue;
        }
        let other = Recorded {
            payment: write.payment(other.payment.number())?,
            withdrawal: write.withdrawal(other.withdrawal.number())?,
        };
        all.extend(decide(write, other, (&shared, reason), questions)?);
    }
    Ok(())
}

fn changes_transfer(before: &PaymentFacts, after: &PaymentFacts) -> bool {
    before.reference != after.reference || before.date != after.date
}

/// Refuses a reference of another transfer.
fn must_be_free(write: &mut WriteTx<'_>, corrected: &Corrected) -> Result<(), Error> {
    let Corrected { before, after } = corrected;
    let (payment, reference) = (&before.payment, &after.facts.reference);
    if *reference == payment.facts.reference {
        return Ok(());
    }
    // References are compared without case, so the payment itself may have this one.
    let transfer = |payment: &Payment| payment.transfer.map(|transfer| transfer.number);
    match write.payment_by_reference(reference)? {
        Some(known) if transfer(&known) != transfer(payment) => Err(Refused::ReferenceUsed {
            reference: reference.clone(),
            payment: known.number,
            withdrawal: known.withdrawal,
        }
        .into()),
        Some(_) | None => Ok(()),
    }
}

fn apply(
    write: &mut WriteTx<'_>,
    all: &[Corrected],
    (reason, questions): (&str, &Questions<'_>),
) -> Result<(), Error> {
    let Some(first) = all.first() else {
        return Ok(());
    };
    must_be_free(write, first)?;
    let (before, after) = (&first.before.payment.facts, &first.after.facts);
    if let Some(transfer) = first.before.payment.transfer
        && changes_transfer(before, after)
    {
        write.correct_transfer(transfer.number, (before, after))?;
    }
    for corrected in all {
        write_correction(write, corrected, (reason, questions))?;
    }
    write.concern = about_withdrawal(&first.before.withdrawal);
    Ok(())
}

fn write_correction(
    write: &mut WriteTx<'_>,
    corrected: &Corrected,
    (reason, questions): (&str, &Questions<'_>),
) -> Result<(), Error> {
    let Corrected { before, after } = corrected;
    let Recorded {
        payment,
        withdrawal,
    } = before;
    let (second, facts, after) = (&after.second, &payment.facts, &after.facts);
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
    second.mark(&mut changes);
    let concern = about_withdrawal(withdrawal);
    let fact = Fact::new(Activity::PaymentCorrected, changes).about(concern);
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
