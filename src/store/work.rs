//! Which work is open. Nothing here reads a table in full: what may be many is counted as it is
//! written, found by an index of what is open, or counted up to a bound.

mod account;

use super::{
    AsOf, Error, EventFilter, Tx,
    db::{Row, ToSql},
};
use crate::domain::{
    available_as::AvailableAs,
    code::FileNumber,
    currency::Currency,
    event::{Event, EventState, EventStatus},
    quantity::{Amount, Total},
    time::{Date, Instant},
    work::{EventCounts, Extent, OpenWork, Tally, WorkKind},
};

/// Where a count ends.
const MOST: i64 = 10_000;
/// How many rows are looked at to find the open ones.
const LOOKED_AT: i64 = 5_000;
/// After how many days a changed ledger waits for a check and a backup.
const CHECK_DAYS: i64 = 31;
const BACKUP_DAYS: i64 = 7;

/// What is available to holders who cannot be paid.
#[derive(Default)]
struct NotPayable {
    held: Tally,
    unpayable: Tally,
    extent: Extent,
}

/// A count that may have ended early, and since when the oldest waits.
#[derive(Default)]
struct Counted {
    tally: Tally,
    extent: Extent,
    oldest: Option<Instant>,
}

impl Counted {
    fn add(&mut self, amount: Total, since: Option<Instant>) -> Result<(), Error> {
        let one = Tally { count: 1, amount };
        self.tally = self.tally.and(one).ok_or_else(too_much)?;
        self.oldest = match (self.oldest, since) {
            (Some(oldest), Some(since)) => Some(oldest.min(since)),
            (oldest, since) => oldest.or(since),
        };
        Ok(())
    }

    fn work(self, work: OpenWork, currency: Currency) -> Option<OpenWork> {
        let Self {
            tally,
            extent,
            oldest,
        } = self;
        (tally.count > 0).then(|| OpenWork {
            extent,
            ..work.counted(tally, currency).since(oldest)
        })
    }
}

fn too_much() -> Error {
    Error::Damaged {
        detail: "what waits has too many digits".to_owned(),
    }
}

