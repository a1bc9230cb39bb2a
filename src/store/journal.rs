//! The ledger as double entry, read in the order in which it was recorded.
//!
//! Nothing is gathered here but what a reader of a ledger with millions of rows can hold: requests
//! and payments are numbered in the order in which they were recorded, so each table is read along
//! its row numbers, and the allocations of an event come in when its approval does. Only what came
//! to nothing or came back is sorted.

use std::{collections::HashMap, sync::Arc};

use super::{
    AsOf, Error, EventFilter, Tx,
    db::{Codes, Row, Rows, ToSql},
};
use crate::domain::{
    code::{Code, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    event::EventState,
    id::{BankAccountId, EventId, HolderId, HolderRef},
    journal::{Allotted, JournalEntry, Release, Step},
    quantity::Amount,
    time::{Date, Instant},
};

/// The allocations of an event, in order of holder code.
const SHARES: &str = "SELECT h.id, h.code, a.allocated_amount, a.tax_amount,
      CASE WHEN a.tax_amount <> '0.0000000' THEN (SELECT t.authority FROM event_tax_terms t
        WHERE t.distribution_event_id = a.distribution_event_id AND t.created_at = a.created_at
          AND t.class = a.tax_class AND t.position = 1) END
    FROM distribution_allocations a
    CROSS JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
    WHERE a.distribution_event_id = ?1 AND a.allocated_amount <> '0.0000000' ORDER BY h.code COLLATE BINARY";

/// The allocation of a holder in an event.
const SHARE: &str = "SELECT h.id, h.code, a.allocated_amount, a.tax_amount,
      CASE WHEN a.tax_amount <> '0.0000000' THEN (SELECT t.authority FROM event_tax_terms t
        WHERE t.distribution_event_id = a.distribution_event_id AND t.created_at = a.created_at
          AND t.class = a.tax_class AND t.position = 1) END
    FROM distribution_allocations a
    CROSS JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
    WHERE a.distribution_event_id = ?1 AND a.lp_token_holder_id = ?2 AND a.allocated_amount <> '0.0000000'";

/// What entries say of their event.
struct Heading {
    project: Code,
    event: Code,
    title: Arc<str>,
    currency: Currency,
    /// The event's own day, if it was imported.
    own_date: Option<Date>,
}

/// The names that entries carry.
struct Names {
    events: HashMap<EventId, Heading>,
    accounts: HashMap<BankAccountId, Code>,
    codes: Codes,
}

/// The kinds of steps. Within one instant, which is one transaction, they come in this order: what
/// a cancelled event held is released before the event is voided, and a payment is recorded before
/// it comes back. Forward balances move after an event is allocated and before one is voided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Allocated,
    Requested,
    Released,
    Paid,
    Returned,
    TakenBack,
    Moved,
    Voided,
}

/// The place of an entry in the order: its instant, its kind, and the number of its withdrawal or
/// payment.
type Place = (Instant, Kind, i64);

/// When an event was approved, or an approved one cancelled.
type Turn = (Instant, Kind, EventId);

/// Entries that a statement yields in their order, one of them at hand.
struct Stream<'s> {
    rows: Rows<'s>,
    kind: Kind,
    next: Option<(Place, JournalEntry)>,
}

impl<'s> Stream<'s> {
    fn begin(rows: Rows<'s>, kind: Kind, names: &Names) -> Result<Self, Error> {
        let mut stream = Self {
            rows,
            kind,
            next: None,
        };
        stream.advance(names)?;
        Ok(stream)
    }

    /// Takes the entry at hand and reads the one after it.
    fn advance(&mut self, names: &Names) -> Result<Option<JournalEntry>, Error> {
        let next = self.rows.next(|row| read(row, self.kind, names))?;
        Ok(std::mem::replace(&mut self.next, next).map(|(_, entry)| entry))
    }

    fn place(&self) -> Option<Place> {
        self.next.as_ref().map(|(place, _)| *place)
    }
}

impl Names {
    fn entry(
        &self,
        (at, event, holder): (Instant, EventId, HolderRef),
        withdrawal: Option<WithdrawalNumber>,
        step: Step,
    ) -> Result<JournalEntry, Error> {
        let known = self.events.get(&event).ok_or_else(|| Error::BadRow {
            table: "distribution_events",
            row: event.to_string(),
            detail: "it is missing".to_owned(),
        })?;
        Ok(JournalEntry {
            at,
            project: known.project.clone(),
            event: known.event.clone(),
            title: Arc::clone(&known.title),
            own_date: known.own_date,
            holder,
            currency: known.currency,
            withdrawal,
            step,
        })
    }

