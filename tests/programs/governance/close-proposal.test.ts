import {
    fetchProposal,
    findProposalInstructionAddress,
    getCancelProposalInstructions,
    getCloseProposalInstructions,
    isProposalOver,
} from '@ocm/sdk';
import { type PublicKey, SystemProgram } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    BOARD_TIMELOCK_SECS,
    createTestBoard,
    EXECUTION_WINDOW_SECS,
    executeInstructions,
    expectRefusal,
    nowSecs,
    pass,
    propose,
    readBoard,
    readProposal,
    send,
    startTestCluster,
    swapAccount,
    type TestBoard,
    type TestCluster,
    testKeypair,
    travel,
    VOTING_PERIOD_SECS,
} from '../../support/index.js';

describe('cancel_proposal and close_proposal', () => {
    let cluster: TestCluster;
    let board: TestBoard;
    let proposal: PublicKey;

    beforeEach(async () => {
        cluster = await startTestCluster();
        board = await createTestBoard(cluster);
        const payment = { fromPubkey: board.vault, toPubkey: testKeypair('receiver').publicKey, lamports: 5_000_000 };
        proposal = await propose(cluster, board, [SystemProgram.transfer(payment), SystemProgram.transfer(payment)]);
    });

    const closing = async () => getCloseProposalInstructions({ proposal: await readProposal(cluster, proposal) });
    const close = async () => send(cluster, await closing());
    const cancel = async (member = board.members[0]) =>
        send(cluster, await getCancelProposalInstructions({ proposer: member.publicKey, proposal }), [member]);
    const isOver = async () =>
        isProposalOver(await readProposal(cluster, proposal), await readBoard(cluster, board), nowSecs(cluster));

    it('is cancelled by its proposer and closed by anyone, with the rent of all its accounts back', async () => {
        const { events } = await cancel();
        const proposer = board.members[0].publicKey;
        expect(events).toEqual([{ program: 'governance', name: 'ProposalCancelled', data: { proposal, proposer } }]);
        const accounts = [0, 1].map((index) => findProposalInstructionAddress({ proposal, index }));
        const rents = await Promise.all([proposal, ...accounts].map((each) => cluster.connection.getBalance(each)));
        const before = await cluster.connection.getBalance(proposer);
        const closed = await close();
        const data = { proposal, status: 'cancelled', rentPayer: proposer };
        expect(closed.events).toEqual([{ program: 'governance', name: 'ProposalClosed', data }]);
        const rent = rents.reduce((sum, each) => sum + each, 0);
        expect(await cluster.connection.getBalance(proposer)).toBe(before + rent);
        for (const each of [proposal, ...accounts]) expect(await cluster.connection.getAccountInfo(each)).toBeNull();
        expect(await fetchProposal(cluster.connection, proposal)).toBeNull();
    });

    it('refuses to cancel for another and once it is decided', async () => {
        await expectRefusal(cancel(board.members[1]), 'governance', 'NotProposer');
        await pass(cluster, board, proposal);
        await expectRefusal(cancel(), 'governance', 'ProposalDecided');
    });

    it('is closed when it was executed', async () => {
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        await expectRefusal(close(), 'governance', 'ProposalStillOpen');
        await send(cluster, await executeInstructions(cluster, board, proposal));
        expect((await close()).events[0]?.data).toMatchObject({ status: 'executed' });
    });

    it('is closed when its votes did not come in time, and not a second before', async () => {
        travel(cluster, VOTING_PERIOD_SECS - 1);
        expect(await isOver()).toBe(false);
        await expectRefusal(close(), 'governance', 'ProposalStillOpen');
        travel(cluster, 1);
        expect(await isOver()).toBe(true);
        expect((await close()).events[0]?.data).toMatchObject({ status: 'voting' });
    });

    it('is closed when it was not executed in time, and not a second before', async () => {
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS + EXECUTION_WINDOW_SECS - 1);
        expect(await isOver()).toBe(false);
        await expectRefusal(close(), 'governance', 'ProposalStillOpen');
        travel(cluster, 1);
        expect(await isOver()).toBe(true);
        expect((await close()).events[0]?.data).toMatchObject({ status: 'queued' });
    });

    it('refuses another receiver of the rent, other accounts and another board', async () => {
        await cancel();
        const instructions = await closing();
        const [proposer, thief] = board.members;
        const stolen = swapAccount(instructions, proposer.publicKey, thief.publicKey);
        await expectRefusal(send(cluster, stolen), 'governance', 'WrongRentPayer');
        const [first, second] = [0, 1].map((index) => findProposalInstructionAddress({ proposal, index })) as [
            PublicKey,
            PublicKey,
        ];
        await expectRefusal(
            send(cluster, swapAccount(instructions, first, second)),
            'governance',
            'InstructionMismatch',
        );
        const incomplete = await getCloseProposalInstructions({
            proposal: { ...(await readProposal(cluster, proposal)), instructionCount: 1 },
        });
        await expectRefusal(send(cluster, incomplete), 'governance', 'AccountMismatch');
        const other = await createTestBoard(cluster, { id: 1 });
        const foreign = swapAccount(instructions, board.address, other.address);
        await expectRefusal(send(cluster, foreign), 'governance', 'ProposalOfAnotherBoard');
    });
});
