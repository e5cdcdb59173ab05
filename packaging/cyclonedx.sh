#!/usr/bin/env bash
# Prints the path of cargo-cyclonedx, which writes the bill of materials: the one that is installed, or else one that is
# installed once below target/. The exit code is 1 where that cannot be done.
#
# Usage: packaging/cyclonedx.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if command -v cargo-cyclonedx; then exit; fi
tools=$PWD/target/cyclonedx
if [ ! -x "$tools/bin/cargo-cyclonedx" ]; then
  cargo install --quiet --locked --root "$tools" --target-dir target/cyclonedx-build cargo-cyclonedx >&2
fi
echo "$tools/bin/cargo-cyclonedx"
