import {
    type Bounty,
    type CapacityClaim,
    type CreateBountyInput,
    fetchBounty,
    findBountyAddress,
    getClaimBountyInstructions,
    getCreateBountyInstructions,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import {
    claimCapacity,
    corruptField,
    createTestMarket,
    LOT_FOOTPRINT,
    nowSecs,
    registerContentProvider,
    registerNode,
    registerSeller,
    type Sent,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

/** What a test bounty pays each seller. */
export const REWARD = 5_000_000n;
/** For so long a seller holds its capacity before it is paid. */
export const HOLD_SECS = 30;

/** A market with a content provider that offers bounties. */
export interface BountyMarket {
    readonly market: TestMarket;
    readonly contentProvider: TestParticipant;
}

export async function createBountyMarket(): Promise<BountyMarket> {
    const market = await createTestMarket();
    return { market, contentProvider: await registerContentProvider(market) };
}

/** Two payments of five tokens for 200 Mbit/s held for 30 s; ends in 100 s. */
export const bountyInput = (
    { market, contentProvider }: BountyMarket,
    overrides: Partial<CreateBountyInput> = {},
): CreateBountyInput => ({
    owner: contentProvider.owner.publicKey,
    nonce: 0n,
    mint: market.mint.address,
    footprint: LOT_FOOTPRINT,
    verifiedOnly: false,
    contractRequired: false,
    kilobitsPerSecond: 200_000n,
    holdSecs: HOLD_SECS,
    reward: REWARD,
    maxPayments: 2,
    expiresAt: nowSecs(market) + 100n,
    ...overrides,
});

export async function createBounty(
    of: BountyMarket,
    overrides: Partial<CreateBountyInput> = {},
): Promise<WithAddress<Bounty>> {
    const { market, contentProvider } = of;
    const wanted = bountyInput(of, overrides);
    await send(market, await getCreateBountyInstructions(wanted), [contentProvider.owner]);
    return readBounty(of, findBountyAddress({ contentProvider: contentProvider.address, nonce: wanted.nonce }));
}

export async function readBounty({ market }: BountyMarket, address: PublicKey): Promise<WithAddress<Bounty>> {
    const bounty = await fetchBounty(market.connection, address);
    if (bounty === null) throw new Error('no bounty');
    return bounty;
}

export interface Holder {
    readonly seller: TestParticipant;
    readonly claim: WithAddress<CapacityClaim>;
}

/** A seller that claims 500 Mbit/s for the footprint. */
export async function createHolder(
    { market }: BountyMarket,
    name = 'seller',
    overrides: Partial<Parameters<typeof claimCapacity>[1]> = {},
): Promise<Holder> {
    const seller = await registerSeller(market, { name });
    const node = await registerNode(market, seller);
    return { seller, claim: await claimCapacity(market, { seller, node, ...overrides }) };
}

export const buildClaim = (bounty: WithAddress<Bounty>, { seller, claim }: Holder, contract?: PublicKey) =>
    getClaimBountyInstructions({
        owner: seller.owner.publicKey,
        bounty,
        claim,
        ...(contract === undefined ? {} : { contract }),
    });

export async function claimBounty(
    { market }: BountyMarket,
    bounty: WithAddress<Bounty>,
    holder: Holder,
    contract?: PublicKey,
): Promise<Sent> {
    return send(market, await buildClaim(bounty, holder, contract), [holder.seller.owner]);
}

export const corruptParticipant = (
    { market }: BountyMarket,
    address: PublicKey,
    field: string,
    bytes: Uint8Array,
): Promise<void> => corruptField(market, { program: 'registry', account: 'Participant', address, field, bytes });

export const corruptClaim = (
    { market }: BountyMarket,
    address: PublicKey,
    field: string,
    bytes: Uint8Array,
): Promise<void> => corruptField(market, { program: 'market', account: 'CapacityClaim', address, field, bytes });
