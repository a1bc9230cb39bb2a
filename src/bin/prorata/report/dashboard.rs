//! `prorata report dashboard`

use prorata::{ops, render, report};

use crate::{context::Context, exit::Exit, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this project
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.has_own_layout()?;
    let Some(file) = cx.global.output.clone() else {
        return Err(
            Usage::Invalid("name the page to write with `--output FILE.html`".to_owned()).into(),
        );
    };
    if !file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("html"))
    {
        return Err(Usage::Invalid(format!(
            "`{}` is no name of a page; end it in .html",
            file.display()
        ))
        .into());
    }
    let mut ledger = cx.plain_reader()?;
    let found = ops::report::dashboard(&mut ledger, args.project, cx.as_of()?, cx.day())?;
    let about = cx.about(&mut ledger, "Dashboard", cx.as_of()?)?;
    drop(ledger);
    let scope = found.project.map_or_else(
        || "all projects".to_owned(),
        |project| format!("{} ({})", project.name, project.project.code),
    );
    let page = report::dashboard::page(about.clone(), &scope, &found.analytics, &found.events);
    let mut spool = cx.spool()?;
    render::dashboard(&page, &mut spool)?;
    let exit = cx.hand_out(spool)?;
    cx.say(&format!(
        "wrote the dashboard to {}; open it in a browser · {}",
        file.display(),
        about.brief_state()
    ));
    Ok(exit)
}
