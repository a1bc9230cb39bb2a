#!/usr/bin/env bash
# Times the bank side: statements in, reconciliation, and commands of one row, next to the sqlite3 shell writing the same rows.
#
#   cargo build --release && benches/bank.sh [LINES] [PART...]      (default 1000000 and all parts; needs sqlite3 and GNU time)
#
# The parts are `import`, `reconcile`, `file`, `equal` and `single`. Reconciliations run with a tenth of the lines, and the
# plain one with all of them too. Seconds are wall clock, next to them those of the processor; memory is the peak of the process.
# Single commands are the median of 21 runs.
set -euo pipefail

# Returns the hash of the pending withdrawals of an event, as a dry run prints it.
reviewed() {
  "$prorata" withdrawal approve --event "$1" --all --dry-run --as chi -f csv 2>&1 >/dev/null | sed -n 's/.*: hash //p'
}

lines=${1:-1000000}
parts=${*:2}
parts=${parts:-import reconcile file equal single}
prorata=${PRORATA:-$(cd "$(dirname "$0")/.." && pwd)/target/release/prorata}
time=$(type -P time) || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
type -P sqlite3 >/dev/null || { echo "sqlite3 is missing: apt-get install sqlite3" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
today=$(date -u +%F)

row() { printf '%-62s %9s %11s %9s\n' "$@"; }

# measure NAME COMMAND...: one run; leaves its seconds in $seconds. Something left to reconcile (exit 3) is not a failure.
measure() {
  local name=$1 code=0
  shift
  "$time" -q -o cost -f '%e %U %S %M' "$@" >out 2>err || code=$?
  [[ $code == 0 || $code == 3 ]] || { cat err >&2; exit 1; }
  local user system kilobytes
  read -r seconds user system kilobytes < <(tail -1 cost)
  row "$name" "$seconds s" "$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%.2f", u + s }') s" "$((kilobytes / 1024)) MB"
}

# ratio NAME A B: how many times B is in A.
ratio() { row "$1" "$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.2f", a / b }')" "" ""; }

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

quiet() { "$@" -q >/dev/null 2>err || { cat err >&2; exit 1; }; }

prepare() {
  rm -f prorata.db
  quiet "$prorata" init --user ada
  quiet "$prorata" user add bola --role operator --as ada
  quiet "$prorata" user add chi --role approver --as ada
  quiet "$prorata" bank add GTB --bank-name GTBank --bank-code 058 --account-number 0123456785 --as ada
}

# statement FROM TO LINES: the lines FROM to TO of an account's year that has LINES of them.
statement() {
  awk -v from="$1" -v to="$2" -v all="$3" 'BEGIN {
    print "Trans Date,Value Date,Narration,Reference,Debit,Credit,Balance"
    balance = 100000000000000
    for (i = 1; i <= to; i++) {
      amount = (i * 7919) % 9999991 + 100
      credit = i % 5 == 0
      balance += credit ? amount : -amount
      if (i < from) continue
      day = int((i - 1) * 336 / all)
      date = sprintf("%02d/%02d/2025", day % 28 + 1, int(day / 28) + 1)
      printf "%s,%s,NIP TRANSFER TO HOLDER %d REF %07d/LAGOS,FT%010d,", date, date, i % 5000, (i * 104729) % 10000000, i
      printf credit ? ",%.2f,%.2f\n" : "%.2f,,%.2f\n", amount / 100, balance / 100
    }
  }'
}

