#!/usr/bin/env bash
# Prints the path of maturin, which builds the packages for Python, in an environment below target/ in which it is installed
# once. The exit code is 1 where that cannot be done.
#
# Usage: packaging/maturin.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$PWD/target/maturin
if [ ! -x "$tools/bin/maturin" ]; then
  python3 -m venv "$tools"
  "$tools/bin/python" -m pip install --quiet 'maturin>=1.9,<2'
fi
echo "$tools/bin/maturin"
