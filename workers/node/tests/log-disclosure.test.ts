import { findLeafProof, verifyFieldProof } from '@ocm/sdk';
import { buildSettlementTree, decodeLeaf, fromBase64 } from '@ocm/sdk/core';
import { DISCLOSURES_PATH, fieldProof } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { AFTER_EPOCH_MS, evidenceOf, setUpLogs } from './log-support.js';
import { ask, Cleanup, codeOf, named, operator, sha256, Viewer } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const TOKEN = 'b'.repeat(64);
const asReader = { authorization: `Bearer ${TOKEN}` };

describe('the disclosure of one field', () => {
    it('is proved up to the root by the SDK, for each field alone, and tells no other', async () => {
        const readTokens = [{ contract: named('contract').address, tokenSha256: sha256(TOKEN) }];
        const { world, node, clock } = await setUpLogs(cleanup, { objectUris: 'full', readTokens });
        const [viewer, other] = [new Viewer(world), new Viewer(world)];
        for (const each of [viewer, other]) {
            await each.open(node.url);
            for (const path of ['/films/1.ts', '/films/2.ts', '/films/3.ts']) await each.get(node.url, path);
            await each.acknowledge(node.url, { bytes: 3_000n });
        }
        const of = (session: string, index: number | string, field: string) =>
            `${DISCLOSURES_PATH}/${world.contract.address}/0/${session}/${index}/${field}`;
        const early = await ask(node.url, of(viewer.session, 0, 'date'), { headers: asReader });
        expect([early.status, codeOf(early)]).toEqual([409, 'MKT_NODE__EPOCH_OPEN']);
        clock.shiftMs = AFTER_EPOCH_MS;
        const evidence = await evidenceOf(node.url, world);
        const committed = buildSettlementTree(evidence.sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf))));
        const manifest = {
            depth: committed.depth,
            sessions: evidence.sessions.map((session) => ({ ...session, node: evidence.node })),
        };
        const own = evidence.sessions.find(({ token }) => sha256(fromBase64(token)) === viewer.session);
        const settlement = findLeafProof(manifest, viewer.session);
        for (const [index, { fields }] of (own?.records ?? []).entries()) {
            for (const { name, value } of fields) {
                const answer = await ask(node.url, of(viewer.session, index, name), { headers: asReader });
                const proof = fieldProof.parse(JSON.parse(answer.body.toString()));
                expect(verifyFieldProof(proof, settlement, committed).verified, name).toBe(true);
                expect(proof.field).toMatchObject({ name, value });
                const hidden = fields.filter((field) => field.name !== name).map((field) => field.value);
                const { salt: _, ...rest } = proof.field;
                expect(Object.values(rest)).toEqual([name, value]);
                expect(Object.keys(proof).sort()).toEqual(Object.keys(fieldProof.shape).sort());
                for (const text of hidden.filter(({ length }) => length > 4 && !value.includes('films'))) {
                    expect(answer.body.includes(text), `${name} shows ${text}`).toBe(text === value);
                }
                expect(verifyFieldProof({ ...proof, session: other.session }, settlement, committed).verified).toBe(
                    false,
                );
            }
        }
        expect(own?.records).toHaveLength(3);

        const statusOf = async (path: string, headers: Record<string, string> = asReader) =>
            (await ask(node.url, path, { headers })).status;
        expect(await statusOf(of(viewer.session, 3, 'date'))).toBe(404);
        expect(await statusOf(of(viewer.session, 0, 's-ip'))).toBe(404);
        expect(await statusOf(of(sha256('nobody'), 0, 'date'))).toBe(404);
        expect(await statusOf(of(viewer.session, 0, 'date'), {})).toBe(401);
        const foreign = of(viewer.session, 0, 'date').replace(world.contract.address, named('other').address);
        expect([await statusOf(foreign), await statusOf(foreign, operator)]).toEqual([403, 404]);
        for (const path of [
            of(viewer.session, '-1', 'date'),
            of(viewer.session, '1e9', 'date'),
            of(viewer.session, 0, '__proto__'),
            of(viewer.session.toUpperCase(), 0, 'date'),
            of('..', 0, 'date'),
            `${DISCLOSURES_PATH}/`,
            DISCLOSURES_PATH,
        ]) {
            expect(await statusOf(path), path).toBe(400);
        }
    });
});
