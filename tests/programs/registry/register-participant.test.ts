import {
    buildInstruction,
    fetchParticipant,
    findConfigAddress,
    findParticipantAddress,
    getRegisterParticipantInstructions,
} from '@ocm/sdk';
import { type Keypair, PublicKey, SystemProgram } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createMint,
    createTestMarket,
    expectRefusal,
    fundWallet,
    readParticipant,
    send,
    type TestMarket,
    testKeypair,
} from '../../support/index.js';

describe('register_participant', () => {
    let market: TestMarket;
    let owner: Keypair;
    let payout: PublicKey;
    let participant: PublicKey;

    beforeEach(async () => {
        market = await createTestMarket();
        owner = testKeypair('owner');
        payout = testKeypair('payout').publicKey;
        participant = findParticipantAddress({ owner: owner.publicKey });
        await fundWallet(market, owner);
    });

    /** Past the SDK's own checks. */
    const registerRaw = (args: { kind: 'seller'; payout: PublicKey }) => [
        buildInstruction(
            'registry',
            'registerParticipant',
            {
                payer: owner.publicKey,
                owner: owner.publicKey,
                config: findConfigAddress(),
                stakeMint: market.mint.address,
                participant,
            },
            { args },
        ),
    ];

    it.each(['seller', 'contentProvider', 'auditor'] as const)(
        'registers a %s with nothing but its keys',
        async (kind) => {
            const stakeMint = market.mint.address;
            const input = { owner: owner.publicKey, kind, stakeMint, payout };
            const { events } = await send(market, await getRegisterParticipantInstructions(input), [owner]);
            expect(await fetchParticipant(market.connection, participant)).toEqual({
                address: participant,
                owner: owner.publicKey,
                kind,
                stakeMint,
                hot: PublicKey.default,
                hotScope: 0,
                hotExpiresAt: 0n,
                payout,
                stakeFree: 0n,
                stakeLocked: 0n,
                unbonding: [],
                slashedTotal: 0n,
                status: 'active',
                nodeCount: 0,
                activeCommitments: 0,
                activeContracts: 0,
                nextContractNonce: 0n,
                slashWindowBeganAt: 0n,
                slashWindowStake: 0n,
                slashedInWindow: 0n,
                inactiveNodes: 0,
                closedNodes: 0,
                auditorAdmittedAt: 0n,
            });
            expect(events).toEqual([
                {
                    program: 'registry',
                    name: 'ParticipantRegistered',
                    data: { participant, owner: owner.publicKey, kind, stakeMint, payout },
                },
            ]);
        },
    );

    it('lets somebody else pay the rent', async () => {
        const payer = market.deployer;
        const before = await market.connection.getBalance(owner.publicKey);
        const input = {
            owner: owner.publicKey,
            payer: payer.publicKey,
            kind: 'seller',
            stakeMint: market.mint.address,
        } as const;
        await send(market, await getRegisterParticipantInstructions(input), [payer, owner]);
        expect(await market.connection.getBalance(owner.publicKey)).toBe(before);
    });

    it('is not held up by lamports that a stranger sent to its address before', async () => {
        const fromPubkey = market.deployer.publicKey;
        // First what an empty account needs, then more than the whole account will.
        for (const lamports of [890_880, 10_000_000]) {
            await send(market, [SystemProgram.transfer({ fromPubkey, toPubkey: participant, lamports })]);
        }
        const input = { owner: owner.publicKey, kind: 'seller', stakeMint: market.mint.address } as const;
        await send(market, await getRegisterParticipantInstructions(input), [owner]);
        expect(await readParticipant(market, { address: participant })).toMatchObject({
            owner: owner.publicKey,
            stakeFree: 0n,
        });
    });

    it('refuses an owner that is registered already', async () => {
        const input = { owner: owner.publicKey, kind: 'seller', stakeMint: market.mint.address } as const;
        await send(market, await getRegisterParticipantInstructions(input), [owner]);
        const again = send(market, await getRegisterParticipantInstructions(input), [owner]);
        await expectRefusal(again, 'system', 'AccountAlreadyInUse');
    });

    it('refuses a mint that is not allowed', async () => {
        const mint = await createMint(market, { name: 'other' });
        const input = { owner: owner.publicKey, kind: 'seller', stakeMint: mint.address } as const;
        const sending = send(market, await getRegisterParticipantInstructions(input), [owner]);
        await expectRefusal(sending, 'registry', 'MintNotAllowed');
    });

    it('refuses a missing payout key', async () => {
        const sending = send(market, registerRaw({ kind: 'seller', payout: PublicKey.default }), [owner]);
        await expectRefusal(sending, 'registry', 'PayoutMissing');
    });
});
