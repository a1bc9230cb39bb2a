//! What earlier runs and people made of the lines, as a new run takes it.

use crate::domain::matching::{Certainty, Link, RecordedMatch};

/// What earlier runs and people made of the lines.
pub(super) struct EarlierMatches {
    /// What is decided.
    pub(super) decided: Vec<Link>,
    /// Proposals with a member after the last day that the run looks at: they stay.
    pub(super) beyond: Vec<RecordedMatch>,
    /// All other proposals: the run makes them anew.
    pub(super) proposals: Vec<RecordedMatch>,
}

impl EarlierMatches {
    pub(super) fn of(matches: Vec<RecordedMatch>, is_beyond: impl Fn(&Link) -> bool) -> Self {
        let (decided, open): (Vec<_>, Vec<_>) = matches
            .into_iter()
            .partition(|recorded| recorded.certainty == Certainty::Matched);
        let (beyond, proposals) = open
            .into_iter()
            .partition(|proposal| is_beyond(&proposal.link));
        Self {
            decided: decided.into_iter().map(|recorded| recorded.link).collect(),
            beyond,
            proposals,
        }
    }
}
