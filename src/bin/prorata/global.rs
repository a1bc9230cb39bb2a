//! The flags that every command takes, before or after its noun.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use prorata::report::config::Setting;

use crate::flags::Format;

/// The ledger that nobody named.
pub(crate) const LEDGER: &str = "prorata.db";

/// The flags that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global flags")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are given or not, each for itself"
)]
pub(crate) struct Global {
    /// Ledger file
    #[arg(
        hide_short_help = true,
        short = 'L',
        long,
        global = true,
        value_name = "FILE",
        env = "PRORATA_LEDGER",
        default_value = LEDGER,
        hide_env_values = true
    )]
    pub(crate) ledger: PathBuf,
    /// User who acts [default: system user]
    #[arg(
        hide_short_help = true,
        long = "as",
        global = true,
        value_name = "USER",
        env = "PRORATA_AS",
        hide_env_values = true,
        id = "as"
    )]
    pub(crate) actor: Option<String>,
    /// Never ask a question
    #[arg(hide_short_help = true, hide_long_help = true, long, global = true, env = "PRORATA_NO_INPUT", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_input: bool,
    /// How long to wait for a lock
    #[arg(hide_short_help = true, hide_long_help = true, long, global = true, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) wait: Duration,
    /// Colours: auto, always, never
    #[arg(
        hide_short_help = true,
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) color: Color,
    /// Never show a long result in a pager
    #[arg(hide_short_help = true, hide_long_help = true, long, global = true)]
    pub(crate) no_pager: bool,
    /// Print only results and errors
    #[arg(
        hide_short_help = true,
        short,
        long,
        global = true,
        conflicts_with = "verbose"
    )]
    pub(crate) quiet: bool,
    /// Explain every step on standard error
    #[arg(
        hide_short_help = true,
        hide_long_help = true,
        short,
        long,
        global = true
    )]
    pub(crate) verbose: bool,
    /// What settings say, and where every value comes from.
    #[arg(skip)]
    pub(crate) heeded: Heeded,
}

/// What is heeded besides the global flags, and where every value comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heeded {
    /// The format of results that go to standard output.
    pub(crate) format: Option<Format>,
    /// The pager; empty for none.
    pub(crate) pager: String,
    /// Whether the acting user is named by the settings.
    pub(crate) names_actor: bool,
    /// Where every value comes from.
    pub(crate) shown: Vec<Setting>,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    text.parse::<u64>()
        .ok()
        .filter(|seconds| *seconds <= 86_400)
        .map(Duration::from_secs)
        .ok_or("write whole seconds, at most 86400")
}
