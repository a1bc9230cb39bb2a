#!/usr/bin/env bash
# Copies what the suites counted into the table of docs/testing.md: of each suite the figures of the last normal run and of the last
# long run, if there was one on this machine.
#
#   cargo test --locked --workspace && tests/figures.sh
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${CARGO_TARGET_DIR:-target}/tmp/figures

# A row is `| promise | suite | normal run | long run |`; the suite's name in backticks says which figures are its own.
awk -F' [|] ' -v folder="$folder" '
    function figure(kind, suite, before,   line) {
        return (getline line < (folder "/" kind "/" suite ".txt")) > 0 ? line : before
    }
    /^<!-- figures -->/ { inside = 1 }
    /^<!-- end of figures -->/ { inside = 0 }
    inside && NF == 4 && match($2, /^`[a-z-]+`$/) {
        suite = substr($2, 2, length($2) - 2)
        last = $4
        sub(/ [|]$/, "", last)
        print $1 " | " $2 " | " figure("normal", suite, $3) " | " figure("long", suite, last) " |"
        next
    }
    { print }
' docs/testing.md >"$folder.table"
mv "$folder.table" docs/testing.md
