//! `prorata bank reconcile`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
    /// The last day to look at; all days where it is not given
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    through: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let done = ops::bank::reconcile(&mut ledger, cx.session()?, (&args.account, args.through))?;
    let found = &done.value;
    let left = match found.left {
        0 => "nothing is left to settle".to_owned(),
        1 => "1 thing is left to settle; see `prorata report reconciliation`".to_owned(),
        left => format!("{left} things are left to settle; see `prorata report reconciliation`"),
    };
    let exit = if found.left == 0 {
        Exit::Done
    } else {
        Exit::Differences
    };
    let printed = cx.wrote(ledger, &done, &report::reconciliation::run(found), "")?;
    cx.say(&left);
    Ok(if printed == Exit::Done { exit } else { printed })
}
