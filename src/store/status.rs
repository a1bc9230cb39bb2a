//! How much is in the ledger, and which work is open.

use super::{AsOf, Error, Tx};
use crate::domain::{
    clock::{self, Ahead},
    summary::{Introduction, LedgerSummary},
    time::{Date, Instant},
};

impl Tx<'_> {
    /// Reads how much is in the ledger, and which work is open.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn summary(&mut self, today: Date) -> Result<LedgerSummary, Error> {
        const ACTIVE_USERS: &str = "SELECT count(*) FROM users WHERE status = 'active'";
        // Row numbers count from 1 without gaps, so the largest is the count, and no table is
        // scanned.
        const PROJECTS: &str = "SELECT coalesce(max(number), 0) FROM projects";
        const HOLDERS: &str = "SELECT coalesce(max(number), 0) FROM lp_token_holders";
        const OPEN_EVENTS: &str = "SELECT count(*) FROM distribution_events
            WHERE status IN ('draft', 'calculated', 'active')";
        const PAYMENTS: &str = "SELECT coalesce(max(number), 0) FROM distribution_payments";
        const BACKUP: &str = "SELECT created_at FROM distribution_activity_log
            WHERE activity_type = 'backup_made' AND outcome = 'done' ORDER BY seq DESC LIMIT 1";
        const CHECK: &str = "SELECT created_at FROM distribution_activity_log
            WHERE activity_type = 'ledger_checked' AND outcome = 'done' ORDER BY seq DESC LIMIT 1";
        let reviewers = self.reviewers()?;
        let (last_backup, last_check) = (
            self.db.optional_value(BACKUP, ())?,
            self.db.optional_value(CHECK, ())?,
        );
        Ok(LedgerSummary {
            ledger_id: self.ledger_id()?,
            created_at: self.created_at()?,
            four_eyes: self.four_eyes()?,
            users: self.db.value(ACTIVE_USERS, ())?,
            projects: self.db.value(PROJECTS, ())?,
            holders: self.db.value(HOLDERS, ())?,
            open_events: self.db.value(OPEN_EVENTS, ())?,
            payments: self.db.value(PAYMENTS, ())?,
            last_backup,
            last_check,
            head: self.head()?,
            introductions: Introduction::waiting(self.users(AsOf::Now)?, &reviewers),
            reviewers,
            open_work: self.all_open_work([last_check, last_backup], today)?,
            clock: None,
            folder: None,
            leftovers: Vec::new(),
        })
    }

    /// Reads the ledger's id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn ledger_id(&mut self) -> Result<String, Error> {
        self.db.value("SELECT id FROM ledger WHERE number = 1", ())
    }

    /// Reads when the ledger was created: nothing in it was recorded before.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn created_at(&mut self) -> Result<Instant, Error> {
        self.db
            .value("SELECT created_at FROM ledger WHERE number = 1", ())
    }

    /// Reads when the last entry of the trail was recorded.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn last_recorded_at(&mut self) -> Result<Option<Instant>, Error> {
        const LAST: &str =
            "SELECT created_at FROM distribution_activity_log ORDER BY seq DESC LIMIT 1";
        self.db.optional_value(LAST, ())
    }

    /// Reads when an entry of the trail was recorded.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn recorded_at(&mut self, seq: i64) -> Result<Option<Instant>, Error> {
        const AT: &str = "SELECT created_at FROM distribution_activity_log WHERE seq = ?1";
        self.db.optional_value(AT, [seq])
    }

    /// Finds the entries that are in the future of the clock, if there are any. Entries are in the
    /// order of their times, so the last one shows whether there is one at all.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn entries_ahead(&mut self, now: Instant) -> Result<Option<Ahead>, Error> {
        const AHEAD: &str =
            "SELECT count(*), min(seq) FROM distribution_activity_log WHERE created_at > ?1";
        let Some(last_at) = self
            .last_recorded_at()?
            .filter(|last| clock::is_ahead(*last, now))
        else {
            return Ok(None);
        };
        let found = self.db.query(AHEAD, [now], |row| {
            Ok(Ahead {
                entries: row.next()?,
                first: row.next()?,
                last_at,
            })
        })?;
        Ok(found.into_iter().next())
    }
}
