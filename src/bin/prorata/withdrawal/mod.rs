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
    ops::withdrawal::{Batch, Selection},
};

use crate::{context::Context, exit::Exit};

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
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
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

/// The states of withdrawals, as the command line names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StatusName {
    /// Waits for review
    Pending,
    /// Waits for payment
    Approved,
    /// Refused by a reviewer
    Rejected,
    /// Withdrawn by the administrators
    Cancelled,
    /// Paid
    Paid,
    /// Paid, and sent back by the bank
    Returned,
}

impl From<StatusName> for prorata::domain::withdrawal::WithdrawalStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Pending => Self::Pending,
            StatusName::Approved => Self::Approved,
            StatusName::Rejected => Self::Rejected,
            StatusName::Cancelled => Self::Cancelled,
            StatusName::Paid => Self::Paid,
            StatusName::Returned => Self::Returned,
        }
    }
}

/// Which withdrawals: named ones, or all of an event.
#[derive(Debug, clap::Args)]
pub(crate) struct Which {
    /// Withdrawals
    #[arg(
        value_name = "WITHDRAWAL",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    withdrawals: Vec<String>,
    /// Event, with --all
    #[arg(long, value_name = "EVENT", requires = "all")]
    event: Option<String>,
    /// All of the event that wait for this
    #[arg(long, requires = "event")]
    all: bool,
}

impl Which {
    /// Tells the selection.
    pub(crate) fn selection(self) -> Selection {
        match self.event {
            Some(event) => Selection::AllOf(event),
            None => Selection::These(self.withdrawals),
        }
    }
}

/// Says how many withdrawals a command was done to, and their totals.
fn total(batch: &Batch) -> String {
    amounts(batch.count, "withdrawal", &batch.totals)
}

/// Says how many of something there are, and their totals.
fn amounts(count: u64, noun: &str, totals: &[(Currency, Total)]) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let totals = totals
        .iter()
        .map(|(currency, total)| format!(", {currency} {}", total.grouped(currency.decimals())));
    format!("{count} {noun}{plural}{}", totals.collect::<String>())
}
