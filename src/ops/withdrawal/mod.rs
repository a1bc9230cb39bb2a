//! Withdrawal requests: request, approve, reject, cancel, pay, read.

mod batch;
mod cursor;
mod pay;
mod preview;
mod request;
mod review;
mod reviewed;
mod set;
mod shared;

pub use crate::domain::batch::BatchTotals;
pub use batch::{Batch, HolderRefusal};
pub use cursor::Selection;
pub use pay::{PaymentSource, pay};
pub use preview::{Preview, preview, preview_payments};
#[cfg(test)]
pub(in crate::ops) use request::WithdrawalRequest;
pub use request::{RequestSource, Strictness, request};
pub use review::{approve, cancel, reject};
pub(in crate::ops) use review::{bank_trace, cancel_for_event};
pub use set::{NotesChange, set};

use super::{Error, Sink, named};
use crate::ops::pages::in_pages;
use crate::{
    domain::{
        time::Instant,
        withdrawal::{Withdrawal, WithdrawalStatus},
    },
    store::{AsOf, Ledger, Noun, WithdrawalFilter},
};

/// Which withdrawals are listed, as the command line names them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this event.
    pub event: Option<String>,
    /// Of this project.
    pub project: Option<String>,
    /// Of this holder.
    pub holder: Option<String>,
    /// In this state.
    pub status: Option<WithdrawalStatus>,
    /// With what an approver is to see at this instant.
    pub marked_at: Option<Instant>,
}

/// Lists withdrawals, in order of their numbers.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read; [`Error::Output`] if the sink takes no more rows.
pub fn list(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, Withdrawal>,
) -> Result<(), Error> {
    in_pages(ledger, as_of, each, |tx, start, row| {
        let filter = WithdrawalFilter {
            event: named::event(tx, filter.event.as_deref(), as_of)?,
            project: named::project(tx, filter.project.as_deref(), as_of)?,
            holder: named::holder(tx, filter.holder.as_deref(), as_of)?,
            status: filter.status,
            marked_at: as_of.instant().or(filter.marked_at),
            after: start.after,
        };
        tx.each_withdrawal(&filter, start.as_of, |withdrawal| {
            row(withdrawal.number, withdrawal)
        })
    })
}

/// Reads one withdrawal, with what an approver is to see of it now.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str, now: Instant) -> Result<Withdrawal, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Withdrawal, given)?;
        let mut withdrawal = tx.withdrawal(number)?;
        if withdrawal.is_open() {
            withdrawal.payee_marks = tx.payee(&withdrawal)?.marks(now);
        }
        Ok(withdrawal)
    })
}
