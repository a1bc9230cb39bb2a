//! What the ledger expects to see on the bank.

use super::class::LedgerFacts;
use crate::domain::{
    account::AccountNumber,
    code::{FileNumber, PaymentNumber, WithdrawalNumber},
    quantity::Amount,
    status::Means,
    time::Date,
    transfer::TransferNumber,
};

/// The days after an expectation in which a line with its reference is looked for.
pub(super) const AFTER_REFERENCE: i64 = 10;

/// Which account is to pay a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidFrom {
    /// The account of the run.
    Here,
    /// Another account. Here only items are looked for that left a payment file of this account.
    Elsewhere,
    /// None: it was cancelled after an item of it left a payment file of this account.
    Nowhere,
}

/// What the ledger expects to see on the bank: an approved withdrawal, or the payment that was
/// recorded for one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; any of them may go with any other"
)]
pub struct Expected {
    /// The withdrawal; each has at most one payment, so it names the expectation.
    pub withdrawal: WithdrawalNumber,
    /// Which account is to pay it.
    pub paid_from: PaidFrom,
    /// The payment, if it is recorded.
    pub payment: Option<PaymentNumber>,
    /// What was paid, or what was asked for if no payment is recorded yet.
    pub amount: Amount,
    /// The value date of the payment, the execution date of its payment file, or the day of the
    /// approval.
    pub date: Date,
    /// The reference of the recorded payment.
    pub reference: Option<String>,
    /// The end-to-end reference that it has in a payment file.
    pub end_to_end: Vec<String>,
    /// The references of items that were dropped, or that their cancelled files freed: they still
    /// name it, and decide nothing by themselves.
    pub ended_references: Vec<String>,
    /// By what means it is paid.
    pub means: Means,
    /// The account that a transfer goes to.
    pub account_number: Option<AccountNumber>,
    /// The holder's name and the name of the account.
    pub names: Vec<String>,
    /// The payment file in which it is.
    pub file: Option<FileNumber>,
    /// The transfer of several payments that its payment is in, and how many it has.
    pub transfer: Option<(TransferNumber, u64)>,
    /// Whether the ledger says that the bank sent it back.
    pub returned: bool,
    /// Whether a decided link shows its return on the bank, on whichever account.
    pub return_linked: bool,
    /// Of what is returned: whether the bank may have paid it. A debit was matched with it once, or
    /// a payment file holds it that was exported and not cancelled.
    pub maybe_sent: bool,
    /// Whether a second person settled the payment by hand.
    pub settled: bool,
}

impl Expected {
    /// Checks whether the account of the run is to pay it, so that it has a class there.
    pub const fn is_here(&self) -> bool {
        matches!(self.paid_from, PaidFrom::Here)
    }

    /// Keeps what an account that is not to pay it may show of it: the references of items that left
    /// the payment files of that account.
    #[must_use]
    pub fn not_here(self, paid_from: PaidFrom, ended_references: Vec<String>) -> Self {
        Self {
            paid_from,
            ended_references,
            reference: None,
            end_to_end: Vec::new(),
            file: None,
            ..self
        }
    }

    /// Returns what the ledger knows of it.
    pub const fn facts(&self) -> LedgerFacts {
        LedgerFacts {
            payment: self.payment,
            returned: self.returned,
            credit: self.return_linked,
            maybe_sent: self.maybe_sent,
            settled: self.settled,
            means: self.means,
        }
    }

    /// Returns how many days after the expected day a line with its reference is looked for. A
    /// cheque waits until somebody presents it.
    pub const fn reference_days(&self) -> i64 {
        match self.means {
            Means::Cheque => 180,
            Means::Transfer
            | Means::Cash
            | Means::SetOff
            | Means::Reinvestment
            | Means::Imported => AFTER_REFERENCE,
        }
    }

    /// Returns the end-to-end reference that the payment file in which it is gave it.
    pub fn open_reference(&self) -> Option<&str> {
        self.file.and(self.end_to_end.last()).map(String::as_str)
    }
}
