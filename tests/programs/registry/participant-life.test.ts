import {
    buildInstruction,
    countsAsAuditor,
    fetchClosedParticipant,
    fetchParticipant,
    getAdmitAuditorInstructions,
    getCloseNodeInstructions,
    getCloseParticipantInstructions,
    getDeactivateNodeInstructions,
    getDismissAuditorInstructions,
    getExitParticipantInstructions,
    getRegisterParticipantInstructions,
    getRequestUnbondInstructions,
    getSetPayoutInstructions,
    getWithdrawUnbondedInstructions,
} from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    nowSecs,
    readParticipant,
    registerNode,
    registerParticipant,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    testKeypair,
    timed,
    travel,
    u32Bytes,
    u64Bytes,
} from '../../support/index.js';

describe('a participant', () => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market, { stake: 0n });
    });

    const owner = () => seller.owner.publicKey;
    const exit = async () => send(market, await getExitParticipantInstructions({ owner: owner() }), [seller.owner]);
    const close = async () => send(market, await getCloseParticipantInstructions({ owner: owner() }), [seller.owner]);
    const corrupt = (field: string, bytes: Uint8Array) =>
        corruptField(market, { program: 'registry', account: 'Participant', address: seller.address, field, bytes });

    it('names another payout key', async () => {
        const payout = testKeypair('payout').publicKey;
        const { events } = await send(market, await getSetPayoutInstructions({ owner: owner(), payout }), [
            seller.owner,
        ]);
        expect((await readParticipant(market, seller)).payout).toEqual(payout);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'PayoutSet',
                data: { participant: seller.address, payoutBefore: owner(), payoutAfter: payout },
            },
        ]);
    });

    it.each([
        ['no payout key', PublicKey.default, 'PayoutMissing'],
        ['a payout key by its hot key', testKeypair('payout').publicKey, 'NotOwner'],
    ])('refuses %s', async (_name, payout, error) => {
        const signer = error === 'NotOwner' ? seller.hot : seller.owner;
        const accounts = { owner: signer.publicKey, participant: seller.address };
        const instruction = buildInstruction('registry', 'setPayout', accounts, { payout });
        await expectRefusal(send(market, [instruction], [signer]), 'registry', error);
    });

    it('exits and closes, and its address stays used', async () => {
        await corrupt('nextContractNonce', u64Bytes(42n));
        expect((await exit()).events).toEqual([
            { program: 'registry', name: 'ParticipantExited', data: { participant: seller.address, owner: owner() } },
        ]);
        expect((await readParticipant(market, seller)).status).toBe('exiting');
        await expectRefusal(exit(), 'registry', 'ParticipantNotActive');
        await expectRefusal(registerNode(market, seller), 'registry', 'ParticipantNotActive');
        const rent = await market.connection.getBalance(seller.address);
        const { events } = await close();
        const kept = await market.connection.getBalance(seller.address);
        expect(kept).toBe(await market.connection.getMinimumBalanceForRentExemption(122));
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'ParticipantClosed',
                data: {
                    participant: seller.address,
                    owner: owner(),
                    nextContractNonce: 42n,
                    lamportsReturned: BigInt(rent - kept),
                },
            },
        ]);
        expect(await fetchParticipant(market.connection, seller.address)).toBeNull();
        expect(await fetchClosedParticipant(market.connection, seller.address)).toEqual({
            address: seller.address,
            owner: owner(),
            nextContractNonce: 42n,
            closedAt: nowSecs(market),
        });
        const again = { owner: owner(), kind: 'contentProvider', stakeMint: market.mint.address } as const;
        const registering = send(market, await getRegisterParticipantInstructions(again), [seller.owner]);
        await expectRefusal(registering, 'system', 'AccountAlreadyInUse');
        await expect(close()).rejects.toThrow();
    });

    it('does not exit with a running contract', async () => {
        await corrupt('activeContracts', u32Bytes(1));
        await expectRefusal(exit(), 'registry', 'ContractsRunning');
    });

    it('does not exit with an active node, nor close before its nodes are', async () => {
        const node = (await registerNode(market, seller)).address;
        await expectRefusal(exit(), 'registry', 'NodesRemain');
        await send(market, await getDeactivateNodeInstructions({ owner: owner(), node }), [seller.owner]);
        await exit();
        await expectRefusal(close(), 'registry', 'NodesRemain');
        await send(market, await getCloseNodeInstructions({ owner: owner(), node }), [seller.owner]);
        await close();
    });

    it('does not close before it exits, nor with stake', async () => {
        await expectRefusal(close(), 'registry', 'ParticipantNotExiting');
        seller = await registerSeller(market, { name: 'staked', stake: 5n });
        await exit();
        await expectRefusal(close(), 'registry', 'StakeRemains');
        await send(market, await getRequestUnbondInstructions({ owner: owner(), amount: 5n }), [seller.owner]);
        await expectRefusal(close(), 'registry', 'StakeRemains');
        travel(market, 600n);
        const out = { owner: owner(), stakeMint: market.mint.address, slot: 0 };
        await send(market, await getWithdrawUnbondedInstructions(out), [seller.owner]);
        await close();
    });

    it('is not closed by a stranger', async () => {
        await exit();
        const stranger = market.deployer;
        const accounts = { owner: stranger.publicKey, participant: seller.address };
        const instruction = buildInstruction('registry', 'closeParticipant', accounts, {});
        await expect(send(market, [instruction], [stranger])).rejects.toThrow();
        expect((await readParticipant(market, seller)).status).toBe('exiting');
    });
});

