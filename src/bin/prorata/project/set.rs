//! `prorata project set`

use prorata::{domain::text::name, ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Rename a project
///
/// Changes the name; the code and the currency stay. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project set MARINA --name 'Marina Tower' --as bola
  prorata project set MARINA --name 'Marina Tower' --dry-run --as bola")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    /// Name of the project
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::project::Change {
        project: args.project,
        name: args.name,
    };
    let done = ops::project::set(&mut ledger, writer.session()?, &input)?;
    let said = format!("renamed project {}", done.value.project.code);
    Ok(writer.wrote(&done, report::project::record(&done.value), said))
}
