//! Deriving again which bank line shows which remittance.

use crate::domain::code::{LineNumber, RemittanceNumber};
use crate::store::{
    Error,
    db::{Db, Row},
};

/// Checks that every match of a remittance joins it with one debit of its very amount and currency
/// and with nothing else, that it holds no remittance that was taken back and no line of a statement
/// that was, and that with four eyes on nobody decided about the own remittance.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(db: Db<'_>, findings: &mut Vec<String>) -> Result<(), Error> {
    const MEMBERS: &str = "SELECT m.number FROM bank_matches m
        LEFT JOIN bank_match_remittances r ON r.match_number = m.number
        WHERE (m.kind = 'remittance') <> (r.number IS NOT NULL)
          OR r.live <> (m.ended_at IS NULL)
          OR (m.kind = 'remittance' AND ((SELECT count(*) FROM bank_match_lines x WHERE x.match_number = m.number) <> 1
            OR EXISTS (SELECT 1 FROM bank_match_withdrawals x WHERE x.match_number = m.number)))
        ORDER BY m.number";
    let members = db.values::<i64>(MEMBERS, ())?;
    findings.extend(members.into_iter().map(|number| {
        format!("match {number} is not one line and one remittance, or does not agree with them")
    }));
    findings.extend(pairs(db, "l.amount <> '-' || t.amount OR a.currency <> t.currency OR m.bank_account_id <> l.bank_account_id", "are matched, and their amounts or currencies differ")?);
    findings.extend(pairs(
        db,
        "m.ended_at IS NULL AND (t.reversed_at IS NOT NULL OR s.voided_at IS NOT NULL)",
        "are matched, and one of them was taken back",
    )?);
    findings.extend(pairs(
        db,
        "m.matched_by = t.created_by AND (SELECT four_eyes FROM ledger WHERE number = 1) = 'on'",
        "were matched by who recorded the remittance (four eyes)",
    )?);
    Ok(())
}

/// Names the lines and remittances of matches that break a rule.
fn pairs(db: Db<'_>, broken: &str, what: &str) -> Result<Vec<String>, Error> {
    let sql = format!(
        "SELECT l.number, t.number FROM bank_match_remittances r
         JOIN bank_matches m ON m.number = r.match_number JOIN tax_remittances t ON t.number = r.remittance_number
         JOIN bank_match_lines x ON x.match_number = m.number JOIN bank_lines l ON l.number = x.line_number
         JOIN bank_statements s ON s.number = l.statement_number JOIN bank_accounts a ON a.id = l.bank_account_id
         WHERE {broken} ORDER BY m.number, l.number"
    );
    db.query(&sql, (), |row: &mut Row<'_>| {
        let (line, remittance): (LineNumber, RemittanceNumber) = (row.next()?, row.next()?);
        Ok(format!("{line} and {remittance} {what}"))
    })
}
