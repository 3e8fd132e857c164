const MAX_U64 = (1n << 64n) - 1n;

/** A repeatable source of chance (sfc32): the same seed gives the same walk on every machine. */
export class Random {
    private a: number;
    private b: number;
    private c: number;
    private counter = 1;

    constructor(seed: number, stream = 0) {
        this.a = seed >>> 0;
        this.b = Math.floor(seed / 2 ** 32) >>> 0;
        this.c = stream >>> 0;
        for (let round = 0; round < 15; round += 1) this.next();
    }

    /** 32 random bits. */
    next(): number {
        const sum = (this.a + this.b + this.counter) | 0;
        this.counter = (this.counter + 1) | 0;
        this.a = this.b ^ (this.b >>> 9);
        this.b = (this.c + (this.c << 3)) | 0;
        this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
        return sum >>> 0;
    }

    /** An integer from `least` to `most`, both included. */
    int(least: number, most: number): number {
        return least + (this.next() % (most - least + 1));
    }

    chance(probability: number): boolean {
        return this.next() < probability * 2 ** 32;
    }

    pick<Item>(items: readonly Item[]): Item {
        return items[this.next() % items.length] as Item;
    }

    /** A share of `most`, evenly spread. */
    upTo(most: bigint): bigint {
        if (most <= 0n) return 0n;
        const bits = (BigInt(this.next()) << 32n) | BigInt(this.next());
        return bits % (most + 1n);
    }

    /** An amount of which `most` is the limit: at it, one beside it, somewhere below, nothing, or far above. */
    amount(most: bigint): bigint {
        switch (this.int(0, 11)) {
            case 0:
                return 0n;
            case 1:
                return 1n;
            case 2:
                return most > 0n ? most - 1n : 1n;
            case 3:
                return most + 1n;
            case 4:
                return this.chance(0.2) ? MAX_U64 : most * 2n;
            case 5:
            case 6:
                return most;
            default:
                return this.upTo(most);
        }
    }
}
