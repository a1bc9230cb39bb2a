//! The checks of a whole ledger: SQLite's own, the audit trail, and every sum derived again from its
//! sources.

mod bank;
mod counted;
mod counts;
mod forward;
mod frozen;
mod payments;
mod proposals;
mod register;
mod remittances;
mod reserves;
mod sqlite;
mod sums;
mod tax;

use std::sync::{Mutex, PoisonError};

use super::{
    Error, Tx,
    db::Db,
    file::{
        twin::{Job, Threads, run},
        versions,
    },
    trail::verify::verify,
};
use crate::domain::check::Check;

impl Tx<'_> {
    /// Runs every check, two at a time if the machine has two processors.
    ///
    /// Memory: 32 bytes per row of the ledger for the trail, some 100 bytes per holder, withdrawal
    /// and match, and what the allocations of an event need.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read; what is wrong in it is a finding.
    pub fn check(&mut self) -> Result<Vec<Check>, Error> {
        if *versions::schema(self.db)? != *versions::expected_schema(self.db)? {
            // Nothing else can be asked of tables that this program did not make. The trail's check
            // names them.
            let integrity = sqlite::integrity(self.db)?;
            return Ok(vec![integrity, trail(self.db, Threads::Two)?]);
        }
        // The balances of the allocations are checked as they are read for the sums.
        let balances = Mutex::new(Vec::new());
        // The longest come first, so that both threads end at about the same time.
        let jobs: Vec<Job<'_, Result<Check, Error>>> = vec![
            Box::new(sqlite::integrity),
            Box::new(|db| trail(db, Threads::One)),
            Box::new(|db| readable("sums", sums::check(&mut Tx::over(db), &balances))),
            Box::new(sqlite::references),
            Box::new(|db| readable("bank", bank::check(&mut Tx::over(db)))),
            Box::new(|db| readable("payments", payments::check(&mut Tx::over(db)))),
            Box::new(|db| readable("register", register::check(&mut Tx::over(db)))),
            Box::new(|db| readable("proposals", proposals::check(&mut Tx::over(db)))),
            Box::new(|db| readable("forward", forward::check(&mut Tx::over(db)))),
            Box::new(|db| readable("reserves", reserves::check(&mut Tx::over(db)))),
            Box::new(|db| readable("tax", tax::check(&mut Tx::over(db)))),
            Box::new(|db| readable("counts", counts::check(&mut Tx::over(db)))),
        ];
        let mut results = run(self.db, Threads::Two, jobs)?.into_iter();
        let mut next = || {
            results
                .next()
                .unwrap_or_else(|| Err(Error::bug("a check did not run")))
        };
        let (integrity, trail, sums) = (next()?, next(), next());
        let (references, bank, payments) = (next()?, next(), next());
        let (register, proposals, forward) = (next(), next(), next());
        let (reserves, tax, counts) = (next(), next(), next());
        if !sqlite::is_readable(&integrity) {
            return Ok(vec![integrity, references]);
        }
        let sums = sums?;
        let balances = Check {
            name: "balances",
            findings: balances
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
            looked_at: sums.looked_at.clone(),
        };
        Ok(vec![
            integrity, references, trail?, register?, sums, balances, forward?, reserves?, tax?,
            payments?, bank?, proposals?, counts?,
        ])
    }
}

/// Verifies the audit trail.
fn trail(db: Db<'_>, threads: Threads) -> Result<Check, Error> {
    let verified = verify(db, None, threads)?;
    let findings = verified.findings.into_iter().map(|finding| {
        let place = finding
            .table
            .zip(finding.row)
            .map(|(table, row)| format!("`{table}` {row}: "));
        format!("{}{}", place.unwrap_or_default(), finding.detail)
    });
    let entries = if verified.entries == 1 {
        "1 entry".to_owned()
    } else {
        format!("{} entries", verified.entries)
    };
    Ok(Check {
        name: "audit_trail",
        findings: findings.collect(),
        looked_at: format!("{entries} and every row"),
    })
}

/// Makes a finding of a row that cannot be read: this program did not write it.
fn readable(name: &'static str, check: Result<Check, Error>) -> Result<Check, Error> {
    match check {
        Err(error @ (Error::Damaged { .. } | Error::BadRow { .. })) => Ok(Check {
            name,
            findings: vec![error.to_string()],
            looked_at: "as far as it can be read".to_owned(),
        }),
        Ok(_) | Err(_) => check,
    }
}
