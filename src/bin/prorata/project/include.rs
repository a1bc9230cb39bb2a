//! `prorata project include`

use prorata::{
    domain::time::Date,
    ops::{self, project::exclusion::Inclusion},
    report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Let a holder take part in the events of a project again
///
/// Gives the holder's exclusion its last day. It still counts for events with that record date or
/// an earlier one; if the day is before the exclusion begins, it counts for none. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project include treasury --project MARINA --until 2026-12-31 --as bola
  prorata project include treasury --project MARINA --until yesterday --dry-run --as bola")]
pub(crate) struct Args {
    /// Holder code, for example treasury
    holder: String,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// Last record date that the exclusion counts for, for example 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    until: Date,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = Inclusion {
        holder: args.holder,
        project: args.project,
        until: args.until,
    };
    let done = ops::project::exclusion::include(&mut ledger, writer.session()?, &input)?;
    let standing = &done.value;
    let said = format!(
        "{} takes part in events of {} with a record date after {}; calculated events must be calculated again",
        standing.exclusion.holder.code, standing.project.code, input.until
    );
    Ok(writer.wrote(&done, report::exclusion::record(standing), said))
}
