//! `prorata tax certificate end`

use prorata::{
    domain::{text::words, time::Date},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// End a certificate before its last day
///
/// The certificate counts until that day, which is never before today: what was calculated with it
/// and approved stays. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax certificate end X-000001 --reason 'The holder moved' --as bola
  prorata tax certificate end X-000001 --on 2026-09-30 --dry-run --as bola")]
pub(crate) struct Args {
    /// Certificate code, for example X-000001
    certificate: String,
    /// Last day on which it counts, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    on: Option<Date>,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::tax::certificate::EndRequest {
        certificate: &args.certificate,
        on: args.on,
        reason: args.reason.as_deref(),
    };
    let done = ops::tax::certificate::end(&mut ledger, writer.session()?, &input)?;
    let certificate = &done.value;
    let said = format!(
        "ended {} of holder {}: it counts until {}",
        certificate.number,
        certificate.holder.code,
        certificate.last_day()
    );
    Ok(writer.wrote(&done, report::tax_certificate::record(certificate), said))
}
