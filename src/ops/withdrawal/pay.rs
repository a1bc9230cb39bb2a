//! Pay: record what the bank paid, one withdrawal or a file of them.

use std::cell::RefCell;

use serde::Serialize;

use super::{
    batch::{Batch, add, hand_on, recall},
    cursor::Selection,
    reviewed::must_be_reviewed,
    shared::SharedTransfers,
};
use crate::{
    domain::{
        activity::Activity,
        payment::{self, NewPayment, PaymentBasis, PaymentDecision, PaymentInput},
        selection::Agreed,
        session::Session,
        transfer::TransferNumber,
        user::Act,
        withdrawal::{Withdrawal, WithdrawalState},
    },
    intake::{self, PaymentRow, SameReference, Sheet, SheetFile},
    ops::{
        Error, Sink, about_withdrawal,
        books::Books,
        payment as payment_ops,
        rows::{RowPlace, each_row},
    },
    store::{Done, Ledger, Noun, Request, WriteTx},
};

/// The payments to record.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentSource {
    /// One withdrawal's.
    One {
        /// The withdrawal.
        withdrawal: String,
        /// What was paid.
        payment: PaymentInput,
    },
    /// What a file lists. A key is bound to the hash of its bytes.
    File(SheetFile),
    /// What a file lists, where rows with one reference are one transfer.
    OneTransfer(SheetFile),
}

impl PaymentSource {
    /// Reads what its file lists, if it is one.
    pub(super) fn read(&self) -> Result<Sheet<PaymentRow>, Error> {
        Ok(match self {
            Self::One { .. } => Sheet {
                rows: Vec::new(),
                bad: Vec::new(),
            },
            Self::File(file) => intake::payments(file, SameReference::Refused)?,
            Self::OneTransfer(file) => intake::payments(file, SameReference::OneTransfer)?,
        })
    }
}

/// Records payments: all, or none. The same payment is not recorded twice. `agreed` is what a user
/// was shown and agreed to, odd payments included; without it everything is agreed to.
///
/// # Errors
/// Those of [`payment::pay`]; [`crate::domain::Refused::ReferenceUsed`];
/// [`crate::domain::Refused::ChangedMeanwhile`]; [`Error::BadLines`] for a file, with one transfer for
/// those of [`crate::domain::payment::NewTransfer::add`] too.
pub fn pay(
    ledger: &mut Ledger,
    session: Session,
    payments: &PaymentSource,
    agreed: &Agreed,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let rows = payments.read()?;
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
            let paid = rows.rows.iter().filter_map(|row| {
                // The row itself reports an unknown withdrawal.
                write
                    .find(Noun::Withdrawal, &row.withdrawal)
                    .ok()
                    .flatten()?;
                Some(row.withdrawal.clone())
            });
            let paid = Selection::These(paid.collect());
            must_be_reviewed(write, &paid, &[], &agreed.reviewed)?;
            let sink = |withdrawal| hand_on(&each, withdrawal);
            let mut run = PaymentRun {
                books: Books::default(),
                batch: Batch::default(),
                shared: SharedTransfers::default(),
                each: &sink,
            };
            match payments {
                PaymentSource::One {
                    withdrawal,
                    payment,
                } => run.one(write, withdrawal, payment)?,
                PaymentSource::File(_) => run.file(write, &rows)?,
                PaymentSource::OneTransfer(_) => {
                    run.shared = SharedTransfers::of(write, &rows.rows)?;
                    run.file(write, &rows)?;
                    run.shared.must_be_complete()?;
                }
            }
            run.batch.must_be(agreed.shown.as_ref())?;
            run.books.close(write)?;
            Ok((run.batch.clone(), run.batch))
        },
    )
}

/// A run of payments.
struct PaymentRun<'a> {
    books: Books,
    batch: Batch,
    shared: SharedTransfers,
    each: &'a dyn Fn(Withdrawal) -> Result<(), Error>,
}

impl PaymentRun<'_> {
    fn one(
        &mut self,
        write: &mut WriteTx<'_>,
        given: &str,
        input: &PaymentInput,
    ) -> Result<(), Error> {
        let number = write.resolve(Noun::Withdrawal, given)?;
        let (before, holder_status) = write.withdrawal_and_holder_status(number)?;
        write.concern = about_withdrawal(&before);
        match payment::pay(
            &before,
            &holder_status,
            PaymentBasis::Typed,
            input,
            payment_ops::recording(write),
        )? {
            PaymentDecision::AlreadyRecorded => {
                self.batch.repeated += 1;
                self.hand_on(before)
            }
            PaymentDecision::New(mut new) => {
                let transfer = self.shared.begin(write, &mut new)?;
                let after = self.record(write, (&before, transfer), &new)?;
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
        (before, transfer): (&Withdrawal, Option<TransferNumber>),
        new: &NewPayment,
    ) -> Result<Withdrawal, Error> {
        let odd = payment_ops::record(write, &mut self.books, (before, transfer), new)?;
        if !odd.oddities.is_empty() {
            self.batch.odd.push(odd);
        }
        let NewPayment {
            approval, facts, ..
        } = new;
        let state = WithdrawalState::Paid(approval.clone(), facts.clone());
        add(&mut self.batch.paid, before.currency, facts.amount)?;
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
            &RowPlace {
                line: |row| row.line,
                column: "withdrawal",
            },
            |write, row| {
                self.shared.must_allow(row)?;
                self.one(write, &row.withdrawal, &row.payment)
            },
        )
    }
}
