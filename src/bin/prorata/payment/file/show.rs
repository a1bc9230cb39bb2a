//! `prorata payment file show`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, PiiFlag},
    open::Context,
    present::Outcome,
};

/// Show a payment file and its items
///
/// Shows one file and every payment in it; account numbers are masked. Anybody who can read the
/// file may run it. Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file show F-000001
  prorata payment file show F-000001 --format csv")]
pub(crate) struct Args {
    /// Payment file code, for example F-000001
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
    let detail = ops::payment::file::show(&mut ledger, &args.file)?;
    Ok(reader.show(&ledger, report::payment_file::with_items(detail, pii)))
}
