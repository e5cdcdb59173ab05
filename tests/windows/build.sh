#!/usr/bin/env bash
# Builds the program for Windows, and prints its path. Where that is not possible it says what is missing and succeeds.
#
# Usage: tests/windows/build.sh
#
# It needs the standard library for Windows (rustup target add x86_64-pc-windows-gnu) and the linker of mingw (on Debian, the
# package gcc-mingw-w64-x86-64-win32), unless CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER names another.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
target=x86_64-pc-windows-gnu

skip() {
    echo "missing: $*"
    exit 0
}

[ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] || skip "the standard library for $target"
linker=${CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER:-x86_64-w64-mingw32-gcc}
command -v "$linker" >/dev/null || skip "the linker $linker"
# Fast, and with everything checked that a build for debugging checks.
cargo build --locked --quiet --profile fuzz --target "$target" --bin venv-doctor || exit 1
echo "${CARGO_TARGET_DIR:-$PWD/target}/$target/fuzz/venv-doctor.exe"
