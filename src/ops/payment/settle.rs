//! Settle: a second person says that no bank line will ever show a payment, or takes that back.

use serde::Serialize;
use serde_json::json;

use super::{find, recall, recording};
use crate::{
    domain::{
        activity::{Activity, Fact},
        payment::{self, Payment},
        session::Session,
    },
    ops::Error,
    store::{Done, Ledger, Request, WriteTx},
};

/// A settlement as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentSettlement {
    /// The payment.
    pub payment: String,
    /// What is done.
    pub settling: Settling,
}

/// Whether a payment is settled or its settlement taken back.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Settling {
    /// It is settled, for this reason.
    Settle(String),
    /// The settlement is taken back.
    Undo,
}

/// Settles a payment that no bank line will ever show, or takes that back.
///
/// # Errors
/// Those of [`payment::settle`] and [`payment::must_be_settled`].
pub fn settle(
    ledger: &mut Ledger,
    session: Session,
    input: &PaymentSettlement,
) -> Result<Done<Payment>, Error> {
    let request = Request {
        command: "payment settle",
        activity: Activity::PaymentSettled,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let (payment, _) = find(write, &input.payment)?;
        match &input.settling {
            Settling::Settle(reason) => settle_one(write, &payment, reason.trim())?,
            Settling::Undo => undo(write, &payment)?,
        }
        let number = payment.number.number();
        Ok((number, write.payment(number)?))
    })
}

fn settle_one(write: &mut WriteTx<'_>, payment: &Payment, reason: &str) -> Result<(), Error> {
    let class = write.classified_payment(payment.number)?.class;
    let second = payment::settle(payment, class, reason, recording(write))?;
    write.settle_payment(payment, class, reason)?;
    let mut changes = json!({
        "payment": payment.number.to_string(),
        "withdrawal": payment.withdrawal.to_string(),
        "amount": payment.facts.amount,
        "currency": payment.currency,
        "reason": reason,
    });
    second.mark(&mut changes);
    let fact = Fact::new(Activity::PaymentSettled, changes).about(write.concern);
    Ok(write.record(fact.moved(Some(class.as_str()), "settled"))?)
}

fn undo(write: &mut WriteTx<'_>, payment: &Payment) -> Result<(), Error> {
    let second = payment::must_be_settled(payment, recording(write))?;
    write.unsettle_payment(payment)?;
    let after = write.classified_payment(payment.number)?.class;
    let mut changes = json!({
        "payment": payment.number.to_string(),
        "withdrawal": payment.withdrawal.to_string(),
        "amount": payment.facts.amount,
        "currency": payment.currency,
    });
    second.mark(&mut changes);
    let fact = Fact::new(Activity::SettlementUndone, changes).about(write.concern);
    Ok(write.record(fact.moved(Some("settled"), after.as_str()))?)
}
