//! Files of withdrawal requests in the ledger.

use super::{Error, Tx, WriteTx, db::insert};
use crate::domain::{
    code::WithdrawalNumber,
    id::{EventId, RequestFileId},
};

/// A file of requests to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRequestFile<'a> {
    /// The event.
    pub event: EventId,
    /// The hash of the file.
    pub file_hash: &'a str,
    /// The first request that it made.
    pub first: WithdrawalNumber,
    /// The last one; all between them are its own.
    pub last: WithdrawalNumber,
}

impl Tx<'_> {
    /// Returns the requests of a file for an event that are pending, approved or paid, in order of
    /// their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn requested_by_file(
        &mut self,
        event: EventId,
        file_hash: &str,
    ) -> Result<Vec<i64>, Error> {
        const REQUESTED: &str = "SELECT w.number FROM withdrawal_imports i
            JOIN withdrawal_requests w ON w.number BETWEEN i.first_withdrawal AND i.last_withdrawal
            WHERE i.distribution_event_id = ?1 AND i.file_hash = ?2
              AND w.status IN ('pending', 'approved', 'paid') ORDER BY w.number";
        self.db.values(REQUESTED, (event, file_hash))
    }
}

impl WriteTx<'_> {
    /// Remembers a file of requests.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_request_file(&mut self, new: &NewRequestFile<'_>) -> Result<(), Error> {
        insert!(self.db, "withdrawal_imports" {
            "id": self.ids.make::<RequestFileId>(),
            "distribution_event_id": new.event,
            "file_hash": new.file_hash,
            "first_withdrawal": new.first,
            "last_withdrawal": new.last,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
        .map(|_| ())
    }
}
