import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMetrics, listen } from '@ocm/runtime';
import { decodeLeaf, fetchLeafChallenge, fromBase64 } from '@ocm/sdk';
import { computeOffsets, createApp, FINDINGS_PATH } from '@ocm/watcher';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { readCommitment, readContract, travelTo } from '../support/index.js';
import { createWatch, FUNDS, log, type Watch } from './world.js';

const BOND = 1_000_000n;
let watch: Watch;
afterEach(() => watch.dispose());

const commitmentOf = (address: string) => readCommitment(watch.world.trade, { address: new PublicKey(address) });
/** The only challenge that the watcher has opened. */
async function onlyChallenge() {
    const [opened, ...others] = watch.cases.listOpen();
    if (opened === undefined || others.length > 0) throw new Error(`${others.length + 1} challenges are open`);
    const challenge = await fetchLeafChallenge(watch.world.trade.market.connection, new PublicKey(opened.challenge));
    if (challenge === null) throw new Error('the challenge is not on chain');
    return challenge;
}

describe('a forged leaf', () => {
    it('is challenged at one of its own bytes; the seller is slashed, the watcher paid', async () => {
        watch = await createWatch();
        const { trade } = watch.world;
        const forged = await watch.world.forge(0, 4);
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1 } });
        const challenge = await onlyChallenge();
        const { sessions } = await manifestOf(forged.address);
        const leaves = sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf)));
        expect(challenge.target).toBe(computeOffsets(leaves).get(forged.tokenHash));
        const evidence = JSON.parse(
            await readFile(join(watch.folder, 'findings', `${challenge.address.toBase58()}.json`), 'utf8'),
        );
        expect(evidence).toMatchObject({
            reason: 'LEAF_FORGED',
            session: forged.tokenHash,
            target: `${challenge.target}`,
        });
        expect(evidence.detail).toContain('MKT_EVIDENCE__TOKEN_FORGED');
        expect(evidence.evidence.token).toHaveLength(216);

        // Nobody can answer. Nothing is sent twice meanwhile.
        expect(await watch.look()).toMatchObject({ watched: { wrong: 0 }, pursued: { waiting: 1 } });
        travelTo(trade.market, challenge.deadline + 1n);
        const { lock } = await commitmentOf(forged.address);
        const before = await readContract(trade.market, trade.contract);
        expect(await watch.look()).toMatchObject({ pursued: { failed: 1 } });
        expect(await watch.look()).toMatchObject({ pursued: { closed: 1 } });
        const after = await readContract(trade.market, trade.contract);
        expect(lock).toBeGreaterThan(0n);
        expect(before.bondTotal - after.bondTotal).toBe(lock);
        expect(await watch.balance()).toBe(FUNDS + (lock * 3n) / 10n);
        expect((await commitmentOf(forged.address)).state).toBe('failed');
        expect(watch.cases.find(challenge.address.toBase58())).toMatchObject({ state: 'closed', outcome: 'won' });
    });

    it('is only reported where the budget has no bond left', async () => {
        watch = await createWatch({ maxBonds: BOND - 1n });
        const forged = await watch.world.forge(0, 1);
        await watch.look();
        expect((await commitmentOf(forged.address)).challengeCount).toBe(0);
        expect(watch.findings.list()).toMatchObject([{ reason: 'LEAF_FORGED', challenge: null }]);
    });

    it('waits for the bond that lies in the challenge of another, and is challenged with that', async () => {
        watch = await createWatch({ maxBonds: BOND });
        const { trade } = watch.world;
        const forged = [await watch.world.forge(0, 1), await watch.world.forge(1, 1)];
        const challenged = async () => {
            const commitments = await Promise.all(forged.map(({ address }) => commitmentOf(address)));
            return commitments.filter(({ challengeCount }) => challengeCount === 1).length;
        };
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1, waiting: 1 } });
        const { deadline } = await onlyChallenge();
        expect(await watch.look()).toMatchObject({ watched: { wrong: 0, waiting: 1 } });
        expect(await challenged()).toBe(1);

        travelTo(trade.market, deadline + 1n);
        for (let look = 0; look < 2; look += 1) await watch.look();
        expect(await watch.look()).toMatchObject({ watched: { wrong: 1, waiting: 0 } });
        expect(await challenged()).toBe(2);
    });

    it('is told to anyone, by the address of its challenge', async () => {
        watch = await createWatch();
        await watch.world.forge(0, 1);
        await watch.look();
        const metrics = createMetrics({ service: 'test', processMetrics: false });
        const server = createApp({
            ...watch,
            findings: watch.findings,
            cases: watch.cases,
            log,
            metrics,
            readiness: () => ({ ready: true }),
        });
        const { url } = await listen({ server, host: '127.0.0.1', port: 0 });
        const get = async (path: string) => {
            const response = await fetch(`${url}${FINDINGS_PATH}${path}`);
            return { status: response.status, body: (await response.json()) as Record<string, unknown> };
        };
        const address = (await onlyChallenge()).address.toBase58();
        expect(await get(`/${address}`)).toMatchObject({ status: 200, body: { reason: 'LEAF_FORGED', state: 'sent' } });
        expect(await get('')).toMatchObject({ body: { findings: [{ challenge: address }] } });
        expect(await get('/report-0')).toMatchObject({ status: 404, body: { code: 'MKT_WATCHER__FINDING_UNKNOWN' } });
        expect((await get('/..%2f..%2fetc%2fpasswd')).status).toBe(400);
        await server.close();
    });
});

describe('an honest commitment', () => {
    it('is looked at once and not challenged', async () => {
        watch = await createWatch();
        await watch.world.deliver(0);
        expect(await watch.look()).toMatchObject({ watched: { right: 1, wrong: 0 } });
        expect(await watch.look()).toMatchObject({ watched: { right: 0 } });
        expect([watch.findings.list(), watch.cases.listOpen()]).toEqual([[], []]);
    });
});

describe('a manifest that is not served', () => {
    it('is waited for, then random bytes are challenged within the budget', async () => {
        watch = await createWatch();
        const { trade } = watch.world;
        const commitment = await watch.world.deliver(0);
        const nowhere = { committerUrl: 'http://127.0.0.1:1' };
        expect(await watch.look(nowhere)).toMatchObject({ watched: { waiting: 1 } });
        expect(watch.cases.listOpen()).toEqual([]);
        const { committedAt, totalBytes } = await commitmentOf(commitment.address);
        travelTo(trade.market, committedAt + 20n);
        expect(await watch.look(nowhere)).toMatchObject({ watched: { wrong: 1 } });
        const targets = watch.cases.listOpen().map(({ target }) => BigInt(target));
        expect(targets).toHaveLength(2);
        expect(targets.every((target) => target < totalBytes)).toBe(true);
        expect(watch.findings.list().map(({ reason }) => reason)).toEqual(['MANIFEST_WITHHELD', 'MANIFEST_WITHHELD']);
        expect(await watch.balance()).toBe(FUNDS - 2n * BOND);

        // The buyer agrees after all: the bonds come back.
        await watch.world.settle(0);
        expect(await watch.look(nowhere)).toMatchObject({ pursued: { closed: 2 } });
        expect(await watch.balance()).toBe(FUNDS);
    });
});

async function manifestOf(commitment: string): Promise<{ sessions: { leaf: string }[] }> {
    const response = await fetch(`${watch.world.committerUrl}/v1/commitments/${commitment}`);
    return (await response.json()) as { sessions: { leaf: string }[] };
}
