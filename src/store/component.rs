//! The components of an event in the ledger, and the parts of its allocations. A list of components
//! is changed by ending the rows that no longer count and adding others.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, columns, first_column, insert, update},
};
use crate::domain::{
    event::{ComponentTerm, EventComponent, NewComponent},
    id::{AllocationId, EventId},
    quantity::Amount,
};

columns! {
    const COLUMNS, fn read: StoredComponent {
        number: "number",
        position: "position",
        component: (EventComponent {
            given: (NewComponent {
                component: "name",
                given: ("given_amount" => read_term),
            }),
            amount: "amount",
            tax: "tax_amount",
        }),
    }
}

/// A component with its row.
struct StoredComponent {
    number: i64,
    position: i64,
    component: EventComponent,
}

fn read_term(row: &mut Row<'_>, _codes: &Codes) -> Result<ComponentTerm, Error> {
    let amount: Option<Amount> = row.next()?;
    Ok(amount.map_or(ComponentTerm::Rest, ComponentTerm::Amount))
}

impl Tx<'_> {
    /// Reads the components of an event as they were at `as_of`, in their order.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn components(
        &mut self,
        event: EventId,
        as_of: AsOf,
    ) -> Result<Vec<EventComponent>, Error> {
        let stored = self.stored_components(event, as_of)?.into_iter();
        Ok(stored.map(|stored| stored.component).collect())
    }

    /// Reads the parts of an allocation, in the order of the event's components; none if the event
    /// has at most one, whose part is all of it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn parts_of_allocation(&self, allocation: AllocationId) -> Result<Vec<Amount>, Error> {
        const PARTS: &str = "SELECT amount FROM allocation_components
            WHERE allocation_id = ?1 ORDER BY position";
        self.db.query(PARTS, [allocation], first_column)
    }

    /// Reads the parts of all allocations of an event, in their order: of each allocation one part for
    /// each component. It is empty if the event has at most one component.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn parts_of_event(&self, event: EventId) -> Result<Vec<Amount>, Error> {
        // Allocations are written in the order of their holders' codes.
        const PARTS: &str = "SELECT c.amount FROM distribution_allocations a
            CROSS JOIN allocation_components c ON c.allocation_id = a.id
            WHERE a.distribution_event_id = ?1 ORDER BY a.number, c.position";
        self.db.query(PARTS, [event], first_column)
    }

    fn stored_components(
        &self,
        event: EventId,
        as_of: AsOf,
    ) -> Result<Vec<StoredComponent>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM event_components
             WHERE distribution_event_id = ?1 AND (?2 IS NULL OR created_at <= ?2)
               AND (removed_at IS NULL OR removed_at > ?2) ORDER BY position"
        );
        let codes = Codes::default();
        let values = (event, as_of.instant());
        self.db.query(&sql, values, |row| read(row, &codes))
    }
}

impl WriteTx<'_> {
    /// Replaces the components of an event that is not approved yet; rows that stay the same are not
    /// touched.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn replace_components(
        &mut self,
        event: EventId,
        list: &[EventComponent],
    ) -> Result<(), Error> {
        let mut placed = (1_i64..).zip(list).collect::<Vec<_>>();
        for stored in self.stored_components(event, AsOf::Now)? {
            let same = placed.iter().position(|(position, component)| {
                (*position, *component) == (stored.position, &stored.component)
            });
            if let Some(same) = same {
                placed.remove(same);
                continue;
            }
            self.keep_before("event_components", "number", stored.number)?;
            update!(self.db, "event_components" set {
                "removed_by": self.actor.user.id,
                "removed_at": self.now,
            } where { "number": stored.number })?;
        }
        for (position, EventComponent { given, amount, tax }) in placed {
            let of_given = match given.given {
                ComponentTerm::Amount(amount) => Some(amount),
                ComponentTerm::Rest => None,
            };
            insert!(self.db, "event_components" {
                "distribution_event_id": event,
                "position": position,
                "name": given.component,
                "given_amount": of_given,
                "amount": *amount,
                "tax_amount": *tax,
                "created_by": self.actor.user.id,
                "created_at": self.now,
            })?;
        }
        Ok(())
    }

    /// Records the part of an allocation that is a component.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub(super) fn insert_part(
        &mut self,
        allocation: AllocationId,
        position: i64,
        amount: Amount,
    ) -> Result<(), Error> {
        insert!(self.db, "allocation_components" {
            "allocation_id": allocation,
            "position": position,
            "amount": amount,
        })
        .map(|_| ())
    }
}
