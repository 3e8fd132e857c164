import {
    buildInstruction,
    type CreateBoardInput,
    fetchBoard,
    findBoardAddress,
    findBoardVaultAddress,
    getCreateBoardInstructions,
} from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    BOARD_TIMELOCK_SECS,
    boardInput,
    expectRefusal,
    fundMembers,
    fundWallet,
    send,
    startTestCluster,
    type TestCluster,
    testKeypair,
    VOTING_PERIOD_SECS,
} from '../../support/index.js';

const HOUR_SECS = 3_600;
const DAY_SECS = 86_400;

describe('create_board', () => {
    let cluster: TestCluster;
    let members: Keypair[];
    let creator: Keypair;
    let address: PublicKey;
    let vault: PublicKey;

    beforeEach(async () => {
        cluster = await startTestCluster();
        creator = testKeypair('board creator');
        address = findBoardAddress({ creator: creator.publicKey, id: 0 });
        vault = findBoardVaultAddress({ board: address });
        await fundWallet(cluster, creator);
        members = await fundMembers(cluster);
    });

    const create = async (overrides: Partial<CreateBoardInput> = {}) =>
        send(cluster, await getCreateBoardInstructions(boardInput(members, overrides)), [creator]);

    /** Past the SDK's own checks. */
    const createRaw = (change: object) => {
        const input = boardInput(members);
        const seats = members.map(({ publicKey }) => ({ member: publicKey, weight: 1 }));
        const { threshold, timelockSecs, votingPeriodSecs } = input;
        const rules = { seats, threshold, timelockSecs, votingPeriodSecs, ...change };
        const accounts = { payer: creator.publicKey, creator: creator.publicKey, board: address, vault };
        const args = { id: 0, development: false, rules };
        return send(cluster, [buildInstruction('governance', 'createBoard', accounts, { args })], [creator]);
    };

    it('stores seats and rules and says so', async () => {
        const [first, second, third] = members.map(({ publicKey }) => publicKey) as [PublicKey, PublicKey, PublicKey];
        const seats = [
            { member: first, weight: 3 },
            { member: second, weight: 1 },
            { member: third, weight: 1 },
        ];
        const { events } = await create({ seats, threshold: 4 });
        const rules = { threshold: 4, timelockSecs: BOARD_TIMELOCK_SECS, votingPeriodSecs: VOTING_PERIOD_SECS };
        expect(await fetchBoard(cluster.connection, address)).toEqual({
            address,
            creator: creator.publicKey,
            id: 0,
            development: true,
            seats,
            ...rules,
            seatsEpoch: 1,
            proposalCount: 0n,
        });
        const free = new Array(13).fill({ member: PublicKey.default, weight: 0 });
        const data = {
            board: address,
            creator: creator.publicKey,
            vault,
            development: true,
            seats: [...seats, ...free],
            ...rules,
        };
        expect(events).toEqual([{ program: 'governance', name: 'BoardCreated', data }]);
    });

    it('takes sixteen seats of one vote each, and the shortest times of a public board', async () => {
        const seats = Array.from({ length: 16 }, (_, place) => ({ member: testKeypair(`seat ${place}`).publicKey }));
        const shortest = { timelockSecs: 72 * HOUR_SECS, votingPeriodSecs: DAY_SECS };
        await create({ development: false, seats, threshold: 9, ...shortest });
        const board = await fetchBoard(cluster.connection, address);
        expect(board?.seats).toHaveLength(16);
        expect(board?.seats.every(({ weight }) => weight === 1)).toBe(true);
    });

    it('happens once at an address', async () => {
        await create();
        await expectRefusal(create(), 'system', 'AccountAlreadyInUse');
    });

    const seat = (name: string, weight = 1) => ({ member: testKeypair(name).publicKey, weight });
    const LONG = { timelockSecs: 72 * HOUR_SECS, votingPeriodSecs: DAY_SECS };
    it.each([
        ['no seat', { seats: [] }, 'SeatCountInvalid'],
        ['17 seats', { seats: Array.from({ length: 17 }, (_, n) => seat(`s${n}`)) }, 'SeatCountInvalid'],
        ['a seat without a member', { seats: [{ member: PublicKey.default, weight: 1 }] }, 'SeatMemberMissing'],
        ['a member in two seats', { seats: [seat('a'), seat('b'), seat('a')] }, 'SeatDuplicate'],
        ['a seat without weight', { seats: [seat('a'), seat('b', 0)] }, 'SeatWeightZero'],
        ['half of the weights as threshold', { seats: [seat('a'), seat('b', 3)] }, 'ThresholdInvalid'],
        ['more than all as threshold', { threshold: 4 }, 'ThresholdInvalid'],
        ['a time lock below 72 hours', { timelockSecs: 72 * HOUR_SECS - 1 }, 'TimelockOutOfRange'],
        ['a time lock above 90 days', { timelockSecs: 90 * DAY_SECS + 1 }, 'TimelockOutOfRange'],
        ['a voting period below a day', { votingPeriodSecs: DAY_SECS - 1 }, 'VotingPeriodOutOfRange'],
        ['a voting period above 30 days', { votingPeriodSecs: 30 * DAY_SECS + 1 }, 'VotingPeriodOutOfRange'],
    ])('refuses %s', async (_name, change, error) => {
        await expectRefusal(createRaw({ ...LONG, ...change }), 'governance', error);
    });

    it.each([
        ['timelockSecs', 'TimelockOutOfRange'],
        ['votingPeriodSecs', 'VotingPeriodOutOfRange'],
    ])('refuses a development board without %s', async (field, error) => {
        await create({ id: 1, [field]: 1 });
        await expectRefusal(create({ id: 2, [field]: 0 }), 'governance', error);
    });
});
