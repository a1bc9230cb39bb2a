//! The whole ledger against the model: each table as lines of text, once read from the file and
//! once told by the model.

use rusqlite::{Connection, Row};
use serde_json::Value;

use super::{
    act::Bank,
    bank::{Line, Link, Outcome},
    books::{Account, Books, Event, Payment, Share, Withdrawal},
    units::{Units, canonical, read, signed},
};

/// A table: its name, the query that reads it as lines in a fixed order, and the lines that the
/// model tells.
type Table = (&'static str, &'static str, fn(&Books) -> Vec<String>);

/// All tables that the commands write. The trail is compared entry by entry as it grows.
const TABLES: [Table; 16] = [
    ("users", "SELECT format('%s|%s|%s', code, role, status) FROM users ORDER BY number", users),
    (
        "holders",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s', h.code, h.name, h.status, h.bank_name, h.bank_code, h.account_number, u.code)
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
            e.total_withdrawn, e.total_pending, c.code, format('%s|%s|%s|%s', k.code, a.code, x.code, e.snapshot_nav))
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
    (
        "net asset values",
        "SELECT format('%s|%s|%s|%s', p.code, n.nav_date, n.amount, u.code) FROM project_navs n
         JOIN projects p ON p.id = n.project_id JOIN users u ON u.id = n.created_by ORDER BY n.number",
        navs,
    ),
    (
        "register files",
        "SELECT format('%s|%d|%s|%d', p.code,
            (SELECT l.changes_summary ->> '$.import.rows' FROM distribution_activity_log l
             WHERE l.activity_type = 'tokens_imported' AND l.created_at = i.created_at), i.tokens,
            (SELECT count(*) FROM token_entries e WHERE e.project_id = i.project_id AND e.created_at = i.created_at))
         FROM token_imports i JOIN projects p ON p.id = i.project_id ORDER BY i.number",
        imports,
    ),
    (
        "bank accounts",
        "SELECT format('%s|%s|%s|%s|%s', b.code, b.bank_name, b.account_number, b.currency, p.code)
         FROM bank_accounts b LEFT JOIN projects p ON p.id = b.project_id ORDER BY b.number",
        accounts,
    ),
    (
        "statements",
        "SELECT format('%s|%d|%d|%s|%s|%s|%s', b.code, s.lines_new, s.lines_known, s.debits, s.credits, s.date_from, s.date_to)
         FROM bank_statements s JOIN bank_accounts b ON b.id = s.bank_account_id ORDER BY s.number",
        statements,
    ),
    (
        "lines",
        "SELECT format('%s|%d|%s|%s|%s|%s|%d', b.code, l.statement_number, l.booking_date, l.amount, l.reference,
            l.description, l.occurrence)
         FROM bank_lines l JOIN bank_accounts b ON b.id = l.bank_account_id ORDER BY l.number",
        bank_lines,
    ),
    (
        "links",
        "SELECT format('%s|%s|%s|%s|%s|%s', b.code, m.kind, m.tier,
            coalesce(m.ended_as, iif(m.matched_at IS NULL, 'proposed', 'matched')),
            (SELECT group_concat(line_number || ':' || live, ' ' ORDER BY line_number) FROM bank_match_lines
             WHERE match_number = m.number),
            (SELECT group_concat(withdrawal_number || ':' || live, ' ' ORDER BY withdrawal_number) FROM bank_match_withdrawals
             WHERE match_number = m.number))
         FROM bank_matches m JOIN bank_accounts b ON b.id = m.bank_account_id ORDER BY m.number",
        links,
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
                found.push(format!(
                    "{name} {}:\n  the ledger: {stands:?}\n  the model:  {told:?}",
                    at + 1
                ));
            }
        }
    }
    found
}

/// Reads the entries of the trail after a number of them, as the model tells them.
pub(super) fn entries(conn: &Connection, after: usize) -> Vec<String> {
    const ENTRIES: &str = "SELECT format('%s|%s|%s|%s|%s|%s', l.activity_type, l.outcome, u.code,
        iif(l.activity_type LIKE 'line%', '', l.previous_status), iif(l.activity_type LIKE 'line%', '', l.new_status),
        CASE l.outcome WHEN 'refused' THEN json_extract(l.changes_summary, '$.code') END)
        FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by WHERE l.seq > ?1 ORDER BY l.seq";
    let mut statement = conn.prepare_cached(ENTRIES).unwrap();
    let rows = statement
        .query_map([i64::try_from(after).unwrap()], |row| row.get(0))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// Reads the end-to-end references, each with its withdrawal.
