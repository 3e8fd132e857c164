import { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { PAUSE_BITS, type PauseBit } from '../accounts/index.js';
import {
    type BoardRules,
    getAddInstructionInstructions,
    getCastVoteInstructions,
    getCreateBoardInstructions,
    getCreateProposalInstructions,
    getPauseInstructions,
    getProposeInstructions,
    getQueueAuthoritiesInstructions,
    getQueueParamsInstructions,
    getUpdateBoardInstructions,
} from './index.js';

const key = (fill: number) => new PublicKey(new Uint8Array(32).fill(fill));
const none = PublicKey.default;
const [board, proposal, proposer] = [key(1), key(2), key(3)];
const descriptionHash = new Uint8Array(32);

const rules: BoardRules = {
    seats: [{ member: key(4) }, { member: key(5), weight: 2 }],
    threshold: 2,
    timelockSecs: 259_200,
    votingPeriodSecs: 86_400,
};
const createBoard = (change: Partial<BoardRules>) =>
    getCreateBoardInstructions({ creator: key(6), id: 0, development: false, ...rules, ...change });
const call = (accounts: number, bytes: number) =>
    new TransactionInstruction({
        programId: key(7),
        keys: Array.from({ length: accounts }, () => ({ pubkey: key(8), isSigner: false, isWritable: false })),
        data: Buffer.alloc(bytes),
    });
const add = (instruction: TransactionInstruction) =>
    getAddInstructionInstructions({ proposer, proposal, index: 0, instruction });
const propose = (instructions: TransactionInstruction[]) =>
    getProposeInstructions({ proposer, board: { address: board, proposalCount: 0n }, descriptionHash, instructions });
const authorities = { board, guardian: key(9), treasury: key(10), feeBasisPoints: 500 };
const pause = (bits: PauseBit[]) => getPauseInstructions({ authority: board, bits, until: 1n });

describe('actions of governance', () => {
    it.each([
        [0, 0, 1],
        [16, 156, 1],
        [16, 157, 2],
        [0, 1_024, 2],
        [16, 1_024, 3],
    ])('split an instruction of %i accounts and %i bytes into %i transactions', async (accounts, bytes, count) => {
        expect(await add(call(accounts, bytes))).toHaveLength(count);
    });

    it('propose in as many transactions as it takes', async () => {
        expect(await propose([call(16, 1_024), call(1, 1)])).toHaveLength(1 + 3 + 1 + 1);
    });

    it('sum the bits of a pause, each once', async () => {
        const bits = Object.keys(PAUSE_BITS) as PauseBit[];
        const [all] = await pause([...bits, ...bits]);
        expect(all?.data.readUInt16LE(8)).toBe(7);
    });

    const cases: [string, () => Promise<unknown>][] = [
        ['a board without seats', () => createBoard({ seats: [] })],
        [
            'a board of 17 seats',
            () => createBoard({ seats: Array.from({ length: 17 }, (_, n) => ({ member: key(n + 1) })) }),
        ],
        ['a seat without a member', () => createBoard({ seats: [{ member: none }], threshold: 1 })],
        ['a seat of weight 0', () => createBoard({ seats: [{ member: key(4), weight: 0 }], threshold: 1 })],
        [
            'a weight above 16 bits',
            () => createBoard({ seats: [{ member: key(4), weight: 65_536 }], threshold: 65_536 }),
        ],
        ['a member twice', () => createBoard({ seats: [{ member: key(4) }, { member: key(4) }] })],
        ['a threshold of half', () => createBoard({ threshold: 1 })],
        ['a threshold above all', () => getUpdateBoardInstructions({ board, ...rules, threshold: 4 })],
        ['a time lock below zero', () => createBoard({ timelockSecs: -1 })],
        [
            'a short hash',
            () => getCreateProposalInstructions({ proposer, board, number: 0n, descriptionHash: new Uint8Array(31) }),
        ],
        ['17 accounts', () => add(call(17, 0))],
        ['1025 bytes', () => add(call(0, 1_025))],
        ['a proposal of nothing', () => propose([])],
        ['a proposal of five instructions', () => propose(new Array(5).fill(call(0, 0)))],
        [
            'an unknown ballot',
            () => getCastVoteInstructions({ member: key(4), board, proposal, ballot: 'maybe' as 'for' }),
        ],
        ['a pause of nothing', () => pause([])],
        ['a pause of withdrawals', () => pause(['newContracts', 'withdrawals' as PauseBit])],
        [
            'authorities without treasury',
            () => getQueueAuthoritiesInstructions({ board, authorities: { ...authorities, treasury: none } }),
        ],
        [
            'a fee above 500',
            () => getQueueAuthoritiesInstructions({ board, authorities: { ...authorities, feeBasisPoints: 501 } }),
        ],
        [
            'parameters without epoch lengths',
            () => getQueueParamsInstructions({ board, params: { epochLengthsSecs: [] } as never }),
        ],
    ];
    it.each(cases)('refuse %s', async (_name, act) => {
        await expect(act()).rejects.toMatchObject({ code: 'MKT_SDK__ARGUMENT_INVALID' });
    });
});
