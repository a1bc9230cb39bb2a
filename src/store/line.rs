//! Bank lines in the ledger, and the class of each.

use rusqlite::{Row, Statement};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Day, Fields},
};
use crate::domain::{
    bank::{BankLine, FundAccount, LineClassification, class_before_run},
    code::{LineNumber, PaymentNumber, StatementNumber, WithdrawalNumber},
    id::{AccountRef, BankAccountId, LineId},
    identity::{Identity, LedgerLine},
    matching::{Class, LineKind, LinkKind, Tier},
    signed::Signed,
    statement::StatementLine,
    time::{Date, Instant},
};

const COLUMNS: &str =
    "l.number, l.id, l.bank_account_id, b.code, b.currency, l.statement_number, l.line_number, l.booking_date,
    l.value_date, l.amount, l.balance, l.reference, l.bank_id, l.end_to_end, l.description, l.counterparty_name,
    l.counterparty_account, l.reversal, l.kind";

/// Which bank lines are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFilter {
    /// Of this account.
    pub account: Option<BankAccountId>,
    /// Booked on this day or later.
    pub from: Option<Date>,
    /// Booked on this day or earlier.
    pub to: Option<Date>,
    /// Standing so.
    pub class: Option<Class>,
}

/// A line to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewLine<'a> {
    /// The statement that brings it.
    pub statement: StatementNumber,
    /// What the bank says.
    pub line: &'a StatementLine,
    /// What it is about.
    pub kind: LineKind,
    /// What tells it from other lines.
    pub identity: Identity,
    /// Which of the lines that say the same it is.
    pub occurrence: u64,
}

/// What the ledger says about lines and withdrawals that no link holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Concerns {
    pub(super) lines: Vec<LineNumber>,
    pub(super) withdrawals: Vec<WithdrawalNumber>,
}

/// A class, what it concerns, why, and since when.
pub(super) type StoredClass = (Class, Concerns, Option<String>, Instant);

fn read(row: &Row<'_>) -> rusqlite::Result<BankLine> {
    let mut fields = Fields::of(row);
    let (number, id) = (LineNumber::new(fields.next()?), fields.next()?);
    let account = AccountRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let (currency, statement) = (fields.next()?, StatementNumber::new(fields.next()?));
    let line = StatementLine {
        place: fields.next()?,
        booking_date: fields.next::<Day>()?.0,
        value_date: fields.next::<Option<Day>>()?.map(|day| day.0),
        amount: fields.next()?,
        balance: fields.next()?,
        reference: fields.next()?,
        bank_id: fields.next()?,
        end_to_end: fields.next()?,
        description: fields.next()?,
        counterparty_name: fields.next()?,
        counterparty_account: fields.next()?,
        reversal: fields.next()?,
    };
    let kind = fields.word(&LineKind::ALL, LineKind::as_str)?;
    let classification = LineClassification {
        class: class_before_run(line.amount, kind),
        tier: None,
        link_kind: None,
        payments: Vec::new(),
        lines: Vec::new(),
        detail: None,
        since: None,
    };
    Ok(BankLine {
        number,
        id,
        account,
        currency,
        statement,
        line,
        kind,
        classification,
    })
}

/// A withdrawal of a link, its payment, and whether the bank sent it back.
type Member = (WithdrawalNumber, Option<PaymentNumber>, bool);

/// The link that holds a line.
struct LineMatch {
    number: i64,
    kind: LinkKind,
    tier: Tier,
    evidence: String,
    created_at: Instant,
    matched_at: Option<Instant>,
    /// Whether the link has no other line.
    alone: bool,
    members: Vec<Member>,
}

/// Where the columns of a link begin in a row of [`select`], and where those of its withdrawals.
const OF_LINK: usize = 19;
const OF_MEMBER: usize = OF_LINK + 7;

impl LineMatch {
    fn read(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let mut fields = Fields::from(row, OF_LINK);
        let Some(number) = fields.next()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            number,
            kind: fields.word(&LinkKind::ALL, LinkKind::as_str)?,
            tier: fields.word(&Tier::ALL, Tier::as_str)?,
            evidence: fields.next()?,
            created_at: fields.next()?,
            matched_at: fields.next()?,
            alone: fields.next()?,
            members: read_member(row)?.into_iter().collect(),
        }))
    }
}

