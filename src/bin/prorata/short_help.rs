//! The short help of a command: what it is for and what is needed to run it, on one screen.

use std::sync::LazyLock;

use clap::{Arg, Args as _, Command};

use crate::global::Global;

/// The lines and columns of a screen.
const LINES: usize = 24;
const COLUMNS: usize = 80;

/// Where the rest is.
const MORE: &str = "More: --help; flags of all commands: prorata help flags";

/// The commands that are named last if there are too many for a line each.
const RARE: [&str; 11] = [
    "help",
    "whoami",
    "check",
    "backup",
    "migrate",
    "completions",
    "man",
    "nav",
    "reserve",
    "forward",
    "proposal",
];

/// Where a text about an argument may end early.
const ENDS: [&str; 6] = [" [default", "; ", ", for example", ": ", ", ", " ("];

/// A line of a list: a word, and what it is.
struct Row {
    word: String,
    about: String,
}

/// Writes the short help of a command that was built.
pub(crate) fn of(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string);
    let mut lines = wrapped("", &about.unwrap_or_default());
    lines.push(String::new());
    lines.extend(usage(command));
    // A blank line and the last one.
    let mut room = LINES.saturating_sub(lines.len() + 2);
    if command.has_subcommands() {
        lines.extend(commands(command, room));
    } else {
        let arguments = rows(command.get_positionals().filter(|arg| !arg.is_hide_set()));
        if !arguments.is_empty() {
            let listed = list("Arguments:", &arguments);
            room = room.saturating_sub(listed.len());
            lines.extend(listed);
        }
        lines.extend(flags(command, room));
    }
    lines.extend([String::new(), MORE.to_owned()]);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Lists the commands below one. Those for which there is no line are only named.
fn commands(command: &Command, room: usize) -> Vec<String> {
    let below = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    let mut rows: Vec<Row> = below
        .map(|below| Row {
            word: below.get_name().to_owned(),
            about: below
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default(),
        })
        .collect();
    rows.sort_by_key(|row| RARE.contains(&row.word.as_str()));
    let mut shown = rows.len();
    loop {
        let (first, rest) = rows.split_at(shown);
        let mut lines = list("Commands:", first);
        if !rest.is_empty() {
            let names: Vec<&str> = rest.iter().map(|row| row.word.as_str()).collect();
            lines.extend(wrapped("  also: ", &names.join(", ")));
        }
        if lines.len() <= room || shown == 0 {
            return lines;
        }
        shown -= 1;
    }
}

/// Lists the flags of a command's own: those that it needs, then the others, as far as there is room.
fn flags(command: &Command, room: usize) -> Vec<String> {
    let groups = command.get_groups().filter(|group| group.is_required_set());
    let choices: Vec<_> = groups.flat_map(|group| group.get_args().cloned()).collect();
    let needed = |arg: &Arg| arg.is_required_set() || choices.contains(arg.get_id());
    let own = command
        .get_opts()
        .chain(command.get_arguments().filter(|arg| {
            // A switch takes no value, so that it is not among the options.
            arg.get_long().is_some() && !arg.get_action().takes_values()
        }));
    let mut own: Vec<&Arg> = own.filter(|arg| is_own(arg)).collect();
    let place = |arg: &Arg| {
        command
            .get_arguments()
            .position(|other| other.get_id() == arg.get_id())
    };
    own.sort_by_key(|arg| (!needed(arg), place(arg)));
    own.dedup_by_key(|arg| arg.get_id().clone());
    let mut rows = rows(own.into_iter());
    if rows.is_empty() || room < 4 {
        return Vec::new();
    }
    let fit = room - 2;
    if rows.len() > fit {
        let more = rows.len() + 1 - fit;
        rows.truncate(fit - 1);
        rows.push(Row {
            word: format!("… and {more} more"),
            about: String::new(),
        });
    }
    list("Flags:", &rows)
}

/// Checks whether a flag belongs to the command itself, not to its kind.
fn is_own(arg: &Arg) -> bool {
    let is_help = ["help", "version"].iter().any(|id| arg.get_id() == id);
    !is_help && !arg.is_hide_set() && !arg.is_hide_short_help_set()
}

