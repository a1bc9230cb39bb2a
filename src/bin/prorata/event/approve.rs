//! `prorata event approve`

use prorata::{ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
    /// Approve only this calculation: the first characters of its hash, 8 or more
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
