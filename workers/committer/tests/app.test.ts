import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
    decodeLeaf,
    encodeRecord,
    fromBase64,
    fromHex,
    logFieldId,
    verifyAuditPath,
    verifySettlementProof,
} from '@ocm/sdk/core';
import {
    COMMITTER_STATUS_PATH,
    commitmentList,
    commitmentManifest,
    committerStatus,
    errorBody,
    type RecordProof,
    recordProof,
} from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namedAddress, type SessionFixture } from '../../runtime/tests/support/sessions.js';
import { type CommitterApp, startApp } from './support/app.js';
import type { World } from './support/world.js';

let app: CommitterApp;
let world: World;
let url: string;
let sessions: SessionFixture[];
let address: string;
beforeEach(async () => {
    app = await startApp();
    ({ world, url, sessions, address } = app);
});
afterEach(() => app.close());

const get = (path: string) => app.get(path);

/** As a stranger would check it: with the commitment on chain and nothing else. */
function verifyProof(proof: RecordProof, onChain: { root: Uint8Array; totalBytes: bigint; depth: number }): boolean {
    const leaf = decodeLeaf(fromBase64(proof.leaf));
    const entry = encodeRecord(
        proof.record.fields.map(({ name, value, salt }) => ({ salt: fromHex(salt), fieldId: logFieldId(name), value })),
    );
    const path = proof.auditPath.map(fromHex);
    const inLog = verifyAuditPath({
        root: leaf.logRoot,
        index: proof.recordIndex,
        size: proof.recordCount,
        entry,
        path,
    });
    const bucket = proof.bucket.map(({ key, leafHash, bytes }) => ({
        key: fromHex(key),
        leafHash: fromHex(leafHash),
        bytes: BigInt(bytes),
    }));
    const siblings = proof.path.map(({ hash, sum }) => ({ hash: fromHex(hash), sum: BigInt(sum) }));
    return inLog && verifySettlementProof({ ...onChain, proof: { leaf, bucket, path: siblings } });
}

describe('data duty', () => {
    it('lists commitments and serves their manifests without log records', async () => {
        const { commitments } = commitmentList.parse((await get('')).body);
        expect(commitments).toMatchObject([{ commitment: address, epoch: 0, totalBytes: '20000000' }]);
        const { body } = await get(`/${address}`);
        expect(commitmentManifest.parse(body).sessions).toHaveLength(20);
        expect(JSON.stringify(body)).not.toContain('records');
    });

    it('proves each log record up to the root on chain, and no changed one', async () => {
        const [committed] = world.committed;
        if (committed === undefined) throw new Error('a commitment');
        for (const session of sessions.slice(0, 4))
            for (const index of [0, 2, 4]) {
                const { body } = await get(`/${address}/proofs/${session.key}/${index}`);
                const proof = recordProof.parse(body);
                expect(proof.record.fields.at(-1)?.value).toBe(`http://cdn.example/seg-${index}.m4s`);
                expect(verifyProof(proof, committed)).toBe(true);
                const changed = structuredClone(proof);
                const field = changed.record.fields[0];
                if (field !== undefined) field.value = '2026-01-03';
                expect(verifyProof(changed, committed)).toBe(false);
            }
    });

    it('tells what it has done and what it cannot do, and keeps the list of troubles short and new', async () => {
        world.telemetry.saw(world.commitments);
        world.telemetry.sampleProven();
        const accounts = Array.from({ length: 150 }, (_, place) => namedAddress(`trouble ${place}`));
        for (const account of accounts) world.telemetry.trouble(account, new Error('x'.repeat(5_000)));
        const response = await fetch(`${url}${COMMITTER_STATUS_PATH}`);
        const status = committerStatus.parse(await response.json());
        expect(status).toMatchObject({ commitmentsByState: { committed: 1 }, samplesProven: 1, challengesAnswered: 0 });
        expect(status.troubles).toHaveLength(100);
        expect(status.troubles[0]?.message).toHaveLength(500);
        // What has just failed is what a person looks for.
        expect(status.troubles.at(-1)?.account).toBe(accounts.at(-1)?.toBase58());
        for (const account of accounts) world.telemetry.clear(account);
        expect(world.telemetry.status().troubles).toEqual([]);
    });

    it('fails for a manifest that is gone from its disk, and goes on', async () => {
        await rm(join(world.dataDir, 'commitments', address, 'manifest.json'));
        expect((await get(`/${address}`)).status).toBe(500);
        expect((await get('')).status).toBe(200);
    });

    it('says what it does not have', async () => {
        const key = sessions[0]?.key ?? '';
        const codeOf = async (path: string) => errorBody.parse((await get(path)).body).code;
        expect(await codeOf(`/${world.nodes[0].toBase58()}`)).toBe('MKT_COMMITTER__COMMITMENT_UNKNOWN');
        expect(await codeOf(`/${address}/proofs/${'0'.repeat(64)}/0`)).toBe('MKT_COMMITTER__SESSION_UNKNOWN');
        expect(await codeOf(`/${address}/proofs/${key}/5`)).toBe('MKT_COMMITTER__RECORD_UNKNOWN');
        expect((await get(`/${address}/proofs/${key}/5`)).status).toBe(404);
    });

    it.each(['/..%2f..%2fcommitter.journal', '/%00', '/not-an-address', `/${'1'.repeat(300)}`])(
        'refuses the path %s',
        async (path) => {
            const { status } = await get(path);
            expect([400, 414]).toContain(status);
        },
    );

    it('refuses a record index that is no index', async () => {
        for (const index of ['-1', '1.5', '0x1', '99999999999'])
            expect((await get(`/${address}/proofs/${sessions[0]?.key}/${index}`)).status).toBe(400);
    });
});
