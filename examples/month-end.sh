#!/bin/sh
# The month end: brings bank statements in, reconciles, and leaves the reports. For cron, or by hand.
#
#   PRORATA_LEDGER=/srv/prorata/ledger.db PRORATA_AS=bola MONTH=2026-06 month-end.sh ACCOUNT REPORTS [STATEMENT...]
#
# ACCOUNT is a bank account of the ledger, REPORTS a folder, each STATEMENT a file of the bank. MONTH is by default the last
# month. The reports are in REPORTS/MONTH: complete, or not there at all; earlier ones are kept as MONTH.1, MONTH.2 …
#
# Exit codes, those of prorata:
#   0   done: nothing is left to settle
#   1   refused by a rule, or a statement with bad lines; nothing was written by that step
#   2   wrong usage
#   3   done, and something is left to settle; the reports say what
#   4   the ledger, a statement or the folder cannot be used
#   5   another command held the ledger: run it again later
#   6   not known whether the last step was written: run it again
#   70  a bug
# Running it again is harmless: what is there already is not brought in again, and what is decided stays.
set -eu
umask 077
# A tab, to part the columns of the cross-check.
tab=$(printf '\t')
program=${PRORATA:-prorata}
export PRORATA_NO_INPUT=1 NO_COLOR=1

fail() {
    printf 'month-end: %s\n' "$2" >&2
    exit "$1"
}

if [ "$#" -lt 2 ] || [ -z "${PRORATA_LEDGER:-}" ] || [ -z "${PRORATA_AS:-}" ]; then
    fail 2 'usage: PRORATA_LEDGER=FILE PRORATA_AS=USER [MONTH=YYYY-MM] month-end.sh ACCOUNT REPORTS [STATEMENT...]'
fi
account=$1
reports=$2
given=$2
shift 2

# The month before this one, without the date arithmetic that not every `date` has.
last_month() {
    year=$(date -u +%Y)
    number=$(date -u +%m)
    number=$((${number#0} - 1))
    [ "$number" -gt 0 ] || { number=12 && year=$((year - 1)); }
    printf '%04d-%02d' "$year" "$number"
}
month=${MONTH:-$(last_month)}
case $month in
    [0-9][0-9][0-9][0-9]-0[1-9] | [0-9][0-9][0-9][0-9]-1[0-2]) ;;
    *) fail 2 "MONTH is not YYYY-MM: $month" ;;
esac

# Ends the job because of an exit code of a step.
stop() {
    case $1 in
        1) fail 1 "$2: refused; see above. Nothing was written by this step" ;;
        2) fail 2 "$2: wrong usage; see above" ;;
        4) fail 4 "$2: the ledger or the file cannot be used; see above" ;;
        5) fail 5 "$2: another command holds the ledger; run this again later" ;;
        6) fail 6 "$2: not known whether it was written; the disk needs a look. Then run this again" ;;
        *) fail "$1" "$2: a bug (exit code $1); report it with the messages above" ;;
    esac
}

# Runs a step that writes, and answers 0 or 3. The key makes it one step however often it is tried: after 6, when nobody knows
# whether it was written, the same command with the same key finds out.
step() {
    what=$1
    key="month-end-$month-$2"
    shift 2
    pause=${PAUSE:-5}
    tries=1
    while :; do
        code=0
        "$program" "$@" --key "$key" --wait "${WAIT:-60}" || code=$?
        case $code in
            0 | 3) return "$code" ;;
            5 | 6) [ "$tries" -lt 3 ] || stop "$code" "$what" ;;
            *) stop "$code" "$what" ;;
        esac
        tries=$((tries + 1))
        sleep "$pause"
    done
}

# Runs a step that reads.
look() {
    code=0
    "$program" "$@" --quiet --wait "${WAIT:-60}" || code=$?
    [ "$code" -eq 0 ] || stop "$code" "$1 $2"
}

# Chooses columns of a CSV by their names and parts them by tabs. `cut -d ,` would not do: a bank's text may hold a comma, and
# CSV then quotes it. What is quoted may hold a line break too, so lines are joined until the quotes are even.
columns() {
    awk -v names="$1" '
        function cells(row,    count, at, letter, quoted, text) {
            count = 0
            text = ""
            quoted = 0
            for (at = 1; at <= length(row); at++) {
                letter = substr(row, at, 1)
                if (letter == "\"") quoted = !quoted
                else if (letter == "," && !quoted) { cell[++count] = text; text = "" }
                else if (letter ~ /[\t\n]/) text = text " "
                else text = text letter
            }
            cell[++count] = text
            return count
        }
        {
            row = row == "" ? $0 : row "\n" $0
            if (gsub(/"/, "\"", row) % 2) next
            count = cells(row)
            row = ""
            if (!headed) {
                headed = 1
                for (at = 1; at <= count; at++) place[cell[at]] = at
                wanted = split(names, name, ",")
                for (at = 1; at <= wanted; at++)
                    if (!(name[at] in place)) { print "no column " name[at] > "/dev/stderr"; exit 1 }
                next
            }
            line = cell[place[name[1]]]
            for (at = 2; at <= wanted; at++) line = line "\t" cell[place[name[at]]]
            print line
        }'
}

