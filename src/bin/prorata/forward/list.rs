//! `prorata forward list`

use prorata::{domain::time::Instant, ops, report};

use crate::{
    environment::Environment, flags::rows::ListFlags, noun, open::Context, present::Outcome,
};

/// List the forward balances of holders
///
/// Shows what waits for each holder's next event of a project: what was below the minimum, or below
/// what a bank can pay, since when, and which events carried it forward. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata forward list --project MARINA
  prorata forward list --holder musa --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Show only those of this project, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Show only those of this holder, for example musa
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let filter = ops::forward::Filter {
        project: args.project,
        holder: args.holder,
    };
    let mut list = reader.list(report::forward::FIELDS)?;
    let today = reader.as_of.instant().map(Instant::date);
    let today = today.unwrap_or_else(|| Environment::now().1);
    let mut stale = 0;
    let read = ops::forward::list(&mut ledger, &filter, reader.as_of, &mut |row| {
        stale += u64::from(row.is_stale(today));
        list.offer(&report::forward::cells(&row))
    });
    list.ended(read)?;
    if stale > 0 {
        let balances = noun::BALANCE.count(stale);
        cx.voice.warn_of(
            "forward.stale",
            &format!("{balances} waiting for longer than the project's `stale_after`; see `prorata forward release --help`"),
        );
    }
    reader.listed(&mut ledger, list, noun::BALANCE)
}
