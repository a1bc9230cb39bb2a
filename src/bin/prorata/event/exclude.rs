//! `prorata event exclude`

use prorata::{
    domain::{event::Policy, text::words},
    ops::{self, event::EventExclusion},
    report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome, totals};

/// Exclude holders from one event
///
/// The holders get no allocation of this event, whatever the project's exclusions say. The policy
/// says what becomes of their parts: the others share them (redistribute), the fund keeps them
/// (retain), or another holder gets them (assign:HOLDER). A calculated event is a draft again. A
/// holder under sanctions is blocked instead. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event exclude MARINA-2025-Q4 treasury --policy retain --reason treasury --as bola
  prorata event exclude MARINA-2025-Q4 eze musa --policy redistribute --reason defaulted")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// Holder codes, for example treasury
    #[arg(required = true, value_name = "HOLDER")]
    holders: Vec<String>,
    /// What becomes of the holders' parts: redistribute, retain or assign:HOLDER
    #[arg(long, value_name = "POLICY")]
    policy: Policy<String>,
    /// Reason: treasury, unsold, defaulted or 'other: TEXT'
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = EventExclusion {
        event: args.event,
        holders: args.holders,
        policy: args.policy,
        reason: args.reason,
    };
    let done = ops::event::exclude(&mut ledger, writer.session()?, &input)?;
    let said = totals::of_draft(&done.value.event);
    Ok(writer.wrote(&done, report::event::shown(&done.value), said))
}
