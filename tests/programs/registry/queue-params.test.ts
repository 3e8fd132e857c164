import {
    buildInstruction,
    fetchConfig,
    findConfigAddress,
    getApplyParamsInstructions,
    getCancelParamsInstructions,
    getInitializeConfigInstructions,
    getQueueParamsInstructions,
    type Params,
} from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createTestMarket,
    expectRefusal,
    fundWallet,
    nowSecs,
    send,
    startTestCluster,
    TEST_PARAMS,
    type TestCluster,
    type TestMarket,
    testKeypair,
    travel,
} from '../../support/index.js';
import { PUBLIC_PARAMS } from './public-params.js';

const NEW_PARAMS: Params = { ...TEST_PARAMS, unbondSecs: 700, prefundEpochs: 4 };
const NO_HASH = new Uint8Array(32);

describe('queue_params, apply_params and cancel_params', () => {
    let market: TestMarket;

    beforeEach(async () => {
        market = await createTestMarket();
    });

    const queue = async (params: Params = NEW_PARAMS, board: Keypair = market.board) =>
        send(market, await getQueueParamsInstructions({ board: board.publicKey, params }), [market.deployer, board]);
    const apply = async (params: Params = NEW_PARAMS) => send(market, await getApplyParamsInstructions({ params }));
    const cancel = async (board: Keypair = market.board) =>
        send(market, await getCancelParamsInstructions({ board: board.publicKey }), [market.deployer, board]);
    const config = async () => {
        const found = await fetchConfig(market.connection);
        if (!found) throw new Error('no configuration');
        return found;
    };

    it('announces parameters, which anyone applies after the time lock', async () => {
        const { events } = await queue();
        const readyAt = nowSecs(market) + 1n;
        const queued = await config();
        expect(queued).toMatchObject({ params: TEST_PARAMS, pendingParamsAt: readyAt });
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'ParamsQueued',
                data: {
                    params: { ...NEW_PARAMS, epochLengthsSecs: [10, 60, 3_600, 0] },
                    paramsHash: queued.pendingParamsHash,
                    readyAt,
                },
            },
        ]);
        travel(market, 1);
        const applied = await apply();
        expect(await config()).toMatchObject({
            params: NEW_PARAMS,
            pendingParamsHash: NO_HASH,
            pendingParamsAt: 0n,
        });
        expect(applied.events).toEqual([
            {
                program: 'registry',
                name: 'ParamsApplied',
                data: { paramsHashBefore: expect.any(Uint8Array), paramsHashAfter: queued.pendingParamsHash },
            },
        ]);
    });

    it('drops what was announced', async () => {
        await queue();
        const { pendingParamsHash } = await config();
        const { events } = await cancel();
        const data = { paramsHash: pendingParamsHash };
        expect(events).toEqual([{ program: 'registry', name: 'ParamsCancelled', data }]);
        expect(await config()).toMatchObject({ params: TEST_PARAMS, pendingParamsHash: NO_HASH, pendingParamsAt: 0n });
        travel(market, 1);
        await expectRefusal(apply(), 'registry', 'NothingQueued');
        await expectRefusal(cancel(), 'registry', 'NothingQueued');
    });

    it.each(['guardian', 'treasury', 'stranger'])('refuses the %s', async (name) => {
        const signer = testKeypair(name);
        await fundWallet(market, signer);
        await expectRefusal(queue(NEW_PARAMS, signer), 'registry', 'NotBoard');
        await queue();
        await expectRefusal(cancel(signer), 'registry', 'NotBoard');
    });

    it('has one place', async () => {
        await queue();
        await expectRefusal(queue({ ...NEW_PARAMS, prefundEpochs: 5 }), 'registry', 'QueueOccupied');
    });

    it('refuses to apply too early and to apply other values', async () => {
        await queue();
        await expectRefusal(apply(), 'registry', 'TimelockNotEnded');
        travel(market, 1);
        await expectRefusal(apply({ ...NEW_PARAMS, prefundEpochs: 5 }), 'registry', 'QueuedValueMismatch');
    });

    it.each<[Partial<Params>, string]>([
        [{ commitDelaySecs: 3_601 }, 'ParamOutOfRange'],
        [{ settleWindowSecs: 61 }, 'SettleWindowTooShort'],
        [{ slashMultiplierBasisPoints: 50_001 }, 'ParamOutOfRange'],
    ])('refuses %j at once', async (change, error) => {
        await expectRefusal(queue({ ...NEW_PARAMS, ...change }), 'registry', error);
    });

    it('refuses parameters without any epoch length', async () => {
        const accounts = { board: market.board.publicKey, config: findConfigAddress() };
        const params = { ...NEW_PARAMS, epochLengthsSecs: [0, 0, 0, 0] };
        const instruction = buildInstruction('registry', 'queueParams', accounts, { params });
        const sending = send(market, [instruction], [market.deployer, market.board]);
        await expectRefusal(sending, 'registry', 'NoEpochLength');
    });
});

describe('the time lock where development is off', () => {
    it('is 72 hours, to the second', async () => {
        const cluster: TestCluster = await startTestCluster();
        const board = testKeypair('board');
        await fundWallet(cluster, board);
        const instructions = await getInitializeConfigInstructions({
            upgradeAuthority: cluster.deployer.publicKey,
            board: board.publicKey,
            guardian: testKeypair('guardian').publicKey,
            treasury: testKeypair('treasury').publicKey,
            clusterTag: 1,
            development: false,
            feeBasisPoints: 200,
            params: PUBLIC_PARAMS,
        });
        await send(cluster, instructions);
        const params = { ...PUBLIC_PARAMS, prefundEpochs: 7 };
        await send(cluster, await getQueueParamsInstructions({ board: board.publicKey, params }), [board]);
        const apply = async () => send(cluster, await getApplyParamsInstructions({ params }));
        travel(cluster, 72 * 3_600 - 1);
        await expectRefusal(apply(), 'registry', 'TimelockNotEnded');
        travel(cluster, 1);
        await apply();
        expect((await fetchConfig(cluster.connection))?.params).toEqual(params);
    });
});
