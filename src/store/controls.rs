//! The exceptions of the ledger: one query for each kind.

use super::{Error, Tx, db::Row};
use crate::domain::{
    code::Code,
    control::{Exception, ExceptionKind},
    currency::Currency,
    signed::Signed,
    time::Instant,
};

/// The instants between which something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The first one.
    pub from: Option<Instant>,
    /// The last one.
    pub to: Option<Instant>,
}

/// A kind and the query that finds it. Each has the same columns: when, by whom (a code), the
/// subject as a text or as letter and number, amount, currency, detail, and another user's code. What
/// is found depends on nothing that came after `at`, so that a printed month never changes.
struct Kind {
    kind: ExceptionKind,
    sql: &'static str,
}

/// Every kind. A later one is a line here.
const KINDS: &[Kind] = &[
    Kind {
        kind: ExceptionKind::Confirmed,
        sql: "SELECT l.created_at AS at, u.code,
              coalesce(l.changes_summary ->> '$.event', l.changes_summary ->> '$.project', l.activity_type),
              NULL, NULL, l.changes_summary ->> '$.total_amount', l.changes_summary ->> '$.currency',
              l.changes_summary ->> '$.confirmed', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.outcome = 'done' AND l.changes_summary LIKE '%\"confirmed\":%'",
    },
    Kind {
        kind: ExceptionKind::OddPayment,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency',
              l.changes_summary ->> '$.odd', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.outcome = 'done' AND l.activity_type = 'payment_recorded'
              AND l.changes_summary LIKE '%\"odd\":%'",
    },
    Kind {
        kind: ExceptionKind::ReturnWithoutCredit,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency',
              l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.outcome = 'done' AND l.activity_type = 'payment_returned'
              AND l.changes_summary ->> '$.proof' = 'none'",
    },
    Kind {
        kind: ExceptionKind::PaymentCorrected,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency',
              l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.outcome = 'done' AND l.activity_type = 'payment_corrected'",
    },
    Kind {
        kind: ExceptionKind::PaymentSettled,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency',
              l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.outcome = 'done' AND l.activity_type = 'payment_settled'",
    },
    Kind {
        kind: ExceptionKind::FileCancelledAfterExport,
        sql: "SELECT f.cancelled_at AS at, u.code, NULL, 'F', f.number, f.total, f.currency,
              f.cancellation_reason, x.code
            FROM payment_files f JOIN users u ON u.id = f.cancelled_by JOIN users x ON x.id = f.exported_by
            WHERE f.exported_at < f.cancelled_at",
    },
    Kind {
        kind: ExceptionKind::AccountChangedBeforePayment,
        sql: "SELECT y.paid_at AS at, u.code, NULL, 'P', y.number, y.amount, y.currency,
              'account of ' || h.code || ' set on ' || substr(c.bank_changed_at, 1, 10), x.code
            FROM distribution_payments y JOIN users u ON u.id = y.paid_by
            JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
            JOIN lp_token_holders h ON h.id = y.lp_token_holder_id
            JOIN (SELECT number, bank_changed_by, bank_changed_at, updated_at, '9999' AS superseded_at
                    FROM holder_accounts
                  UNION ALL SELECT number, bank_changed_by, bank_changed_at, updated_at, superseded_at
                    FROM holder_accounts_history) c
              ON c.number = w.holder_account_number AND c.updated_at <= w.created_at
                AND c.superseded_at > w.created_at
            JOIN users x ON x.id = c.bank_changed_by
            WHERE julianday(y.paid_at) - julianday(c.bank_changed_at) <= 30",
    },
    Kind {
        kind: ExceptionKind::SharedAccount,
        sql: "WITH states AS (
              SELECT number, lp_token_holder_id, account_number, bank_changed_by, bank_changed_at, removed_at,
                updated_at, '9999' AS superseded_at FROM holder_accounts
              UNION ALL SELECT number, lp_token_holder_id, account_number, bank_changed_by, bank_changed_at,
                removed_at, updated_at, superseded_at FROM holder_accounts_history)
            SELECT DISTINCT b.bank_changed_at AS at, u.code, h.code, NULL, NULL, NULL, NULL,
              'same account as ' || o.code, NULL
            FROM states b JOIN states a ON a.account_number = b.account_number
              AND a.lp_token_holder_id <> b.lp_token_holder_id AND a.removed_at IS NULL
              AND a.updated_at <= b.bank_changed_at AND a.superseded_at > b.bank_changed_at
              AND (a.bank_changed_at < b.bank_changed_at OR a.number < b.number)
            JOIN users u ON u.id = b.bank_changed_by
            JOIN lp_token_holders h ON h.id = b.lp_token_holder_id
            JOIN lp_token_holders o ON o.id = a.lp_token_holder_id",
    },
    Kind {
        kind: ExceptionKind::HolderUnblocked,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.holder', NULL, NULL, NULL, NULL,
              l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.outcome = 'done' AND l.activity_type = 'holder_unblocked'",
    },
    Kind {
        kind: ExceptionKind::SameOrigin,
        // Each part finds the earlier entry by an index: an event may have a million of them.
        sql: "SELECT DISTINCT a.created_at AS at, u.code, coalesce(a.changes_summary ->> '$.withdrawal', e.code),
              NULL, NULL, coalesce(a.changes_summary ->> '$.amount', a.changes_summary ->> '$.total_amount'),
              e.currency, 'both as ' || a.origin, x.code
            FROM (SELECT l.*, coalesce(l.metadata ->> '$.sudo_user', l.metadata ->> '$.os_user') AS origin,
                    (SELECT r.performed_by FROM distribution_activity_log r
                     WHERE r.withdrawal_request_id = l.withdrawal_request_id AND r.outcome = 'done'
                       AND r.activity_type = 'withdrawal_requested' AND r.performed_by <> l.performed_by
                       AND coalesce(r.metadata ->> '$.sudo_user', r.metadata ->> '$.os_user')
                         = coalesce(l.metadata ->> '$.sudo_user', l.metadata ->> '$.os_user')) AS earlier
                  FROM distribution_activity_log l
                  WHERE l.outcome = 'done' AND l.activity_type = 'withdrawal_approved'
                  UNION ALL
                  SELECT l.*, coalesce(l.metadata ->> '$.sudo_user', l.metadata ->> '$.os_user'), r.performed_by
                  FROM distribution_activity_log l JOIN distribution_activity_log r
                    ON r.activity_type IN ('event_created', 'allocations_calculated')
                    AND r.distribution_event_id = l.distribution_event_id
                    AND r.outcome = 'done' AND r.seq < l.seq AND r.performed_by <> l.performed_by
                    AND coalesce(r.metadata ->> '$.sudo_user', r.metadata ->> '$.os_user')
                      = coalesce(l.metadata ->> '$.sudo_user', l.metadata ->> '$.os_user')
                  WHERE l.outcome = 'done' AND l.activity_type = 'event_approved') a
            JOIN users u ON u.id = a.performed_by JOIN users x ON x.id = a.earlier
            JOIN distribution_events e ON e.id = a.distribution_event_id",
    },
    Kind {
        kind: ExceptionKind::NotAcknowledged,
        sql: "SELECT l.created_at AS at, u.code,
              coalesce(l.changes_summary ->> '$.payment', l.changes_summary ->> '$.withdrawal',
                l.changes_summary ->> '$.event', l.changes_summary ->> '$.file',
                l.changes_summary ->> '$.statement', l.changes_summary ->> '$.lines[0]'), NULL, NULL,
              coalesce(l.changes_summary ->> '$.amount', l.changes_summary ->> '$.total_amount'),
              coalesce(l.changes_summary ->> '$.currency', e.currency),
              'added or changed by ' || (l.changes_summary ->> '$.unacknowledged_of'),
              l.changes_summary ->> '$.unacknowledged_of'
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            LEFT JOIN distribution_events e ON e.id = l.distribution_event_id
            WHERE l.outcome = 'done' AND l.changes_summary LIKE '%\"unacknowledged_of\":%'",
    },
    Kind {
        kind: ExceptionKind::ExplainedByHand,
        sql: "SELECT m.matched_at AS at, u.code, NULL, 'L', l.number, l.amount, a.currency, m.kind, NULL
            FROM bank_matches m JOIN users u ON u.id = m.matched_by
            JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_accounts a ON a.id = m.bank_account_id
            WHERE m.tier = 'manual' AND m.kind IN ('interest', 'funding', 'other')",
    },
    Kind {
        kind: ExceptionKind::ChargeByHand,
        sql: "SELECT m.matched_at AS at, u.code, NULL, 'L', l.number, l.amount, a.currency, m.kind, NULL
            FROM bank_matches m JOIN users u ON u.id = m.matched_by
            JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_accounts a ON a.id = m.bank_account_id
            WHERE m.tier = 'manual' AND m.kind = 'charge'",
    },
    Kind {
        kind: ExceptionKind::StatementByPayer,
        sql: "SELECT DISTINCT m.matched_at AS at, u.code, NULL, 'S', s.number, y.amount, y.currency,
              'shows a payment that the same user recorded', NULL
            FROM bank_matches m JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_statements s ON s.number = l.statement_number
            JOIN users u ON u.id = s.imported_by
            JOIN bank_match_withdrawals mw ON mw.match_number = m.number AND mw.kind = 'payment'
            JOIN withdrawal_requests w ON w.number = mw.withdrawal_number
            JOIN distribution_payments y ON y.withdrawal_request_id = w.id
            WHERE m.matched_at IS NOT NULL AND y.paid_by = s.imported_by AND y.paid_at < m.matched_at",
    },
    Kind {
        kind: ExceptionKind::NoPayee,
        sql: "SELECT m.matched_at AS at, u.code, NULL, 'L', l.number, l.amount, a.currency,
              'matched by tier ' || m.tier, NULL
            FROM bank_matches m JOIN users u ON u.id = m.matched_by
            JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_accounts a ON a.id = m.bank_account_id
            WHERE m.kind = 'payment' AND l.counterparty_name IS NULL AND l.counterparty_account IS NULL",
    },
];

