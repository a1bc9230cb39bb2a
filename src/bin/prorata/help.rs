//! `prorata help`

use std::{fmt::Write as _, io::Write as _};

use clap::{Arg, Command};

use crate::{
    open::Context,
    output::{self, Overwrite, Target},
    present::{Outcome, Output},
    topic::{TOPICS, Topic},
    usage::Usage,
};

/// The list of the flags of all commands, which is a topic too.
const FLAGS: &str = "flags";

/// Show the help of a command, or a page of the manual
///
/// Without a word it lists the commands and the topics. The words of a command show what `--help`
/// after them shows, a topic shows a page of the manual, and `flags` the flags of all commands. It
/// needs no ledger, and any user may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata help withdrawal approve
  prorata help quarter")]
pub(crate) struct Args {
    /// Words of a command, or a topic, for example quarter
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args, mut program: Command) -> anyhow::Result<Outcome> {
    program.build();
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    let mut spool = output::spool();
    spool.write_all(text(&program, &words)?.as_bytes())?;
    let target = Target {
        file: None,
        overwrite: Overwrite::Refuse,
        ledger: cx.global.ledger.clone(),
        key: None,
    };
    Ok(Outcome::read(Output::Text(target, spool)))
}

/// Returns what the words ask for.
fn text(program: &Command, words: &[&str]) -> Result<String, Usage> {
    if words.is_empty() {
        return Ok(overview(program));
    }
    let topic = match words {
        [name] => Topic::named(name),
        _ => None,
    };
    match (command(program, words), topic) {
        // `bank` is both.
        (Some(command), Some(topic)) => Ok(format!("{}\n{}", long(command), topic.text())),
        (Some(command), None) => Ok(long(command)),
        (None, Some(topic)) => Ok(topic.text()),
        (None, None) if words == [FLAGS] => Ok(all_flags(program)),
        (None, None) => Err(Usage::NoTopic {
            given: words.join(" "),
            nearest: nearest(program, words),
        }),
    }
}

/// Finds a command by its words.
fn command<'a>(program: &'a Command, words: &[&str]) -> Option<&'a Command> {
    let words = words.strip_prefix(&["prorata"]).unwrap_or(words);
    let mut words = words.iter();
    words.try_fold(program, |command, word| command.find_subcommand(word))
}

/// Returns what `--help` shows.
fn long(command: &Command) -> String {
    command.clone().render_long_help().to_string()
}

/// Lists the commands and the topics.
fn overview(program: &Command) -> String {
    let commands = program
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    let commands = commands.map(|below| {
        let about = below.get_about().map(ToString::to_string);
        (below.get_name().to_owned(), about.unwrap_or_default())
    });
    let topics = TOPICS
        .iter()
        .map(|topic| (topic.name.to_owned(), topic.about.to_owned()));
    let flags = (FLAGS.to_owned(), "The flags of all commands".to_owned());
    let mut text = "Usage: prorata help [COMMAND|TOPIC]...\n".to_owned();
    for (heading, rows) in [
        ("Commands", commands.collect::<Vec<_>>()),
        ("Topics", topics.chain([flags]).collect()),
    ] {
        let _ = writeln!(text, "\n{heading}:");
        for (name, about) in rows {
            let _ = writeln!(text, "  {name:12} {about}");
        }
    }
    text
}

/// Lists the global flags, those that many commands have, and those of each command.
fn all_flags(program: &Command) -> String {
    let mut leaves = Vec::new();
    leaves_of(program, &mut leaves);
    let global: Vec<&Arg> = shown(program).collect();
    let is_global = |flag: &Arg| global.iter().any(|one| one.get_id() == flag.get_id());
    let mut common: Vec<&Arg> = Vec::new();
    for flag in leaves.iter().flat_map(|leaf| shown(leaf)) {
        let is_new = common.iter().all(|one| one.get_id() != flag.get_id());
        if flag.get_help_heading().is_some() && !is_global(flag) && is_new {
            common.push(flag);
        }
    }
    let mut text = String::new();
    for (heading, flags) in [
        ("Flags of every command:", &global),
        ("\nFlags of many commands:", &common),
    ] {
        let _ = writeln!(text, "{heading}");
        for flag in flags {
            write_flag(flag, &mut text);
        }
    }
    for leaf in leaves {
        let own = shown(leaf).filter(|flag| !is_global(flag));
        let (common, own): (Vec<&Arg>, Vec<&Arg>) =
            own.partition(|flag| flag.get_help_heading().is_some());
        let _ = writeln!(text, "\n{}:", leaf.get_bin_name().unwrap_or_default());
        for flag in &own {
            write_flag(flag, &mut text);
        }
        let common: Vec<&str> = common.iter().filter_map(|flag| flag.get_long()).collect();
        if !common.is_empty() {
            let _ = writeln!(text, "      also --{}", common.join(" --"));
        }
    }
    text
}

/// Collects the commands that have none below them.
fn leaves_of<'a>(command: &'a Command, leaves: &mut Vec<&'a Command>) {
    if command.has_subcommands() {
        let below = command.get_subcommands();
        below.for_each(|below| leaves_of(below, leaves));
    } else {
        leaves.push(command);
    }
}

fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    let flags = command.get_arguments().filter(|flag| !flag.is_positional());
    flags
        .filter(|flag| !flag.is_hide_set() && flag.get_id() != "help" && flag.get_id() != "version")
}

fn write_flag(flag: &Arg, text: &mut String) {
    let short = flag.get_short().map(|short| format!("-{short}, "));
    let word = format!("{}{flag}", short.unwrap_or_else(|| "    ".to_owned()));
    let about = flag.get_help().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(text, "  {word:32} {}", about.replace('\n', " "));
}

/// Finds the command or topic that is most like the words.
fn nearest(program: &Command, words: &[&str]) -> Option<String> {
    // A wrong verb is looked for among the verbs of its noun.
    let (last, before) = words.split_last()?;
    let parent = command(program, before)?;
    let names = parent.get_subcommands().map(Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name).chain([FLAGS]);
    let topics = topics.filter(|_| before.is_empty());
    let last = last.to_lowercase();
    let near = names
        .chain(topics)
        .map(|name| (strsim::damerau_levenshtein(&last, name), name))
        .min()?;
    (near.0 * 2 <= last.len()).then(|| [before, &[near.1]].concat().join(" "))
}
