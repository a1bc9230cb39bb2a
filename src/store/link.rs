//! What bank lines are linked to, and what matching needs to know.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AsOf, Error, Tx, WriteTx,
    bank_class::Member,
    db::{Codes, Row, ToSql, columns, insert, update},
};
use crate::domain::{
    bank::{ClassifiedPayment, Ending, FundAccount},
    code::{Code, LineNumber, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    id::{BankAccountId, EventRef, MatchId, ProjectId, UserRef},
    matching::{
        Certainty, Class, Expected, LedgerFacts, Line, Link, LinkKind, Match, RecordedMatch, Sent,
        SentFile, Setting,
    },
    quantity::Amount,
    reconciliation::SentItem,
    status::Means,
    text,
    time::{Date, Instant},
};

columns! {
    const LINK_COLUMNS, fn read_link: RecordedMatch {
        number: "m.number",
        link: ("m.kind" => memberless),
        tier: "m.tier",
        certainty: ("m.matched_at" => certainty),
    }
}

columns! {
    const LINE_COLUMNS, fn read_line: Line {
        number: "number",
        date: "booking_date",
        value_date: "value_date",
        amount: "amount",
        description: "description",
        reference: "reference",
        bank_id: "bank_id",
        end_to_end: "end_to_end",
        counterparty_name: "counterparty_name",
        counterparty_account: "counterparty_account",
        reversal: "reversal",
    }
}

columns! {
    const EXPECTED_COLUMNS, fn read_expected: Expected {
        withdrawal: "w.number",
        payment: "y.number",
        amount: "coalesce(y.amount, w.requested_amount)",
        date: "coalesce(y.payment_date, f.execution_date, substr(w.approved_at, 1, 10))",
        reference: "y.reference",
        // They are added from all of them, read once.
        end_to_end: ("NULL" = Vec::new()),
        ended_references: ("NULL" = Vec::new()),
        means: "w.means",
        account_number: "w.account_number",
        names: ("h.name, w.account_name" => read_names),
        file: "f.number",
        returned: "coalesce(y.status = 'returned', 0)",
        return_linked: "EXISTS (SELECT 1 FROM bank_match_withdrawals r JOIN bank_matches o ON o.number = r.match_number
            WHERE r.withdrawal_number = w.number AND r.live = 1 AND r.kind = 'return' AND o.matched_at IS NOT NULL)",
        maybe_sent: "coalesce(y.status = 'returned', 0) AND (f.exported_at IS NOT NULL AND f.cancelled_at IS NULL
            OR EXISTS (SELECT 1 FROM bank_match_withdrawals s JOIN bank_matches o ON o.number = s.match_number
              WHERE s.withdrawal_number = w.number AND s.kind = 'payment' AND o.matched_at IS NOT NULL))",
        settled: "EXISTS (SELECT 1 FROM payment_settlements z WHERE z.payment_number = y.number AND z.undone_at IS NULL)",
    }
}

const EXPECTED_FROM: &str =
    "FROM withdrawal_requests w JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
    LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id
    LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1
    LEFT JOIN payment_files f ON f.number = i.file_number";

/// The end-to-end references that payment files gave a withdrawal.
#[derive(Default)]
struct GivenReferences {
    /// Of the item that is in a file.
    live: Vec<String>,
    /// Of items that left their files.
    ended: Vec<String>,
}

fn memberless(row: &mut Row<'_>, _codes: &Codes) -> Result<Link, Error> {
    Ok(Link {
        kind: row.next()?,
        lines: Vec::new(),
        withdrawals: Vec::new(),
    })
}

fn certainty(row: &mut Row<'_>, _codes: &Codes) -> Result<Certainty, Error> {
    Ok(match row.next::<Option<Instant>>()? {
        Some(_) => Certainty::Matched,
        None => Certainty::Proposed,
    })
}

fn read_names(row: &mut Row<'_>, _codes: &Codes) -> Result<Vec<String>, Error> {
    let mut names = vec![row.next::<String>()?];
    names.extend(row.next::<Option<String>>()?);
    Ok(names)
}

