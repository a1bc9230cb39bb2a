//! `prorata bank resolve`

use prorata::{
    domain::{matching::LinkKind, text},
    ops, report,
};

use crate::{
    flags::{PiiFlag, WriteFlags, words},
    open::Context,
    present::Outcome,
};

/// Explain a line that has nothing to do with payments
///
/// Records what the line is, with a reason, so that it is no longer left to settle. An operator or
/// an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank resolve L-000160 --kind fee --reason 'Transfer fee' --as bola
  prorata bank resolve L-000001 --kind funding --reason 'Rent collected' --as bola")]
pub(crate) struct Args {
    /// Bank line code, for example L-000104
    line: String,
    /// What the line is
    #[arg(long, value_name = "KIND", value_parser = words::resolved_kind())]
    kind: LinkKind,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = text::words)]
    reason: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let pii = writer.pii(args.pii);
    let request = ops::bank::ResolveRequest {
        line: &args.line,
        kind: args.kind,
        reason: &args.reason,
    };
    let done = ops::bank::resolve(&mut ledger, writer.session()?, &request)?;
    let kind = words::resolved_word(args.kind);
    let said = format!("explained {} as {kind}", done.value.number);
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
