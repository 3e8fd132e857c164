import { FIELD_SALT_BYTES, HASH_BYTES, logFieldId, RecordHasher } from '@ocm/sdk/core';
import type { RequestEntry } from './entries.js';
import type { RecordContext } from './record-fields.js';
import { RecordValues } from './record-values.js';

export interface SaltedRecord {
    seq: number;
    fields: { name: string; fieldId: number; salt: Uint8Array; value: string }[];
}

/** Makes of requests what their session's log tree holds (security.md 3.3). */
export class RecordCommitter {
    readonly #context: RecordContext;
    readonly #fieldIds: readonly number[];
    readonly #values: RecordValues;
    readonly #hasher: RecordHasher;
    readonly #data: Uint8Array;

    constructor(context: RecordContext) {
        this.#context = context;
        this.#fieldIds = context.fields.map((name) => logFieldId(name));
        this.#values = new RecordValues(context);
        this.#hasher = new RecordHasher(context.epochKey, this.#fieldIds);
        this.#data = new Uint8Array(this.#fieldIds.length * HASH_BYTES);
    }

    /** `seq` is the number of the record within the epoch. The data is there until the next record is committed. */
    commit(request: RequestEntry, seq: number): { record: SaltedRecord; data: Uint8Array } {
        const values = this.#values.of(request, seq);
        return {
            record: new OpenableRecord(seq, () => this.#open(seq, values)),
            data: this.#hasher.hash(seq, values, this.#data),
        };
    }

    #open(seq: number, values: readonly string[]): SaltedRecord['fields'] {
        const salts = this.#hasher.salts(seq);
        return values.map((value, index) => ({
            name: this.#context.fields[index] ?? '',
            fieldId: this.#fieldIds[index] ?? 0,
            salt: salts.subarray(index * FIELD_SALT_BYTES, (index + 1) * FIELD_SALT_BYTES),
            value,
        }));
    }
}

/** Most who commit a record never look into it. */
class OpenableRecord implements SaltedRecord {
    readonly seq: number;
    readonly #open: () => SaltedRecord['fields'];

    constructor(seq: number, open: () => SaltedRecord['fields']) {
        this.seq = seq;
        this.#open = open;
    }

    get fields(): SaltedRecord['fields'] {
        return this.#open();
    }
}
