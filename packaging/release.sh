#!/usr/bin/env bash
# Builds everything of a release that this machine can build, with checksums, and says what it cannot.
#
# Usage: packaging/release.sh [DIR]     (default: target/release-files)
#
# Needs Rust and Python 3. For programs that start as fast as they can: `rustup target add x86_64-unknown-linux-musl` (or that
# of the machine) and `rustup component add llvm-tools`; where several Pythons are on PATH, all of their starts count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

files=${1:-$PWD/target/release-files}
profile=${VENV_DOCTOR_PROFILE:-release}
missing=()

step() { printf '\n== %s\n' "$*"; }

rm -rf "$files"
mkdir -p "$files"
python3 packaging/third_party.py --check

host=$(rustc -vV | sed -n 's/^host: //p')
has_library() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }
# The variable that gives cargo a setting for one target.
variable_of() { echo "CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$1")_$2"; } # TARGET SETTING
flags_of() { variable_of "$1" RUSTFLAGS; }

# What takes the least time to start: linked statically to a fixed address, a program has nothing to load and to relocate.
# The C library of musl also asks the processor for no features, which takes long in a virtual machine.
target=$host
case $host in
  *-linux-gnu) export "$(flags_of "$host")=-C target-feature=+crt-static -C relocation-model=static" ;;
esac
fastest=${host/-linux-gnu/-linux-musl}
if has_library "$fastest"; then
  target=$fastest
else
  missing+=("$fastest, which starts fastest: its standard library is not installed (rustup target add $fastest)")
fi
for musl in x86_64-unknown-linux-musl aarch64-unknown-linux-musl; do
  export "$(flags_of $musl)=-C relocation-model=static"
done

# Puts the programs of a target into an archive, with what belongs to them.
archive() { # TARGET ENDING
  local stage=target/venv-doctor-$version-$1
  rm -rf "$stage"
  mkdir -p "$stage/completions" "$stage/man"
  cp "target/$1/$profile/venv-doctor$2" "target/$1/$profile/pyvenv-doctor$2" README.md CHANGELOG.md LICENSE-* THIRD-PARTY.md "$stage"
  "$program" man --output "$stage/man"
  for shell in bash zsh fish powershell elvish; do
    "$program" completions "$shell" >"$stage/completions/venv-doctor.$shell"
  done
  tar -C target -czf "$files/${stage##*/}.tar.gz" "${stage##*/}"
}

step "profile"
fixed=$(flags_of "$target")
if placed=$(packaging/profile.sh "$target" "${!fixed-}"); then
  export "$fixed=${!fixed-} $placed"
else
  missing+=("a program whose code is placed by use: see above")
fi

step "program"
cargo build --locked --profile "$profile" --target "$target"
program=target/$target/$profile/venv-doctor
version=$("$program" --version | cut -d' ' -f2)
archive "$target" ""

step "Python packages"
if maturin=$(packaging/maturin.sh); then
  # A program without a dynamic loader runs with every C library.
  case $target in
    *-linux-musl) tags=(--compatibility manylinux_2_17 musllinux_1_2) ;;
    *) tags=() ;;
  esac
  "$maturin" build --locked --profile "$profile" --target "$target" "${tags[@]}" --out "$files"
  "$maturin" sdist --out "$files"
else
  missing+=("wheel and source distribution: maturin cannot be installed")
fi

step "crate"
# What is not committed is no part of a release; a dirty tree is refused by cargo itself.
if cargo package --locked --no-verify --target-dir target/crate; then
  cp target/crate/package/*.crate "$files"
else
  missing+=("crate: cargo package refused")
fi

step "website with the playground"
# Programs that only build something else are linked as usual.
if env -u "$(flags_of "$host")" VENV_DOCTOR_PROFILE="$profile" packaging/playground.sh && packaging/website.py; then
  tar -C target/website -czf "$files/venv-doctor-website-$version.tar.gz" site
else
  missing+=("website with the playground: see above")
fi

step "bill of materials"
if cyclonedx=$(env -u "$(flags_of "$host")" packaging/cyclonedx.sh); then
  "$cyclonedx" cyclonedx --quiet --format json --target all --override-filename venv-doctor.cdx
  # Where it was built is nobody's business.
  sed "s|path+file://$PWD#|#|g; s|?download_url=file://[.]||g" venv-doctor.cdx.json >"$files/venv-doctor.cdx.json"
  rm venv-doctor.cdx.json
else
  missing+=("bill of materials of the program: cargo-cyclonedx cannot be installed; the wheel contains one of its own")
fi

# The linker of a target, where this machine can have one.
linker() {
  case $1 in
    "$host" | x86_64-unknown-linux-musl) echo cc ;;
    aarch64-unknown-linux-musl) echo rust-lld ;;
    aarch64-unknown-linux-gnu) echo aarch64-linux-gnu-gcc ;;
    x86_64-pc-windows-gnu) echo x86_64-w64-mingw32-gcc ;;
    *) echo none ;;
  esac
}

step "other targets"
others=("$host" x86_64-unknown-linux-musl aarch64-unknown-linux-musl aarch64-unknown-linux-gnu x86_64-pc-windows-gnu x86_64-apple-darwin aarch64-apple-darwin)
for other in "${others[@]}"; do
  linker=$(linker "$other")
  ending=$([[ $other == *windows* ]] && echo .exe || true)
  if [ "$other" = "$target" ]; then
    continue
  elif ! has_library "$other"; then
    missing+=("$other: its standard library is not installed (rustup target add $other)")
  elif [ "$linker" = none ]; then
    missing+=("$other: it is built on a machine of its own")
  elif [ "$linker" != rust-lld ] && ! command -v "$linker" >/dev/null; then
    missing+=("$other: its linker $linker is not installed")
  elif env "$(variable_of "$other" LINKER)=$linker" cargo build --locked --profile "$profile" --bins --target "$other"; then
    archive "$other" "$ending"
  else
    missing+=("$other: see above")
  fi
done

(cd "$files" && sha256sum -- * >SHA256SUMS)
step "built"
ls -l "$files"
step "not built"
printf '%s\n' "${missing[@]}"
