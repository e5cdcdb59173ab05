#!/usr/bin/env bash
# Prepares a Debian root directory with the newest Pythons, for VENV_DOCTOR_ROOT of the tests.
#
# Usage: tests/debian-root.sh DIR
#
# Where that is not possible (no root, no network, not a Debian) it says so and succeeds: the tests then skip these
# interpreters, and say so too.
set -uo pipefail

packages=python3.13,python3.13-venv,python3.14,python3.14-venv,python3.15,python3.15-venv,pypy3,strace

skip() {
    echo "skipped: $*"
    exit 0
}

directory=${1:?usage: debian-root.sh DIR}

# Nothing of the machine is mounted inside: the directory lies below target/, and who removes that would remove the
# machine's own devices with it. mmdebstrap makes plain nodes as root, and neither Python nor strace needs /proc.

[ "$(id -u)" = 0 ] || skip "a root directory can be entered by root only"
if chroot "$directory" python3.15 -c pass 2>/dev/null; then
    echo "ready: $directory"
    exit 0
fi
[ ! -e "$directory" ] || [ -z "$(ls -A "$directory")" ] || skip "$directory exists and is something else"
if ! command -v mmdebstrap >/dev/null; then
    command -v apt-get >/dev/null || skip "neither mmdebstrap nor apt-get"
    apt-get update >/dev/null || skip "the package lists cannot be fetched"
    apt-get install --yes --no-install-recommends mmdebstrap >/dev/null || skip "mmdebstrap cannot be installed"
fi
# Without a mirror on the command line, mmdebstrap takes that of the distribution.
mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$packages" testing "$directory" ||
    skip "mmdebstrap failed"
echo "ready: $directory"
