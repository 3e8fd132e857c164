import {
    buildRewardTree,
    type CreateRewardPoolInput,
    fetchRewardPool,
    findRewardPoolAddress,
    getActivateRewardRootInstructions,
    getClaimRewardInstructions,
    getCreateRewardPoolInstructions,
    getFundRewardPoolInstructions,
    getProposeRewardRootInstructions,
    type RewardPool,
    type RewardProof,
    type RewardTree,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { fundWallet, testKeypair, travel } from './cluster.js';
import { createTestMarket, type TestMarket } from './market.js';
import { registerSeller, type TestParticipant } from './participants.js';
import { type Sent, send } from './send.js';
import { mintTokens } from './tokens.js';

export const REWARD_BOND = 1_001n;
export const REWARD_DELAY_SECS = 60n;

/** A pool of a seller, with an aggregator that has SOL and 100 000 base units. */
export interface TestPool {
    readonly market: TestMarket;
    readonly creator: TestParticipant;
    readonly aggregator: Keypair;
    readonly pool: WithAddress<RewardPool>;
}

export function rewardMember(place: number): PublicKey {
    return testKeypair(`beacon ${place}`).publicKey;
}

/** The tree of members with these lifetime amounts. */
export function rewardTree(lifetimes: readonly bigint[], owners: readonly PublicKey[] = []): RewardTree {
    return buildRewardTree(
        lifetimes.map((lifetime, place) => ({ owner: (owners[place] ?? rewardMember(place)).toBytes(), lifetime })),
    );
}

/** The pool as it stands. */
export async function readPool(market: TestMarket, address: PublicKey): Promise<WithAddress<RewardPool>> {
    const pool = await fetchRewardPool(market.connection, address);
    if (pool === null) throw new Error(`no pool at ${address.toBase58()}`);
    return pool;
}

export async function createRewardPool(
    options: { tokenProgram?: PublicKey; funding?: bigint } & Partial<CreateRewardPoolInput> = {},
): Promise<TestPool> {
    const { funding = 10_000n, tokenProgram, ...overrides } = options;
    const market = await createTestMarket({ ...(tokenProgram && { tokenProgram }) });
    const creator = await registerSeller(market);
    const aggregator = testKeypair('aggregator');
    await fundWallet(market, aggregator);
    await mintTokens(market, { mint: market.mint, owner: aggregator.publicKey, amount: 100_000n });
    const input = {
        owner: creator.owner.publicKey,
        id: 7n,
        mint: market.mint.address,
        tokenProgram: market.mint.tokenProgram,
        aggregator: aggregator.publicKey,
        bond: REWARD_BOND,
        delaySecs: REWARD_DELAY_SECS,
        ...overrides,
    };
    await send(market, await getCreateRewardPoolInstructions(input), [creator.owner]);
    const pool = await readPool(market, findRewardPoolAddress({ creator: creator.address, id: input.id }));
    if (funding > 0n) {
        const fund = { funder: creator.owner.publicKey, pool, amount: funding };
        await send(market, await getFundRewardPoolInstructions(fund), [creator.owner]);
    }
    return { market, creator, aggregator, pool };
}

export async function proposeRoot({ market, aggregator, pool }: TestPool, tree: RewardTree): Promise<Sent> {
    const now = await readPool(market, pool.address);
    return send(market, await getProposeRewardRootInstructions({ pool: now, tree }), [aggregator]);
}

export async function activateRoot({ market, pool }: TestPool): Promise<Sent> {
    return send(market, await getActivateRewardRootInstructions({ pool }));
}

/** Proposes a root, waits and activates it. */
export async function putInForce(pool: TestPool, tree: RewardTree): Promise<Sent> {
    await proposeRoot(pool, tree);
    travel(pool.market, REWARD_DELAY_SECS);
    return activateRoot(pool);
}

/** Pays a member, cranked by nobody of the pool. */
export async function claimReward({ market, pool }: TestPool, proof: RewardProof): Promise<Sent> {
    const payer = market.deployer.publicKey;
    return send(market, await getClaimRewardInstructions({ payer, pool, proof }));
}
