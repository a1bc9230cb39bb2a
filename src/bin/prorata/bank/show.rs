//! `prorata bank show`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, PiiFlag},
    open::Context,
    present::Outcome,
};

/// Show a bank account
///
/// Shows one account of the fund; the account number is masked. Anybody who can read the file may
/// run it. The complete account number needs a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank show RENT
  prorata bank show RENT --show-pii --as bola")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let pii = cx.pii(args.pii);
    let account = ops::bank::show(&mut ledger, &args.account)?;
    Ok(reader.show(&ledger, report::bank::account_record(&account, pii)))
}
