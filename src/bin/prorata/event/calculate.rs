//! `prorata event calculate`

use prorata::{ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::event::calculate(&mut ledger, writer.session()?, &args.event)?;
    let code = &done.value.event.event.code;
    let said = format!(
        "allocated to {}; next, by an approver: `prorata event approve {code}`",
        noun::HOLDER.count(done.value.holders)
    );
    Ok(writer.wrote(
        &done,
        report::event::calculated(&done.value.event, done.value.holders),
        said,
    ))
}
