//! `prorata payment file export`

use prorata::{
    ops::{self, payment::file::export},
    payfile,
};

use crate::{
    flags::{ChangeFlags, FileFlags},
    noun,
    open::Context,
    output,
    present::{Outcome, Output},
    usage::Usage,
};

/// Write a payment file for the bank
///
/// Writes the same bytes every time, compares them with those of the file's creation, and records
/// every export in the audit trail. Every export looks again: it is refused if a holder was blocked
/// since, bank details changed, or a withdrawal was paid in another way. It shows complete account
/// numbers. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file export F-000001 --output to-the-bank.csv --as bola
  prorata payment file export F-000001 -o to-the-bank.xml --force --as bola")]
pub(crate) struct Args {
    /// Payment file code, for example F-000001
    file: String,
    #[command(flatten)]
    change: ChangeFlags,
    #[command(flatten)]
    output: FileFlags,
}

/// Runs the command. Its bytes are compared with those of its creation, and the trail records the
/// export, before any of them leaves.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    if args.output.output.is_none() {
        return Err(Usage::Invalid(
            "name the file with `--output FILE`: a payment file is for its owner alone".to_owned(),
        )
        .into());
    }
    let (target, mut ledger) = cx.write_file(&args.change, &args.output)?;
    let contents = export::contents(&mut ledger, &args.file)?;
    let mut spool = output::spool();
    let written = payfile::write(
        contents.file.layout,
        &contents.header,
        contents.items.iter().map(Ok),
        &mut spool,
    );
    let hash = written.map_err(|error| match error {
        payfile::WriteError::Output(error) => {
            anyhow::Error::from(error).context("the bytes of the payment file could not be made")
        }
        error @ (payfile::WriteError::Items(_)
        | payfile::WriteError::Header { .. }
        | payfile::WriteError::Item { .. }
        | payfile::WriteError::Count { .. }
        | payfile::WriteError::Total { .. }) => ops::payment::file::unfit(error).into(),
    })?;
    contents.must_hash_to(&hash)?;
    let session = cx.session(&args.change)?;
    let done = export::note(&mut ledger, session, (&args.file, &hash))?;
    let file = contents.file;
    let total = file.total.grouped(file.currency.decimals());
    let payments = noun::PAYMENT.count(file.payments);
    let before = done.value.map(|first| {
        format!(
            "; it was exported before, first on {} by {}: make sure that the bank gets it once",
            first.at.date(),
            first.by.code
        )
    });
    let said = format!(
        "exported payment file {}: {payments}, {} {total}{}; next: upload it, then `prorata bank import {} FILE`",
        file.number,
        file.currency,
        before.unwrap_or_default(),
        file.account.code,
    );
    let file = Output::Text(target, spool);
    Ok(Outcome::changed(file, done.how, said))
}
