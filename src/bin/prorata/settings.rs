//! Settings of people and of ledgers: files that say what flags and the environment do not.
//!
//! Neither file can answer a question, name a key or show account numbers.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, parser::ValueSource};
use nix::unistd::Uid;
use prorata::{domain::profile_error::at_line, report::config::Setting};
use serde::Deserialize;
use thiserror::Error;

use crate::{
    environment::Environment,
    flags::Format,
    global::{Color, Global, Heeded},
    output::folder,
    pager,
};

/// The name of the settings next to a ledger.
const OF_LEDGER: &str = ".prorata.toml";
/// The source of a value that nothing sets.
const DEFAULT: &str = "default";

/// A settings file that cannot be heeded.
#[derive(Debug, Error)]
pub(crate) enum SettingsError {
    /// It cannot be read.
    #[error("cannot read the settings `{}`: {why}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("`{}`{}: {detail}", .path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line.
        line: Option<usize>,
        /// What is wrong.
        detail: String,
    },
}

/// The settings of a person.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPerson {
    ledger: Option<PathBuf>,
    #[serde(rename = "as")]
    actor: Option<String>,
    format: Option<Format>,
    color: Option<Color>,
    pager: Option<PagerWord>,
    wait: Option<u64>,
    #[serde(default)]
    alias: BTreeMap<String, String>,
}

/// The settings next to a ledger.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLedger {
    format: Option<Format>,
    color: Option<Color>,
    pager: Option<PagerWord>,
    wait: Option<u64>,
}

/// A pager, or whether there is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a pager is true, false or a command")]
enum PagerWord {
    Wanted(bool),
    Command(String),
}

/// What the settings of a person say, and where they are.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    path: PathBuf,
    person: OfPerson,
}

/// A value and where it comes from.
struct Sourced<T> {
    value: T,
    source: String,
}

impl Settings {
    /// Reads the settings of the person, if there are any.
    pub(crate) fn read(
        environment: &Environment,
        program: &clap::Command,
    ) -> Result<Self, SettingsError> {
        let Some(folder) = &environment.config_folder else {
            return Ok(Self::default());
        };
        let path = folder.join("prorata/config.toml");
        let person: OfPerson = read(&path)?.unwrap_or_default();
        let settings = Self { path, person };
        settings.check_aliases(program)?;
        Ok(settings)
    }

    fn check_aliases(&self, program: &clap::Command) -> Result<(), SettingsError> {
        for (name, meaning) in &self.person.alias {
            let refuse = |detail: String| {
                Err(SettingsError::Invalid {
                    path: self.path.clone(),
                    line: line_of(&self.path, name),
                    detail,
                })
            };
            if program.find_subcommand(name).is_some() || name == "help" {
                return refuse(format!(
                    "alias `{name}` has the name of a command; choose another"
                ));
            }
            if name.is_empty() || name.starts_with('-') || name.contains(char::is_whitespace) {
                return refuse(format!("alias `{name}` is not one word"));
            }
            let Some(words) = words(meaning).filter(|words| !words.is_empty()) else {
                return refuse(format!(
                    "alias `{name}` has no words, or a quote without its end"
                ));
            };
            if let Some(word) = words.iter().find(|word| is_kept_for_people(word)) {
                return refuse(format!(
                    "alias `{name}` has `{word}`, which is only for the command line"
                ));
            }
        }
        Ok(())
    }

    /// Returns the ledger that the settings name.
    pub(crate) fn ledger(&self) -> Option<PathBuf> {
        let ledger = self.person.ledger.as_ref()?;
        Some(folder(&self.path).join(ledger))
    }

    /// Puts the words of an alias in the place of its name.
    pub(crate) fn expand(&self, words: Vec<OsString>) -> Vec<OsString> {
        let Some(at) = place_of_command(&words) else {
            return words;
        };
        let meaning = words
            .get(at)
            .and_then(|word| word.to_str())
            .and_then(|word| self.person.alias.get(word))
            .and_then(|meaning| self::words(meaning));
        let Some(meaning) = meaning else {
            return words;
        };
        let mut words = words;
        words.splice(at..=at, meaning.into_iter().map(OsString::from));
        words
    }

