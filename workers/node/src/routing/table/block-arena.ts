const FIRST_CAPACITY = 1024;

/**
 * Blocks of a few entries each in one typed array. Blocks made since the last `publish` belong to the draft and are changed in
 * place; older ones are read by lookups, so a change copies them, and they are used again only after the next `publish`.
 */
export class BlockArena {
    /** All entries; another array after a growth, so a reader takes it anew for each lookup. */
    words: Int32Array;
    /** Generation that made the block which starts at an entry. */
    #stamps: Uint32Array;
    #generation = 1;
    #end = 0;
    /** First free block of each size; the next one stands in its first word. */
    readonly #free: Int32Array;
    /** Blocks, each with its size, that the published version still uses. */
    #retired: number[] = [];
    readonly #shift: number;

    /** @param shift words of an entry as a power of two */
    constructor(shift: number, maxBlock: number) {
        this.#shift = shift;
        this.words = new Int32Array(FIRST_CAPACITY << shift);
        this.#stamps = new Uint32Array(FIRST_CAPACITY);
        this.#free = new Int32Array(maxBlock + 1).fill(-1);
    }

    get bytes(): number {
        return this.words.byteLength + this.#stamps.byteLength;
    }

    allocate(size: number): number {
        let block = this.#free[size]!;
        if (block >= 0) {
            this.#free[size] = this.words[block << this.#shift]!;
        } else {
            block = this.#end;
            this.#end += size;
            if (this.#end > this.#stamps.length) this.#grow();
        }
        this.#stamps[block] = this.#generation;
        return block;
    }

    /** A block of the draft with the same content: the same one if the draft made it. */
    own(block: number, size: number): number {
        if (this.#stamps[block] === this.#generation) return block;
        const copy = this.allocate(size);
        this.#copy(block, copy, size);
        this.#retired.push(block, size);
        return copy;
    }

    /** A block of the draft with one entry more, of zeros. */
    insertAt(block: number, size: number, place: number): number {
        const grown = this.allocate(size + 1);
        this.#copy(block, grown, place);
        this.#copy(block + place, grown + place + 1, size - place);
        this.words.fill(0, (grown + place) << this.#shift, (grown + place + 1) << this.#shift);
        this.release(block, size);
        return grown;
    }

    /** A block of the draft with one entry less; 0 if none is left. */
    removeAt(block: number, size: number, place: number): number {
        let shrunk = 0;
        if (size > 1) {
            shrunk = this.allocate(size - 1);
            this.#copy(block, shrunk, place);
            this.#copy(block + place + 1, shrunk + place, size - place - 1);
        }
        this.release(block, size);
        return shrunk;
    }

    release(block: number, size: number): void {
        if (size === 0) return;
        if (this.#stamps[block] === this.#generation) this.#toFree(block, size);
        else this.#retired.push(block, size);
    }

    /** What the draft no longer uses is free, and what it made is read from now on. */
    publish(): void {
        const retired = this.#retired;
        for (let i = 0; i < retired.length; i += 2) this.#toFree(retired[i]!, retired[i + 1]!);
        this.#retired = [];
        this.#generation += 1;
    }

    #toFree(block: number, size: number): void {
        this.#stamps[block] = 0;
        this.words[block << this.#shift] = this.#free[size]!;
        this.#free[size] = block;
    }

    #copy(from: number, to: number, size: number): void {
        const start = from << this.#shift;
        this.words.copyWithin(to << this.#shift, start, start + (size << this.#shift));
    }

    #grow(): void {
        const capacity = 2 * this.#stamps.length;
        const words = new Int32Array(capacity << this.#shift);
        words.set(this.words);
        this.words = words;
        const stamps = new Uint32Array(capacity);
        stamps.set(this.#stamps);
        this.#stamps = stamps;
    }
}
