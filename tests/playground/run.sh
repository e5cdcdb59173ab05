#!/usr/bin/env bash
# Tests the playground: the same reports as the program's, and the page in a real browser.
#
# Usage: tests/playground/run.sh PROGRAM [DIR]     (DIR: what packaging/playground.sh built, default: target/playground)
#
# PROGRAM is a venv-doctor built from the same sources. What cannot be tested here is printed: without Node nothing is,
# without Chromium the page is not. CHROMIUM names the browser if it is not found by itself.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(realpath "${1:?usage: tests/playground/run.sh PROGRAM [DIR]}")
directory=$(realpath "${2:-$here/../../target/playground}")

skip() { echo "skipped: $*"; exit 0; }

command -v node >/dev/null || skip "the playground: there is no node"
echo "reports of WebAssembly and of the program"
node "$here/reports.mjs" "$program" "$directory" "$here/../../fixtures"

browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$browser" ] || skip "the page of the playground: there is no Chromium"
echo "the page in $browser"
node "$here/page.mjs" "$browser" "$directory"
