//! Explain: why a line stands where it does.

use crate::{
    domain::{
        bank::BankLine,
        matching::{self, Alternative, Certainty, Input, Link},
    },
    ops::Error,
    store::{Ledger, Noun},
};

/// A line, where it stands, and every expectation that it was held against.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The line.
    pub line: BankLine,
    /// What it was held against, the nearest first.
    pub alternatives: Vec<Alternative>,
}

/// Explains a line: its tier, each compared field, and the alternatives that were not taken.
///
/// # Errors
/// What the file refuses.
pub fn explain(ledger: &mut Ledger, given: &str) -> Result<Explanation, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Line, given)?;
        let line = tx.bank_line(number)?;
        let account = tx.bank_account_by_id(line.account.id)?;
        let lines = tx.lines_to_match(account.account.id, None)?;
        let expected = tx.expected(&account, None)?;
        let links = tx.live_matches(account.account.id)?.into_iter();
        let decided: Vec<Link> = links
            .filter(|link| link.certainty == Certainty::Matched)
            .map(|recorded| recorded.link)
            .collect();
        let rejected = tx.rejected_links(account.account.id)?;
        let currency = account.currency;
        let input = Input {
            currency,
            lines: &lines,
            expected: &expected,
            decided: &decided,
            rejected: &rejected,
        };
        let alternatives = matching::explain(input, line.number);
        Ok(Explanation { line, alternatives })
    })
}
