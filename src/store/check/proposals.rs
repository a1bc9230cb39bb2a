//! Comparing proposals with what they made.

use super::counted::counted;
use crate::domain::{check::Check, code::ProposalNumber, proposal::ProposalKind};
use crate::store::{Error, Tx};

/// For each kind of a proposal, the query that finds those that were approved and whose thing is
/// missing or is something else.
const MADE: [(ProposalKind, &str); 1] = [(
    ProposalKind::BankRule,
    "SELECT q.number FROM proposals q LEFT JOIN bank_rules r ON r.proposal_number = q.number
     WHERE q.kind = 'bank_rule' AND q.status = 'approved'
       AND (r.created_by = q.decided_by AND r.created_at = q.decided_at AND r.at_most = q.amount
         AND r.bank_account_id = q.content ->> '$.bank_rule.account' AND r.text = q.content ->> '$.bank_rule.text'
         AND r.kind = q.content ->> '$.bank_rule.kind' AND r.at_most = q.content ->> '$.bank_rule.at_most')
         IS NOT TRUE
     ORDER BY q.number",
)];

/// Queries that find the proposals that break a rule, and what is wrong with them.
const RULES: [(&str, &str); 3] = [
    (
        "SELECT q.number FROM proposals q, ledger l WHERE l.four_eyes = 'on' AND q.status = 'approved'
         AND q.decided_by = q.proposed_by ORDER BY q.number",
        "was approved by who proposed it",
    ),
    (
        "SELECT q.number FROM proposals q WHERE NOT EXISTS (SELECT 1 FROM json_each(q.content) c WHERE c.key = q.kind)
         ORDER BY q.number",
        "is of another kind than what it makes",
    ),
    (
        "SELECT r.proposal_number FROM bank_rules r JOIN proposals q ON q.number = r.proposal_number
         WHERE q.status <> 'approved' OR q.kind <> 'bank_rule' ORDER BY r.proposal_number",
        "made a rule and was not approved",
    ),
];

/// Checks that every proposal that was approved made what it says, that nothing else was made, and
/// that a second person approved it.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const PROPOSALS: &str = "SELECT count(*) FROM proposals";
    let mut findings = Vec::new();
    for (sql, what) in RULES {
        let numbers = tx.db.values::<ProposalNumber>(sql, ())?;
        findings.extend(numbers.into_iter().map(|number| format!("{number} {what}")));
    }
    for (kind, sql) in MADE {
        let numbers = tx.db.values::<ProposalNumber>(sql, ())?;
        let words = kind.as_str().replace('_', " ");
        findings.extend(numbers.into_iter().map(|number| {
            format!("{number} was approved and its {words} is missing or differs from it")
        }));
    }
    let proposals: i64 = tx.db.value(PROPOSALS, ())?;
    Ok(Check {
        name: "proposals",
        findings,
        looked_at: counted(proposals, "proposal"),
    })
}
