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
    question,
    usage::Usage,
};

/// Create a ledger file and its first user, an admin
///
/// The file is readable by its owner only, and an existing file is never overwritten. Four eyes is
/// a choice for the life of the ledger: if it is on, nobody approves their own work. On a terminal it
/// asks for what is not given. Anybody may create a ledger.
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
    /// Whether a second person must approve; it never changes [default: on]
    #[arg(long, value_name = "on|off", value_parser = four_eyes())]
    four_eyes: Option<FourEyes>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Asks for what was not given: who is the first user, and whether a second person approves.
fn ask(args: &mut Args, os_user: &str) -> Option<()> {
    if args.user.is_none() {
        let default = Code::parse(os_user).is_ok().then_some(os_user);
        let read = |text: &str| Code::parse(text).map_err(|error| error.to_string());
        args.user = Some(question::value("user", default, read)?);
    }
    if args.name.is_none() {
        let read = |text: &str| match text {
            "" => Ok(None),
            text => prorata::domain::text::name(text)
                .map(Some)
                .map_err(|error| error.to_string()),
        };
        args.name = question::value("name [none]", Some(""), read)?;
    }
    if args.four_eyes.is_none() {
        let read = |text: &str| match text.to_lowercase().as_str() {
            "on" => Ok(FourEyes::On),
            "off" => Ok(FourEyes::Off),
            _ => Err("write on or off".to_owned()),
        };
        args.four_eyes = Some(question::value("four eyes, on or off", Some("on"), read)?);
    }
    Some(())
}

/// Runs the command.
pub(crate) fn run(cx: &Context, mut args: Args) -> anyhow::Result<Outcome> {
    let writer = cx.writer(&args.write)?;
    output::check(writer.target())?;
    let mut session = writer.session()?;
    // What exists is refused, and nothing is asked before.
    if cx.may_ask() && std::fs::symlink_metadata(&cx.global.ledger).is_err() {
        ask(&mut args, &session.claim.code).ok_or(Usage::NotConfirmed)?;
    }
    let four_eyes = args.four_eyes.unwrap_or(FourEyes::On);
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
    let done = ops::ledger::init(path, session, args.name.as_deref(), four_eyes)?;
    let said = format!(
        "created {} with {} as its first admin; four eyes {}",
        path.display(),
        done.value.user.code,
        four_eyes.as_str()
    );
    let record = report::user::record(&done.value);
    let outcome = writer.wrote(&done, record, said);
    Ok(match four_eyes {
        FourEyes::On => outcome.remark(NO_APPROVER),
        FourEyes::Off => outcome,
    })
}
