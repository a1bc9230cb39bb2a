//! `prorata project show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show a project
///
/// Shows one project and how many of its tokens are outstanding. Anybody who can read the file may
/// run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project show MARINA
  prorata project show MARINA --format json")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let detail = ops::project::show(&mut ledger, &args.project)?;
    Ok(reader.show(&ledger, report::project::with_supply(&detail)))
}
