import { sha256 } from '@noble/hashes/sha2.js';
import { PublicKey } from '@solana/web3.js';
import { GOVERNANCE_IDL } from '../generated/governance.js';
import { MARKET_IDL } from '../generated/market.js';
import { REGISTRY_IDL } from '../generated/registry.js';
import { SETTLEMENT_IDL } from '../generated/settlement.js';

/** The programs of the marketplace, as error messages, events and artefacts name them. */
export const PROGRAM_NAMES = ['registry', 'market', 'settlement', 'governance'] as const;

/** The name of one program of the marketplace. */
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** The IDL of each program, value names in camelCase. The files as generated from Rust are at `@ocm/sdk/idl/<name>.json`. */
export const IDLS = {
    registry: REGISTRY_IDL,
    market: MARKET_IDL,
    settlement: SETTLEMENT_IDL,
    governance: GOVERNANCE_IDL,
} as const;

/** The IDLs by program name, as types. */
export type Idls = typeof IDLS;

/** The address of each program, from its IDL. */
export const PROGRAM_IDS: Readonly<Record<ProgramName, PublicKey>> = {
    registry: new PublicKey(REGISTRY_IDL.address),
    market: new PublicKey(MARKET_IDL.address),
    settlement: new PublicKey(SETTLEMENT_IDL.address),
    governance: new PublicKey(GOVERNANCE_IDL.address),
};

/** The program behind an address, or null. */
export function findProgramName(programId: PublicKey): ProgramName | null {
    return PROGRAM_NAMES.find((name) => PROGRAM_IDS[name].equals(programId)) ?? null;
}

/**
 * The Ed25519 seed (32 bytes) of a program's development key, SHA-256("ocm/development/program/" + name).
 *
 * Anyone can derive it: it gives local clusters stable program addresses and protects nothing. A public deployment
 * declares ids of its own.
 *
 * @example
 * const programKeypair = Keypair.fromSeed(deriveDevelopmentProgramSeed('registry'));
 */
export function deriveDevelopmentProgramSeed(name: ProgramName): Uint8Array {
    return sha256(new TextEncoder().encode(`ocm/development/program/${name}`));
}
