import { fetchProposalInstructions, getAddInstructionInstructions } from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal, readProposal, send, type TestBoard, type TestCluster } from '../../support/index.js';
import { call, callee, TestDraft } from './draft.js';

describe('add_instruction and append_instruction_data', () => {
    let draft: TestDraft;
    let cluster: TestCluster;
    let board: TestBoard;
    let proposer: Keypair;
    let proposal: PublicKey;

    beforeEach(async () => {
        draft = await TestDraft.start();
        ({ cluster, board, proposer, proposal } = draft);
    });

    it.each([
        [0, 0],
        [16, 1_024],
        [3, 700],
        [16, 157],
    ])(
        'keeps an instruction of %i accounts and %i bytes, in as many transactions as it takes',
        async (accounts, bytes) => {
            await draft.create();
            const events = await draft.add(call(accounts, bytes));
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

    it('takes bytes in their order, once, and no more than announced', async () => {
        await draft.create();
        await draft.addRaw({ dataBytes: 10 });
        for (const [offset, bytes] of [
            [0, 1],
            [2, 1],
            [1, 10],
        ] as const) {
            await expectRefusal(draft.append(offset, bytes), 'governance', 'DataOutOfOrder');
        }
        await draft.append(1, 9);
        await expectRefusal(draft.append(1, 9), 'governance', 'DataOutOfOrder');
        await expectRefusal(draft.addRaw({ dataBytes: 1, data: new Uint8Array(2) }, 1), 'governance', 'DataOutOfOrder');
    });

    it('takes four instructions in their order, and none beyond the limits of one', async () => {
        await draft.create();
        await expectRefusal(draft.addRaw({}, 1), 'governance', 'InstructionOutOfOrder');
        const account = { address: callee, isSigner: false, isWritable: false };
        await expectRefusal(draft.addRaw({ accounts: new Array(17).fill(account) }), 'governance', 'TooManyAccounts');
        await expectRefusal(draft.addRaw({ dataBytes: 1_025 }), 'governance', 'DataTooLong');
        for (const index of [0, 1, 2, 3]) await draft.addRaw({}, index);
        await expectRefusal(draft.addRaw({}, 4), 'governance', 'TooManyInstructions');
    });

    it('is written and opened by its proposer and paid by one', async () => {
        await draft.create();
        await draft.addRaw({ dataBytes: 2 });
        const [, second] = board.members;
        await expectRefusal(draft.addRaw({}, 1, second), 'governance', 'NotProposer');
        await expectRefusal(draft.append(1, 1, second), 'governance', 'NotProposer');
        await expectRefusal(draft.open(second), 'governance', 'NotProposer');
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
});
