import { errorCodeOf } from '@ocm/runtime';
import { decodeLeaf, encodeRecord, fromBase64, fromHex, logFieldId, verifyRange } from '@ocm/sdk/core';
import { type CommittedRecords, committedRecords, errorBody, type RecordPage } from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionFixture } from '../../runtime/tests/support/sessions.js';
import { CommittedLogs } from '../src/record-proof.js';
import { RecordSource } from '../src/record-source.js';
import { type CommitterApp, startApp } from './support/app.js';
import { log, type World } from './support/world.js';

const SALTED = { name: 'date', value: '2026-01-02', salt: '0'.repeat(32) };
let app: CommitterApp;
let world: World;
let sessions: SessionFixture[];
let address: string;
beforeEach(async () => {
    app = await startApp();
    ({ world, sessions, address } = app);
});
afterEach(() => app.close());

const get = (path: string) => app.get(path);
const never = new AbortController().signal;
const codeOf = (error: unknown) => errorCodeOf(error);

describe('records of a committed session', () => {
    it('are given page by page, each page proved by its leaf', async () => {
        for (const { key, evidence } of sessions.slice(0, 2)) {
            const records: unknown[] = [];
            for (let from: number | null = 0; from !== null; ) {
                const { body } = await get(`/${address}/records/${key}?from=${from}&limit=2`);
                const page: CommittedRecords = committedRecords.parse(body);
                const entries = page.records.map(({ fields }) =>
                    encodeRecord(
                        fields.map(({ name, value, salt }) => ({
                            salt: fromHex(salt),
                            fieldId: logFieldId(name),
                            value,
                        })),
                    ),
                );
                const { logRoot } = decodeLeaf(fromBase64(page.leaf));
                const proof = { root: logRoot, from, size: page.recordCount, entries, path: page.path.map(fromHex) };
                expect([page.leaf, verifyRange(proof)]).toEqual([evidence.leaf, true]);
                records.push(...page.records);
                from = page.next;
            }
            expect(records).toEqual(evidence.records);
        }
        for (const query of ['?limit=0', '?limit=2001', '?from=x'])
            expect((await get(`/${address}/records/${sessions[0]?.key}${query}`)).status).toBe(400);
    });

    it('are told to nobody where a node answers anything else', async () => {
        const { fetchRecords } = world.client;
        const other = sessions[2];
        if (other === undefined) throw new Error('there are twenty');
        const lies: Record<string, (page: RecordPage) => Partial<RecordPage>> = {
            'another record': () => ({ records: [{ seq: 9, fields: [{ ...SALTED, value: '2026-01-03' }] }] }),
            'a field that no log has': () => ({ records: [{ seq: 0, fields: [{ ...SALTED, name: 'x' }] }] }),
            'no record': () => ({ records: [] }),
            'more than was asked for': ({ records }) => ({ records: [...records, ...records] }),
            'another leaf': () => ({ leaf: other.evidence.leaf }),
            'another session': () => ({ session: other.key }),
            'another place in the log': ({ from }) => ({ from: from + 1 }),
            'a longer log': () => ({ recordCount: 4_096 }),
        };
        for (const [name, lie] of Object.entries(lies)) {
            world.client.fetchRecords = async (request, stop) => {
                const page = await fetchRecords(request, stop);
                return { ...page, ...lie(page) };
            };
            const { status, body } = await get(`/${address}/proofs/${sessions[0]?.key}/1`);
            expect([name, status, errorBody.parse(body).code]).toEqual([name, 502, 'MKT_COMMITTER__NODE_LIES']);
        }
    });

    it('are proved from a manifest that is read once, however many ask at once', async () => {
        const reads: string[] = [];
        const { store } = world;
        const counting = {
            readManifest: (commitment: string) => {
                reads.push(commitment);
                return store.readManifest(commitment);
            },
        };
        const logs = new CommittedLogs(counting, new RecordSource({ nodes: world.client, log }));
        const nobody = world.nodes[0].toBase58();
        const ask = (commitment: string) =>
            logs.prove({ commitment, tokenHash: sessions[0]?.key ?? '', recordIndex: 0 }, never).catch(codeOf);
        const answers = await Promise.all([address, nobody, address, nobody, address].map(ask));
        expect(reads).toEqual([address, nobody]);
        expect(answers.filter((answer) => answer === 'MKT_COMMITTER__COMMITMENT_UNKNOWN')).toHaveLength(2);
        // What is not there is looked for again, and keeps out nobody who is.
        expect([await ask(nobody), await ask(address)]).toEqual(['MKT_COMMITTER__COMMITMENT_UNKNOWN', answers[0]]);
        expect(reads).toEqual([address, nobody, nobody]);
    });

    it('are for those who wait; who asks while too many do is sent away', async () => {
        const { fetchRecords } = world.client;
        let open: () => void = () => undefined;
        const gate = new Promise<void>((resolve) => {
            open = resolve;
        });
        world.client.fetchRecords = async (request, stop) => gate.then(() => fetchRecords(request, stop));
        const early: number[] = [];
        const asking = Array.from({ length: 80 }, async () => {
            const { status } = await get(`/${address}/proofs/${sessions[0]?.key}/1`);
            early.push(status);
            return status;
        });
        await expect.poll(() => early.length, { timeout: 30_000 }).toBe(8);
        expect(new Set(early)).toEqual(new Set([503]));
        open();
        expect((await Promise.all(asking)).filter((status) => status === 200)).toHaveLength(72);
        expect((await get(`/${address}/proofs/${sessions[0]?.key}/1`)).status).toBe(200);
    });
});
