//! `prorata audit verify`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A head that was noted outside this file: all 64 characters, or the first 12 or more
    #[arg(long, value_name = "HASH", value_parser = hash)]
    head: Option<String>,
}

fn hash(text: &str) -> Result<String, &'static str> {
    let fits = (12..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("write 12 to 64 hexadecimal digits")
    }
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let verified = ops::audit::verify(&mut ledger, args.head.as_deref())?;
    let clean = verified.findings.is_empty();
    cx.show(ledger, &report::audit::verification(&verified))?;
    match (clean, args.head) {
        (false, _) => return Ok(Exit::Differences),
        (true, Some(_)) => cx.say("consistent, and the noted head stands in the trail"),
        (true, None) => {
            cx.say("internally consistent; not checked against anything outside this file")
        }
    }
    Ok(Exit::Done)
}
