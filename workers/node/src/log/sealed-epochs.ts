import { join } from 'node:path';
import type { FieldProof } from '@ocm/sdk/http';
import type { NodeLog } from '../ports.js';
import { gatherEpoch } from './epoch-facts.js';
import {
    type RecordQuery,
    readSessions,
    type SessionPage,
    type SessionQuery,
    type SessionRecords,
} from './evidence.js';
import { unknownSession } from './evidence-problems.js';
import { EvidenceShelf } from './evidence-shelf.js';
import { type FieldRequest, proveField } from './field-proof.js';
import { eraseEpoch, isExpired, type Retention } from './retention.js';
import type { LogRules } from './rules.js';
import { summarise } from './sla.js';
import type { EpochSummary } from './summary.js';
import type { EncryptionKeys } from './transforms.js';

export interface SealedEpochsOptions {
    dataDir: string;
    keys: EncryptionKeys;
    /** Of epochs in which nothing was served. */
    rules: LogRules;
    retention: Retention;
    log: NodeLog;
}
export interface ContractEpoch {
    contract: string;
    epoch: number;
}

export const keyOf = ({ contract, epoch }: { contract: string | null; epoch: number }): string =>
    `${contract ?? 'none'}-${epoch}`;
export const epochFolder = (dataDir: string, key: string): string => join(dataDir, 'epochs', key);

/** The epochs that are over: their summaries in memory, their raw logs on disk until they are erased. */
export class SealedEpochs {
    readonly #options: SealedEpochsOptions;
    readonly #summaries = new Map<string, EpochSummary>();
    readonly #shelf: EvidenceShelf;
    #erasing: Promise<unknown> = Promise.resolve();

    constructor(options: SealedEpochsOptions) {
        this.#options = options;
        this.#shelf = new EvidenceShelf({
            keys: options.keys,
            log: options.log,
            folderOf: (name) => epochFolder(options.dataDir, keyOf(name)),
        });
    }

    add(summary: EpochSummary): void {
        this.#summaries.set(keyOf(summary), summary);
    }

    find(name: { contract: string | null; epoch: number }): EpochSummary | undefined {
        return this.#summaries.get(keyOf(name));
    }

    /** Oldest first; also those whose raw log was erased. */
    list(): EpochSummary[] {
        return [...this.#summaries.values()].sort((a, b) => a.closesAtMs - b.closesAtMs);
    }

    /** @throws RequestProblem 410 `MKT_NODE__EVIDENCE_ERASED`, 503 `MKT_NODE__EVIDENCE_BUILDING` */
    async sessions(name: ContractEpoch, query: SessionQuery): Promise<SessionPage> {
        const summary = this.find(name);
        if (summary !== undefined) return this.#shelf.use(name, summary, (index) => readSessions(index, query));
        const nothing = gatherEpoch({ ...name, rules: this.#options.rules }, []);
        return { unreceiptedBytes: '0', sla: summarise(nothing), sessions: [], next: null };
    }

    /** @throws RequestProblem as {@link sessions}, 404 for what the epoch does not hold */
    async records(name: ContractEpoch, query: RecordQuery): Promise<SessionRecords> {
        const summary = this.find(name);
        if (summary === undefined) throw unknownSession();
        return this.#shelf.records(name, summary, query);
    }

    /** @throws RequestProblem as {@link records} */
    async proveField(name: ContractEpoch, request: FieldRequest): Promise<Omit<FieldProof, 'node'>> {
        const { session, recordIndex } = request;
        const page = await this.records(name, { session, from: recordIndex, limit: 1 });
        return { contract: name.contract, epoch: name.epoch, ...proveField(page, request.field) };
    }

    /** Erases the raw logs whose time is over. */
    eraseDue(nowMs: number): Promise<void> {
        const erasing = this.#erasing.then(async () => {
            const { dataDir, retention, log } = this.#options;
            for (const summary of this.list()) {
                if (summary.erasedAtMs !== null || !isExpired(summary, retention, nowMs)) continue;
                const folder = epochFolder(dataDir, keyOf(summary));
                const erase = () => eraseEpoch({ dataDir, folder, nowMs }, summary);
                this.add(await this.#shelf.without(summary, erase));
                log.info({ contract: summary.contract, epoch: summary.epoch }, 'raw log erased');
            }
        });
        this.#erasing = erasing.catch(() => undefined);
        return erasing;
    }

    /** Ends what is under way. */
    async settle(): Promise<void> {
        await this.#shelf.close();
        await this.#erasing;
    }
}
