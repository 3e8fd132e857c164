import { concatBytes } from './bytes.js';
import { assertLength, assertUint } from './fields.js';
import { HASH_BYTES } from './hash.js';
import { findHashLanes } from './hash-lanes.js';
import { commitField, deriveFieldSalts, deriveRecordKey } from './record-commitment.js';
import { RecordLanes } from './record-lanes.js';
import { MAX_LANE_FIELDS } from './record-salt-lanes.js';

/**
 * Salts and commitments of the records of one epoch, all with the same fields: what `deriveRecordKey`, `deriveFieldSalts` and
 * `encodeRecord` give, several hashes at a time where the platform can. Fastest for records in order.
 */
export class RecordHasher {
    readonly #epochKey: Uint8Array;
    readonly #fieldIds: readonly number[];
    readonly #lanes: RecordLanes | null;

    /** Throws MKT_CORE__FIELD_*. */
    constructor(epochKey: Uint8Array, fieldIds: readonly number[]) {
        assertLength('epochKey', epochKey, HASH_BYTES);
        for (const fieldId of fieldIds) assertUint('fieldId', fieldId, 16);
        this.#epochKey = Uint8Array.from(epochKey);
        this.#fieldIds = [...fieldIds];
        const lanes = fieldIds.length > MAX_LANE_FIELDS ? null : findHashLanes();
        this.#lanes = lanes === null ? null : new RecordLanes(lanes, this.#epochKey, this.#fieldIds);
    }

    /**
     * `record_data` of the values in the order of the fields, as `encodeRecord` gives it, in `target` if there is one; an absent
     * value is the empty text. Throws MKT_CORE__FIELD_OUT_OF_RANGE, MKT_CORE__LOG_VALUE_TOO_LONG.
     */
    hash(
        seq: number,
        values: readonly string[],
        target: Uint8Array = new Uint8Array(this.#fieldIds.length * HASH_BYTES),
    ): Uint8Array {
        assertLength('target', target, this.#fieldIds.length * HASH_BYTES);
        if (this.#lanes !== null && isLaneSeq(seq)) {
            this.#lanes.hash(seq, values, target);
            return target;
        }
        for (const [index, salt] of this.#saltsOneByOne(seq).entries()) {
            target.set(commitField(salt, this.#fieldIds[index] as number, values[index] ?? ''), index * HASH_BYTES);
        }
        return target;
    }

    /** The salts of the record's fields, one after the other. Throws MKT_CORE__FIELD_OUT_OF_RANGE. */
    salts(seq: number): Uint8Array {
        return this.#lanes !== null && isLaneSeq(seq)
            ? this.#lanes.salts(seq)
            : concatBytes(...this.#saltsOneByOne(seq));
    }

    #saltsOneByOne(seq: number): Uint8Array[] {
        return deriveFieldSalts(deriveRecordKey(this.#epochKey, seq), this.#fieldIds);
    }
}

const isLaneSeq = (seq: number): boolean => Number.isSafeInteger(seq) && seq >= 0;
