//! `prorata project set`

use prorata::{
    domain::{quantity::Amount, text::name},
    ops, report,
};

use crate::{
    flags::{WriteFlags, tax_profile},
    open::Context,
    present::Outcome,
};

/// Change a project's name, minimum payout or tax profile
///
/// Changes what is given; the code and the currency stay. The minimum payout is what a holder must
/// be owed before it is paid. It counts for events that are created from now on; what is below it is
/// carried forward to the holder's next event. The tax profile has the rates of withholding tax;
/// without one nothing is withheld. It counts for events that are calculated from now on; one that
/// is calculated and not approved is calculated again. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project set MARINA --tax-profile ng-2026 --as bola
  prorata project set MARINA --minimum-payout 1000 --dry-run --as bola")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    /// Name of the project
    #[arg(long, value_name = "NAME", value_parser = name, required_unless_present_any = ["minimum_payout", "stale_after", "tax_profile"])]
    name: Option<String>,
    /// What a holder must be owed before it is paid, for example 1000; 0 for no minimum
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    minimum_payout: Option<Amount>,
    /// After how many days `forward list` points an amount carried forward out, 1 to 36500
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36_500))]
    stale_after: Option<i64>,
    /// Tax profile: a name of `prorata tax profile list`, a TOML file, or none
    #[arg(long, value_name = "NAME|FILE|none")]
    tax_profile: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let tax_profile = args
        .tax_profile
        .map(|given| tax_profile::choice(cx, given))
        .transpose()?;
    let input = ops::project::Change {
        tax_profile,
        project: args.project,
        name: args.name,
        minimum_payout: args.minimum_payout,
        stale_after: args.stale_after,
    };
    let done = ops::project::set(&mut ledger, writer.session()?, &input)?;
    let said = format!("changed project {}", done.value.project.code);
    Ok(writer.wrote(&done, report::project::record(&done.value), said))
}
