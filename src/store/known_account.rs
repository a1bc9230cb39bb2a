//! Account numbers that the ledger knows, looked up one by one.

use std::collections::{BTreeSet, HashMap};

use super::{AsOf, Error, db::Db};
use crate::domain::{
    masking::{self, Place},
    statement::StatementLine,
};

/// How many answers are kept. Dates and words come again in most lines of a bank.
const KEPT: usize = 65_536;

/// Looks account numbers up as they were known on a day, each once.
pub(super) struct KnownAccounts<'l> {
    db: Db<'l>,
    as_of: AsOf,
    answers: HashMap<String, bool>,
}

impl<'l> KnownAccounts<'l> {
    pub(super) fn new(db: Db<'l>, as_of: AsOf) -> Self {
        Self {
            db,
            as_of,
            answers: HashMap::new(),
        }
    }

    /// Lists the account numbers in the texts of a line that were known.
    pub(super) fn in_line(&mut self, line: &StatementLine) -> Result<Vec<String>, Error> {
        let texts = [
            Some(line.description.as_str()),
            line.reference.as_deref(),
            line.bank_id.as_deref(),
            line.end_to_end.as_deref(),
            line.counterparty_name.as_deref(),
        ];
        let mut known = BTreeSet::new();
        for candidate in texts.into_iter().flatten().flat_map(masking::candidates) {
            if self.knows(&candidate)? {
                known.insert(candidate);
            }
        }
        Ok(known.into_iter().collect())
    }

    /// Returns how account numbers in the reference of a line are hidden. One that a payment has
    /// stays, since scripts find the payment by it.
    pub(super) fn place_of(&self, reference: Option<&str>) -> Result<Place, Error> {
        const RECORDED: &str = "SELECT 1 FROM payment_transfers
            WHERE reference = ?1 AND (?2 IS NULL OR created_at <= ?2)";
        let like = reference.filter(|reference| masking::is_like_a_number(reference));
        let Some(reference) = like else {
            return Ok(Place::Reference);
        };
        let is_recorded = self
            .db
            .exists(RECORDED, (reference, self.as_of.instant()))?;
        Ok(if is_recorded {
            Place::Recorded
        } else {
            Place::Reference
        })
    }

    fn knows(&mut self, number: &str) -> Result<bool, Error> {
        // A row keeps the time of its last change, and the history has the states before it.
        const KNOWN: &str = "SELECT 1 WHERE
            EXISTS (SELECT 1 FROM holder_accounts
                WHERE account_number = ?1 AND (?2 IS NULL OR updated_at <= ?2))
            OR EXISTS (SELECT 1 FROM holder_accounts_history
                WHERE account_number = ?1 AND (?2 IS NULL OR updated_at <= ?2))
            OR EXISTS (SELECT 1 FROM withdrawal_requests
                WHERE account_number = ?1 AND (?2 IS NULL OR created_at <= ?2))
            OR EXISTS (SELECT 1 FROM bank_accounts
                WHERE account_number = ?1 AND (?2 IS NULL OR created_at <= ?2))";
        if let Some(answer) = self.answers.get(number) {
            return Ok(*answer);
        }
        let answer = self.db.exists(KNOWN, (number, self.as_of.instant()))?;
        if self.answers.len() >= KEPT {
            self.answers.clear();
        }
        self.answers.insert(number.to_owned(), answer);
        Ok(answer)
    }
}
