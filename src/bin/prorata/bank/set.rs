//! `prorata bank set`

use prorata::{
    domain::text::name,
    ops::{self, bank::AccountProject},
    report,
};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Change the bank's name or the project of a bank account
///
/// Changes what is given; the code, the number and the currency stay. A report of a past day shows
/// what was known then. An account that pays the money of a project cannot be made that of another
/// one. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank set RENT --bank-name 'Guaranty Trust Bank' --as bola
  prorata bank set RENT --project MARINA --dry-run --as bola")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    /// Name of the bank, for example GTBank
    #[arg(long, value_name = "NAME", value_parser = name, required_unless_present_any = ["project", "no_project"])]
    bank_name: Option<String>,
    /// Code of the only project whose money it holds, for example MARINA
    #[arg(long, value_name = "PROJECT", conflicts_with = "no_project")]
    project: Option<String>,
    /// Let it hold the money of any project
    #[arg(long)]
    no_project: bool,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let project = match args.project {
        Some(project) => Some(AccountProject::Of(project)),
        None => args.no_project.then_some(AccountProject::Any),
    };
    let input = ops::bank::AccountChange {
        account: args.account,
        bank_name: args.bank_name,
        project,
    };
    let pii = writer.pii(args.pii);
    let done = ops::bank::set(&mut ledger, writer.session()?, &input)?;
    let said = format!("changed bank account {}", done.value.account.code);
    let record = report::bank::account_record(&done.value, pii);
    Ok(writer.wrote(&done, record, said))
}
