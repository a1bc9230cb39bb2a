//! The ledger as double entry, read in the order in which it was recorded.
//!
//! Nothing is gathered here but what a reader of a ledger with millions of rows can hold: requests
//! and payments are numbered in the order in which they were recorded, so each table is read along
//! its row numbers, and the allocations of an event come in when its approval does. Only what came
//! to nothing or came back is sorted.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use rusqlite::{Row, Rows, named_params};

use super::{
    AsOf, Error, EventFilter, LineFilter, Tx,
    sql::{Day, Fields},
};
use crate::domain::{
    bank::FundAccount,
    code::{Code, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    event::EventState,
    id::{BankAccountId, EventId, HolderId, HolderRef},
    journal::{BankEntry, Contra, JournalEntry, Release, Source, Step},
    quantity::Amount,
    signed::Signed,
    time::{Date, Instant},
};

/// The allocations of an event, in order of holder code.
const SHARES: &str = "SELECT h.id, h.code, a.allocated_amount FROM distribution_allocations a
    CROSS JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
    WHERE a.distribution_event_id = ?1 AND a.allocated_amount <> '0.0000000' ORDER BY h.code COLLATE BINARY";

/// The allocation of a holder in an event.
const SHARE: &str = "SELECT h.id, h.code, a.allocated_amount FROM distribution_allocations a
    CROSS JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
    WHERE a.distribution_event_id = ?1 AND a.lp_token_holder_id = ?2 AND a.allocated_amount <> '0.0000000'";

/// What entries say of their event.
struct Heading {
    project: Code,
    event: Code,
    title: Arc<str>,
    currency: Currency,
}

/// The names that entries carry.
struct Names {
    events: HashMap<EventId, Heading>,
    accounts: HashMap<BankAccountId, Code>,
}

/// The kinds of steps. Within one instant, which is one transaction, they come in this order: what
/// a cancelled event held is released before the event is voided, and a payment is recorded before
/// it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Allocated,
    Requested,
    Released,
    Paid,
    Returned,
    Voided,
}

/// Where an entry stands in the order: its instant, its kind, and the number of its withdrawal or
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
        let next = self
            .rows
            .next()?
            .map(|row| read(row, self.kind, names))
            .transpose()?;
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

fn read(row: &Row<'_>, kind: Kind, names: &Names) -> Result<(Place, JournalEntry), Error> {
    let mut fields = Fields::of(row);
    let (at, number) = (fields.next()?, fields.next()?);
    let (event, withdrawal) = (fields.next()?, WithdrawalNumber::new(fields.next()?));
    let holder = HolderRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let step = match kind {
        Kind::Requested | Kind::Allocated | Kind::Voided => Step::Requested(fields.next()?),
        Kind::Released => {
            let (amount, reason): (Amount, Option<String>) = (fields.next()?, fields.next()?);
            Step::Released(amount, reason.map_or(Release::Cancelled, Release::Rejected))
        }
        Kind::Paid => Step::Paid {
            requested: fields.next()?,
            paid: fields.next()?,
            payment: PaymentNumber::new(number),
            reference: fields.next()?,
            value_date: fields.next::<Day>()?.0,
            account: names.account(fields.next()?),
        },
        Kind::Returned => Step::Returned {
            paid: fields.next()?,
            payment: PaymentNumber::new(number),
            reference: fields.next()?,
            value_date: fields.next::<Day>()?.0,
            reason: fields.next()?,
            account: names.account(fields.next()?),
        },
    };
    Ok((
        (at, kind, number),
        names.entry((at, event, holder), Some(withdrawal), step)?,
    ))
}

/// The bank account of a withdrawal's decided link of a kind, as it stood.
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
            AND (f.cancelled_at IS NULL OR f.cancelled_at > :at))",
        linked("payment")
    )
}

/// The statements of the streams. Each reads its own table in the order of its rows or through the
/// index of its holder.
fn statements(holder: Option<HolderId>) -> [(Kind, String); 4] {
    let of = |table: &str| match holder {
        Some(id) => format!("{table}.lp_token_holder_id = '{id}' AND "),
        None => String::new(),
    };
    let (withdrawals, payments, paid_from) = (of("w"), of("y"), paid_from());
    let holders = "CROSS JOIN lp_token_holders h ON h.id = w.lp_token_holder_id";
    let common = "w.distribution_event_id, w.number, h.id, h.code";
    let returned_to = linked("return");
    [
        (
            Kind::Requested,
            format!(
                "SELECT w.created_at, w.number, {common}, w.requested_amount FROM withdrawal_requests w {holders}
                 WHERE {withdrawals}(:at IS NULL OR w.created_at <= :at) ORDER BY w.number"
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
                "SELECT y.paid_at, y.number, {common}, w.requested_amount, y.amount, y.reference, y.payment_date,
                    coalesce({paid_from})
                 FROM distribution_payments y CROSS JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id {holders}
                 WHERE {payments}(:at IS NULL OR y.paid_at <= :at) ORDER BY y.number"
            ),
        ),
        (
            Kind::Returned,
            format!(
                "SELECT y.returned_at, y.number, {common}, y.amount, y.reference, y.return_date, y.return_reason,
                    coalesce({returned_to}, {paid_from})
                 FROM distribution_payments y CROSS JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id {holders}
                 WHERE {payments}y.returned_at IS NOT NULL AND (:at IS NULL OR y.returned_at <= :at)
                 ORDER BY y.returned_at, y.number"
            ),
        ),
    ]
}

