//! Why a profile, a TOML text about a bank or about taxes, is refused.

use thiserror::Error;

use super::{account::without_accounts, text::excerpt};

/// Why a profile is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{}{detail}", line.map(|line| format!("line {line}: ")).unwrap_or_default(),
    field.as_ref().map(|field| format!("`{field}`: ")).unwrap_or_default())]
pub struct ProfileError {
    /// The line of the text, if the error is in a line.
    pub line: Option<usize>,
    /// The field, if the error is in a field.
    pub field: Option<String>,
    /// What is wrong.
    pub detail: String,
}

impl ProfileError {
    /// Creates an error in a field.
    pub fn new(field: &str, detail: impl Into<String>) -> Self {
        Self {
            line: None,
            field: Some(shown(field)),
            detail: detail.into(),
        }
    }
}

/// Finds the line and the field of an error in a TOML text.
pub fn at_line(text: &str, error: &toml::de::Error) -> ProfileError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| before.matches('\n').count() + 1);
    let written = line
        .and_then(|line| text.lines().nth(line - 1))
        .unwrap_or_default();
    let field = written
        .split_once('=')
        .map(|(field, _)| shown(field))
        .filter(|field| !field.is_empty());
    ProfileError {
        line,
        field,
        detail: shown_long(error.message()),
    }
}

/// How long a profile may be. The longest built-in profile has 1 KB.
const LONGEST: usize = 8 * 1024;

/// Checks the length of a profile.
///
/// # Errors
/// [`ProfileError`] if it is too long.
pub fn check_length(text: &str) -> Result<(), ProfileError> {
    let detail = || format!("it is longer than {LONGEST} bytes");
    if text.len() > LONGEST {
        Err(ProfileError {
            line: None,
            field: None,
            detail: detail(),
        })
    } else {
        Ok(())
    }
}

/// Returns a text for a message, without control characters and account numbers.
fn shown(text: &str) -> String {
    without_accounts(&excerpt(text.trim(), 40))
}

/// Returns the message of an error, with room for the names of all fields.
fn shown_long(text: &str) -> String {
    without_accounts(&excerpt(text.trim(), 400))
}
