//! What bank lines are linked to, and what matching needs to know.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, Row, ToSql, columns, insert, update},
};
use crate::domain::{
    bank::{Ending, FundAccount},
    code::{LineNumber, RemittanceNumber, WithdrawalNumber},
    id::{BankAccountId, MatchId, UserRef},
    matching::{
        Certainty, ChargingBank, Line, Link, LinkKind, Match, RecordedMatch, Sent, SentFile,
        Setting,
    },
    reconciliation::SentItem,
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

fn memberless(row: &mut Row<'_>, _codes: &Codes) -> Result<Link, Error> {
    Ok(Link {
        kind: row.next()?,
        lines: Vec::new(),
        withdrawals: Vec::new(),
        remittance: None,
    })
}

fn certainty(row: &mut Row<'_>, _codes: &Codes) -> Result<Certainty, Error> {
    Ok(match row.next::<Option<Instant>>()? {
        Some(_) => Certainty::Matched,
        None => Certainty::Proposed,
    })
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

    /// Reads the match or the proposal that holds a remittance.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn match_of_remittance(
        &mut self,
        remittance: RemittanceNumber,
    ) -> Result<Option<RecordedMatch>, Error> {
        let which = "m.number = (SELECT match_number FROM bank_match_remittances
             WHERE remittance_number = ?1 AND live = 1)";
        Ok(self.links(which, remittance)?.pop())
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
        add(
            &members("bank_match_remittances", "remittance_number"),
            |link, remittance| link.remittance = Some(RemittanceNumber::new(remittance)),
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
        setting.bank = ChargingBank {
            name: account.bank.bank_name.clone(),
            code: account.bank.bank_code.clone(),
        };
        let rules = self.bank_rules(account.account.id, AsOf::Now)?;
        setting.rules = rules.into_iter().map(|rule| rule.rule).collect();
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
        if let Some(remittance) = link.remittance {
            insert!(self.db, "bank_match_remittances" {
                "match_number": number,
                "remittance_number": remittance,
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

    /// Ends a match: its lines, withdrawals and remittance are free again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn end_match(&mut self, number: i64, ending: Ending) -> Result<(), Error> {
        update!(self.db, "bank_matches" set {
            "ended_at": self.now,
            "ended_as": ending,
        } where { "number": number, "ended_at": None::<Instant> })?;
        for table in [
            "bank_match_lines",
            "bank_match_withdrawals",
            "bank_match_remittances",
        ] {
            self.keep_before(table, "match_number", number)?;
            let sql = format!("UPDATE {table} SET live = 0 WHERE match_number = ?1 AND live = 1");
            self.db.execute(&sql, [number])?;
        }
        Ok(())
    }
}
