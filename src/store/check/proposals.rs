//! Comparing proposals with what they made.

use super::counted::counted;
use crate::domain::{check::Check, code::ProposalNumber, proposal::ProposalKind};
use crate::store::{Error, Tx};

/// For each kind of a proposal, the query that finds those whose thing is missing or is something
/// else: a rule is made by the approval, a certificate with the proposal.
const MADE: [(ProposalKind, &str); 4] = [(
    ProposalKind::BankRule,
    "SELECT q.number FROM proposals q LEFT JOIN bank_rules r ON r.proposal_number = q.number
     WHERE q.kind = 'bank_rule' AND q.status = 'approved'
       AND (r.created_by = q.decided_by AND r.created_at = q.decided_at AND r.at_most = q.amount
         AND r.bank_account_id = q.content ->> '$.bank_rule.account' AND r.text = q.content ->> '$.bank_rule.text'
         AND r.kind = q.content ->> '$.bank_rule.kind' AND r.at_most = q.content ->> '$.bank_rule.at_most')
         IS NOT TRUE
     ORDER BY q.number",
), (
    ProposalKind::TaxCertificate,
    "SELECT q.number FROM proposals q LEFT JOIN tax_certificates x ON x.proposal_number = q.number
     WHERE q.kind = 'tax_certificate'
       AND (x.number = q.content ->> '$.tax_certificate.number' AND x.created_by = q.proposed_by
         AND x.created_at = q.proposed_at AND x.lp_token_holder_id = q.content ->> '$.tax_certificate.holder'
         AND x.reference = q.content ->> '$.tax_certificate.terms.reference'
         AND x.from_date = q.content ->> '$.tax_certificate.terms.from'
         AND x.until_date = q.content ->> '$.tax_certificate.terms.until'
         AND x.component IS q.content ->> '$.tax_certificate.terms.component'
         AND x.country IS q.content ->> '$.tax_certificate.terms.country'
         AND x.rate = coalesce(q.content ->> '$.tax_certificate.terms.kind.treaty',
           q.content ->> '$.tax_certificate.terms.kind.reduced', '0.0000000')
         AND x.kind = CASE json_type(q.content, '$.tax_certificate.terms.kind')
           WHEN 'text' THEN q.content ->> '$.tax_certificate.terms.kind'
           ELSE (SELECT key FROM json_each(q.content, '$.tax_certificate.terms.kind')) END)
         IS NOT TRUE
     ORDER BY q.number",
), (
    ProposalKind::ForwardWriteOff,
    "SELECT q.number FROM proposals q WHERE q.kind = 'forward_write_off' AND q.status = 'approved'
       AND (SELECT count(*) FROM allocation_movements m WHERE m.kind = 'written_off'
            AND m.project_id = q.content ->> '$.forward_write_off.project' AND m.created_by = q.decided_by
            AND m.created_at = q.decided_at AND m.reason = q.content ->> '$.forward_write_off.reason')
           <> q.content ->> '$.forward_write_off.holders'
     ORDER BY q.number",
), (
    ProposalKind::HistoryImport,
    "SELECT q.number FROM proposals q WHERE q.kind = 'history_import' AND NOT
       ((SELECT count(*) FROM history_rows r WHERE r.proposal_number = q.number) = q.content ->> '$.history_import.rows'
        AND (SELECT count(DISTINCT r.event_code) FROM history_rows r WHERE r.proposal_number = q.number)
          = q.content ->> '$.history_import.events'
        AND (SELECT count(*) FROM distribution_events e WHERE e.history_proposal = q.number)
          = CASE q.status WHEN 'approved' THEN q.content ->> '$.history_import.events' ELSE 0 END
        AND (SELECT count(*) FROM distribution_allocations a JOIN distribution_events e ON e.id = a.distribution_event_id
             WHERE e.history_proposal = q.number)
          = CASE q.status WHEN 'approved' THEN q.content ->> '$.history_import.rows' ELSE 0 END
        AND (q.status <> 'approved' OR NOT EXISTS (SELECT 1 FROM history_rows r
             LEFT JOIN distribution_events e ON e.history_proposal = q.number AND e.code = r.event_code
             LEFT JOIN distribution_allocations a
               ON a.distribution_event_id = e.id AND a.lp_token_holder_id = r.lp_token_holder_id
             LEFT JOIN distribution_payments y ON y.distribution_allocation_id = a.id AND y.imported = 1
             WHERE r.proposal_number = q.number AND
               (e.title = r.title AND e.event_type = r.event_type AND e.distribution_date = r.distribution_date
                AND e.record_date = r.record_date AND e.project_id = q.content ->> '$.history_import.project'
                AND e.created_by = q.proposed_by AND e.approved_by = q.decided_by AND e.approved_at = q.decided_at
                AND a.lp_tokens_held = r.lp_tokens_held AND a.allocated_amount = r.gross_amount
                AND a.tax_amount = r.tax_amount AND coalesce(y.amount, '0.0000000') = r.paid_amount
                AND y.reference IS r.reference AND y.payment_date IS r.value_date) IS NOT TRUE)))
     ORDER BY q.number",
)];

