//! Projects: add, change, list.

pub mod exclusion;

use serde::Serialize;
use serde_json::json;

use super::{
    Error, Sink,
    tax::profile::{ProfileChoice, keep},
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        code::Code,
        currency::Currency,
        id::ProjectRef,
        project::{Project, ProjectDetail},
        quantity::Amount,
        session::Session,
        tax::profile::TaxProfileRef,
        user::Act,
    },
    store::{AsOf, Done, Ledger, Noun, ProjectChange, Request},
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
    /// The name, if it changes.
    pub name: Option<String>,
    /// What a holder must be owed before it is paid, if it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_payout: Option<Amount>,
    /// After how many days an amount carried forward is pointed out, if it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_after: Option<i64>,
    /// The rates of its withholding tax, if they change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_profile: Option<ProfileChoice>,
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

/// Changes a project's name, minimum payout or tax profile. Its currency never changes.
///
/// # Errors
/// [`Refused::Forbidden`]; [`Refused::Tax`] if the profile is not one.
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
            let name = input.name.as_ref().unwrap_or(&before.name);
            let minimum = input.minimum_payout.unwrap_or(before.minimum_payout);
            let mut changes = serde_json::Map::new();
            if *name != before.name {
                changes.insert("name".to_owned(), json!([before.name, name]));
            }
            if minimum != before.minimum_payout {
                let change = json!([before.minimum_payout, minimum]);
                changes.insert("minimum_payout".to_owned(), change);
            }
            let stale_after = input.stale_after.unwrap_or(before.stale_after);
            if stale_after != before.stale_after {
                let change = json!([before.stale_after, stale_after]);
                changes.insert("stale_after".to_owned(), change);
            }
            let tax_profile = match &input.tax_profile {
                Some(choice) => keep(write, choice)?,
                None => before.tax_profile.clone(),
            };
            let mut tax_profile_set = before.tax_profile_set.clone();
            if tax_profile != before.tax_profile {
                tax_profile_set = Some((write.actor.user.clone(), write.now));
                let shown =
                    |of: Option<&TaxProfileRef>| of.map(|of| format!("{} {}", of.name, of.sha256));
                let change = json!([
                    shown(before.tax_profile.as_ref()),
                    shown(tax_profile.as_ref())
                ]);
                changes.insert("tax_profile".to_owned(), change);
            }
            if changes.is_empty() {
                return Ok((number, before));
            }
            write.update_project(&ProjectChange {
                number,
                name: name.clone(),
                minimum_payout: minimum,
                stale_after,
                tax_profile,
                tax_profile_set,
            })?;
            changes.insert("project".to_owned(), json!(before.project.code));
            let changes = serde_json::Value::Object(changes);
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
