//! `prorata audit verify`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A head that was noted outside this file
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let verified = ops::audit::verify(&mut ledger, args.head.as_deref())?;
    let clean = verified.findings.is_empty();
    cx.show(ledger, &report::audit::verification(verified.entries, &verified.head, &verified.findings))?;
    match (clean, args.head) {
        (false, _) => return Ok(Exit::Differences),
        (true, Some(_)) => cx.say("consistent, and the noted head stands in the trail"),
        (true, None) => cx.say("internally consistent; not checked against anything outside this file"),
    }
    Ok(Exit::Done)
}
