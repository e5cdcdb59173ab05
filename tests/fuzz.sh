#!/usr/bin/env bash
# Runs each fuzz target of tests/suite/fuzz, and prints the executions of each and their sum.
#
#   tests/fuzz.sh [EXECUTIONS [WORD]]     1,000,000 executions of each target whose name contains the word
#   ENGINE=libfuzzer tests/fuzz.sh …      with libFuzzer, where cargo-bolero and a nightly toolchain are installed
#
# Targets that examine a whole machine take thousands of times as long as a reader by itself; they get one execution for
# each 100. SEED chooses the inputs, and is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

executions=${1:-1000000}
word=${2:-}
seed=${SEED:-$RANDOM}
engine=${ENGINE:-random}

case $engine in
random | libfuzzer) ;;
*)
  echo "ENGINE is random or libfuzzer, not $engine" >&2
  exit 2
  ;;
esac
if [ "$engine" = libfuzzer ] && ! { cargo bolero --version && cargo +nightly --version; } >/dev/null 2>&1; then
  echo "libFuzzer needs cargo-bolero and a nightly toolchain: cargo install cargo-bolero; rustup toolchain install nightly" >&2
  exit 2
fi

echo "building"
program=$(cargo test --locked --profile fuzz --test suite --no-run --message-format=json |
  sed -n 's/.*"executable":"\([^"]*\/suite-[^"]*\)".*/\1/p' | tail -n 1)
targets=$("$program" --list fuzz:: | sed -n 's/: test$//p' | grep -F -- "$word") || {
  echo "no target has a name with $word" >&2
  exit 2
}

began=$SECONDS
sum=0
failed=0
echo "engine $engine, seed $seed"

# One target on this machine's own random choices.
random() {
  BOLERO_RANDOM_ITERATIONS=$2 VENV_DOCTOR_SEED=$seed "$program" --exact "$1" --nocapture --test-threads 1 2>&1
}

# One target with libFuzzer, from the contents that the random engine begins with.
libfuzzer() {
  local corpus=target/fuzz-corpus
  VENV_DOCTOR_CORPUS=$corpus "$program" --exact "$1" >/dev/null
  CARGO_PROFILE_FUZZ_CODEGEN_UNITS=1 cargo bolero test "$1" --engine libfuzzer --toolchain nightly --sanitizer NONE \
    --corpus-dir "$corpus/${1##*::}" --runs "$2" 2>&1
}

for target in $targets; do
  wanted=$executions
  case $target in
  *in_place* | *managers* | *snapshot_* | *redaction*) wanted=$(((executions + 99) / 100)) ;;
  esac
  if ! output=$("$engine" "$target" "$wanted"); then
    failed=$((failed + 1))
    printf '%s\nFAILED %s\n' "$output" "$target"
    continue
  fi
  if [ "$engine" = random ]; then
    grep -o '^fuzz .*' <<<"$output"
    wanted=$(sed -n 's/^fuzz [^:]*: \([0-9]*\) .*/\1/p' <<<"$output")
  else
    wanted=$(sed -n 's/^Done \([0-9]*\) runs .*/\1/p' <<<"$output" | tail -n 1)
    echo "fuzz ${target##*::}: ${wanted:=0} executions"
  fi
  sum=$((sum + wanted))
done
echo "$sum executions in $((SECONDS - began)) s, $failed targets failed"
[ "$failed" -eq 0 ]
