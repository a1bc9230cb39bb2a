//! `prorata event explain`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
    /// Holder
    holder: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let explained = ops::event::explain(&mut ledger, &args.event, &args.holder)?;
    Ok(reader.show(&ledger, report::event::explanation(&explained)))
}
