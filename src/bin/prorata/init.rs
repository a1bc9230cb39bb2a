//! `prorata init`

use prorata::{
    domain::{code::Code, session::ClaimedBy, user::FourEyes},
    ops, report,
};

use crate::{
    flags::{WriteFlags, words::four_eyes},
    open::Context,
    output,
    present::Outcome,
    usage::Usage,
};

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
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = four_eyes())]
    four_eyes: FourEyes,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let writer = cx.writer(&args.write)?;
    output::check(writer.target())?;
    let mut session = writer.session()?;
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
    let path = &cx.global.ledger;
    let done = ops::ledger::init(path, session, args.name.as_deref(), args.four_eyes)?;
    let said = format!(
        "created {} with {} as its first admin; four eyes {}",
        path.display(),
        done.value.user.code,
        args.four_eyes.as_str()
    );
    let record = report::user::record(&done.value);
    Ok(writer.wrote(&done, record, said))
}
