#!/usr/bin/env bash
# Walks the whole loop over a ledger of many holders and ten quarters, and prints each step next to the sqlite3 shell's own figures.
#
#   cargo build --release && benches/scale.sh [HOLDERS] [QUARTERS]   (default 1000000 and 10; needs sqlite3 and GNU time)
#   PAID_QUARTERS=2 benches/scale.sh                                 (default 1; at most QUARTERS)
#
# HOLDERS is a multiple of 100, from 2000 on.
#
# Every quarter is calculated and approved for every holder, and between two of them one holder in two hundred gives tokens away.
# From withdrawal to bank reconciliation only the first PAID_QUARTERS quarters are walked, each with a withdrawal of every holder.
#
# Seconds are wall clock, next to them those of the processors; memory is the peak of the process; the file is the ledger after the
# step. Single commands are the median of 21 runs. Files are in the page cache where memory allows.
#
# A step that writes is compared with the sqlite3 shell writing the same rows, those of the trail too, into a copy of the ledger from
# before the step: INSERT … SELECT and UPDATE … FROM over the ledger after it, in one transaction, with the settings of the program
# (checks, foreign keys, synchronous=EXTRA, rollback journal, cache). The shell computes nothing and hashes nothing. A report or a
# list is compared with a query for the same columns of the same rows as CSV; `audit verify` with `.sha3sum`, which reads and hashes
# every row but compares it with nothing (SHA3 is slower than SHA-256 if the processor has instructions for the latter, so another
# line only reads all values); `check` with the integrity check, the foreign keys and `.sha3sum`; `backup` with `.backup`, the
# integrity check and `.sha3sum` of the copy.
#
# Disk: about 25 GB per 10,000,000 allocations: the ledger, and one copy of it next to a step. TMPDIR says where.
set -euo pipefail

# Returns the hash of the pending withdrawals of an event, as a dry run prints it.
reviewed() {
  "$prorata" withdrawal approve --event "$1" --all --dry-run --as chi -f csv 2>&1 >/dev/null | sed -n 's/.*: hash //p'
}

