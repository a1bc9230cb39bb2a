#!/bin/sh
# Walks one quarter end from an empty folder to a paid and verified distribution, with the real commands.
#
#   sh examples/quarter-end.sh             builds the program first, if needed
#   PRORATA=/path/to/prorata sh examples/quarter-end.sh
#
# Everything happens in a temporary folder that is removed at the end. Nothing else is touched.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
repository=$(dirname -- "$here")

if [ -z "${PRORATA:-}" ]; then
    cargo build --quiet --release --locked --manifest-path "$repository/Cargo.toml"
    PRORATA=${CARGO_TARGET_DIR:-$repository/target}/release/prorata
fi
case $PRORATA in
    /*) ;;
    */*) PRORATA=$PWD/$PRORATA ;;
esac

folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cp -- "$here"/quarter-end/*.csv "$folder"
cd -- "$folder"

# The program reads these from the environment; the example sets only the last two.
unset PRORATA_LEDGER PRORATA_AS
export PRORATA_NO_INPUT=1 NO_COLOR=1

# Says something to the reader.
say() {
    printf '\n# %s\n' "$@"
}

# Shows a command as it is typed.
show() {
    printf '\n$ prorata'
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_.,:/=@+-]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
}

# Shows a command and runs it; messages go where results go, in their order.
run() {
    show "$@"
    "$PRORATA" "$@" 2>&1
}

# Shows and runs a command that must be refused with the exit code that is given first.
refused() {
    wanted=$1
    shift
    show "$@"
    code=0
    "$PRORATA" "$@" 2>&1 || code=$?
    printf '(exit code %s)\n' "$code"
    if [ "$code" -ne "$wanted" ]; then
        printf 'the example expected exit code %s\n' "$wanted" >&2
        exit 1
    fi
}

# Reads a field of a command's JSON.
field() {
    name=$1
    shift
    "$PRORATA" "$@" --format json | sed -n "s/.*\"$name\": *\"\([^\"]*\)\".*/\1/p"
}

say '1. A new ledger: one file, and its first user, an admin. Then who works on it.'
run init --user amaka --name 'Amaka Obi'
run user add bola --role operator --name 'Bola Sanni' --as amaka
run user add chidi --role approver --name 'Chidi Nwosu' --as amaka
run user add dayo --role auditor --name 'Dayo Peters' --as amaka

say '2. The project whose rent is distributed, and its net asset value.'
run project add MARINA --name 'Marina Court Apartments' --currency NGN --as bola
run nav set MARINA 480000000 --date 2025-12-31 --as bola

say '3. The holders and the register of LP tokens, from files. A file is imported completely or not at all.'
run holder import holders.csv --as bola
run token import register.csv --project MARINA --as bola
say 'The same file again changes nothing.'
run token import register.csv --project MARINA --as bola
say 'Who held what at the end of the year. Balogun sold to Okonkwo in November.'
run token register MARINA --as-of 2025-12-31

say '4. The distribution: a draft, then the calculation over the holdings of the record date.'
run event create MARINA-2025-Q4 --project MARINA --type revenue --title 'Rent, fourth quarter of 2025' \
    --amount 12500000 --date 2026-01-15 --record-date 2025-12-31 --as bola
run event calculate MARINA-2025-Q4 --as amaka
run event allocations MARINA-2025-Q4
say 'How one of these amounts comes about, to the last kobo.'
run event explain MARINA-2025-Q4 ogunleye

say '5. Approval by a second person, of exactly this calculation. The user who calculated it may not approve it, not even an admin.'
refused 1 event approve MARINA-2025-Q4 --as amaka
hash=$(field calculation_hash event show MARINA-2025-Q4 | cut -c 1-16)
run event approve MARINA-2025-Q4 --hash "$hash" --as chidi

say '6. Requests for all holders. One has no bank details: skipped, corrected, requested.'
run withdrawal request --event MARINA-2025-Q4 --all-holders --as bola
run holder import musa.csv --update --as bola
run withdrawal request --event MARINA-2025-Q4 --holder musa --all --as bola

say '7. Approval of the requests. More than one thing at once needs a yes.'
refused 2 withdrawal approve --event MARINA-2025-Q4 --all --as chidi
run withdrawal approve --event MARINA-2025-Q4 --all --expect 8:12500000.00 --as chidi --quiet

say '8. The bank has paid: its references come from a file. The last one was paid in part only.'
run withdrawal pay --from payments.csv --yes --key q4-payments --as bola
say 'A script that lost the answer asks again with the same key: nobody is paid twice.'
run withdrawal pay --from payments.csv --yes --key q4-payments --as bola --output again.csv

say '9. One payment comes back; a second person records that. Its money is available again; a new request and approval pay it.'
run payment return P-000004 --date 2026-01-21 --reason 'Account closed' --as chidi
run holder import eze.csv --update --as bola
run holder show eze
run withdrawal request --event MARINA-2025-Q4 --holder eze --all --as bola
run withdrawal approve W-000009 --as chidi --quiet
run withdrawal pay W-000009 --reference NIP-260122-0877 --date 2026-01-22 --yes --as bola
run payment show P-000009

say '10. The rest of the partial payment. What waits, and for whom?'
run withdrawal request --event MARINA-2025-Q4 --holder musa --all --as bola
run status
run withdrawal approve W-000010 --as chidi --quiet
run withdrawal pay W-000010 --reference NIP-260123-0031 --date 2026-01-23 --yes --as bola --quiet
run event show MARINA-2025-Q4

say '11. Proof. Every sum is derived again from its sources, and the trail is verified against a head noted outside the file.'
run check
head=$(field hash audit head)
run audit verify --head "$head"
run audit log --user chidi

say '12. What became of every request, and a copy of the ledger that is verified before it takes its name.'
run withdrawal list --event MARINA-2025-Q4
run backup marina-2025-q4.db --as dayo

say '13. What is handed on: what each holder has, what one of them is sent, a page for the board, books for the accountant.'
run report balances --project MARINA
run report statement --holder musa
run report portfolio --holder musa
run report dashboard --project MARINA --output marina.html
run export hledger --output marina.journal

say 'Done.'
