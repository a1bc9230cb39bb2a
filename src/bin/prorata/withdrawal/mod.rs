//! `prorata withdrawal …`

mod approve;
mod cancel;
mod list;
mod pay;
mod reject;
mod request;
mod show;

use clap::Subcommand;
use prorata::{
    domain::{currency::Currency, quantity::Total},
    ops::withdrawal::Batch,
};

use crate::{noun, open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Request a withdrawal for one holder, for all, or from a CSV file
    Request(request::Args),
    /// Approve pending withdrawals
    Approve(approve::Args),
    /// Reject pending withdrawals
    Reject(reject::Args),
    /// Cancel pending or approved withdrawals
    Cancel(cancel::Args),
    /// Record what the bank paid
    Pay(pay::Args),
    /// List the withdrawals
    List(list::Args),
    /// Show a withdrawal
    Show(show::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Request(args) => request::run(cx, args),
            Self::Approve(args) => approve::run(cx, args),
            Self::Reject(args) => reject::run(cx, args),
            Self::Cancel(args) => cancel::run(cx, args),
            Self::Pay(args) => pay::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
        }
    }
}

/// Says how many withdrawals were changed, and their totals.
fn total(batch: &Batch) -> String {
    amounts(&noun::WITHDRAWAL.count(batch.count), &batch.totals)
}

/// Says a count, and the totals in each currency.
fn amounts(count: &str, totals: &[(Currency, Total)]) -> String {
    let totals = totals
        .iter()
        .map(|(currency, total)| format!(", {currency} {}", total.grouped(currency.decimals())));
    format!("{count}{}", totals.collect::<String>())
}
