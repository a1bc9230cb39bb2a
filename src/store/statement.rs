//! Bank statements in the ledger.

use std::collections::HashMap;

use rusqlite::{OptionalExtension as _, Row};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Day, Fields},
};
use crate::domain::{
    bank::{FundAccount, ImportedStatement},
    code::StatementNumber,
    id::{AccountRef, BankAccountId, StatementId, UserId, UserRef},
    signed::Signed,
    statement::{StatementFinding, StatementFormat},
    time::{Date, Instant},
};

const SELECT: &str = "SELECT s.number, s.id, s.bank_account_id, b.code, b.currency, s.file_hash, s.file_position, s.format,
    s.encoding, s.profile, s.reference, s.opening_balance, s.closing_balance, s.balance_ok, s.balances_proven, s.date_from,
    s.date_to, s.lines_new, s.lines_known, s.lines_skipped, s.debits, s.credits, s.findings, s.imported_by, s.imported_at
    FROM bank_statements s JOIN bank_accounts b ON b.id = s.bank_account_id";

fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> Result<ImportedStatement, Error> {
    let mut fields = Fields::of(row);
    let number = StatementNumber::new(fields.next()?);
    let id = fields.next()?;
    let account = AccountRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let (currency, file_hash, position) = (fields.next()?, fields.next()?, fields.next()?);
    let format = fields.word(&StatementFormat::ALL, StatementFormat::as_str)?;
    let (encoding, profile, reference) = (fields.next()?, fields.next()?, fields.next()?);
    let (opening, closing): (Option<Signed>, Option<Signed>) = (fields.next()?, fields.next()?);
    let (balance_ok, balances_proven) = (fields.next()?, fields.next()?);
    let dates = fields
        .next::<Option<Day>>()?
        .zip(fields.next::<Option<Day>>()?)
        .map(|(from, to)| (from.0, to.0));
    let (lines_new, lines_known, lines_skipped) = (fields.next()?, fields.next()?, fields.next()?);
    let (debits, credits) = (fields.next()?, fields.next()?);
    let findings: String = fields.next()?;
    let findings: Vec<StatementFinding> =
        serde_json::from_str(&findings).map_err(|error| Error::BadRow {
            table: "bank_statements",
            row: number.to_string(),
            detail: error.to_string(),
        })?;
    let (imported_by, imported_at) = (fields.user(users)?, fields.next()?);
    Ok(ImportedStatement {
        number,
        id,
        account,
        currency,
        file_hash,
        position,
        format,
        encoding,
        profile,
        reference,
        opening,
        closing,
        balance_ok,
        balances_proven,
        dates,
        lines_new,
        lines_known,
        lines_skipped,
        debits,
        credits,
        findings,
        imported_by,
        imported_at,
    })
}

impl Tx<'_> {
    /// Reads the statements of an account, in order of their numbers.
    ///
    /// # Errors
    /// What the file refuses.
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
    /// where it was not imported.
    ///
    /// # Errors
    /// What the file refuses.
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
        values: impl rusqlite::Params,
    ) -> Result<Vec<ImportedStatement>, Error> {
        let users = self.user_names()?;
        let mut statement = self
            .conn
            .prepare_cached(&format!("{SELECT} WHERE {which}"))?;
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row, &users)?);
        }
        Ok(found)
    }

    /// Tells whether an account had lines that no run of the reconciliation had seen.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn has_lines_after_last_run(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<bool, Error> {
        const SEEN: &str = "SELECT coalesce(max(last_line), 0) FROM bank_reconciliations
            WHERE bank_account_id = ?1 AND through IS NULL AND (?2 IS NULL OR run_at <= ?2)";
        const NEW: &str = "SELECT EXISTS (SELECT 1 FROM bank_lines l JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.number > ?1 AND l.bank_account_id = ?2 AND (?3 IS NULL OR s.imported_at <= ?3))";
        let seen: i64 = self
            .conn
            .query_row(SEEN, (account, as_of.instant()), |row| row.get(0))?;
        Ok(self
            .conn
            .query_row(NEW, (seen, account, as_of.instant()), |row| row.get(0))?)
    }

    /// Tells when an account was last reconciled, up to an instant.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn last_reconciled(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<Option<Instant>, Error> {
        const LAST: &str = "SELECT max(run_at) FROM bank_reconciliations WHERE bank_account_id = ?1 AND (?2 IS NULL OR run_at <= ?2)";
        let found = self
            .conn
            .query_row(LAST, (account, as_of.instant()), |row| row.get(0))
            .optional()?;
        Ok(found.flatten())
    }
}

impl WriteTx<'_> {
    /// Records a statement. Its number is `statement.number`, which must be the next one.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_statement(
        &mut self,
        account: &FundAccount,
        statement: &ImportedStatement,
    ) -> Result<(), Error> {
        const INSERT: &str = "INSERT INTO bank_statements (number, id, bank_account_id, file_hash, file_position, format,
            encoding, profile, reference, opening_balance, closing_balance, balance_ok, balances_proven, date_from, date_to,
            lines_new, lines_known, lines_skipped, debits, credits, findings, imported_by, imported_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)";
        let findings = serde_json::to_string(&statement.findings)
            .map_err(|error| Error::bug(error.to_string()))?;
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                statement.number.number(),
                statement.id,
                account.account.id,
                statement.file_hash,
                statement.position,
                statement.format.as_str(),
                statement.encoding,
                statement.profile,
                statement.reference,
                statement.opening,
                statement.closing,
                statement.balance_ok,
                statement.balances_proven,
                statement.dates.map(|(from, _)| Day(from)),
                statement.dates.map(|(_, to)| Day(to)),
                statement.lines_new,
                statement.lines_known,
                statement.lines_skipped,
                statement.debits,
                statement.credits,
                findings,
                statement.imported_by.id,
                statement.imported_at,
            ])?;
        Ok(())
    }

    /// Takes the next statement's number and id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn next_statement(&mut self) -> Result<(StatementNumber, StatementId), Error> {
        const NEXT: &str = "SELECT coalesce(max(number), 0) + 1 FROM bank_statements";
        let number = self.conn.query_row(NEXT, [], |row| row.get(0))?;
        Ok((StatementNumber::new(number), self.ids.make()))
    }

    /// Records a run of the reconciliation.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_reconciliation(
        &mut self,
        account: BankAccountId,
        through: Option<Date>,
    ) -> Result<(), Error> {
        const INSERT: &str =
            "INSERT INTO bank_reconciliations (id, bank_account_id, through, last_line, run_at)
            SELECT ?1, ?2, ?3, coalesce(max(number), 0), ?4 FROM bank_lines";
        let id = self.ids.make::<uuid::Uuid>().to_string();
        self.conn
            .execute(INSERT, (id, account, through.map(Day), self.now))?;
        Ok(())
    }
}
