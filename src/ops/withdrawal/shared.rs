//! Which rows of a file of payments are one transfer: those with one reference.

use std::collections::{HashMap, HashSet};

use crate::{
    domain::{
        Refused,
        payment::{self, NewPayment, NewTransfer, PaymentBasis, PaymentDecision, PaymentInput},
        text,
        transfer::TransferNumber,
        withdrawal::Withdrawal,
    },
    intake::PaymentRow,
    ops::{Error, payment as payment_ops},
    store::{self, Noun, WriteTx},
};

/// The transfers of several payments that a file lists.
#[derive(Default)]
pub(super) struct SharedTransfers {
    /// By their references.
    all: HashMap<String, SharedTransfer>,
    /// Why rows cannot be of their transfer, by their lines.
    refused: HashMap<u64, Refused>,
}

/// A transfer of several payments.
struct SharedTransfer {
    new: NewTransfer,
    number: Option<TransferNumber>,
    recorded: u64,
}

impl SharedTransfers {
    /// Adds up the payments of each reference that is on several rows. Rows that name nothing or are
    /// refused for other reasons are left out: recording them says so.
    pub(super) fn of(write: &mut WriteTx<'_>, rows: &[PaymentRow]) -> Result<Self, Error> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for row in rows {
            *counts.entry(key(&row.payment)).or_default() += 1;
        }
        let is_shared = |row: &&PaymentRow| counts.get(&key(&row.payment)) > Some(&1);
        let (mut shared, mut seen) = (Self::default(), HashSet::new());
        let mut transfers: HashMap<String, Option<NewTransfer>> = HashMap::new();
        for row in rows.iter().filter(is_shared) {
            let Ok(Some(number)) = write.find(Noun::Withdrawal, &row.withdrawal) else {
                continue;
            };
            let (withdrawal, holder) = write.withdrawal_and_holder_status(number)?;
            if !seen.insert(number) {
                shared.refused.insert(row.line, twice(&withdrawal, row));
                continue;
            }
            let recording = payment_ops::recording(write);
            let basis = PaymentBasis::Typed;
            let decided = payment::pay(&withdrawal, &holder, basis, &row.payment, recording);
            let Ok(PaymentDecision::New(new)) = decided else {
                continue;
            };
            let transfer = transfers.entry(key(&row.payment)).or_default();
            match NewTransfer::add(transfer, &withdrawal, &new.facts) {
                Ok(Some(())) => {}
                Ok(None) => {
                    return Err(store::Error::bug("a transfer adds up to too much").into());
                }
                Err(refused) => {
                    shared.refused.insert(row.line, refused);
                }
            }
        }
        let found = transfers.into_iter();
        shared.all = found
            .filter_map(|(key, new)| Some((key, SharedTransfer::new(new?))))
            .collect();
        Ok(shared)
    }

    /// Refuses a row that cannot be of its transfer.
    pub(super) fn must_allow(&self, row: &PaymentRow) -> Result<(), Refused> {
        match self.refused.get(&row.line) {
            Some(refused) => Err(refused.clone()),
            None => Ok(()),
        }
    }

    /// Puts a payment into its transfer, which begins with its first one; returns its number, or
    /// `None` if the payment is a transfer of its own.
    pub(super) fn begin(
        &mut self,
        write: &mut WriteTx<'_>,
        new: &mut NewPayment,
    ) -> Result<Option<TransferNumber>, Error> {
        let Some(shared) = self.all.get_mut(&text::folded(&new.facts.reference)) else {
            return Ok(None);
        };
        let number = match shared.number {
            Some(number) => number,
            None => payment_ops::begin_transfer(write, &shared.new)?,
        };
        shared.number = Some(number);
        shared.recorded += 1;
        // References are compared without case and width; the transfer has one of them.
        new.facts.reference.clone_from(&shared.new.reference);
        Ok(Some(number))
    }

    /// Checks that each transfer got all of the payments that it adds up.
    pub(super) fn must_be_complete(&self) -> Result<(), Error> {
        let is_short = |shared: &SharedTransfer| shared.recorded != shared.new.payments;
        if self.all.values().any(is_short) {
            return Err(store::Error::bug("a transfer did not get all of its payments").into());
        }
        Ok(())
    }
}

impl SharedTransfer {
    const fn new(new: NewTransfer) -> Self {
        Self {
            new,
            number: None,
            recorded: 0,
        }
    }
}

/// Returns the reference as references are compared.
fn key(payment: &PaymentInput) -> String {
    text::folded(&payment.reference)
}

fn twice(withdrawal: &Withdrawal, row: &PaymentRow) -> Refused {
    let PaymentInput {
        reference,
        date,
        amount,
        ..
    } = &row.payment;
    Refused::AlreadyPaid {
        withdrawal: withdrawal.number,
        reference: reference.clone(),
        date: *date,
        amount: amount.unwrap_or(withdrawal.amount),
        currency: withdrawal.currency,
    }
}
