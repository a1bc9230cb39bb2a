#!/usr/bin/env bash
# Times what tax, exclusions and amounts carried forward cost, next to a plain event over the same register in the same run.
#
#   cargo build --release && benches/net.sh [HOLDERS]      (default 1000000; needs sqlite3 and GNU time)
#
# Two projects have the same register. The events of one are plain. The other has a profile at one rate, certificates for 3 % of its
# holders, ten standing exclusions, and a minimum payout that carries all of its first event forward. Calculations are repeated in
# turns, and the middle one counts. The certificates are made by SQL out of the first one, since only the calculation is timed.
#
# Seconds are those of the processors; memory is the peak of the process.
set -euo pipefail

holders=${1:-1000000}
prorata=${PRORATA:-$(cd "$(dirname "$0")/.." && pwd)/target/release/prorata}
time=$(type -P time) || { echo "GNU time is missing: apt-get install time" >&2; exit 2; }
type -P sqlite3 >/dev/null || { echo "sqlite3 is missing: apt-get install sqlite3" >&2; exit 2; }
unset PRORATA_LEDGER PRORATA_AS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

quiet() { "$prorata" "$@" -q >/dev/null 2>err || { cat err >&2; exit 1; }; }

# cost COMMAND...: the seconds of the processors and the memory of one run.
cost() {
  "$time" -q -o cost -f '%U %S %M' "$@" -q >/dev/null 2>err || { cat err >&2; exit 1; }
  awk '{ printf "%.2f %d\n", $1 + $2, $3 / 1024 }' cost
}

middle() { sort -n | sed -n 2p; }

# ratio NAME PLAIN NET: prints both with what the second is of the first.
ratio() {
  awk -v name="$1" -v plain="$2" -v net="$3" 'BEGIN {
    split(plain, a, " "); split(net, b, " ")
    printf "%-44s %8s s %8s s  %5.2f  %6s MB\n", name, a[1], b[1], b[1] / a[1], b[2]
  }'
}

# median COMMAND...: the median milliseconds of 21 runs.
median() {
  local start end
  for _ in {1..21}; do
    start=$(date +%s%N)
    "$@" >/dev/null 2>err || { cat err >&2; exit 1; }
    end=$(date +%s%N)
    echo $(((end - start) / 10000))
  done | sort -n | sed -n 11p | sed 's/..$/.&/'
}

awk -v n="$holders" 'BEGIN {
  print "code,name,kind,tax_residence,tax_number,bank_name,account_number"
  for (i = 1; i <= n; i++) printf "H%07d,Holder %d,company,NG,N%07d,GTBank,%010d\n", i, i, i, i
}' >holders.csv
awk -v n="$holders" 'BEGIN {
  print "holder,tokens"
  for (i = 1; i <= n; i++) printf "H%07d,%d.%07d\n", i, (i * 7919) % 1000003 + 1, (i * 104729) % 10000000
}' >register.csv
quiet init --user ada
quiet user add bola --role operator --as ada
quiet user add chi --role approver --as ada
quiet holder import holders.csv --as bola
for project in PLAIN NET; do
  quiet project add "$project" --name "$project" --as bola
  quiet token import register.csv --project "$project" --date 2026-01-01 --as bola
done
quiet project set NET --tax-profile ng-2026 --as bola
for number in 11 22 33 44 55 66 77 88 99 111; do
  quiet project exclude "$(printf 'H%07d' "$number")" --project NET --policy redistribute --reason treasury --from 2026-01-01 --as bola
done
quiet tax certificate add H0000001 --kind reduced --rate 5 --reference R --from 2026-01-01 --until 2026-12-31 --as bola
quiet tax certificate approve X-000001 --as chi
sqlite3 prorata.db "BEGIN;
  CREATE TEMP TABLE chosen AS SELECT number, id FROM lp_token_holders WHERE number > 1 AND number % 100 < 3;
  CREATE TEMP TABLE copy AS SELECT p.* FROM proposals p, chosen c WHERE p.number = 1;
  UPDATE copy SET number = rowid + 1, id = printf('%08x-0000-7000-8000-000000000001', rowid);
  INSERT INTO proposals SELECT * FROM copy;
  CREATE TEMP TABLE certificates AS SELECT t.* FROM tax_certificates t, chosen c WHERE t.number = 1;
  UPDATE certificates SET number = rowid + 1, proposal_number = rowid + 1,
    id = printf('%08x-0000-7000-8000-000000000000', rowid),
    lp_token_holder_id = (SELECT id FROM chosen WHERE chosen.rowid = certificates.rowid);
  INSERT INTO tax_certificates SELECT * FROM certificates;
  COMMIT; SELECT count(*) || ' certificates' FROM tax_certificates;"

for quarter in 1 2; do
  minimum=$((quarter == 1 ? 9000000 : 0))
  common=(--type revenue --title T --amount "${holders}000000.36" --date "2026-0$((quarter * 3))-30" --as bola)
  quiet event create "PLAIN-$quarter" --project PLAIN "${common[@]}"
  quiet event create "NET-$quarter" --project NET --minimum "$minimum" "${common[@]}"
  for _ in 1 2 3; do
    for project in PLAIN NET; do
      cost "$prorata" event calculate "$project-$quarter" --as bola >>"calculate-$project-$quarter"
    done
  done
  ratio "event calculate, event $quarter" "$(middle <"calculate-PLAIN-$quarter")" "$(middle <"calculate-NET-$quarter")"
  plain=$(cost "$prorata" event approve "PLAIN-$quarter" --as chi)
  net=$(cost "$prorata" event approve "NET-$quarter" --as chi)
  ratio "event approve, event $quarter" "$plain" "$net"
done
for report in portfolio statement; do
  printf '%-44s %8s ms\n' "report $report of one holder" "$(median "$prorata" report "$report" --holder H0000500 -q -f json)"
done