describe('an auditor', () => {
    let market: TestMarket;
    let auditor: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        auditor = await registerParticipant(market, { name: 'auditor', kind: 'auditor', stake: 1_000_000_000n });
    });

    const by = (board: Keypair, participant = auditor.address) => ({ board: board.publicKey, participant });
    const admit = async (board = market.board, participant = auditor.address) =>
        send(market, await getAdmitAuditorInstructions(by(board, participant)), [market.deployer, board]);
    const dismiss = async (board = market.board, participant = auditor.address) =>
        send(market, await getDismissAuditorInstructions(by(board, participant)), [market.deployer, board]);

    it('counts from its admission to its dismissal', async () => {
        expect(countsAsAuditor(await readParticipant(market, auditor))).toBe(false);
        const { result, expectDuring } = await timed(market, admit);
        const admitted = await readParticipant(market, auditor);
        const admittedAt = admitted.auditorAdmittedAt;
        expectDuring(admittedAt);
        expect(result.events).toEqual([
            { program: 'registry', name: 'AuditorAdmitted', data: { participant: auditor.address, admittedAt } },
        ]);
        expect(countsAsAuditor(admitted)).toBe(true);
        expect(countsAsAuditor({ ...admitted, stakeFree: 999_999_999n })).toBe(false);
        await expectRefusal(admit(), 'registry', 'AuditorAlreadyAdmitted');
        expect((await dismiss()).events[0]).toMatchObject({
            name: 'AuditorDismissed',
            data: { admittedAtBefore: admittedAt },
        });
        expect(countsAsAuditor(await readParticipant(market, auditor))).toBe(false);
        await expectRefusal(dismiss(), 'registry', 'AuditorNotAdmitted');
    });

    it('is admitted and dismissed by the board alone', async () => {
        await expectRefusal(admit(market.guardian), 'registry', 'NotBoard');
        await admit();
        await expectRefusal(dismiss(market.guardian), 'registry', 'NotBoard');
    });

    it('is no seller', async () => {
        const seller = await registerSeller(market);
        await expectRefusal(admit(market.board, seller.address), 'registry', 'NotAuditor');
        await expectRefusal(dismiss(market.board, seller.address), 'registry', 'NotAuditor');
    });
});