    fn account(&self, id: Option<BankAccountId>) -> Option<Code> {
        id.and_then(|id| self.accounts.get(&id)).cloned()
    }
}

fn read(row: &mut Row<'_>, kind: Kind, names: &Names) -> Result<(Place, JournalEntry), Error> {
    let (at, number) = (row.next()?, row.next()?);
    let (event, withdrawal) = (row.next()?, row.next()?);
    let holder = row.read(&names.codes)?;
    let step = match kind {
        Kind::Moved => Step::Forward {
            kind: row.next()?,
            amount: row.next()?,
            reason: row.next()?,
        },
        Kind::Requested | Kind::Allocated | Kind::Voided => Step::Requested(row.next()?),
        Kind::Released => {
            let (amount, reason): (Amount, Option<String>) = (row.next()?, row.next()?);
            Step::Released(amount, reason.map_or(Release::Cancelled, Release::Rejected))
        }
        Kind::Paid => paid(row, PaymentNumber::new(number), names)?,
        Kind::Returned => Step::Returned {
            paid: row.next()?,
            payment: PaymentNumber::new(number),
            reference: row.next()?,
            value_date: row.next()?,
            reason: row.next()?,
            account: names.account(row.next()?),
        },
        Kind::TakenBack => Step::ReturnTakenBack {
            paid: row.next()?,
            payment: PaymentNumber::new(number),
            reference: row.next()?,
            value_date: row.next()?,
            reason: row.next()?,
            account: names.account(row.next()?),
        },
    };
    Ok((
        (at, kind, number),
        names.entry((at, event, holder), withdrawal, step)?,
    ))
}

/// Reads what a payment did: one that was imported was made before this ledger.
fn paid(row: &mut Row<'_>, payment: PaymentNumber, names: &Names) -> Result<Step, Error> {
    let (requested, paid) = (row.next()?, row.next()?);
    let (reference, value_date) = (row.next()?, row.next()?);
    let account = names.account(row.next()?);
    let is_imported: bool = row.next()?;
    Ok(if is_imported {
        Step::PaidBefore {
            paid,
            payment,
            reference,
            value_date,
        }
    } else {
        Step::Paid {
            requested,
            paid,
            payment,
            reference,
            value_date,
            account,
        }
    })
}

/// The bank account of a withdrawal's decided link of a kind, as it was.
fn linked(kind: &str) -> String {
    format!(
        "(SELECT m.bank_account_id FROM bank_match_withdrawals mw JOIN bank_matches m ON m.number = mw.match_number
          WHERE mw.withdrawal_number = w.number AND mw.kind = '{kind}' AND m.matched_at IS NOT NULL
            AND (:at IS NULL OR m.matched_at <= :at)
            AND (m.ended_at IS NULL OR m.ended_at > :at))"
    )
}

/// The bank account that paid a withdrawal: its decided link says so, or else the payment file that
/// it was in.
fn paid_from() -> String {
    format!(
        "{}, (SELECT f.bank_account_id FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
          WHERE i.withdrawal_number = w.number AND (:at IS NULL OR f.created_at <= :at)
            AND (i.ended_at IS NULL OR i.ended_at > :at))",
        linked("payment")
    )
}

/// A column of a payment, as it was before later corrections.
fn earlier(column: &str) -> String {
    format!(
        "coalesce((SELECT e.{column} FROM distribution_payments_history e WHERE :at IS NOT NULL AND e.number = y.number
          AND e.superseded_at > :at ORDER BY e.superseded_at LIMIT 1), y.{column})"
    )
}

