//! What the ledger expects on a bank account.

use std::collections::BTreeMap;

use super::{
    Error, Tx,
    db::{Codes, Row, columns},
};
use crate::domain::{bank::FundAccount, code::WithdrawalNumber, matching::Expected, time::Date};

columns! {
    const EXPECTED_COLUMNS, fn read_expected: Expected {
        withdrawal: "w.number",
        payment: "y.number",
        amount: "coalesce(y.amount, w.requested_amount)",
        date: "coalesce(y.payment_date, f.execution_date, substr(w.approved_at, 1, 10))",
        reference: "y.reference",
        // They are added from all of them, read once.
        end_to_end: ("NULL" = Vec::new()),
        ended_references: ("NULL" = Vec::new()),
        means: "w.means",
        account_number: "w.account_number",
        names: ("h.name, w.account_name" => read_names),
        file: "f.number",
        returned: "coalesce(y.status = 'returned', 0)",
        return_linked: "EXISTS (SELECT 1 FROM bank_match_withdrawals r JOIN bank_matches o ON o.number = r.match_number
            WHERE r.withdrawal_number = w.number AND r.live = 1 AND r.kind = 'return' AND o.matched_at IS NOT NULL)",
        maybe_sent: "coalesce(y.status = 'returned', 0) AND (f.exported_at IS NOT NULL AND f.cancelled_at IS NULL
            OR EXISTS (SELECT 1 FROM bank_match_withdrawals s JOIN bank_matches o ON o.number = s.match_number
              WHERE s.withdrawal_number = w.number AND s.kind = 'payment' AND o.matched_at IS NOT NULL))",
        settled: "EXISTS (SELECT 1 FROM payment_settlements z WHERE z.payment_number = y.number AND z.undone_at IS NULL)",
    }
}

const EXPECTED_FROM: &str =
    "FROM withdrawal_requests w JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
    LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id
    LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1
    LEFT JOIN payment_files f ON f.number = i.file_number";

/// The end-to-end references that payment files gave a withdrawal.
#[derive(Default)]
struct GivenReferences {
    /// Of the item that is in a file.
    live: Vec<String>,
    /// Of items that left their files.
    ended: Vec<String>,
}

fn read_names(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<String>, Error> {
    let mut names = vec![row.next::<String>()?];
    names.extend(row.next::<Option<String>>()?);
    Ok(names)
}

impl Tx<'_> {
    /// Reads what the ledger expects on an account: what its payment files hold, what is linked to
    /// it, and what no other account must pay. `through` leaves later payments out.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn expected(
        &mut self,
        account: &FundAccount,
        through: Option<Date>,
    ) -> Result<Vec<Expected>, Error> {
        // What is not a transfer is looked for once it is recorded: a cheque by its number.
        const WHICH: &str = "w.status IN ('approved', 'paid', 'returned') AND w.currency = ?1
              AND (w.means = 'transfer' OR y.number IS NOT NULL)
              AND CASE WHEN m.number IS NOT NULL THEN m.bank_account_id = ?2
                       WHEN f.number IS NOT NULL THEN f.bank_account_id = ?2
                       WHEN ?3 IS NOT NULL THEN w.project_id = ?3
                       ELSE NOT EXISTS (SELECT 1 FROM bank_accounts b
                                        WHERE b.project_id = w.project_id AND b.currency = w.currency) END";
        let sql = format!(
            "SELECT {EXPECTED_COLUMNS} {EXPECTED_FROM}
            LEFT JOIN bank_match_withdrawals mw ON mw.withdrawal_number = w.number AND mw.live = 1 AND mw.kind = 'payment'
            LEFT JOIN bank_matches m ON m.number = mw.match_number AND m.matched_at IS NOT NULL
            WHERE {WHICH} ORDER BY w.number"
        );
        let codes = Codes::default();
        let mut references = self.end_to_end_references()?;
        let project = account.project.as_ref().map(|project| project.id);
        let values = (account.currency, account.account.id, project);
        let mut expected = self.db.query(&sql, values, |row| {
            let mut expected = read_expected(row, &codes)?;
            let given = references.remove(&expected.withdrawal).unwrap_or_default();
            expected.end_to_end = given.live;
            expected.ended_references = given.ended;
            Ok(expected)
        })?;
        if let Some(through) = through {
            expected.retain(|expected| expected.date <= through);
        }
        Ok(expected)
    }

    fn end_to_end_references(&self) -> Result<BTreeMap<WithdrawalNumber, GivenReferences>, Error> {
        const ALL: &str =
            "SELECT withdrawal_number, live, end_to_end FROM payment_file_items ORDER BY number";
        let mut references: BTreeMap<WithdrawalNumber, GivenReferences> = BTreeMap::new();
        self.db.each(ALL, (), |row| {
            let given = references.entry(row.next()?).or_default();
            if row.next()? {
                given.live.push(row.next()?);
            } else {
                given.ended.push(row.next()?);
            }
            Ok::<_, Error>(())
        })?;
        Ok(references)
    }

    /// Reads one withdrawal as matching expects it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn expected_one(&mut self, number: WithdrawalNumber) -> Result<Expected, Error> {
        const REFERENCES: &str = "SELECT live, end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 ORDER BY number";
        let codes = Codes::default();
        let sql = format!("SELECT {EXPECTED_COLUMNS} {EXPECTED_FROM} WHERE w.number = ?1");
        let mut expected = self
            .db
            .query_one(&sql, [number], |row| read_expected(row, &codes))?;
        self.db.each(REFERENCES, [number], |row| {
            if row.next()? {
                expected.end_to_end.push(row.next()?);
            } else {
                expected.ended_references.push(row.next()?);
            }
            Ok::<_, Error>(())
        })?;
        Ok(expected)
    }
}
