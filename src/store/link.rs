//! What bank lines are linked to, and what matching needs to know.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Row, named_params};

use super::{
    AsOf, Error, Tx, WriteTx,
    line::Concerns,
    sql::{Day, Fields},
    user::one_row,
};
use crate::domain::{
    bank::{ClassifiedPayment, Ending, FundAccount},
    code::{FileNumber, LineNumber, PaymentNumber, WithdrawalNumber},
    id::{BankAccountId, EventRef, MatchId},
    matching::{
        Certainty, Class, Classification, Expected, Line, Link, LinkKind, Match, RecordedMatch,
        Tier,
    },
    time::{Date, Instant},
};

impl Tx<'_> {
    /// Reads the links of an account that have not ended.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn live_matches(&mut self, account: BankAccountId) -> Result<Vec<RecordedMatch>, Error> {
        self.links("m.bank_account_id = ?1 AND m.ended_at IS NULL", account)
    }

    /// Reads what a user rejected or took back on an account: no run makes it again.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn rejected_links(&mut self, account: BankAccountId) -> Result<Vec<Link>, Error> {
        let links = self.links(
            "m.bank_account_id = ?1 AND m.ended_as IN ('rejected', 'unmatched')",
            account,
        )?;
        Ok(links.into_iter().map(|recorded| recorded.link).collect())
    }

    /// Reads the proposals of other accounts that wait to be decided.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn proposals_elsewhere(
        &mut self,
        account: BankAccountId,
    ) -> Result<Vec<RecordedMatch>, Error> {
        let which = "m.bank_account_id <> ?1 AND m.matched_at IS NULL AND m.ended_at IS NULL";
        self.links(which, account)
    }

    /// Reads which references of open lines of an account, and of open payment files, a payment
    /// already has.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn used_references(&mut self, account: BankAccountId) -> Result<BTreeSet<String>, Error> {
        const USED: &str = "SELECT l.reference FROM bank_lines l
            CROSS JOIN distribution_payments y ON y.reference = l.reference
            WHERE l.bank_account_id = ?1 AND NOT EXISTS (
                SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
                WHERE x.line_number = l.number AND x.live = 1 AND m.matched_at IS NOT NULL)
            UNION SELECT i.end_to_end FROM payment_file_items i
            JOIN withdrawal_requests w ON w.number = i.withdrawal_number AND w.status = 'approved'
            CROSS JOIN distribution_payments y ON y.reference = i.end_to_end
            WHERE i.live = 1";
        let mut statement = self.conn.prepare_cached(USED)?;
        let rows = statement.query_map([account], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads the class of each line that no payment or return is matched with, as the last run over
    /// an account left it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn line_classes(
        &mut self,
        account: BankAccountId,
    ) -> Result<BTreeMap<LineNumber, Classification>, Error> {
        let held =
            "SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
            WHERE x.line_number = s.line_number AND x.live = 1 AND m.matched_at IS NOT NULL
              AND m.kind IN ('payment', 'return')";
        self.last_classes(account, "line_number", held, LineNumber::new)
    }

    /// Reads the class of each withdrawal that no decided match holds, as the last run over an
    /// account left it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_classes(
        &mut self,
        account: BankAccountId,
    ) -> Result<BTreeMap<WithdrawalNumber, Classification>, Error> {
        let held = "SELECT 1 FROM bank_match_withdrawals x JOIN bank_matches m ON m.number = x.match_number
            WHERE x.withdrawal_number = s.withdrawal_number AND x.kind = 'payment' AND x.live = 1
              AND m.matched_at IS NOT NULL";
        self.last_classes(account, "withdrawal_number", held, WithdrawalNumber::new)
    }

    fn last_classes<K: Ord>(
        &self,
        account: BankAccountId,
        column: &str,
        held: &str,
        key: impl Fn(i64) -> K,
    ) -> Result<BTreeMap<K, Classification>, Error> {
        let sql = format!(
            "SELECT s.{column}, s.class, s.concerns, s.detail FROM bank_classes s
             WHERE s.bank_account_id = ?1 AND s.{column} IS NOT NULL AND NOT EXISTS ({held})
               AND NOT EXISTS (SELECT 1 FROM bank_classes n WHERE n.{column} = s.{column}
                               AND n.bank_account_id = s.bank_account_id AND n.number > s.number)"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([account])?;
        let mut classes = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let mut fields = Fields::of(row);
            let number: i64 = fields.next()?;
            let class = fields.word(&Class::ALL, Class::as_str)?;
            let concerns: String = fields.next()?;
            let Concerns { lines, withdrawals } =
                serde_json::from_str(&concerns).map_err(|error| Error::BadRow {
                    table: "bank_classes",
                    row: number.to_string(),
                    detail: error.to_string(),
                })?;
            let classification = Classification {
                class,
                lines,
                withdrawals,
                detail: fields.next()?,
            };
            classes.insert(key(number), classification);
        }
        Ok(classes)
    }

    /// Reads the link that holds a line.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn match_of_line(&mut self, line: LineNumber) -> Result<Option<RecordedMatch>, Error> {
        let which = "m.number = (SELECT match_number FROM bank_match_lines WHERE line_number = ?1 AND live = 1)";
        Ok(self.links(which, line.number())?.pop())
    }

    /// Reads the link of a kind that holds a withdrawal.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn match_of_withdrawal(
        &mut self,
        withdrawal: WithdrawalNumber,
        kind: LinkKind,
    ) -> Result<Option<RecordedMatch>, Error> {
        let which = format!(
            "m.number = (SELECT match_number FROM bank_match_withdrawals
             WHERE withdrawal_number = ?1 AND kind = '{}' AND live = 1)",
            kind.as_str()
        );
        Ok(self.links(&which, withdrawal.number())?.pop())
    }

    fn links(&self, which: &str, value: impl rusqlite::ToSql) -> Result<Vec<RecordedMatch>, Error> {
        const MEMBERS: [&str; 2] = [
            "SELECT match_number, line_number FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number",
            "SELECT match_number, withdrawal_number FROM bank_match_withdrawals x JOIN bank_matches m ON m.number = x.match_number",
        ];
        let sql = format!(
            "SELECT m.number, m.kind, m.tier, m.matched_at FROM bank_matches m WHERE {which} ORDER BY m.number"
        );
        let mut links = Vec::new();
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([&value])?;
        while let Some(row) = rows.next()? {
            let mut fields = Fields::of(row);
            let number: i64 = fields.next()?;
            let kind = fields.word(&LinkKind::ALL, LinkKind::as_str)?;
            let tier = fields.word(&Tier::ALL, Tier::as_str)?;
            let matched: Option<Instant> = fields.next()?;
            let certainty = if matched.is_some() {
                Certainty::Matched
            } else {
                Certainty::Proposed
            };
            let link = Link {
                kind,
                lines: Vec::new(),
                withdrawals: Vec::new(),
            };
            links.push(RecordedMatch {
                number,
                link,
                tier,
                certainty,
            });
        }
        // Where there are no links, as is usual for rejected ones, their members need no search.
        if links.is_empty() {
            return Ok(links);
        }
        for (at, members) in MEMBERS.into_iter().enumerate() {
            let mut statement = self
                .conn
                .prepare_cached(&format!("{members} WHERE {which} ORDER BY x.number"))?;
            let mut rows = statement.query([&value])?;
            while let Some(row) = rows.next()? {
                let (link, member): (i64, i64) = (row.get(0)?, row.get(1)?);
                let at_link = links
                    .binary_search_by_key(&link, |recorded| recorded.number)
                    .ok();
                let Some(recorded) = at_link.and_then(|at| links.get_mut(at)) else {
                    continue;
                };
                if at == 0 {
                    recorded.link.lines.push(LineNumber::new(member));
                } else {
                    recorded
                        .link
                        .withdrawals
                        .push(WithdrawalNumber::new(member));
                }
            }
        }
        Ok(links)
    }

    /// Reads an account's lines as matching sees them, up to a booking date.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn lines_to_match(
        &mut self,
        account: BankAccountId,
        through: Option<Date>,
    ) -> Result<Vec<Line>, Error> {
        const LINES: &str = "SELECT number, booking_date, value_date, amount, description, reference, bank_id, end_to_end,
            counterparty_name, counterparty_account, reversal FROM bank_lines
            WHERE bank_account_id = ?1 AND (?2 IS NULL OR booking_date <= ?2) ORDER BY number";
        let mut statement = self.conn.prepare_cached(LINES)?;
        let rows = statement.query_map((account, through.map(Day)), |row| {
            let mut fields = Fields::of(row);
            Ok(Line {
                number: LineNumber::new(fields.next()?),
                date: fields.next::<Day>()?.0,
                value_date: fields.next::<Option<Day>>()?.map(|day| day.0),
                amount: fields.next()?,
                description: fields.next()?,
                reference: fields.next()?,
                bank_id: fields.next()?,
                end_to_end: fields.next()?,
                counterparty_name: fields.next()?,
                counterparty_account: fields.next()?,
                reversal: fields.next()?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads what the ledger expects to see on an account: what its payment files hold, what is
    /// linked to it, and what no other account must pay. `through` leaves later payments out.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn expected(
        &mut self,
        account: &FundAccount,
        through: Option<Date>,
    ) -> Result<Vec<Expected>, Error> {
        const EXPECTED: &str = "SELECT w.number, y.number, coalesce(y.amount, w.requested_amount),
                coalesce(y.payment_date, f.execution_date, substr(w.approved_at, 1, 10)), y.reference, w.account_number,
                h.name, w.account_name, f.number, y.status = 'returned',
                EXISTS (SELECT 1 FROM bank_match_withdrawals r JOIN bank_matches o ON o.number = r.match_number
                        WHERE r.withdrawal_number = w.number AND r.live = 1 AND r.kind = 'return' AND o.matched_at IS NOT NULL)
            FROM withdrawal_requests w JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
            LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id
            LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1
            LEFT JOIN payment_files f ON f.number = i.file_number
            LEFT JOIN bank_match_withdrawals mw ON mw.withdrawal_number = w.number AND mw.live = 1 AND mw.kind = 'payment'
            LEFT JOIN bank_matches m ON m.number = mw.match_number AND m.matched_at IS NOT NULL
            WHERE w.status IN ('approved', 'paid', 'returned') AND w.currency = :currency
              AND CASE WHEN m.number IS NOT NULL THEN m.bank_account_id = :account
                       WHEN f.number IS NOT NULL THEN f.bank_account_id = :account
                       WHEN :project IS NOT NULL THEN w.project_id = :project
                       ELSE NOT EXISTS (SELECT 1 FROM bank_accounts b
                                        WHERE b.project_id = w.project_id AND b.currency = w.currency) END
            ORDER BY w.number";
        let mut references = self.end_to_end_references()?;
        let mut statement = self.conn.prepare_cached(EXPECTED)?;
        let rows = statement.query_map(
            named_params! {
                ":currency": account.currency,
                ":account": account.account.id,
                ":project": account.project.as_ref().map(|project| project.id),
            },
            |row| read_expected(row, &mut references),
        )?;
        let mut expected = rows.collect::<Result<Vec<_>, _>>()?;
        if let Some(through) = through {
            expected.retain(|expected| expected.date <= through);
        }
        Ok(expected)
    }

    fn end_to_end_references(&self) -> Result<BTreeMap<i64, Vec<String>>, Error> {
        const ALL: &str =
            "SELECT withdrawal_number, end_to_end FROM payment_file_items ORDER BY number";
        let mut references: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(ALL)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            references.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(references)
    }

    /// Reads the payments that stood in the ledger, in order of their numbers, and where each stood
    /// against the bank.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn classified_payments(&mut self, as_of: AsOf) -> Result<Vec<ClassifiedPayment>, Error> {
        const PAYMENTS: &str =
            "SELECT y.number, w.number, h.code, y.distribution_event_id, e.code, y.project_id, y.amount, y.currency,
                y.payment_date, y.returned_at IS NOT NULL AND (:at IS NULL OR y.returned_at <= :at),
                m.number, m.bank_account_id, m.matched_at IS NOT NULL AND (:at IS NULL OR m.matched_at <= :at), m.evidence,
                (SELECT f.bank_account_id FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
                 WHERE i.withdrawal_number = w.number AND (:at IS NULL OR f.created_at <= :at)
                   AND (f.cancelled_at IS NULL OR f.cancelled_at > :at))
            FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
            JOIN distribution_events e ON e.id = y.distribution_event_id
            JOIN lp_token_holders h ON h.id = y.lp_token_holder_id
            LEFT JOIN bank_matches m ON m.number = (SELECT x.number FROM bank_match_withdrawals mw
                JOIN bank_matches x ON x.number = mw.match_number
                WHERE mw.withdrawal_number = w.number AND mw.kind = 'payment' AND (:at IS NULL OR x.created_at <= :at)
                  AND (x.ended_at IS NULL OR x.ended_at > :at))
            WHERE :at IS NULL OR y.paid_at <= :at ORDER BY y.number";
        let mut statement = self.conn.prepare(PAYMENTS)?;
        let mut rows = statement.query(named_params! { ":at": as_of.instant() })?;
        let mut payments = Vec::new();
        while let Some(row) = rows.next()? {
            payments.push(self.read_classified(row, as_of)?);
        }
        Ok(payments)
    }

    fn read_classified(&self, row: &Row<'_>, as_of: AsOf) -> Result<ClassifiedPayment, Error> {
        let mut fields = Fields::of(row);
        let (payment, withdrawal) = (
            PaymentNumber::new(fields.next()?),
            WithdrawalNumber::new(fields.next()?),
        );
        let holder = fields.next()?;
        let (event, project) = (
            EventRef {
                id: fields.next()?,
                code: fields.next()?,
            },
            fields.next()?,
        );
        let (amount, currency, date) = (fields.next()?, fields.next()?, fields.next::<Day>()?.0);
        let returned: bool = fields.next()?;
        let (link, linked_account): (Option<i64>, Option<BankAccountId>) =
            (fields.next()?, fields.next()?);
        let (matched, evidence): (bool, Option<String>) = (fields.next()?, fields.next()?);
        let account = linked_account.or(fields.next()?);
        let (class, lines, detail) = match link {
            Some(link) => {
                let (lines, withdrawals) = self.link_size(link)?;
                let class = match (matched, returned) {
                    (false, _) => Class::Proposed,
                    (true, true) => Class::Returned,
                    (true, false) if lines.len() == 1 && withdrawals == 1 => Class::Matched,
                    (true, false) => Class::MatchedGroup,
                };
                (class, lines, evidence)
            }
            None => {
                match self.last_class("withdrawal_number", withdrawal.number(), (None, as_of))? {
                    // What a run said before the payment was recorded or returned no longer fits
                    // it.
                    Some((class, concerns, detail, _))
                        if class != Class::Awaited
                            && !(returned && class == Class::PaidNotOnBank) =>
                    {
                        (class, concerns.lines, detail)
                    }
                    Some(_) | None if returned => (Class::Returned, Vec::new(), None),
                    Some(_) | None => (Class::PaidNotOnBank, Vec::new(), None),
                }
            }
        };
        Ok(ClassifiedPayment {
            payment,
            withdrawal,
            holder,
            event,
            project,
            account,
            amount,
            currency,
            date,
            class,
            lines,
            detail,
        })
    }

    fn link_size(&self, link: i64) -> Result<(Vec<LineNumber>, i64), Error> {
        const LINES: &str =
            "SELECT line_number FROM bank_match_lines WHERE match_number = ?1 ORDER BY line_number";
        const WITHDRAWALS: &str =
            "SELECT count(*) FROM bank_match_withdrawals WHERE match_number = ?1";
        let mut statement = self.conn.prepare_cached(LINES)?;
        let lines = statement
            .query_map([link], |row| Ok(LineNumber::new(row.get(0)?)))?
            .collect::<Result<_, _>>()?;
        Ok((
            lines,
            self.conn
                .prepare_cached(WITHDRAWALS)?
                .query_row([link], |row| row.get(0))?,
        ))
    }

    /// Reads where a line or a withdrawal stands by the last run over an account; by the runs over
    /// all accounts where none is named.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn class_of(
        &mut self,
        who: Member,
        account: Option<BankAccountId>,
    ) -> Result<Option<Classification>, Error> {
        let (column, number) = who.column();
        let found = self.last_class(column, number, (account, AsOf::Now))?;
        Ok(found.map(|(class, concerns, detail, _)| Classification {
            class,
            lines: concerns.lines,
            withdrawals: concerns.withdrawals,
            detail,
        }))
    }
}

/// A line or a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A line.
    Line(LineNumber),
    /// A withdrawal.
    Withdrawal(WithdrawalNumber),
}

