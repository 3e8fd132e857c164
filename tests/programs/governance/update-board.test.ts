import {
    type BoardRules,
    buildInstruction,
    fetchProposalInstructions,
    getExecuteProposalInstructions,
    getUpdateBoardInstructions,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    BOARD_TIMELOCK_SECS,
    corruptField,
    createTestBoard,
    decide,
    executeInstructions,
    expectRefusal,
    fundWallet,
    pass,
    propose,
    readBoard,
    readProposal,
    send,
    startTestCluster,
    type TestBoard,
    type TestCluster,
    testKeypair,
    travel,
    u32Bytes,
    VOTING_PERIOD_SECS,
    vote,
} from '../../support/index.js';

const newcomer = testKeypair('newcomer');

describe('update_board', () => {
    let cluster: TestCluster;
    let board: TestBoard;
    let rules: BoardRules;

    beforeEach(async () => {
        cluster = await startTestCluster();
        board = await createTestBoard(cluster);
        await fundWallet(cluster, newcomer);
        rules = {
            seats: [{ member: newcomer.publicKey, weight: 5 }, { member: board.members[1].publicKey }],
            threshold: 5,
            timelockSecs: 7,
            votingPeriodSecs: 8,
        };
    });

    const update = (change: Partial<BoardRules> = {}) =>
        getUpdateBoardInstructions({ board: board.address, ...rules, ...change });

    it('replaces seats and rules by a proposal of the board itself', async () => {
        const { events } = await decide(cluster, board, await update());
        expect(await readBoard(cluster, board)).toMatchObject({
            seats: [
                { member: newcomer.publicKey, weight: 5 },
                { member: board.members[1].publicKey, weight: 1 },
            ],
            threshold: 5,
            timelockSecs: 7,
            votingPeriodSecs: 8,
            seatsEpoch: 2,
            development: true,
        });
        expect(events.map(({ name }) => name)).toEqual(['BoardUpdated', 'ProposalExecuted']);
        expect(events[0]?.data).toMatchObject({
            board: board.address,
            seatsEpoch: 2,
            thresholdBefore: 2,
            thresholdAfter: 5,
            timelockSecsBefore: BOARD_TIMELOCK_SECS,
            timelockSecsAfter: 7,
            votingPeriodSecsBefore: VOTING_PERIOD_SECS,
            votingPeriodSecsAfter: 8,
        });
    });

    it('refuses everyone but the vault, whoever holds a seat', async () => {
        const [member] = board.members;
        const seats = [{ member: member.publicKey, weight: 1 }];
        const instruction = buildInstruction(
            'governance',
            'updateBoard',
            { vault: member.publicKey, board: board.address },
            { rules: { ...rules, seats, threshold: 1 } },
        );
        await expectRefusal(send(cluster, [instruction], [member]), 'governance', 'NotVault');
    });

    it('refuses its own vault where no proposal has made it sign', async () => {
        const before = await readBoard(cluster, board);
        const [instruction] = await getUpdateBoardInstructions({ board: board.address, ...rules });
        if (!instruction) throw new Error('no instruction');
        for (const key of instruction.keys) key.isSigner = false;
        await expect(send(cluster, [instruction])).rejects.toThrow(/AccountNotSigner/);
        expect((await readBoard(cluster, board)).seats).toEqual(before.seats);
    });

    it('refuses the vault of another board', async () => {
        const other = await createTestBoard(cluster, { id: 1 });
        const instruction = buildInstruction(
            'governance',
            'updateBoard',
            { vault: other.vault, board: board.address },
            { rules: { ...rules, seats: [{ member: newcomer.publicKey, weight: 1 }], threshold: 1 } },
        );
        await expectRefusal(decide(cluster, other, [instruction]), 'governance', 'NotVault');
    });

    it('voids proposals that were queued, open or drafted before', async () => {
        const [queued, open] = [
            await propose(cluster, board, await update()),
            await propose(cluster, board, await update()),
        ];
        const change = await propose(cluster, board, await update());
        await pass(cluster, board, queued);
        await pass(cluster, board, change);
        travel(cluster, BOARD_TIMELOCK_SECS);
        await send(cluster, await executeInstructions(cluster, board, change));
        await expectRefusal(
            send(cluster, await executeInstructions(cluster, board, queued)),
            'governance',
            'SeatsChanged',
        );
        const late = vote(cluster, board, { proposal: open, member: board.members[1], ballot: 'for' });
        await expectRefusal(late, 'governance', 'SeatsChanged');
        const gone = vote(cluster, board, { proposal: open, member: board.members[0], ballot: 'for' });
        await expectRefusal(gone, 'governance', 'NotSeatHolder');
    });

    it('refuses rules that no board may have, and leaves the proposal queued', async () => {
        const accounts = { vault: board.vault, board: board.address };
        const broken = { ...rules, seats: [{ member: newcomer.publicKey, weight: 1 }], threshold: 2 };
        const instruction = buildInstruction('governance', 'updateBoard', accounts, { rules: broken });
        const proposal = await propose(cluster, board, [instruction]);
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        const execution = send(cluster, await executeInstructions(cluster, board, proposal));
        await expectRefusal(execution, 'governance', 'ThresholdInvalid');
        expect((await readProposal(cluster, proposal)).status).toBe('queued');
    });

    it('refuses to count epochs beyond what fits', async () => {
        const proposal = await propose(cluster, board, await update());
        await pass(cluster, board, proposal);
        const last = u32Bytes(0xffff_ffff);
        const field = 'seatsEpoch';
        await corruptField(cluster, {
            program: 'governance',
            account: 'Board',
            address: board.address,
            field,
            bytes: last,
        });
        await corruptField(cluster, {
            program: 'governance',
            account: 'Proposal',
            address: proposal,
            field,
            bytes: last,
        });
        travel(cluster, BOARD_TIMELOCK_SECS);
        const instructions = await fetchProposalInstructions(cluster.connection, await readProposal(cluster, proposal));
        const execution = await getExecuteProposalInstructions({ board: board.address, proposal, instructions });
        await expectRefusal(send(cluster, execution), 'governance', 'CounterOutOfRange');
    });
});
