import {
    type Contract,
    type DeliveryCommitment,
    describeProgramError,
    fetchDeliveryCommitment,
    type LeafChallenge,
    type Participant,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import fc from 'fast-check';
import {
    createActiveContract,
    type FundedTrade,
    fundWallet,
    type Ledger,
    mintTokens,
    openTradeLedger,
    type ProvableCommitment,
    readChallenge,
    readContract,
    readParticipant,
    testKeypair,
    tokenBalance,
} from '../support/index.js';
import { ACTIONS, type Action, WEIGHTS } from './walk-actions.js';

/** A contract that can just be active: some of what it delivers is more than the escrow can pay. */
const FUNDING = 5_600n;
const EPOCHS = 60;

export interface Step {
    readonly action: Action;
    /** Chooses among commitments, challenges, payees, epochs. */
    readonly pick: number;
    /** Bytes, seconds or money, as the action wants. */
    readonly size: number;
}

/** All that the chain says of one contract at one moment. */
export interface Sight {
    readonly contract: WithAddress<Contract>;
    readonly seller: WithAddress<Participant>;
    /** As they stand, closed ones left out. */
    readonly commitments: readonly WithAddress<DeliveryCommitment>[];
    /** Those whose accounts are not closed. */
    readonly challenges: readonly WithAddress<LeafChallenge>[];
    readonly vaultBalance: bigint;
}

/** A contract, those who deal with it, and what they have done so far. */
export interface World {
    readonly trade: FundedTrade;
    readonly ledger: Ledger;
    readonly challenger: Keypair;
    readonly commitments: ProvableCommitment[];
    /** States of commitments, by address, as of the last look. */
    readonly states: Map<string, string>;
    readonly challenges: { of: ProvableCommitment; challenge: WithAddress<LeafChallenge> }[];
}

/** One step: what stood before it and what stands after it. */
export interface Outcome {
    readonly world: World;
    readonly step: Step;
    readonly before: Sight;
    readonly after: Sight;
}

async function createWorld(): Promise<World> {
    const trade = await createActiveContract({ funding: FUNDING, contract: { epochCount: EPOCHS } });
    const challenger = testKeypair('challenger');
    await fundWallet(trade.market, challenger);
    await mintTokens(trade.market, { mint: trade.market.mint, owner: challenger.publicKey, amount: 20_000_000n });
    const ledger = await openTradeLedger(trade, { challenger: challenger.publicKey });
    return { trade, ledger, challenger, commitments: [], states: new Map(), challenges: [] };
}

async function look({ trade, commitments, challenges }: World): Promise<Sight> {
    const { connection } = trade.market;
    const found = await Promise.all(
        commitments.map(({ commitment }) => fetchDeliveryCommitment(connection, commitment.address)),
    );
    return {
        contract: await readContract(trade.market, trade.contract),
        seller: await readParticipant(trade.market, trade.seller),
        commitments: found.filter((each) => each !== null),
        challenges: await Promise.all(challenges.map(({ challenge }) => readChallenge(trade, challenge.address))),
        vaultBalance: await tokenBalance(trade.market, trade.contract.vault),
    };
}

/** Does what a step says, as far as the programs let it. */
async function take(world: World, { action, pick, size }: Step): Promise<void> {
    try {
        await ACTIONS[action](world, pick, size);
    } catch (error) {
        if (describeProgramError(error) === null) throw error;
    }
}

const weighted = (Object.keys(ACTIONS) as Action[]).map((action) => ({
    weight: WEIGHTS[action],
    arbitrary: fc.constant(action),
}));
const steps = fc.array(
    fc.record({
        action: fc.oneof(...weighted),
        pick: fc.nat(1_000),
        size: fc.integer({ min: 1, max: 1_000 }),
    }),
    { minLength: 80, maxLength: 90 },
);

/**
 * Walks over the real programs at random, seeded, and shows each step with what stood before and after it. Returns the states in
 * which commitments were seen, and `challenge closed`, so that a property can tell that it has met what it speaks of.
 */
export async function walk(
    observe: (outcome: Outcome) => void | Promise<void>,
    { seed, runs = 3 }: { seed: number; runs?: number },
): Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    const property = fc.asyncProperty(steps, async (sequence) => {
        const world = await createWorld();
        let before = await look(world);
        for (const step of sequence) {
            await take(world, step);
            const after = await look(world);
            for (const { address, state } of after.commitments) {
                seen.add(state);
                world.states.set(address.toBase58(), state);
            }
            if (after.challenges.length < before.challenges.length) seen.add('challenge closed');
            await observe({ world, step, before, after });
            before = after;
        }
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    return seen;
}
