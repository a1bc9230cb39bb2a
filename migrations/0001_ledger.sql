-- The prorata ledger, version 1.
--
-- How values are written:
--   * Amounts and tokens are decimal(20,7): text with exactly seven decimals and no leading zeros,
--     for example '1250.5000000'. Percentages are decimal(10,7) in the same form. Each is
--     compared with itself, printed again: whole units, a point, and seven digits, all without sign.
--   * Amounts of the bank side carry a sign: money in is positive, money out is negative.
--   * Instants are UTC with microseconds ('2026-01-31T16:05:09.000001Z'), dates are 'YYYY-MM-DD'.
--   * Ids are UUIDs of version 7. `number` is the row number that codes are made from: withdrawal 1
--     is W-000001, payment 1 is P-000001.
--
-- A list of allowed words is `IN (...)` in tables with few rows. In tables with many rows the words are
-- compared one by one: for `IN` with more than two words SQLite builds a table of the words for each
-- row that is written, which makes bulk commands up to 20 % slower.
--
-- How the past is kept:
--   * No row is ever deleted, and no foreign key cascades.
--   * Before a row changes, its earlier state goes into the table's `_history` table, or the change
--     is dated in the row itself, so that the ledger can be shown as of any past day.
--   * Every transaction appends to the audit trail (the last two tables), which holds a hash of
--     every row that the transaction wrote.

-- 'prta' in ASCII. Development versions before the first release had 'prst' and other tables.
PRAGMA application_id = 1886549089;

-- The one row of the ledger itself. `four_eyes`: whether a second person must approve.
CREATE TABLE ledger (
  number      INTEGER PRIMARY KEY CHECK (number = 1),
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  four_eyes   TEXT NOT NULL CHECK (four_eyes IN ('on', 'off')),
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;


-- Users: who works with the ledger. The first user created itself. `introduced_by`: who added the
-- user, or last changed the role or made the user active again. Until somebody else acknowledges
-- that, the user does not count as a second person for the work of that one.

CREATE TABLE users (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code        TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  name        TEXT,
  role        TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'approver', 'auditor')),
  status      TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
  introduced_by   TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  introduced_at   TEXT NOT NULL,
  acknowledged_by TEXT REFERENCES users (id) ON DELETE RESTRICT,
  acknowledged_at TEXT,
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at  TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL))
) STRICT;

CREATE TABLE users_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number         INTEGER NOT NULL,
  id             TEXT NOT NULL,
  code           TEXT NOT NULL,
  name           TEXT,
  role           TEXT NOT NULL,
  status         TEXT NOT NULL,
  introduced_by   TEXT NOT NULL,
  introduced_at   TEXT NOT NULL,
  acknowledged_by TEXT,
  acknowledged_at TEXT,
  created_by     TEXT NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;


-- Projects: what earns the money that is distributed. `minimum_payout`: what a holder must be owed
-- before it is paid, for the events that are created without a minimum of their own. `tax_profile`:
-- the rates of its withholding tax; without one nothing is withheld.

CREATE TABLE projects (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code        TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  name        TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (length(currency) = 3 AND currency NOT GLOB '*[^A-Z]*'),
  minimum_payout TEXT NOT NULL
    CHECK (length(minimum_payout) <= 21
           AND minimum_payout = printf('%u.%07u', minimum_payout, substr(minimum_payout, -7))),
  stale_after INTEGER NOT NULL CHECK (stale_after BETWEEN 1 AND 36500),
  tax_profile      TEXT,
  tax_profile_hash TEXT REFERENCES tax_profiles (sha256) ON DELETE RESTRICT,
  tax_profile_by   TEXT REFERENCES users (id) ON DELETE RESTRICT,
  tax_profile_at   TEXT CHECK (length(tax_profile_at) = 27 AND tax_profile_at GLOB '[0-9]*T*Z'),
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at  TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((tax_profile IS NULL) = (tax_profile_hash IS NULL)),
  CHECK ((tax_profile_by IS NULL) = (tax_profile_at IS NULL)),
  CHECK (tax_profile IS NULL OR tax_profile_by IS NOT NULL)
) STRICT;

CREATE TABLE projects_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number         INTEGER NOT NULL,
  id             TEXT NOT NULL,
  code           TEXT NOT NULL,
  name           TEXT NOT NULL,
  currency       TEXT NOT NULL,
  minimum_payout TEXT NOT NULL,
  stale_after    INTEGER NOT NULL,
  tax_profile      TEXT,
  tax_profile_hash TEXT,
  tax_profile_by   TEXT,
  tax_profile_at   TEXT,
  created_by     TEXT NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- Tax profiles that projects use: each text once, as it was read. Rows are only added.
CREATE TABLE tax_profiles (
  number      INTEGER PRIMARY KEY,
  name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  sha256      TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  text        TEXT NOT NULL,
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;

-- Net asset values by date. A later row for the same date replaces the earlier one.
CREATE TABLE project_navs (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  project_id  TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  nav_date    TEXT NOT NULL CHECK (nav_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  amount      TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7))),
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;
CREATE INDEX project_navs_by_date ON project_navs (project_id, nav_date, number);


-- Holders of LP tokens: who receives the money. `tax_residence`: where a holder is at home for tax;
-- `country` decides how bank details are checked. Who last unblocked a holder may not approve a
-- withdrawal of the holder for a while.

CREATE TABLE lp_token_holders (
  number           INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code             TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  name             TEXT NOT NULL,
  email            TEXT,
  country          TEXT,
  tax_kind         TEXT
    CHECK (tax_kind = 'individual' OR tax_kind = 'company' OR tax_kind = 'fund'
           OR tax_kind = 'government' OR tax_kind = 'other'),
  tax_residence    TEXT CHECK (length(tax_residence) = 2 AND tax_residence NOT GLOB '*[^A-Z]*'),
  tax_number       TEXT CHECK (length(tax_number) BETWEEN 4 AND 40),
  tax_state        TEXT CHECK (length(tax_state) BETWEEN 1 AND 40),
  status           TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
  status_reason    TEXT,
  unblocked_by     TEXT REFERENCES users (id) ON DELETE RESTRICT,
  unblocked_at     TEXT,
  unblock_reason   TEXT,
  created_by       TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at       TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at       TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK (status = 'active' OR status_reason IS NOT NULL),
  CHECK ((unblocked_by IS NULL) = (unblocked_at IS NULL)
         AND (unblocked_by IS NULL) = (unblock_reason IS NULL))
) STRICT;

-- What is available to a blocked holder is held.
CREATE INDEX lp_token_holders_blocked ON lp_token_holders (id) WHERE status = 'blocked';

