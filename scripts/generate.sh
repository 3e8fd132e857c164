#!/usr/bin/env bash
# Writes sdk/idl/{registry,market,settlement,governance}.json from the programs' sources, on the host toolchain, and from them the
# SDK's sdk/src/generated. Idempotent.
# Usage: scripts/generate.sh               write
#        scripts/generate.sh OUT_DIR       write the IDL there and nothing else
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "${1:-$root/sdk/idl}"
out=$(cd "${1:-$root/sdk/idl}" && pwd)
cd "$root"
# Own target directory: the IDL build uses other compiler flags and would throw away every other build's work.
export CARGO_TARGET_DIR=$root/target/idl
unset RUSTUP_TOOLCHAIN RUSTFLAGS
# It runs once, and what it prints needs no debugger.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0
cargo build --quiet --locked --package idl-generator
idls=$("$CARGO_TARGET_DIR/debug/idl-generator" programs/registry programs/market programs/settlement programs/governance)
OUT=$out node --input-type=module --eval '
import { readFileSync, writeFileSync } from "node:fs";
const idls = JSON.parse(readFileSync(0, "utf8"));
for (const [name, idl] of Object.entries(idls)) {
  writeFileSync(`${process.env.OUT}/${name}.json`, `${JSON.stringify(idl, null, 2)}\n`);
}' <<<"$idls"
[ -n "${1:-}" ] || node sdk/generate.mjs
