//! `prorata holder import`

use std::path::PathBuf;

use prorata::{
    ops::{self, holder::ExistingHolders},
    report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// CSV file: code,name[,email,country,bank_name,bank_code,account_number,account_name]; - is
    /// standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Change holders that are known already, in the columns that are given
    #[arg(long)]
    update: bool,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let bytes = cx.read_input(&args.file)?;
    let known = if args.update {
        ExistingHolders::Update
    } else {
        ExistingHolders::Refuse
    };
    let done = ops::holder::import(&mut ledger, cx.session()?, &bytes, known)?;
    let imported = &done.value;
    let said = format!(
        "imported {} rows: {} holders added, {} updated",
        imported.rows, imported.added, imported.updated
    );
    cx.wrote(ledger, &done, &report::holder::imported(imported), &said)
}
