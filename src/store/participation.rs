//! Who takes part in events, in the ledger: standing exclusions of a project, what an event says
//! for itself, and who was excluded when it was calculated.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromRow as _, Row, columns, insert, update},
};
use crate::domain::{
    event::{
        Calculation, Choice, Choices, Event, Excluded, Exclusion, LastApproved, Policy, PolicyKind,
        StandingExclusion,
    },
    id::{EventId, HolderId, HolderRef, ProjectId, ProjectRef, UserId},
    time::{Date, Instant},
};

/// All columns of the table, which its history has too.
const TABLE_COLUMNS: &str = "number, project_id, lp_token_holder_id, policy, assign_to_id, reason, from_date, \
    until_date, created_by, created_at, ended_by, updated_at";

columns! {
    const STANDING_COLUMNS, fn read_standing(project: &ProjectRef): StandingExclusion {
        number: "x.number",
        project: ("x.project_id" = project.clone()),
        exclusion: (Exclusion {
            holder: (HolderRef { id: "x.lp_token_holder_id", code: "h.code" }),
            policy: ("x.policy, x.assign_to_id, t.code" => read_policy),
            reason: "x.reason",
        }),
        from: "x.from_date",
        until: "x.until_date",
        created_by: "x.created_by",
        created_at: "x.created_at",
    }
}

columns! {
    const EXCLUDED_COLUMNS, fn read_excluded: Excluded {
        holder: (HolderRef { id: "x.lp_token_holder_id", code: "h.code" }),
        policy: ("x.policy, x.assign_to_id, t.code" => read_policy),
        reason: "x.reason",
        tokens: "x.lp_tokens_held",
        percentage: "x.ownership_percentage",
        part: "x.part_amount",
    }
}

/// The names of the holders of a table `x` that excludes some.
const HOLDERS: &str = "JOIN lp_token_holders h ON h.id = x.lp_token_holder_id
    LEFT JOIN lp_token_holders t ON t.id = x.assign_to_id";

fn read_policy(row: &mut Row<'_>, codes: &Codes) -> Result<Policy, Error> {
    let kind = PolicyKind::from_row(row, codes)?;
    let assign_to = Option::<HolderId>::from_row(row, codes)?.zip(row.next()?);
    let assign_to = assign_to.map(|(id, code)| HolderRef { id, code });
    policy(kind, assign_to)
}

fn policy(kind: PolicyKind, assign_to: Option<HolderRef>) -> Result<Policy, Error> {
    match (kind, assign_to) {
        (PolicyKind::Redistribute, None) => Ok(Policy::Redistribute),
        (PolicyKind::Retain, None) => Ok(Policy::Retain),
        (PolicyKind::Assign, Some(holder)) => Ok(Policy::Assign(holder)),
        (_, None) => Err(Error::bug("an exclusion assigns to nobody")),
        (_, Some(_)) => Err(Error::bug(
            "an exclusion that assigns nothing names a holder",
        )),
    }
}

/// Reads what an event says about a holder, or about everybody else.
fn read_choice(row: &mut Row<'_>, codes: &Codes) -> Result<(Option<HolderRef>, Choice), Error> {
    let holder = Option::<HolderId>::from_row(row, codes)?.zip(row.next()?);
    let holder = holder.map(|(id, code)| HolderRef { id, code });
    let kind: Option<PolicyKind> = row.next()?;
    let assign_to = Option::<HolderId>::from_row(row, codes)?.zip(row.next()?);
    let assign_to = assign_to.map(|(id, code)| HolderRef { id, code });
    let choice = match kind.zip(row.next()?) {
        Some((kind, reason)) => Choice::Exclude(policy(kind, assign_to)?, reason),
        None => Choice::Include,
    };
    Ok((holder, choice))
}

