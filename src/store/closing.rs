//! What holders are owed at the end of a journal, read from the allocations.

use super::{AsOf, Error, Tx, db::Row, journal::too_much};
use crate::domain::{
    code::Code,
    currency::Currency,
    id::AllocationId,
    journal::{Closing, ClosingBalance},
    quantity::Amount,
    time::Instant,
};

/// What a holder is owed of an allocation.
struct Share {
    project: Code,
    holder: Code,
    currency: Currency,
    since: Instant,
    owed: ClosingBalance,
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
                a.available_amount, a.pending_amount, a.allocated_amount, CASE WHEN :at IS NOT NULL THEN a.id END
            FROM distribution_events e CROSS JOIN distribution_allocations a ON a.distribution_event_id = e.id
            CROSS JOIN lp_token_holders h ON h.id = a.lp_token_holder_id CROSS JOIN projects p ON p.id = e.project_id
            WHERE e.approved_at IS NOT NULL AND (:at IS NULL OR e.approved_at <= :at) AND a.allocated_amount <> '0.0000000'
            ORDER BY p.code COLLATE BINARY, h.code COLLATE BINARY, e.currency, e.number";
        let mut open: Option<Closing> = None;
        let values = [as_of.instant()];
        self.db.each(OWED, values, |row| {
            let Share {
                project,
                holder,
                currency,
                since,
                owed,
            } = self.read_share(row, as_of)?;
            if let Some(done) =
                open.take_if(|open| (&open.project, &open.holder) != (&project, &holder))
            {
                each(done)?;
            }
            let closing = open.get_or_insert_with(|| Closing {
                project,
                holder,
                since,
                balances: Vec::new(),
            });
            closing.since = closing.since.min(since);
            match closing.balances.last_mut() {
                Some((last, sum)) if *last == currency => {
                    *sum = sum.checked_add(owed).ok_or_else(too_much)?;
                }
                Some(_) | None => closing.balances.push((currency, owed)),
            }
            Ok::<_, E>(())
        })?;
        open.map_or(Ok(()), each)
    }

    fn read_share(&self, row: &mut Row<'_>, as_of: AsOf) -> Result<Share, Error> {
        let (project, holder, currency, since) =
            (row.next()?, row.next()?, row.next()?, row.next()?);
        let cancelled: bool = row.next()?;
        let (available, pending, allocated): (Amount, Amount, Amount) =
            (row.next()?, row.next()?, row.next()?);
        let owed = match (cancelled, row.next::<Option<AllocationId>>()?, as_of) {
            (true, ..) => ClosingBalance::NOTHING,
            (false, Some(allocation), AsOf::At(at)) => self.owed_at(allocation, allocated, at)?,
            (false, ..) => ClosingBalance {
                available: available.widen(),
                pending: pending.widen(),
            },
        };
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
        allocated: Amount,
        at: Instant,
    ) -> Result<ClosingBalance, Error> {
        let balance = self
            .used_of(allocation, at)?
            .of(allocated)
            .ok_or_else(|| Error::BadRow {
                table: "distribution_allocations",
                row: allocation.to_string(),
                detail: "more is withdrawn and pending than allocated".to_owned(),
            })?;
        Ok(ClosingBalance {
            available: balance.available().widen(),
            pending: balance.pending().widen(),
        })
    }
}
