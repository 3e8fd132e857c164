import { errorCodeOf, errorMessageOf, failure, type Logger } from '@ocm/runtime';
import { isMarketplaceError } from '@ocm/sdk/core';
import type { RecordPage } from '@ocm/sdk/http';
import { z } from 'zod';
import { assertCommitted } from './committed-page.js';
import type { NodeClient, RecordsRequest } from './ports.js';

/** Anybody may ask us and each answer costs a node some reading: more than this wait, and more than that are sent away. */
const MAX_ASKING = 8;
const MAX_WAITING = 64;
const RETRY_AFTER_SECS = 5;

export type RecordSourceDeps = { nodes: Pick<NodeClient, 'nodes' | 'fetchRecords'>; log: Logger };
const refusal = z.object({
    peerCode: z.string(),
    peerDetails: z.object({ erasedAtMs: z.number().nullable() }).partial().catch({}),
});

/** The records of sessions, which their nodes keep and nobody else. */
export class RecordSource {
    readonly #deps: RecordSourceDeps;
    #asking = 0;
    readonly #waiting: (() => void)[] = [];

    constructor(deps: RecordSourceDeps) {
        this.#deps = deps;
    }

    /**
     * A page that the committed leaf proves.
     * @throws MKT_COMMITTER__RECORD_UNKNOWN, _EVIDENCE_ERASED, _NODE_AWAY, _NODE_LIES, _BUSY
     */
    async read(request: RecordsRequest, leaf: string, signal: AbortSignal): Promise<RecordPage> {
        await this.#enter();
        try {
            const page = await this.#ask(request, signal);
            assertCommitted(page, request, leaf);
            return page;
        } catch (error) {
            if (errorCodeOf(error) !== 'MKT_COMMITTER__LOG_ROOT_WRONG') throw error;
            const { node, session } = request;
            this.#deps.log.error({ node, session, err: error }, 'a node gave records that were not committed');
            throw failure(
                'MKT_COMMITTER__NODE_LIES',
                `node ${node} answered with records of session ${session} that are not those that were committed`,
                { node },
                error,
            );
        } finally {
            this.#leave();
        }
    }

    async #ask(request: RecordsRequest, signal: AbortSignal): Promise<RecordPage> {
        const { nodes } = this.#deps;
        const { node, session, from, epoch } = request;
        if (!nodes.nodes.has(node)) throw away(node, 'no URL of it is configured');
        try {
            return await nodes.fetchRecords(request, signal);
        } catch (error) {
            const told = refusal.safeParse(isMarketplaceError(error) ? error.context : undefined);
            if (told.data?.peerCode === 'MKT_NODE__EVIDENCE_ERASED')
                throw erased(node, epoch, told.data.peerDetails.erasedAtMs ?? null);
            if (told.data?.peerCode === 'MKT_NODE__RECORD_UNKNOWN')
                throw failure('MKT_COMMITTER__RECORD_UNKNOWN', `session ${session} has no record at index ${from}`);
            throw away(node, errorMessageOf(error), error);
        }
    }

    async #enter(): Promise<void> {
        if (this.#asking >= MAX_ASKING) {
            if (this.#waiting.length >= MAX_WAITING)
                throw failure('MKT_COMMITTER__BUSY', 'too many ask for records at this moment; ask again later', {
                    retryAfterSecs: RETRY_AFTER_SECS,
                });
            await new Promise<void>((resolve) => this.#waiting.push(resolve));
        } else this.#asking += 1;
    }

    /** Whoever waits takes over the place. */
    #leave(): void {
        const next = this.#waiting.shift();
        if (next === undefined) this.#asking -= 1;
        else next();
    }
}

const away = (node: string, reason: string, cause?: unknown): Error =>
    failure(
        'MKT_COMMITTER__NODE_AWAY',
        `the records are kept by node ${node}, which does not give them now; ask again later`,
        { node, reason, retryAfterSecs: RETRY_AFTER_SECS },
        cause,
    );

const erased = (node: string, epoch: number, erasedAtMs: number | null): Error =>
    failure(
        'MKT_COMMITTER__EVIDENCE_ERASED',
        `node ${node} has erased its records of epoch ${epoch} ${erasedAtMs === null ? 'already' : `on ${new Date(erasedAtMs).toISOString()}`}; leaves and settlement can still be verified`,
        { node, epoch, erasedAtMs },
    );
