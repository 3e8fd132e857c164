import { type CapacityClaim, type Contract, type Params, TREASURY_INDEX, type WithAddress } from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import {
    acceptOffer,
    bondContract,
    claimCapacity,
    createTaggedMarket,
    fundContract,
    fundWallet,
    mintTokens,
    nowSecs,
    postOffer,
    registerContentProvider,
    registerNode,
    registerSeller,
    TEST_PARAMS,
    TEST_SLA,
    type TestMarket,
    type TestParticipant,
    testIssuer,
    testKeypair,
} from '../support/index.js';

export { TREASURY_INDEX };

/** Of the suite, of a long campaign, and of one on a busy machine. */
const EPOCH_LENGTHS_SECS = [5, 12, 30];
const GRACE_SECS = 3;
/** Time for workers to start and for the router to see the contracts. */
const LEAD_SECS = 4n;
/** Commit and co-sign windows outlast every trouble, so that nothing but a defect can lose an epoch. */
const PARAMS: Params = {
    ...TEST_PARAMS,
    epochLengthsSecs: EPOCH_LENGTHS_SECS,
    commitDelaySecs: 1,
    commitWindowSecs: 600,
    cosignWindowSecs: 900,
    settleWindowSecs: 900,
    proveWindowSecs: 300,
    challengeWindowSecs: 200,
    challengeResponseSecs: 100,
    tokenGraceSecs: GRACE_SECS,
    seedDelaySlots: 32,
};
/** One base unit a byte: no byte that is missing or too many hides in a floor. */
const PRICE_PER_GIGABYTE = 1_000_000_000n;
const CAP_KILOBITS_PER_SECOND = 20_000n;
const COMMITTED_KILOBITS_PER_SECOND = 10_000n;
const TOKENS = 1_000_000_000_000n;
const FUNDING = 10_000_000_000n;
const SLOT_MS = 250;

export type Relay = { name: string; address: PublicKey; port: number; viewers: string };
export type CampaignMarket = Awaited<ReturnType<typeof openCampaignMarket>>;
type PortOf = (name: string) => number;
export type Terms = { contracts: number; epochs: number; epochSecs: number };

/** A chain whose clock goes on, one operator with CAST and two RELAYs, and contracts that follow one another. */
export async function openCampaignMarket(portOf: PortOf, terms: Terms) {
    const clock = { offsetMs: 0, stoppedAtMs: undefined as number | undefined };
    const nowMs = () => clock.stoppedAtMs ?? Date.now() + clock.offsetMs;
    const still = await createTaggedMarket({ params: PARAMS });
    clock.offsetMs = Number(nowSecs(still)) * 1_000 - Date.now();
    await still.cluster.close();
    const market = await createTaggedMarket({ params: PARAMS, clock: { now: nowMs, slotDurationMs: SLOT_MS } });
    const seller = await registerSeller(market, { stake: TOKENS });
    const contentProvider = await registerContentProvider(market, { tokens: TOKENS });
    const [crank, watcher] = [testKeypair('operator crank'), testKeypair('watcher')];
    for (const wallet of [crank, watcher, seller.hot, contentProvider.hot]) await fundWallet(market, wallet, 100n);
    await mintTokens(market, { mint: market.mint, owner: watcher.publicKey, amount: TOKENS });
    const nodes = await registerNodes(market, seller, portOf);
    const list = await sell({ market, seller, contentProvider, claims: nodes.claims, terms });
    return {
        market,
        seller,
        contentProvider,
        wallets: { crank, watcher, issuer: testIssuer } satisfies Record<string, Keypair>,
        cast: nodes.cast,
        relays: nodes.relays,
        contracts: list,
        clockMs: clock.offsetMs,
        nowMs,
        /** No slot comes any more, so that two readers see the same. */
        stopClock: () => {
            clock.stoppedAtMs = nowMs();
        },
    };
}

/** Nodes without a key of their own: their word on their health is taken unsigned. */
const NO_KEY = new Uint8Array(32);

async function registerNodes(market: TestMarket, seller: TestParticipant, portOf: PortOf) {
    const endpoint = (name: string) => ({ ip: '127.0.0.1', port: portOf(name) });
    const castEndpoints = [endpoint('cast'), endpoint('cast-cache')];
    const cast = await registerNode(market, seller, { role: 'cast', endpoints: castEndpoints, tlsSpki: NO_KEY });
    const relays: Relay[] = [];
    const claims: WithAddress<CapacityClaim>[] = [];
    for (const [place, name] of ['relay-a', 'relay-b'].entries()) {
        const node = await registerNode(market, seller, { endpoints: [endpoint(name)], tlsSpki: NO_KEY });
        // Loopback is a whole /8: each RELAY has viewers of its own prefix.
        const footprint = { kind: 'ipv4cidr', value: `127.${place + 1}.0.0/16` } as const;
        claims.push(await claimCapacity(market, { seller, node, footprint }));
        relays.push({ name, address: node.address, port: portOf(name), viewers: `127.${place + 1}.0` });
    }
    return { cast: cast.address, relays, claims };
}

type Sale = {
    market: TestMarket;
    seller: TestParticipant;
    contentProvider: TestParticipant;
    claims: readonly WithAddress<CapacityClaim>[];
    terms: Terms;
};

/** Each contract begins where the one before ends, so that it is delivered while the other is still being settled. */
async function sell({ market, seller, contentProvider, claims, terms }: Sale) {
    const { contracts, epochs, epochSecs } = terms;
    const offer = await postOffer(market, seller, {
        claims: claims.map(({ address }) => address),
        pricePerGigabyte: [PRICE_PER_GIGABYTE, PRICE_PER_GIGABYTE, 0n],
        commitFeePerEpoch: 0n,
        // Nodes that are killed all the time keep no promise of service, and what is due must follow from receipts alone.
        sla: { ...TEST_SLA, tiers: [] },
        epochLengthSecs: epochSecs,
    });
    const sold: WithAddress<Contract>[] = [];
    const firstAt = nowSecs(market) + LEAD_SECS;
    for (let place = 0; place < contracts; place += 1) {
        const proposed = await acceptOffer(market, contentProvider, offer, {
            committedKilobitsPerSecond: COMMITTED_KILOBITS_PER_SECOND,
            capKilobitsPerSecond: CAP_KILOBITS_PER_SECOND,
            claimShares: claims.map(() => COMMITTED_KILOBITS_PER_SECOND / BigInt(claims.length)),
            epochCount: epochs,
            genesisAt: firstAt + BigInt(place * epochs * epochSecs),
        });
        await fundContract(market, contentProvider, proposed, FUNDING);
        sold.push(await bondContract(market, seller, proposed, FUNDING));
    }
    return sold;
}
