import { type Ballot, getCastVoteInstructions } from '@ocm/sdk';
import { type Keypair, type PublicKey, SystemProgram } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    BOARD_TIMELOCK_SECS,
    createTestBoard,
    EXECUTION_WINDOW_SECS,
    executeInstructions,
    expectRefusal,
    fundWallet,
    propose,
    readProposal,
    send,
    startTestCluster,
    type TestBoard,
    type TestCluster,
    testKeypair,
    timed,
    travel,
    VOTING_PERIOD_SECS,
    vote,
} from '../../support/index.js';

describe('cast_vote', () => {
    let cluster: TestCluster;
    let board: TestBoard;
    let proposal: PublicKey;
    let [first, second, third]: Keypair[] = [];

    beforeEach(async () => {
        cluster = await startTestCluster();
        board = await createTestBoard(cluster);
        [first, second, third] = board.members;
        const instruction = SystemProgram.transfer({
            fromPubkey: board.vault,
            toPubkey: testKeypair('receiver').publicKey,
            lamports: 5_000_000,
        });
        proposal = await propose(cluster, board, [instruction]);
    });

    const cast = (member: Keypair | undefined, ballot: Ballot) => {
        if (!member) throw new Error('no such member');
        return vote(cluster, board, { proposal, member, ballot });
    };
    const status = async () => (await readProposal(cluster, proposal)).status;

    it('counts each seat and queues at the threshold', async () => {
        const { events } = await cast(second, 'for');
        const data = {
            proposal,
            seat: 1,
            member: second?.publicKey,
            weight: 1,
            ballotBefore: 'none',
            ballotAfter: 'for',
            votesFor: 1,
            votesAgainst: 0,
        };
        expect(events).toEqual([{ program: 'governance', name: 'VoteCast', data }]);
        const { result: decided, expectDuring } = await timed(cluster, () => cast(third, 'for'));
        const { executableAt } = await readProposal(cluster, proposal);
        expectDuring(executableAt - BigInt(BOARD_TIMELOCK_SECS));
        const expiresAt = executableAt + BigInt(EXECUTION_WINDOW_SECS);
        expect(decided.events[1]).toEqual({
            program: 'governance',
            name: 'ProposalQueued',
            data: { proposal, votesFor: 2, threshold: 2, executableAt, expiresAt },
        });
        const queued = { status: 'queued', votesFor: 2, votesAgainst: 0, executableAt, expiresAt };
        expect(await readProposal(cluster, proposal)).toMatchObject(queued);
    });

    it('rejects at the threshold of votes against', async () => {
        await cast(first, 'against');
        const { events } = await cast(third, 'against');
        const data = { proposal, votesAgainst: 2, threshold: 2 };
        expect(events[1]).toEqual({ program: 'governance', name: 'ProposalRejected', data });
        expect(await status()).toBe('rejected');
        await expectRefusal(cast(second, 'for'), 'governance', 'ProposalNotOpen');
    });

    it('lets a seat change its mind and take its vote back', async () => {
        await cast(first, 'for');
        await cast(first, 'against');
        expect(await readProposal(cluster, proposal)).toMatchObject({ votesFor: 0, votesAgainst: 1 });
        await cast(first, 'none');
        expect(await readProposal(cluster, proposal)).toMatchObject({ votesFor: 0, votesAgainst: 0, status: 'voting' });
    });

    it('weighs seats: one that has enough weight decides alone', async () => {
        const seats = board.members.map(({ publicKey }, place) => ({
            member: publicKey,
            weight: [1, 1, 4][place] ?? 1,
        }));
        const weighted = await createTestBoard(cluster, { id: 1, seats, threshold: 4 });
        const other = await propose(cluster, weighted, [
            SystemProgram.transfer({ fromPubkey: weighted.vault, toPubkey: weighted.address, lamports: 1 }),
        ]);
        await vote(cluster, weighted, { proposal: other, member: weighted.members[0], ballot: 'for' });
        await vote(cluster, weighted, { proposal: other, member: weighted.members[1], ballot: 'for' });
        expect((await readProposal(cluster, other)).status).toBe('voting');
        await vote(cluster, weighted, { proposal: other, member: weighted.members[2], ballot: 'for' });
        expect(await readProposal(cluster, other)).toMatchObject({ status: 'queued', votesFor: 6 });
    });

    it('stops a queued proposal, which then is never executed', async () => {
        await cast(first, 'for');
        await cast(second, 'for');
        await expectRefusal(cast(third, 'for'), 'governance', 'OnlyAgainstWhileQueued');
        await expectRefusal(cast(first, 'none'), 'governance', 'OnlyAgainstWhileQueued');
        await cast(first, 'against');
        expect(await status()).toBe('queued');
        await cast(third, 'against');
        expect(await status()).toBe('rejected');
        travel(cluster, BOARD_TIMELOCK_SECS);
        const execution = send(cluster, await executeInstructions(cluster, board, proposal));
        await expectRefusal(execution, 'governance', 'ProposalNotQueued');
    });

    it('takes votes until the period ends', async () => {
        travel(cluster, VOTING_PERIOD_SECS - 1);
        await cast(first, 'for');
        travel(cluster, 1);
        await expectRefusal(cast(second, 'for'), 'governance', 'VotingOver');
    });

    it('refuses who holds no seat, a vote that stands and the board of another', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(cluster, stranger);
        await expectRefusal(cast(stranger, 'for'), 'governance', 'NotSeatHolder');
        await cast(first, 'for');
        await expectRefusal(cast(first, 'for'), 'governance', 'VoteUnchanged');
        await expectRefusal(cast(second, 'none'), 'governance', 'VoteUnchanged');
        const other = await createTestBoard(cluster, { id: 1 });
        const member = other.members[1];
        const instructions = await getCastVoteInstructions({
            member: member.publicKey,
            board: other.address,
            proposal,
            ballot: 'for',
        });
        await expectRefusal(send(cluster, instructions, [member]), 'governance', 'ProposalOfAnotherBoard');
    });
});
