//! `prorata reserve list`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the reserves of projects
///
/// Shows what the deductions of approved events set aside and later events did not release yet: the
/// balance of each reserve, and the day on which its oldest part was put there. With --movements it
/// shows what put money there and what took it. A reserve is money of the fund, not of holders.
/// Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata reserve list
  prorata reserve list --project MARINA --movements --format csv")]
pub(crate) struct Args {
    /// Only of this project, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// List the movements instead of the balances
    #[arg(long)]
    movements: bool,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let project = args.project.as_deref();
    if args.movements {
        let mut list = reader.list(report::reserve::MOVEMENTS)?;
        let read = ops::reserve::movements(&mut ledger, project, reader.as_of, &mut |movement| {
            list.add(&report::reserve::movement(&movement))
        });
        list.ended(read)?;
        return reader.listed(&mut ledger, list, noun::MOVEMENT);
    }
    let mut list = reader.list(report::reserve::FIELDS)?;
    let read = ops::reserve::list(&mut ledger, project, reader.as_of, &mut |reserve| {
        list.add(&report::reserve::cells(&reserve))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::RESERVE)
}
