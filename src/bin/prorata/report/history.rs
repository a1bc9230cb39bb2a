//! `prorata report history`

use prorata::{ops, report};

use crate::{
    context::Context,
    event::{Distributed, TypeName},
    exit::Exit,
    prompt::check_days,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    distributed: Distributed,
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<TypeName>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    check_days(args.distributed.from, args.distributed.to)?;
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::event::FIELDS)?;
    let Args {
        distributed: Distributed { project, from, to },
        event_type,
    } = args;
    let period = ops::report::EventScope {
        project,
        event_type: event_type.map(Into::into),
        from,
        to,
    };
    ops::report::history(&mut ledger, &period, cx.as_of()?, &mut |event| {
        list.add(&report::event::cells(&event))
    })?;
    cx.finish(ledger, list, ("event", "events"))
}
