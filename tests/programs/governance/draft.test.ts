import {
    buildInstruction,
    fetchProposalInstructions,
    findProposalAddress,
    findProposalInstructionAddress,
    getAddInstructionInstructions,
    getAppendInstructionDataInstructions,
    getCreateProposalInstructions,
    getOpenVotingInstructions,
} from '@ocm/sdk';
import { type Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestBoard,
    DESCRIPTION_HASH,
    expectRefusal,
    fundWallet,
    nowSecs,
    readBoard,
    readProposal,
    send,
    startTestCluster,
    swapAccount,
    type TestBoard,
    type TestCluster,
    testKeypair,
    VOTING_PERIOD_SECS,
} from '../../support/index.js';

const callee = testKeypair('callee').publicKey;

/** An instruction of a number of accounts and bytes. */
function call(accounts: number, bytes: number): TransactionInstruction {
    const keys = Array.from({ length: accounts }, (_, place) => ({
        pubkey: new PublicKey(new Uint8Array(32).fill(place + 1)),
        isSigner: place % 3 === 0,
        isWritable: place % 2 === 0,
    }));
    const data = Buffer.from(Array.from({ length: bytes }, (_, place) => (place * 7) % 256));
    return new TransactionInstruction({ programId: callee, keys, data });
}

describe('a draft', () => {
    let cluster: TestCluster;
    let board: TestBoard;
    let proposer: Keypair;
    let proposal: PublicKey;

    beforeEach(async () => {
        cluster = await startTestCluster();
        board = await createTestBoard(cluster);
        [proposer] = board.members;
        proposal = findProposalAddress({ board: board.address, number: 0n });
    });

    const create = async (number = 0n, by: Keypair = proposer) => {
        const input = { proposer: by.publicKey, board: board.address, number, descriptionHash: DESCRIPTION_HASH };
        return send(cluster, await getCreateProposalInstructions(input), [by]);
    };
    const add = async (instruction: TransactionInstruction, index = 0) => {
        const each = await getAddInstructionInstructions({
            proposer: proposer.publicKey,
            proposal,
            index,
            instruction,
        });
        const sent = [];
        for (const one of each) sent.push(await send(cluster, [one], [proposer]));
        return sent.flatMap(({ events }) => events);
    };
    /** Past the SDK's own checks. */
    const addRaw = (change: object, index = 0, by = proposer) => {
        const accounts = {
            rentPayer: by.publicKey,
            proposer: by.publicKey,
            proposal,
            instruction: findProposalInstructionAddress({ proposal, index }),
        };
        const args = { index, programId: callee, accounts: [], dataBytes: 1, data: Uint8Array.of(1), ...change };
        return send(cluster, [buildInstruction('governance', 'addInstruction', accounts, { args })], [by]);
    };
    const append = async (offset: number, bytes: number, index = 0, by = proposer) => {
        const input = { proposer: by.publicKey, proposal, index, offset, bytes: new Uint8Array(bytes).fill(5) };
        return send(cluster, await getAppendInstructionDataInstructions(input), [by]);
    };
    const open = async (by = proposer) =>
        send(cluster, await getOpenVotingInstructions({ proposer: by.publicKey, board: board.address, proposal }), [
            by,
        ]);

    it('is begun by who holds a seat and counted by the board', async () => {
        const { events } = await create();
        const data = {
            proposal,
            board: board.address,
            number: 0n,
            proposer: proposer.publicKey,
            descriptionHash: DESCRIPTION_HASH,
            seatsEpoch: 1,
        };
        expect(events).toEqual([{ program: 'governance', name: 'ProposalCreated', data }]);
        expect(await readProposal(cluster, proposal)).toEqual({
            address: proposal,
            board: board.address,
            number: 0n,
            proposer: proposer.publicKey,
            rentPayer: proposer.publicKey,
            descriptionHash: DESCRIPTION_HASH,
            status: 'draft',
            seatsEpoch: 1,
            instructionCount: 0,
            missingDataBytes: 0,
            ballots: new Array(16).fill('none'),
            votesFor: 0,
            votesAgainst: 0,
            votingEndsAt: 0n,
            executableAt: 0n,
            expiresAt: 0n,
        });
        expect((await readBoard(cluster, board)).proposalCount).toBe(1n);
    });

    it('is refused to a stranger and under a number that is not the next', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(cluster, stranger);
        await expectRefusal(create(0n, stranger), 'governance', 'NotSeatHolder');
        await expectRefusal(create(1n), 'governance', 'ProposalNumberOutOfOrder');
    });

    it.each([
        [0, 0],
        [16, 1_024],
        [3, 700],
        [16, 157],
    ])(
        'keeps an instruction of %i accounts and %i bytes, in as many transactions as it takes',
        async (accounts, bytes) => {
            await create();
            const events = await add(call(accounts, bytes));
            expect(events[0]).toMatchObject({
                name: 'InstructionAdded',
                data: { proposal, index: 0, programId: callee, accountCount: accounts, dataBytes: bytes },
            });
            expect(events.at(-1)?.data).toMatchObject({ missingDataBytes: 0 });
            expect(events.slice(1).every(({ name }) => name === 'InstructionDataAppended')).toBe(true);
            const [stored] = await fetchProposalInstructions(cluster.connection, await readProposal(cluster, proposal));
            expect(stored).toMatchObject({ proposal, index: 0, dataBytes: bytes });
            expect(stored?.instruction.programId).toEqual(callee);
            expect(stored?.instruction.keys).toEqual(call(accounts, bytes).keys);
            expect(Buffer.from(stored?.instruction.data ?? []).equals(call(accounts, bytes).data)).toBe(true);
        },
    );

    it('opens for votes for as long as the board says, and is sealed then', async () => {
        await create();
        await add(call(1, 1));
        const { events } = await open();
        const votingEndsAt = nowSecs(cluster) + BigInt(VOTING_PERIOD_SECS);
        const data = { proposal, instructionCount: 1, votingEndsAt };
        expect(events).toEqual([{ program: 'governance', name: 'VotingOpened', data }]);
        expect(await readProposal(cluster, proposal)).toMatchObject({ status: 'voting', votingEndsAt });
        await expectRefusal(addRaw({}, 1), 'governance', 'ProposalNotDraft');
        await expectRefusal(append(1, 1), 'governance', 'ProposalNotDraft');
        await expectRefusal(open(), 'governance', 'ProposalNotDraft');
    });

    it('is not opened empty or with bytes missing', async () => {
        await create();
        await expectRefusal(open(), 'governance', 'NoInstruction');
        await addRaw({ dataBytes: 10 });
        await expectRefusal(open(), 'governance', 'DataIncomplete');
        await append(1, 8);
        await expectRefusal(open(), 'governance', 'DataIncomplete');
        await append(9, 1);
        await open();
    });

    it('takes bytes in their order, once, and no more than announced', async () => {
        await create();
        await addRaw({ dataBytes: 10 });
        for (const [offset, bytes] of [
            [0, 1],
            [2, 1],
            [1, 10],
        ] as const) {
            await expectRefusal(append(offset, bytes), 'governance', 'DataOutOfOrder');
        }
        await append(1, 9);
        await expectRefusal(append(1, 9), 'governance', 'DataOutOfOrder');
        await expectRefusal(addRaw({ dataBytes: 1, data: new Uint8Array(2) }, 1), 'governance', 'DataOutOfOrder');
    });

    it('takes four instructions in their order, and none beyond the limits of one', async () => {
        await create();
        await expectRefusal(addRaw({}, 1), 'governance', 'InstructionOutOfOrder');
        const account = { address: callee, isSigner: false, isWritable: false };
        await expectRefusal(addRaw({ accounts: new Array(17).fill(account) }), 'governance', 'TooManyAccounts');
        await expectRefusal(addRaw({ dataBytes: 1_025 }), 'governance', 'DataTooLong');
        for (const index of [0, 1, 2, 3]) await addRaw({}, index);
        await expectRefusal(addRaw({}, 4), 'governance', 'TooManyInstructions');
    });

    it('is written and opened by its proposer and paid by one', async () => {
        await create();
        await addRaw({ dataBytes: 2 });
        const [, second] = board.members;
        await expectRefusal(addRaw({}, 1, second), 'governance', 'NotProposer');
        await expectRefusal(append(1, 1, 0, second), 'governance', 'NotProposer');
        await expectRefusal(open(second), 'governance', 'NotProposer');
        const [instruction] = await getAddInstructionInstructions({
            proposer: proposer.publicKey,
            rentPayer: second.publicKey,
            proposal,
            index: 1,
            instruction: call(0, 0),
        });
        const paidByAnother = send(cluster, instruction ? [instruction] : [], [second, proposer]);
        await expectRefusal(paidByAnother, 'governance', 'WrongRentPayer');
    });

    it('does not take the instruction or the board of another', async () => {
        await create();
        await addRaw({ dataBytes: 2 });
        const other = await createTestBoard(cluster, { id: 1 });
        const opening = await getOpenVotingInstructions({
            proposer: proposer.publicKey,
            board: other.address,
            proposal,
        });
        await expectRefusal(send(cluster, opening, [proposer]), 'governance', 'ProposalOfAnotherBoard');
        const first = findProposalInstructionAddress({ proposal, index: 0 });
        await create(1n);
        proposal = findProposalAddress({ board: board.address, number: 1n });
        const bytes = Uint8Array.of(1);
        const input = { proposer: proposer.publicKey, proposal, index: 0, offset: 1, bytes };
        const own = findProposalInstructionAddress({ proposal, index: 0 });
        const foreign = swapAccount(await getAppendInstructionDataInstructions(input), own, first);
        await expectRefusal(send(cluster, foreign, [proposer]), 'governance', 'InstructionMismatch');
    });

    it('is not written on when its counts are broken', async () => {
        await create();
        const bytes = Uint8Array.of(9);
        await corruptField(cluster, {
            program: 'governance',
            account: 'Proposal',
            address: proposal,
            field: 'votingEndsAt',
            bytes,
        });
        await expectRefusal(addRaw({}), 'governance', 'InvariantBroken');
    });
});
