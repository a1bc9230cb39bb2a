//! From the words of the shell to a command. A missing value is asked for on a terminal.

use std::ffi::OsString;

use clap::{
    ArgMatches, Command, FromArgMatches as _,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};
use prorata::{
    domain::{key::Key, session::ClaimedBy, text},
    store,
};

use crate::{
    call::Call,
    cli::{self, Cli},
    environment::Environment,
    exit::Exit,
    flags::{self, Format},
    global::Global,
    message::{self, Errors},
    question,
    settings::{Settings, SettingsError},
    short_help, synonym, version,
};

/// The flags that take a name.
const NAMES: [&str; 6] = [
    "name",
    "title",
    "email",
    "country",
    "bank_name",
    "account_name",
];

/// A command line that can be run.
pub(crate) struct CommandLine {
    pub(crate) global: Global,
    pub(crate) call: Call,
    pub(crate) command: cli::Command,
}

impl CommandLine {
    /// Fills in what only settings say.
    fn heeding(
        self,
        settings: Settings,
        matches: &ArgMatches,
        environment: &Environment,
    ) -> Result<Self, SettingsError> {
        let Self {
            global,
            mut call,
            command,
        } = self;
        let global = settings.fill(global, matches, environment)?;
        if global.heeded.names_actor {
            call.claimed_by = ClaimedBy::Config;
        }
        if call.is_format_open && global.heeded.format == Some(Format::Json) {
            call.errors = Errors::Json;
        }
        Ok(Self {
            global,
            call,
            command,
        })
    }
}

/// Parses the command line. If it cannot be run, says why and returns the exit.
pub(crate) fn parse(environment: &Environment) -> Result<CommandLine, Exit> {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    let errors = errors_of(&words);
    let settings = Settings::read(environment, &cli::program());
    if let Ok(settings) = &settings {
        words = settings.expand(words);
    }
    loop {
        let error = match matched(&words) {
            Ok(matches) => {
                let line = read(&matches).map_err(|error| message::usage(&error, None, errors))?;
                return settings
                    .and_then(|settings| line.heeding(settings, &matches, environment))
                    .map_err(|error| message::settings(&error.to_string(), errors));
            }
            Err(error) => error,
        };
        let kind = error.kind();
        match (kind, asked(&words)) {
            (ErrorKind::DisplayHelp, asked) if asked.is_short => {
                return Err(message::print(&short_help::of(&asked.command)));
            }
            (ErrorKind::DisplayVersion, asked) if asked.is_verbose => {
                return Err(message::print(&version::verbose()));
            }
            (ErrorKind::DisplayHelp | ErrorKind::DisplayVersion, _) => {
                return Err(message::help(&error, environment));
            }
            (ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, asked)
                if errors == Errors::Words =>
            {
                message::line(short_help::of(&asked.command).trim_end());
                return Err(Exit::Usage);
            }
            _ => {}
        }
        let asks = kind == ErrorKind::MissingRequiredArgument
            && environment.interactive
            && !forbids_questions(&words);
        match asks.then(|| ask(&mut words, &error)).flatten() {
            Some(()) => {}
            None if store::interruption().is_marked() => {
                return Err(message::interrupted(errors));
            }
            None => {
                let error = as_typed(&words).unwrap_or(error);
                let hint = missing_values(&words, &error).or_else(|| numbered(&words, &error));
                return Err(message::usage(&error, hint.as_deref(), errors));
            }
        }
    }
}

/// Parses the command line without the variables of the environment, so that the usage shows only flags that were typed.
fn as_typed(words: &[OsString]) -> Option<clap::Error> {
    let without = |command: Command| command.mut_args(|argument| argument.env(None));
    without(parser()).try_get_matches_from(words).err()
}

/// Names the values of the first missing flag that takes one of a few.
fn missing_values(words: &[OsString], error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::MissingRequiredArgument {
        return None;
    }
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let mut command = parser();
    command.build();
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        if let Some(below) = command.find_subcommand(word) {
            command = below.clone();
        }
    }
    missing.iter().find_map(|name| {
        let flag = name.split(' ').next()?.strip_prefix("--")?;
        let mut known = command.get_arguments();
        let argument = known.find(|argument| argument.get_long() == Some(flag))?;
        let values = argument.get_possible_values();
        let values: Vec<&str> = values
            .iter()
            .map(clap::builder::PossibleValue::get_name)
            .collect();
        (!values.is_empty()).then(|| format!("`--{flag}` is one of: {}", values.join(", ")))
    })
}

/// Names the command that shows a numbered thing: `prorata show W-1`, `prorata W-1`.
fn numbered(words: &[OsString], error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let mut after = words.iter().skip_while(|word| *word != wrong.as_str());
    let is_show = ["show", "view", "get", "open"].contains(&wrong.to_lowercase().as_str());
    let code = after.nth(usize::from(is_show))?.to_str()?;
    let command = synonym::show(code)?;
    Some(format!("did you mean `{command}`?"))
}

