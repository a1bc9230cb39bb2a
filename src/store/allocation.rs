//! Allocations in the ledger.

use rusqlite::Row;

use super::{AsOf, Error, Tx, WriteTx, balance::Used, holder, sql::Fields, user::one_row};
use crate::domain::{
    allocation::{Allocation, Balance},
    code::Code,
    event::{Event, Share},
    holder::Holder,
    id::{AllocationId, EventId, EventRef, HolderId, HolderRef},
    quantity::Amount,
};

const TABLE_COLUMNS: &str = "number, id, distribution_event_id, project_id, lp_token_holder_id, lp_tokens_held, \
    ownership_percentage, allocated_amount, withdrawn_amount, pending_amount, available_amount, status, created_at, updated_at";
const READ_COLUMNS: &str = "a.number, a.id, a.lp_token_holder_id, h.code, h.name, a.lp_tokens_held, a.ownership_percentage, \
    a.allocated_amount, a.withdrawn_amount, a.pending_amount";

/// An allocation to be recorded.
pub type NewAllocation = Share;

fn read(row: &Row<'_>, event: &EventRef) -> Result<Allocation, Error> {
    read_fields(&mut Fields::of(row), event)
}

fn read_fields(fields: &mut Fields<'_, '_>, event: &EventRef) -> Result<Allocation, Error> {
    let (number, id) = (fields.next()?, fields.next()?);
    let holder = HolderRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let holder_name = fields.next()?;
    let (tokens, percentage) = (fields.next()?, fields.next()?);
    let balance = rebuilt(fields.next()?, fields.next()?, fields.next()?, &holder.code)?;
    Ok(Allocation {
        number,
        id,
        event: event.clone(),
        holder,
        holder_name,
        tokens,
        percentage,
        balance,
    })
}

/// Puts the balance of a holder's allocation together.
pub(super) fn rebuilt(
    allocated: Amount,
    withdrawn: Amount,
    pending: Amount,
    holder: &Code,
) -> Result<Balance, Error> {
    Balance::rebuild(allocated, withdrawn, pending).ok_or_else(|| Error::BadRow {
        table: "distribution_allocations",
        row: holder.to_string(),
        detail: "more is withdrawn and pending than allocated".to_owned(),
    })
}

