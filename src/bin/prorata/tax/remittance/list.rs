//! `prorata tax remittance list`

use prorata::{domain::tax::liability::RemittanceStatus, ops, report};

use crate::{
    flags::{rows::ListFlags, words::remittance_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List what was remitted to authorities
///
/// Shows every remittance, also those that were taken back, and the bank line that shows it. Anybody
/// who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax remittance list
  prorata tax remittance list --status recorded --format csv")]
pub(crate) struct Args {
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = remittance_status())]
    status: Option<RemittanceStatus>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::tax::REMITTANCES)?;
    let read =
        ops::tax::remittance::list(&mut ledger, args.status, reader.as_of, &mut |remittance| {
            list.add(&report::tax::remittance(&remittance))
        });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::REMITTANCE)
}
