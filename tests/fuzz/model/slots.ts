import { createHash } from 'node:crypto';
import { Pack } from '../pack.js';

/** Entries of the SlotHashes sysvar. */
const ENTRIES = 512;
const PERIOD = 11;
/** Slots of each period in which no block was produced. */
const SKIPPED = [4, 5, 6];
const MOST = 1n << 64n;

const isProduced = (slot: number) => !SKIPPED.includes(slot % PERIOD);

/** Any slot's hash: only that it differs by slot matters. */
const hashOf = (slot: number) =>
    new Pack()
        .u64((BigInt(slot) * 0x9e37_79b9_7f4a_7c15n) % MOST)
        .u64(BigInt(slot))
        .done();

/** Produced slots before `slot` that the sysvar still names, newest first. */
function visible(slot: number): number[] {
    const slots: number[] = [];
    for (let one = slot - 1; slots.length < ENTRIES && one >= 0; one -= 1) if (isProduced(one)) slots.push(one);
    return slots;
}

/** Contents of SlotHashes as a transaction in `slot` sees it. */
export function slotHashesAt(slot: number): Uint8Array {
    const data = Buffer.alloc(8 + 40 * ENTRIES);
    const slots = visible(slot);
    data.writeBigUInt64LE(BigInt(slots.length));
    for (const [place, one] of slots.entries()) {
        data.writeBigUInt64LE(BigInt(one), 8 + 40 * place);
        data.set(hashOf(one), 16 + 40 * place);
    }
    return data;
}

/** Hash of the first produced slot from the target on, as the sysvar shows it in `slot` (6.7); else why it cannot. */
export function seedHash(slot: number, target: number): Uint8Array | 'early' | 'missed' {
    let first = target;
    while (first < slot && !isProduced(first)) first += 1;
    if (first >= slot) return 'early';
    let older = target - 1;
    while (!isProduced(older)) older -= 1;
    const oldest = visible(slot).at(-1)!;
    const isSure = first === target ? first >= oldest : older >= oldest;
    return isSure ? Buffer.concat([hashOf(first), new Uint8Array(16)]) : 'missed';
}

const sha256 = (...parts: Uint8Array[]) => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
};
const domain = (name: string) => Buffer.concat([Buffer.from(name)], 16);

export const computeSeed = (slotHash: Uint8Array, commitment: string, root: Uint8Array): Uint8Array =>
    sha256(domain('OCM/seed/v1'), slotHash, new Pack().address(commitment).done(), root);

/** The byte that sample `index` asks for (6.7). */
export function sampleTarget(seed: Uint8Array, index: number, total: bigint): bigint {
    const digest = sha256(domain('OCM/sample/v1'), seed, new Pack().u16(index).done());
    return (digest.readBigUInt64LE(0) + (digest.readBigUInt64LE(8) << 64n)) % total;
}