impl Tx<'_> {
    /// Hands the allocations of an event to `each`, in order of holder code, as they stood at
    /// `as_of`.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_allocation<E: From<Error>>(
        &mut self,
        event: &EventRef,
        as_of: AsOf,
        mut each: impl FnMut(Allocation) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = match as_of {
            // A calculation writes its rows in order of holder code, side by side: along the row
            // numbers nothing is sorted, and the `+` keeps SQLite from the event's index, which
            // would jump to and fro.
            AsOf::Now => format!(
                "SELECT {READ_COLUMNS} FROM distribution_allocations a JOIN lp_token_holders h ON h.id = a.lp_token_holder_id \
                 WHERE +a.distribution_event_id = ?1 AND a.number > ?2 AND a.number <= ?3 ORDER BY a.number"
            ),
            AsOf::At(_) => past_allocations(as_of),
        };
        let used = as_of
            .instant()
            .map(|at| self.used_in_event(event.id, at))
            .transpose()?;
        let (after, last) = self.allocation_range(event.id)?;
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        statement
            .raw_bind_parameter(1, event.id)
            .map_err(Error::from)?;
        if as_of == AsOf::Now {
            statement
                .raw_bind_parameter(2, after)
                .map_err(Error::from)?;
            statement.raw_bind_parameter(3, last).map_err(Error::from)?;
        }
        let mut rows = statement.raw_query();
        let mut before: Option<Code> = None;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let allocation = read(row, event)?;
            must_follow(
                before.replace(allocation.holder.code.clone()),
                &allocation.holder.code,
            )?;
            each(match &used {
                None => allocation,
                Some(used) => {
                    let used = used.get(&allocation.id).copied().unwrap_or_default();
                    rewound(allocation, used)?
                }
            })?;
        }
        Ok(())
    }

    /// Reads the allocation of a holder in an event, with its balance as it stood at `as_of`. For a
    /// past day the event was approved by then, so that the allocation is the same.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn allocation(
        &mut self,
        event: &EventRef,
        holder: HolderId,
        as_of: AsOf,
    ) -> Result<Option<Allocation>, Error> {
        let sql = format!(
            "SELECT {READ_COLUMNS} FROM distribution_allocations a JOIN lp_token_holders h ON h.id = a.lp_token_holder_id \
             WHERE a.distribution_event_id = ?1 AND a.lp_token_holder_id = ?2"
        );
        let found = self.one_allocation(&sql, (event.id, holder), event)?;
        match (found, as_of) {
            (Some(allocation), AsOf::At(at)) => {
                let used = self.used_of(allocation.id, at)?;
                rewound(allocation, used).map(Some)
            }
            (found, _) => Ok(found),
        }
    }

    /// Reads an allocation by id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn allocation_by_id(
        &mut self,
        event: &EventRef,
        id: AllocationId,
    ) -> Result<Allocation, Error> {
        let sql = format!(
            "SELECT {READ_COLUMNS} FROM distribution_allocations a JOIN lp_token_holders h ON h.id = a.lp_token_holder_id \
             WHERE a.id = ?1"
        );
        let found = self.one_allocation(&sql, [id], event)?;
        found.ok_or_else(|| Error::BadRow {
            table: "distribution_allocations",
            row: id.to_string(),
            detail: "it is missing".to_owned(),
        })
    }

    fn one_allocation(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        event: &EventRef,
    ) -> Result<Option<Allocation>, Error> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        rows.next()?.map(|row| read(row, event)).transpose()
    }

    /// Reads up to `limit` allocations that have money available, after the row number `after` and
    /// up to `last`, each with its holder.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn available_allocations(
        &mut self,
        event: &EventRef,
        (after, last): (i64, i64),
        limit: i64,
    ) -> Result<Vec<(Allocation, Holder)>, Error> {
        let users = self.user_names()?;
        let of_holder = holder::COLUMNS.replace(", ", ", h.");
        // The `+` keeps SQLite on the row numbers, which are the order that is asked for.
        let sql = format!(
            "SELECT {READ_COLUMNS}, h.{of_holder} FROM distribution_allocations a \
             JOIN lp_token_holders h ON h.id = a.lp_token_holder_id WHERE a.number > ?2 AND a.number <= ?3 AND +a.distribution_event_id = ?1 \
               AND a.available_amount <> '0.0000000' ORDER BY a.number LIMIT ?4"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query((event.id, after, last, limit))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut fields = Fields::of(row);
            found.push((
                read_fields(&mut fields, event)?,
                holder::read_fields(&mut fields, &users)?,
            ));
        }
        Ok(found)
    }

    /// Tells the row numbers of an event's allocations: the one before the first, and the last.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn allocation_range(&mut self, event: EventId) -> Result<(i64, i64), Error> {
        const RANGE: &str = "SELECT coalesce(min(number), 1) - 1, coalesce(max(number), 0)
            FROM distribution_allocations WHERE distribution_event_id = ?1";
        Ok(self
            .conn
            .query_row(RANGE, [event], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }
}

/// Refuses rows that are not in order of holder code: another program wrote them.
fn must_follow(before: Option<Code>, code: &Code) -> Result<(), Error> {
    if before.is_none_or(|before| before < *code) {
        return Ok(());
    }
    Err(Error::BadRow {
        table: "distribution_allocations",
        row: code.to_string(),
        detail: "it is not in the order of holder codes".to_owned(),
    })
}

