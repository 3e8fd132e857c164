import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochEvidence } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { NodeLog } from '../ports.js';
import type { Session } from '../sessions/session.js';
import { isDelivery, type MetaEntry, type RequestEntry, type SessionEntry } from './entries.js';
import { EpochJournal } from './epoch-journal.js';
import { createEpochKey, readEpochKey } from './epoch-key.js';
import { buildSessionEvidence, gatherEpoch, type SealedEpoch } from './evidence.js';
import { formatEpochLog, writeLogFile } from './log-file.js';
import { summarise } from './sla.js';
import { type EpochSummary, readSummary, writeSummary } from './summary.js';

export interface EpochStoreOptions {
    dataDir: string;
    /** Base58 address of this node. */
    node: string;
    log: NodeLog;
    /** Bytes that may have left unrecorded before a crash, per session: the credit of protocol 6.4. */
    creditBytes: bigint;
}
export interface StoreTotals {
    requests: number;
    servedBytes: bigint;
    receiptedBytes: bigint;
}
/** Which contract's epoch a response belongs to; contract null: nobody's. */
export type EpochName = Pick<MetaEntry, 'contract' | 'epoch' | 'closesAtMs'>;
type Evidence = Omit<EpochEvidence, 'node'>;

/** All epochs of this node: the open ones as journals, the sealed ones as summaries. */
export class EpochStore {
    readonly #options: EpochStoreOptions;
    readonly #open = new Map<string, EpochJournal>();
    readonly #opening = new Map<string, Promise<EpochJournal>>();
    readonly #sealed = new Map<string, EpochSummary>();
    readonly #sealing = new Map<string, Promise<void>>();
    readonly #sessions = new Map<string, { session: Session; journal: EpochJournal }>();

    private constructor(options: EpochStoreOptions) {
        this.#options = options;
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

    totals(): StoreTotals {
        const totals: StoreTotals = { requests: 0, servedBytes: 0n, receiptedBytes: 0n };
        const add = (requests: number, servedBytes: bigint, receiptedBytes: bigint): void => {
            totals.requests += requests;
            totals.servedBytes += servedBytes;
            totals.receiptedBytes += receiptedBytes;
        };
        for (const { totals: open, receiptedBytes } of this.#open.values()) {
            add(open.requests, open.servedBytes, receiptedBytes);
        }
        for (const { requests, servedBytes, receiptedBytes } of this.#sealed.values()) {
            add(requests, BigInt(servedBytes), BigInt(receiptedBytes));
        }
        return totals;
    }

    findSession(hash: string): { session: Session; journal: EpochJournal } | undefined {
        return this.#sessions.get(hash);
    }

    /** Makes the session durable. @throws RequestProblem 409 `MKT_NODE__EPOCH_CLOSED` */
    async addSession(name: EpochName, hash: string, entry: SessionEntry): Promise<Session> {
        const journal = await this.#journalOf(name);
        const isOpen = await journal.append(entry);
        const session = journal.sessions.get(hash);
        if (!isOpen || session === undefined) throw epochClosed(name.epoch);
        this.#sessions.set(hash, { session, journal });
        return session;
    }

    /** Writes the record behind the response's back: the viewer has its bytes already. */
    async addRequest(name: EpochName, entry: RequestEntry): Promise<void> {
        try {
            const journal = await this.#journalOf(name);
            if (await journal.append(entry)) return;
            this.#options.log.warn(
                { contract: name.contract, epoch: name.epoch },
                'response ended after its epoch closed',
            );
        } catch (error) {
            this.#options.log.error({ err: error }, 'request record lost');
        }
    }