/// What a command line that asks for help or for the version is about.
struct Asked {
    /// The command, or all of the program.
    command: Command,
    /// Whether it is `-h`.
    is_short: bool,
    /// Whether `--verbose` is with it.
    is_verbose: bool,
}

/// Finds out what a command line asks for.
fn asked(words: &[OsString]) -> Asked {
    let flag = |name: &'static str, short| {
        let flag = clap::Arg::new(name).long(name).short(short);
        flag.global(true).action(clap::ArgAction::Count)
    };
    let lenient = parser()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h'))
        .arg(flag("version", 'V'))
        .ignore_errors(true);
    let is_short = words.iter().any(|word| word == "-h");
    match lenient.try_get_matches_from(words) {
        Ok(matches) => Asked {
            command: leaf(&matches).command,
            is_short,
            is_verbose: matches.get_flag("verbose"),
        },
        Err(_) => Asked {
            command: leaf(&ArgMatches::default()).command,
            is_short,
            is_verbose: false,
        },
    }
}

fn parser() -> Command {
    flags::before_the_verb(cli::program())
}

/// Parses the words. What is wrong is said with all commands at hand, which takes longer to make.
fn matched(words: &[OsString]) -> Result<ArgMatches, clap::Error> {
    parser().try_get_matches_from(words).or_else(|_| {
        let mut whole = parser();
        whole.build();
        whole.try_get_matches_from(words)
    })
}

fn read(matches: &ArgMatches) -> Result<CommandLine, clap::Error> {
    let Leaf {
        command,
        matches: leaf,
        name,
    } = leaf_of(
        cli::program_of(matches.subcommand_name().unwrap_or_default()),
        matches,
    );
    if let Some(flag) = flags::misplaced(&command, leaf) {
        return Err(unexpected(matches, &flag));
    }
    let cli = Cli::from_arg_matches(matches)?;
    let given = |flag| flags::takes(&command, flag).then_some(flag);
    let call = Call {
        command: name,
        claimed_by: match matches.value_source("as") {
            Some(ValueSource::CommandLine) => ClaimedBy::Flag,
            Some(ValueSource::EnvVariable) => ClaimedBy::Environment,
            Some(_) | None => ClaimedBy::OsUser,
        },
        errors: match given("format").and_then(|flag| leaf.get_one::<Format>(flag)) {
            Some(Format::Json) => Errors::Json,
            Some(Format::Table | Format::Csv) | None => Errors::Words,
        },
        is_format_open: given("format").is_some_and(|flag| !leaf.contains_id(flag))
            && given("output").is_none_or(|flag| !leaf.contains_id(flag)),
        cleaned: cleaned(&command, leaf),
        yes: given("yes").is_some_and(|flag| leaf.get_flag(flag)),
        writes: given("dry_run").is_some(),
        key: given("key")
            .and_then(|flag| leaf.get_one::<Key>(flag))
            .cloned(),
    };
    Ok(CommandLine {
        global: cli.global,
        call,
        command: cli.command,
    })
}

/// Lists the flags whose value had characters that cannot be seen, which names do without.
fn cleaned(command: &Command, leaf: &ArgMatches) -> Vec<String> {
    let hides_something = |flag: &&str| {
        flags::takes(command, flag)
            && leaf
                .get_raw(flag)
                .into_iter()
                .flatten()
                .any(|given| given.to_string_lossy().contains(text::is_invisible))
    };
    NAMES
        .into_iter()
        .filter(hides_something)
        .map(|flag| format!("--{}", flag.replace('_', "-")))
        .collect()
}

/// A command without others below it, and what was given to it.
struct Leaf<'a> {
    command: Command,
    matches: &'a ArgMatches,
    /// Its words, without that of the program.
    name: String,
}

fn leaf(matches: &ArgMatches) -> Leaf<'_> {
    let mut program = cli::program();
    program.build();
    leaf_of(program, matches)
}

fn leaf_of(program: Command, mut matches: &ArgMatches) -> Leaf<'_> {
    let mut command = program;
    let mut words = Vec::new();
    while let Some((name, below)) = matches.subcommand() {
        words.push(name);
        if let Some(verb) = command.find_subcommand(name) {
            command = verb.clone();
        }
        matches = below;
    }
    Leaf {
        command,
        matches,
        name: words.join(" "),
    }
}

/// Words the refusal of a flag before the verb as the parser words that of a flag after it.
fn unexpected(matches: &ArgMatches, flag: &clap::Arg) -> clap::Error {
    let mut command = leaf(matches).command;
    let name = flag.get_long().unwrap_or_default();
    let mut error = clap::Error::new(ErrorKind::UnknownArgument).with_cmd(&command);
    error.insert(
        ContextKind::InvalidArg,
        ContextValue::String(format!("--{name}")),
    );
    error.insert(
        ContextKind::Usage,
        ContextValue::StyledStr(command.render_usage()),
    );
    error
}

