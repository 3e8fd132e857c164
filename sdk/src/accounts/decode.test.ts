import { PublicKey } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountFixture } from '../../test/borsh-fixture.js';
import type { IdlConst } from '../programs/idl-types.js';
import { IDLS, PROGRAM_IDS } from '../programs/ids.js';
import { dataSize } from '../programs/layout.js';
import {
    decodeBid,
    decodeBoard,
    decodeBounty,
    decodeCapacityClaim,
    decodeConfig,
    decodeContract,
    decodeDeliveryCommitment,
    decodeLot,
    decodeNode,
    decodeOffer,
    decodeParticipant,
    decodePriceHistory,
    decodeProposal,
    decodeProposalInstruction,
    decodeRewardPool,
    decodeRewardStatus,
    fetchBid,
    fetchBoard,
    fetchBounty,
    fetchCapacityClaim,
    fetchConfig,
    fetchContract,
    fetchDeliveryCommitment,
    fetchLot,
    fetchNode,
    fetchOffer,
    fetchParticipant,
    fetchPriceHistory,
    fetchProposal,
    fetchProposalInstruction,
    fetchProposalInstructions,
    fetchRewardPool,
    fetchRewardStatus,
    isPaused,
    isProposalOver,
} from './index.js';

const registry: IdlConst = IDLS.registry;
const market: IdlConst = IDLS.market;
const settlement: IdlConst = IDLS.settlement;
const governance: IdlConst = IDLS.governance;
const address = new PublicKey(new Uint8Array(32).fill(7));

const READERS = [
    { name: 'Config', idl: registry, programId: PROGRAM_IDS.registry, decode: decodeConfig, fetch: fetchConfig },
    {
        name: 'Participant',
        idl: registry,
        programId: PROGRAM_IDS.registry,
        decode: decodeParticipant,
        fetch: fetchParticipant,
    },
    { name: 'Node', idl: registry, programId: PROGRAM_IDS.registry, decode: decodeNode, fetch: fetchNode },
    {
        name: 'CapacityClaim',
        idl: market,
        programId: PROGRAM_IDS.market,
        decode: decodeCapacityClaim,
        fetch: fetchCapacityClaim,
    },
    { name: 'Offer', idl: market, programId: PROGRAM_IDS.market, decode: decodeOffer, fetch: fetchOffer },
    { name: 'Lot', idl: market, programId: PROGRAM_IDS.market, decode: decodeLot, fetch: fetchLot },
    { name: 'Bid', idl: market, programId: PROGRAM_IDS.market, decode: decodeBid, fetch: fetchBid },
    { name: 'Bounty', idl: market, programId: PROGRAM_IDS.market, decode: decodeBounty, fetch: fetchBounty },
    {
        name: 'PriceHistory',
        idl: market,
        programId: PROGRAM_IDS.market,
        decode: decodePriceHistory,
        fetch: fetchPriceHistory,
    },
    { name: 'Contract', idl: market, programId: PROGRAM_IDS.market, decode: decodeContract, fetch: fetchContract },
    {
        name: 'DeliveryCommitment',
        idl: settlement,
        programId: PROGRAM_IDS.settlement,
        decode: decodeDeliveryCommitment,
        fetch: fetchDeliveryCommitment,
    },
    {
        name: 'RewardPool',
        idl: settlement,
        programId: PROGRAM_IDS.settlement,
        decode: decodeRewardPool,
        fetch: fetchRewardPool,
    },
    {
        name: 'RewardStatus',
        idl: settlement,
        programId: PROGRAM_IDS.settlement,
        decode: decodeRewardStatus,
        fetch: fetchRewardStatus,
    },
    {
        name: 'Board',
        idl: governance,
        programId: PROGRAM_IDS.governance,
        decode: decodeBoard,
        fetch: fetchBoard,
    },
    {
        name: 'Proposal',
        idl: governance,
        programId: PROGRAM_IDS.governance,
        decode: decodeProposal,
        fetch: fetchProposal,
    },
    {
        name: 'ProposalInstruction',
        idl: governance,
        programId: PROGRAM_IDS.governance,
        decode: decodeProposalInstruction,
        fetch: fetchProposalInstruction,
    },
];

