//! Long lists, read in pages: each in a short transaction of its own, so that nobody who writes
//! waits for a list, and all of them as of one instant.

use super::{Error, Sink};
use crate::{
    domain::activity::Footing,
    store::{AsOf, Ledger, Tx},
};

/// How many rows are read in one transaction.
const PAGE: usize = 1000;

/// Ends the reading of a page.
#[derive(Debug, thiserror::Error)]
#[error("the page is full")]
struct Full;

/// Takes a row, and the key behind which the next page begins.
pub(super) type PageSink<'a, K, V> = &'a mut dyn FnMut(K, V) -> Result<(), Error>;

/// Where a page begins, and the state of the ledger that it shows.
#[derive(Clone, Debug)]
pub(super) struct PageStart<K> {
    /// The key of the last row of the page before.
    pub(super) after: Option<K>,
    /// The state.
    pub(super) as_of: AsOf,
}

/// Hands out the rows that `read` finds, in order of their keys.
///
/// The present state is read in pages as long as nothing is recorded. If something is, the rest is
/// read at once as it was before. So is a past day: winding a row back needs what came later.
pub(super) fn in_pages<K: Clone, V>(
    ledger: &mut Ledger,
    as_of: AsOf,
    each: Sink<'_, V>,
    mut read: impl FnMut(&mut Tx<'_>, &PageStart<K>, PageSink<'_, K, V>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut start = PageStart { after: None, as_of };
    let mut first: Option<Footing> = None;
    loop {
        let mut page: Vec<V> = Vec::new();
        let mut last = start.after.clone();
        let ended = ledger.read(|tx| {
            if let Some(first) = &first
                && tx.head()? != first.head
            {
                let at = tx.recorded_at(first.head.seq)?;
                start.as_of = at.map_or(AsOf::Now, AsOf::At);
            }
            match start.as_of {
                AsOf::At(_) => read(tx, &start, &mut |_, row| each(row).map_err(Error::Output)),
                AsOf::Now => read(tx, &start, &mut |key, row| {
                    if page.len() == PAGE {
                        return Err(Error::Output(Box::new(Full)));
                    }
                    page.push(row);
                    last = Some(key);
                    Ok(())
                }),
            }
        });
        if first.is_none() {
            first = ledger.seen();
        } else if let Some(first) = &first {
            // What is shown is the state of the first page.
            ledger.keep_seen(first.clone());
        }
        let is_full = match ended {
            Err(Error::Output(error)) if error.is::<Full>() => true,
            ended => {
                ended?;
                false
            }
        };
        page.into_iter()
            .try_for_each(|row| each(row).map_err(Error::Output))?;
        if !is_full {
            return Ok(());
        }
        start.after = last;
    }
}
