//! `prorata man`

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Arg, Command};

use crate::{
    exit::Exit,
    open::Context,
    output::{self, Overwrite, Target},
    present::{Outcome, Output},
};

/// What the program reads from its environment.
const VARIABLES: [(&str, &str); 5] = [
    (
        "PRORATA_LEDGER",
        "The ledger file, if --ledger does not name it.",
    ),
    (
        "PRORATA_AS",
        "The user who acts, if --as does not name one.",
    ),
    ("PRORATA_NO_INPUT", "If it is 1, no question is asked."),
    ("NO_COLOR", "If it is not empty, there are no colours."),
    (
        "TERM",
        "If it is dumb, there are no colours and no progress bar.",
    ),
];

/// The files of the program.
const FILES: [(&str, &str); 2] = [
    (
        "prorata.db",
        "The ledger in the current folder, if neither --ledger nor PRORATA_LEDGER names another one.",
    ),
    (
        ".prorata-*",
        "A result that is being written. What a killed run left behind is removed by a later run.",
    ),
];

/// Write the manual pages to a folder
///
/// Writes one page for every command, from the same texts as the help. It needs no ledger, and
/// anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata man man
  prorata man share/man/man1")]
pub(crate) struct Args {
    /// Folder for the pages, for example man; it is created if it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args, program: clap::Command) -> anyhow::Result<Outcome> {
    let folder = args.folder.display();
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("cannot create the folder `{folder}`"))?;
    let mut program = program.disable_help_subcommand(true);
    program.build();
    write_pages(cx, &args.folder, &program)?;
    let said = format!("wrote the manual pages to {folder}; read one: `man -l {folder}/prorata.1`");
    Ok(Outcome::read(Output::Nothing).saying(said))
}

/// Writes the page of a command, and those of the commands below it. A page of another version is
/// replaced.
fn write_pages(cx: &Context, folder: &Path, command: &clap::Command) -> anyhow::Result<()> {
    for below in command.get_subcommands() {
        if !below.is_hide_set() {
            write_pages(cx, folder, below)?;
        }
    }
    let mut spool = output::spool();
    let filename = write_page(command, &mut spool)?;
    let target = Target {
        file: Some(folder.join(filename)),
        overwrite: Overwrite::Allow,
        ledger: cx.global.ledger.clone(),
        key: None,
    };
    Ok(output::emit(&target, spool, None)?)
}

/// Writes the page of one command, and returns the name of its file.
fn write_page(command: &Command, out: &mut dyn Write) -> std::io::Result<String> {
    let page = clap_mangen::Man::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    clap_mangen::Man::new(own(command)).render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    if command.has_subcommands() {
        page.render_subcommands_section(out)?;
    }
    let examples = command.get_after_long_help().map(ToString::to_string);
    let examples = examples.unwrap_or_default();
    let examples: Vec<&str> = examples.lines().skip(1).map(str::trim).collect();
    if !examples.is_empty() {
        writeln!(
            out,
            ".SH EXAMPLES\n.nf\n{}\n.fi",
            escaped(&examples.join("\n"))
        )?;
    }
    writeln!(out, ".SH \"EXIT STATUS\"")?;
    table(
        out,
        &Exit::ALL.map(|exit| (exit.number().to_string(), exit.about())),
    )?;
    writeln!(out, ".SH ENVIRONMENT")?;
    table(
        out,
        &VARIABLES.map(|(name, about)| (name.to_owned(), about)),
    )?;
    writeln!(out, ".SH FILES")?;
    table(out, &FILES.map(|(name, about)| (name.to_owned(), about)))?;
    writeln!(out, ".SH \"SEE ALSO\"\n{}", see_also(command).join(",\n"))?;
    Ok(page.get_filename())
}

/// Returns a command with the flags that are its own.
fn own(command: &Command) -> Command {
    let is_own = |arg: &Arg| arg.get_help_heading().is_none();
    command
        .clone()
        .mut_args(|arg| if is_own(&arg) { arg } else { arg.hide(true) })
}

/// Writes words with what they are.
fn table<const N: usize>(out: &mut dyn Write, rows: &[(String, &str); N]) -> std::io::Result<()> {
    rows.iter()
        .try_for_each(|(word, about)| writeln!(out, ".TP\n{}\n{}", escaped(word), escaped(about)))
}

/// Names the pages of the command above and of those below.
fn see_also(command: &Command) -> Vec<String> {
    let name = command
        .get_bin_name()
        .unwrap_or("prorata")
        .replace(' ', "-");
    let above = name.rsplit_once('-').map(|(above, _)| above.to_owned());
    let below = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    let below = below.map(|below| format!("{name}-{}", below.get_name()));
    let mut pages: Vec<String> = above.into_iter().chain(below).collect();
    if !pages.iter().any(|page| page == "prorata") && name != "prorata" {
        pages.push("prorata".to_owned());
    }
    let pages = pages.iter();
    pages.map(|page| format!("{}(1)", escaped(page))).collect()
}

/// Writes text so that the formatter takes none of it for a request.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = text.lines().map(|line| {
        if line.starts_with(['.', '\'']) {
            format!("\\&{line}")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
