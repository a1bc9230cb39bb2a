//! `prorata tax certificate list`

use prorata::{domain::tax::certificate::CertificateStatus, ops, report};

use crate::{
    flags::{rows::ListFlags, words::certificate_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List the certificates of holders
///
/// Shows what lowers the tax of holders, on which days, and who agreed. Anybody who can read the file
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax certificate list --holder musa
  prorata tax certificate list --status approved --format csv")]
pub(crate) struct Args {
    /// Only of this holder
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = certificate_status())]
    status: Option<CertificateStatus>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::tax_certificate::FIELDS)?;
    let filter = ops::tax::certificate::Filter {
        holder: args.holder,
        status: args.status,
    };
    let read =
        ops::tax::certificate::list(&mut ledger, &filter, reader.as_of, &mut |certificate| {
            list.add(&report::tax_certificate::cells(&certificate))
        });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::CERTIFICATE)
}