/// Reads a row of any of the queries.
fn read(row: &mut Row<'_>, kind: ExceptionKind) -> Result<Exception, Error> {
    let (at, by) = (row.next()?, row.next()?);
    let (name, letter): (Option<String>, Option<String>) = (row.next()?, row.next()?);
    let number: Option<i64> = row.next()?;
    let amount: Option<String> = row.next()?;
    let subject = match (name, letter.zip(number)) {
        (Some(name), _) => name,
        (None, Some((letter, number))) => format!("{letter}-{number:06}"),
        (None, None) => String::new(),
    };
    Ok(Exception {
        kind,
        at,
        by,
        subject,
        amount: amount.as_deref().and_then(Signed::from_canonical),
        currency: row.next::<Option<Currency>>()?,
        detail: row.next()?,
        other_user: row.next::<Option<Code>>()?,
    })
}

impl Tx<'_> {
    /// Reads every exception of a period, in no particular order.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn exceptions(&mut self, between: Between) -> Result<Vec<Exception>, Error> {
        let mut exceptions = Vec::new();
        for Kind { kind, sql } in KINDS {
            let sql = format!(
                "SELECT * FROM ({sql}) WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR at <= ?2)"
            );
            let values = (between.from, between.to);
            exceptions.extend(self.db.query(&sql, values, |row| read(row, *kind))?);
        }
        Ok(exceptions)
    }
}