/// A payment, and what the ledger has of it on the bank's side.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; any of them may go with any other"
)]
struct StoredPayment {
    payment: PaymentNumber,
    withdrawal: WithdrawalNumber,
    holder: Code,
    event: EventRef,
    project: ProjectId,
    amount: Amount,
    currency: Currency,
    date: Date,
    returned: bool,
    credit: bool,
    maybe_sent: bool,
    settled: bool,
    means: Means,
    link: Option<i64>,
    linked_account: Option<BankAccountId>,
    matched: bool,
    evidence: Option<String>,
    file_account: Option<BankAccountId>,
}

columns! {
    const PAYMENT_COLUMNS, fn read_payment: StoredPayment {
        payment: "y.number",
        withdrawal: "w.number",
        holder: "h.code",
        event: (EventRef { id: "y.distribution_event_id", code: "e.code" }),
        project: "y.project_id",
        amount: "y.amount",
        currency: "y.currency",
        date: "coalesce((SELECT e.payment_date FROM distribution_payments_history e WHERE ?1 IS NOT NULL AND e.number = y.number
            AND e.superseded_at > ?1 ORDER BY e.superseded_at LIMIT 1), y.payment_date)",
        returned: "(y.returned_at IS NOT NULL AND (?1 IS NULL OR y.returned_at <= ?1))
            OR EXISTS (SELECT 1 FROM distribution_payments_history e WHERE ?1 IS NOT NULL AND e.number = y.number
              AND e.returned_at <= ?1 AND e.superseded_at > ?1)",
        credit: "EXISTS (SELECT 1 FROM bank_match_withdrawals r JOIN bank_matches o ON o.number = r.match_number
            WHERE r.withdrawal_number = w.number AND r.kind = 'return' AND o.matched_at IS NOT NULL
              AND (?1 IS NULL OR o.matched_at <= ?1) AND (o.ended_at IS NULL OR o.ended_at > ?1))",
        // Only what is returned is asked for it.
        maybe_sent: "(y.returned_at IS NOT NULL OR EXISTS (SELECT 1 FROM distribution_payments_history e WHERE e.number = y.number))
            AND (EXISTS (SELECT 1 FROM bank_match_withdrawals s JOIN bank_matches o ON o.number = s.match_number
              WHERE s.withdrawal_number = w.number AND s.kind = 'payment' AND o.matched_at IS NOT NULL
                AND (?1 IS NULL OR o.matched_at <= ?1))
            OR EXISTS (SELECT 1 FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
              WHERE i.withdrawal_number = w.number AND f.exported_at IS NOT NULL AND (?1 IS NULL OR f.exported_at <= ?1)
                AND (i.ended_at IS NULL OR i.ended_at > ?1) AND (f.cancelled_at IS NULL OR f.cancelled_at > ?1)))",
        settled: "EXISTS (SELECT 1 FROM payment_settlements z WHERE z.payment_number = y.number
            AND (?1 IS NULL OR z.settled_at <= ?1) AND (z.undone_at IS NULL OR z.undone_at > ?1))",
        means: "w.means",
        link: "m.number",
        linked_account: "m.bank_account_id",
        matched: "m.matched_at IS NOT NULL AND (?1 IS NULL OR m.matched_at <= ?1)",
        evidence: "m.evidence",
        file_account: "(SELECT f.bank_account_id FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
            WHERE i.withdrawal_number = w.number AND (?1 IS NULL OR f.created_at <= ?1)
              AND (i.ended_at IS NULL OR i.ended_at > ?1))",
    }
}

