//! `prorata holder …`

mod add;
mod block;
mod import;
mod list;
mod set;
mod show;
mod unblock;

use clap::Subcommand;
use prorata::domain::{
    account::{AccountNumber, BankDetails},
    text::words,
};

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a holder
    Add(add::Args),
    /// Change what is given of a holder
    Set(set::Args),
    /// Block a holder: no request, approval or payment
    Block(block::Args),
    /// Open a blocked holder again
    Unblock(unblock::Args),
    /// Import holders from a CSV file
    Import(import::Args),
    /// List the holders
    List(list::Args),
    /// Show a holder
    Show(show::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::Block(args) => block::run(cx, args),
            Self::Unblock(args) => unblock::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
        }
    }
}

/// Bank details on the command line.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct BankFlags {
    /// Name of the bank
    #[arg(long, value_name = "NAME", value_parser = words)]
    bank_name: Option<String>,
    /// Code of the bank, such as 058
    #[arg(long, value_name = "CODE", value_parser = words)]
    bank_code: Option<String>,
    /// Account number
    #[arg(long, value_name = "NUMBER")]
    account_number: Option<AccountNumber>,
    /// Whose account it is
    #[arg(long, value_name = "NAME", value_parser = words)]
    account_name: Option<String>,
}

impl From<BankFlags> for BankDetails {
    fn from(flags: BankFlags) -> Self {
        let BankFlags {
            bank_name,
            bank_code,
            account_number,
            account_name,
        } = flags;
        Self {
            bank_name,
            bank_code,
            account_number,
            account_name,
        }
    }
}
