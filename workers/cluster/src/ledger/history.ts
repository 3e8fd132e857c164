import { BLOCKHASH_WINDOW_SLOTS } from '../limits.js';
import type { ExecutedTransaction } from '../types.js';

/**
 * Transactions that landed, bounded in number, found by signature, by address and by slot.
 *
 * A transaction young enough to be sent again is kept whatever the bound: the history is also what refuses a duplicate.
 */
export class History {
    private readonly bySignature = new Map<string, ExecutedTransaction>();
    /** Oldest first; pages of signatures are read from the end. */
    private readonly byAddress = new Map<string, ExecutedTransaction[]>();
    private readonly bySlot = new Map<bigint, ExecutedTransaction[]>();
    private nextSequence = 0;

    constructor(private readonly capacity: number) {}

    /** Transactions that landed since genesis, forgotten ones included. */
    get count(): number {
        return this.nextSequence;
    }

    get(signature: string): ExecutedTransaction | undefined {
        return this.bySignature.get(signature);
    }

    inSlot(slot: bigint): readonly ExecutedTransaction[] {
        return this.bySlot.get(slot) ?? [];
    }

    slots(): IterableIterator<bigint> {
        return this.bySlot.keys();
    }

    oldestSlot(): bigint | undefined {
        return this.bySlot.keys().next().value;
    }

    /** All that mention an address, oldest first. */
    mentioning(address: string): readonly ExecutedTransaction[] {
        return this.byAddress.get(address) ?? [];
    }

    /** Those from sequence number `first` on, in order. */
    since(first: number): ExecutedTransaction[] {
        const recent: ExecutedTransaction[] = [];
        for (const transaction of this.bySignature.values())
            if (transaction.sequence >= first) recent.push(transaction);
        return recent;
    }

    add(transaction: ExecutedTransaction): void {
        const signature = transaction.signatures[0];
        if (signature === undefined) return;
        this.nextSequence = transaction.sequence + 1;
        this.bySignature.set(signature, transaction);
        for (const key of new Set(transaction.accountKeys)) append(this.byAddress, key, transaction);
        append(this.bySlot, transaction.slot, transaction);
        this.forgetOldest(transaction.slot);
    }

    private forgetOldest(currentSlot: bigint): void {
        const youngest = currentSlot - BigInt(BLOCKHASH_WINDOW_SLOTS) - 1n;
        while (this.bySignature.size > this.capacity) {
            const next = this.bySignature.entries().next().value;
            if (next === undefined || next[1].slot >= youngest) return;
            const [signature, transaction] = next;
            this.bySignature.delete(signature);
            for (const key of new Set(transaction.accountKeys)) dropFirst(this.byAddress, key);
            dropFirst(this.bySlot, transaction.slot);
        }
    }
}

function append<Key>(index: Map<Key, ExecutedTransaction[]>, key: Key, transaction: ExecutedTransaction): void {
    const list = index.get(key);
    if (list === undefined) index.set(key, [transaction]);
    else list.push(transaction);
}

/** Every list is in order of execution, so the oldest transaction of all is the first of each list it is in. */
function dropFirst<Key>(index: Map<Key, ExecutedTransaction[]>, key: Key): void {
    const list = index.get(key);
    if (list === undefined) return;
    if (list.length <= 1) index.delete(key);
    else list.shift();
}
