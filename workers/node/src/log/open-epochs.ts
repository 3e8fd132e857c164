import { mkdir } from 'node:fs/promises';
import { RequestProblem } from '../http/problem.js';
import type { MetaEntry } from './entries.js';
import { EpochJournal } from './epoch-journal.js';
import { createEpochKey } from './epoch-key.js';
import type { LogRules } from './rules.js';
import { epochFolder, keyOf, type SealedEpochs } from './sealed-epochs.js';
import { StorageHealth } from './storage-health.js';

/** Which contract's epoch a response belongs to; contract null: nobody's. */
export type EpochName = Pick<MetaEntry, 'contract' | 'epoch' | 'closesAtMs'>;

export interface OpenEpochsOptions {
    dataDir: string;
    /** Of the epochs that begin from now on. */
    rules: LogRules;
}

/** The epochs that take entries, one journal each. */
export class OpenEpochs {
    readonly health = new StorageHealth();
    readonly #options: OpenEpochsOptions;
    readonly #sealed: SealedEpochs;
    readonly #journals = new Map<string, EpochJournal>();
    readonly #opening = new Map<string, Promise<EpochJournal>>();

    constructor(options: OpenEpochsOptions, sealed: SealedEpochs) {
        this.#options = options;
        this.#sealed = sealed;
    }

    list(): [key: string, journal: EpochJournal][] {
        return [...this.#journals];
    }

    find(key: string): EpochJournal | undefined {
        return this.#journals.get(key);
    }

    /** Takes a journal from disk in again; null if there was nothing in it. */
    async restore(key: string): Promise<EpochJournal | null> {
        const place = { folder: epochFolder(this.#options.dataDir, key), health: this.health };
        const journal = await EpochJournal.open(place);
        if (journal !== null) this.#journals.set(key, journal);
        return journal;
    }

    delete(key: string): void {
        this.#journals.delete(key);
    }

    /** The journal of an epoch, begun if need be. @throws RequestProblem 409 `MKT_NODE__EPOCH_CLOSED`, 503 without room */
    async journalOf(name: EpochName): Promise<EpochJournal> {
        const key = keyOf(name);
        const open = this.#journals.get(key);
        if (open !== undefined) return open;
        if (this.#sealed.find(name) !== undefined) throw epochClosed(name.epoch);
        const opening = this.#opening.get(key) ?? this.health.watch(() => this.#create(key, name));
        this.#opening.set(key, opening);
        return opening;
    }

    async #create(key: string, name: EpochName): Promise<EpochJournal> {
        try {
            const folder = epochFolder(this.#options.dataDir, key);
            await mkdir(folder, { recursive: true, mode: 0o700 });
            await createEpochKey(folder);
            const { contract, epoch, closesAtMs } = name;
            const meta = { type: 'meta' as const, contract, epoch, closesAtMs, rules: this.#options.rules };
            const journal = await EpochJournal.create({ folder, health: this.health }, meta);
            this.#journals.set(key, journal);
            return journal;
        } finally {
            this.#opening.delete(key);
        }
    }
}

export const epochClosed = (epoch: number): RequestProblem =>
    new RequestProblem(409, 'MKT_NODE__EPOCH_CLOSED', `Epoch ${epoch} is closed; get a token for the current epoch.`);
