//! The references that payment files give, and the bank lines that carry them.

use super::{Error, Tx};
use crate::domain::{
    code::{FileNumber, LineNumber, WithdrawalNumber},
    end_to_end::EndToEnd,
};

/// A debit of an account, with all that may carry a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitText {
    /// The line.
    pub line: LineNumber,
    /// What the bank says of it.
    pub text: String,
}

impl Tx<'_> {
    /// Reads every reference that a payment file gave to the withdrawals that are in a file now.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn references_of_file(
        &mut self,
        file: FileNumber,
    ) -> Result<Vec<(WithdrawalNumber, String)>, Error> {
        const REFERENCES: &str =
            "SELECT o.withdrawal_number, o.end_to_end FROM payment_file_items i
            JOIN payment_file_items o ON o.withdrawal_number = i.withdrawal_number
            WHERE i.file_number = ?1 AND i.live = 1 ORDER BY o.number";
        self.db
            .query(REFERENCES, [file], |row| Ok((row.next()?, row.next()?)))
    }

    /// Reads all debits with all that may carry a reference. Lines that a user explained as
    /// something else are left out.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn debit_texts(&mut self) -> Result<Vec<DebitText>, Error> {
        const TEXTS: &str = "SELECT l.number, l.description || char(31) || coalesce(l.reference, '') || char(31)
              || coalesce(l.bank_id, '') || char(31) || coalesce(l.end_to_end, '') FROM bank_lines l
            WHERE l.amount LIKE '-%' AND l.kind IN ('principal', 'reversal', 'interest')
              AND l.statement_number NOT IN (SELECT number FROM bank_statements WHERE voided_at IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
                  WHERE x.line_number = l.number AND x.live = 1 AND m.matched_at IS NOT NULL
                    AND m.kind NOT IN ('payment', 'return'))
            ORDER BY l.number";
        self.db.query(TEXTS, (), |row| {
            Ok(DebitText {
                line: row.next()?,
                text: row.next()?,
            })
        })
    }

    /// Returns the end-to-end reference of a withdrawal in the payment file in which it is.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn end_to_end_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Option<String>, Error> {
        const FIND: &str =
            "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 AND live = 1";
        self.db.optional_value(FIND, [withdrawal])
    }

    /// Returns every end-to-end reference that a payment file, cancelled or not, gave a withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn references_of(&mut self, withdrawal: WithdrawalNumber) -> Result<Vec<String>, Error> {
        const REFERENCES: &str = "SELECT end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 ORDER BY number";
        self.db.values(REFERENCES, [withdrawal])
    }

    /// Finds a bank line that carries a reference which a payment file, cancelled or not, gave a
    /// withdrawal. A line that a user explained as something else shows no payment.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn line_with_reference_of(
        &mut self,
        withdrawal: WithdrawalNumber,
    ) -> Result<Option<LineNumber>, Error> {
        const LINE: &str = "SELECT l.number FROM bank_lines l WHERE l.amount LIKE '-%' AND (instr(upper(l.description), ?1)
            OR instr(upper(coalesce(l.reference, '')), ?1) OR instr(upper(coalesce(l.end_to_end, '')), ?1)
            OR instr(upper(coalesce(l.bank_id, '')), ?1)) AND l.kind IN ('principal', 'reversal', 'interest')
              AND l.statement_number NOT IN (SELECT number FROM bank_statements WHERE voided_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
                WHERE x.line_number = l.number AND x.live = 1 AND m.matched_at IS NOT NULL
                  AND m.kind NOT IN ('payment', 'return'))
            ORDER BY l.number LIMIT 1";
        for reference in self.references_of(withdrawal)? {
            if let Some(line) = self.db.optional_value(LINE, [reference])? {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Returns whether an item of a payment file ever had a reference, those included that left.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn has_reference(&mut self, reference: &EndToEnd) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM payment_file_items WHERE end_to_end = ?1";
        self.db.exists(FIND, [reference.as_str()])
    }
}
