//! The roles of users, and what each may do.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::words::words;

/// What a user may do. No role is exempt from four eyes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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

/// What is attempted, as far as roles distinguish it. Its words follow "may not".
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub enum Act {
    /// Adds and changes users.
    #[strum(serialize = "manage users")]
    ManageUsers,
    /// Records: projects, holders, register, events, requests, payments.
    #[strum(serialize = "record anything")]
    Record,
    /// Approves and rejects.
    #[strum(serialize = "approve or reject")]
    Review,
    /// Reads, verifies, copies.
    #[strum(serialize = "read")]
    Read,
}

words!(Role, Act);

impl Role {
    /// Returns whether the role allows the act.
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::ManageUsers => matches!(self, Self::Admin),
            Act::Record => matches!(self, Self::Admin | Self::Operator),
            Act::Review => matches!(self, Self::Admin | Self::Approver),
            Act::Read => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_may_do_its_own_acts_and_no_others() {
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
