import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestProblem } from '../http/problem.js';
import type { Session } from '../sessions/session.js';
import type { RequestEntry, SessionEntry } from './entries.js';
import type { EpochJournal } from './epoch-journal.js';
import { type EpochName, epochClosed, OpenEpochs } from './open-epochs.js';
import { type SealDeps, sealEpoch } from './seal-epoch.js';
import { epochFolder, keyOf, SealedEpochs, type SealedEpochsOptions } from './sealed-epochs.js';
import { readSummary } from './summary.js';

/** `rules` are those of the epochs that begin from now on. */
export interface EpochStoreOptions extends SealDeps, SealedEpochsOptions {
    /** Bytes that may have left unrecorded before a crash, per session: the credit of protocol 6.4. */
    creditBytes: bigint;
}
export type { EpochName } from './open-epochs.js';
export interface StoreTotals {
    requests: number;
    servedBytes: bigint;
    receiptedBytes: bigint;
}

/** All epochs of this node: the open ones as journals, the sealed ones as summaries. */
export class EpochStore {
    readonly #options: EpochStoreOptions;
    readonly #open: OpenEpochs;
    readonly #sealing = new Map<string, Promise<void>>();
    readonly #sessions = new Map<string, { session: Session; journal: EpochJournal }>();
    /** The epochs that are over. */
    readonly sealed: SealedEpochs;

    private constructor(options: EpochStoreOptions) {
        this.#options = options;
        this.sealed = new SealedEpochs(options);
        this.#open = new OpenEpochs(options, this.sealed);
    }

    static async open(options: EpochStoreOptions): Promise<EpochStore> {
        const store = new EpochStore(options);
        await Promise.all(['epochs', 'logs'].map((name) => mkdir(join(options.dataDir, name), { recursive: true })));
        for (const name of await readdir(join(options.dataDir, 'epochs'))) await store.#restore(name);
        return store;
    }

    get openSessions(): number {
        return this.#sessions.size;
    }

    /** What to answer instead of taking a session; null while the log can be written. */
    get storageProblem(): RequestProblem | null {
        return this.#open.health.problem;
    }

    totals(): StoreTotals {
        const totals: StoreTotals = { requests: 0, servedBytes: 0n, receiptedBytes: 0n };
        const add = (requests: number, servedBytes: bigint, receiptedBytes: bigint): void => {
            totals.requests += requests;
            totals.servedBytes += servedBytes;
            totals.receiptedBytes += receiptedBytes;
        };
        for (const [, { totals: open, receiptedBytes }] of this.#open.list()) {
            add(open.requests, open.servedBytes, receiptedBytes);
        }
        for (const { requests, servedBytes, receiptedBytes } of this.sealed.list()) {
            add(requests, BigInt(servedBytes), BigInt(receiptedBytes));
        }
        return totals;
    }

    findSession(hash: string): { session: Session; journal: EpochJournal } | undefined {
        return this.#sessions.get(hash);
    }

    /** Makes the session durable. @throws RequestProblem 409 `MKT_NODE__EPOCH_CLOSED` */
    async addSession(name: EpochName, hash: string, entry: SessionEntry): Promise<Session> {
        const journal = await this.#open.journalOf(name);
        const isOpen = await journal.append(entry);
        const session = journal.sessions.get(hash);
        if (!isOpen || session === undefined) throw epochClosed(name.epoch);
        this.#sessions.set(hash, { session, journal });
        return session;
    }

    /** Writes the record behind the response's back: the viewer has its bytes already. */
    async addRequest(name: EpochName, entry: RequestEntry): Promise<void> {
        const wasWell = this.#open.health.problem === null;
        try {
            const journal = await this.#open.journalOf(name);
            if (await journal.append(entry)) return;
            this.#options.log.warn(
                { contract: name.contract, epoch: name.epoch },
                'response ended after its epoch closed',
            );
        } catch (error) {
            // Told when it begins: a full disk under load would otherwise be told thousands of times a second.
            const level = wasWell ? 'error' : 'debug';
            this.#options.log[level]({ err: error }, 'request record lost');
        }
    }

    /** Seals every epoch whose time is over. */
    async sealDue(nowMs: number): Promise<void> {
        for (const [key, journal] of this.#open.list()) {
            if (journal.meta.closesAtMs <= nowMs) await this.#seal(key, journal);
        }
    }

    /** Makes sure that the epoch is sealed if it was ever begun. @throws RequestProblem 409 `MKT_NODE__EPOCH_OPEN` */
    async sealNow(name: EpochName, nowMs: number): Promise<void> {
        const key = keyOf(name);
        const open = this.#open.find(key);
        const closesAtMs = open?.meta.closesAtMs ?? this.sealed.find(name)?.closesAtMs ?? name.closesAtMs;
        if (closesAtMs > nowMs) {
            throw new RequestProblem(
                409,
                'MKT_NODE__EPOCH_OPEN',
                `Epoch ${name.epoch} still takes receipts; ask again when it is closed.`,
                { closesAtMs },
            );
        }
        if (open !== undefined) await this.#seal(key, open);
    }

    async close(): Promise<void> {
        await Promise.all([...this.#sealing.values(), this.sealed.settle()]);
        await Promise.all(this.#open.list().map(([, journal]) => journal.close()));
    }

    async #restore(key: string): Promise<void> {
        const summary = await readSummary(epochFolder(this.#options.dataDir, key));
        if (summary !== null) {
            this.sealed.add(summary);
            return;
        }
        const journal = await this.#open.restore(key);
        if (journal === null) return;
        for (const [hash, session] of journal.sessions) {
            session.finishReplay(this.#options.creditBytes);
            if (!journal.isClosed) this.#sessions.set(hash, { session, journal });
        }
        // Killed between the seal and the summary: the rest is derived again.
        if (journal.isClosed) await this.#seal(key, journal);
    }

    #seal(key: string, journal: EpochJournal): Promise<void> {
        const sealing = this.#sealing.get(key) ?? this.#sealNow(key, journal).finally(() => this.#sealing.delete(key));
        this.#sealing.set(key, sealing);
        return sealing;
    }

    async #sealNow(key: string, journal: EpochJournal): Promise<void> {
        const summary = await sealEpoch(this.#options, journal);
        this.sealed.add(summary);
        this.#open.delete(key);
        for (const hash of journal.sessions.keys()) this.#sessions.delete(hash);
        const { contract, epoch, requests } = summary;
        this.#options.log.info({ contract, epoch, requests }, 'epoch sealed');
    }
}
