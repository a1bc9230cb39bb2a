//! `prorata export …`

mod beancount;
mod hledger;

use std::io::Write as _;

use clap::Subcommand;
use prorata::{
    ops,
    render::{
        self,
        journal::{JournalWriter, Layout},
    },
    report, store,
};

use crate::{context::Context, exit::Exit, output};

/// The layouts.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a journal that hledger reads
    Hledger(hledger::Args),
    /// Write a journal that Beancount reads
    Beancount(beancount::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Hledger(args) => hledger::run(cx, args),
            Self::Beancount(args) => beancount::run(cx, args),
        }
    }
}

/// Writes the journal in a layout, and says which command `checks` the file.
fn journal(
    cx: &Context,
    layout: Layout,
    checks: impl FnOnce(&str) -> String,
) -> anyhow::Result<Exit> {
    cx.has_own_layout()?;
    let mut ledger = cx.plain_reader()?;
    let mut writer = JournalWriter::new(layout, output::spool());
    let mut entries = 0_u64;
    ops::export::journal(&mut ledger, cx.as_of()?, cx.day(), &mut |piece| {
        let item = report::journal::item(piece).ok_or_else(|| store::Error::Damaged {
            detail: "more was paid than was requested".to_owned(),
        })?;
        entries += u64::from(matches!(item, report::journal::Item::Transaction(_)));
        Ok(writer.write(&item)?)
    })?;
    drop(ledger);
    let mut spool = writer.finish()?;
    spool.flush().map_err(render::Error::Write)?;
    cx.hand_out(spool)?;
    if let Some(path) = &cx.global.output {
        let plural = if entries == 1 { "entry" } else { "entries" };
        let (day, file) = (cx.day(), path.display().to_string());
        cx.say(&format!(
            "wrote {entries} {plural} as of {day} to {file}; next: `{}`",
            checks(&output::quoted(&file))
        ));
    }
    Ok(Exit::Done)
}