impl Member {
    const fn column(self) -> (&'static str, i64) {
        match self {
            Self::Line(line) => ("line_number", line.number()),
            Self::Withdrawal(withdrawal) => ("withdrawal_number", withdrawal.number()),
        }
    }
}

fn read_expected(
    row: &Row<'_>,
    references: &mut BTreeMap<i64, Vec<String>>,
) -> rusqlite::Result<Expected> {
    let mut fields = Fields::of(row);
    let number: i64 = fields.next()?;
    let payment = fields.next::<Option<i64>>()?.map(PaymentNumber::new);
    let (amount, date, reference) = (fields.next()?, fields.next::<Day>()?.0, fields.next()?);
    let account_number = fields.next()?;
    let mut names = vec![fields.next::<String>()?];
    names.extend(fields.next::<Option<String>>()?);
    let file = fields.next::<Option<i64>>()?.map(FileNumber::new);
    let returned = fields.next::<Option<bool>>()?.unwrap_or(false);
    let return_linked = fields.next()?;
    let end_to_end = references.remove(&number).unwrap_or_default();
    let withdrawal = WithdrawalNumber::new(number);
    Ok(Expected {
        withdrawal,
        payment,
        amount,
        date,
        reference,
        end_to_end,
        account_number,
        names,
        file,
        returned,
        return_linked,
    })
}

