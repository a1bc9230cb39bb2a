//! `prorata holder rename`

use prorata::{domain::code::Code, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Change the code of a holder that no event is about yet
///
/// The old code is free again, and a report of a past day shows the code of that day. Once an event
/// was calculated for the holder, or an exclusion or a tax certificate names it, the code stays:
/// calculations are proven in the order of the codes, and files and documents name them. An operator
/// or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder rename muse musa --as bola
  prorata holder rename ada-obi obi-ada --dry-run --as bola")]
pub(crate) struct Args {
    /// Holder code, for example muse
    holder: String,
    /// New code: letters, digits and -._, for example musa
    code: Code,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::holder::Renaming {
        holder: args.holder.clone(),
        code: args.code,
    };
    let done = ops::holder::rename(&mut ledger, writer.session()?, &input)?;
    let holder = &done.value.holder;
    let record = report::holder::record(holder, writer.pii(args.pii));
    let said = format!("renamed {} to {}", args.holder, holder.holder.code);
    Ok(writer.wrote(&done, record, said))
}
