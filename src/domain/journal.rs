//! The ledger as double entry: what was owed, held, paid and sent back, and what the bank shows
//! besides, each as postings that sum to zero.
//!
//! An entry is dated by the instant at which it was recorded, never by its value date, so that what
//! holders are owed at the end of a day is what the ledger showed on that day. Value dates are
//! carried in addition. Which bank account paid, and what a bank line is booked against, is as known
//! at the instant for which the journal is made. A posting is positive if it is a debit.

use std::sync::Arc;

use super::{
    activity,
    bank::BankLine,
    code::{Code, LineNumber, PaymentNumber, StatementNumber, WithdrawalNumber},
    currency::Currency,
    forward::ForwardKind,
    id::HolderRef,
    matching::{Class, LinkKind},
    quantity::{Amount, Total},
    signed::Signed,
    time::{Date, Instant},
};

mod account;
mod effect;
mod proceeds;
mod tax;

pub use account::{Account, Posting};
pub use effect::Effect;
pub use proceeds::{ProceedsEntry, ProceedsStep, ProceedsTurn};
pub use tax::{Allotted, TaxEntry};

/// A step of what a holder is owed for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// When it was recorded.
    pub at: Instant,
    /// The project.
    pub project: Code,
    /// The event.
    pub event: Code,
    /// The event's title.
    pub title: Arc<str>,
    /// The event's own day, if the event was imported: its money has been owed since then.
    pub own_date: Option<Date>,
    /// The holder.
    pub holder: HolderRef,
    /// The event's currency.
    pub currency: Currency,
    /// The withdrawal, if the step is one of a withdrawal.
    pub withdrawal: Option<WithdrawalNumber>,
    /// What happened.
    pub step: Step,
}

/// What happened to money that a holder is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The event was approved: the net money is owed, and available; the tax is owed to an authority.
    Allocated(Allotted),
    /// The approved event was cancelled: nothing is owed any more.
    Voided(Allotted),
    /// The holder asked for it: available to pending.
    Requested(Amount),
    /// The request came to nothing: pending to available.
    Released(Amount, Release),
    /// It was paid: pending to the bank; what was not paid of the request is available again.
    Paid {
        /// What the request held.
        requested: Amount,
        /// What was paid.
        paid: Amount,
        /// The payment.
        payment: PaymentNumber,
        /// The bank's reference.
        reference: String,
        /// The value date.
        value_date: Date,
        /// The bank account that paid, if a bank line or a payment file names it.
        account: Option<Code>,
    },
    /// It was paid before this ledger, and imported with its event: available to what was there
    /// before.
    PaidBefore {
        /// What was paid.
        paid: Amount,
        /// The payment.
        payment: PaymentNumber,
        /// The reference.
        reference: String,
        /// The value date.
        value_date: Date,
    },
    /// The bank sent it back: bank to available.
    Returned {
        /// What was paid.
        paid: Amount,
        /// The payment.
        payment: PaymentNumber,
        /// The bank's reference of the payment.
        reference: String,
        /// The bank's date of the return.
        value_date: Date,
        /// Why.
        reason: String,
        /// The bank account that it came back to, as far as it is known.
        account: Option<Code>,
    },
    /// It had not come back after all: available to bank.
    ReturnTakenBack {
        /// What was paid.
        paid: Amount,
        /// The payment.
        payment: PaymentNumber,
        /// The bank's reference of the payment.
        reference: String,
        /// The date of the return that is taken back.
        value_date: Date,
        /// Why.
        reason: String,
        /// The bank account of the return.
        account: Option<Code>,
    },
    /// It moved between the holder's forward balance and what is available.
    Forward {
        /// Why.
        kind: ForwardKind,
        /// How much.
        amount: Amount,
        /// The user's reason, if there is one.
        reason: Option<String>,
    },
}

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// A reviewer rejected it, for this reason.
    Rejected(String),
    /// It was cancelled, alone or with its event.
    Cancelled,
}

/// What a bank account shows besides payments and returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankEntry {
    /// When it was recorded: the import of the statement that brought it first.
    pub at: Instant,
    /// The bank account.
    pub account: Code,
    /// Its currency.
    pub currency: Currency,
    /// What came in; negative if it went out.
    pub amount: Signed,
    /// What it is.
    pub source: Source,
}

