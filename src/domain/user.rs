//! Users: who acts, in which role, and what a role may do.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Refused,
    id::{UserId, UserRef},
    time::Instant,
};

/// What a user may do. No role is exempt from four eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Does everything, but never approves own work.
    Admin,
    /// Records: register, events, requests, payments.
    Operator,
    /// Approves and rejects.
    Approver,
    /// Reads and verifies.
    Auditor,
}

/// Whether a user may still act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Acts in the role.
    Active,
    /// Has left; stays in the trail.
    Inactive,
}

/// What is attempted, as far as roles tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Adds and changes users.
    ManageUsers,
    /// Records: projects, holders, register, events, requests, payments.
    Record,
    /// Approves and rejects.
    Review,
    /// Reads, verifies, copies.
    Read,
}

/// A user of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The row number.
    pub number: i64,
    /// The id and code.
    pub user: UserRef,
    /// The name, where one was given.
    pub name: Option<String>,
    /// The role.
    pub role: Role,
    /// Whether the user may act.
    pub status: UserStatus,
    /// Who added the user.
    pub created_by: UserId,
    /// When the user was added.
    pub created_at: Instant,
    /// When the user last changed.
    pub updated_at: Instant,
}

/// Whether a second person must approve. Fixed when the ledger is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl Role {
    /// All roles, in the order of help texts.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Operator, Self::Approver, Self::Auditor];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
        }
    }

    /// Tells whether the role allows the act.
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::ManageUsers => matches!(self, Self::Admin),
            Act::Record => matches!(self, Self::Admin | Self::Operator),
            Act::Review => matches!(self, Self::Admin | Self::Approver),
            Act::Read => true,
        }
    }
}

impl UserStatus {
    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

impl Act {
    /// Names the act for messages: "may not …".
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ManageUsers => "manage users",
            Self::Record => "record anything",
            Self::Review => "approve or reject",
            Self::Read => "read",
        }
    }
}

impl FourEyes {
    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl Actor {
    /// Refuses where the role does not allow the act.
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

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Decides whether a user may take another role or status.
///
/// # Errors
/// [`Refused::LastAdmin`] where nobody would be left to manage users.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_just_its_own() {
        let table = [
            (Role::Admin, [true, true, true, true]),
            (Role::Operator, [false, true, false, true]),
            (Role::Approver, [false, false, true, true]),
            (Role::Auditor, [false, false, false, true]),
        ];
        for (role, may) in table {
            let acts = [Act::ManageUsers, Act::Record, Act::Review, Act::Read];
            assert_eq!(acts.map(|act| role.may(act)), may, "{role}");
        }
    }
}
