import {
    getClaimCapacityInstructions,
    getDepositStakeInstructions,
    getPostOfferInstructions,
    getRegisterNodeInstructions,
    getRegisterParticipantInstructions,
    getSetHotKeyInstructions,
} from '@ocm/sdk';
import type { TransactionInstruction } from '@solana/web3.js';
import { at } from './addresses.js';
import { BEGINS_AT, CLAIM_RATE, NODE_RATE, OFFERS, OFFERS_EXPIRE_AT } from './offers.js';

/** What each party holds at first, base units. */
export const WALLET_TOKENS = 1_000_000_000_000n;
/** Below it an auditor's word does not count. */
export const MIN_AUDITOR_STAKE = 1_000_000_000n;
/** One seller with plenty, one that can lose half of it. */
export const STAKE: Readonly<Record<string, bigint>> = {
    s0: 500_000_000n,
    s1: 3_000_000n,
    s2: 50_000_000n,
    s3: 50_000_000n,
    a0: MIN_AUDITOR_STAKE,
    a1: 2n * MIN_AUDITOR_STAKE,
    a2: MIN_AUDITOR_STAKE,
    a3: MIN_AUDITOR_STAKE,
};
export const HOT_KEYS_EXPIRE_AT = BEGINS_AT + 29 * 86_400;

const key = (name: string) => at(name).key;

export async function partyInstructions(name: string): Promise<TransactionInstruction[]> {
    const [owner, stakeMint] = [key(`wallet:${name}`), key('mint:paid')];
    const kind = ({ s: 'seller', c: 'contentProvider', a: 'auditor' } as const)[name[0] as 's' | 'c' | 'a'];
    const address = key(`wallet:${name} hot`);
    const hotKey = {
        address,
        scopes: ['commit', 'cosign', 'prove', 'challenge'] as const,
        expiresAt: BigInt(HOT_KEYS_EXPIRE_AT),
    };
    const [stake, tokenProgram] = [STAKE[name], key('tokenProgram')];
    return [
        ...(await getRegisterParticipantInstructions({ owner, kind, stakeMint })),
        ...(await getSetHotKeyInstructions({ owner, hotKey })),
        ...(stake ? await getDepositStakeInstructions({ owner, stakeMint, amount: stake, tokenProgram }) : []),
    ];
}

export async function capacityInstructions(name: string): Promise<TransactionInstruction[][]> {
    const owner = key(`wallet:${name}`);
    const claim = (index: number) =>
        getClaimCapacityInstructions({
            owner,
            node: key(`node:${name}`),
            index,
            footprint: { kind: 'ipv4cidr', value: '192.0.2.0/24' },
            direction: 'egress',
            deliveryMethods: ['unicast', 'multicast'],
            kilobitsPerSecond: CLAIM_RATE,
            priceFloorPerGigabyte: 1n,
            validFrom: BigInt(BEGINS_AT),
            validUntil: BigInt(OFFERS_EXPIRE_AT),
        });
    const node = getRegisterNodeInstructions({
        owner,
        index: 0,
        role: 'relay',
        endpoints: [{ ip: '192.0.2.7', port: 443 }],
        asn: 64_496,
        footprintRoot: new Uint8Array(32).fill(3),
        tlsSpki: new Uint8Array(32).fill(4),
        claimEgressKilobitsPerSecond: NODE_RATE,
        claimIngressKilobitsPerSecond: 0n,
    });
    return Promise.all([node, claim(0), claim(1)]);
}

export async function offerInstructions(id: string): Promise<TransactionInstruction[]> {
    const terms = OFFERS.get(id)!;
    return getPostOfferInstructions({
        owner: key(`wallet:${terms.seller}`),
        index: terms.index,
        claims: [key(`claim:${id}`)],
        deliveryMethods: ['unicast', 'multicast'],
        pricePerGigabyte: [...terms.prices],
        commitFeePerEpoch: terms.commitFee,
        minKilobitsPerSecond: terms.minRate,
        maxKilobitsPerSecond: terms.maxRate,
        totalKilobitsPerSecond: terms.totalRate,
        minEpochs: terms.minEpochs,
        epochLengthSecs: terms.epochSecs,
        sla: { ...terms.sla, tiers: [...terms.sla.tiers] },
        splits: terms.splits.map(({ payee, basisPoints }) => ({ payee: key(`wallet:${payee}`), basisPoints })),
        expiresAt: BigInt(OFFERS_EXPIRE_AT),
    });
}
