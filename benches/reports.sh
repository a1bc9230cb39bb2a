#!/usr/bin/env bash
# Times the reports on a ledger with a million allocations in ten events, next to the sqlite3 shell doing the same aggregate or
# dump in the same run.
#
#   cargo build --release && benches/reports.sh [ALLOCATIONS]      (default 1000000; needs sqlite3 and GNU time)
#
# Seconds are wall clock, the median of 5 runs; memory is the peak of the process. Single reports are the median of 21 runs.
set -euo pipefail

# Returns the hash of the pending withdrawals of an event, as a dry run prints it.
reviewed() {
  "$prorata" withdrawal approve --event "$1" --all --dry-run --as chi -f csv 2>&1 >/dev/null | sed -n 's/.*: hash //p'
}

allocations=${1:-1000000}
holders=$((allocations / 10))
prorata=${PRORATA:-$(cd "$(dirname "$0")/.." && pwd)/target/release/prorata}
time=$(type -P time) || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
type -P sqlite3 >/dev/null || { echo "sqlite3 is missing: apt-get install sqlite3" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

row() { printf '%-62s %9s %9s %s\n' "$@"; }

# measure NAME COMMAND...: five runs; leaves the median seconds in $seconds.
measure() {
  local name=$1 kilobytes
  shift
  for _ in 1 2 3 4 5; do
    "$time" -a -o cost -f '%e %M' "$@" >out 2>err || { cat err >&2; exit 1; }
  done
  seconds=$(sort -n cost | sed -n 3p | cut -d' ' -f1)
  kilobytes=$(cut -d' ' -f2 cost | sort -n | tail -n 1)
  rm cost
  row "$name" "$seconds s" "$((kilobytes / 1024)) MB" ""
}

# compare NAME: prints the ratio of the last two measurements, of prorata first.
compare() {
  row "$1, times the sqlite3 shell" "$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.2f", a / b }')" "" ""
}

# median NAME COMMAND...: the median milliseconds of 21 runs.
median() {
  local name=$1 start end
  shift
  for _ in $(seq 21); do
    start=$(date +%s%N)
    "$@" >out 2>err || { cat err >&2; exit 1; }
    end=$(date +%s%N)
    echo $(((end - start) / 10000))
  done | sort -n | sed -n 11p | sed 's/..$/.&/' >middle
  row "$name" "$(cat middle) ms" "" ""
}

row "$(uname -m), $(nproc) processors, sqlite3 $(sqlite3 --version | cut -d' ' -f1)" time memory ""

awk -v n="$holders" 'BEGIN { print "code,name,bank_name,account_number"; for (i = 1; i <= n; i++) printf "H%07d,Holder %d,GTBank,%010d\n", i, i, i }' >holders.csv
awk -v n="$holders" 'BEGIN { print "holder,tokens"; for (i = 1; i <= n; i++) printf "H%07d,%d.%07d\n", i, (i * 7919) % 1000003 + 1, (i * 104729) % 10000000 }' >register.csv
"$prorata" init --user ada -q >/dev/null
"$prorata" user add bola --role operator --as ada -q >/dev/null
"$prorata" user add chi --role approver --as ada -q >/dev/null
"$prorata" project add P --name P --as bola -q >/dev/null
"$prorata" nav set P 5000000000 --date 2023-12-31 --as bola -q >/dev/null
"$prorata" holder import holders.csv --as bola -q >/dev/null
"$prorata" token import register.csv --project P --date 2024-01-01 --as bola -q >/dev/null
for event in 0 1 2 3 4 5 6 7 8 9; do
  day=202$((4 + event / 4))-$(printf %02d $((event % 4 * 3 + 1)))-15
  "$prorata" event create "E$event" --project P --type revenue --title T --amount 10099305$event.36 --date "$day" --as bola -q >/dev/null
  "$prorata" event calculate "E$event" --as bola -q >/dev/null
  "$prorata" event approve "E$event" --as chi -q >/dev/null
done
"$prorata" withdrawal request --event E0 --all-holders --as bola -q >/dev/null
"$prorata" withdrawal approve --event E0 --all --hash "$(reviewed E0)" --as chi -q >/dev/null
awk -v n="$holders" 'BEGIN { print "withdrawal,reference,date"; for (i = 1; i <= n; i += 2) printf "W-%06d,R-%d,2024-01-1%d\n", i, i, i % 4 + 6 }' >paid.csv
"$prorata" withdrawal pay --from paid.csv --yes --as bola -q >/dev/null
printf 'the ledger file: %d MB\n' $(($(stat -c %s prorata.db) / 1048576))

