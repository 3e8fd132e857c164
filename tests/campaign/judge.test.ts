import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSettlementTree, findDeliveryCommitmentAddress, type MarketplaceEvent, toBase64, toHex } from '@ocm/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActiveContract, evidencedSession, type FundedTrade, toEpochEvidence } from '../support/index.js';
import { History } from './history.js';
import { judgeDelivery } from './judge-delivery.js';
import type { SessionTally } from './session-tally.js';
import type { World } from './world.js';

const EPOCH = 0;
let trade: FundedTrade;
let folder: string;
let history: History;
let tallies: SessionTally[];
let events: MarketplaceEvent[];

beforeAll(async () => {
    trade = await createActiveContract();
    folder = await mkdtemp(join(tmpdir(), 'ocm-judge-'));
});
afterAll(async () => {
    await trade.market.cluster.close();
    await rm(folder, { recursive: true, force: true });
});

/** Only what the judge asks of an event: its name, and the total of a settlement. */
const event = (name: string, totalBytes = 300n) => ({ name, data: { totalBytes } }) as unknown as MarketplaceEvent;

/** Two viewers that signed what is committed, and the committer's manifest of it. */
beforeEach(async () => {
    history = new History('a test of the judge');
    const sessions = [100n, 200n].map((bytes) => evidencedSession(trade, { name: `${bytes}`, bytes, epoch: EPOCH }));
    tallies = sessions.map(({ leaf, evidence }) => ({
        tokenHash: toHex(leaf.tokenHash),
        contract: toHex(trade.contract.address.toBytes()),
        epoch: EPOCH,
        node: 'node',
        viewer: 'viewer',
        signed: [{ seq: 1, bytes: leaf.bytes, receipt: toBase64(evidence.receipt) }],
        heldSeq: 1,
        beganAtMs: 0,
        endedAtMs: 1,
    }));
    events = [event('DeliverySettled'), event('DeliveryCosigned'), event('DeliveryCommitted')];
    await writeManifest(sessions);
});

async function writeManifest(sessions: readonly ReturnType<typeof evidencedSession>[]): Promise<void> {
    const tree = buildSettlementTree(sessions.map(({ leaf }) => leaf));
    const commitment = findDeliveryCommitmentAddress({ contract: trade.contract.address, epoch: EPOCH, kind: 0 });
    const { node, contract, sessions: evidenced } = toEpochEvidence(trade, EPOCH, sessions);
    const manifest = {
        commitment: commitment.toBase58(),
        contract,
        epoch: EPOCH,
        kind: 0,
        root: toHex(tree.root),
        depth: tree.depth,
        leafCount: tree.leafCount,
        totalBytes: tree.totalBytes.toString(),
        manifestHash: '0'.repeat(64),
        sessions: evidenced.map((session) => ({ ...session, node })),
    };
    const place = join(folder, 'committer', 'commitments', commitment.toBase58());
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'manifest.json'), JSON.stringify(manifest));
}

async function judge() {
    const past = { contract: [], epochs: new Map([[EPOCH, events]]), refused: 0 };
    const world = { folder, history } as unknown as World;
    return judgeDelivery({ world, contract: trade.contract, tallies, past });
}

describe('the judge of a campaign', () => {
    it('finds nothing where every signed receipt was settled once', async () => {
        expect(await judge()).toEqual({ epochBytes: new Map([[EPOCH, 300n]]), proved: 0, residual: 0 });
        expect(history.violations).toEqual([]);
    });

    it.each<[string, () => void, RegExp]>([
        [
            'a later receipt was acknowledged',
            () => Object.assign(tallies[0] ?? {}, { heldSeq: 2 }),
            /receipt 2 was ackn/,
        ],
        ['nobody signed what is in it', () => tallies[1]?.signed.splice(0), /nobody signed/],
        [
            'a viewer signed another total',
            () => Object.assign(tallies[1]?.signed[0] ?? {}, { bytes: 7n }),
            /for 7 signed/,
        ],
        ['it is settled twice', () => events.push(event('DeliverySettled')), /settled 2 times/],
        ['it is committed twice', () => events.push(event('DeliveryCommitted')), /committed 2 times/],
        ['it is never settled', () => events.splice(0), /lost: 2 sessions/],
        ['an honest operator is challenged', () => events.push(event('LeafChallenged')), /was challenged/],
        ['another total is settled', () => events.splice(0, 1, event('DeliverySettled', 299n)), /settled 299 bytes/],
    ])('tells when %s', async (_, spoil, told) => {
        spoil();
        await judge();
        expect(history.violations.join('\n')).toMatch(told);
    });

    it('takes a receipt that no node acknowledged for no loss, and counts it', async () => {
        tallies[0]?.signed.push({ seq: 2, bytes: 150n, receipt: 'of a node that died' });
        expect(await judge()).toMatchObject({ residual: 1 });
        expect(history.violations).toEqual([]);
    });
});
