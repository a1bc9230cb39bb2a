//! `prorata holder set`

use prorata::{domain::text::words, ops, report};

use super::BankFlags;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder
    holder: String,
    /// Name of the holder
    #[arg(long, value_name = "NAME", value_parser = words)]
    name: Option<String>,
    /// E-mail address
    #[arg(long, value_name = "EMAIL", value_parser = words)]
    email: Option<String>,
    /// Country
    #[arg(long, value_name = "COUNTRY", value_parser = words)]
    country: Option<String>,
    #[command(flatten)]
    bank: BankFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let Args {
        holder,
        name,
        email,
        country,
        bank,
    } = args;
    let input = ops::holder::Input {
        code: holder,
        name,
        email,
        country,
        bank: bank.into(),
    };
    let done = ops::holder::set(&mut ledger, cx.session()?, &input)?;
    let record = report::holder::record(&done.value, cx.pii("holder set"));
    cx.wrote(
        ledger,
        &done,
        &record,
        &format!("changed holder {}", done.value.holder.code),
    )
}
