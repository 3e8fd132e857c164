import { findProposalAddress, findProposalInstructionAddress, getExecuteProposalInstructions } from '@ocm/sdk';
import { type PublicKey, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    BOARD_TIMELOCK_SECS,
    createTestBoard,
    EXECUTION_WINDOW_SECS,
    executeInstructions,
    expectRefusal,
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
    timed,
    travel,
    vote,
} from '../../support/index.js';

const receiver = testKeypair('receiver').publicKey;
const LAMPORTS = 5_000_000;

describe('execute_proposal', () => {
    let cluster: TestCluster;
    let board: TestBoard;
    let proposal: PublicKey;

    const pay = (lamports = LAMPORTS): TransactionInstruction =>
        SystemProgram.transfer({ fromPubkey: board.vault, toPubkey: receiver, lamports });
    const execute = async () => send(cluster, await executeInstructions(cluster, board, proposal));
    const received = () => cluster.connection.getBalance(receiver);

    beforeEach(async () => {
        cluster = await startTestCluster();
        board = await createTestBoard(cluster);
        proposal = await propose(cluster, board, [pay(), pay(LAMPORTS + 1)]);
    });

    it('runs every instruction, signed by the vault, at the moment the time lock ends', async () => {
        const { expectDuring } = await timed(cluster, () => pass(cluster, board, proposal));
        const queued = await readProposal(cluster, proposal);
        expect(queued.status).toBe('queued');
        expectDuring(queued.executableAt - BigInt(BOARD_TIMELOCK_SECS));
        expect(queued.expiresAt - queued.executableAt).toBe(BigInt(EXECUTION_WINDOW_SECS));
        travel(cluster, BOARD_TIMELOCK_SECS);
        const { events, computeUnits } = await execute();
        expect(await received()).toBe(2 * LAMPORTS + 1);
        expect((await readProposal(cluster, proposal)).status).toBe('executed');
        expect(events).toEqual([
            {
                program: 'governance',
                name: 'ProposalExecuted',
                data: { proposal, board: board.address, number: 0n, instructionCount: 2 },
            },
        ]);
        expect(computeUnits).toBeLessThan(60_000);
    });

    it('happens once', async () => {
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        await execute();
        await expectRefusal(execute(), 'governance', 'ProposalNotQueued');
        expect(await received()).toBe(2 * LAMPORTS + 1);
    });

    it('cannot run itself again from within', async () => {
        const number = (await readBoard(cluster, board)).proposalCount;
        const own = findProposalAddress({ board: board.address, number });
        const again = { board: board.address, proposal: own, instructions: [] };
        proposal = await propose(cluster, board, [pay(), ...(await getExecuteProposalInstructions(again))]);
        expect(proposal).toEqual(own);
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        await expectRefusal(execute(), 'governance', 'ProposalNotQueued');
        expect(await received()).toBe(0);
    });

    it('refuses what has not passed', async () => {
        await expectRefusal(execute(), 'governance', 'ProposalNotQueued');
        await vote(cluster, board, { proposal, member: board.members[0], ballot: 'for' });
        travel(cluster, BOARD_TIMELOCK_SECS);
        await expectRefusal(execute(), 'governance', 'ProposalNotQueued');
    });

    it('refuses a second too early', async () => {
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS - 1);
        await expectRefusal(execute(), 'governance', 'TimelockNotEnded');
    });

    it('takes it in the last second of its time and refuses it in the next', async () => {
        const late = await propose(cluster, board, [pay()]);
        await pass(cluster, board, proposal);
        await pass(cluster, board, late);
        travel(cluster, BOARD_TIMELOCK_SECS + EXECUTION_WINDOW_SECS - 1);
        await execute();
        travel(cluster, 1);
        proposal = late;
        await expectRefusal(execute(), 'governance', 'ExecutionWindowOver');
    });

    it('runs all or nothing', async () => {
        proposal = await propose(cluster, board, [pay(), pay(2_000_000_000)]);
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        await expectRefusal(execute(), 'system', 'ResultWithNegativeLamports');
        expect(await received()).toBe(0);
        expect((await readProposal(cluster, proposal)).status).toBe('queued');
    });

    it('refuses another account, program, order or number of accounts than those decided on', async () => {
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        const [instruction] = await executeInstructions(cluster, board, proposal);
        if (!instruction) throw new Error('no instruction');
        const thief = testKeypair('thief').publicKey;
        const swapped = swapAccount([instruction], receiver, thief);
        await expectRefusal(send(cluster, swapped), 'governance', 'AccountMismatch');
        const wrongProgram = swapAccount([instruction], SystemProgram.programId, thief);
        await expectRefusal(send(cluster, wrongProgram), 'governance', 'AccountMismatch');
        const more = { pubkey: thief, isSigner: false, isWritable: false };
        const { programId, data, keys } = instruction;
        for (const given of [[...keys, more], keys.slice(0, -1), keys.slice(0, 4)]) {
            const changed = [{ programId, data, keys: given }] as TransactionInstruction[];
            await expectRefusal(send(cluster, changed), 'governance', 'AccountMismatch');
        }
    });

    it('refuses the instruction of another place or proposal', async () => {
        const other = await propose(cluster, board, [pay(LAMPORTS * 9)]);
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        const instructions = await executeInstructions(cluster, board, proposal);
        const first = findProposalInstructionAddress({ proposal, index: 0 });
        for (const wrong of [
            findProposalInstructionAddress({ proposal, index: 1 }),
            findProposalInstructionAddress({ proposal: other, index: 0 }),
        ]) {
            const swapped = swapAccount(instructions, first, wrong);
            await expectRefusal(send(cluster, swapped), 'governance', 'InstructionMismatch');
        }
    });

    it('refuses a proposal of another board', async () => {
        const other = await createTestBoard(cluster, { id: 1 });
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        const instructions = await executeInstructions(cluster, board, proposal);
        const swapped = swapAccount(instructions, board.address, other.address);
        await expectRefusal(send(cluster, swapped), 'governance', 'ProposalOfAnotherBoard');
    });

    it('does not lend a member’s signature: a signer besides the vault must sign the execution', async () => {
        const [member] = board.members;
        const instruction = SystemProgram.transfer({
            fromPubkey: member.publicKey,
            toPubkey: receiver,
            lamports: LAMPORTS,
        });
        proposal = await propose(cluster, board, [instruction]);
        await pass(cluster, board, proposal);
        travel(cluster, BOARD_TIMELOCK_SECS);
        const instructions = await executeInstructions(cluster, board, proposal);
        const unsigned = instructions.map(({ programId, data, keys }) => ({
            programId,
            data,
            keys: keys.map((key) => ({ ...key, isSigner: false })),
        })) as TransactionInstruction[];
        await expect(send(cluster, unsigned)).rejects.toThrow('signer privilege escalated');
        await send(cluster, instructions, [cluster.deployer, member]);
        expect(await received()).toBe(LAMPORTS);
    });
});
