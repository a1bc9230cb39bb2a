//! `prorata tax certificate reject`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Reject certificates
///
/// All of them are rejected, or none; they never count. An approver or an admin may run it, also the
/// one who recorded them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax certificate reject X-000001 --reason 'It is for another company' --as chidi
  prorata tax certificate reject X-000001 --reason Typo --dry-run --as chidi")]
pub(crate) struct Args {
    /// Certificate codes, for example X-000001
    #[arg(value_name = "CERTIFICATE", required = true)]
    certificates: Vec<String>,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = (args.certificates.as_slice(), args.reason.as_str());
    let done = ops::tax::certificate::reject(&mut ledger, writer.session()?, input)?;
    let mut list = writer.list(report::tax_certificate::FIELDS)?;
    for certificate in &done.value {
        list.add(&report::tax_certificate::cells(certificate))
            .map_err(anyhow::Error::from_boxed)?;
    }
    let said = format!("rejected {}", noun::CERTIFICATE.count(done.value.len()));
    Ok(writer.wrote_list(&done, list, said))
}
