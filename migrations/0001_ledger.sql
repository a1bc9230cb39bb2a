-- The ledger, version 1.
--
-- Amounts and tokens are decimal(20,7) as canonical text with exactly seven decimals, percentages decimal(10,7) likewise.
-- Instants are UTC with microseconds (`2026-01-31T16:05:09.000001Z`), dates are `YYYY-MM-DD`, ids are UUIDs of version 7.
-- `number` is the row number: withdrawal 1 is `W-000001`. Nothing is ever deleted and no foreign key cascades; a row that
-- changes leaves its earlier state in a `_history` table, so that a past day can be told again.

PRAGMA application_id = 1886548852;

CREATE TABLE ledger (
  number      INTEGER PRIMARY KEY CHECK (number = 1),
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  four_eyes   TEXT NOT NULL CHECK (four_eyes IN ('on', 'off')),
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;

CREATE TABLE users (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code        TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  name        TEXT,
  role        TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'approver', 'auditor')),
  status      TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at  TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z')
) STRICT;

CREATE TABLE users_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number INTEGER NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL, name TEXT, role TEXT NOT NULL, status TEXT NOT NULL,
  created_by TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

CREATE TABLE projects (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code        TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  name        TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (length(currency) = 3 AND currency NOT GLOB '*[^A-Z]*'),
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at  TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z')
) STRICT;

CREATE TABLE projects_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number INTEGER NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, currency TEXT NOT NULL,
  created_by TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- Dated net asset values. A later row for the same date supersedes the earlier one.
