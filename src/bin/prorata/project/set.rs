//! `prorata project set`

use prorata::{domain::text::words, ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project
    project: String,
    /// Name of the project
    #[arg(long, value_name = "NAME", value_parser = words)]
    name: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let input = ops::project::Change {
        project: args.project,
        name: args.name,
    };
    let done = ops::project::set(&mut ledger, cx.session()?, &input)?;
    let said = format!("renamed project {}", done.value.project.code);
    cx.wrote(ledger, &done, &report::project::record(&done.value), &said)
}
