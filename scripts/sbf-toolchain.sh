#!/usr/bin/env bash
# Prints the folder that must come first on PATH so that `cargo build-sbf` builds the committed programs.
# With Solana's own toolchain it is the folder that is first already. One made of plain LLVM moves packed fields byte by byte
# unless llc is told on its command line that the machine reads any address in one step (docs/decisions/0063): then the
# answer is a copy of that toolchain whose linker says so, kept in the user's cache.
# Usage: PATH="$(scripts/sbf-toolchain.sh):$PATH" cargo build-sbf ...
set -euo pipefail
command=$(command -v cargo-build-sbf) || {
  echo "cargo-build-sbf is not on PATH: install the Solana CLI (https://docs.anza.xyz/cli/install) and put its bin folder on PATH" >&2
  exit 1
}
bin=$(cd "$(dirname "$command")" && pwd)
flag=-mattr=+allows-misaligned-mem-access
if ! grep -qs 'llc" -march=bpfel' "$bin/sbf-ld" || grep -qs -- "$flag" "$bin/sbf-ld"; then
  echo "$bin"
  exit
fi
original=$(dirname "$bin")
stamp=$(cd "$original" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
copy=${XDG_CACHE_HOME:-$HOME/.cache}/ocm-sbf-toolchain/$stamp
if [ ! -d "$copy" ]; then
  mkdir -p "$(dirname "$copy")"
  fresh=$(mktemp -d "$copy.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  cp -R "$original/." "$fresh/"
  chmod -R u+w "$fresh"
  sed -i "s/llc\" -march=bpfel/& $flag/" "$fresh/bin/sbf-ld"
  # Moved in one step; whoever else was as quick has made the same.
  mv -T "$fresh" "$copy" 2>/dev/null || [ -d "$copy" ]
fi
echo "$copy/bin"
