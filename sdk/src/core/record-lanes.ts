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
import {
    COMMITMENT_HEADER_BYTES,
    COMMITMENT_PREFIX,
    commitField,
    FIELD_SALT_BYTES,
    RECORD_DOMAIN,
} from './record-commitment.js';

/** More than a log may list. */
export const MAX_LANE_FIELDS = 96;
const BLOCK_BYTES = 64;
/** Of a value's length in its header: the other three bytes of it are zero. */
const LENGTH_AT = 19;
/** What one block holds with its header, its end and its length. */
const MAX_LANE_VALUE_BYTES = 32;
const INNER_PAD = 0x3636_3636;
const PADS_DIFFERENCE = 0x6a6a_6a6a;
const END_WORD = 0x8000_0000;
const NONE = -1;

const EPOCH_INNER = LANES_FREE_AT;
const EPOCH_OUTER = EPOCH_INNER + LANES_STATE_BYTES;
const RECORD_INNER = EPOCH_OUTER + LANES_STATE_BYTES;
const RECORD_OUTER = RECORD_INNER + LANES_STATE_BYTES;
const DIGEST = RECORD_OUTER + LANES_STATE_BYTES;
/** Domain and number of a record. */
const MESSAGE = DIGEST + LANES_STATE_BYTES;
/** An inner digest and what follows it in HMAC's last block. */
const OUTER = MESSAGE + LANES_BLOCK_BYTES;
/** A key with its pad; later the fields of a record. */
const WORDS = OUTER + LANES_BLOCK_BYTES;
const SCHEDULES = WORDS + LANES_BLOCK_BYTES;
const DIGESTS = SCHEDULES + MAX_LANE_FIELDS * LANES_SCHEDULE_BYTES;
const FIELDS = DIGESTS + MAX_LANE_FIELDS * HASH_BYTES;

/**
 * Hashes records in the lanes of {@link HashLanes}: the salts of four consecutive records side by side, then four fields of one
 * record. The keys' pads, the domain and the fields' numbers are hashed or expanded once for all.
 */
export class RecordLanes {
    readonly #lanes: HashLanes;
    readonly #epochKey: Uint8Array;
    readonly #fieldIds: readonly number[];
    readonly #schedules: readonly Uint32Array[];
    readonly #digests: Uint8Array;
    /** Number of the first record whose salts are in the blocks. */
    #firstSeq = NONE;

