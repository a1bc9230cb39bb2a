//! `prorata payment file export`

use prorata::{ops, payfile};

use crate::{context::Context, exit::Exit, output, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment file
    file: String,
}

/// Runs the command. The trail tells of the export before a byte of it leaves.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    if cx.global.output.is_none() {
        return Err(Usage::Invalid("give `--output FILE`: a payment file is written for its owner alone".to_owned()).into());
    }
    let mut ledger = cx.exporter()?;
    let contents = ops::payment::file::contents(&mut ledger, &args.file)?;
    let mut spool = output::spool();
    let items = contents.items.into_iter().map(Ok::<_, std::convert::Infallible>);
    payfile::write(contents.file.layout, &contents.header, items, &mut spool)?;
    let done = ops::payment::file::note_export(&mut ledger, cx.session()?, &args.file)?;
    let file = contents.file;
    let total = file.total.grouped(file.currency.decimals());
    let plural = if file.payments == 1 { "" } else { "s" };
    let said =
        format!("exported payment file {}: {} payment{plural}, {} {total}", file.number, file.payments, file.currency);
    cx.wrote_file(ledger, &done, spool, &said)
}
