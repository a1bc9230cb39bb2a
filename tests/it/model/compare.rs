//! The whole ledger against the model: each table as lines of text, once read from the file and once told by the model.

use rusqlite::Connection;

use super::{
    act::Bank,
    books::{Books, Event, Payment, Share, Withdrawal},
    units::{Units, canonical},
};

/// A table: its name, the query that reads it as lines in a fixed order, and the lines that the model tells.
type Table = (&'static str, &'static str, fn(&Books) -> Vec<String>);

/// All tables that the commands write. The trail is compared entry by entry as it grows.
const TABLES: [Table; 10] = [
    ("users", "SELECT format('%s|%s|%s', code, role, status) FROM users ORDER BY number", users),
    (
        "holders",
        "SELECT format('%s|%s|%s|%s|%s|%s', h.code, h.status, h.bank_name, h.bank_code, h.account_number, u.code)
         FROM lp_token_holders h LEFT JOIN users u ON u.id = h.bank_changed_by ORDER BY h.number",
        holders,
    ),
    (
        "register",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s', p.code, f.code, t.code, e.tokens, e.effective_date, e.reference, u.code)
         FROM token_entries e JOIN projects p ON p.id = e.project_id JOIN users u ON u.id = e.created_by
         LEFT JOIN lp_token_holders f ON f.id = e.from_holder_id LEFT JOIN lp_token_holders t ON t.id = e.to_holder_id
         ORDER BY e.number",
        register,
    ),
    (
        "supplies",
        "SELECT format('%s|%s|%s', p.code, coalesce(s.issued, '0.0000000'), coalesce(s.redeemed, '0.0000000'))
         FROM projects p LEFT JOIN token_supplies s ON s.project_id = p.id ORDER BY p.number",
        supplies,
    ),
    (
        "events",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', e.code, p.code, e.currency, e.total_amount, e.unit,
            e.distribution_date, e.record_date, e.status, e.snapshot_date, e.snapshot_total_lp_tokens, e.total_allocated,
            e.total_withdrawn, e.total_pending, c.code, format('%s|%s|%s', k.code, a.code, x.code))
         FROM distribution_events e JOIN projects p ON p.id = e.project_id JOIN users c ON c.id = e.created_by
         LEFT JOIN users k ON k.id = e.calculated_by LEFT JOIN users a ON a.id = e.approved_by
         LEFT JOIN users x ON x.id = e.cancelled_by ORDER BY e.number",
        events,
    ),
    (
        "allocations",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s', e.code, h.code, a.lp_tokens_held, a.ownership_percentage,
            a.allocated_amount, a.withdrawn_amount, a.pending_amount, a.available_amount, a.status)
         FROM distribution_allocations a JOIN distribution_events e ON e.id = a.distribution_event_id
         JOIN lp_token_holders h ON h.id = a.lp_token_holder_id ORDER BY e.number, a.number",
        allocations,
    ),
    (
        "withdrawals",
        "SELECT format('%d|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', w.number, e.code, h.code, w.requested_amount,
            w.status, w.bank_name, w.bank_code, w.account_number, b.code, r.code, a.code, j.code, c.code,
            w.payment_reference, w.payment_date, format('%s|%s', w.payment_amount, y.code))
         FROM withdrawal_requests w JOIN distribution_events e ON e.id = w.distribution_event_id
         JOIN lp_token_holders h ON h.id = w.lp_token_holder_id JOIN users b ON b.id = w.bank_changed_by
         JOIN users r ON r.id = w.requested_by LEFT JOIN users a ON a.id = w.approved_by
         LEFT JOIN users j ON j.id = w.rejected_by LEFT JOIN users c ON c.id = w.cancelled_by
         LEFT JOIN users y ON y.id = w.paid_by ORDER BY w.number",
        withdrawals,
    ),
    (
        "payments",
        "SELECT format('%d|%d|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', y.number, w.number, h.code, y.amount, y.currency, y.reference,
            y.payment_date, y.status, y.account_number, r.number, u.code, format('%s|%s', y.return_date, b.code))
         FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
         JOIN lp_token_holders h ON h.id = y.lp_token_holder_id JOIN users u ON u.id = y.paid_by
         LEFT JOIN distribution_payments r ON r.id = y.replaces_payment_id LEFT JOIN users b ON b.id = y.returned_by
         ORDER BY y.number",
        payments,
    ),
    (
        "payment files",
        "SELECT format('%d|%s|%s|%d|%s|%s|%s', f.number, b.code, f.layout, f.payments, f.total, u.code,
            (SELECT group_concat(i.withdrawal_number || ':' || i.live, ' ' ORDER BY i.withdrawal_number)
             FROM payment_file_items i WHERE i.file_number = f.number))
         FROM payment_files f JOIN bank_accounts b ON b.id = f.bank_account_id LEFT JOIN users u ON u.id = f.cancelled_by
         ORDER BY f.number",
        files,
    ),
    ("keys", "SELECT key FROM idempotency_keys ORDER BY key COLLATE BINARY", keys),
];

