//! `prorata tax remittance reverse`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Take a remittance back
///
/// Its tax is open again. One that a bank line shows is unmatched first. An approver or an admin may
/// run it. With four eyes on, it is not the one who recorded it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax remittance reverse T-000001 --reason 'The bank sent it back' --as chidi
  prorata tax remittance reverse T-000001 --reason 'Wrong month' --dry-run --as chidi")]
pub(crate) struct Args {
    /// Remittance code, for example T-000001
    remittance: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = (args.remittance.as_str(), args.reason.as_str());
    let done = ops::tax::remittance::reverse(&mut ledger, writer.session()?, input)?;
    let remittance = &done.value.remittance;
    let said = format!(
        "took {} back; {} of {} for {} {} open again",
        remittance.number,
        noun::TAX_ITEM.count(remittance.items),
        remittance.authority,
        remittance.period,
        if remittance.items == 1 { "is" } else { "are" }
    );
    let record = report::tax::remittance_record(&done.value.remittance, &done.value.items);
    Ok(writer.wrote(&done, record, said))
}
