//! `prorata status`

use prorata::{
    domain::summary::{Introduction, LedgerSummary},
    ops::{self, ledger::StatusScope},
    report,
};

use crate::{
    environment::Environment, flags::OutputFlags, open::Context, people::NO_APPROVER,
    present::Outcome,
};

/// Show a summary of the ledger and all open work
///
/// Lists everything that waits for somebody: first for the acting user, then for others, each with
/// how much, since when, who may do it and the command. `--for` shows the work of one user; it does
/// not act as that user. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata status
  prorata status --for chidi --format json")]
pub(crate) struct Args {
    /// Only what this user may do, for example chi
    #[arg(long = "for", value_name = "USER")]
    only_for: Option<String>,
    /// Only what is about this project, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let scope = StatusScope {
        actor: cx.claim().ok().map(|claim| claim.code),
        only_for: args.only_for,
        project: args.project,
    };
    let summary = ops::ledger::status(&mut ledger, Environment::now().0, &scope)?;
    let file = ledger.path().display().to_string();
    let left = summary.leftovers.join(", ");
    let folder = summary.folder.clone();
    let remarks = about_users(cx, &summary);
    let mut outcome = reader.show(&ledger, report::ledger::status(file, summary));
    if let Some(folder) = folder {
        outcome = outcome.remark(format!("{folder}; take that right away with `chmod g-w`"));
    }
    if !left.is_empty() {
        outcome = outcome.remark(format!(
            "left behind by a run that was killed, and removed by the next one that writes there: {left}"
        ));
    }
    Ok(remarks.into_iter().fold(outcome, Outcome::remark))
}

/// Says whom the acting user is to acknowledge, and that an approver is missing.
fn about_users(cx: &Context, summary: &LedgerSummary) -> Vec<String> {
    let actor = cx.global.actor.as_deref();
    let is_for_actor = |introduction: &&Introduction| {
        let mut may = introduction.acknowledgers.iter();
        actor.is_none_or(|actor| may.any(|code| code.as_str().eq_ignore_ascii_case(actor)))
    };
    let introductions = summary.introductions.iter().filter(is_for_actor);
    let mut remarks: Vec<String> = introductions
        .map(|one| {
            format!(
                "new or changed on {}: {} is {}, by {}; if that is right: `prorata user acknowledge {}`",
                one.at.date(),
                one.user,
                one.role,
                one.by,
                one.user
            )
        })
        .collect();
    if summary.reviewers.lack_an_approver() {
        remarks.push(NO_APPROVER.to_owned());
    }
    remarks
}
