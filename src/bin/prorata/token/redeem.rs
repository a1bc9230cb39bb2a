//! `prorata token redeem`

use prorata::{
    domain::{
        quantity::Tokens,
        text::words,
        time::{Date, parse_date},
        token::EntryKind,
    },
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder who gives
    holder: String,
    /// How many tokens
    #[arg(allow_negative_numbers = true)]
    tokens: Tokens,
    /// Project
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// From when it counts
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Date,
    /// Your reference, unique in the project's register
    #[arg(long, value_name = "REFERENCE", value_parser = words)]
    reference: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let input = ops::token::Input {
        kind: EntryKind::Redeem,
        holder: args.holder,
        to: None,
        tokens: args.tokens,
        project: args.project,
        date: args.date,
        reference: args.reference,
    };
    let done = ops::token::record(&mut ledger, cx.session()?, &input)?;
    let said = format!("redeemed {} tokens of {}", done.value.tokens.grouped(0), done.value.project.code);
    cx.wrote(ledger, &done, &report::Record::of(report::token::ENTRIES, report::token::entry(&done.value)), &said)
}
