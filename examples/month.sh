#!/bin/sh
# Walks one month at the bank: 40 payments go out, the statement comes in, and each line and payment is accounted for.
#
#   sh examples/month.sh                   builds the program first, where that is needed
#   PRORATA=/path/to/prorata sh examples/month.sh
#   sh examples/month.sh FOLDER            keeps all that it makes in FOLDER, which must not be there yet
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
export PRORATA

if [ "$#" -gt 0 ]; then
    mkdir -- "$1"
    folder=$1
else
    folder=$(mktemp -d)
    trap 'rm -rf -- "$folder"' EXIT
fi
trap 'exit 1' HUP INT TERM
cp -- "$here"/month-end/* "$folder"
cd -- "$folder"

# The program reads these from the environment; the walk sets none of them but the last two.
unset PRORATA_LEDGER PRORATA_AS
export PRORATA_NO_INPUT=1 NO_COLOR=1

# Says something to the reader.
say() {
    printf '\n# %s\n' "$@"
}

# Shows a command as it is typed.
show() {
    printf '\n$'
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
    show prorata "$@"
    "$PRORATA" "$@" 2>&1
}

# Shows a command and runs it; of what it answers, only what it says, not the record.
brief() {
    show prorata "$@"
    { "$PRORATA" "$@" > /dev/null; } 2>&1
}

# Shows and runs a command that must end with the exit code that is given first.
ends() {
    wanted=$1
    shift
    code=0
    if [ "$1" = month-end.sh ]; then
        show sh "$@"
        (shift && sh "$here/month-end.sh" "$@") 2>&1 || code=$?
    else
        show prorata "$@"
        "$PRORATA" "$@" 2>&1 || code=$?
    fi
    printf '(exit code %s)\n' "$code"
    if [ "$code" -ne "$wanted" ]; then
        printf 'the example expected exit code %s\n' "$wanted" >&2
        exit 1
    fi
}

# Shows only the first lines of what a command prints.
first() {
    lines=$1
    shift
    show prorata "$@"
    "$PRORATA" "$@" --quiet > shown.txt
    sed "${lines}q" shown.txt
    printf '...\n'
    rm -f shown.txt
}

# Reads the first field of this name from the JSON of a command.
field() {
    name=$1
    shift
    "$PRORATA" "$@" --format json | sed -n "s/.*\"$name\": *\"\([^\"]*\)\".*/\1/p" | sed 1q
}

# Fills in what a template leaves open. The day is the program's, not the shell's, which may be in another time zone.
day=
fill() {
    sed "s/@TODAY@/$day/g; s/@YYMMDD@/$(printf '%s' "$day" | sed 's/^..//; s/-//g')/g" "$1.in" > "$1"
}

say '1. The ledger, its people, the project and the account that pays. Then 40 holders and their tokens.'
brief init --user amaka --name 'Amaka Obi'
brief user add bola --role operator --name 'Bola Sanni' --as amaka
brief user add chidi --role approver --name 'Chidi Nwosu' --as amaka
brief project add IKOYI --name 'Ikoyi Heights' --currency NGN --as bola
brief bank add RENT --bank-name GTBank --bank-code 058 --account-number 0017488362 --project IKOYI --as bola
brief holder import holders.csv --as bola
brief token import register.csv --project IKOYI --as bola

say '2. The distribution, approved by a second person; requests for everybody, approved by a second person too.'
brief event create IKOYI-2026-Q1 --project IKOYI --type revenue --title 'Rent, first quarter of 2026' \
    --amount 50000000 --date 2026-03-31 --as bola
brief event calculate IKOYI-2026-Q1 --as bola
brief event approve IKOYI-2026-Q1 --as chidi
first 6 withdrawal request --event IKOYI-2026-Q1 --all-holders --as bola
first 6 withdrawal approve --event IKOYI-2026-Q1 --all --expect 40:50000000.00 --as chidi
day=$(field approved_at withdrawal show W-000001 | cut -c 1-10)

say '3. Four were paid one by one on the internet banking and are recorded by hand, with the session ids of the bank.' \
    'One of them is a mistake: the transfer to kalu was never sent. The statement will tell.'