fn read_member(row: &Row<'_>) -> rusqlite::Result<Option<Member>> {
    let mut fields = Fields::from(row, OF_MEMBER);
    let (withdrawal, payment) = (fields.next::<Option<i64>>()?, fields.next::<Option<i64>>()?);
    let returned = fields.next::<Option<bool>>()?.unwrap_or(false);
    Ok(withdrawal.map(|number| {
        (
            WithdrawalNumber::new(number),
            payment.map(PaymentNumber::new),
            returned,
        )
    }))
}

/// Reads the lines between the numbers ?5 and ?6 that fit `which`, with the link that held each at
/// ?4: one row for each withdrawal of the link, and one where there is none.
fn select(as_of: AsOf, which: &str) -> String {
    const LINK: &str = "SELECT x.match_number FROM bank_match_lines x WHERE x.line_number = l.number AND x.live = 1";
    const PAST_LINK: &str = "SELECT x.match_number FROM bank_match_lines x JOIN bank_matches p ON p.number = x.match_number
         WHERE x.line_number = l.number AND p.created_at <= ?4 AND (p.ended_at IS NULL OR p.ended_at > ?4)";
    let link = match as_of {
        AsOf::Now => LINK,
        AsOf::At(_) => PAST_LINK,
    };
    // The plus keeps SQLite from going through an account's index, where numbers are in no order.
    format!(
        "SELECT {COLUMNS}, m.number, m.kind, m.tier, m.evidence, m.created_at, m.matched_at,
            NOT EXISTS (SELECT 1 FROM bank_match_lines o WHERE o.match_number = m.number AND o.line_number <> l.number),
            w.number, y.number, y.returned_at IS NOT NULL AND (?4 IS NULL OR y.returned_at <= ?4)
         FROM bank_lines l JOIN bank_accounts b ON b.id = +l.bank_account_id
         LEFT JOIN bank_matches m ON m.number = ({link})
         LEFT JOIN bank_match_withdrawals mw ON mw.match_number = m.number
         LEFT JOIN withdrawal_requests w ON w.number = mw.withdrawal_number
         LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id AND (?4 IS NULL OR y.paid_at <= ?4)
         WHERE l.number BETWEEN ?5 AND ?6 AND ({which}) ORDER BY l.number, mw.withdrawal_number"
    )
}

