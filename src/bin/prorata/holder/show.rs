//! `prorata holder show`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, PiiFlag},
    open::Context,
    present::Outcome,
};

/// Show a holder
///
/// Shows one holder with status, contact and bank details; the account number is masked. Anybody
/// who can read the file may run it. The complete account number needs a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder show musa
  prorata holder show musa --show-pii --as bola")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let pii = cx.pii(args.pii);
    let holder = ops::holder::show(&mut ledger, &args.holder)?;
    Ok(reader.show(&ledger, report::holder::record(&holder, pii)))
}
