//! A match or a proposal with all that it joins.

use crate::domain::{
    bank::BankLine, id::BankAccountId, matching::RecordedMatch,
    reconciliation::settlement::LinkedWithdrawal, tax::liability::Remittance,
};

/// A match or a proposal with all that it joins, as the ledger has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchDetails {
    /// The match.
    pub recorded: RecordedMatch,
    /// The account of its lines.
    pub account: BankAccountId,
    /// Its lines.
    pub lines: Vec<BankLine>,
    /// Its withdrawals.
    pub withdrawals: Vec<LinkedWithdrawal>,
    /// The remittance that it is about.
    pub remittance: Option<Remittance>,
}

impl MatchDetails {
    /// Returns the references that payments to be recorded from the match may take.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        let of_lines = self
            .lines
            .iter()
            .filter_map(|line| line.line.reference.as_deref());
        let unpaid = self
            .withdrawals
            .iter()
            .filter(|each| each.paid_on.is_none());
        of_lines.chain(unpaid.filter_map(|each| each.end_to_end.as_deref()))
    }
}
