//! `prorata forward write-off`

use prorata::{
    domain::{quantity::Amount, text::words},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Propose to give up forward balances that no bank can pay
///
/// For a project that ends: all balances below the amount, which is at most the smallest amount
/// that a bank pays, become income of the fund once somebody else approves the proposal. What can be
/// paid is released instead. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata forward write-off --project MARINA --below 0.01 --reason 'The project ended' --as bola
  prorata forward write-off --project MARINA --below 0.01 --reason 'Ended' --dry-run --as bola")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// Give up balances below this amount, for example 0.01
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    below: Amount,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::forward::NewWriteOff {
        project: args.project,
        below: args.below,
        reason: args.reason,
    };
    let done = ops::forward::write_off(&mut ledger, writer.session()?, &input)?;
    let proposal = &done.value;
    let said = format!(
        "proposed {}: {}; it has no effect yet; next, by somebody who reviews: `prorata proposal approve {}`",
        proposal.number, proposal.facts.detail, proposal.number
    );
    Ok(writer.wrote(&done, report::proposal::record(proposal), said))
}
