//! `prorata project add`

use prorata::{
    domain::{code::Code, currency::Currency, text::name},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Add a project
///
/// A project has a register of tokens, and earns what its events distribute. Its currency never
/// changes. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project add MARINA --name 'Marina Court' --as bola
  prorata project add KIGALI --name Kigali --currency USD --as bola")]
pub(crate) struct Args {
    /// Code of the project: letters, digits and -._, for example MARINA
    code: Code,
    /// Name of the project
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: String,
    /// Currency of its events, ISO 4217; it never changes
    #[arg(long, value_name = "CURRENCY", default_value = "NGN")]
    currency: Currency,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::project::NewProject {
        code: args.code,
        name: args.name,
        currency: args.currency,
    };
    let done = ops::project::add(&mut ledger, writer.session()?, &input)?;
    let project = &done.value;
    let said = format!(
        "added project {}, in {}",
        project.project.code, project.currency
    );
    Ok(writer.wrote(&done, report::project::record(project), said))
}
