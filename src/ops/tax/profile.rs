//! Tax profiles: which one is meant.

use serde::Serialize;

use crate::{
    domain::{Refused, tax::profile::TaxProfile},
    ops::Error,
    store::{Ledger, WriteTx},
};

/// The tax profile that a project is to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileChoice {
    /// None: nothing is withheld.
    None,
    /// This one.
    Text {
        /// How it was named: a built-in name or a file.
        name: String,
        /// Its TOML text.
        text: String,
    },
}

impl ProfileChoice {
    /// Reads the profile, or `None` if there is to be none.
    ///
    /// # Errors
    /// [`Refused::Tax`] if the text is not a profile.
    pub(in crate::ops) fn profile(&self) -> Result<Option<TaxProfile>, Refused> {
        match self {
            Self::None => Ok(None),
            Self::Text { name, text } => parse(name, text).map(Some),
        }
    }
}

/// Reads a profile.
///
/// # Errors
/// [`Refused::Tax`] with the line and the field, or with the rules that contradict each other.
pub fn parse(name: &str, text: &str) -> Result<TaxProfile, Refused> {
    let shown = format!("`{name}`");
    TaxProfile::parse(text).map_err(|bad| bad.refuse(&shown).into())
}

/// Returns the text of the last profile of a name that a project of the ledger was given.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn kept(ledger: &mut Ledger, name: &str) -> Result<Option<String>, Error> {
    ledger.read(|tx| Ok(tx.tax_profile_text(name)?))
}

/// Keeps the profile that a project is to have.
pub(in crate::ops) fn keep(
    write: &mut WriteTx<'_>,
    choice: &ProfileChoice,
) -> Result<Option<crate::domain::tax::profile::TaxProfileRef>, Error> {
    match choice.profile()? {
        Some(profile) => Ok(Some(write.keep_tax_profile(&profile)?)),
        None => Ok(None),
    }
}
