//! Forward balances and their movements in the ledger.

use std::collections::HashMap;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, columns, insert},
};
use crate::domain::{
    allocation::Allocation,
    code::Code,
    forward::{self, AgedMovement, ForwardBalance, ForwardKind, ForwardMovement, ForwardRow},
    id::{AllocationId, EventId, EventRef, HolderId, HolderRef, ProjectId, ProjectRef},
    quantity::{Amount, Total},
    time::Instant,
};

columns! {
    const COLUMNS, fn read: ForwardMovement {
        number: "m.number",
        kind: "m.kind",
        holder: (HolderRef { id: "m.lp_token_holder_id", code: "h.code" }),
        allocation: "a.id",
        amount: "m.amount",
    }
}

/// A movement to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewForwardMovement<'a> {
    /// Why.
    pub kind: ForwardKind,
    /// The project.
    pub project: ProjectId,
    /// How much moves.
    pub amount: Amount,
    /// The forward balance before it, if the holder ever had one in the project.
    pub before: Option<ForwardBalance>,
    /// The movement that it undoes.
    pub counterpart: Option<i64>,
    /// The user's reason.
    pub reason: Option<&'a str>,
}

/// The account of a holder's forward balance in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardAccount {
    /// The project.
    pub project: Code,
    /// The holder.
    pub holder: Code,
    /// The instant of the first movement.
    pub since: Instant,
}

impl Tx<'_> {
    /// Hands the accounts of forward balances that existed at `as_of` to `each`, in order of project
    /// and holder code.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_forward_account<E: From<Error>>(
        &mut self,
        as_of: AsOf,
        mut each: impl FnMut(ForwardAccount) -> Result<(), E>,
    ) -> Result<(), E> {
        const FIRST: &str = "SELECT p.code, h.code, m.created_at FROM allocation_movements m
            CROSS JOIN projects p ON p.id = m.project_id
            CROSS JOIN lp_token_holders h ON h.id = m.lp_token_holder_id
            WHERE m.follows IS NULL AND (?1 IS NULL OR m.created_at <= ?1)
            ORDER BY p.code COLLATE BINARY, h.code COLLATE BINARY";
        self.db.each(FIRST, [as_of.instant()], |row| {
            each(ForwardAccount {
                project: row.next()?,
                holder: row.next()?,
                since: row.next()?,
            })
        })
    }

    /// Returns whether any money ever moved to or from a forward balance: most ledgers have none.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(super) fn has_movements(&self) -> Result<bool, Error> {
        self.db
            .value("SELECT EXISTS (SELECT 1 FROM allocation_movements)", ())
    }

    /// Reads the forward balances of a project, those of zero as well.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn forward_balances(
        &mut self,
        project: ProjectId,
    ) -> Result<HashMap<HolderId, ForwardBalance>, Error> {
        const LAST: &str = "SELECT m.lp_token_holder_id, m.forward_balance, m.number
            FROM allocation_movements m WHERE m.project_id = ?1
              AND NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.follows = m.number)";
        let mut balances = HashMap::new();
        if self.has_movements()? {
            self.db.each(LAST, [project], |row| {
                let holder: HolderId = row.next()?;
                let (amount, last) = (row.next()?, row.next()?);
                balances.insert(holder, ForwardBalance { amount, last });
                Ok::<_, Error>(())
            })?;
        }
        Ok(balances)
    }

    /// Reads the forward balance of a holder in a project, if the holder ever had one.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn forward_balance(
        &mut self,
        project: ProjectId,
        holder: HolderId,
    ) -> Result<Option<ForwardBalance>, Error> {
        const LAST: &str = "SELECT m.forward_balance, m.number FROM allocation_movements m
            WHERE m.lp_token_holder_id = ?2 AND m.project_id = ?1
              AND NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.follows = m.number)";
        self.db.query_optional(LAST, (project, holder), |row| {
            Ok(ForwardBalance {
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
    pub fn forward_movements(&mut self, event: EventId) -> Result<Vec<ForwardMovement>, Error> {
        if !self.has_movements()? {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM distribution_allocations a
             CROSS JOIN allocation_movements m ON m.allocation_number = a.number
             CROSS JOIN lp_token_holders h ON h.id = m.lp_token_holder_id
             WHERE a.distribution_event_id = ?1 AND m.counterpart IS NULL
               AND NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.counterpart = m.number)
             ORDER BY m.number"
        );
        let codes = Codes::default();
        self.db.query(&sql, [event], |row| read(row, &codes))
    }

    /// Returns the events that took from a holder's forward balance after a movement, in order of
    /// code, leaving out what was undone.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn taken_after(&mut self, movement: &ForwardMovement) -> Result<Vec<EventRef>, Error> {
        const TAKEN: &str = "SELECT DISTINCT e.id, e.code FROM allocation_movements own
            CROSS JOIN allocation_movements m
              ON m.lp_token_holder_id = own.lp_token_holder_id AND m.project_id = own.project_id
            CROSS JOIN distribution_allocations a ON a.number = m.allocation_number
            CROSS JOIN distribution_events e ON e.id = a.distribution_event_id
            WHERE own.number = ?1 AND m.number > own.number
              AND m.allocation_number <> own.allocation_number
              AND m.kind IN ('brought_forward', 'released')
              AND NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.counterpart = m.number)
            ORDER BY e.code COLLATE BINARY";
        let codes = Codes::default();
        self.db
            .query(TAKEN, [movement.number], |row| row.read(&codes))
    }
}

