#!/bin/sh
# Walks a dividend from the proceeds to the tax office: fee and costs, tokens of the treasury, withholding tax with certificates,
# a holder below the minimum, the remittance and its line on the bank; then the next quarter, which pays what was carried forward.
#
#   sh examples/dividend.sh                builds the program first, if needed
#   PRORATA=/path/to/prorata sh examples/dividend.sh
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
cp -- "$here"/dividend/*.csv "$folder"
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

# Shows a command and runs it; of what it answers, only what it says, not the record.
brief() {
    show "$@"
    { "$PRORATA" "$@" > /dev/null; } 2>&1
}

# Shows and runs a command that must end with the exit code that is given first.
ends() {
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

# Reads the first field of this name from the JSON of a command.
field() {
    name=$1
    shift
    "$PRORATA" "$@" --format json | sed -n "s/.*\"$name\": *\"\([^\"]*\)\".*/\1/p" | sed 1q
}

# Writes a bank statement from lines of `reference,debit,text`, with the balance after each.
statement() {
    printf 'Account Number,0017488362\nOpening Balance,%s\n' "$1"
    printf 'Trans Date,Value Date,Reference,Debit,Credit,Balance,Narration\n'
    awk -F , -v day="$day" -v opening="$1" '
        # Amounts are added up in kobo, as whole numbers.
        function kobo(text) { sub(/\./, "", text); return text + 0 }
        function naira(amount) { return sprintf("%.0f.%02.0f", (amount - amount % 100) / 100, amount % 100) }
        NR == 1 { balance = kobo(opening) }
        { balance -= kobo($2); printf "%s,%s,%s,%s,,%s,%s\n", day, day, $1, $2, naira(balance), $3 }'
}

say '1. The ledger, its people, the project and the account that pays. What tax is withheld is a profile: data, with its sources.' \
    'The minimum is what a holder must be owed before anything is paid.'
brief init --user amaka --name 'Amaka Obi'
brief user add bola --role operator --name 'Bola Sanni' --as amaka
brief user add chidi --role approver --name 'Chidi Nwosu' --as amaka
brief project add WHARF --name 'Lekki Wharf' --currency NGN --as bola
run tax profile show ng-2026
brief project set WHARF --tax-profile ng-2026 --minimum-payout 5000 --as bola
brief bank add OPS --bank-name GTBank --bank-code 058 --account-number 0017488362 --project WHARF --as bola

say '2. Holders with what their tax depends on, and the register.'
brief holder import holders.csv --as bola
brief token import register.csv --project WHARF --as bola
say 'The tokens of the treasury take no part: what they would get is shared by the others.'
brief project exclude treasury --project WHARF --policy redistribute --reason treasury --from 2026-01-01 --as bola

say '3. Two certificates lower the tax of their holders. Each has no effect until a second person approves it.'
brief tax certificate add harbour --kind exemption --reference 'PFA/2026/0117' --from 2026-01-01 --until 2026-12-31 --as bola
brief tax certificate add tan --kind treaty --rate 7.5 --country SG --reference 'IRAS COR 2026-4471' --from 2026-01-01 --until 2026-12-31 --as bola
brief tax certificate approve X-000001 --as chidi
brief tax certificate approve X-000002 --as chidi

say '4. The declaration begins with the proceeds. A fee of 2 % and costs come off before anything is shared.'
brief event create WHARF-2026-Q1 --project WHARF --type dividend --title 'Dividend, first quarter of 2026' \
    --gross 13500000 --date 2026-04-15 --record-date 2026-03-31 --as bola
brief event deduct WHARF-2026-Q1 --kind fee --name 'management fee' --percent 2 --of gross --as bola
brief event deduct WHARF-2026-Q1 --kind expense --name audit --amount 228500 --as bola
run event calculate WHARF-2026-Q1 --as bola
run event allocations WHARF-2026-Q1 --all
say 'How the amount of one holder comes about, from the proceeds to what is paid.'
run event explain WHARF-2026-Q1 tan

say '5. A second person approves. What eze is owed is below the minimum: it is carried forward, not lost.'
run event approve WHARF-2026-Q1 --as chidi
run forward list --project WHARF

say '6. The net amounts are requested, approved and paid with one payment file. The authority is never in it.'
payable=$(field total_available event show WHARF-2026-Q1)
brief withdrawal request --event WHARF-2026-Q1 --all-holders --as bola
brief withdrawal approve --event WHARF-2026-Q1 --all --expect "4:$payable" --as chidi
day=$(field approved_at withdrawal show W-000001 | cut -c 1-10)
brief payment file create --account OPS --event WHARF-2026-Q1 --profile generic --as bola
brief payment file export F-000001 --output to-the-bank.csv --as bola

say '7. The tax: what is due to whom, the schedule for the portal, and the remittances. Their reference is new in the ledger.'
run tax due
period=$(field period tax due)
run report tax-schedule --authority NRS --period "$period" --layout ng-wht --format csv
ends 1 tax remit --authority NRS --period "$period" --reference RRR-2204-1177 --date "$day" --amount 400000 --as bola
brief tax remit --authority NRS --period "$period" --reference RRR-2204-1177 --date "$day" --as bola
brief tax remit --authority SIRS-LA --period "$period" --reference LIRS-88120 --date "$day" --as bola

say '8. The statement of the bank. Payments are matched by their references; that a remittance left the account is only proposed.' \
    'Who recorded it does not confirm it: somebody else looks at the receipt.'
{
    "$PRORATA" payment file show F-000001 --format csv | awk -F , 'NR > 1 { print $2 "," $7 ",NIP TRF " $2 }'
    printf 'RRR-2204-1177,%s,REMITA RRR-2204-1177\n' "$(field amount tax remittance show T-000001)"
    printf 'LIRS-88120,%s,LAGOS IRS LIRS-88120\n' "$(field amount tax remittance show T-000002)"
} > lines.csv
statement 20000000.00 < lines.csv > statement.csv
brief bank import OPS statement.csv --as bola
ends 3 bank reconcile OPS --as bola
ends 1 bank confirm L-000005 --as bola
brief bank confirm L-000005 --as chidi
brief bank confirm L-000006 --as chidi
ends 0 bank reconcile OPS --as bola
run tax due
run tax remittance list

say '9. The next quarter: eze is owed enough now, and is paid what was carried forward with it.'
brief event create WHARF-2026-Q2 --project WHARF --type dividend --title 'Dividend, second quarter of 2026' \
    --gross 13500000 --date 2026-06-30 --as bola
brief event deduct WHARF-2026-Q2 --kind fee --name 'management fee' --percent 2 --of gross --as bola
brief event deduct WHARF-2026-Q2 --kind expense --name audit --amount 228500 --as bola
brief event calculate WHARF-2026-Q2 --as bola
brief event approve WHARF-2026-Q2 --as chidi
run event explain WHARF-2026-Q2 eze
run report statement --holder eze

say '10. Proof: every sum is derived again from its sources, and the books of the accountant balance.'
run report tax-year "${period%-*}"
run check
run export hledger --output wharf.journal

say 'Done.'
