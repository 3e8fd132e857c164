import { MarketplaceError } from './error.js';
import { assertLength, assertU64, domain, FieldReader } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';

/** Entries that the SlotHashes sysvar keeps. */
export const MAX_SLOT_HASHES = 512;
const DOMAIN = domain('OCM/seed/v1');
const HEADER_BYTES = 8;
const ENTRY_BYTES = 40;

/** One entry of the SlotHashes sysvar. */
export interface SlotHash {
    readonly slot: bigint;
    readonly hash: Uint8Array;
}

/**
 * Seed of a commitment's samples, `SHA256(dom | slotHash | commitment | root)` (protocol 6.7): the hash of a slot that nobody
 * knew when the root was committed.
 *
 * @throws MKT_CORE__FIELD_LENGTH_WRONG
 * @example const seed = computeSeed({ slotHash: found.hash, commitment: address.toBytes(), root: tree.root });
 */
export function computeSeed(input: { slotHash: Uint8Array; commitment: Uint8Array; root: Uint8Array }): Uint8Array {
    assertLength('slotHash', input.slotHash, HASH_BYTES);
    assertLength('commitment', input.commitment, HASH_BYTES);
    assertLength('root', input.root, HASH_BYTES);
    return sha256(DOMAIN, input.slotHash, input.commitment, input.root);
}

/**
 * Entries of the SlotHashes sysvar's data, newest first. The account is longer than its entries while the chain is young.
 *
 * @throws MKT_CORE__SLOT_HASHES_MALFORMED
 * @example const slotHashes = parseSlotHashes(account.data);
 */
export function parseSlotHashes(data: Uint8Array): SlotHash[] {
    const count = data.length < HEADER_BYTES ? -1n : new FieldReader(data).u64();
    if (count < 0n || count > BigInt(MAX_SLOT_HASHES) || data.length < HEADER_BYTES + Number(count) * ENTRY_BYTES) {
        throw new MarketplaceError('MKT_CORE__SLOT_HASHES_MALFORMED', { length: data.length, count });
    }
    const reader = new FieldReader(data.subarray(HEADER_BYTES));
    return Array.from({ length: Number(count) }, () => ({ slot: reader.u64(), hash: reader.bytes(HASH_BYTES) }));
}

/**
 * The first produced slot at or after a target: its own entry, or a later one whose next older entry is before the target.
 *
 * @throws MKT_CORE__SEED_SLOT_NOT_REACHED: wait. MKT_CORE__SEED_SLOT_MISSED: rearm the seed.
 * @example const { slot, hash } = findSeedSlot(parseSlotHashes(account.data), commitment.seedTargetSlot);
 */
export function findSeedSlot(slotHashes: readonly SlotHash[], targetSlot: bigint): SlotHash {
    assertU64('targetSlot', targetSlot);
    const firstBefore = slotHashes.findIndex(({ slot }) => slot < targetSlot);
    const reached = firstBefore < 0 ? slotHashes.length : firstBefore;
    const found = slotHashes[reached - 1];
    if (found === undefined) throw new MarketplaceError('MKT_CORE__SEED_SLOT_NOT_REACHED', { targetSlot });
    // Without an older entry an earlier slot may have been dropped, and whoever waits could choose among hashes.
    if (found.slot !== targetSlot && firstBefore < 0) {
        throw new MarketplaceError('MKT_CORE__SEED_SLOT_MISSED', { targetSlot, oldestSlot: found.slot });
    }
    return found;
}
