//! The import of a statement file: what is new, what the ledger has already, and what is odd.

use super::{
    Refused, bank,
    bank::{FundAccount, ImportedStatement},
    code::StatementNumber,
    id::{StatementId, UserRef},
    identity::{self, LedgerLine, Novelty, balances_prove},
    statement::{FindingKind, LineSums, SkippedRow, Statement, StatementFile, StatementFinding},
    time::Instant,
};

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Whether this file was imported into the account before, so that nothing was written now.
    pub already_imported: bool,
    /// The statements of the file.
    pub statements: Vec<ImportedStatement>,
    /// What was decided because the file itself does not say it. Only reported the first time.
    pub decisions: Vec<String>,
    /// Rows that are not booked lines. Only reported the first time.
    pub skipped: Vec<SkippedRow>,
}

/// The number, the time and the user of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The number of the statement.
    pub number: StatementNumber,
    /// Its id.
    pub id: StatementId,
    /// Who imports it.
    pub imported_by: UserRef,
    /// When.
    pub imported_at: Instant,
}

/// A statement to be imported, and what the ledger has.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The account.
    pub account: &'a FundAccount,
    /// The file.
    pub file: &'a StatementFile,
    /// The SHA-256 hash of the file.
    pub file_hash: &'a str,
    /// One of its statements.
    pub statement: &'a Statement,
    /// The place of the statement in the file, counted from 1.
    pub position: u64,
    /// The ledger's lines of the days that the statement covers.
    pub ledger_lines: &'a [LedgerLine],
    /// The statements of the account that came before it.
    pub earlier: &'a [ImportedStatement],
}

/// What the import of a statement records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementPlan {
    /// The statement.
    pub record: ImportedStatement,
    /// For every line of the statement, in its order, whether it is new.
    pub lines: Vec<Novelty>,
}

impl Imported {
    /// Describes the first import of a file.
    pub fn new(statements: Vec<ImportedStatement>, file: &StatementFile) -> Self {
        let skipped = file
            .statements
            .iter()
            .flat_map(|statement| &statement.skipped);
        Self {
            already_imported: false,
            statements,
            decisions: file.decisions.clone(),
            skipped: skipped.cloned().collect(),
        }
    }

    /// Describes a file that was imported before: nothing of it is new.
    pub fn again(statements: Vec<ImportedStatement>) -> Self {
        let as_known = |statement: ImportedStatement| ImportedStatement {
            lines_known: statement.lines_known + statement.lines_new,
            lines_new: 0,
            ..statement
        };
        Self {
            already_imported: true,
            statements: statements.into_iter().map(as_known).collect(),
            decisions: Vec::new(),
            skipped: Vec::new(),
        }
    }
}

/// Refuses a statement in another currency than the account's, and one of another account of the
/// fund. `accounts` are all accounts of the fund.
///
/// # Errors
/// [`Refused::BankCurrency`], [`Refused::BankOtherAccount`].
pub fn must_belong(
    statement: &Statement,
    account: &FundAccount,
    accounts: &[FundAccount],
) -> Result<(), Refused> {
    if let Some(currency) = statement.currency {
        account.must_be_in(currency)?;
    }
    let Some(named) = &statement.account else {
        return Ok(());
    };
    if bank::names_account(named, &account.bank.account_number) {
        return Ok(());
    }
    let mut others = accounts
        .iter()
        .filter(|other| other.account.id != account.account.id);
    match others.find(|other| bank::names_account(named, &other.bank.account_number)) {
        Some(other) => Err(Refused::BankOtherAccount {
            account: account.account.code.clone(),
            other: other.account.code.clone(),
        }),
        None => Ok(()),
    }
}

/// Plans the import of a statement: which lines are new, and what is odd about it. Returns `None`
/// if its sums have too many digits.
pub fn plan(incoming: Incoming<'_>, stamp: Stamp) -> Option<StatementPlan> {
    let Incoming {
        account,
        file,
        statement,
        ..
    } = incoming;
    let proven = balances_prove(&statement.lines);
    let lines = identity::compare(incoming.ledger_lines, &statement.lines, proven);
    let lines_known = lines.iter().filter(|line| **line == Novelty::Known).count();
    let LineSums { debits, credits } = statement.sums()?;
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let mut record = ImportedStatement {
        number: stamp.number,
        id: stamp.id,
        account: account.account.clone(),
        currency: account.currency,
        file_hash: incoming.file_hash.to_owned(),
        position: incoming.position,
        format: file.format,
        encoding: file.encoding.to_owned(),
        profile: file.profile.clone(),
        reference: statement.reference.clone(),
        opening: statement.opening.map(|balance| balance.amount),
        closing: statement.closing.map(|balance| balance.amount),
        balance_ok: statement.balance_ok,
        balances_proven: proven,
        // The period that a bank prints is what was asked for, often more than the account is old;
        // it counts only if there is no line.
        dates: statement.dates().or(statement.period),
        lines_new: count(lines.len() - lines_known),
        lines_known: count(lines_known),
        lines_skipped: count(statement.skipped.len()),
        debits,
        credits,
        findings: statement.findings.clone(),
        imported_by: stamp.imported_by,
        imported_at: stamp.imported_at,
    };
    record.findings.extend(other_account(statement, account));
    let neighbours = bank::neighbours(&record, incoming.earlier);
    record.findings.extend(neighbours);
    Some(StatementPlan { record, lines })
}

/// Reports that a statement names an account that is not the one it is imported into.
fn other_account(statement: &Statement, account: &FundAccount) -> Option<StatementFinding> {
    let named = statement.account.as_deref()?;
    if bank::names_account(named, &account.bank.account_number) {
        return None;
    }
    let (named, code) = (bank::masked(named), &account.account.code);
    let detail = format!("the file names account {named}, not that of {code}");
    Some(StatementFinding::new(FindingKind::AccountDiffers, detail))
}
