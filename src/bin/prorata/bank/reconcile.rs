//! `prorata bank reconcile`

use prorata::{domain::time::Date, ops, report};

use crate::{exit::Exit, flags::WriteFlags, noun, open::Context, present::Outcome};

/// Match bank lines with payments, and propose what is unsure
///
/// Matches what is certain, proposes what is not and every remittance of tax, and lists the rest.
/// Ends with exit code 3 while anything is left to settle. It can be repeated. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank reconcile RENT --as bola
  prorata bank reconcile RENT --through 2026-01-31 --dry-run --as bola")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    /// Last date to look at, for example 2026-01-31 [default: all dates]
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    through: Option<Date>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::bank::reconcile(
        &mut ledger,
        writer.session()?,
        (&args.account, args.through),
    )?;
    let found = &done.value;
    let record = report::reconciliation::run(found);
    let outcome = writer.wrote(&done, record, "");
    Ok(match found.left {
        0 => outcome.remark("nothing is left to settle"),
        left => {
            let (things, verb) = (
                noun::THING.count(left),
                if left == 1 { "is" } else { "are" },
            );
            outcome
                .remark(format!(
                    "{things} {verb} left to settle; see `prorata report reconciliation`"
                ))
                .exit(Exit::Differences)
        }
    })
}
