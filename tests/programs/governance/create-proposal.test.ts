import {
    findProposalAddress,
    findProposalInstructionAddress,
    getAppendInstructionDataInstructions,
    getOpenVotingInstructions,
    listBoards,
    listProposals,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestBoard,
    DESCRIPTION_HASH,
    expectRefusal,
    fundWallet,
    readBoard,
    readProposal,
    send,
    swapAccount,
    type TestBoard,
    type TestCluster,
    testKeypair,
    timed,
    VOTING_PERIOD_SECS,
} from '../../support/index.js';
import { call, TestDraft } from './draft.js';

describe('create_proposal and open_voting', () => {
    let draft: TestDraft;
    let cluster: TestCluster;
    let board: TestBoard;
    let proposer: Keypair;
    let proposal: PublicKey;

    beforeEach(async () => {
        draft = await TestDraft.start();
        ({ cluster, board, proposer, proposal } = draft);
    });

    it('is begun by who holds a seat and counted by the board', async () => {
        const { events } = await draft.create();
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
        const [found] = await listProposals(cluster.connection, { board: board.address });
        expect(found?.address).toEqual(proposal);
        expect((await listBoards(cluster.connection)).map(({ address }) => address)).toContainEqual(board.address);
        expect(await listProposals(cluster.connection, { board: board.vault })).toEqual([]);
    });

    it('is refused to a stranger and under a number that is not the next', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(cluster, stranger);
        await expectRefusal(draft.create(0n, stranger), 'governance', 'NotSeatHolder');
        await expectRefusal(draft.create(1n), 'governance', 'ProposalNumberOutOfOrder');
    });

    it('opens for votes for as long as the board says, and is sealed then', async () => {
        await draft.create();
        await draft.add(call(1, 1));
        const { result, expectDuring } = await timed(cluster, () => draft.open());
        const { votingEndsAt } = await readProposal(cluster, proposal);
        expectDuring(votingEndsAt - BigInt(VOTING_PERIOD_SECS));
        const data = { proposal, instructionCount: 1, votingEndsAt };
        expect(result.events).toEqual([{ program: 'governance', name: 'VotingOpened', data }]);
        expect((await readProposal(cluster, proposal)).status).toBe('voting');
        await expectRefusal(draft.addRaw({}, 1), 'governance', 'ProposalNotDraft');
        await expectRefusal(draft.append(1, 1), 'governance', 'ProposalNotDraft');
        await expectRefusal(draft.open(), 'governance', 'ProposalNotDraft');
    });

    it('is not opened empty or with bytes missing', async () => {
        await draft.create();
        await expectRefusal(draft.open(), 'governance', 'NoInstruction');
        await draft.addRaw({ dataBytes: 10 });
        await expectRefusal(draft.open(), 'governance', 'DataIncomplete');
        await draft.append(1, 8);
        await expectRefusal(draft.open(), 'governance', 'DataIncomplete');
        await draft.append(9, 1);
        await draft.open();
    });

    it('does not take the instruction or the board of another', async () => {
        await draft.create();
        await draft.addRaw({ dataBytes: 2 });
        const other = await createTestBoard(cluster, { id: 1 });
        const opening = await getOpenVotingInstructions({
            proposer: proposer.publicKey,
            board: other.address,
            proposal,
        });
        await expectRefusal(send(cluster, opening, [proposer]), 'governance', 'ProposalOfAnotherBoard');
        const first = findProposalInstructionAddress({ proposal, index: 0 });
        await draft.create(1n);
        const next = findProposalAddress({ board: board.address, number: 1n });
        const bytes = Uint8Array.of(1);
        const input = { proposer: proposer.publicKey, proposal: next, index: 0, offset: 1, bytes };
        const own = findProposalInstructionAddress({ proposal: next, index: 0 });
        const foreign = swapAccount(await getAppendInstructionDataInstructions(input), own, first);
        await expectRefusal(send(cluster, foreign, [proposer]), 'governance', 'InstructionMismatch');
    });

    it('is not written on when its counts are broken', async () => {
        await draft.create();
        const bytes = Uint8Array.of(9);
        await corruptField(cluster, {
            program: 'governance',
            account: 'Proposal',
            address: proposal,
            field: 'votingEndsAt',
            bytes,
        });
        await expectRefusal(draft.addRaw(), 'governance', 'InvariantBroken');
    });
});
