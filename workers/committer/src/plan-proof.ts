import { MAX_SLOT_HASHES } from '@ocm/sdk/core';
import type { Commitment, ContractTerms } from './ports.js';

/** Sampled by the program: all but what is paid on co-signature alone. */
export const SAMPLED_KINDS: readonly number[] = [0, 2];
/** A seed can be missed this often; then only a co-signature helps. */
export const MAX_REARMS = 3;
/** Time for two proofs for each of eight samples, with some transactions to be sent again. */
const LEAST_RESERVE_SECS = 60;

export type ProvePolicy = {
    /** `unlessCosigned` leaves the proofs' fees to be saved by a co-signature. */
    when: 'always' | 'unlessCosigned';
    /** How long after the seed a co-signature is waited for; as long as is safe when left out. */
    patienceSecs?: number | undefined;
};
export type Moment = { slot: bigint; nowSecs: number };
/** `lateSeed`: by the slots' numbers the seed may be missed; the sysvar tells. */
export type ProofStep =
    | { do: 'nothing'; why: 'notSampled' | 'done' | 'seedNotReached' | 'awaitingCosignature' | 'rearmsExhausted' }
    | { do: 'seed' }
    | { do: 'lateSeed' }
    | { do: 'prove'; missing: readonly number[] };

/** The next step that a commitment needs, from nothing but the chain's own state (protocol 6.7). */
export function planProof(
    commitment: Commitment,
    contract: Pick<ContractTerms, 'proveWindowSecs'>,
    { slot, nowSecs }: Moment,
    policy: ProvePolicy,
): ProofStep {
    if (!SAMPLED_KINDS.includes(commitment.kind)) return { do: 'nothing', why: 'notSampled' };
    if (commitment.state === 'committed') return planSeed(commitment, slot);
    if (commitment.state !== 'seeded') return { do: 'nothing', why: 'done' };
    const begun = commitment.inclusionBits !== 0;
    if (!begun && nowSecs < computeProveFrom(commitment, contract, policy))
        return { do: 'nothing', why: 'awaitingCosignature' };
    return { do: 'prove', missing: listMissing(commitment) };
}

/** Never waits for a co-signature: the hash that seeds is forgotten 512 slots later, some 3.5 minutes. */
function planSeed({ seedTargetSlot, rearms }: Commitment, slot: bigint): ProofStep {
    if (slot <= seedTargetSlot) return { do: 'nothing', why: 'seedNotReached' };
    if (slot - seedTargetSlot < BigInt(MAX_SLOT_HASHES)) return { do: 'seed' };
    // Skipped slots have no hash, so that an older one may still be known.
    if (rearms < MAX_REARMS) return { do: 'lateSeed' };
    return { do: 'nothing', why: 'rearmsExhausted' };
}

/** Cluster's unix seconds from which samples are proved. */
export function computeProveFrom(
    { seededAt }: Pick<Commitment, 'seededAt'>,
    { proveWindowSecs }: Pick<ContractTerms, 'proveWindowSecs'>,
    { when, patienceSecs }: ProvePolicy,
): number {
    if (when === 'always') return Number(seededAt);
    const reserve = Math.max(Math.ceil(proveWindowSecs / 4), Math.min(LEAST_RESERVE_SECS, proveWindowSecs / 2));
    const safe = proveWindowSecs - reserve;
    return Number(seededAt) + Math.min(patienceSecs ?? safe, safe);
}

/** Unix seconds after which anyone may fail it. */
export function computeProofDeadline(
    { seededAt }: Pick<Commitment, 'seededAt'>,
    { proveWindowSecs }: Pick<ContractTerms, 'proveWindowSecs'>,
): bigint {
    return seededAt + BigInt(proveWindowSecs);
}

function listMissing({ samples, evidenceBits }: Commitment): number[] {
    return Array.from({ length: samples }, (_, index) => index).filter((index) => (evidenceBits & (1 << index)) === 0);
}

export function isIncluded({ inclusionBits }: Pick<Commitment, 'inclusionBits'>, index: number): boolean {
    return (inclusionBits & (1 << index)) !== 0;
}
