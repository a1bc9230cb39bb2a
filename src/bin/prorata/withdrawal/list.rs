//! `prorata withdrawal list`

use prorata::{domain::withdrawal::WithdrawalStatus, ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags, words::withdrawal_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List the withdrawals
///
/// Shows the requests with status, amount and payment; account numbers are masked. Anybody who can
/// read the file may run it. Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal list --event MARINA-2025-Q4 --status pending
  prorata withdrawal list --holder musa --format csv")]
pub(crate) struct Args {
    /// Only of this event: its code, for example MARINA-2025-Q4
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Only of this holder: the code, for example musa
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = withdrawal_status())]
    status: Option<WithdrawalStatus>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::withdrawal::FIELDS)?;
    let pii = cx.pii(args.pii);
    let Args {
        event,
        project,
        holder,
        status,
        ..
    } = args;
    let filter = ops::withdrawal::Filter {
        event,
        project,
        holder,
        status,
        marked_at: Some(Context::now()),
    };
    let read = ops::withdrawal::list(&mut ledger, &filter, reader.as_of, &mut |withdrawal| {
        list.add(&report::withdrawal::cells(&withdrawal, pii))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::WITHDRAWAL)
}
