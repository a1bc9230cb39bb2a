//! Tax profiles in the ledger: each text once.

use super::{
    Error, Tx, WriteTx,
    db::{Codes, Row, insert},
};
use crate::domain::tax::profile::{TaxProfile, TaxProfileRef};

/// Reads the columns `tax_profile, tax_profile_hash`.
pub(super) fn read_reference(
    row: &mut Row<'_>,
    _codes: &Codes,
) -> Result<Option<TaxProfileRef>, Error> {
    let (name, sha256): (Option<String>, Option<String>) = (row.next()?, row.next()?);
    Ok(name
        .zip(sha256)
        .map(|(name, sha256)| TaxProfileRef { name, sha256 }))
}

impl Tx<'_> {
    /// Reads a profile that a project or an event uses.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read, or its text is not the one that was kept.
    pub fn tax_profile(&mut self, of: &TaxProfileRef) -> Result<TaxProfile, Error> {
        const TEXT: &str = "SELECT text FROM tax_profiles WHERE sha256 = ?1";
        let text: String = self.db.value(TEXT, [&of.sha256])?;
        let bad = |detail: String| Error::BadRow {
            table: "tax_profiles",
            row: of.name.clone(),
            detail,
        };
        let profile = TaxProfile::parse(&text).map_err(|error| bad(error.to_string()))?;
        if profile.reference() == *of {
            Ok(profile)
        } else {
            Err(bad("its text has another name or hash".to_owned()))
        }
    }

    /// Returns the text of the last profile of a name that the ledger keeps.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_profile_text(&mut self, name: &str) -> Result<Option<String>, Error> {
        const TEXT: &str =
            "SELECT text FROM tax_profiles WHERE name = ?1 ORDER BY number DESC LIMIT 1";
        self.db.optional_value(TEXT, [name])
    }
}

impl WriteTx<'_> {
    /// Keeps a profile's text, unless it is in the ledger; returns how the ledger names it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn keep_tax_profile(&mut self, profile: &TaxProfile) -> Result<TaxProfileRef, Error> {
        const KNOWN: &str = "SELECT 1 FROM tax_profiles WHERE sha256 = ?1";
        let reference = profile.reference();
        if !self.db.exists(KNOWN, [&reference.sha256])? {
            insert!(self.db, "tax_profiles" {
                "name": reference.name,
                "sha256": reference.sha256,
                "text": profile.source(),
                "created_by": self.actor.user.id,
                "created_at": self.now,
            })?;
        }
        Ok(reference)
    }
}
