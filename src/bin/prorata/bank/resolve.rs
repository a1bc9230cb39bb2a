//! `prorata bank resolve`

use prorata::{
    domain::{matching::LinkKind, text::words},
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank line
    line: String,
    /// What the line is; `--as KIND` says the same
    #[arg(long, value_name = "KIND")]
    kind: Kind,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
}

/// What a line is that has nothing to do with payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Bank charges
    Charge,
    /// Interest
    Interest,
    /// Money brought to the account or taken from it
    Funding,
    /// Something else
    Other,
}

impl Kind {
    /// Tells whether a word of the command line names this kind.
    pub(crate) fn is_named(self, word: &str) -> bool {
        clap::ValueEnum::to_possible_value(&self).is_some_and(|value| value.matches(word, false))
    }
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let pii = cx.pii("bank resolve");
    let kind = match args.kind {
        Kind::Charge => LinkKind::Charge,
        Kind::Interest => LinkKind::Interest,
        Kind::Funding => LinkKind::Funding,
        Kind::Other => LinkKind::Other,
    };
    let request = ops::bank::ResolveRequest {
        line: &args.line,
        kind,
        reason: &args.reason,
    };
    let done = ops::bank::resolve(&mut ledger, cx.session()?, &request)?;
    let said = format!("explained {} as {}", done.value.number, kind.as_str());
    cx.wrote(
        ledger,
        &done,
        &report::bank::line_record(&done.value, pii),
        &said,
    )
}
