import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { TREASURY_INDEX } from '../accounts/index.js';
import {
    type AcceptOfferInput,
    type CommitDeliveryInput,
    getAcceptOfferInstructions,
    getBeginClosingInstructions,
    getCancelUnbondInstructions,
    getClaimCapacityInstructions,
    getCommitDeliveryInstructions,
    getDepositStakeInstructions,
    getFundContractInstructions,
    getInitializeConfigInstructions,
    getPostOfferInstructions,
    getRegisterNodeInstructions,
    getRegisterParticipantInstructions,
    getRequestUnbondInstructions,
    getRotateIssuerInstructions,
    getSetHotKeyInstructions,
    getWithdrawExcessInstructions,
    getWithdrawPayoutInstructions,
    type PostOfferInput,
} from './index.js';

const key = (fill: number) => new PublicKey(new Uint8Array(32).fill(fill));
const owner = key(1);
const none = PublicKey.default;
const hash = new Uint8Array(32);

const offerInput: PostOfferInput = {
    owner,
    index: 0,
    claims: [key(2)],
    pricePerGigabyte: [1n, 1n, 0n],
    commitFeePerEpoch: 0n,
    minKilobitsPerSecond: 10n,
    maxKilobitsPerSecond: 20n,
    totalKilobitsPerSecond: 30n,
    minEpochs: 2,
    epochLengthSecs: 300,
    sla: { quorum: 3, maxPenaltyBasisPoints: 0, severeBasisPoints: 0, slashBasisPoints: 0, tiers: [] },
    splits: [{ payee: owner, basisPoints: 10_000 }],
    expiresAt: 9n,
};
const post = (change: Partial<PostOfferInput>) => getPostOfferInstructions({ ...offerInput, ...change });

const offer = {
    address: key(3),
    participant: key(4),
    mint: key(5),
    claims: [key(6), key(7)],
    minEpochs: 2,
    minKilobitsPerSecond: 10n,
    maxKilobitsPerSecond: 20n,
};
const claims = [
    { address: key(6), node: key(8) },
    { address: key(7), node: key(9) },
];
const acceptInput: AcceptOfferInput = {
    contentProviderOwner: owner,
    offer,
    claims,
    nonce: 0n,
    committedKilobitsPerSecond: 15n,
    capKilobitsPerSecond: 15n,
    claimShares: [5n, 10n],
    epochCount: 2,
    genesisAt: 1n,
    issuer: key(10),
};
const accept = (change: Partial<AcceptOfferInput>) => getAcceptOfferInstructions({ ...acceptInput, ...change });

const contract = {
    address: key(11),
    contentProvider: key(12),
    seller: key(4),
    offer: key(3),
    claims: offer.claims,
    mint: key(5),
    vault: key(13),
    tokenProgram: key(14),
    epochCount: 3,
    splits: [{ payee: owner, basisPoints: 10_000 }],
    treasury: key(15),
};
const commitInput: CommitDeliveryInput = {
    authority: owner,
    contract,
    epoch: 0,
    kind: 0,
    root: hash,
    depth: 1,
    leafCount: 1,
    totalBytes: 1n,
    manifestHash: hash,
    slaSummary: { availabilityPpm: 0, errorPpm: 0, ttfbP95Ms: 0, stallPpm: 0, sessions: 0 },
};
const commit = (change: Partial<CommitDeliveryInput>) => getCommitDeliveryInstructions({ ...commitInput, ...change });

const nodeInput = {
    owner,
    index: 0,
    role: 'relay',
    endpoints: [{ ip: '192.0.2.1', port: 1 }],
    asn: 1,
    footprintRoot: hash,
    tlsSpki: hash,
    claimEgressKilobitsPerSecond: 1n,
    claimIngressKilobitsPerSecond: 0n,
} as const;

const claimInput = {
    owner,
    node: key(8),
    index: 0,
    footprint: { kind: 'any', value: '' },
    direction: 'egress',
    kilobitsPerSecond: 1n,
    priceFloorPerGigabyte: 0n,
    validFrom: 0n,
    validUntil: 1n,
} as const;

const hotKey = { address: key(2), scopes: ['commit'], expiresAt: 5n } as const;
const setHotKey = (change: object) => getSetHotKeyInstructions({ owner, hotKey: { ...hotKey, ...change } });

const configInput = {
    upgradeAuthority: owner,
    board: key(2),
    guardian: key(3),
    treasury: key(4),
    clusterTag: 0,
    development: false,
    feeBasisPoints: 0,
};

describe('the inputs of the tests below', () => {
    it('are accepted as they stand', async () => {
        const all = [post({}), accept({}), commit({}), setHotKey({})];
        all.push(getRegisterNodeInstructions(nodeInput), getClaimCapacityInstructions(claimInput));
        for (const instructions of await Promise.all(all)) expect(instructions).toHaveLength(1);
    });
});

