//! The deductions of an event in the ledger. A list is changed by ending the rows that no longer
//! count and adding others, so that each list that ever counted is kept.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, columns, insert, update},
};
use crate::domain::{
    event::{Deducted, Deduction, DeductionBase, DeductionTerm},
    id::EventId,
    quantity::{Amount, Percent},
};

columns! {
    const COLUMNS, fn read: StoredDeduction {
        number: "number",
        position: "position",
        deducted: (Deducted {
            deduction: (Deduction {
                name: "name",
                kind: "kind",
                given: ("given_amount, given_percent, given_of" => read_term),
            }),
            amount: "amount",
            rest: "rest",
        }),
    }
}

/// A deduction with its row.
struct StoredDeduction {
    number: i64,
    position: i64,
    deducted: Deducted,
}

fn read_term(row: &mut Row<'_>, _codes: &Codes) -> Result<DeductionTerm, Error> {
    let amount: Option<Amount> = row.next()?;
    let (percent, of): (Option<Percent>, Option<DeductionBase>) = (row.next()?, row.next()?);
    match (amount, percent, of) {
        (Some(amount), None, None) => Ok(DeductionTerm::Amount(amount)),
        (None, Some(percent), Some(of)) => Ok(DeductionTerm::Percent(percent, of)),
        _ => Err(Error::Damaged {
            detail: "a row of `event_deductions` has neither an amount nor a percentage".to_owned(),
        }),
    }
}

impl Tx<'_> {
    /// Reads the deductions of an event as they were at `as_of`, in their order.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn deductions(&mut self, event: EventId, as_of: AsOf) -> Result<Vec<Deducted>, Error> {
        let stored = self.stored_deductions(event, as_of)?.into_iter();
        Ok(stored.map(|stored| stored.deducted).collect())
    }

    fn stored_deductions(
        &self,
        event: EventId,
        as_of: AsOf,
    ) -> Result<Vec<StoredDeduction>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM event_deductions
             WHERE distribution_event_id = ?1 AND (?2 IS NULL OR created_at <= ?2)
               AND (removed_at IS NULL OR removed_at > ?2) ORDER BY position"
        );
        let codes = Codes::default();
        let values = (event, as_of.instant());
        self.db.query(&sql, values, |row| read(row, &codes))
    }
}

impl WriteTx<'_> {
    /// Replaces the deductions of an event that is not approved yet; rows that stay the same are not
    /// touched.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn replace_deductions(&mut self, event: EventId, list: &[Deducted]) -> Result<(), Error> {
        let mut placed = (1_i64..).zip(list).collect::<Vec<_>>();
        for stored in self.stored_deductions(event, AsOf::Now)? {
            let same = placed.iter().position(|(position, deducted)| {
                (*position, *deducted) == (stored.position, &stored.deducted)
            });
            if let Some(same) = same {
                placed.remove(same);
                continue;
            }
            self.keep_before("event_deductions", "number", stored.number)?;
            update!(self.db, "event_deductions" set {
                "removed_by": self.actor.user.id,
                "removed_at": self.now,
            } where { "number": stored.number })?;
        }
        for (position, deducted) in placed {
            let (amount, percent, of) = match deducted.deduction.given {
                DeductionTerm::Amount(amount) => (Some(amount), None, None),
                DeductionTerm::Percent(percent, of) => (None, Some(percent), Some(of)),
            };
            insert!(self.db, "event_deductions" {
                "distribution_event_id": event,
                "position": position,
                "name": deducted.deduction.name,
                "kind": deducted.deduction.kind,
                "given_amount": amount,
                "given_percent": percent,
                "given_of": of,
                "amount": deducted.amount,
                "rest": deducted.rest,
                "created_by": self.actor.user.id,
                "created_at": self.now,
            })?;
        }
        Ok(())
    }
}
