//! `prorata user …`

mod add;
mod list;
mod set;
mod show;

use clap::Subcommand;

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a user
    Add(add::Args),
    /// List the users
    List(list::Args),
    /// Show a user
    Show(show::Args),
    /// Change a user's role, name or status
    Set(set::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Set(args) => set::run(cx, args),
        }
    }
}

/// The roles, as the command line names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RoleName {
    /// Everything, but never approves own work
    Admin,
    /// Records: register, events, requests, payments
    Operator,
    /// Approves and rejects
    Approver,
    /// Reads and verifies
    Auditor,
}

/// Whether a user may act, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StatusName {
    /// Acts in the role
    Active,
    /// Has left; stays in the trail
    Inactive,
}

impl From<RoleName> for prorata::domain::user::Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Operator => Self::Operator,
            RoleName::Approver => Self::Approver,
            RoleName::Auditor => Self::Auditor,
        }
    }
}

impl From<StatusName> for prorata::domain::user::UserStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Active => Self::Active,
            StatusName::Inactive => Self::Inactive,
        }
    }
}
