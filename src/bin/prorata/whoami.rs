//! `prorata whoami`

use prorata::{
    domain::{
        session::ClaimedBy,
        user::{UserClaim, UserStatus},
    },
    ops, report,
};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show who acts, in which role, and on which ledger
///
/// Shows the user that a writing command would act as, how that user was named, and what the role
/// may do. Four eyes may still refuse a single act. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata whoami
  prorata whoami --as bola --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let claim = cx.claim()?;
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let who = ops::user::acting(&mut ledger, &claim)?;
    let said = said(&who);
    Ok(reader
        .show(&ledger, report::user::identity(&who))
        .saying(said))
}

/// Says how the user was named, and what the role allows.
fn said(who: &UserClaim) -> String {
    let named = match who.claimed_by {
        ClaimedBy::Flag => "`--as`",
        ClaimedBy::Environment => "PRORATA_AS",
        ClaimedBy::Config => "config.toml",
        ClaimedBy::OsUser => "the operating system",
    };
    let code = &who.user.user.code;
    match who.user.status {
        UserStatus::Inactive => format!("{code}, named by {named}, has left and may do nothing"),
        UserStatus::Active => {
            let acts: Vec<&str> = who.acts().iter().map(|act| act.as_str()).collect();
            format!("{code}, named by {named}, may {}", acts.join(", "))
        }
    }
}