impl Tx<'_> {
    /// Reads the forward balances of a project, a holder or all, in order of project and holder
    /// code, those of zero as well.
    ///
    /// Memory: linear in the movements.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read, or more left a balance than came in.
    pub fn forward_rows(
        &mut self,
        (project, holder): (Option<ProjectId>, Option<HolderId>),
        as_of: AsOf,
    ) -> Result<Vec<ForwardRow>, Error> {
        const MOVEMENTS: &str =
            "SELECT p.id, p.code, h.id, h.code, p.currency, p.stale_after, m.kind, m.amount, e.code, m.created_at,
                m.forward_balance FROM allocation_movements m
            CROSS JOIN projects p ON p.id = m.project_id
            CROSS JOIN lp_token_holders h ON h.id = m.lp_token_holder_id
            CROSS JOIN distribution_allocations a ON a.number = m.allocation_number
            CROSS JOIN distribution_events e ON e.id = a.distribution_event_id
            WHERE (?1 IS NULL OR m.project_id = ?1) AND (?2 IS NULL OR m.lp_token_holder_id = ?2)
              AND (?3 IS NULL OR m.created_at <= ?3)
            ORDER BY p.code COLLATE BINARY, h.code COLLATE BINARY, m.number";
        let codes = Codes::default();
        let (mut rows, mut movements) = (Vec::<ForwardRow>::new(), Vec::new());
        self.db
            .each(MOVEMENTS, (project, holder, as_of.instant()), |row| {
                let project: ProjectRef = row.read(&codes)?;
                let holder: HolderRef = row.read(&codes)?;
                let (currency, stale_after) = (row.next()?, row.next()?);
                let (kind, amount, event) = (row.next()?, row.next()?, row.next()?);
                let at: Instant = row.next()?;
                let balance = row.next()?;
                let same = |last: &&mut ForwardRow| {
                    (last.project.id, last.holder.id) == (project.id, holder.id)
                };
                if let Some(last) = rows.last_mut().filter(same) {
                    last.balance = balance;
                    last.movements += 1;
                } else {
                    age(rows.last_mut(), &mut movements)?;
                    rows.push(ForwardRow {
                        project,
                        holder,
                        currency,
                        stale_after,
                        balance,
                        parts: Vec::new(),
                        movements: 1,
                    });
                }
                movements.push(AgedMovement {
                    kind,
                    amount,
                    event,
                    day: at.date(),
                });
                Ok::<_, Error>(())
            })?;
        age(rows.last_mut(), &mut movements)?;
        Ok(rows)
    }

    /// Returns whether a holder's forward balance was given up after a movement.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn written_off_after(&mut self, movement: &ForwardMovement) -> Result<bool, Error> {
        const AFTER: &str =
            "SELECT 1 FROM allocation_movements own CROSS JOIN allocation_movements m
              ON m.lp_token_holder_id = own.lp_token_holder_id AND m.project_id = own.project_id
            WHERE own.number = ?1 AND m.number > own.number AND m.kind = 'written_off'";
        self.db.exists(AFTER, [movement.number])
    }

    /// Returns what was given up of forward balances until an instant, by the allocation of the
    /// movement before it, in ten-millionths. There are few.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(super) fn written_off(&self, as_of: AsOf) -> Result<HashMap<i64, i128>, Error> {
        const WRITTEN_OFF: &str = "SELECT allocation_number, amount FROM allocation_movements
            WHERE kind = 'written_off' AND (?1 IS NULL OR created_at <= ?1)";
        let mut units: HashMap<i64, i128> = HashMap::new();
        self.db.each(WRITTEN_OFF, [as_of.instant()], |row| {
            let allocation = row.next()?;
            let amount: Amount = row.next()?;
            // Amounts below 10^20 and fewer than 2^40 movements stay far inside 128 bits.
            *units.entry(allocation).or_default() += amount.units();
            Ok::<_, Error>(())
        })?;
        Ok(units)
    }

    /// Returns what was given up of the forward balance to which an allocation led.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn written_off_of(
        &mut self,
        allocation: &Allocation,
        as_of: AsOf,
    ) -> Result<Amount, Error> {
        const WRITTEN_OFF: &str =
            "SELECT amount FROM allocation_movements WHERE allocation_number = ?1
            AND kind = 'written_off' AND (?2 IS NULL OR created_at <= ?2)";
        let values = (allocation.number, as_of.instant());
        let amounts = self.db.values::<Amount>(WRITTEN_OFF, values)?.into_iter();
        let sum: Option<Total> = amounts.sum();
        sum.and_then(|sum| Amount::from_units(sum.units()))
            .ok_or_else(|| Error::bug("what was given up adds up to too much"))
    }

    /// Reads the projects of which forward balances were given up, in order of code, each with the
    /// instant of the first time.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn projects_with_write_offs(&mut self, as_of: AsOf) -> Result<Vec<(Code, Instant)>, Error> {
        const PROJECTS: &str = "SELECT p.code, min(m.created_at) FROM allocation_movements m
            CROSS JOIN projects p ON p.id = m.project_id
            WHERE m.kind = 'written_off' AND (?1 IS NULL OR m.created_at <= ?1)
            GROUP BY p.code ORDER BY p.code COLLATE BINARY";
        self.db.query(PROJECTS, [as_of.instant()], |row| {
            Ok((row.next()?, row.next()?))
        })
    }

    /// Reads the allocation of a movement.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn allocation_of_movement(&mut self, movement: i64) -> Result<Allocation, Error> {
        const ALLOCATION: &str = "SELECT a.id, e.id, e.code FROM allocation_movements m
            CROSS JOIN distribution_allocations a ON a.number = m.allocation_number
            CROSS JOIN distribution_events e ON e.id = a.distribution_event_id WHERE m.number = ?1";
        let codes = Codes::default();
        let (id, event): (AllocationId, EventRef) =
            self.db.query_one(ALLOCATION, [movement], |row| {
                Ok((row.next()?, row.read(&codes)?))
            })?;
        self.allocation_by_id(&event, id)
    }
}

