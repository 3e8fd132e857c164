import { randomInt } from 'node:crypto';
import { errorCodeOf, isAbort, type Logger } from '@ocm/runtime';
import { isMarketplaceError } from '@ocm/sdk/core';
import { DEFAULT_RECORDS_PER_PAGE } from '@ocm/sdk/http';
import { type EvidencedSession, logRootWrong } from './check-evidence.js';
import { assertCommitted } from './committed-page.js';
import type { EpochOfNode, NodeClient } from './ports.js';

/** All sessions of a small epoch; of a large one as many as show a fault that is no rare one. */
export const SAMPLED_SESSIONS = 16;
/** Of a session: some hours of segments. */
const MAX_SAMPLED_RECORDS = 10_000;

export type SampleDeps = { nodes: Pick<NodeClient, 'fetchRecords'>; log: Logger };
export type SampleInput = {
    epoch: EpochOfNode;
    sessions: readonly EvidencedSession[];
    /** While there is time to ask a node again that does not answer; later that is not held against it. */
    insists: boolean;
};

/**
 * Reads the records behind some of a node's sessions before their leaves are committed to, and leaves out those that do not
 * hash to their log root: no record of them could ever be proved. Null to be tried again.
 */
export async function sampleRecords(
    { nodes, log }: SampleDeps,
    { epoch, sessions, insists }: SampleInput,
    signal: AbortSignal,
): Promise<EvidencedSession[] | null> {
    const wrong = new Set<EvidencedSession>();
    for (const session of draw(sessions, SAMPLED_SESSIONS)) {
        const where = { node: epoch.node, epoch: epoch.epoch, session: session.key.slice(0, 16) };
        try {
            await assertRecords(nodes, epoch, session, signal);
        } catch (error) {
            if (isAbort(error, signal)) throw error;
            const code = errorCodeOf(error);
            if (code === 'MKT_COMMITTER__LOG_ROOT_WRONG') {
                wrong.add(session);
                log.warn({ ...where, code, err: error }, 'session left out of the commitment');
                continue;
            }
            log.warn({ ...where, code, err: error }, 'records of a session not looked at');
            if (insists && !isErased(error)) return null;
            break;
        }
    }
    return sessions.filter((session) => !wrong.has(session));
}

const isErased = (error: unknown): boolean =>
    isMarketplaceError(error) && 'status' in error.context && error.context.status === 410;

async function assertRecords(
    nodes: SampleDeps['nodes'],
    epoch: EpochOfNode,
    { key, evidence }: EvidencedSession,
    signal: AbortSignal,
): Promise<void> {
    const { leaf, recordCount } = evidence;
    const shared = { ...epoch, session: key, limit: DEFAULT_RECORDS_PER_PAGE };
    for (let from = 0; from < Math.min(recordCount, MAX_SAMPLED_RECORDS); ) {
        const request = { ...shared, from };
        const page = await nodes.fetchRecords(request, signal);
        assertCommitted(page, request, leaf);
        if (page.recordCount !== recordCount) throw logRootWrong(key);
        from = page.next ?? recordCount;
    }
}

/** So many of them, each as likely as another: a node cannot know which. */
function draw<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const drawn: T[] = [];
    while (left.length > 0 && drawn.length < count) drawn.push(...left.splice(randomInt(left.length), 1));
    return drawn;
}
