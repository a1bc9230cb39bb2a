//! `prorata audit verify`

use prorata::{ops, report};

use crate::{exit::Exit, flags::OutputFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A head that was noted outside this file: all 64 characters, or the first 12 or more
    #[arg(long, value_name = "HASH", value_parser = hash)]
    head: Option<String>,
    #[command(flatten)]
    output: OutputFlags,
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
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let verified = ops::audit::verify(&mut ledger, args.head.as_deref())?;
    let clean = verified.findings.is_empty();
    let record = report::audit::verification(&verified);
    let outcome = reader.show(&ledger, record);
    Ok(match (clean, args.head) {
        (false, _) => outcome.exit(Exit::Differences),
        (true, Some(_)) => outcome.saying("consistent, and the noted head is in the trail"),
        (true, None) => {
            outcome.saying("internally consistent; not checked against anything outside this file")
        }
    })
}