    /// Fills in what neither the flags nor the environment said, the settings next to the ledger
    /// before those of the person.
    pub(crate) fn fill(
        self,
        mut global: Global,
        matches: &ArgMatches,
        environment: &Environment,
    ) -> Result<Global, SettingsError> {
        let Self { path, person } = self;
        let own = path.display().to_string();
        let mut filled = Filled {
            matches,
            environment,
            heeded: Heeded::default(),
        };
        let source = filled.given("ledger", "PRORATA_LEDGER");
        let source = source.unwrap_or_else(|| match &person.ledger {
            Some(ledger) => {
                global.ledger = folder(&path).join(ledger);
                own.clone()
            }
            None => DEFAULT.to_owned(),
        });
        filled.show("ledger", global.ledger.display(), &source);
        let source = filled.given("as", "PRORATA_AS");
        let source = source.unwrap_or_else(|| match person.actor {
            Some(actor) => {
                filled.heeded.names_actor = true;
                global.actor = Some(actor);
                own.clone()
            }
            None => "operating system".to_owned(),
        });
        let actor = global.actor.as_ref().or(environment.os_user.as_ref());
        filled.show("as", actor.map_or("", String::as_str), &source);

        let next_to = folder(&global.ledger).join(OF_LEDGER);
        let near: OfLedger = if environment.heeds_settings {
            read(&next_to)?.unwrap_or_default()
        } else {
            OfLedger::default()
        };
        let near_path = next_to.display().to_string();
        let pager = near.pager.filter(|pager| {
            matches!(pager, PagerWord::Wanted(_)) || belongs_to_this_user(&next_to)
        });
        let layers = Layers {
            format: nearest((near.format, &near_path), (person.format, &own)),
            color: nearest((near.color, &near_path), (person.color, &own)),
            pager: nearest((pager, &near_path), (person.pager, &own)),
            wait: nearest((near.wait, &near_path), (person.wait, &own)),
        };
        filled.look(layers, &mut global);
        for (name, meaning) in &person.alias {
            filled.show(&format!("alias {name}"), meaning, &own);
        }
        global.heeded = filled.heeded;
        Ok(global)
    }
}

/// What the files say, the nearer file before the other.
struct Layers {
    format: Option<Sourced<Format>>,
    color: Option<Sourced<Color>>,
    pager: Option<Sourced<PagerWord>>,
    wait: Option<Sourced<u64>>,
}

/// The values that are heeded, as they are found.
struct Filled<'a> {
    matches: &'a ArgMatches,
    environment: &'a Environment,
    heeded: Heeded,
}

impl Filled<'_> {
    /// Returns what said a value, if a flag or the environment did.
    fn given(&self, id: &str, variable: &str) -> Option<String> {
        match self.matches.value_source(id) {
            Some(ValueSource::CommandLine) => Some("flag".to_owned()),
            Some(ValueSource::EnvVariable) => Some(format!("environment {variable}")),
            Some(_) | None => None,
        }
    }

    fn show(&mut self, name: &str, value: impl ToString, source: &str) {
        let value = value.to_string();
        self.heeded.shown.push(Setting {
            name: name.to_owned(),
            value: Some(value).filter(|value| !value.is_empty()),
            source: source.to_owned(),
        });
    }

    /// Settles how results look and how long a command waits.
    fn look(&mut self, layers: Layers, global: &mut Global) {
        let Layers {
            format,
            color,
            pager,
            wait,
        } = layers;
        let (word, source) = with_source(format, Format::Table);
        self.show("format", name_of(word), &source);
        self.heeded.format = Some(word).filter(|_| source != DEFAULT);

        let source = self.given("color", "").unwrap_or_else(|| {
            if self.environment.no_color {
                return "environment NO_COLOR".to_owned();
            }
            let (word, source) = with_source(color, global.color);
            global.color = word;
            source
        });
        self.show("color", name_of(global.color), &source);

        let (pager, source) = match (&self.environment.pager, pager) {
            _ if global.no_pager => (String::new(), "flag".to_owned()),
            (Some(pager), _) => (pager.clone(), "environment PAGER".to_owned()),
            (None, Some(pager)) => (pager.value.command(), pager.source),
            (None, None) => (pager::USUAL.to_owned(), DEFAULT.to_owned()),
        };
        self.show("pager", &pager, &source);
        self.heeded.pager = pager;

        let source = self.given("wait", "").unwrap_or_else(|| {
            let (seconds, source) = with_source(wait, global.wait.as_secs());
            global.wait = std::time::Duration::from_secs(seconds.min(86_400));
            source
        });
        self.show("wait", global.wait.as_secs(), &source);
    }
}

