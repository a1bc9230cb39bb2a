//! Allocations in the ledger.

use std::rc::Rc;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Params, Row, ToSql, columns, insert, update},
    holder, holder_account,
    used_units::UsedUnits,
};
use crate::domain::{
    account::BankDetails,
    allocation::{Allocation, Balance, BalanceParts},
    available_as::{AvailableAs, Payability},
    code::Code,
    event::{AllocationRow, ComponentColumn, Event, Share},
    holder::{Holder, HolderStatus},
    id::{AllocationId, EventId, EventRef, HolderId, HolderRef},
    quantity::Amount,
    time::Instant,
    work::Extent,
};

/// All columns of the table, which superseded allocations have too.
const TABLE_COLUMNS: &str = "number, id, distribution_event_id, project_id, lp_token_holder_id, lp_tokens_held, \
    ownership_percentage, allocated_amount, assigned_amount, withdrawn_amount, pending_amount, available_amount, tax_amount, \
    tax_class, moved_in_amount, moved_out_amount, status, created_at, updated_at";

columns! {
    const COLUMNS, fn read(event: &EventRef): Allocation {
        number: "a.number",
        id: "a.id",
        event: ("a.distribution_event_id" = event.clone()),
        holder: (HolderRef { id: "a.lp_token_holder_id", code: "h.code" }),
        holder_name: "h.name",
        tokens: "a.lp_tokens_held",
        percentage: "a.ownership_percentage",
        assigned: "a.assigned_amount",
        tax_class: ("a.tax_class" => read_class),
        tax_rate: ("NULL" = None),
        balance: ("a.allocated_amount, a.withdrawn_amount, a.pending_amount, a.tax_amount, a.moved_in_amount, a.moved_out_amount"
            => read_balance),
    }
}

const FROM: &str =
    "FROM distribution_allocations a JOIN lp_token_holders h ON h.id = a.lp_token_holder_id";

/// The columns that decide whether a holder can be paid, next to those of an allocation.
const PAYABILITY: &str = "h.status, h.status_reason, \
    c.bank_name, c.bank_code, c.account_number, c.account_name, c.currency";

/// An allocation to be recorded.
pub type NewAllocation = Share;

/// What is read next to each allocation of an event: further columns, and what is joined for them.
#[derive(Default)]
struct NextTo {
    /// The holder of the last allocation before the first one that is read.
    after: Option<HolderId>,
    columns: String,
    join: String,
}

/// The row numbers among which all allocations of an event are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationRange {
    /// The number before the first one.
    pub after: i64,
    /// The last number.
    pub last: i64,
}

