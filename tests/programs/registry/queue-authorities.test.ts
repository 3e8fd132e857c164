import {
    type Authorities,
    buildInstruction,
    fetchConfig,
    findConfigAddress,
    getAllowMintInstructions,
    getApplyAuthoritiesInstructions,
    getCancelAuthoritiesInstructions,
    getQueueAuthoritiesInstructions,
} from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createMint,
    createTestMarket,
    expectRefusal,
    FEE_BASIS_POINTS,
    fundWallet,
    nowSecs,
    send,
    type TestMarket,
    testKeypair,
    travel,
} from '../../support/index.js';

const newBoard = testKeypair('new board');
const AUTHORITIES: Authorities = {
    board: newBoard.publicKey,
    guardian: testKeypair('new guardian').publicKey,
    treasury: testKeypair('new treasury').publicKey,
    feeBasisPoints: 500,
};
const NO_HASH = new Uint8Array(32);

describe('queue_authorities, apply_authorities and cancel_authorities', () => {
    let market: TestMarket;

    beforeEach(async () => {
        market = await createTestMarket();
    });

    const queue = async (authorities: Authorities = AUTHORITIES, board: Keypair = market.board) =>
        send(market, await getQueueAuthoritiesInstructions({ board: board.publicKey, authorities }), [
            market.deployer,
            board,
        ]);
    /** Past the SDK's own checks. */
    const queueRaw = (change: Partial<Authorities>) => {
        const accounts = { board: market.board.publicKey, config: findConfigAddress() };
        const args = { authorities: { ...AUTHORITIES, ...change } };
        const instruction = buildInstruction('registry', 'queueAuthorities', accounts, args);
        return send(market, [instruction], [market.deployer, market.board]);
    };
    const apply = async (authorities: Authorities = AUTHORITIES) =>
        send(market, await getApplyAuthoritiesInstructions({ authorities }));
    const cancel = async (board: Keypair = market.board) =>
        send(market, await getCancelAuthoritiesInstructions({ board: board.publicKey }), [market.deployer, board]);
    const config = async () => {
        const found = await fetchConfig(market.connection);
        if (!found) throw new Error('no configuration');
        return found;
    };

    it('announces who will govern, which anyone applies after the time lock', async () => {
        const { events } = await queue();
        const readyAt = nowSecs(market) + 1n;
        const queued = await config();
        expect(queued).toMatchObject({ board: market.board.publicKey, pendingAuthoritiesAt: readyAt });
        const authoritiesHash = queued.pendingAuthoritiesHash;
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'AuthoritiesQueued',
                data: { authorities: AUTHORITIES, authoritiesHash, readyAt },
            },
        ]);
        travel(market, 1);
        const applied = await apply();
        expect(await config()).toMatchObject({
            ...AUTHORITIES,
            pendingAuthoritiesHash: NO_HASH,
            pendingAuthoritiesAt: 0n,
        });
        const authoritiesBefore = {
            board: market.board.publicKey,
            guardian: market.guardian.publicKey,
            treasury: market.treasury.publicKey,
            feeBasisPoints: FEE_BASIS_POINTS,
        };
        expect(applied.events).toEqual([
            {
                program: 'registry',
                name: 'AuthoritiesApplied',
                data: { authoritiesBefore, authoritiesAfter: AUTHORITIES },
            },
        ]);
    });

    it('leaves the old board without power and gives it to the new one', async () => {
        await queue();
        travel(market, 1);
        await apply();
        await fundWallet(market, newBoard);
        const mint = (await createMint(market, { name: 'second' })).address;
        const allow = async (board: Keypair) =>
            send(market, await getAllowMintInstructions({ board: board.publicKey, mint }), [market.deployer, board]);
        await expectRefusal(allow(market.board), 'registry', 'NotBoard');
        await allow(newBoard);
        expect((await config()).mints).toContainEqual(mint);
    });

    it('drops what was announced', async () => {
        await queue();
        const { pendingAuthoritiesHash: authoritiesHash } = await config();
        const { events } = await cancel();
        expect(events).toEqual([{ program: 'registry', name: 'AuthoritiesCancelled', data: { authoritiesHash } }]);
        travel(market, 1);
        await expectRefusal(apply(), 'registry', 'NothingQueued');
        await expectRefusal(cancel(), 'registry', 'NothingQueued');
        expect((await config()).board).toEqual(market.board.publicKey);
    });

    it.each(['guardian', 'treasury', 'stranger'])('refuses the %s', async (name) => {
        const signer = testKeypair(name);
        await fundWallet(market, signer);
        await expectRefusal(queue(AUTHORITIES, signer), 'registry', 'NotBoard');
        await queue();
        await expectRefusal(cancel(signer), 'registry', 'NotBoard');
    });

    it.each(['board', 'guardian', 'treasury'] as const)('refuses a missing %s', async (key) => {
        await expectRefusal(queueRaw({ [key]: PublicKey.default }), 'registry', 'KeyMissing');
    });

    it('keeps the hard cap of the fee', async () => {
        await expectRefusal(queueRaw({ feeBasisPoints: 501 }), 'registry', 'FeeTooHigh');
    });

    it('has one place, its time and its values', async () => {
        await queue();
        await expectRefusal(queue(), 'registry', 'QueueOccupied');
        await expectRefusal(apply(), 'registry', 'TimelockNotEnded');
        travel(market, 1);
        await expectRefusal(apply({ ...AUTHORITIES, feeBasisPoints: 499 }), 'registry', 'QueuedValueMismatch');
    });
});
