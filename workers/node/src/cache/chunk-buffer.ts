/** Bytes of a body in order of arrival, of which the first may have been let go. */
export class ChunkBuffer {
    #chunks: Buffer[] = [];
    #base = 0;
    #received = 0;

    /** Position of the first byte that is still held. */
    get base(): number {
        return this.#base;
    }
    get received(): number {
        return this.#received;
    }
    get held(): number {
        return this.#received - this.#base;
    }

    append(chunk: Buffer): void {
        this.#chunks.push(chunk);
        this.#received += chunk.length;
    }

    /** The rest of the chunk that has the byte at this position, or null if it has not arrived. */
    at(offset: number): Buffer | null {
        let start = this.#base;
        for (const chunk of this.#chunks) {
            if (offset < start + chunk.length) return chunk.subarray(offset - start);
            start += chunk.length;
        }
        return null;
    }

    /** Lets go of the chunks that end before a position. */
    freeBefore(offset: number): void {
        while (this.#chunks[0] !== undefined && this.#base + this.#chunks[0].length <= offset) {
            this.#base += this.#chunks.shift()?.length ?? 0;
        }
    }

    /** All bytes as one; held as one from now on. */
    join(): Buffer {
        const body = Buffer.concat(this.#chunks, this.held);
        this.#chunks = [body];
        return body;
    }
}
