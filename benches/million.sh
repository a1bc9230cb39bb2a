#!/usr/bin/env bash
# Times the loop on a ledger with many holders, next to the sqlite3 shell writing the same rows in the same run.
#
#   cargo build --release && benches/million.sh [HOLDERS]      (default 1000000; needs sqlite3 and GNU time)
#
# Seconds are wall clock, memory is the peak of the process. Single commands are the median of 21 runs.
set -euo pipefail

# Returns the hash of the pending withdrawals of an event, as a dry run prints it.
reviewed() {
  "$prorata" withdrawal approve --event "$1" --all --dry-run --as chi -f csv 2>&1 >/dev/null | sed -n 's/.*: hash //p'
}

holders=${1:-1000000}
prorata=${PRORATA:-$(cd "$(dirname "$0")/.." && pwd)/target/release/prorata}
time=$(type -P time) || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
type -P sqlite3 >/dev/null || { echo "sqlite3 is missing: apt-get install sqlite3" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

row() { printf '%-58s %9s %9s %s\n' "$@"; }

# measure NAME COMMAND...: one run; leaves its seconds in $seconds.
measure() {
  local name=$1
  shift
  "$time" -o cost -f '%e %M' "$@" >out 2>err || { cat err >&2; exit 1; }
  read -r seconds kilobytes <cost
  row "$name" "$seconds s" "$((kilobytes / 1024)) MB" "${note:-}"
  note=
}

# median COMMAND...: the median milliseconds of 21 runs; `%` in the command counts the runs.
median() {
  local run start end
  for run in $(seq -w 1 21); do
    start=$(date +%s%N)
    "${@//%/$run}" >out 2>err || { cat err >&2; exit 1; }
    end=$(date +%s%N)
    echo $(((end - start) / 10000))
  done | sort -n | sed -n 11p | sed 's/..$/.&/'
}

prepare() {
  "$prorata" init --user ada -q >/dev/null
  "$prorata" user add bola --role operator --as ada -q >/dev/null
  "$prorata" user add chi --role approver --as ada -q >/dev/null
  "$prorata" project add P --name P --as bola -q >/dev/null
}

files() {
  awk -v n="$1" 'BEGIN { print "code,name,bank_name,account_number"; for (i = 1; i <= n; i++) printf "H%07d,Holder %d,GTBank,%010d\n", i, i, i }' >holders.csv
  awk -v n="$1" 'BEGIN { print "holder,tokens"; for (i = 1; i <= n; i++) printf "H%07d,%d.%07d\n", i, (i * 7919) % 1000003 + 1, (i * 104729) % 10000000 }' >register.csv
}

loop() {
  measure "holder import" "$prorata" holder import holders.csv --as bola -f csv
  measure "token import" "$prorata" token import register.csv --project P --date 2026-01-01 --as bola -f csv
  "$prorata" event create E --project P --type revenue --title T --amount 100993054.36 --date 2026-03-31 --as bola -q >/dev/null
  cp prorata.db draft.db
  measure "event calculate" "$prorata" event calculate E --as bola -f csv
}

row "$(uname -m), $(nproc) processors, sqlite3 $(sqlite3 --version | cut -d' ' -f1)" time memory ""

echo; echo "a tenth: $((holders / 10)) holders"
files $((holders / 10)); prepare; loop
rm -f prorata.db draft.db

echo; echo "$holders holders"
files "$holders"; prepare; loop
calculated=$seconds

sqlite3 plain.db "ATTACH 'prorata.db' AS l; CREATE TABLE plain AS SELECT * FROM l.distribution_allocations ORDER BY number"
measure "sqlite3: INSERT … SELECT of the same allocations" \
  sqlite3 draft.db "ATTACH 'plain.db' AS p; INSERT INTO distribution_allocations SELECT * FROM p.plain"
row "event calculate, times the sqlite3 shell" "$(awk -v a="$calculated" -v b="$seconds" 'BEGIN { printf "%.2f", a / b }')" "" ""
rm -f plain.db draft.db

measure "event approve (calculates again and compares)" "$prorata" event approve E --as chi -f csv
cp prorata.db active.db
measure "withdrawal request --all-holders" "$prorata" withdrawal request --event E --all-holders --as bola -f csv
measure "withdrawal approve --event E --all" "$prorata" withdrawal approve --event E --all --hash "$(reviewed E)" --as chi -f csv
measure "withdrawal list -f csv" "$prorata" withdrawal list -f csv
measure "event allocations -f csv" "$prorata" event allocations E -f csv
measure "event list" "$prorata" event list
measure "status" "$prorata" status
measure "export hledger" "$prorata" export hledger -o books.journal
rm -f books.journal
measure "audit verify" "$prorata" audit verify
measure "check" "$prorata" check
ls -l prorata.db | awk '{ printf "the ledger file: %d MB\n", $5 / 1048576 }'
mv active.db prorata.db

echo; echo "single commands, milliseconds, on this ledger and on an empty one"
big_request=$(median "$prorata" withdrawal request --event E --holder H00000% --all --as bola -q)
big_approve=$(median "$prorata" withdrawal approve W-% --as chi -q)
mkdir empty && cd empty
files 30; prepare
"$prorata" holder import holders.csv --as bola -q >/dev/null
"$prorata" token import register.csv --project P --date 2026-01-01 --as bola -q >/dev/null
"$prorata" event create E --project P --type revenue --title T --amount 100993054.36 --date 2026-03-31 --as bola -q >/dev/null
"$prorata" event calculate E --as bola -q >/dev/null
"$prorata" event approve E --as chi -q >/dev/null
row "withdrawal request" "$big_request" "$(median "$prorata" withdrawal request --event E --holder H00000% --all --as bola -q)" ""
row "withdrawal approve" "$big_approve" "$(median "$prorata" withdrawal approve W-% --as chi -q)" ""
row "prorata --version" "$(median "$prorata" --version)" "" ""
