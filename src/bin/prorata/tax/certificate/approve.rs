//! `prorata tax certificate approve`

use prorata::{ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Approve certificates
///
/// All of them are approved, or none; each counts from then on. It is the same act as the approval of
/// the proposal. An event that is calculated and not approved is calculated again. An approver or an
/// admin may run it. With four eyes on, nobody approves what that user recorded.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax certificate approve X-000001 --as chidi
  prorata tax certificate approve X-000001 X-000002 --dry-run --as chidi")]
pub(crate) struct Args {
    /// Certificate codes, for example X-000001
    #[arg(value_name = "CERTIFICATE", required = true)]
    certificates: Vec<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let session = writer.session()?;
    let done = ops::tax::certificate::approve(&mut ledger, session, &args.certificates)?;
    let mut list = writer.list(report::tax_certificate::FIELDS)?;
    for certificate in &done.value {
        list.add(&report::tax_certificate::cells(certificate))
            .map_err(anyhow::Error::from_boxed)?;
    }
    let said = format!(
        "approved {}; next: `prorata event calculate EVENT` for what is not approved yet",
        noun::CERTIFICATE.count(done.value.len())
    );
    Ok(writer.wrote_list(&done, list, said))
}