impl Tx<'_> {
    /// Reads the standing exclusions of a project, in order of holder code and first day.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn standing_exclusions(
        &mut self,
        project: &ProjectRef,
        as_of: AsOf,
    ) -> Result<Vec<StandingExclusion>, Error> {
        let codes = self.codes()?;
        let source = as_of.source("project_exclusions", TABLE_COLUMNS);
        let sql = format!(
            "SELECT {STANDING_COLUMNS} FROM {source} x {HOLDERS} WHERE x.project_id = ?1
             ORDER BY h.code COLLATE BINARY, x.from_date, x.number"
        );
        self.db.query(&sql, [project.id], |row| {
            read_standing(row, &codes, project)
        })
    }

    /// Returns the project of a standing exclusion.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn project_of_exclusion(&mut self, number: i64) -> Result<ProjectRef, Error> {
        const PROJECT: &str = "SELECT p.id, p.code FROM project_exclusions x
            JOIN projects p ON p.id = x.project_id WHERE x.number = ?1";
        let codes = Codes::default();
        self.db.query_one(PROJECT, [number], |row| row.read(&codes))
    }

    /// Reads who recorded or ended exclusions of a project that count for a record date, each once.
    /// What was there when the project's last event was approved, and counted in it as it does now,
    /// does not count again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn exclusion_recorders(
        &mut self,
        project: ProjectId,
        record_date: Date,
        last: Option<&LastApproved>,
    ) -> Result<Vec<UserId>, Error> {
        const RECORDERS: &str =
            "WITH last AS (SELECT e.lp_token_holder_id, e.policy, e.assign_to_id
                FROM distribution_events d JOIN event_exclusions e
                  ON e.distribution_event_id = d.id AND e.created_at = d.calculated_at WHERE d.id = ?3)
            SELECT x.created_by FROM project_exclusions x WHERE x.project_id = ?1
              AND x.from_date <= ?2 AND (x.until_date IS NULL OR x.until_date >= ?2)
              AND NOT (?4 IS NOT NULL AND x.created_at <= ?4
                AND EXISTS (SELECT 1 FROM last l WHERE l.lp_token_holder_id = x.lp_token_holder_id
                  AND l.policy = x.policy AND l.assign_to_id IS x.assign_to_id))
            UNION SELECT x.ended_by FROM project_exclusions x WHERE x.project_id = ?1
              AND x.ended_by IS NOT NULL AND x.from_date <= ?2 AND x.until_date < ?2
              AND NOT (?4 IS NOT NULL AND x.updated_at <= ?4
                AND NOT EXISTS (SELECT 1 FROM last l WHERE l.lp_token_holder_id = x.lp_token_holder_id))";
        let (last, at) = (
            last.map(|last| last.event.id),
            last.map(|last| last.approved_at),
        );
        self.db.values(RECORDERS, (project, record_date, last, at))
    }

    /// Reads what an event says about who takes part in it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn event_choices(&mut self, event: EventId) -> Result<Choices, Error> {
        const CHOICES: &str =
            "SELECT x.lp_token_holder_id, h.code, x.policy, x.assign_to_id, t.code, x.reason
            FROM event_choices x LEFT JOIN lp_token_holders h ON h.id = x.lp_token_holder_id
            LEFT JOIN lp_token_holders t ON t.id = x.assign_to_id
            WHERE x.distribution_event_id = ?1 ORDER BY x.number";
        let (codes, mut choices) = (Codes::default(), Choices::default());
        self.db.each(CHOICES, [event], |row| {
            match read_choice(row, &codes)? {
                (Some(holder), choice) => {
                    choices.holders.insert(holder.id, (holder, choice));
                }
                (None, Choice::Exclude(policy, reason)) => {
                    choices = Choices {
                        others: Some((policy, reason)),
                        ..Choices::default()
                    };
                }
                (None, Choice::Include) => {
                    return Err(Error::bug("a choice includes everybody else"));
                }
            }
            Ok(())
        })?;
        Ok(choices)
    }

    /// Reads who was excluded when an event was calculated, in order of their codes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn excluded(&mut self, event: &Event) -> Result<Vec<Excluded>, Error> {
        let Some(Calculation { at, .. }) = event.state.calculation() else {
            return Ok(Vec::new());
        };
        let codes = Codes::default();
        let sql = format!(
            "SELECT {EXCLUDED_COLUMNS} FROM event_exclusions x {HOLDERS}
             WHERE x.distribution_event_id = ?1 AND x.created_at = ?2 ORDER BY x.number"
        );
        self.db.query(&sql, (event.event.id, *at), |row| {
            read_excluded(row, &codes)
        })
    }
}

impl WriteTx<'_> {
    /// Records a standing exclusion; returns its row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_exclusion(
        &mut self,
        project: ProjectId,
        exclusion: &Exclusion,
        from: Date,
        until: Option<Date>,
    ) -> Result<i64, Error> {
        insert!(self.db, "project_exclusions" {
            "project_id": project,
            "lp_token_holder_id": exclusion.holder.id,
            "policy": exclusion.policy.kind(),
            "assign_to_id": exclusion.policy.assign_to().map(|holder| holder.id),
            "reason": exclusion.reason,
            "from_date": from,
            "until_date": until,
            "created_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })
    }

    /// Gives a standing exclusion its last day.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn end_exclusion(&mut self, before: &StandingExclusion, until: Date) -> Result<(), Error> {
        self.keep_history("project_exclusions", TABLE_COLUMNS, before.number)?;
        update!(self.db, "project_exclusions" set {
            "until_date": until,
            "ended_by": self.actor.user.id,
            "updated_at": self.now,
        } where {
            "number": before.number,
            "until_date": before.until,
        })
    }

    /// Records what an event says about a holder, or, without one, about everybody else.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_choice(
        &mut self,
        event: EventId,
        holder: Option<HolderId>,
        choice: &Choice,
    ) -> Result<(), Error> {
        let (word, policy, reason) = match choice {
            Choice::Include => ("include", None, None),
            Choice::Exclude(policy, reason) => ("exclude", Some(policy), Some(reason)),
        };
        insert!(self.db, "event_choices" {
            "distribution_event_id": event,
            "lp_token_holder_id": holder,
            "choice": word,
            "policy": policy.map(Policy::kind),
            "assign_to_id": policy.and_then(Policy::assign_to).map(|holder| holder.id),
            "reason": reason,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
        .map(|_| ())
    }

    /// Records who is excluded from an event that is calculated now.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_excluded(&mut self, event: EventId, excluded: &[Excluded]) -> Result<(), Error> {
        let now: Instant = self.now;
        for one in excluded {
            insert!(self.db, "event_exclusions" {
                "distribution_event_id": event,
                "lp_token_holder_id": one.holder.id,
                "policy": one.policy.kind(),
                "assign_to_id": one.policy.assign_to().map(|holder| holder.id),
                "reason": one.reason,
                "lp_tokens_held": one.tokens,
                "ownership_percentage": one.percentage,
                "part_amount": one.part,
                "created_at": now,
            })?;
        }
        Ok(())
    }
}
