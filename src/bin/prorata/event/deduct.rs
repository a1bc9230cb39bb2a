//! `prorata event deduct`

use prorata::{
    domain::{
        event::{DeductionBase, DeductionKind},
        quantity::{Amount, Percent},
    },
    ops::{
        self,
        event::{DeductionGiven, DeductionInput, DeductionStep},
    },
    report,
};

use crate::{
    flags::{
        WriteFlags,
        words::{deduction_base, deduction_kind},
    },
    open::Context,
    present::Outcome,
    totals,
};

/// Take a deduction from the proceeds of an event
///
/// Deductions are taken in their order; what they leave of the proceeds is distributed. A percentage
/// is taken of the proceeds (gross) or of what is left at its place (rest), and rounded half up to
/// the currency's smallest amount. A `reserve` is kept by the fund under its name, and a `release`
/// of that name gives it back to a later event of the project. A calculated event is a draft again.
/// An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event deduct MARINA-2025-Q4 --kind fee --name Manager --percent 2 --of gross --as bola
  prorata event deduct MARINA-2025-Q4 --remove Audit --as bola")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    #[command(flatten)]
    deduction: Deduction,
    /// Name of a deduction to take out of the list
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kind", "name", "amount", "percent", "of", "position"])]
    remove: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// A deduction to add.
#[derive(Debug, clap::Args)]
struct Deduction {
    /// What becomes of it
    #[arg(long, value_name = "KIND", value_parser = deduction_kind(), required_unless_present = "remove")]
    kind: Option<DeductionKind>,
    /// Name, which is used once in an event; of a release the name of the reserve
    #[arg(long, value_name = "NAME", required_unless_present = "remove")]
    name: Option<String>,
    /// Amount that it takes, for example 350000
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true, required_unless_present_any = ["remove", "percent"])]
    amount: Option<Amount>,
    /// Percentage that it takes, for example 2.5
    #[arg(
        long,
        value_name = "PERCENT",
        allow_negative_numbers = true,
        requires = "of",
        conflicts_with = "amount"
    )]
    percent: Option<Percent>,
    /// What the percentage is taken of
    #[arg(long, value_name = "BASE", value_parser = deduction_base(), requires = "percent")]
    of: Option<DeductionBase>,
    /// Place in the list, counted from 1 [default: the last]
    #[arg(long, value_name = "NUMBER")]
    position: Option<usize>,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Deduction {
        kind,
        name,
        amount,
        percent,
        of,
        position,
    } = args.deduction;
    let given = amount
        .map(DeductionGiven::Amount)
        .or_else(|| Some(DeductionGiven::Percent(percent?, of?)));
    let step = match (args.remove, kind.zip(name).zip(given)) {
        (Some(name), _) => DeductionStep::Remove(name),
        (None, Some(((kind, name), given))) => DeductionStep::Add {
            kind,
            name,
            given,
            position,
        },
        (None, None) => anyhow::bail!("the command line has no whole deduction"),
    };
    let input = DeductionInput {
        event: args.event,
        step,
    };
    let done = ops::event::change_deduction(&mut ledger, writer.session()?, &input)?;
    let said = totals::of_draft(&done.value.event);
    Ok(writer.wrote(&done, report::event::shown(&done.value), said))
}
