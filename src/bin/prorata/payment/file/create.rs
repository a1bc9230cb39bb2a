//! `prorata payment file create`

use prorata::{
    domain::{
        payment_file::Layout,
        time::{Date, parse_date},
    },
    ops::{self, withdrawal::Selection},
    report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account that pays
    #[arg(long, value_name = "BANK")]
    account: String,
    /// Approved withdrawals
    #[arg(
        value_name = "WITHDRAWAL",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    withdrawals: Vec<String>,
    /// All approved withdrawals of this event that no payment file holds
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Layout of the file
    #[arg(long, value_name = "PROFILE")]
    profile: Profile,
    /// When the bank is to pay; today where it is not given
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    execution_date: Option<Date>,
}

/// The layouts, as the command line names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Profile {
    /// CSV with documented columns
    Generic,
    /// ISO 20022 customer credit transfer, version 3
    #[value(name = "pain.001.001.03")]
    Pain00103,
    /// ISO 20022 customer credit transfer, version 9
    #[value(name = "pain.001.001.09")]
    Pain00109,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let input = ops::payment::file::Input {
        account: args.account,
        withdrawals: args
            .event
            .map_or(Selection::These(args.withdrawals), Selection::AllOf),
        layout: match args.profile {
            Profile::Generic => Layout::Generic,
            Profile::Pain00103 => Layout::Pain00103,
            Profile::Pain00109 => Layout::Pain00109,
        },
        execution_date: args.execution_date,
    };
    let done = ops::payment::file::create(&mut ledger, cx.session()?, &input)?;
    // The file is created; what only warns never makes the command fail.
    if let Ok(true) = ops::bank::has_unseen_lines(&mut ledger, &input.account) {
        let account = &input.account;
        cx.warn(&format!(
            "{account} has lines that no run has seen, and they may show some of this as paid; run `prorata bank reconcile {account}` before the bank gets the file"
        ));
    }
    let file = &done.value;
    let total = file.total.grouped(file.currency.decimals());
    let plural = if file.payments == 1 { "" } else { "s" };
    let said = format!(
        "created payment file {} with {} payment{plural}, {} {total}; next: `prorata payment file export {} -o FILE`",
        file.number, file.payments, file.currency, file.number
    );
    cx.wrote(ledger, &done, &report::payment_file::record(file), &said)
}
