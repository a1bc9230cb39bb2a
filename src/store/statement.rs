//! Bank statements in the ledger.

use uuid::Uuid;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Params, Row, columns, insert, update},
};
use crate::domain::{
    bank::{FundAccount, ImportedStatement, Voided},
    code::{LineNumber, StatementNumber},
    id::{AccountRef, BankAccountId, StatementId, UserRef},
    reconciliation::FirstLeft,
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
        voided: ("s.voided_by, s.voided_at, s.void_reason" => read_voided),
    }
}

fn read_voided(row: &mut Row<'_>, codes: &Codes) -> Result<Option<Voided>, Error> {
    let by = row.read::<Option<UserRef>>(codes)?;
    let (at, reason): (Option<Instant>, Option<String>) = (row.next()?, row.next()?);
    Ok(by
        .zip(at)
        .zip(reason)
        .map(|((by, at), reason)| Voided { by, at, reason }))
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

/// Keeps the statements that were known at an instant, as they were then.
fn known_at(mut statements: Vec<ImportedStatement>, as_of: AsOf) -> Vec<ImportedStatement> {
    if let AsOf::At(at) = as_of {
        statements.retain(|statement| statement.imported_at <= at);
        for statement in &mut statements {
            statement.voided = statement.voided.take().filter(|voided| voided.at <= at);
        }
    }
    statements
}

impl Tx<'_> {
    /// Reads the statements of an account that count, in order of their numbers: not those that were
    /// taken back.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn statements(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<Vec<ImportedStatement>, Error> {
        let mut statements = self.all_statements(account, as_of)?;
        statements.retain(|statement| statement.voided.is_none());
        Ok(statements)
    }

    /// Reads all statements of an account, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn all_statements(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<Vec<ImportedStatement>, Error> {
        let statements =
            self.some_statements("s.bank_account_id = ?1 ORDER BY s.number", [account])?;
        Ok(known_at(statements, as_of))
    }

    /// Reads a statement by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn statement(&mut self, number: i64) -> Result<ImportedStatement, Error> {
        let found = self.some_statements("s.number = ?1", [number])?;
        found.into_iter().next().ok_or_else(|| Error::Damaged {
            detail: "a row that must be there is missing".to_owned(),
        })
    }

    /// Reads the statements that a file brought into an account and that were not taken back, in the
    /// order of the file; none if it was not imported.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn statements_of_file(
        &mut self,
        account: BankAccountId,
        file_hash: &str,
        as_of: AsOf,
    ) -> Result<Vec<ImportedStatement>, Error> {
        let statements = self.some_statements(
            "s.bank_account_id = ?1 AND s.file_hash = ?2 ORDER BY s.file_position, s.number",
            (account, file_hash),
        )?;
        let mut statements = known_at(statements, as_of);
        statements.retain(|statement| statement.voided.is_none());
        Ok(statements)
    }

    /// Returns whether a reconciliation of an account has run after an instant.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn has_run_since(&mut self, account: BankAccountId, at: Instant) -> Result<bool, Error> {
        const RUN: &str =
            "SELECT 1 FROM bank_reconciliations WHERE bank_account_id = ?1 AND run_at > ?2";
        self.db.exists(RUN, (account, at))
    }

    /// Lists the lines that a statement brought, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn lines_of_statement(
        &mut self,
        statement: StatementNumber,
    ) -> Result<Vec<LineNumber>, Error> {
        const LINES: &str =
            "SELECT number FROM bank_lines WHERE statement_number = ?1 ORDER BY number";
        self.db.values(LINES, [statement])
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
        const NEW: &str =
            "SELECT 1 FROM bank_lines l JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.number > ?1 AND l.bank_account_id = ?2 AND (?3 IS NULL OR s.imported_at <= ?3)
              AND (s.voided_at IS NULL OR s.voided_at > ?3) LIMIT 1";
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

    /// Marks a statement as taken back.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn void_statement(&mut self, number: StatementNumber, reason: &str) -> Result<(), Error> {
        update!(self.db, "bank_statements" set {
            "voided_by": self.actor.user.id,
            "voided_at": self.now,
            "void_reason": reason,
        } where { "number": number, "voided_at": None::<Instant> })
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
        left: FirstLeft,
    ) -> Result<(), Error> {
        const INSERT: &str =
            "INSERT INTO bank_reconciliations (id, bank_account_id, through, last_line, first_left_line,
                first_left_withdrawal, run_at)
            SELECT ?1, ?2, ?3, coalesce(max(number), 0), ?4, ?5, ?6 FROM bank_lines";
        let id: Uuid = self.ids.make();
        let values = (id, account, through, left.line, left.withdrawal, self.now);
        self.db.execute(INSERT, values).map(|_| ())
    }
}