fn read_class(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<u32>, Error> {
    class(row.next()?)
}

/// Reads a class of tax rates.
pub(super) fn class(class: Option<i64>) -> Result<Option<u32>, Error> {
    class
        .map(u32::try_from)
        .transpose()
        .map_err(|_| Error::Damaged {
            detail: "a class of tax rates has too many digits".to_owned(),
        })
}

fn read_balance(row: &mut Row<'_>, _codes: &Codes) -> Result<Balance, Error> {
    let parts = parts(row)?;
    rebuilt(parts, &row.get(4)?)
}

/// Reads the columns `allocated_amount, withdrawn_amount, pending_amount, tax_amount,
/// moved_in_amount, moved_out_amount`.
pub(super) fn parts(row: &mut Row<'_>) -> Result<BalanceParts, Error> {
    let (allocated, withdrawn, pending) = (row.next()?, row.next()?, row.next()?);
    Ok(BalanceParts {
        allocated,
        tax: row.next()?,
        brought_forward: row.next()?,
        carried_forward: row.next()?,
        withdrawn,
        pending,
    })
}

/// Puts the balance of a holder's allocation together.
pub(super) fn rebuilt(parts: BalanceParts, holder: &Code) -> Result<Balance, Error> {
    Balance::rebuild(parts).ok_or_else(|| Error::BadRow {
        table: "distribution_allocations",
        row: holder.to_string(),
        detail: "more left it than came in".to_owned(),
    })
}

impl Tx<'_> {
    /// Hands the allocations of an event to `each`, in order of holder code, as they were at
    /// `as_of`.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_allocation<E: From<Error>>(
        &mut self,
        event: &EventRef,
        as_of: AsOf,
        mut each: impl FnMut(Allocation) -> Result<(), E>,
    ) -> Result<(), E> {
        let alone = NextTo::default();
        self.each_next_to(event, as_of, &alone, |allocation, _, _| each(allocation))
    }

    /// Hands the allocations of an event to `each`, in order of holder code, as they were at
    /// `as_of`, each with what its available part is.
    ///
    /// One statement reads all of it: where something is available, it also looks the holder's
    /// account up. The present state can be read from behind the allocation of a holder.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_allocation_row<E: From<Error>>(
        &mut self,
        event: &Rc<Event>,
        after: Option<HolderId>,
        as_of: AsOf,
        mut each: impl FnMut(AllocationRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let next_to = NextTo {
            after,
            columns: format!(", {PAYABILITY}"),
            join: holder_account::of_available(event.currency, as_of),
        };
        self.each_next_to(&event.event, as_of, &next_to, |allocation, row, codes| {
            let status: HolderStatus = row.read(codes)?;
            let bank: BankDetails = row.read(codes)?;
            let available = allocation.balance.available();
            let holder = Payability {
                status: &status,
                bank: Some(&bank),
            };
            each(AllocationRow {
                available_as: AvailableAs::of(available, event.currency, holder),
                event: Rc::clone(event),
                allocation,
            })
        })
    }

    fn each_next_to<E: From<Error>>(
        &mut self,
        event: &EventRef,
        as_of: AsOf,
        next_to: &NextTo,
        mut each: impl FnMut(Allocation, &mut Row<'_>, &Codes) -> Result<(), E>,
    ) -> Result<(), E> {
        let used = as_of
            .instant()
            .map(|at| self.used_in_event(event.id, at))
            .transpose()?;
        let mut range = self.allocation_range(event.id)?;
        let NextTo {
            after,
            columns,
            join,
        } = next_to;
        if let Some(holder) = after {
            const NUMBER: &str = "SELECT number FROM distribution_allocations
                WHERE distribution_event_id = ?1 AND lp_token_holder_id = ?2";
            range.after = self.db.value(NUMBER, (event.id, *holder))?;
        }
        let sql = match as_of {
            // A calculation writes its rows in order of holder code, side by side: along the row
            // numbers nothing is sorted, and the `+` keeps SQLite from the event's index, which
            // would jump to and fro.
            AsOf::Now => format!(
                "SELECT {COLUMNS}{columns} {FROM} {join}
                 WHERE +a.distribution_event_id = ?1 AND a.number > ?2 AND a.number <= ?3
                 ORDER BY a.number"
            ),
            AsOf::At(at) => past_allocations(at, next_to),
        };
        let now: &[&dyn ToSql] = &[&event.id, &range.after, &range.last];
        let then: &[&dyn ToSql] = &[&event.id];
        let values = if as_of == AsOf::Now { now } else { then };
        let codes = Codes::default();
        let mut before: Option<Code> = None;
        self.db.each(&sql, values, |row| {
            let allocation = read(row, &codes, event)?;
            let code = &allocation.holder.code;
            must_follow(before.replace(code.clone()), code)?;
            let allocation = match &used {
                None => allocation,
                Some(used) => {
                    let used = used.get(&allocation.id).copied().unwrap_or_default();
                    rewound(allocation, used)?
                }
            };
            each(allocation, row, &codes)
        })
    }

    /// Reads the allocation of a holder in an event, with its balance as it was at `as_of`. For a
    /// past day the event was approved by then, so that the allocation is the same.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn allocation(
        &mut self,
        event: &EventRef,
        holder: HolderId,
        as_of: AsOf,
    ) -> Result<Option<Allocation>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE a.distribution_event_id = ?1 AND a.lp_token_holder_id = ?2"
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
    /// [`Error`] if the ledger cannot be read or written.
    pub fn allocation_by_id(
        &mut self,
        event: &EventRef,
        id: AllocationId,
    ) -> Result<Allocation, Error> {
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE a.id = ?1");
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
        values: impl Params,
        event: &EventRef,
    ) -> Result<Option<Allocation>, Error> {
        let codes = Codes::default();
        self.db
            .query_optional(sql, values, |row| read(row, &codes, event))
    }

    /// Reads up to `limit` allocations of a range that have money available, each with its holder.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn available_allocations(
        &mut self,
        event: &EventRef,
        range: AllocationRange,
        limit: i64,
    ) -> Result<Vec<(Allocation, Holder)>, Error> {
        let codes = self.codes()?;
        let (of_holder, with_account) = (holder::COLUMNS, holder::WITH_ACCOUNT);
        // The `+` keeps SQLite on the row numbers, which are the order that is asked for.
        let sql = format!(
            "SELECT {COLUMNS}, {of_holder} {FROM} {with_account}
             WHERE a.number > ?2 AND a.number <= ?3 AND +a.distribution_event_id = ?1
               AND a.available_amount <> '0.0000000' ORDER BY a.number LIMIT ?4"
        );
        let values = (event.id, range.after, range.last, limit);
        self.db.query(&sql, values, |row| {
            Ok((read(row, &codes, event)?, holder::read(row, &codes)?))
        })
    }

    /// Hands what is available in an event to holders who are blocked or may have no account to
    /// `each`, and what it is; at most `most` of each. Returns whether that was all.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub(super) fn each_held(
        &mut self,
        event: &Event,
        most: i64,
        mut each: impl FnMut(AvailableAs, Amount) -> Result<(), Error>,
    ) -> Result<Extent, Error> {
        const LOOKED_AT: &str = "SELECT max(
              (SELECT count(*) FROM (SELECT 1 FROM lp_token_holders WHERE status = 'blocked' LIMIT ?1)),
              (SELECT count(*) FROM (SELECT 1 FROM holders_without_account WHERE lacking = 1 LIMIT ?1)))";
        let join = holder_account::of_available(event.currency, AsOf::Now);
        let sql = format!(
            "SELECT a.available_amount, {PAYABILITY} FROM (
               SELECT id FROM (SELECT id FROM lp_token_holders WHERE status = 'blocked' LIMIT ?2)
               UNION SELECT id FROM (SELECT h.id FROM holders_without_account n
                 JOIN lp_token_holders h ON h.number = n.holder_number WHERE n.lacking = 1 LIMIT ?2)) x
             CROSS JOIN distribution_allocations a ON a.distribution_event_id = ?1 AND a.lp_token_holder_id = x.id
             CROSS JOIN lp_token_holders h ON h.id = x.id {join}
             WHERE a.available_amount <> '0.0000000'"
        );
        let codes = Codes::default();
        self.db.each(&sql, (event.event.id, most), |row| {
            let available: Amount = row.next()?;
            let status: HolderStatus = row.read(&codes)?;
            let bank: BankDetails = row.read(&codes)?;
            let holder = Payability {
                status: &status,
                bank: Some(&bank),
            };
            match AvailableAs::of(available, event.currency, holder) {
                Some(available_as) => each(available_as, available),
                None => Ok(()),
            }
        })?;
        let looked_at: i64 = self.db.value(LOOKED_AT, [most])?;
        Ok(if looked_at < most {
            Extent::All
        } else {
            Extent::AtLeast
        })
    }

    /// Returns the row numbers among which the allocations of an event are.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn allocation_range(&mut self, event: EventId) -> Result<AllocationRange, Error> {
        const RANGE: &str = "SELECT coalesce(min(number), 1) - 1, coalesce(max(number), 0)
            FROM distribution_allocations WHERE distribution_event_id = ?1";
        self.db.query_one(RANGE, [event], |row| {
            Ok(AllocationRange {
                after: row.next()?,
                last: row.next()?,
            })
        })
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
fn rewound(mut allocation: Allocation, used: UsedUnits) -> Result<Allocation, Error> {
    allocation.balance = used
        .of(allocation.balance)
        .ok_or_else(|| Error::bug("withdrawals of a past day exceed their allocation"))?;
    Ok(allocation)
}

