//! The ledger as a double-entry journal, and its trial balance.

use std::collections::BTreeMap;

use super::{Error, Sink, audit};
use crate::{
    domain::{
        id::HolderId,
        journal::{Account, Heading, Piece, ProceedsEntry},
        time::{Date, Instant},
        trial::{TrialBalance, TrialRow},
    },
    store::{self, AsOf, EventFilter, Ledger, Tx},
};

/// Whether a journal has the fund's own books of its events: proceeds, deductions and reserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FundBooks {
    /// Only what holders and authorities are owed.
    Without,
    /// These too.
    With,
}

/// Hands the whole journal on, piece by piece and in one reading: what it is about, the accounts,
/// what became of the money of holders, what else the bank accounts show, and what each holder
/// is owed at the end. `day` is the day at whose end the ledger is shown.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn journal(
    ledger: &mut Ledger,
    (as_of, day): (AsOf, Date),
    books: FundBooks,
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
        let proceeds = match books {
            FundBooks::Without => Vec::new(),
            FundBooks::With => proceeds(tx, as_of)?,
        };
        accounts(tx, as_of, &proceeds, each)?;
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
        for entry in proceeds {
            see(entry.at);
            give(each, Piece::Proceeds(entry))?;
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

/// Reads the steps from the proceeds of approved events to what they distribute, in the order in which
/// they were recorded.
fn proceeds(tx: &mut Tx<'_>, as_of: AsOf) -> Result<Vec<ProceedsEntry>, Error> {
    let mut entries = Vec::new();
    for event in tx.events(&EventFilter::default(), as_of)? {
        if event.total.basis().gross().is_some() && event.state.approval().is_some() {
            let deductions = tx.deductions(event.event.id, as_of)?;
            entries.extend(ProceedsEntry::of(&event, &deductions));
        }
    }
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

/// Hands the accounts on, with the day from which on each is in use: those of the whole fund since
/// the ledger was created.
fn accounts(
    tx: &mut Tx<'_>,
    as_of: AsOf,
    proceeds: &[ProceedsEntry],
    each: Sink<'_, Piece>,
) -> Result<(), Error> {
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
    let mut of_proceeds: BTreeMap<Account, Date> = BTreeMap::new();
    for entry in proceeds {
        let accounts = entry.postings().into_iter().map(|(account, _)| account);
        // That one is in use anyway.
        for account in accounts.filter(|account| *account != Account::Funding) {
            let since = of_proceeds.entry(account).or_insert(entry.at.date());
            *since = entry.at.date().min(*since);
        }
    }
    of_proceeds
        .into_iter()
        .try_for_each(|(account, since)| give(each, Piece::Account(account, since)))
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
