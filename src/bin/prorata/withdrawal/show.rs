//! `prorata withdrawal show`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, PiiFlag},
    open::Context,
    present::Outcome,
};

/// Show a withdrawal
///
/// Shows one request, who reviewed it, and its payment; the account number is masked. Anybody who
/// can read the file may run it. The complete account number needs a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal show W-000001
  prorata withdrawal show W-000001 --show-pii --as bola")]
pub(crate) struct Args {
    /// Withdrawal code, for example W-000001
    withdrawal: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let pii = cx.pii(args.pii);
    let withdrawal = ops::withdrawal::show(&mut ledger, &args.withdrawal, Context::now())?;
    Ok(reader.show(&ledger, report::withdrawal::record(&withdrawal, pii)))
}