echo; echo "$allocations allocations in ten events, $holders requests, half of them paid"
measure "report balances -f csv" "$prorata" report balances -f csv
ours=$seconds
measure "sqlite3: sums of the allocations by holder, in order of code" sqlite3 -csv -header prorata.db \
  "SELECT h.code, h.name, e.currency, decimal_sum(a.allocated_amount), decimal_sum(a.withdrawn_amount), decimal_sum(a.pending_amount),
   decimal_sum(a.available_amount) FROM distribution_allocations a JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
   JOIN distribution_events e ON e.id = a.distribution_event_id WHERE e.status IN ('active', 'completed')
   GROUP BY h.code COLLATE BINARY, e.currency ORDER BY h.code COLLATE BINARY"
compare "report balances" "$ours" "$seconds"

dump="SELECT a.id, e.code, h.code, h.name, a.lp_tokens_held, a.ownership_percentage, a.allocated_amount, a.withdrawn_amount,
  a.pending_amount, a.available_amount, a.status FROM distribution_allocations a JOIN distribution_events e
  ON e.id = a.distribution_event_id JOIN lp_token_holders h ON h.id = a.lp_token_holder_id"
measure "report allocations E5 -f csv" "$prorata" report allocations E5 -f csv
ours=$seconds
measure "sqlite3: the same rows, in order of code" sqlite3 -csv -header prorata.db "$dump WHERE e.code = 'E5' ORDER BY h.code COLLATE BINARY"
compare "report allocations" "$ours" "$seconds"

all_events() { for event in 0 1 2 3 4 5 6 7 8 9; do "$prorata" report allocations "E$event" -f csv; done; }
export -f all_events
export prorata
measure "report allocations of all ten events, one after the other" bash -c all_events
ours=$seconds
measure "sqlite3: the same rows, in order of event and code" sqlite3 -csv -header prorata.db "$dump ORDER BY e.code, h.code COLLATE BINARY"
compare "report allocations of all" "$ours" "$seconds"

measure "report analytics -f json" "$prorata" report analytics -f json
ours=$seconds
measure "sqlite3: the same sums, by holder for the concentration, and days" sqlite3 -json prorata.db \
  "SELECT currency, count(*), decimal_sum(total_amount), decimal_sum(total_withdrawn) FROM distribution_events
   WHERE status IN ('active', 'completed') GROUP BY currency" \
  "SELECT h.code, h.name, decimal_sum(a.allocated_amount) AS sum FROM distribution_allocations a
   JOIN lp_token_holders h ON h.id = a.lp_token_holder_id GROUP BY a.lp_token_holder_id ORDER BY CAST(sum AS REAL) DESC LIMIT 10" \
  "SELECT distribution_event_id, count(*) FROM distribution_allocations WHERE allocated_amount <> withdrawn_amount GROUP BY 1" \
  "SELECT avg(julianday(payment_date) - julianday(substr(approved_at, 1, 10))) FROM withdrawal_requests WHERE status = 'paid'"
compare "report analytics" "$ours" "$seconds"

measure "report history -f csv" "$prorata" report history -f csv
measure "report balances -o balances.xlsx" "$prorata" report balances -o balances.xlsx --force
measure "report balances --as-of, wound back from the requests" "$prorata" report balances -f csv --as-of "$(date -u +%F)"
measure "report analytics --as-of" "$prorata" report analytics -f json --as-of "$(date -u +%F)"
if type -P faketime >/dev/null; then
  month=$(date -u +%Y-%m)
  measure "report month-end" faketime -f +40d bash -c "rm -rf month && \"$prorata\" report month-end $month -o month -q"
else
  echo "report month-end is not timed: faketime is missing (apt-get install faketime)"
fi
measure "report dashboard" "$prorata" report dashboard -o dashboard.html --force -q
measure "export hledger" "$prorata" export hledger
measure "export beancount" "$prorata" export beancount

echo; echo "single reports"
median "prorata --version" "$prorata" --version
median "report portfolio --holder" "$prorata" report portfolio --holder H0001234
median "report statement --holder" "$prorata" report statement --holder H0001234
median "event list" "$prorata" event list
median "status" "$prorata" status
