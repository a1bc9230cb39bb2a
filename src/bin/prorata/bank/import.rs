//! `prorata bank import`

use std::path::PathBuf;

use prorata::{
    domain::statement_import::Imported,
    ops,
    report::{
        self,
        bank::{Again, StatementRow},
    },
};

use super::profile::Layout;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
    /// Statement file; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    layout: Layout,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let profile = args.layout.profile()?;
    let bytes = cx.read_input(&args.file)?;
    let session = cx.session()?;
    let options = args.layout.options(profile.as_ref(), session.today);
    let done = ops::bank::import(&mut ledger, session, (&args.account, &bytes), options)?;
    let imported = &done.value;
    let again = if imported.already_imported {
        Again::Imported
    } else {
        Again::New
    };
    let rows: Vec<_> = imported
        .statements
        .iter()
        .map(|statement| StatementRow {
            statement: statement.clone(),
            again,
        })
        .collect();
    tell(cx, imported);
    let (new, known) = imported
        .statements
        .iter()
        .fold((0, 0), |(new, known), statement| {
            (new + statement.lines_new, known + statement.lines_known)
        });
    let said = if imported.already_imported {
        String::new()
    } else {
        format!(
            "imported {new} new lines, {known} known; next: `prorata bank reconcile {}`",
            args.account
        )
    };
    if let [row] = rows.as_slice() {
        let record = report::bank::statement_record(row);
        return cx.wrote(ledger, &done, &record, &said);
    }
    let mut list = cx.list(report::bank::STATEMENTS)?;
    rows.iter()
        .try_for_each(|row| list.add(&report::bank::statement(row)))
        .map_err(ops::Error::Output)?;
    cx.wrote_list(ledger, &done, list, &said)
}

/// Says what was decided, skipped and found odd.
fn tell(cx: &Context, imported: &Imported) {
    if imported.already_imported {
        let number = imported
            .statements
            .first()
            .map(|statement| statement.number.to_string())
            .unwrap_or_default();
        cx.say(&format!("already imported as {number}"));
        return;
    }
    for decision in &imported.decisions {
        cx.say(&format!("decided: {decision}"));
    }
    for row in &imported.skipped {
        let amount = row
            .amount
            .map(|amount| format!(", {}", amount.grouped(2)))
            .unwrap_or_default();
        cx.say(&format!(
            "skipped: line {}, {}{amount}",
            row.place, row.reason
        ));
    }
    for statement in &imported.statements {
        for finding in &statement.findings {
            cx.warn(&format!(
                "{}: {}: {}",
                statement.number,
                finding.kind.as_str(),
                finding.detail
            ));
        }
    }
}