/// The statements of the streams. Each reads its own table in the order of its rows or through the
/// index of its holder.
fn statements(holder: Option<HolderId>) -> [(Kind, String); 6] {
    let of = |table: &str| match holder {
        Some(id) => format!("{table}.lp_token_holder_id = '{id}' AND "),
        None => String::new(),
    };
    let (withdrawals, payments, moved) = (of("w"), of("y"), of("m"));
    let paid_from = paid_from();
    let holders = "CROSS JOIN lp_token_holders h ON h.id = w.lp_token_holder_id";
    let common = "w.distribution_event_id, w.number, h.id, h.code";
    let returned_to = linked("return");
    let (reference, payment_date) = (earlier("reference"), earlier("payment_date"));
    [
        (
            Kind::Requested,
            format!(
                "SELECT w.created_at, w.number, {common}, w.requested_amount FROM withdrawal_requests w {holders}
                 WHERE {withdrawals}w.means <> 'imported' AND (:at IS NULL OR w.created_at <= :at) ORDER BY w.number"
            ),
        ),
        (
            Kind::Released,
            format!(
                "SELECT coalesce(w.rejected_at, w.cancelled_at) AS released_at, w.number, {common}, w.requested_amount,
                    w.rejection_reason FROM withdrawal_requests w {holders}
                 WHERE {withdrawals}w.status IN ('rejected', 'cancelled')
                   AND (:at IS NULL OR coalesce(w.rejected_at, w.cancelled_at) <= :at) ORDER BY released_at, w.number"
            ),
        ),
        (
            Kind::Paid,
            format!(
                "SELECT y.paid_at, y.number, {common}, w.requested_amount, y.amount, {reference}, {payment_date},
                    coalesce({paid_from}), y.imported
                 FROM distribution_payments y CROSS JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id {holders}
                 WHERE {payments}(:at IS NULL OR y.paid_at <= :at) ORDER BY y.number"
            ),
        ),
        (
            Kind::Returned,
            format!(
                "SELECT y.returned_at AS at, y.number, {common}, y.amount, {reference}, y.return_date, y.return_reason,
                    coalesce({returned_to}, {paid_from})
                 FROM distribution_payments y CROSS JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id {holders}
                 WHERE {payments}y.returned_at IS NOT NULL AND (:at IS NULL OR y.returned_at <= :at)
                 UNION ALL
                 SELECT y.returned_at, y.number, {common}, y.amount, {reference}, y.return_date, y.return_reason,
                    coalesce({returned_to}, {paid_from})
                 FROM distribution_payments_history y CROSS JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id {holders}
                 WHERE {payments}y.change = 'return_taken_back' AND (:at IS NULL OR y.returned_at <= :at)
                 ORDER BY 1, 2"
            ),
        ),
        (
            Kind::TakenBack,
            format!(
                "SELECT y.superseded_at, y.number, {common}, y.amount, {reference}, y.return_date, y.change_reason,
                    coalesce({returned_to}, {paid_from})
                 FROM distribution_payments_history y CROSS JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id {holders}
                 WHERE {payments}y.change = 'return_taken_back' AND (:at IS NULL OR y.superseded_at <= :at)
                 ORDER BY y.superseded_at, y.number"
            ),
        ),
        (Kind::Moved, movements(&moved)),
    ]
}

/// Returns the SQL of what was brought and carried forward.
fn movements(of: &str) -> String {
    format!(
        "SELECT m.created_at, m.number, a.distribution_event_id, NULL, h.id, h.code, m.kind, m.amount, m.reason
         FROM allocation_movements m CROSS JOIN distribution_allocations a ON a.number = m.allocation_number
         CROSS JOIN lp_token_holders h ON h.id = m.lp_token_holder_id
         WHERE {of}(:at IS NULL OR m.created_at <= :at) ORDER BY m.number"
    )
}