const source = (data: Uint8Array | null, owner: PublicKey) => ({
    getAccountInfo: async () =>
        data === null ? null : { data: Buffer.from(data), owner, lamports: 1, executable: false, rentEpoch: 0 },
});

describe.each(READERS)('a reader of $name', ({ name, idl, programId, decode, fetch }) => {
    const whole = accountFixture(idl, name);

    it('reads an account and says where it stands', async () => {
        expect(whole.length).toBe(dataSize(idl, name));
        expect(await fetch(source(whole, programId), address)).toEqual({ ...decode(whole), address });
    });

    it('leaves version, bump and reserved bytes out', () => {
        expect(Object.keys(decode(whole))).not.toEqual(expect.arrayContaining(['version']));
        expect(decode(whole)).not.toHaveProperty('bump');
        expect(decode(whole)).not.toHaveProperty('reserved');
    });

    it('finds nothing where nothing stands', async () => {
        expect(await fetch(source(null, programId), address)).toBeNull();
    });

    it('refuses an account of another program', async () => {
        await expect(fetch(source(whole, PublicKey.default), address)).rejects.toMatchObject({
            code: 'MKT_SDK__ACCOUNT_OWNER',
        });
    });

    it('refuses data cut at any byte', () => {
        for (let length = 0; length < whole.length; length++) {
            expect(() => decode(whole.subarray(0, length))).toThrow(
                expect.objectContaining({ code: 'MKT_SDK__ACCOUNT_TRUNCATED' }),
            );
        }
    });

    it('refuses an account of another kind', () => {
        const other = Uint8Array.from(whole);
        other[0] = (other[0] as number) ^ 1;
        expect(() => decode(other)).toThrow(expect.objectContaining({ code: 'MKT_SDK__ACCOUNT_DISCRIMINATOR' }));
    });

    it.each([0, 3, 255])('refuses layout version %i', (version) => {
        expect(() => decode(accountFixture(idl, name, { version }))).toThrow(
            expect.objectContaining({ code: 'MKT_SDK__ACCOUNT_VERSION' }),
        );
    });

    const lists = /"vec"|"type":"(bytes|string)"/.test(JSON.stringify(idl.types.find((type) => type.name === name)));
    // Defined where there are lists only: a test that is skipped looks like one that is missing.
    if (lists)
        it('believes no list that says it is longer than the data, wherever it stands', () => {
            const refused = Array.from({ length: whole.length - 13 }, (_, place) => {
                const data = whole.slice();
                data.fill(0xff, 9 + place, 13 + place);
                try {
                    return decode(data) === null;
                } catch (error) {
                    return (error as { code?: string }).code;
                }
            });
            expect(refused).toContain('MKT_SDK__ACCOUNT_DATA_INVALID');
            for (const code of new Set(refused)) expect(String(code)).toMatch(/^(false|MKT_(SDK|CORE)__\w+)$/);
        });

    it('either reads hostile bytes or refuses them by a code', () => {
        fc.assert(
            fc.property(fc.uint8Array({ minLength: whole.length, maxLength: whole.length }), (noise) => {
                noise.set(whole.subarray(0, 9));
                try {
                    decode(noise);
                } catch (error) {
                    expect(error).toMatchObject({ code: expect.stringMatching(/^MKT_(SDK|CORE)__/) });
                }
            }),
        );
    });
});