    /** Seals every epoch whose time is over. */
    async sealDue(nowMs: number): Promise<void> {
        for (const [key, journal] of [...this.#open]) {
            if (journal.meta.closesAtMs <= nowMs) await this.#seal(key, journal);
        }
    }

    /** @throws RequestProblem 409 `MKT_NODE__EPOCH_OPEN` before the epoch closes; 410 once its key was erased */
    async evidence(name: EpochName & { contract: string }, nowMs: number): Promise<Evidence> {
        const sealed = await this.#sealedEpoch(name, nowMs);
        if (sealed === null) {
            return {
                contract: name.contract,
                epoch: name.epoch,
                sessions: [],
                unreceiptedBytes: '0',
                sla: summarise(gatherEpoch(name.contract, name.epoch, [])),
            };
        }
        const unreceipted = sealed.epoch.requests
            .filter((request) => request.session === null && isDelivery(request))
            .reduce((sum, { entityBytes }) => sum + BigInt(entityBytes), 0n);
        return {
            contract: name.contract,
            epoch: name.epoch,
            sessions: buildSessionEvidence(sealed.epoch, sealed.key),
            unreceiptedBytes: unreceipted.toString(),
            sla: summarise(sealed.epoch),
        };
    }

    summaryOf(contract: string, epoch: number): EpochSummary | undefined {
        return this.#sealed.get(keyOf({ contract, epoch }));
    }

    /** Sealed epochs that have a log file, oldest first. */
    logFiles(): EpochSummary[] {
        return [...this.#sealed.values()]
            .filter(({ logFile }) => logFile !== null)
            .sort((a, b) => a.closesAtMs - b.closesAtMs);
    }

    async close(): Promise<void> {
        await Promise.all([...this.#sealing.values()]);
        await Promise.all([...this.#open.values()].map((journal) => journal.close()));
    }

    async #sealedEpoch(
        name: EpochName & { contract: string },
        nowMs: number,
    ): Promise<{ epoch: SealedEpoch; key: Uint8Array } | null> {
        const key = keyOf(name);
        const open = this.#open.get(key);
        const closesAtMs = open?.meta.closesAtMs ?? this.#sealed.get(key)?.closesAtMs ?? name.closesAtMs;
        if (closesAtMs > nowMs) {
            throw new RequestProblem(
                409,
                'MKT_NODE__EPOCH_OPEN',
                `Epoch ${name.epoch} still takes receipts; ask again when it is closed.`,
                { closesAtMs },
            );
        }
        if (open !== undefined) await this.#seal(key, open);
        if (!this.#sealed.has(key)) return null;
        const folder = this.#folderOf(key);
        const epochKey = await readEpochKey(folder);
        if (epochKey === null) {
            throw new RequestProblem(410, 'MKT_NODE__EPOCH_ERASED', `The raw log of epoch ${name.epoch} was erased.`);
        }
        const journal = await EpochJournal.open(folder);
        const entries = (await journal?.read()) ?? [];
        return { epoch: gatherEpoch(name.contract, name.epoch, entries), key: epochKey };
    }

    #journalOf(name: EpochName): Promise<EpochJournal> {
        const key = keyOf(name);
        const open = this.#open.get(key);
        if (open !== undefined) return Promise.resolve(open);
        if (this.#sealed.has(key)) return Promise.reject(epochClosed(name.epoch));
        const opening = this.#opening.get(key) ?? this.#create(key, name);
        this.#opening.set(key, opening);
        return opening;
    }

    async #create(key: string, name: EpochName): Promise<EpochJournal> {
        try {
            const folder = this.#folderOf(key);
            await mkdir(folder, { recursive: true, mode: 0o700 });
            await createEpochKey(folder);
            const { contract, epoch, closesAtMs } = name;
            const journal = await EpochJournal.create(folder, { type: 'meta', contract, epoch, closesAtMs });
            this.#open.set(key, journal);
            return journal;
        } finally {
            this.#opening.delete(key);
        }
    }

    async #restore(key: string): Promise<void> {
        const folder = this.#folderOf(key);
        const summary = await readSummary(folder);
        if (summary !== null) {
            this.#sealed.set(key, summary);
            return;
        }
        const journal = await EpochJournal.open(folder);
        if (journal === null) return;
        for (const [hash, session] of journal.sessions) {
            session.finishReplay(this.#options.creditBytes);
            if (!journal.isClosed) this.#sessions.set(hash, { session, journal });
        }
        this.#open.set(key, journal);
        // Killed between the seal and the summary: the rest is derived again.
        if (journal.isClosed) await this.#seal(key, journal);
    }

    #seal(key: string, journal: EpochJournal): Promise<void> {
        const sealing = this.#sealing.get(key) ?? this.#sealNow(key, journal).finally(() => this.#sealing.delete(key));
        this.#sealing.set(key, sealing);
        return sealing;
    }

    async #sealNow(key: string, journal: EpochJournal): Promise<void> {
        const { dataDir, node } = this.#options;
        await journal.seal();
        const { contract, epoch, closesAtMs } = journal.meta;
        const epochKey = await readEpochKey(journal.folder);
        let logFile: EpochSummary['logFile'] = null;
        if (contract !== null && epochKey !== null) {
            const text = formatEpochLog({ node, epochKey, sealed: gatherEpoch(contract, epoch, await journal.read()) });
            logFile = await writeLogFile(join(dataDir, 'logs'), `${key}.log`, text);
        }
        const summary: EpochSummary = {
            contract,
            epoch,
            closesAtMs,
            requests: journal.totals.requests,
            servedBytes: journal.totals.servedBytes.toString(),
            receiptedBytes: journal.receiptedBytes.toString(),
            unreceiptedBytes: journal.totals.unreceiptedBytes.toString(),
            logFile,
        };
        await writeSummary(journal.folder, summary);
        this.#sealed.set(key, summary);
        this.#open.delete(key);
        for (const hash of journal.sessions.keys()) this.#sessions.delete(hash);
        this.#options.log.info({ contract, epoch, requests: summary.requests }, 'epoch sealed');
    }

    #folderOf(key: string): string {
        return join(this.#options.dataDir, 'epochs', key);
    }
}

const keyOf = ({ contract, epoch }: { contract: string | null; epoch: number }): string =>
    `${contract ?? 'none'}-${epoch}`;

const epochClosed = (epoch: number): RequestProblem =>
    new RequestProblem(409, 'MKT_NODE__EPOCH_CLOSED', `Epoch ${epoch} is closed; get a token for the current epoch.`);
