//! Projects: add, change, list.

use serde::Serialize;
use serde_json::json;

use super::{Error, Sink};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        code::Code,
        currency::Currency,
        id::ProjectRef,
        project::{Project, ProjectDetail},
        session::Session,
        user::Act,
    },
    store::{AsOf, Done, Ledger, Noun, Request},
};

/// A project to be added.
#[derive(Clone, Debug, Serialize)]
pub struct NewProject {
    /// The code.
    pub code: Code,
    /// The name.
    pub name: String,
    /// The currency.
    pub currency: Currency,
}

/// What is to change of a project.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The project.
    pub project: String,
    /// The name.
    pub name: String,
}

/// Adds a project.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::Exists`].
pub fn add(
    ledger: &mut Ledger,
    session: Session,
    input: &NewProject,
) -> Result<Done<Project>, Error> {
    let request = Request {
        command: "project add",
        activity: Activity::ProjectAdded,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.project(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::Record)?;
            if write.has_code(Noun::Project, input.code.as_str())? {
                return Err(Refused::Exists {
                    noun: "project",
                    code: input.code.clone(),
                }
                .into());
            }
            let project = ProjectRef {
                id: write.ids.make(),
                code: input.code.clone(),
            };
            let number = write.insert_project(&project, &input.name, input.currency)?;
            let changes =
                json!({ "project": project.code, "name": input.name, "currency": input.currency });
            let concern = Concern {
                project: Some(project.id),
                ..Concern::default()
            };
            write.record(Fact::new(Activity::ProjectAdded, changes).about(concern))?;
            Ok((number, write.project(number, AsOf::Now)?))
        },
    )
}

/// Renames a project. Its currency never changes.
///
/// # Errors
/// [`Refused::Forbidden`].
pub fn set(ledger: &mut Ledger, session: Session, input: &Change) -> Result<Done<Project>, Error> {
    let request = Request {
        command: "project set",
        activity: Activity::ProjectChanged,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.project(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::Project, &input.project)?;
            let before = write.project(number, AsOf::Now)?;
            if before.name == input.name {
                return Ok((number, before));
            }
            write.update_project(number, &input.name)?;
            let changes =
                json!({ "project": before.project.code, "name": [before.name, input.name] });
            let concern = Concern {
                project: Some(before.project.id),
                ..Concern::default()
            };
            write.record(Fact::new(Activity::ProjectChanged, changes).about(concern))?;
            Ok((number, write.project(number, AsOf::Now)?))
        },
    )
}

/// Lists projects, in order of their codes.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(ledger: &mut Ledger, as_of: AsOf, each: Sink<'_, Project>) -> Result<(), Error> {
    ledger.read(|tx| {
        tx.projects(as_of)?
            .into_iter()
            .try_for_each(|project| each(project).map_err(Error::Output))
    })
}

/// Reads one project and what its register has issued and redeemed.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, project: &str) -> Result<ProjectDetail, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Project, project)?;
        let project = tx.project(number, AsOf::Now)?;
        let supply = tx.supply(project.project.id)?;
        Ok(ProjectDetail { project, supply })
    })
}