CREATE TABLE project_navs (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  project_id  TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  nav_date    TEXT NOT NULL CHECK (nav_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  amount      TEXT NOT NULL
    CHECK (length(amount) BETWEEN 9 AND 21 AND substr(amount, -8, 1) = '.' AND trim(amount, '0123456789') = '.' AND amount NOT GLOB '0[0-9]*'),
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;
CREATE INDEX project_navs_by_date ON project_navs (project_id, nav_date, number);

CREATE TABLE lp_token_holders (
  number           INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code             TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  name             TEXT NOT NULL,
  email            TEXT,
  country          TEXT,
  status           TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
  status_reason    TEXT,
  bank_name        TEXT,
  bank_code        TEXT,
  account_number   TEXT,
  account_name     TEXT,
  bank_changed_by  TEXT REFERENCES users (id) ON DELETE RESTRICT,
  bank_changed_at  TEXT,
  created_by       TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at       TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at       TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK (status = 'active' OR status_reason IS NOT NULL),
  CHECK ((bank_changed_by IS NULL) = (bank_changed_at IS NULL)),
  CHECK (account_number IS NULL OR bank_changed_by IS NOT NULL)
) STRICT;

CREATE TABLE lp_token_holders_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number INTEGER NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, email TEXT, country TEXT,
  status TEXT NOT NULL, status_reason TEXT, bank_name TEXT, bank_code TEXT, account_number TEXT, account_name TEXT,
  bank_changed_by TEXT, bank_changed_at TEXT, created_by TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

CREATE TABLE token_imports (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  project_id  TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  file_hash   TEXT NOT NULL CHECK (length(file_hash) = 64),
  options     TEXT NOT NULL,
  row_count   INTEGER NOT NULL CHECK (row_count > 0),
  tokens      TEXT NOT NULL,
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  UNIQUE (project_id, file_hash)
) STRICT;

-- The register of LP tokens: append-only, corrected by a reversing entry.
CREATE TABLE token_entries (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  project_id      TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  kind            TEXT NOT NULL CHECK (kind IN ('issue', 'transfer', 'redeem')),
  from_holder_id  TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  to_holder_id    TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  tokens          TEXT NOT NULL
    CHECK (length(tokens) BETWEEN 9 AND 21 AND substr(tokens, -8, 1) = '.' AND trim(tokens, '0123456789') = '.' AND tokens NOT GLOB '0[0-9]*') CHECK (tokens <> '0.0000000'),
  effective_date  TEXT NOT NULL CHECK (effective_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  reference       TEXT,
  import_id       TEXT REFERENCES token_imports (id) ON DELETE RESTRICT,
  created_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at      TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  CHECK ((kind = 'issue') = (from_holder_id IS NULL)),
  CHECK ((kind = 'redeem') = (to_holder_id IS NULL)),
  CHECK (from_holder_id IS NULL OR to_holder_id IS NULL OR from_holder_id <> to_holder_id)
) STRICT;
CREATE UNIQUE INDEX token_entries_by_reference ON token_entries (project_id, reference) WHERE reference IS NOT NULL;
CREATE INDEX token_entries_by_to ON token_entries (to_holder_id, project_id) WHERE to_holder_id IS NOT NULL;
CREATE INDEX token_entries_by_from ON token_entries (from_holder_id, project_id) WHERE from_holder_id IS NOT NULL;

-- What is outstanding in a project, kept beside its entries so that no command adds up the register to change one line of it.
CREATE TABLE token_supplies (
  number      INTEGER PRIMARY KEY,
  project_id  TEXT NOT NULL UNIQUE REFERENCES projects (id) ON DELETE RESTRICT,
  issued      TEXT NOT NULL,
  redeemed    TEXT NOT NULL,
  updated_at  TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z')
) STRICT;

CREATE TABLE distribution_events (
  number                   INTEGER PRIMARY KEY,
  id                       TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code                     TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  project_id               TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  event_type               TEXT NOT NULL CHECK (event_type IN ('revenue', 'exit', 'dividend', 'other')),
  title                    TEXT NOT NULL,
  description              TEXT,
  currency                 TEXT NOT NULL CHECK (length(currency) = 3),
  total_amount             TEXT NOT NULL
    CHECK (length(total_amount) BETWEEN 9 AND 21 AND substr(total_amount, -8, 1) = '.' AND trim(total_amount, '0123456789') = '.' AND total_amount NOT GLOB '0[0-9]*') CHECK (total_amount <> '0.0000000'),
  unit                     TEXT NOT NULL
    CHECK (length(unit) BETWEEN 9 AND 21 AND substr(unit, -8, 1) = '.' AND trim(unit, '0123456789') = '.' AND unit NOT GLOB '0[0-9]*') CHECK (unit <> '0.0000000'),
  distribution_date        TEXT NOT NULL CHECK (distribution_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  record_date              TEXT NOT NULL CHECK (record_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  status                   TEXT NOT NULL CHECK (status IN ('draft', 'calculated', 'active', 'completed', 'cancelled')),
  snapshot_date            TEXT,
  snapshot_total_lp_tokens TEXT,
  snapshot_nav             TEXT,
  calculation_hash         TEXT,
  total_allocated          TEXT NOT NULL
    CHECK (length(total_allocated) BETWEEN 9 AND 21 AND substr(total_allocated, -8, 1) = '.' AND trim(total_allocated, '0123456789') = '.' AND total_allocated NOT GLOB '0[0-9]*'),
  total_withdrawn          TEXT NOT NULL
    CHECK (length(total_withdrawn) BETWEEN 9 AND 21 AND substr(total_withdrawn, -8, 1) = '.' AND trim(total_withdrawn, '0123456789') = '.' AND total_withdrawn NOT GLOB '0[0-9]*'),
  total_pending            TEXT NOT NULL
    CHECK (length(total_pending) BETWEEN 9 AND 21 AND substr(total_pending, -8, 1) = '.' AND trim(total_pending, '0123456789') = '.' AND total_pending NOT GLOB '0[0-9]*'),
  created_by               TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  calculated_by            TEXT REFERENCES users (id) ON DELETE RESTRICT,
  calculated_at            TEXT,
  approved_by              TEXT REFERENCES users (id) ON DELETE RESTRICT,
  approved_at              TEXT,
  completed_at             TEXT,
  cancelled_by             TEXT REFERENCES users (id) ON DELETE RESTRICT,
  cancelled_at             TEXT,
  cancellation_reason      TEXT,
  created_at               TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at               TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK (record_date <= distribution_date),
  CHECK (status NOT IN ('calculated', 'active', 'completed')
         OR (snapshot_date IS NOT NULL AND snapshot_total_lp_tokens IS NOT NULL AND calculation_hash IS NOT NULL
             AND calculated_by IS NOT NULL AND calculated_at IS NOT NULL AND total_allocated = total_amount)),
  CHECK (status NOT IN ('active', 'completed') OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)),
  CHECK (status NOT IN ('draft', 'calculated') OR approved_by IS NULL),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
  CHECK (status <> 'completed' OR (total_withdrawn = total_amount AND total_pending = '0.0000000')),
  CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL AND cancelled_at IS NOT NULL AND cancellation_reason IS NOT NULL)),
  CHECK (status <> 'cancelled' OR (total_withdrawn = '0.0000000' AND total_pending = '0.0000000'))
) STRICT;
CREATE INDEX distribution_events_by_project ON distribution_events (project_id);
CREATE INDEX distribution_events_by_status ON distribution_events (status);
CREATE INDEX distribution_events_by_date ON distribution_events (distribution_date);

CREATE TABLE distribution_events_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number INTEGER NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL, project_id TEXT NOT NULL, event_type TEXT NOT NULL, title TEXT NOT NULL,
  description TEXT, currency TEXT NOT NULL, total_amount TEXT NOT NULL, unit TEXT NOT NULL, distribution_date TEXT NOT NULL,
  record_date TEXT NOT NULL, status TEXT NOT NULL, snapshot_date TEXT, snapshot_total_lp_tokens TEXT, snapshot_nav TEXT,
  calculation_hash TEXT, total_allocated TEXT NOT NULL, total_withdrawn TEXT NOT NULL, total_pending TEXT NOT NULL,
  created_by TEXT NOT NULL, calculated_by TEXT, calculated_at TEXT, approved_by TEXT, approved_at TEXT, completed_at TEXT,
  cancelled_by TEXT, cancelled_at TEXT, cancellation_reason TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

CREATE TABLE distribution_allocations (
  number                 INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id             TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id     TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  lp_tokens_held         TEXT NOT NULL
    CHECK (length(lp_tokens_held) BETWEEN 9 AND 21 AND substr(lp_tokens_held, -8, 1) = '.' AND trim(lp_tokens_held, '0123456789') = '.' AND lp_tokens_held NOT GLOB '0[0-9]*') CHECK (lp_tokens_held <> '0.0000000'),
  ownership_percentage   TEXT NOT NULL
    CHECK (length(ownership_percentage) BETWEEN 9 AND 11 AND substr(ownership_percentage, -8, 1) = '.' AND trim(ownership_percentage, '0123456789') = '.' AND ownership_percentage NOT GLOB '0[0-9]*'),
  allocated_amount       TEXT NOT NULL
    CHECK (length(allocated_amount) BETWEEN 9 AND 21 AND substr(allocated_amount, -8, 1) = '.' AND trim(allocated_amount, '0123456789') = '.' AND allocated_amount NOT GLOB '0[0-9]*'),
  withdrawn_amount       TEXT NOT NULL
    CHECK (length(withdrawn_amount) BETWEEN 9 AND 21 AND substr(withdrawn_amount, -8, 1) = '.' AND trim(withdrawn_amount, '0123456789') = '.' AND withdrawn_amount NOT GLOB '0[0-9]*'),
  pending_amount         TEXT NOT NULL
    CHECK (length(pending_amount) BETWEEN 9 AND 21 AND substr(pending_amount, -8, 1) = '.' AND trim(pending_amount, '0123456789') = '.' AND pending_amount NOT GLOB '0[0-9]*'),
  available_amount       TEXT NOT NULL
    CHECK (length(available_amount) BETWEEN 9 AND 21 AND substr(available_amount, -8, 1) = '.' AND trim(available_amount, '0123456789') = '.' AND available_amount NOT GLOB '0[0-9]*'),
  status                 TEXT NOT NULL CHECK (status IN ('allocated', 'partially_withdrawn', 'fully_withdrawn')),
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at             TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  UNIQUE (distribution_event_id, lp_token_holder_id),
  -- allocated = withdrawn + pending + available, exactly: whole units and ten-millionths apart, since their product would not fit 64 bits.
  CHECK ((CAST(substr(withdrawn_amount, 1, length(withdrawn_amount) - 8) AS INTEGER)
        + CAST(substr(pending_amount, 1, length(pending_amount) - 8) AS INTEGER)
        + CAST(substr(available_amount, 1, length(available_amount) - 8) AS INTEGER)
        - CAST(substr(allocated_amount, 1, length(allocated_amount) - 8) AS INTEGER)) * 10000000
        + CAST(substr(withdrawn_amount, -7) AS INTEGER) + CAST(substr(pending_amount, -7) AS INTEGER)
        + CAST(substr(available_amount, -7) AS INTEGER) - CAST(substr(allocated_amount, -7) AS INTEGER) = 0),
  CHECK (status = CASE WHEN withdrawn_amount = '0.0000000' THEN 'allocated'
                       WHEN withdrawn_amount = allocated_amount THEN 'fully_withdrawn' ELSE 'partially_withdrawn' END)
) STRICT;

-- Allocations of a calculation that was calculated again before its approval: kept, so that a past day can be told again.
CREATE TABLE superseded_allocations (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, distribution_event_id TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id TEXT NOT NULL, lp_token_holder_id TEXT NOT NULL, lp_tokens_held TEXT NOT NULL, ownership_percentage TEXT NOT NULL,
  allocated_amount TEXT NOT NULL, withdrawn_amount TEXT NOT NULL, pending_amount TEXT NOT NULL, available_amount TEXT NOT NULL,
  status TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (distribution_event_id, lp_token_holder_id, superseded_at)
) STRICT;

CREATE TABLE withdrawal_requests (
  number                     INTEGER PRIMARY KEY,
  id                         TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_allocation_id TEXT NOT NULL REFERENCES distribution_allocations (id) ON DELETE RESTRICT,
  distribution_event_id      TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id                 TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id         TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  requested_amount           TEXT NOT NULL
    CHECK (length(requested_amount) BETWEEN 9 AND 21 AND substr(requested_amount, -8, 1) = '.' AND trim(requested_amount, '0123456789') = '.' AND requested_amount NOT GLOB '0[0-9]*') CHECK (requested_amount <> '0.0000000'),
  currency                   TEXT NOT NULL CHECK (length(currency) = 3),
  status                     TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'cancelled', 'paid', 'returned')),
  bank_name                  TEXT NOT NULL,
  bank_code                  TEXT,
  account_number             TEXT NOT NULL,
  account_name               TEXT,
  bank_changed_by            TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  request_notes              TEXT,
  requested_by               TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  reviewed_by                TEXT REFERENCES users (id) ON DELETE RESTRICT,
  reviewed_at                TEXT,
  approved_by                TEXT REFERENCES users (id) ON DELETE RESTRICT,
  approved_at                TEXT,
  rejected_by                TEXT REFERENCES users (id) ON DELETE RESTRICT,
  rejected_at                TEXT,
  rejection_reason           TEXT,
  cancelled_by               TEXT REFERENCES users (id) ON DELETE RESTRICT,
  cancelled_at               TEXT,
  payment_reference          TEXT,
  payment_date               TEXT,
  payment_amount             TEXT,
  paid_by                    TEXT REFERENCES users (id) ON DELETE RESTRICT,
  paid_at                    TEXT,
  payment_notes              TEXT,
  returned_at                TEXT,
  created_at                 TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at                 TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL)),
  CHECK ((reviewed_by IS NULL) = (approved_by IS NULL AND rejected_by IS NULL)),
  CHECK (status <> 'pending' OR reviewed_by IS NULL),
  CHECK (status NOT IN ('approved', 'paid', 'returned') OR approved_by IS NOT NULL),
  CHECK ((status = 'rejected') = (rejected_by IS NOT NULL AND rejected_at IS NOT NULL AND rejection_reason IS NOT NULL)),
  CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL AND cancelled_at IS NOT NULL)),
  CHECK ((status IN ('paid', 'returned')) = (payment_reference IS NOT NULL AND payment_date IS NOT NULL AND payment_amount IS NOT NULL
         AND paid_by IS NOT NULL AND paid_at IS NOT NULL)),
  CHECK ((status = 'returned') = (returned_at IS NOT NULL)),
  CHECK (payment_amount IS NULL OR length(payment_amount) < length(requested_amount)
         OR (length(payment_amount) = length(requested_amount) AND payment_amount <= requested_amount))
) STRICT;
CREATE INDEX withdrawal_requests_by_allocation ON withdrawal_requests (distribution_allocation_id);
CREATE INDEX withdrawal_requests_by_event ON withdrawal_requests (distribution_event_id, status);
CREATE INDEX withdrawal_requests_by_holder ON withdrawal_requests (lp_token_holder_id);

