//! `prorata report history`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{context::Context, event::TypeName, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this project
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<TypeName>,
    /// Distributed on or after this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Distributed on or before this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::event::COLUMNS)?;
    let Args { project, event_type, from, to } = args;
    let period = ops::report::Period { project, event_type: event_type.map(Into::into), from, to };
    ops::report::history(&mut ledger, &period, cx.as_of()?, &mut |event| list.add(&report::event::cells(&event)))?;
    cx.finish(ledger, list, ("event", "events"))
}
