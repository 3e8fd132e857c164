import { readFileSync } from 'node:fs';
import { createLogger, createMetrics } from '@ocm/runtime';
import { describe, expect, it } from 'vitest';
import { createApp } from '../src/app.js';
import { ACCOUNT_KINDS } from '../src/kinds.js';
import { describeRoutes } from '../src/openapi.js';
import { ROUTES } from '../src/routes.js';

const COMMITTED = new URL('../../../docs/indexer-openapi.json', import.meta.url);

/** Every `$ref` of a document. */
function listReferences(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, field]) =>
        name === '$ref' ? [String(field)] : listReferences(field),
    );
}

describe('the OpenAPI document', () => {
    it('that is committed is what the server says; `npm run openapi -w @ocm/indexer` writes it', async () => {
        const server = await createApp({
            database: () => expect.fail('no database is asked'),
            status: () => expect.fail('no database is asked'),
            requestsPerMinute: 10,
            log: createLogger({ name: 'test', level: 'silent' }),
            metrics: createMetrics({ service: 'test', processMetrics: false }),
            readiness: () => ({ ready: true }),
        });
        const response = await server.inject({ method: 'GET', url: '/openapi.json' });
        expect(response.json()).toEqual(JSON.parse(readFileSync(COMMITTED, 'utf8')));
        expect(response.json()).toMatchObject({ openapi: '3.1.0' });
        await server.close();
    });

    it('names every path with its parameters, and refers to nothing that is missing', () => {
        const document = describeRoutes(ROUTES) as {
            paths: Record<string, { get: { operationId: string; parameters: { name?: string; in?: string }[] } }>;
            components: object;
        };
        expect(Object.keys(document.paths)).toHaveLength(2 + 2 * ACCOUNT_KINDS.length);
        for (const [path, { get }] of Object.entries(document.paths)) {
            const named = [...path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name);
            expect(get.parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(named);
        }
        const ids = Object.values(document.paths).map(({ get }) => get.operationId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const reference of listReferences(document))
            expect(document).toHaveProperty(reference.replace('#/', '').split('/'));
    });
});