pub(super) fn references(conn: &Connection) -> Vec<(String, usize)> {
    const ITEMS: &str =
        "SELECT end_to_end, withdrawal_number - 1 FROM payment_file_items ORDER BY number";
    let mut statement = conn.prepare_cached(ITEMS).unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, place(row, 1))))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Reads which withdrawals the last run over an account found beside lines that it could not decide
/// about.
pub(super) fn doubted(conn: &Connection) -> Vec<usize> {
    const DOUBTED: &str = "SELECT s.withdrawal_number - 1 FROM bank_classes s
        WHERE s.number IN (SELECT max(number) FROM bank_classes GROUP BY withdrawal_number, bank_account_id)
          AND s.withdrawal_number IS NOT NULL AND json_array_length(s.concerns, '$.lines') > 0
          AND s.class IN ('ambiguous', 'amount_differs', 'date_out_of_window', 'duplicate_payment')";
    let mut statement = conn.prepare_cached(DOUBTED).unwrap();
    statement
        .query_map([], |row| Ok(place(row, 0)))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Reads what the runs of the reconciliation made.
pub(super) fn found(conn: &Connection) -> Outcome {
    const LINKS: &str = "SELECT b.number - 1, m.kind, m.tier,
            coalesce(m.ended_as, iif(m.matched_at IS NULL, 'proposed', 'matched')),
            (SELECT group_concat(line_number - 1, ' ' ORDER BY line_number) FROM bank_match_lines WHERE match_number = m.number),
            (SELECT group_concat(withdrawal_number - 1, ' ' ORDER BY withdrawal_number) FROM bank_match_withdrawals
             WHERE match_number = m.number)
        FROM bank_matches m JOIN bank_accounts b ON b.id = m.bank_account_id ORDER BY m.number";
    let places = |text: Option<String>| {
        text.unwrap_or_default()
            .split_whitespace()
            .map(|place| place.parse().unwrap())
            .collect::<Vec<usize>>()
    };
    let link = |row: &Row<'_>| -> rusqlite::Result<Link> {
        let (account, kind, tier, state) = (place(row, 0), row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Link {
            account,
            kind,
            tier,
            state,
            lines: places(row.get(4)?),
            withdrawals: places(row.get(5)?),
        })
    };
    let links = conn
        .prepare_cached(LINKS)
        .unwrap()
        .query_map([], link)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let runs = conn
        .query_row("SELECT count(*) FROM bank_reconciliations", [], |row| {
            Ok(place(row, 0))
        })
        .unwrap();
    Outcome { links, runs }
}

fn place(row: &Row<'_>, at: usize) -> usize {
    usize::try_from(row.get::<_, i64>(at).unwrap()).unwrap()
}

/// Compares what a run of the reconciliation printed with the lines of the account: each stands in
/// one class, and what no decided link holds is left.
pub(super) fn misprinted(
    books: &Books,
    account: &str,
    (exit, printed): (i32, &str),
) -> Option<String> {
    const SETTLED: [&str; 4] = ["matched", "matched_group", "returned", "resolved"];
    let told: Value = serde_json::from_str(printed).unwrap();
    let (mut all, mut left) = ((0, 0), (0, 0));
    for class in told["classes"].as_array().unwrap() {
        let (count, sum) = (
            class["lines"].as_u64().unwrap(),
            read(class["lines_total"].as_str().unwrap()),
        );
        all = (all.0 + count, all.1 + sum);
        if !SETTLED.contains(&class["class"].as_str().unwrap()) {
            left = (left.0 + count, left.1 + sum);
        }
    }
    let account = books.account(account).ok()?;
    let counted = |wanted: &dyn Fn(usize) -> bool| {
        let of_account = |(at, line): &(usize, &Line)| line.account == account && wanted(*at);
        let fits = books.lines.iter().enumerate().filter(of_account);
        fits.fold((0, 0), |(count, sum), (_, line)| {
            (count + 1, sum + line.row.amount)
        })
    };
    let expected = (
        counted(&|_| true),
        counted(&|at| books.decided(at).is_none()),
    );
    let is_left = told["left"].as_u64().unwrap() > 0;
    let exit_fits = exit == if is_left { 3 } else { 0 } && (is_left || left.0 == 0);
    ((all, left) != expected || !exit_fits)
        .then(|| format!("all and left: {expected:?}, and it said {all:?}, {left:?}, {exit}"))
}

fn lines(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare_cached(sql).unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
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
        [self.name, self.code, self.number]
            .map(Option::unwrap_or_default)
            .join("|")
    }
}

fn users(books: &Books) -> Vec<String> {
    let status = |active| if active { "active" } else { "inactive" };
    books
        .users
        .iter()
        .map(|user| format!("{}|{}|{}", user.code, user.role, status(user.active)))
        .collect()
}

