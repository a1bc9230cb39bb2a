//! Explain: why a line has its class.

use crate::{
    domain::{
        bank::BankLine,
        matching::{self, Alternative, RecordedMatch, Sides},
    },
    ops::Error,
    store::{AsOf, Ledger, Noun},
};

/// A line, its class, and every payment and remittance that it was compared with.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The line.
    pub line: BankLine,
    /// What it was compared with, the nearest first.
    pub alternatives: Vec<Alternative>,
}

/// Explains a line: its tier, each compared field, and the alternatives that were not taken.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn explain(ledger: &mut Ledger, given: &str) -> Result<Explanation, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Line, given)?;
        let line = tx.bank_line(number)?;
        let account = tx.bank_account_by_id(line.account.id)?;
        let lines = tx.lines_to_match(account.account.id, None)?;
        let expected = tx.expected(&account, None)?;
        let accounts = tx.bank_accounts(AsOf::Now)?;
        let remittances = tx.remittances_on_bank(AsOf::Now)?;
        let remittances: Vec<_> = remittances
            .iter()
            .filter_map(|of| of.expected_on(&account, &accounts))
            .collect();
        let decided = RecordedMatch::decided(tx.live_matches(account.account.id)?);
        let rejected = tx.rejected_links(account.account.id)?;
        let setting = tx.setting(&account)?;
        let sides = Sides {
            currency: account.currency,
            setting: &setting,
            lines: &lines,
            expected: &expected,
            remittances: &remittances,
            decided: &decided,
            rejected: &rejected,
        };
        let alternatives = matching::explain(sides, line.number);
        Ok(Explanation { line, alternatives })
    })
}
