//! What was remitted to authorities.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromRow as _, Row, columns, insert, update},
};
use crate::domain::{
    code::{Code, LineNumber, RemittanceNumber},
    currency::Currency,
    decision::Approval,
    id::{BankAccountId, EventId, ProjectRef, RemittanceId},
    journal::TaxEntry,
    matching::Certainty,
    quantity::Amount,
    tax::{
        liability::{NewRemittance, Remittance, TaxItem},
        on_bank::{RemittanceLink, RemittanceOnBank},
    },
    time::Instant,
};

columns! {
    const COLUMNS, fn read: Remittance {
        number: "t.number",
        authority: "t.authority",
        period: "t.period",
        currency: "t.currency",
        amount: "t.amount",
        items: ("(SELECT count(*) FROM tax_remittance_items i WHERE i.remittance_number = t.number)" => read_count),
        reference: "t.reference",
        payment_date: "t.payment_date",
        recorded: (Approval { by: "t.created_by", at: "t.created_at" }),
        // Of the match that a second person decided.
        line: "(SELECT x.line_number FROM bank_match_remittances r JOIN bank_matches m ON m.number = r.match_number
            JOIN bank_match_lines x ON x.match_number = m.number
            WHERE r.remittance_number = t.number AND m.matched_at IS NOT NULL AND (?1 IS NULL OR m.matched_at <= ?1)
              AND (m.ended_at IS NULL OR m.ended_at > ?1))",
        reversed: ("t.reversed_by, t.reversed_at, t.reversal_reason" => read_reversal),
    }
}

fn read_count(row: &mut Row<'_>, _codes: &Codes) -> Result<u64, Error> {
    let count: i64 = row.next()?;
    u64::try_from(count).map_err(|error| Error::bug(error.to_string()))
}

fn read_reversal(row: &mut Row<'_>, codes: &Codes) -> Result<Option<(Approval, String)>, Error> {
    let reversed = Option::<Approval>::from_row(row, codes)?;
    let reason: Option<String> = row.next()?;
    Ok(reversed.zip(reason))
}

/// Shows a remittance as it was at an instant, or `None` if it was not recorded yet.
fn then(mut remittance: Remittance, at: Instant) -> Option<Remittance> {
    if remittance.recorded.at > at {
        return None;
    }
    let later = |(reversed, _): &(Approval, String)| reversed.at > at;
    if remittance.reversed.as_ref().is_some_and(later) {
        remittance.reversed = None;
    }
    Some(remittance)
}

