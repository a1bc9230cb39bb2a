//! `prorata payment correct`

use prorata::{
    domain::{payment::Correction, text::words, time::Date},
    ops::{self, payment::PaymentCorrection},
    report,
};

use crate::{
    flags::{WriteFlags, YesFlag},
    open::Context,
    present::Outcome,
    prompt,
};

/// Correct a typing error in a payment
///
/// Changes the reference, the value date or the notes of a payment that is not matched with a bank
/// line. What it said before is kept and shown by `payment show`, and the old reference is free
/// again. It asks before a date that is odd, as `withdrawal pay` does. An operator, an approver or an
/// admin may run it; with four eyes on, not the one who recorded the payment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment correct P-000001 --reference NIP-0877 --reason 'Digits swapped' --as amaka
  prorata payment correct P-000001 --date 2026-01-21 --reason 'Wrong day' --as amaka")]
pub(crate) struct Args {
    /// Payment code, for example P-000004
    payment: String,
    #[command(flatten)]
    values: Values,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// What is corrected.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Values {
    /// Reference of the bank, unique in the ledger, for example NIP-260122-0877
    #[arg(long, value_name = "REFERENCE", value_parser = words)]
    reference: Option<String>,
    /// Value date, for example 2026-01-22
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Option<Date>,
    /// Notes for the payment
    #[arg(long, value_name = "TEXT", value_parser = words)]
    notes: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Values {
        reference,
        date,
        notes,
    } = args.values;
    let input = PaymentCorrection {
        payment: args.payment,
        correction: Correction {
            reference,
            date,
            notes,
        },
        reason: args.reason,
    };
    let done = prompt::asking(&writer, args.yes, |session, consent| {
        ops::payment::correct(&mut ledger, session, &input, consent)
    })?;
    let number = done.value.number;
    let said =
        format!("corrected {number}; what it said before is in `prorata payment show {number}`");
    Ok(writer.wrote(&done, report::payment::record(&done.value), said))
}
