//! Transfers in the ledger: what the bank pays at once, with one reference.

use std::collections::BTreeSet;

use super::{
    Error, Tx, WriteTx,
    db::{insert, update},
};
use crate::domain::{
    code::{PaymentNumber, WithdrawalNumber},
    payment::NewTransfer,
    text,
    transfer::TransferNumber,
    withdrawal::PaymentFacts,
};

/// The columns of the table, for its history.
const TABLE_COLUMNS: &str = "number, reference, bank_code, account_number, currency, payment_date, payments, total,  \
    created_at, updated_at";

/// A payment of a transfer, and the withdrawal that it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferPayment {
    /// The payment.
    pub payment: PaymentNumber,
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
}

impl Tx<'_> {
    /// Returns whether a transfer uses a reference.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn has_payment_reference(&mut self, reference: &str) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM payment_transfers WHERE reference = ?1";
        self.db.exists(FIND, [reference])
    }

    /// Finds which of some references a transfer already has.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn used_references<'r>(
        &mut self,
        references: impl Iterator<Item = &'r str>,
    ) -> Result<BTreeSet<String>, Error> {
        const USED: &str = "SELECT 1 FROM payment_transfers WHERE reference = ?1";
        let mut find = self.db.statement(USED)?;
        let mut used = BTreeSet::new();
        for reference in references {
            if find.query_optional([reference], |_| Ok(()))?.is_some() {
                used.insert(text::folded(reference));
            }
        }
        Ok(used)
    }

    /// Reads the payments of a transfer, in the order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payments_of_transfer(
        &mut self,
        transfer: TransferNumber,
    ) -> Result<Vec<TransferPayment>, Error> {
        const PAYMENTS: &str = "SELECT y.number, w.number FROM distribution_payments y
            JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
            WHERE y.transfer_number = ?1 ORDER BY y.number";
        self.db.query(PAYMENTS, [transfer], |row| {
            Ok(TransferPayment {
                payment: row.next()?,
                withdrawal: row.next()?,
            })
        })
    }
}

impl WriteTx<'_> {
    /// Records a transfer, whose payments follow in the same transaction.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_transfer(&mut self, new: &NewTransfer) -> Result<TransferNumber, Error> {
        let destination = new.destination.as_ref();
        let number = insert!(self.db, "payment_transfers" {
            "reference": new.reference,
            "bank_code": destination.and_then(|to| to.bank_code.as_deref()),
            "account_number": destination.map(|to| &to.account_number),
            "currency": new.currency,
            "payment_date": new.date,
            "payments": new.payments,
            "total": new.total,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        Ok(TransferNumber::new(number))
    }

    /// Corrects what a transfer says; its payments are corrected in the same transaction.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn correct_transfer(
        &mut self,
        transfer: TransferNumber,
        (before, after): (&PaymentFacts, &PaymentFacts),
    ) -> Result<(), Error> {
        // A transfer and its payments change one after the other; when the transaction ends, they
        // agree again.
        self.db.execute("PRAGMA defer_foreign_keys = ON", ())?;
        self.keep_history("payment_transfers", TABLE_COLUMNS, transfer.number())?;
        update!(self.db, "payment_transfers" set {
            "reference": after.reference,
            "payment_date": after.date,
            "updated_at": self.now,
        } where { "number": transfer, "reference": before.reference })
    }
}
