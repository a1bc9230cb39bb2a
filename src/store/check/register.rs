//! Adding up the register again.

use super::counted::counted;
use crate::domain::{
    check::Check,
    id::ProjectId,
    quantity::{Tokens, Total},
    token::{Flow, check_balances, check_supply},
};
use crate::store::{AsOf, Error, Tx};

/// Checks that no balance is ever negative, that the issued and redeemed tokens of a project are the
/// sums of its entries, that no two entries that count have one reference, and that each reversal is
/// the mirror of its entry.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const PARTIES: &str = "SELECT DISTINCT project_id, from_holder_id FROM token_entries WHERE from_holder_id IS NOT NULL";
    let mut findings = Vec::new();
    let givers = tx
        .db
        .query(PARTIES, (), |row| Ok((row.next()?, row.next()?)))?;
    for (project, holder) in givers {
        let flows: Vec<(_, Flow)> = tx.flows(project, holder)?;
        let holder = tx.holder_by_id(holder)?;
        if let Err(refused) = check_balances(&holder.holder.code, flows) {
            findings.push(refused.to_string());
        }
    }
    let projects = tx.projects(AsOf::Now)?;
    for project in &projects {
        let (issued, redeemed) = issued_and_redeemed(tx, project.project.id)?;
        let kept = tx.supply(project.project.id)?;
        if (kept.issued, kept.redeemed) != (issued, redeemed) {
            findings.push(format!(
                "the tokens noted as issued and redeemed in `{}` are not its entries' sums",
                project.project.code
            ));
        }
        if kept.may_be_too_large() {
            let flows = tx.supply_flows(project.project.id)?;
            findings.extend(
                check_supply(&project.project.code, flows)
                    .err()
                    .map(|refused| refused.to_string()),
            );
        }
    }
    const REFERENCES: &str = "SELECT p.code, t.reference FROM token_entries t
        JOIN projects p ON p.id = t.project_id
        WHERE t.reference IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM token_entries r WHERE r.reverses = t.number)
        GROUP BY t.project_id, t.reference HAVING count(*) > 1 ORDER BY p.code, t.reference";
    tx.db.each(REFERENCES, (), |row| {
        let (project, reference): (String, String) = (row.next()?, row.next()?);
        findings.push(format!(
            "several entries of `{project}` that count have the reference `{reference}`"
        ));
        Ok::<_, Error>(())
    })?;
    const REVERSALS: &str = "SELECT p.code, t.number FROM token_entries t
        JOIN token_entries o ON o.number = t.reverses JOIN projects p ON p.id = t.project_id
        WHERE t.project_id <> o.project_id OR t.tokens <> o.tokens
          OR t.effective_date <> o.effective_date OR t.from_holder_id IS NOT o.to_holder_id
          OR t.to_holder_id IS NOT o.from_holder_id OR o.reverses IS NOT NULL ORDER BY t.number";
    tx.db.each(REVERSALS, (), |row| {
        let (project, number): (String, i64) = (row.next()?, row.next()?);
        findings.push(format!(
            "entry {number} of `{project}` does not take back what it reverses"
        ));
        Ok::<_, Error>(())
    })?;
    Ok(Check {
        name: "register",
        findings,
        looked_at: counted(projects.len(), "project"),
    })
}

/// Adds up the issues and the redemptions of a project.
fn issued_and_redeemed(tx: &mut Tx<'_>, project: ProjectId) -> Result<(Total, Total), Error> {
    const ENTRIES: &str =
        "SELECT kind, tokens FROM token_entries WHERE project_id = ?1 AND kind <> 'transfer'";
    let (mut issued, mut redeemed) = (Total::ZERO, Total::ZERO);
    tx.db.each(ENTRIES, [project], |row| {
        let sum = if row.text(0)? == "issue" {
            &mut issued
        } else {
            &mut redeemed
        };
        *sum = sum
            .checked_add(row.get::<Tokens>(1)?.widen())
            .ok_or_else(|| Error::bug("a register's entries add up to too much"))?;
        Ok::<_, Error>(())
    })?;
    Ok((issued, redeemed))
}
