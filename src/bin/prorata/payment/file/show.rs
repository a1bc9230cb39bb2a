//! `prorata payment file show`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, PiiFlag},
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment file
    file: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let pii = cx.pii(args.pii);
    let (file, items) = ops::payment::file::show(&mut ledger, &args.file)?;
    Ok(reader.show(&ledger, report::payment_file::with_items(&file, items, pii)))
}