-- One row per payment. A withdrawal is paid at most once, a reference is used at most once, a returned payment is replaced at most once.
CREATE TABLE distribution_payments (
  number                 INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  withdrawal_request_id  TEXT NOT NULL UNIQUE REFERENCES withdrawal_requests (id) ON DELETE RESTRICT,
  distribution_allocation_id TEXT NOT NULL REFERENCES distribution_allocations (id) ON DELETE RESTRICT,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id             TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id     TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  amount                 TEXT NOT NULL
    CHECK (length(amount) BETWEEN 9 AND 21 AND substr(amount, -8, 1) = '.' AND trim(amount, '0123456789') = '.' AND amount NOT GLOB '0[0-9]*') CHECK (amount <> '0.0000000'),
  currency               TEXT NOT NULL CHECK (length(currency) = 3),
  reference              TEXT NOT NULL UNIQUE CHECK (length(reference) > 0),
  payment_date           TEXT NOT NULL CHECK (payment_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  status                 TEXT NOT NULL CHECK (status IN ('recorded', 'reconciled', 'returned')),
  bank_name              TEXT NOT NULL,
  bank_code              TEXT,
  account_number         TEXT NOT NULL,
  account_name           TEXT,
  notes                  TEXT,
  replaces_payment_id    TEXT UNIQUE REFERENCES distribution_payments (id) ON DELETE RESTRICT,
  paid_by                TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  paid_at                TEXT NOT NULL CHECK (length(paid_at) = 27 AND paid_at GLOB '[0-9]*T*Z'),
  return_date            TEXT,
  return_reason          TEXT,
  returned_by            TEXT REFERENCES users (id) ON DELETE RESTRICT,
  returned_at            TEXT,
  updated_at             TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((status = 'returned') = (return_date IS NOT NULL AND return_reason IS NOT NULL AND returned_by IS NOT NULL AND returned_at IS NOT NULL))
) STRICT;
CREATE INDEX distribution_payments_by_event ON distribution_payments (distribution_event_id);
CREATE INDEX distribution_payments_by_holder ON distribution_payments (lp_token_holder_id);
CREATE INDEX distribution_payments_by_allocation ON distribution_payments (distribution_allocation_id);

CREATE TABLE idempotency_keys (
  number      INTEGER PRIMARY KEY,
  key         TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 200),
  command     TEXT NOT NULL,
  input_hash  TEXT NOT NULL CHECK (length(input_hash) = 64),
  result      TEXT NOT NULL CHECK (json_valid(result)),
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;

-- The audit trail: a chain of SHA-256 hashes from the ledger's id. `rows_hash` commits to the rows that the transaction wrote.
CREATE TABLE distribution_activity_log (
  seq                    INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_event_id  TEXT REFERENCES distribution_events (id) ON DELETE RESTRICT,
  withdrawal_request_id  TEXT REFERENCES withdrawal_requests (id) ON DELETE RESTRICT,
  project_id             TEXT REFERENCES projects (id) ON DELETE RESTRICT,
  activity_type          TEXT NOT NULL,
  outcome                TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
  performed_by           TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  claimed_by             TEXT NOT NULL CHECK (claimed_by IN ('flag', 'environment', 'os_user')),
  previous_status        TEXT,
  new_status             TEXT,
  changes_summary        TEXT NOT NULL CHECK (json_valid(changes_summary)),
  metadata               TEXT NOT NULL CHECK (json_valid(metadata)),
  ip_address             TEXT,
  user_agent             TEXT NOT NULL,
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  rows_hash              TEXT CHECK (rows_hash IS NULL OR length(rows_hash) = 64),
  hash                   TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE INDEX distribution_activity_log_by_event ON distribution_activity_log (distribution_event_id) WHERE distribution_event_id IS NOT NULL;
-- The few entries that `status` looks for; no other entry pays for it.
CREATE INDEX distribution_activity_log_of_backups ON distribution_activity_log (seq) WHERE activity_type = 'backup_made';
CREATE INDEX distribution_activity_log_by_withdrawal ON distribution_activity_log (withdrawal_request_id) WHERE withdrawal_request_id IS NOT NULL;

-- Which rows a transaction wrote, under the entry that commits to them. The rows come before their entry, which carries their
-- digest; a foreign key would search this table at each entry, so the verification ties the two together instead. Runs
-- of row numbers, with two SHA-256 hashes for each row: as it stood before the transaction and at its commit (32 zero bytes:
-- not there).
CREATE TABLE distribution_activity_rows (
  number        INTEGER PRIMARY KEY,
  seq           INTEGER NOT NULL CHECK (seq > 0),
  table_name    TEXT NOT NULL,
  first_number  INTEGER NOT NULL,
  hashes        BLOB NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 64 = 0)
) STRICT;
