//! The rows that the schema refuses, and the differences for which it does.

/// A new row: the table, the row that it is made from, and what is different in it.
pub(super) struct NewRow {
    pub(super) table: &'static str,
    pub(super) from: &'static str,
    pub(super) with: &'static [(&'static str, &'static str)],
    /// The differences without which it is refused, each with the words of the refusal.
    pub(super) unique: &'static [(&'static str, &'static str)],
}

/// An id that no row has.
pub(super) const ID: (&str, &str) = ("id", "'ffffffff-0000-7000-8000-000000000000'");

pub(super) const NEW: [NewRow; 26] = [
    NewRow {
        table: "payment_transfers",
        from: "number = 1",
        with: &[("reference", "'fresh'")],
        unique: &[("reference", "payment_transfers.reference")],
    },
    NewRow {
        table: "distribution_payments",
        from: "replaces_payment_id IS NOT NULL",
        with: &[
            ID,
            (
                "withdrawal_request_id",
                "(SELECT id FROM withdrawal_requests WHERE number = 4)",
            ),
            (
                "replaces_payment_id",
                "(SELECT id FROM distribution_payments WHERE number = 1)",
            ),
        ],
        unique: &[
            ("id", "distribution_payments.id"),
            (
                "withdrawal_request_id",
                "distribution_payments.withdrawal_request_id",
            ),
            (
                "replaces_payment_id",
                "distribution_payments.replaces_payment_id",
            ),
        ],
    },
    NewRow {
        table: "distribution_allocations",
        from: "number = 1",
        with: &[
            ID,
            (
                "distribution_event_id",
                "(SELECT id FROM distribution_events WHERE code = 'E2')",
            ),
        ],
        unique: &[(
            "distribution_event_id",
            "distribution_allocations.distribution_event_id, distribution_allocations.lp_token_holder_id",
        )],
    },
    NewRow {
        table: "bank_match_lines",
        from: "live = 1",
        with: &[("match_number", "1"), ("live", "0")],
        unique: &[("live", "bank_match_lines.line_number")],
    },
    NewRow {
        table: "bank_match_withdrawals",
        from: "live = 1",
        with: &[
            ("match_number", "(SELECT max(number) FROM bank_matches)"),
            ("live", "0"),
        ],
        unique: &[(
            "live",
            "bank_match_withdrawals.withdrawal_number, bank_match_withdrawals.kind",
        )],
    },
    NewRow {
        table: "bank_match_remittances",
        from: "live = 1",
        with: &[("match_number", "1"), ("live", "0")],
        unique: &[
            ("match_number", "bank_match_remittances.match_number"),
            ("live", "bank_match_remittances.remittance_number"),
        ],
    },
    NewRow {
        table: "payment_file_items",
        from: "live = 1 AND withdrawal_number = 8",
        with: &[
            ("file_number", "1"),
            ("end_to_end", "'PRXXXXXXXX'"),
            ("live", "0"),
            ("ended_as", "'dropped'"),
            ("ended_by", "(SELECT id FROM users LIMIT 1)"),
            ("ended_at", "'2026-06-30T09:00:00.000000Z'"),
            ("ended_reason", "'x'"),
        ],
        unique: &[
            (
                "file_number",
                "payment_file_items.file_number, payment_file_items.withdrawal_number",
            ),
            ("end_to_end", "payment_file_items.end_to_end"),
        ],
    },
    NewRow {
        table: "payment_file_items",
        from: "live = 1 AND withdrawal_number = 8",
        with: &[
            ("file_number", "1"),
            ("end_to_end", "'PRXXXXXXXX'"),
            ("withdrawal_number", "1"),
        ],
        unique: &[("withdrawal_number", "payment_file_items.withdrawal_number")],
    },
    NewRow {
        table: "payment_files",
        from: "number = 1",
        with: &[ID, ("message_id", "'fresh'")],
        unique: &[("message_id", "payment_files.message_id")],
    },
    NewRow {
        table: "idempotency_keys",
        from: "number = 1",
        with: &[("key", "'fresh'")],
        unique: &[("key", "idempotency_keys.key")],
    },
    NewRow {
        table: "users",
        from: "code = 'chi'",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "users.code")],
    },
    NewRow {
        table: "users",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("id", "users.id")],
    },
    NewRow {
        table: "projects",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "projects.code")],
    },
    NewRow {
        table: "lp_token_holders",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "lp_token_holders.code")],
    },
    NewRow {
        table: "holder_accounts",
        from: "number = 1",
        with: &[
            ID,
            (
                "lp_token_holder_id",
                "(SELECT id FROM lp_token_holders WHERE code = 'h5')",
            ),
        ],
        unique: &[("lp_token_holder_id", "index 'holder_accounts_live'")],
    },
    NewRow {
        table: "holder_account_hands",
        from: "number = 1",
        with: &[("user_id", "(SELECT id FROM users WHERE code = 'dayo')")],
        unique: &[(
            "user_id",
            "holder_account_hands.holder_account_number, holder_account_hands.user_id",
        )],
    },
    NewRow {
        table: "distribution_events",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "distribution_events.code")],
    },
    NewRow {
        table: "bank_accounts",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'"), ("account_number", "'0000000017'")],
        unique: &[
            ("code", "bank_accounts.code"),
            (
                "account_number",
                "bank_accounts.account_number, bank_accounts.bank_name, bank_accounts.currency",
            ),
        ],
    },
    NewRow {
        table: "token_entries",
        from: "reference = 'T-1'",
        with: &[ID, ("reference", "'fresh'")],
        unique: &[],
    },
    NewRow {
        table: "withdrawal_imports",
        from: "number = 1",
        with: &[ID],
        unique: &[],
    },
    NewRow {
        table: "token_imports",
        from: "number = 1",
        with: &[ID, ("file_hash", "hex(zeroblob(32))")],
        unique: &[(
            "file_hash",
            "token_imports.project_id, token_imports.file_hash, token_imports.options",
        )],
    },
    NewRow {
        table: "bank_statements",
        from: "number = 1",
        with: &[ID, ("file_position", "9")],
        unique: &[(
            "file_position",
            "bank_statements.bank_account_id, bank_statements.file_hash, bank_statements.file_position",
        )],
    },
    NewRow {
        table: "bank_lines",
        from: "number = 1",
        with: &[ID, ("occurrence", "2")],
        unique: &[("occurrence", "bank_lines.identity, bank_lines.occurrence")],
    },
    NewRow {
        table: "withdrawal_requests",
        from: "number = 1",
        with: &[ID],
        unique: &[("id", "withdrawal_requests.id")],
    },
    NewRow {
        table: "distribution_activity_log",
        from: "seq = 1",
        with: &[ID],
        unique: &[("id", "distribution_activity_log.id")],
    },
    NewRow {
        table: "superseded_allocations",
        from: "history_number = 1",
        with: &[ID, ("superseded_at", "'2026-12-31T00:00:00.000000Z'")],
        unique: &[(
            "superseded_at",
            "superseded_allocations.distribution_event_id, superseded_allocations.lp_token_holder_id, \
             superseded_allocations.superseded_at",
        )],
    },
];