impl Tx<'_> {
    /// Reads the matches of an account that have not ended.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn live_matches(&mut self, account: BankAccountId) -> Result<Vec<RecordedMatch>, Error> {
        self.links("m.bank_account_id = ?1 AND m.ended_at IS NULL", account)
    }

    /// Reads what a user rejected or took back on an account: no reconciliation makes it again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn rejected_links(&mut self, account: BankAccountId) -> Result<Vec<Link>, Error> {
        let links = self.links(
            "m.bank_account_id = ?1 AND m.ended_as IN ('rejected', 'unmatched')",
            account,
        )?;
        Ok(links.into_iter().map(|recorded| recorded.link).collect())
    }

    /// Reads the proposals of other accounts, which wait to be decided.
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

    /// Finds which of some references a payment already has.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn used_references<'r>(
        &mut self,
        references: impl Iterator<Item = &'r str>,
    ) -> Result<BTreeSet<String>, Error> {
        const USED: &str = "SELECT 1 FROM distribution_payments WHERE reference = ?1";
        let mut find = self.db.statement(USED)?;
        let mut used = BTreeSet::new();
        for reference in references {
            if find.query_optional([reference], |_| Ok(()))?.is_some() {
                used.insert(text::folded(reference));
            }
        }
        Ok(used)
    }

    /// Reads the match that holds a line.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn match_of_line(&mut self, line: LineNumber) -> Result<Option<RecordedMatch>, Error> {
        let which = "m.number = (SELECT match_number FROM bank_match_lines WHERE line_number = ?1 AND live = 1)";
        Ok(self.links(which, line)?.pop())
    }

    /// Reads the match of a kind that holds a withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
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
        Ok(self.links(&which, withdrawal)?.pop())
    }

    fn links(&self, which: &str, value: impl ToSql) -> Result<Vec<RecordedMatch>, Error> {
        let codes = Codes::default();
        let sql =
            format!("SELECT {LINK_COLUMNS} FROM bank_matches m WHERE {which} ORDER BY m.number");
        let mut links = self
            .db
            .query(&sql, [&value], |row| read_link(row, &codes))?;
        // Without links, as is usual for rejected ones, their members need no search.
        if links.is_empty() {
            return Ok(links);
        }
        let members = |table: &str, column: &str| {
            format!(
                "SELECT x.match_number, x.{column} FROM {table} x
                 JOIN bank_matches m ON m.number = x.match_number WHERE {which} ORDER BY x.number"
            )
        };
        let mut add = |sql: &str, add: fn(&mut Link, i64)| {
            self.db.each(sql, [&value], |row| {
                let (number, member): (i64, i64) = (row.next()?, row.next()?);
                let at = links
                    .binary_search_by_key(&number, |recorded| recorded.number)
                    .ok();
                if let Some(recorded) = at.and_then(|at| links.get_mut(at)) {
                    add(&mut recorded.link, member);
                }
                Ok::<_, Error>(())
            })
        };
        add(&members("bank_match_lines", "line_number"), |link, line| {
            link.lines.push(LineNumber::new(line));
        })?;
        add(
            &members("bank_match_withdrawals", "withdrawal_number"),
            |link, withdrawal| link.withdrawals.push(WithdrawalNumber::new(withdrawal)),
        )?;
        Ok(links)
    }

    /// Reads an account's lines as matching uses them, up to a booking date.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn lines_to_match(
        &mut self,
        account: BankAccountId,
        through: Option<Date>,
    ) -> Result<Vec<Line>, Error> {
        let codes = Codes::default();
        let sql = format!(
            "SELECT {LINE_COLUMNS} FROM bank_lines
            WHERE bank_account_id = ?1 AND (?2 IS NULL OR booking_date <= ?2)
              AND statement_number NOT IN (SELECT number FROM bank_statements WHERE voided_at IS NOT NULL)
            ORDER BY number"
        );
        self.db
            .query(&sql, (account, through), |row| read_line(row, &codes))
    }

    /// Reads what the ledger expects on an account: what its payment files hold, what is linked to
    /// it, and what no other account must pay. `through` leaves later payments out.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn expected(
        &mut self,
        account: &FundAccount,
        through: Option<Date>,
    ) -> Result<Vec<Expected>, Error> {
        // What is not a transfer is looked for once it is recorded: a cheque by its number.
        const WHICH: &str = "w.status IN ('approved', 'paid', 'returned') AND w.currency = ?1
              AND (w.means = 'transfer' OR y.number IS NOT NULL)
              AND CASE WHEN m.number IS NOT NULL THEN m.bank_account_id = ?2
                       WHEN f.number IS NOT NULL THEN f.bank_account_id = ?2
                       WHEN ?3 IS NOT NULL THEN w.project_id = ?3
                       ELSE NOT EXISTS (SELECT 1 FROM bank_accounts b
                                        WHERE b.project_id = w.project_id AND b.currency = w.currency) END";
        let sql = format!(
            "SELECT {EXPECTED_COLUMNS} {EXPECTED_FROM}
            LEFT JOIN bank_match_withdrawals mw ON mw.withdrawal_number = w.number AND mw.live = 1 AND mw.kind = 'payment'
            LEFT JOIN bank_matches m ON m.number = mw.match_number AND m.matched_at IS NOT NULL
            WHERE {WHICH} ORDER BY w.number"
        );
        let codes = Codes::default();
        let mut references = self.end_to_end_references()?;
        let project = account.project.as_ref().map(|project| project.id);
        let values = (account.currency, account.account.id, project);
        let mut expected = self.db.query(&sql, values, |row| {
            let mut expected = read_expected(row, &codes)?;
            let given = references.remove(&expected.withdrawal).unwrap_or_default();
            expected.end_to_end = given.live;
            expected.ended_references = given.ended;
            Ok(expected)
        })?;
        if let Some(through) = through {
            expected.retain(|expected| expected.date <= through);
        }
        Ok(expected)
    }

    fn end_to_end_references(&self) -> Result<BTreeMap<WithdrawalNumber, GivenReferences>, Error> {
        const ALL: &str =
            "SELECT withdrawal_number, live, end_to_end FROM payment_file_items ORDER BY number";
        let mut references: BTreeMap<WithdrawalNumber, GivenReferences> = BTreeMap::new();
        self.db.each(ALL, (), |row| {
            let given = references.entry(row.next()?).or_default();
            if row.next()? {
                given.live.push(row.next()?);
            } else {
                given.ended.push(row.next()?);
            }
            Ok::<_, Error>(())
        })?;
        Ok(references)
    }

    /// Reads what a run or an explanation knows of an account next to its lines and to what is
    /// expected on it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn setting(&mut self, account: &FundAccount) -> Result<Setting, Error> {
        const NUMBERS: &str = "SELECT account_number FROM holder_accounts
            WHERE account_number IS NOT NULL AND (length(account_number) <> 10 OR account_number GLOB '*[^0-9]*')
            UNION SELECT account_number FROM bank_accounts WHERE length(account_number) >= 6";
        const FILES: &str =
            "SELECT number, message_id, execution_date, exported_at IS NOT NULL FROM payment_files
            WHERE bank_account_id = ?1 ORDER BY number";
        let mut setting = Setting::new(account.bank.account_number.clone());
        setting.known_numbers = self.db.values(NUMBERS, ())?.into_iter().collect();
        let files = self.db.query(FILES, [account.account.id], |row| {
            let number = row.next()?;
            let (message_id, execution_date) = (row.next()?, row.next()?);
            let sent = if row.next()? {
                Sent::Exported
            } else {
                Sent::NotExported
            };
            Ok((
                number,
                SentFile {
                    message_id,
                    execution_date,
                    sent,
                },
            ))
        })?;
        setting.files = files.into_iter().collect();
        Ok(setting)
    }

    /// Reads the items of exported payment files that the last runs left as sent and not on the bank,
    /// in the order of their withdrawals.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn sent_items(&mut self, as_of: AsOf) -> Result<Vec<SentItem>, Error> {
        const SENT: &str = "SELECT w.number, f.number, i.holder_code, w.distribution_event_id, s.bank_account_id, i.amount,
              f.currency, f.execution_date, s.detail
            FROM bank_classes s JOIN withdrawal_requests w ON w.number = s.withdrawal_number
            JOIN payment_file_items i ON i.withdrawal_number = w.number AND (i.ended_at IS NULL OR i.ended_at > ?1)
            JOIN payment_files f ON f.number = i.file_number AND (?1 IS NULL OR f.exported_at <= ?1)
            WHERE s.class = 'sent_not_on_bank' AND (?1 IS NULL OR s.since <= ?1)
              AND NOT EXISTS (SELECT 1 FROM bank_classes n WHERE n.withdrawal_number = s.withdrawal_number
                AND n.bank_account_id = s.bank_account_id AND n.number > s.number AND (?1 IS NULL OR n.since <= ?1))
              AND (w.paid_at IS NULL OR w.paid_at > ?1) AND (w.cancelled_at IS NULL OR w.cancelled_at > ?1)
              AND NOT EXISTS (SELECT 1 FROM bank_match_withdrawals x JOIN bank_matches m ON m.number = x.match_number
                WHERE x.withdrawal_number = w.number AND (?1 IS NULL OR m.created_at <= ?1)
                  AND (m.ended_at IS NULL OR m.ended_at > ?1))
            ORDER BY w.number";
        self.db.query(SENT, [as_of.instant()], |row| {
            Ok(SentItem {
                withdrawal: row.next()?,
                file: row.next()?,
                holder: row.next()?,
                event: row.next()?,
                account: row.next()?,
                amount: row.next()?,
                currency: row.next()?,
                execution_date: row.next()?,
                detail: row.next()?,
            })
        })
    }

    /// Reads one withdrawal as matching expects it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn expected_one(&mut self, number: WithdrawalNumber) -> Result<Expected, Error> {
        const REFERENCES: &str = "SELECT live, end_to_end FROM payment_file_items WHERE withdrawal_number = ?1 ORDER BY number";
        let codes = Codes::default();
        let sql = format!("SELECT {EXPECTED_COLUMNS} {EXPECTED_FROM} WHERE w.number = ?1");
        let mut expected = self
            .db
            .query_one(&sql, [number], |row| read_expected(row, &codes))?;
        self.db.each(REFERENCES, [number], |row| {
            if row.next()? {
                expected.end_to_end.push(row.next()?);
            } else {
                expected.ended_references.push(row.next()?);
            }
            Ok::<_, Error>(())
        })?;
        Ok(expected)
    }

    /// Reads who had a hand in paying a withdrawal: who created and who first exported the payment
    /// files that had it, and who recorded its payment.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn hands_in_payment(&mut self, number: WithdrawalNumber) -> Result<Vec<UserRef>, Error> {
        const HANDS: &str = "SELECT f.created_by FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
              WHERE i.withdrawal_number = ?1
            UNION SELECT l.performed_by FROM payment_file_items i JOIN distribution_activity_log l
              ON l.activity_type = 'payment_file_exported' AND l.outcome = 'done'
              AND l.changes_summary ->> '$.file' = 'F-' || printf('%06d', i.file_number)
              WHERE i.withdrawal_number = ?1
            UNION SELECT paid_by FROM withdrawal_requests WHERE number = ?1 AND paid_by IS NOT NULL";
        let codes = self.codes()?;
        self.db.query(HANDS, [number], |row| row.read(&codes))
    }

    /// Reads the payments that were in the ledger, in order of their numbers, and the class of each
    /// against the bank.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn classified_payments(&mut self, as_of: AsOf) -> Result<Vec<ClassifiedPayment>, Error> {
        self.payments_with_class(as_of, None)
    }

    /// Reads one payment with its present class against the bank.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn classified_payment(
        &mut self,
        payment: PaymentNumber,
    ) -> Result<ClassifiedPayment, Error> {
        let missing = || Error::bug("a payment that was just read is not there");
        self.payments_with_class(AsOf::Now, Some(payment))?
            .pop()
            .ok_or_else(missing)
    }

    fn payments_with_class(
        &mut self,
        as_of: AsOf,
        one: Option<PaymentNumber>,
    ) -> Result<Vec<ClassifiedPayment>, Error> {
        let which = match one {
            Some(_) => "y.number = ?2",
            None => "?2 IS NULL",
        };
        let codes = Codes::default();
        let sql = format!(
            "SELECT {PAYMENT_COLUMNS}
            FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
            JOIN distribution_events e ON e.id = y.distribution_event_id
            JOIN lp_token_holders h ON h.id = y.lp_token_holder_id
            LEFT JOIN bank_matches m ON m.number = (SELECT x.number FROM bank_match_withdrawals mw
                JOIN bank_matches x ON x.number = mw.match_number
                WHERE mw.withdrawal_number = w.number AND mw.kind = 'payment' AND (?1 IS NULL OR x.created_at <= ?1)
                  AND (x.ended_at IS NULL OR x.ended_at > ?1))
            WHERE (?1 IS NULL OR y.paid_at <= ?1) AND {which} ORDER BY y.number"
        );
        self.db.query(&sql, (as_of.instant(), one), |row| {
            self.with_class(read_payment(row, &codes)?, as_of)
        })
    }

    fn with_class(&self, stored: StoredPayment, as_of: AsOf) -> Result<ClassifiedPayment, Error> {
        let facts = LedgerFacts {
            payment: Some(stored.payment),
            returned: stored.returned,
            credit: stored.credit,
            maybe_sent: stored.maybe_sent,
            settled: stored.settled,
            means: stored.means,
        };
        let (class, lines, detail) = match stored.link {
            Some(link) => {
                let (lines, withdrawals) = self.link_size(link)?;
                let class = match stored.matched {
                    false => Class::Proposed,
                    true if facts.credit => Class::Returned,
                    true if facts.returned && facts.settled => Class::Settled,
                    true if facts.returned => Class::ReturnedUnproven,
                    true if lines.len() == 1 && withdrawals == 1 => Class::Matched,
                    true => Class::MatchedGroup,
                };
                (class, lines, stored.evidence)
            }
            None => self.unmatched(stored.withdrawal, facts, as_of)?,
        };
        Ok(ClassifiedPayment {
            payment: stored.payment,
            withdrawal: stored.withdrawal,
            holder: stored.holder,
            event: stored.event,
            project: stored.project,
            account: stored.linked_account.or(stored.file_account),
            amount: stored.amount,
            currency: stored.currency,
            means: stored.means,
            date: stored.date,
            class,
            lines,
            detail,
        })
    }

    /// Returns the class of a payment whose debit is not matched, with the lines that it concerns and
    /// why: what the last run found about a line, or else what the ledger knows.
    fn unmatched(
        &self,
        withdrawal: WithdrawalNumber,
        facts: LedgerFacts,
        as_of: AsOf,
    ) -> Result<(Class, Vec<LineNumber>, Option<String>), Error> {
        let class = Class::unmatched(facts);
        let found = self.last_class(Member::Withdrawal(withdrawal), None, as_of)?;
        Ok(match found {
            Some(found)
                if found.class == class || !(facts.credit || found.class.is_of_ledger()) =>
            {
                (found.class, found.concerns.lines, found.detail)
            }
            Some(_) | None => (class, Vec::new(), None),
        })
    }

    /// Reads the lines of a link, and counts its withdrawals.
    fn link_size(&self, link: i64) -> Result<(Vec<LineNumber>, i64), Error> {
        const LINES: &str =
            "SELECT line_number FROM bank_match_lines WHERE match_number = ?1 ORDER BY line_number";
        const WITHDRAWALS: &str =
            "SELECT count(*) FROM bank_match_withdrawals WHERE match_number = ?1";
        let lines = self.db.values(LINES, [link])?;
        Ok((lines, self.db.value(WITHDRAWALS, [link])?))
    }
}

