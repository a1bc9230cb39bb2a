//! What the ledger expects on a bank account.

use std::collections::{BTreeMap, HashSet};

use super::{
    Error, Tx,
    db::{Codes, Row, columns},
};
use crate::domain::{
    bank::FundAccount,
    code::WithdrawalNumber,
    id::BankAccountId,
    matching::{Expected, PaidFrom},
    time::Date,
    transfer::TransferNumber,
};

columns! {
    const EXPECTED_COLUMNS, fn read_expected: Expected {
        withdrawal: "w.number",
        paid_from: ("NULL" = PaidFrom::Here),
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
        transfer: ("t.number, t.payments" => read_transfer),
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
    LEFT JOIN payment_transfers t ON t.number = y.transfer_number AND t.payments > 1
    LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1
    LEFT JOIN payment_files f ON f.number = i.file_number";

/// The end-to-end references that payment files gave a withdrawal.
#[derive(Default)]
struct GivenReferences {
    /// Of the item that is in a file.
    live: Vec<String>,
    /// Of items that left their files.
    ended: Vec<String>,
    /// Of these, those of the files of the account.
    ended_here: Vec<String>,
}

fn read_names(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<String>, Error> {
    let mut names = vec![row.next::<String>()?];
    names.extend(row.next::<Option<String>>()?);
    Ok(names)
}

fn read_transfer(
    row: &mut Row<'_>,
    _codes: &Codes,
) -> Result<Option<(TransferNumber, u64)>, Error> {
    let (number, payments): (Option<TransferNumber>, Option<u64>) = (row.next()?, row.next()?);
    Ok(number.zip(payments))
}

impl Tx<'_> {
    /// Reads what the ledger expects on an account: what its payment files hold, what is linked to
    /// it, and what no other account must pay; and what left its payment files and is to be paid
    /// elsewhere or not at all, since the bank may have made it. `through` leaves later payments out.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn expected(
        &mut self,
        account: &FundAccount,
        through: Option<Date>,
    ) -> Result<Vec<Expected>, Error> {
        // What is not a transfer is looked for once it is recorded: a cheque by its number. What was
        // paid before this ledger is never looked for.
        const WHICH: &str = "w.status IN ('approved', 'paid', 'returned') AND w.currency = ?1
              AND (w.means = 'transfer' OR (y.number IS NOT NULL AND w.means <> 'imported'))
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
        let mut references = self.end_to_end_references(account.account.id)?;
        let project = account.project.as_ref().map(|project| project.id);
        let values = (account.currency, account.account.id, project);
        let mut expected = self.db.query(&sql, values, |row| {
            let mut expected = read_expected(row, &codes)?;
            let given = references.remove(&expected.withdrawal).unwrap_or_default();
            expected.end_to_end = given.live;
            expected.ended_references = given.ended;
            Ok(expected)
        })?;
        self.add_ended_here(references, &mut expected)?;
        if let Some(through) = through {
            expected.retain(|expected| expected.date <= through);
        }
        Ok(expected)
    }

    /// Adds what is not expected on the account, and had an item in a payment file of it.
    fn add_ended_here(
        &mut self,
        references: BTreeMap<WithdrawalNumber, GivenReferences>,
        expected: &mut Vec<Expected>,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT {EXPECTED_COLUMNS}, w.status IN ('approved', 'paid', 'returned') {EXPECTED_FROM}
            WHERE w.number = ?1"
        );
        let codes = Codes::default();
        let left = references
            .into_iter()
            .filter(|(_, given)| !given.ended_here.is_empty());
        let before = expected.len();
        for (number, given) in left {
            expected.push(self.db.query_one(&sql, [number], |row| {
                let found = read_expected(row, &codes)?;
                let paid_from = if row.next()? {
                    PaidFrom::Elsewhere
                } else {
                    PaidFrom::Nowhere
                };
                Ok::<_, Error>(found.not_here(paid_from, given.ended_here))
            })?);
        }
        if expected.len() > before {
            expected.sort_by_key(|expected| expected.withdrawal);
        }
        Ok(())
    }

    fn end_to_end_references(
        &self,
        account: BankAccountId,
    ) -> Result<BTreeMap<WithdrawalNumber, GivenReferences>, Error> {
        const FILES: &str = "SELECT number FROM payment_files WHERE bank_account_id = ?1";
        const ALL: &str = "SELECT withdrawal_number, live, end_to_end, file_number
            FROM payment_file_items ORDER BY number";
        let files: HashSet<i64> = self.db.values(FILES, [account])?.into_iter().collect();
        let mut references: BTreeMap<WithdrawalNumber, GivenReferences> = BTreeMap::new();
        self.db.each(ALL, (), |row| {
            let given = references.entry(row.next()?).or_default();
            let (is_live, reference): (bool, String) = (row.next()?, row.next()?);
            if is_live {
                given.live.push(reference);
                return Ok(());
            }
            if files.contains(&row.next()?) {
                given.ended_here.push(reference.clone());
            }
            given.ended.push(reference);
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
