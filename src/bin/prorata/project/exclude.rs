//! `prorata project exclude`

use prorata::{
    domain::{event::Policy, text::words, time::Date},
    ops::{self, project::exclusion::NewExclusion},
    report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Exclude a holder from the events of a project
///
/// The holder keeps the tokens and gets no allocation of events with a record date from one day on.
/// The policy says what becomes of the holder's part: the others share it (redistribute), the fund
/// keeps it (retain), or another holder gets it (assign:HOLDER). A holder under sanctions is blocked
/// instead. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project exclude eze --project MARINA --policy retain --reason treasury --from 2026-01-01
  prorata project exclude eze --project MARINA --policy assign:musa --reason unsold --from today")]
pub(crate) struct Args {
    /// Holder code, for example treasury
    holder: String,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// What becomes of the holder's part: redistribute, retain or assign:HOLDER
    #[arg(long, value_name = "POLICY")]
    policy: Policy<String>,
    /// Reason: treasury, unsold, defaulted or 'other: TEXT'
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    /// First record date it counts for, for example 2026-01-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Date,
    /// Last record date it counts for, for example 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    until: Option<Date>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = NewExclusion {
        holder: args.holder,
        project: args.project,
        policy: args.policy,
        reason: args.reason,
        from: args.from,
        until: args.until,
    };
    let done = ops::project::exclusion::exclude(&mut ledger, writer.session()?, &input)?;
    let standing = &done.value;
    let said = format!(
        "excluded {} from events of {} with a record date from {} on{}; calculated events must be calculated again",
        standing.exclusion.holder.code,
        standing.project.code,
        standing.from,
        standing
            .until
            .map_or_else(String::new, |until| format!(" until {until}"))
    );
    Ok(writer.wrote(&done, report::exclusion::record(standing), said))
}
