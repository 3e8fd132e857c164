import {
    buildInstruction,
    fetchConfig,
    findConfigAddress,
    findProgramDataAddress,
    getInitializeConfigInstructions,
    type InitializeConfigInput,
    type Params,
    PROGRAM_IDS,
} from '@ocm/sdk';
import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    expectRefusal,
    fundWallet,
    send,
    startTestCluster,
    TEST_PARAMS,
    type TestCluster,
    testKeypair,
} from '../../support/index.js';
import { PUBLIC_PARAMS } from './public-params.js';

const board = testKeypair('board').publicKey;
const guardian = testKeypair('guardian').publicKey;
const treasury = testKeypair('treasury').publicKey;

describe('initialize_config', () => {
    let cluster: TestCluster;

    beforeEach(async () => {
        cluster = await startTestCluster();
    });

    const initialize = async (overrides: Partial<InitializeConfigInput> = {}) =>
        getInitializeConfigInstructions({
            upgradeAuthority: cluster.deployer.publicKey,
            board,
            guardian,
            treasury,
            clusterTag: 0xdead_beef,
            development: true,
            feeBasisPoints: 200,
            params: TEST_PARAMS,
            ...overrides,
        });

    /** Past the SDK's own checks, as a hand-written client could send it. */
    const initializeRaw = (overrides: object): TransactionInstruction[] => [
        buildInstruction(
            'registry',
            'initializeConfig',
            {
                payer: cluster.deployer.publicKey,
                upgradeAuthority: cluster.deployer.publicKey,
                config: findConfigAddress(),
                programData: findProgramDataAddress(PROGRAM_IDS.registry),
            },
            {
                args: {
                    board,
                    guardian,
                    treasury,
                    clusterTag: 1,
                    development: true,
                    feeBasisPoints: 200,
                    params: { ...TEST_PARAMS, epochLengthsSecs: [10, 0, 0, 0] },
                    ...overrides,
                },
            },
        ),
    ];

    it('stores what it was given and says so', async () => {
        const { events } = await send(cluster, await initialize());
        expect(await fetchConfig(cluster.connection)).toEqual({
            address: findConfigAddress(),
            board,
            guardian,
            treasury,
            clusterTag: 0xdead_beef,
            development: true,
            mints: [],
            feeBasisPoints: 200,
            pauseBits: 0,
            pauseUntil: 0n,
            params: TEST_PARAMS,
            pendingParamsHash: new Uint8Array(32),
            pendingParamsAt: 0n,
            pendingAuthoritiesHash: new Uint8Array(32),
            pendingAuthoritiesAt: 0n,
            pauseStartedAt: 0n,
        });
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'ConfigInitialized',
                data: {
                    config: findConfigAddress(),
                    board,
                    guardian,
                    treasury,
                    clusterTag: 0xdead_beef,
                    development: true,
                    feeBasisPoints: 200,
                    paramsHash: expect.any(Uint8Array),
                },
            },
        ]);
    });

    it('stores the canonical bump of its address', async () => {
        await send(cluster, await initialize());
        const seeds = [new TextEncoder().encode('config')];
        const [address, bump] = PublicKey.findProgramAddressSync(seeds, PROGRAM_IDS.registry);
        // After the discriminator and the version.
        expect((await cluster.connection.getAccountInfo(address))?.data[9]).toBe(bump);
    });

    it('accepts the public parameters without development', async () => {
        await send(cluster, await initialize({ development: false, params: PUBLIC_PARAMS }));
        expect((await fetchConfig(cluster.connection))?.params).toEqual(PUBLIC_PARAMS);
    });

    it('happens once', async () => {
        await send(cluster, await initialize());
        await expectRefusal(send(cluster, await initialize()), 'system', 'AccountAlreadyInUse');
    });

    it('refuses who may not upgrade the program', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(cluster, stranger);
        const instructions = await initialize({ upgradeAuthority: stranger.publicKey });
        await expectRefusal(send(cluster, instructions, [stranger]), 'registry', 'NotUpgradeAuthority');
    });

    it.each(['board', 'guardian', 'treasury'])('refuses a missing %s', async (key) => {
        const instructions = initializeRaw({ [key]: PublicKey.default });
        await expectRefusal(send(cluster, instructions), 'registry', 'KeyMissing');
    });

    it('refuses a fee above five per cent', async () => {
        await expectRefusal(send(cluster, initializeRaw({ feeBasisPoints: 501 })), 'registry', 'FeeTooHigh');
    });

    it('refuses parameters without any epoch length', async () => {
        const instructions = await initialize({ params: { ...TEST_PARAMS, epochLengthsSecs: [0] } });
        await expectRefusal(send(cluster, instructions), 'registry', 'NoEpochLength');
    });

    it('refuses a settle window that ends before the commit window', async () => {
        const { commitDelaySecs, commitWindowSecs } = TEST_PARAMS;
        const params = { ...TEST_PARAMS, settleWindowSecs: commitDelaySecs + commitWindowSecs - 1 };
        await expectRefusal(send(cluster, await initialize({ params })), 'registry', 'SettleWindowTooShort');
    });

    const outOfRange: Partial<Params>[] = [
        { epochLengthsSecs: [86_401] },
        { commitDelaySecs: 0 },
        { commitDelaySecs: 3_601 },
        { commitWindowSecs: 86_401 },
        { proveWindowSecs: 0 },
        { challengeWindowSecs: 259_201 },
        { challengeResponseSecs: 86_401 },
        { cosignWindowSecs: 1_209_601 },
        { settleWindowSecs: 1_209_601 },
        { tokenGraceSecs: 0 },
        { unbondSecs: 2_592_001 },
        { seedDelaySlots: 31 },
        { seedDelaySlots: 257 },
        { prefundEpochs: 0 },
        { slashMultiplierBasisPoints: 9_999 },
        { slashMultiplierBasisPoints: 50_001 },
        { livenessSlashBasisPoints: 10_001 },
        { severeSlaBasisPoints: 10_001 },
        { challengeBond: 0n },
        { creditBytes: (1n << 20n) - 1n },
        { maxTokenBytes: (1n << 40n) + 1n },
    ];
    it.each(outOfRange.map((change) => [Object.entries(change).flat().join(' '), change] as const))(
        'refuses %s',
        async (_name, change) => {
            const instructions = await initialize({ params: { ...TEST_PARAMS, ...change } });
            await expectRefusal(send(cluster, instructions), 'registry', 'ParamOutOfRange');
        },
    );

    const shortWithoutDevelopment: Partial<Params>[] = [
        { epochLengthsSecs: [299] },
        { commitDelaySecs: 59 },
        { commitWindowSecs: 3_599 },
        { unbondSecs: 172_799 },
    ];
    it.each(shortWithoutDevelopment.map((change) => [Object.entries(change).flat().join(' '), change] as const))(
        'refuses %s outside development',
        async (_name, change) => {
            const params = { ...PUBLIC_PARAMS, ...change };
            const instructions = await initialize({ development: false, params });
            await expectRefusal(send(cluster, instructions), 'registry', 'ParamOutOfRange');
        },
    );
});
