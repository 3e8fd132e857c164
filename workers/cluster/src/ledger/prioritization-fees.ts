import { BLOCKHASH_WINDOW_SLOTS } from '../limits.js';

interface ObservedFee {
    readonly unitPrice: bigint;
    readonly writableKeys: ReadonlySet<string>;
}

/** Unit prices paid in the last 150 slots, as `getRecentPrioritizationFees` and fee estimates are made of. */
export class PrioritizationFees {
    private readonly bySlot = new Map<bigint, ObservedFee[]>();

    observe(slot: bigint, unitPrice: bigint, writableKeys: Iterable<string>): void {
        const observed = { unitPrice, writableKeys: new Set(writableKeys) };
        const list = this.bySlot.get(slot);
        if (list === undefined) this.bySlot.set(slot, [observed]);
        else list.push(observed);
        this.forgetBefore(slot - BigInt(BLOCKHASH_WINDOW_SLOTS));
    }

    /**
     * Per slot of the window the lowest price that landed while write-locking every one of `addresses` (any transaction
     * if none is named); 0 where nothing landed.
     */
    recent(currentSlot: bigint, addresses: readonly string[]): { slot: bigint; prioritizationFee: bigint }[] {
        const fees: { slot: bigint; prioritizationFee: bigint }[] = [];
        const first = currentSlot - BigInt(BLOCKHASH_WINDOW_SLOTS) + 1n;
        for (let slot = first < 0n ? 0n : first; slot <= currentSlot; slot++) {
            const prices = this.prices(slot, (fee) => addresses.every((address) => fee.writableKeys.has(address)));
            const lowest = prices.reduce<bigint | undefined>(
                (low, price) => (low === undefined || price < low ? price : low),
                undefined,
            );
            fees.push({ slot, prioritizationFee: lowest ?? 0n });
        }
        return fees;
    }

    /** All prices of the last `slots` slots that write-locked at least one of `addresses` (any if none is named). */
    sample(currentSlot: bigint, slots: number, addresses: readonly string[]): bigint[] {
        const first = currentSlot - BigInt(slots) + 1n;
        const prices: bigint[] = [];
        for (const slot of this.bySlot.keys()) {
            if (slot < first) continue;
            const matches = (fee: ObservedFee) =>
                addresses.length === 0 || addresses.some((address) => fee.writableKeys.has(address));
            prices.push(...this.prices(slot, matches));
        }
        return prices;
    }

    private prices(slot: bigint, matches: (fee: ObservedFee) => boolean): bigint[] {
        return (this.bySlot.get(slot) ?? []).filter(matches).map((fee) => fee.unitPrice);
    }

    private forgetBefore(oldest: bigint): void {
        for (const slot of this.bySlot.keys()) {
            if (slot >= oldest) return;
            this.bySlot.delete(slot);
        }
    }
}
