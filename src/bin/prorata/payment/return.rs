//! `prorata payment return`

use prorata::{
    domain::{
        text::words,
        time::{Date, parse_date},
    },
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment
    payment: String,
    /// The bank's date of the return
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Date,
    /// Why the bank sent it back
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