impl Tx<'_> {
    /// Reads a remittance by row number, as it was at an instant; `None` if it was not recorded yet.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn remittance(&mut self, number: i64, as_of: AsOf) -> Result<Option<Remittance>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} FROM tax_remittances t WHERE t.number = ?2");
        let at = as_of.instant();
        let found = self
            .db
            .query_one(&sql, (at, number), |row| read(row, &codes))?;
        Ok(match at {
            None => Some(found),
            Some(at) => then(found, at),
        })
    }

    /// Reads the remittances as of a day, in order of their numbers.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn remittances(&mut self, as_of: AsOf) -> Result<Vec<Remittance>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} FROM tax_remittances t ORDER BY t.number");
        let values = [as_of.instant()];
        let all = self.db.query(&sql, values, |row| read(row, &codes))?;
        Ok(match as_of.instant() {
            None => all,
            Some(at) => all.into_iter().filter_map(|one| then(one, at)).collect(),
        })
    }

    /// Reads what was remitted and taken back as of a day, for a journal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_entries(&mut self, as_of: AsOf) -> Result<Vec<TaxEntry>, Error> {
        let accounts = self.bank_accounts(AsOf::Now)?;
        let mut entries = Vec::new();
        for remittance in self.remittances(as_of)? {
            let paid_from = match remittance.line {
                Some(line) => Some(self.account_of_line(line)?),
                None => None,
            };
            let account = accounts
                .iter()
                .find(|account| Some(account.account.id) == paid_from);
            let authority = Code::parse(&remittance.authority).map_err(|_| Error::Damaged {
                detail: "an authority of `tax_remittances` is not a code".to_owned(),
            })?;
            let entry = TaxEntry {
                at: remittance.recorded.at,
                remittance: remittance.number,
                authority,
                period: remittance.period,
                currency: remittance.currency,
                amount: remittance.amount,
                reference: remittance.reference,
                payment_date: remittance.payment_date,
                account: account.map(|account| account.account.code.clone()),
                reversed: None,
            };
            let reversal = remittance.reversed.map(|(reversed, reason)| TaxEntry {
                at: reversed.at,
                reversed: Some(reason),
                ..entry.clone()
            });
            entries.push(entry);
            entries.extend(reversal);
        }
        entries.sort_by_key(|entry| (entry.at, entry.remittance));
        Ok(entries)
    }

    fn account_of_line(&self, line: LineNumber) -> Result<BankAccountId, Error> {
        const ACCOUNT: &str = "SELECT bank_account_id FROM bank_lines WHERE number = ?1";
        self.db.value(ACCOUNT, [line])
    }

    /// Reads the remittances that were recorded and not taken back as of a day, in order of their
    /// numbers, each with its projects and events and with what shows it on the bank.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn remittances_on_bank(&mut self, as_of: AsOf) -> Result<Vec<RemittanceOnBank>, Error> {
        let remittances = self.remittances(as_of)?.into_iter();
        remittances
            .filter(|remittance| remittance.reversed.is_none())
            .map(|remittance| {
                let (projects, events) = self.paid_for(remittance.number)?;
                Ok(RemittanceOnBank {
                    projects,
                    events,
                    link: self.link_of_remittance(remittance.number, as_of)?,
                    remittance,
                })
            })
            .collect()
    }

    /// Reads the projects whose tax a remittance paid, in order of their codes, and the events.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn paid_for(
        &self,
        remittance: RemittanceNumber,
    ) -> Result<(Vec<ProjectRef>, Vec<EventId>), Error> {
        const OF: &str = "FROM tax_remittance_items ri JOIN tax_items i ON i.number = ri.item_number
            JOIN distribution_events e ON e.id = i.distribution_event_id JOIN projects p ON p.id = e.project_id
            WHERE ri.remittance_number = ?1";
        let codes = Codes::default();
        let sql = format!("SELECT DISTINCT p.id, p.code {OF} ORDER BY p.code");
        let projects = self.db.query(&sql, [remittance], |row| row.read(&codes))?;
        let sql = format!("SELECT DISTINCT e.id {OF} ORDER BY e.id");
        Ok((projects, self.db.values(&sql, [remittance])?))
    }

    /// Reads the match or the proposal that held a remittance as of a day.
    fn link_of_remittance(
        &self,
        remittance: RemittanceNumber,
        as_of: AsOf,
    ) -> Result<Option<RemittanceLink>, Error> {
        const LINK: &str = "SELECT x.line_number, m.bank_account_id, m.matched_at IS NOT NULL AND (?2 IS NULL OR m.matched_at <= ?2),
              m.evidence
            FROM bank_match_remittances r JOIN bank_matches m ON m.number = r.match_number
            JOIN bank_match_lines x ON x.match_number = m.number
            WHERE r.remittance_number = ?1 AND (?2 IS NULL OR m.created_at <= ?2)
              AND (m.ended_at IS NULL OR m.ended_at > ?2)";
        let values = (remittance, as_of.instant());
        self.db.query_optional(LINK, values, |row| {
            let (line, account) = (row.next()?, row.next()?);
            let certainty = if row.next()? {
                Certainty::Matched
            } else {
                Certainty::Proposed
            };
            Ok(RemittanceLink {
                line,
                account,
                certainty,
                evidence: row.next()?,
            })
        })
    }

    /// Reads the authorities that were ever owed tax as of a day, each with the instant of the first,
    /// in order of their codes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_authorities(&mut self, as_of: AsOf) -> Result<Vec<(Code, Instant)>, Error> {
        const AUTHORITIES: &str = "SELECT authority, min(created_at) FROM tax_items
            WHERE ?1 IS NULL OR created_at <= ?1 GROUP BY authority ORDER BY authority";
        self.db.query(AUTHORITIES, [as_of.instant()], |row| {
            Ok((row.next()?, row.next()?))
        })
    }

    /// Finds a remittance that was not taken back by its reference, without regard to case.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn remittance_with(&mut self, reference: &str) -> Result<Option<RemittanceNumber>, Error> {
        const FIND: &str =
            "SELECT number FROM tax_remittances WHERE reference = ?1 AND reversed_at IS NULL";
        self.db.optional_value(FIND, [reference])
    }
}

impl WriteTx<'_> {
    /// Records that items were remitted; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_remittance(
        &mut self,
        new: &NewRemittance<'_>,
        (amount, currency): (Amount, Currency),
        items: &[TaxItem],
    ) -> Result<i64, Error> {
        let number = insert!(self.db, "tax_remittances" {
            "id": self.ids.make::<RemittanceId>(),
            "authority": new.authority,
            "period": new.period,
            "currency": currency,
            "amount": amount,
            "reference": new.reference,
            "payment_date": new.date,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })?;
        for item in items {
            insert!(self.db, "tax_remittance_items" {
                "remittance_number": number,
                "item_number": item.number,
                "live": 1_i64,
            })?;
        }
        Ok(number)
    }

    /// Takes a remittance back: its items are open again.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn reverse_remittance(
        &mut self,
        remittance: &Remittance,
        reason: &str,
    ) -> Result<(), Error> {
        const ITEMS: &str =
            "SELECT number FROM tax_remittance_items WHERE remittance_number = ?1 AND live = 1";
        let number = remittance.number.number();
        self.keep_before("tax_remittances", "number", number)?;
        update!(self.db, "tax_remittances" set {
            "reversed_by": self.actor.user.id,
            "reversed_at": self.now,
            "reversal_reason": reason,
        } where { "number": number, "reversed_at": None::<Instant> })?;
        for item in self.db.values::<i64>(ITEMS, [number])? {
            self.keep_before("tax_remittance_items", "number", item)?;
            update!(self.db, "tax_remittance_items" set { "live": 0_i64 } where {
                "number": item,
                "live": 1_i64,
            })?;
        }
        Ok(())
    }
}
