#!/usr/bin/env bash
# The long versions of all suites: each call, each cell, each state, ten times the steps, and the fuzzing of every target.
# On two processors the suites take an hour, and the fuzzing as long as the argument says. What was counted goes into
# the table of docs/testing.md.
#
#   tests/long.sh [SECONDS]        seconds of fuzzing per target (default 600; needs cargo-fuzz and a nightly toolchain)
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}

PRORATA_TEST_LONG=1 cargo test --profile long --locked --workspace

if cargo +nightly fuzz --version >/dev/null 2>&1; then
    for target in $(cargo +nightly fuzz list); do
        echo "fuzzing $target for $seconds s"
        mkdir -p "fuzz/corpus/$target"
        options=(-max_total_time="$seconds" -timeout=2 -rss_limit_mb=2048 -max_len=65536)
        [[ ! -f fuzz/dictionaries/$target.dict ]] || options+=(-dict="fuzz/dictionaries/$target.dict")
        cargo +nightly fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- "${options[@]}"
    done
else
    echo "skipped: fuzzing needs \`cargo install cargo-fuzz\` and \`rustup toolchain install nightly\`"
fi

tests/figures.sh