impl WriteTx<'_> {
    /// Records a match; returns its row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_match(&mut self, account: BankAccountId, new: &Match) -> Result<i64, Error> {
        let Match {
            link,
            tier,
            certainty,
            evidence,
        } = new;
        let by = self.actor.user.id;
        let matched = (*certainty == Certainty::Matched).then_some((by, self.now));
        let number = insert!(self.db, "bank_matches" {
            "id": self.ids.make::<MatchId>(),
            "bank_account_id": account,
            "kind": link.kind,
            "tier": tier,
            "evidence": evidence,
            "created_by": by,
            "created_at": self.now,
            "matched_by": matched.map(|(by, _)| by),
            "matched_at": matched.map(|(_, at)| at),
        })?;
        for line in &link.lines {
            insert!(self.db, "bank_match_lines" {
                "match_number": number,
                "line_number": line,
                "live": true,
            })?;
        }
        for withdrawal in &link.withdrawals {
            insert!(self.db, "bank_match_withdrawals" {
                "match_number": number,
                "withdrawal_number": withdrawal,
                "kind": link.kind,
                "live": true,
            })?;
        }
        Ok(number)
    }

    /// Confirms a proposal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn confirm_match(&mut self, number: i64) -> Result<(), Error> {
        let never = None::<Instant>;
        update!(self.db, "bank_matches" set {
            "matched_by": self.actor.user.id,
            "matched_at": self.now,
        } where { "number": number, "matched_at": never, "ended_at": never })
    }

    /// Ends a match: its lines and withdrawals are free again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn end_match(&mut self, number: i64, ending: Ending) -> Result<(), Error> {
        update!(self.db, "bank_matches" set {
            "ended_at": self.now,
            "ended_as": ending,
        } where { "number": number, "ended_at": None::<Instant> })?;
        for table in ["bank_match_lines", "bank_match_withdrawals"] {
            self.keep_before(table, "match_number", number)?;
            let sql = format!("UPDATE {table} SET live = 0 WHERE match_number = ?1 AND live = 1");
            self.db.execute(&sql, [number])?;
        }
        Ok(())
    }
}
