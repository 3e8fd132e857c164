import { sha256 } from '@noble/hashes/sha2.js';

/** Protocol 6.4: objects longer than this are receipted by parts, so that a credit smaller than the object suffices. */
export const PART_BYTES = 1024 * 1024;

export type Part = { sha256: Uint8Array; lengthBytes: number };
/** An unfinished SHA-256: of `@noble/hashes`, or of `node:crypto`, which is faster where there is one. */
export interface UnfinishedHash {
    update(chunk: Uint8Array): unknown;
    digest(): Uint8Array;
}

export interface PartHasherInput {
    partBytes?: number;
    onPart: (part: Part) => void;
    createHash?: () => UnfinishedHash;
}

/** Cuts a stream of chunks into parts and hashes each. */
export class PartHasher {
    readonly #partBytes: number;
    readonly #onPart: (part: Part) => void;
    readonly #createHash: () => UnfinishedHash;
    #hash: UnfinishedHash;
    #lengthBytes = 0;

    constructor({ partBytes = PART_BYTES, onPart, createHash = () => sha256.create() }: PartHasherInput) {
        this.#partBytes = partBytes;
        this.#onPart = onPart;
        this.#createHash = createHash;
        this.#hash = createHash();
    }

    /** Bytes of the part that is not finished. */
    get pendingBytes(): number {
        return this.#lengthBytes;
    }

    add(chunk: Uint8Array): void {
        for (let offset = 0; offset < chunk.byteLength; ) {
            const slice = chunk.subarray(offset, offset + this.#partBytes - this.#lengthBytes);
            this.#hash.update(slice);
            this.#lengthBytes += slice.byteLength;
            offset += slice.byteLength;
            if (this.#lengthBytes === this.#partBytes) this.finish();
        }
    }

    /** What is left is the last part, which may be shorter than the others. */
    finish(): void {
        if (this.#lengthBytes === 0) return;
        const part = { sha256: Uint8Array.from(this.#hash.digest()), lengthBytes: this.#lengthBytes };
        this.#hash = this.#createHash();
        this.#lengthBytes = 0;
        this.#onPart(part);
    }
}
