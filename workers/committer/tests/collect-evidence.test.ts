import { appendFile, readFile, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { errorCodeOf } from '@ocm/runtime';
import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import type { EvidencePage } from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pageSessions } from '../../../tests/support/evidence-pages.js';
import { createNodeClient } from '../src/adapters/node-client.js';
import { assertPage, MAX_SESSIONS_PER_NODE } from '../src/check-page.js';
import { collectEvidence } from '../src/collect-evidence.js';
import type { NodeClient, SessionsRequest } from '../src/ports.js';
import { CommitmentStore } from '../src/store.js';
import { createWorld, log, type World } from './support/world.js';

const PAGE = 2;
let world: World;
let asked: (string | null)[];
const signal = new AbortController().signal;
beforeEach(async () => {
    world = await createWorld();
    asked = [];
    const [one] = world.nodes;
    world.serve(
        one,
        Array.from({ length: 7 }, () => world.session(one)),
    );
});
afterEach(() => world.dispose());

const honest = (request: SessionsRequest): EvidencePage => {
    const evidence = world.evidence.get(`${request.node}/0`);
    if (evidence === undefined) throw new Error('only the first node serves');
    return pageSessions(evidence, { ...request, limit: PAGE });
};
const keyOf = ({ token }: { token: string }) => toHex(hashToken(fromBase64(token)));

/** Collects from a node that gives small pages, each passed through `change`; tells what the operator would read. */
async function collect(change: (page: EvidencePage, nth: number) => EvidencePage = (page) => page) {
    const [one] = world.nodes;
    const told: string[] = [];
    const nodes: Pick<NodeClient, 'nodes' | 'fetchSessions'> = {
        nodes: new Set([one.toBase58()]),
        fetchSessions: async (request) => {
            asked.push(request.after);
            return change(honest(request), asked.length);
        },
    };
    const commitment = findDeliveryCommitmentAddress({ contract: world.contract.address, epoch: 0, kind: 0 });
    const store = await CommitmentStore.open(world.dataDir);
    const watched = Object.assign(Object.create(log), { warn: ({ code }: { code: string }) => told.push(code) });
    const input = { commitment, contract: world.contract, epoch: 0, sellingNodes: [one] };
    const { evidence } = await collectEvidence({ nodes, store, log: watched }, input, signal);
    const path = join(world.dataDir, 'commitments', commitment.toBase58(), `evidence-${one.toBase58()}.journal`);
    return { evidence: evidence[0] ?? null, told, path };
}

describe('collecting evidence', () => {
    it('takes it page by page, and asks for none of them twice', async () => {
        const { evidence } = await collect();
        expect(evidence?.sessions.map(keyOf)).toEqual(evidence?.sessions.map(keyOf).sort());
        expect(evidence?.sessions).toHaveLength(7);
        expect(asked).toEqual([
            null,
            ...[1, 3, 5].map((place) => evidence && keyOf(evidence.sessions[place] ?? { token: '' })),
        ]);
        await collect();
        expect(asked).toHaveLength(4);
    });

    it('goes on after a crash with the page after the last that was on disk', async () => {
        const first = await collect((page, nth) => {
            if (nth === 3) throw new Error('killed');
            return page;
        });
        expect(first.evidence).toBeNull();
        const size = (await stat(first.path)).size;
        // What a kill in the middle of a write leaves behind.
        await appendFile(first.path, (await readFile(first.path)).subarray(16, 60));
        const again = await collect();
        expect(again.evidence?.sessions).toHaveLength(7);
        expect(asked).toEqual([...asked.slice(0, 3), asked[2], asked[4]]);
        await truncate(again.path, size - 1);
        expect((await collect()).evidence).toEqual(again.evidence);
    });

    it('begins anew where a crash or a full disk left its file empty', async () => {
        const { path, evidence } = await collect();
        for (const length of [0, 5]) {
            await truncate(path, length);
            expect((await collect()).evidence).toEqual(evidence);
        }
    });

    it('begins anew when the node says other totals than before', async () => {
        const { evidence, told } = await collect((page, nth) =>
            nth === 2 ? { ...page, unreceiptedBytes: '1' } : page,
        );
        expect([evidence, told]).toEqual([null, ['MKT_COMMITTER__EVIDENCE_CHANGED']]);
        expect((await collect()).evidence?.sessions).toHaveLength(7);
        expect(asked.filter((after) => after === null)).toHaveLength(2);
    });
});

describe('a node that means ill', () => {
    const second = (change: (page: EvidencePage) => EvidencePage) => (page: EvidencePage, nth: number) =>
        nth === 2 ? change(page) : page;
    const many = (page: EvidencePage) => ({ ...page, sessions: Array(501).fill(page.sessions[0]) });
    it.each<[string, (page: EvidencePage) => EvidencePage]>([
        ['EVIDENCE_FOREIGN', (page) => ({ ...page, epoch: 1 })],
        ['EVIDENCE_FOREIGN', (page) => ({ ...page, node: page.contract })],
        ['EVIDENCE_UNORDERED', (page) => ({ ...page, sessions: [...page.sessions].reverse() })],
        ['EVIDENCE_REPEATED', (page) => ({ ...page, sessions: page.sessions.flatMap((each) => [each, each]) })],
        ['EVIDENCE_REPEATED', () => honest({ ...place(), after: null })],
        ['CURSOR_WRONG', (page) => ({ ...page, next: 'f'.repeat(64) })],
        ['CURSOR_WRONG', (page) => ({ ...page, sessions: [] })],
        ['PAGE_TOO_LARGE', many],
    ])('is told by name where its page is %s', async (code, change) => {
        const { evidence, told } = await collect(second(change));
        expect([evidence, told]).toEqual([null, [`MKT_COMMITTER__${code}`]]);
        // The pages before are as good as they were.
        expect((await collect()).evidence?.sessions).toHaveLength(7);
        expect(asked.filter((after) => after === null)).toHaveLength(1);
    });

    const place = (): SessionsRequest => ({
        ...{ node: world.nodes[0].toBase58(), contract: world.contract.address.toBase58() },
        ...{ epoch: 0, after: null, limit: 500 },
    });
    it('is not followed for ever', () => {
        const request = place();
        const context = { request, head: null, sessions: MAX_SESSIONS_PER_NODE - PAGE + 1 };
        const thrown = () => {
            try {
                assertPage(honest(request), context);
            } catch (error) {
                return errorCodeOf(error);
            }
            return null;
        };
        expect(thrown()).toBe('MKT_COMMITTER__EVIDENCE_ENDLESS');
        context.sessions -= 1;
        expect(thrown()).toBeNull();
    });

    it('is cut off where a page does not end', async () => {
        const server = createServer((_, response) => {
            const more = () => {
                while (!response.destroyed && response.write(Buffer.alloc(1 << 20, 0x20)));
            };
            response.on('drain', more);
            more();
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const { node } = place();
        const client = createNodeClient({ nodes: [{ node, url }], operatorSecret: 'a secret of the test' });
        const refused = { code: 'MKT_RUNTIME__PEER_ANSWER_INVALID' };
        await expect(client.fetchSessions(place(), signal)).rejects.toMatchObject(refused);
        const records = { ...place(), session: '0'.repeat(64), from: 0 };
        await expect(client.fetchRecords(records, signal)).rejects.toMatchObject(refused);
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    });
});
