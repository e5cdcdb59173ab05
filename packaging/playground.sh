#!/usr/bin/env bash
# Builds the playground: the page of docs/playground, its examples, and the simulator as WebAssembly.
#
# Usage: packaging/playground.sh [DIR]     (default: target/playground)
#
# VENV_DOCTOR_PROFILE is the profile of the simulator (default: release). Needs the standard library for
# wasm32-unknown-unknown. What wasm-bindgen does is done by the installed command where its version fits, else by a small
# program with the same code. Without that standard library, nothing is built, and the script ends with code 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=${1:-$PWD/target/playground}
profile=${VENV_DOCTOR_PROFILE:-release}
target=wasm32-unknown-unknown
# Shared with the other builds: what runs on this machine is compiled once.
export CARGO_TARGET_DIR=$PWD/target
playground=(--locked --manifest-path playground/Cargo.toml)

if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
  echo "skipped: there is no standard library for $target (rustup target add $target)"
  exit 3
fi

# Some distributions have the linker under the name of its project only.
host=$(rustc -vV | sed -n 's/^host: //p')
if [ ! -x "$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld" ] && ! command -v rust-lld >/dev/null && command -v wasm-ld >/dev/null; then
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
fi

cargo build "${playground[@]}" --package venv-doctor-playground --target "$target" --profile "$profile"
module=target/$target/$profile/venv_doctor_playground.wasm

if [ -e "$directory" ] && [ ! -e "$directory/simulator.js" ]; then
  echo "error: $directory exists and is no playground" >&2
  exit 2
fi
# It takes its place when it is complete.
stage=target/playground-stage
rm -rf "$stage"
mkdir -p "$stage/examples"
wanted=$(sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' playground/Cargo.toml)
if [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $wanted" ]; then
  wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section \
    --out-name simulator --out-dir "$stage" "$module"
else
  cargo run --quiet "${playground[@]}" --package venv-doctor-bindgen -- "$module" "$stage"
fi

cp docs/playground/*.html docs/playground/*.css docs/playground/*.js "$stage"
cp docs/playground/examples/*.json "$stage/examples"
# The other examples are situations that the tests judge as well.
while read -r name; do
  cp "fixtures/$name/snapshot.json" "$stage/examples/$name.json"
done < <(sed -n 's/.*"fixture": "\([a-z0-9.-]*\)".*/\1/p' docs/playground/examples/list.json)
rm -rf "$directory"
mkdir -p "$(dirname "$directory")"
mv "$stage" "$directory"

echo "built: $directory"
wc -c "$directory"/simulator_bg.wasm | sed 's/ .*/ bytes of WebAssembly/'
gzip -9 -c "$directory"/simulator_bg.wasm | wc -c | sed 's/$/ bytes, compressed/'
