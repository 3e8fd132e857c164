import type { SimulatedCluster } from '@ocm/cluster';
import { computeEpochBounds, fetchLeafChallenge, listDeliveryCommitments } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import {
    challengeLeaf,
    nowSecs,
    type ProvableCommitment,
    readContract,
    travel,
    travelTo,
} from '../../support/index.js';
import type { Random } from '../random.js';
import { startRpcFront } from '../rpc-front.js';
import { judgeRound, type RoundReport } from './judge.js';
import { type KillBudget, Victim } from './victim.js';
import { type CampaignWorld, createCampaignWorld, EPOCHS } from './world.js';

const POLL_MS = 60;
/** As long as the windows of commitment, proof and challenge. */
const STEP_SECS = 60;
/** Beyond the life of a blockhash: what was signed before can land no more. */
const LONG_PAUSE_SLOTS = 160;
/** More rearms than these would let a seed go for good, which is the protocol's answer to a dead operator and no loss of ours. */
const SAFE_REARMS = 1;

export type RoundInput = { random: Random; kills: KillBudget; timeoutMs: number };

/**
 * A whole contract, from the first commitment to the last account closed, under a committer that is killed again and
 * again. Time passes only when everything is done that can be done in it, so that nothing but a kill can lose an epoch.
 */
export async function runRound({ random, kills, timeoutMs }: RoundInput): Promise<RoundReport> {
    const world = await createCampaignWorld(random);
    const { cluster } = world.trade.market;
    const victimRef: { current?: Victim } = {};
    const front = await startRpcFront(cluster as SimulatedCluster, {
        onRequest: () => victimRef.current?.onRequest(),
        onSend: () => victimRef.current?.onSend() ?? 'pass',
        onSent: () => victimRef.current?.onSent(),
    });
    const victim = new Victim({ configPath: await world.writeConfig(front.url), random, kills });
    victimRef.current = victim;
    const driver = new Driver(world, victim, timeoutMs);
    victim.onDeath = () => {
        if (random.between(0, 5) === 0) driver.pauseLong();
    };
    try {
        victim.live();
        const challenges = await driver.drive(random);
        return await judgeRound(world, challenges);
    } finally {
        await victim.stop();
        await front.close();
        await world.dispose();
    }
}

class Driver {
    readonly #world: CampaignWorld;
    readonly #victim: Victim;
    readonly #timeoutMs: number;
    #rearms = 0;

    constructor(world: CampaignWorld, victim: Victim, timeoutMs: number) {
        this.#world = world;
        this.#victim = victim;
        this.#timeoutMs = timeoutMs;
    }

    pauseLong(): void {
        if (this.#rearms <= SAFE_REARMS) this.#world.trade.market.cluster.advanceSlots(LONG_PAUSE_SLOTS);
    }

    /** Returns how many challenges were made. */
    async drive(random: Random): Promise<number> {
        const { trade } = this.#world;
        const { market, contract } = trade;
        const half = EPOCHS / 2;
        const opensAt = (epoch: number) =>
            computeEpochBounds(contract, epoch).endsAt + BigInt(contract.commitDelaySecs);
        travelTo(market, opensAt(half - 1));
        await this.#until('the first epochs are proven', async () => (await this.#countProven()) >= half);
        await this.#challengeOne(random);
        if (nowSecs(market) < opensAt(EPOCHS - 1)) travel(market, STEP_SECS);
        await this.#until('the last epochs are proven', async () => (await this.#countProven()) >= EPOCHS);
        await this.#challengeOne(random);
        travel(market, STEP_SECS);
        await this.#until('all epochs are settled and paid out', async () => {
            const { settledCommitments, owed } = await readContract(market, contract);
            return settledCommitments >= EPOCHS && owed[0] === 0n;
        });
        travel(market, STEP_SECS + 1);
        await this.#until('all commitments are closed', async () => (await this.#list()).length === 0);
        return 2;
    }

    #list() {
        const { market, contract } = this.#world.trade;
        return listDeliveryCommitments(market.connection, { contract: contract.address });
    }

    /** Proven by now, or beyond: what is closed was settled. */
    async #countProven(): Promise<number> {
        const { market, contract } = this.#world.trade;
        const { settledCommitments } = await readContract(market, contract);
        const open = await this.#list();
        this.#rearms = Math.max(0, ...open.filter(({ state }) => state === 'committed').map(({ rearms }) => rearms));
        return settledCommitments + open.filter(({ state }) => state === 'proven').length;
    }

    /** A byte that nobody could choose, of what can still be asked for. */
    async #challengeOne(random: Random): Promise<void> {
        const { trade, challenger } = this.#world;
        const now = nowSecs(trade.market);
        const open = (await this.#list()).filter(
            ({ state, committedAt }) =>
                state === 'proven' && now < committedAt + BigInt(trade.contract.challengeWindowSecs),
        );
        const commitment = open[random.between(0, open.length - 1)];
        if (commitment === undefined) throw new Error('nothing is left to be challenged');
        const target = (commitment.totalBytes * BigInt(random.between(0, 999))) / 1_000n;
        const provable = { trade, commitment } as ProvableCommitment;
        const { address } = await challengeLeaf(provable, challenger, target);
        await this.#until('the challenge is answered and closed', () => this.#isGone(address));
    }

    async #isGone(challenge: PublicKey): Promise<boolean> {
        return (await fetchLeafChallenge(this.#world.trade.market.connection, challenge)) === null;
    }

    async #until(what: string, isDone: () => Promise<boolean>): Promise<void> {
        const deadline = Date.now() + this.#timeoutMs;
        while (!(await isDone())) {
            if (Date.now() > deadline)
                throw new Error(
                    `in ${this.#timeoutMs / 1_000} s not: ${what}; the committer told:\n${this.#victim.told}`,
                );
            // Slots go on, so that seeds come and blockhashes differ; not while a slow machine starts the next life, for what
            // was signed before would expire every time.
            if (this.#victim.isAwake) this.#world.trade.market.cluster.advanceSlots(3);
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
    }
}
