//! `prorata payment file cancel`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment file
    file: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::payment::file::cancel(
        &mut ledger,
        writer.session()?,
        ops::payment::file::Cancellation {
            file: &args.file,
            reason: &args.reason,
        },
    )?;
    let said = format!(
        "cancelled payment file {}; its withdrawals are free: make sure that the bank never pays it",
        done.value.number
    );
    Ok(writer.wrote(&done, report::payment_file::record(&done.value), said))
}
