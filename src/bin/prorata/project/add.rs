//! `prorata project add`

use prorata::{
    domain::{code::Code, currency::Currency, text::words},
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code of the project
    code: Code,
    /// Name of the project
    #[arg(long, value_name = "NAME", value_parser = words)]
    name: String,
    /// Currency of its events, ISO 4217; it never changes
    #[arg(long, value_name = "CURRENCY", default_value = "NGN")]
    currency: Currency,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let input = ops::project::NewProject {
        code: args.code,
        name: args.name,
        currency: args.currency,
    };
    let done = ops::project::add(&mut ledger, cx.session()?, &input)?;
    let project = &done.value;
    let said = format!(
        "added project {}, in {}",
        project.project.code, project.currency
    );
    cx.wrote(ledger, &done, &report::project::record(project), &said)
}
