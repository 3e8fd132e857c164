import { errorCodeOf, isAbort } from '@ocm/runtime';
import type { NodeLog } from '../ports.js';
import { readEpochKey } from './epoch-key.js';
import { type RecordQuery, readRecords, type SealedEpoch, type SessionRecords } from './evidence.js';
import { buildEvidence, removeEvidence } from './evidence-build.js';
import { EvidenceIndex } from './evidence-index.js';
import { erasedEvidence, stillBuilding, unknownSession } from './evidence-problems.js';
import { unknownRecord } from './field-proof.js';
import type { ContractEpoch } from './sealed-epochs.js';
import type { EpochSummary } from './summary.js';
import type { EncryptionKeys } from './transforms.js';

/** Who asks waits this long for evidence that is being made: less than the 30 s after which our committer gives up. */
const PATIENCE_MS = 20_000;

/** A place that leads nowhere looks like a damaged journal; if it is the journal, making the evidence again says so. */
const TOLD_OF_DAMAGE: ReadonlySet<string> = new Set([
    'MKT_NODE__EVIDENCE_DAMAGED',
    'MKT_NODE__JOURNAL_UNREADABLE',
    'MKT_RUNTIME__JOURNAL_CORRUPT',
]);

export interface EvidenceShelfOptions {
    keys: EncryptionKeys;
    log: NodeLog;
    folderOf: (name: Pick<EpochSummary, 'contract' | 'epoch'>) => string;
}

/** Evidence of sealed epochs, made when it is first asked for, once, and again if it was damaged. */
export class EvidenceShelf {
    readonly #options: EvidenceShelfOptions;
    readonly #building = new Map<string, { done: Promise<void>; stop: AbortController }>();
    readonly #ending = new Set<string>();

    constructor(options: EvidenceShelfOptions) {
        this.#options = options;
    }

    /** @throws RequestProblem 410 `MKT_NODE__EVIDENCE_ERASED`, 503 `MKT_NODE__EVIDENCE_BUILDING` */
    async use<T>(
        name: ContractEpoch,
        summary: EpochSummary,
        read: (index: EvidenceIndex, epoch: SealedEpoch) => Promise<T>,
    ): Promise<T> {
        const folder = this.#options.folderOf(name);
        const epochKey = await readEpochKey(folder);
        if (epochKey === null || summary.erasedAtMs !== null || this.#ending.has(folder)) throw erasedEvidence(summary);
        const terms = { ...name, rules: summary.rules };
        const epoch = { folder, terms, keys: { epochKey, keys: this.#options.keys } };
        try {
            try {
                return await read(await this.#open(epoch, true), epoch);
            } catch (error) {
                if (!TOLD_OF_DAMAGE.has(errorCodeOf(error))) throw error;
                this.#options.log.warn({ ...name, err: error }, 'evidence was damaged, made again of the journal');
                return await read(await this.#open(epoch, false), epoch);
            }
        } catch (error) {
            // It may be erased between one step and the next.
            if (this.#ending.has(folder) || (await readEpochKey(folder)) === null) throw erasedEvidence(summary);
            throw isAbort(error) ? stillBuilding(name.epoch) : error;
        }
    }

    /** @throws RequestProblem as {@link use}, 404 `MKT_NODE__SESSION_NOT_EVIDENCED`, `MKT_NODE__RECORD_UNKNOWN` */
    records(name: ContractEpoch, summary: EpochSummary, query: RecordQuery): Promise<SessionRecords> {
        return this.use(name, summary, async (index, epoch) => {
            const row = await index.find(query.session);
            if (row === null) throw unknownSession();
            const { recordCount } = row;
            if (query.from > Math.max(0, recordCount - 1)) throw unknownRecord(recordCount);
            return readRecords(epoch, row, await index.placesOf(row), query);
        });
    }

    /** Nothing of the epoch is made any more while `erase` runs: what came after it would stay. */
    async without<T>(name: Pick<EpochSummary, 'contract' | 'epoch'>, erase: () => Promise<T>): Promise<T> {
        const folder = this.#options.folderOf(name);
        this.#ending.add(folder);
        try {
            await this.#end([folder]);
            return await erase();
        } finally {
            this.#ending.delete(folder);
        }
    }

    close(): Promise<void> {
        return this.#end([...this.#building.keys()]);
    }

    async #end(folders: readonly string[]): Promise<void> {
        for (const folder of folders) this.#building.get(folder)?.stop.abort();
        await Promise.allSettled(folders.map((folder) => this.#building.get(folder)?.done));
    }

    async #open(epoch: SealedEpoch, takesKnown: boolean): Promise<EvidenceIndex> {
        const { folder } = epoch;
        const known = !takesKnown || this.#building.has(folder) ? null : await EvidenceIndex.open(folder);
        if (known !== null) return known;
        const building = this.#building.get(folder)?.done ?? this.#build(epoch);
        await withinPatience(building, epoch.terms.epoch);
        const built = await EvidenceIndex.open(folder);
        if (built === null) throw new Error('evidence that was just made is gone');
        return built;
    }

    #build(epoch: SealedEpoch): Promise<void> {
        const { folder, terms } = epoch;
        const stop = new AbortController();
        const run = async (): Promise<void> => {
            await removeEvidence(folder);
            await buildEvidence({ ...epoch, signal: stop.signal });
        };
        const building = run().finally(() => this.#building.delete(folder));
        this.#building.set(folder, { done: building, stop });
        building.catch((error: unknown) =>
            this.#options.log.warn({ contract: terms.contract, epoch: terms.epoch, err: error }, 'evidence not made'),
        );
        return building;
    }
}

async function withinPatience(building: Promise<void>, epoch: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(stillBuilding(epoch)), PATIENCE_MS);
    });
    await Promise.race([building, patience]).finally(() => clearTimeout(timer));
}
