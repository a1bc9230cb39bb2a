//! `prorata event approve`

use prorata::{ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Approve a calculated event, so that holders can withdraw
///
/// Calculates again and compares before it approves. With four eyes on, whoever created or
/// calculated the event may not approve it. An approver or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event approve MARINA-2025-Q4 --as chidi
  prorata event approve MARINA-2025-Q4 --hash 0a1b2c3d --as chidi")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// Hash of the calculation to approve: its first 8 characters or more
    #[arg(long, value_name = "HASH", value_parser = hash)]
    hash: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

fn hash(text: &str) -> Result<String, &'static str> {
    let fits = (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("write 8 to 64 hexadecimal digits")
    }
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::event::approve(
        &mut ledger,
        writer.session()?,
        &args.event,
        args.hash.as_deref(),
    )?;
    let code = &done.value.event.code;
    let said =
        format!("approved {code}; next: `prorata withdrawal request --event {code} --all-holders`");
    Ok(writer.wrote(&done, report::event::record(&done.value), said))
}
