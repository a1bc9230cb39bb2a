//! The ledger as a journal, in the layout of another program.

use std::io::Write as _;

use prorata::{
    ops::{self, export::FundBooks},
    render::{
        self,
        journal::{JournalWriter, Layout},
    },
    report, store,
};

use crate::{
    flags::{AsOfFlag, FileFlags},
    noun,
    open::Context,
    output,
    present::{Outcome, Output},
};

/// The flags of an export.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportFlags {
    /// Add the fund's own books of its events: proceeds, deductions and reserves
    #[arg(long)]
    with_deductions: bool,
    #[command(flatten)]
    as_of: AsOfFlag,
    #[command(flatten)]
    output: FileFlags,
}

/// Writes the journal, and names the command that `checks` the file.
pub(crate) fn export(
    cx: &Context,
    flags: &ExportFlags,
    layout: Layout,
    checks: impl FnOnce(&str) -> String,
) -> anyhow::Result<Outcome> {
    let target = cx.text(&flags.output)?;
    let (as_of, day) = (Context::as_of(flags.as_of)?, Context::day(flags.as_of));
    let mut ledger = cx.open_to_read()?;
    let mut writer = JournalWriter::new(layout, output::spool());
    let mut entries = 0_u64;
    let books = if flags.with_deductions {
        FundBooks::With
    } else {
        FundBooks::Without
    };
    ops::export::journal(&mut ledger, (as_of, day), books, &mut |piece| {
        let item = report::journal::item(piece).ok_or_else(|| store::Error::Damaged {
            detail: "more was paid than was requested".to_owned(),
        })?;
        entries += u64::from(matches!(item, report::journal::Item::Transaction(_)));
        Ok(writer.write(&item)?)
    })?;
    let mut spool = writer.finish()?;
    spool.flush().map_err(render::Error::Write)?;
    let said = target.file.as_ref().map(|path| {
        let file = path.display().to_string();
        format!(
            "wrote {} as of {day} to {file}; next: `{}`",
            noun::ENTRY.count(entries),
            checks(&output::quoted(&file))
        )
    });
    Ok(Outcome::read(Output::Text(target, spool)).saying(said.unwrap_or_default()))
}
