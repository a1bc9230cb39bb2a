//! `prorata report dashboard`

use prorata::{ops, render, report};

use crate::{
    flags::{AsOfFlag, FileFlags},
    open::Context,
    output,
    present::{Outcome, Output, about},
    usage::Usage,
};

/// Write a page with charts and tables for a browser
///
/// The page needs no network and no other file. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report dashboard --output dashboard.html
  prorata report dashboard --project MARINA --output marina.html --force")]
pub(crate) struct Args {
    /// Only events of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    as_of: AsOfFlag,
    #[command(flatten)]
    output: FileFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let Some(file) = &args.output.output else {
        let message = "name the page with `--output FILE.html`".to_owned();
        return Err(Usage::Invalid(message).into());
    };
    let is_page = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("html"));
    if !is_page {
        let message = format!(
            "the name of a page ends in .html, and `{}` does not",
            file.display()
        );
        return Err(Usage::Invalid(message).into());
    }
    let target = cx.text(&args.output)?;
    let (as_of, day) = (Context::as_of(args.as_of)?, Context::day(args.as_of));
    let mut ledger = cx.open_to_read()?;
    let found = ops::report::dashboard(&mut ledger, args.project, as_of, day)?;
    let about = about(&mut ledger, "Dashboard", as_of, day)?;
    let scope = found.project.map_or_else(
        || "all projects".to_owned(),
        |project| format!("{} ({})", project.name, project.project.code),
    );
    let said = format!(
        "wrote the dashboard to {}; open it in a browser · {}",
        file.display(),
        about.brief_state()
    );
    let page = report::dashboard::page(about, &scope, &found.analytics, &found.events);
    let mut spool = output::spool();
    render::dashboard(&page, &mut spool)?;
    Ok(Outcome::read(Output::Text(target, spool)).saying(said))
}
