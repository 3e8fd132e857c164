import { createHmac } from 'node:crypto';
import { BLOCKHASH_WINDOW_SLOTS, SLOT_HASHES_LENGTH } from '../limits.js';
import { encodeBase58 } from './addresses.js';

const ENTRY_BYTES = 40;

function derive(secret: Uint8Array, purpose: 'block' | 'bank', slot: bigint): Buffer {
    return createHmac('sha256', secret).update(`${purpose}:${slot}`).digest();
}

/**
 * The hashes of every slot, past and future, as a function of one secret of the cluster.
 *
 * A restart therefore needs no record of them, and no program or client can know the hash of a slot before it comes
 * (a draw seeded from SlotHashes would be worthless otherwise).
 */
export class SlotHashChain {
    /** Blockhashes that may still be used → the slot each was made in. */
    private readonly window = new Map<string, bigint>();
    private newest: bigint | undefined;
    private newestHash = '';

    constructor(private readonly secret: Uint8Array) {}

    /** Base58 blockhash of a slot. */
    blockhash(slot: bigint): string {
        if (slot === this.newest) return this.newestHash;
        return encodeBase58(derive(this.secret, 'block', slot));
    }

    /** Makes `slot` the newest one and forgets blockhashes that fell out of the window. */
    advanceTo(slot: bigint): void {
        const oldest = slot - BigInt(BLOCKHASH_WINDOW_SLOTS);
        let next = this.newest === undefined || this.newest < oldest ? oldest : this.newest + 1n;
        for (; next <= slot; next++) {
            if (next < 0n) continue;
            this.newestHash = encodeBase58(derive(this.secret, 'block', next));
            this.window.set(this.newestHash, next);
        }
        this.newest = slot;
        for (const [hash, made] of this.window) {
            if (made >= oldest) break;
            this.window.delete(hash);
        }
    }

    /** The slot a usable blockhash was made in, or undefined if it is unknown or too old. */
    slotOf(blockhash: string): bigint | undefined {
        return this.window.get(blockhash);
    }

    /** Contents of the SlotHashes sysvar as seen inside `slot`: its 512 predecessors, newest first. */
    sysvarData(slot: bigint): Uint8Array {
        const count = slot < BigInt(SLOT_HASHES_LENGTH) ? Number(slot) : SLOT_HASHES_LENGTH;
        const data = Buffer.alloc(8 + SLOT_HASHES_LENGTH * ENTRY_BYTES);
        data.writeBigUInt64LE(BigInt(count), 0);
        for (let index = 0; index < count; index++) {
            const past = slot - 1n - BigInt(index);
            const offset = 8 + index * ENTRY_BYTES;
            data.writeBigUInt64LE(past, offset);
            this.bankHash(past).copy(data, offset + 8);
        }
        return data;
    }

    private readonly bankHashes = new Map<bigint, Buffer>();

    private bankHash(slot: bigint): Buffer {
        let hash = this.bankHashes.get(slot);
        if (hash === undefined) {
            hash = derive(this.secret, 'bank', slot);
            this.bankHashes.set(slot, hash);
            // Twice the sysvar's length, dropped oldest first: slots only move forward.
            if (this.bankHashes.size > 2 * SLOT_HASHES_LENGTH) {
                for (const key of this.bankHashes.keys()) {
                    this.bankHashes.delete(key);
                    break;
                }
            }
        }
        return hash;
    }
}
