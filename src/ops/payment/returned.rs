//! Returns: the payments that the bank sent back, one or those of a file.

use serde::Serialize;

use super::{recall, send_back};
use crate::{
    domain::{
        activity::{Activity, Concern},
        payment::{BankReturn, Payment, ReturnProof},
        session::Session,
        time::Date,
    },
    intake::{self, ReturnRow, SheetFile},
    ops::{
        Error,
        books::Books,
        rows::{RowPlace, each_row},
    },
    store::{Done, Ledger, Noun, Request, WriteTx},
};

/// A return as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct Return {
    /// The payment.
    pub payment: String,
    /// The bank's date of the return.
    pub date: Date,
    /// Why.
    pub reason: String,
}

/// The returns of a file.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnFile {
    /// Its bytes. A key is bound to their hash.
    pub file: SheetFile,
}

/// Notes that the bank sent a payment back: the money is available again.
///
/// # Errors
/// Those of [`crate::domain::payment::give_back`].
pub fn record_return(
    ledger: &mut Ledger,
    session: Session,
    input: &Return,
) -> Result<Done<Payment>, Error> {
    let request = Request {
        command: "payment return",
        activity: Activity::PaymentReturned,
        input,
    };
    ledger.write(session, request, recall, |write| {
        let number = one(write, input)?;
        Ok((number, write.payment(number)?))
    })
}

/// Notes the returns of a file: all of them, or none.
///
/// # Errors
/// [`Error::BadLines`], each for what [`record_return`] refuses.
pub fn record_returns(
    ledger: &mut Ledger,
    session: Session,
    input: &ReturnFile,
) -> Result<Done<Vec<Payment>>, Error> {
    let rows = intake::returns(&input.file)?;
    let request = Request {
        command: "payment return",
        activity: Activity::PaymentReturned,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, numbers: Vec<i64>, at| {
            let payments = numbers.into_iter().map(|number| recall(tx, number, at));
            payments.collect()
        },
        |write| {
            let place = RowPlace {
                line: |row: &ReturnRow| row.line,
                column: "payment",
            };
            let mut numbers = Vec::with_capacity(rows.rows.len());
            each_row(write, "returning", &rows, &place, |write, row| {
                write.concern = Concern::default();
                let input = Return {
                    payment: row.payment.clone(),
                    date: row.date,
                    reason: row.reason.clone(),
                };
                numbers.push(one(write, &input)?);
                Ok(())
            })?;
            let mut payments = Vec::with_capacity(numbers.len());
            for number in &numbers {
                payments.push(write.payment(*number)?);
            }
            Ok((numbers, payments))
        },
    )
}

/// Notes one return, and returns the number of the payment.
fn one(write: &mut WriteTx<'_>, input: &Return) -> Result<i64, Error> {
    let number = write.resolve(Noun::Payment, &input.payment)?;
    let payment = write.payment(number)?;
    let mut books = Books::default();
    let bank_return = BankReturn {
        date: input.date,
        reason: &input.reason,
    };
    let exported = write.exported_file_of(payment.withdrawal)?;
    let proof = ReturnProof::Nothing { exported };
    send_back(write, &mut books, &payment, proof, bank_return)?;
    books.close(write)?;
    Ok(number)
}
