#!/usr/bin/env bash
# Builds the on-chain programs with the `cargo build-sbf` on PATH and writes what the SDK ships:
#   sdk/programs/{registry,market,settlement,governance}.so   sdk/programs/hashes.json   sdk/idl/*.json
# Fails on a function with too large a stack frame, of which the compiler only warns, and on a program above the limit below.
# Usage: scripts/build-programs.sh            build and write
#        SBPF_ARCH=v0 scripts/build-programs.sh   for a cluster that does not run sBPF v3 yet (docs/decisions/0005)
#        scripts/build-programs.sh --check    build and compare with what is committed; changes nothing; exit 1 on a difference
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=(registry market settlement governance)
# An account holds 10 MiB, and a program's loader needs 45 bytes of them. Ours stay far below: each megabyte is 7 SOL of rent, twice
# while an upgrade lies in its buffer, and a thousand transactions to deploy.
max_program_bytes=3000000
check=false
case ${1:-} in
'') ;;
--check) check=true ;;
*) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac
toolchain=$("$root/scripts/sbf-toolchain.sh")
export PATH="$toolchain:$PATH"
cd "$root"
node scripts/development-keypairs.mjs
work=$(mktemp -d)
idl_job=
trap '[ -z "$idl_job" ] || kill -- "-$idl_job" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work/programs" "$work/idl"
# Beside the programs, and after them in rank: each is linked as one piece by one core, and the other core is idle.
set -m
nice -n 19 scripts/generate.sh "$work/idl" >"$work/idl.log" 2>&1 &
idl_job=$!
set +m
for name in "${programs[@]}"; do
  # One at a time: built together, cargo would merge their features, and a program that another one
  # calls would lose its entrypoint.
  nice cargo build-sbf --arch "${SBPF_ARCH:-v3}" --manifest-path "programs/$name/Cargo.toml" 2>&1 | tee "$work/$name.log" >&2
  if grep -E 'Stack offset of [0-9]+ exceeded' "$work/$name.log" >&2; then
    # Built from its cache it would say nothing the next time.
    touch "programs/$name/src/lib.rs"
    echo "programs/$name: a function needs more than a stack frame's 4,096 bytes: box its large values or split it" >&2
    exit 1
  fi
  cp "target/deploy/$name.so" "$work/programs/$name.so"
  bytes=$(stat -c %s "$work/programs/$name.so")
  echo "$name: $bytes bytes of at most $max_program_bytes"
  if ((bytes > max_program_bytes)); then
    echo "programs/$name: too large: find what has grown with llvm-nm --size-sort" >&2
    exit 1
  fi
done
WORK=$work node --input-type=module --eval '
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
const { WORK } = process.env;
const hash = (name) => createHash("sha256").update(readFileSync(`${WORK}/programs/${name}.so`)).digest("hex");
const hashes = Object.fromEntries(process.argv.slice(1).map((name) => [name, hash(name)]));
writeFileSync(`${WORK}/programs/hashes.json`, `${JSON.stringify(hashes, null, 2)}\n`);
' "${programs[@]}"
wait "$idl_job" || { cat "$work/idl.log" >&2; exit 1; }
idl_job=
if $check; then
  differs=0
  for file in programs/hashes.json $(printf 'idl/%s.json ' "${programs[@]}") $(printf 'programs/%s.so ' "${programs[@]}"); do
    cmp -s "$work/$file" "sdk/$file" || { echo "sdk/$file differs from what the sources give: run scripts/build-programs.sh" >&2; differs=1; }
  done
  node sdk/generate.mjs --check || differs=1
  exit $differs
fi
mkdir -p sdk/programs sdk/idl
cp "$work"/programs/* sdk/programs/
cp "$work"/idl/* sdk/idl/
node sdk/generate.mjs
cat sdk/programs/hashes.json
