//! Pay: record what the bank paid, one withdrawal or a file of them.

use std::cell::RefCell;

use serde::{Serialize, ser::SerializeTuple as _};

use super::{Batch, Confirmed, Error, Sink, add_total, each_row, hand_on, recall};
use crate::{
    domain::{
        activity::Activity,
        hash::sha256_hex,
        payment::{self, NewPayment, Paid, PaymentInput},
        session::Session,
        user::Act,
        withdrawal::{State, Withdrawal},
    },
    intake::{self, PaymentRow, Sheet},
    ops::{about_withdrawal, books::Books, payment as payment_ops},
    store::{Done, Ledger, Noun, Request, WriteTx},
};

/// The payments to record.
#[derive(Clone, Debug)]
pub enum Payments {
    /// One withdrawal's.
    One {
        /// The withdrawal.
        withdrawal: String,
        /// What was paid.
        payment: PaymentInput,
    },
    /// What a file lists.
    File(Vec<u8>),
}

impl Serialize for Payments {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut input = serializer.serialize_tuple(2)?;
        match self {
            Self::One {
                withdrawal,
                payment,
            } => {
                input.serialize_element(withdrawal)?;
                input.serialize_element(payment)?;
            }
            Self::File(bytes) => {
                input.serialize_element("file")?;
                input.serialize_element(&sha256_hex(bytes))?;
            }
        }
        input.end()
    }
}

/// Records payments: all, or none. A payment that stands already is not recorded twice.
///
/// # Errors
/// Those of [`payment::pay`]; [`crate::domain::Refused::ReferenceUsed`]; [`Error::BadLines`] for a
/// file.
pub fn pay(
    ledger: &mut Ledger,
    session: Session,
    payments: &Payments,
    confirmed: Option<&Confirmed>,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let rows = match payments {
        Payments::File(bytes) => intake::payments(bytes)?,
        Payments::One { .. } => Sheet {
            rows: Vec::new(),
            bad: Vec::new(),
        },
    };
    let request = Request {
        command: "withdrawal pay",
        activity: Activity::PaymentRecorded,
        input: payments,
    };
    let each = RefCell::new(each);
    ledger.write(
        session,
        request,
        |tx, batch, at| recall(&each, tx, batch, at),
        |write| {
            write.actor.must(Act::Record)?;
            let sink = |withdrawal| hand_on(&each, withdrawal);
            let mut till = Till {
                books: Books::default(),
                batch: Batch::default(),
                each: &sink,
            };
            match payments {
                Payments::One {
                    withdrawal,
                    payment,
                } => till.one(write, withdrawal, payment)?,
                Payments::File(_) => till.file(write, &rows)?,
            }
            till.batch.must_be(confirmed)?;
            till.books.close(write)?;
            Ok((till.batch.clone(), till.batch))
        },
    )
}

/// Where payments are recorded.
struct Till<'a> {
    books: Books,
    batch: Batch,
    each: &'a dyn Fn(Withdrawal) -> Result<(), Error>,
}

impl Till<'_> {
    fn one(
        &mut self,
        write: &mut WriteTx<'_>,
        given: &str,
        input: &PaymentInput,
    ) -> Result<(), Error> {
        let number = write.resolve(Noun::Withdrawal, given)?;
        let (before, standing) = write.withdrawal_and_standing(number)?;
        write.concern = about_withdrawal(&before);
        match payment::pay(
            &before,
            &standing,
            &write.actor,
            input,
            write.today,
            write.now,
        )? {
            Paid::AlreadyRecorded => {
                self.batch.repeated += 1;
                self.hand_on(before)
            }
            Paid::New(new) => {
                let after = self.record(write, &before, &new)?;
                self.hand_on(after)
            }
        }
    }

    fn hand_on(&mut self, withdrawal: Withdrawal) -> Result<(), Error> {
        let paid = withdrawal
            .state
            .payment()
            .map_or(withdrawal.amount, |payment| payment.amount);
        self.batch.add(&withdrawal, paid)?;
        (self.each)(withdrawal)
    }

    fn record(
        &mut self,
        write: &mut WriteTx<'_>,
        before: &Withdrawal,
        new: &NewPayment,
    ) -> Result<Withdrawal, Error> {
        payment_ops::record(write, &mut self.books, before, new)?;
        let NewPayment {
            approval, facts, ..
        } = new;
        let state = State::Paid(approval.clone(), facts.clone());
        add_total(&mut self.batch.paid, before.currency, facts.amount.widen())?;
        if let Some(less) = before
            .amount
            .checked_sub(facts.amount)
            .filter(|less| !less.is_zero())
        {
            self.batch.less.push((before.number, before.currency, less));
        }
        Ok(Withdrawal {
            state,
            ..before.clone()
        })
    }

    fn file(&mut self, write: &mut WriteTx<'_>, rows: &Sheet<PaymentRow>) -> Result<(), Error> {
        each_row(
            write,
            "paying",
            rows,
            (|row| row.line, "withdrawal"),
            |write, row| self.one(write, &row.withdrawal, &row.payment),
        )
    }
}
