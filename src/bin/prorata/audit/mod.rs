//! `prorata audit …`

mod head;
mod log;
mod verify;

use clap::Subcommand;
use prorata::{
    domain::{
        activity::Activity,
        time::{Date, Instant, parse_date},
    },
    ops,
};

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the entries of the audit trail
    Log(log::Args),
    /// Show the head of the audit trail
    Head(head::Args),
    /// Verify the trail and every row against it; exit 3 where something differs
    ///
    /// Every entry is hashed again, and every row is compared with the hash that the last entry which
    /// wrote it committed to. The rows are read from the tables; indexes are not looked at, `prorata
    /// check` checks them.
    Verify(verify::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Log(args) => log::run(cx, args),
            Self::Head(args) => head::run(cx, args),
            Self::Verify(args) => verify::run(cx, args),
        }
    }
}

/// Which entries of the trail a list or a report is about.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Entries {
    /// Only about this event
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only about this withdrawal
    #[arg(long, value_name = "WITHDRAWAL")]
    withdrawal: Option<String>,
    /// Only by this user
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// On or after this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) from: Option<Date>,
    /// On or before this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) to: Option<Date>,
}

impl Entries {
    /// Tells them to the library, all or those of one type.
    pub(crate) fn filter(self, activity: Option<Activity>) -> ops::audit::Filter {
        let Self {
            event,
            withdrawal,
            user,
            from,
            to,
        } = self;
        let (from, to) = (
            from.and_then(Instant::start_of),
            to.and_then(Instant::end_of),
        );
        ops::audit::Filter {
            event,
            withdrawal,
            user,
            activity,
            from,
            to,
        }
    }
}
