#!/usr/bin/env bash
# Runs a program that counts what it executes, as users run it, and prints flags with which the compiler makes use of that:
# what every start needs comes together in the file, and takes fewer pages of memory. The exit code is 1 where that cannot
# be done.
#
# Usage: packaging/profile.sh TARGET FLAGS
#
# FLAGS are those for the compiler with which the program is built later. Needs the component llvm-tools of rustup.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$1 flags=$2
profile=${VENV_DOCTOR_PROFILE:-release}
work=$PWD/target/profiling
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
if [ ! -x "$tools/llvm-profdata" ]; then
  echo "error: the tools of LLVM are not installed (rustup component add llvm-tools)" >&2
  exit 1
fi

rm -rf "$work/counts" "$work/tree"
mkdir -p "$work/tree"
env "CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$target")_RUSTFLAGS=$flags -C profile-generate=$work/counts -C strip=none" \
  cargo build --locked --quiet --profile "$profile" --target "$target" --target-dir "$work" --bin venv-doctor
program=$work/$target/$profile/venv-doctor

# What is found may be as broken as it likes.
run() { LLVM_PROFILE_FILE=$work/counts/$kind-%m.profraw "$program" "$@" >/dev/null 2>&1 || true; }

python3 -m venv --without-pip "$work/tree/one"
python3 -m venv --without-pip --system-site-packages "$work/tree/other"
one=$work/tree/one/bin/python other=$work/tree/other/bin/python
starts=("$one" "$other" "$(command -v python3)")
# Earlier releases start in other ways: those on PATH are explained as well.
for minor in 6 7 8 9 10 11 12 13 14; do
  if "python3.$minor" -m venv --without-pip "$work/tree/3.$minor" 2>/dev/null; then
    starts+=("$work/tree/3.$minor/bin/python")
  fi
done

# A start goes through little code, everything else through much: what starts share is not to count as rare.
kind=starts
for _ in $(seq 20); do
  for python in "${starts[@]}"; do run explain "$python"; done
  run explain "$one" --json
done
kind=others
for fixture in fixtures/*/; do run explain --snapshot "$fixture/snapshot.json"; done
for format in text json; do
  run check "$one" --format "$format"
  run which json --python "$one" --format "$format"
  run scan "$work/tree" --check --format "$format"
  run diff "$one" "$other" --format "$format"
done
run fix "$one"
run --help

"$tools/llvm-profdata" merge --output "$work/starts.profdata" "$work/counts"/starts-*
"$tools/llvm-profdata" merge --output "$work/all.profdata" "$work/counts"
# The functions of a start, in no particular order: together they have a fifth of the code. Behind them, those of the
# standard library and of the C library, which come without counts (and with names of another kind).
{
  "$tools/llvm-profdata" show --all-functions --counts "$work/starts.profdata" |
    awk '/^  [^ ].*:$/ { name = $1; sub(/:$/, "", name); sub(/^.*;/, "", name) } /^    Block counts: .*[1-9]/ { print name }'
  "$tools/llvm-nm" --defined-only "$program" | awk '$2 ~ /[tT]/ && $3 !~ /^_ZN/ { print $3 }'
} >"$work/starts"

echo "-C profile-use=$work/all.profdata -C llvm-args=-enable-split-machine-functions" \
  "-C link-arg=-fuse-ld=lld -C link-arg=-B$tools/gcc-ld" \
  "-C link-arg=-Wl,--symbol-ordering-file=$work/starts -C link-arg=-Wl,--no-warn-symbol-ordering"