# Reconciles once more, with `sort`, `join` and `comm` alone: the reference and the amount of each payment against those of the
# bank lines. It knows nothing of how prorata matched them: only at the end it names the line, if any, that prorata found for a
# payment whose reference the bank does not repeat, for example if one line pays a whole file. Payments from other accounts of the
# ledger are listed there too.
cross_check() {
    LC_ALL=C
    export LC_ALL
    columns reference,amount,code,status,holder,bank_line < payments.csv | awk -F '\t' '$4 != "returned"' | sort -t "$tab" -k 1,1 > paid.txt
    columns reference,amount,code < lines.csv | awk -F '\t' '$1 != ""' | sort -t "$tab" -k 1,1 > booked.txt
    cut -f 1 paid.txt | sort -u > paid-references.txt
    cut -f 1 booked.txt | sort -u > booked-references.txt
    join -t "$tab" paid.txt booked.txt > both.txt
    printf 'payments that were not sent back:        %s\n' "$(wc -l < paid.txt | tr -d ' ')"
    printf 'their references on the bank:            %s\n' "$(comm -12 paid-references.txt booked-references.txt | wc -l | tr -d ' ')"
    printf 'with the same amount:                    %s\n' "$(awk -F '\t' '$2 + $7 == 0' both.txt | wc -l | tr -d ' ')"
    printf 'with another amount, such as a part:     %s\n' "$(awk -F '\t' '$2 + $7 != 0' both.txt | wc -l | tr -d ' ')"
    printf 'payments whose reference is not there:   %s\n' "$(join -t "$tab" -v 1 paid.txt booked.txt | wc -l | tr -d ' ')"
    join -t "$tab" -v 1 paid.txt booked.txt | awk -F '\t' '{ print "  " $3 "  " $5 "  " $2 "  " ($6 == "" ? "no line" : $6) }'
    rm -f paid.txt booked.txt paid-references.txt booked-references.txt both.txt
}

# The number of the last entry of the trail that a person or a statement made. It is part of the key of the reconciliation: while
# nothing else happens, a repeat is answered with the first result; once somebody settled something, it is a new step. The first
# three columns of the trail hold neither commas nor quotes, so they can be cut at commas.
last_decision() {
    look audit log --format csv |
        awk -F , '$1 + 0 > last && $3 != "bank_reconciled" && $3 != "key_used" { last = $1 + 0 } END { print last + 0 }'
}

noted_head() {
    look audit head --format csv | tail -n 1
}

mkdir -p -- "$reports" || fail 4 "the folder $reports cannot be made"
reports=$(CDPATH='' cd -- "$reports" && pwd)
work=$(mktemp -d "$reports/.month-end.XXXXXX") || fail 4 "nothing can be written into $reports"
trap 'rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT TERM

# 1. The statements. A file that is there already says so and changes nothing.
for statement in "$@"; do
    [ -r "$statement" ] || fail 4 "$statement cannot be read"
    fingerprint=$(cksum < "$statement" | tr ' ' -)
    step "$statement" "import-$account-$fingerprint" bank import "$account" "$statement" ||
        fail 70 "$statement: unexpected exit code"
done

# 2. The reconciliation.
left=0
step "reconciling $account" "reconcile-$account-$(last_decision)" bank reconcile "$account" || left=$?

# 3. The reports, all of one state of the ledger: if somebody works in between, they are made again.
before=
while [ "$before" != "$(noted_head)" ]; do
    before=$(noted_head)
    for form in csv json html md; do
        look report reconciliation --account "$account" --output "$work/reconciliation.$form" --force
    done
    look payment list --output "$work/payments.csv" --force
    look bank lines "$account" --output "$work/lines.csv" --force
    look audit head --output "$work/head.csv" --force
done
(cd -- "$work" && cross_check > cross-check.txt)
cat -- "$work/cross-check.txt"

# 4. Into place, in one step; the ones before keep a name of their own.
place=$reports/$month
if [ -d "$place" ] && diff -r -- "$place" "$work" > /dev/null; then
    printf 'reports of %s: %s, as before\n' "$month" "$given/$month"
else
    if [ -e "$place" ]; then
        number=1
        while [ -e "$place.$number" ]; do number=$((number + 1)); done
        mv -- "$place" "$place.$number"
    fi
    mv -- "$work" "$place"
    printf 'reports of %s: %s\n' "$month" "$given/$month"
fi
[ "$left" -eq 0 ] || printf 'month-end: something is left to settle; see the reports of %s\n' "$month" >&2
exit "$left"