impl WriteTx<'_> {
    /// Records a link; answers its row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_match(&mut self, account: BankAccountId, new: &Match) -> Result<i64, Error> {
        const INSERT: &str = "INSERT INTO bank_matches (id, bank_account_id, kind, tier, evidence, created_by, created_at,
            matched_by, matched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        const LINE: &str =
            "INSERT INTO bank_match_lines (match_number, line_number, live) VALUES (?1, ?2, 1)";
        const WITHDRAWAL: &str = "INSERT INTO bank_match_withdrawals (match_number, withdrawal_number, kind, live) VALUES (?1, ?2, ?3, 1)";
        let id: MatchId = self.ids.make();
        let Match {
            link,
            tier,
            certainty,
            evidence,
        } = new;
        let by = self.actor.user.id;
        let matched = (*certainty == Certainty::Matched).then_some((by, self.now));
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                id,
                account,
                link.kind.as_str(),
                tier.as_str(),
                evidence,
                by,
                self.now,
                matched.map(|(by, _)| by),
                matched.map(|(_, at)| at),
            ])?;
        let number = self.conn.last_insert_rowid();
        for line in &link.lines {
            self.conn
                .prepare_cached(LINE)?
                .execute((number, line.number()))?;
        }
        for withdrawal in &link.withdrawals {
            self.conn.prepare_cached(WITHDRAWAL)?.execute((
                number,
                withdrawal.number(),
                link.kind.as_str(),
            ))?;
        }
        Ok(number)
    }

    /// Decides a proposal.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn confirm_match(&mut self, number: i64) -> Result<(), Error> {
        const CONFIRM: &str = "UPDATE bank_matches SET matched_by = ?2, matched_at = ?3
            WHERE number = ?1 AND matched_at IS NULL AND ended_at IS NULL";
        self.keep_before("bank_matches", "number", number)?;
        one_row(
            self.conn
                .execute(CONFIRM, (number, self.actor.user.id, self.now))?,
            "bank_matches",
        )
    }

    /// Ends a link: its lines and withdrawals are free again.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn end_match(&mut self, number: i64, ending: Ending) -> Result<(), Error> {
        const END: &str = "UPDATE bank_matches SET ended_at = ?2, ended_as = ?3 WHERE number = ?1 AND ended_at IS NULL";
        self.keep_before("bank_matches", "number", number)?;
        let changed = self
            .conn
            .execute(END, (number, self.now, ending.as_str()))?;
        one_row(changed, "bank_matches")?;
        for table in ["bank_match_lines", "bank_match_withdrawals"] {
            self.keep_before(table, "match_number", number)?;
            let sql = format!("UPDATE {table} SET live = 0 WHERE match_number = ?1 AND live = 1");
            self.conn.prepare_cached(&sql)?.execute([number])?;
        }
        Ok(())
    }

    /// Records where a line or a withdrawal stands that no link holds.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_class(
        &mut self,
        account: BankAccountId,
        who: Member,
        placed: &Classification,
    ) -> Result<(), Error> {
        let (column, number) = who.column();
        let sql = format!(
            "INSERT INTO bank_classes ({column}, bank_account_id, class, concerns, detail, since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        );
        let concerns = Concerns {
            lines: placed.lines.clone(),
            withdrawals: placed.withdrawals.clone(),
        };
        let concerns =
            serde_json::to_string(&concerns).map_err(|error| Error::bug(error.to_string()))?;
        let values = (
            number,
            account,
            placed.class.as_str(),
            concerns,
            &placed.detail,
            self.now,
        );
        self.conn.prepare_cached(&sql)?.execute(values)?;
        Ok(())
    }
}
