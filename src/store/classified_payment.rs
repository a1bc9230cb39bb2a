//! Payments, and the class of each against the bank.

use super::{
    AsOf, Error, Tx,
    bank_class::Member,
    db::{Codes, columns},
};
use crate::domain::{
    bank::ClassifiedPayment,
    code::{Code, LineNumber, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    id::{BankAccountId, EventRef, ProjectId},
    matching::{Class, LedgerFacts},
    quantity::Amount,
    status::Means,
    time::Date,
};

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
            WHERE (?1 IS NULL OR y.paid_at <= ?1) AND (y.imported = 0 OR ?2 IS NOT NULL) AND {which} ORDER BY y.number"
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