fn rows<'a>(arguments: impl Iterator<Item = &'a Arg>) -> Vec<Row> {
    let row = |arg: &Arg| {
        let before = match (arg.get_short(), arg.is_positional()) {
            (_, true) => String::new(),
            (Some(short), false) => format!("-{short}, "),
            (None, false) => "    ".to_owned(),
        };
        let about = arg.get_help().map(ToString::to_string);
        Row {
            word: format!("{before}{arg}"),
            about: about.unwrap_or_default().replace('\n', " "),
        }
    };
    arguments.map(row).collect()
}

/// Sets rows under a heading, after a blank line, one line each.
fn list(heading: &str, rows: &[Row]) -> Vec<String> {
    let widths = rows.iter().filter(|row| !row.about.is_empty());
    let width = widths.map(|row| row.word.chars().count()).max();
    let width = width.unwrap_or_default();
    let about = COLUMNS.saturating_sub(width + 4);
    let lines = rows.iter().map(|Row { word, about: text }| {
        let line = format!("  {word:width$}  {}", cut(text, about));
        line.trim_end().to_owned()
    });
    [String::new(), heading.to_owned()]
        .into_iter()
        .chain(lines)
        .collect()
}

/// Shortens a text to a width: at the last place where it may end, else after a word.
fn cut(text: &str, width: usize) -> String {
    let long = |text: &str| text.chars().count() > width;
    if !long(text) {
        return text.to_owned();
    }
    let begins = ENDS.iter().flat_map(|end| text.match_indices(end));
    let begins = begins.map(|(at, _)| text.split_at(at).0);
    let sentence = begins.filter(|begin| begin.len() >= 8 && !long(begin) && is_closed(begin));
    if let Some(sentence) = sentence.max_by_key(|begin| begin.len()) {
        return sentence.to_owned();
    }
    let mut words = String::new();
    for word in text.split(' ') {
        let next = format!("{words}{word} ");
        if long(&next) {
            break;
        }
        words = next;
    }
    format!("{}…", words.trim_end())
}

/// Checks whether no bracket and no quote of a text is open.
fn is_closed(text: &str) -> bool {
    let count = |sign: char| text.matches(sign).count();
    let quote = text.rsplit_once(" '").map(|(_, quoted)| quoted);
    count('[') == count(']')
        && count('(') == count(')')
        && count('`').is_multiple_of(2)
        && quote.is_none_or(|quoted| quoted.contains('\''))
}

/// Returns the global flags, one line each.
pub(crate) fn global_flags() -> &'static str {
    static FLAGS: LazyLock<String> = LazyLock::new(written_global_flags);
    &FLAGS
}

fn written_global_flags() -> String {
    let mut program = Global::augment_args(Command::new("prorata"));
    program.build();
    let global = program.get_arguments();
    let global = global.filter(|arg| arg.is_global_set() && !arg.is_hide_set());
    let row = |arg: &Arg| {
        let mut row = rows([arg].into_iter()).pop()?;
        if let Some(variable) = arg.get_env().and_then(|name| name.to_str()) {
            row.about = format!("{} [env: {variable}]", row.about);
        }
        let takes = arg.get_action().takes_values();
        if let Some(default) = arg.get_default_values().first().filter(|_| takes) {
            row.about = format!("{} [default: {}]", row.about, default.display());
        }
        Some(row)
    };
    let rows: Vec<Row> = global.filter_map(row).collect();
    list("Global flags:", &rows).join("\n")
}

/// Writes how the command is called, in at most three lines.
fn usage(command: &Command) -> Vec<String> {
    let whole = command.clone().render_usage().to_string();
    let (head, whole) = whole.split_once(' ').unwrap_or(("Usage:", &whole));
    let head = format!("{head} ");
    let lines = wrapped(&head, whole);
    if lines.len() <= 3 {
        return lines;
    }
    let name = command.get_bin_name().unwrap_or_default();
    let arguments = command.get_positionals().map(ToString::to_string);
    let arguments: Vec<String> = arguments.collect();
    wrapped(&head, &format!("{name} [OPTIONS] {}", arguments.join(" ")))
}

/// Sets words after the beginning of a line; the lines after it are indented as far.
fn wrapped(head: &str, text: &str) -> Vec<String> {
    let indent = " ".repeat(head.chars().count());
    let mut lines = Vec::new();
    let mut line = head.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        let needed = line.chars().count() + word.chars().count() + usize::from(!empty);
        if !empty && needed > COLUMNS {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
}