# imports LINES: a statement, the floor, and a statement of which half is known.
imports() {
  echo; echo "import of $1 lines"
  statement 1 "$1" $(($1 * 3 / 2)) >first.csv
  statement $(($1 / 2 + 1)) $(($1 * 3 / 2)) $(($1 * 3 / 2)) >second.csv
  prepare
  measure "bank import" "$prorata" bank import GTB first.csv --as bola
  local own=$seconds
  sqlite3 -csv prorata.db "SELECT id, bank_account_id, statement_number, line_number, booking_date, value_date, amount, balance,
    reference, bank_id, end_to_end, description, counterparty_name, counterparty_account, reversal, kind, identity, occurrence
    FROM bank_lines ORDER BY number" >floor.csv
  cat >floor.sql <<'SQL'
CREATE TABLE plain (id TEXT NOT NULL UNIQUE, bank_account_id TEXT NOT NULL, statement_number INTEGER NOT NULL,
  line_number INTEGER NOT NULL, booking_date TEXT NOT NULL, value_date TEXT, amount TEXT NOT NULL, balance TEXT, reference TEXT,
  bank_id TEXT, end_to_end TEXT, description TEXT NOT NULL, counterparty_name TEXT, counterparty_account TEXT,
  reversal INTEGER NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL, occurrence INTEGER NOT NULL,
  UNIQUE (bank_account_id, booking_date, identity, occurrence));
.import --csv floor.csv plain
SQL
  rm -f plain.db
  measure "sqlite3: .import of the same lines, the same indexes" sqlite3 plain.db ".read floor.sql"
  ratio "bank import, times the sqlite3 shell" "$own" "$seconds"
  rm -f plain.db floor.csv
  measure "bank import, half of the lines known" "$prorata" bank import GTB second.csv --as bola
  measure "bank import, the same file again" "$prorata" bank import GTB second.csv --as bola
}

# approved LINES equal|differ: a ledger with as many approved withdrawals.
approved() {
  prepare
  quiet "$prorata" project add P --name P --as bola
  awk -v n="$1" 'BEGIN { print "code,name,bank_name,account_number"; for (i = 1; i <= n; i++) printf "H%07d,Holder %d,GTBank,%010d\n", i, i, i }' >holders.csv
  awk -v n="$1" -v equal="$2" 'BEGIN { print "holder,tokens"; for (i = 1; i <= n; i++) printf "H%07d,%d\n", i, equal == "equal" ? 1 : (i * 7919) % 1000003 + 1 }' >register.csv
  quiet "$prorata" holder import holders.csv --as bola
  quiet "$prorata" token import register.csv --project P --date 2026-01-01 --as bola
  local amount=${1}000.00
  quiet "$prorata" event create E --project P --type revenue --title T --amount "$amount" --date 2026-03-31 --as bola
  quiet "$prorata" event calculate E --as bola
  quiet "$prorata" event approve E --as chi
  quiet "$prorata" withdrawal request --event E --all-holders --as bola
  quiet "$prorata" withdrawal approve --event E --all --hash "$(reviewed E)" --as chi
}

# bank DATE REFERENCE: a statement that pays every withdrawal; both are SQL, of a withdrawal w and its payment file item i.
bank() {
  sqlite3 -csv -header prorata.db "WITH pays AS (
      SELECT w.number, $1 AS day, $2 AS reference,
             CAST(replace(w.requested_amount, '.', '') AS INTEGER) / 100000 AS kobo
      FROM withdrawal_requests w LEFT JOIN payment_file_items i ON i.withdrawal_number = w.number)
    SELECT day AS Date, day AS \"Value Date\", 'NIP TRANSFER ' || reference || ' LAGOS' AS Narration, 'S' || number AS Reference,
      printf('%d.%02d', kobo / 100, kobo % 100) AS Debit, '' AS Credit
    FROM pays ORDER BY day, number"
}

recorded_day="date('2026-04-01', '+' || (w.number % 60) || ' days')"
recorded_reference="printf('FT26%08d', w.number)"

# recorded [REFERENCE]: every withdrawal of the ledger is recorded as paid, and is on the bank statement with a reference (SQL).
recorded() {
  sqlite3 -csv -header prorata.db "SELECT printf('W-%06d', w.number) AS withdrawal, $recorded_reference AS reference,
    $recorded_day AS date FROM withdrawal_requests w ORDER BY w.number" >payments.csv
  quiet "$prorata" withdrawal pay --from payments.csv --yes --as bola
  bank "$recorded_day" "${1:-$recorded_reference}" >bank.csv
  quiet "$prorata" bank import GTB bank.csv --as bola
}

