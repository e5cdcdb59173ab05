#!/usr/bin/env bash
# Unpacks real Mach-O files of Pythons for macOS, which some wheels carry, for the tests of `tests/suite/macho/real.rs`.
#
# Usage: tests/macos/prepare.sh DIR
#
# Each wheel is downloaded by pip and compared with the hash that is written here. What cannot be had is named, and the
# script succeeds. It takes 220 MB, most of them while it runs.
set -uo pipefail

directory=${1:?usage: prepare.sh DIR}
wheels=$directory/wheels
mkdir -p "$wheels"

# NAME VERSION PLATFORM PYTHON SHA256 FILE: where the wheel goes, and which file of it is wanted.
wheel() {
    local name=$1 project=$2 platform=$3 python=$4 sha256=$5 file=$6
    if [ -e "$directory/$name/${file##*/}" ]; then
        return
    fi
    printf '%s --hash=sha256:%s\n' "$project" "$sha256" >"$wheels/$name.txt"
    if ! python3 -m pip download --quiet --no-deps --only-binary :all: --ignore-requires-python --implementation cp \
        --platform "$platform" --python-version "$python" --abi none --abi "cp${python/./}" --require-hashes \
        --dest "$wheels/$name" --requirement "$wheels/$name.txt"; then
        echo "missing: $name, a wheel of $project that pip did not find"
        return
    fi
    mkdir -p "$directory/$name"
    python3 - "$directory/$name" "$file" "$wheels/$name"/*.whl <<'PROGRAM'
import pathlib, sys, zipfile
target, member, wheel = sys.argv[1:]
content = zipfile.ZipFile(wheel).read(member)
(pathlib.Path(target) / pathlib.PurePath(member).name).write_bytes(content)
PROGRAM
    rm -rf "${wheels:?}/$name"
}

panda=deploy_libs/libpython3.13.dylib
wheel intel 'panda3d==1.10.16' macosx_10_13_x86_64 3.13 \
    b85b0b2e0da93d622d40df83eb98d7859913f2c261842a760d988cac13a055c1 "$panda"
wheel universal 'panda3d==1.10.16' macosx_11_0_universal2 3.13 \
    69c934485f60b4f1340cd64de0b85aa9b98a7491a1d5cadae99555f8e194a414 "$panda"
traced=retracesoftware_cpython/_runtime/python.exe
wheel program-3.11 'retracesoftware-cpython==0.4.3' macosx_15_0_arm64 3.11 \
    3600283918e019f052cfc2b90f3fc6eac569e18c68862d745bb2f6ff72a14818 "$traced"
wheel program-3.12 'retracesoftware-cpython==0.4.3' macosx_15_0_arm64 3.12 \
    0216e5813d13c4366b803c726d57fc60da4bb6ce93c9ac4c8b969dec380fbcb3 "$traced"
rm -rf "${wheels:?}"
echo "ready: $directory"
