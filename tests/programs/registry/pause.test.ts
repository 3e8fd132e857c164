import {
    buildInstruction,
    fetchConfig,
    findConfigAddress,
    getPauseInstructions,
    getUnpauseInstructions,
    isPaused,
    type PauseBit,
} from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createTestMarket,
    expectRefusal,
    fundWallet,
    nowSecs,
    send,
    type TestMarket,
    testKeypair,
    travel,
} from '../../support/index.js';

const WEEK_SECS = 7 * 86_400;

describe('pause and unpause', () => {
    let market: TestMarket;

    beforeEach(async () => {
        market = await createTestMarket();
    });

    const pause = async (secs: number, bits: PauseBit[] = ['newContracts'], authority: Keypair = market.guardian) => {
        const until = nowSecs(market) + BigInt(secs);
        const instructions = await getPauseInstructions({ authority: authority.publicKey, bits, until });
        return send(market, instructions, [market.deployer, authority]);
    };
    const unpause = async (authority: Keypair = market.board) =>
        send(market, await getUnpauseInstructions({ authority: authority.publicKey }), [market.deployer, authority]);
    const paused = async (bit: PauseBit) => {
        const config = await fetchConfig(market.connection);
        return config !== null && isPaused(config, bit, nowSecs(market));
    };

    it.each(['guardian', 'board'] as const)(
        'is done by the %s, for a week at most, and ends by itself',
        async (name) => {
            const authority = market[name];
            const startedAt = nowSecs(market);
            const until = startedAt + BigInt(WEEK_SECS);
            const { events } = await pause(WEEK_SECS, ['newContracts', 'auction'], authority);
            const data = { authority: authority.publicKey, bits: 3, startedAt, until };
            expect(events).toEqual([{ program: 'registry', name: 'Paused', data }]);
            const stored = { pauseBits: 3, pauseStartedAt: startedAt, pauseUntil: until };
            expect(await fetchConfig(market.connection)).toMatchObject(stored);
            expect([await paused('newContracts'), await paused('auction'), await paused('bandwidthProof')]).toEqual([
                true,
                true,
                false,
            ]);
            travel(market, WEEK_SECS - 1);
            expect(await paused('newContracts')).toBe(true);
            travel(market, 1);
            expect(await paused('newContracts')).toBe(false);
        },
    );

    it.each(['guardian', 'board'] as const)('is lifted early by the %s', async (name) => {
        await pause(100);
        const until = nowSecs(market) + 100n;
        travel(market, 10);
        const { events } = await unpause(market[name]);
        const data = { authority: market[name].publicKey, bits: 1, untilBefore: until, untilAfter: until - 90n };
        expect(events).toEqual([{ program: 'registry', name: 'Unpaused', data }]);
        expect(await paused('newContracts')).toBe(false);
        // The rest is as long as the pause really was.
        travel(market, 9);
        await expectRefusal(pause(5), 'registry', 'PauseCoolingDown');
        travel(market, 1);
        await pause(5);
    });

    it('refuses the treasury and a stranger', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        await expectRefusal(pause(5, ['auction'], stranger), 'registry', 'NotBoardOrGuardian');
        await expectRefusal(pause(5, ['auction'], market.treasury), 'registry', 'NotBoardOrGuardian');
        await pause(5);
        await expectRefusal(unpause(stranger), 'registry', 'NotBoardOrGuardian');
    });

    it.each([0, 8, 9, 0xffff])('refuses the bits %i', async (bits) => {
        const accounts = { authority: market.guardian.publicKey, config: findConfigAddress() };
        const args = { bits, until: nowSecs(market) + 5n };
        const sending = send(
            market,
            [buildInstruction('registry', 'pause', accounts, args)],
            [market.deployer, market.guardian],
        );
        await expectRefusal(sending, 'registry', 'PauseBitsInvalid');
    });

    it.each([-1, 0, WEEK_SECS + 1])('refuses an end %i seconds ahead', async (secs) => {
        await expectRefusal(pause(secs), 'registry', 'PauseUntilInvalid');
    });

    it('cannot be extended, nor follow another before as much time has passed', async () => {
        await pause(100);
        travel(market, 99);
        await expectRefusal(pause(100, ['auction']), 'registry', 'PauseInForce');
        await expectRefusal(pause(100, ['auction'], market.board), 'registry', 'PauseInForce');
        travel(market, 1);
        await expectRefusal(pause(100), 'registry', 'PauseCoolingDown');
        travel(market, 99);
        await expectRefusal(pause(100), 'registry', 'PauseCoolingDown');
        await expectRefusal(pause(100, ['auction'], market.board), 'registry', 'PauseCoolingDown');
        travel(market, 1);
        await pause(100);
    });

    it('cannot be lifted when nothing is paused', async () => {
        await expectRefusal(unpause(), 'registry', 'NotPaused');
        await pause(10);
        travel(market, 10);
        await expectRefusal(unpause(), 'registry', 'NotPaused');
    });
});
