//! The exceptions of the ledger: one query for each kind.

use super::{
    Error, Tx,
    db::{Row, ToSql},
};
use crate::domain::{
    code::Code,
    control::{Exception, ExceptionKind},
    currency::Currency,
    matching::names_creditor,
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
///
/// The entries of the period are those from number `?3` to `?4`. `?5` is the clock. `ORIGIN(x)` is
/// where the entry `x` came from.
struct Kind {
    kind: ExceptionKind,
    sql: &'static str,
}

/// Where an entry came from: the account of the operating system, behind `sudo` that of the caller.
fn with_origins(sql: &str) -> String {
    ["l", "r"].iter().fold(sql.to_owned(), |sql, entry| {
        let origin = format!(
            "coalesce({entry}.metadata ->> '$.sudo_user', {entry}.metadata ->> '$.os_user')"
        );
        sql.replace(&format!("ORIGIN({entry})"), &origin)
    })
}

/// Every kind. A later one is a line here.
const KINDS: &[Kind] = &[
    Kind {
        kind: ExceptionKind::Confirmed,
        sql: "SELECT l.created_at AS at, u.code, coalesce(l.changes_summary ->> '$.payment', l.changes_summary ->> '$.event',
                l.changes_summary ->> '$.project', l.activity_type), NULL, NULL,
              coalesce(l.changes_summary ->> '$.total_amount', l.changes_summary ->> '$.amount'), l.changes_summary ->> '$.currency', l.changes_summary ->> '$.confirmed', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.changes_summary LIKE '%\"confirmed\":%'",
    },
    Kind {
        kind: ExceptionKind::Clock,
        // The trail marks such entries; of one command only the first is listed.
        sql: "SELECT l.created_at AS at, u.code, 'entry ' || l.seq, NULL, NULL, NULL, NULL,
              CASE WHEN l.metadata ->> '$.clock_stepped_back_to' IS NOT NULL
                THEN 'the clock was set back to ' || (l.metadata ->> '$.clock_stepped_back_to')
                WHEN l.metadata ->> '$.days_after_last_entry' IS NOT NULL
                THEN (l.metadata ->> '$.days_after_last_entry') || ' days after the entry before'
                ELSE 'in the future of the clock' END, NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4
              AND (l.metadata LIKE '%\"clock_stepped_back_to\":%' OR l.metadata LIKE '%\"days_after_last_entry\":%'
                OR l.created_at > ?5)
              AND NOT EXISTS (SELECT 1 FROM distribution_activity_log b
                WHERE b.seq = l.seq - 1 AND b.created_at = l.created_at)",
    },
    Kind {
        kind: ExceptionKind::OddPayment,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency', l.changes_summary ->> '$.odd', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'payment_recorded' AND l.changes_summary LIKE '%\"odd\":%'",
    },
    Kind {
        kind: ExceptionKind::OtherMeans,
        sql: "SELECT y.paid_at AS at, u.code, NULL, 'P', y.number, y.amount, y.currency, w.means, NULL
            FROM withdrawal_requests w JOIN distribution_payments y ON y.withdrawal_request_id = w.id
            JOIN users u ON u.id = y.paid_by
            WHERE w.means <> 'transfer' AND w.means <> 'imported'",
    },
    Kind {
        kind: ExceptionKind::ReturnWithoutCredit,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency', l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'payment_returned' AND l.changes_summary ->> '$.proof' = 'none'",
    },
    Kind {
        kind: ExceptionKind::PaymentCorrected,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency', l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'payment_corrected'",
    },
    Kind {
        kind: ExceptionKind::PaymentSettled,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.payment', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency', coalesce(l.changes_summary ->> '$.reason', 'the settlement was taken back'), NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type IN ('payment_settled', 'settlement_undone')",
    },
    Kind {
        kind: ExceptionKind::FileCancelledAfterExport,
        sql: "SELECT f.cancelled_at AS at, u.code, NULL, 'F', f.number, f.total, f.currency,
              f.cancellation_reason, x.code
            FROM payment_files f JOIN users u ON u.id = f.cancelled_by JOIN users x ON x.id = f.exported_by
            WHERE f.exported_at < f.cancelled_at",
    },
    Kind {
        kind: ExceptionKind::ItemsDroppedAfterExport,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.file', NULL, NULL,
              NULL, NULL, (l.changes_summary ->> '$.dropped') || ': ' || (l.changes_summary ->> '$.reason'), l.changes_summary ->> '$.exported_by'
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'payment_file_items_dropped'
              AND l.changes_summary ->> '$.exported_by' IS NOT NULL",
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
        kind: ExceptionKind::BankAccountAdded,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.account', NULL, NULL,
              NULL, NULL, l.changes_summary ->> '$.bank_name', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'bank_account_added'",
    },
    Kind {
        kind: ExceptionKind::HolderUnblocked,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.holder', NULL, NULL,
              NULL, NULL, l.changes_summary ->> '$.reason', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'holder_unblocked'",
    },
    Kind {
        kind: ExceptionKind::SameOrigin,
        // Each part finds the earlier entry by an index: an event may have a million of them. What is
        // recorded from a bank line is evidence, so nobody is its second person.
        sql: "SELECT DISTINCT a.created_at AS at, u.code,
              coalesce(a.changes_summary ->> '$.withdrawal', a.changes_summary ->> '$.event', a.changes_summary ->> '$.proposal',
                a.changes_summary ->> '$.file', a.changes_summary ->> '$.statement', a.changes_summary ->> '$.remittance'),
              NULL, NULL, coalesce(a.changes_summary ->> '$.amount', a.changes_summary ->> '$.total_amount'),
              coalesce(a.changes_summary ->> '$.currency', e.currency), 'both as ' || a.origin, x.code
            FROM (SELECT l.*, ORIGIN(l) AS origin,
                    (SELECT r.performed_by FROM distribution_activity_log r
                     WHERE r.withdrawal_request_id = l.withdrawal_request_id AND r.outcome = 'done'
                       AND r.seq < l.seq AND r.performed_by <> l.performed_by
                       AND (r.activity_type = 'withdrawal_requested' AND l.activity_type = 'withdrawal_approved'
                         OR r.activity_type = 'withdrawal_approved' AND l.activity_type = 'payment_recorded'
                         OR r.activity_type = 'payment_recorded' AND l.activity_type IN
                           ('payment_returned', 'payment_settled', 'payment_corrected'))
                       AND ORIGIN(r) = ORIGIN(l) ORDER BY r.seq DESC LIMIT 1) AS earlier
                  FROM distribution_activity_log l
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type IN
                    ('withdrawal_approved', 'payment_recorded', 'payment_returned', 'payment_settled', 'payment_corrected')
                    AND l.changes_summary ->> '$.recorded_from' IS NULL
                    AND coalesce(l.changes_summary ->> '$.proof', 'none') = 'none'
                  UNION ALL
                  SELECT l.*, ORIGIN(l), r.performed_by
                  FROM distribution_activity_log l JOIN distribution_activity_log r
                    ON r.activity_type IN ('event_created', 'allocations_calculated')
                    AND r.distribution_event_id = l.distribution_event_id AND r.withdrawal_request_id IS NULL
                    AND r.outcome = 'done' AND r.seq < l.seq AND r.performed_by <> l.performed_by
                    AND ORIGIN(r) = ORIGIN(l)
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type = 'event_approved'
                  UNION ALL
                  SELECT l.*, ORIGIN(l),
                    (SELECT r.performed_by FROM distribution_activity_log r
                     WHERE r.activity_type IN ('payment_file_exported', 'statement_imported')
                       AND r.outcome = 'done' AND r.seq < l.seq AND r.performed_by <> l.performed_by
                       AND (r.changes_summary ->> '$.file' = l.changes_summary ->> '$.file'
                         OR instr(r.changes_summary ->> '$.statements', l.changes_summary ->> '$.statement') > 0)
                       AND ORIGIN(r) = ORIGIN(l) ORDER BY r.seq DESC LIMIT 1)
                  FROM distribution_activity_log l
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type IN
                    ('payment_file_cancelled', 'payment_file_items_dropped', 'statement_voided')
                  UNION ALL
                  SELECT l.*, ORIGIN(l), r.performed_by
                  FROM distribution_activity_log l JOIN distribution_activity_log r ON r.activity_type = 'proposal_recorded'
                    AND r.changes_summary ->> '$.proposal' = l.changes_summary ->> '$.proposal'
                    AND r.outcome = 'done' AND r.seq < l.seq AND r.performed_by <> l.performed_by
                    AND ORIGIN(r) = ORIGIN(l)
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type = 'proposal_approved'
                  UNION ALL
                  SELECT l.*, ORIGIN(l), r.performed_by
                  FROM distribution_activity_log l JOIN distribution_activity_log r ON r.activity_type = 'tax_remitted'
                    AND r.changes_summary ->> '$.remittance' = l.changes_summary ->> '$.remittance'
                    AND r.outcome = 'done' AND r.seq < l.seq AND r.performed_by <> l.performed_by
                    AND ORIGIN(r) = ORIGIN(l)
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type IN
                    ('line_matched', 'tax_remittance_reversed')
                    AND l.changes_summary ->> '$.remittance' IS NOT NULL) a
            JOIN users u ON u.id = a.performed_by JOIN users x ON x.id = a.earlier
            LEFT JOIN distribution_events e ON e.id = a.distribution_event_id",
    },
    Kind {
        kind: ExceptionKind::AddedByMaker,
        // One row for each pair of users and kind of act: a quarter has thousands of them.
        // Who added or changed a user is behind the user, and so does who added or changed that
        // one, if nobody had acknowledged that one by then.
        sql: "WITH RECURSIVE introductions AS (
              SELECT user_id, by_id, at, min(acknowledged_at) AS acknowledged_at FROM (
                SELECT id AS user_id, introduced_by AS by_id, introduced_at AS at, acknowledged_at FROM users
                UNION ALL SELECT id, introduced_by, introduced_at, acknowledged_at FROM users_history)
              WHERE user_id <> by_id GROUP BY user_id, by_id, at),
            behind AS (
              SELECT user_id, by_id, at, 1 AS is_direct FROM introductions
              UNION SELECT b.user_id, i.by_id, b.at, 0 FROM behind b JOIN introductions i ON i.user_id = b.by_id
                AND i.at <= b.at AND (i.acknowledged_at IS NULL OR i.acknowledged_at > b.at)
              WHERE i.by_id <> b.user_id),
            first_behind AS (
              SELECT user_id, by_id, min(at) AS at, max(is_direct) AS is_direct FROM behind GROUP BY user_id, by_id)
            SELECT max(a.created_at) AS at, u.code, a.activity_type, NULL, NULL, NULL, NULL,
              CASE count(*) WHEN 1 THEN 'once' ELSE count(*) || ' times' END || ' for ' || x.code
                || ', who added or changed ' || CASE i.is_direct WHEN 1 THEN '' ELSE 'who added or changed ' END || u.code,
              x.code
            FROM (SELECT l.created_at, l.performed_by, l.activity_type,
                    (SELECT r.performed_by FROM distribution_activity_log r
                     WHERE r.withdrawal_request_id = l.withdrawal_request_id AND r.outcome = 'done' AND r.seq < l.seq
                       AND r.activity_type = CASE l.activity_type WHEN 'withdrawal_approved' THEN 'withdrawal_requested'
                         WHEN 'payment_recorded' THEN 'withdrawal_approved' ELSE 'payment_recorded' END
                     ORDER BY r.seq DESC LIMIT 1) AS maker
                  FROM distribution_activity_log l
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type IN
                    ('withdrawal_approved', 'payment_recorded', 'payment_returned', 'payment_settled',
                     'settlement_undone', 'payment_corrected')
                    AND l.changes_summary ->> '$.recorded_from' IS NULL
                    AND coalesce(l.changes_summary ->> '$.proof', 'none') = 'none'
                  UNION ALL
                  SELECT l.created_at, l.performed_by, l.activity_type, e.created_by
                  FROM distribution_activity_log l JOIN distribution_events e ON e.id = l.distribution_event_id
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type = 'event_approved'
                  UNION ALL
                  SELECT l.created_at, l.performed_by, l.activity_type, k.id
                  FROM distribution_activity_log l JOIN users k ON k.code = CASE l.activity_type
                    WHEN 'statement_voided' THEN l.changes_summary ->> '$.imported_by'
                    WHEN 'user_acknowledged' THEN l.changes_summary ->> '$.introduced_by'
                    ELSE l.changes_summary ->> '$.exported_by' END
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type IN
                    ('payment_file_cancelled', 'payment_file_items_dropped', 'statement_voided', 'user_acknowledged')
                    -- Before a reconciliation no second person is asked for.
                    AND (l.activity_type <> 'statement_voided' OR EXISTS (SELECT 1 FROM bank_statements s
                      JOIN bank_reconciliations n ON n.bank_account_id = s.bank_account_id
                      WHERE s.number = CAST(substr(l.changes_summary ->> '$.statement', 3) AS INTEGER)
                        AND n.run_at > s.imported_at AND n.run_at <= l.created_at))
                  UNION ALL
                  SELECT DISTINCT l.created_at, l.performed_by, l.activity_type, k.id
                  FROM distribution_activity_log l JOIN json_each(l.changes_summary, '$.withdrawals') m
                  JOIN withdrawal_requests w ON w.number = CAST(substr(m.value, 3) AS INTEGER)
                  LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number
                  LEFT JOIN payment_files f ON f.number = i.file_number
                  JOIN users k ON k.id = CASE WHEN f.created_at <= l.created_at THEN f.created_by END
                    OR k.id = CASE WHEN f.exported_at <= l.created_at THEN f.exported_by END
                    OR k.id = CASE WHEN w.paid_at <= l.created_at THEN w.paid_by END
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type = 'line_matched'
                    AND l.changes_summary ->> '$.other_creditor' IS NOT NULL
                  UNION ALL
                  SELECT l.created_at, l.performed_by, l.activity_type, t.created_by
                  FROM distribution_activity_log l JOIN tax_remittances t
                    ON t.number = CAST(substr(l.changes_summary ->> '$.remittance', 3) AS INTEGER)
                  WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type IN
                    ('line_matched', 'tax_remittance_reversed')
                  UNION ALL
                  SELECT q.decided_at, q.decided_by, 'proposal_approved', q.proposed_by
                  FROM proposals q WHERE q.status = 'approved') a
            JOIN users u ON u.id = a.performed_by JOIN users x ON x.id = a.maker
            JOIN first_behind i ON i.user_id = u.id AND i.by_id = x.id AND i.at <= a.created_at
            WHERE (?1 IS NULL OR a.created_at >= ?1) AND (?2 IS NULL OR a.created_at <= ?2)
            GROUP BY u.id, x.id, a.activity_type",
    },
    Kind {
        kind: ExceptionKind::NotAcknowledged,
        sql: "SELECT l.created_at AS at, u.code, coalesce(l.changes_summary ->> '$.payment', l.changes_summary ->> '$.withdrawal',
                l.changes_summary ->> '$.event', l.changes_summary ->> '$.file', l.changes_summary ->> '$.proposal',
                l.changes_summary ->> '$.statement', l.changes_summary ->> '$.remittance',
                l.changes_summary ->> '$.lines[0]'), NULL, NULL,
              coalesce(l.changes_summary ->> '$.amount', l.changes_summary ->> '$.total_amount'), coalesce(l.changes_summary ->> '$.currency', (SELECT e.currency FROM distribution_events e
                WHERE e.id = l.distribution_event_id)), 'added or changed by ' || (l.changes_summary ->> '$.unacknowledged_of'), l.changes_summary ->> '$.unacknowledged_of'
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.changes_summary LIKE '%\"unacknowledged_of\":%'",
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
        kind: ExceptionKind::ChargeByRule,
        sql: "SELECT c.since AS at, u.code, NULL, 'L', l.number, l.amount, a.currency,
              'rule ' || printf('Q-%06d', r.proposal_number) || ': ' || r.kind, x.code
            FROM bank_rules r JOIN bank_classes c ON c.rule_proposal = r.proposal_number
            JOIN proposals q ON q.number = r.proposal_number
            JOIN users u ON u.id = r.created_by JOIN users x ON x.id = q.proposed_by
            JOIN bank_lines l ON l.number = c.line_number JOIN bank_accounts a ON a.id = l.bank_account_id
            WHERE NOT EXISTS (SELECT 1 FROM bank_classes e WHERE e.line_number = c.line_number
              AND e.rule_proposal = c.rule_proposal AND e.number < c.number)",
    },
    Kind {
        kind: ExceptionKind::RemittanceByHand,
        sql: "SELECT m.matched_at AS at, u.code, NULL, 'T', t.number, t.amount, t.currency,
              'matched with L-' || printf('%06d', l.number), x.code
            FROM bank_matches m JOIN users u ON u.id = m.matched_by
            JOIN bank_match_remittances r ON r.match_number = m.number
            JOIN tax_remittances t ON t.number = r.remittance_number JOIN users x ON x.id = t.created_by
            JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            WHERE m.tier = 'manual'",
    },
    Kind {
        kind: ExceptionKind::PartAssigned,
        sql: "SELECT d.approved_at AS at, u.code, d.code, NULL, NULL, x.part_amount, d.currency,
              h.code || ' to ' || t.code || ': ' || x.reason, c.code
            FROM event_exclusions x
            JOIN distribution_events d ON d.id = x.distribution_event_id AND d.calculated_at = x.created_at
            JOIN users u ON u.id = d.approved_by JOIN users c ON c.id = d.calculated_by
            JOIN lp_token_holders h ON h.id = x.lp_token_holder_id JOIN lp_token_holders t ON t.id = x.assign_to_id
            WHERE d.approved_at IS NOT NULL",
    },
    Kind {
        kind: ExceptionKind::ForwardWrittenOff,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.project', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency', l.changes_summary ->> '$.reason', x.code
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            JOIN proposals q ON q.number = CAST(substr(l.changes_summary ->> '$.proposal', 3) AS INTEGER)
            JOIN users x ON x.id = q.proposed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type = 'forward_written_off'",
    },
    Kind {
        kind: ExceptionKind::HistoryImported,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.event', NULL, NULL,
              l.changes_summary ->> '$.gross', l.changes_summary ->> '$.currency',
              'by proposal ' || (l.changes_summary ->> '$.proposal'), l.changes_summary ->> '$.proposed_by'
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done' AND l.activity_type = 'history_imported'",
    },
    Kind {
        kind: ExceptionKind::OtherCreditor,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.lines[0]', NULL, NULL,
              l.changes_summary ->> '$.amount', l.changes_summary ->> '$.currency', l.changes_summary ->> '$.other_creditor', NULL
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'line_matched' AND l.changes_summary ->> '$.other_creditor' IS NOT NULL",
    },
    Kind {
        kind: ExceptionKind::StatementByPayer,
        sql: "SELECT m.matched_at AS at, u.code, NULL, 'S', s.number, y.amount, y.currency,
              'shows ' || 'P-' || printf('%06d', y.number) || CASE
                WHEN y.paid_by = s.imported_by AND y.paid_at < m.matched_at
                THEN ', which the same user recorded' ELSE ', whose file the same user exported' END, NULL
            FROM bank_matches m JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_statements s ON s.number = l.statement_number
            JOIN users u ON u.id = s.imported_by
            JOIN bank_match_withdrawals mw ON mw.match_number = m.number AND mw.kind = 'payment'
            JOIN withdrawal_requests w ON w.number = mw.withdrawal_number
            JOIN distribution_payments y ON y.withdrawal_request_id = w.id
            WHERE m.matched_at IS NOT NULL AND (y.paid_by = s.imported_by AND y.paid_at < m.matched_at
              OR EXISTS (SELECT 1 FROM payment_file_items i JOIN payment_files f ON f.number = i.file_number
                WHERE i.withdrawal_number = w.number AND f.exported_by = s.imported_by
                  AND f.exported_at < m.matched_at))
            UNION ALL SELECT m.matched_at, u.code, NULL, 'S', s.number, t.amount, t.currency,
              'shows ' || 'T-' || printf('%06d', t.number) || ', which the same user recorded', NULL
            FROM bank_match_remittances r JOIN bank_matches m ON m.number = r.match_number
            JOIN tax_remittances t ON t.number = r.remittance_number
            JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_statements s ON s.number = l.statement_number
            JOIN users u ON u.id = s.imported_by
            WHERE m.matched_at IS NOT NULL AND t.created_by = s.imported_by",
    },
    Kind {
        kind: ExceptionKind::StatementTakenBack,
        sql: "SELECT l.created_at AS at, u.code, l.changes_summary ->> '$.statement', NULL, NULL,
              NULL, NULL, l.changes_summary ->> '$.reason', l.changes_summary ->> '$.imported_by'
            FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by
            WHERE l.seq BETWEEN ?3 AND ?4 AND l.outcome = 'done'
              AND l.activity_type = 'statement_voided'",
    },
    Kind {
        kind: ExceptionKind::NoPayee,
        // The text may name one too, which `is_exception` knows.
        sql: "SELECT m.matched_at AS at, u.code, NULL, 'L', l.number, l.amount, a.currency, l.description, NULL
            FROM bank_matches m JOIN users u ON u.id = m.matched_by
            JOIN bank_match_lines ml ON ml.match_number = m.number
            JOIN bank_lines l ON l.number = ml.line_number
            JOIN bank_accounts a ON a.id = m.bank_account_id
            WHERE m.kind = 'payment' AND l.counterparty_name IS NULL AND l.counterparty_account IS NULL
              AND NOT EXISTS (SELECT 1 FROM bank_match_withdrawals mw
                JOIN withdrawal_requests w ON w.number = mw.withdrawal_number
                WHERE mw.match_number = m.number AND instr(l.description, w.account_number) > 0)",
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

/// Checks what SQL cannot: whether a bank's text names a payee.
fn is_exception(found: &Exception) -> bool {
    let text = found.detail.as_deref().unwrap_or_default();
    found.kind != ExceptionKind::NoPayee || !names_creditor(text)
}

impl Tx<'_> {
    /// Reads every exception of a period, in no particular order. `now` is the clock.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn exceptions(&mut self, between: Between, now: Instant) -> Result<Vec<Exception>, Error> {
        let (first, last) = self.entries_between(between)?;
        let mut exceptions = Vec::new();
        for Kind { kind, sql } in KINDS {
            // Every parameter is named, since not every query asks for all of them.
            let sql = format!(
                "SELECT * FROM ({}) WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR at <= ?2)
                   AND ?3 <= ?4 AND ?5 IS NOT NULL",
                with_origins(sql)
            );
            let values: &[&dyn ToSql] = &[&between.from, &between.to, &first, &last, &now];
            let found = self.db.query(&sql, values, |row| read(row, *kind))?;
            exceptions.extend(found.into_iter().filter(is_exception));
        }
        Ok(exceptions)
    }

    /// Finds the first and the last entry of a period. The time of the entries never goes back, so
    /// no entry outside of the period is read but those that halve the search.
    fn entries_between(&mut self, between: Between) -> Result<(i64, i64), Error> {
        const END: &str = "SELECT coalesce(max(seq), 0) FROM distribution_activity_log";
        let end: i64 = self.db.value(END, ())?;
        let first = match between.from {
            Some(from) => self.entries_before(end, |at| at < from)? + 1,
            None => 1,
        };
        let last = match between.to {
            Some(to) => self.entries_before(end, |at| at <= to)?,
            None => end,
        };
        Ok((first, last))
    }

    /// Counts the entries that come before a point of time, which `is_before` knows.
    fn entries_before(
        &mut self,
        end: i64,
        is_before: impl Fn(Instant) -> bool,
    ) -> Result<i64, Error> {
        const AT: &str = "SELECT created_at FROM distribution_activity_log WHERE seq = ?1";
        // All entries up to `low` are before the point, and none from `high` on.
        let (mut low, mut high) = (0, end + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if is_before(self.db.value(AT, [middle])?) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}
