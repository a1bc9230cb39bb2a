//! Bank lines in the ledger, and where they stand.

use rusqlite::{Row, named_params};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Day, Fields},
};
use crate::domain::{
    bank::{BankLine, FundAccount, LineStanding, unseen},
    code::{LineNumber, PaymentNumber, StatementNumber, WithdrawalNumber},
    id::{AccountRef, BankAccountId, LineId},
    identity::{Identity, KnownLine},
    matching::{LineClass, LinkKind, Standing, Tier},
    signed::Signed,
    statement::StatementLine,
    time::{Date, Instant},
};

const COLUMNS: &str =
    "l.number, l.id, l.bank_account_id, b.code, b.currency, l.statement_number, l.line_number, l.booking_date,
    l.value_date, l.amount, l.balance, l.reference, l.bank_id, l.end_to_end, l.description, l.counterparty_name,
    l.counterparty_account, l.reversal, l.class";

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
    pub standing: Option<Standing>,
}

/// A line to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct NewLine<'a> {
    /// The statement that brings it.
    pub statement: StatementNumber,
    /// What the bank says.
    pub line: &'a StatementLine,
    /// What it is about.
    pub class: LineClass,
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

/// A standing, what it concerns, why, and since when.
pub(super) type Stood = (Standing, Concerns, Option<String>, Instant);

fn read(row: &Row<'_>) -> rusqlite::Result<BankLine> {
    let mut fields = Fields::of(row);
    let (number, id) = (LineNumber::new(fields.next()?), fields.next()?);
    let account = AccountRef { id: fields.next()?, code: fields.next()? };
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
    let class = fields.word(&LineClass::ALL, LineClass::as_str)?;
    let standing = LineStanding {
        standing: unseen(line.amount, class),
        tier: None,
        kind: None,
        payments: Vec::new(),
        lines: Vec::new(),
        detail: None,
        since: None,
    };
    Ok(BankLine { number, id, account, currency, statement, line, class, standing })
}

/// Reads every line with its stored identity.
pub(super) fn with_identity() -> String {
    format!(
        "SELECT {COLUMNS}, l.identity FROM bank_lines l JOIN bank_accounts b ON b.id = l.bank_account_id ORDER BY l.number"
    )
}

