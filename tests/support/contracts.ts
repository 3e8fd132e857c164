import {
    type AcceptOfferInput,
    type CapacityClaim,
    type ClaimCapacityInput,
    type Contract,
    fetchCapacityClaim,
    fetchClaims,
    fetchContract,
    fetchOffer,
    findCapacityClaimAddress,
    findContractAddress,
    findOfferAddress,
    getAcceptOfferInstructions,
    getBondContractInstructions,
    getClaimCapacityInstructions,
    getFundContractInstructions,
    getPostOfferInstructions,
    getReleaseBondInstructions,
    type Node,
    type Offer,
    type PostOfferInput,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { nowSecs, testKeypair } from './cluster.js';
import { corruptField, u64Bytes } from './corrupt.js';
import { createTestMarket, type TestMarket } from './market.js';
import {
    readParticipant,
    registerContentProvider,
    registerNode,
    registerSeller,
    type TestParticipant,
} from './participants.js';
import { REAL_RPC_URL } from './real-cluster.js';
import { type Sent, send } from './send.js';

const YEAR_SECS = 365n * 86_400n;
/** A real clock goes on while a test prepares its contract. */
const GENESIS_LEAD_SECS = REAL_RPC_URL ? 60n : 5n;

/** Availability below 99 % costs 10 %, below 95 % 60 %; errors above 1 % cost 5 %; at most 70 %. */
export const TEST_SLA = {
    quorum: 3,
    maxPenaltyBasisPoints: 7_000,
    severeBasisPoints: 5_000,
    slashBasisPoints: 1_000,
    tiers: [
        { metric: 0, threshold: 990_000, basisPoints: 1_000 },
        { metric: 0, threshold: 950_000, basisPoints: 6_000 },
        { metric: 1, threshold: 10_000, basisPoints: 500 },
    ],
};

/** Claims 500 Mbit/s of a node for a documentation prefix, by either method, for a year. */
export async function claimCapacity(
    market: TestMarket,
    {
        seller,
        node,
        ...overrides
    }: { seller: TestParticipant; node: { address: PublicKey } } & Partial<Omit<ClaimCapacityInput, 'node'>>,
): Promise<WithAddress<CapacityClaim>> {
    const input: ClaimCapacityInput = {
        owner: seller.owner.publicKey,
        node: node.address,
        index: 0,
        footprint: { kind: 'ipv4cidr', value: '192.0.2.0/24' },
        direction: 'egress',
        kilobitsPerSecond: 500_000n,
        priceFloorPerGigabyte: 4_000n,
        validFrom: nowSecs(market),
        validUntil: nowSecs(market) + YEAR_SECS,
        deliveryMethods: ['unicast', 'multicast'],
        ...overrides,
    };
    await send(market, await getClaimCapacityInstructions(input), [seller.owner]);
    const address = findCapacityClaimAddress({ node: node.address, index: input.index });
    const claim = await fetchCapacityClaim(market.connection, address);
    if (claim === null) throw new Error('the capacity was not claimed');
    return claim;
}

/** Writes a bandwidth proof's result into a node, as if a panel had measured it. */
export async function verifyEgress(
    market: TestMarket,
    address: PublicKey,
    { kilobitsPerSecond, expiresAt }: { kilobitsPerSecond: bigint; expiresAt: bigint },
): Promise<void> {
    const rate = u64Bytes(kilobitsPerSecond);
    // kilobits, estimate, panel size, faults, verified at, expires at
    const bytes = Uint8Array.from([...rate, ...rate, 32, 8, ...u64Bytes(nowSecs(market)), ...u64Bytes(expiresAt)]);
    await corruptField(market, { program: 'registry', account: 'Node', address, field: 'verifiedEgress', bytes });
}

/** What `getPostOfferInstructions` gets unless a test says otherwise: 5 000 base units per gigabyte, epochs of 10 s. */
export function offerInput(
    market: TestMarket,
    seller: TestParticipant,
    overrides: Partial<PostOfferInput> & Pick<PostOfferInput, 'claims'>,
): PostOfferInput {
    return {
        owner: seller.owner.publicKey,
        index: 0,
        pricePerGigabyte: [5_000n, 6_000n, 7_000n],
        commitFeePerEpoch: 100n,
        minKilobitsPerSecond: 1_000n,
        maxKilobitsPerSecond: 400_000n,
        totalKilobitsPerSecond: 500_000n,
        minEpochs: 1,
        epochLengthSecs: 10,
        sla: TEST_SLA,
        splits: [
            { payee: seller.owner.publicKey, basisPoints: 7_000 },
            { payee: testKeypair('cast operator').publicKey, basisPoints: 2_500 },
            { payee: testKeypair('beacons').publicKey, basisPoints: 500 },
        ],
        expiresAt: nowSecs(market) + YEAR_SECS,
        deliveryMethods: ['unicast', 'multicast'],
        ...overrides,
    };
}

export async function postOffer(
    market: TestMarket,
    seller: TestParticipant,
    overrides: Partial<PostOfferInput> & Pick<PostOfferInput, 'claims'>,
): Promise<WithAddress<Offer>> {
    const input = offerInput(market, seller, overrides);
    await send(market, await getPostOfferInstructions(input), [seller.owner]);
    const address = findOfferAddress({ participant: seller.address, index: input.index });
    const offer = await fetchOffer(market.connection, address);
    if (offer === null) throw new Error('the offer was not posted');
    return offer;
}

export const testIssuer: Keypair = testKeypair('issuer');

/** What `getAcceptOfferInstructions` gets unless a test says otherwise: 100 Mbit/s on the first claim, 3 epochs. */
export async function acceptInput(
    market: TestMarket,
    contentProvider: TestParticipant,
    offer: WithAddress<Offer>,
    overrides: Partial<AcceptOfferInput> = {},
): Promise<AcceptOfferInput> {
    const committed = overrides.committedKilobitsPerSecond ?? 100_000n;
    return {
        contentProviderOwner: contentProvider.owner.publicKey,
        offer,
        claims: await fetchClaims(market.connection, offer.claims),
        nonce: (await readParticipant(market, contentProvider)).nextContractNonce,
        committedKilobitsPerSecond: committed,
        capKilobitsPerSecond: 200_000n,
        claimShares: offer.claims.map((_, place) => (place === 0 ? committed : 0n)),
        epochCount: 3,
        genesisAt: nowSecs(market) + GENESIS_LEAD_SECS,
        issuer: testIssuer.publicKey,
        tokenProgram: market.mint.tokenProgram,
        ...overrides,
    };
}

export async function acceptOffer(
    market: TestMarket,
    contentProvider: TestParticipant,
    offer: WithAddress<Offer>,
    overrides: Partial<AcceptOfferInput> = {},
): Promise<WithAddress<Contract>> {
    const input = await acceptInput(market, contentProvider, offer, overrides);
    await send(market, await getAcceptOfferInstructions(input), [contentProvider.owner]);
    const { nonce } = input;
    const addresses = { contentProvider: contentProvider.address, seller: offer.participant, nonce };
    return readContract(market, { address: findContractAddress(addresses) });
}

/** The contract as it stands. */
export async function readContract(
    market: TestMarket,
    { address }: { address: PublicKey },
): Promise<WithAddress<Contract>> {
    const contract = await fetchContract(market.connection, address);
    if (contract === null) throw new Error(`no contract at ${address.toBase58()}`);
    return contract;
}

/** Funds a contract with ten tokens and returns it as it stands then. */
export async function fundContract(
    market: TestMarket,
    contentProvider: TestParticipant,
    contract: WithAddress<Contract>,
    amount = 10_000_000n,
): Promise<WithAddress<Contract>> {
    const funder = contentProvider.owner;
    const instructions = await getFundContractInstructions({ funder: funder.publicKey, contract, amount });
    await send(market, instructions, [funder]);
    return readContract(market, contract);
}

/** Everything that a contract needs, and the contract. */
export interface TestTrade {
    readonly market: TestMarket;
    readonly seller: TestParticipant;
    readonly contentProvider: TestParticipant;
    readonly node: WithAddress<Node>;
    readonly claim: WithAddress<CapacityClaim>;
    readonly offer: WithAddress<Offer>;
}

/** Seller with node, claim and offer, and a content provider that has not bought yet. */
export async function createTestOffer(
    options: { market?: TestMarket; tokenProgram?: PublicKey; offer?: Partial<PostOfferInput> } = {},
): Promise<TestTrade> {
    const market = options.market ?? (await createTestMarket(options));
    const seller = await registerSeller(market);
    const contentProvider = await registerContentProvider(market);
    const node = await registerNode(market, seller);
    const claim = await claimCapacity(market, { seller, node });
    const offer = await postOffer(market, seller, { claims: [claim.address], ...options.offer });
    return { market, seller, contentProvider, node, claim, offer };
}

/** A proposed contract of three epochs of ten seconds that begins in five seconds. */
export async function createProposedContract(
    options: Parameters<typeof createTestOffer>[0] & { contract?: Partial<AcceptOfferInput> } = {},
): Promise<TestTrade & { readonly contract: WithAddress<Contract> }> {
    const trade = await createTestOffer(options);
    const contract = await acceptOffer(trade.market, trade.contentProvider, trade.offer, options.contract);
    return { ...trade, contract };
}

/** What `createActiveContract` binds unless a test says otherwise: more than all of its epochs can lock. */
export const TEST_BOND = 10_000_000n;

/** Binds the seller's free stake to a contract and returns it as it stands then. */
export async function bondContract(
    market: TestMarket,
    seller: TestParticipant,
    contract: WithAddress<Contract>,
    amount = TEST_BOND,
): Promise<WithAddress<Contract>> {
    const { owner } = seller;
    await send(market, await getBondContractInstructions({ owner: owner.publicKey, contract, amount }), [owner]);
    return readContract(market, contract);
}

/** Gives bond back to the seller's free stake; all that is free unless told. */
export async function releaseBond(
    { market, seller, contract }: TestTrade & { contract: WithAddress<Contract> },
    amount?: bigint,
    authority: Keypair = seller.owner,
): Promise<Sent> {
    const { bondFree } = await readContract(market, contract);
    const input = { authority: authority.publicKey, contract, amount: amount ?? bondFree };
    return send(market, await getReleaseBondInstructions(input), [authority]);
}

/** The same, funded with ten tokens, active, and backed by the seller's bond; `bond` 0 leaves it out. */
export async function createActiveContract(
    options: Parameters<typeof createProposedContract>[0] & { funding?: bigint; bond?: bigint } = {},
): Promise<TestTrade & { readonly contract: WithAddress<Contract> }> {
    const trade = await createProposedContract(options);
    const { market, seller, contentProvider } = trade;
    const contract = await fundContract(market, contentProvider, trade.contract, options.funding);
    if (options.bond === 0n) return { ...trade, contract };
    return { ...trade, contract: await bondContract(market, seller, contract, options.bond) };
}