/// Compares every table; answers the lines that differ.
pub(super) fn differences(conn: &Connection, books: &Books) -> Vec<String> {
    let mut found = Vec::new();
    for (name, sql, told) in TABLES {
        let (stands, told) = (lines(conn, sql), told(books));
        for at in 0..stands.len().max(told.len()) {
            let (stands, told) = (stands.get(at), told.get(at));
            if stands != told {
                found.push(format!("{name} {}:\n  the ledger: {stands:?}\n  the model:  {told:?}", at + 1));
            }
        }
    }
    found
}

/// Reads the entries of the trail after a number of them, as the model tells them.
pub(super) fn entries(conn: &Connection, after: usize) -> Vec<String> {
    const ENTRIES: &str =
        "SELECT format('%s|%s|%s|%s|%s|%s', l.activity_type, l.outcome, u.code, l.previous_status, l.new_status,
        CASE l.outcome WHEN 'refused' THEN json_extract(l.changes_summary, '$.code') END)
        FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by WHERE l.seq > ?1 ORDER BY l.seq";
    let mut statement = conn.prepare_cached(ENTRIES).unwrap();
    let rows = statement.query_map([i64::try_from(after).unwrap()], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn lines(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare_cached(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

impl Books {
    fn name(&self, user: usize) -> &str {
        &self.users[user].code
    }

    fn maybe(&self, user: Option<usize>) -> &str {
        user.map_or("", |user| self.name(user))
    }
}

impl Bank {
    fn line(&self) -> String {
        [self.name, self.code, self.number].map(Option::unwrap_or_default).join("|")
    }
}

fn users(books: &Books) -> Vec<String> {
    let status = |active| if active { "active" } else { "inactive" };
    books.users.iter().map(|user| format!("{}|{}|{}", user.code, user.role, status(user.active))).collect()
}

fn holders(books: &Books) -> Vec<String> {
    let line = |holder: &super::books::Holder| {
        let status = if holder.blocked { "blocked" } else { "active" };
        format!("{}|{status}|{}|{}", holder.code, holder.bank.line(), books.maybe(holder.bank_by))
    };
    books.holders.iter().map(line).collect()
}

fn register(books: &Books) -> Vec<String> {
    let holder = |at: Option<usize>| at.map_or("", |at| &books.holders[at].code);
    let line = |flow: &super::books::Flow| {
        let (project, by) = (books.projects[flow.project].code, books.name(flow.by));
        let (from, to, reference) = (holder(flow.from), holder(flow.to), flow.reference.as_deref().unwrap_or_default());
        format!("{project}|{from}|{to}|{}|{}|{reference}|{by}", canonical(flow.tokens), flow.date)
    };
    books.register.iter().map(line).collect()
}

fn supplies(books: &Books) -> Vec<String> {
    let line = |(at, project): (usize, &super::books::Project)| {
        let (issued, redeemed) = books.supply(at);
        format!("{}|{}|{}", project.code, canonical(issued), canonical(redeemed))
    };
    books.projects.iter().enumerate().map(line).collect()
}

fn events(books: &Books) -> Vec<String> {
    let line = |event: &Event| {
        let Event { code, amount, unit, date, record_date, status, .. } = event;
        let project = &books.projects[event.project];
        let (amount, unit) = (canonical(*amount), canonical(*unit));
        let (snapshot, tokens, allocated) = if event.calculated_by.is_some() {
            let tokens: Units = event.shares.iter().map(|share| share.tokens).sum();
            (record_date.to_string(), canonical(tokens), amount.clone())
        } else {
            (String::new(), String::new(), canonical(0))
        };
        let sums = format!("{allocated}|{}|{}", canonical(event.withdrawn()), canonical(event.pending()));
        let by = [Some(event.created_by), event.calculated_by, event.approved_by, event.cancelled_by];
        let by = by.map(|user| books.maybe(user)).join("|");
        let terms = format!("{}|{}|{amount}|{unit}|{date}|{record_date}", project.code, project.currency);
        format!("{code}|{terms}|{status}|{snapshot}|{tokens}|{sums}|{by}")
    };
    books.events.iter().map(line).collect()
}

fn allocations(books: &Books) -> Vec<String> {
    let line = |event: &Event, share: &Share| {
        let status = match share.withdrawn {
            0 => "allocated",
            withdrawn if withdrawn == share.allocated => "fully_withdrawn",
            _ => "partially_withdrawn",
        };
        let Share { tokens, percentage, allocated, withdrawn, pending, .. } = *share;
        let sums = [tokens, percentage, allocated, withdrawn, pending, share.available()].map(canonical).join("|");
        format!("{}|{}|{sums}|{status}", event.code, books.holders[share.holder].code)
    };
    books.events.iter().flat_map(|event| event.shares.iter().map(move |share| line(event, share))).collect()
}

fn withdrawals(books: &Books) -> Vec<String> {
    let line = |(at, withdrawal): (usize, &Withdrawal)| {
        let Withdrawal { event, holder, amount, status, bank, bank_by, .. } = withdrawal;
        let (event, holder) = (&books.events[*event].code, &books.holders[*holder].code);
        let by = [Some(*bank_by), Some(withdrawal.requested_by), withdrawal.approved_by, withdrawal.rejected_by];
        let by = [by.map(|user| books.maybe(user)).join("|"), books.maybe(withdrawal.cancelled_by).to_owned()].join("|");
        let paid = withdrawal.payment.map_or_else(
            || "|||".to_owned(),
            |payment| {
                let Payment { amount, reference, date, by, .. } = &books.payments[payment];
                format!("{reference}|{date}|{}|{}", canonical(*amount), books.name(*by))
            },
        );
        format!("{}|{event}|{holder}|{}|{status}|{}|{by}|{paid}", at + 1, canonical(*amount), bank.line())
    };
    books.withdrawals.iter().enumerate().map(line).collect()
}

fn payments(books: &Books) -> Vec<String> {
    let line = |(at, payment): (usize, &Payment)| {
        let withdrawal = &books.withdrawals[payment.withdrawal];
        let Withdrawal { event, holder, bank, .. } = withdrawal;
        let (holder, currency) = (&books.holders[*holder].code, books.projects[books.events[*event].project].currency);
        let status = if payment.returned.is_some() { "returned" } else { "recorded" };
        let replaces = payment.replaces.map(|replaced| (replaced + 1).to_string()).unwrap_or_default();
        let returned = payment.returned.map_or_else(|| "|".to_owned(), |(date, by)| format!("{date}|{}", books.name(by)));
        let (number, reference, date) = (payment.withdrawal + 1, &payment.reference, payment.date);
        let paid = format!("{}|{currency}|{reference}|{date}", canonical(payment.amount));
        let account = bank.number.unwrap_or_default();
        format!("{}|{number}|{holder}|{paid}|{status}|{account}|{replaces}|{}|{returned}", at + 1, books.name(payment.by))
    };
    books.payments.iter().enumerate().map(line).collect()
}

fn files(books: &Books) -> Vec<String> {
    let line = |(at, file): (usize, &super::books::File)| {
        let live = u8::from(file.cancelled_by.is_none());
        let items: Vec<String> = file.withdrawals.iter().map(|withdrawal| format!("{}:{live}", withdrawal + 1)).collect();
        let (account, by) = (books.accounts[file.account].code, books.maybe(file.cancelled_by));
        let sums = format!("{}|{}", items.len(), canonical(file.total));
        format!("{}|{account}|{}|{sums}|{by}|{}", at + 1, file.layout, items.join(" "))
    };
    books.files.iter().enumerate().map(line).collect()
}

fn keys(books: &Books) -> Vec<String> {
    books.keys.keys().cloned().collect()
}
