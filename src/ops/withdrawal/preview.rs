//! What a bulk command is about to do, for the question that is asked before it.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    batch::add,
    cursor::{Selection, WithdrawalCursor},
    pay::PaymentSource,
    reviewed::{order, too_much},
};
use crate::{
    domain::{
        batch::BatchTotals,
        code::Code,
        event::Event,
        id::EventId,
        key::Key,
        payment::{OddPayment, PaymentBasis, PaymentCheck, PaymentInput},
        quantity::Amount,
        selection::{Order, SelectionDigest, SelectionHasher},
        time::{Date, Instant},
        withdrawal::{Withdrawal, WithdrawalState, WithdrawalStatus},
    },
    ops::{Error, payment as payment_ops},
    store::{Ledger, Noun, Tx},
};

/// What would be done, and to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How many, and the totals.
    pub what: BatchTotals,
    /// The first holders, in order of withdrawal.
    pub holders: Vec<Code>,
    /// What the selection is.
    pub digest: SelectionDigest,
    /// What is to be seen of the first withdrawals of which something is.
    pub marked: Vec<String>,
}

/// How many holders a preview names.
const NAMED: usize = 5;
/// Of how many withdrawals a preview says what is to be seen.
const MARKED: usize = 20;

impl Preview {
    fn add(&mut self, withdrawal: Withdrawal, amount: Amount) -> Result<(), Error> {
        self.what.count += 1;
        add(&mut self.what.totals, withdrawal.currency, amount)?;
        if self.holders.len() < NAMED && !self.holders.contains(&withdrawal.holder.code) {
            self.holders.push(withdrawal.holder.code);
        }
        Ok(())
    }
}

/// Looks at the withdrawals that a command is about; `states` are those that it can be done to.
/// Returns `None` if the key was used before: the answer to a key is known, and nothing is asked.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read.
pub fn preview(
    ledger: &mut Ledger,
    key: Option<&Key>,
    selection: &Selection,
    states: &[WithdrawalStatus],
    marked_at: Option<Instant>,
) -> Result<Option<Preview>, Error> {
    ledger.read(|tx| {
        if is_known(tx, key)? {
            return Ok(None);
        }
        let mut selected = WithdrawalCursor::of(tx, selection, states)?;
        let mut preview = Preview::default();
        let mut hasher = SelectionHasher::new(order(selection, states));
        while let Some((withdrawal, _)) = selected.next(tx)? {
            hasher.add(&withdrawal).ok_or_else(too_much)?;
            if let Some(now) = marked_at.filter(|_| preview.marked.len() < MARKED) {
                for mark in tx.payee(&withdrawal)?.marks(now) {
                    preview
                        .marked
                        .push(format!("{}: {mark}", withdrawal.number));
                }
            }
            let amount = withdrawal.amount;
            preview.add(withdrawal, amount)?;
        }
        preview.digest = hasher.finish();
        Ok(Some(preview))
    })
}

/// Looks at the withdrawals that payments are for, and at what is odd about them. Totals are of what
/// is to be paid. Returns `None` if the key was used before.
///
/// # Errors
/// [`Error::BadLines`], or [`Error::Store`] if the ledger cannot be read.
pub fn preview_payments(
    ledger: &mut Ledger,
    key: Option<&Key>,
    payments: &PaymentSource,
    today: Date,
) -> Result<Option<Preview>, Error> {
    let rows = match payments {
        PaymentSource::One {
            withdrawal,
            payment,
        } => vec![(withdrawal.clone(), payment.clone())],
        PaymentSource::File(_) | PaymentSource::OneTransfer(_) => payments
            .read()?
            .rows
            .into_iter()
            .map(|row| (row.withdrawal, row.payment))
            .collect(),
    };
    ledger.read(|tx| {
        if is_known(tx, key)? {
            return Ok(None);
        }
        let (mut preview, mut events) = (Preview::default(), BTreeMap::new());
        let mut hasher = SelectionHasher::new(Order::Any);
        for (name, payment) in &rows {
            // The command itself reports an unknown withdrawal with its line.
            let Some(number) = tx.find(Noun::Withdrawal, name)? else {
                continue;
            };
            let withdrawal = tx.withdrawal(number)?;
            hasher.add(&withdrawal).ok_or_else(too_much)?;
            if let Some(odd) = odd_payment(tx, &mut events, &withdrawal, payment, today)? {
                preview.what.odd.push(odd);
            }
            let amount = payment.amount.unwrap_or(withdrawal.amount);
            preview.add(withdrawal, amount)?;
        }
        preview.digest = hasher.finish();
        Ok(Some(preview))
    })
}

fn is_known(tx: &mut Tx<'_>, key: Option<&Key>) -> Result<bool, Error> {
    match key {
        Some(key) => Ok(tx.knows_key(key)?),
        None => Ok(false),
    }
}

/// Returns what is odd about a payment that would be new.
fn odd_payment(
    tx: &mut Tx<'_>,
    events: &mut BTreeMap<EventId, Event>,
    withdrawal: &Withdrawal,
    payment: &PaymentInput,
    today: Date,
) -> Result<Option<OddPayment>, Error> {
    let WithdrawalState::Approved(approval) = &withdrawal.state else {
        return Ok(None);
    };
    let event = match events.entry(withdrawal.event.id) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(new) => new.insert(tx.event_by_id(withdrawal.event.id)?),
    };
    let check = PaymentCheck {
        approval,
        event,
        date: payment.date,
        today,
        exported: None,
    };
    let oddities = payment_ops::oddities(tx, withdrawal.number, PaymentBasis::Typed, check)?;
    Ok((!oddities.is_empty()).then_some(OddPayment {
        withdrawal: withdrawal.number,
        oddities,
    }))
}
