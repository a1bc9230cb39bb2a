//! `prorata event create`

use clap::ArgGroup;
use prorata::{
    domain::{
        code::Code,
        event::EventType,
        quantity::Amount,
        text::{name, words},
        time::Date,
    },
    ops, report,
};

use crate::{
    flags::{
        WriteFlags, YesFlag,
        basis::{BasisFlags, ComponentFlags},
        words::event_type,
    },
    open::Context,
    present::Outcome,
    prompt,
};

/// Create a distribution event
///
/// Creates a draft. Nothing is allocated before it is calculated, and no holder sees it before it
/// is approved. It asks if the project has an event with the same type, amount and distribution
/// date that is not cancelled. The amount is given, or follows from proceeds less deductions
/// (--gross), or from a rate for each token (--rate). What a holder is owed below the minimum, or below what a bank can
/// pay, is carried forward to the holder's next event of the project. An operator or an admin may
/// run it.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("distributed").args(["amount", "gross", "rate"]).required(true).multiple(true)))]
#[command(after_long_help = "\
Examples:
  prorata event create --project MARINA --type revenue --title Rent --amount 500 --date 2026-01-15
  prorata event create Q4 --project MARINA --type exit --title Sale --amount 500 --date 2026-01-15")]
pub(crate) struct Args {
    /// Code of the event, for example MARINA-2025-Q4 [default: PROJECT-2025-Q4]
    code: Option<Code>,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// Where the money comes from
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type())]
    event_type: EventType,
    /// Title, for example 'Rent, fourth quarter of 2025'
    #[arg(long, value_name = "TEXT", value_parser = name)]
    title: String,
    #[command(flatten)]
    basis: BasisFlags,
    #[command(flatten)]
    components: ComponentFlags,
    /// Distribution date, for example 2026-01-15
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Date,
    /// Date whose holdings count, for example 2025-12-31 [default: the distribution date]
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    record_date: Option<Date>,
    /// Description, of any length
    #[arg(long, value_name = "TEXT", value_parser = words)]
    description: Option<String>,
    /// Smallest step of an allocation, for example 1000 [default: the currency's minor unit]
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    unit: Option<Amount>,
    /// What a holder must be owed before it is paid, for example 1000 [default: the project's]
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    minimum: Option<Amount>,
    /// Why no tax is withheld from the whole event, for example 'NTA 2025 s.163(1)(b)'
    #[arg(long, value_name = "REASON", value_parser = words)]
    tax_exempt: Option<String>,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Args {
        code,
        project,
        event_type,
        title,
        basis,
        components,
        date,
        record_date,
        description,
        unit,
        minimum,
        tax_exempt,
        yes,
        ..
    } = args;
    let input = ops::event::Input {
        code,
        project,
        event_type,
        title,
        basis: basis.input(),
        date,
        record_date,
        description,
        unit,
        minimum,
        components: components.into_input(),
        tax_exempt,
    };
    let done = prompt::asking(&writer, yes, |session, consent| {
        ops::event::create(&mut ledger, session, &input, consent)
    })?;
    let code = &done.value.event.code;
    let said = format!("created {code}; next: `prorata event calculate {code}`");
    Ok(writer.wrote(&done, report::event::record(&done.value), said))
}
