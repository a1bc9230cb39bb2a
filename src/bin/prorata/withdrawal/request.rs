//! `prorata withdrawal request`

use std::path::PathBuf;

use prorata::{
    domain::{
        code::WithdrawalNumber,
        quantity::Amount,
        text::words,
        withdrawal::{Ask, Means},
    },
    ops::{
        self,
        withdrawal::{RequestSource, Strictness},
    },
    report,
};

use crate::{
    flags::bank_details::BankFlags,
    flags::{
        PiiFlag, WriteFlags,
        sheet::{NumberFlags, SheetFlags},
        words::means,
    },
    message,
    open::Context,
    present::Outcome,
    totals,
};

/// Request withdrawals for a holder, for all, or from a file
///
/// Requests money that is allocated and available: for one holder, for every holder with money
/// available, or for the lines of a CSV file. Holders who are blocked or have no bank details are
/// left out of --all-holders and named. The approver sees by what means it is to be paid. A file that
/// was taken for the event is taken again only if all of its requests were rejected, cancelled or
/// returned. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal request --event MARINA-2025-Q4 --all-holders --as bola
  prorata withdrawal request --event MARINA-2025-Q4 --holder musa --all --by cheque --as bola")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    #[arg(long, value_name = "EVENT")]
    event: String,
    #[command(flatten)]
    whom: Whom,
    /// Amount in the event's currency, for example 250000
    #[arg(
        long,
        value_name = "AMOUNT",
        requires = "holder",
        conflicts_with_all = ["all_holders", "from"],
        allow_negative_numbers = true
    )]
    amount: Option<Amount>,
    /// Everything that is available to the holder
    #[arg(long, requires = "holder", conflicts_with_all = ["amount", "all_holders", "from"])]
    all: bool,
    /// With --all-holders: request nothing if a holder would be left out
    #[arg(long, requires = "all_holders", conflicts_with_all = ["holder", "from"])]
    strict: bool,
    /// Means by which it is to be paid; only a transfer needs bank details
    #[arg(long, value_name = "MEANS", value_parser = means(), default_value = "transfer")]
    by: Means,
    #[command(flatten)]
    bank: BankFlags,
    /// Notes for the request
    #[arg(long, value_name = "TEXT", value_parser = words, conflicts_with = "from")]
    notes: Option<String>,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    numbers: NumberFlags,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Who asks: one holder, everybody, or whom a file lists.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Whom {
    /// Holder code, for example musa
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    /// Every holder with money available
    #[arg(long)]
    all_holders: bool,
    /// File: holder,amount[,bank_name,bank_code,account_number,account_name,account_currency,
    /// notes]; - is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// Puts together what is asked for.
fn asked(cx: &Context, args: Args) -> anyhow::Result<RequestSource> {
    let bank: prorata::domain::account::BankDetails = args.bank.into();
    let wrong = |words: &str| Err(crate::usage::Usage::Invalid(words.to_owned()).into());
    if args.whom.from.is_none() {
        args.sheet.without_file(Some(&args.numbers))?;
    }
    if let Some(holder) = args.whom.holder {
        let ask = match args.amount {
            Some(amount) => Ask::Amount(amount),
            None if args.all => Ask::All,
            None => return wrong("give an amount: `--amount AMOUNT` or `--all`"),
        };
        return Ok(RequestSource::One {
            holder,
            ask,
            bank,
            notes: args.notes,
        });
    }
    if !bank.is_empty() {
        return wrong(
            "bank details on the command line go with `--holder`; a file has columns for them",
        );
    }
    match args.whom.from {
        Some(file) => {
            let options = args.sheet.with(args.numbers)?;
            Ok(RequestSource::File(cx.read_sheet(&file, options)?))
        }
        None => {
            let strictness = if args.strict {
                Strictness::Refuse
            } else {
                Strictness::LeaveOut
            };
            Ok(RequestSource::AllHolders {
                strictness,
                notes: args.notes,
            })
        }
    }
}

/// How many requests are named that a file made before.
const LISTED: usize = 20;

fn named(mut numbers: impl Iterator<Item = WithdrawalNumber>) -> String {
    let first = numbers.by_ref().take(LISTED).map(|code| code.to_string());
    let named = first.collect::<Vec<_>>().join(", ");
    let more = if numbers.next().is_some() {
        ", …"
    } else {
        ""
    };
    format!("{named}{more}")
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let (event, pii, means) = (args.event.clone(), args.pii, args.by);
    let asked = asked(cx, args)?;
    let pii = writer.pii(pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::request(
        &mut ledger,
        writer.session()?,
        &event,
        (&asked, means),
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    for left_out in &done.value.left_out {
        message::line(&format!("left out: {}", left_out.refused));
    }
    if done.value.repeated > 0 {
        let named = named(done.value.numbers());
        cx.voice.say(&format!("already requested: {named}"));
    }
    if !done.value.requested.is_empty() {
        let named = named(done.value.requested.iter().copied());
        cx.voice.say(&format!(
            "all that holders have of `{event}` and can be requested was requested before: {named}"
        ));
    }
    let said = format!(
        "requested {}; next, by an approver: `prorata withdrawal approve --event {event} --all`",
        totals::of_batch(&done.value)
    );
    Ok(writer.wrote_list(&done, list, said))
}
