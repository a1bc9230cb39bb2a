//! `prorata migrate`

use std::path::PathBuf;

use prorata::{domain::consent::Consent, ops, report, store::How};

use crate::{
    flags::{ChangeFlags, OutputFlags, WriteFlags, YesFlag},
    open::Context,
    present::Outcome,
};

/// Update a ledger of an older version, after a verified copy
///
/// Copies the ledger first, verifies the copy, and then brings the ledger to this version in one
/// transaction. An older program cannot use it afterwards. An admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata migrate --as amaka
  prorata migrate --backup before.db --as amaka")]
pub(crate) struct Args {
    /// New file for the copy that is made first [default: the ledger's name with .before-migration]
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
    /// Show what would happen without changing anything
    #[arg(short = 'n', long, hide_short_help = true)]
    dry_run: bool,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let change = ChangeFlags {
        dry_run: args.dry_run,
        key: None,
    };
    let writer = cx.writer(&WriteFlags {
        change,
        output: args.output,
    })?;
    let ledger = &cx.global.ledger;
    let copy = args.backup.unwrap_or_else(|| {
        let mut name = ledger.clone().into_os_string();
        name.push(".before-migration");
        name.into()
    });
    let consent = if args.yes.yes || args.dry_run {
        Consent::ToAll
    } else {
        Consent::To(Vec::new())
    };
    let session = writer.session()?;
    let migrated = ops::ledger::migrate(ledger, cx.global.wait, session, (&copy, &consent))?;
    let copied = migrated.from != migrated.to;
    let how = match (copied, args.dry_run) {
        (false, _) => How::Unchanged,
        (true, true) => How::DryRun,
        (true, false) => How::Written,
    };
    let record = report::ledger::migrated(&report::ledger::Migration {
        from: migrated.from,
        to: migrated.to,
        copy: copied.then(|| copy.display().to_string()),
    });
    let said = format!("migrated; the ledger before it is {}", copy.display());
    Ok(writer.ended(how, record, said))
}
