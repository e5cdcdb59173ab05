#!/usr/bin/env bash
# Builds the packages with the profile `quick`, installs each as its users do, and runs what was installed.
#
# Usage: packaging/test.sh
#
# Everything is written below target/. What cannot be had here (maturin, uv) is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$PWD/target/packages
rm -rf "$work"
mkdir -p "$work"

fail() { echo "error: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; }

# What every installed program has to do: say its version, and explain the Python of the environment.
try_program() { # DIRECTORY-OF-PROGRAMS PYTHON
  [ "$("$1/venv-doctor" --version)" = "$expected" ] || fail "$1/venv-doctor is not $expected"
  [ "$("$1/pyvenv-doctor" --version)" = "$expected" ] || fail "$1/pyvenv-doctor is not $expected"
  "$1/venv-doctor" explain "$2" --format json | python3 -c 'import json, sys; assert json.load(sys.stdin)["outcome"]["status"] == "starts"'
}

# `python -m venv_doctor` only finds the program and starts it, with its exit code.
try_module() { # PYTHON
  [ "$("$1" -m venv_doctor --version)" = "$expected" ] || fail "$1 -m venv_doctor is not $expected"
  local code=0
  "$1" -m venv_doctor no-such-command >/dev/null 2>&1 || code=$?
  [ "$code" = 2 ] || fail "$1 -m venv_doctor ends with $code, and not with 2"
}

crate_is_whole() {
  # The tests of the package that is published are those of the library and of its documentation.
  local listed
  listed=$(cargo package --locked --list --allow-dirty)
  for needed in README.md LICENSE-MIT LICENSE-APACHE THIRD-PARTY.md src/main.rs src/alias.rs build/main.rs; do
    grep -qxF "$needed" <<<"$listed" || fail "the crate lacks $needed"
  done
}

python3 packaging/third_party.py --check
crate_is_whole

# As the README has it: of two programs, cargo has to know which is meant.
cargo run --locked --quiet -- --version

echo "cargo install --path ."
cargo install --quiet --locked --profile quick --path . --root "$work/cargo" --target-dir target
expected=$("$work/cargo/bin/venv-doctor" --version)
python3 -m venv --without-pip "$work/plain"
try_program "$work/cargo/bin" "$work/plain/bin/python"

if ! maturin=$(packaging/maturin.sh); then
  skip "the packages for Python: maturin cannot be installed"
  exit 0
fi
tools=${maturin%/*}
"$maturin" build --quiet --locked --profile quick --out "$work/dist"
"$maturin" sdist --out "$work/dist"
wheel=$(echo "$work"/dist/*.whl)
echo "source distribution, built by pip"
PATH=$tools:$PATH CARGO_TARGET_DIR=$PWD/target MATURIN_PEP517_ARGS="--profile quick --locked" \
  "$tools/python" -m pip wheel --quiet --no-build-isolation --no-deps --no-index --wheel-dir "$work/built" "$work"/dist/*.tar.gz
[ -n "$(echo "$work"/built/pyvenv_doctor-*.whl)" ] || fail "the source distribution builds no wheel"
python3 - "$wheel" <<'PYTHON'
import sys, zipfile
names = zipfile.ZipFile(sys.argv[1]).namelist()
for needed in ("LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY.md", "venv-doctor", "pyvenv-doctor", "venv_doctor/__main__.py"):
    assert any(name.endswith("/" + needed) or name == needed for name in names), (needed, names)
PYTHON

echo "wheel, installed by pip"
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --no-index "$wheel"
try_program "$work/venv/bin" "$work/venv/bin/python"
try_module "$work/venv/bin/python"

echo "wheel, installed by uv"
uv=$(command -v uv || true)
if [ -z "$uv" ] && "$tools/python" -m pip install --quiet uv; then uv=$tools/uv; fi
if [ -n "$uv" ]; then
  "$uv" venv --quiet --no-config --python "$(command -v python3)" "$work/uv"
  "$uv" pip install --quiet --no-config --no-index --python "$work/uv/bin/python" "$wheel"
  try_program "$work/uv/bin" "$work/uv/bin/python"
  try_module "$work/uv/bin/python"
  # What runs a package by its name finds a program of that name.
  told=$("$uv" tool run --quiet --no-config --no-index --find-links "$work/dist" pyvenv-doctor --version)
  [ "$told" = "$expected" ] || fail "uv tool run pyvenv-doctor says $told"
else
  skip "the wheel installed by uv: it cannot be installed"
fi

# Another place than an environment's own directory of programs: `pip install --target`.
"$work/venv/bin/python" -m pip install --quiet --no-index --target "$work/target" "$wheel"
PYTHONPATH=$work/target try_module "$(command -v python3)"
# Without the program, one line says so.
rm "$work/target/bin/venv-doctor"
code=0
told=$(HOME=$work PYTHONPATH=$work/target "$work/plain/bin/python" -m venv_doctor --version 2>&1) || code=$?
[[ $code = 2 && $told = "error: venv-doctor"*" is in none of these directories: "* ]] || fail "without the program: $code, $told"
echo "packages: built, installed and run"
