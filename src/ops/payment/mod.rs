//! Payments: record, list, show, and returns by the bank.

mod correct;
pub mod file;
mod returned;
mod settle;

pub use correct::{PaymentCorrection, correct};
pub use returned::{Return, ReturnFile, record_return, record_returns};
pub use settle::{PaymentSettlement, Settling, settle};

use serde_json::json;

use super::{Error, Sink, about_withdrawal, books::Books, named};
use crate::ops::pages::in_pages;
use crate::{
    domain::{
        Refused,
        account::masked_within,
        activity::{Activity, Fact},
        code::{PaymentNumber, WithdrawalNumber},
        payment::{
            self, BankReturn, CorrectedPayment, NewPayment, NewTransfer, OddPayment, Oddity,
            Payment, PaymentBasis, PaymentChange, PaymentCheck, PaymentStatus, Recording,
            ReturnProof, ReturnUse,
        },
        time::Instant,
        transfer::TransferNumber,
        withdrawal::{Withdrawal, WithdrawalState},
    },
    store::{self, AsOf, Ledger, NewPaymentRow, Noun, PaymentFilter, Tx, WriteTx},
};

/// Which payments are listed, as the command line names them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this event.
    pub event: Option<String>,
    /// Of this project.
    pub project: Option<String>,
    /// To this holder.
    pub holder: Option<String>,
    /// In this state.
    pub status: Option<PaymentStatus>,
}

/// Reads a payment as it was when a key was first used.
fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<Payment, Error> {
    let payment = tx.payment_at(number, at)?;
    payment.ok_or_else(|| store::Error::bug("the payment of a key was not there yet").into())
}

/// Finds a payment and its withdrawal, which the entries are then about.
fn find(write: &mut WriteTx<'_>, given: &str) -> Result<(Payment, Withdrawal), Error> {
    let number = write.resolve(Noun::Payment, given)?;
    let payment = write.payment(number)?;
    let withdrawal = write.withdrawal(payment.withdrawal.number())?;
    write.concern = about_withdrawal(&withdrawal);
    Ok((payment, withdrawal))
}

/// Notes a return with its entry, and gives the money back.
pub(super) fn send_back(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    payment: &Payment,
    proof: ReturnProof,
    bank_return: BankReturn<'_>,
) -> Result<(), Error> {
    let withdrawal = write.withdrawal(payment.withdrawal.number())?;
    write.concern = about_withdrawal(&withdrawal);
    let decision = payment::give_back(payment, &withdrawal, proof, bank_return, recording(write))?;
    write.update_payment(payment, &decision.payment)?;
    write.update_withdrawal(&withdrawal, &decision.withdrawal)?;
    books.move_money(write, &withdrawal, decision.movement)?;
    let mut changes = json!({
        "payment": payment.number.to_string(),
        "withdrawal": withdrawal.number.to_string(),
        "amount": payment.facts.amount,
        "currency": payment.currency,
        "reference": masked_within(&payment.facts.reference),
        "return_date": bank_return.date,
        "proof": match proof {
            ReturnProof::Credit => "credit",
            ReturnProof::Nothing { .. } => "none",
        },
        "reason": bank_return.reason.trim(),
    });
    decision.second.mark(&mut changes);
    let fact = Fact::new(Activity::PaymentReturned, changes).about(write.concern);
    Ok(write.record(fact.moved(
        Some(withdrawal.status().as_str()),
        decision.withdrawal.status().as_str(),
    ))?)
}

/// Takes the return of a withdrawal's payment back, with its entry: the payment counts again.
pub(super) fn take_return_back(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    number: WithdrawalNumber,
    reason: &str,
) -> Result<(), Error> {
    let withdrawal = write.withdrawal(number.number())?;
    write.concern = about_withdrawal(&withdrawal);
    let missing = || store::Error::bug(format!("{number} came back and was never paid"));
    let payment = write
        .payment_of_withdrawal(withdrawal.id)?
        .ok_or_else(missing)?;
    let allocation = write.allocation_by_id(&withdrawal.event, withdrawal.allocation_id)?;
    let money = ReturnUse {
        available: allocation.balance.available(),
        replacement: write.replacement_of(&payment, withdrawal.allocation_id)?,
        event: write.event_by_id(withdrawal.event.id)?.status(),
    };
    let decision = payment::take_return_back(&payment, &withdrawal, &money)?;
    write.keep_payment(&payment, PaymentChange::ReturnTakenBack, reason)?;
    write.keep_withdrawal(&withdrawal)?;
    write.update_payment(&payment, &decision.payment)?;
    write.update_withdrawal(&withdrawal, &decision.withdrawal)?;
    books.move_money(write, &withdrawal, decision.movement)?;
    let changes = json!({
        "payment": payment.number.to_string(),
        "withdrawal": number.to_string(),
        "amount": payment.facts.amount,
        "currency": payment.currency,
        "reason": reason,
    });
    let fact = Fact::new(Activity::ReturnTakenBack, changes).about(write.concern);
    let (before, after) = (withdrawal.status(), decision.withdrawal.status());
    Ok(write.record(fact.moved(Some(before.as_str()), after.as_str()))?)
}