describe('an action refuses before anything is signed', () => {
    const cases: [string, () => Promise<unknown>][] = [
        [
            'a config without board',
            () => getInitializeConfigInstructions({ ...configInput, board: none, params: {} as never }),
        ],
        [
            'a fee above 500',
            () => getInitializeConfigInstructions({ ...configInput, feeBasisPoints: 501, params: {} as never }),
        ],
        [
            'a payout key of zeros',
            () => getRegisterParticipantInstructions({ owner, kind: 'seller', stakeMint: key(2), payout: none }),
        ],
        [
            'an unknown kind',
            () => getRegisterParticipantInstructions({ owner, kind: 'beacon' as 'seller', stakeMint: key(2) }),
        ],
        ['the owner as hot key', () => setHotKey({ address: owner })],
        ['a hot key without scopes', () => setHotKey({ scopes: [] })],
        ['an unknown scope', () => setHotKey({ scopes: ['toString'] })],
        ['a hot key that never was valid', () => setHotKey({ expiresAt: 0n })],
        ['an empty deposit', () => getDepositStakeInstructions({ owner, stakeMint: key(2), amount: 0n })],
        ['a deposit above 64 bits', () => getDepositStakeInstructions({ owner, stakeMint: key(2), amount: 1n << 64n })],
        ['a negative unbonding', () => getRequestUnbondInstructions({ owner, amount: -1n })],
        ['place 4', () => getCancelUnbondInstructions({ owner, slot: 4 })],
        ['a short hash', () => getRegisterNodeInstructions({ ...nodeInput, tlsSpki: new Uint8Array(31) })],
        ['a node without rate', () => getRegisterNodeInstructions({ ...nodeInput, claimEgressKilobitsPerSecond: 0n })],
        ['a claim of nothing', () => getClaimCapacityInstructions({ ...claimInput, kilobitsPerSecond: 0n })],
        ['a claim that ends before it begins', () => getClaimCapacityInstructions({ ...claimInput, validUntil: 0n })],
        ['an offer without claims', () => post({ claims: [] })],
        ['an offer of five claims', () => post({ claims: [1, 2, 3, 4, 5].map(key) })],
        ['an offer that names a claim twice', () => post({ claims: [key(2), key(2)] })],
        ['an offer of rate 0', () => post({ minKilobitsPerSecond: 0n })],
        ['an offer whose maximum is below its minimum', () => post({ maxKilobitsPerSecond: 9n })],
        ['an offer whose total is below its maximum', () => post({ totalKilobitsPerSecond: 19n })],
        ['an offer of no epochs', () => post({ minEpochs: 0 })],
        ['splits below 10000', () => post({ splits: [{ payee: owner, basisPoints: 9_999 }] })],
        ['a split without payee', () => post({ splits: [{ payee: none, basisPoints: 10_000 }] })],
        ['no splits', () => post({ splits: [] })],
        ['a rate below the offer', () => accept({ committedKilobitsPerSecond: 9n, claimShares: [9n, 0n] })],
        ['a rate above the offer', () => accept({ committedKilobitsPerSecond: 21n, claimShares: [21n, 0n] })],
        ['a cap below the rate', () => accept({ capKilobitsPerSecond: 14n })],
        ['shares that do not add up', () => accept({ claimShares: [5n, 9n] })],
        ['a share too few', () => accept({ claimShares: [15n] })],
        [
            'two claims without shares',
            () => getAcceptOfferInstructions((({ claimShares: _, ...rest }) => rest)(acceptInput)),
        ],
        ['fewer epochs than the offer asks for', () => accept({ epochCount: 1 })],
        ['more epochs than a contract can have', () => accept({ epochCount: 21_846 })],
        ['an issuer of zeros', () => accept({ issuer: none })],
        ['claims in another order', () => accept({ claims: [...claims].reverse() })],
        ['a claim too few', () => accept({ claims: claims.slice(0, 1) })],
        ['claims of another contract', () => getBeginClosingInstructions({ contract, claims: [] })],
        ['empty funding', () => getFundContractInstructions({ funder: owner, contract, amount: 0n })],
        [
            'an empty withdrawal',
            () => getWithdrawExcessInstructions({ contentProviderOwner: owner, contract, amount: 0n }),
        ],
        [
            'issuer place 2',
            () =>
                getRotateIssuerInstructions({
                    contentProviderOwner: owner,
                    contract: key(11),
                    slot: 2,
                    issuer: key(2),
                    fromEpoch: 1,
                }),
        ],
        [
            'an issuer from epoch 0',
            () =>
                getRotateIssuerInstructions({
                    contentProviderOwner: owner,
                    contract: key(11),
                    slot: 1,
                    issuer: key(2),
                    fromEpoch: 0,
                }),
        ],
        ['an epoch after the last', () => commit({ epoch: 3 })],
        ['kind 3', () => commit({ kind: 3 as 0 })],
        ['depth 0', () => commit({ depth: 0 })],
        ['depth 21', () => commit({ depth: 21 })],
        ['more leaves than the depth holds', () => commit({ leafCount: 9 })],
        ['bytes without leaves', () => commit({ leafCount: 0 })],
        ['leaves without bytes', () => commit({ totalBytes: 0n })],
        ['a short root', () => commit({ root: new Uint8Array(31) })],
        [
            'a payee that the contract does not have',
            () => getWithdrawPayoutInstructions({ payer: owner, contract, index: 1 }),
        ],
        [
            'a payee after the treasury',
            () => getWithdrawPayoutInstructions({ payer: owner, contract, index: TREASURY_INDEX + 1 }),
        ],
    ];
    it.each(cases)('%s', async (_name, act) => {
        await expect(act()).rejects.toMatchObject({
            code: 'MKT_SDK__ARGUMENT_INVALID',
            context: { argument: expect.any(String), expected: expect.any(String) },
        });
    });

    it('what the rules of footprints and SLAs refuse', async () => {
        const footprint = { kind: 'ipv4cidr', value: '192.0.2.1/24' } as const;
        await expect(getClaimCapacityInstructions({ ...claimInput, footprint })).rejects.toMatchObject({
            code: 'MKT_CORE__FOOTPRINT_INVALID',
        });
        const sla = { ...offerInput.sla, maxPenaltyBasisPoints: 10_001 };
        await expect(post({ sla })).rejects.toMatchObject({ code: expect.stringMatching(/^MKT_CORE__/) });
        const slaSummary = { ...commitInput.slaSummary, errorPpm: 1_000_001 };
        await expect(commit({ slaSummary })).rejects.toMatchObject({ code: 'MKT_CORE__SLA_SHARE_TOO_LARGE' });
    });
});
