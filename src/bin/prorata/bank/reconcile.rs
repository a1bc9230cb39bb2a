//! `prorata bank reconcile`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{exit::Exit, flags::WriteFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
    /// The last day to look at; all days where it is not given
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
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
