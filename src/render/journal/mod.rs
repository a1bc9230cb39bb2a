//! The double-entry journal as other programs read it: plain text, item by item, in the same memory
//! for any number of them.

mod beancount;
mod hledger;
mod lines;

use std::io::{BufWriter, Write};

use super::error::Error;
use crate::{domain::currency::Currency, report::journal::Item};

/// Which program reads the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// hledger, 1.25 or newer.
    Hledger,
    /// Beancount, version 2.3.5 or newer.
    Beancount,
}

/// Writes a journal. Without [`JournalWriter::finish`] the output stays incomplete.
#[must_use = "only `finish` completes the output"]
pub struct JournalWriter<W: Write> {
    out: BufWriter<W>,
    layout: Layout,
    /// The decimals of each currency, from the heading.
    decimals: Vec<(Currency, u32)>,
    section: Option<Section>,
}

/// The sections of a journal, each under a comment of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Accounts,
    Transactions,
    Balances,
}

impl<W: Write> JournalWriter<W> {
    /// Begins a journal.
    pub fn new(layout: Layout, out: W) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 16, out),
            layout,
            decimals: Vec::new(),
            section: None,
        }
    }

    /// Writes an item.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write(&mut self, item: &Item) -> Result<(), Error> {
        self.begin(item)?;
        if let Item::Heading(heading) = item {
            self.decimals.clone_from(&heading.currencies);
        }
        let (out, decimals) = (&mut self.out, &self.decimals);
        match (self.layout, item) {
            (Layout::Hledger, Item::Heading(heading)) => hledger::heading(out, heading),
            (Layout::Hledger, Item::Account(account, _)) => hledger::account(out, account),
            (Layout::Hledger, Item::Transaction(transaction)) => {
                hledger::transaction(out, transaction, decimals)
            }
            (Layout::Hledger, Item::Balances(balances)) => {
                hledger::balances(out, balances, decimals)
            }
            (Layout::Beancount, Item::Heading(heading)) => beancount::heading(out, heading),
            (Layout::Beancount, Item::Account(account, since)) => {
                beancount::account(out, account, *since)
            }
            (Layout::Beancount, Item::Transaction(transaction)) => {
                beancount::transaction(out, transaction, decimals)
            }
            (Layout::Beancount, Item::Balances(balances)) => {
                beancount::balances(out, balances, decimals)
            }
        }?;
        Ok(())
    }

    /// Writes a comment where another kind of item begins.
    fn begin(&mut self, item: &Item) -> Result<(), Error> {
        let (section, words) = match item {
            Item::Heading(_) => return Ok(()),
            Item::Account(..) => (Section::Accounts, "The accounts"),
            Item::Transaction(_) => (Section::Transactions, "What was recorded"),
            Item::Balances(_) => (
                Section::Balances,
                "What each holder is owed, read from the allocations: the entries above must come to it",
            ),
        };
        if self.section != Some(section) {
            self.section = Some(section);
            write!(self.out, "\n; {words}.\n")?;
            if section == Section::Accounts {
                writeln!(self.out)?;
            }
        }
        Ok(())
    }

    /// Writes what is left and gives the output back, flushed.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<W, Error> {
        let mut out = self
            .out
            .into_inner()
            .map_err(|error| Error::Write(error.into_error()))?;
        out.flush()?;
        Ok(out)
    }
}
