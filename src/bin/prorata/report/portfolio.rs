//! `prorata report portfolio`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The holder
    #[arg(long, value_name = "HOLDER")]
    holder: String,
    /// Only of this project
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let wanted = (args.holder.as_str(), args.project.as_deref());
    let found = ops::report::portfolio(&mut ledger, wanted, cx.as_of()?, cx.day())?;
    let count = found.events.len();
    let events = if count == 1 {
        "1 event".to_owned()
    } else {
        format!("{count} events")
    };
    let title = format!("Portfolio of {} ({})", found.name, found.holder.code);
    cx.report(ledger, &report::portfolio::record(&found), &title, &events)?;
    Ok(Exit::Done)
}
