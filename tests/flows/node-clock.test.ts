import { nodeStatus, STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { nowSecs, TEST_PARAMS, travel } from '../support/index.js';
import { createIssuingWorld } from './provider-world.js';

let world: Awaited<ReturnType<typeof createIssuingWorld>>;
afterEach(() => world.close());

// Four epochs of the test's contract: without the cluster's clock every token would be refused.
describe.each([
    ['behind', 40],
    ['ahead of', -40],
])("a node with the cluster's clock 40 seconds %s its own", (_, localShiftSecs) => {
    it('takes tokens of the epoch that runs on the cluster and refuses those of the last', async () => {
        world = await createIssuingWorld({ localShiftSecs });
        const { market, contract } = world.trade;
        const first = await world.issue();
        expect(await world.open(first)).toBe(200);
        const unused = await world.issue();
        travel(market, contract.epochLengthSecs + TEST_PARAMS.tokenGraceSecs);
        expect(await world.open(unused)).toBe('MKT_NODE__TOKEN_EXPIRED');
        const next = await world.issue();
        expect(next.answer.epoch).toBe(first.answer.epoch + 1);
        expect(await world.open(next)).toBe(200);
    });

    it('still judges proofs by its own clock, which is all that its viewers know', async () => {
        world = await createIssuingWorld({ localShiftSecs });
        const clusterMs = Number(nowSecs(world.trade.market)) * 1_000;
        expect(await world.open(await world.issue(), clusterMs)).toBe('MKT_NODE__PROOF_CLOCK');
        expect(await world.open(await world.issue())).toBe(200);
    });

    it('says so in its status and its metrics', async () => {
        world = await createIssuingWorld({ localShiftSecs });
        const { clusterClock } = nodeStatus.parse(await (await fetch(world.nodeUrl + STATUS_PATH)).json());
        // The end of the cluster's second.
        expect(clusterClock).toMatchObject({ offsetMs: (1 - localShiftSecs) * 1_000, isTrusted: true });
        const metrics = await (await fetch(`${world.nodeUrl}/metrics`)).text();
        expect(metrics).toMatch(
            new RegExp(`^ocm_node_cluster_clock_offset_seconds(\\{.*\\})? ${1 - localShiftSecs}$`, 'm'),
        );
        expect(metrics).toMatch(/^ocm_node_cluster_clock_trusted(\{.*\})? 1$/m);
    });
});
