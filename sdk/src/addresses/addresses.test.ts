import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.js';
import { deriveDevelopmentProgramSeed, PROGRAM_IDS, PROGRAM_NAMES } from '../programs/ids.js';
import {
    findBidAddress,
    findBoardAddress,
    findBoardVaultAddress,
    findBountyAddress,
    findCapacityClaimAddress,
    findConfigAddress,
    findContractAddress,
    findDeliveryCommitmentAddress,
    findEscrowAddress,
    findLicenceAddress,
    findLotAddress,
    findMarketAuthorityAddress,
    findNodeAddress,
    findOfferAddress,
    findParticipantAddress,
    findPriceHistoryAddress,
    findProposalAddress,
    findProposalInstructionAddress,
    findRewardPoolAddress,
    findRewardStatusAddress,
    findSettlementAuthorityAddress,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    findVaultAddress,
} from './index.js';

const key = (fill: number) => new PublicKey(new Uint8Array(32).fill(fill));
const a = key(1);
const b = key(2);

/** Seeds written as plain bytes, so that an encoding mistake in the finders shows. */
function find(programId: PublicKey, ...parts: (string | PublicKey | number[])[]): string {
    const seeds = parts.map((part) =>
        typeof part === 'string'
            ? Uint8Array.from(part, (letter) => letter.charCodeAt(0))
            : part instanceof PublicKey
              ? part.toBytes()
              : Uint8Array.from(part),
    );
    return PublicKey.findProgramAddressSync(seeds, programId)[0].toBase58();
}

describe('addresses', () => {
    const { registry, market, settlement, governance } = PROGRAM_IDS;

    it.each([
        ['config', findConfigAddress(), find(registry, 'config')],
        ['participant', findParticipantAddress({ owner: a }), find(registry, 'part', a)],
        ['stake vault', findStakeVaultAddress({ mint: a }), find(registry, 'stake', a)],
        ['stake authority', findStakeAuthorityAddress(), find(registry, 'stake_auth')],
        ['node', findNodeAddress({ participant: a, index: 258 }), find(registry, 'node', a, [2, 1, 0, 0])],
        ['licence', findLicenceAddress({ node: a }), find(registry, 'licence', a)],
        ['capacity claim', findCapacityClaimAddress({ node: a, index: 3 }), find(market, 'claim', a, [3, 0, 0, 0])],
        [
            'offer',
            findOfferAddress({ participant: a, index: 0xffff_ffff }),
            find(market, 'offer', a, [255, 255, 255, 255]),
        ],
        [
            'contract',
            findContractAddress({ contentProvider: a, seller: b, nonce: 0x0102_0304_0506_0708n }),
            find(market, 'ctr', a, b, [8, 7, 6, 5, 4, 3, 2, 1]),
        ],
        ['vault', findVaultAddress({ contract: a }), find(market, 'vault', a)],
        ['escrow', findEscrowAddress({ holder: a }), find(market, 'vault', a)],
        ['lot', findLotAddress({ contentProvider: a, nonce: 1n }), find(market, 'lot', a, [1, 0, 0, 0, 0, 0, 0, 0])],
        ['bid', findBidAddress({ lot: a, bidder: b }), find(market, 'bid', a, b)],
        [
            'bounty',
            findBountyAddress({ contentProvider: a, nonce: 1n }),
            find(market, 'bounty', a, [1, 0, 0, 0, 0, 0, 0, 0]),
        ],
        [
            'price history',
            findPriceHistoryAddress({
                footprint: { kind: 'countrycode', value: 'us' },
                deliveryMethods: ['multicast'],
                mint: a,
            }),
            find(market, 'price', [
                ...sha256(Uint8Array.of(4, 0, 117, 115), new Uint8Array(14), Uint8Array.of(2), a.toBytes()),
            ]),
        ],
        ['market authority', findMarketAuthorityAddress(), find(market, 'authority')],
        [
            'delivery commitment',
            findDeliveryCommitmentAddress({ contract: a, epoch: 42, kind: 2 }),
            find(settlement, 'commitment', a, [42, 0, 0, 0], [2]),
        ],
        [
            'reward pool',
            findRewardPoolAddress({ creator: a, id: 258n }),
            find(settlement, 'rpool', a, [2, 1, 0, 0, 0, 0, 0, 0]),
        ],
        ['reward status', findRewardStatusAddress({ pool: a, index: 258 }), find(settlement, 'rstat', a, [2, 1, 0, 0])],
        ['settlement authority', findSettlementAuthorityAddress(), find(settlement, 'authority')],
        ['board', findBoardAddress({ creator: a, id: 258 }), find(governance, 'board', a, [2, 1, 0, 0])],
        ['board vault', findBoardVaultAddress({ board: a }), find(governance, 'board_vault', a)],
        [
            'proposal',
            findProposalAddress({ board: a, number: 258n }),
            find(governance, 'proposal', a, [2, 1, 0, 0, 0, 0, 0, 0]),
        ],
        [
            'proposal instruction',
            findProposalInstructionAddress({ proposal: a, index: 3 }),
            find(governance, 'instruction', a, [3]),
        ],
    ])('of the %s come from the seeds of the program', (_name, address, expected) => {
        expect(address.toBase58()).toBe(expected);
    });

    it.each([
        ['a fraction', () => findNodeAddress({ participant: a, index: 0.5 })],
        ['a negative index', () => findOfferAddress({ participant: a, index: -1 })],
        ['an index above 32 bits', () => findCapacityClaimAddress({ node: a, index: 2 ** 32 })],
        ['a kind above 8 bits', () => findDeliveryCommitmentAddress({ contract: a, epoch: 0, kind: 256 })],
        ['a negative nonce', () => findContractAddress({ contentProvider: a, seller: b, nonce: -1n })],
        ['a nonce above 64 bits', () => findContractAddress({ contentProvider: a, seller: b, nonce: 1n << 64n })],
    ])('refuse %s', (_name, act) => {
        expect(act).toThrow(expect.objectContaining({ code: 'MKT_SDK__ARGUMENT_INVALID' }));
    });
});

describe('program ids', () => {
    it('are the public keys of the development seeds', () => {
        expect(PROGRAM_IDS.registry.toBase58()).toBe('EXF64FKzw4nMSuuAZVrzg2SZNyUwJroWycSGXYE7F4Sc');
        expect(PROGRAM_IDS.market.toBase58()).toBe('4aH5Rft9JdEHmdQAGr6gYWCd2sDdax8ez8n5vo2a2LGX');
        expect(PROGRAM_IDS.settlement.toBase58()).toBe('4BMpA2T2x8UfGkNqp1oYqpzStPRManeaqAxQdCByZ1i2');
        expect(PROGRAM_IDS.governance.toBase58()).toBe('9zUHmSxMgpZeHASRn1xFms3DRAw24CTKXidR5NVkY7h1');
    });

    it('belong to seeds of 32 bytes that differ by program', () => {
        const seeds = PROGRAM_NAMES.map(deriveDevelopmentProgramSeed);
        expect(seeds.map((seed) => seed.length)).toEqual([32, 32, 32, 32]);
        expect(new Set(seeds.map((seed) => seed.join())).size).toBe(4);
    });
});