/// Reads a row of [`with_identity`].
pub(super) fn read_with_identity(row: &Row<'_>) -> Result<(BankLine, String), Error> {
    let identity = row.get("identity")?;
    Ok((read(row)?, identity))
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
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_lines l JOIN bank_accounts b ON b.id = l.bank_account_id WHERE l.number = ?1"
        );
        let mut line = self.conn.prepare_cached(&sql)?.query_row([number], read)?;
        self.place(&mut line, as_of)?;
        Ok(line)
    }

    /// Hands the lines that a filter names to `each`, by booking date and then by number, as they stood.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_line<E: From<Error>>(
        &mut self,
        filter: &LineFilter,
        as_of: AsOf,
        mut each: impl FnMut(BankLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_lines l JOIN bank_accounts b ON b.id = l.bank_account_id
             JOIN bank_statements s ON s.number = l.statement_number
             WHERE (:account IS NULL OR l.bank_account_id = :account) AND (:from IS NULL OR l.booking_date >= :from)
               AND (:to IS NULL OR l.booking_date <= :to) AND (:at IS NULL OR s.imported_at <= :at)
             ORDER BY l.booking_date, l.number"
        );
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement
            .query(named_params! {
                ":account": filter.account,
                ":from": filter.from.map(Day),
                ":to": filter.to.map(Day),
                ":at": as_of.instant(),
            })
            .map_err(Error::from)?;
        let placing = Tx::over(self.conn);
        while let Some(row) = rows.next().map_err(Error::from)? {
            let mut line = read(row).map_err(Error::from)?;
            placing.place(&mut line, as_of)?;
            if filter.standing.is_none_or(|standing| standing == line.standing.standing) {
                each(line)?;
            }
        }
        Ok(())
    }

    /// Finds where a line stands: by the link that holds it, or else by the last run.
    fn place(&self, line: &mut BankLine, as_of: AsOf) -> Result<(), Error> {
        const LINK: &str = "SELECT m.number, m.kind, m.tier, m.evidence, m.created_at, m.matched_at
            FROM bank_match_lines ml JOIN bank_matches m ON m.number = ml.match_number
            WHERE ml.line_number = ?1 AND ml.live = 1";
        const PAST_LINK: &str = "SELECT m.number, m.kind, m.tier, m.evidence, m.created_at, m.matched_at
            FROM bank_match_lines ml JOIN bank_matches m ON m.number = ml.match_number
            WHERE ml.line_number = ?1 AND m.created_at <= ?2 AND (m.ended_at IS NULL OR m.ended_at > ?2)";
        let number = line.number.number();
        let mut statement = match as_of {
            AsOf::Now => self.conn.prepare_cached(LINK)?,
            AsOf::At(_) => self.conn.prepare_cached(PAST_LINK)?,
        };
        let mut rows = match as_of {
            AsOf::Now => statement.query([number])?,
            AsOf::At(at) => statement.query((number, at))?,
        };
        match rows.next()? {
            Some(row) => self.place_in_link(line, row, as_of),
            None => self.place_by_run(line, as_of),
        }
    }

    fn place_in_link(&self, line: &mut BankLine, row: &Row<'_>, as_of: AsOf) -> Result<(), Error> {
        let mut fields = Fields::of(row);
        let link: i64 = fields.next()?;
        let kind = fields.word(&LinkKind::ALL, LinkKind::as_str)?;
        let tier = fields.word(&Tier::ALL, Tier::as_str)?;
        let (evidence, created_at): (String, Instant) = (fields.next()?, fields.next()?);
        let matched_at = fields.next::<Option<Instant>>()?.filter(|at| as_of.instant().is_none_or(|day| *at <= day));
        const LINES: &str = "SELECT line_number FROM bank_match_lines WHERE match_number = ?1 ORDER BY line_number";
        let mut statement = self.conn.prepare_cached(LINES)?;
        let lines = statement.query_map([link], |row| Ok(LineNumber::new(row.get(0)?)))?;
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        let members = self.linked_withdrawals(link, as_of)?;
        let returned = !members.is_empty() && members.iter().all(|(_, _, returned)| *returned);
        let standing = match (kind, matched_at) {
            (_, None) => Standing::Proposed,
            (LinkKind::Return, _) => Standing::Returned,
            (LinkKind::Payment, _) if returned => Standing::Returned,
            (LinkKind::Payment, _) if lines.len() == 1 && members.len() == 1 => Standing::Matched,
            (LinkKind::Payment, _) => Standing::MatchedGroup,
            (LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other, _) => Standing::Resolved,
        };
        let others = lines.into_iter().filter(|other| *other != line.number).collect();
        let payments = members.into_iter().map(|(withdrawal, payment, _)| (withdrawal, payment)).collect();
        let since = Some(matched_at.unwrap_or(created_at));
        let (tier, kind, detail) = (Some(tier), Some(kind), Some(evidence));
        line.standing = LineStanding { standing, tier, kind, payments, lines: others, detail, since };
        Ok(())
    }

    /// Reads the withdrawals of a link, their payments, and whether the bank sent them back.
    pub(super) fn linked_withdrawals(
        &self,
        link: i64,
        as_of: AsOf,
    ) -> Result<Vec<(WithdrawalNumber, Option<PaymentNumber>, bool)>, Error> {
        const MEMBERS: &str = "SELECT w.number, y.number, y.returned_at IS NOT NULL AND (?2 IS NULL OR y.returned_at <= ?2)
            FROM bank_match_withdrawals mw JOIN withdrawal_requests w ON w.number = mw.withdrawal_number
            LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id AND (?2 IS NULL OR y.paid_at <= ?2)
            WHERE mw.match_number = ?1 ORDER BY w.number";
        let mut statement = self.conn.prepare_cached(MEMBERS)?;
        let rows = statement.query_map((link, as_of.instant()), |row| {
            let payment = row.get::<_, Option<i64>>(1)?.map(PaymentNumber::new);
            Ok((WithdrawalNumber::new(row.get(0)?), payment, row.get::<_, Option<bool>>(2)?.unwrap_or(false)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn place_by_run(&self, line: &mut BankLine, as_of: AsOf) -> Result<(), Error> {
        let Some((standing, concerns, detail, since)) =
            self.last_standing("line_number", line.number.number(), (None, as_of))?
        else {
            return Ok(());
        };
        let mut payments = Vec::with_capacity(concerns.withdrawals.len());
        for withdrawal in concerns.withdrawals {
            payments.push((withdrawal, self.payment_of(withdrawal, as_of)?));
        }
        line.standing =
            LineStanding { standing, tier: None, kind: None, payments, lines: concerns.lines, detail, since: Some(since) };
        Ok(())
    }

    /// Reads the last standing of a line or a withdrawal.
    pub(super) fn last_standing(
        &self,
        which: &str,
        number: i64,
        (account, as_of): (Option<BankAccountId>, AsOf),
    ) -> Result<Option<Stood>, Error> {
        // Of several accounts the one that shows most against a withdrawal counts: nothing but no line, or no row, is least.
        let sql = format!(
            "SELECT s.standing, s.concerns, s.detail, s.since FROM bank_standings s
             WHERE s.{which} = ?1 AND (?2 IS NULL OR s.since <= ?2) AND (?3 IS NULL OR s.bank_account_id = ?3)
               AND NOT EXISTS (SELECT 1 FROM bank_standings n WHERE n.{which} = ?1 AND n.bank_account_id = s.bank_account_id
                               AND n.number > s.number AND (?2 IS NULL OR n.since <= ?2))
             ORDER BY s.standing IN ('awaited', 'paid_not_on_bank'), s.number DESC LIMIT 1"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query((number, as_of.instant(), account))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let mut fields = Fields::of(row);
        let standing = fields.word(&Standing::ALL, Standing::as_str)?;
        let concerns: String = fields.next()?;
        let concerns = serde_json::from_str(&concerns).map_err(|error| Error::BadRow {
            table: "bank_standings",
            row: number.to_string(),
            detail: error.to_string(),
        })?;
        Ok(Some((standing, concerns, fields.next()?, fields.next()?)))
    }

    fn payment_of(&self, withdrawal: WithdrawalNumber, as_of: AsOf) -> Result<Option<PaymentNumber>, Error> {
        const PAYMENT: &str = "SELECT y.number FROM withdrawal_requests w JOIN distribution_payments y
            ON y.withdrawal_request_id = w.id WHERE w.number = ?1 AND (?2 IS NULL OR y.paid_at <= ?2)";
        let mut statement = self.conn.prepare_cached(PAYMENT)?;
        let mut rows = statement.query((withdrawal.number(), as_of.instant()))?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.map(PaymentNumber::new))
    }

    /// Reads what the ledger knows of an account's lines between two days.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn known_lines(&mut self, account: BankAccountId, from: Date, to: Date) -> Result<Vec<KnownLine>, Error> {
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
            let (occurrence, bank_id, balance, proven) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
            Ok(KnownLine { date, amount, identity, occurrence, bank_id, balance, proven })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds up an account's lines between two days, those that stood in the ledger at an instant.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn line_sum(&mut self, account: BankAccountId, (from, to): (Date, Date), as_of: AsOf) -> Result<Signed, Error> {
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
    pub fn insert_line(&mut self, account: &FundAccount, new: NewLine<'_>) -> Result<LineNumber, Error> {
        const INSERT: &str = "INSERT INTO bank_lines (id, bank_account_id, statement_number, line_number, booking_date,
            value_date, amount, balance, reference, bank_id, end_to_end, description, counterparty_name, counterparty_account,
            reversal, class, identity, occurrence)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
        let id: LineId = self.ids.make();
        let line = new.line;
        self.conn.prepare_cached(INSERT)?.execute(rusqlite::params![
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
            new.class.as_str(),
            new.identity.to_string(),
            new.occurrence,
        ])?;
        Ok(LineNumber::new(self.conn.last_insert_rowid()))
    }
}
