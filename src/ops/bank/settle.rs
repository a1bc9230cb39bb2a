//! Settle: records the payments and returns that follow from matches.

use crate::{
    domain::{
        payment::{self, BankReturn, PaymentBasis, PaymentDecision, ReturnProof},
        reconciliation::{LinePayment, LineReturn, Settlement},
    },
    ops::{Error, about_withdrawal, books::Books, payment as payment_ops},
    store::{self, WriteTx},
};

/// Records what follows from a match.
pub(super) fn settle(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    settlement: &Settlement,
) -> Result<(), Error> {
    for payment in &settlement.payments {
        pay(write, books, payment)?;
    }
    for returned in &settlement.returns {
        give_back(write, books, returned)?;
    }
    Ok(())
}

fn pay(write: &mut WriteTx<'_>, books: &mut Books, new: &LinePayment) -> Result<(), Error> {
    let number = new.withdrawal.number();
    let (withdrawal, holder_status) = write.withdrawal_and_holder_status(number)?;
    write.concern = about_withdrawal(&withdrawal);
    let decision = payment::pay(
        &withdrawal,
        &holder_status,
        PaymentBasis::Line(new.line),
        &new.input,
        payment_ops::recording(write),
    )?;
    match decision {
        PaymentDecision::New(new) => {
            payment_ops::record(write, books, (&withdrawal, None), &new)?;
            Ok(())
        }
        PaymentDecision::AlreadyRecorded => Ok(()),
    }
}

fn give_back(
    write: &mut WriteTx<'_>,
    books: &mut Books,
    returned: &LineReturn,
) -> Result<(), Error> {
    let number = returned.withdrawal;
    let withdrawal = write.withdrawal(number.number())?;
    let missing = || store::Error::bug(format!("{number} was sent back and never paid"));
    let payment = write
        .payment_of_withdrawal(withdrawal.id)?
        .ok_or_else(missing)?;
    let bank_return = BankReturn {
        date: returned.date,
        reason: &returned.reason,
    };
    payment_ops::send_back(write, books, &payment, ReturnProof::Credit, bank_return)
}
