//! `prorata payment settle`

use prorata::{
    domain::text::words,
    ops::{
        self,
        payment::{PaymentSettlement, Settling},
    },
    report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome, usage::Usage};

/// Settle a payment that no bank line will ever show
///
/// Settles an outstanding payment, or a returned one whose credit went elsewhere, so that it is no
/// longer left to settle; --undo takes that back. With four eyes on, an approver or an admin may run
/// it, but not the one who recorded the payment or its return.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment settle P-000001 --reason 'Paid from the old account, closed' --as chidi
  prorata payment settle P-000001 --undo --as chidi")]
pub(crate) struct Args {
    /// Payment code, for example P-000004
    payment: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words, required_unless_present = "undo")]
    reason: Option<String>,
    /// Take the settlement back
    #[arg(long, conflicts_with = "reason")]
    undo: bool,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let (settling, what) = match (args.reason, args.undo) {
        (Some(reason), _) => (Settling::Settle(reason), "settled"),
        (None, true) => (Settling::Undo, "no longer settled"),
        (None, false) => {
            return Err(Usage::Invalid("give a reason: `--reason TEXT`".to_owned()).into());
        }
    };
    let input = PaymentSettlement {
        payment: args.payment,
        settling,
    };
    let done = ops::payment::settle(&mut ledger, writer.session()?, &input)?;
    let said = format!("{} is {what}", done.value.number);
    Ok(writer.wrote(&done, report::payment::record(&done.value), said))
}
