//! An entry of the register on the command line.

use prorata::{
    domain::{
        quantity::Tokens,
        text::reference,
        time::Date,
        token::{EntryKind, TokenEntry},
    },
    ops,
};

/// What every entry of the register needs.
#[derive(Debug, clap::Args)]
pub(crate) struct EntryFlags {
    /// Number of tokens, with up to 7 decimals
    #[arg(allow_negative_numbers = true)]
    tokens: Tokens,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// First date on which it counts, for example 2026-03-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    date: Date,
    /// Your reference, unique in the project's register
    #[arg(long, value_name = "REFERENCE", value_parser = reference)]
    reference: Option<String>,
}

/// Who gives or receives.
pub(crate) struct Parties {
    pub(crate) holder: String,
    /// Who receives, in a transfer.
    pub(crate) to: Option<String>,
}

impl EntryFlags {
    /// Returns the input of the library.
    pub(crate) fn input(
        self,
        kind: EntryKind,
        Parties { holder, to }: Parties,
    ) -> ops::token::Input {
        let Self {
            tokens,
            project,
            date,
            reference,
        } = self;
        ops::token::Input {
            kind,
            holder,
            to,
            tokens,
            project,
            date,
            reference,
        }
    }
}

/// Says how many tokens of which project an entry is about.
pub(crate) fn described(entry: &TokenEntry) -> String {
    let tokens = entry.tokens.grouped(0);
    let noun = if tokens == "1" { "token" } else { "tokens" };
    format!("{tokens} {noun} of {}", entry.project.code)
}