/// Finds the proposals whose content another program or a bad disk has changed.
const UNREADABLE: &str =
    "SELECT number FROM proposals WHERE NOT json_valid(content) ORDER BY number";

/// Queries that find the proposals that break a rule, and what is wrong with them.
const RULES: [(&str, &str); 5] = [
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
    (
        "SELECT x.proposal_number FROM tax_certificates x JOIN proposals q ON q.number = x.proposal_number
         WHERE q.kind <> 'tax_certificate' OR (x.ended_on IS NOT NULL AND q.status <> 'approved')
         ORDER BY x.proposal_number",
        "is of another kind than its certificate, or ended without having been approved",
    ),
    (
        "SELECT DISTINCT q.number FROM proposals q WHERE q.kind <> 'history_import'
         AND (EXISTS (SELECT 1 FROM history_rows r WHERE r.proposal_number = q.number)
           OR EXISTS (SELECT 1 FROM distribution_events e WHERE e.history_proposal = q.number)) ORDER BY q.number",
        "is of another kind than its history",
    ),
];

/// Checks that every proposal that was approved made what it says, that nothing else was made, and
/// that a second person approved it.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const PROPOSALS: &str = "SELECT count(*) FROM proposals";
    let unreadable = tx.db.values::<ProposalNumber>(UNREADABLE, ())?;
    if !unreadable.is_empty() {
        // The other queries read the content.
        let said = unreadable.into_iter();
        let said = said.map(|number| format!("{number} has a content that cannot be read"));
        return Ok(Check {
            name: "proposals",
            findings: said.collect(),
            looked_at: "as far as it can be read".to_owned(),
        });
    }
    let mut findings = Vec::new();
    for (sql, what) in RULES {
        let numbers = tx.db.values::<ProposalNumber>(sql, ())?;
        findings.extend(numbers.into_iter().map(|number| format!("{number} {what}")));
    }
    for (kind, sql) in MADE {
        let numbers = tx.db.values::<ProposalNumber>(sql, ())?;
        let words = match kind {
            ProposalKind::BankRule => "was approved and its bank rule",
            ProposalKind::TaxCertificate => "was recorded and its tax certificate",
            ProposalKind::ForwardWriteOff => "was approved and its write-off",
            ProposalKind::HistoryImport => "was recorded and its history",
        };
        findings.extend(
            (numbers.into_iter())
                .map(|number| format!("{number} {words} is missing or differs from it")),
        );
    }
    let proposals: i64 = tx.db.value(PROPOSALS, ())?;
    Ok(Check {
        name: "proposals",
        findings,
        looked_at: counted(proposals, "proposal"),
    })
}
