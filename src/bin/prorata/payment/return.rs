//! `prorata payment return`

use std::path::PathBuf;

use prorata::{
    domain::{text::words, time::Date},
    ops, report,
};

use crate::{
    flags::{WriteFlags, sheet::SheetFlags},
    noun,
    open::Context,
    present::Outcome,
    usage::Usage,
};

/// Record that the bank returned payments
///
/// The money is available to the holder again and can be requested anew; the payment stays in the
/// ledger as returned. This is for a return that no credit on the bank shows: if one does, match it
/// with `bank match` or `bank reconcile`. All returns of a file are recorded, or none. With four
/// eyes on, an approver or an admin may run it, but not the one who recorded the payment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment return P-000001 --date 2026-01-26 --reason 'Account closed' --as chidi
  prorata payment return --from returns.csv --key january-returns --as chidi")]
pub(crate) struct Args {
    /// Payment code, for example P-000004
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    payment: Option<String>,
    /// Date of the return at the bank, for example 2026-01-21
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day, required_unless_present = "from", conflicts_with = "from")]
    date: Option<Date>,
    /// Reason of the bank
    #[arg(long, value_name = "TEXT", value_parser = words, required_unless_present = "from", conflicts_with = "from")]
    reason: Option<String>,
    /// CSV file: payment,date,reason; - is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    if let Some(file) = &args.from {
        let input = ops::payment::ReturnFile {
            file: cx.read_sheet(file, args.sheet.options()?)?,
        };
        let mut list = writer.list(report::payment::FIELDS)?;
        let done = ops::payment::record_returns(&mut ledger, writer.session()?, &input)?;
        for payment in &done.value {
            let cells = report::payment::cells(payment);
            list.add(&cells).map_err(ops::Error::Output)?;
        }
        let count = noun::PAYMENT.count(u64::try_from(done.value.len())?);
        let said = format!("recorded the return of {count}; the money is available again");
        return Ok(writer.wrote_list(&done, list, said));
    }
    args.sheet.without_file(None)?;
    let (Some(payment), Some(date), Some(reason)) = (args.payment, args.date, args.reason) else {
        let message = "name a payment with its `--date` and `--reason`, or a file with `--from`";
        return Err(Usage::Invalid(message.to_owned()).into());
    };
    let input = ops::payment::Return {
        payment,
        date,
        reason,
    };
    let done = ops::payment::record_return(&mut ledger, writer.session()?, &input)?;
    let payment = &done.value;
    let amount = payment.facts.amount.grouped(payment.currency.decimals());
    let (currency, holder, event) = (payment.currency, &payment.holder.code, &payment.event.code);
    let said = format!(
        "{currency} {amount} is available to {holder} again; next: `prorata withdrawal request --event {event} --holder {holder} --all`"
    );
    Ok(writer.wrote(&done, report::payment::record(payment), said))
}
