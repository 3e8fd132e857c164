import type { FileHandle } from 'node:fs/promises';
import { encodePlace, PLACE_BYTES, type RecordPlace } from './evidence-format.js';

/** Records of one session come one by one among those of all others; this many bytes of them wait to be written together. */
const MAX_WAITING_BYTES = 4 << 20;

interface Run {
    /** Number of the first place of the run within the file. */
    begin: number;
    places: Buffer[];
}

/** Places of records in the order in which they come, into a file in which those of a session are beside each other. */
export class PlaceScatter {
    readonly #handle: FileHandle;
    readonly #runs = new Map<string, Run>();
    #waitingBytes = 0;

    constructor(handle: FileHandle) {
        this.#handle = handle;
    }

    /** The next place of the session, `index` within the file. */
    async add(session: string, index: number, place: RecordPlace): Promise<void> {
        const run = this.#runs.get(session);
        if (run === undefined) this.#runs.set(session, { begin: index, places: [encodePlace(place)] });
        else run.places.push(encodePlace(place));
        this.#waitingBytes += PLACE_BYTES;
        if (this.#waitingBytes >= MAX_WAITING_BYTES) await this.flush();
    }

    async flush(): Promise<void> {
        for (const { begin, places } of this.#runs.values()) {
            const bytes = Buffer.concat(places);
            await this.#handle.write(bytes, 0, bytes.length, begin * PLACE_BYTES);
        }
        this.#runs.clear();
        this.#waitingBytes = 0;
    }
}
