//! The notes of a withdrawal that is not reviewed yet.

use super::{Error, WriteTx, db::update};
use crate::domain::withdrawal::Withdrawal;

impl WriteTx<'_> {
    /// Corrects what the requester noted; the earlier state was kept.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn set_request_notes(
        &mut self,
        before: &Withdrawal,
        notes: Option<&str>,
    ) -> Result<(), Error> {
        update!(self.db, "withdrawal_requests" set {
            "request_notes": notes,
            "updated_at": self.now,
        } where { "number": before.number, "status": before.status() })
    }
}
