//! Payments: list, show, and returns by the bank.

use serde::Serialize;
use serde_json::json;

use super::{Error, Sink, about_withdrawal, books::Books};
use crate::{
    domain::{
        activity::{Activity, Fact},
        payment::{self, Payment, PaymentStatus},
        session::Session,
        time::Date,
    },
    store::{AsOf, Done, Ledger, Noun, PaymentFilter, Request},
};

/// A return as the command line tells it.
#[derive(Clone, Debug, Serialize)]
pub struct Return {
    /// The payment.
    pub payment: String,
    /// The bank's date of the return.
    pub date: Date,
    /// Why.
    pub reason: String,
}

/// Which payments are listed, as the command line names them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this event.
    pub event: Option<String>,
    /// To this holder.
    pub holder: Option<String>,
    /// In this state.
    pub status: Option<PaymentStatus>,
}

/// Notes that the bank sent a payment back: the money is available again.
///
/// # Errors
/// Those of [`payment::give_back`].
pub fn give_back(ledger: &mut Ledger, session: Session, input: &Return) -> Result<Done<Payment>, Error> {
    let request = Request { command: "payment return", activity: Activity::PaymentReturned, input };
    ledger.write(
        session,
        request,
        |tx, number: i64, at| {
            let payment = tx.payment_at(number, at)?;
            payment.ok_or_else(|| crate::store::Error::bug("a returned payment was not there yet").into())
        },
        |write| {
            let number = write.resolve(Noun::Payment, &input.payment)?;
            let payment = write.payment(number)?;
            let withdrawal = write.withdrawal(payment.withdrawal.number())?;
            write.concern = about_withdrawal(&withdrawal);
            let told = (input.date, input.reason.as_str());
            let (state, next, movement) =
                payment::give_back(&payment, &withdrawal, &write.actor, told, write.today, write.now)?;
            write.update_payment(&payment, &state)?;
            write.update_withdrawal(&withdrawal, &next)?;
            let mut books = Books::default();
            books.move_money(write, &withdrawal, movement)?;
            let changes = json!({
                "payment": payment.number.to_string(),
                "withdrawal": withdrawal.number.to_string(),
                "amount": payment.facts.amount,
                "currency": payment.currency,
                "reference": payment.facts.reference,
                "return_date": input.date,
                "reason": input.reason.trim(),
            });
            let fact = Fact::new(Activity::PaymentReturned, changes).about(write.concern);
            write.record(fact.moved(Some(withdrawal.status().as_str()), next.status().as_str()))?;
            books.close(write)?;
            Ok((number, write.payment(number)?))
        },
    )
}

/// Lists payments, in order of their numbers.
///
/// # Errors
/// What the file or the sink refuses.
pub fn list(ledger: &mut Ledger, filter: &Filter, as_of: AsOf, each: Sink<'_, Payment>) -> Result<(), Error> {
    ledger.read(|tx| {
        let event = filter.event.as_deref().map(|event| tx.resolve(Noun::Event, event)).transpose()?;
        let holder = filter.holder.as_deref().map(|holder| tx.resolve(Noun::Holder, holder)).transpose()?;
        let filter = PaymentFilter {
            event: event.map(|number| tx.event(number, AsOf::Now)).transpose()?.map(|event| event.event.id),
            holder: holder.map(|number| tx.holder(number, AsOf::Now)).transpose()?.map(|holder| holder.holder.id),
            status: filter.status,
        };
        tx.each_payment(&filter, as_of, |payment| each(payment).map_err(Error::Output))
    })
}

/// Reads one payment.
///
/// # Errors
/// What the file refuses.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<Payment, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Payment, given)?;
        Ok(tx.payment(number)?)
    })
}
