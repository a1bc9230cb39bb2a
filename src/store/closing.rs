//! What holders are owed at the end of a journal, read from the allocations.

use std::collections::HashMap;

use super::{
    AsOf, Error, Tx,
    allocation::{parts, rebuilt},
    db::Row,
    journal::too_much,
};
use crate::domain::{
    allocation::Balance,
    code::Code,
    currency::Currency,
    id::AllocationId,
    journal::{Closing, ClosingBalance},
    quantity::Total,
    time::Instant,
};

/// What a holder is owed of an allocation.
struct Share {
    project: Code,
    holder: Code,
    currency: Currency,
    since: Instant,
    owed: ClosingUnits,
}

/// What a holder is owed while it is added up, in ten-millionths: an event may bring forward more
/// than it carries forward, all of them together may not.
#[derive(Clone, Copy, Default)]
struct ClosingUnits {
    available: i128,
    pending: i128,
    forward: i128,
}

impl ClosingUnits {
    const fn of(balance: Balance) -> Self {
        Self {
            available: balance.available().units(),
            pending: balance.pending().units(),
            forward: balance.carried_forward().units() - balance.brought_forward().units(),
        }
    }

    /// Adds what is owed for another event.
    const fn add(&mut self, other: Self) {
        // Fewer than 2^40 amounts below 10^20 stay far below 2^127.
        self.available += other.available;
        self.pending += other.pending;
        self.forward += other.forward;
    }

    fn balance(self) -> Result<ClosingBalance, Error> {
        let total = |units| Total::from_units(units).ok_or_else(too_much);
        Ok(ClosingBalance {
            available: total(self.available)?,
            pending: total(self.pending)?,
            forward: total(self.forward)?,
        })
    }
}

/// The shares of a holder in a project, being added up.
struct OpenClosing {
    project: Code,
    holder: Code,
    since: Instant,
    sums: Vec<(Currency, ClosingUnits)>,
}

impl OpenClosing {
    fn close(self) -> Result<Closing, Error> {
        let sums = self.sums.into_iter();
        let balances = sums.map(|(currency, units)| Ok((currency, units.balance()?)));
        Ok(Closing {
            project: self.project,
            holder: self.holder,
            since: self.since,
            balances: balances.collect::<Result<_, Error>>()?,
        })
    }
}

impl Tx<'_> {
    /// Hands what each holder is owed by each project to `each`, in order of project and holder
    /// code: read from the allocations, for a past day with what their withdrawals had used by
    /// then, and not from the entries, which it proves.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_closing<E: From<Error>>(
        &mut self,
        as_of: AsOf,
        mut each: impl FnMut(Closing) -> Result<(), E>,
    ) -> Result<(), E> {
        const OWED: &str = "SELECT p.code, h.code, e.currency, e.approved_at,
                e.cancelled_at IS NOT NULL AND (:at IS NULL OR e.cancelled_at <= :at),
                a.allocated_amount, a.withdrawn_amount, a.pending_amount, a.tax_amount, a.moved_in_amount,
                a.moved_out_amount, a.number, CASE WHEN :at IS NOT NULL THEN a.id END
            FROM distribution_events e CROSS JOIN distribution_allocations a ON a.distribution_event_id = e.id
            CROSS JOIN lp_token_holders h ON h.id = a.lp_token_holder_id CROSS JOIN projects p ON p.id = e.project_id
            WHERE e.approved_at IS NOT NULL AND (:at IS NULL OR e.approved_at <= :at) AND (a.allocated_amount <> '0.0000000'
                OR EXISTS (SELECT 1 FROM allocation_movements m WHERE m.allocation_number = a.number
                           AND (:at IS NULL OR m.created_at <= :at)))
            ORDER BY p.code COLLATE BINARY, h.code COLLATE BINARY, e.currency, e.number";
        let mut open: Option<OpenClosing> = None;
        let values = [as_of.instant()];
        let written_off = self.written_off(as_of)?;
        self.db.each(OWED, values, |row| {
            let Share {
                project,
                holder,
                currency,
                since,
                owed,
            } = self.read_share(row, as_of, &written_off)?;
            if let Some(done) =
                open.take_if(|open| (&open.project, &open.holder) != (&project, &holder))
            {
                each(done.close()?)?;
            }
            let closing = open.get_or_insert_with(|| OpenClosing {
                project,
                holder,
                since,
                sums: Vec::new(),
            });
            closing.since = closing.since.min(since);
            match closing.sums.last_mut() {
                Some((last, sum)) if *last == currency => sum.add(owed),
                Some(_) | None => closing.sums.push((currency, owed)),
            }
            Ok::<_, E>(())
        })?;
        open.map_or(Ok(()), |done| each(done.close()?))
    }

    fn read_share(
        &self,
        row: &mut Row<'_>,
        as_of: AsOf,
        written_off: &HashMap<i64, i128>,
    ) -> Result<Share, Error> {
        let (project, holder, currency, since) =
            (row.next()?, row.next()?, row.next()?, row.next()?);
        let cancelled: bool = row.next()?;
        let balance = rebuilt(parts(row)?, &holder)?;
        let number: i64 = row.next()?;
        let mut owed = match (cancelled, row.next::<Option<AllocationId>>()?, as_of) {
            (true, ..) => ClosingUnits::default(),
            (false, Some(allocation), AsOf::At(at)) => self.owed_at(allocation, balance, at)?,
            (false, ..) => ClosingUnits::of(balance),
        };
        owed.forward -= written_off.get(&number).copied().unwrap_or_default();
        Ok(Share {
            project,
            holder,
            currency,
            since,
            owed,
        })
    }

    /// Returns what of an allocation was available and pending at an instant.
    fn owed_at(
        &self,
        allocation: AllocationId,
        stored: Balance,
        at: Instant,
    ) -> Result<ClosingUnits, Error> {
        let balance = self
            .used_of(allocation, at)?
            .of(stored)
            .ok_or_else(|| Error::BadRow {
                table: "distribution_allocations",
                row: allocation.to_string(),
                detail: "more left it than came in".to_owned(),
            })?;
        Ok(ClosingUnits::of(balance))
    }
}
