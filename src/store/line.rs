//! Bank lines in the ledger, with their classes.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, Statement, ToSql, columns, insert},
    known_account::KnownAccounts,
};
use crate::domain::{
    bank::{BankLine, FundAccount, LineClassification, class_before_run},
    code::{LineNumber, PaymentNumber, RemittanceNumber, StatementNumber, WithdrawalNumber},
    id::{AccountRef, BankAccountId, LineId},
    identity::{Identity, LedgerLine},
    masking::Place,
    matching::{Class, LineKind, LinkKind, Tier},
    signed::Signed,
    statement::StatementLine,
    time::{Date, DayRange, Instant},
};

columns! {
    const COLUMNS, fn read: BankLine {
        number: "l.number",
        id: "l.id",
        account: (AccountRef { id: "l.bank_account_id", code: "b.code" }),
        currency: "b.currency",
        statement: "l.statement_number",
        line: (StatementLine {
            place: "l.line_number",
            booking_date: "l.booking_date",
            value_date: "l.value_date",
            amount: "l.amount",
            balance: "l.balance",
            reference: "l.reference",
            bank_id: "l.bank_id",
            end_to_end: "l.end_to_end",
            description: "l.description",
            counterparty_name: "l.counterparty_name",
            counterparty_account: "l.counterparty_account",
            reversal: "l.reversal",
        }),
        kind: "l.kind",
        // Until it is known better: what its sign and its class say.
        classification: ("l.amount, l.kind" => undecided),
        // They are looked up when the line is handed on.
        known_accounts: ("l.number" => not_looked_up),
        reference_place: ("l.number" = Place::Reference),
    }
}

columns! {
    const LINK_COLUMNS, fn read_link: LineMatch {
        number: "m.number",
        kind: "m.kind",
        tier: "m.tier",
        evidence: "m.evidence",
        created_at: "m.created_at",
        matched_at: "m.matched_at",
        remittance: "CASE WHEN m.kind = 'remittance' THEN (SELECT r.remittance_number FROM bank_match_remittances r
            WHERE r.match_number = m.number) END",
        alone: "NOT EXISTS (SELECT 1 FROM bank_match_lines o WHERE o.match_number = m.number AND o.line_number <> l.number)",
        members: ("w.number, y.number, EXISTS (SELECT 1 FROM bank_match_withdrawals rw JOIN bank_matches rm ON rm.number = rw.match_number
            WHERE rw.withdrawal_number = w.number AND rw.kind = 'return' AND rm.matched_at IS NOT NULL
              AND (?4 IS NULL OR rm.matched_at <= ?4) AND (rm.ended_at IS NULL OR rm.ended_at > ?4))" => read_members),
    }
}

columns! {
    const KNOWN_COLUMNS, fn read_known: LedgerLine {
        date: "l.booking_date",
        amount: "l.amount",
        identity: "l.identity",
        occurrence: "l.occurrence",
        bank_id: "l.bank_id",
        balance: "l.balance",
        proven: "s.balances_proven",
        void: "s.voided_at IS NOT NULL",
        statement: "l.statement_number",
    }
}

/// Which bank lines are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFilter {
    /// Of this account.
    pub account: Option<BankAccountId>,
    /// Booked on this day or later.
    pub from: Option<Date>,
    /// Booked on this day or earlier.
    pub to: Option<Date>,
    /// Of this class.
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

/// The link that holds a line.
struct LineMatch {
    number: i64,
    kind: LinkKind,
    tier: Tier,
    evidence: String,
    created_at: Instant,
    matched_at: Option<Instant>,
    remittance: Option<RemittanceNumber>,
    /// Whether the link has no other line.
    alone: bool,
    members: Vec<LinkedWithdrawal>,
}

/// A withdrawal of a link.
struct LinkedWithdrawal {
    withdrawal: WithdrawalNumber,
    payment: Option<PaymentNumber>,
    /// Whether a credit shows that the bank sent the payment back.
    returned: bool,
}

