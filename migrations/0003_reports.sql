-- The ledger, version 3: what is outstanding on a day is told without reading the whole register.
--
-- `token_supplies` counts every entry. Those that are not effective yet are few, and are found here.
CREATE INDEX token_entries_of_supply ON token_entries (project_id, effective_date) WHERE kind <> 'transfer';