CREATE TABLE lp_token_holders_history (
  history_number   INTEGER PRIMARY KEY,
  superseded_at    TEXT NOT NULL,
  number           INTEGER NOT NULL,
  id               TEXT NOT NULL,
  code             TEXT NOT NULL,
  name             TEXT NOT NULL,
  email            TEXT,
  country          TEXT,
  tax_kind         TEXT,
  tax_residence    TEXT,
  tax_number       TEXT,
  tax_state        TEXT,
  status           TEXT NOT NULL,
  status_reason    TEXT,
  unblocked_by     TEXT,
  unblocked_at     TEXT,
  unblock_reason   TEXT,
  created_by       TEXT NOT NULL,
  created_at       TEXT NOT NULL,
  updated_at       TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- Bank accounts of holders; some details may be missing. Of those that are not removed a holder has
-- at most one in each currency, and one for any currency. `first_paid_at`: when a payment to it was
-- first recorded.
CREATE TABLE holder_accounts (
  number             INTEGER PRIMARY KEY,
  id                 TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  lp_token_holder_id TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  currency           TEXT CHECK (length(currency) = 3 AND currency NOT GLOB '*[^A-Z]*'),
  bank_name          TEXT,
  bank_code          TEXT,
  account_number     TEXT,
  account_name       TEXT,
  first_paid_at      TEXT,
  bank_changed_by    TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  bank_changed_at    TEXT NOT NULL
    CHECK (length(bank_changed_at) = 27 AND bank_changed_at GLOB '[0-9]*T*Z'),
  removed_by         TEXT REFERENCES users (id) ON DELETE RESTRICT,
  removed_at         TEXT,
  created_at         TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at         TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX holder_accounts_live ON holder_accounts (lp_token_holder_id, coalesce(currency, ''))
  WHERE removed_at IS NULL;
CREATE INDEX holder_accounts_by_account ON holder_accounts (account_number)
  WHERE account_number IS NOT NULL;

-- The holders who have, or had, no account that takes any currency. `lacking`: still so. Few of the
-- holders of most ledgers are here, so that `prorata status` finds whom nobody can pay.
CREATE TABLE holders_without_account (
  number        INTEGER PRIMARY KEY,
  holder_number INTEGER NOT NULL UNIQUE REFERENCES lp_token_holders (number) ON DELETE RESTRICT,
  lacking       INTEGER NOT NULL CHECK (lacking IN (0, 1))
) STRICT;
CREATE INDEX holders_without_account_now ON holders_without_account (holder_number) WHERE lacking = 1;

CREATE TABLE holder_accounts_history (
  history_number     INTEGER PRIMARY KEY,
  superseded_at      TEXT NOT NULL,
  number             INTEGER NOT NULL,
  id                 TEXT NOT NULL,
  lp_token_holder_id TEXT NOT NULL,
  currency           TEXT,
  bank_name          TEXT,
  bank_code          TEXT,
  account_number     TEXT,
  account_name       TEXT,
  first_paid_at      TEXT,
  bank_changed_by    TEXT NOT NULL,
  bank_changed_at    TEXT NOT NULL,
  removed_by         TEXT,
  removed_at         TEXT,
  created_at         TEXT NOT NULL,
  updated_at         TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

CREATE INDEX holder_accounts_history_by_holder ON holder_accounts_history (lp_token_holder_id);
CREATE INDEX holder_accounts_history_by_account ON holder_accounts_history (account_number)
  WHERE account_number IS NOT NULL;

-- Everybody who set or changed anything of an account: none of them may approve a withdrawal to it.
CREATE TABLE holder_account_hands (
  number                INTEGER PRIMARY KEY,
  holder_account_number INTEGER NOT NULL REFERENCES holder_accounts (number) ON DELETE RESTRICT,
  user_id               TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at            TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  UNIQUE (holder_account_number, user_id)
) STRICT;


-- The register of LP tokens.

-- Files that were imported. The same bytes are imported into a project only once, but for a file of
-- holdings that replaces the register on another day. An import that was taken back does not count.
CREATE TABLE token_imports (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  project_id  TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  file_hash   TEXT NOT NULL CHECK (length(file_hash) = 64),
  options     TEXT NOT NULL,
  tokens      TEXT NOT NULL,
  created_by  TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  undone_by   TEXT REFERENCES users (id) ON DELETE RESTRICT,
  undone_at   TEXT CHECK (length(undone_at) = 27 AND undone_at GLOB '[0-9]*T*Z'),
  CHECK ((undone_by IS NULL) = (undone_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX token_imports_by_file ON token_imports (project_id, file_hash, options)
  WHERE undone_at IS NULL;

-- Entries are only added; a mistake is corrected by an entry that reverses it, and says so in
-- `reverses`. Of the entries with one reference all but one are reversed, which `check` proves.
CREATE TABLE token_entries (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  project_id      TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  kind            TEXT NOT NULL
    CHECK (kind = 'issue' OR kind = 'transfer' OR kind = 'redeem'),
  from_holder_id  TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  to_holder_id    TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  tokens          TEXT NOT NULL
    CHECK (length(tokens) <= 21
           AND tokens = printf('%u.%07u', tokens, substr(tokens, -7)))
    CHECK (tokens <> '0.0000000'),
  effective_date  TEXT NOT NULL
    CHECK (effective_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  reference       TEXT COLLATE NOCASE,
  import_number   INTEGER REFERENCES token_imports (number) ON DELETE RESTRICT,
  reverses        INTEGER REFERENCES token_entries (number) ON DELETE RESTRICT,
  created_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at      TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  CHECK ((kind = 'issue') = (from_holder_id IS NULL)),
  CHECK ((kind = 'redeem') = (to_holder_id IS NULL)),
  CHECK (from_holder_id IS NULL OR to_holder_id IS NULL OR from_holder_id <> to_holder_id),
  CHECK (reverses IS NULL OR (import_number IS NULL AND reference IS NULL))
) STRICT;
CREATE INDEX token_entries_by_reference ON token_entries (project_id, reference)
  WHERE reference IS NOT NULL;
-- An entry is reversed once.
CREATE UNIQUE INDEX token_entries_by_reversed ON token_entries (reverses)
  WHERE reverses IS NOT NULL;
CREATE INDEX token_entries_by_import ON token_entries (import_number)
  WHERE import_number IS NOT NULL;
CREATE INDEX token_entries_by_to ON token_entries (to_holder_id, project_id)
  WHERE to_holder_id IS NOT NULL;
CREATE INDEX token_entries_by_from ON token_entries (from_holder_id, project_id)
  WHERE from_holder_id IS NOT NULL;
-- What is outstanding on a day: `token_supplies` less the few entries that are effective later.
CREATE INDEX token_entries_of_supply ON token_entries (project_id, effective_date)
  WHERE kind <> 'transfer';

-- The sums of a project's issues and redemptions, so that no command adds up the whole register to
-- change one entry.
CREATE TABLE token_supplies (
  number      INTEGER PRIMARY KEY,
  project_id  TEXT NOT NULL UNIQUE REFERENCES projects (id) ON DELETE RESTRICT,
  issued      TEXT NOT NULL,
  redeemed    TEXT NOT NULL,
  updated_at  TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z')
) STRICT;


-- Distribution events. `unit` is the smallest amount that is paid. What is distributed was given, or is
-- what is left of `gross_proceeds`, or what `rate_per_unit` gives. The snapshot is what the
-- calculation was made from; `calculation_hash` covers it and every allocation. An event of the past
-- that was imported names the proposal that it came with: its amounts were given, not calculated, its
-- hash covers them, and it was never a draft.

CREATE TABLE distribution_events (
  number                   INTEGER PRIMARY KEY,
  id                       TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code                     TEXT NOT NULL COLLATE NOCASE CHECK (length(code) BETWEEN 1 AND 64),
  project_id               TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  event_type               TEXT NOT NULL
    CHECK (event_type = 'revenue' OR event_type = 'exit' OR event_type = 'dividend' OR event_type = 'other'),
  title                    TEXT NOT NULL,
  description              TEXT,
  currency                 TEXT NOT NULL CHECK (length(currency) = 3),
  total_amount             TEXT
    CHECK (length(total_amount) <= 21
           AND total_amount = printf('%u.%07u', total_amount, substr(total_amount, -7)))
    CHECK (total_amount <> '0.0000000'),
  gross_proceeds           TEXT
    CHECK (length(gross_proceeds) <= 21
           AND gross_proceeds = printf('%u.%07u', gross_proceeds, substr(gross_proceeds, -7)))
    CHECK (gross_proceeds <> '0.0000000'),
  rate_per_unit            TEXT
    CHECK (length(rate_per_unit) <= 21
           AND rate_per_unit = printf('%u.%07u', rate_per_unit, substr(rate_per_unit, -7)))
    CHECK (rate_per_unit <> '0.0000000'),
  rounding                 TEXT CHECK (rounding = 'half-up' OR rounding = 'down' OR rounding = 'up'),
  unit                     TEXT NOT NULL
    CHECK (length(unit) <= 21
           AND unit = printf('%u.%07u', unit, substr(unit, -7)))
    CHECK (unit <> '0.0000000'),
  distribution_date        TEXT NOT NULL
    CHECK (distribution_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  record_date              TEXT NOT NULL
    CHECK (record_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  minimum_payout           TEXT NOT NULL
    CHECK (length(minimum_payout) <= 21
           AND minimum_payout = printf('%u.%07u', minimum_payout, substr(minimum_payout, -7))),
  tax_exempt_reason        TEXT CHECK (tax_exempt_reason <> ''),
  history_proposal         INTEGER REFERENCES proposals (number) ON DELETE RESTRICT,
  status                   TEXT NOT NULL
    CHECK (status = 'draft' OR status = 'calculated' OR status = 'active'
           OR status = 'completed' OR status = 'cancelled'),
  snapshot_date            TEXT,
  snapshot_total_lp_tokens TEXT,
  counted_lp_tokens        TEXT,
  holders                  INTEGER CHECK (holders >= 1),
  holders_without_money    INTEGER CHECK (holders_without_money >= 0 AND holders_without_money <= holders),
  snapshot_nav             TEXT,
  tax_profile              TEXT,
  tax_profile_hash         TEXT REFERENCES tax_profiles (sha256) ON DELETE RESTRICT,
  calculation_hash         TEXT,
  total_retained           TEXT NOT NULL
    CHECK (length(total_retained) <= 21
           AND total_retained = printf('%u.%07u', total_retained, substr(total_retained, -7))),
  total_allocated          TEXT NOT NULL
    CHECK (length(total_allocated) <= 21
           AND total_allocated = printf('%u.%07u', total_allocated, substr(total_allocated, -7))),
  total_withdrawn          TEXT NOT NULL
    CHECK (length(total_withdrawn) <= 21
           AND total_withdrawn = printf('%u.%07u', total_withdrawn, substr(total_withdrawn, -7))),
  total_pending            TEXT NOT NULL
    CHECK (length(total_pending) <= 21
           AND total_pending = printf('%u.%07u', total_pending, substr(total_pending, -7))),
  total_tax                TEXT NOT NULL
    CHECK (length(total_tax) <= 21
           AND total_tax = printf('%u.%07u', total_tax, substr(total_tax, -7))),
  total_brought_forward    TEXT NOT NULL
    CHECK (length(total_brought_forward) <= 21
           AND total_brought_forward = printf('%u.%07u', total_brought_forward, substr(total_brought_forward, -7))),
  total_carried_forward    TEXT NOT NULL
    CHECK (length(total_carried_forward) <= 21
           AND total_carried_forward = printf('%u.%07u', total_carried_forward, substr(total_carried_forward, -7))),
  created_by               TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  calculated_by            TEXT REFERENCES users (id) ON DELETE RESTRICT,
  calculated_at            TEXT,
  approved_by              TEXT REFERENCES users (id) ON DELETE RESTRICT,
  approved_at              TEXT,
  completed_at             TEXT,
  cancelled_by             TEXT REFERENCES users (id) ON DELETE RESTRICT,
  cancelled_at             TEXT,
  cancellation_reason      TEXT,
  created_at               TEXT NOT NULL
    CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at               TEXT NOT NULL
    CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK (record_date <= distribution_date),
  CHECK (history_proposal IS NULL
         OR (status <> 'draft' AND status <> 'calculated' AND approved_by IS NOT NULL
             AND total_amount = total_allocated AND gross_proceeds IS NULL AND rate_per_unit IS NULL
             AND tax_profile IS NULL AND tax_exempt_reason IS NULL AND snapshot_nav IS NULL
             AND snapshot_date = record_date AND snapshot_total_lp_tokens = counted_lp_tokens
             AND minimum_payout = '0.0000000')),
  CHECK ((rate_per_unit IS NULL) = (rounding IS NULL)),
  -- The total of a declared rate is known once it is calculated.
  CHECK (total_amount IS NOT NULL OR (rate_per_unit IS NOT NULL AND calculation_hash IS NULL)),
  CHECK ((tax_profile IS NULL) = (tax_profile_hash IS NULL)),
  CHECK (tax_profile IS NULL OR calculation_hash IS NOT NULL),
  CHECK (status IN ('draft', 'cancelled')
         OR (snapshot_date IS NOT NULL AND snapshot_total_lp_tokens IS NOT NULL
             AND calculation_hash IS NOT NULL AND calculated_by IS NOT NULL
             AND calculated_at IS NOT NULL AND counted_lp_tokens IS NOT NULL
             AND holders IS NOT NULL AND holders_without_money IS NOT NULL)),
  -- All of the amount is allocated or retained, from the calculation on.
  CHECK (calculation_hash IS NULL
         OR (CAST(total_allocated AS INTEGER) + CAST(total_retained AS INTEGER)
             - CAST(total_amount AS INTEGER)) * 10000000
            + CAST(substr(total_allocated, -7) AS INTEGER) + CAST(substr(total_retained, -7) AS INTEGER)
            - CAST(substr(total_amount, -7) AS INTEGER) = 0),
  CHECK (status NOT IN ('active', 'completed') OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)),
  CHECK (status NOT IN ('draft', 'calculated') OR approved_by IS NULL),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
  -- Completed: nothing is pending, and what came in was paid, withheld or carried forward.
  -- Whole units and ten-millionths are compared apart: their product would not fit 64 bits.
  CHECK (status <> 'completed' OR total_pending = '0.0000000'),
  CHECK (status <> 'completed'
         OR (CAST(total_allocated AS INTEGER) + CAST(total_brought_forward AS INTEGER)
           - CAST(total_tax AS INTEGER) - CAST(total_carried_forward AS INTEGER)
           - CAST(total_withdrawn AS INTEGER)) * 10000000
          + CAST(substr(total_allocated, -7) AS INTEGER) + CAST(substr(total_brought_forward, -7) AS INTEGER)
          - CAST(substr(total_tax, -7) AS INTEGER) - CAST(substr(total_carried_forward, -7) AS INTEGER)
          - CAST(substr(total_withdrawn, -7) AS INTEGER) = 0),
  CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL AND cancelled_at IS NOT NULL
                                   AND cancellation_reason IS NOT NULL)),
  CHECK (status <> 'cancelled' OR (total_withdrawn = '0.0000000' AND total_pending = '0.0000000'
         AND total_brought_forward = '0.0000000' AND total_carried_forward = '0.0000000'))
) STRICT;
-- The code of an event that was cancelled before its approval is free again.
CREATE UNIQUE INDEX distribution_events_code ON distribution_events (code)
  WHERE status <> 'cancelled' OR approved_by IS NOT NULL;
CREATE INDEX distribution_events_by_code ON distribution_events (code);
CREATE INDEX distribution_events_by_project ON distribution_events (project_id);
CREATE INDEX distribution_events_by_status ON distribution_events (status);
CREATE INDEX distribution_events_by_date ON distribution_events (distribution_date);
CREATE INDEX distribution_events_of_history ON distribution_events (history_proposal)
  WHERE history_proposal IS NOT NULL;

CREATE TABLE distribution_events_history (
  history_number           INTEGER PRIMARY KEY,
  superseded_at            TEXT NOT NULL,
  number                   INTEGER NOT NULL,
  id                       TEXT NOT NULL,
  code                     TEXT NOT NULL,
  project_id               TEXT NOT NULL,
  event_type               TEXT NOT NULL,
  title                    TEXT NOT NULL,
  description              TEXT,
  currency                 TEXT NOT NULL,
  total_amount             TEXT,
  gross_proceeds           TEXT,
  rate_per_unit            TEXT,
  rounding                 TEXT,
  unit                     TEXT NOT NULL,
  distribution_date        TEXT NOT NULL,
  record_date              TEXT NOT NULL,
  minimum_payout           TEXT NOT NULL,
  tax_exempt_reason        TEXT,
  history_proposal         INTEGER,
  status                   TEXT NOT NULL,
  snapshot_date            TEXT,
  snapshot_total_lp_tokens TEXT,
  counted_lp_tokens        TEXT,
  holders                  INTEGER,
  holders_without_money    INTEGER,
  snapshot_nav             TEXT,
  tax_profile              TEXT,
  tax_profile_hash         TEXT,
  calculation_hash         TEXT,
  total_retained           TEXT NOT NULL,
  total_allocated          TEXT NOT NULL,
  total_withdrawn          TEXT NOT NULL,
  total_pending            TEXT NOT NULL,
  total_tax                TEXT NOT NULL,
  total_brought_forward    TEXT NOT NULL,
  total_carried_forward    TEXT NOT NULL,
  created_by               TEXT NOT NULL,
  calculated_by            TEXT,
  calculated_at            TEXT,
  approved_by              TEXT,
  approved_at              TEXT,
  completed_at             TEXT,
  cancelled_by             TEXT,
  cancelled_at             TEXT,
  cancellation_reason      TEXT,
  created_at               TEXT NOT NULL,
  updated_at               TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- What a holder receives of an event. Exactly:
-- allocated + moved in = withdrawn + pending + available + tax + moved out.
-- Moved in and out are the sums of the allocation's movements. A zero is compared as text: most rows
-- have neither tax nor movements, and a million of them are written at once.
CREATE TABLE distribution_allocations (
  number                 INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id             TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id     TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  lp_tokens_held         TEXT NOT NULL
    CHECK (length(lp_tokens_held) <= 21
           AND lp_tokens_held = printf('%u.%07u', lp_tokens_held, substr(lp_tokens_held, -7))),
  ownership_percentage   TEXT NOT NULL
    CHECK (length(ownership_percentage) <= 11
           AND ownership_percentage = printf('%u.%07u', ownership_percentage, substr(ownership_percentage, -7))),
  allocated_amount       TEXT NOT NULL
    CHECK (length(allocated_amount) <= 21
           AND allocated_amount = printf('%u.%07u', allocated_amount, substr(allocated_amount, -7))),
  assigned_amount        TEXT NOT NULL
    CHECK (assigned_amount = '0.0000000' OR (length(assigned_amount) <= 21
           AND assigned_amount = printf('%u.%07u', assigned_amount, substr(assigned_amount, -7)))),
  withdrawn_amount       TEXT NOT NULL
    CHECK (length(withdrawn_amount) <= 21
           AND withdrawn_amount = printf('%u.%07u', withdrawn_amount, substr(withdrawn_amount, -7))),
  pending_amount         TEXT NOT NULL
    CHECK (length(pending_amount) <= 21
           AND pending_amount = printf('%u.%07u', pending_amount, substr(pending_amount, -7))),
  available_amount       TEXT NOT NULL
    CHECK (length(available_amount) <= 21
           AND available_amount = printf('%u.%07u', available_amount, substr(available_amount, -7))),
  tax_amount             TEXT NOT NULL
    CHECK (tax_amount = '0.0000000' OR (length(tax_amount) <= 21
           AND tax_amount = printf('%u.%07u', tax_amount, substr(tax_amount, -7)))),
  tax_class              INTEGER CHECK (tax_class >= 0),
  moved_in_amount        TEXT NOT NULL
    CHECK (moved_in_amount = '0.0000000' OR (length(moved_in_amount) <= 21
           AND moved_in_amount = printf('%u.%07u', moved_in_amount, substr(moved_in_amount, -7)))),
  moved_out_amount       TEXT NOT NULL
    CHECK (moved_out_amount = '0.0000000' OR (length(moved_out_amount) <= 21
           AND moved_out_amount = printf('%u.%07u', moved_out_amount, substr(moved_out_amount, -7)))),
  status                 TEXT NOT NULL
    CHECK (status = 'allocated' OR status = 'partially_withdrawn' OR status = 'fully_withdrawn'
           OR status = 'settled'),
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at             TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  UNIQUE (distribution_event_id, lp_token_holder_id),
  CHECK (tax_class IS NOT NULL OR tax_amount = '0.0000000'),
  -- A holder without tokens has what others' parts were assigned, and nothing else.
  CHECK (lp_tokens_held <> '0.0000000'
         OR (assigned_amount <> '0.0000000' AND assigned_amount = allocated_amount)),
  -- Whole units and ten-millionths are compared apart: their product would not fit 64 bits.
  CHECK (((CAST(withdrawn_amount AS INTEGER)
         + CAST(pending_amount AS INTEGER)
         + CAST(available_amount AS INTEGER)
         - CAST(allocated_amount AS INTEGER)) * 10000000
         + CAST(substr(withdrawn_amount, -7) AS INTEGER) + CAST(substr(pending_amount, -7) AS INTEGER)
         + CAST(substr(available_amount, -7) AS INTEGER)
         - CAST(substr(allocated_amount, -7) AS INTEGER))
         + CASE WHEN tax_amount = '0.0000000' AND moved_in_amount = '0.0000000'
                     AND moved_out_amount = '0.0000000' THEN 0
           ELSE (CAST(tax_amount AS INTEGER)
               + CAST(moved_out_amount AS INTEGER)
               - CAST(moved_in_amount AS INTEGER)) * 10000000
               + CAST(substr(tax_amount, -7) AS INTEGER) + CAST(substr(moved_out_amount, -7) AS INTEGER)
               - CAST(substr(moved_in_amount, -7) AS INTEGER) END = 0),
  CHECK (status = CASE WHEN pending_amount <> '0.0000000' OR available_amount <> '0.0000000'
                       THEN CASE WHEN withdrawn_amount = '0.0000000' THEN 'allocated'
                                 ELSE 'partially_withdrawn' END
                       WHEN moved_out_amount <> '0.0000000' THEN 'settled'
                       WHEN withdrawn_amount <> '0.0000000' THEN 'fully_withdrawn'
                       WHEN tax_amount <> '0.0000000' THEN 'settled'
                       ELSE 'allocated' END)
) STRICT;

-- Allocations of a calculation that was made again before its approval.
CREATE TABLE superseded_allocations (
  history_number         INTEGER PRIMARY KEY,
  superseded_at          TEXT NOT NULL,
  number                 INTEGER NOT NULL,
  id                     TEXT NOT NULL UNIQUE,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id             TEXT NOT NULL,
  lp_token_holder_id     TEXT NOT NULL,
  lp_tokens_held         TEXT NOT NULL,
  ownership_percentage   TEXT NOT NULL,
  allocated_amount       TEXT NOT NULL,
  assigned_amount        TEXT NOT NULL,
  withdrawn_amount       TEXT NOT NULL,
  pending_amount         TEXT NOT NULL,
  available_amount       TEXT NOT NULL,
  tax_amount             TEXT NOT NULL,
  tax_class              INTEGER,
  moved_in_amount        TEXT NOT NULL,
  moved_out_amount       TEXT NOT NULL,
  status                 TEXT NOT NULL,
  created_at             TEXT NOT NULL,
  updated_at             TEXT NOT NULL,
  UNIQUE (distribution_event_id, lp_token_holder_id, superseded_at)
) STRICT;

-- What waits in an event, moved with its rows: `prorata status` counts no row, and `check` counts all
-- of them again. `available`: allocations with money available. `filed`: of the approved requests,
-- those in a payment file.
CREATE TABLE event_counts (
  number                 INTEGER PRIMARY KEY,
  distribution_event_id  TEXT NOT NULL UNIQUE REFERENCES distribution_events (id) ON DELETE RESTRICT,
  available              INTEGER NOT NULL CHECK (available >= 0),
  pending                INTEGER NOT NULL CHECK (pending >= 0),
  pending_amount         TEXT NOT NULL
    CHECK (length(pending_amount) <= 21
           AND pending_amount = printf('%u.%07u', pending_amount, substr(pending_amount, -7))),
  approved               INTEGER NOT NULL CHECK (approved >= 0),
  approved_amount        TEXT NOT NULL
    CHECK (length(approved_amount) <= 21
           AND approved_amount = printf('%u.%07u', approved_amount, substr(approved_amount, -7))),
  filed                  INTEGER NOT NULL CHECK (filed >= 0 AND filed <= approved),
  filed_amount           TEXT NOT NULL
    CHECK (length(filed_amount) <= 21
           AND filed_amount = printf('%u.%07u', filed_amount, substr(filed_amount, -7)))
) STRICT;

-- Who takes no part in the events of a project, from one record date to another. An exclusion is
-- changed only by giving it a last day; one that ends before its first day never counts.
CREATE TABLE project_exclusions (
  number              INTEGER PRIMARY KEY,
  project_id          TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id  TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  policy              TEXT NOT NULL CHECK (policy = 'redistribute' OR policy = 'retain' OR policy = 'assign'),
  assign_to_id        TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  reason              TEXT NOT NULL CHECK (reason <> ''),
  from_date           TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  until_date          TEXT CHECK (until_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  created_by          TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at          TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  ended_by            TEXT REFERENCES users (id) ON DELETE RESTRICT,
  updated_at          TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((assign_to_id IS NOT NULL) = (policy = 'assign')),
  CHECK (assign_to_id IS NULL OR assign_to_id <> lp_token_holder_id)
) STRICT;
CREATE INDEX project_exclusions_by_project ON project_exclusions (project_id, lp_token_holder_id);

CREATE TABLE project_exclusions_history (
  history_number      INTEGER PRIMARY KEY,
  superseded_at       TEXT NOT NULL,
  number              INTEGER NOT NULL,
  project_id          TEXT NOT NULL,
  lp_token_holder_id  TEXT NOT NULL,
  policy              TEXT NOT NULL,
  assign_to_id        TEXT,
  reason              TEXT NOT NULL,
  from_date           TEXT NOT NULL,
  until_date          TEXT,
  created_by          TEXT NOT NULL,
  created_at          TEXT NOT NULL,
  ended_by            TEXT,
  updated_at          TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- What one event says about who takes part, before its approval. Rows are only added: the last one
-- about a holder counts. One without a holder is about everybody else, and ends what came before.
CREATE TABLE event_choices (
  number                 INTEGER PRIMARY KEY,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  lp_token_holder_id     TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  choice                 TEXT NOT NULL CHECK (choice = 'exclude' OR choice = 'include'),
  policy                 TEXT CHECK (policy = 'redistribute' OR policy = 'retain' OR policy = 'assign'),
  assign_to_id           TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  reason                 TEXT CHECK (reason <> ''),
  created_by             TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  CHECK (lp_token_holder_id IS NOT NULL OR choice = 'exclude'),
  CHECK ((policy IS NOT NULL) = (choice = 'exclude')),
  CHECK ((reason IS NOT NULL) = (choice = 'exclude')),
  CHECK ((assign_to_id IS NOT NULL) = (policy IS NOT NULL AND policy = 'assign'))
) STRICT;
CREATE INDEX event_choices_by_event ON event_choices (distribution_event_id);

-- The holders excluded by a calculation, frozen with it: those with the instant of the event's
-- calculation count, earlier ones are of calculations that were made again.
CREATE TABLE event_exclusions (
  number                 INTEGER PRIMARY KEY,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  lp_token_holder_id     TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  policy                 TEXT NOT NULL CHECK (policy = 'redistribute' OR policy = 'retain' OR policy = 'assign'),
  assign_to_id           TEXT REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  reason                 TEXT NOT NULL CHECK (reason <> ''),
  lp_tokens_held         TEXT NOT NULL
    CHECK (length(lp_tokens_held) <= 21
           AND lp_tokens_held = printf('%u.%07u', lp_tokens_held, substr(lp_tokens_held, -7)))
    CHECK (lp_tokens_held <> '0.0000000'),
  ownership_percentage   TEXT NOT NULL
    CHECK (length(ownership_percentage) <= 11
           AND ownership_percentage = printf('%u.%07u', ownership_percentage, substr(ownership_percentage, -7))),
  part_amount            TEXT NOT NULL
    CHECK (length(part_amount) <= 21
           AND part_amount = printf('%u.%07u', part_amount, substr(part_amount, -7))),
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  UNIQUE (distribution_event_id, created_at, lp_token_holder_id),
  CHECK ((assign_to_id IS NOT NULL) = (policy = 'assign')),
  CHECK (policy <> 'redistribute' OR (part_amount = '0.0000000' AND ownership_percentage = '0.0000000'))
) STRICT;

-- The tax rates of a calculation, frozen with it: what several holders have in common is one class,
-- whose number their allocations carry. Those with the instant of the event's calculation count,
-- earlier ones are of calculations that were made again.
CREATE TABLE event_tax_terms (
  number                 INTEGER PRIMARY KEY,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  class                  INTEGER NOT NULL CHECK (class >= 0),
  position               INTEGER NOT NULL CHECK (position >= 1),
  component              TEXT NOT NULL CHECK (component <> ''),
  rate                   TEXT NOT NULL
    CHECK (length(rate) <= 11 AND rate = printf('%u.%07u', rate, substr(rate, -7)))
    CHECK (CAST(rate AS INTEGER) < 100 OR rate = '100.0000000'),
  reason                 TEXT NOT NULL CHECK (reason <> ''),
  authority              TEXT CHECK (length(authority) BETWEEN 1 AND 64),
  remit_day              INTEGER CHECK (remit_day BETWEEN 1 AND 31),
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  UNIQUE (distribution_event_id, created_at, class, position),
  CHECK ((authority IS NULL) = (remit_day IS NULL))
) STRICT;

-- What moved between an allocation and its holder's forward balance in the project. Rows are only
-- added: a movement is undone by another one, its `counterpart`. `forward_balance` is what the
-- holder's forward balance is after the movement. A movement names the one that it follows, and no
-- two follow the same one: no money is taken twice.
CREATE TABLE allocation_movements (
  number              INTEGER PRIMARY KEY,
  kind                TEXT NOT NULL
    CHECK (kind = 'brought_forward' OR kind = 'carried_forward' OR kind = 'released'
           OR kind = 'brought_forward_undone' OR kind = 'carried_forward_undone' OR kind = 'written_off'),
  allocation_number   INTEGER NOT NULL REFERENCES distribution_allocations (number) ON DELETE RESTRICT,
  project_id          TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id  TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  amount              TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7)))
    CHECK (amount <> '0.0000000'),
  forward_balance     TEXT NOT NULL
    CHECK (length(forward_balance) <= 21
           AND forward_balance = printf('%u.%07u', forward_balance, substr(forward_balance, -7))),
  follows             INTEGER REFERENCES allocation_movements (number) ON DELETE RESTRICT,
  counterpart         INTEGER REFERENCES allocation_movements (number) ON DELETE RESTRICT,
  reason              TEXT,
  created_by          TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at          TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  CHECK ((counterpart IS NOT NULL) = (kind = 'brought_forward_undone' OR kind = 'carried_forward_undone')),
  CHECK ((reason IS NOT NULL) = (kind = 'released' OR kind = 'written_off'))
) STRICT;
-- The first movement of a forward balance follows none.
CREATE UNIQUE INDEX allocation_movements_first ON allocation_movements (project_id, lp_token_holder_id)
  WHERE follows IS NULL;
CREATE UNIQUE INDEX allocation_movements_by_follows ON allocation_movements (follows)
  WHERE follows IS NOT NULL;
CREATE UNIQUE INDEX allocation_movements_by_counterpart ON allocation_movements (counterpart)
  WHERE counterpart IS NOT NULL;
CREATE INDEX allocation_movements_by_holder ON allocation_movements (lp_token_holder_id, project_id);
CREATE INDEX allocation_movements_by_allocation ON allocation_movements (allocation_number);


-- From the proceeds of an event to what is distributed, in the order of `position`. Each takes an
-- amount or a percentage, rounded half up to the minor unit; `rest` is what is left of the proceeds
-- after it. A `release` adds: it gives a reserve of its name back. A list that is changed ends rows
-- and adds others, so that every list that ever counted is kept.
CREATE TABLE event_deductions (
  number                 INTEGER PRIMARY KEY,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  position               INTEGER NOT NULL CHECK (position >= 1),
  name                   TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  kind                   TEXT NOT NULL CHECK (kind IN ('expense', 'fee', 'reserve', 'other', 'release')),
  given_amount           TEXT
    CHECK (length(given_amount) <= 21
           AND given_amount = printf('%u.%07u', given_amount, substr(given_amount, -7))),
  given_percent          TEXT
    CHECK (length(given_percent) <= 11
           AND given_percent = printf('%u.%07u', given_percent, substr(given_percent, -7))),
  given_of               TEXT CHECK (given_of IN ('gross', 'rest')),
  amount                 TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7)))
    CHECK (amount <> '0.0000000'),
  rest                   TEXT NOT NULL
    CHECK (length(rest) <= 21
           AND rest = printf('%u.%07u', rest, substr(rest, -7)))
    CHECK (rest <> '0.0000000'),
  created_by             TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  removed_by             TEXT REFERENCES users (id) ON DELETE RESTRICT,
  removed_at             TEXT CHECK (length(removed_at) = 27 AND removed_at GLOB '[0-9]*T*Z'),
  CHECK ((given_amount IS NULL) = (given_percent IS NOT NULL)),
  CHECK ((given_percent IS NULL) = (given_of IS NULL)),
  CHECK (given_amount IS NULL OR given_amount = amount),
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX event_deductions_by_position ON event_deductions (distribution_event_id, position)
  WHERE removed_at IS NULL;
CREATE UNIQUE INDEX event_deductions_by_name ON event_deductions (distribution_event_id, name)
  WHERE removed_at IS NULL;

-- What the money of an event is, in the order in which it is split. `given_amount` is the amount that
-- was given, for each token if the event has a declared rate; none is what the others leave. `amount`
-- and the tax withheld from it are set by the calculation. Changed as deductions are.
CREATE TABLE event_components (
  number                 INTEGER PRIMARY KEY,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  position               INTEGER NOT NULL CHECK (position >= 1),
  name                   TEXT NOT NULL
    CHECK (name IN ('income', 'capital_gain', 'return_of_capital', 'carried_interest', 'interest')
           OR (name GLOB 'other:?*' AND length(name) <= 86)),
  given_amount           TEXT
    CHECK (length(given_amount) <= 21
           AND given_amount = printf('%u.%07u', given_amount, substr(given_amount, -7))),
  amount                 TEXT
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7))),
  tax_amount             TEXT
    CHECK (length(tax_amount) <= 21
           AND tax_amount = printf('%u.%07u', tax_amount, substr(tax_amount, -7))),
  created_by             TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  removed_by             TEXT REFERENCES users (id) ON DELETE RESTRICT,
  removed_at             TEXT CHECK (length(removed_at) = 27 AND removed_at GLOB '[0-9]*T*Z'),
  CHECK ((amount IS NULL) = (tax_amount IS NULL)),
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX event_components_by_position ON event_components (distribution_event_id, position)
  WHERE removed_at IS NULL;
CREATE UNIQUE INDEX event_components_by_name ON event_components (distribution_event_id, name)
  WHERE removed_at IS NULL;

-- The parts of an allocation, or of a superseded one, if its event has more than one component. They
-- add up to `allocated_amount`; of one component the part is all of it and has no row.
CREATE TABLE allocation_components (
  number         INTEGER PRIMARY KEY,
  allocation_id  TEXT NOT NULL CHECK (length(allocation_id) = 36),
  position       INTEGER NOT NULL CHECK (position >= 1),
  amount         TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7))),
  UNIQUE (allocation_id, position)
) STRICT;

