//! Import: a statement file into an account, all of it or nothing.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::requests::ImportRequest;
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        bank::{FundAccount, ImportedStatement},
        hash::sha256_hex,
        id::BankAccountId,
        identity::{LedgerLine, Novelty},
        matching,
        session::Session,
        statement::{FindingKind, Statement, StatementFile, StatementFinding},
        statement_import::{self, Imported, Incoming, Lookalikes, Selection, Stamp, StatementPlan},
        time::Instant,
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
    accounts: Vec<BankAccountId>,
}

/// Where the statements of a file go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination<'a> {
    /// Those of one account into it.
    Account(&'a str),
    /// Each into the account that it names.
    Named,
}

/// A statement file and how it is imported.
#[derive(Clone, Copy, Debug)]
pub struct ImportInput<'a> {
    /// Where it goes.
    pub into: Destination<'a>,
    /// The file.
    pub bytes: &'a [u8],
    /// How it is read.
    pub options: ReadOptions<'a>,
    /// What becomes of lines that may be in the ledger in another form.
    pub lookalikes: Lookalikes,
}

/// Imports a statement file into an account, or each of its statements into its own.
///
/// # Errors
/// [`Error::Unreadable`] and [`Error::BadLines`] if the file cannot be read; those of
/// [`statement_import::select`] and [`statement_import::select_all`];
/// [`crate::domain::Refused::BankOverlap`].
pub fn import(
    ledger: &mut Ledger,
    session: Session,
    input: ImportInput<'_>,
) -> Result<Done<Imported>, Error> {
    let file_hash = sha256_hex(input.bytes);
    let file = statement::read(input.bytes, input.options)?;
    let profile = input
        .options
        .profile
        .map(|profile| sha256_hex(profile.source().as_bytes()));
    let keyed = &ImportRequest {
        account: match input.into {
            Destination::Account(given) => Some(given),
            Destination::Named => None,
        },
        file: &file_hash,
        profile,
        encoding: input.options.encoding,
    };
    let request = Request {
        command: "bank import",
        activity: Activity::StatementImported,
        input: keyed,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let accounts = write.bank_accounts(AsOf::Now)?;
        let selections = match input.into {
            Destination::Account(given) => {
                let number = write.resolve(Noun::BankAccount, given)?;
                let id = write.bank_account(number)?.account.id;
                let account = accounts
                    .iter()
                    .find(|account| account.account.id == id)
                    .ok_or_else(|| store::Error::bug("a bank account is not among all"))?;
                write.concern = concern(account);
                if let Some(known) = known(write, account, &file_hash)? {
                    return Ok((stored(&file_hash, [account]), known));
                }
                vec![statement_import::select(&file, account, &accounts)?]
            }
            Destination::Named => statement_import::select_all(&file, &accounts)?,
        };
        let mut imported = Imported::new(Vec::new(), &file);
        let mut again = 0;
        for selection in &selections {
            write.concern = concern(selection.account);
            if let Some(known) = known(write, selection.account, &file_hash)? {
                again += 1;
                imported.statements.extend(known.statements);
                continue;
            }
            let statements = insert(write, selection, (&file, &file_hash), input.lookalikes)?;
            record(write, selection.account, &file_hash, &statements)?;
            imported.left_out.extend(selection.left_out.iter().cloned());
            imported.statements.extend(statements);
        }
        imported.already_imported = again == selections.len();
        let accounts = selections.iter().map(|selection| selection.account);
        let mut stored = stored(&file_hash, accounts);
        stored.already_imported = imported.already_imported;
        Ok((stored, imported))
    })
}

fn stored<'a>(
    file_hash: &str,
    accounts: impl IntoIterator<Item = &'a FundAccount>,
) -> StoredResult {
    StoredResult {
        already_imported: true,
        file_hash: file_hash.to_owned(),
        accounts: accounts
            .into_iter()
            .map(|account| account.account.id)
            .collect(),
    }
}

fn concern(account: &FundAccount) -> Concern {
    Concern {
        project: account.project.as_ref().map(|project| project.id),
        ..Concern::default()
    }
}

/// Reads what a file brought into an account before, if it did.
fn known(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    file_hash: &str,
) -> Result<Option<Imported>, Error> {
    let known = write.statements_of_file(account.account.id, file_hash, AsOf::Now)?;
    Ok((!known.is_empty()).then(|| Imported::again(known)))
}

fn recall(tx: &mut store::Tx<'_>, stored: StoredResult, at: Instant) -> Result<Imported, Error> {
    let mut statements = Vec::new();
    for account in stored.accounts {
        statements.extend(tx.statements_of_file(account, &stored.file_hash, AsOf::At(at))?);
    }
    if stored.already_imported {
        return Ok(Imported::again(statements));
    }
    Ok(Imported {
        already_imported: false,
        statements,
        decisions: Vec::new(),
        skipped: Vec::new(),
        left_out: Vec::new(),
    })
}

fn insert(
    write: &mut WriteTx<'_>,
    selection: &Selection<'_>,
    (file, file_hash): (&StatementFile, &str),
    lookalikes: Lookalikes,
) -> Result<Vec<ImportedStatement>, Error> {
    let account = selection.account;
    let lines = selection
        .taken
        .iter()
        .map(|placed| placed.statement.lines.len());
    let total = u64::try_from(lines.sum::<usize>()).unwrap_or(u64::MAX);
    write.progress.begin("importing", total);
    let mut earlier = write.statements(account.account.id, AsOf::Now)?;
    let mut imported = Vec::with_capacity(selection.taken.len());
    for placed in &selection.taken {
        let ledger_lines = ledger_lines(write, account, placed.statement)?;
        let stamp = stamp(write)?;
        let first = imported
            .first()
            .map_or(stamp.number, |first: &ImportedStatement| first.number);
        let incoming = Incoming {
            account,
            file,
            file_hash,
            statement: placed.statement,
            position: placed.position,
            first,
            ledger_lines: &ledger_lines,
            earlier: &earlier,
        };
        let mut plan = statement_import::plan(incoming, stamp).ok_or_else(too_much)?;
        if let (Some(doubt), Lookalikes::Refuse) = (plan.doubt.take(), lookalikes) {
            return Err(doubt.into());
        }
        // They may be many, and are not needed while the new ones are written.
        drop(ledger_lines);
        if imported.is_empty() {
            plan.record.findings.extend(left_out(selection));
        }
        write.insert_statement(account, &plan.record)?;
        insert_lines(write, account, placed.statement, &plan)?;
        earlier.push(plan.record.clone());
        imported.push(plan.record);
    }
    write.progress.end();
    Ok(imported)
}

/// Reports the statements of a file that were left out.
fn left_out(selection: &Selection<'_>) -> impl Iterator<Item = StatementFinding> {
    selection
        .left_out
        .iter()
        .map(|left| StatementFinding::new(FindingKind::AccountDiffers, left.words()))
}

/// Reads the ledger's lines that lines of a statement may be: those of its days, and those with its
/// ids on other days.
fn ledger_lines(
    write: &mut WriteTx<'_>,
    account: &FundAccount,
    statement: &Statement,
) -> Result<Vec<LedgerLine>, Error> {
    let Some(days) = statement.dates() else {
        return Ok(Vec::new());
    };
    let id = account.account.id;
    let mut lines = write.lines_of_days(id, days)?;
    let ids = statement
        .lines
        .iter()
        .filter_map(|line| line.bank_id.as_deref());
    lines.extend(write.lines_with_ids(id, ids, days)?);
    Ok(lines)
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