fn holders(books: &Books) -> Vec<String> {
    let line = |holder: &super::books::Holder| {
        let status = if holder.blocked { "blocked" } else { "active" };
        format!(
            "{}|{}|{status}|{}|{}",
            holder.code,
            holder.name,
            holder.bank.line(),
            books.maybe(holder.bank_by)
        )
    };
    books.holders.iter().map(line).collect()
}

fn register(books: &Books) -> Vec<String> {
    let holder = |at: Option<usize>| at.map_or("", |at| &books.holders[at].code);
    let line = |flow: &super::books::Flow| {
        let (project, by) = (books.projects[flow.project].code, books.name(flow.by));
        let (from, to, reference) = (
            holder(flow.from),
            holder(flow.to),
            flow.reference.as_deref().unwrap_or_default(),
        );
        format!(
            "{project}|{from}|{to}|{}|{}|{reference}|{by}",
            canonical(flow.tokens),
            flow.date
        )
    };
    books.register.iter().map(line).collect()
}

fn supplies(books: &Books) -> Vec<String> {
    let line = |(at, project): (usize, &super::books::Project)| {
        let (issued, redeemed) = books.supply(at);
        format!(
            "{}|{}|{}",
            project.code,
            canonical(issued),
            canonical(redeemed)
        )
    };
    books.projects.iter().enumerate().map(line).collect()
}

fn events(books: &Books) -> Vec<String> {
    let line = |event: &Event| {
        let Event {
            code,
            amount,
            unit,
            date,
            record_date,
            status,
            ..
        } = event;
        let project = &books.projects[event.project];
        let (amount, unit) = (canonical(*amount), canonical(*unit));
        let (snapshot, tokens, allocated) = if event.calculated_by.is_some() {
            let tokens: Units = event.shares.iter().map(|share| share.tokens).sum();
            (record_date.to_string(), canonical(tokens), amount.clone())
        } else {
            (String::new(), String::new(), canonical(0))
        };
        let sums = format!(
            "{allocated}|{}|{}",
            canonical(event.withdrawn()),
            canonical(event.pending())
        );
        let by = [
            Some(event.created_by),
            event.calculated_by,
            event.approved_by,
            event.cancelled_by,
        ];
        let by = by.map(|user| books.maybe(user)).join("|");
        let terms = format!(
            "{}|{}|{amount}|{unit}|{date}|{record_date}",
            project.code, project.currency
        );
        let nav = event.nav.map(canonical).unwrap_or_default();
        format!("{code}|{terms}|{status}|{snapshot}|{tokens}|{sums}|{by}|{nav}")
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
        let Share {
            tokens,
            percentage,
            allocated,
            withdrawn,
            pending,
            ..
        } = *share;
        let sums = [
            tokens,
            percentage,
            allocated,
            withdrawn,
            pending,
            share.available(),
        ]
        .map(canonical)
        .join("|");
        format!(
            "{}|{}|{sums}|{status}",
            event.code, books.holders[share.holder].code
        )
    };
    books
        .events
        .iter()
        .flat_map(|event| event.shares.iter().map(move |share| line(event, share)))
        .collect()
}

fn withdrawals(books: &Books) -> Vec<String> {
    let line = |(at, withdrawal): (usize, &Withdrawal)| {
        let Withdrawal {
            event,
            holder,
            amount,
            status,
            bank,
            bank_by,
            ..
        } = withdrawal;
        let (event, holder) = (&books.events[*event].code, &books.holders[*holder].code);
        let by = [
            Some(*bank_by),
            Some(withdrawal.requested_by),
            withdrawal.approved_by,
            withdrawal.rejected_by,
        ];
        let by = [
            by.map(|user| books.maybe(user)).join("|"),
            books.maybe(withdrawal.cancelled_by).to_owned(),
        ]
        .join("|");
        let paid = withdrawal.payment.map_or_else(
            || "|||".to_owned(),
            |payment| {
                let Payment {
                    amount,
                    reference,
                    date,
                    by,
                    ..
                } = &books.payments[payment];
                format!(
                    "{reference}|{date}|{}|{}",
                    canonical(*amount),
                    books.name(*by)
                )
            },
        );
        format!(
            "{}|{event}|{holder}|{}|{status}|{}|{by}|{paid}",
            at + 1,
            canonical(*amount),
            bank.line()
        )
    };
    books.withdrawals.iter().enumerate().map(line).collect()
}

