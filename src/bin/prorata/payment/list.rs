//! `prorata payment list`

use prorata::{domain::payment::PaymentStatus, ops, report};

use crate::{
    flags::{rows::ListFlags, words::payment_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List the payments
///
/// Shows the payments with reference, date and status. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment list --event MARINA-2025-Q4
  prorata payment list --status returned --format csv")]
pub(crate) struct Args {
    /// Only of this event: its code, for example MARINA-2025-Q4
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Only to this holder: the code, for example musa
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = payment_status())]
    status: Option<PaymentStatus>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::payment::FIELDS)?;
    let Args {
        event,
        project,
        holder,
        status,
        ..
    } = args;
    let filter = ops::payment::Filter {
        event,
        project,
        holder,
        status,
    };
    let read = ops::payment::list(&mut ledger, &filter, reader.as_of, &mut |payment| {
        list.add(&report::payment::cells(&payment))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::PAYMENT)
}
