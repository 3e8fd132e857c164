import { HASH_BYTES } from './hash.js';
import { type HashLanes, INITIAL_STATE_AT, LANES, LANES_BLOCK_BYTES, LANES_STATE_BYTES } from './hash-lanes.js';
import { COMMITMENT_HEADER_BYTES, COMMITMENT_PREFIX, commitField, FIELD_SALT_BYTES } from './record-commitment.js';
import { MAX_LANE_FIELDS, SALT_LANES_END, SaltLanes } from './record-salt-lanes.js';

const BLOCK_BYTES = 64;
/** Of a field's header: its salt, and the length of its value, whose other three bytes are zero. */
const SALT_AT = 1;
const LENGTH_AT = 19;
/** What one block holds with its header, its end and its length. */
const MAX_LANE_VALUE_BYTES = 32;
const NONE = -1;

const WORDS = SALT_LANES_END;
const DIGEST = WORDS + LANES_BLOCK_BYTES;
const DIGESTS = DIGEST + LANES_STATE_BYTES;
/** The fields of four records, a block each. */
const FIELDS = DIGESTS + MAX_LANE_FIELDS * HASH_BYTES;

/** Hashes records in the lanes of {@link HashLanes}: four fields of a record at a time, with salts that were derived before. */
export class RecordLanes {
    readonly #lanes: HashLanes;
    readonly #fieldIds: readonly number[];
    readonly #salts: SaltLanes;
    readonly #digests: Uint8Array;
    /** Number of the first record whose salts are in the blocks. */
    #firstSeq = NONE;

    constructor(lanes: HashLanes, epochKey: Uint8Array, fieldIds: readonly number[]) {
        this.#lanes = lanes;
        this.#fieldIds = fieldIds;
        this.#digests = lanes.bytes.subarray(DIGESTS, DIGESTS + fieldIds.length * HASH_BYTES);
        this.#salts = new SaltLanes(lanes, epochKey, fieldIds);
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
            const salt = record + index * BLOCK_BYTES + SALT_AT;
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
            const salt = record + index * BLOCK_BYTES + SALT_AT;
            salts.set(bytes.subarray(salt, salt + FIELD_SALT_BYTES), index * FIELD_SALT_BYTES);
        }
        return salts;
    }

    /** Where the record's fields are, with their salts. */
    #blocksOf(seq: number): number {
        if (this.#lanes.owner !== this) this.#claim();
        const record = this.#fieldIds.length * BLOCK_BYTES;
        if (this.#firstSeq === NONE || seq < this.#firstSeq || seq >= this.#firstSeq + LANES) {
            this.#salts.derive(seq, FIELDS + SALT_AT, BLOCK_BYTES, record);
            this.#firstSeq = seq;
        }
        return FIELDS + (seq - this.#firstSeq) * record;
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

    /** Fills the memory with what is the same for all records of the epoch. */
    #claim(): void {
        const { bytes } = this.#lanes;
        this.#lanes.owner = this;
        this.#firstSeq = NONE;
        this.#salts.claim();
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
