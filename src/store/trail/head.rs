//! The head of the audit trail, now and at an instant.

use super::{genesis, head_and_time};
use crate::{
    domain::{
        activity::{Footing, Head},
        time::Instant,
    },
    store::{Error, Tx},
};

impl Tx<'_> {
    /// Reads the head of the trail.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn head(&mut self) -> Result<Head, Error> {
        Ok(head_and_time(self.db)?.0)
    }

    /// Reads the head of the trail, and whether four eyes are on.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn footing(&mut self) -> Result<Footing, Error> {
        Ok(Footing {
            head: self.head()?,
            four_eyes: self.four_eyes()?,
        })
    }

    /// Reads the head of the trail as it was at an instant, in logarithmic time: entries never go
    /// back in time.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn head_at(&mut self, at: Instant) -> Result<Head, Error> {
        const ONE: &str = "SELECT hash, created_at FROM distribution_activity_log WHERE seq = ?1";
        let last = self.head()?;
        let mut statement = self.db.statement(ONE)?;
        let mut read = |seq: i64| {
            let entry: Option<(String, Instant)> =
                statement.query_optional([seq], |row| Ok((row.next()?, row.next()?)))?;
            entry.ok_or_else(|| Error::Damaged {
                detail: format!("entry {seq} of the audit trail is missing"),
            })
        };
        let (mut low, mut high) = (0_i64, last.seq);
        while low < high {
            let middle = high - (high - low) / 2;
            if read(middle)?.1 <= at {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if low == 0 {
            return genesis(self.db);
        }
        Ok(Head {
            seq: low,
            hash: read(low)?.0,
        })
    }
}