/// Where an entry of a bank account comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The first opening balance that the account's statements show, less the lines that were
    /// booked before it.
    Opening {
        /// The statement that shows it.
        statement: StatementNumber,
        /// The first day of that statement.
        date: Date,
    },
    /// A line that is neither a payment nor a return.
    Line {
        /// The line.
        number: LineNumber,
        /// The bank's value date, or else its booking date.
        value_date: Date,
        /// The bank's words.
        description: String,
        /// The bank's reference.
        reference: Option<String>,
        /// What it is booked against.
        against: Contra,
    },
}

/// What a bank line that is not a payment is booked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contra {
    /// Charges, taxes and levies.
    Charges,
    /// Interest.
    Interest,
    /// Money that was brought to the account or taken from it.
    Funding,
    /// What a user explained as something else.
    Other,
    /// Nothing explains it yet.
    Suspense,
}

/// What a holder is owed: what is available, what waits in requests, and what waits for the next
/// event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingBalance {
    /// What can be asked for.
    pub available: Total,
    /// What was asked for and is not paid.
    pub pending: Total,
    /// What is kept for the next event.
    pub forward: Total,
}

/// What a holder is owed by a project at the end of a journal, in each currency, and since when
/// there is an account for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The project.
    pub project: Code,
    /// The holder.
    pub holder: Code,
    /// The instant of the first allocation.
    pub since: Instant,
    /// The balances, in order of currency.
    pub balances: Vec<(Currency, ClosingBalance)>,
}

/// What a journal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The ledger's id.
    pub ledger: String,
    /// The day at whose end the ledger is shown.
    pub as_of: Date,
    /// The head of the audit trail at that moment.
    pub head: activity::Head,
    /// The currencies, each with the decimals that its amounts have at most, at least those of its
    /// minor unit.
    pub currencies: Vec<(Currency, u32)>,
}

/// A part of a journal, in the order in which it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What it is about.
    Heading(Heading),
    /// An account that is used, and the day from which on it is.
    Account(Account, Date),
    /// A step of what a holder is owed.
    Entry(JournalEntry),
    /// What a bank account shows besides.
    Bank(BankEntry),
    /// What was remitted to an authority.
    Tax(TaxEntry),
    /// A step from the proceeds of an event to what is distributed.
    Proceeds(ProceedsEntry),
    /// What a holder is owed at the end, read from the allocations and not from the entries, and
    /// the day of that end.
    Closing(Closing, Date),
}

impl JournalEntry {
    /// Returns the postings, which sum to zero, or `None` if more was paid than was requested.
    pub fn postings(&self) -> Option<Vec<Posting>> {
        let available = || Account::Available {
            project: self.project.clone(),
            holder: Some(self.holder.code.clone()),
        };
        let pending = || Account::Pending {
            project: self.project.clone(),
            holder: Some(self.holder.code.clone()),
        };
        let forward = || Account::Forward {
            project: self.project.clone(),
            holder: Some(self.holder.code.clone()),
        };
        let declared = || Account::Distributions(self.project.clone());
        let moved = |amount: Amount, debit: Account, credit: Account| {
            vec![
                (debit, Signed::from(amount)),
                (credit, Signed::from(amount).negated()),
            ]
        };
        Some(match &self.step {
            Step::Allocated(allotted) => allotted.postings(declared(), available())?,
            Step::Voided(allotted) => allotted.postings_undone(declared(), available())?,
            Step::Requested(amount) => moved(*amount, available(), pending()),
            Step::Released(amount, _) => moved(*amount, pending(), available()),
            Step::Paid {
                requested,
                paid,
                account,
                ..
            } => {
                let rest = requested.checked_sub(*paid)?;
                let mut postings = vec![
                    (pending(), Signed::from(*requested)),
                    (
                        Account::paying(account.as_ref()),
                        Signed::from(*paid).negated(),
                    ),
                ];
                if !rest.is_zero() {
                    postings.push((available(), Signed::from(rest).negated()));
                }
                postings
            }
            Step::PaidBefore { paid, .. } => moved(*paid, available(), Account::Opening),
            Step::Returned { paid, account, .. } => {
                moved(*paid, Account::paying(account.as_ref()), available())
            }
            Step::ReturnTakenBack { paid, account, .. } => {
                moved(*paid, available(), Account::paying(account.as_ref()))
            }
            Step::Forward { kind, amount, .. } => match kind {
                ForwardKind::BroughtForward
                | ForwardKind::Released
                | ForwardKind::CarriedForwardUndone => moved(*amount, forward(), available()),
                ForwardKind::CarriedForward | ForwardKind::BroughtForwardUndone => {
                    moved(*amount, available(), forward())
                }
                ForwardKind::WrittenOff => {
                    let gone = Account::WrittenOff(self.project.clone());
                    moved(*amount, forward(), gone)
                }
            },
        })
    }
}

