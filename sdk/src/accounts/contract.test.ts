import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { accountFixture } from '../../test/borsh-fixture.js';
import { IDLS } from '../programs/ids.js';
import { computeEpochBounds, decodeContract, findIssuerInForce } from './contract.js';

const key = (fill: number) => new PublicKey(new Uint8Array(32).fill(fill));
const none = PublicKey.default;

describe('findIssuerInForce', () => {
    const both = { issuer: [key(1), key(2)], issuerFromEpoch: [0, 5] };
    it.each([
        ['the only key', { issuer: [key(1), none], issuerFromEpoch: [0, 0] }, 9, key(1)],
        ['the first before the second begins', both, 4, key(1)],
        ['the second from its first epoch on', both, 5, key(2)],
        [
            'the first place again once it is the later',
            { issuer: [key(3), key(2)], issuerFromEpoch: [7, 5] },
            7,
            key(3),
        ],
        ['the first place when both begin together', { issuer: [key(1), key(2)], issuerFromEpoch: [3, 3] }, 3, key(1)],
        ['none before any begins', { issuer: [key(1), none], issuerFromEpoch: [2, 0] }, 1, null],
    ])('finds %s', (_name, contract, epoch, expected) => {
        expect(findIssuerInForce(contract, epoch)).toEqual(expected);
    });
});

describe('computeEpochBounds', () => {
    it('counts epochs from genesis', () => {
        const contract = { genesisAt: 1_000n, epochLengthSecs: 300 };
        expect(computeEpochBounds(contract, 0)).toEqual({ beginsAt: 1_000n, endsAt: 1_300n });
        expect(computeEpochBounds(contract, 21_844)).toEqual({ beginsAt: 6_554_200n, endsAt: 6_554_500n });
    });
});

describe('decodeContract', () => {
    it('keeps the used places of splits, claims and tiers only', () => {
        const split = (fill: number, basisPoints: number) => ({ payee: key(fill), basisPoints });
        const unused = split(0, 0);
        const tier = { metric: 1, threshold: 5, basisPoints: 100 };
        const contract = decodeContract(
            accountFixture(IDLS.market, 'Contract', {
                splits: [split(1, 9_000), split(2, 1_000), unused, unused, unused, unused, unused, unused],
                splitCount: 2,
                claims: [key(5), none, none, none],
                claimShares: [77n, 0n, 0n, 0n],
                claimCount: 1,
                sla: {
                    quorum: 3,
                    maxPenaltyBasisPoints: 1,
                    severeBasisPoints: 2,
                    slashBasisPoints: 3,
                    tiers: [tier, ...new Array(7).fill({ metric: 0, threshold: 0, basisPoints: 0 })],
                },
                state: 'underfunded',
                owed: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n],
            }),
        );
        expect(contract).toMatchObject({
            splits: [split(1, 9_000), split(2, 1_000)],
            claims: [key(5)],
            claimShares: [77n],
            sla: { tiers: [tier] },
            state: 'underfunded',
            owed: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n],
        });
    });
});
