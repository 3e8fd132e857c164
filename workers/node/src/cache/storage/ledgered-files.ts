import type { DiskTierOptions } from './disk-options.js';
import type { GroupLedger } from './group-ledger.js';
import { ObjectFiles } from './object-files.js';
import type { StoredObject } from './object-storage.js';
import type { StorageKeys } from './storage-keys.js';

export interface LedgeredFilesOptions {
    folder: string;
    keys: StorageKeys;
    ledger: GroupLedger;
    groupOf: DiskTierOptions['groupOf'];
}

/** Files of objects whose groups are in the ledger before they have a secret. */
export class LedgeredFiles extends ObjectFiles {
    readonly #ledger: GroupLedger;
    readonly #groupOf: DiskTierOptions['groupOf'];

    constructor({ folder, keys, ledger, groupOf }: LedgeredFilesOptions) {
        super(folder, keys);
        this.#ledger = ledger;
        this.#groupOf = groupOf;
    }

    override async write(name: string, object: StoredObject, tag: string): Promise<number> {
        const group = this.#groupOf(object);
        if (group !== undefined) await this.#ledger.add(group);
        return super.write(name, object, tag);
    }
}
