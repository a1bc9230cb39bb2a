//! `prorata migrate`

use std::path::PathBuf;

use prorata::{ops, report, store::How};

use crate::{context::Context, exit::Exit, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File of the copy that is made first [default: the ledger's name and its old version]
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: &Args) -> anyhow::Result<Exit> {
    cx.begins_to_write();
    cx.keeps_its_output()?;
    cx.only_now()?;
    if cx.global.key.is_some() {
        return Err(Usage::WrongFlag {
            flag: "--key",
            wanted: "commands that may be repeated; a migration happens once",
        }
        .into());
    }
    let ledger = cx.global.ledger.clone();
    let copy = args.backup.clone().unwrap_or_else(|| {
        let mut name = ledger.clone().into_os_string();
        name.push(".before-migration");
        name.into()
    });
    let migrated = ops::ledger::migrate(&ledger, cx.global.wait, cx.session()?, &copy)?;
    let copied = migrated.from != migrated.to;
    let how = match (copied, cx.global.dry_run) {
        (false, _) => How::Unchanged,
        (true, true) => How::DryRun,
        (true, false) => How::Written,
    };
    let record = report::ledger::migrated(&report::ledger::Migration {
        from: migrated.from,
        to: migrated.to,
        copy: copied.then(|| copy.display().to_string()),
    });
    let printed = cx.print(&record);
    cx.written(
        how,
        printed,
        &format!("migrated; the ledger as it was is {}", copy.display()),
    )
}
