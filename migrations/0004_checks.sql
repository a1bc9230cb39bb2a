-- The ledger, version 4: the same rules, in words that SQLite tests faster.
--
-- For `x IN (…)` of more than two words SQLite makes a table of the words, anew for each statement and so for each row of bulk
-- work. Two words it compares one after the other. Neither what stands in a table nor what may stand there changes, so that the
-- definitions are rewritten where they stand: https://sqlite.org/lang_altertable.html#otheralter, the second procedure.
PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(sql, 'kind IN (''issue'', ''transfer'', ''redeem'')',
  'kind IN (''issue'', ''transfer'') OR kind IN (''redeem'')')
WHERE type = 'table' AND name = 'token_entries';

UPDATE sqlite_schema SET sql = replace(replace(replace(sql, 'event_type IN (''revenue'', ''exit'', ''dividend'', ''other'')',
  'event_type IN (''revenue'', ''exit'') OR event_type IN (''dividend'', ''other'')'),
  'status IN (''draft'', ''calculated'', ''active'', ''completed'', ''cancelled'')',
  'status IN (''draft'', ''calculated'') OR status IN (''active'', ''completed'') OR status IN (''cancelled'')'),
  'status NOT IN (''calculated'', ''active'', ''completed'')',
  '(status NOT IN (''calculated'', ''active'') AND status <> ''completed'')')
WHERE type = 'table' AND name = 'distribution_events';

UPDATE sqlite_schema SET sql = replace(sql, 'status IN (''allocated'', ''partially_withdrawn'', ''fully_withdrawn'')',
  'status IN (''allocated'', ''partially_withdrawn'') OR status IN (''fully_withdrawn'')')
WHERE type = 'table' AND name = 'distribution_allocations';

UPDATE sqlite_schema SET sql = replace(replace(sql,
  'status IN (''pending'', ''approved'', ''rejected'', ''cancelled'', ''paid'', ''returned'')',
  'status IN (''pending'', ''approved'') OR status IN (''rejected'', ''cancelled'') OR status IN (''paid'', ''returned'')'),
  'status NOT IN (''approved'', ''paid'', ''returned'')', '(status NOT IN (''approved'', ''paid'') AND status <> ''returned'')')
WHERE type = 'table' AND name = 'withdrawal_requests';

UPDATE sqlite_schema SET sql = replace(sql, 'status IN (''recorded'', ''reconciled'', ''returned'')',
  'status IN (''recorded'', ''reconciled'') OR status IN (''returned'')')
WHERE type = 'table' AND name = 'distribution_payments';

UPDATE sqlite_schema SET sql = replace(sql, 'claimed_by IN (''flag'', ''environment'', ''os_user'')',
  'claimed_by IN (''flag'', ''environment'') OR claimed_by IN (''os_user'')')
WHERE type = 'table' AND name = 'distribution_activity_log';

PRAGMA writable_schema = RESET;
