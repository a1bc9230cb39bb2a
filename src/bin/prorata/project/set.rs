//! `prorata project set`

use prorata::{
    domain::{quantity::Amount, text::name},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Change a project's name or minimum payout
///
/// Changes what is given; the code and the currency stay. The minimum payout is what a holder must
/// be owed before it is paid. It counts for events that are created from now on; what is below it is
/// carried forward to the holder's next event. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project set MARINA --name 'Marina Tower' --as bola
  prorata project set MARINA --minimum-payout 1000 --dry-run --as bola")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    /// Name of the project
    #[arg(long, value_name = "NAME", value_parser = name, required_unless_present = "minimum_payout")]
    name: Option<String>,
    /// What a holder must be owed before it is paid, for example 1000; 0 for no minimum
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    minimum_payout: Option<Amount>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::project::Change {
        project: args.project,
        name: args.name,
        minimum_payout: args.minimum_payout,
    };
    let done = ops::project::set(&mut ledger, writer.session()?, &input)?;
    let said = format!("changed project {}", done.value.project.code);
    Ok(writer.wrote(&done, report::project::record(&done.value), said))
}
