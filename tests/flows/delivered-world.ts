import { computeEpochBounds, getCloseCommitmentInstructions } from '@ocm/sdk';
import type { Receipt } from '@ocm/sdk/core';
import { GOOD_SERVICE, needTimeTravel, readCommitment, send, type TestSession, testSession } from '../support/index.js';
import { createReportWorld, type ReportWorld } from './report-world.js';

type SessionShape = {
    epoch?: number;
    node?: 0 | 1;
    group?: number;
    bytes: bigint;
    second?: number;
} & Partial<Receipt>;

/** A session of a node in a group, whose last byte came so many seconds into its epoch. */
function session(
    { trade, nodes }: ReportWorld,
    name: string,
    { epoch = 0, node = 0, group = 1, bytes, second = 1, ...receipt }: SessionShape,
): TestSession {
    const lastMs = computeEpochBounds(trade.contract, epoch).beginsAt * 1_000n + BigInt(second) * 1_000n;
    return testSession(
        { ...trade, node: nodes[node] ?? nodes[0] },
        { name, bytes, epoch },
        { token: { clientGroup: group, maxBytes: bytes }, receipt: { lastMs, ...receipt } },
    );
}

/** Bytes of all sessions that commitments count. */
export const DELIVERED = 100_000_001n + 50_000_002n + 40_000_003n + 7n;

/** Three settled epochs, one with a penalty, one of a viewer without a clock; and a session that no commitment counts. */
export async function createDeliveredWorld(): Promise<ReportWorld> {
    const world = await createReportWorld();
    needTimeTravel(world.trade.market);
    const a = session(world, 'a', { group: 11, bytes: 100_000_001n });
    const b = session(world, 'b', { group: 12, bytes: 50_000_002n, node: 1, ttfbP95Ms: 80, errors: 1, objects: 9 });
    const slow = { second: 9, ttfbP95Ms: 900, stallCentisecs: 30 };
    const c = session(world, 'c', { group: 12, bytes: 40_000_003n, epoch: 1, ...slow });
    const d = session(world, 'd', { group: 11, bytes: 7n, epoch: 399, lastMs: 2n ** 64n - 1n });
    const hidden = session(world, 'hidden', { epoch: 1, bytes: 5n });
    for (const { evidence } of [a, b, c, d, hidden]) {
        await world.ledger.addToken(evidence.token);
        await world.ledger.addCopy(evidence.receipt, evidence.receiptSignature);
    }
    const first = await world.settleEpoch(0, [a, b]);
    await world.settleEpoch(1, [c], { ...GOOD_SERVICE, availabilityPpm: 980_000 });
    await world.settleEpoch(399, [d]);
    // As an operator does: the account is gone, its figures are in the contract's transactions.
    const commitment = await readCommitment(world.trade, first);
    await send(world.trade.market, await getCloseCommitmentInstructions({ commitment }));
    return world;
}