fill by-hand.csv
brief withdrawal pay --from by-hand.csv --yes --as bola

say '4. The other 36 go to the bank in one payment file. Each has a reference of ours, which the bank repeats.'
brief payment file create --account RENT --event IKOYI-2026-Q1 --profile generic --as bola
run payment file export F-000001 --output to-the-bank.csv --as bola
first 22 payment file show F-000001
say 'From now on they are reserved for the bank: nobody can cancel one or put it into a second file.'
ends 1 withdrawal cancel W-000001 --as bola

say '5. The month is over. The bank sends its statement; its references are those of the file.'
"$PRORATA" payment file show F-000001 --format csv > references.csv
year=${day%%-*}
month=${day#*-}
month=${month%-*}
name=$(printf 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec' | cut -d ' ' -f "${month#0}")
yymmdd=$(printf '%s' "$day" | sed 's/^..//; s/-//g')
awk -v date="${day##*-}-$name-$year" -v yymmdd="$yymmdd" -f statement.awk references.csv statement.csv.in > statement.csv
show sed '4,13!d' statement.csv
sed '4,13!d' statement.csv

say '6. The job of the month end. It imports the statement, reconciles, writes the reports, and lists what is left.'
export PRORATA_LEDGER=prorata.db PRORATA_AS=bola
MONTH=$year-$month
export MONTH
ends 3 month-end.sh RENT reports statement.csv
say 'Every line and every payment is in one class. The files list what needs a person, with the reason.'
run report reconciliation --account RENT

say '7. One after the other. First a proposal: the evidence is good, and a person confirms it.'
run bank explain L-000080 --quiet
brief bank confirm L-000080
brief bank confirm L-000104
say 'The bank sends no more than 10 million at once, so trustfund got two transfers. They are confirmed as a group.'
brief bank confirm L-000148

say 'Two people called A. Obi, the same amount: the program does not guess. The bank says which transfer went to whom.'
run bank explain L-000120 --quiet
brief withdrawal pay W-000032 --reference "GTB${yymmdd}4520" --date "$day" --yes
brief withdrawal pay W-000033 --reference "GTB${yymmdd}4524" --date "$day" --yes
brief bank match L-000120 P-000037
brief bank match L-000124 P-000038

say 'umeh was paid twice. One transfer is recorded as the payment, and the bank is asked to return the other.'
brief withdrawal pay W-000040 --reference "GTB${yymmdd}4556" --date "$day" --yes
brief bank match L-000156 P-000039
brief bank resolve L-000160 --kind other --reason 'Second transfer to umeh; the bank was asked to reverse it, case 88121'

say 'The bank took its fee from the payment to ekwueme. The rest is available to ekwueme again.'
run bank explain L-000067 --quiet
brief withdrawal pay W-000017 --reference "GTB${yymmdd}4467" --date "$day" --amount 534946.25 --yes
brief bank match L-000067 P-000040

say 'The transfer to kalu was never sent. The payment that was recorded by mistake is returned and can be requested again. A second person says so.'
brief payment return P-000003 --date "$day" --reason 'Recorded by mistake: the bank never got this transfer' --as chidi

say 'The other lines have nothing to do with payments.'
brief bank resolve L-000001 --kind funding --reason 'Rent collected, from the collection account'
brief bank resolve L-000165 --kind other --reason 'Diesel for the generator, by card'
say 'The maintenance fee of the month has no fixed amount and belongs to no transfer: words alone prove no fee.'
brief bank resolve L-000166 --kind fee --reason 'Account maintenance of the month'
brief bank resolve L-000167 --kind fee --reason 'Value added tax on the account maintenance'

say '8. The job again, as cron would run it the next morning. Nothing is left.'
ends 0 month-end.sh RENT reports statement.csv
run report reconciliation --account RENT
say 'Once more: nothing changes, neither in the ledger nor among the reports.'
head=$(field hash audit head)
ends 0 month-end.sh RENT reports statement.csv
[ "$(field hash audit head)" = "$head" ] || exit 1

say '9. Proof of the ledger and its trail. What is pending is money that came back and is to be paid again.'
run check
run audit verify --head "$head"
run event show IKOYI-2026-Q1 --quiet

say 'Done.'
