//! What a report is about.

use crate::domain::{activity::Head, time::Date, user::FourEyes};

/// What a report is about and which state of the ledger it shows: the heading and the footer of
/// pages, sheets and documents, and the line under tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The title.
    pub title: String,
    /// The date that it shows, in UTC.
    pub as_of: Date,
    /// The head of the audit trail at the end of that date.
    pub head: Head,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
}

impl About {
    /// Returns the state that it shows in words, with the full hash, so that a document proves as
    /// much as the ledger can.
    pub fn state(&self) -> String {
        self.state_with(&self.head.hash)
    }

    /// Returns the state that it shows in words, with the beginning of the hash, short enough for
    /// the line under a table.
    pub fn brief_state(&self) -> String {
        self.state_with(self.head.hash.get(..12).unwrap_or(&self.head.hash))
    }

    fn state_with(&self, hash: &str) -> String {
        let Self {
            as_of,
            head,
            four_eyes,
            ..
        } = self;
        format!(
            "as of {as_of} · four eyes {} · audit head {} {hash}",
            four_eyes.as_str(),
            head.seq
        )
    }
}