    constructor(lanes: HashLanes, epochKey: Uint8Array, fieldIds: readonly number[]) {
        this.#lanes = lanes;
        this.#epochKey = epochKey;
        this.#fieldIds = fieldIds;
        this.#digests = lanes.bytes.subarray(DIGESTS, DIGESTS + fieldIds.length * HASH_BYTES);
        this.#schedules = fieldIds.map((fieldId) => {
            const message = ((fieldId & 255) << 24) | ((fieldId >> 8) << 16) | 0x8000;
            return expandSchedule(wordsWithLength([message], BLOCK_BYTES + 2));
        });
    }

    /** The commitments of all fields into `target`. */
    hash(seq: number, values: readonly string[], target: Uint8Array): void {
        const lanes = this.#lanes;
        const record = this.#blocksOf(seq);
        const count = this.#fieldIds.length;
        const long: number[] = [];
        for (let index = 0; index < count; index++) {
            if (!this.#write(record + index * BLOCK_BYTES, values[index] ?? '')) long.push(index);
        }
        for (let index = 0; index < count; index += LANES) {
            lanes.lace(record + index * BLOCK_BYTES, BLOCK_BYTES, WORDS);
            lanes.compress(INITIAL_STATE_AT, WORDS, DIGEST);
            lanes.unlace(DIGEST, HASH_BYTES, DIGESTS + index * HASH_BYTES);
            lanes.unlace(DIGEST + LANES_STATE_BYTES / 2, HASH_BYTES, DIGESTS + index * HASH_BYTES + HASH_BYTES / 2);
        }
        target.set(this.#digests);
        for (const index of long) {
            const salt = record + index * BLOCK_BYTES + 1;
            const fieldId = this.#fieldIds[index] as number;
            const commitment = commitField(
                lanes.bytes.subarray(salt, salt + FIELD_SALT_BYTES),
                fieldId,
                values[index] ?? '',
            );
            target.set(commitment, index * HASH_BYTES);
        }
    }

    /** The salts of all fields, one after the other. */
    salts(seq: number): Uint8Array {
        const { bytes } = this.#lanes;
        const record = this.#blocksOf(seq);
        const salts = new Uint8Array(this.#fieldIds.length * FIELD_SALT_BYTES);
        for (let index = 0; index < this.#fieldIds.length; index++) {
            const salt = record + index * BLOCK_BYTES + 1;
            salts.set(bytes.subarray(salt, salt + FIELD_SALT_BYTES), index * FIELD_SALT_BYTES);
        }
        return salts;
    }

    /** Where the record's fields are, with their salts. */
    #blocksOf(seq: number): number {
        if (this.#lanes.owner !== this) this.#claim();
        if (this.#firstSeq === NONE || seq < this.#firstSeq || seq >= this.#firstSeq + LANES) this.#derive(seq);
        return FIELDS + (seq - this.#firstSeq) * this.#fieldIds.length * BLOCK_BYTES;
    }

    /** Puts a value behind its header; false if it is not short ASCII. */
    #write(block: number, value: string): boolean {
        const { bytes } = this.#lanes;
        const length = value.length;
        if (length > MAX_LANE_VALUE_BYTES) return false;
        if (bytes[block + LENGTH_AT] !== length) this.#resize(block, length);
        const start = block + COMMITMENT_HEADER_BYTES;
        let all = 0;
        for (let index = 0; index < length; index++) {
            const code = value.charCodeAt(index);
            bytes[start + index] = code;
            all |= code;
        }
        return all < 128;
    }

    /** Ends the block after a value of so many bytes. */
    #resize(block: number, length: number): void {
        const { bytes } = this.#lanes;
        const end = block + COMMITMENT_HEADER_BYTES + length;
        bytes[block + LENGTH_AT] = length;
        bytes[end] = 0x80;
        bytes.fill(0, end + 1, block + BLOCK_BYTES);
        const bits = (COMMITMENT_HEADER_BYTES + length) * 8;
        bytes[block + BLOCK_BYTES - 2] = bits >> 8;
        bytes[block + BLOCK_BYTES - 1] = bits;
    }

    /** The salts of four records from `seq`, each in its field's block. */
    #derive(seq: number): void {
        const lanes = this.#lanes;
        const { words } = lanes;
        for (let lane = 0; lane < LANES; lane++) {
            // Numbers past 2^53 are no number of a record; their words are not read.
            words[MESSAGE / 4 + 4 * LANES + lane] = swapped((seq + lane) % 2 ** 32);
            words[MESSAGE / 4 + 5 * LANES + lane] = swapped(Math.floor((seq + lane) / 2 ** 32));
        }
        lanes.compress(EPOCH_INNER, MESSAGE, OUTER);
        lanes.compress(EPOCH_OUTER, OUTER, DIGEST);
        this.#prepareKey(DIGEST, RECORD_INNER, RECORD_OUTER);
        const count = this.#fieldIds.length;
        for (let index = 0; index < count; index++) {
            lanes.compressKnown(RECORD_INNER, SCHEDULES + index * LANES_SCHEDULE_BYTES, OUTER);
            lanes.compress(RECORD_OUTER, OUTER, DIGEST);
            lanes.unlace(DIGEST, count * BLOCK_BYTES, FIELDS + index * BLOCK_BYTES + 1);
        }
        this.#firstSeq = seq;
    }

    /** The states of HMAC after the pads of the keys whose words are at `key`. */
    #prepareKey(key: number, inner: number, outer: number): void {
        const { words } = this.#lanes;
        const half = LANES_STATE_BYTES / 4;
        for (let index = 0; index < half; index++) {
            words[WORDS / 4 + index] = (words[key / 4 + index] as number) ^ INNER_PAD;
            words[WORDS / 4 + half + index] = INNER_PAD;
        }
        this.#lanes.compress(INITIAL_STATE_AT, WORDS, inner);
        for (let index = 0; index < 2 * half; index++) {
            words[WORDS / 4 + index] = (words[WORDS / 4 + index] as number) ^ PADS_DIFFERENCE;
        }
        this.#lanes.compress(INITIAL_STATE_AT, WORDS, outer);
    }

    /** Fills the memory with what is the same for all records of the epoch. */
    #claim(): void {
        const lanes = this.#lanes;
        lanes.owner = this;
        this.#firstSeq = NONE;
        splat(lanes, DIGEST, wordsOf(this.#epochKey));
        this.#prepareKey(DIGEST, EPOCH_INNER, EPOCH_OUTER);
        const message = [...wordsOf(RECORD_DOMAIN), 0, 0, END_WORD];
        splat(lanes, MESSAGE, wordsWithLength(message, BLOCK_BYTES + RECORD_DOMAIN.length + 8));
        splat(lanes, OUTER, wordsWithLength([0, 0, 0, 0, 0, 0, 0, 0, END_WORD], BLOCK_BYTES + HASH_BYTES));
        for (const [index, schedule] of this.#schedules.entries()) {
            lanes.words.set(schedule, (SCHEDULES + index * LANES_SCHEDULE_BYTES) / 4);
        }
        const { bytes } = lanes;
        for (let index = 0; index < LANES * this.#fieldIds.length; index++) {
            const block = FIELDS + index * BLOCK_BYTES;
            const fieldId = this.#fieldIds[index % this.#fieldIds.length] as number;
            bytes.fill(0, block, block + BLOCK_BYTES);
            bytes[block] = COMMITMENT_PREFIX;
            bytes[block + 17] = fieldId;
            bytes[block + 18] = fieldId >> 8;
            this.#resize(block, 0);
        }
    }
}

const swapped = (word: number): number =>
    (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** Big-endian words. */
function wordsOf(bytes: Uint8Array): number[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(4 * index));
}

/** A last block of 16 words: these, zeros, and the length of the message in bits. */
function wordsWithLength(words: readonly number[], messageBytes: number): number[] {
    return [...words, ...Array.from({ length: 15 - words.length }, () => 0), messageBytes * 8];
}