-- What moved between the proceeds of an event and a reserve of its project: at its approval, and back
-- if it is cancelled. Rows are only added. `balance` is what the reserve is after the movement. A
-- movement names the one that it follows, and no two follow the same one: nothing is released twice.
CREATE TABLE reserve_movements (
  number                 INTEGER PRIMARY KEY,
  project_id             TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  name                   TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  kind                   TEXT NOT NULL
    CHECK (kind IN ('reserved', 'released', 'reserved_undone', 'released_undone')),
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  amount                 TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7)))
    CHECK (amount <> '0.0000000'),
  balance                TEXT NOT NULL
    CHECK (length(balance) <= 21
           AND balance = printf('%u.%07u', balance, substr(balance, -7))),
  follows                INTEGER REFERENCES reserve_movements (number) ON DELETE RESTRICT,
  counterpart            INTEGER REFERENCES reserve_movements (number) ON DELETE RESTRICT,
  created_by             TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at             TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  CHECK ((counterpart IS NOT NULL) = (kind IN ('reserved_undone', 'released_undone')))
) STRICT;
-- The first movement of a reserve follows none.
CREATE UNIQUE INDEX reserve_movements_first ON reserve_movements (project_id, name)
  WHERE follows IS NULL;
CREATE UNIQUE INDEX reserve_movements_by_follows ON reserve_movements (follows)
  WHERE follows IS NOT NULL;
