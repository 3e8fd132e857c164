import type { GroupLedger } from './group-ledger.js';
import { ObjectFiles } from './object-files.js';
import type { FileFacts, WrittenObject } from './sealed-object.js';
import type { StorageKeys } from './storage-keys.js';

/** Files of objects whose groups are in the ledger before they have a secret. */
export class LedgeredFiles extends ObjectFiles {
    readonly #ledger: GroupLedger;

    constructor(folder: string, keys: StorageKeys, ledger: GroupLedger) {
        super(folder, keys);
        this.#ledger = ledger;
    }

    override async write(object: WrittenObject): Promise<FileFacts> {
        if (object.group !== undefined) await this.#ledger.add(object.group);
        return super.write(object);
    }
}
