//! What was reviewed before a bulk command is run.

use prorata::domain::selection::{Expected, Reviewed};

/// What was reviewed.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Change")]
pub(crate) struct ReviewFlags {
    /// Do it only to what was reviewed: the first 8 characters or more of the hash of --dry-run
    #[arg(long, value_name = "HASH", value_parser = hash)]
    hash: Option<String>,
    /// Do it only to what was reviewed: how many and their sum, for example 12:250000.00
    #[arg(long, value_name = "N:TOTAL")]
    expect: Option<Expected>,
}

impl From<ReviewFlags> for Reviewed {
    fn from(flags: ReviewFlags) -> Self {
        Self {
            hash: flags.hash,
            expected: flags.expect,
        }
    }
}

/// Reads the first characters of a hash.
pub(crate) fn hash(text: &str) -> Result<String, &'static str> {
    let fits = (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("write 8 to 64 hexadecimal digits")
    }
}