CREATE UNIQUE INDEX reserve_movements_by_counterpart ON reserve_movements (counterpart)
  WHERE counterpart IS NOT NULL;
CREATE INDEX reserve_movements_by_name ON reserve_movements (project_id, name);
CREATE INDEX reserve_movements_by_event ON reserve_movements (distribution_event_id);


-- Withdrawals: a holder's request, its review, and how it ended. The bank details of a transfer are
-- those of the holder at the time of the request; other `means` have none. One that is `imported` was
-- paid before this ledger: it comes with its payment in an imported event.

CREATE TABLE withdrawal_requests (
  number                     INTEGER PRIMARY KEY,
  id                         TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_allocation_id TEXT NOT NULL REFERENCES distribution_allocations (id) ON DELETE RESTRICT,
  distribution_event_id      TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id                 TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id         TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  requested_amount           TEXT NOT NULL
    CHECK (length(requested_amount) <= 21
           AND requested_amount = printf('%u.%07u', requested_amount, substr(requested_amount, -7)))
    CHECK (requested_amount <> '0.0000000'),
  currency                   TEXT NOT NULL CHECK (length(currency) = 3),
  status                     TEXT NOT NULL
    CHECK (status = 'pending' OR status = 'approved' OR status = 'rejected'
           OR status = 'cancelled' OR status = 'paid' OR status = 'returned'),
  means                      TEXT NOT NULL
    CHECK (means = 'transfer' OR means = 'cheque' OR means = 'cash' OR means = 'set-off'
           OR means = 'reinvestment' OR means = 'imported'),
  bank_name                  TEXT,
  bank_code                  TEXT,
  account_number             TEXT,
  account_name               TEXT,
  bank_changed_by            TEXT REFERENCES users (id) ON DELETE RESTRICT,
  holder_account_number      INTEGER REFERENCES holder_accounts (number) ON DELETE RESTRICT,
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
  created_at                 TEXT NOT NULL
    CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at                 TEXT NOT NULL
    CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((means = 'transfer') = (bank_name IS NOT NULL AND account_number IS NOT NULL
                                 AND bank_changed_by IS NOT NULL)),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL)),
  CHECK ((reviewed_by IS NULL) = (approved_by IS NULL AND rejected_by IS NULL)),
  CHECK (status <> 'pending' OR reviewed_by IS NULL),
  CHECK (approved_by IS NOT NULL OR status = 'pending' OR status = 'rejected' OR status = 'cancelled'),
  CHECK ((status = 'rejected') = (rejected_by IS NOT NULL AND rejected_at IS NOT NULL
                                  AND rejection_reason IS NOT NULL)),
  CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL AND cancelled_at IS NOT NULL)),
  CHECK ((status IN ('paid', 'returned')) = (payment_reference IS NOT NULL AND payment_date IS NOT NULL
         AND payment_amount IS NOT NULL AND paid_by IS NOT NULL AND paid_at IS NOT NULL)),
  CHECK ((status = 'returned') = (returned_at IS NOT NULL)),
  CHECK (means <> 'imported' OR (status = 'paid' AND payment_amount = requested_amount)),
  -- Not more is paid than was requested. Of two amounts with equal lengths the text decides.
  CHECK (payment_amount IS NULL OR length(payment_amount) < length(requested_amount)
         OR (length(payment_amount) = length(requested_amount) AND payment_amount <= requested_amount))
) STRICT;
CREATE INDEX withdrawal_requests_by_account ON withdrawal_requests (account_number);
CREATE INDEX withdrawal_requests_by_allocation ON withdrawal_requests (distribution_allocation_id);
CREATE INDEX withdrawal_requests_by_event ON withdrawal_requests (distribution_event_id, status);
CREATE INDEX withdrawal_requests_by_holder ON withdrawal_requests (lp_token_holder_id);