/// Asks for every missing argument, in the order in which the help lists them, and adds the answers
/// to the words. Returns `None` if there was no answer.
fn ask(words: &mut Vec<OsString>, error: &clap::Error) -> Option<()> {
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    // Nobody who forgets `--output` next to `--force` wants to be asked for a file.
    if missing.iter().any(|name| name.starts_with("--output")) {
        return None;
    }
    let command = asked(words).command;
    let mut questions = Vec::new();
    for name in missing {
        questions.push(Question::of(&command, name)?);
    }
    questions.sort_by_key(|question| question.place);
    for question in questions {
        question.answer(words)?;
    }
    Some(())
}

/// A question for a missing argument.
struct Question {
    /// Its place among the arguments of the command.
    place: usize,
    /// The flag, if it is one.
    flag: Option<String>,
    label: String,
}

impl Question {
    /// Makes the question for what is missing, as the parser names it: `<HOLDER>`, `--date <DATE>`,
    /// or a choice, of which the first that takes a value is asked for.
    fn of(command: &Command, name: &str) -> Option<Self> {
        let others = || name.trim_matches(['<', '>']).split('|');
        let is_choice = name.contains('|');
        let (place, argument) = command.get_arguments().enumerate().find(|(_, argument)| {
            match argument.get_long() {
                Some(long) if is_choice => {
                    argument.get_action().takes_values()
                        && others().any(|other| flag_of(other) == Some(long))
                }
                Some(long) => flag_of(name) == Some(long),
                None => argument.is_positional() && argument.to_string() == name,
            }
        })?;
        let flag = argument.get_long().map(str::to_owned);
        let shown = flag.clone().unwrap_or_else(|| {
            let value = argument.get_value_names().and_then(|names| names.first());
            value.map_or_else(|| argument.get_id().to_string(), ToString::to_string)
        });
        let others = others().filter(|other| flag_of(other) != flag.as_deref());
        let others: Vec<&str> = others.filter_map(|other| other.split(' ').next()).collect();
        let hint = if is_choice {
            format!(" [or run it with {}]", others.join(", "))
        } else {
            choices(argument)
        };
        Some(Self {
            place,
            flag,
            label: format!("{}{hint}", shown.to_lowercase().replace('_', " ")),
        })
    }

    /// Asks until the parser takes the answer.
    fn answer(&self, words: &mut Vec<OsString>) -> Option<()> {
        loop {
            let answer = question::text(&self.label, None)?;
            // An answer that begins with a hyphen is a value all the same.
            words.push(match &self.flag {
                Some(flag) => format!("--{flag}={answer}").into(),
                None => answer.into(),
            });
            let wrong = [ErrorKind::ValueValidation, ErrorKind::InvalidValue];
            match parser().try_get_matches_from(&*words) {
                Err(error) if wrong.contains(&error.kind()) => {
                    words.pop();
                    message::line(&message::reason(&error));
                }
                _ => return Some(()),
            }
        }
    }
}

/// Returns the name of a flag without its value.
fn flag_of(name: &str) -> Option<&str> {
    name.split(' ').next()?.strip_prefix("--")
}

/// Lists the values of an argument that takes one of a few, or the example of its help.
fn choices(argument: &clap::Arg) -> String {
    let values = argument.get_possible_values();
    if !values.is_empty() {
        let values = values.iter().map(clap::builder::PossibleValue::get_name);
        return format!(" [{}]", values.collect::<Vec<_>>().join(", "));
    }
    let help = argument.get_help().map(ToString::to_string);
    let help = help.unwrap_or_default();
    let example = help.split_once(", for example ");
    example.map_or_else(String::new, |(_, example)| {
        let end = [" [", ";", ":"]
            .iter()
            .filter_map(|end| example.find(end))
            .min();
        let example = end.map_or(example, |end| example.split_at(end).0);
        format!(" [for example {example}]")
    })
}

/// Returns how errors are wanted. A command line that cannot be parsed says so too, so this looks
/// at nothing but the one flag.
fn errors_of(words: &[OsString]) -> Errors {
    let mut words = words
        .iter()
        .filter_map(|word| word.to_str())
        .take_while(|word| *word != "--")
        .peekable();
    while let Some(word) = words.next() {
        let json = match word {
            "-f" | "--format" => words.peek() == Some(&"json"),
            _ => matches!(word, "-fjson" | "-f=json" | "--format=json"),
        };
        if json {
            return Errors::Json;
        }
    }
    Errors::Words
}

/// Checks for `--no-input` on a command line in which something is missing.
fn forbids_questions(words: &[OsString]) -> bool {
    parser()
        .ignore_errors(true)
        .try_get_matches_from(words)
        .is_ok_and(|matches| matches.get_flag("no_input"))
}
