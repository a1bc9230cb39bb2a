//! `prorata bank import`

use std::path::{Path, PathBuf};

use prorata::{
    domain::statement_import::{Imported, Lookalikes},
    ops::{
        self,
        bank::{Destination, ImportInput},
    },
    report::{
        self,
        bank::{Again, StatementRow},
    },
};

use crate::{
    flags::{WriteFlags, statement_layout::StatementLayout},
    noun,
    open::Context,
    present::Outcome,
    usage::Usage,
};

/// Import a bank statement: CSV, OFX, CAMT.053 or MT940
///
/// Recognises the format, proves the balances, and takes only lines that it does not have. A file
/// is imported completely or not at all. Of a file with several accounts it takes the statements of
/// the named one, or with --all each into its own. The account comes first, then the file. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank import RENT statement.csv --as bola
  prorata bank import RENT statement.csv --columns date=1,description=4,debit=5,credit=6 --as bola")]
pub(crate) struct Args {
    /// Bank account code, for example RENT; with --all the file
    account: String,
    /// Statement file, for example statement.csv; - is standard input
    #[arg(
        value_name = "FILE",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    file: Option<PathBuf>,
    /// Import every statement of the file into the account that it names
    #[arg(long)]
    all: bool,
    /// Take lines of the same days and amounts as others for new ones
    #[arg(long)]
    new_lines: bool,
    #[command(flatten)]
    layout: StatementLayout,
    #[command(flatten)]
    write: WriteFlags,
}

/// Returns whether the account and the file are most likely in each other's place.
fn is_swapped(account: &str, file: &Path) -> bool {
    Path::new(account).is_file() && file != Path::new("-") && !file.exists()
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let profile = args.layout.profile()?;
    let (into, file) = match &args.file {
        Some(file) => (Destination::Account(&args.account), file.as_path()),
        None => (Destination::Named, Path::new(&args.account)),
    };
    if into == Destination::Account(&args.account) && is_swapped(&args.account, file) {
        let (account, file) = (file.display(), &args.account);
        let words = format!("the account comes first: `prorata bank import {account} {file}`");
        return Err(Usage::Invalid(words).into());
    }
    let bytes = cx.read_input(file)?;
    let session = writer.session()?;
    let input = ImportInput {
        into,
        bytes: &bytes,
        options: args.layout.options(profile.as_ref(), session.today),
        lookalikes: if args.new_lines {
            Lookalikes::TakeAsNew
        } else {
            Lookalikes::Refuse
        },
    };
    let done = ops::bank::import(&mut ledger, session, input)?;
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
    say_findings(cx, imported);
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
            "imported {}, {known} known; next: `prorata bank reconcile {}`",
            noun::NEW_LINE.count(new),
            next_accounts(imported)
        )
    };
    if let [row] = rows.as_slice() {
        let record = report::bank::statement_record(row);
        return Ok(writer.wrote(&done, record, said));
    }
    let mut list = writer.list(report::bank::STATEMENTS)?;
    rows.iter()
        .try_for_each(|row| list.add(&report::bank::statement(row)))
        .map_err(ops::Error::Output)?;
    Ok(writer.wrote_list(&done, list, said))
}

/// Names the accounts that lines came into.
fn next_accounts(imported: &Imported) -> String {
    let mut accounts: Vec<&str> = Vec::new();
    for statement in &imported.statements {
        let code = statement.account.code.as_str();
        if !accounts.contains(&code) {
            accounts.push(code);
        }
    }
    accounts.join("`, `prorata bank reconcile ")
}

/// Says what was decided and skipped, and warns of findings.
fn say_findings(cx: &Context, imported: &Imported) {
    if imported.already_imported {
        let number = imported
            .statements
            .first()
            .map(|statement| statement.number.to_string())
            .unwrap_or_default();
        cx.voice.say(&format!("already imported as {number}"));
        return;
    }
    for decision in &imported.decisions {
        cx.voice.say(&format!("decided: {decision}"));
    }
    for row in &imported.skipped {
        let amount = row
            .amount
            .map(|amount| format!(", {}", amount.grouped(2)))
            .unwrap_or_default();
        cx.voice.say(&format!(
            "skipped: line {}, {}{amount}",
            row.place, row.reason
        ));
    }
    for statement in &imported.statements {
        for finding in &statement.findings {
            cx.voice.warn(&format!(
                "{}: {}: {}",
                statement.number,
                finding.kind.as_str(),
                finding.detail
            ));
        }
    }
}