-- A withdrawal as it was before its notes or its payment were corrected, or the return of it taken
-- back. Every other step is dated in the row itself.
CREATE TABLE withdrawal_requests_history (
  history_number             INTEGER PRIMARY KEY,
  superseded_at              TEXT NOT NULL,
  number                     INTEGER NOT NULL,
  id                         TEXT NOT NULL,
  distribution_allocation_id TEXT NOT NULL,
  distribution_event_id      TEXT NOT NULL,
  project_id                 TEXT NOT NULL,
  lp_token_holder_id         TEXT NOT NULL,
  requested_amount           TEXT NOT NULL,
  currency                   TEXT NOT NULL,
  status                     TEXT NOT NULL,
  means                      TEXT NOT NULL,
  bank_name                  TEXT,
  bank_code                  TEXT,
  account_number             TEXT,
  account_name               TEXT,
  bank_changed_by            TEXT,
  holder_account_number      INTEGER,
  request_notes              TEXT,
  requested_by               TEXT NOT NULL,
  reviewed_by                TEXT,
  reviewed_at                TEXT,
  approved_by                TEXT,
  approved_at                TEXT,
  rejected_by                TEXT,
  rejected_at                TEXT,
  rejection_reason           TEXT,
  cancelled_by               TEXT,
  cancelled_at               TEXT,
  payment_reference          TEXT,
  payment_date               TEXT,
  payment_amount             TEXT,
  paid_by                    TEXT,
  paid_at                    TEXT,
  payment_notes              TEXT,
  returned_at                TEXT,
  created_at                 TEXT NOT NULL,
  updated_at                 TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- Files of requests, with the run of requests that each made. The same bytes are not taken again for
-- an event while one of these requests is pending, approved or paid.
CREATE TABLE withdrawal_imports (
  number                INTEGER PRIMARY KEY,
  id                    TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_event_id TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  file_hash             TEXT NOT NULL CHECK (length(file_hash) = 64),
  first_withdrawal      INTEGER NOT NULL REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  last_withdrawal       INTEGER NOT NULL REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  created_by            TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at            TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  CHECK (first_withdrawal <= last_withdrawal)
) STRICT;
CREATE INDEX withdrawal_imports_by_file ON withdrawal_imports (distribution_event_id, file_hash);


-- Transfers: what the bank pays at once, with one reference, to one account. Most transfers are one
-- payment. One of several payments is complete when it is made: `payments` is how many it has, and
-- `total` what the bank shows. No two transfers have one reference.
CREATE TABLE payment_transfers (
  number         INTEGER PRIMARY KEY,
  reference      TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(reference) > 0),
  bank_code      TEXT,
  account_number TEXT,
  currency       TEXT NOT NULL CHECK (length(currency) = 3),
  payment_date   TEXT NOT NULL
    CHECK (payment_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  payments       INTEGER NOT NULL CHECK (payments > 0),
  total          TEXT NOT NULL
    CHECK (length(total) <= 21 AND total = printf('%u.%07u', total, substr(total, -7)))
    CHECK (total <> '0.0000000'),
  created_at     TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at     TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  -- What its payments say again, for their foreign key.
  UNIQUE (number, reference, currency, payment_date),
  -- Only a transfer to an account pays several withdrawals.
  CHECK (payments = 1 OR account_number IS NOT NULL)
) STRICT;

-- A transfer as it was before its payments were corrected.
CREATE TABLE payment_transfers_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number         INTEGER NOT NULL,
  reference      TEXT NOT NULL,
  bank_code      TEXT,
  account_number TEXT,
  currency       TEXT NOT NULL,
  payment_date   TEXT NOT NULL,
  payments       INTEGER NOT NULL,
  total          TEXT NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- Payments. A withdrawal is paid at most once, and a returned payment is replaced at most once. A
-- payment says again what its transfer says, which a foreign key compares, and `check` adds the
-- payments of each transfer up. One that is `imported` was made before this ledger: it has no
-- transfer, takes no part in payment files and reconciliation, never comes back, and its reference may
-- be that of any other payment. `recorded_from` is the bank line that a payment was
-- recorded from; without one a user typed it and answers for it. Whether a payment is reconciled is
-- not stored here: it is while a decided match of kind `payment` that has not ended holds it.

CREATE TABLE distribution_payments (
  number                 INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  withdrawal_request_id  TEXT NOT NULL UNIQUE
    REFERENCES withdrawal_requests (id) ON DELETE RESTRICT,
  distribution_allocation_id TEXT NOT NULL
    REFERENCES distribution_allocations (id) ON DELETE RESTRICT,
  distribution_event_id  TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  project_id             TEXT NOT NULL REFERENCES projects (id) ON DELETE RESTRICT,
  lp_token_holder_id     TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  amount                 TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7)))
    CHECK (amount <> '0.0000000'),
  currency               TEXT NOT NULL CHECK (length(currency) = 3),
  transfer_number        INTEGER,
  reference              TEXT NOT NULL COLLATE NOCASE CHECK (length(reference) > 0),
  payment_date           TEXT NOT NULL
    CHECK (payment_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  status                 TEXT NOT NULL CHECK (status IN ('recorded', 'returned')),
  bank_name              TEXT,
  bank_code              TEXT,
  account_number         TEXT,
  account_name           TEXT,
  notes                  TEXT,
  imported               INTEGER NOT NULL CHECK (imported = 0 OR imported = 1),
  recorded_from          INTEGER REFERENCES bank_lines (number) ON DELETE RESTRICT,
  replaces_payment_id    TEXT UNIQUE REFERENCES distribution_payments (id) ON DELETE RESTRICT,
  paid_by                TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  paid_at                TEXT NOT NULL CHECK (length(paid_at) = 27 AND paid_at GLOB '[0-9]*T*Z'),
  return_date            TEXT,
  return_reason          TEXT,
  returned_by            TEXT REFERENCES users (id) ON DELETE RESTRICT,
  returned_at            TEXT,
  updated_at             TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((status = 'returned') = (return_date IS NOT NULL AND return_reason IS NOT NULL
                                  AND returned_by IS NOT NULL AND returned_at IS NOT NULL)),
  CHECK (imported = 0 OR (status = 'recorded' AND recorded_from IS NULL AND replaces_payment_id IS NULL
                          AND bank_name IS NULL AND account_number IS NULL)),
  CHECK ((imported = 1) = (transfer_number IS NULL)),
  FOREIGN KEY (transfer_number, reference, currency, payment_date)
    REFERENCES payment_transfers (number, reference, currency, payment_date)
    ON DELETE RESTRICT
) STRICT;
CREATE INDEX distribution_payments_by_transfer ON distribution_payments (transfer_number);
CREATE INDEX distribution_payments_by_event ON distribution_payments (distribution_event_id);
CREATE INDEX distribution_payments_by_holder ON distribution_payments (lp_token_holder_id);
CREATE INDEX distribution_payments_by_allocation ON distribution_payments (distribution_allocation_id);