impl Tx<'_> {
    /// Hands what was recorded about the money of all holders, or of one, to `each`: by instant,
    /// and within one by kind (allocated, requested, released, paid, returned, return taken back, moved,
    /// voided), allocations by holder code, requests and releases by withdrawal, payments and returns by payment.
    /// What was recorded after `as_of` is left out: an event that was cancelled after it is not
    /// voided yet, and a link or a payment file made after it names no bank account yet. Allocations
    /// of nothing are left out as well.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_journal_entry<E: From<Error>>(
        &mut self,
        holder: Option<HolderId>,
        as_of: AsOf,
        mut each: impl FnMut(JournalEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        let (names, steps) = self.names(as_of)?;
        let mut steps = steps.into_iter().peekable();
        let mut prepared = Vec::new();
        for (kind, sql) in statements(holder) {
            prepared.push((kind, self.db.statement(&sql)?));
        }
        let mut streams = Vec::new();
        for (kind, statement) in &mut prepared {
            let rows = statement.rows([as_of.instant()])?;
            streams.push(Stream::begin(rows, *kind, &names)?);
        }
        loop {
            let first = streams
                .iter_mut()
                .filter(|stream| stream.next.is_some())
                .min_by_key(|stream| stream.place());
            let place = first.as_ref().and_then(|stream| stream.place());
            let step = steps.next_if(|(at, kind, _)| {
                place.is_none_or(|(first, other, _)| (*at, *kind) < (first, other))
            });
            match (step, first) {
                (Some(step), _) => self.each_share(&names, step, holder, &mut each)?,
                (None, Some(stream)) => {
                    if let Some(entry) = stream.advance(&names)? {
                        each(entry)?;
                    }
                }
                (None, None) => return Ok(()),
            }
        }
    }

    /// Reads the names of events and accounts, and in order when events were approved and when
    /// approved ones were cancelled.
    fn names(&mut self, as_of: AsOf) -> Result<(Names, Vec<Turn>), Error> {
        let known = |at: Instant| as_of.instant().is_none_or(|day| at <= day);
        let (mut events, mut steps) = (HashMap::new(), Vec::new());
        for event in self.events(&EventFilter::default(), AsOf::Now)? {
            let approved = event
                .state
                .approval()
                .map(|approval| approval.at)
                .filter(|at| known(*at));
            steps.extend(approved.map(|at| (at, Kind::Allocated, event.event.id)));
            if let (Some(_), EventState::Cancelled { at, .. }) = (approved, &event.state)
                && known(*at)
            {
                steps.push((*at, Kind::Voided, event.event.id));
            }
            let own_date = event.is_imported().then_some(event.distribution_date);
            let title = event.title.into();
            let heading = Heading {
                own_date,
                project: event.project.code,
                event: event.event.code,
                title,
                currency: event.currency,
            };
            events.insert(event.event.id, heading);
        }
        steps.sort_unstable();
        let accounts = self
            .bank_accounts(AsOf::Now)?
            .into_iter()
            .map(|known| (known.account.id, known.account.code));
        Ok((
            Names {
                events,
                accounts: accounts.collect(),
                codes: Codes::default(),
            },
            steps,
        ))
    }

    /// Hands the allocations of an event on, or the one of a holder, as they came or went.
    fn each_share<E: From<Error>>(
        &self,
        names: &Names,
        (at, kind, event): Turn,
        holder: Option<HolderId>,
        each: &mut impl FnMut(JournalEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = if holder.is_some() { SHARE } else { SHARES };
        let (all, one): (&[&dyn ToSql], &[&dyn ToSql]) = (&[&event], &[&event, &holder]);
        let values = if holder.is_some() { one } else { all };
        self.db.each(sql, values, |row| {
            let holder = row.read(&names.codes)?;
            let allotted = Allotted {
                gross: row.next()?,
                tax: row.next()?,
                authority: row.next()?,
                imported: names
                    .events
                    .get(&event)
                    .is_some_and(|known| known.own_date.is_some()),
            };
            let step = if kind == Kind::Voided {
                Step::Voided(allotted)
            } else {
                Step::Allocated(allotted)
            };
            each(names.entry((at, event, holder), None, step)?)
        })
    }
}

pub(super) fn too_much() -> Error {
    Error::bug("the amounts of a journal add up to too much")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::{db::Db, file::open};

    /// Returns how SQLite would run a statement.
    fn plan(db: Db<'_>, sql: &str) -> String {
        let sql = sql.replace(":at", "'2026-06-30'");
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let lines = db.query(&explain, (), |row| row.get::<String>(3)).unwrap();
        lines.join("\n")
    }

    #[test]
    fn one_holder_is_found_through_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, _temporary) =
            open::create(&folder.path().join("l.db"), Duration::from_secs(1)).unwrap();
        let holder = HolderId(uuid::Uuid::from_u128(1));
        for (kind, sql) in statements(Some(holder)) {
            let plan = plan(conn.db(), &sql);
            assert!(!plan.contains("SCAN"), "{kind:?}: {plan}");
            let index = match kind {
                Kind::Requested | Kind::Released => "withdrawal_requests_by_holder",
                Kind::Paid | Kind::Returned => "distribution_payments_by_holder",
                Kind::TakenBack => "distribution_payments_history_by_holder",
                Kind::Moved => "allocation_movements_by_holder",
                Kind::Allocated | Kind::Voided => {
                    unreachable!("allocations come in by their events")
                }
            };
            assert!(plan.contains(index), "{kind:?}: {plan}");
        }
        let share = plan(conn.db(), &SHARE.replace("?1", "'e'").replace("?2", "'h'"));
        assert!(
            share.contains("(distribution_event_id=? AND lp_token_holder_id=?)")
                && !share.contains("SCAN"),
            "{share}"
        );
    }

    #[test]
    fn of_all_holders_nothing_is_sorted_but_the_shares_of_an_event_and_what_was_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, _temporary) =
            open::create(&folder.path().join("l.db"), Duration::from_secs(1)).unwrap();
        for (kind, sql) in statements(None) {
            let plan = plan(conn.db(), &sql);
            assert_eq!(
                plan.contains("TEMP B-TREE"),
                matches!(kind, Kind::Released | Kind::Returned | Kind::TakenBack),
                "{kind:?}: {plan}"
            );
        }
    }
}
