//! `prorata payment return`

use prorata::{
    domain::{text::words, time::Date},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Record that the bank returned a payment
///
/// The money is available to the holder again and can be requested anew; the payment stays in the
/// ledger as returned. This is for a return that no credit on the bank shows: if one does, match it
/// with `bank match` or `bank reconcile`. With four eyes on, an approver or an admin may run it, but
/// not the one who recorded the payment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment return P-000004 --date 2026-01-21 --reason 'Account closed' --as chidi
  prorata payment return P-000004 --date 2026-01-21 --reason 'Account closed' --dry-run --as chidi")]
pub(crate) struct Args {
    /// Payment code, for example P-000004
    payment: String,
    /// Date of the return at the bank, for example 2026-01-21
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Date,
    /// Reason of the bank
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::payment::Return {
        payment: args.payment,
        date: args.date,
        reason: args.reason,
    };
    let done = ops::payment::give_back(&mut ledger, writer.session()?, &input)?;
    let payment = &done.value;
    let amount = payment.facts.amount.grouped(payment.currency.decimals());
    let (currency, holder, event) = (payment.currency, &payment.holder.code, &payment.event.code);
    let said = format!(
        "{currency} {amount} is available to {holder} again; next: `prorata withdrawal request --event {event} --holder {holder} --all`"
    );
    Ok(writer.wrote(&done, report::payment::record(payment), said))
}