describe('decoding', () => {
    it('puts a price history that has gone round into the order of time', () => {
        const clearings = Array.from({ length: 32 }, (_, place) => ({
            pricePerGigabyte: BigInt(place < 3 ? 32 + place : place),
            kilobitsPerSecond: 1n,
            at: 0n,
        }));
        const history = decodePriceHistory(accountFixture(market, 'PriceHistory', { count: 35n, clearings }));
        const prices = history.clearings.map(({ pricePerGigabyte }) => pricePerGigabyte);
        expect(prices).toEqual(Array.from({ length: 32 }, (_, place) => BigInt(place + 3)));
    });

    it('refuses a variant that an enum does not have', () => {
        const data = accountFixture(registry, 'Node');
        data[8 + 1 + 1 + 32 + 4] = 3;
        expect(() => decodeNode(data)).toThrow(expect.objectContaining({ code: 'MKT_SDK__ACCOUNT_DATA_INVALID' }));
    });

    it('drops free places and keeps the places of what is used', () => {
        const mint = new PublicKey(new Uint8Array(32).fill(9));
        const free = { amount: 0n, readyAt: 0n };
        const participant = decodeParticipant(
            accountFixture(registry, 'Participant', { unbonding: [free, free, { amount: 5n, readyAt: 9n }, free] }),
        );
        expect(participant.unbonding).toEqual([{ slot: 2, amount: 5n, readyAt: 9n }]);
        const mints = [PublicKey.default, mint, PublicKey.default, PublicKey.default];
        expect(decodeConfig(accountFixture(registry, 'Config', { mints })).mints).toEqual([mint]);
    });

    it('reads the instruction of a proposal with its lists, and drops free seats of a board', () => {
        const account = { address, isSigner: true, isWritable: false };
        const fields = { programId: address, index: 2, dataBytes: 3, accounts: [account], data: Uint8Array.of(1, 2) };
        const stored = decodeProposalInstruction(accountFixture(governance, 'ProposalInstruction', fields));
        expect(stored).toMatchObject({ index: 2, dataBytes: 3 });
        expect(stored.instruction.keys).toEqual([{ pubkey: address, isSigner: true, isWritable: false }]);
        expect([...stored.instruction.data]).toEqual([1, 2]);
        const seats = new Array(16)
            .fill({ member: PublicKey.default, weight: 0 })
            .fill({ member: address, weight: 5 }, 0, 2);
        const board = decodeBoard(accountFixture(governance, 'Board', { seats, seatCount: 2 }));
        expect(board.seats).toEqual([seats[0], seats[1]]);
    });

    it('names the instruction of a proposal that is not there', async () => {
        const missing = fetchProposalInstructions(source(null, PROGRAM_IDS.governance), {
            address,
            instructionCount: 1,
        });
        await expect(missing).rejects.toMatchObject({ code: 'MKT_SDK__ACCOUNT_MISSING' });
    });

    it('tells what is paused, and when no more', () => {
        const config = { pauseBits: 5, pauseUntil: 100n };
        expect([isPaused(config, 'newContracts', 99n), isPaused(config, 'bandwidthProof', 99n)]).toEqual([true, true]);
        expect([isPaused(config, 'auction', 99n), isPaused(config, 'newContracts', 100n)]).toEqual([false, false]);
    });

    it.each([
        ['draft', 1, false],
        ['draft', 2, true],
        ['voting', 1, false],
        ['queued', 1, false],
        ['executed', 1, true],
        ['rejected', 1, true],
        ['cancelled', 1, true],
    ] as const)(
        'tells whether a proposal that is %s can still come to something in epoch %i',
        (status, seatsEpoch, over) => {
            const times = { votingEndsAt: 10n, expiresAt: 10n };
            const proposal = decodeProposal(
                accountFixture(governance, 'Proposal', { status, seatsEpoch: 1, ...times }),
            );
            expect(isProposalOver(proposal, { seatsEpoch }, 9n)).toBe(over);
            expect(isProposalOver(proposal, { seatsEpoch }, 10n)).toBe(
                over || status === 'voting' || status === 'queued',
            );
        },
    );
});