/// The allocations of the calculation that counted at an instant, with the holders' names of then.
fn past_allocations(
    at: Instant,
    NextTo {
        columns,
        join,
        after: _,
    }: &NextTo,
) -> String {
    let holders = AsOf::At(at).source("lp_token_holders", holder::TABLE_COLUMNS);
    format!(
        "SELECT {COLUMNS}{columns} FROM (
         SELECT {TABLE_COLUMNS} FROM distribution_allocations
         WHERE distribution_event_id = ?1 AND created_at <= '{at}'
         UNION ALL SELECT {TABLE_COLUMNS} FROM superseded_allocations
         WHERE distribution_event_id = ?1 AND created_at <= '{at}' AND superseded_at > '{at}') a
         JOIN {holders} h ON h.id = a.lp_token_holder_id {join} ORDER BY h.code COLLATE BINARY"
    )
}

/// Returns what a calculation gives: the gross share and its tax, and nothing moved yet.
fn calculated(share: &Share) -> Result<Balance, Error> {
    let parts = BalanceParts {
        allocated: share.amount,
        tax: share.tax,
        ..Balance::NONE.parts()
    };
    Balance::rebuild(parts).ok_or_else(|| Error::bug("the tax of an allocation is above it"))
}

impl WriteTx<'_> {
    /// Replaces the allocations of an event that is not approved yet; the earlier ones are kept as
    /// superseded.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn replace_allocations(
        &mut self,
        event: &Event,
        shares: &[NewAllocation],
        components: &[ComponentColumn],
    ) -> Result<(), Error> {
        const CLEAR: &str = "DELETE FROM distribution_allocations WHERE distribution_event_id = ?1";
        let keep = format!(
            "INSERT INTO superseded_allocations (superseded_at, {TABLE_COLUMNS})
             SELECT ?2, {TABLE_COLUMNS} FROM distribution_allocations WHERE distribution_event_id = ?1 ORDER BY number"
        );
        let (event_id, project_id, now) = (event.event.id, event.project.id, self.now);
        self.keep_before(
            "distribution_allocations",
            "distribution_event_id",
            event_id,
        )?;
        self.db.execute(&keep, (event_id, now))?;
        self.db.execute(CLEAR, [event_id])?;
        self.progress.begin(
            "allocating",
            u64::try_from(shares.len()).unwrap_or(u64::MAX),
        );
        // The part of the only component is all of the allocation.
        let columns = if components.len() > 1 {
            components
        } else {
            &[]
        };
        let mut with_money = 0;
        for (at, share) in shares.iter().enumerate() {
            let id: AllocationId = self.ids.make();
            let balance = calculated(share)?;
            with_money += i64::from(!balance.available().is_zero());
            insert!(self.db, "distribution_allocations" {
                "id": id,
                "distribution_event_id": event_id,
                "project_id": project_id,
                "lp_token_holder_id": share.holder.id,
                "lp_tokens_held": share.tokens,
                "ownership_percentage": share.percentage,
                "allocated_amount": share.amount,
                "assigned_amount": share.assigned,
                "withdrawn_amount": Amount::ZERO,
                "pending_amount": Amount::ZERO,
                "available_amount": balance.available(),
                "tax_amount": share.tax,
                "tax_class": share.tax_class.map(i64::from),
                "moved_in_amount": Amount::ZERO,
                "moved_out_amount": Amount::ZERO,
                "status": balance.status(),
                "created_at": now,
                "updated_at": now,
            })?;
            for (position, column) in (1..).zip(columns) {
                let part = column
                    .parts
                    .get(at)
                    .copied()
                    .ok_or_else(|| Error::bug("a component has no part of an allocation"))?;
                self.insert_part(id, position, part)?;
            }
            self.progress.advance(1);
        }
        self.progress.end();
        self.count_replaced(event_id, with_money)
    }

    /// Moves an allocation to another balance. `before` guards what it is moved from.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn update_allocation(
        &mut self,
        before: &Allocation,
        balance: Balance,
    ) -> Result<(), Error> {
        let (was, is) = (before.balance.available(), balance.available());
        self.count_available(before.event.id, was, is);
        update!(self.db, "distribution_allocations" set {
            "withdrawn_amount": balance.withdrawn(),
            "pending_amount": balance.pending(),
            "available_amount": balance.available(),
            "moved_in_amount": balance.brought_forward(),
            "moved_out_amount": balance.carried_forward(),
            "status": balance.status(),
            "updated_at": self.now,
        } where {
            "number": before.number,
            "withdrawn_amount": before.balance.withdrawn(),
            "pending_amount": before.balance.pending(),
            "moved_in_amount": before.balance.brought_forward(),
            "moved_out_amount": before.balance.carried_forward(),
        })
    }
}