impl BankEntry {
    /// Returns the postings, which sum to zero.
    pub fn postings(&self) -> Vec<Posting> {
        let other = match &self.source {
            Source::Opening { .. } => Account::Opening,
            Source::Line { against, .. } => match against {
                Contra::Charges => Account::Charges,
                Contra::Interest => Account::Interest,
                Contra::Funding => Account::Funding,
                Contra::Other => Account::Other,
                Contra::Suspense => Account::Suspense(self.account.clone()),
            },
        };
        vec![
            (Account::Bank(self.account.clone()), self.amount),
            (other, self.amount.negated()),
        ]
    }
}

impl Contra {
    /// Returns what a line is booked against, or `None` if it is the line of payments, of returns or
    /// of a remittance, or of nothing at all.
    ///
    /// A line is that of its payments if a link of kind payment or return was decided and each
    /// of them is recorded: then the payment's own entry counts for it. A proposed link explains
    /// nothing yet.
    pub fn of(line: &BankLine) -> Option<Self> {
        if line.line.amount.is_zero() || line.classification.class == Class::Void {
            return None;
        }
        let decided = line
            .classification
            .link_kind
            .filter(|_| line.classification.class != Class::Proposed);
        let recorded = || {
            line.classification
                .payments
                .iter()
                .all(|(_, payment)| payment.is_some())
        };
        match decided {
            Some(LinkKind::Payment | LinkKind::Return) if recorded() => None,
            // The remittance's own entry counts for it.
            Some(LinkKind::Remittance) => None,
            Some(LinkKind::Charge) => Some(Self::Charges),
            Some(LinkKind::Interest) => Some(Self::Interest),
            Some(LinkKind::Funding) => Some(Self::Funding),
            Some(LinkKind::Other) => Some(Self::Other),
            None if line.classification.class == Class::FeeTaxLevy => Some(Self::Charges),
            Some(LinkKind::Payment | LinkKind::Return) | None => Some(Self::Suspense),
        }
    }
}

impl Step {
    /// Returns what the step does to what is owed, or `None` if the tax is above the gross share or
    /// more was paid than was requested.
    pub fn effect(&self) -> Option<Effect> {
        Some(match self {
            Self::Allocated(allotted) => Effect::available(allotted.net()?),
            Self::Voided(allotted) => Effect::available(allotted.net()?).undone(),
            Self::Requested(amount) => Effect::held(*amount),
            Self::Released(amount, _) => Effect::held(*amount).undone(),
            Self::Paid {
                requested, paid, ..
            } => Effect {
                pending: -requested.units(),
                ..Effect::available(requested.checked_sub(*paid)?)
            },
            Self::Returned { paid, .. } => Effect::available(*paid),
            Self::PaidBefore { paid, .. } | Self::ReturnTakenBack { paid, .. } => {
                Effect::available(*paid).undone()
            }
            Self::Forward { kind, amount, .. } => match kind {
                ForwardKind::BroughtForward
                | ForwardKind::Released
                | ForwardKind::CarriedForwardUndone => Effect::released(*amount),
                ForwardKind::CarriedForward | ForwardKind::BroughtForwardUndone => {
                    Effect::released(*amount).undone()
                }
                ForwardKind::WrittenOff => Effect {
                    forward: -amount.units(),
                    ..Effect::default()
                },
            },
        })
    }
}

impl ClosingBalance {
    /// Nothing.
    pub const NOTHING: Self = Self {
        available: Total::ZERO,
        pending: Total::ZERO,
        forward: Total::ZERO,
    };

    /// Returns the sums of effects as a balance, or `None` if one of them is negative or too large.
    pub fn of(sums: Effect) -> Option<Self> {
        Some(Self {
            available: Total::from_units(sums.available)?,
            pending: Total::from_units(sums.pending)?,
            forward: Total::from_units(sums.forward)?,
        })
    }

    const fn effect(self) -> Effect {
        Effect {
            available: self.available.units(),
            pending: self.pending.units(),
            forward: self.forward.units(),
        }
    }

    /// Returns what is owed after a step, or `None` if something would become negative or too
    /// large.
    pub fn after(self, step: &Step) -> Option<Self> {
        Self::of(self.effect().plus(step.effect()?)?)
    }

    /// Returns all that is owed, or `None` if the sum has too many digits.
    pub fn owed(self) -> Option<Total> {
        self.available
            .checked_add(self.pending)?
            .checked_add(self.forward)
    }
}

#[cfg(test)]
mod tests;
