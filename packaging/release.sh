#!/usr/bin/env bash
# Builds everything of a release that this machine can build, with checksums, and says what it cannot.
#
# Usage: packaging/release.sh [DIR]     (default: target/release-files)
#
# Needs Rust and Python 3. maturin builds the packages; it is installed into an environment below target/ where it is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

files=${1:-$PWD/target/release-files}
profile=${VENV_DOCTOR_PROFILE:-release}
missing=()

step() { printf '\n== %s\n' "$*"; }

rm -rf "$files"
mkdir -p "$files"
python3 packaging/third_party.py --check

step "program"
cargo build --locked --profile "$profile"
program=target/$profile/venv-doctor
version=$("$program" --version | cut -d' ' -f2)
target=$(rustc -vV | sed -n 's/^host: //p')
stage=target/venv-doctor-$version-$target
rm -rf "$stage"
mkdir -p "$stage/completions" "$stage/man"
cp "$program" "target/$profile/pyvenv-doctor" README.md CHANGELOG.md LICENSE-* THIRD-PARTY.md "$stage"
"$program" man --output "$stage/man"
for shell in bash zsh fish powershell elvish; do
  "$program" completions "$shell" >"$stage/completions/venv-doctor.$shell"
done
tar -C target -czf "$files/${stage##*/}.tar.gz" "${stage##*/}"

step "Python packages"
maturin=$(command -v maturin || true)
if [ -z "$maturin" ]; then
  if python3 -m venv target/maturin && target/maturin/bin/python -m pip install --quiet 'maturin>=1.9,<2'; then
    maturin=target/maturin/bin/maturin
  else
    missing+=("wheel and source distribution: maturin cannot be installed")
  fi
fi
if [ -n "$maturin" ]; then
  "$maturin" build --locked --profile "$profile" --out "$files"
  "$maturin" sdist --out "$files"
fi

step "crate"
# What is not committed is no part of a release; a dirty tree is refused by cargo itself.
if cargo package --locked --no-verify --target-dir target/crate; then
  cp target/crate/package/*.crate "$files"
else
  missing+=("crate: cargo package refused")
fi

step "website with the playground"
if VENV_DOCTOR_PROFILE=$profile packaging/playground.sh && packaging/website.py; then
  tar -C target/website -czf "$files/venv-doctor-website-$version.tar.gz" site
else
  missing+=("website with the playground: see above")
fi

step "bill of materials"
if cargo cyclonedx --version >/dev/null 2>&1; then
  cargo cyclonedx --format json --override-filename venv-doctor.cdx
  mv venv-doctor.cdx.json "$files"
else
  missing+=("bill of materials of the program: cargo-cyclonedx is not installed; the wheel contains one of its own")
fi

step "other targets"
for other in x86_64-unknown-linux-musl aarch64-unknown-linux-gnu x86_64-pc-windows-msvc x86_64-apple-darwin aarch64-apple-darwin; do
  [ "$other" = "$target" ] || missing+=("$other: built on a machine of its own")
done

(cd "$files" && sha256sum -- * >SHA256SUMS)
step "built"
ls -l "$files"
step "not built"
printf '%s\n' "${missing[@]}"
