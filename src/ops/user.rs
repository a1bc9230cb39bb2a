//! Users: add, change, list.

use serde::Serialize;
use serde_json::json;

use super::{Error, Sink, requests};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        code::Code,
        id::UserRef,
        reviewers::Reviewers,
        session::{Claim, Session},
        user::{self, Act, Role, User, UserClaim, UserStatus},
    },
    store::{AsOf, Done, Ledger, Noun, Request},
};

/// A user to be added.
#[derive(Clone, Debug, Serialize)]
pub struct NewUser {
    /// The code.
    pub code: Code,
    /// The role.
    pub role: Role,
    /// The name.
    pub name: Option<String>,
}

/// What is to change of a user; what is `None` stays.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The user.
    pub user: String,
    /// The role.
    pub role: Option<Role>,
    /// The name.
    pub name: Option<String>,
    /// Whether the user may act.
    pub status: Option<UserStatus>,
}

/// Adds a user.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::Exists`].
pub fn add(ledger: &mut Ledger, session: Session, input: &NewUser) -> Result<Done<User>, Error> {
    let request = Request {
        command: "user add",
        activity: Activity::UserAdded,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.user(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::ManageUsers)?;
            if write.has_code(Noun::User, input.code.as_str())? {
                return Err(Refused::Exists {
                    noun: "user",
                    code: input.code.clone(),
                }
                .into());
            }
            let user = UserRef {
                id: write.ids.make(),
                code: input.code.clone(),
            };
            let number = write.insert_user(&user, input.name.as_deref(), input.role)?;
            let changes = json!({ "user": user.code, "role": input.role });
            write.record(Fact::new(Activity::UserAdded, changes))?;
            Ok((number, write.user(number, AsOf::Now)?))
        },
    )
}

/// Changes a user's role, name or status.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::LastAdmin`].
pub fn set(ledger: &mut Ledger, session: Session, input: &Change) -> Result<Done<User>, Error> {
    let request = Request {
        command: "user set",
        activity: Activity::UserChanged,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.user(number, AsOf::At(at))?),
        |write| {
            write.actor.must(Act::ManageUsers)?;
            let number = write.resolve(Noun::User, &input.user)?;
            let before = write.user(number, AsOf::Now)?;
            let after = User {
                role: input.role.unwrap_or(before.role),
                name: input.name.clone().or_else(|| before.name.clone()),
                status: input.status.unwrap_or(before.status),
                ..before.clone()
            };
            user::change(&before, after.role, after.status, write.active_admins()?)?;
            if after == before {
                return Ok((number, before));
            }
            let after = user::introduced(&before, after, &write.actor, write.now);
            write.update_user(&after)?;
            let changes = json!({
                "user": before.user.code,
                "role": [before.role, after.role],
                "name": [before.name, after.name],
                "status": [before.status, after.status],
            });
            write.record(Fact::new(Activity::UserChanged, changes))?;
            Ok((number, write.user(number, AsOf::Now)?))
        },
    )
}

/// Acknowledges that a user was added, changed or made active again.
///
/// # Errors
/// Those of [`Reviewers::acknowledge`].
pub fn acknowledge(ledger: &mut Ledger, session: Session, user: &str) -> Result<Done<User>, Error> {
    let request = Request {
        command: "user acknowledge",
        activity: Activity::UserAcknowledged,
        input: &requests::UserAcknowledgement { user },
    };
    ledger.write(
        session,
        request,
        |tx, number, at| Ok(tx.user(number, AsOf::At(at))?),
        |write| {
            let number = write.resolve(Noun::User, user)?;
            let before = write.user(number, AsOf::Now)?;
            write.reviewers.acknowledge(&before, &write.actor)?;
            if before.acknowledged_by.is_some() {
                return Ok((number, before));
            }
            let changes = json!({
                "user": before.user.code,
                "role": before.role,
                "introduced_by": before.introduced_by.code,
            });
            write.update_user(&User {
                acknowledged_by: Some(write.actor.user.clone()),
                acknowledged_at: Some(write.now),
                ..before
            })?;
            write.record(Fact::new(Activity::UserAcknowledged, changes))?;
            Ok((number, write.user(number, AsOf::Now)?))
        },
    )
}

/// Reads who reviews, and whether four eyes are on.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn reviewers(ledger: &mut Ledger) -> Result<Reviewers, Error> {
    ledger.read(|tx| Ok(tx.reviewers()?))
}

/// Lists users, in order of their codes.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(ledger: &mut Ledger, as_of: AsOf, each: Sink<'_, User>) -> Result<(), Error> {
    ledger.read(|tx| {
        tx.users(as_of)?
            .into_iter()
            .try_for_each(|user| each(user).map_err(Error::Output))
    })
}

/// Reads the user who acts.
///
/// # Errors
/// [`store::Error::UnknownActor`](crate::store::Error::UnknownActor) if the claim names nobody.
pub fn acting(ledger: &mut Ledger, claim: &Claim) -> Result<UserClaim, Error> {
    let user = ledger.read(|tx| Ok::<_, Error>(tx.acting_user(claim)?))?;
    Ok(UserClaim {
        user,
        claimed_by: claim.by,
        ledger: ledger.path().display().to_string(),
    })
}

/// Reads one user.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, user: &str) -> Result<User, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::User, user)?;
        Ok(tx.user(number, AsOf::Now)?)
    })
}