holders=${1:-1000000}
quarters=${2:-10}
paid=${PAID_QUARTERS:-1}
prorata=${PRORATA:-$(cd "$(dirname "$0")/.." && pwd)/target/release/prorata}
time=$(type -P time) || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
type -P sqlite3 >/dev/null || { echo "sqlite3 is missing: apt-get install sqlite3" >&2; exit 2; }
((quarters <= 12 && paid <= quarters)) || { echo "at most 12 quarters, and no more paid ones than quarters" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
today=$(date -u +%F)
settings="PRAGMA foreign_keys=ON; PRAGMA synchronous=EXTRA; PRAGMA journal_mode=DELETE; PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY;"

columns='%-44s %8s %8s %7s %7s %9s %8s %6s %6s\n'

# run COMMAND...: leaves $wall, $cpu and $memory. Something left to reconcile (exit 3) is not a failure.
run() {
  local code=0 user system kilobytes
  "$time" -q -o cost -f '%e %U %S %M' "$@" >out 2>err || code=$?
  [[ $code == 0 || $code == 3 ]] || { cat err >&2; exit 1; }
  read -r wall user system kilobytes < <(tail -1 cost)
  cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%.2f", u + s }')
  memory=$((kilobytes / 1024))
}

# step NAME COMMAND...: one run of the program; `compare` or `alone` prints its line.
step() {
  name=$1
  shift
  run "$@"
  own_wall=$wall own_cpu=$cpu own_memory=$memory
}

size() { echo $(($(stat -c %s prorata.db) / 1048576)); }

# alone: prints the last step without a comparison.
alone() {
  # shellcheck disable=SC2059
  printf "$columns" "$name" "$own_wall" "$own_cpu" "$own_memory" "$(size)" "" "" "" ""
}

# compare COMMAND...: prints the last step next to what the shell takes.
compare() {
  run "$@"
  # shellcheck disable=SC2059
  printf "$columns" "$name" "$own_wall" "$own_cpu" "$own_memory" "$(size)" "$wall" "$cpu" \
    "$(awk -v a="$own_wall" -v b="$wall" 'BEGIN { printf "%.2f", a / (b > 0.01 ? b : 0.01) }')" \
    "$(awk -v a="$own_cpu" -v b="$cpu" 'BEGIN { printf "%.2f", a / (b > 0.01 ? b : 0.01) }')"
}

# keep: a copy of the ledger for the floor of the next step, written out, so that the shell's own sync does not pay for it.
keep() {
  cp --reflink=auto prorata.db before.db
  sync before.db
}

# same [TABLE COLUMN,...]...: the shell writes into the copy what the last step wrote: all rows that are new, and of the named
# tables what it changed.
same() {
  local table last column sets
  {
    echo "$settings ATTACH 'prorata.db' AS after; BEGIN IMMEDIATE;"
    # The order of creation: a table's rows come after those that they name.
    for table in $(sqlite3 before.db "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"); do
      last=$(sqlite3 before.db "SELECT coalesce(max(rowid), 0) FROM $table")
      if (($(sqlite3 prorata.db "SELECT coalesce(max(rowid), 0) FROM $table") > last)); then
        echo "INSERT INTO main.$table SELECT * FROM after.$table WHERE rowid > $last ORDER BY rowid;"
      fi
    done
    while (($#)); do
      sets=
      for column in ${2//,/ }; do sets+="${sets:+, }$column = new.$column"; done
      echo "UPDATE main.$1 SET $sets FROM after.$1 AS new WHERE new.number = $1.number AND new.updated_at > $1.updated_at;"
      shift 2
    done
    echo "COMMIT;"
  } >floor.sql
  compare sqlite3 before.db ".read floor.sql"
  rm -f before.db
}

quiet() { "$prorata" "$@" -q >/dev/null 2>err || { cat err >&2; exit 1; }; }

# median NAME COMMAND...: the median milliseconds of 21 runs; `%` in the command counts the runs.
median() {
  local name=$1 run start end
  shift
  for run in $(seq -w 1 21); do
    start=$(date +%s%N)
    "${@//%/$run}" >out 2>err || { cat err >&2; exit 1; }
    end=$(date +%s%N)
    echo $(((end - start) / 10000))
  done | sort -n | sed -n 11p | sed 's/..$/.&/' >middle
  printf '%-44s %8s ms\n' "$name" "$(cat middle)"
}

day() {
  local ends=(03-31 06-30 09-30 12-31)
  echo "$((2022 + ($1 + 3) / 4))-${ends[($1 - 1) % 4]}"
}

register() {
  awk -v n="$holders" 'BEGIN { print "code,name,bank_name,account_number"; for (i = 1; i <= n; i++) printf "H%07d,Holder %d,GTBank,%010d\n", i, i, i }' >holders.csv
  awk -v n="$holders" 'BEGIN { print "holder,tokens"; for (i = 1; i <= n; i++) printf "H%07d,%d.%07d\n", i, (i * 7919) % 1000003 + 1, (i * 104729) % 10000000 }' >register.csv
  quiet init --user ada
  quiet user add bola --role operator --as ada
  quiet user add chi --role approver --as ada
  quiet project add P --name P --as bola
  quiet nav set P 5000000000 --date 2022-12-31 --as bola
  quiet bank add GTB --bank-name GTBank --bank-code 058 --account-number 0123456785 --as ada
  keep
  step "holder import" "$prorata" holder import holders.csv --as bola -f csv
  same
  keep
  step "token import" "$prorata" token import register.csv --project P --date 2023-01-01 --as bola -f csv
  same
  rm -f holders.csv register.csv
}

# quarter N: the register changes, the event is calculated and approved. The first and the last are compared with the shell.
quarter() {
  local floor=$1
  if (($1 > 1)); then
    awk -v n="$holders" -v q="$1" -v date="$(day "$1" | sed 's/..$/15/')" 'BEGIN {
      print "kind,holder,to,tokens,date"
      for (i = q * 7; i < n; i += 200) printf "transfer,H%07d,H%07d,0.05,%s\n", i, i + 1, date
    }' >transfers.csv
    step "token import: transfers before quarter $1" "$prorata" token import transfers.csv --project P --as bola -f csv
    alone
  fi
  (($1 == 1 || $1 == quarters)) || floor=
  quiet event create "E$1" --project P --type revenue --title T --amount "${holders}000000.36" --date "$(day "$1")" --as bola
  if [[ $floor ]]; then keep; fi
  step "event calculate E$1" "$prorata" event calculate "E$1" --as bola -f csv
  if [[ $floor ]]; then same; else alone; fi
  step "event approve E$1 (calculates and compares)" "$prorata" event approve "E$1" --as chi -f csv
  if [[ $floor ]]; then
    compare sqlite3 -csv prorata.db "SELECT h.code, a.lp_tokens_held, a.ownership_percentage, a.allocated_amount FROM distribution_allocations a
      JOIN distribution_events e ON e.id = a.distribution_event_id JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
      WHERE e.code = 'E$1' ORDER BY h.code COLLATE BINARY" \
      "SELECT h.code, decimal_sum(t.tokens) FROM token_entries t JOIN lp_token_holders h ON h.id = t.to_holder_id GROUP BY t.to_holder_id"
  else
    alone
  fi
}

steps_of_allocation="withdrawn_amount,pending_amount,available_amount,status,updated_at"
steps_of_withdrawal="status,reviewed_by,reviewed_at,approved_by,approved_at,payment_reference,payment_date,payment_amount,paid_by,paid_at,updated_at"
steps_of_event="status,total_withdrawn,total_pending,completed_at,updated_at"

# paid N: quarter N from the requests to the reconciliation that records its payments.
paid() {
  local file
  file=$(printf 'F-%06d' "$1")
  keep
  step "withdrawal request --event E$1 --all-holders" "$prorata" withdrawal request --event "E$1" --all-holders --as bola -f csv
  same distribution_allocations $steps_of_allocation distribution_events $steps_of_event
  keep
  step "withdrawal approve --event E$1 --all" "$prorata" withdrawal approve --event "E$1" --all --hash "$(reviewed "E$1")" --as chi -f csv
  same withdrawal_requests $steps_of_withdrawal
  keep
  step "payment file create --event E$1" "$prorata" payment file create --account GTB --event "E$1" --profile generic --as bola -f csv
  same
  step "payment file export $file" "$prorata" payment file export "$file" --output "$file.csv" --as bola
  compare sqlite3 -csv prorata.db "SELECT 'F', i.end_to_end, w.number, h.code, i.holder_name, w.bank_name, w.bank_code, w.account_number,
    w.requested_amount, w.currency, f.execution_date, w.request_notes FROM payment_file_items i
    JOIN payment_files f ON f.number = i.file_number JOIN withdrawal_requests w ON w.number = i.withdrawal_number
    JOIN lp_token_holders h ON h.id = w.lp_token_holder_id WHERE f.number = $1 ORDER BY i.number"
  awk -F, -v date="$today" 'NR == 1 { print "Date,Value Date,Narration,Reference,Debit,Credit"; next }
    { printf "%s,%s,NIP TRANSFER %s LAGOS,S%09d,%s,\n", date, date, $2, NR, $9 }' "$file.csv" >bank.csv
  rm "$file.csv"
  keep
  step "bank import of $(($(wc -l <bank.csv) - 1)) debits" "$prorata" bank import GTB bank.csv --as bola -f csv
  same
  rm bank.csv
  keep
  step "bank reconcile, recording the payments" "$prorata" bank reconcile GTB --as bola -f csv
  same withdrawal_requests $steps_of_withdrawal distribution_allocations $steps_of_allocation distribution_events $steps_of_event
  step "bank reconcile again" "$prorata" bank reconcile GTB --as bola -f csv
  alone
}

dump="SELECT a.id, e.code, h.code, h.name, a.lp_tokens_held, a.ownership_percentage, a.allocated_amount, a.withdrawn_amount,
  a.pending_amount, a.available_amount, a.status FROM distribution_allocations a JOIN distribution_events e
  ON e.id = a.distribution_event_id JOIN lp_token_holders h ON h.id = a.lp_token_holder_id"

reports() {
  local month=${today%-*}
  step "report balances -f csv" "$prorata" report balances -f csv
  compare sqlite3 -csv -header prorata.db "SELECT h.code, h.name, e.currency, decimal_sum(a.allocated_amount),
    decimal_sum(a.withdrawn_amount), decimal_sum(a.pending_amount), decimal_sum(a.available_amount)
    FROM distribution_allocations a JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
    JOIN distribution_events e ON e.id = a.distribution_event_id WHERE e.status IN ('active', 'completed')
    GROUP BY h.code COLLATE BINARY, e.currency ORDER BY h.code COLLATE BINARY"
  step "report allocations E$quarters -f csv" "$prorata" report allocations "E$quarters" -f csv
  compare sqlite3 -csv -header prorata.db "$dump WHERE e.code = 'E$quarters' ORDER BY h.code COLLATE BINARY"
  step "report analytics -f json" "$prorata" report analytics -f json
  compare sqlite3 -json prorata.db \
    "SELECT currency, count(*), decimal_sum(total_amount), decimal_sum(total_withdrawn) FROM distribution_events
     WHERE status IN ('active', 'completed') GROUP BY currency" \
    "SELECT h.code, h.name, decimal_sum(a.allocated_amount) AS sum FROM distribution_allocations a
     JOIN lp_token_holders h ON h.id = a.lp_token_holder_id GROUP BY a.lp_token_holder_id ORDER BY CAST(sum AS REAL) DESC LIMIT 10" \
    "SELECT distribution_event_id, count(*) FROM distribution_allocations WHERE allocated_amount <> withdrawn_amount GROUP BY 1" \
    "SELECT avg(julianday(payment_date) - julianday(substr(approved_at, 1, 10))) FROM withdrawal_requests WHERE status = 'paid'"
  step "report dashboard" "$prorata" report dashboard -o dashboard.html --force -q
  alone
  step "report month-end $month" "$prorata" report month-end "$month" -o month -q
  alone
  rm -rf month dashboard.html
  step "report reconciliation -f csv" "$prorata" report reconciliation -f csv
  alone
  step "withdrawal list -f csv" "$prorata" withdrawal list -f csv
  listed "SELECT w.id, printf('W-%06d', w.number) AS code, e.code AS event, p.code AS project, h.code AS holder, w.currency,
    w.requested_amount, w.status, w.bank_name, w.bank_code, '******' || substr(w.account_number, -4) AS account_number, w.account_name,
    w.request_notes, q.code AS requested_by, coalesce(a.code, r.code) AS reviewed_by, w.reviewed_at, a.code AS approved_by, w.approved_at,
    r.code AS rejected_by, w.rejected_at, w.rejection_reason, c.code AS cancelled_by, w.cancelled_at, w.payment_reference,
    w.payment_date, w.payment_amount, y.code AS paid_by, w.paid_at, w.payment_notes, w.created_at, w.updated_at
    FROM withdrawal_requests w JOIN distribution_events e ON e.id = w.distribution_event_id JOIN projects p ON p.id = w.project_id
    JOIN lp_token_holders h ON h.id = w.lp_token_holder_id JOIN users q ON q.id = w.requested_by
    LEFT JOIN users a ON a.id = w.approved_by LEFT JOIN users r ON r.id = w.rejected_by LEFT JOIN users c ON c.id = w.cancelled_by
    LEFT JOIN users y ON y.id = w.paid_by ORDER BY w.number"
  step "payment list -f csv" "$prorata" payment list -f csv
  listed "SELECT y.id, printf('P-%06d', y.number) AS code, printf('W-%06d', w.number) AS withdrawal, e.code AS event, h.code AS holder,
    y.amount, y.currency, y.reference, y.payment_date,
    iif(y.status = 'recorded' AND m.matched_at IS NOT NULL, 'reconciled', y.status) AS status, y.returned_at, y.return_date,
    y.return_reason, 'P-' || o.number AS replaces, printf('L-%06d', l.line_number) AS bank_line, u.code AS paid_by, y.paid_at, y.notes
    FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
    JOIN distribution_events e ON e.id = y.distribution_event_id JOIN lp_token_holders h ON h.id = y.lp_token_holder_id
    JOIN users u ON u.id = y.paid_by LEFT JOIN distribution_payments o ON o.id = y.replaces_payment_id
    LEFT JOIN bank_match_withdrawals x ON x.withdrawal_number = w.number AND x.live = 1 AND x.kind = 'payment'
    LEFT JOIN bank_matches m ON m.number = x.match_number LEFT JOIN bank_match_lines l ON l.match_number = m.number ORDER BY y.number"
  step "bank lines -f csv" "$prorata" bank lines GTB -f csv
  listed "SELECT printf('L-%06d', l.number) AS code, printf('S-%06d', l.statement_number) AS statement, l.line_number, l.booking_date,
    l.value_date, l.amount, b.currency, l.balance, l.reference, l.description, l.kind,
    iif(m.matched_at IS NULL, 'unmatched', 'matched') AS class, printf('P-%06d', y.number) AS payments, m.tier AS match_tier,
    NULL AS lines, m.evidence AS detail, m.matched_at AS decided_at, b.code AS account, l.bank_id, l.end_to_end, l.counterparty_name, l.id
    FROM bank_lines l JOIN bank_accounts b ON b.id = l.bank_account_id
    LEFT JOIN bank_match_lines x ON x.line_number = l.number AND x.live = 1 LEFT JOIN bank_matches m ON m.number = x.match_number
    LEFT JOIN bank_match_withdrawals v ON v.match_number = m.number LEFT JOIN withdrawal_requests w ON w.number = v.withdrawal_number
    LEFT JOIN distribution_payments y ON y.withdrawal_request_id = w.id WHERE b.code = 'GTB' ORDER BY l.booking_date, l.number"
}

# listed QUERY: compares the last step with the shell's CSV of the same columns of the same rows.
listed() { compare sqlite3 -csv -header -cmd "PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY" prorata.db "$1"; }

proofs() {
  local hash=".sha3sum" whole="PRAGMA integrity_check" keys="PRAGMA foreign_key_check"
  step "audit verify" "$prorata" audit verify
  compare sqlite3 -readonly prorata.db "$hash"
  compare sqlite3 -readonly -list prorata.db "$(sqlite3 prorata.db "SELECT group_concat('SELECT sum(' || lengths || ') FROM ' || name, ';')
    FROM (SELECT t.name, group_concat('coalesce(length(' || c.name || '), 0)', ' + ') AS lengths
    FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' GROUP BY t.name)")"
  step "check" "$prorata" check
  compare sqlite3 -readonly prorata.db "$whole" "$keys" "$hash"
  step "backup" "$prorata" backup copy.db --as ada -q
  rm -f copy.db
  compare sqlite3 -readonly prorata.db ".backup copy.db" ".open copy.db" "$whole" "$hash"
  rm -f copy.db
}

singles() {
  # The requests of the paid quarters have the numbers before these.
  local last="E$quarters" new
  new=$(printf '%04d' $((holders * paid / 100)))
  echo; echo "single commands on this ledger"
  median "prorata --version" "$prorata" --version
  median "payment return" "$prorata" payment return P-00001% --date "$today" --reason "account closed" --as chi -q
  median "withdrawal request" "$prorata" withdrawal request --event "$last" --holder H00000% --all --as bola -q
  median "withdrawal approve" "$prorata" withdrawal approve "W-$new%" --as chi -q
  median "withdrawal pay" "$prorata" withdrawal pay "W-$new%" --reference "BY-HAND-%" --date "$today" --as bola -q
  median "token transfer" "$prorata" token transfer H00000% H0000099 0.01 --project P --date "$today" --as bola -q
  median "holder add" "$prorata" holder add NEW% --name New --as bola -q
  median "event create" "$prorata" event create N% --project P --type revenue --title T --amount 100 --date "$today" --as bola -q
  median "event show" "$prorata" event show E1
  median "withdrawal show" "$prorata" withdrawal show W-0000%
  median "payment show" "$prorata" payment show P-0001%0
  median "bank show" "$prorata" bank show GTB
  median "bank explain" "$prorata" bank explain L-0001%0
  median "holder show" "$prorata" holder show H00001%
  median "report portfolio --holder" "$prorata" report portfolio --holder H00001%
  median "report statement --holder" "$prorata" report statement --holder H00001%
  median "event list" "$prorata" event list
  median "status" "$prorata" status
}

echo "$(uname -m), $(nproc) processors, sqlite3 $(sqlite3 --version | cut -d' ' -f1): $holders holders, $quarters quarters, $paid of them paid"
# shellcheck disable=SC2059
printf "$columns" "" seconds cpu MB "file MB" "sqlite3 s" "cpu" times cpu
register
for quarter in $(seq "$quarters"); do quarter "$quarter"; done
for quarter in $(seq "$paid"); do paid "$quarter"; done
reports
proofs
singles
step "audit verify after them" "$prorata" audit verify
alone
step "check after them" "$prorata" check
alone
