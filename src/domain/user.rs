//! Users: who acts, in which role, and what a role may do.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    id::{UserId, UserRef},
    session::ClaimedBy,
    time::Instant,
    words::words,
};

pub use super::role::{Act, Role};

/// Whether a user may still act.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum UserStatus {
    /// Acts in the role.
    Active,
    /// Has left; stays in the trail.
    Inactive,
}

/// A user of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The row number.
    pub number: i64,
    /// The id and code.
    pub user: UserRef,
    /// The name, if one was given.
    pub name: Option<String>,
    /// The role.
    pub role: Role,
    /// Whether the user may act.
    pub status: UserStatus,
    /// Who added the user, or last changed the role or made the user active again.
    pub introduced_by: UserRef,
    /// When.
    pub introduced_at: Instant,
    /// Who acknowledged that.
    pub acknowledged_by: Option<UserRef>,
    /// When.
    pub acknowledged_at: Option<Instant>,
    /// Who added the user.
    pub created_by: UserId,
    /// When the user was added.
    pub created_at: Instant,
    /// When the user last changed.
    pub updated_at: Instant,
}

/// Whether a second person must approve. Fixed when the ledger is created.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FourEyes {
    /// Nobody approves own work.
    On,
    /// Own work may be approved; every report says so.
    Off,
}

/// Who acts, in which role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The acting user.
    pub user: UserRef,
    /// The role.
    pub role: Role,
}

/// Who acts, as a command sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserClaim {
    /// The user.
    pub user: User,
    /// How the user was named.
    pub claimed_by: ClaimedBy,
    /// The ledger file.
    pub ledger: String,
}

words!(UserStatus, FourEyes);

impl UserClaim {
    /// Lists what the user may do: nothing if the user has left.
    pub fn acts(&self) -> Vec<Act> {
        match self.user.status {
            UserStatus::Active => {
                let all = Act::VARIANTS.iter().copied();
                all.filter(|act| self.user.role.may(*act)).collect()
            }
            UserStatus::Inactive => Vec::new(),
        }
    }
}

impl Actor {
    /// Refuses if the role does not allow the act.
    ///
    /// # Errors
    /// [`Refused::Forbidden`].
    pub fn must(&self, act: Act) -> Result<(), Refused> {
        if self.role.may(act) {
            return Ok(());
        }
        Err(Refused::Forbidden {
            actor: self.user.code.clone(),
            role: self.role,
            act,
        })
    }
}

/// Returns a changed user: another role, or a user who is active again, is an introduction that
/// nobody has acknowledged yet.
#[must_use]
pub fn introduced(before: &User, after: User, actor: &Actor, now: Instant) -> User {
    let active_again = before.status == UserStatus::Inactive && after.status == UserStatus::Active;
    if before.role == after.role && !active_again {
        return after;
    }
    User {
        introduced_by: actor.user.clone(),
        introduced_at: now,
        acknowledged_by: None,
        acknowledged_at: None,
        ..after
    }
}

/// Decides whether a user may take another role or status.
///
/// # Errors
/// [`Refused::LastAdmin`] if nobody would be left to manage users.
pub fn change(
    user: &User,
    role: Role,
    status: UserStatus,
    active_admins: i64,
) -> Result<(), Refused> {
    let was_admin = user.role == Role::Admin && user.status == UserStatus::Active;
    let stays_admin = role == Role::Admin && status == UserStatus::Active;
    if was_admin && !stays_admin && active_admins <= 1 {
        return Err(Refused::LastAdmin {
            user: user.user.code.clone(),
        });
    }
    Ok(())
}
