//! Standing exclusions: who takes no part in the events of a project.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        event::{self, Exclusion, Policy, StandingExclusion},
        id::{HolderRef, ProjectRef},
        session::Session,
        time::Date,
        user::Act,
    },
    ops::{Error, Sink},
    store::{self, AsOf, Done, Ledger, Noun, Request, Tx, WriteTx},
};

/// A standing exclusion to be recorded.
#[derive(Clone, Debug, Serialize)]
pub struct NewExclusion {
    /// The holder.
    pub holder: String,
    /// The project.
    pub project: String,
    /// What becomes of the holder's part.
    pub policy: Policy<String>,
    /// Why.
    pub reason: String,
    /// The first record date.
    pub from: Date,
    /// The last record date, if it ends.
    pub until: Option<Date>,
}

/// The end of a standing exclusion.
#[derive(Clone, Debug, Serialize)]
pub struct Inclusion {
    /// The holder.
    pub holder: String,
    /// The project.
    pub project: String,
    /// The last record date that the exclusion counts for.
    pub until: Date,
}

/// Excludes a holder from the events of a project with a record date in some days.
///
/// # Errors
/// Those of [`event::exclusion_reason`] and [`event::exclude_standing`].
pub fn exclude(
    ledger: &mut Ledger,
    session: Session,
    input: &NewExclusion,
) -> Result<Done<StandingExclusion>, Error> {
    let request = Request {
        command: "project exclude",
        activity: Activity::ExclusionAdded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let project = find(write, &input.project)?;
        let exclusion = Exclusion {
            holder: holder(write, &input.holder)?,
            policy: policy(write, &input.policy)?,
            reason: event::exclusion_reason(&input.reason)?,
        };
        let known = of_holder(write, &project, &exclusion.holder)?;
        event::exclude_standing(&exclusion, input.from, input.until, &known)?;
        let number = write.insert_exclusion(project.id, &exclusion, input.from, input.until)?;
        let changes = json!({
            "project": project.code,
            "holder": exclusion.holder.code,
            "policy": exclusion.policy.to_string(),
            "reason": exclusion.reason,
            "from_date": input.from,
            "until_date": input.until,
        });
        write.record(Fact::new(Activity::ExclusionAdded, changes).about(write.concern))?;
        Ok((number, one(write, &project, number)?))
    })
}

/// Ends a standing exclusion: the holder takes part again after a day.
///
/// # Errors
/// Those of [`event::include_standing`].
pub fn include(
    ledger: &mut Ledger,
    session: Session,
    input: &Inclusion,
) -> Result<Done<StandingExclusion>, Error> {
    let request = Request {
        command: "project include",
        activity: Activity::ExclusionEnded,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let project = find(write, &input.project)?;
        let holder = holder(write, &input.holder)?;
        let known = of_holder(write, &project, &holder)?;
        let before = event::include_standing(&holder.code, input.until, &known)?;
        write.end_exclusion(before, input.until)?;
        let changes = json!({
            "project": project.code,
            "holder": holder.code,
            "until_date": [before.until, input.until],
        });
        write.record(Fact::new(Activity::ExclusionEnded, changes).about(write.concern))?;
        Ok((before.number, one(write, &project, before.number)?))
    })
}

/// Lists the standing exclusions of a project, in order of holder code and first day.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    project: &str,
    as_of: AsOf,
    each: Sink<'_, StandingExclusion>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Project, project, as_of)?;
        let project = tx.project(number, as_of)?.project;
        tx.standing_exclusions(&project, as_of)?
            .into_iter()
            .try_for_each(|exclusion| each(exclusion).map_err(Error::Output))
    })
}

fn recall(
    tx: &mut Tx<'_>,
    number: i64,
    at: crate::domain::time::Instant,
) -> Result<StandingExclusion, Error> {
    let project = tx.project_of_exclusion(number)?;
    let all = tx.standing_exclusions(&project, AsOf::At(at))?;
    Ok(numbered(all, number)?)
}

fn one(
    write: &mut WriteTx<'_>,
    project: &ProjectRef,
    number: i64,
) -> Result<StandingExclusion, Error> {
    Ok(numbered(
        write.standing_exclusions(project, AsOf::Now)?,
        number,
    )?)
}

fn numbered(all: Vec<StandingExclusion>, number: i64) -> Result<StandingExclusion, store::Error> {
    let found = all.into_iter().find(|exclusion| exclusion.number == number);
    found.ok_or_else(|| store::Error::bug("an exclusion is missing"))
}

fn find(write: &mut WriteTx<'_>, given: &str) -> Result<ProjectRef, Error> {
    let number = write.resolve(Noun::Project, given)?;
    let project = write.project(number, AsOf::Now)?.project;
    write.concern = Concern {
        project: Some(project.id),
        ..Concern::default()
    };
    Ok(project)
}

/// Finds a holder by what a command names.
pub(in crate::ops) fn holder(write: &mut WriteTx<'_>, given: &str) -> Result<HolderRef, Error> {
    let number = write.resolve(Noun::Holder, given)?;
    Ok(write.holder(number, AsOf::Now)?.holder)
}

/// Finds the holder whom a policy names.
pub(in crate::ops) fn policy(
    write: &mut WriteTx<'_>,
    given: &Policy<String>,
) -> Result<Policy, Error> {
    given.clone().try_map(|given| holder(write, &given))
}

fn of_holder(
    write: &mut WriteTx<'_>,
    project: &ProjectRef,
    holder: &HolderRef,
) -> Result<Vec<StandingExclusion>, Error> {
    let mut known = write.standing_exclusions(project, AsOf::Now)?;
    known.retain(|standing| standing.exclusion.holder.id == holder.id);
    Ok(known)
}