/// Says who records, and when.
pub(super) const fn recording<'a>(write: &'a WriteTx<'_>) -> Recording<'a> {
    Recording {
        actor: &write.actor,
        reviewers: &write.reviewers,
        today: write.today,
        now: write.now,
    }
}

/// Finds what is odd about paying a withdrawal. A payment that the bank shows is the one of its
/// payment file, so only of one that is typed it is odd to be in an exported file.
pub(super) fn oddities(
    tx: &mut Tx<'_>,
    withdrawal: WithdrawalNumber,
    basis: PaymentBasis,
    check: PaymentCheck<'_>,
) -> Result<Vec<Oddity>, Error> {
    let exported = match basis {
        PaymentBasis::Typed => tx.exported_file_of(withdrawal)?,
        PaymentBasis::Line(_) => None,
    };
    Ok(PaymentCheck { exported, ..check }.oddities())
}

/// Begins a transfer, unless its reference was used before: a transfer is complete when it is made.
pub(super) fn begin_transfer(
    write: &mut WriteTx<'_>,
    new: &NewTransfer,
) -> Result<TransferNumber, Error> {
    // Whether there is one is asked of an index alone; that there is one is rare.
    if write.has_payment_reference(&new.reference)?
        && let Some(known) = write.payment_by_reference(&new.reference)?
    {
        let (payment, withdrawal) = (known.number, known.withdrawal);
        return Err(Refused::ReferenceUsed {
            reference: new.reference.clone(),
            payment,
            withdrawal,
        }
        .into());
    }
    Ok(write.insert_transfer(new)?)
}

/// Records a payment that was decided, with its entry, and moves the money. It is a transfer of its
/// own, unless one is given. Returns what is odd about it: the entry is marked with it.
pub(super) fn record(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    (before, transfer): (&Withdrawal, Option<TransferNumber>),
    new: &NewPayment,
) -> Result<OddPayment, Error> {
    let NewPayment {
        approval,
        facts,
        basis,
        movement,
        second,
    } = new;
    let transfer = match transfer {
        Some(transfer) => transfer,
        None => begin_transfer(write, &NewTransfer::of(before, facts))?,
    };
    let check = PaymentCheck {
        approval,
        event: books.event(write, before.event.id)?,
        date: facts.date,
        today: write.today,
        exported: None,
    };
    let oddities = oddities(write, before.number, *basis, check)?;
    let replaces = write.payment_to_replace(before.allocation_id)?;
    let number = write.insert_payment(&NewPaymentRow {
        withdrawal: before,
        facts,
        transfer,
        basis: *basis,
        replaces,
    })?;
    let state = WithdrawalState::Paid(approval.clone(), facts.clone());
    write.update_withdrawal(before, &state)?;
    write.note_first_payment(before)?;
    books.move_money(write, before, *movement)?;
    let mut changes = json!({
        "withdrawal": before.number.to_string(),
        "payment": PaymentNumber::new(number).to_string(),
        "holder": before.holder.code,
        "amount": facts.amount,
        "currency": before.currency,
        "reference": masked_within(&facts.reference),
        "payment_date": facts.date,
        "requested_amount": before.amount,
    });
    if let (false, Some(fields)) = (oddities.is_empty(), changes.as_object_mut()) {
        let odd: Vec<&str> = oddities.iter().map(|oddity| oddity.as_str()).collect();
        fields.insert("odd".to_owned(), odd.into());
    }
    second.mark(&mut changes);
    if let (Some(line), Some(fields)) = (basis.line(), changes.as_object_mut()) {
        fields.insert("recorded_from".to_owned(), line.to_string().into());
    }
    let fact = Fact::new(Activity::PaymentRecorded, changes).about(about_withdrawal(before));
    write.record(fact.moved(Some(before.status().as_str()), state.status().as_str()))?;
    Ok(OddPayment {
        withdrawal: before.number,
        oddities,
    })
}

/// Lists payments, in order of their numbers.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read; [`Error::Output`] if the sink takes no more rows.
pub fn list(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, Payment>,
) -> Result<(), Error> {
    in_pages(ledger, as_of, each, |tx, start, row| {
        let filter = PaymentFilter {
            event: named::event(tx, filter.event.as_deref(), as_of)?,
            project: named::project(tx, filter.project.as_deref(), as_of)?,
            holder: named::holder(tx, filter.holder.as_deref(), as_of)?,
            status: filter.status,
            after: start.after,
        };
        tx.each_payment(&filter, start.as_of, |payment| row(payment.number, payment))
    })
}

/// Reads one payment, and what it said before it was corrected.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<CorrectedPayment, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Payment, given)?;
        let payment = tx.payment(number)?;
        Ok(CorrectedPayment {
            past: tx.corrections_of(payment.number)?,
            payment,
        })
    })
}