fn payments(books: &Books) -> Vec<String> {
    let line = |(at, payment): (usize, &Payment)| {
        let withdrawal = &books.withdrawals[payment.withdrawal];
        let Withdrawal {
            event,
            holder,
            bank,
            ..
        } = withdrawal;
        let (holder, currency) = (
            &books.holders[*holder].code,
            books.projects[books.events[*event].project].currency,
        );
        let status = if payment.returned.is_some() {
            "returned"
        } else {
            "recorded"
        };
        let replaces = payment
            .replaces
            .map(|replaced| (replaced + 1).to_string())
            .unwrap_or_default();
        let returned = payment.returned.map_or_else(
            || "|".to_owned(),
            |(date, by)| format!("{date}|{}", books.name(by)),
        );
        let (number, reference, date) = (payment.withdrawal + 1, &payment.reference, payment.date);
        let paid = format!(
            "{}|{currency}|{reference}|{date}",
            canonical(payment.amount)
        );
        let account = bank.number.unwrap_or_default();
        format!(
            "{}|{number}|{holder}|{paid}|{status}|{account}|{replaces}|{}|{returned}",
            at + 1,
            books.name(payment.by)
        )
    };
    books.payments.iter().enumerate().map(line).collect()
}

fn files(books: &Books) -> Vec<String> {
    let line = |(at, file): (usize, &super::books::File)| {
        let live = u8::from(file.cancelled_by.is_none());
        let items: Vec<String> = file
            .withdrawals
            .iter()
            .map(|withdrawal| format!("{}:{live}", withdrawal + 1))
            .collect();
        let (account, by) = (
            &books.accounts[file.account].code,
            books.maybe(file.cancelled_by),
        );
        let sums = format!("{}|{}", items.len(), canonical(file.total));
        format!(
            "{}|{account}|{}|{sums}|{by}|{}",
            at + 1,
            file.layout,
            items.join(" ")
        )
    };
    books.files.iter().enumerate().map(line).collect()
}

fn navs(books: &Books) -> Vec<String> {
    let line = |nav: &super::books::Nav| {
        let (project, by) = (books.projects[nav.project].code, books.name(nav.by));
        format!("{project}|{}|{}|{by}", nav.date, canonical(nav.amount))
    };
    books.navs.iter().map(line).collect()
}

fn imports(books: &Books) -> Vec<String> {
    let line = |import: &super::imports::TokenImport| {
        let (project, rows) = (books.projects[import.project].code, import.rows);
        format!("{project}|{rows}|{}|{rows}", canonical(import.tokens))
    };
    books.imports.iter().map(line).collect()
}

fn accounts(books: &Books) -> Vec<String> {
    let line = |Account {
                    code,
                    bank,
                    number,
                    currency,
                    project,
                }: &Account| {
        format!(
            "{code}|{bank}|{number}|{currency}|{}",
            project.map_or("", |project| books.projects[project].code)
        )
    };
    books.accounts.iter().map(line).collect()
}

fn statements(books: &Books) -> Vec<String> {
    let line = |statement: &super::bank::Statement| {
        let super::bank::Statement { account, rows, new } = statement;
        let amounts = || rows.iter().map(|row| row.amount);
        let (debits, credits) = (
            amounts().filter(|amount| *amount < 0),
            amounts().filter(|amount| *amount > 0),
        );
        let sums = [-debits.sum::<Units>(), credits.sum()]
            .map(canonical)
            .join("|");
        let (first, last) = (
            rows.iter().map(|row| row.date).min(),
            rows.iter().map(|row| row.date).max(),
        );
        let [first, last] =
            [first, last].map(|date| date.map(|date| date.to_string()).unwrap_or_default());
        format!(
            "{}|{new}|{}|{sums}|{first}|{last}",
            books.accounts[*account].code,
            rows.len() - new
        )
    };
    books.statements.iter().map(line).collect()
}

fn bank_lines(books: &Books) -> Vec<String> {
    let line = |line: &Line| {
        let (row, account) = (&line.row, &books.accounts[line.account].code);
        let (number, amount) = (line.statement + 1, signed(row.amount));
        format!(
            "{account}|{number}|{}|{amount}|{}|{}|{}",
            row.date, row.reference, row.text, line.occurrence
        )
    };
    books.lines.iter().map(line).collect()
}

fn links(books: &Books) -> Vec<String> {
    let line = |link: &Link| {
        let live = u8::from(link.is_live());
        let members = |places: &Vec<usize>| {
            let mut places = places.clone();
            places.sort_unstable();
            places
                .iter()
                .map(|place| format!("{}:{live}", place + 1))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let Link {
            account,
            kind,
            tier,
            state,
            lines,
            withdrawals,
        } = link;
        let account = &books.accounts[*account].code;
        format!(
            "{account}|{kind}|{tier}|{state}|{}|{}",
            members(lines),
            members(withdrawals)
        )
    };
    books.links.iter().map(line).collect()
}

fn keys(books: &Books) -> Vec<String> {
    books.keys.keys().cloned().collect()
}