impl Tx<'_> {
    /// Reads a line by row number, with where it stands now.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn bank_line(&mut self, number: i64) -> Result<BankLine, Error> {
        self.bank_line_at(number, AsOf::Now)
    }

    /// Reads a line by row number, with where it stood.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn bank_line_at(&mut self, number: i64, as_of: AsOf) -> Result<BankLine, Error> {
        let mut statement = self.conn.prepare_cached(&select(as_of, "TRUE"))?;
        let filter = LineFilter::default();
        let mut found = None;
        Self::over(self.conn).each_between(
            &mut statement,
            (&filter, as_of),
            (number, number),
            &mut |line| {
                found = Some(line);
                Ok::<_, Error>(())
            },
        )?;
        found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
    }

    /// Hands the lines that a filter names to `each`, by booking date and then by number, as they
    /// stood.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_line<E: From<Error>>(
        &mut self,
        filter: &LineFilter,
        as_of: AsOf,
        mut each: impl FnMut(BankLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let which = match filter.account {
            Some(_) => {
                "b.id = ?1 AND l.booking_date BETWEEN coalesce(?2, '') AND coalesce(?3, 'z')"
            }
            None => "l.booking_date BETWEEN coalesce(?2, '') AND coalesce(?3, 'z')",
        };
        let known = match as_of {
            AsOf::Now => "",
            AsOf::At(_) => {
                " AND l.statement_number IN (SELECT number FROM bank_statements WHERE imported_at <= ?4)"
            }
        };
        let mut statement = self
            .conn
            .prepare(&select(as_of, &format!("{which}{known}")))
            .map_err(Error::from)?;
        let tx = Tx::over(self.conn);
        for run in self.line_runs(filter)? {
            tx.each_between(&mut statement, (filter, as_of), run, &mut |line| {
                let fits = filter
                    .class
                    .is_none_or(|class| class == line.classification.class);
                if fits { each(line) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    /// Tells the runs of numbers, each first to last, in which the lines of a filter stand by
    /// booking date and then by number.
    ///
    /// An index holds the dates, so numbers are sorted instead of whole lines. Statements come in
    /// the order of their days as a rule, so that there are few runs.
    fn line_runs(&self, filter: &LineFilter) -> Result<Vec<(i64, i64)>, Error> {
        let account = match filter.account {
            Some(_) => "l.bank_account_id = ?1",
            None => "?1 IS NULL",
        };
        // An index has the dates in order, and the numbers of each day are few, or in order
        // already: they are sorted here.
        let sql = format!(
            "SELECT l.number, l.booking_date FROM bank_lines l
             WHERE {account} AND l.booking_date BETWEEN coalesce(?2, '') AND coalesce(?3, 'z') ORDER BY l.booking_date"
        );
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows =
            statement.query((filter.account, filter.from.map(Day), filter.to.map(Day)))?;
        let (mut by_date, mut day, mut begin) = (Vec::<i64>::new(), String::new(), 0);
        let sort = |numbers: &mut Vec<i64>, begin: usize| {
            numbers.get_mut(begin..).unwrap_or_default().sort_unstable()
        };
        while let Some(row) = rows.next()? {
            let date = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if date != day {
                sort(&mut by_date, begin);
                (begin, day) = (by_date.len(), date.to_owned());
            }
            by_date.push(row.get(0)?);
        }
        sort(&mut by_date, begin);
        let mut by_number = by_date.clone();
        by_number.sort_unstable();
        let mut runs: Vec<(i64, i64)> = Vec::new();
        let mut following = None;
        for number in by_date {
            match runs.last_mut() {
                Some((_, last))
                    if following.is_some_and(|at| by_number.get(at) == Some(&number)) =>
                {
                    *last = number
                }
                Some(_) | None => {
                    following = by_number.binary_search(&number).ok();
                    runs.push((number, number));
                }
            }
            following = following.map(|at| at + 1);
        }
        Ok(runs)
    }

    /// Hands the lines of a run of numbers to `each`, in order of their numbers, with where they
    /// stood: by the link that holds them, or else by the last run.
    fn each_between<E: From<Error>>(
        &self,
        statement: &mut Statement<'_>,
        (filter, as_of): (&LineFilter, AsOf),
        (first, last): (i64, i64),
        each: &mut impl FnMut(BankLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let days = (filter.from.map(Day), filter.to.map(Day));
        let mut rows = statement
            .query((filter.account, days.0, days.1, as_of.instant(), first, last))
            .map_err(Error::from)?;
        // A line has as many rows as its link has withdrawals, one after the other.
        let mut held: Option<(BankLine, Option<LineMatch>)> = None;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let number: i64 = row.get(0).map_err(Error::from)?;
            if let Some((line, Some(link))) = &mut held
                && line.number.number() == number
            {
                link.members.extend(read_member(row).map_err(Error::from)?);
                continue;
            }
            let next = (
                read(row).map_err(Error::from)?,
                LineMatch::read(row).map_err(Error::from)?,
            );
            if let Some(done) = held.replace(next) {
                each(self.placed(done, as_of)?)?;
            }
        }
        match held {
            Some(done) => each(self.placed(done, as_of)?),
            None => Ok(()),
        }
    }

    /// Tells where a line stands: by the link that holds it, or else by the last run.
    fn placed(
        &self,
        (mut line, link): (BankLine, Option<LineMatch>),
        as_of: AsOf,
    ) -> Result<BankLine, Error> {
        match link {
            Some(link) => self.place_in_link(&mut line, link, as_of)?,
            None => self.place_by_run(&mut line, as_of)?,
        }
        Ok(line)
    }

    fn place_in_link(
        &self,
        line: &mut BankLine,
        link: LineMatch,
        as_of: AsOf,
    ) -> Result<(), Error> {
        let LineMatch {
            number,
            kind,
            tier,
            evidence,
            created_at,
            matched_at,
            alone,
            members,
        } = link;
        let matched_at = matched_at.filter(|at| as_of.instant().is_none_or(|day| *at <= day));
        let others = if alone {
            Vec::new()
        } else {
            self.other_lines(number, line.number)?
        };
        let returned = !members.is_empty() && members.iter().all(|(_, _, returned)| *returned);
        let class = match (kind, matched_at) {
            (_, None) => Class::Proposed,
            (LinkKind::Return, _) => Class::Returned,
            (LinkKind::Payment, _) if returned => Class::Returned,
            (LinkKind::Payment, _) if others.is_empty() && members.len() == 1 => Class::Matched,
            (LinkKind::Payment, _) => Class::MatchedGroup,
            (LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other, _) => {
                Class::Resolved
            }
        };
        let payments = members
            .into_iter()
            .map(|(withdrawal, payment, _)| (withdrawal, payment))
            .collect();
        let since = Some(matched_at.unwrap_or(created_at));
        let (tier, link_kind, detail) = (Some(tier), Some(kind), Some(evidence));
        line.classification = LineClassification {
            class,
            tier,
            link_kind,
            payments,
            lines: others,
            detail,
            since,
        };
        Ok(())
    }

    fn other_lines(&self, link: i64, line: LineNumber) -> Result<Vec<LineNumber>, Error> {
        const LINES: &str =
            "SELECT line_number FROM bank_match_lines WHERE match_number = ?1 AND line_number <> ?2
            ORDER BY line_number";
        let mut statement = self.conn.prepare_cached(LINES)?;
        let lines = statement.query_map((link, line.number()), |row| {
            Ok(LineNumber::new(row.get(0)?))
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    fn place_by_run(&self, line: &mut BankLine, as_of: AsOf) -> Result<(), Error> {
        let Some((class, concerns, detail, since)) =
            self.last_class("line_number", line.number.number(), (None, as_of))?
        else {
            return Ok(());
        };
        let mut payments = Vec::with_capacity(concerns.withdrawals.len());
        for withdrawal in concerns.withdrawals {
            payments.push((withdrawal, self.payment_of(withdrawal, as_of)?));
        }
        line.classification = LineClassification {
            class,
            tier: None,
            link_kind: None,
            payments,
            lines: concerns.lines,
            detail,
            since: Some(since),
        };
        Ok(())
    }

    /// Reads the last class of a line or a withdrawal.
    pub(super) fn last_class(
        &self,
        which: &str,
        number: i64,
        (account, as_of): (Option<BankAccountId>, AsOf),
    ) -> Result<Option<StoredClass>, Error> {
        // Of several accounts the one that shows most against a withdrawal counts: nothing but no
        // line, or no row, is least.
        let sql = format!(
            "SELECT s.class, s.concerns, s.detail, s.since FROM bank_classes s
             WHERE s.{which} = ?1 AND (?2 IS NULL OR s.since <= ?2) AND (?3 IS NULL OR s.bank_account_id = ?3)
               AND NOT EXISTS (SELECT 1 FROM bank_classes n WHERE n.{which} = ?1 AND n.bank_account_id = s.bank_account_id
                               AND n.number > s.number AND (?2 IS NULL OR n.since <= ?2))
             ORDER BY s.class IN ('awaited', 'paid_not_on_bank'), s.number DESC LIMIT 1"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query((number, as_of.instant(), account))?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut fields = Fields::of(row);
        let class = fields.word(&Class::ALL, Class::as_str)?;
        let concerns: String = fields.next()?;
        let concerns = serde_json::from_str(&concerns).map_err(|error| Error::BadRow {
            table: "bank_classes",
            row: number.to_string(),
            detail: error.to_string(),
        })?;
        Ok(Some((class, concerns, fields.next()?, fields.next()?)))
    }

    fn payment_of(
        &self,
        withdrawal: WithdrawalNumber,
        as_of: AsOf,
    ) -> Result<Option<PaymentNumber>, Error> {
        const PAYMENT: &str = "SELECT y.number FROM withdrawal_requests w JOIN distribution_payments y
            ON y.withdrawal_request_id = w.id WHERE w.number = ?1 AND (?2 IS NULL OR y.paid_at <= ?2)";
        let mut statement = self.conn.prepare_cached(PAYMENT)?;
        let mut rows = statement.query((withdrawal.number(), as_of.instant()))?;
        Ok(rows
            .next()?
            .map(|row| row.get(0))
            .transpose()?
            .map(PaymentNumber::new))
    }

    /// Reads what the ledger knows of an account's lines between two days.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn lines_of_days(
        &mut self,
        account: BankAccountId,
        from: Date,
        to: Date,
    ) -> Result<Vec<LedgerLine>, Error> {
        const KNOWN: &str =
            "SELECT l.booking_date, l.amount, l.identity, l.occurrence, l.bank_id, l.balance, s.balances_proven
            FROM bank_lines l JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.bank_account_id = ?1 AND l.booking_date BETWEEN ?2 AND ?3
            ORDER BY l.booking_date, l.identity, l.occurrence";
        let mut statement = self.conn.prepare_cached(KNOWN)?;
        let rows = statement.query_map((account, Day(from), Day(to)), |row| {
            let mut fields = Fields::of(row);
            let (date, amount) = (fields.next::<Day>()?.0, fields.next()?);
            let identity: String = fields.next()?;
            let identity = Identity::parse(&identity).ok_or_else(|| {
                let problem = format!("`{identity}` is no identity of a line").into();
                rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, problem)
            })?;
            let (occurrence, bank_id, balance, proven) = (
                fields.next()?,
                fields.next()?,
                fields.next()?,
                fields.next()?,
            );
            Ok(LedgerLine {
                date,
                amount,
                identity,
                occurrence,
                bank_id,
                balance,
                proven,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds up an account's lines between two days, those that stood in the ledger at an instant.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn line_sum(
        &mut self,
        account: BankAccountId,
        (from, to): (Date, Date),
        as_of: AsOf,
    ) -> Result<Signed, Error> {
        const AMOUNTS: &str = "SELECT l.amount FROM bank_lines l JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.bank_account_id = ?1 AND l.booking_date BETWEEN ?2 AND ?3 AND (?4 IS NULL OR s.imported_at <= ?4)";
        let mut statement = self.conn.prepare_cached(AMOUNTS)?;
        let mut rows = statement.query((account, Day(from), Day(to), as_of.instant()))?;
        let mut sum = Signed::ZERO;
        while let Some(row) = rows.next()? {
            let too_much = || Error::bug("the lines of an account add up to too much");
            sum = sum.checked_add(row.get(0)?).ok_or_else(too_much)?;
        }
        Ok(sum)
    }
}

impl WriteTx<'_> {
    /// Records a line; answers its number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_line(
        &mut self,
        account: &FundAccount,
        new: NewLine<'_>,
    ) -> Result<LineNumber, Error> {
        const INSERT: &str = "INSERT INTO bank_lines (id, bank_account_id, statement_number, line_number, booking_date,
            value_date, amount, balance, reference, bank_id, end_to_end, description, counterparty_name, counterparty_account,
            reversal, kind, identity, occurrence)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
        let id: LineId = self.ids.make();
        let line = new.line;
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                id,
                account.account.id,
                new.statement.number(),
                line.place,
                Day(line.booking_date),
                line.value_date.map(Day),
                line.amount,
                line.balance,
                line.reference,
                line.bank_id,
                line.end_to_end,
                line.description,
                line.counterparty_name,
                line.counterparty_account,
                line.reversal,
                new.kind.as_str(),
                new.identity.to_string(),
                new.occurrence,
            ])?;
        Ok(LineNumber::new(self.conn.last_insert_rowid()))
    }
}