# reconcile LINES: every payment recorded, every line with its reference.
reconcile() {
  echo; echo "$1 lines, $1 recorded payments"
  approved "$1" differ
  recorded
  measure "bank reconcile" "$prorata" bank reconcile GTB --as bola
  reconciled=$seconds
  measure "bank reconcile again" "$prorata" bank reconcile GTB --as bola
}

# again NAME: a run that finds something, and one that does not.
again() {
  measure "$1" "$prorata" bank reconcile GTB --as bola
  measure "bank reconcile again" "$prorata" bank reconcile GTB --as bola
}

# recorded_by_bank LINES equal|differ: no payment recorded, every reference in one payment file.
recorded_by_bank() {
  echo; echo "$1 lines, $1 approved withdrawals in one payment file, amounts $2"
  approved "$1" "$2"
  quiet "$prorata" payment file create --account GTB --event E --profile generic --as bola
  bank "'$today'" "i.end_to_end" >bank.csv
  quiet "$prorata" bank import GTB bank.csv --as bola
  again "bank reconcile, recording the payments"
}

equal() {
  echo; echo "$1 lines, $1 recorded payments, all amounts equal"
  approved "$1" equal
  cp prorata.db approved.db
  recorded
  again "bank reconcile"
  mv approved.db prorata.db
  echo; echo "$1 lines, $1 recorded payments, all amounts equal, no references on the bank"
  recorded "'CUSTOMER'"
  again "bank reconcile"
  recorded_by_bank "$1" equal
}

# single LINES: commands of one row on a ledger with this many lines and payments, 30 of them proposed, and as many open lines.
single() {
  echo; echo "single commands, milliseconds, with $(($1 * 2)) lines and $1 payments"
  approved "$1" differ
  recorded "CASE WHEN w.number <= $1 - 30 THEN $recorded_reference ELSE 'TO ' || w.account_number END"
  statement 1 "$1" "$1" >first.csv
  quiet "$prorata" bank import GTB first.csv --as bola
  "$prorata" bank reconcile GTB -q --as bola >/dev/null || true
  proposed=($(sqlite3 prorata.db "SELECT line_number FROM bank_match_lines JOIN bank_matches m ON m.number = match_number
    WHERE matched_at IS NULL LIMIT 21"))
  show() { row "$1" "$(median "${@:2}")" "" ""; }
  show "prorata --version" "$prorata" --version
  show "bank show" "$prorata" bank show GTB
  show "bank statements" "$prorata" bank statements GTB
  show "bank confirm" eval '"$prorata" bank confirm "L-${proposed[10#% - 1]}" --as bola -q'
  show "bank resolve" "$prorata" bank resolve "L-$((($1 + 100) / 100))%" --kind other --reason found --as bola -q
  show "bank explain (a matched line)" "$prorata" bank explain L-000001
  show "payment show" "$prorata" payment show P-000001
  show "payment file list" "$prorata" payment file list
  measure "payment list -f csv" "$prorata" payment list -f csv
  measure "bank lines -f csv" "$prorata" bank lines GTB -f csv
}

row "$(uname -m), $(nproc) processors, sqlite3 $(sqlite3 --version | cut -d' ' -f1)" time processor memory
for part in $parts; do
  case $part in
    import) imports $((lines / 10)); imports "$lines" ;;
    reconcile)
      reconcile $((lines / 10)); tenth=$reconciled
      reconcile "$lines"
      ratio "ten times the lines, times the time" "$reconciled" "$tenth" ;;
    file) recorded_by_bank $((lines / 10)) differ ;;
    equal) equal $((lines / 10)) ;;
    single) single $((lines / 10)) ;;
    *) echo "no part is called $part" >&2; exit 2 ;;
  esac
done