impl Tx<'_> {
    /// Lists the open work, in no order and for nobody yet. `last`: when the ledger was last checked
    /// and last backed up.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(super) fn all_open_work(
        &mut self,
        last: [Option<Instant>; 2],
        today: Date,
    ) -> Result<Vec<OpenWork>, Error> {
        let mut work = self.upkeep(last, today)?;
        self.event_work(&mut work)?;
        self.file_work(&mut work)?;
        for account in self.bank_accounts(AsOf::Now)? {
            self.account_work(&account, today, &mut work)?;
        }
        self.forward_work(&mut work)?;
        self.proposal_work(&mut work)?;
        Ok(work)
    }

    fn event_work(&mut self, work: &mut Vec<OpenWork>) -> Result<(), Error> {
        let mut not_payable: Vec<(Currency, NotPayable)> = Vec::new();
        for status in [
            EventStatus::Draft,
            EventStatus::Calculated,
            EventStatus::Active,
        ] {
            let filter = EventFilter {
                status: Some(status),
                ..EventFilter::default()
            };
            for event in self.events(&filter, AsOf::Now)? {
                match &event.state {
                    EventState::Draft => {
                        let since = Some(event.created_at);
                        work.push(of_total(WorkKind::CalculateEvent, &event).since(since));
                    }
                    EventState::Calculated(calculation) => {
                        let again = self.has_newer_entries(&event, calculation.at)?;
                        let kind = if again {
                            WorkKind::CalculateAgain
                        } else {
                            WorkKind::ApproveEvent
                        };
                        work.push(of_total(kind, &event).since(Some(calculation.at)));
                    }
                    EventState::Active(..) => {
                        let held = self.active_work(&event, work)?;
                        add_held(&mut not_payable, event.currency, held)?;
                    }
                    EventState::Completed(..) | EventState::Cancelled { .. } => {}
                }
            }
        }
        for (currency, held) in not_payable {
            let kinds = [
                (WorkKind::LookAtBlocked, held.held),
                (WorkKind::AddAccounts, held.unpayable),
            ];
            for (kind, tally) in kinds.into_iter().filter(|(_, tally)| tally.count > 0) {
                work.push(OpenWork {
                    extent: held.extent,
                    ..OpenWork::new(kind).counted(tally, currency)
                });
            }
        }
        Ok(())
    }

    /// Lists what waits in an approved event; returns what of it nobody can pay.
    fn active_work(
        &mut self,
        event: &Event,
        work: &mut Vec<OpenWork>,
    ) -> Result<NotPayable, Error> {
        const PENDING: &str = "SELECT created_at FROM withdrawal_requests WHERE number =
            (SELECT min(number) FROM withdrawal_requests WHERE distribution_event_id = ?1 AND status = 'pending')";
        const UNFILED: &str = "SELECT w.approved_at FROM (SELECT number, approved_at FROM withdrawal_requests
              WHERE distribution_event_id = ?1 AND status = 'approved' ORDER BY number LIMIT ?2) w
            WHERE NOT EXISTS (SELECT 1 FROM payment_file_items i WHERE i.withdrawal_number = w.number AND i.live = 1)
            ORDER BY w.number LIMIT 1";
        let counts = self.event_counts(event.event.id)?;
        let not_payable = self.not_payable(event, &counts)?;
        let EventCounts {
            pending,
            approved,
            filed,
            ..
        } = counts;
        let in_event = |kind| OpenWork::in_event(kind, event);
        let available = Tally {
            count: counts.available,
            amount: event.balance.available().widen(),
        };
        let payable = available
            .without(not_payable.held)
            .without(not_payable.unpayable);
        let since = if event.is_imported() {
            event.owed_since().and_then(Instant::start_of)
        } else {
            event.state.approval().map(|approval| approval.at)
        };
        if payable.count > 0 {
            let one = in_event(WorkKind::RequestMoney).counted(payable, event.currency);
            work.push(one.since(since));
        }
        work.extend(self.returned_work(event)?);
        if pending.count > 0 {
            let since = self.db.optional_value(PENDING, [event.event.id])?;
            let one = in_event(WorkKind::ApproveWithdrawals).counted(pending, event.currency);
            work.push(one.since(since));
        }
        let unfiled = approved.without(filed);
        if unfiled.count > 0 {
            let values: &[&dyn ToSql] = &[&event.event.id, &LOOKED_AT];
            let since = self.db.optional_value(UNFILED, values)?;
            let one = in_event(WorkKind::PayWithdrawals).counted(unfiled, event.currency);
            work.push(one.since(since));
        }
        Ok(not_payable)
    }

    fn not_payable(&mut self, event: &Event, counts: &EventCounts) -> Result<NotPayable, Error> {
        let mut found = NotPayable::default();
        if counts.available == 0 {
            return Ok(found);
        }
        let NotPayable {
            held, unpayable, ..
        } = &mut found;
        let extent = self.each_held(event, MOST, |available_as, amount| {
            let tally = match available_as {
                AvailableAs::Held => &mut *held,
                AvailableAs::Unpayable => &mut *unpayable,
                AvailableAs::Payable => return Ok(()),
            };
            let amount = amount.widen();
            *tally = tally.and(Tally { count: 1, amount }).ok_or_else(too_much)?;
            Ok(())
        })?;
        found.extent = extent;
        Ok(found)
    }

    /// Finds what the bank returned and nobody requested again.
    fn returned_work(&mut self, event: &Event) -> Result<Option<OpenWork>, Error> {
        const RETURNED: &str = "SELECT a.available_amount, min(w.returned_at)
            FROM (SELECT distribution_allocation_id, returned_at FROM withdrawal_requests
              WHERE distribution_event_id = ?1 AND status = 'returned' ORDER BY number DESC LIMIT ?2) w
            CROSS JOIN distribution_allocations a ON a.id = w.distribution_allocation_id
            WHERE a.available_amount <> '0.0000000' GROUP BY a.number";
        let mut counted = Counted::default();
        let values: &[&dyn ToSql] = &[&event.event.id, &MOST];
        self.db.each(RETURNED, values, |row| {
            let amount: Amount = row.next()?;
            counted.add(amount.widen(), row.next()?)
        })?;
        counted.extent = ended_early(counted.tally.count, MOST);
        let work = OpenWork::in_event(WorkKind::RequestAgain, event);
        Ok(counted.work(work, event.currency))
    }

    /// Returns whether the register has entries that came after a calculation and count for it.
    /// Entries are in the order of their times, so the first one is found by halving.
    fn has_newer_entries(&mut self, event: &Event, at: Instant) -> Result<bool, Error> {
        const LAST: &str = "SELECT coalesce(max(number), 0) FROM token_entries";
        const RECORDED: &str = "SELECT created_at <= ?2 FROM token_entries WHERE number = ?1";
        const NEWER: &str = "SELECT 1 FROM token_entries WHERE number > ?1 AND project_id = ?2
            AND effective_date <= ?3 LIMIT 1";
        let last: i64 = self.db.value(LAST, ())?;
        let mut after = last.checked_add(1).ok_or_else(too_much)?;
        let mut before = 0;
        while before + 1 < after {
            let middle = i64::midpoint(before, after);
            match self.db.optional_value(RECORDED, (middle, at))? {
                Some(false) => after = middle,
                Some(true) | None => before = middle,
            }
        }
        self.db
            .exists(NEWER, (before, event.project.id, event.record_date))
    }

    fn file_work(&mut self, work: &mut Vec<OpenWork>) -> Result<(), Error> {
        const FILES: &str = "SELECT f.number, b.code, f.currency, f.exported_at, f.created_at, f.payments, f.total,
              coalesce(c.waiting, 0), coalesce(c.waiting_amount, '0.0000000')
            FROM payment_files f JOIN bank_accounts b ON b.id = f.bank_account_id
            LEFT JOIN file_counts c ON c.file_number = f.number
            WHERE f.cancelled_at IS NULL AND (f.exported_at IS NULL OR c.waiting > 0) ORDER BY f.number";
        let files = self.db.query(FILES, (), |row| {
            let (file, account): (FileNumber, String) = (row.next()?, row.next()?);
            let currency = row.next()?;
            let (exported_at, created_at): (Option<Instant>, Instant) = (row.next()?, row.next()?);
            let (all, waiting) = (tally(row)?, tally(row)?);
            Ok(match exported_at {
                None => {
                    let mut one = OpenWork::new(WorkKind::ExportFile).counted(all, currency);
                    one.about = Some(file.to_string());
                    one.since(Some(created_at))
                }
                Some(exported_at) => {
                    let mut one =
                        OpenWork::new(WorkKind::RecordPayments).counted(waiting, currency);
                    one.other_command = Some(WorkKind::RecordPayments.command(Some(&account)));
                    one.about = Some(file.to_string());
                    one.since(Some(exported_at))
                }
            })
        })?;
        work.extend(files);
        Ok(())
    }

    /// Finds forward balances that reach the minimum of their projects.
    fn forward_work(&mut self, work: &mut Vec<OpenWork>) -> Result<(), Error> {
        const LAST: &str = "SELECT m.project_id, m.forward_balance, m.created_at
            FROM (SELECT number, project_id, forward_balance, created_at FROM allocation_movements
              ORDER BY number DESC LIMIT ?1) m
            WHERE m.forward_balance <> '0.0000000'
              AND NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.follows = m.number)";
        const MOVEMENTS: &str = "SELECT coalesce(max(number), 0) FROM allocation_movements";
        if !self.has_movements()? {
            return Ok(());
        }
        let extent = ended_early(self.db.value(MOVEMENTS, ())?, MOST);
        let mut found: Vec<_> = self
            .projects(AsOf::Now)?
            .into_iter()
            .map(|project| (project, Counted::default()))
            .collect();
        self.db.each(LAST, [MOST], |row| {
            let id = row.next()?;
            let (balance, since): (Amount, Instant) = (row.next()?, row.next()?);
            let of = found
                .iter_mut()
                .find(|(project, _)| project.project.id == id);
            match of {
                Some((project, counted))
                    if balance >= project.minimum_payout.max(project.currency.minor_unit()) =>
                {
                    counted.add(balance.widen(), Some(since))
                }
                Some(_) | None => Ok(()),
            }
        })?;
        for (project, counted) in found {
            let one = OpenWork {
                about: Some(project.project.code.to_string()),
                project: Some(project.project.code.clone()),
                ..OpenWork::new(WorkKind::ReleaseForward)
            };
            let of_project = Counted { extent, ..counted };
            work.extend(of_project.work(one, project.currency));
        }
        Ok(())
    }

    fn proposal_work(&mut self, work: &mut Vec<OpenWork>) -> Result<(), Error> {
        const PROPOSALS: &str =
            "SELECT count(*), min(proposed_at) FROM proposals WHERE status = 'proposed'";
        let (count, since): (i64, Option<Instant>) = self
            .db
            .query_one(PROPOSALS, (), |row| Ok((row.next()?, row.next()?)))?;
        if count > 0 {
            work.push(OpenWork {
                count,
                ..OpenWork::new(WorkKind::DecideProposals).since(since)
            });
        }
        Ok(())
    }

    /// Lists a check and a backup if the ledger changed after the last one, and that is long ago.
    fn upkeep(&mut self, last: [Option<Instant>; 2], today: Date) -> Result<Vec<OpenWork>, Error> {
        let kinds = [
            (WorkKind::Check, CHECK_DAYS),
            (WorkKind::BackUp, BACKUP_DAYS),
        ];
        let created_at = self.created_at()?;
        let changed_at = self.last_recorded_at()?;
        let waits = kinds
            .into_iter()
            .zip(last)
            .filter_map(|((kind, days), last)| {
                let old = last.is_none_or(|last| {
                    let ago = today.signed_duration_since(last.date()).num_days();
                    ago > days && changed_at.is_some_and(|changed| changed > last)
                });
                old.then(|| OpenWork::new(kind).since(last.or(Some(created_at))))
            });
        Ok(waits.collect())
    }
}

fn of_total(kind: WorkKind, event: &Event) -> OpenWork {
    let work = OpenWork::in_event(kind, event);
    match event.total.amount() {
        Some(total) => OpenWork {
            amount: Some((total.widen(), event.currency)),
            ..work
        },
        None => work,
    }
}

/// Adds what nobody can pay to what there is in the currency.
fn add_held(
    all: &mut Vec<(Currency, NotPayable)>,
    currency: Currency,
    more: NotPayable,
) -> Result<(), Error> {
    match all.iter_mut().find(|(known, _)| *known == currency) {
        None => all.push((currency, more)),
        Some((_, sums)) => {
            sums.held = sums.held.and(more.held).ok_or_else(too_much)?;
            sums.unpayable = sums.unpayable.and(more.unpayable).ok_or_else(too_much)?;
            if more.extent == Extent::AtLeast {
                sums.extent = Extent::AtLeast;
            }
        }
    }
    Ok(())
}

fn ended_early(count: i64, most: i64) -> Extent {
    if count < most {
        Extent::All
    } else {
        Extent::AtLeast
    }
}

fn tally(row: &mut Row<'_>) -> Result<Tally, Error> {
    Ok(Tally {
        count: row.next()?,
        amount: row.next()?,
    })
}
