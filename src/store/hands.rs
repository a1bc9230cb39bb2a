//! Who had a hand in an event, its register, and later what else is to be approved.

use super::AsOf;
use super::{Error, Tx, db::Row};
use crate::domain::{
    event::LastApproved,
    id::{EventId, EventRef, ProjectId, UserId},
    reviewers::{Reviewer, Reviewers},
    time::{Date, Instant},
};

/// An entry that says that a user worked on an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkEntry {
    /// The user.
    pub user: UserId,
    /// The type of the entry.
    pub activity: String,
}

/// Which entries of a register are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterSpan {
    /// The project.
    pub project: ProjectId,
    /// Effective on or before this day.
    pub until: Date,
    /// Recorded after this instant; all if there is none.
    pub since: Option<Instant>,
}

impl Tx<'_> {
    /// Reads the users, in order of their codes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn reviewers(&mut self) -> Result<Reviewers, Error> {
        let four_eyes = self.four_eyes()?;
        let users = self.users(AsOf::Now)?.into_iter();
        let users = users.map(|user| Reviewer {
            unacknowledged_of: match user.acknowledged_by {
                Some(_) => None,
                // The first user created itself.
                None if user.introduced_by.id == user.user.id => None,
                None => Some(user.introduced_by),
            },
            role: user.role,
            status: user.status,
            user: user.user,
        });
        let users = users.collect();
        Ok(Reviewers { four_eyes, users })
    }

    /// Reads who did what with an event, each once, in order of the first time.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn work_on_event(&mut self, event: EventId) -> Result<Vec<WorkEntry>, Error> {
        const WORK: &str = "SELECT performed_by, activity_type FROM distribution_activity_log
            WHERE distribution_event_id = ?1 AND withdrawal_request_id IS NULL AND outcome = 'done'
            GROUP BY performed_by, activity_type ORDER BY min(seq)";
        self.db.query(WORK, [event], |row| {
            Ok(WorkEntry {
                user: row.next()?,
                activity: row.next()?,
            })
        })
    }

    /// Reads who recorded entries of a register, each once. An entry and its reversal do not count
    /// if both are among them.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn recorders(&mut self, span: RegisterSpan) -> Result<Vec<UserId>, Error> {
        const RECORDERS: &str = "SELECT t.created_by FROM token_entries t
            LEFT JOIN token_entries o ON o.number = t.reverses
            WHERE t.project_id = ?1 AND t.effective_date <= ?2 AND (?3 IS NULL OR t.created_at > ?3)
              AND NOT EXISTS (SELECT 1 FROM token_entries r WHERE r.reverses = t.number)
              AND (o.number IS NULL OR o.created_at <= ?3)
            GROUP BY t.created_by ORDER BY min(t.number)";
        self.db
            .values(RECORDERS, (span.project, span.until, span.since))
    }

    /// Reads the last approved event of a project that is not cancelled, other than `but`.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn last_approved(
        &mut self,
        project: ProjectId,
        but: EventId,
    ) -> Result<Option<LastApproved>, Error> {
        const LAST: &str =
            "SELECT id, code, approved_at, snapshot_total_lp_tokens FROM distribution_events
            WHERE project_id = ?1 AND id <> ?2 AND status IN ('active', 'completed') AND history_proposal IS NULL
            ORDER BY approved_at DESC, number DESC LIMIT 1";
        self.db.query_optional(LAST, (project, but), read_last)
    }
}

fn read_last(row: &mut Row<'_>) -> Result<LastApproved, Error> {
    Ok(LastApproved {
        event: EventRef {
            id: row.next()?,
            code: row.next()?,
        },
        approved_at: row.next()?,
        tokens: row.next()?,
    })
}
