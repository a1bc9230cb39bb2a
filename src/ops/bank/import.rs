//! Import: a statement file into an account, all of it or nothing.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::requests::ImportRequest;
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        bank::{FundAccount, ImportedStatement},
        hash::sha256_hex,
        identity::Novelty,
        matching,
        session::Session,
        statement::{Statement, StatementFile},
        statement_import::{self, Imported, Incoming, Stamp, StatementPlan},
        user::Act,
    },
    ops::Error,
    statement::{self, ReadOptions},
    store::{self, AsOf, Done, Ledger, NewLine, Noun, Request, WriteTx},
};

/// What a key remembers of an import.
#[derive(Debug, Serialize, Deserialize)]
struct StoredResult {
    already_imported: bool,
    file_hash: String,
    account: i64,
}

/// Imports a statement file into an account.
///
/// # Errors
/// [`Error::Unreadable`] and [`Error::BadLines`] if the file cannot be read;
/// [`crate::domain::Refused::BankCurrency`], [`crate::domain::Refused::BankOtherAccount`].
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    (given, bytes): (&str, &[u8]),
    options: ReadOptions<'_>,
) -> Result<Done<Imported>, Error> {
    let file_hash = sha256_hex(bytes);
    let file = statement::read(bytes, options)?;
    let profile = options
        .profile
        .map(|profile| sha256_hex(profile.source().as_bytes()));
    let input = &ImportRequest {
        account: given,
        file: &file_hash,
        profile,
        encoding: options.encoding,
    };
    let request = Request {
        command: "bank import",
        activity: Activity::StatementImported,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let number = write.resolve(Noun::BankAccount, given)?;
        let account = write.bank_account(number)?;
        write.concern = Concern {
            project: account.project.as_ref().map(|project| project.id),
            ..Concern::default()
        };
        let stored = |already_imported| StoredResult {
            already_imported,
            file_hash: file_hash.clone(),
            account: number,
        };
        let known = write.statements_of_file(account.account.id, &file_hash)?;
        if !known.is_empty() {
            return Ok((stored(true), Imported::again(known)));
        }
        let statements = insert(write, &account, &file, &file_hash)?;
        record(write, &account, &file_hash, &statements)?;
        Ok((stored(false), Imported::new(statements, &file)))
    })
}

fn recall(
    tx: &mut store::Tx<'_>,
    stored: StoredResult,
    _: crate::domain::time::Instant,
) -> Result<Imported, Error> {
    let account = tx.bank_account(stored.account)?;
    let statements = tx.statements_of_file(account.account.id, &stored.file_hash)?;
    if stored.already_imported {
        return Ok(Imported::again(statements));
    }
    Ok(Imported {
        already_imported: false,
        statements,
        decisions: Vec::new(),
        skipped: Vec::new(),
    })
}

fn insert(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    file: &StatementFile,
    file_hash: &str,
) -> Result<Vec<ImportedStatement>, Error> {
    let accounts = write.bank_accounts(AsOf::Now)?;
    for statement in &file.statements {
        statement_import::must_belong(statement, account, &accounts)?;
    }
    let lines = file
        .statements
        .iter()
        .map(|statement| statement.lines.len());
    let total = u64::try_from(lines.sum::<usize>()).unwrap_or(u64::MAX);
    write.progress.begin("importing", total);
    let mut earlier = write.statements(account.account.id, AsOf::Now)?;
    let mut imported = Vec::with_capacity(file.statements.len());
    for (statement, position) in file.statements.iter().zip(1..) {
        let ledger_lines = match statement.dates() {
            Some(days) => write.lines_of_days(account.account.id, days)?,
            None => Vec::new(),
        };
        let incoming = Incoming {
            account,
            file,
            file_hash,
            statement,
            position,
            ledger_lines: &ledger_lines,
            earlier: &earlier,
        };
        let plan = statement_import::plan(incoming, stamp(write)?).ok_or_else(too_much)?;
        // They may be many, and are not needed while the new ones are written.
        drop(ledger_lines);
        write.insert_statement(account, &plan.record)?;
        insert_lines(write, account, statement, &plan)?;
        earlier.push(plan.record.clone());
        imported.push(plan.record);
    }
    write.progress.end();
    Ok(imported)
}

fn stamp(write: &mut WriteTx<'_>) -> Result<Stamp, Error> {
    let (number, id) = write.next_statement()?;
    Ok(Stamp {
        number,
        id,
        imported_by: write.actor.user.clone(),
        imported_at: write.now,
    })
}

fn too_much() -> Error {
    store::Error::bug("the lines of a statement add up to too much").into()
}

fn insert_lines(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    statement: &Statement,
    plan: &StatementPlan,
) -> Result<(), Error> {
    for (line, novelty) in statement.lines.iter().zip(&plan.lines) {
        if let Novelty::New {
            identity,
            occurrence,
        } = *novelty
        {
            let new = NewLine {
                statement: plan.record.number,
                line,
                kind: matching::kind_of_statement_line(line),
                identity,
                occurrence,
            };
            write.insert_line(account, new)?;
        }
        write.progress.advance(1);
    }
    Ok(())
}

fn record(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    file_hash: &str,
    statements: &[ImportedStatement],
) -> Result<(), Error> {
    let numbers = statements.iter().map(|each| each.number.to_string());
    let changes = json!({
        "account": account.account.code,
        "file": file_hash,
        "statements": numbers.collect::<Vec<_>>(),
        "lines_new": statements.iter().map(|each| each.lines_new).sum::<u64>(),
        "lines_known": statements.iter().map(|each| each.lines_known).sum::<u64>(),
    });
    Ok(write.record(Fact::new(Activity::StatementImported, changes).about(write.concern))?)
}
