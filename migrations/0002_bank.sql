-- The ledger, version 2: the bank side. Payment files out, statements in, and what lines and payments have to do with each other.
--
-- Amounts of the bank carry a sign: money in is positive, money out negative. What stands here is never changed but for the
-- ends of matches and payment files, which are dated, so that a past day can be told again. The state of a bank line is the
-- match that it stands in, or else the last of its standings. Whether a payment is reconciled is not stored with it: a payment
-- is reconciled while a match of kind `payment` holds it that was decided and has not ended.
--
-- Where rows are many, their words are checked in pairs: of a longer list SQLite builds a table for each row that it checks.

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
  UNIQUE (account_number, bank_name, currency)
) STRICT;

-- One row per statement of a file; the same bytes are imported into one account once.
CREATE TABLE bank_statements (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  file_hash       TEXT NOT NULL CHECK (length(file_hash) = 64),
  file_position   INTEGER NOT NULL CHECK (file_position > 0),
  format          TEXT NOT NULL CHECK (format IN ('csv', 'ofx', 'camt053', 'mt940')),
  encoding        TEXT NOT NULL,
  profile         TEXT,
  reference       TEXT,
  opening_balance TEXT CHECK (substr(opening_balance, -8, 1) = '.' AND trim(opening_balance, '-0123456789') = '.'),
  closing_balance TEXT CHECK (substr(closing_balance, -8, 1) = '.' AND trim(closing_balance, '-0123456789') = '.'),
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
  UNIQUE (bank_account_id, file_hash, file_position),
  CHECK (balance_ok IS NULL OR opening_balance IS NOT NULL OR closing_balance IS NOT NULL)
) STRICT;

