//! The ledger as a double-entry journal, and its trial balance.

use super::{Error, Sink, audit};
use crate::{
    domain::{
        id::HolderId,
        journal::{Account, Heading, Piece},
        time::{Date, Instant},
        trial::{TrialBalance, TrialRow},
    },
    store::{self, AsOf, Ledger, Tx},
};

/// Hands the whole journal on, piece by piece and in one reading: what it is about, the accounts,
/// what became of the money of holders, what else the bank accounts show, and what each holder
/// is owed at the end. `day` is the day at whose end the ledger is shown.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn journal(
    ledger: &mut Ledger,
    as_of: AsOf,
    day: Date,
    each: Sink<'_, Piece>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let head = audit::head_in(tx, as_of)?;
        let heading = Heading {
            ledger: tx.ledger_id()?,
            as_of: day,
            head,
            currencies: tx.decimals_in_use(as_of)?,
        };
        give(each, Piece::Heading(heading))?;
        accounts(tx, as_of, each)?;
        // A clock that stepped back left instants behind that lie after today.
        let mut end = day;
        let mut see = |at: Instant| end = end.max(at.date());
        tx.each_journal_entry(None, as_of, |entry| {
            see(entry.at);
            give(each, Piece::Entry(entry))
        })?;
        tx.each_bank_entry(as_of, |entry| {
            see(entry.at);
            give(each, Piece::Bank(entry))
        })?;
        for entry in tx.tax_entries(as_of)? {
            see(entry.at);
            give(each, Piece::Tax(entry))?;
        }
        tx.each_closing(as_of, |closing| give(each, Piece::Closing(closing, end)))
    })
}

/// Adds the journal up by account and currency, the accounts of the holders of a project into one,
/// in the order of a chart of accounts. Debits and credits are equal in each currency.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or if debits and credits differ, which is a bug.
pub fn trial_balance(tx: &mut Tx<'_>, as_of: AsOf) -> Result<Vec<TrialRow>, Error> {
    let mut sums = TrialBalance::default();
    tx.each_journal_entry(None, as_of, |entry| {
        let postings = entry
            .postings()
            .ok_or_else(|| paid_too_much(entry.holder.id))?;
        sums.add(postings, entry.currency).ok_or_else(too_much)
    })?;
    tx.each_bank_entry(as_of, |entry| {
        sums.add(entry.postings(), entry.currency)
            .ok_or_else(too_much)
    })?;
    for entry in tx.tax_entries(as_of)? {
        sums.add(entry.postings(), entry.currency)
            .ok_or_else(too_much)?;
    }
    sums.finish().ok_or_else(|| {
        store::Error::bug("the debits and credits of the trial balance differ").into()
    })
}

/// Hands the accounts on, with the day from which on each is in use: those of the whole fund since
/// the ledger was created.
fn accounts(tx: &mut Tx<'_>, as_of: AsOf, each: Sink<'_, Piece>) -> Result<(), Error> {
    let begin = tx.created_at()?.date();
    let mut banks: Vec<_> = tx
        .bank_accounts(as_of)?
        .into_iter()
        .map(|account| account.account.code)
        .collect();
    banks.sort_unstable();
    let mut projects: Vec<_> = tx
        .projects(as_of)?
        .into_iter()
        .map(|project| project.project.code)
        .collect();
    projects.sort_unstable();
    let assets = banks
        .iter()
        .cloned()
        .map(Account::Bank)
        .chain([Account::Unassigned]);
    for account in assets.chain(banks.iter().cloned().map(Account::Suspense)) {
        give(each, Piece::Account(account, begin))?;
    }
    holder_accounts(tx, as_of, each)?;
    let write_offs = tx.projects_with_write_offs(as_of)?.into_iter();
    let write_offs = write_offs.map(|(project, since)| (Account::WrittenOff(project), since));
    let authorities = tx.tax_authorities(as_of)?.into_iter();
    let authorities = authorities.map(|(authority, since)| (Account::Tax(authority), since));
    for (account, since) in write_offs.chain(authorities) {
        give(each, Piece::Account(account, since.date()))?;
    }
    let others = [
        Account::Funding,
        Account::Opening,
        Account::Other,
        Account::Interest,
        Account::Charges,
    ];
    for account in projects
        .into_iter()
        .map(Account::Distributions)
        .chain(others)
    {
        give(each, Piece::Account(account, begin))?;
    }
    Ok(())
}

/// Hands on what is owed to holders: of each project and holder, from its first entry on.
fn holder_accounts(tx: &mut Tx<'_>, as_of: AsOf, each: Sink<'_, Piece>) -> Result<(), Error> {
    tx.each_closing(as_of, |closing| {
        let (project, holder, since) =
            (closing.project, Some(closing.holder), closing.since.date());
        give(
            each,
            Piece::Account(
                Account::Available {
                    project: project.clone(),
                    holder: holder.clone(),
                },
                since,
            ),
        )?;
        give(
            each,
            Piece::Account(Account::Pending { project, holder }, since),
        )
    })?;
    tx.each_forward_account(as_of, |account| {
        let (project, holder) = (account.project, Some(account.holder));
        let since = account.since.date();
        give(
            each,
            Piece::Account(Account::Forward { project, holder }, since),
        )
    })
}

fn give(each: Sink<'_, Piece>, piece: Piece) -> Result<(), Error> {
    each(piece).map_err(Error::Output)
}

fn paid_too_much(holder: HolderId) -> Error {
    store::Error::BadRow {
        table: "distribution_payments",
        row: holder.to_string(),
        detail: "more was paid than was requested".to_owned(),
    }
    .into()
}

fn too_much() -> Error {
    store::Error::bug("the amounts of a journal add up to too much").into()
}
