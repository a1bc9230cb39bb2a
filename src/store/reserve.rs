//! Reserves and their movements in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{columns, insert},
};
use crate::domain::{
    event::{DeductionName, Event},
    id::{EventId, EventRef, ProjectId, ProjectRef},
    quantity::Amount,
    reserve::{Reserve, ReserveBalance, ReserveKind, ReserveMovement, oldest_part},
};

columns! {
    const COLUMNS, fn read: ReserveMovement {
        number: "m.number",
        project: (ProjectRef { id: "m.project_id", code: "p.code" }),
        name: "m.name",
        kind: "m.kind",
        event: (EventRef { id: "m.distribution_event_id", code: "e.code" }),
        currency: "e.currency",
        amount: "m.amount",
        balance: "m.balance",
        follows: "m.follows",
        counterpart: "m.counterpart",
        by: "m.created_by",
        at: "m.created_at",
    }
}

const FROM: &str = "FROM reserve_movements m
    CROSS JOIN distribution_events e ON e.id = m.distribution_event_id
    CROSS JOIN projects p ON p.id = m.project_id";

/// A movement to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewReserveMovement<'a> {
    /// Why.
    pub kind: ReserveKind,
    /// The name of the reserve.
    pub name: &'a DeductionName,
    /// How much moves.
    pub amount: Amount,
    /// The row number of the movement that it undoes.
    pub counterpart: Option<i64>,
}

impl Tx<'_> {
    /// Reads the movements of a project's reserves as of a day, or of all projects, in order of
    /// project code, name and time.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn reserve_movements(
        &mut self,
        project: Option<ProjectId>,
        as_of: AsOf,
    ) -> Result<Vec<ReserveMovement>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} {FROM}
             WHERE (?1 IS NULL OR m.project_id = ?1) AND (?2 IS NULL OR m.created_at <= ?2)
             ORDER BY p.code COLLATE BINARY, m.name COLLATE BINARY, m.number"
        );
        let codes = self.codes()?;
        let values = (project, as_of.instant());
        self.db.query(&sql, values, |row| read(row, &codes))
    }

    /// Reads the reserves of a project as of a day, or of all projects, in order of project code and
    /// name; those that are empty as well.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn reserves(
        &mut self,
        project: Option<ProjectId>,
        as_of: AsOf,
    ) -> Result<Vec<Reserve>, Error> {
        let movements = self.reserve_movements(project, as_of)?;
        let of_one = |a: &ReserveMovement, b: &ReserveMovement| {
            (a.project.id, &a.name) == (b.project.id, &b.name)
        };
        let reserves = movements.chunk_by(of_one).filter_map(|of_reserve| {
            let last = of_reserve.last()?;
            Some(Reserve {
                project: last.project.clone(),
                name: last.name.clone(),
                currency: last.currency,
                balance: last.balance,
                oldest_date: oldest_part(of_reserve),
                movements: u64::try_from(of_reserve.len()).ok()?,
            })
        });
        Ok(reserves.collect())
    }

    /// Reads the balance of a reserve, if money ever moved to it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn reserve_balance(
        &mut self,
        project: ProjectId,
        name: &DeductionName,
    ) -> Result<Option<ReserveBalance>, Error> {
        const LAST: &str = "SELECT m.balance, m.number FROM reserve_movements m
            WHERE m.project_id = ?1 AND m.name = ?2 ORDER BY m.number DESC LIMIT 1";
        self.db.query_optional(LAST, (project, name), |row| {
            Ok(ReserveBalance {
                amount: row.next()?,
                last: row.next()?,
            })
        })
    }

    /// Reads the movements of an event that no other one undid, in the order in which they were
    /// recorded.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn reserve_movements_of(&mut self, event: EventId) -> Result<Vec<ReserveMovement>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE m.distribution_event_id = ?1 AND m.counterpart IS NULL
               AND NOT EXISTS (SELECT 1 FROM reserve_movements n WHERE n.counterpart = m.number)
             ORDER BY m.number"
        );
        let codes = self.codes()?;
        self.db.query(&sql, [event], |row| read(row, &codes))
    }

    /// Reads the movements of a reserve after one of them, in the order in which they were recorded.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn reserve_movements_after(
        &mut self,
        movement: &ReserveMovement,
    ) -> Result<Vec<ReserveMovement>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE m.project_id = ?1 AND m.name = ?2 AND m.number > ?3
             ORDER BY m.number"
        );
        let codes = self.codes()?;
        let values = (movement.project.id, &movement.name, movement.number);
        self.db.query(&sql, values, |row| read(row, &codes))
    }
}

impl WriteTx<'_> {
    /// Records a movement of a reserve of the event's project.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written, or the reserve would become negative or too large.
    pub fn insert_reserve(
        &mut self,
        event: &Event,
        new: NewReserveMovement<'_>,
    ) -> Result<(), Error> {
        let before = self.reserve_balance(event.project.id, new.name)?;
        let was = before.map_or(Amount::ZERO, |before| before.amount);
        let balance = new.kind.after(was, new.amount).ok_or_else(|| {
            Error::bug(format!(
                "a movement does not fit the reserve `{}`",
                new.name
            ))
        })?;
        insert!(self.db, "reserve_movements" {
            "project_id": event.project.id,
            "name": *new.name,
            "kind": new.kind,
            "distribution_event_id": event.event.id,
            "amount": new.amount,
            "balance": balance,
            "follows": before.map(|before| before.last),
            "counterpart": new.counterpart,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
        .map(|_| ())
    }
}
