//! Bank statements in the ledger.

use uuid::Uuid;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Params, Row, columns, insert},
};
use crate::domain::{
    bank::{FundAccount, ImportedStatement},
    code::StatementNumber,
    id::{AccountRef, BankAccountId, StatementId},
    statement::StatementFinding,
    time::{Date, Instant},
};

columns! {
    const COLUMNS, fn read: ImportedStatement {
        number: "s.number",
        id: "s.id",
        account: (AccountRef { id: "s.bank_account_id", code: "b.code" }),
        currency: "b.currency",
        file_hash: "s.file_hash",
        position: "s.file_position",
        format: "s.format",
        encoding: "s.encoding",
        profile: "s.profile",
        reference: "s.reference",
        opening: "s.opening_balance",
        closing: "s.closing_balance",
        balance_ok: "s.balance_ok",
        balances_proven: "s.balances_proven",
        dates: "s.date_from, s.date_to",
        lines_new: "s.lines_new",
        lines_known: "s.lines_known",
        lines_skipped: "s.lines_skipped",
        debits: "s.debits",
        credits: "s.credits",
        findings: ("s.findings" => read_findings),
        imported_by: "s.imported_by",
        imported_at: "s.imported_at",
    }
}

fn read_findings(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<StatementFinding>, Error> {
    let number = row.get::<StatementNumber>(0)?;
    let findings: String = row.next()?;
    serde_json::from_str(&findings).map_err(|error| Error::BadRow {
        table: "bank_statements",
        row: number.to_string(),
        detail: error.to_string(),
    })
}

impl Tx<'_> {
    /// Reads the statements of an account, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn statements(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<Vec<ImportedStatement>, Error> {
        let mut statements =
            self.some_statements("s.bank_account_id = ?1 ORDER BY s.number", [account])?;
        if let AsOf::At(at) = as_of {
            statements.retain(|statement| statement.imported_at <= at);
        }
        Ok(statements)
    }

    /// Reads the statements that a file brought into an account, in the order of the file; none
    /// if it was not imported.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn statements_of_file(
        &mut self,
        account: BankAccountId,
        file_hash: &str,
    ) -> Result<Vec<ImportedStatement>, Error> {
        self.some_statements(
            "s.bank_account_id = ?1 AND s.file_hash = ?2 ORDER BY s.file_position",
            (account, file_hash),
        )
    }

    fn some_statements(
        &mut self,
        which: &str,
        values: impl Params,
    ) -> Result<Vec<ImportedStatement>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_statements s JOIN bank_accounts b ON b.id = s.bank_account_id WHERE {which}"
        );
        self.db.query(&sql, values, |row| read(row, &codes))
    }

    /// Returns whether an account had lines that no reconciliation had read.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn has_lines_after_last_run(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<bool, Error> {
        const LAST: &str = "SELECT coalesce(max(last_line), 0) FROM bank_reconciliations
            WHERE bank_account_id = ?1 AND through IS NULL AND (?2 IS NULL OR run_at <= ?2)";
        const NEW: &str = "SELECT 1 FROM bank_lines l JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.number > ?1 AND l.bank_account_id = ?2 AND (?3 IS NULL OR s.imported_at <= ?3) LIMIT 1";
        let last: i64 = self.db.value(LAST, (account, as_of.instant()))?;
        self.db.exists(NEW, (last, account, as_of.instant()))
    }

    /// Returns when an account was last reconciled, up to an instant.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn last_reconciled(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<Option<Instant>, Error> {
        const LAST: &str = "SELECT max(run_at) FROM bank_reconciliations
            WHERE bank_account_id = ?1 AND (?2 IS NULL OR run_at <= ?2)";
        self.db.value(LAST, (account, as_of.instant()))
    }
}

impl WriteTx<'_> {
    /// Records a statement. Its number is `statement.number`, which must be the next one.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_statement(
        &mut self,
        account: &FundAccount,
        statement: &ImportedStatement,
    ) -> Result<(), Error> {
        let findings = serde_json::to_string(&statement.findings)
            .map_err(|error| Error::bug(error.to_string()))?;
        insert!(self.db, "bank_statements" {
            "number": statement.number,
            "id": statement.id,
            "bank_account_id": account.account.id,
            "file_hash": statement.file_hash,
            "file_position": statement.position,
            "format": statement.format,
            "encoding": statement.encoding,
            "profile": statement.profile,
            "reference": statement.reference,
            "opening_balance": statement.opening,
            "closing_balance": statement.closing,
            "balance_ok": statement.balance_ok,
            "balances_proven": statement.balances_proven,
            "date_from": statement.dates.map(|days| days.first),
            "date_to": statement.dates.map(|days| days.last),
            "lines_new": statement.lines_new,
            "lines_known": statement.lines_known,
            "lines_skipped": statement.lines_skipped,
            "debits": statement.debits,
            "credits": statement.credits,
            "findings": findings,
            "imported_by": statement.imported_by.id,
            "imported_at": statement.imported_at,
        })
        .map(|_| ())
    }

    /// Returns the next statement's number and id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn next_statement(&mut self) -> Result<(StatementNumber, StatementId), Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM bank_statements";
        Ok((self.db.value(NEXT, ())?, self.ids.make()))
    }

    /// Records a reconciliation.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_reconciliation(
        &mut self,
        account: BankAccountId,
        through: Option<Date>,
    ) -> Result<(), Error> {
        const INSERT: &str =
            "INSERT INTO bank_reconciliations (id, bank_account_id, through, last_line, run_at)
            SELECT ?1, ?2, ?3, coalesce(max(number), 0), ?4 FROM bank_lines";
        let id: Uuid = self.ids.make();
        let values = (id, account, through, self.now);
        self.db.execute(INSERT, values).map(|_| ())
    }
}