fn undecided(row: &mut Row<'_>, _codes: &Codes) -> Result<LineClassification, Error> {
    Ok(LineClassification {
        class: class_before_run(row.next()?, row.next()?),
        tier: None,
        link_kind: None,
        payments: Vec::new(),
        lines: Vec::new(),
        remittances: Vec::new(),
        detail: None,
        since: None,
        rule: None,
    })
}

fn not_looked_up(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<String>, Error> {
    row.next::<i64>().map(|_| Vec::new())
}

fn read_members(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<LinkedWithdrawal>, Error> {
    let (withdrawal, payment) = (row.next::<Option<_>>()?, row.next()?);
    let returned = row.next::<Option<bool>>()?.unwrap_or(false);
    let member = withdrawal.map(|withdrawal| LinkedWithdrawal {
        withdrawal,
        payment,
        returned,
    });
    Ok(member.into_iter().collect())
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
        "SELECT {COLUMNS}, {LINK_COLUMNS}
         FROM bank_lines l JOIN bank_accounts b ON b.id = +l.bank_account_id
         LEFT JOIN bank_matches m ON m.number = ({link})
         LEFT JOIN bank_match_withdrawals mw ON mw.match_number = m.number
         LEFT JOIN withdrawal_requests w ON w.number = mw.withdrawal_number
         LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id AND (?4 IS NULL OR y.paid_at <= ?4)
         WHERE l.number BETWEEN ?5 AND ?6 AND ({which}) ORDER BY l.number, mw.withdrawal_number"
    )
}

/// Where the columns of a link begin in a row of [`select`], and where those of its withdrawals.
const OF_LINK: usize = 23;
const OF_MEMBER: usize = OF_LINK + 8;

impl Tx<'_> {
    /// Reads a line by row number, with its present class.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn bank_line(&mut self, number: i64) -> Result<BankLine, Error> {
        self.bank_line_at(number, AsOf::Now)
    }

    /// Reads a line by row number, with the class that it had.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn bank_line_at(&mut self, number: i64, as_of: AsOf) -> Result<BankLine, Error> {
        let mut statement = self.db.statement(&select(as_of, "TRUE"))?;
        let filter = LineFilter::default();
        let mut found = None;
        let run = Run {
            first: number,
            last: number,
        };
        self.each_between(&mut statement, &filter, as_of, run, &mut |line| {
            found = Some(line);
            Ok::<_, Error>(())
        })?;
        found.ok_or_else(|| Error::Damaged {
            detail: "a row that must be there is missing".to_owned(),
        })
    }

    /// Hands the lines that a filter names to `each`, by booking date and then by number, with the
    /// classes that they had.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
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
            None => "?1 IS NULL AND l.booking_date BETWEEN coalesce(?2, '') AND coalesce(?3, 'z')",
        };
        let known = match as_of {
            AsOf::Now => "",
            AsOf::At(_) => {
                " AND l.statement_number IN (SELECT number FROM bank_statements WHERE imported_at <= ?4)"
            }
        };
        let mut statement = self
            .db
            .statement(&select(as_of, &format!("{which}{known}")))?;
        for run in self.line_runs(filter)? {
            self.each_between(&mut statement, filter, as_of, run, &mut |line| {
                let fits = filter
                    .class
                    .is_none_or(|class| class == line.classification.class);
                if fits { each(line) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    /// Returns the runs of numbers in which the lines of a filter lie by booking date and then by
    /// number.
    ///
    /// An index holds the dates, so numbers are sorted instead of whole lines. Statements come in
    /// the order of their days as a rule, so that there are few runs.
    fn line_runs(&self, filter: &LineFilter) -> Result<Vec<Run>, Error> {
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
        let (mut by_date, mut day, mut begin) = (Vec::<i64>::new(), String::new(), 0);
        let sort = |numbers: &mut Vec<i64>, begin: usize| {
            numbers.get_mut(begin..).unwrap_or_default().sort_unstable();
        };
        let values = (filter.account, filter.from, filter.to);
        self.db.each(&sql, values, |row| {
            let date = row.text(1)?;
            if date != day {
                sort(&mut by_date, begin);
                begin = by_date.len();
                date.clone_into(&mut day);
            }
            by_date.push(row.get(0)?);
            Ok::<_, Error>(())
        })?;
        sort(&mut by_date, begin);
        Ok(runs_of(by_date))
    }

    /// Hands the lines of a run of numbers to `each`, in order of their numbers, with their classes:
    /// by the link that holds them, or else by the last reconciliation.
    fn each_between<E: From<Error>>(
        &self,
        statement: &mut Statement<'_>,
        filter: &LineFilter,
        as_of: AsOf,
        run: Run,
        each: &mut impl FnMut(BankLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let codes = Codes::default();
        let at = as_of.instant();
        let values: &[&dyn ToSql] = &[
            &filter.account,
            &filter.from,
            &filter.to,
            &at,
            &run.first,
            &run.last,
        ];
        let mut known = KnownAccounts::new(self.db, as_of);
        // A line has as many rows as its link has withdrawals, one after the other.
        let mut open: Option<(BankLine, Option<LineMatch>)> = None;
        statement.each(values, |row| {
            if let Some((line, Some(link))) = &mut open
                && line.number == row.get(0)?
            {
                link.members
                    .extend(read_members(row.go_to(OF_MEMBER), &codes)?);
                return Ok(());
            }
            let line = read(row, &codes)?;
            let has_link = row.get::<Option<i64>>(OF_LINK)?.is_some();
            let link = has_link.then(|| read_link(row, &codes)).transpose()?;
            match open.replace((line, link)) {
                Some((line, link)) => each(self.classified(line, link, (as_of, &mut known))?),
                None => Ok(()),
            }
        })?;
        match open {
            Some((line, link)) => each(self.classified(line, link, (as_of, &mut known))?),
            None => Ok(()),
        }
    }

    /// Gives a line its class: by the link that holds it, or else by the last reconciliation.
    fn classified(
        &self,
        mut line: BankLine,
        link: Option<LineMatch>,
        (as_of, known): (AsOf, &mut KnownAccounts<'_>),
    ) -> Result<BankLine, Error> {
        line.known_accounts = known.in_line(&line.line)?;
        line.reference_place = known.place_of(line.line.reference.as_deref())?;
        match link {
            Some(link) => self.class_by_link(&mut line, link, as_of)?,
            None => self.class_by_reconciliation(&mut line, as_of)?,
        }
        Ok(line)
    }

    fn class_by_link(
        &self,
        line: &mut BankLine,
        link: LineMatch,
        as_of: AsOf,
    ) -> Result<(), Error> {
        const OTHERS: &str = "SELECT line_number FROM bank_match_lines
            WHERE match_number = ?1 AND line_number <> ?2 ORDER BY line_number";
        let LineMatch {
            number,
            kind,
            tier,
            evidence,
            created_at,
            matched_at,
            remittance,
            alone,
            members,
        } = link;
        let matched_at = matched_at.filter(|at| as_of.instant().is_none_or(|day| *at <= day));
        let others: Vec<LineNumber> = if alone {
            Vec::new()
        } else {
            self.db.values(OTHERS, (number, line.number))?
        };
        let returned = !members.is_empty() && members.iter().all(|member| member.returned);
        let class = match (kind, matched_at) {
            (_, None) => Class::Proposed,
            (LinkKind::Return, _) => Class::Returned,
            (LinkKind::Payment, _) if returned => Class::Returned,
            (LinkKind::Payment, _) if others.is_empty() && members.len() == 1 => Class::Matched,
            (LinkKind::Payment, _) => Class::MatchedGroup,
            (LinkKind::Remittance, _) => Class::TaxRemittance,
            (LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other, _) => {
                Class::Resolved
            }
        };
        line.classification = LineClassification {
            class,
            tier: Some(tier),
            link_kind: Some(kind),
            payments: members
                .into_iter()
                .map(|member| (member.withdrawal, member.payment))
                .collect(),
            lines: others,
            remittances: remittance.into_iter().collect(),
            detail: Some(evidence),
            since: Some(matched_at.unwrap_or(created_at)),
            rule: None,
        };
        Ok(())
    }

    /// Reads what the ledger knows of an account's lines between two days, both included.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn lines_of_days(
        &mut self,
        account: BankAccountId,
        days: DayRange,
    ) -> Result<Vec<LedgerLine>, Error> {
        let codes = Codes::default();
        let sql = format!(
            "SELECT {KNOWN_COLUMNS} FROM bank_lines l
            JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.bank_account_id = ?1 AND l.booking_date BETWEEN ?2 AND ?3
            ORDER BY l.booking_date, l.identity, l.occurrence"
        );
        let values = (account, days.first, days.last);
        self.db.query(&sql, values, |row| read_known(row, &codes))
    }

    /// Reads what the ledger knows of an account's lines with ids of the bank, outside of some days.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn lines_with_ids<'i>(
        &mut self,
        account: BankAccountId,
        ids: impl Iterator<Item = &'i str>,
        outside: DayRange,
    ) -> Result<Vec<LedgerLine>, Error> {
        let codes = Codes::default();
        let sql = format!(
            "SELECT {KNOWN_COLUMNS} FROM bank_lines l
            JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.bank_account_id = ?1 AND l.bank_id = ?2 AND l.booking_date NOT BETWEEN ?3 AND ?4
            ORDER BY l.number"
        );
        let mut lines = Vec::new();
        for id in ids {
            let values = (account, id, outside.first, outside.last);
            lines.extend(self.db.query(&sql, values, |row| read_known(row, &codes))?);
        }
        Ok(lines)
    }

    /// Adds up an account's lines between two days, both included, that the ledger had at an
    /// instant.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn line_sum(
        &mut self,
        account: BankAccountId,
        days: DayRange,
        as_of: AsOf,
    ) -> Result<Signed, Error> {
        const AMOUNTS: &str = "SELECT l.amount FROM bank_lines l JOIN bank_statements s ON s.number = l.statement_number
            WHERE l.bank_account_id = ?1 AND l.booking_date BETWEEN ?2 AND ?3 AND (?4 IS NULL OR s.imported_at <= ?4)
              AND (s.voided_at IS NULL OR s.voided_at > ?4)";
        let mut sum = Signed::ZERO;
        let values = (account, days.first, days.last, as_of.instant());
        self.db.each(AMOUNTS, values, |row| {
            let too_much = || Error::bug("the lines of an account add up to too much");
            sum = sum.checked_add(row.next()?).ok_or_else(too_much)?;
            Ok::<_, Error>(())
        })?;
        Ok(sum)
    }
}

/// A run of line numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: i64,
    last: i64,
}

/// Cuts numbers in the order of their dates into runs within which the numbers follow each other.
fn runs_of(by_date: Vec<i64>) -> Vec<Run> {
    let mut by_number = by_date.clone();
    by_number.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    let mut following = None;
    for number in by_date {
        match runs.last_mut() {
            Some(run) if following.is_some_and(|at| by_number.get(at) == Some(&number)) => {
                run.last = number;
            }
            Some(_) | None => {
                following = by_number.binary_search(&number).ok();
                runs.push(Run {
                    first: number,
                    last: number,
                });
            }
        }
        following = following.map(|at| at + 1);
    }
    runs
}

impl WriteTx<'_> {
    /// Records a line; returns its number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_line(
        &mut self,
        account: &FundAccount,
        new: NewLine<'_>,
    ) -> Result<LineNumber, Error> {
        let line = new.line;
        let number = insert!(self.db, "bank_lines" {
            "id": self.ids.make::<LineId>(),
            "bank_account_id": account.account.id,
            "statement_number": new.statement,
            "line_number": line.place,
            "booking_date": line.booking_date,
            "value_date": line.value_date,
            "amount": line.amount,
            "balance": line.balance,
            "reference": line.reference,
            "bank_id": line.bank_id,
            "end_to_end": line.end_to_end,
            "description": line.description,
            "counterparty_name": line.counterparty_name,
            "counterparty_account": line.counterparty_account,
            "reversal": line.reversal,
            "kind": new.kind,
            "identity": new.identity,
            "occurrence": new.occurrence,
        })?;
        Ok(LineNumber::new(number))
    }
}