fn with_source<T>(sourced: Option<Sourced<T>>, default: T) -> (T, String) {
    match sourced {
        Some(Sourced { value, source }) => (value, source),
        None => (default, DEFAULT.to_owned()),
    }
}

impl PagerWord {
    fn command(self) -> String {
        match self {
            Self::Wanted(true) => pager::USUAL.to_owned(),
            Self::Wanted(false) => String::new(),
            Self::Command(command) => command,
        }
    }
}

fn name_of(word: impl clap::ValueEnum) -> String {
    let value = word.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

fn nearest<T>(near: (Option<T>, &str), far: (Option<T>, &str)) -> Option<Sourced<T>> {
    let sourced = |(value, source): (Option<T>, &str)| {
        value.map(|value| Sourced {
            value,
            source: source.to_owned(),
        })
    };
    sourced(near).or_else(|| sourced(far))
}

/// Reads a file of settings, if it exists.
fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, SettingsError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(why)
            if matches!(
                why.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(why) => {
            return Err(SettingsError::Unreadable {
                path: path.to_owned(),
                why,
            });
        }
    };
    toml::from_str(&text).map(Some).map_err(|error| {
        let error = at_line(&text, &error);
        SettingsError::Invalid {
            path: path.to_owned(),
            line: error.line,
            detail: error.detail,
        }
    })
}

/// Finds the line of an alias.
fn line_of(path: &Path, name: &str) -> Option<usize> {
    let text = std::fs::read_to_string(path).ok()?;
    let begins = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        key.trim_matches('"') == name
    };
    text.lines().position(begins).map(|at| at + 1)
}

/// Checks whether a command of a file may be run: nobody else wrote it.
fn belongs_to_this_user(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| {
        let mine = [Uid::effective().as_raw(), 0].contains(&found.uid());
        mine && found.mode() & 0o022 == 0
    })
}

/// Checks for a flag that answers a question, names a key or a user, or shows account numbers.
fn is_kept_for_people(word: &str) -> bool {
    let flag = word.split('=').next().unwrap_or_default();
    if ["--yes", "--key", "--show-pii", "--as"].contains(&flag) {
        return true;
    }
    // Several short flags may be written together.
    let short = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
    short.is_some_and(|rest| {
        let flags = rest.split(['f', 'o', 'L']).next().unwrap_or_default();
        flags.contains('y')
    })
}

/// Finds the word that names the command: the first one that is not a flag or its value.
fn place_of_command(words: &[OsString]) -> Option<usize> {
    const WITH_VALUE: [&str; 5] = ["-L", "--ledger", "--as", "--wait", "--color"];
    let mut at = 1;
    loop {
        let word = words.get(at)?.to_str()?;
        if WITH_VALUE.contains(&word) {
            at += 2;
        } else if word == "--" {
            return None;
        } else if word.starts_with('-') {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

/// Splits a line into words as a shell does that knows quotes and nothing else.
fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote): (Vec<String>, Option<String>, _) =
        (Vec::new(), None, None);
    for sign in line.chars() {
        match (quote, sign) {
            (Some(open), sign) if open == sign => quote = None,
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(sign);
            }
            (None, sign) if sign.is_whitespace() => words.extend(word.take()),
            (Some(_) | None, sign) => word.get_or_insert_default().push(sign),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            words("event list --search 'Lekki phase' \"\"").unwrap(),
            ["event", "list", "--search", "Lekki phase", ""]
        );
        assert_eq!(words("it's"), None);
    }

    #[test]
    fn what_answers_for_people_is_found_in_every_form() {
        for word in [
            "--yes",
            "-y",
            "-ny",
            "--key=k",
            "--show-pii",
            "--as",
            "--as=ben",
        ] {
            assert!(is_kept_for_people(word), "{word}");
        }
        for word in ["-fy", "--style", "--status", "yes", "-o", "-n"] {
            assert!(!is_kept_for_people(word), "{word}");
        }
    }

    #[test]
    fn the_command_is_behind_flags_and_their_values() {
        let at = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            place_of_command(&words)
        };
        assert_eq!(at("prorata q"), Some(1));
        assert_eq!(at("prorata -L l.db --as ben -q q x"), Some(6));
        assert_eq!(at("prorata --ledger=l.db q"), Some(2));
        assert_eq!(at("prorata --help"), None);
    }
}
