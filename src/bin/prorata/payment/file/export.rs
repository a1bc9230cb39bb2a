//! `prorata payment file export`

use prorata::{ops, payfile};

use crate::{context::Context, exit::Exit, output, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment file
    file: String,
}

/// Runs the command. Its bytes are compared with those of its creation, and the trail tells of the
/// export, before one leaves.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    if cx.global.output.is_none() {
        return Err(Usage::Invalid(
            "give `--output FILE`: a payment file is written for its owner alone".to_owned(),
        )
        .into());
    }
    let mut ledger = cx.exporter()?;
    let contents = ops::payment::file::contents(&mut ledger, &args.file)?;
    let mut spool = output::spool();
    let written = payfile::write(
        contents.file.layout,
        &contents.header,
        contents.items.iter().map(Ok),
        &mut spool,
    );
    let hash = written.map_err(|error| match error {
        payfile::WriteError::Output(error) => anyhow::Error::from(error),
        error @ (payfile::WriteError::Items(_)
        | payfile::WriteError::Header { .. }
        | payfile::WriteError::Item { .. }
        | payfile::WriteError::Count { .. }
        | payfile::WriteError::Total { .. }) => ops::payment::file::unfit(error).into(),
    })?;
    contents.must_hash_to(&hash)?;
    let done = ops::payment::file::note_export(&mut ledger, cx.session()?, &args.file)?;
    let file = contents.file;
    let total = file.total.grouped(file.currency.decimals());
    let plural = if file.payments == 1 { "" } else { "s" };
    let said = format!(
        "exported payment file {}: {} payment{plural}, {} {total}",
        file.number, file.payments, file.currency
    );
    cx.wrote_file(ledger, &done, spool, &said)
}
