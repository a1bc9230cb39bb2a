//! `prorata token …`

mod history;
mod import;
mod issue;
mod redeem;
mod register;
mod transfer;

use clap::Subcommand;
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

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Issue tokens to a holder
    Issue(issue::Args),
    /// Transfer tokens from one holder to another
    Transfer(transfer::Args),
    /// Redeem tokens of a holder
    Redeem(redeem::Args),
    /// Import a cap table or entries from a CSV file
    Import(import::Args),
    /// Show the holdings of a project
    Register(register::Args),
    /// List the entries of a project
    History(history::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Issue(args) => issue::run(cx, args),
            Self::Transfer(args) => transfer::run(cx, args),
            Self::Redeem(args) => redeem::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::Register(args) => register::run(cx, args),
            Self::History(args) => history::run(cx, args),
        }
    }
}

/// What every entry of the register needs.
#[derive(Debug, clap::Args)]
pub(crate) struct EntryFlags {
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

/// Records one entry and says what was done.
fn record(
    cx: &mut Context,
    (kind, did): (EntryKind, &str),
    (holder, to): (String, Option<String>),
    entry: EntryFlags,
) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let EntryFlags {
        tokens,
        project,
        date,
        reference,
    } = entry;
    let input = ops::token::Input {
        kind,
        holder,
        to,
        tokens,
        project,
        date,
        reference,
    };
    let done = ops::token::record(&mut ledger, cx.session()?, &input)?;
    let said = format!(
        "{did} {} tokens of {}",
        done.value.tokens.grouped(0),
        done.value.project.code
    );
    cx.wrote(
        ledger,
        &done,
        &report::token::entry_record(&done.value),
        &said,
    )
}
