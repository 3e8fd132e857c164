import { deriveFieldSalts, deriveRecordKey, encodeRecord, logFieldId } from '@ocm/sdk/core';
import type { RequestEntry } from './entries.js';
import { type RecordContext, recordValues } from './record-fields.js';

export interface SaltedRecord {
    seq: number;
    fields: { name: string; fieldId: number; salt: Uint8Array; value: string }[];
}

/** Makes of requests what their session's log tree holds (security.md 3.3). */
export class RecordCommitter {
    readonly #context: RecordContext;
    readonly #fieldIds: readonly number[];

    constructor(context: RecordContext) {
        this.#context = context;
        this.#fieldIds = context.fields.map((name) => logFieldId(name));
    }

    /** `seq` is the number of the record within the epoch. */
    commit(request: RequestEntry, seq: number): { record: SaltedRecord; data: Uint8Array } {
        const salts = deriveFieldSalts(deriveRecordKey(this.#context.epochKey, seq), this.#fieldIds);
        const values = recordValues(request, seq, this.#context);
        const fields = salts.map((salt, index) => ({
            name: this.#context.fields[index] ?? '',
            fieldId: this.#fieldIds[index] ?? 0,
            salt,
            value: values[index] ?? '',
        }));
        return { record: { seq, fields }, data: encodeRecord(fields) };
    }
}
