import { findDeliveryCommitmentAddress, fromBase64, generateKeyPair, hashToken } from '@ocm/sdk';
import type { ProviderStatus } from '@ocm/sdk/http';
import { type EvidencePage, type IssuedToken, PROVIDER_STATUS_PATH, type RecordPage } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    evidencedSession,
    ownerBalance,
    readCommitment,
    readContract,
    testKeypair,
    toEpochEvidence,
    travelTo,
} from '../support/index.js';
import { type Answer, areWorkersBuilt, serve, type TestServer, type Worker } from './processes.js';
import { askToken, createViewer } from './viewer.js';
import { type AttackWorld, createAttackWorld, MEBIBYTE, OPERATOR_SECRET } from './world.js';

if (!areWorkersBuilt) process.stderr.write('SKIPPED: attacks on processes need `npx tsc -b`\n');
const keyOf = ({ token }: { token: string }) => Buffer.from(hashToken(fromBase64(token))).toString('hex');
const OBJECTS = 16;
const SOON = { timeout: 40_000, interval: 50 };
let world: AttackWorld;
let node: Worker;
let provider: Worker;
let committer: Worker;
let liar: TestServer;

describe.skipIf(!areWorkersBuilt)('an operator whose content provider is silent and whose node lies', () => {
    let honest: { key: string };
    const epoch = 0;
    beforeAll(async () => {
        world = await createAttackWorld();
        // Its committer is nowhere to be found, so that it never co-signs.
        [node, provider] = await Promise.all([world.startNode(), world.startProvider()]);
        honest = await view('/a.mp4');
        await view('/b.mp4');
        liar = await serve(embellish);
    });
    afterAll(async () => {
        await world.close();
        await liar.close();
    });

    /** A viewer that watches and signs for all of it. */
    async function view(path: string) {
        const key = generateKeyPair();
        const { body } = await askToken(provider.url, world.trade, key);
        const viewer = createViewer(world.trade, node.url, key, body as IssuedToken);
        await node.syncClock();
        expect((await viewer.open()).status).toBe(200);
        let bytes = 0;
        const onBytes = (count: number) => {
            bytes += count;
        };
        for (let objects = 1; objects <= OBJECTS; objects += 1) {
            await viewer.take(path, onBytes, new AbortController().signal);
            if (objects % 4 !== 0) continue;
            const signed = await viewer.acknowledge({ seq: objects, objects, bytes: BigInt(bytes) });
            expect(signed.status).toBe(200);
        }
        expect(bytes).toBe(OBJECTS * MEBIBYTE);
        return viewer;
    }

    /** What the node's evidence becomes on its way: at first one session twice, some invented, and of one a record is gone. */
    async function embellish(path: string): Promise<Answer> {
        const headers = { authorization: `Bearer ${OPERATOR_SECRET}` };
        const response = await fetch(node.url + path, { headers }).catch(() => null);
        // As any proxy whose connection was given up by the other side in the same moment.
        if (response === null) return { status: 502, body: '{}' };
        const body = await response.text();
        if (!response.ok) return { status: response.status, body };
        const page = JSON.parse(body) as EvidencePage | RecordPage;
        const answer = 'sessions' in page ? embellishSessions(page) : loseRecord(page);
        return { status: 200, body: JSON.stringify(answer) };
    }

    let listings = 0;
    function embellishSessions(page: EvidencePage): EvidencePage {
        const [issuer, client] = [testKeypair('false issuer'), generateKeyPair().secretSeed];
        const invented = [{ issuer }, { client }].map((change) => {
            const input = { name: `nobody by ${Object.keys(change)}`, bytes: 500_000_000n, epoch };
            return evidencedSession(world.trade, input, change);
        });
        const cut = page.sessions.map((session) =>
            keyOf(session) === honest.key ? session : { ...session, recordCount: session.recordCount - 1 },
        );
        const listed = [...cut, ...toEpochEvidence(world.trade, epoch, invented).sessions];
        listings += 1;
        const told = listings === 1 ? [...listed, ...listed] : listed;
        return { ...page, sessions: told.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)) };
    }

    function loseRecord(page: RecordPage): RecordPage {
        if (page.session === honest.key) return page;
        return { ...page, recordCount: page.recordCount - 1, records: page.records.slice(1) };
    }

    const address = () => findDeliveryCommitmentAddress({ contract: world.trade.contract.address, epoch, kind: 0 });
    const commitment = () => readCommitment(world.trade, { address: address() });

    it('A1, A2, A14: the committer leaves out what is forged, repeated, or lacks a log record', async () => {
        const { genesisAt, epochLengthSecs } = world.trade.contract;
        travelTo(world.market, genesisAt + BigInt(epochLengthSecs) + 10n);
        await node.syncClock();
        committer = await world.startCommitter(liar.url);
        await expect.poll(async () => (await commitment()).state, SOON).toBe('committed');
        const { totalBytes, leafCount } = await commitment();
        expect([totalBytes, leafCount]).toEqual([BigInt(OBJECTS * MEBIBYTE), 1]);
        for (const code of [
            'COMMITTER__EVIDENCE_REPEATED',
            'EVIDENCE__TOKEN_FORGED',
            'EVIDENCE__RECEIPT_FORGED',
            'COMMITTER__LOG_ROOT_WRONG',
        ])
            expect(committer.told()).toContain(`MKT_${code}`);
    });

    it('A9: without any co-signature the committer alone proves, settles and is paid', async () => {
        const { market, trade } = world;
        const balance = () => ownerBalance(market, market.mint, trade.seller.owner.publicKey);
        const before = await balance();
        const begunMs = performance.now();
        market.cluster.advanceSlots(trade.contract.seedDelaySlots + 2);
        await expect.poll(async () => (await commitment()).state, SOON).toBe('proven');
        const { committedAt, gross } = await commitment();
        expect(gross).toBe((BigInt(OBJECTS * MEBIBYTE) * 5_000n) / 1_000_000_000n);
        const { challengeWindowSecs } = trade.contract;
        travelTo(market, committedAt + BigInt(challengeWindowSecs));
        await expect.poll(async () => (await readContract(market, trade.contract)).paidTotal, SOON).toBe(gross);
        await expect.poll(balance, SOON).toBeGreaterThan(before);
        const status = await (await fetch(provider.url + PROVIDER_STATUS_PATH)).json();
        expect((status as ProviderStatus).commitments).toMatchObject([{ verdict: 'waiting' }]);
        const paid = (await balance()) - before;
        const secs = Math.round(performance.now() - begunMs) / 1_000;
        console.info(
            `A9: ${paid} of ${gross} to the seller without the buyer, ${challengeWindowSecs} s later at least (${secs} s here)`,
        );
    });
});
