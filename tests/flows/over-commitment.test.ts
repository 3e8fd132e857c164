import {
    type Contract,
    describeProgramError,
    fetchClaims,
    fetchNode,
    fetchOffer,
    getAcceptOfferInstructions,
    getBeginClosingInstructions,
    getCancelContractInstructions,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    acceptInput,
    claimCapacity,
    createTestMarket,
    fundContract,
    nowSecs,
    postOffer,
    readContract,
    registerContentProvider,
    registerNode,
    registerSeller,
    send,
    travelTo,
    verifyEgress,
} from '../support/index.js';

/** What the node claims, and what a bandwidth proof has measured of it. */
const CLAIMED = 1_000_000n;
const VERIFIED = 700_000n;
const CLAIM_RATES = [500_000n, 500_000n, 400_000n] as const;

/** Refusals that keep capacity from being sold twice; any other is a fault of the test. */
const CAPACITY_REFUSALS = ['NodeOvercommitted', 'VerifiedRateExceeded', 'ClaimExhausted', 'OfferExhausted'];

/** One node with three claims that overlap, and five offers over them: more than twice what the node carries. */
async function createScarceNode() {
    const market = await createTestMarket();
    const seller = await registerSeller(market);
    const contentProvider = await registerContentProvider(market);
    const node = await registerNode(market, seller, { claimEgressKilobitsPerSecond: CLAIMED });
    const expiresAt = nowSecs(market) + 10_000n;
    await verifyEgress(market, node.address, { kilobitsPerSecond: VERIFIED, expiresAt });
    const claims: PublicKey[] = [];
    for (const [index, kilobitsPerSecond] of CLAIM_RATES.entries()) {
        claims.push((await claimCapacity(market, { seller, node, index, kilobitsPerSecond })).address);
    }
    const bundles = [[0], [1], [2], [0, 1], [1, 2]];
    const offers = [];
    for (const [index, bundle] of bundles.entries()) {
        const chosen = bundle.map((place) => claims[place]!);
        offers.push(await postOffer(market, seller, { claims: chosen, index, totalKilobitsPerSecond: 400_000n }));
    }
    return { market, contentProvider, node, claims, offers };
}

type Scene = Awaited<ReturnType<typeof createScarceNode>>;

const buying = fc.record({
    action: fc.constant('accept' as const),
    offer: fc.nat({ max: 4 }),
    rate: fc.bigInt(1_000n, 400_000n),
    verifiedOnly: fc.boolean(),
    funded: fc.boolean(),
});
const ending = fc.record({ action: fc.constantFrom('cancel' as const, 'close' as const), place: fc.nat({ max: 20 }) });
type Step =
    | (typeof buying extends fc.Arbitrary<infer T> ? T : never)
    | (typeof ending extends fc.Arbitrary<infer T> ? T : never);

/** A contract that still holds capacity, with what its buyer had asked for. */
interface Held {
    readonly contract: WithAddress<Contract>;
    readonly verifiedOnly: boolean;
}

/** Buys; whether the node had room is the program's to say. */
async function accept(scene: Scene, held: Held[], step: Extract<Step, { action: 'accept' }>): Promise<void> {
    const { market, contentProvider, offers } = scene;
    const offer = offers[step.offer]!;
    const half = step.rate / 2n;
    const claimShares = offer.claims.length === 1 ? [step.rate] : [half, step.rate - half];
    const input = await acceptInput(market, contentProvider, offer, {
        committedKilobitsPerSecond: step.rate,
        capKilobitsPerSecond: step.rate,
        claimShares,
        verifiedOnly: step.verifiedOnly,
    });
    const before = (await fetchNode(market.connection, scene.node.address))!.committedKilobitsPerSecond;
    try {
        const { events } = await send(market, await getAcceptOfferInstructions(input), [contentProvider.owner]);
        const proposed = events.find(({ name }) => name === 'ContractProposed')!;
        const address = (proposed.data as { contract: WithAddress<Contract>['address'] }).contract;
        let contract = await readContract(market, { address });
        if (step.funded) contract = await fundContract(market, contentProvider, contract, 1_000_000n);
        held.push({ contract, verifiedOnly: step.verifiedOnly });
        expect(before + step.rate).toBeLessThanOrEqual(step.verifiedOnly ? VERIFIED : CLAIMED);
    } catch (error) {
        const name = describeProgramError(error)?.name;
        if (name === undefined || !CAPACITY_REFUSALS.includes(name)) throw error;
    }
}

/** Ends one contract: a proposed one is cancelled, an active one closed after its time. */
async function end(scene: Scene, held: Held[], step: Extract<Step, { place: number }>): Promise<void> {
    const { market, contentProvider } = scene;
    const place = held.length === 0 ? -1 : step.place % held.length;
    const contract = held[place]?.contract;
    if (contract === undefined) return;
    const claims = await fetchClaims(market.connection, contract.claims);
    if (contract.state === 'proposed') {
        const authority = contentProvider.owner;
        const input = { authority: authority.publicKey, contract, claims };
        await send(market, await getCancelContractInstructions(input), [authority]);
    } else {
        const endsAt = contract.genesisAt + BigInt(contract.epochCount * contract.epochLengthSecs);
        if (nowSecs(market) < endsAt) {
            if (step.action === 'cancel') return;
            travelTo(market, endsAt);
        }
        await send(market, await getBeginClosingInstructions({ contract, claims }));
    }
    held.splice(place, 1);
}

/** What node, claims and offers say is bound is exactly what the contracts that run hold. */
async function expectBooksToAgree({ market, node, claims, offers }: Scene, held: readonly Held[]): Promise<void> {
    const sum = (rates: readonly bigint[]) => rates.reduce((total, rate) => total + rate, 0n);
    const bound = (await fetchNode(market.connection, node.address))!.committedKilobitsPerSecond;
    expect(bound).toBe(sum(held.map(({ contract }) => contract.committedKilobitsPerSecond)));
    expect(bound).toBeLessThanOrEqual(CLAIMED);
    for (const [place, claim] of (await fetchClaims(market.connection, claims)).entries()) {
        const shares = held.flatMap(({ contract }) =>
            contract.claims.map((address, at) => (address.equals(claim.address) ? contract.claimShares[at]! : 0n)),
        );
        expect(claim.committedKilobitsPerSecond).toBe(sum(shares));
        expect(claim.committedKilobitsPerSecond).toBeLessThanOrEqual(CLAIM_RATES[place]!);
    }
    for (const { address } of offers) {
        const sold = held.filter(({ contract }) => contract.offer.equals(address));
        const left = (await fetchOffer(market.connection, address))!.remainingKilobitsPerSecond;
        expect(left + sum(sold.map(({ contract }) => contract.committedKilobitsPerSecond))).toBe(400_000n);
    }
}

describe('a node with several claims and offers', () => {
    it('is never sold beyond what it claims, nor to those who ask for proof beyond what was measured', async () => {
        const steps = fc.array(fc.oneof({ weight: 3, arbitrary: buying }, { weight: 2, arbitrary: ending }), {
            minLength: 10,
            maxLength: 25,
        });
        await fc.assert(
            fc.asyncProperty(steps, async (sequence: readonly Step[]) => {
                const scene = await createScarceNode();
                const held: Held[] = [];
                for (const step of sequence) {
                    if (step.action === 'accept') await accept(scene, held, step);
                    else await end(scene, held, step);
                    await expectBooksToAgree(scene, held);
                }
            }),
            { numRuns: 12 },
        );
    }, 120_000);
});
