//! `prorata audit verify`

use prorata::{ops, report};

use crate::{exit::Exit, flags::OutputFlags, open::Context, present::Outcome};

/// Verify the audit trail and every row against it
///
/// Ends with exit code 3 and a list of findings if anything differs. With a head that was noted
/// outside the file, it also finds an end that was cut off. It does not look at indexes: `prorata
/// check` does. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata audit verify
  prorata audit verify --head 0123456789ab")]
pub(crate) struct Args {
    /// Head that was noted outside this file: its first 12 characters or more
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