impl Tx<'_> {
    /// Hands what was recorded about the money of all holders, or of one, to `each`: by instant,
    /// and within one by kind (allocated, requested, released, paid, returned, voided), allocations
    /// by holder code, requests and releases by withdrawal, payments and returns by payment.
    /// Nothing is handed on that was recorded after `as_of`; an event that was cancelled after it
    /// is not voided yet, and a link or a payment file made after it tells no bank account yet.
    /// What is allocated as nothing is left out.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_journal_entry<E: From<Error>>(
        &mut self,
        holder: Option<HolderId>,
        as_of: AsOf,
        mut each: impl FnMut(JournalEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        let (names, steps) = self.names(as_of)?;
        let mut steps = steps.into_iter().peekable();
        let conn = self.conn;
        let mut prepared = Vec::new();
        for (kind, sql) in statements(holder) {
            prepared.push((kind, conn.prepare(&sql).map_err(Error::from)?));
        }
        let mut streams = Vec::new();
        for (kind, statement) in &mut prepared {
            let rows = statement.query(named_params! { ":at": as_of.instant() });
            streams.push(Stream::begin(rows.map_err(Error::from)?, *kind, &names)?);
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
            let title = event.title.into();
            let heading = Heading {
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
        let mut statement = self.conn.prepare_cached(sql).map_err(Error::from)?;
        let rows = match holder {
            Some(holder) => statement.query((event, holder)),
            None => statement.query([event]),
        };
        let mut rows = rows.map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let (holder, amount) = share(row).map_err(Error::from)?;
            let step = if kind == Kind::Voided {
                Step::Voided(amount)
            } else {
                Step::Allocated(amount)
            };
            each(names.entry((at, event, holder), None, step)?)?;
        }
        Ok(())
    }

    /// Hands what the bank accounts showed besides payments and returns to `each`: account by
    /// account in order of their codes, the first opening balance and then the lines by booking
    /// date. All of it as known at `as_of`: a link that was decided after it holds no line yet.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_bank_entry<E: From<Error>>(
        &mut self,
        as_of: AsOf,
        mut each: impl FnMut(BankEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        for account in self.bank_accounts(as_of)? {
            let statements = self.statements(account.account.id, as_of)?;
            let imported: BTreeMap<_, _> = statements
                .iter()
                .map(|known| (known.number, known.imported_at))
                .collect();
            let opens = statements
                .iter()
                .filter_map(|known| Some((known.dates?.0, known.number, known.opening?)))
                .min();
            if let Some((date, statement, opening)) = opens {
                let amount = self.before(&account, date, opening, as_of)?;
                let at = imported
                    .get(&statement)
                    .copied()
                    .ok_or_else(|| Error::bug("a statement is missing"))?;
                if !amount.is_zero() {
                    let source = Source::Opening { statement, date };
                    each(BankEntry {
                        at,
                        account: account.account.code.clone(),
                        currency: account.currency,
                        amount,
                        source,
                    })?;
                }
            }
            let filter = LineFilter {
                account: Some(account.account.id),
                ..LineFilter::default()
            };
            self.each_line(&filter, as_of, |line| {
                let Some(against) = Contra::of(&line) else {
                    return Ok(());
                };
                let at = imported.get(&line.statement).copied();
                let at = at.ok_or_else(|| {
                    Error::bug(format!("the statement of {} is missing", line.number))
                })?;
                let (account, currency, amount) =
                    (line.account.code, line.currency, line.line.amount);
                let value_date = line.line.value_date.unwrap_or(line.line.booking_date);
                let (description, reference) = (line.line.description, line.line.reference);
                let source = Source::Line {
                    number: line.number,
                    value_date,
                    description,
                    reference,
                    against,
                };
                each(BankEntry {
                    at,
                    account,
                    currency,
                    amount,
                    source,
                })
            })?;
        }
        Ok(())
    }

    /// Tells what stood in an account before all lines that the ledger knows: an opening balance
    /// less the lines before it.
    fn before(
        &mut self,
        account: &FundAccount,
        date: Date,
        opening: Signed,
        as_of: AsOf,
    ) -> Result<Signed, Error> {
        let Some(eve) = date.pred_opt() else {
            return Ok(opening);
        };
        let earlier = self.line_sum(account.account.id, (Date::MIN, eve), as_of)?;
        opening.checked_sub(earlier).ok_or_else(too_much)
    }

    /// Tells when the ledger was created: nothing in it was recorded before.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn created_at(&mut self) -> Result<Instant, Error> {
        const CREATED: &str = "SELECT created_at FROM ledger WHERE number = 1";
        Ok(self.conn.query_row(CREATED, [], |row| row.get(0))?)
    }

    /// Tells the currencies of approved events and of bank accounts in order of their codes, each
    /// with the decimals that its amounts have at most, at least those of its minor unit.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn decimals_in_use(&mut self, as_of: AsOf) -> Result<Vec<(Currency, u32)>, Error> {
        // All that is owed of an event is a multiple of its unit. Zeros at the end are no decimals.
        const DECIMALS: &str = "SELECT e.currency, length(rtrim(substr(e.unit, -7), '0')) FROM distribution_events e
            WHERE e.approved_at IS NOT NULL AND (:at IS NULL OR e.approved_at <= :at)
            UNION SELECT b.currency, 0 FROM bank_accounts b WHERE :at IS NULL OR b.created_at <= :at
            UNION SELECT b.currency, max(length(rtrim(substr(l.amount, -7), '0'))) FROM bank_lines l
            JOIN bank_accounts b ON b.id = l.bank_account_id JOIN bank_statements s ON s.number = l.statement_number
            WHERE :at IS NULL OR s.imported_at <= :at GROUP BY b.currency
            UNION SELECT b.currency, length(rtrim(substr(s.opening_balance, -7), '0')) FROM bank_statements s
            JOIN bank_accounts b ON b.id = s.bank_account_id
            WHERE s.opening_balance IS NOT NULL AND (:at IS NULL OR s.imported_at <= :at)
            ORDER BY 1, 2";
        let mut statement = self.conn.prepare(DECIMALS)?;
        let mut rows = statement.query(named_params! { ":at": as_of.instant() })?;
        let mut found: BTreeMap<&'static str, (Currency, u32)> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (currency, decimals): (Currency, u32) = (row.get(0)?, row.get(1)?);
            let (_, most) = found
                .entry(currency.code())
                .or_insert((currency, currency.decimals()));
            *most = decimals.max(*most);
        }
        Ok(found.into_values().collect())
    }
}

