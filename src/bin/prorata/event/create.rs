//! `prorata event create`

use prorata::{
    domain::{
        code::Code,
        event::EventType,
        quantity::Amount,
        text::words,
        time::{Date, parse_date},
    },
    ops, report,
};

use crate::{
    flags::{WriteFlags, words::event_type},
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code of the event [default: PROJECT-YYYY-NN]
    code: Option<Code>,
    /// Project
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// Where the proceeds come from
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type())]
    event_type: EventType,
    /// Title
    #[arg(long, value_name = "TEXT", value_parser = words)]
    title: String,
    /// What is distributed, in the project's currency
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    amount: Amount,
    /// Day of the distribution
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Date,
    /// Day whose holdings count [default: the day of the distribution]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    record_date: Option<Date>,
    /// More about it
    #[arg(long, value_name = "TEXT", value_parser = words)]
    description: Option<String>,
    /// Step of the allocation [default: the currency's minor unit]
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    unit: Option<Amount>,
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
        amount,
        date,
        record_date,
        description,
        unit,
        ..
    } = args;
    let input = ops::event::Input {
        code,
        project,
        event_type,
        title,
        amount,
        date,
        record_date,
        description,
        unit,
    };
    let done = ops::event::create(&mut ledger, writer.session()?, &input)?;
    let code = &done.value.event.code;
    let said = format!("created {code}; next: `prorata event calculate {code}`");
    Ok(writer.wrote(&done, report::event::record(&done.value), said))
}
