//! `prorata event set`

use clap::ArgGroup;
use prorata::{
    domain::{
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
    prompt, totals,
};

/// The flags of which one at least is given.
const CHANGES: [&str; 13] = [
    "amount",
    "gross",
    "rate",
    "rounding",
    "components",
    "no_components",
    "event_type",
    "title",
    "date",
    "record_date",
    "description",
    "unit",
    "minimum",
];

/// Change an event before its approval
///
/// Changes what is given of a draft or calculated event; a calculated event is a draft again. An
/// amount replaces proceeds and rate, and these replace an amount; --component replaces all of them. An
/// approved event never changes: it is cancelled, and another one is created. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("change").args(CHANGES).required(true).multiple(true)))]
#[command(after_long_help = "\
Examples:
  prorata event set MARINA-2025-Q4 --amount 12500000 --as bola
  prorata event set MARINA-2025-Q4 --record-date 2025-12-31 --minimum 1000 --as bola")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    #[command(flatten)]
    basis: BasisFlags,
    #[command(flatten)]
    components: ComponentFlags,
    /// Say nothing about what the money is any more
    #[arg(long, conflicts_with = "components")]
    no_components: bool,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// What changes.
#[derive(Debug, clap::Args)]
struct Terms {
    /// Where the money comes from
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type())]
    event_type: Option<EventType>,
    /// Title, for example 'Rent, fourth quarter of 2025'
    #[arg(long, value_name = "TEXT", value_parser = name)]
    title: Option<String>,
    /// Distribution date, for example 2026-01-15
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Option<Date>,
    /// Date whose holdings count, for example 2025-12-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    record_date: Option<Date>,
    /// Description, of any length
    #[arg(long, value_name = "TEXT", value_parser = words)]
    description: Option<String>,
    /// Smallest step of an allocation, for example 1000
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    unit: Option<Amount>,
    /// What a holder must be owed before it is paid, for example 1000; 0 for no minimum
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    minimum: Option<Amount>,
    /// Why no tax is withheld from the whole event, for example 'NTA 2025 s.163(1)(b)'
    #[arg(long, value_name = "REASON", value_parser = words)]
    tax_exempt: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let terms = args.terms;
    let components = match args.components.into_input() {
        given if given.is_empty() && !args.no_components => None,
        given => Some(given),
    };
    let input = ops::event::Change {
        event: args.event,
        event_type: terms.event_type,
        title: terms.title,
        basis: args.basis.input(),
        components,
        date: terms.date,
        record_date: terms.record_date,
        description: terms.description,
        unit: terms.unit,
        minimum: terms.minimum,
        tax_exempt: terms.tax_exempt,
    };
    let done = prompt::asking(&writer, args.yes, |session, consent| {
        ops::event::set(&mut ledger, session, &input, consent)
    })?;
    let said = totals::of_draft(&done.value.event);
    Ok(writer.wrote(&done, report::event::shown(&done.value), said))
}
