//! `prorata init`

use prorata::{
    domain::{code::Code, session::ClaimedBy, user::FourEyes},
    ops, report,
};

use crate::{context::Context, exit::Exit, output, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code of the first user, an admin [default: the operating system's user]
    #[arg(long, value_name = "CODE")]
    user: Option<Code>,
    /// Name of the first user
    #[arg(long, value_name = "NAME", value_parser = prorata::domain::text::words)]
    name: Option<String>,
    /// Whether a second person must approve; fixed for the ledger's life
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = four_eyes)]
    four_eyes: FourEyes,
}

fn four_eyes(text: &str) -> Result<FourEyes, &'static str> {
    match text {
        "on" => Ok(FourEyes::On),
        "off" => Ok(FourEyes::Off),
        _ => Err("write on or off"),
    }
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.begins_to_write();
    cx.keeps_its_output()?;
    cx.only_now()?;
    output::check(&cx.global)?;
    let mut session = cx.session()?;
    match args.user {
        Some(code) => {
            session.claim.code = code.to_string();
            session.claim.by = ClaimedBy::Flag;
        }
        None => {
            Code::parse(&session.claim.code)
                .map_err(|error| Usage::Invalid(format!("{error}; name one with `--user`")))?;
        }
    }
    let path = cx.global.ledger.clone();
    let done = ops::ledger::init(&path, session, args.name.as_deref(), args.four_eyes)?;
    let said = format!(
        "created {} with {} as its first admin; four eyes {}",
        path.display(),
        done.value.user.code,
        args.four_eyes.as_str()
    );
    let record = report::user::record(&done.value);
    cx.created(&done, &record, &said)
}