/// Parts a forward balance by age, once all of its movements are read.
fn age(row: Option<&mut ForwardRow>, movements: &mut Vec<AgedMovement>) -> Result<(), Error> {
    if let Some(row) = row {
        let parts = forward::parts(movements);
        row.parts = parts.ok_or_else(|| Error::BadRow {
            table: "allocation_movements",
            row: row.holder.code.to_string(),
            detail: "more left the forward balance than came in".to_owned(),
        })?;
        movements.clear();
    }
    Ok(())
}

impl WriteTx<'_> {
    /// Records a movement of an allocation's holder; returns the forward balance after it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written, or the forward balance would become negative or
    /// too large.
    pub fn insert_forward(
        &mut self,
        allocation: &Allocation,
        new: NewForwardMovement<'_>,
    ) -> Result<ForwardBalance, Error> {
        let before = new.before.map_or(Amount::ZERO, |before| before.amount);
        let after = new.kind.after(before, new.amount);
        let amount = after.ok_or_else(|| {
            Error::bug(format!(
                "a movement does not fit the forward balance of `{}`",
                allocation.holder.code
            ))
        })?;
        let last = insert!(self.db, "allocation_movements" {
            "kind": new.kind,
            "allocation_number": allocation.number,
            "project_id": new.project,
            "lp_token_holder_id": allocation.holder.id,
            "amount": new.amount,
            "forward_balance": amount,
            "follows": new.before.map(|before| before.last),
            "counterpart": new.counterpart,
            "reason": new.reason,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })?;
        Ok(ForwardBalance { amount, last })
    }
}
