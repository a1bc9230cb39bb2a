//! The verbs of a noun, which are made when somebody asks for them: a command line is about one
//! noun of twenty.

use clap::{ArgMatches, Command, Error, FromArgMatches, Subcommand};

use crate::{flags, short_help};

/// The verb that was given.
#[derive(Debug)]
pub(crate) struct Verbs<T>(pub(crate) T);

impl<T: FromArgMatches> FromArgMatches for Verbs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<T: Subcommand> Subcommand for Verbs<T> {
    fn augment_subcommands(noun: Command) -> Command {
        noun.defer(|noun| with(T::augment_subcommands, noun))
    }

    fn augment_subcommands_for_update(noun: Command) -> Command {
        noun.defer(|noun| with(T::augment_subcommands_for_update, noun))
    }

    fn has_subcommand(name: &str) -> bool {
        T::has_subcommand(name)
    }
}

/// Adds the verbs to a noun, which keeps what it says of itself.
fn with(verbs: fn(Command) -> Command, noun: Command) -> Command {
    let (about, long) = (noun.get_about().cloned(), noun.get_long_about().cloned());
    let mut noun = presented(verbs(noun));
    if let Some(about) = about {
        noun = noun.about(about);
    }
    if let Some(long) = long {
        noun = noun.long_about(long);
    }
    noun
}

/// Adds what every command has. The long help shows examples before the flags, and the global flags
/// as one line each at its end.
pub(crate) fn presented(command: Command) -> Command {
    with_template(flags::with_yes(command))
}

fn with_template(command: Command) -> Command {
    let template = "{about-with-newline}\n{usage-heading} {usage}{after-help}\n\n{all-args}";
    let global = short_help::global_flags();
    command
        .help_template(format!("{template}\n{global}\n"))
        .mut_subcommands(with_template)
}
