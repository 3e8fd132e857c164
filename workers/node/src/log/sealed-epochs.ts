import { join } from 'node:path';
import type { EpochEvidence, FieldProof } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { NodeLog } from '../ports.js';
import { gatherEpoch, gatherFacts } from './epoch-facts.js';
import { readEpochKey } from './epoch-key.js';
import { buildLeaves, buildSessionEvidence, describeEpoch, type EvidenceInput } from './evidence.js';
import { type FieldRequest, proveField } from './field-proof.js';
import { readEntries } from './journal-file.js';
import { eraseEpoch, isExpired, type Retention } from './retention.js';
import type { LogRules } from './rules.js';
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
type Evidence = Omit<EpochEvidence, 'node'>;

export const keyOf = ({ contract, epoch }: { contract: string | null; epoch: number }): string =>
    `${contract ?? 'none'}-${epoch}`;
export const epochFolder = (dataDir: string, key: string): string => join(dataDir, 'epochs', key);

/** The epochs that are over: their summaries in memory, their raw logs on disk until they are erased. */
export class SealedEpochs {
    readonly #options: SealedEpochsOptions;
    readonly #summaries = new Map<string, EpochSummary>();
    #erasing: Promise<unknown> = Promise.resolve();

    constructor(options: SealedEpochsOptions) {
        this.#options = options;
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

    /** @throws RequestProblem 410 `MKT_NODE__EPOCH_ERASED` */
    async evidence(name: ContractEpoch): Promise<Evidence> {
        const evidence = await this.#read(name, async (input) =>
            describeEpoch(input.facts, await buildSessionEvidence(input)),
        );
        return evidence ?? describeEpoch(gatherEpoch({ ...name, rules: this.#options.rules }, []), []);
    }

    /** Leaves of the sessions of the epoch that have a receipt. @throws RequestProblem 410 `MKT_NODE__EPOCH_ERASED` */
    async leaves(name: ContractEpoch): Promise<Uint8Array[]> {
        const built = await this.#read(name, buildLeaves);
        return (built ?? []).map(({ leaf }) => leaf);
    }

    /** @throws RequestProblem 410 `MKT_NODE__EPOCH_ERASED`, 404 for what the epoch does not hold */
    async proveField(name: ContractEpoch, request: FieldRequest): Promise<Omit<FieldProof, 'node'>> {
        const sessions = await this.#read(name, (input) => buildSessionEvidence(input, request.session));
        return { contract: name.contract, epoch: name.epoch, ...proveField(sessions ?? [], request) };
    }

    /** Erases the raw logs whose time is over. */
    eraseDue(nowMs: number): Promise<void> {
        const erasing = this.#erasing.then(async () => {
            const { dataDir, retention, log } = this.#options;
            for (const summary of this.list()) {
                if (summary.erasedAtMs !== null || !isExpired(summary, retention, nowMs)) continue;
                const folder = epochFolder(dataDir, keyOf(summary));
                this.add(await eraseEpoch({ dataDir, folder, nowMs }, summary));
                log.info({ contract: summary.contract, epoch: summary.epoch }, 'raw log erased');
            }
        });
        this.#erasing = erasing.catch(() => undefined);
        return erasing;
    }

    async settle(): Promise<void> {
        await this.#erasing;
    }

    /** Null if the epoch was never begun. It may be erased between one pass over its journal and the next. */
    async #read<T>({ contract, epoch }: ContractEpoch, use: (input: EvidenceInput) => Promise<T>): Promise<T | null> {
        const summary = this.find({ contract, epoch });
        if (summary === undefined) return null;
        const folder = epochFolder(this.#options.dataDir, keyOf({ contract, epoch }));
        const epochKey = await readEpochKey(folder);
        if (epochKey === null || summary.erasedAtMs !== null) throw erasedEpoch(epoch);
        try {
            const { rules } = summary;
            const facts = await gatherFacts({ contract, epoch, rules }, readEntries(folder));
            return await use({ facts, keys: { epochKey, keys: this.#options.keys }, groups: readEntries(folder) });
        } catch (error) {
            if ((await readEpochKey(folder)) === null) throw erasedEpoch(epoch);
            throw error;
        }
    }
}

export const erasedEpoch = (epoch: number): RequestProblem =>
    new RequestProblem(
        410,
        'MKT_NODE__EPOCH_ERASED',
        `The raw log of epoch ${epoch} was erased; only its totals are kept.`,
    );
