//! `prorata tax remit`

use prorata::{
    domain::{
        currency::Currency,
        quantity::Amount,
        text::reference,
        time::{Date, Month},
    },
    ops, report,
};

use crate::{
    flags::{WriteFlags, bank_details::currency},
    noun,
    open::Context,
    present::Outcome,
};

/// Record that tax was remitted to an authority
///
/// Records that all open tax of an authority and a month was paid, or that of some events. The money
/// itself is moved at the bank; a later reconciliation proposes its bank line. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax remit --authority NRS --period 2026-06 --reference RRR-1 --date 2026-07-20 --as bola
  prorata tax remit --authority NRS --period 2026-06 --reference R2 --date today --amount 500")]
pub(crate) struct Args {
    /// Code of the authority, for example NRS
    #[arg(long, value_name = "CODE")]
    authority: String,
    /// Month of the tax, YYYY-MM
    #[arg(long, value_name = "MONTH", value_parser = Month::parse)]
    period: Month,
    /// Reference of the authority or the bank, which no other remittance has
    #[arg(long, value_name = "TEXT", value_parser = reference)]
    reference: String,
    /// Day of the payment, YYYY-MM-DD, `today` or `yesterday`
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Date,
    /// Amount that was paid; it must be what is owed
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    amount: Option<Amount>,
    /// Only the tax of this event; may be given more than once
    #[arg(long = "event", value_name = "EVENT", num_args = 1..)]
    events: Vec<String>,
    /// Only the tax in this currency, for example NGN
    #[arg(long, value_name = "CURRENCY", value_parser = currency)]
    currency: Option<Currency>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::tax::remittance::RemitRequest {
        authority: args.authority,
        period: args.period.to_string(),
        reference: args.reference,
        date: args.date,
        amount: args.amount,
        events: args.events,
        currency: args.currency,
    };
    let done = ops::tax::remittance::remit(&mut ledger, writer.session()?, &input)?;
    let remittance = &done.value.remittance;
    let said = format!(
        "recorded {} of {} {} to {} for {}: {}; next: `prorata bank reconcile ACCOUNT`",
        remittance.number,
        remittance.currency,
        remittance.amount.grouped(remittance.currency.decimals()),
        remittance.authority,
        remittance.period,
        noun::TAX_ITEM.count(remittance.items)
    );
    let record = report::tax::remittance_record(&done.value.remittance, &done.value.items);
    Ok(writer.wrote(&done, record, said))
}
