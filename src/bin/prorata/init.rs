//! `prorata init`

use prorata::{
    domain::{code::Code, session::ClaimedBy, user::FourEyes},
    ops, report,
};

use crate::{
    flags::{WriteFlags, words::four_eyes},
    open::Context,
    output,
    people::NO_APPROVER,
    present::Outcome,
    usage::Usage,
};

/// Create a ledger file and its first user, an admin
///
/// The file is readable by its owner only, and an existing file is never overwritten. Four eyes is
/// a choice for the life of the ledger: if it is on, nobody approves their own work. Anybody may
/// create a ledger.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata init --user amaka --name 'Amaka Obi'
  prorata init --ledger training.db --user amaka --four-eyes off")]
pub(crate) struct Args {
    /// Code of the first user, for example amaka [default: the operating system's user]
    #[arg(long, value_name = "CODE")]
    user: Option<Code>,
    /// Name of the first user
    #[arg(long, value_name = "NAME", value_parser = prorata::domain::text::name)]
    name: Option<String>,
    /// Whether a second person must approve; it never changes
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
    let outcome = writer.wrote(&done, record, said);
    Ok(match args.four_eyes {
        FourEyes::On => outcome.remark(NO_APPROVER),
        FourEyes::Off => outcome,
    })
}