fn share(row: &Row<'_>) -> rusqlite::Result<(HolderRef, Amount)> {
    Ok((
        HolderRef {
            id: row.get(0)?,
            code: row.get(1)?,
        },
        row.get(2)?,
    ))
}

pub(super) fn too_much() -> Error {
    Error::bug("the amounts of a journal add up to too much")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::file::open;

    /// Tells how SQLite would run a statement.
    fn plan(conn: &rusqlite::Connection, sql: &str) -> String {
        let mut statement = conn
            .prepare(&format!(
                "EXPLAIN QUERY PLAN {}",
                sql.replace(":at", "'2026-06-30'")
            ))
            .unwrap();
        let lines = statement
            .query_map([], |row| row.get::<_, String>(3))
            .unwrap();
        lines.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
    }

    #[test]
    fn one_holder_is_found_through_indexes() {
        let folder = tempfile::tempdir().unwrap();
        let (conn, _temporary) =
            open::create(&folder.path().join("l.db"), Duration::from_secs(1)).unwrap();
        let holder = HolderId(uuid::Uuid::from_u128(1));
        for (kind, sql) in statements(Some(holder)) {
            let plan = plan(&conn, &sql);
            assert!(!plan.contains("SCAN"), "{kind:?}: {plan}");
            let index = match kind {
                Kind::Requested | Kind::Released => "withdrawal_requests_by_holder",
                Kind::Paid | Kind::Returned => "distribution_payments_by_holder",
                Kind::Allocated | Kind::Voided => {
                    unreachable!("allocations come in by their events")
                }
            };
            assert!(plan.contains(index), "{kind:?}: {plan}");
        }
        let share = plan(&conn, &SHARE.replace("?1", "'e'").replace("?2", "'h'"));
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
            let plan = plan(&conn, &sql);
            assert_eq!(
                plan.contains("TEMP B-TREE"),
                matches!(kind, Kind::Released | Kind::Returned),
                "{kind:?}: {plan}"
            );
        }
    }
}
