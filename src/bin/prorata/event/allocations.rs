//! `prorata event allocations`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the allocations of an event
///
/// Shows what every holder of the record date was allocated, the tax, and what of the rest is paid,
/// pending, available and carried forward; what is available is payable, unpayable without bank
/// details, or held for a blocked holder. With `--all`, it also lists the excluded holders: what became of each one's part, or,
/// where the others share it, what it would have been. With `--components`, it lists what the money
/// of each allocation is. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event allocations MARINA-2025-Q4 --all
  prorata event allocations MARINA-2025-Q4 --as-of 2026-01-31 --output allocations.xlsx")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// List the excluded holders too
    #[arg(long)]
    all: bool,
    /// List the components of each allocation instead
    #[arg(long, conflicts_with = "all")]
    components: bool,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    if args.components {
        let mut list = reader.list(report::proceeds::ALLOCATION_COMPONENTS)?;
        let read =
            ops::event::allocation_components(&mut ledger, &args.event, reader.as_of, &mut |row| {
                list.add(&report::proceeds::allocation_component(&row))
            });
        list.ended(read)?;
        return reader.listed(&mut ledger, list, noun::COMPONENT);
    }
    if !args.all {
        let mut list = reader.list(report::allocation::FIELDS)?;
        let read = ops::event::allocations(&mut ledger, &args.event, reader.as_of, &mut |row| {
            list.add(&report::allocation::cells(&row))
        });
        list.ended(read)?;
        return reader.listed(&mut ledger, list, noun::ALLOCATION);
    }
    let mut list = reader.list_of(&report::everybody::columns())?;
    let read = ops::event::everybody(&mut ledger, &args.event, reader.as_of, &mut |row| {
        list.add(&report::everybody::cells(&row))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::HOLDER)
}
