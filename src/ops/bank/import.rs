//! Import: a statement file into an account, all of it or nothing.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    domain::{
        Refused,
        activity::{Activity, Concern, Fact},
        bank::{self, FundAccount, ImportedStatement},
        hash::sha256_hex,
        identity::{self, Novelty, balances_prove},
        matching,
        session::Session,
        statement::{FindingKind, SkippedRow, Statement, StatementFile, StatementFinding},
        time::Date,
        user::Act,
    },
    ops::Error,
    statement::{self, Options},
    store::{self, AsOf, Done, Ledger, NewLine, Noun, Request, WriteTx},
};

/// What an import did.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Whether this file was imported into the account before, so that nothing was written now.
    pub already_imported: bool,
    /// The statements of the file.
    pub statements: Vec<ImportedStatement>,
    /// What was decided where the file itself does not say it. Only told the first time.
    pub decisions: Vec<String>,
    /// Rows that are no booked lines. Only told the first time.
    pub skipped: Vec<SkippedRow>,
}

/// What a key remembers of an import.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    already_imported: bool,
    file_hash: String,
    account: i64,
}

/// Imports a statement file into an account.
///
/// # Errors
/// [`Error::Unreadable`] and [`Error::BadLines`] for what cannot be read;
/// [`Refused::BankCurrency`], [`Refused::BankOtherAccount`].
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    (given, bytes): (&str, &[u8]),
    options: Options<'_>,
) -> Result<Done<Imported>, Error> {
    let file_hash = sha256_hex(bytes);
    let file = statement::read(bytes, options)?;
    let profile = options
        .profile
        .map(|profile| sha256_hex(format!("{profile:?}").as_bytes()));
    let input = &(given, &file_hash, profile, options.encoding);
    let request = Request {
        command: "bank import",
        activity: Activity::StatementImported,
        input,
    };
    ledger.write(
        session,
        request,
        |tx, Remembered { already_imported, file_hash, account }, _| {
            let account = tx.bank_account(account)?;
            let statements = tx.statements_of_file(account.account.id, &file_hash)?.into_iter();
            let statements = statements.map(|known| if already_imported { as_known(known) } else { known }).collect();
            Ok(Imported { already_imported, statements, decisions: Vec::new(), skipped: Vec::new() })
        },
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::BankAccount, given)?;
            let account = write.bank_account(number)?;
            write.concern = Concern { project: account.project.as_ref().map(|project| project.id), ..Concern::default() };
            let known = write.statements_of_file(account.account.id, &file_hash)?;
            let remembered =
                |already_imported| Remembered { already_imported, file_hash: file_hash.clone(), account: number };
            if !known.is_empty() {
                let statements = known.into_iter().map(as_known).collect();
                let imported = Imported { already_imported: true, statements, decisions: Vec::new(), skipped: Vec::new() };
                return Ok((remembered(true), imported));
            }
            let statements = insert(write, &account, &file, &file_hash)?;
            let changes = json!({
                "account": account.account.code,
                "file": file_hash,
                "statements": statements.iter().map(|statement| statement.number.to_string()).collect::<Vec<_>>(),
                "lines_new": statements.iter().map(|statement| statement.lines_new).sum::<u64>(),
                "lines_known": statements.iter().map(|statement| statement.lines_known).sum::<u64>(),
            });
            write.record(Fact::new(Activity::StatementImported, changes).about(write.concern))?;
            let skipped = file.statements.iter().flat_map(|statement| statement.skipped.clone()).collect();
            let decisions = file.decisions.clone();
            Ok((remembered(false), Imported { already_imported: false, statements, decisions, skipped }))
        },
    )
}

/// Shows a statement that was imported before as what it is now: all its lines are known.
fn as_known(statement: ImportedStatement) -> ImportedStatement {
    ImportedStatement {
        lines_known: statement.lines_known + statement.lines_new,
        lines_new: 0,
        ..statement
    }
}

