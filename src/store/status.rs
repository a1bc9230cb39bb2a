//! How much is in the ledger, and which work is open.

use super::{AsOf, Error, Tx};
use crate::domain::{
    clock::{self, Ahead},
    summary::{Introduction, LedgerSummary, OpenWork},
    time::Instant,
};

impl Tx<'_> {
    /// Reads how much is in the ledger, and which work is open.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn summary(&mut self) -> Result<LedgerSummary, Error> {
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
        let reviewers = self.reviewers()?;
        Ok(LedgerSummary {
            ledger_id: self.ledger_id()?,
            created_at: self.created_at()?,
            four_eyes: self.four_eyes()?,
            users: self.db.value(ACTIVE_USERS, ())?,
            projects: self.db.value(PROJECTS, ())?,
            holders: self.db.value(HOLDERS, ())?,
            open_events: self.db.value(OPEN_EVENTS, ())?,
            payments: self.db.value(PAYMENTS, ())?,
            last_backup: self.db.optional_value(BACKUP, ())?,
            head: self.head()?,
            introductions: Introduction::waiting(self.users(AsOf::Now)?, &reviewers),
            reviewers,
            open_work: self.open_work()?,
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

    fn open_work(&mut self) -> Result<Vec<OpenWork>, Error> {
        const EVENTS: &str = "SELECT code, status = 'draft' FROM distribution_events
            WHERE status IN ('draft', 'calculated') ORDER BY distribution_date, code, number";
        const WITHDRAWALS: &str = "SELECT e.code, s.word = 'pending',
              (SELECT count(*) FROM withdrawal_requests w WHERE w.distribution_event_id = e.id AND w.status = s.word)
            FROM distribution_events e, (SELECT 1 AS place, 'pending' AS word UNION ALL SELECT 2, 'approved') s
            WHERE e.status = 'active' ORDER BY e.distribution_date, e.code, s.place";
        const PROPOSALS: &str = "SELECT count(*) FROM proposals WHERE status = 'proposed'";
        let mut open_work = self.db.query(EVENTS, (), |row| {
            let event = Some(row.next()?);
            let (what, role) = if row.next()? {
                ("event to calculate", "operator")
            } else {
                ("event to approve", "approver")
            };
            Ok(OpenWork {
                event,
                what,
                count: 1,
                role,
            })
        })?;
        let withdrawals = self.db.query(WITHDRAWALS, (), |row| {
            let event = Some(row.next()?);
            let (what, role) = if row.next()? {
                ("withdrawals to approve", "approver")
            } else {
                ("withdrawals to pay", "operator")
            };
            Ok(OpenWork {
                event,
                what,
                count: row.next()?,
                role,
            })
        })?;
        open_work.extend(withdrawals.into_iter().filter(|work| work.count > 0));
        let proposals: i64 = self.db.value(PROPOSALS, ())?;
        open_work.extend((proposals > 0).then_some(OpenWork {
            event: None,
            what: "proposals to approve",
            count: proposals,
            role: "approver",
        }));
        Ok(open_work)
    }
}