-- A line of the bank stands here once, however many files bring it: `identity` hashes its dates, amount, text and reference,
-- and equal lines are counted by `occurrence`.
CREATE TABLE bank_lines (
  number               INTEGER PRIMARY KEY,
  id                   TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id      TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  statement_number     INTEGER NOT NULL REFERENCES bank_statements (number) ON DELETE RESTRICT,
  line_number          INTEGER NOT NULL CHECK (line_number > 0),
  booking_date         TEXT NOT NULL CHECK (booking_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  value_date           TEXT CHECK (value_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  amount               TEXT NOT NULL CHECK (substr(amount, -8, 1) = '.' AND trim(amount, '-0123456789') = '.'),
  balance              TEXT CHECK (substr(balance, -8, 1) = '.' AND trim(balance, '-0123456789') = '.'),
  reference            TEXT,
  bank_id              TEXT,
  end_to_end           TEXT,
  description          TEXT NOT NULL,
  counterparty_name    TEXT,
  counterparty_account TEXT,
  reversal             INTEGER NOT NULL CHECK (reversal IN (0, 1)),
  class                TEXT NOT NULL CHECK (class IN ('principal', 'fee') OR class IN ('tax', 'levy')
                                                    OR class IN ('interest', 'reversal')),
  identity             TEXT NOT NULL CHECK (length(identity) = 32),
  occurrence           INTEGER NOT NULL CHECK (occurrence > 0),
  UNIQUE (bank_account_id, booking_date, identity, occurrence)
) STRICT;

-- What lines are linked to. A proposal has no `matched_at`; an ended link stays, with who ended it and why.
CREATE TABLE bank_matches (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  kind            TEXT NOT NULL CHECK (kind IN ('payment', 'return') OR kind IN ('charge', 'interest')
                                               OR kind IN ('funding', 'other')),
  tier            TEXT NOT NULL CHECK (tier GLOB '[1-6]' OR tier = 'manual'),
  evidence        TEXT NOT NULL,
  created_by      TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at      TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  matched_by      TEXT REFERENCES users (id) ON DELETE RESTRICT,
  matched_at      TEXT CHECK (length(matched_at) = 27 AND matched_at GLOB '[0-9]*T*Z'),
  ended_by        TEXT REFERENCES users (id) ON DELETE RESTRICT,
  ended_at        TEXT CHECK (length(ended_at) = 27 AND ended_at GLOB '[0-9]*T*Z'),
  ended_as        TEXT CHECK (ended_as IN ('rejected', 'unmatched') OR ended_as = 'superseded'),
  end_reason      TEXT,
  CHECK ((matched_by IS NULL) = (matched_at IS NULL)),
  CHECK ((ended_by IS NULL) = (ended_at IS NULL) AND (ended_by IS NULL) = (ended_as IS NULL)),
  CHECK (ended_as IS NOT 'unmatched' OR (matched_at IS NOT NULL AND end_reason IS NOT NULL)),
  CHECK (ended_as IS NULL OR ended_as = 'unmatched' OR matched_at IS NULL)
) STRICT;

-- A line is in at most one link that has not ended.
CREATE TABLE bank_match_lines (
  number       INTEGER PRIMARY KEY,
  match_number INTEGER NOT NULL REFERENCES bank_matches (number) ON DELETE RESTRICT,
  line_number  INTEGER NOT NULL REFERENCES bank_lines (number) ON DELETE RESTRICT,
  live         INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (match_number, line_number)
) STRICT;
CREATE UNIQUE INDEX bank_match_lines_live ON bank_match_lines (line_number) WHERE live = 1;
-- The links of a line on a past day, ended ones too.
CREATE INDEX bank_match_lines_all ON bank_match_lines (line_number);

-- A withdrawal, and so its payment, is in at most one link of each kind that has not ended.
CREATE TABLE bank_match_withdrawals (
  number            INTEGER PRIMARY KEY,
  match_number      INTEGER NOT NULL REFERENCES bank_matches (number) ON DELETE RESTRICT,
  withdrawal_number INTEGER NOT NULL REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  kind              TEXT NOT NULL CHECK (kind IN ('payment', 'return')),
  live              INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (match_number, withdrawal_number)
) STRICT;
CREATE UNIQUE INDEX bank_match_withdrawals_live ON bank_match_withdrawals (withdrawal_number, kind) WHERE live = 1;
-- The payment links of a withdrawal on a past day, ended ones too.
CREATE INDEX bank_match_withdrawals_all ON bank_match_withdrawals (withdrawal_number);

-- Where a line or a withdrawal stands that no link holds, since when and why, as a run over one account found it. The last row
-- of each account counts: what one account shows against a withdrawal is not undone by another that shows nothing.
CREATE TABLE bank_standings (
  number            INTEGER PRIMARY KEY,
  bank_account_id   TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  line_number       INTEGER REFERENCES bank_lines (number) ON DELETE RESTRICT,
  withdrawal_number INTEGER REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  standing          TEXT NOT NULL,
  concerns          TEXT NOT NULL CHECK (json_valid(concerns)),
  detail            TEXT,
  since             TEXT NOT NULL CHECK (length(since) = 27 AND since GLOB '[0-9]*T*Z'),
  CHECK ((line_number IS NULL) <> (withdrawal_number IS NULL))
) STRICT;
CREATE INDEX bank_standings_by_line ON bank_standings (line_number, number) WHERE line_number IS NOT NULL;
CREATE INDEX bank_standings_by_withdrawal ON bank_standings (withdrawal_number, number) WHERE withdrawal_number IS NOT NULL;

-- Each run of the reconciliation.
CREATE TABLE bank_reconciliations (
  number          INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  through         TEXT CHECK (through GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  last_line       INTEGER NOT NULL,
  run_by          TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  run_at          TEXT NOT NULL CHECK (length(run_at) = 27 AND run_at GLOB '[0-9]*T*Z')
) STRICT;

CREATE TABLE payment_files (
  number              INTEGER PRIMARY KEY,
  id                  TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  bank_account_id     TEXT NOT NULL REFERENCES bank_accounts (id) ON DELETE RESTRICT,
  layout              TEXT NOT NULL CHECK (layout IN ('generic', 'pain.001.001.03', 'pain.001.001.09')),
  message_id          TEXT NOT NULL UNIQUE CHECK (length(message_id) BETWEEN 1 AND 35),
  execution_date      TEXT NOT NULL CHECK (execution_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  currency            TEXT NOT NULL CHECK (length(currency) = 3),
  debtor_name         TEXT NOT NULL,
  payments            INTEGER NOT NULL CHECK (payments > 0),
  total               TEXT NOT NULL CHECK (substr(total, -8, 1) = '.' AND trim(total, '0123456789') = '.'),
  content_hash        TEXT NOT NULL CHECK (length(content_hash) = 64),
  created_by          TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  created_at          TEXT NOT NULL CHECK (length(created_at) = 27 AND created_at GLOB '[0-9]*T*Z'),
  cancelled_by        TEXT REFERENCES users (id) ON DELETE RESTRICT,
  cancelled_at        TEXT CHECK (length(cancelled_at) = 27 AND cancelled_at GLOB '[0-9]*T*Z'),
  cancellation_reason TEXT,
  CHECK ((cancelled_by IS NULL) = (cancelled_at IS NULL) AND (cancelled_by IS NULL) = (cancellation_reason IS NULL))
) STRICT;

-- A withdrawal is in at most one payment file that was not cancelled.
CREATE TABLE payment_file_items (
  number            INTEGER PRIMARY KEY,
  file_number       INTEGER NOT NULL REFERENCES payment_files (number) ON DELETE RESTRICT,
  withdrawal_number INTEGER NOT NULL REFERENCES withdrawal_requests (number) ON DELETE RESTRICT,
  end_to_end        TEXT NOT NULL UNIQUE CHECK (length(end_to_end) = 10),
  holder_name       TEXT NOT NULL,
  live              INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (file_number, withdrawal_number)
) STRICT;
CREATE UNIQUE INDEX payment_file_items_live ON payment_file_items (withdrawal_number) WHERE live = 1;
CREATE INDEX payment_file_items_by_withdrawal ON payment_file_items (withdrawal_number);
