#!/usr/bin/env bash
# Prepares a Debian root directory with Wine and real Pythons for Windows in it, for differential.py.
#
# Usage: tests/windows/prepare.sh DIR [ARCHIVES]
#
# Where that is not possible (no root, no network, not a Debian) it says what is missing and succeeds. ARCHIVES is a
# directory in which the archives of the Pythons are looked for first. It takes 1.5 GB.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
    echo "missing: $*"
    exit 0
}

directory=${1:?usage: prepare.sh DIR [ARCHIVES]}
archives=${2:-$directory.archives}
prefix=srv/venv-doctor/prefix

# A mount of the process's own: nothing stays mounted, so that the directory can be removed like any other.
in_root() {
    unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$directory" "$@"
}

wine() {
    in_root /usr/bin/env -i HOME="/$prefix" WINEPREFIX="/$prefix" WINEDEBUG=-all LC_ALL=C.UTF-8 PATH=/usr/bin:/bin \
        /usr/lib/wine/wine64 "$@"
}

[ "$(uname -m)" = x86_64 ] || skip "a processor that runs these Pythons"
[ "$(id -u)" = 0 ] || skip "the rights of root, which entering a root directory needs"
command -v unshare >/dev/null || skip "unshare"
if [ ! -x "$directory/usr/lib/wine/wine64" ]; then
    [ ! -e "$directory" ] || [ -z "$(ls -A "$directory")" ] || skip "an empty $directory"
    if ! command -v mmdebstrap >/dev/null; then
        command -v apt-get >/dev/null || skip "mmdebstrap and apt-get"
        apt-get update >/dev/null || skip "the package lists"
        apt-get install --yes --no-install-recommends mmdebstrap >/dev/null || skip "mmdebstrap"
    fi
    # Without a mirror on the command line, mmdebstrap takes that of the distribution.
    mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include=wine64 trixie "$directory" ||
        skip "Wine, which mmdebstrap could not install"
fi
if [ ! -d "$directory/$prefix/drive_c" ]; then
    mkdir -p "$directory/$prefix"
    wine wineboot -i >/dev/null 2>&1
    [ -d "$directory/$prefix/drive_c/windows" ] || skip "a drive, which wineboot did not make"
fi
python3 "$here/pythons.py" "$directory/$prefix/drive_c" "$archives" || skip "the Pythons"
wine 'C:\Py312\python.exe' -c pass >/dev/null 2>&1 || skip "a Wine that starts Python"
echo "ready: $directory"