fn insert(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    file: &StatementFile,
    file_hash: &str,
) -> Result<Vec<ImportedStatement>, Error> {
    for statement in &file.statements {
        judge(write, account, statement)?;
    }
    let total: usize = file
        .statements
        .iter()
        .map(|statement| statement.lines.len())
        .sum();
    write
        .progress
        .begin("importing", u64::try_from(total).unwrap_or(u64::MAX));
    let mut earlier = write.statements(account.account.id, AsOf::Now)?;
    let mut imported = Vec::with_capacity(file.statements.len());
    for (statement, position) in file.statements.iter().zip(1..) {
        let record = insert_statement(
            write,
            account,
            (file, file_hash),
            (statement, position),
            &earlier,
        )?;
        earlier.push(record.clone());
        imported.push(record);
    }
    write.progress.end();
    Ok(imported)
}

/// Refuses a statement in another currency, and one of another account of the fund.
fn judge(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    statement: &Statement,
) -> Result<(), Error> {
    if let Some(currency) = statement.currency {
        account.must_be_in(currency)?;
    }
    let Some(named) = &statement.account else {
        return Ok(());
    };
    if bank::names_account(named, &account.bank.account_number) {
        return Ok(());
    }
    let accounts = write.bank_accounts(AsOf::Now)?;
    let other = accounts.into_iter().find(|other| {
        other.account.id != account.account.id
            && bank::names_account(named, &other.bank.account_number)
    });
    match other {
        Some(other) => {
            let (account, other) = (account.account.code.clone(), other.account.code);
            Err(Refused::BankOtherAccount { account, other }.into())
        }
        None => Ok(()),
    }
}

fn insert_statement(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    (file, file_hash): (&StatementFile, &str),
    (statement, position): (&Statement, u64),
    earlier: &[ImportedStatement],
) -> Result<ImportedStatement, Error> {
    let proven = balances_prove(&statement.lines);
    let known = match statement.dates() {
        Some((from, to)) => write.lines_of_days(account.account.id, from, to)?,
        None => Vec::new(),
    };
    let seen = identity::compare(&known, &statement.lines, proven);
    drop(known);
    let lines_known = seen.iter().filter(|seen| **seen == Novelty::Known).count();
    let too_much = || store::Error::bug("the lines of a statement add up to too much");
    let (debits, credits) = statement.sums().ok_or_else(too_much)?;
    let (number, id) = write.next_statement()?;
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let mut record = ImportedStatement {
        number,
        id,
        account: account.account.clone(),
        currency: account.currency,
        file_hash: file_hash.to_owned(),
        position,
        format: file.format,
        encoding: file.encoding.to_owned(),
        profile: file.profile.clone(),
        reference: statement.reference.clone(),
        opening: statement.opening.map(|balance| balance.amount),
        closing: statement.closing.map(|balance| balance.amount),
        balance_ok: statement.balance_ok,
        balances_proven: proven,
        dates: covered(statement),
        lines_new: count(statement.lines.len() - lines_known),
        lines_known: count(lines_known),
        lines_skipped: count(statement.skipped.len()),
        debits,
        credits,
        findings: statement.findings.clone(),
        imported_by: write.actor.user.clone(),
        imported_at: write.now,
    };
    let told = statement.account.as_deref();
    if let Some(named) =
        told.filter(|named| !bank::names_account(named, &account.bank.account_number))
    {
        let detail = format!(
            "the file names account {}, not that of {}",
            bank::masked(named),
            account.account.code
        );
        record
            .findings
            .push(StatementFinding::new(FindingKind::AccountDiffers, detail));
    }
    record.findings.extend(bank::neighbours(&record, earlier));
    write.insert_statement(account, &record)?;
    insert_lines(write, account, (statement, &record), &seen)?;
    Ok(record)
}

/// Tells the days that a statement covers: those of its lines. The period that a bank prints is
/// what was asked for, often more than the account is old; it counts only where there is no line.
fn covered(statement: &Statement) -> Option<(Date, Date)> {
    statement.dates().or(statement.period)
}

fn insert_lines(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    (statement, record): (&Statement, &ImportedStatement),
    seen: &[Novelty],
) -> Result<(), Error> {
    for (line, seen) in statement.lines.iter().zip(seen) {
        if let Novelty::New {
            identity,
            occurrence,
        } = *seen
        {
            let kind = matching::kind_of_statement_line(line);
            write.insert_line(
                account,
                NewLine {
                    statement: record.number,
                    line,
                    kind,
                    identity,
                    occurrence,
                },
            )?;
        }
        write.progress.advance(1);
    }
    Ok(())
}