/// Changes of one row that the schema accepts, and others that it refuses: where, what fits,
/// what does not.
pub(super) const CHANGES: [(&str, &str, &str, &str); 37] = [
    (
        "distribution_allocations",
        "number = 3",
        "available_amount = available_amount",
        "available_amount = '-1.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "pending_amount = pending_amount",
        "pending_amount = '-0.0000001'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "withdrawn_amount = withdrawn_amount",
        "withdrawn_amount = '-5.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "allocated_amount = allocated_amount",
        "allocated_amount = '1.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "available_amount = '0.0000000', pending_amount = allocated_amount",
        "available_amount = '0.0000000', pending_amount = '0.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "available_amount = '0.0000000', withdrawn_amount = allocated_amount, pending_amount = '0.0000000', status = 'fully_withdrawn'",
        "available_amount = '0.0000000', withdrawn_amount = allocated_amount, pending_amount = '0.0000000', status = 'allocated'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "lp_tokens_held = '1.0000000'",
        "lp_tokens_held = '0.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "lp_tokens_held = '1.0000000'",
        "lp_tokens_held = '1.0'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "requested_amount = '1.0000000'",
        "requested_amount = '0.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "requested_amount = '1.0000000'",
        "requested_amount = '-1.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "requested_amount = '1.0000000'",
        "requested_amount = '01.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 1",
        "payment_amount = '4.0000000'",
        "payment_amount = '5.0000001'",
    ),
    (
        "withdrawal_requests",
        "number = 1",
        "payment_amount = '4.0000000'",
        "payment_amount = '10.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 1",
        "payment_reference = 'x'",
        "payment_reference = NULL",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'paid'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'approved'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'rejected'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'cancelled'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'done'",
    ),
    (
        "withdrawal_requests",
        "number = 2",
        "status = 'returned'",
        "status = 'paid'",
    ),
    (
        "distribution_payments",
        "number = 1",
        "amount = '4.0000000'",
        "amount = '0.0000000'",
    ),
    (
        "distribution_payments",
        "number = 1",
        "amount = '4.0000000'",
        "amount = '-4.0000000'",
    ),
    (
        "distribution_payments",
        "number = 1",
        "reference = upper(reference)",
        "reference = ''",
    ),
    (
        "payment_transfers",
        "number = 1",
        "total = '5.0000000'",
        "total = '0.0000000'",
    ),
    (
        "payment_transfers",
        "number = 1",
        "payments = 2",
        "payments = 0",
    ),
    (
        "distribution_payments",
        "number = 1",
        "status = 'recorded'",
        "status = 'returned'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "total_amount = '9.0000000'",
        "total_amount = '0.0000000'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "record_date = '2026-03-01'",
        "record_date = '2026-04-01'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "total_withdrawn = '0.0000000'",
        "total_withdrawn = '1.0000000'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "cancellation_reason = 'x'",
        "cancellation_reason = NULL",
    ),
    (
        "distribution_events",
        "code = 'E1'",
        "title = 'x'",
        "status = 'completed', completed_at = updated_at",
    ),
    (
        "distribution_events",
        "code = 'E1'",
        "title = 'x'",
        "status = 'calculated'",
    ),
    (
        "distribution_events",
        "code = 'E1'",
        "title = 'x'",
        "approved_by = NULL, approved_at = NULL",
    ),
    (
        "token_entries",
        "number = 1",
        "tokens = '2.0000000'",
        "tokens = '0.0000000'",
    ),
    (
        "token_entries",
        "kind = 'transfer'",
        "reference = 'x'",
        "to_holder_id = from_holder_id",
    ),
    (
        "token_entries",
        "kind = 'transfer'",
        "reference = 'x'",
        "kind = 'issue'",
    ),
    (
        "lp_token_holders",
        "code = 'h3'",
        "status_reason = 'x'",
        "status_reason = NULL",
    ),
];

/// Rows that others rest on.
pub(super) const NEEDED: [&str; 10] = [
    "payment_transfers",
    "users",
    "projects",
    "lp_token_holders",
    "distribution_events",
    "distribution_allocations",
    "withdrawal_requests",
    "bank_accounts",
    "bank_lines",
    "payment_files",
];
