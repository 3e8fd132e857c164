import { HASH_BYTES } from './hash.js';
import {
    expandSchedule,
    type HashLanes,
    INITIAL_STATE_AT,
    LANES,
    LANES_BLOCK_BYTES,
    LANES_FREE_AT,
    LANES_SCHEDULE_BYTES,
    LANES_STATE_BYTES,
    splat,
} from './hash-lanes.js';
import { RECORD_DOMAIN } from './record-commitment.js';

/** More than a log may list. */
export const MAX_LANE_FIELDS = 96;
const BLOCK_BYTES = 64;
const BLOCK_WORDS = 16;
const INNER_PAD = 0x3636_3636;
const PADS_DIFFERENCE = 0x6a6a_6a6a;
const END_WORD = 0x8000_0000;

const EPOCH_INNER = LANES_FREE_AT;
const EPOCH_OUTER = EPOCH_INNER + LANES_STATE_BYTES;
const RECORD_INNER = EPOCH_OUTER + LANES_STATE_BYTES;
const RECORD_OUTER = RECORD_INNER + LANES_STATE_BYTES;
const DIGEST = RECORD_OUTER + LANES_STATE_BYTES;
/** Domain and number of a record. */
const MESSAGE = DIGEST + LANES_STATE_BYTES;
/** An inner digest and what follows it in HMAC's last block. */
const OUTER = MESSAGE + LANES_BLOCK_BYTES;
/** A key with its pad. */
const PADDED = OUTER + LANES_BLOCK_BYTES;
const SCHEDULES = PADDED + LANES_BLOCK_BYTES;
export const SALT_LANES_END = SCHEDULES + MAX_LANE_FIELDS * LANES_SCHEDULE_BYTES;

/**
 * `deriveRecordKey` and `deriveFieldSalt` of four consecutive records side by side. The pads of the keys, the domain and the
 * numbers of the fields are hashed or expanded once for all.
 */
export class SaltLanes {
    readonly #lanes: HashLanes;
    readonly #epochKey: Uint8Array;
    readonly #schedules: readonly Uint32Array[];

    constructor(lanes: HashLanes, epochKey: Uint8Array, fieldIds: readonly number[]) {
        this.#lanes = lanes;
        this.#epochKey = epochKey;
        this.#schedules = fieldIds.map((fieldId) => {
            const message = ((fieldId & 255) << 24) | ((fieldId >> 8) << 16) | (END_WORD >>> 16);
            return expandSchedule(wordsWithLength([message], BLOCK_BYTES + 2));
        });
    }

    /** Fills the memory with what is the same for all records of the epoch. */
    claim(): void {
        const lanes = this.#lanes;
        splat(lanes, DIGEST, wordsOf(this.#epochKey));
        this.#prepareKey(DIGEST, EPOCH_INNER, EPOCH_OUTER);
        const message = [...wordsOf(RECORD_DOMAIN), 0, 0, END_WORD];
        splat(lanes, MESSAGE, wordsWithLength(message, BLOCK_BYTES + RECORD_DOMAIN.length + 8));
        const outer = [...Array.from({ length: HASH_BYTES / 4 }, () => 0), END_WORD];
        splat(lanes, OUTER, wordsWithLength(outer, BLOCK_BYTES + HASH_BYTES));
        for (const [index, schedule] of this.#schedules.entries()) {
            lanes.words.set(schedule, (SCHEDULES + index * LANES_SCHEDULE_BYTES) / 4);
        }
    }

    /** Puts the salt of field `i` of record `seq + j` at `target + i * fieldStride + j * recordStride`. */
    derive(seq: number, target: number, fieldStride: number, recordStride: number): void {
        const lanes = this.#lanes;
        const { words } = lanes;
        for (let lane = 0; lane < LANES; lane++) {
            // Past 2^53 there is no number of a record: whatever comes out there is not read.
            words[MESSAGE / 4 + 4 * LANES + lane] = swapped((seq + lane) % 2 ** 32);
            words[MESSAGE / 4 + 5 * LANES + lane] = swapped(Math.floor((seq + lane) / 2 ** 32));
        }
        lanes.compress(EPOCH_INNER, MESSAGE, OUTER);
        lanes.compress(EPOCH_OUTER, OUTER, DIGEST);
        this.#prepareKey(DIGEST, RECORD_INNER, RECORD_OUTER);
        for (let index = 0; index < this.#schedules.length; index++) {
            lanes.compressKnown(RECORD_INNER, SCHEDULES + index * LANES_SCHEDULE_BYTES, OUTER);
            lanes.compress(RECORD_OUTER, OUTER, DIGEST);
            lanes.unlace(DIGEST, recordStride, target + index * fieldStride);
        }
    }

    /** The states of HMAC after the pads of the keys whose words are at `key`. */
    #prepareKey(key: number, inner: number, outer: number): void {
        const { words } = this.#lanes;
        const half = LANES_STATE_BYTES / 4;
        for (let index = 0; index < half; index++) {
            words[PADDED / 4 + index] = (words[key / 4 + index] as number) ^ INNER_PAD;
            words[PADDED / 4 + half + index] = INNER_PAD;
        }
        this.#lanes.compress(INITIAL_STATE_AT, PADDED, inner);
        for (let index = 0; index < 2 * half; index++) {
            words[PADDED / 4 + index] = (words[PADDED / 4 + index] as number) ^ PADS_DIFFERENCE;
        }
        this.#lanes.compress(INITIAL_STATE_AT, PADDED, outer);
    }
}

/** Little-endian of what was big-endian, and the other way round. */
const swapped = (word: number): number =>
    (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** Big-endian words. */
function wordsOf(bytes: Uint8Array): number[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(4 * index));
}

/** A last block: these words, zeros, and the length of the message in bits. */
function wordsWithLength(words: readonly number[], messageBytes: number): number[] {
    return [...words, ...Array.from({ length: BLOCK_WORDS - 1 - words.length }, () => 0), messageBytes * 8];
}