-- A payment as it was before it was corrected or its return taken back, by whom and why.
CREATE TABLE distribution_payments_history (
  history_number             INTEGER PRIMARY KEY,
  superseded_at              TEXT NOT NULL,
  changed_by                 TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  change                     TEXT NOT NULL CHECK (change IN ('corrected', 'return_taken_back')),
  change_reason              TEXT NOT NULL,
  number                     INTEGER NOT NULL,
  id                         TEXT NOT NULL,
  withdrawal_request_id      TEXT NOT NULL,
  distribution_allocation_id TEXT NOT NULL,
  distribution_event_id      TEXT NOT NULL,
  project_id                 TEXT NOT NULL,
  lp_token_holder_id         TEXT NOT NULL,
  amount                     TEXT NOT NULL,
  currency                   TEXT NOT NULL,
  transfer_number            INTEGER NOT NULL,
  reference                  TEXT NOT NULL,
  payment_date               TEXT NOT NULL,
  status                     TEXT NOT NULL,
  bank_name                  TEXT,
  bank_code                  TEXT,
  account_number             TEXT,
  account_name               TEXT,
  notes                      TEXT,
  recorded_from              INTEGER,
  replaces_payment_id        TEXT,
  paid_by                    TEXT NOT NULL,
  paid_at                    TEXT NOT NULL,
  return_date                TEXT,
  return_reason              TEXT,
  returned_by                TEXT,
  returned_at                TEXT,
  updated_at                 TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;
CREATE INDEX distribution_payments_history_by_holder ON distribution_payments_history (lp_token_holder_id);

-- Payments that a second person settled by hand, because no bank line will ever show them. A payment
-- has at most one settlement that was not undone.
CREATE TABLE payment_settlements (
  number         INTEGER PRIMARY KEY,
  payment_number INTEGER NOT NULL REFERENCES distribution_payments (number) ON DELETE RESTRICT,
  class          TEXT NOT NULL,
  reason         TEXT NOT NULL,
  settled_by     TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  settled_at     TEXT NOT NULL CHECK (length(settled_at) = 27 AND settled_at GLOB '[0-9]*T*Z'),
  undone_by      TEXT REFERENCES users (id) ON DELETE RESTRICT,
  undone_at      TEXT CHECK (length(undone_at) = 27 AND undone_at GLOB '[0-9]*T*Z'),
  CHECK ((undone_by IS NULL) = (undone_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX payment_settlements_live ON payment_settlements (payment_number)
  WHERE undone_at IS NULL;
CREATE INDEX payment_settlements_by_payment ON payment_settlements (payment_number);


-- Bank accounts of the fund. One with a project serves this project only. The number and the
-- currency never change.

CREATE TABLE bank_accounts (
  number         INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  code           TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(code) BETWEEN 1 AND 64),
  bank_name      TEXT NOT NULL,
  bank_code      TEXT,
  account_number TEXT NOT NULL,
  currency       TEXT NOT NULL CHECK (length(currency) = 3 AND currency NOT GLOB '*[^A-Z]*'),
  project_id     TEXT REFERENCES projects (id) ON DELETE RESTRICT,
  created_by     TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at     TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  updated_at     TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  UNIQUE (account_number, bank_name, currency)
) STRICT;

CREATE TABLE bank_accounts_history (
  history_number INTEGER PRIMARY KEY,
  superseded_at  TEXT NOT NULL,
  number         INTEGER NOT NULL,
  id             TEXT NOT NULL,
  code           TEXT NOT NULL,
  bank_name      TEXT NOT NULL,
  bank_code      TEXT,
  account_number TEXT NOT NULL,
  currency       TEXT NOT NULL,
  project_id     TEXT,
  created_by     TEXT NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;


-- Payment files: what the bank uploads. All that a file prints is kept here and in its items, so
-- that a later export has the same bytes. `exported_by` and `exported_at` are those of the first
-- export. `payments` and `total` leave out the items that were dropped.

CREATE TABLE payment_files (
  number              INTEGER PRIMARY KEY,
  id                  TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id     TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  bank_name           TEXT NOT NULL,
  bank_code           TEXT,
  account_number      TEXT NOT NULL,
  layout              TEXT NOT NULL
    CHECK (layout IN ('generic', 'pain.001.001.03', 'pain.001.001.09')),
  message_id          TEXT NOT NULL UNIQUE CHECK (length(message_id) BETWEEN 1 AND 35),
  execution_date      TEXT NOT NULL
    CHECK (execution_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  currency            TEXT NOT NULL CHECK (length(currency) = 3),
  debtor_name         TEXT NOT NULL,
  payments            INTEGER NOT NULL CHECK (payments > 0),
  total               TEXT NOT NULL
    CHECK (substr(total, -8, 1) = '.' AND trim(total, '0123456789') = '.'),
  content_hash        TEXT NOT NULL CHECK (length(content_hash) = 64),
  created_by          TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at          TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  exported_by         TEXT REFERENCES users (id) ON DELETE RESTRICT,
  exported_at         TEXT CHECK (length(exported_at) = 27 AND exported_at GLOB '[0-9]*T*Z'),
  cancelled_by        TEXT REFERENCES users (id) ON DELETE RESTRICT,
  cancelled_at        TEXT CHECK (length(cancelled_at) = 27 AND cancelled_at GLOB '[0-9]*T*Z'),
  cancellation_reason TEXT,
  updated_at          TEXT NOT NULL CHECK (length(updated_at) = 27 AND updated_at GLOB '[0-9]*T*Z'),
  CHECK ((exported_by IS NULL) = (exported_at IS NULL)),
  CHECK ((cancelled_by IS NULL) = (cancelled_at IS NULL)
         AND (cancelled_by IS NULL) = (cancellation_reason IS NULL))
) STRICT;

CREATE TABLE payment_files_history (
  history_number      INTEGER PRIMARY KEY,
  superseded_at       TEXT NOT NULL,
  number              INTEGER NOT NULL,
  id                  TEXT NOT NULL,
  bank_account_id     TEXT NOT NULL,
  bank_name           TEXT NOT NULL,
  bank_code           TEXT,
  account_number      TEXT NOT NULL,
  layout              TEXT NOT NULL,
  message_id          TEXT NOT NULL,
  execution_date      TEXT NOT NULL,
  currency            TEXT NOT NULL,
  debtor_name         TEXT NOT NULL,
  payments            INTEGER NOT NULL,
  total               TEXT NOT NULL,
  content_hash        TEXT NOT NULL,
  created_by          TEXT NOT NULL,
  created_at          TEXT NOT NULL,
  exported_by         TEXT,
  exported_at         TEXT,
  cancelled_by        TEXT,
  cancelled_at        TEXT,
  cancellation_reason TEXT,
  updated_at          TEXT NOT NULL,
  UNIQUE (number, superseded_at)
) STRICT;

-- The payments of a file, each with the reference that comes back in the statement. `live`: the item
-- was not dropped, nor freed when its file was cancelled. A withdrawal is in at most one live item.
CREATE TABLE payment_file_items (
  number            INTEGER PRIMARY KEY,
  file_number       INTEGER NOT NULL REFERENCES payment_files (number) ON DELETE RESTRICT,
  withdrawal_number INTEGER NOT NULL REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  end_to_end        TEXT NOT NULL UNIQUE CHECK (length(end_to_end) = 10),
  amount            TEXT NOT NULL
    CHECK (substr(amount, -8, 1) = '.' AND trim(amount, '0123456789') = '.'),
  holder_code       TEXT NOT NULL,
  holder_name       TEXT NOT NULL,
  event_code        TEXT NOT NULL,
  bank_name         TEXT NOT NULL,
  bank_code         TEXT,
  account_number    TEXT NOT NULL,
  account_name      TEXT,
  live              INTEGER NOT NULL CHECK (live = 0 OR live = 1),
  ended_as          TEXT CHECK (ended_as = 'dropped' OR ended_as = 'cancelled'),
  ended_by          TEXT REFERENCES users (id) ON DELETE RESTRICT,
  ended_at          TEXT CHECK (length(ended_at) = 27 AND ended_at GLOB '[0-9]*T*Z'),
  ended_reason      TEXT,
  UNIQUE (file_number, withdrawal_number),
  CHECK ((live = 1) = (ended_as IS NULL)),
  CHECK ((ended_as IS NULL) = (ended_by IS NULL) AND (ended_as IS NULL) = (ended_at IS NULL)
         AND (ended_as IS NULL) = (ended_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX payment_file_items_live ON payment_file_items (withdrawal_number) WHERE live = 1;
CREATE INDEX payment_file_items_by_withdrawal ON payment_file_items (withdrawal_number);
-- What left a file, which is rare.
CREATE INDEX payment_file_items_ended ON payment_file_items (withdrawal_number) WHERE live = 0;

-- What of a payment file waits to be paid, moved with its rows as in `event_counts`: items whose
-- withdrawals are approved.
CREATE TABLE file_counts (
  number          INTEGER PRIMARY KEY,
  file_number     INTEGER NOT NULL UNIQUE REFERENCES payment_files (number) ON DELETE RESTRICT,
  waiting         INTEGER NOT NULL CHECK (waiting >= 0),
  waiting_amount  TEXT NOT NULL
    CHECK (substr(waiting_amount, -8, 1) = '.' AND trim(waiting_amount, '0123456789') = '.')
) STRICT;


-- Statements: what the bank exports.

-- One row for each statement of a file; the same bytes are imported into an account only once.
CREATE TABLE bank_statements (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  file_hash       TEXT NOT NULL CHECK (length(file_hash) = 64),
  file_position   INTEGER NOT NULL CHECK (file_position > 0),
  format          TEXT NOT NULL CHECK (format IN ('csv', 'ofx', 'camt053', 'mt940', 'workbook')),
  encoding        TEXT NOT NULL,
  profile         TEXT,
  reference       TEXT,
  opening_balance TEXT
    CHECK (substr(opening_balance, -8, 1) = '.' AND trim(opening_balance, '-0123456789') = '.'),
  closing_balance TEXT
    CHECK (substr(closing_balance, -8, 1) = '.' AND trim(closing_balance, '-0123456789') = '.'),
  balance_ok      INTEGER CHECK (balance_ok IN (0, 1)),
  balances_proven INTEGER NOT NULL CHECK (balances_proven IN (0, 1)),
  date_from       TEXT CHECK (date_from GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  date_to         TEXT CHECK (date_to GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  lines_new       INTEGER NOT NULL CHECK (lines_new >= 0),
  lines_known     INTEGER NOT NULL CHECK (lines_known >= 0),
  lines_skipped   INTEGER NOT NULL CHECK (lines_skipped >= 0),
  debits          TEXT NOT NULL CHECK (substr(debits, -8, 1) = '.' AND trim(debits, '0123456789') = '.'),
  credits         TEXT NOT NULL CHECK (substr(credits, -8, 1) = '.' AND trim(credits, '0123456789') = '.'),
  findings        TEXT NOT NULL CHECK (json_valid(findings)),
  imported_by     TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  imported_at     TEXT NOT NULL CHECK (length(imported_at) = 27 AND imported_at GLOB '[0-9]*T*Z'),
  voided_by       TEXT REFERENCES users (id) ON DELETE RESTRICT,
  voided_at       TEXT CHECK (length(voided_at) = 27 AND voided_at GLOB '[0-9]*T*Z'),
  void_reason     TEXT,
  CHECK ((voided_at IS NULL) = (voided_by IS NULL)),
  CHECK ((voided_at IS NULL) = (void_reason IS NULL)),
  CHECK (balance_ok IS NULL OR opening_balance IS NOT NULL OR closing_balance IS NOT NULL)
) STRICT;
-- A file comes in once, but again after its statement was taken back.
CREATE UNIQUE INDEX bank_statements_by_file ON bank_statements (bank_account_id, file_hash, file_position)
  WHERE voided_at IS NULL;

-- A line is stored once, however many files bring it: `identity` is a hash of its dates, amount,
-- text and reference, and `occurrence` counts equal lines.
CREATE TABLE bank_lines (
  number               INTEGER PRIMARY KEY,
  id                   TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id      TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  statement_number     INTEGER NOT NULL REFERENCES bank_statements (number) ON DELETE RESTRICT,
  line_number          INTEGER NOT NULL CHECK (line_number > 0),
  booking_date         TEXT NOT NULL
    CHECK (booking_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  value_date           TEXT
    CHECK (value_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  amount               TEXT NOT NULL
    CHECK (substr(amount, -8, 1) = '.' AND trim(amount, '-0123456789') = '.'),
  balance              TEXT CHECK (substr(balance, -8, 1) = '.' AND trim(balance, '-0123456789') = '.'),
  reference            TEXT,
  bank_id              TEXT,
  end_to_end           TEXT,
  description          TEXT NOT NULL CHECK (length(description) <= 4000),
  counterparty_name    TEXT,
  counterparty_account TEXT,
  reversal             INTEGER NOT NULL CHECK (reversal IN (0, 1)),
  kind                 TEXT NOT NULL
    CHECK (kind = 'principal' OR kind = 'fee' OR kind = 'tax' OR kind = 'levy'
           OR kind = 'interest' OR kind = 'reversal'),
  identity             TEXT NOT NULL CHECK (length(identity) = 32),
  occurrence           INTEGER NOT NULL CHECK (occurrence > 0),
  UNIQUE (bank_account_id, booking_date, identity, occurrence)
) STRICT;
CREATE INDEX bank_lines_by_bank_id ON bank_lines (bank_account_id, bank_id) WHERE bank_id IS NOT NULL;


-- Proposals: what is new and waits for a second person. `content` is what it makes once it is
-- approved; until then it has no effect. A proposal is decided once.

CREATE TABLE proposals (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  kind        TEXT NOT NULL CHECK (kind IN ('bank_rule', 'tax_certificate', 'forward_write_off', 'history_import')),
  content     TEXT NOT NULL CHECK (json_valid(content)),
  project_id  TEXT REFERENCES projects (id) ON DELETE RESTRICT,
  subject     TEXT NOT NULL,
  amount      TEXT
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7))),
  currency    TEXT CHECK (length(currency) = 3 AND currency NOT GLOB '*[^A-Z]*'),
  detail      TEXT NOT NULL,
  proposed_by TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  proposed_at TEXT NOT NULL CHECK (length(proposed_at) = 27 AND proposed_at GLOB '[0-9]*T*Z'),
  status      TEXT NOT NULL CHECK (status IN ('proposed', 'approved', 'rejected')),
  decided_by  TEXT REFERENCES users (id) ON DELETE RESTRICT,
  decided_at  TEXT CHECK (length(decided_at) = 27 AND decided_at GLOB '[0-9]*T*Z'),
  reason      TEXT,
  CHECK ((amount IS NULL) = (currency IS NULL)),
  CHECK ((status = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((status = 'rejected') = (reason IS NOT NULL)),
  CHECK (decided_at IS NULL OR decided_at > proposed_at)
) STRICT;
CREATE INDEX proposals_waiting ON proposals (number) WHERE status = 'proposed';

-- Files of past events, as they were proposed: what a holder had in an event. `line`: where the file
-- says so. Of a proposal that waits or was rejected they say what would have been imported. Rows are
-- only added.
CREATE TABLE history_rows (
  number             INTEGER PRIMARY KEY,
  proposal_number    INTEGER NOT NULL REFERENCES proposals (number) ON DELETE RESTRICT,
  line               INTEGER NOT NULL CHECK (line >= 1),
  event_code         TEXT NOT NULL COLLATE NOCASE CHECK (length(event_code) BETWEEN 1 AND 64),
  title              TEXT NOT NULL CHECK (title <> ''),
  event_type         TEXT NOT NULL
    CHECK (event_type = 'revenue' OR event_type = 'exit' OR event_type = 'dividend' OR event_type = 'other'),
  distribution_date  TEXT NOT NULL
    CHECK (distribution_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  record_date        TEXT NOT NULL
    CHECK (record_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  lp_token_holder_id TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  lp_tokens_held     TEXT NOT NULL
    CHECK (length(lp_tokens_held) <= 21
           AND lp_tokens_held = printf('%u.%07u', lp_tokens_held, substr(lp_tokens_held, -7)))
    CHECK (lp_tokens_held <> '0.0000000'),
  gross_amount       TEXT NOT NULL
    CHECK (length(gross_amount) <= 21
           AND gross_amount = printf('%u.%07u', gross_amount, substr(gross_amount, -7))),
  tax_amount         TEXT NOT NULL
    CHECK (length(tax_amount) <= 21
           AND tax_amount = printf('%u.%07u', tax_amount, substr(tax_amount, -7))),
  paid_amount        TEXT NOT NULL
    CHECK (length(paid_amount) <= 21
           AND paid_amount = printf('%u.%07u', paid_amount, substr(paid_amount, -7))),
  reference          TEXT CHECK (reference <> ''),
  value_date         TEXT CHECK (value_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  UNIQUE (proposal_number, event_code, lp_token_holder_id),
  CHECK (record_date <= distribution_date AND (value_date IS NULL OR distribution_date <= value_date)),
  CHECK ((paid_amount <> '0.0000000') = (reference IS NOT NULL)
         AND (reference IS NULL) = (value_date IS NULL)),
  -- Not more was withheld and paid than the gross amount. Whole units and ten-millionths are compared
  -- apart: their product would not fit 64 bits.
  CHECK ((CAST(gross_amount AS INTEGER) - CAST(tax_amount AS INTEGER) - CAST(paid_amount AS INTEGER)) * 10000000
         + CAST(substr(gross_amount, -7) AS INTEGER) - CAST(substr(tax_amount, -7) AS INTEGER)
         - CAST(substr(paid_amount, -7) AS INTEGER) >= 0)
) STRICT;
CREATE INDEX history_rows_by_event ON history_rows (event_code);

-- Rules about bank lines, each made by a proposal: a debit of the account that begins with `text` is
-- a charge of the bank if it is at most so much. A rule that was removed counts for lines booked up
-- to that day.
CREATE TABLE bank_rules (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  proposal_number INTEGER NOT NULL UNIQUE REFERENCES proposals (number) ON DELETE RESTRICT,
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  text            TEXT NOT NULL CHECK (length(text) >= 3),
  kind            TEXT NOT NULL CHECK (kind IN ('fee', 'tax', 'levy')),
  at_most         TEXT NOT NULL
    CHECK (length(at_most) <= 21
           AND at_most = printf('%u.%07u', at_most, substr(at_most, -7)))
    CHECK (at_most <> '0.0000000'),
  created_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at      TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  removed_by      TEXT REFERENCES users (id) ON DELETE RESTRICT,
  removed_at      TEXT CHECK (length(removed_at) = 27 AND removed_at GLOB '[0-9]*T*Z'),
  removed_on      TEXT CHECK (removed_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  removal_reason  TEXT,
  CHECK ((removed_by IS NULL) = (removed_at IS NULL) AND (removed_by IS NULL) = (removed_on IS NULL)),
  CHECK (removal_reason IS NULL OR removed_by IS NOT NULL)
) STRICT;
-- Of the rules of an account that count, no two have one text.
CREATE UNIQUE INDEX bank_rules_live ON bank_rules (bank_account_id, text) WHERE removed_at IS NULL;

-- Certificates that lower a holder's tax, each with the proposal by which it came: its status is the
-- proposal's, but for one that was ended. `ended_on`: the last day on which it counts.
CREATE TABLE tax_certificates (
  number             INTEGER PRIMARY KEY,
  id                 TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  proposal_number    INTEGER NOT NULL UNIQUE REFERENCES proposals (number) ON DELETE RESTRICT,
  lp_token_holder_id TEXT NOT NULL REFERENCES lp_token_holders (id) ON DELETE RESTRICT,
  kind               TEXT NOT NULL CHECK (kind IN ('exemption', 'treaty', 'reduced')),
  component          TEXT,
  country            TEXT CHECK (length(country) = 2 AND country NOT GLOB '*[^A-Z]*'),
  rate               TEXT NOT NULL
    CHECK (length(rate) <= 11 AND rate = printf('%u.%07u', rate, substr(rate, -7)))
    CHECK (CAST(rate AS INTEGER) < 100 OR rate = '100.0000000'),
  reference          TEXT NOT NULL CHECK (reference <> ''),
  from_date          TEXT NOT NULL CHECK (from_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  until_date         TEXT NOT NULL CHECK (until_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  created_by         TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at         TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  ended_on           TEXT CHECK (ended_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  ended_by           TEXT REFERENCES users (id) ON DELETE RESTRICT,
  ended_at           TEXT CHECK (length(ended_at) = 27 AND ended_at GLOB '[0-9]*T*Z'),
  end_reason         TEXT,
  CHECK (from_date <= until_date),
  CHECK (kind <> 'exemption' OR rate = '0.0000000'),
  CHECK ((ended_on IS NULL) = (ended_by IS NULL) AND (ended_on IS NULL) = (ended_at IS NULL)),
  CHECK (ended_on IS NULL OR ended_on <= until_date),
  CHECK (end_reason IS NULL OR ended_on IS NOT NULL)
) STRICT;
CREATE INDEX tax_certificates_by_holder ON tax_certificates (lp_token_holder_id);

-- What an approved event owes to an authority: an item counts until its event is cancelled. `period`:
-- the month of the tax date. Rows are only added and then cancelled.
CREATE TABLE tax_items (
  number                INTEGER PRIMARY KEY,
  distribution_event_id TEXT NOT NULL REFERENCES distribution_events (id) ON DELETE RESTRICT,
  authority             TEXT NOT NULL CHECK (length(authority) BETWEEN 1 AND 64),
  currency              TEXT NOT NULL CHECK (length(currency) = 3),
  period                TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]'),
  tax_date              TEXT NOT NULL CHECK (tax_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  due_date              TEXT NOT NULL CHECK (due_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  gross_amount          TEXT NOT NULL
    CHECK (length(gross_amount) <= 21
           AND gross_amount = printf('%u.%07u', gross_amount, substr(gross_amount, -7))),
  tax_amount            TEXT NOT NULL
    CHECK (length(tax_amount) <= 21
           AND tax_amount = printf('%u.%07u', tax_amount, substr(tax_amount, -7)))
    CHECK (tax_amount <> '0.0000000'),
  created_at            TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  cancelled_at          TEXT CHECK (length(cancelled_at) = 27 AND cancelled_at GLOB '[0-9]*T*Z'),
  UNIQUE (distribution_event_id, authority, due_date),
  CHECK (period = substr(tax_date, 1, 7) AND due_date > tax_date)
) STRICT;
CREATE INDEX tax_items_by_authority ON tax_items (authority, period);

-- Tax that was remitted to an authority. A remittance that was taken back stays; its items are open
-- again. Of those that were not taken back no two have one reference.
CREATE TABLE tax_remittances (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  authority       TEXT NOT NULL,
  period          TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]'),
  currency        TEXT NOT NULL CHECK (length(currency) = 3),
  amount          TEXT NOT NULL
    CHECK (length(amount) <= 21
           AND amount = printf('%u.%07u', amount, substr(amount, -7)))
    CHECK (amount <> '0.0000000'),
  reference       TEXT NOT NULL COLLATE NOCASE CHECK (reference <> ''),
  payment_date    TEXT NOT NULL CHECK (payment_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  created_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at      TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  reversed_by     TEXT REFERENCES users (id) ON DELETE RESTRICT,
  reversed_at     TEXT CHECK (length(reversed_at) = 27 AND reversed_at GLOB '[0-9]*T*Z'),
  reversal_reason TEXT,
  CHECK ((reversed_by IS NULL) = (reversed_at IS NULL)
         AND (reversed_by IS NULL) = (reversal_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX tax_remittances_by_reference ON tax_remittances (reference)
  WHERE reversed_at IS NULL;

-- The items of a remittance. `live`: it was not taken back. An item is in at most one such
-- remittance.
CREATE TABLE tax_remittance_items (
  number            INTEGER PRIMARY KEY,
  remittance_number INTEGER NOT NULL REFERENCES tax_remittances (number) ON DELETE RESTRICT,
  item_number       INTEGER NOT NULL REFERENCES tax_items (number) ON DELETE RESTRICT,
  live              INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (remittance_number, item_number)
) STRICT;
CREATE UNIQUE INDEX tax_remittance_items_live ON tax_remittance_items (item_number) WHERE live = 1;


-- Reconciliation: which lines belong to which payments, and the class of everything else.

-- Matches. One without `matched_at` is a proposal. A match that ended stays; `ended_as` says how, and
-- the audit trail says who ended it and why.
CREATE TABLE bank_matches (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  kind            TEXT NOT NULL
    CHECK (kind = 'payment' OR kind = 'return' OR kind = 'remittance' OR kind = 'charge'
           OR kind = 'interest' OR kind = 'funding' OR kind = 'other'),
  tier            TEXT NOT NULL CHECK (tier GLOB '[1-6]' OR tier = 'manual'),
  evidence        TEXT NOT NULL,
  created_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at      TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  matched_by      TEXT REFERENCES users (id) ON DELETE RESTRICT,
  matched_at      TEXT CHECK (length(matched_at) = 27 AND matched_at GLOB '[0-9]*T*Z'),
  ended_at        TEXT CHECK (length(ended_at) = 27 AND ended_at GLOB '[0-9]*T*Z'),
  ended_as        TEXT
    CHECK (ended_as = 'rejected' OR ended_as = 'unmatched' OR ended_as = 'superseded'),
  CHECK ((matched_by IS NULL) = (matched_at IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_as IS NULL)),
  -- A decided match can only be unmatched, and only a decided match can.
  CHECK (ended_as IS NULL OR (ended_as = 'unmatched') = (matched_at IS NOT NULL))
) STRICT;
-- Proposals wait for a second person.
CREATE INDEX bank_matches_proposed ON bank_matches (bank_account_id, number)
  WHERE matched_at IS NULL AND ended_at IS NULL;

-- The lines of a match. `live`: the match has not ended. A line is in at most one such match.
CREATE TABLE bank_match_lines (
  number       INTEGER PRIMARY KEY,
  match_number INTEGER NOT NULL REFERENCES bank_matches (number) ON DELETE RESTRICT,
  line_number  INTEGER NOT NULL REFERENCES bank_lines (number) ON DELETE RESTRICT,
  live         INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (match_number, line_number)
) STRICT;
CREATE UNIQUE INDEX bank_match_lines_live ON bank_match_lines (line_number) WHERE live = 1;
-- All matches of a line, those that ended too: for a past day.
CREATE INDEX bank_match_lines_all ON bank_match_lines (line_number);

-- The withdrawals of a match, and so their payments. A withdrawal is in at most one match of each
-- kind that has not ended.
CREATE TABLE bank_match_withdrawals (
  number            INTEGER PRIMARY KEY,
  match_number      INTEGER NOT NULL REFERENCES bank_matches (number) ON DELETE RESTRICT,
  withdrawal_number INTEGER NOT NULL REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  kind              TEXT NOT NULL CHECK (kind IN ('payment', 'return')),
  live              INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (match_number, withdrawal_number)
) STRICT;
CREATE UNIQUE INDEX bank_match_withdrawals_live ON bank_match_withdrawals (withdrawal_number, kind)
  WHERE live = 1;
-- All matches of a withdrawal, those that ended too: for a past day.
CREATE INDEX bank_match_withdrawals_all ON bank_match_withdrawals (withdrawal_number);

-- The remittance of a match of kind `remittance`, which has one line and no withdrawals. A
-- remittance is in at most one match that has not ended.
CREATE TABLE bank_match_remittances (
  number            INTEGER PRIMARY KEY,
  match_number      INTEGER NOT NULL UNIQUE REFERENCES bank_matches (number) ON DELETE RESTRICT,
  remittance_number INTEGER NOT NULL REFERENCES tax_remittances (number) ON DELETE RESTRICT,
  live              INTEGER NOT NULL CHECK (live IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX bank_match_remittances_live ON bank_match_remittances (remittance_number)
  WHERE live = 1;
-- All matches of a remittance, those that ended too: for a past day.
CREATE INDEX bank_match_remittances_all ON bank_match_remittances (remittance_number);

-- The class of a line or a withdrawal that is in no match, since when and why (`rule_proposal`: the
-- rule of the account that explains it), as a run over one
-- account found it. The last row of each account counts: what one account shows against a withdrawal
-- is not undone by another account that shows nothing.
CREATE TABLE bank_classes (
  number            INTEGER PRIMARY KEY,
  bank_account_id   TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  line_number       INTEGER REFERENCES bank_lines (number) ON DELETE RESTRICT,
  withdrawal_number INTEGER REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  class             TEXT NOT NULL,
  concerns          TEXT NOT NULL CHECK (json_valid(concerns)),
  detail            TEXT,
  rule_proposal     INTEGER REFERENCES bank_rules (proposal_number) ON DELETE RESTRICT,
  since             TEXT NOT NULL CHECK (length(since) = 27 AND since GLOB '[0-9]*T*Z'),
  CHECK ((line_number IS NULL) <> (withdrawal_number IS NULL)),
  CHECK (rule_proposal IS NULL OR (class = 'fee_tax_levy' AND line_number IS NOT NULL))
) STRICT;
CREATE INDEX bank_classes_by_rule ON bank_classes (rule_proposal, number)
  WHERE rule_proposal IS NOT NULL;
CREATE INDEX bank_classes_by_line ON bank_classes (line_number, number)
  WHERE line_number IS NOT NULL;
CREATE INDEX bank_classes_by_withdrawal ON bank_classes (withdrawal_number, number)
  WHERE withdrawal_number IS NOT NULL;
-- What a run left to settle: most lines and payments never are.
CREATE INDEX bank_classes_left ON bank_classes (bank_account_id, number)
  WHERE class <> 'awaited' AND class <> 'fee_tax_levy' AND class <> 'resolved' AND class <> 'void'
    AND class <> 'off_bank' AND class <> 'settled' AND class <> 'never_sent' AND class <> 'returned'
    AND class <> 'cheque_outstanding';

-- Every run of the reconciliation: up to which booking date, the last line that it read, and the
-- first line and the first withdrawal that it left to settle.
CREATE TABLE bank_reconciliations (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  through         TEXT CHECK (through GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  last_line       INTEGER NOT NULL,
  first_left_line       INTEGER,
  first_left_withdrawal INTEGER,
  run_at          TEXT NOT NULL CHECK (length(run_at) = 27 AND run_at GLOB '[0-9]*T*Z')
) STRICT;


-- Keys of commands that were run with `--key`: the same command with the same key is answered with
-- the same result and runs only once.

CREATE TABLE idempotency_keys (
  number      INTEGER PRIMARY KEY,
  key         TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 200),
  command     TEXT NOT NULL,
  input_hash  TEXT NOT NULL CHECK (length(input_hash) = 64),
  result      TEXT NOT NULL CHECK (json_valid(result)),
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z')
) STRICT;


-- The audit trail: a chain of SHA-256 hashes that begins with the ledger's id. `hash` covers the
-- entry and the hash before it; `rows_hash` covers the hashes of all rows that its transaction wrote.

CREATE TABLE distribution_activity_log (
  seq                    INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  distribution_event_id  TEXT REFERENCES distribution_events (id) ON DELETE RESTRICT,
  withdrawal_request_id  TEXT REFERENCES withdrawal_requests (id) ON DELETE RESTRICT,
  project_id             TEXT REFERENCES projects (id) ON DELETE RESTRICT,
  activity_type          TEXT NOT NULL,
  outcome                TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
  performed_by           TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  claimed_by             TEXT NOT NULL
    CHECK (claimed_by = 'flag' OR claimed_by = 'environment' OR claimed_by = 'config' OR claimed_by = 'os_user'),
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
CREATE INDEX distribution_activity_log_by_event ON distribution_activity_log (distribution_event_id)
  WHERE distribution_event_id IS NOT NULL;
CREATE INDEX distribution_activity_log_by_withdrawal ON distribution_activity_log (withdrawal_request_id)
  WHERE withdrawal_request_id IS NOT NULL;
-- The few entries that `prorata status` looks for; other entries are not in these indexes.
CREATE INDEX distribution_activity_log_of_backups ON distribution_activity_log (seq)
  WHERE activity_type = 'backup_made';
CREATE INDEX distribution_activity_log_of_checks ON distribution_activity_log (seq)
  WHERE activity_type = 'ledger_checked';

-- The hashes of the rows that a transaction wrote, in runs of consecutive row numbers. Each row has
-- two SHA-256 hashes: before the transaction and at its commit (32 zero bytes: no such row). The
-- rows are written before their entry, which carries their digest; a foreign key would search this
-- table at every entry, so the verification of the trail ties the two together instead.
CREATE TABLE distribution_activity_rows (
  number        INTEGER PRIMARY KEY,
  seq           INTEGER NOT NULL CHECK (seq > 0),
  table_name    TEXT NOT NULL,
  first_number  INTEGER NOT NULL,
  hashes        BLOB NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 64 = 0)
) STRICT;
