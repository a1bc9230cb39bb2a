//! `prorata event …`

pub(crate) mod allocations;
mod approve;
mod calculate;
mod cancel;
mod create;
mod explain;
mod list;
mod show;

use clap::Subcommand;
use prorata::domain::time::{Date, parse_date};

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a distribution event
    Create(create::Args),
    /// Take the snapshot and allocate the amount over it
    Calculate(calculate::Args),
    /// Approve a calculation; holders may withdraw then
    Approve(approve::Args),
    /// Cancel an event and its open withdrawals
    Cancel(cancel::Args),
    /// List the events
    List(list::Args),
    /// Show an event
    Show(show::Args),
    /// List the allocations of an event
    Allocations(allocations::Args),
    /// Explain a holder's allocation to the last unit
    Explain(explain::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Create(args) => create::run(cx, args),
            Self::Calculate(args) => calculate::run(cx, args),
            Self::Approve(args) => approve::run(cx, args),
            Self::Cancel(args) => cancel::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Allocations(args) => allocations::run(cx, args),
            Self::Explain(args) => explain::run(cx, args),
        }
    }
}

/// Which events a list or a report is about: those of a project, and of the days on which they were
/// distributed.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Distributed {
    /// Only of this project
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<String>,
    /// Distributed on or after this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) from: Option<Date>,
    /// Distributed on or before this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) to: Option<Date>,
}

/// The types of events, as the command line names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TypeName {
    /// Running revenue
    Revenue,
    /// A sale of the project
    Exit,
    /// A dividend
    Dividend,
    /// Anything else
    Other,
}

/// The states of events, as the command line names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StatusName {
    /// Created
    Draft,
    /// Allocated, not approved
    Calculated,
    /// Approved
    Active,
    /// Paid out
    Completed,
    /// Given up
    Cancelled,
}

impl From<TypeName> for prorata::domain::event::EventType {
    fn from(name: TypeName) -> Self {
        match name {
            TypeName::Revenue => Self::Revenue,
            TypeName::Exit => Self::Exit,
            TypeName::Dividend => Self::Dividend,
            TypeName::Other => Self::Other,
        }
    }
}

impl From<StatusName> for prorata::domain::event::EventStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Draft => Self::Draft,
            StatusName::Calculated => Self::Calculated,
            StatusName::Active => Self::Active,
            StatusName::Completed => Self::Completed,
            StatusName::Cancelled => Self::Cancelled,
        }
    }
}
