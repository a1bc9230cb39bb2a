//! `prorata export beancount`

use prorata::render::journal::Layout;

use crate::{
    journal::{self, ExportFlags},
    open::Context,
    present::Outcome,
};

/// Write the ledger as a journal for Beancount
///
/// Writes double entries that `bean-check` accepts: what holders and authorities are owed, and what
/// the bank accounts show. The fund's own books of its events are added only if that is said.
/// Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata export beancount --output books.beancount
  prorata export beancount --as-of 2026-01-31 --output january.beancount")]
pub(crate) struct Args {
    #[command(flatten)]
    export: ExportFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    journal::export(cx, &args.export, Layout::Beancount, |file| {
        format!("bean-check {file}")
    })
}
