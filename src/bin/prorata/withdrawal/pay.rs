//! `prorata withdrawal pay`

use std::path::PathBuf;

use prorata::{
    domain::{
        payment::PaymentInput,
        quantity::Amount,
        selection::Agreed,
        text::{reference, words},
        time::Date,
        withdrawal::Means,
    },
    ops::{self, withdrawal::PaymentSource},
    report,
    store::Ledger,
};

use crate::{
    flags::{
        PiiFlag, WriteFlags, YesFlag,
        review::ReviewFlags,
        sheet::{NumberFlags, SheetFlags},
        withdrawals::Source,
        words::means,
    },
    noun,
    open::Context,
    present::Outcome,
    prompt::{self, Bulk, Selects},
    totals,
    usage::Usage,
};

/// Record what the bank paid
///
/// Records payments that were made at the bank, one by its reference or those of a CSV file: all of
/// the file or nothing. It moves no money. It asks before it records more than one, and before a
/// payment that is odd: its value date is before the approval or the record date or more than 366
/// days ago, the distribution date is still to come, or an exported payment file holds the
/// withdrawal. An odd payment is marked in the audit trail. An operator or an admin may run it; with
/// four eyes on, not the one who approved the withdrawal.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal pay W-000001 --reference NIP-260122-0877 --date 2026-01-22 --as bola
  prorata withdrawal pay --from payments.csv --yes --key q4-payments --as bola")]
pub(crate) struct Args {
    /// Code of the withdrawal that was paid, for example W-000009
    #[arg(value_name = "WITHDRAWAL", required_unless_present = "from", conflicts_with = "from", requires_all = ["reference", "date"])]
    withdrawal: Option<String>,
    /// Reference of the bank, unique in the ledger, for example NIP-260122-0877
    #[arg(long, value_name = "REFERENCE", value_parser = reference, required_unless_present = "from", conflicts_with = "from")]
    reference: Option<String>,
    /// Value date, for example 2026-01-22
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day, required_unless_present = "from", conflicts_with = "from")]
    date: Option<Date>,
    /// Amount that was paid, for example 250000 [default: the requested amount]
    #[arg(
        long,
        value_name = "AMOUNT",
        conflicts_with = "from",
        allow_negative_numbers = true
    )]
    amount: Option<Amount>,
    /// Notes for the payment
    #[arg(long, value_name = "TEXT", value_parser = words, conflicts_with = "from")]
    notes: Option<String>,
    /// Means by which it was paid, refused if other ones were approved
    #[arg(long, value_name = "MEANS", value_parser = means(), conflicts_with = "from")]
    by: Option<Means>,
    /// CSV file or workbook: withdrawal,reference,date[,amount,notes]; - is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Take rows with one reference for one transfer that paid several withdrawals
    #[arg(long, conflicts_with = "withdrawal")]
    one_transfer: bool,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    numbers: NumberFlags,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    review: ReviewFlags,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Reads what was paid.
fn payments(cx: &Context, args: Args) -> anyhow::Result<PaymentSource> {
    if let Some(file) = args.from {
        let options = args.sheet.with(args.numbers)?;
        let file = cx.read_sheet(&file, options)?;
        return Ok(if args.one_transfer {
            PaymentSource::OneTransfer(file)
        } else {
            PaymentSource::File(file)
        });
    }
    args.sheet.without_file(Some(&args.numbers))?;
    match (args.withdrawal, args.reference, args.date) {
        (Some(withdrawal), Some(reference), Some(date)) => {
            let payment = PaymentInput {
                reference,
                date,
                amount: args.amount,
                notes: args.notes,
                means: args.by,
            };
            Ok(PaymentSource::One {
                withdrawal,
                payment,
            })
        }
        (None, _, _) | (_, None, _) | (_, _, None) => Err(Usage::Invalid(
            "name a withdrawal with its `--reference` and `--date`, or a file with `--from`"
                .to_owned(),
        )
        .into()),
    }
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let (pii, yes, review) = (args.pii, args.yes, args.review.clone());
    let from = args.from.clone();
    let payments = payments(cx, args)?;
    let bulk = Bulk {
        verb: "pay",
        selects: Selects::ByName,
        source: from.as_deref().map_or(Source::Names, Source::File),
    };
    let look = |ledger: &mut Ledger| {
        let today = Context::today();
        ops::withdrawal::preview_payments(ledger, writer.key(), &payments, today)
    };
    let rehearse = |ledger: &mut Ledger, session| {
        let agreed = Agreed::default();
        let run = ops::withdrawal::pay(ledger, session, &payments, &agreed, &mut |_| Ok(()));
        run.map(drop)
    };
    let agreed = prompt::reviewed(
        &writer,
        &mut ledger,
        yes,
        review.into(),
        bulk,
        (&look, &rehearse),
    )?;
    let pii = writer.pii(pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::pay(
        &mut ledger,
        writer.session()?,
        &payments,
        &agreed,
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    if done.value.repeated > 0 {
        cx.voice.say(&format!(
            "already recorded: {} of {}",
            done.value.repeated, done.value.count
        ));
    }
    for (withdrawal, currency, less) in &done.value.less {
        cx.voice.say(&format!(
            "{withdrawal}: {currency} {} less than requested was paid and is available again",
            less.grouped(currency.decimals())
        ));
    }
    for odd in prompt::odd(&done.value.odd) {
        cx.voice.say(&format!("marked in the audit trail: {odd}"));
    }
    let recorded = totals::with_totals(
        noun::PAYMENT,
        done.value.count - done.value.repeated,
        &done.value.paid,
    );
    Ok(writer.wrote_list(&done, list, format!("recorded {recorded}")))
}
