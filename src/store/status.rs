//! How much is in the ledger, and which work is open.

use rusqlite::OptionalExtension as _;

use super::{Error, Tx};
use crate::domain::summary::{LedgerSummary, OpenWork};

impl Tx<'_> {
    /// Reads how much is in the ledger, and which work is open.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn summary(&mut self) -> Result<LedgerSummary, Error> {
        const LEDGER: &str = "SELECT id, created_at FROM ledger WHERE number = 1";
        // Row numbers count from 1 without gaps, so the largest is the count, and no table is
        // scanned.
        const COUNTS: &str =
            "SELECT (SELECT count(*) FROM users WHERE status = 'active'), (SELECT coalesce(max(number), 0) FROM projects),
            (SELECT coalesce(max(number), 0) FROM lp_token_holders),
            (SELECT count(*) FROM distribution_events WHERE status IN ('draft', 'calculated', 'active')),
            (SELECT coalesce(max(number), 0) FROM distribution_payments)";
        const BACKUP: &str =
            "SELECT created_at FROM distribution_activity_log WHERE activity_type = 'backup_made' AND outcome = 'done'
            ORDER BY seq DESC LIMIT 1";
        let (ledger_id, created_at) = self
            .conn
            .query_row(LEDGER, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (users, projects, holders, open_events, payments) =
            self.conn.query_row(COUNTS, [], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })?;
        let last_backup = self
            .conn
            .query_row(BACKUP, [], |row| row.get(0))
            .optional()?;
        Ok(LedgerSummary {
            ledger_id,
            created_at,
            four_eyes: self.four_eyes()?,
            users,
            projects,
            holders,
            open_events,
            payments,
            last_backup,
            head: self.head()?,
            open_work: self.open_work()?,
        })
    }

    fn open_work(&mut self) -> Result<Vec<OpenWork>, Error> {
        const EVENTS: &str =
            "SELECT code, status FROM distribution_events WHERE status IN ('draft', 'calculated')
            ORDER BY distribution_date, code";
        const WITHDRAWALS: &str = "SELECT e.code, s.word,
              (SELECT count(*) FROM withdrawal_requests w WHERE w.distribution_event_id = e.id AND w.status = s.word)
            FROM distribution_events e, (SELECT 1 AS place, 'pending' AS word UNION ALL SELECT 2, 'approved') s
            WHERE e.status = 'active' ORDER BY e.distribution_date, e.code, s.place";
        let mut work = Vec::new();
        let mut statement = self.conn.prepare(EVENTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (event, status): (String, String) = (row.get(0)?, row.get(1)?);
            let (what, role) = if status == "draft" {
                ("event to calculate", "operator")
            } else {
                ("event to approve", "approver")
            };
            work.push(OpenWork {
                event,
                what,
                count: 1,
                role,
            });
        }
        let mut statement = self.conn.prepare(WITHDRAWALS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (event, status, count): (String, String, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (what, role) = if status == "pending" {
                ("withdrawals to approve", "approver")
            } else {
                ("withdrawals to pay", "operator")
            };
            if count > 0 {
                work.push(OpenWork {
                    event,
                    what,
                    count,
                    role,
                });
            }
        }
        Ok(work)
    }
}
