//! What waits on the bank accounts of the fund.

use super::{Counted, LOOKED_AT, MOST, ended_early};
use crate::domain::{
    bank::{FundAccount, class_before_run},
    matching::{Class, LineKind},
    payment::PaymentStatus,
    quantity::Amount,
    signed::Signed,
    time::{Date, Instant},
    withdrawal::Means,
    work::{OpenWork, WorkKind},
};
use crate::store::{AsOf, Error, Tx, db::ToSql};

/// After how many days without a statement an account waits for one.
const STATEMENT_DAYS: i64 = 31;

/// The last run over all days of an account.
#[derive(Default)]
struct LastRun {
    last_line: i64,
    first_line: Option<i64>,
    first_withdrawal: Option<i64>,
    run_at: Option<Instant>,
}

impl Tx<'_> {
    /// Lists what waits on an account.
    pub(super) fn account_work(
        &mut self,
        account: &FundAccount,
        today: Date,
        work: &mut Vec<OpenWork>,
    ) -> Result<(), Error> {
        const STATEMENT: &str =
            "SELECT max(coalesce(date_to, substr(imported_at, 1, 10))) FROM bank_statements
            WHERE bank_account_id = ?1 AND voided_at IS NULL";
        const UNSEEN: &str = "SELECT count(*) FROM (SELECT 1 FROM bank_lines l
              JOIN bank_statements s ON s.number = l.statement_number AND s.voided_at IS NULL
            WHERE l.number > (SELECT coalesce(max(last_line), 0) FROM bank_reconciliations
                              WHERE bank_account_id = ?1 AND through IS NULL)
              AND l.bank_account_id = ?1 LIMIT ?2)";
        let of_account = |kind| OpenWork {
            about: Some(account.account.code.to_string()),
            project: account.project.as_ref().map(|project| project.code.clone()),
            ..OpenWork::new(kind)
        };
        let id = account.account.id;
        let statement: Option<Date> = self.db.value(STATEMENT, [id])?;
        let since = statement.unwrap_or_else(|| account.created_at.date());
        let days = today.signed_duration_since(since).num_days();
        if statement.is_none() || days > STATEMENT_DAYS {
            work.push(OpenWork {
                since: Some(since),
                ..of_account(WorkKind::ImportStatement)
            });
        }
        let values: &[&dyn ToSql] = &[&id, &MOST];
        let unseen: i64 = self.db.value(UNSEEN, values)?;
        if unseen > 0 {
            work.push(OpenWork {
                count: unseen,
                extent: ended_early(unseen, MOST),
                ..of_account(WorkKind::Reconcile).since(self.last_reconciled(id, AsOf::Now)?)
            });
        }
        let proposed = self.proposed(account)?;
        work.extend(proposed.work(of_account(WorkKind::ConfirmMatches), account.currency));
        let lines = self.left_lines(account)?;
        work.extend(lines.work(of_account(WorkKind::SettleLines), account.currency));
        let payments = self.left_payments(account)?;
        work.extend(payments.work(of_account(WorkKind::SettlePayments), account.currency));
        Ok(())
    }

    /// Counts the lines of the matches that are proposed on an account.
    fn proposed(&mut self, account: &FundAccount) -> Result<Counted, Error> {
        const PROPOSED: &str = "SELECT l.amount, m.created_at
            FROM (SELECT number, created_at FROM bank_matches WHERE bank_account_id = ?1
              AND matched_at IS NULL AND ended_at IS NULL ORDER BY number DESC LIMIT ?2) m
            JOIN bank_match_lines x ON x.match_number = m.number AND x.live = 1
            JOIN bank_lines l ON l.number = x.line_number";
        let mut counted = Counted::default();
        let values: &[&dyn ToSql] = &[&account.account.id, &MOST];
        self.db.each(PROPOSED, values, |row| {
            let amount: Signed = row.next()?;
            counted.add(amount.magnitude(), row.next()?)
        })?;
        counted.extent = ended_early(counted.tally.count, MOST);
        Ok(counted)
    }

    /// Counts the lines that runs over an account left, and those that somebody freed since.
    fn left_lines(&mut self, account: &FundAccount) -> Result<Counted, Error> {
        // Of a line that no match holds: its amount, what its words are, and its last class.
        const LINES: &str = "SELECT l.number, l.amount, l.kind, l.booking_date, (SELECT c.class FROM bank_classes c
              WHERE c.line_number = l.number ORDER BY c.number DESC LIMIT 1)
            FROM (SELECT number FROM (SELECT number FROM bank_lines WHERE number >= ?2 AND number <= ?3
                    AND bank_account_id = ?1 ORDER BY number DESC LIMIT ?4)
                  UNION SELECT line_number FROM (SELECT s.line_number FROM bank_classes s
                    WHERE s.bank_account_id = ?1 AND class <> 'awaited' AND class <> 'fee_tax_levy'
                      AND class <> 'resolved' AND class <> 'void' AND class <> 'off_bank' AND class <> 'settled'
                      AND class <> 'never_sent' AND class <> 'returned' AND class <> 'cheque_outstanding'
                    ORDER BY s.number DESC LIMIT ?4)) x
            JOIN bank_lines l ON l.number = x.number
            JOIN bank_statements t ON t.number = l.statement_number AND t.voided_at IS NULL
            WHERE NOT EXISTS (SELECT 1 FROM bank_match_lines m WHERE m.line_number = l.number AND m.live = 1)";
        let run = self.last_run(account)?;
        let mut counted = Counted::default();
        let mut looked_at = 0;
        let first = run.first_line.unwrap_or(i64::MAX);
        let values: &[&dyn ToSql] = &[&account.account.id, &first, &run.last_line, &LOOKED_AT];
        self.db.each(LINES, values, |row| {
            looked_at += 1;
            let (_, amount): (i64, Signed) = (row.next()?, row.next()?);
            let (kind, date): (LineKind, Date) = (row.next()?, row.next()?);
            let class: Option<Class> = row.next()?;
            if class
                .unwrap_or_else(|| class_before_run(amount, kind))
                .is_left()
            {
                counted.add(amount.magnitude(), Instant::start_of(date))?;
            }
            Ok::<_, Error>(())
        })?;
        counted.extent = ended_early(looked_at, LOOKED_AT);
        Ok(counted)
    }

    /// Counts the recorded payments that the last run over an account left.
    fn left_payments(&mut self, account: &FundAccount) -> Result<Counted, Error> {
        const PAYMENTS: &str = "SELECT y.amount, y.paid_at, y.status, w.means, (SELECT c.class FROM bank_classes c
              WHERE c.withdrawal_number = w.number AND c.bank_account_id = ?1 ORDER BY c.number DESC LIMIT 1)
            FROM (SELECT number, id, currency, project_id, means FROM withdrawal_requests
                  WHERE number >= ?2 ORDER BY number DESC LIMIT ?4) w
            CROSS JOIN distribution_payments y ON y.withdrawal_request_id = w.id
            LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number AND i.live = 1
            LEFT JOIN payment_files f ON f.number = i.file_number
            WHERE w.currency = ?3 AND y.paid_at <= ?5 AND y.imported = 0
              AND CASE WHEN f.number IS NOT NULL THEN f.bank_account_id = ?1
                       WHEN ?6 IS NOT NULL THEN w.project_id = ?6
                       ELSE NOT EXISTS (SELECT 1 FROM bank_accounts b
                                        WHERE b.project_id = w.project_id AND b.currency = w.currency) END
              AND NOT EXISTS (SELECT 1 FROM bank_match_withdrawals x
                              WHERE x.withdrawal_number = w.number AND x.live = 1 AND x.kind = 'payment')
              AND NOT EXISTS (SELECT 1 FROM payment_settlements z
                              WHERE z.payment_number = y.number AND z.undone_at IS NULL)";
        let run = self.last_run(account)?;
        let mut counted = Counted::default();
        let (Some(first), Some(run_at)) = (run.first_withdrawal, run.run_at) else {
            return Ok(counted);
        };
        let project = account.project.as_ref().map(|project| project.id);
        let id = account.account.id;
        let values: &[&dyn ToSql] = &[
            &id,
            &first,
            &account.currency,
            &LOOKED_AT,
            &run_at,
            &project,
        ];
        let mut looked_at = 0;
        self.db.each(PAYMENTS, values, |row| {
            looked_at += 1;
            let (amount, paid_at): (Amount, Instant) = (row.next()?, row.next()?);
            let is_recorded = row.next::<PaymentStatus>()? == PaymentStatus::Recorded;
            let means: Means = row.next()?;
            let class: Option<Class> = row.next()?;
            let is_left = match class {
                Some(class) => class.is_left(),
                None => is_recorded && means == Means::Transfer,
            };
            if is_left {
                counted.add(amount.widen(), Some(paid_at))?;
            }
            Ok::<_, Error>(())
        })?;
        counted.extent = ended_early(looked_at, LOOKED_AT);
        Ok(counted)
    }

    /// Reads what the last run over all days of an account left.
    fn last_run(&self, account: &FundAccount) -> Result<LastRun, Error> {
        const RUN: &str = "SELECT last_line, first_left_line, first_left_withdrawal, run_at FROM bank_reconciliations
            WHERE bank_account_id = ?1 AND through IS NULL ORDER BY number DESC LIMIT 1";
        let run = self.db.query_optional(RUN, [account.account.id], |row| {
            Ok(LastRun {
                last_line: row.next()?,
                first_line: row.next()?,
                first_withdrawal: row.next()?,
                run_at: row.next()?,
            })
        })?;
        Ok(run.unwrap_or_default())
    }
}
