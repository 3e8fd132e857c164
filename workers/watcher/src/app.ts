import { createHttpServer, failure, type Logger, type Metrics, type Readiness } from '@ocm/runtime';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CaseBook } from './case-book.js';
import type { FindingStore } from './finding-store.js';
import { finding } from './suspicion.js';

export const FINDINGS_PATH = '/v1/findings';

export type AppDeps = {
    findings: FindingStore;
    cases: CaseBook;
    log: Logger;
    metrics: Metrics;
    readiness: () => Readiness;
};

/** A finding and what became of its challenge. */
const told = finding.extend({
    state: z.enum(['reported', 'intent', 'sent', 'dropped', 'closed']),
    outcome: z.string().nullable(),
});
const params = z.object({
    id: z.string().regex(/^[A-Za-z0-9-]{1,120}$/, 'must be a challenge or the id of a finding'),
});

/** What was found wrong, by the address of the challenge where there is one. Read only, open to any origin. */
export function createApp({ findings, cases, log, metrics, readiness }: AppDeps): FastifyInstance {
    const server = createHttpServer({
        log,
        metrics,
        readiness,
        statuses: { MKT_WATCHER__FINDING_UNKNOWN: 404 },
        corsOrigin: '*',
    });
    const tell = (id: string): z.infer<typeof told> | null => {
        const found = findings.find(id);
        if (found === undefined) return null;
        const known = cases.find(id);
        return { ...found, state: known?.state ?? 'reported', outcome: known?.outcome ?? null };
    };
    server.get(FINDINGS_PATH, { schema: { response: { 200: z.object({ findings: z.array(told) }) } } }, async () => ({
        findings: findings.list().flatMap(({ id }) => tell(id) ?? []),
    }));
    server.get<{ Params: { id: string } }>(
        `${FINDINGS_PATH}/:id`,
        { schema: { params, response: { 200: told } } },
        async ({ params: { id } }) => {
            const found = tell(id);
            if (found !== null) return found;
            throw failure('MKT_WATCHER__FINDING_UNKNOWN', `nothing was found under ${id}; see ${FINDINGS_PATH}`);
        },
    );
    return server;
}
