//! `prorata payment file create`

use prorata::{
    domain::{payment_file::Layout, time::Date},
    ops::{self, withdrawal::Selection},
    report,
};

use crate::{
    flags::{WriteFlags, words::payment_layout},
    noun,
    open::Context,
    present::Outcome,
};

/// Create a payment file of approved withdrawals
///
/// Locks the withdrawals to the file, so that nothing is paid twice. The file is written by
/// `payment file export`. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file create --account RENT --event MARINA-2025-Q4 --profile generic --as bola
  prorata payment file create --account RENT W-000001 W-000002 --profile pain.001.001.09 --as bola")]
pub(crate) struct Args {
    /// Code of the bank account that pays, for example RENT
    #[arg(long, value_name = "BANK")]
    account: String,
    /// Codes of approved withdrawals, for example W-000001
    #[arg(
        value_name = "WITHDRAWAL",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    withdrawals: Vec<String>,
    /// Event code, for example MARINA-2025-Q4: all its approved withdrawals in no payment file
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Layout of the file
    #[arg(long, value_name = "PROFILE", value_parser = payment_layout())]
    profile: Layout,
    /// Date on which the bank pays, for example 2026-01-19 [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    execution_date: Option<Date>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::payment::file::Input {
        account: args.account,
        withdrawals: args
            .event
            .map_or(Selection::These(args.withdrawals), Selection::AllOf),
        layout: args.profile,
        execution_date: args.execution_date,
    };
    let done = ops::payment::file::create(&mut ledger, writer.session()?, &input)?;
    // The file is created; what only warns never makes the command fail.
    if let Ok(true) = ops::bank::has_unseen_lines(&mut ledger, &input.account) {
        let account = &input.account;
        cx.voice.warn(&format!(
            "{account} has lines that are not reconciled, and they may show some of this as paid; run `prorata bank reconcile {account}` before the bank gets the file"
        ));
    }
    let file = &done.value;
    let total = file.total.grouped(file.currency.decimals());
    let payments = noun::PAYMENT.count(file.payments);
    let said = format!(
        "created payment file {} with {payments}, {} {total}; next: `prorata payment file export {} -o FILE`",
        file.number, file.currency, file.number
    );
    Ok(writer.wrote(&done, report::payment_file::record(file), said))
}