/// Sets an allocation's balance to what its withdrawals were on a past day.
fn rewound(mut allocation: Allocation, used: Used) -> Result<Allocation, Error> {
    allocation.balance = used
        .of(allocation.balance.allocated())
        .ok_or_else(|| Error::bug("withdrawals of a past day exceed their allocation"))?;
    Ok(allocation)
}

/// The allocations of the calculation that stood at an instant, with the holders' names of then.
fn past_allocations(as_of: AsOf) -> String {
    let at = as_of.instant().map(|at| at.to_string()).unwrap_or_default();
    let holders = as_of.source("lp_token_holders", holder::COLUMNS);
    format!(
        "SELECT {READ_COLUMNS} FROM (\
         SELECT {TABLE_COLUMNS} FROM distribution_allocations WHERE distribution_event_id = ?1 AND created_at <= '{at}' \
         UNION ALL SELECT {TABLE_COLUMNS} FROM superseded_allocations \
         WHERE distribution_event_id = ?1 AND created_at <= '{at}' AND superseded_at > '{at}') a \
         JOIN {holders} h ON h.id = a.lp_token_holder_id ORDER BY h.code COLLATE BINARY"
    )
}

impl WriteTx<'_> {
    /// Replaces the allocations of an event that is not approved yet; the earlier ones are kept as
    /// superseded.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn replace_allocations(
        &mut self,
        event: &Event,
        shares: &[NewAllocation],
    ) -> Result<(), Error> {
        let keep = format!(
            "INSERT INTO superseded_allocations (superseded_at, {TABLE_COLUMNS}) \
             SELECT ?2, {TABLE_COLUMNS} FROM distribution_allocations WHERE distribution_event_id = ?1 ORDER BY number"
        );
        const CLEAR: &str = "DELETE FROM distribution_allocations WHERE distribution_event_id = ?1";
        const INSERT: &str =
            "INSERT INTO distribution_allocations (id, distribution_event_id, project_id, lp_token_holder_id,
            lp_tokens_held, ownership_percentage, allocated_amount, withdrawn_amount, pending_amount, available_amount,
            status, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '0.0000000', '0.0000000', ?7, 'allocated', ?8, ?8)";
        self.keep_before(
            "distribution_allocations",
            "distribution_event_id",
            event.event.id,
        )?;
        self.conn.execute(&keep, (event.event.id, self.now))?;
        self.conn.execute(CLEAR, [event.event.id])?;
        let (event_id, project_id, now) = (
            event.event.id.to_string(),
            event.project.id.to_string(),
            self.now.to_string(),
        );
        let conn = self.conn;
        let mut statement = conn.prepare(INSERT)?;
        self.progress.begin(
            "allocating",
            u64::try_from(shares.len()).unwrap_or(u64::MAX),
        );
        for share in shares {
            let id: AllocationId = self.ids.make();
            let NewAllocation {
                holder,
                tokens,
                percentage,
                amount,
            } = share;
            statement.execute(rusqlite::params![
                id, event_id, project_id, holder.id, tokens, percentage, amount, now
            ])?;
            self.progress.advance(1);
        }
        self.progress.end();
        Ok(())
    }

    /// Moves an allocation to another balance. `before` guards what it is moved from.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_allocation(
        &mut self,
        before: &Allocation,
        balance: Balance,
    ) -> Result<(), Error> {
        const UPDATE: &str =
            "UPDATE distribution_allocations SET withdrawn_amount = ?2, pending_amount = ?3,
            available_amount = ?4, status = ?5, updated_at = ?6
            WHERE number = ?1 AND withdrawn_amount = ?7 AND pending_amount = ?8";
        self.keep_before("distribution_allocations", "number", before.number)?;
        let changed = self
            .conn
            .prepare_cached(UPDATE)?
            .execute(rusqlite::params![
                before.number,
                balance.withdrawn(),
                balance.pending(),
                balance.available(),
                balance.status().as_str(),
                self.now,
                before.balance.withdrawn(),
                before.balance.pending(),
            ])?;
        one_row(changed, "distribution_allocations")
    }
}
